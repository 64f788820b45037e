"""Forms of the hard-problem channel."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, PersonField, line, text
from guixin.organisation.models import Skill
from guixin.serve.asking_experts import known_answers, skills_with_experts


class SkillField(forms.ChoiceField):
    """Cleans to a Skill, or None. The choices come when the form is shown."""

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.nothing: Any = _("Please choose")

    def fill(self, nothing: Any = "") -> None:
        language = get_language() or "zh-hans"
        found = skills_with_experts()
        self.choices = [
            ("", nothing or self.nothing),
            *((each.code, each.shown_name(language)) for each in found),
        ]

    def clean(self, value: Any) -> Skill | None:
        code = super().clean(value)
        return Skill.objects.get(code=code) if code else None


class AskExpertForm(ActForm):
    skill = SkillField(
        label=_("Which field is it?"), help_text=_("It goes to the expert of this field who has least to do.")
    )
    question = text(
        _("What do you want to know?"), rows=4, help_text=_("What was tried, what was seen, what is unclear.")
    )

    def prepare(self) -> None:
        self.fields["skill"].fill()  # type: ignore[attr-defined]
        self.known_answers = known_answers(self.noun)
        self.spare_address = f"/cases/{self.noun.number}/spared-expert"


class ConcludeForm(ActForm):
    cause = text(_("What it comes from"), rows=2)
    remedy = text(_("What to do"), rows=3)
    tell_customer = text(_("What the customer is told"), rows=3)


class PassOnForm(ActForm):
    skill = SkillField(label=_("To another field"), required=False)
    expert = PersonField(label=_("Or to somebody in particular"), required=False)

    def prepare(self) -> None:
        self.fields["skill"].fill(_("The same field"))  # type: ignore[attr-defined]


class KeepForm(ActForm):
    title = line(_("Under which title"), required=True)
    became = forms.ChoiceField(
        label=_("As what"),
        choices=[
            ("lesson", _("A lesson: what failed, and what to do instead")),
            ("article", _("An article")),
        ],
        widget=forms.RadioSelect,
        initial="lesson",
    )

    def prepare(self) -> None:
        self.fields["title"].initial = self.noun.case.subject
