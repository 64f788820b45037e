"""Service standards and routing rules: read, and published in new versions."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Input, Minutes, Said, Text, Word
from guixin.channels.api.case_acts import Step
from guixin.channels.api.cases import Severity
from guixin.channels.api.door import Needs, by, now_of
from guixin.channels.api.finding import NotThere, department_named, person_named
from guixin.organisation.models import Calendar, Scopes
from guixin.promise.models import Standard, StandardVersion
from guixin.promise.publishing import define, publish_terms, withdraw
from guixin.serve.models import RoutingRule
from guixin.serve.ruling import publish_rule

router = Router(tags=["standards"], auth=Needs(Scopes.STANDARDS_READ))
publishing = Needs(Scopes.STANDARDS_WRITE, administrators=True)


class TermsShown(BaseModel):
    number: int
    published_at: datetime
    for_kind: str
    for_category: str
    for_severity: int | None
    for_grade: str
    for_channel: str
    for_department_id: int | None
    only_in_packages: bool
    budget_minutes: int
    calendar_id: int | None
    pauses_for_customer: bool
    warn_percent: int | None
    ladder_minutes: list[int]
    repeat_minutes: int | None
    promise: str
    promise_en: str
    remedy: str
    remedy_en: str


class VersionShown(TermsShown):
    withdrawn_at: datetime | None
    reason: str
    proposed_by_id: int | None
    published_by_id: int | None
    review_on: date | None


class StandardShown(BaseModel):
    code: str
    measure: str
    name: str
    name_en: str
    in_force: TermsShown | None


class TermsGiven(Input):
    """The whole of the new terms; blank means any."""

    for_kind: Word = ""
    for_category: Word = ""
    for_severity: Severity | None = None
    for_grade: Word = ""
    for_channel: Word = ""
    for_department: Word | None = Field(None, description="Code.")
    only_in_packages: bool = False
    budget_minutes: int = Field(ge=1, le=5_256_000)
    calendar: Word | None = Field(None, description="Code; that of the department otherwise.")
    pauses_for_customer: bool = True
    warn_percent: int | None = Field(80, ge=1, le=99)
    ladder_minutes: list[Minutes] = Field(default=[], max_length=20)
    repeat_minutes: int | None = Field(1440, ge=1, le=5_256_000)
    promise: Text = ""
    promise_en: Text = ""
    remedy: Text = ""
    remedy_en: Text = ""


class VersionGiven(TermsGiven):
    """Besides the terms: why, by whose proposal (a login), and the day somebody looks at them again."""

    reason: Text = ""
    proposed_by: Word | None = None
    review_on: date | None = None


class StandardGiven(VersionGiven):
    """A new standard with its first terms. `owner`: code of the department that answers for it."""

    code: str = Field(pattern="^[a-z0-9-]{1,50}$")
    measure: Word
    name: Said
    name_en: Word = ""
    owner: Word | None = None


class RuleShown(BaseModel):
    code: str
    number: int
    name: str
    position: int
    published_at: datetime
    for_kind: str
    for_category: str
    for_product: str
    for_channel: str
    for_grade: str
    for_severity: int | None
    for_words: list[str]
    steps: list[dict[str, int | str]]


class RuleGiven(Input):
    name: Said
    position: int = Field(
        ge=0, le=1_000_000, description="Rules are tried in this order; the first that fits fires."
    )
    for_kind: Word = ""
    for_category: Word = ""
    for_product: Word = ""
    for_channel: Word = ""
    for_grade: Word = ""
    for_severity: Severity | None = None
    for_words: list[Word] = Field(default=[], max_length=100)
    steps: list[Step] = Field(min_length=1, max_length=20)


def _terms(version: StandardVersion) -> dict:
    return {name: getattr(version, name) for name in TermsShown.model_fields}


def _rule(rule: RoutingRule) -> dict:
    said = {name: getattr(rule, name) for name in RuleShown.model_fields if name != "steps"}
    return said | {
        "steps": [
            {"department": step.department.code, "stage": step.stage, "instruction": step.instruction}
            for step in rule.steps.select_related("department")
        ]
    }


@router.get("/standards", response=list[StandardShown], summary="Service standards in force")
def standards(request: HttpRequest):
    """A standard without terms in force promises nothing."""
    in_force = {
        version.standard_id: version for version in StandardVersion.objects.filter(withdrawn_at__isnull=True)
    }
    return [_shown(one, in_force.get(one.pk)) for one in Standard.objects.order_by("measure", "code")]


def _shown(standard: Standard, version: StandardVersion | None) -> dict[str, Any]:
    same = ("code", "measure", "name", "name_en")
    return {name: getattr(standard, name) for name in same} | {
        "in_force": _terms(version) if version else None
    }


@router.post("/standards", auth=publishing, response={201: StandardShown}, summary="Make a service standard")
@transaction.atomic
def make(request: HttpRequest, given: StandardGiven):
    """It is in force with its first terms, for promises made from now on."""
    owner = department_named(given.owner) if given.owner else None
    standard = define(given.code, measure=given.measure, name=given.name, name_en=given.name_en, owner=owner)
    version = publish_terms(
        standard, terms_given(given), by=by(request), now=now_of(request), **_about(given)
    )
    return Status(201, _shown(standard, version))


@router.delete(
    "/standards/{code}", auth=publishing, response=StandardShown, summary="Withdraw a service standard"
)
def end(request: HttpRequest, code: str):
    """It promises nothing any more; running clocks keep what they were promised."""
    standard = standard_called(code)
    withdraw(standard, by=by(request), now=now_of(request))
    return _shown(standard, None)


@router.post(
    "/standards/{code}/versions", auth=publishing, response={201: TermsShown}, summary="Publish new terms"
)
def publish_version(request: HttpRequest, code: str, given: VersionGiven):
    """Running clocks keep the version they were promised."""
    standard, terms = standard_called(code), terms_given(given)
    version = publish_terms(standard, terms, by=by(request), now=now_of(request), **_about(given))
    return Status(201, _terms(version))


def _about(given: VersionGiven) -> dict[str, Any]:
    return {
        "reason": given.reason,
        "proposed_by": person_named(given.proposed_by) if given.proposed_by else None,
        "review_on": given.review_on,
    }


@router.get("/standards/{code}/versions", response=list[VersionShown], summary="Every version of a standard")
def versions(request: HttpRequest, code: str):
    """The oldest first; what was promised under one is judged by it."""
    every = standard_called(code).versions.order_by("number")
    return [{name: getattr(each, name) for name in VersionShown.model_fields} for each in every]


def standard_called(code: str) -> Standard:
    standard = Standard.objects.filter(code=code).first() if "\x00" not in code else None
    if standard is None:
        raise Http404(code)
    return standard


def terms_given(given: TermsGiven) -> dict[str, Any]:
    """As `publish_terms` takes them."""
    terms = given.model_dump(include=set(TermsGiven.model_fields) - {"for_department", "calendar"})
    terms["for_department"] = department_named(given.for_department) if given.for_department else None
    terms["calendar"] = calendar_named(given.calendar) if given.calendar else None
    return terms


def calendar_named(code: str) -> Calendar:
    if calendar := Calendar.objects.filter(code=code).first():
        return calendar
    raise NotThere(_("There is no calendar called “%s”.") % code)


@router.get("/routing-rules", response=list[RuleShown], summary="Routing rules, in the order they are tried")
def rules(request: HttpRequest):
    """The first that covers a case fires, and is shown on the case."""
    in_force = RoutingRule.objects.filter(withdrawn_at__isnull=True).order_by("position", "pk")
    return [_rule(rule) for rule in in_force]


@router.post(
    "/routing-rules/{slug:code}/versions", auth=publishing, response={201: RuleShown},
    summary="Publish a version of a routing rule",
)  # fmt: skip
def rule_versions(request: HttpRequest, code: str, given: RuleGiven):
    """The first version of a new rule, or the next one of a known rule."""
    if len(code) > 50:
        raise Http404(code)
    steps = [(department_named(step.department).pk, step.stage, step.instruction) for step in given.steps]
    conditions = given.model_dump(exclude={"name", "position", "steps"})
    rule = publish_rule(
        code, name=given.name, position=given.position, steps=steps, by=by(request), now=now_of(request),
        **conditions,
    )  # fmt: skip
    return Status(201, _rule(rule))
