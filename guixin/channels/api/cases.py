"""Cases: taken in, listed, read, edited."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api import answers
from guixin.channels.api.answers import (
    CaseShown,
    CustomerShown,
    Entries,
    EntryShown,
    EscalationShown,
    Id,
    Input,
    MessageShown,
    Moment,
    PersonShown,
    PromiseShown,
    Said,
    TaskShown,
    Text,
    Word,
)
from guixin.channels.api.door import Needs, by, now_of, scope
from guixin.channels.api.filters import CaseFilters
from guixin.channels.api.finding import (
    NotThere,
    case_called,
    case_to_serve,
    department_named,
    form_named,
    person_named,
    tagged,
    version_read,
)
from guixin.ledger.bulk import fetch_rows
from guixin.ledger.models import Entry
from guixin.organisation.models import Person, Scopes
from guixin.organisation.revisions import one_look
from guixin.promise.models import Clock, Escalation
from guixin.serve import queues
from guixin.serve.changing import edit
from guixin.serve.filling_in import open_with_form
from guixin.serve.filtering import asked
from guixin.serve.intake import Arrival, likely_repeats, open_case
from guixin.serve.models import Case, CaseLink, Task
from guixin.serve.orders import name_order
from guixin.serve.packages import why
from guixin.understand.identities import IdentityKind
from guixin.understand.models import Customer

router = Router(tags=["cases"])
ENTRIES = 100

CaseKind = Literal["complaint", "enquiry", "service_request", "suggestion", "praise", "visit"]
Channel = Literal["phone", "web", "api", "file", "email", "qr", "chat", "visit", "internal", "other"]
Language = Literal["zh-hans", "zh-hant", "en"]
Severity = Literal[1, 2, 3, 4]


class CustomerGiven(Input):
    """The customer: `id` of one already known, or what is known about somebody at the door."""

    id: Id | None = None
    kind: Literal["person", "company"] = "person"
    name: Word = ""
    phones: list[Word] = Field(default=[], max_length=20)
    emails: list[Word] = Field(default=[], max_length=20)
    organisation: Word = ""
    language: Language = "zh-hans"


class FormGiven(Input):
    """The form of a request, by its code, and the answers by the keys of its fields; files come as attachments."""

    code: Word
    answers: dict[Word, str | int | float | bool | list[Word] | None] = Field(default={}, max_length=60)


class CaseToOpen(Input):
    kind: CaseKind
    subject: Said
    story: Text = ""
    category: Word = ""
    product: Word = ""
    severity: Severity = 2
    channel: Channel = "api"
    language: Language = "zh-hans"
    customer: CustomerGiven | None = None
    requested_by: Word | None = Field(None, description="Code of the department that asks another one.")
    owner: Word | None = Field(None, description="Login of the owner wanted; the front desk otherwise.")
    departments: list[Word] = Field(
        default=[], max_length=20, description="Codes, decided over the routing rules."
    )
    opened_at: Moment | None = None
    source: Word = ""
    external_id: Word | None = None
    form: FormGiven | None = None
    orders: list[Word] = Field(
        default=[], max_length=20, description="Numbers of orders of the customer it is about."
    )


class LikelyDuplicate(BaseModel):
    customer: CustomerShown
    reasons: list[str]


class CaseOpened(BaseModel):
    number: str
    tracking_link: str
    state: str
    owner: PersonShown
    customer_id: int | None
    is_new_customer: bool
    likely_duplicates: list[LikelyDuplicate]
    repeats: list[str]
    promises: list[dict[str, Any]]
    tasks: list[dict[str, Any]]


class CasePage(BaseModel):
    rows: list[CaseShown]
    after: str | None


class LinkShown(BaseModel):
    number: str
    kind: str


class FollowUpShown(BaseModel):
    id: int
    generation: int
    state: str
    planned_for: datetime
    outcome: str
    comment: str


class BetterShown(BaseModel):
    """A promise of the package, and the budget everybody is given instead."""

    measure: str
    standard: str
    budget_minutes: int
    instead_of_minutes: int | None


class PackageOfCase(BaseModel):
    """Why the case has it: its customer's segment, since when, and the firm's reason."""

    code: str
    number: int
    segment: str
    since: datetime | None
    reason: str
    better: list[BetterShown]


class CaseWhole(CaseShown):
    """A case with everything on it."""

    package: PackageOfCase | None

    story: str
    customer: CustomerShown | None
    merged_into: str | None
    tasks: list[TaskShown]
    promises: list[PromiseShown]
    messages: list[MessageShown]
    ladder: list[EscalationShown]
    links: list[LinkShown]
    follow_ups: list[FollowUpShown]
    entries: list[EntryShown]


class CaseEdited(Input):
    """Only what is sent is changed."""

    subject: Said | None = None
    story: Text | None = None
    kind: CaseKind | None = None
    category: Word | None = None
    product: Word | None = None
    severity: Severity | None = None
    language: Language | None = None


@router.post("", auth=Needs(Scopes.CASES_WRITE), response={201: CaseOpened}, summary="Open a case")
def open_one(request: HttpRequest, response: HttpResponse, given: CaseToOpen):
    """The answer can be told to the customer at once: its number, its private link, what is promised by when."""
    now, person = now_of(request), by(request)
    with one_look():  # taking in a case changes no configuration, so its numbers are asked for once
        customer, is_new = customer_for(request, given.customer)
        sees_customers = scope(request).sees_everything or scope(request).is_front_desk
        repeats = []
        if customer and not is_new and sees_customers:
            repeats = [case.number for case in likely_repeats(customer, category=given.category, now=now)]
        arrival = arrival_of(given, customer)
        case = opening_of(given)(arrival, now=now, by=person)
    response["Location"] = f"/api/cases/{case.number}"
    alike = customer.likely_duplicates if customer and sees_customers else ()
    return Status(
        201,
        {
            **opened(case),
            "customer_id": case.customer_id,
            "is_new_customer": is_new,
            "likely_duplicates": [
                {"customer": each.customer.shown_to(person), "reasons": list(each.reasons)} for each in alike
            ],
            "repeats": repeats,
        },
    )


def opening_of(given: CaseToOpen) -> Callable[..., Case]:
    """What takes it in: with its form, if one came with it."""
    opening: Callable[..., Case] = open_case
    if given.form is not None:
        opening = partial(open_with_form, version=form_named(given.form.code), said=given.form.answers)

    def open_about(arrival: Arrival, *, now: datetime, by: Person) -> Case:
        case = opening(arrival, now=now, by=by)
        for order in given.orders:
            name_order(case, order, by=by, now=now)
        return case

    return open_about if given.orders else opening


def arrival_of(given: CaseToOpen, customer: Customer | None) -> Arrival:
    return Arrival(
        kind=given.kind,
        subject=given.subject,
        story=given.story,
        category=given.category,
        product=given.product,
        severity=given.severity,
        channel=given.channel,
        language=given.language,
        customer=customer,
        requested_by_id=department_named(given.requested_by).pk if given.requested_by else None,
        owner_id=person_named(given.owner).pk if given.owner else None,
        departments=[department_named(code).pk for code in given.departments],
        opened_at=given.opened_at,
        source=given.source,
        external_id=given.external_id or None,
    )


def customer_for(request: HttpRequest, given: CustomerGiven | None) -> tuple[Customer | None, bool]:
    """The customer meant, and whether they are new."""
    if given is None:
        return None, False
    if given.id is not None:
        known = Customer.objects.visible_to(by(request)).filter(pk=given.id).first()
        if known is None:
            raise NotThere(_("There is no customer %s, or none you may see.") % given.id)
        return known, False
    identities = [(IdentityKind.PHONE, phone) for phone in given.phones]
    identities += [(IdentityKind.EMAIL, email) for email in given.emails]
    if not given.name.strip() and not any(raw.strip() for _kind, raw in identities):
        return None, False
    return Customer.objects.for_intake(
        given.kind,
        given.name,
        identities,
        now_of(request),
        organisation=given.organisation,
        language=given.language,
    )


def _rows(table: str, names: tuple[str, ...], case_id: int, *, order: str) -> list[dict]:
    """Every intake asks this, so it is asked in a prepared statement."""
    found = fetch_rows(
        f"SELECT {', '.join(names)} FROM {table} WHERE case_id = %s::bigint ORDER BY {order}",  # noqa: S608  names of ours
        [case_id],
    )
    return [dict(zip(names, row, strict=True)) for row in found]


def opened(case: Case) -> dict:
    """What a fresh case has: owner, tasks, and what runs."""
    promises = ("id", "measure", "due_at", "provisional", "about_kind", "about_id")
    tasks = ("id", "stage", "state", "department_id")
    return {
        "number": case.number,
        "tracking_link": case.tracking_link(),
        "state": case.state,
        "owner": answers.person(case.owner),
        "promises": _rows("promise_clock", promises, case.pk, order="due_at, id"),
        "tasks": _rows("serve_task", tasks, case.pk, order="stage, id"),
    }


@router.get(
    "", auth=Needs(Scopes.CASES_READ), response=CasePage, summary="A list of open cases, page by page"
)
def listed(request: HttpRequest, filters: Query[CaseFilters], queue: str = "mine", after: str | None = None):
    """`queue` is mine, snoozed, department, all, unrouted, escalated, or closed; the nearest deadline first unless sorted
    otherwise. The filters are those of the page."""
    said = {name: request.GET.getlist(name) for name in request.GET}
    page = queues.page_of(queues.cases(queue, by(request), asked(said), now=now_of(request)), after)
    return {"rows": [answers.case(case) for case in page.rows], "after": page.after}


def _package(case: Case) -> dict[str, Any] | None:
    found = why(case, get_language() or "zh-hans")
    if found is None:
        return None
    version = found.version
    return {
        "code": version.package.code,
        "number": version.number,
        "segment": version.package.segment.code,
        "since": found.since,
        "reason": version.reason_in(get_language() or "zh-hans"),
        "better": [
            {
                "measure": each.measure,
                "standard": each.version.standard.code,
                "budget_minutes": each.version.budget_minutes,
                "instead_of_minutes": each.instead_of.budget_minutes if each.instead_of else None,
            }
            for each in found.better
        ],
    }


@router.get(
    "/{number}", auth=Needs(Scopes.CASES_READ), response=CaseWhole, summary="A case with everything on it"
)
def whole(request: HttpRequest, response: HttpResponse, number: str):
    """Its tasks, its promises with their working-out, what was said, the ladder, and the latest entries."""
    case, now = case_called(request, number), now_of(request)
    tagged(response, case)
    clocks = Clock.objects.filter(case_id=case.pk).select_related("version__standard").order_by("pk")
    tasks = Task.objects.filter(case=case).select_related("department", "handler").order_by("stage", "pk")
    ladder = Escalation.objects.of_case(case.pk).select_related("from_person", "to_person")
    entries = Entry.objects.of_case(case.pk).reverse()[:ENTRIES]
    return answers.case(case) | {
        "package": _package(case),
        "story": case.story,
        "customer": case.customer.shown_to(by(request)) if case.customer else None,
        "merged_into": case.merged_into.number if case.merged_into else None,
        "tasks": [answers.task(task, case.number) for task in tasks],
        "promises": answers.clocks(list(clocks), now),
        "messages": [
            answers.message(each) for each in case.messages.select_related("by").order_by("at", "pk")
        ],
        "ladder": [answers.escalation(each) for each in ladder],
        "links": _links(case, by(request)),
        "follow_ups": [
            {
                "id": each.pk,
                "generation": each.generation,
                "state": each.state,
                "planned_for": each.planned_for,
                "outcome": each.outcome,
                "comment": each.comment,
            }
            for each in case.follow_ups.order_by("generation")
        ],
        "entries": answers.entries(reversed(entries), ENTRIES, by="id")["rows"],
    }


def _links(case: Case, person) -> list[dict]:
    pairs = [(link.other_id, link.kind) for link in case.links.all()]
    pairs += [(link.case_id, link.kind) for link in CaseLink.objects.filter(other=case)]
    if not pairs:
        return []
    visible = Case.objects.visible_to(person).filter(pk__in=[pk for pk, _kind in pairs])
    numbers = dict(visible.values_list("pk", "number"))
    return [{"number": numbers[pk], "kind": kind} for pk, kind in pairs if pk in numbers]


@router.patch("/{number}", auth=Needs(Scopes.CASES_WRITE), response=CaseShown, summary="Edit a case")
def edited(request: HttpRequest, response: HttpResponse, number: str, given: CaseEdited):
    """Send the ETag that was read as If-Match. If somebody edited meanwhile: 409, with both sides."""
    case, version = case_to_serve(request, number), version_read(request)
    changes = {
        name: value for name, value in given.model_dump(exclude_unset=True).items() if value is not None
    }
    case = edit(case, changes, read_at_version=version, by=by(request), now=now_of(request))
    tagged(response, case)
    return answers.case(case)


@router.get(
    "/{number}/entries", auth=Needs(Scopes.CASES_READ), response=Entries, summary="What happened on a case"
)
def entries(request: HttpRequest, number: str, after: int = 0):
    """Oldest first; `after` is the id of the last entry read."""
    case = case_called(request, number)
    rows = Entry.objects.of_case(case.pk).filter(pk__gt=after)[: ENTRIES + 1]
    return answers.entries(rows, ENTRIES, by="pk")
