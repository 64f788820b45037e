"""Knowledge of customers and the market: found, written down, judged, shared, read, used, reviewed."""

from datetime import date, datetime
from typing import Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import (
    CustomerShown,
    DepartmentShown,
    Id,
    Input,
    Moment,
    PersonShown,
    Said,
    Text,
    Word,
)
from guixin.channels.api.answers import department as department_shown
from guixin.channels.api.answers import person as person_shown
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import NotThere, department_named
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Department, Scopes
from guixin.serve.customers import visible_customer
from guixin.serve.knowledge import case_called, visible_knowledge
from guixin.serve.models import Case
from guixin.understand import knowing, sharing
from guixin.understand.models import Contact, Customer, Knowledge, KnowledgeReading, Segment

router = Router(tags=["knowledge"])
reading = Needs(Scopes.CUSTOMERS_READ)
writing = Needs(Scopes.CASES_WRITE)
SHOWN = 200

Kind = Literal[
    "interaction", "observation", "prediction", "competitor", "price", "order_plan", "supply", "standard", "contacts"
]  # fmt: skip
Source = Literal[
    "contact", "case", "need", "survey", "observation", "fair", "press", "supplier", "partner", "authority"
]  # fmt: skip
Letter = Literal["A", "B", "C", "D", "E", "F"]


class KnowledgeGiven(Input):
    """About a customer, a segment (by its code) or what `subject` names. `case` or `contact`: where it comes from.
    `departments`: the codes of those who must know it at once."""

    kind: Kind
    title: Said
    words: Text = ""
    customer: Id | None = None
    segment: Word | None = None
    subject: Word = ""
    source: Source = "observation"
    source_words: Word = ""
    case: Word | None = None
    contact: Id | None = None
    valid_until: date | None = None
    departments: list[Word] = Field(default=[], max_length=200)


class JudgingGiven(Input):
    """The source from A (completely reliable) to F (cannot be judged), the content from 1 (confirmed) to 6 (cannot be
    judged), its worth from 1 to 3. With a topic it is kept at once."""

    reliability: Letter
    credibility: Literal[1, 2, 3, 4, 5, 6]
    worth: Literal[1, 2, 3]
    topic: Word = ""
    review_on: date | None = None


class TopicGiven(Input):
    topic: Said
    review_on: date | None = None


class KnowledgeReviewGiven(Input):
    """It still holds; one that has expired needs a new last day."""

    review_on: date | None = None
    valid_until: date | None = None


class RevisionGiven(Input):
    """`version` is the one that was read."""

    title: Said
    words: Text = ""
    valid_until: date | None = None
    version: int


class EndingGiven(Input):
    reason: Said


class UseGiven(Input):
    for_what: Word = ""
    case: Word | None = None


class SharingGiven(Input):
    """The codes of departments; with each, all below it is meant. `read_until` instead of the standard for reading."""

    departments: list[Word] = Field(min_length=1, max_length=200)
    read_until: Moment | None = None


class KnowledgeUseShown(BaseModel):
    by: PersonShown
    at: datetime
    version: int
    for_what: str
    case: str | None


class KnowledgeShown(BaseModel):
    """`flags`: unreviewed, expired, due. `uses` only where one item is asked for."""

    id: int
    kind: str
    title: str
    words: str
    version: int
    customer: CustomerShown | None
    segment: str | None
    subject: str
    source: str
    source_words: str
    state: str
    flags: list[str]
    reliability: str
    credibility: int | None
    worth: int | None
    topic: str
    valid_until: date | None
    review_on: date | None
    captured_by: PersonShown
    captured_at: datetime
    judged_at: datetime | None
    reviewed_at: datetime | None
    ended_at: datetime | None
    ended_why: str
    used: int
    uses: list[KnowledgeUseShown] = []


class KnowledgeList(BaseModel):
    knowledge: list[KnowledgeShown]


class ReadingShown(BaseModel):
    person: PersonShown
    read_at: datetime | None


class ShareShown(BaseModel):
    """`over_at`: since when nobody is waited for; `all_saw_it`: because everybody who was there has read it."""

    department: DepartmentShown
    version: int
    shared_at: datetime
    read_until: datetime | None
    over_at: datetime | None
    all_saw_it: bool
    readers: list[ReadingShown]


class SharesShown(BaseModel):
    shares: list[ShareShown]


class ReadingGiven(Input):
    """`words`: what the caller will do about it, if anything."""

    words: Said | Literal[""] = ""


class ReadShown(BaseModel):
    """For how many departments the caller had to read it."""

    read_for: int


@router.get(
    "/knowledge", auth=reading, response=KnowledgeList, summary="Knowledge of customers and the market"
)
def listed(
    request: HttpRequest,
    q: Word = "",
    family: Literal["", "customers", "market"] = "",
    kind: Kind | None = None,
    topic: Word = "",
    segment: Word = "",
    customer: Id | None = None,
    which: Literal["", "unread", "flagged", "ended"] = "",
):
    """What the caller may see, the newest first, at most 200. `q`: words in it; `which`: what they must still read, what is
    unreviewed or expired, or what no longer holds."""
    today = timezone.localdate(now_of(request))
    if customer is not None:
        rows = Knowledge.objects.filter(customer=_customer(request, customer))
    else:
        rows = Knowledge.objects.visible_to(by(request))
    rows = rows.narrowed(
        today=today, reader=by(request), q=q, family=family, kind=kind or "", topic=topic, segment=segment, which=which
    )  # fmt: skip
    rows = rows.select_related("customer", "segment", "captured_by").prefetch_related("customer__identities")
    return {"knowledge": [_shown(request, each) for each in rows.with_uses().order_by("-pk")[:SHOWN]]}


@router.post("/knowledge", auth=writing, response={201: KnowledgeShown}, summary="Write down what one knows")
def capture(request: HttpRequest, response: HttpResponse, given: KnowledgeGiven):
    """It counts as unreviewed until the knowledge steward has judged it."""
    customer = _customer(request, given.customer) if given.customer else None
    segment = None
    if given.segment:
        segment = Segment.objects.visible_to(by(request)).published().filter(code=given.segment).first()
        if segment is None:
            raise NotThere(knowing.no_segment(given.segment))
    source, evidence = given.source, None
    if case := case_called(given.case, by(request), customer):
        source, evidence = "case", ("case", case.pk)
    elif given.contact:
        contact = get_visible_or_404(
            Contact.objects.select_related("customer"), by(request), pk=given.contact
        )
        source, evidence, customer = "contact", ("contact", contact.pk), customer or contact.customer
        if customer != contact.customer:
            raise knowing.CannotKnow(_("This contact was with another customer."))
    with transaction.atomic():
        item = knowing.capture(
            given.kind, given.title, words=given.words, customer=customer, segment=segment, subject=given.subject,
            source=source, source_words=given.source_words, evidence=evidence, valid_until=given.valid_until,
            by=by(request), now=now_of(request),
        )  # fmt: skip
        if given.departments:
            sharing.share(item, _departments(given.departments), by=by(request), now=now_of(request))
    response["Location"] = f"/api/knowledge/{item.pk}"
    return Status(201, _shown(request, item))


@router.get("/knowledge/{int:knowledge_id}", auth=reading, response=KnowledgeShown, summary="An item")
def one(request: HttpRequest, knowledge_id: int):
    """With who used it, for what and for which case."""
    item = visible_knowledge(by(request), knowledge_id)
    uses = list(item.uses.select_related("by").order_by("-pk")[:SHOWN])
    cases = {each.case_id for each in uses if each.case_id}
    numbers = dict(Case.objects.visible_to(by(request)).filter(pk__in=cases).values_list("pk", "number"))
    shown = [
        {
            "by": person_shown(each.by), "at": each.at, "version": each.version, "for_what": each.for_what,
            "case": numbers.get(each.case_id) if each.case_id else None,
        }
        for each in uses
    ]  # fmt: skip
    return _shown(request, item) | {"uses": shown, "used": item.uses.count()}


@router.get(
    "/knowledge/{int:knowledge_id}/readers", auth=reading, response=SharesShown, summary="Who must know it"
)
def readers(request: HttpRequest, knowledge_id: int):
    """Each department that must know it: who has read it and when, and who has not yet."""
    item = visible_knowledge(by(request), knowledge_id)
    shares = list(item.shares.select_related("department").order_by("-version", "department__path"))
    read: dict[int, list[dict]] = {each.pk: [] for each in shares}
    rows = KnowledgeReading.objects.filter(share__in=shares).select_related("person")
    for each in rows.order_by("read_at", "pk"):
        read[each.share_id].append({"person": person_shown(each.person), "read_at": each.read_at})
    names = ("version", "shared_at", "read_until", "over_at", "all_saw_it")
    return {
        "shares": [
            {name: getattr(each, name) for name in names}
            | {"department": department_shown(each.department), "readers": read[each.pk]}
            for each in shares
        ]
    }


@router.post(
    "/knowledge/{int:knowledge_id}/judging", auth=writing, response=KnowledgeShown, summary="Judge it"
)
def judge(request: HttpRequest, knowledge_id: int, given: JudgingGiven):
    """For the knowledge steward."""
    item = _to_keep(request, knowledge_id)
    return _shown(request, knowing.judge(item, **given.model_dump(), by=by(request), now=now_of(request)))


@router.post(
    "/knowledge/{int:knowledge_id}/topic", auth=writing, response=KnowledgeShown, summary="Give it a topic"
)
def classify(request: HttpRequest, knowledge_id: int, given: TopicGiven):
    """It is kept from then on. For the knowledge steward."""
    item = _to_keep(request, knowledge_id)
    return _shown(
        request,
        knowing.classify(item, given.topic, review_on=given.review_on, by=by(request), now=now_of(request)),
    )


@router.post(
    "/knowledge/{int:knowledge_id}/review", auth=writing, response=KnowledgeShown, summary="It still holds"
)
def review(request: HttpRequest, knowledge_id: int, given: KnowledgeReviewGiven):
    """For the knowledge steward."""
    item = _to_keep(request, knowledge_id)
    return _shown(request, knowing.review(item, **given.model_dump(), by=by(request), now=now_of(request)))


@router.post(
    "/knowledge/{int:knowledge_id}/revision",
    auth=writing,
    response=KnowledgeShown,
    summary="Change what it says",
)
def revise(request: HttpRequest, knowledge_id: int, given: RevisionGiven):
    """A new version, which is judged anew; departments that must know it read it again once it is kept."""
    item = visible_knowledge(by(request), knowledge_id)
    must(knowing.may_change(item, by(request)))
    changed = knowing.revise(
        item, title=given.title, words=given.words, valid_until=given.valid_until, read_at_version=given.version,
        by=by(request), now=now_of(request),
    )  # fmt: skip
    return _shown(request, changed)


@router.post(
    "/knowledge/{int:knowledge_id}/ending",
    auth=writing,
    response=KnowledgeShown,
    summary="It no longer holds",
)
def end(request: HttpRequest, knowledge_id: int, given: EndingGiven):
    """Or was not worth keeping. For the knowledge steward."""
    item = _to_keep(request, knowledge_id)
    return _shown(request, knowing.end(item, given.reason, by=by(request), now=now_of(request)))


@router.post(
    "/knowledge/{int:knowledge_id}/uses", auth=writing, response={201: KnowledgeShown}, summary="It was used"
)
def use(request: HttpRequest, knowledge_id: int, given: UseGiven):
    """By the caller, for a case or anything else."""
    item = visible_knowledge(by(request), knowledge_id)
    case = case_called(given.case, by(request))
    knowing.use(
        item, for_what=given.for_what, case_id=case.pk if case else None, by=by(request), now=now_of(request),
        customer=case.customer if case and case.customer_id != item.customer_id else None,
    )  # fmt: skip
    return Status(201, one(request, knowledge_id))


@router.post(
    "/knowledge/{int:knowledge_id}/sharing",
    auth=writing,
    response={201: SharesShown},
    summary="They must know it",
)
def share(request: HttpRequest, knowledge_id: int, given: SharingGiven):
    """For whoever wrote it down, and the knowledge steward. What nobody reads in time climbs like any promise."""
    item = visible_knowledge(by(request), knowledge_id)
    must(knowing.may_change(item, by(request)))
    sharing.share(
        item,
        _departments(given.departments),
        read_until=given.read_until,
        by=by(request),
        now=now_of(request),
    )
    return Status(201, readers(request, knowledge_id))


@router.post(
    "/knowledge/{int:knowledge_id}/reading", auth=writing, response=ReadShown, summary="I have read it"
)
def read(request: HttpRequest, knowledge_id: int, given: ReadingGiven | None = None):
    """The caller has read it; the ledger keeps the proof. Nothing need be sent, or `words` on what they will do."""
    item = visible_knowledge(by(request), knowledge_id)
    words = given.words if given else ""
    return {"read_for": sharing.read(item, words=words, by=by(request), now=now_of(request))}


def _customer(request: HttpRequest, pk: int) -> Customer:
    return visible_customer(Customer.objects.all(), by(request), pk)


def _departments(codes: list[str]) -> list[Department]:
    return [department_named(code) for code in codes]


def _to_keep(request: HttpRequest, pk: int) -> Knowledge:
    item = visible_knowledge(by(request), pk)
    must(knowing.may_keep(by(request)))
    return item


def _shown(request: HttpRequest, item: Knowledge) -> dict:
    names = (
        "id", "kind", "title", "words", "version", "subject", "source", "source_words", "state", "reliability",
        "credibility", "worth", "topic", "valid_until", "review_on", "captured_at", "judged_at", "reviewed_at",
        "ended_at", "ended_why",
    )  # fmt: skip
    used = item.uses.count() if not hasattr(item, "used") else item.used or 0
    return {name: getattr(item, name) for name in names} | {
        "customer": item.customer.shown_to(by(request)) if item.customer else None,
        "segment": item.segment.code if item.segment else None,
        "captured_by": person_shown(item.captured_by),
        "flags": [code for code, _words in item.flags(timezone.localdate(now_of(request)))],
        "used": used,
    }
