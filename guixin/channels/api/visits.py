"""Customers who come to see us: applied for, decided, planned, written down, followed up."""

from datetime import date, datetime
from typing import Literal

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import CustomerShown, Input, Moment, Said, Text, Word
from guixin.channels.api.door import Needs, by, found, must, now_of
from guixin.channels.api.finding import case_to_serve, department_named, person_named
from guixin.listen.asking_visitors import feedback_link, feedback_of
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Scopes
from guixin.serve import receiving, visiting
from guixin.serve.customers import visible_customer
from guixin.serve.models import Case, Visit, VisitFollowUp, VisitRules
from guixin.serve.permitting import may_serve
from guixin.serve.visit_log import Promised, followed_up, took_place
from guixin.serve.visit_rules import publish, rules_in_force
from guixin.understand.models import Customer
from guixin.web import money

router = Router(tags=["visits"], auth=Needs(Scopes.CASES_WRITE))
reading = Needs(Scopes.CASES_READ)
setting_up = Needs(Scopes.ORGANISATION_WRITE, administrators=True)
SHOWN = 200
People = Field(ge=1, le=500)


class VisitAgendaShown(BaseModel):
    id: int
    begins_at: datetime
    ends_at: datetime
    what: str
    place: str
    person: str | None
    department: str | None
    prepare: str
    task: int | None


class VisitFollowUpShown(BaseModel):
    months: int
    contact: int = Field(description="The planned contact: made, moved and cancelled as such.")
    planned_on: date | None
    state: str
    outcome: str
    is_missed: bool


class VisitShown(BaseModel):
    id: int
    case: str
    state: str
    version: int
    customer: CustomerShown | None
    purpose: str
    company: str
    people: int
    visitors: str
    languages: str
    wishes: str
    wished_on: date
    wished_or: date | None
    grade: str
    grade_reason: str
    budget: str
    currency: str
    arrives_at: datetime | None
    leaves_at: datetime | None
    place: str
    host: str | None
    request_id: int | None
    decided_at: datetime | None
    reason: str
    alternatives: str
    held_at: datetime | None
    attended: int | None
    who_was_there: str
    log: str
    agenda: list[VisitAgendaShown]
    follow_ups: list[VisitFollowUpShown]
    overlaps: list[int] = Field(description="Other visits at the same place at the same time; a warning.")


class VisitsShown(BaseModel):
    visits: list[VisitShown]


class VisitFeedbackShown(BaseModel):
    wave: str
    at: datetime
    words: str


class VisitLinkShown(BaseModel):
    link: str = Field(description="Shown this once; it counts once.")
    feedback: list[VisitFeedbackShown] = Field(description="What they have said already.")


class VisitFiguresShown(BaseModel):
    due: int
    on_time: int
    late: int
    missed: int
    share: float | None


class ApplicationGiven(Input):
    """For a case of this kind that is there (`case`), a customer on record, or somebody with a phone or an e-mail."""

    case: Word = ""
    customer: int | None = None
    phone: Word = ""
    email: Word = ""
    purpose: Word
    people: int = People
    wished_on: date
    wished_or: date | None = None
    company: Word = ""
    contact_name: Word = ""
    visitors: Text = ""
    languages: Word = ""
    wishes: Text = ""


class VisitChangeGiven(Input):
    version: int
    purpose: Word | None = None
    people: int | None = Field(None, ge=1, le=500)
    wished_on: date | None = None
    wished_or: date | None = None
    visitors: Text | None = None
    languages: Word | None = None
    wishes: Text | None = None


class VisitGradeGiven(Input):
    grade: Word
    reason: Said


class VisitHoursGiven(Input):
    arrives_at: Moment
    leaves_at: Moment
    place: Word = ""
    host: Word = Field("", description="A login.")


class VisitApprovalGiven(VisitHoursGiven):
    reason: Text = Field("", description="Needed where somebody above must decide.")


class VisitDeclineGiven(Input):
    reason: Said
    alternatives: Text = ""


class VisitCancelGiven(Input):
    reason: Said


class VisitDayGiven(Input):
    wished_on: date
    wished_or: date | None = None


class VisitAgendaGiven(Input):
    begins_at: Moment
    ends_at: Moment
    what: Word
    place: Word = ""
    person: Word = Field("", description="A login.")
    department: Word = Field("", description="Its code.")
    prepare: Text = Field("", description="What the department prepares; it becomes a task of the case.")


class VisitPromiseGiven(Input):
    """With a department a task of the case; without, a need of the customer."""

    what: Said
    department: Word = ""


class VisitLogGiven(Input):
    log: Said
    attended: int | None = Field(None, ge=1, le=500)
    held_at: Moment | None = None
    who_was_there: Text = ""
    promises: list[VisitPromiseGiven] = Field([], max_length=20)


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


def _rows():
    rows = Visit.objects.select_related("case__customer", "host", "request__to_person")
    return rows.prefetch_related(
        "agenda__person", "agenda__department", "follow_ups__contact", "case__customer__identities"
    )


def _visit(request: HttpRequest, pk: int) -> Visit:
    return get_visible_or_404(_rows(), by(request), pk=pk)


def _to_serve(request: HttpRequest, pk: int) -> Visit:
    visit = _visit(request, pk)
    must(may_serve(visit.case, by(request)))
    return visit


def _to_write(request: HttpRequest, pk: int) -> Visit:
    visit = _visit(request, pk)
    must(visit.host_id == by(request).pk or may_serve(visit.case, by(request)))
    return visit


def _shown(request: HttpRequest, row: Visit, *, alone: bool = True) -> dict:
    names = (
        "id", "state", "version", "purpose", "company", "people", "visitors", "languages", "wishes", "wished_on",
        "wished_or", "grade", "grade_reason", "currency", "arrives_at", "leaves_at", "place", "request_id", "decided_at",
        "reason", "alternatives", "held_at", "attended", "who_was_there", "log",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names} | {
        "case": row.case.number,
        "customer": row.case.customer.shown_to(by(request)) if row.case.customer else None,
        "budget": money.written(row.budget, row.currency),
        "host": row.host.login if row.host else None,
        "agenda": [
            {
                "id": each.pk, "begins_at": each.begins_at, "ends_at": each.ends_at, "what": each.what,
                "place": each.place, "person": each.person.login if each.person else None,
                "department": each.department.code if each.department else None, "prepare": each.prepare,
                "task": each.task_id,
            }
            for each in sorted(row.agenda.all(), key=lambda one: (one.begins_at, one.pk))
        ],
        "follow_ups": [
            {
                "months": each.months, "contact": each.contact_id, "planned_on": each.contact.planned_on,
                "state": each.contact.state, "outcome": each.contact.outcome, "is_missed": each.contact.is_missed,
            }
            for each in sorted(row.follow_ups.all(), key=lambda one: one.months)
        ],
        "overlaps": [each.pk for each in visiting.overlapping(row)] if alone and row.is_open else [],
    }  # fmt: skip


def _again(request: HttpRequest, pk: int) -> dict:
    return _shown(request, _rows().get(pk=pk))


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
    said = {name: value for name, value in given.model_dump().items() if value not in ("", [])}
    publish(said, by=by(request), now=now_of(request))
    return rules(request)


@router.get("/visits", response=VisitsShown, auth=reading, summary="Visits")
def listed(
    request: HttpRequest,
    which: Literal["open", "waiting", "coming", "held", "ended"] = "open",
    since: date | None = None,
    until: date | None = None,
):
    """At most 200, the nearest first; `since` and `until` are days they come, or wish to."""
    states = {
        "open": Visit.OPEN, "waiting": ("applied", "asked"), "coming": ("approved",), "held": ("held",),
        "ended": ("declined", "cancelled"),
    }[which]  # fmt: skip
    rows = Visit.objects.visible_to(by(request)).filter(state__in=states)
    if since:
        rows = rows.filter(wished_on__gte=since)
    if until:
        rows = rows.filter(wished_on__lte=until)
    ids = list(rows.order_by("wished_on", "pk").values_list("pk", flat=True)[:SHOWN])
    shown = _rows().filter(pk__in=ids).order_by("wished_on", "pk")
    return {"visits": [_shown(request, each, alone=False) for each in shown]}


@router.get(
    "/visits/follow-ups",
    response=VisitFiguresShown,
    auth=reading,
    summary="Follow-ups of visits done on time",
)
def figures(request: HttpRequest):
    """Of those the caller may see; cancelled ones are none."""
    seen = Visit.objects.visible_to(by(request)).values("pk")
    said = followed_up(VisitFollowUp.objects.filter(visit__in=seen), now_of(request))
    return vars(said) | {"share": said.share}


@router.post("/visits", response={201: VisitShown}, summary="Take in a visit")
def take_in(request: HttpRequest, given: ApplicationGiven):
    """A case of this kind with its visit; graded by the rules, to be approved."""
    who, now = by(request), now_of(request)
    wanted = visiting.Application(**given.model_dump(exclude={"case", "customer", "phone", "email"}))
    if given.case:
        made = visiting.apply_for(case_to_serve(request, given.case), wanted, by=who, now=now)
        return Status(201, _again(request, made.pk))
    customer = None
    if given.customer is not None:
        customer = visible_customer(Customer.objects.all(), who, given.customer)
    made = visiting.take_in(
        wanted,
        customer=customer,
        phone=given.phone,
        email=given.email,
        channel=Case.Channel.API,
        by=who,
        now=now,
    )
    return Status(201, _again(request, made.pk))


@router.get("/visits/{int:visit_id}", response=VisitShown, auth=reading, summary="One visit")
def one(request: HttpRequest, visit_id: int):
    """With its plan and its follow-ups."""
    return _shown(request, _visit(request, visit_id))


@router.patch("/visits/{int:visit_id}", response=VisitShown, summary="Correct an application")
def change(request: HttpRequest, visit_id: int, given: VisitChangeGiven):
    """Before it is decided; `version` as it was read."""
    changes = given.model_dump(exclude={"version"}, exclude_unset=True)
    changes = {name: value for name, value in changes.items() if value is not None or name == "wished_or"}
    visiting.change(
        _to_serve(request, visit_id),
        changes,
        read_at_version=given.version,
        by=by(request),
        now=now_of(request),
    )
    return _again(request, visit_id)


@router.post("/visits/{int:visit_id}/grade", response=VisitShown, summary="Receive them differently")
def regrade(request: HttpRequest, visit_id: int, given: VisitGradeGiven):
    """Over what the rules propose, with the reason."""
    visiting.regrade(
        _to_serve(request, visit_id), given.grade, given.reason, by=by(request), now=now_of(request)
    )
    return _again(request, visit_id)


def _hours(given: VisitHoursGiven) -> dict:
    host = person_named(given.host) if given.host else None
    return {"arrives_at": given.arrives_at, "leaves_at": given.leaves_at, "place": given.place, "host": host}


@router.post("/visits/{int:visit_id}/approval", response=VisitShown, summary="Approve a visit")
def approve(request: HttpRequest, visit_id: int, given: VisitApprovalGiven):
    """Within the caller's authority at once; above it `request_id` is the request that goes up."""
    visit = _to_serve(request, visit_id)
    visiting.approve(visit, **_hours(given), reason=given.reason, by=by(request), now=now_of(request))
    return _again(request, visit_id)


@router.post("/visits/{int:visit_id}/refusal", response=VisitShown, summary="Decline a visit")
def decline(request: HttpRequest, visit_id: int, given: VisitDeclineGiven):
    """The customer is told the reason and the alternatives."""
    visiting.decline(
        _to_serve(request, visit_id), given.reason, alternatives=given.alternatives, by=by(request),
        now=now_of(request),
    )  # fmt: skip
    return _again(request, visit_id)


@router.post("/visits/{int:visit_id}/date", response=VisitShown, summary="Move a visit")
def move(request: HttpRequest, visit_id: int, given: VisitHoursGiven):
    """Other hours, another place, another host; the customer is told."""
    visiting.move(_to_serve(request, visit_id), **_hours(given), by=by(request), now=now_of(request))
    return _again(request, visit_id)


@router.post("/visits/{int:visit_id}/cancelling", response=VisitShown, summary="Call a visit off")
def cancel(request: HttpRequest, visit_id: int, given: VisitCancelGiven):
    """The customer is told; what was granted for it is free again."""
    visiting.cancel(_to_serve(request, visit_id), given.reason, by=by(request), now=now_of(request))
    return _again(request, visit_id)


@router.post("/visits/{int:visit_id}/again", response=VisitShown, summary="Apply again")
def again(request: HttpRequest, visit_id: int, given: VisitDayGiven):
    """Another day, after it was declined or called off."""
    visiting.apply_again(
        _to_serve(request, visit_id),
        given.wished_on,
        wished_or=given.wished_or,
        by=by(request),
        now=now_of(request),
    )
    return _again(request, visit_id)


@router.post(
    "/visits/{int:visit_id}/agenda", response={201: VisitShown}, summary="A line of the reception plan"
)
def plan_item(request: HttpRequest, visit_id: int, given: VisitAgendaGiven):
    """What has to be prepared becomes a task of the department."""
    receiving.plan_item(
        _to_write(request, visit_id), given.what, given.begins_at, given.ends_at, place=given.place,
        person=person_named(given.person) if given.person else None,
        department=department_named(given.department) if given.department else None,
        prepare=given.prepare, by=by(request), now=now_of(request),
    )  # fmt: skip
    return Status(201, _again(request, visit_id))


@router.delete("/visits/{int:visit_id}/agenda/{int:item}", response=VisitShown, summary="Take a line out")
def take_out(request: HttpRequest, visit_id: int, item: int):
    """A task that went out for it and is not done is withdrawn."""
    row = found(_to_write(request, visit_id).agenda.select_related("visit__case").filter(pk=item).first())
    receiving.take_out(row, by=by(request), now=now_of(request))
    return _again(request, visit_id)


@router.post("/visits/{int:visit_id}/log", response=VisitShown, summary="They were here")
def log(request: HttpRequest, visit_id: int, given: VisitLogGiven):
    """What happened and was promised; the follow-ups after one, three and six months are planned by it."""
    promises = [
        Promised(each.what, department_named(each.department) if each.department else None)
        for each in given.promises
    ]
    took_place(
        _to_write(request, visit_id), given.log, attended=given.attended, held_at=given.held_at,
        who_was_there=given.who_was_there, promises=promises, by=by(request), now=now_of(request),
    )  # fmt: skip
    return _again(request, visit_id)


@router.post(
    "/visits/{int:visit_id}/feedback-link", response=VisitLinkShown, summary="Ask the visitors how it was"
)
def ask_visitors(request: HttpRequest, visit_id: int):
    """A link to the wave the rules for visits name, tied to the case of the visit."""
    visit = _to_serve(request, visit_id)
    link = feedback_link(visit, by=by(request), now=now_of(request))
    return {"link": link, "feedback": [vars(each) for each in feedback_of(visit, "zh-hans")]}
