"""A standing plan: when waves begin by themselves, upon what, and whom they ask."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, PersonField, TermField, line
from guixin.desks.forms.price import day
from guixin.desks.forms.sample import number
from guixin.desks.lists import Lists
from guixin.listen import frames
from guixin.listen.building import LONGEST_NAME
from guixin.listen.happenings import NARROWS
from guixin.listen.models import By, Questionnaire, WavePlan
from guixin.listen.sampling import LARGEST
from guixin.organisation.models import Department, Person
from guixin.serve.models import Case, OpinionPoint, Term
from guixin.understand.models import ContactKind, Segment

Begins = WavePlan.Begins
_PLAIN = ("name", "name_en", "begins", "every_months", "next_on", "size", "by", "one_in", "remind_after_days")
_WHAT = ("questionnaire", "name", "name_en", "owner", "begins")
_FRAME = ("source", "segment", "which", "case_kinds", "department", "contact_kinds", "days")
_MONTHS = ("every_months", "next_on", *_FRAME, "size", "by")
_NARROWED = ("only_case_kinds", "only_contact_kinds", "only_category", "only_department", "only_segment")
_EVENT = (*_NARROWED, "one_in", "is_follow_up")
_HELD = [each for each in ContactKind.choices if each[0] in frames.HELD]


def _kinds(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, widget=forms.CheckboxSelectMultiple, required=False
    )


class WavePlanForm(ActForm):
    """`noun`: the plan, or none. `person` decides what is offered. Fields that its beginning does not ask for are not read."""

    questionnaire = forms.ChoiceField(label=_("Questionnaire"))
    name = line(_("Name of the plan"), required=True, max_length=LONGEST_NAME)
    name_en = line(_("English name"), max_length=LONGEST_NAME)
    owner = PersonField(label=_("Who answers for it"))
    begins = forms.ChoiceField(label=_("When it begins"), choices=Begins.choices)
    every_months = number(_("Every so many months"), 1, 24, initial=3)
    next_on = day(_("Day of the next wave"))
    source = forms.ChoiceField(label=_("Where they come from"), choices=frames.FROM, required=False)
    segment = forms.ChoiceField(label=_("Segment"), required=False)
    which = forms.ChoiceField(label=_("Which cases"), choices=frames.WHICH, required=False)
    case_kinds = _kinds(_("Only cases of these kinds"), Case.Kind.choices)
    department = forms.ChoiceField(label=_("Only cases a department had"), required=False)
    contact_kinds = _kinds(_("Only contacts of these kinds"), _HELD)
    days = number(
        _("Days back"),
        1,
        frames.LONGEST_DAYS,
        initial=90,
        help_text=_("Counted from the day the wave begins."),
    )
    size = number(
        _("How many are asked at most"), 1, LARGEST, help_text=_("Blank: everybody who may be asked.")
    )
    by = forms.ChoiceField(label=_("Strata: told apart by"), choices=By.choices, required=False)
    only_case_kinds = _kinds(_("Only cases of these kinds"), Case.Kind.choices)
    only_contact_kinds = _kinds(_("Only contacts of these kinds"), _HELD)
    only_category = TermField(Term.List.CATEGORY, label=_("Only cases of a category"), required=False)
    only_department = forms.ChoiceField(label=_("Only cases a department had"), required=False)
    only_segment = forms.ChoiceField(label=_("Only customers of a segment"), required=False)
    one_in = number(_("Ask one in so many"), 1, 1000, initial=1, help_text=_("1: everybody it happened to."))
    is_follow_up = forms.BooleanField(
        label=_("It is the follow-up of these cases, and is mailed when that is due"), required=False
    )
    remind_after_days = number(_("Remind once after so many days"), 1, 60, help_text=_("Blank: never."))
    places = forms.MultipleChoiceField(
        label=_("At places"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("The cards of these places lead to each new wave, instead of the one before."),
    )  # fmt: skip

    def __init__(self, *args: Any, person: Person, **kwargs: Any):
        self.person = person
        super().__init__(*args, **{"label_suffix": "", "auto_id": "plan-%s", **kwargs})

    def prepare(self) -> None:
        asked = Questionnaire.objects.visible_to(self.person).filter(
            withdrawn_at=None, versions__withdrawn_at=None, versions__isnull=False
        )
        offered = [
            (str(pk), name) for pk, name in asked.distinct().order_by("name").values_list("pk", "name")
        ]
        segments = list(
            Segment.objects.visible_to(self.person).published().order_by("name").values_list("code", "name")
        )
        codes = dict(Department.objects.values_list("pk", "code"))
        departments = [
            (codes.get(int(pk), "") if pk else "", words)
            for pk, words in Lists().departments(str(_("the whole firm")))
        ]
        if self.noun is not None:
            there = self.noun.questionnaire
            if str(there.pk) not in dict(offered):
                offered.append((str(there.pk), there.name))
            self.initial = self._said(self.noun)
        else:
            self.initial = {"owner": self.person.pk, "begins": Begins.CASE_CLOSED}
        language = get_language() or "zh-hans"
        places = [
            (each.code, each.shown_name(language))
            for each in OpinionPoint.objects.filter(is_active=True).order_by("name", "pk")
        ]
        terms = self.fields["only_category"].choices[1:]  # type: ignore[attr-defined]
        for name, choices in (
            ("questionnaire", [("", gettext("choose")), *offered]),
            ("segment", [("", gettext("choose")), *segments]),
            ("only_segment", [("", gettext("all customers")), *segments]),
            ("only_category", [("", gettext("all categories")), *terms]),
            ("department", departments),
            ("only_department", departments),
            ("places", places),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        if not places:
            del self.fields["places"]

    @staticmethod
    def _said(plan: WavePlan) -> dict[str, Any]:
        said = {name: getattr(plan, name) for name in (*_PLAIN, "is_follow_up", "places")}
        said |= {"questionnaire": str(plan.questionnaire_id), "owner": plan.owner_id}
        frame, only = plan.frame, plan.only
        said |= {name: frame[name] for name in ("segment", "which", "department", "days") if name in frame}
        said["source"] = frame.get("from", "")
        said["case_kinds" if frame.get("from") == frames.CASES else "contact_kinds"] = frame.get("kinds", [])
        said |= {f"only_{name}": value for name, value in only.items() if name != "kinds"}
        kinds = "only_case_kinds" if plan.begins == Begins.CASE_CLOSED else "only_contact_kinds"
        return said | {kinds: only.get("kinds", [])}

    def clean_questionnaire(self) -> Questionnaire:
        return Questionnaire.objects.get(pk=self.cleaned_data["questionnaire"])

    def said(self) -> dict[str, Any]:
        """As `standing.keep` takes it."""
        given = self.cleaned_data
        said = {name: given[name] for name in (*_PLAIN, "questionnaire", "owner", "is_follow_up")}
        said |= {name: given[name] for name in ("places",) if name in given}
        said |= {"one_in": given["one_in"] or 1, "every_months": given["every_months"] or 3}
        if given["begins"] == Begins.MONTHS:
            kinds = given["case_kinds"] if given["source"] == frames.CASES else given["contact_kinds"]
            frame = {name: given[name] for name in ("segment", "which", "department", "days")}
            return said | {"is_follow_up": False, "frame": {**frame, "from": given["source"], "kinds": kinds}}
        of = "case" if given["begins"] == Begins.CASE_CLOSED else "contact"
        only = {"kinds": given[f"only_{of}_kinds"]} | {
            name: given[f"only_{name}"] for name in ("category", "department", "segment")
        }
        narrowed = {name: only[name] for name in NARROWS[given["begins"]]}
        is_follow_up = said["is_follow_up"] and given["begins"] == Begins.CASE_CLOSED
        return said | {"only": narrowed, "is_follow_up": is_follow_up}

    @property
    def what(self) -> list[forms.BoundField]:
        return [self[name] for name in _WHAT]

    @property
    def whom(self) -> list[forms.BoundField]:
        named = (*_MONTHS, *_EVENT, "remind_after_days", "places")
        return [self[name] for name in named if name in self.fields]
