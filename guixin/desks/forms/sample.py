"""Who is asked by a wave: where people come from, how many, told apart by what, in which words; and the firm's rules of asking."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, text
from guixin.desks.forms.base import line as one_line
from guixin.desks.forms.price import day
from guixin.desks.lists import Lists
from guixin.listen import frames
from guixin.listen.asking import LONGEST_QUIET
from guixin.listen.mail_words import GAPS, LONGEST_SUBJECT, WORDS
from guixin.listen.models import Allocation, By, Sample, Way, asking_rules
from guixin.listen.sampling import LARGEST, Plan
from guixin.organisation.models import Department, Person
from guixin.serve.models import Case
from guixin.understand.models import ContactKind, Segment

_WHERE = ("source", "segment", "which", "case_kinds", "department", "contact_kinds", "days", "since", "until")
_HOW = ("way", "size", "by", "allocation", "quotas", "expected_rate", "asks_open_complaints")
_MAIL = ("remind_after_days", "valid_days", *WORDS)


def number(label: Any, low: int, high: int, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=low, max_value=high, **{"required": False, **kwargs})


class SampleForm(ActForm):
    """`noun`: the plan there is, or none. `person` decides which segments and departments are offered."""

    source = forms.ChoiceField(label=_("Where they come from"), choices=frames.FROM)
    segment = forms.ChoiceField(label=_("Segment"), required=False)
    which = forms.ChoiceField(label=_("Which cases"), choices=frames.WHICH, required=False)
    case_kinds = forms.MultipleChoiceField(
        label=_("Only cases of these kinds"),
        choices=Case.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    department = forms.ChoiceField(label=_("Only cases a department had"), required=False)
    contact_kinds = forms.MultipleChoiceField(
        label=_("Only contacts of these kinds"), choices=[each for each in ContactKind.choices if each[0] in frames.HELD],
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    days = number(_("Days back"), 1, frames.LONGEST_DAYS, initial=30)
    since = day(_("Bought from"))
    until = day(_("Bought until"))
    way = forms.ChoiceField(label=_("How they are asked"), choices=Way.choices)
    size = number(
        _("How many are asked at most"), 1, LARGEST, help_text=_("Blank: everybody who may be asked.")
    )
    by = forms.ChoiceField(label=_("Strata: told apart by"), choices=By.choices, required=False)
    allocation = forms.ChoiceField(label=_("Of each stratum"), choices=Allocation.choices, required=False)
    quotas = text(
        _("Quotas"), rows=3,
        help_text=_("A stratum and how many answers are enough, one on each line: A 30. Whoever has the link may still answer."),
    )  # fmt: skip
    expected_rate = number(
        _("Per cent who will answer"),
        1,
        100,
        help_text=_("Blank: as in earlier waves of this questionnaire, else 25."),
    )
    asks_open_complaints = forms.BooleanField(
        label=_("Ask customers of an open complaint even if they were asked lately"), required=False
    )
    remind_after_days = number(_("Remind once after so many days"), 1, 60, help_text=_("Blank: never."))
    valid_days = number(
        _("Links are good for so many days"), 1, 366, help_text=_("Blank: as long as the wave runs.")
    )
    subject = one_line(_("Subject"), max_length=LONGEST_SUBJECT)
    subject_en = one_line(_("Subject in English"), max_length=LONGEST_SUBJECT)
    body = text(_("Mail"), rows=6)
    body_en = text(_("Mail in English"), rows=6)

    def __init__(self, *args: Any, person: Person, is_anonymous: bool, **kwargs: Any):
        self.person, self.is_anonymous = person, is_anonymous
        super().__init__(*args, **{"label_suffix": "", "auto_id": "sample-%s", **kwargs})

    def prepare(self) -> None:
        segments = Segment.objects.visible_to(self.person).published()
        self._choose("segment", [("", gettext("choose")), *segments.values_list("code", "name")])
        codes = dict(Department.objects.values_list("pk", "code"))
        offered = Lists().departments(str(_("the whole firm")))
        self._choose("department", [(codes.get(int(pk), "") if pk else "", words) for pk, words in offered])
        if self.is_anonymous:
            del self.fields["remind_after_days"]
            self._choose("way", [each for each in Way.choices if each[0] == Way.EMAIL])
        if self.noun is not None:
            self.initial = self._said(self.noun)

    def _choose(self, name: str, choices: list) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @staticmethod
    def _said(sample: Sample) -> dict[str, Any]:
        frame = sample.frame
        said = {
            name: getattr(sample, name)
            for name in (*_HOW, "remind_after_days", "valid_days")
            if name != "quotas"
        }
        said |= {
            name: frame[name]
            for name in ("segment", "which", "department", "days", "since", "until")
            if name in frame
        }
        kinds = {frames.CASES: "case_kinds", frames.CONTACTS: "contact_kinds"}.get(frame["from"])
        if kinds:
            said[kinds] = frame["kinds"]
        quotas = "\n".join(f"{stratum} {wanted}" for stratum, wanted in sample.quotas.items())
        return said | {"source": frame["from"], "quotas": quotas} | sample.words

    def clean_quotas(self) -> dict[str, int]:
        quotas: dict[str, int] = {}
        for written in self.cleaned_data["quotas"].splitlines():
            if not written.strip():
                continue
            found = re.fullmatch(r"\s*(\S.*?)[\s:=：]+(\d{1,7})\s*", written)
            if found is None:
                raise forms.ValidationError(gettext("Write a stratum and a number: A 30."))
            quotas[found[1]] = int(found[2])
        return quotas

    def plan(self) -> Plan:
        said = self.cleaned_data
        frame = {name: said[name] for name in ("segment", "which", "department", "days", "since", "until")}
        kinds = said["case_kinds"] if said["source"] == frames.CASES else said["contact_kinds"]
        return Plan(
            frame={**frame, "from": said["source"], "kinds": kinds},
            way=said["way"], size=said["size"], by=said["by"], allocation=said["allocation"] or Allocation.PROPORTIONAL,
            quotas=said["quotas"], expected_rate=said["expected_rate"], asks_open_complaints=said["asks_open_complaints"],
            remind_after_days=said.get("remind_after_days"), valid_days=said["valid_days"],
            words={name: said[name] for name in WORDS},
        )  # fmt: skip

    @property
    def where(self) -> list[forms.BoundField]:
        return self._some(_WHERE)

    @property
    def how(self) -> list[forms.BoundField]:
        return self._some(_HOW)

    @property
    def mail(self) -> list[forms.BoundField]:
        return self._some(_MAIL)

    def _some(self, names: tuple[str, ...]) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    @property
    def mail_has_errors(self) -> bool:
        return any(field.errors for field in self.mail)

    @property
    def gaps(self) -> list[tuple[str, Any]]:
        return [(f"{{{name}}}", words) for name, words in GAPS.items()]


class AskingRulesForm(forms.Form):
    """How seldom anybody is asked, and when no mail leaves."""

    quiet_days = forms.IntegerField(
        label=_("Nobody is asked twice within so many days"), min_value=0, max_value=LONGEST_QUIET
    )
    quiet_from = forms.TimeField(
        label=_("No mail leaves from"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    quiet_to = forms.TimeField(
        label=_("until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        rules = asking_rules()
        said = {name: getattr(rules, name) for name in ("quiet_days", "quiet_from", "quiet_to")}
        super().__init__(*args, **{"label_suffix": "", "initial": said, **kwargs})
