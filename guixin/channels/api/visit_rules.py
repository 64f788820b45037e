"""The rules by which visitors are received."""

from typing import Any

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Input, Text, Word
from guixin.channels.api.door import Needs, by, now_of
from guixin.channels.api.visits import reading
from guixin.organisation.models import Scopes
from guixin.serve.models import VisitRules
from guixin.serve.visit_rules import publish, read, rules_in_force
from guixin.serve.visit_trial import try_on_the_last_quarter
from guixin.web import money

router = Router(tags=["visits"], auth=Needs(Scopes.CASES_WRITE))
setting_up = Needs(Scopes.ORGANISATION_WRITE, administrators=True)


class VisitRulesGiven(Input):
    """As in the section `visits` of a firm file, the sums written in the currency."""

    purposes: list[dict[str, str]] = Field(min_length=1, max_length=50)
    grades: list[dict[str, str]] = Field(min_length=1, max_length=20)
    rules: list[dict[str, str | int | list[str]]] = Field([], max_length=100)
    most_people: int = Field(30, ge=1, le=500)
    days_ahead: int = Field(2, ge=0, le=90)
    currency: Word = ""
    places: list[Word] = Field([], max_length=50)
    safety: Text = ""
    safety_en: Text = ""
    survey: Word = ""
    follow_ups: list[int] = Field([1, 3, 6], max_length=6, description="After so many months.")


class VisitPurposeShown(BaseModel):
    code: str
    name: str
    name_en: str


class VisitReceptionShown(VisitPurposeShown):
    host: str
    meal: str
    gift: str
    budget: str


class VisitProposingShown(BaseModel):
    purposes: list[str]
    customer_grades: list[str]
    people: int
    grade: str


class VisitRulesShown(BaseModel):
    number: int | None = Field(description="The version; none: the usual rules, until the firm says its own.")
    purposes: list[VisitPurposeShown]
    grades: list[VisitReceptionShown]
    rules: list[VisitProposingShown]
    most_people: int
    days_ahead: int
    currency: str
    places: list[str]
    safety: str
    safety_en: str
    survey: str
    follow_ups: list[int]


class VisitMove(BaseModel):
    was: str
    becomes: str
    visits: int


class VisitTrialShown(BaseModel):
    """`cost` and `would_cost`: what the receptions might have cost, as they were graded and as they would be."""

    visits: int
    changed: int
    moves: list[VisitMove]
    decided: int
    currency: str
    cost: str
    would_cost: str
    too_many: int
    too_soon: int
    unknown: int


def _said(given: VisitRulesGiven) -> dict[str, Any]:
    return {name: value for name, value in given.model_dump().items() if value not in ("", [])}


@router.get("/visit-rules", response=VisitRulesShown, auth=reading, summary="How visitors are received")
def rules(request: HttpRequest):
    """Purposes, grades with what each may cost, and which grade is proposed when."""
    there = rules_in_force()
    row = VisitRules.objects.filter(pk=there.pk).first() if there.pk else None
    said = {
        name: getattr(there, name)
        for name in VisitRulesShown.model_fields
        if name not in ("number", "grades")
    }
    said |= {name: [vars(each) for each in said[name]] for name in ("purposes", "rules")}
    grades = [vars(each) | {"budget": money.written(each.budget, there.currency)} for each in there.grades]
    return said | {"grades": grades, "number": row.number if row else None}


@router.put(
    "/visit-rules", response=VisitRulesShown, auth=setting_up, summary="Say how visitors are received"
)
def keep_rules(request: HttpRequest, given: VisitRulesGiven):
    """The next version of the whole; visits keep the one they were graded by."""
    publish(_said(given), by=by(request), now=now_of(request))
    return rules(request)


@router.post(
    "/visit-rules/trial", response=VisitTrialShown, auth=setting_up, summary="Try rules on the last quarter"
)
def try_rules(request: HttpRequest, given: VisitRulesGiven):
    """How the visits applied for in the last 92 days would have been received; nothing is changed."""
    trial = try_on_the_last_quarter(read(_said(given)), by=by(request), now=now_of(request))
    plain = ("visits", "changed", "decided", "too_many", "too_soon", "unknown", "currency")
    return {name: getattr(trial, name) for name in plain} | {
        "cost": money.written(trial.cost, trial.currency),
        "would_cost": money.written(trial.would_cost, trial.currency),
        "moves": [{"was": was, "becomes": new, "visits": n} for (was, new), n in trial.moves.most_common()],
    }
