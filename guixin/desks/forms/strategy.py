"""The forms of a strategy: a step, evidence, a task, what was learnt."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import PersonField, line, text
from guixin.desks.lists import Lists
from guixin.promise.models import StrategyStep


class DayField(forms.DateField):
    """Cleans to the end of the working day, six in the evening where the firm is."""

    def __init__(self, **kwargs: Any):
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def clean(self, value: Any) -> datetime | None:
        day = super().clean(value)
        return datetime.combine(day, time(18), tzinfo=timezone.get_default_timezone()) if day else None


class StrategyForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        if "owner" in self.fields:
            field = self.fields["owner"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = _people()


def _people() -> list[tuple[str, str]]:
    return Lists().people


class StepForm(StrategyForm):
    words = text(_("What came of it"), rows=5)
    owner = PersonField(label=_("Responsible"))
    due_at = DayField(label=_("Done by"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, step: StrategyStep) -> "StepForm":
        due = timezone.localtime(step.due_at).date() if step.due_at else None
        initial = {"words": step.words, "owner": step.owner_id, "due_at": due, "version": step.version}
        return cls(prefix=step.kind, initial=initial)


class TaskForm(StrategyForm):
    what = line(_("What is to be done"), required=True, max_length=1000)
    owner = PersonField(label=_("Responsible"))
    due_at = DayField(label=_("Done by"))


class EvidenceForm(StrategyForm):
    words = line(_("What it shows"), required=True)
    address = line(
        _("Page"), max_length=500, help_text=_("The address of a page of ours, such as /packages/kept.")
    )


class LearntForm(StrategyForm):
    learnt = text(_("What was learnt"), rows=5)


class OutcomeForm(StrategyForm):
    outcome = line(_("What came of it"), max_length=2000)
