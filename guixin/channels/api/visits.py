"""Customers who come to see us: applied for, listed, one of them; whether their follow-ups are done on time."""

from datetime import date, datetime
from typing import Literal

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import CustomerShown, Input, Text, Word
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import case_to_serve
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Scopes
from guixin.serve import visit_applying, visiting
from guixin.serve.customers import visible_customer
from guixin.serve.models import Case, Visit, VisitFollowUp
from guixin.serve.permitting import may_serve
from guixin.serve.visit_log import followed_up
from guixin.understand.models import Customer
from guixin.web import money

router = Router(tags=["visits"], auth=Needs(Scopes.CASES_WRITE))
reading = Needs(Scopes.CASES_READ)
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


def _rows():
    rows = Visit.objects.select_related("case__customer", "host", "request__to_person")
    return rows.prefetch_related(
        "agenda__person", "agenda__department", "follow_ups__contact", "case__customer__identities"
    )


def called(request: HttpRequest, pk: int) -> Visit:
    return get_visible_or_404(_rows(), by(request), pk=pk)


def to_serve(request: HttpRequest, pk: int) -> Visit:
    visit = called(request, pk)
    must(may_serve(visit.case, by(request)))
    return visit


def to_write(request: HttpRequest, pk: int) -> Visit:
    visit = called(request, pk)
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


def shown_again(request: HttpRequest, pk: int) -> dict:
    return _shown(request, _rows().get(pk=pk))


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
    wanted = visit_applying.Application(**given.model_dump(exclude={"case", "customer", "phone", "email"}))
    if given.case:
        made = visit_applying.apply_for(case_to_serve(request, given.case), wanted, by=who, now=now)
        return Status(201, shown_again(request, made.pk))
    customer = None
    if given.customer is not None:
        customer = visible_customer(Customer.objects.all(), who, given.customer)
    made = visit_applying.take_in(
        wanted,
        customer=customer,
        phone=given.phone,
        email=given.email,
        channel=Case.Channel.API,
        by=who,
        now=now,
    )
    return Status(201, shown_again(request, made.pk))


@router.get("/visits/{int:visit_id}", response=VisitShown, auth=reading, summary="One visit")
def one(request: HttpRequest, visit_id: int):
    """With its plan and its follow-ups."""
    return _shown(request, called(request, visit_id))


@router.patch("/visits/{int:visit_id}", response=VisitShown, summary="Correct an application")
def change(request: HttpRequest, visit_id: int, given: VisitChangeGiven):
    """Before it is decided; `version` as it was read."""
    changes = given.model_dump(exclude={"version"}, exclude_unset=True)
    changes = {name: value for name, value in changes.items() if value is not None or name == "wished_or"}
    visit_applying.change(
        to_serve(request, visit_id),
        changes,
        read_at_version=given.version,
        by=by(request),
        now=now_of(request),
    )
    return shown_again(request, visit_id)
