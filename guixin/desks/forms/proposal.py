"""Forms for proposals and monthly statements."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from guixin.desks.authority_words import line_of
from guixin.desks.forms.authority import AmountForm
from guixin.desks.forms.base import ActForm, DepartmentField, instant, line, text
from guixin.organisation.in_force import matrix_in_force
from guixin.organisation.models import Calendar, Department, Grant
from guixin.promise import durations, stating
from guixin.promise.models import Proposal, Standard
from guixin.serve.models import RoutingRule
from guixin.web import money


class ProposalForm(ActForm):
    kind = forms.ChoiceField(label=_("What should change"), choices=Proposal.Kind.choices)
    standard = forms.ChoiceField(label=_("Which standard"), required=False)
    minutes = line(
        _("New time, if that is it"),
        max_length=20,
        help_text=_("For a standard, such as 20h or 30m of its working time."),
    )
    department = DepartmentField(
        label=_("Who answers for it"), nothing=_("The owner of the standard"), required=False
    )
    subject = line(_("In one line"))
    why = text(_("Why, and what it would do"), rows=4)

    def prepare(self) -> None:
        language = get_language() or "zh-hans"
        there = Standard.objects.filter(
            versions__withdrawn_at__isnull=True, versions__isnull=False
        ).distinct()
        self.fields["standard"].choices = [  # type: ignore[attr-defined]
            ("", gettext("none")),
            *((each.code, each.shown_name(language)) for each in there.order_by("code")),
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said["budget_minutes"] = None
        if written := (said.pop("minutes", "") or "").strip():
            try:
                said["budget_minutes"], _in_days = durations.read(written)
            except ValueError:
                self.add_error("minutes", gettext("Write for example 30m or 20h."))
        code = said.get("standard")
        said["standard"] = Standard.objects.filter(code=code).first() if code else None
        return said


class TrialForm(AmountForm):
    """Of what the proposal is about, what holds by itself for a while; left open, it is tried by hand."""

    from_at = instant(_("From"), required=False, help_text=_("Blank: from now on."))
    until = instant(_("Until"))
    department = DepartmentField(
        label=_("In which department"), nothing=_("None: it is tried by hand"), required=False,
        help_text=_("A new time of a standard holds there until the trial ends."),
    )  # fmt: skip
    calendar = forms.ChoiceField(label=_("By which calendar"), required=False)
    grant = forms.ChoiceField(label=_("Which line of the authority table"), required=False)
    limit = line(_("New limit for one decision"), help_text=_("Money, or hours of working time."))
    rule = forms.ChoiceField(label=_("Which routing rule"), required=False)
    departments = forms.MultipleChoiceField(
        label=_("To which departments; those the rule names keep their order"), widget=forms.CheckboxSelectMultiple,
        required=False,
    )  # fmt: skip
    afterwards = forms.MultipleChoiceField(
        label=_("Or in another order: to which only when all of those are done"), widget=forms.CheckboxSelectMultiple,
        required=False,
    )  # fmt: skip
    note = line(_("How it is tried"))

    def prepare(self) -> None:
        kind = self.noun.kind if self.noun is not None else ""
        if kind == Proposal.Kind.STANDARD and self.noun.budget_minutes is None:
            kind = Proposal.Kind.OTHER  # other words, another ladder: no time that could hold
        by_kind: dict[str, set[str]] = {
            Proposal.Kind.STANDARD: {"department"},
            Proposal.Kind.CALENDAR: {"department", "calendar"},
            Proposal.Kind.AUTHORITY: {"grant", "limit"},
            Proposal.Kind.RULE: {"rule", "departments", "afterwards"},
        }
        wanted = by_kind.get(kind, set())
        for name in ("department", "calendar", "grant", "limit", "rule", "departments", "afterwards"):
            if name not in wanted:
                del self.fields[name]
        nothing = ("", gettext("None: it is tried by hand"))
        if kind == Proposal.Kind.CALENDAR:
            self.fields["department"].help_text = ""
            known = Calendar.objects.order_by("code")
            self._choose("calendar", [nothing, *((each.code, str(each)) for each in known)])
        if kind == Proposal.Kind.AUTHORITY:
            lines = Grant.objects.filter(matrix=matrix_in_force(), unlimited=False).select_related(
                "position", "department"
            )
            shown = [line_of(each) for each in lines.order_by("decision", "pk")]
            words = [(each.grant.pk, f"{each.decision.name} · {each.who} · {each.each}") for each in shown]
            self._choose("grant", [nothing, *words])
        if kind == Proposal.Kind.RULE:
            rules = RoutingRule.objects.filter(withdrawn_at=None).order_by("position")
            self._choose("rule", [nothing, *((each.code, each.name) for each in rules)])
            boxes = self.lists.departments("")
            for name in ("departments", "afterwards"):
                self._choose(name, [(pk, words.strip()) for pk, words in boxes if pk])
        if not wanted:
            self.fields["note"].help_text = gettext(
                "No setting changes by itself: it is tried by hand, as you write here. You are reminded when it ends, and"
                " the answer says what was seen."
            )
        elif kind != Proposal.Kind.STANDARD:
            self.fields["note"].help_text = gettext(
                "What you chose holds by itself until the end, and drops back then if nobody has decided. For administrators."
            )

    def _choose(self, name: str, choices: list) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = {"department": None, "from_at": None, **(super().clean() or {})}
        chosen: dict[str, Any] = {}
        if code := said.pop("calendar", ""):
            chosen["calendar"] = Calendar.objects.get(code=code)
        if pk := said.pop("grant", ""):
            chosen["grant"] = grant = Grant.objects.get(pk=pk)
            try:
                chosen["limit"] = self.clean_amount_of(
                    grant.decision, said.get("limit") or "", grant.currency
                )
            except money.NotMoney as why:
                self.add_error("limit", str(why))
        said.pop("limit", None)
        if code := said.pop("rule", ""):
            chosen["rule"] = RoutingRule.objects.get(code=code, withdrawn_at=None)
        for name in ("departments", "afterwards"):
            ticked = said.pop(name, None) or []
            chosen[name] = list(Department.objects.filter(pk__in=ticked).order_by("path"))
        return said | {"chosen": chosen}


class AcceptanceForm(ActForm):
    answer = text(_("Your answer to who proposed it"), rows=3)
    result = line(
        _("Which new version came of it"),
        help_text=_("A proposed time is published by itself; for anything else, name it."),
    )


class AnswerForm(ActForm):
    answer = text(_("Your answer to who proposed it"), rows=3)


class NoWordsForm(ActForm):
    """Nothing but the button."""


class StatementForm(ActForm):
    nothing_to_change = forms.TypedChoiceField(
        label=_("This month"),
        choices=[("yes", _("Nothing needs to change")), ("no", _("These proposals say what should change"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    proposals = forms.MultipleChoiceField(
        label=_("Proposals of the department"), widget=forms.CheckboxSelectMultiple, required=False
    )
    words = text(_("Words, if any"), rows=2)

    def prepare(self) -> None:
        found = stating.proposals_of(self.noun) if self.noun else []
        if not found:
            del self.fields["proposals"]
            return
        self.fields["proposals"].choices = [(str(each.pk), each.subject) for each in found]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said["proposals"] = list(Proposal.objects.filter(pk__in=said.get("proposals", [])))
        return said
