"""Contacts with customers, planned and made, and what customers need."""

from datetime import date, datetime
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, ConfigDict, Field

from guixin.channels.api.answers import CustomerShown, Id, Input, Moment, Said, Text, TimeOfDay, Word
from guixin.channels.api.door import Needs, by, found, must, now_of, scope
from guixin.channels.api.finding import person_named
from guixin.organisation.models import Scopes
from guixin.serve.customers import visible_customer
from guixin.serve.models import Case
from guixin.understand import contact_series, contacting, needing
from guixin.understand.models import Contact, ContactPlan, Customer, Need, Segment

router = Router(tags=["contacts"])
reading = Needs(Scopes.CUSTOMERS_READ)
writing = Needs(Scopes.CASES_WRITE)

Kind = Literal["call", "visit", "meeting", "seminar", "social", "message"]
OutcomeName = Literal["good", "mixed", "bad", "not_reached"]
Unit = Literal["days", "weeks", "months"]
SHOWN = 200


class ContactGiven(Input):
    """Planned with `planned_on`, otherwise it took place, at `made_at` or now. `owner`: a login, the caller's by default."""

    customer: Id
    kind: Kind
    subject: Word = ""
    person: Id | None = None
    owner: Word | None = None
    planned_on: date | None = None
    at: TimeOfDay | None = None
    made_at: Moment | None = None
    outcome: OutcomeName = "good"
    notes: Text = ""
    next_step: Word = ""
    next_on: date | None = None


class MadeGiven(Input):
    made_at: Moment | None = None
    outcome: OutcomeName = "good"
    notes: Text = ""
    next_step: Word = ""
    next_on: date | None = None


class MoveGiven(Input):
    planned_on: date
    at: TimeOfDay | None = None
    owner: Word | None = None


class ContactShown(BaseModel):
    id: int
    customer: CustomerShown
    kind: str
    state: str
    subject: str
    owner: str
    planned_on: date | None
    planned_at: datetime | None
    due_at: datetime | None
    missed_at: datetime | None
    level: int
    made_at: datetime | None
    outcome: str
    notes: str
    next_step: str
    series: int | None
    visit: int | None = Field(None, description="The visit it follows up.")


class ContactsShown(BaseModel):
    contacts: list[ContactShown]


class SeriesGiven(Input):
    customer: Id
    kind: Kind
    subject: Said
    every: int = Field(ge=1, le=999)
    unit: Unit
    first_on: date
    until_on: date | None = None
    at: TimeOfDay | None = None
    owner: Word | None = None


class SeriesChanged(Input):
    """Only what is named is changed; `version` is the one that was read."""

    version: int
    kind: Kind | None = None
    subject: Said | None = None
    every: int | None = Field(None, ge=1, le=999)
    unit: Unit | None = None
    first_on: date | None = None
    until_on: date | None = None
    at: TimeOfDay | None = None
    owner: Word | None = None


class SeriesShown(BaseModel):
    id: int
    customer: int
    kind: str
    subject: str
    owner: str
    every: int
    unit: str
    first_on: date
    until_on: date | None
    at: TimeOfDay | None
    ended_at: datetime | None
    version: int
    planned: list[date]


class NeedGiven(Input):
    """`case`: the number of the case it came from; `contact`: the contact. `said_by`: a contact person of the company."""

    theme: Said
    kind: Literal["need", "expectation"] = "need"
    weight: Literal[1, 2, 3, 4, 5] = 3
    expected: Word = ""
    words: Text = ""
    source: Literal["contact", "case", "survey", "observation"] = "observation"
    case: Word | None = None
    contact: Id | None = None
    said_by: Id | None = None


class NeedShown(BaseModel):
    id: int
    customer: CustomerShown
    theme: str
    kind: str
    weight: int
    expected: str
    words: str
    source: str
    case: str | None
    contact: int | None
    noted_at: datetime
    ended_at: datetime | None


class NeedsShown(BaseModel):
    needs: list[NeedShown]


class WantedShown(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    theme: str
    weight: int
    strongest: int
    average: float
    customers: int
    records: int
    expected: list[str]


class WantedList(BaseModel):
    wanted: list[WantedShown]


class WhyGiven(Input):
    reason: Said


def _customer(request: HttpRequest, pk: int) -> Customer:
    return visible_customer(Customer.objects.all(), by(request), pk)


def _owner(request: HttpRequest, login: str | None):
    return person_named(login) if login else by(request)


def _contact(request: HttpRequest, pk: int) -> Contact:
    contact = found(Contact.objects.select_related("customer", "owner").filter(pk=pk).first())
    if not Contact.objects.visible_to(by(request)).filter(pk=pk).exists():
        _customer(request, contact.customer_id)
    return contact


def _shown(request: HttpRequest, contact: Contact) -> dict:
    names = (
        "id", "kind", "state", "subject", "planned_on", "planned_at", "due_at", "missed_at", "level", "made_at",
        "outcome", "notes", "next_step",
    )  # fmt: skip
    return {name: getattr(contact, name) for name in names} | {
        "customer": contact.customer.shown_to(by(request)),
        "owner": contact.owner.login,
        "series": contact.plan_id,
        "visit": row.visit_id if (row := getattr(contact, "visit_follow_up", None)) else None,
    }


@router.get("/contacts", auth=reading, response=ContactsShown, summary="Contacts, planned and made")
def listed(
    request: HttpRequest, state: Literal["planned", "missed", "made"] = "planned", customer: Id | None = None
):
    """Those the caller may see: planned and missed the oldest first, made ones the newest first; at most 200."""
    rows = Contact.objects.visible_to(by(request))
    if customer is not None:
        rows = Contact.objects.filter(customer=_customer(request, customer))
    if state == "made":
        rows = rows.filter(state=Contact.State.MADE).order_by("-made_at", "-pk")
    else:
        rows = rows.planned().order_by("planned_on", "pk")
        rows = rows.filter(missed_at__isnull=False) if state == "missed" else rows
    rows = rows.select_related("customer", "owner", "visit_follow_up").prefetch_related(
        "customer__identities"
    )[:SHOWN]
    return {"contacts": [_shown(request, each) for each in rows]}


@router.post("/contacts", auth=writing, response={201: ContactShown}, summary="Plan a contact, or log one")
def plan_or_log(request: HttpRequest, response: HttpResponse, given: ContactGiven):
    customer, owner = _customer(request, given.customer), _owner(request, given.owner)
    person = _customer(request, given.person) if given.person else None
    if given.planned_on:
        made = contacting.plan(
            customer, given.kind, given.planned_on, at=given.at, subject=given.subject, person=person, owner=owner,
            by=by(request), now=now_of(request),
        )  # fmt: skip
    else:
        made = contacting.log(
            customer, given.kind, outcome=given.outcome, subject=given.subject, notes=given.notes,
            next_step=given.next_step, next_on=given.next_on, made_at=given.made_at, person=person, owner=owner,
            by=by(request), now=now_of(request),
        )  # fmt: skip
    response["Location"] = f"/api/contacts/{made.pk}"
    return Status(201, _shown(request, made))


@router.get("/contacts/{int:contact_id}", auth=reading, response=ContactShown, summary="A contact")
def contact(request: HttpRequest, contact_id: int):
    return _shown(request, _contact(request, contact_id))


@router.post(
    "/contacts/{int:contact_id}/making", auth=writing, response={201: ContactShown}, summary="It took place"
)
def make(request: HttpRequest, contact_id: int, given: MadeGiven):
    """Whether it was missed is told by its day and `made_at`, not by when it is written down."""
    made = contacting.make(
        _contact(request, contact_id), **given.model_dump(), by=by(request), now=now_of(request)
    )
    return Status(201, _shown(request, made))


@router.post(
    "/contacts/{int:contact_id}/moving", auth=writing, response=ContactShown, summary="Another day or owner"
)
def move(request: HttpRequest, contact_id: int, given: MoveGiven):
    moved = contacting.move(
        _contact(request, contact_id), given.planned_on, at=given.at,
        owner=person_named(given.owner) if given.owner else None, by=by(request), now=now_of(request),
    )  # fmt: skip
    return _shown(request, moved)


@router.post(
    "/contacts/{int:contact_id}/cancelling",
    auth=writing,
    response=ContactShown,
    summary="It will not take place",
)
def cancel(request: HttpRequest, contact_id: int, given: WhyGiven):
    planned = _contact(request, contact_id)
    return _shown(request, contacting.cancel(planned, given.reason, by=by(request), now=now_of(request)))


@router.post("/contact-series", auth=writing, response={201: SeriesShown}, summary="Contact them regularly")
def begin(request: HttpRequest, given: SeriesGiven):
    """Every few weeks or months, on working days of the owner; a quarter is planned ahead."""
    about = given.model_dump(exclude={"customer", "owner"})
    series = contact_series.begin(
        _customer(request, given.customer), **about, owner=_owner(request, given.owner), by=by(request),
        now=now_of(request),
    )  # fmt: skip
    return Status(201, _series_shown(series))


@router.get("/contact-series/{int:series_id}", auth=reading, response=SeriesShown, summary="A series")
def shown_series(request: HttpRequest, series_id: int):
    return _series_shown(_series(request, series_id))


@router.patch(
    "/contact-series/{int:series_id}", auth=writing, response=SeriesShown, summary="Differently from now on"
)
def change_series(request: HttpRequest, series_id: int, given: SeriesChanged):
    named = given.model_dump(exclude_unset=True, exclude={"version", "owner"})
    if given.owner:
        named["owner"] = person_named(given.owner)
    series = contact_series.change(
        _series(request, series_id), named, read_at_version=given.version, by=by(request), now=now_of(request)
    )
    return _series_shown(series)


@router.delete("/contact-series/{int:series_id}", auth=writing, response=SeriesShown, summary="End a series")
def end_series(request: HttpRequest, series_id: int):
    """What was missed stays."""
    series = _series(request, series_id)
    contact_series.end(series, by=by(request), now=now_of(request))
    series.refresh_from_db()
    return _series_shown(series)


def _series(request: HttpRequest, pk: int) -> ContactPlan:
    return found(ContactPlan.objects.visible_to(by(request)).select_related("owner").filter(pk=pk).first())


def _series_shown(series: ContactPlan) -> dict:
    names = ("id", "kind", "subject", "every", "unit", "first_on", "until_on", "at", "ended_at", "version")
    planned = series.contacts.filter(state=Contact.State.PLANNED).order_by("planned_on")
    return {name: getattr(series, name) for name in names} | {
        "customer": series.customer_id,
        "owner": series.owner.login,
        "planned": list(planned.values_list("planned_on", flat=True)),
    }


def _customers_of(request: HttpRequest, code: str):
    """The customers of this segment, if one is named; 404 for one the caller may not see."""
    if not code:
        return None
    return found(Segment.objects.visible_to(by(request)).filter(code=code).first()).customers()


@router.get("/needs", auth=reading, response=WantedList, summary="What customers need, by weight")
def wanted(
    request: HttpRequest,
    market: Literal["", "consumer", "producer", "reseller", "enterprise"] = "",
    segment: Word = "",
):
    """Rolled up by what is called the same, the heaviest first; `market` and `segment` (a code) narrow it."""
    must(scope(request).sees_everything or scope(request).is_front_desk)
    return {"wanted": needing.by_weight(_customers_of(request, segment), market=market)}


@router.get("/needs/records", auth=reading, response=NeedsShown, summary="The records behind one need")
def records(
    request: HttpRequest,
    theme: Word,
    market: Literal["", "consumer", "producer", "reseller", "enterprise"] = "",
    segment: Word = "",
):
    must(scope(request).sees_everything or scope(request).is_front_desk)
    return {
        "needs": [
            _need(request, each)
            for each in needing.records_of(theme, _customers_of(request, segment), market=market)
        ]
    }


@router.get(
    "/customers/{int:customer_id}/needs", auth=reading, response=NeedsShown, summary="What a customer needs"
)
def needs(request: HttpRequest, customer_id: int):
    rows = (
        _customer(request, customer_id)
        .needs.select_related("customer")
        .order_by("ended_at", "-weight", "-pk")
    )
    return {"needs": [_need(request, each) for each in rows[:SHOWN]]}


@router.post(
    "/customers/{int:customer_id}/needs", auth=writing, response={201: NeedShown}, summary="Note a need"
)
def note_need(request: HttpRequest, customer_id: int, given: NeedGiven):
    """With the record it came from, if there is one."""
    customer, evidence, source = _customer(request, customer_id), None, given.source
    if given.case:
        case = Case.objects.visible_to(by(request)).filter(customer=customer, number=given.case).first()
        if case is None:
            raise needing.CannotNote(_("This customer has no case with this number that you may see."))
        evidence, source = ("case", case.pk), "case"
    elif given.contact:
        evidence, source = ("contact", _contact(request, given.contact).pk), "contact"
    said_by = _customer(request, given.said_by) if given.said_by else None
    made = needing.note(
        customer, given.theme, kind=given.kind, weight=given.weight, expected=given.expected, words=given.words,
        source=source, evidence=evidence, said_by=said_by, by=by(request), now=now_of(request),
    )  # fmt: skip
    return Status(201, _need(request, made))


@router.post("/needs/{int:need_id}/end", auth=writing, response=NeedShown, summary="A need no longer holds")
def end_need(request: HttpRequest, need_id: int, given: WhyGiven):
    need = found(Need.objects.select_related("customer").filter(pk=need_id).first())
    _customer(request, need.customer_id)
    needing.end(need, given.reason, by=by(request), now=now_of(request))
    need.refresh_from_db()
    return _need(request, need)


def _need(request: HttpRequest, need: Need) -> dict:
    names = ("id", "theme", "kind", "weight", "expected", "words", "source", "noted_at", "ended_at")
    case = None
    if need.evidence_kind == "case":
        case = (
            Case.objects.visible_to(by(request))
            .filter(pk=need.evidence_id)
            .values_list("number", flat=True)
            .first()
        )
    return {name: getattr(need, name) for name in names} | {
        "customer": need.customer.shown_to(by(request)),
        "case": case,
        "contact": need.evidence_id if need.evidence_kind == "contact" else None,
    }
