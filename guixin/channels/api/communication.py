"""Communication plans: what the customers of a segment are told; what became of every message; what came back."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router
from ninja.errors import HttpError
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import CustomerShown, Id, Input, Said, Text, TimeOfDay, Word
from guixin.channels.api.door import Needs, by, must, now_of, scope
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Scopes
from guixin.promise import answering, communication
from guixin.promise.models import CommunicationPlan, CommunicationVersion, PlanMessage
from guixin.promise.plan_forecast import Forecast, forecast
from guixin.serve.overview import sees_all
from guixin.understand.models import Contact, Segment
from guixin.understand.segmenting import may_edit

router = Router(tags=["communication plans"], auth=Needs(Scopes.STANDARDS_READ))
publishing = Needs(Scopes.STANDARDS_WRITE)
of_customers = Needs(Scopes.CUSTOMERS_READ)
answers_come = Needs(Scopes.CASES_WRITE)
AT_ONCE = 100
ChannelName = Literal["email", "sms", "wechat", "wecom", "program", "call", "visit"]
PurposeName = Literal["service", "survey", "news", "research", "sharing"]
StateName = Literal["waiting", "posted", "sent", "planned", "not_sent"]
OutcomeName = Literal["good", "mixed", "bad", "not_reached"]


class Line(Input):
    """`code` names a line through all versions; without one it is new. What an occasion does not ask is left out."""

    code: str = Field("", pattern="^[a-z0-9_-]{0,50}$")
    occasion: str = Field(max_length=50, description="entered, graded, bought, case_closed, date or every.")
    direction: Literal["", "up", "down"] = ""
    on_day: date | None = None
    months: int | None = Field(None, ge=1, le=60)
    delay_hours: int = Field(0, ge=0, le=8784)
    at: TimeOfDay | None = Field(None, description="Not before this time of the day.")
    channel: ChannelName
    purpose: PurposeName
    subject: Said
    subject_en: Word = ""
    body: Text = ""
    body_en: Text = ""


class PlanContent(Input):
    """The whole of a version."""

    calendar: Word | None = Field(
        None, description="Code of the hours in which messages leave; none: the firm's."
    )
    quiet_from: TimeOfDay | None = None
    quiet_to: TimeOfDay | None = None
    at_most: int = Field(communication.AT_MOST, ge=1, le=99)
    within_days: int = Field(communication.WITHIN_DAYS, ge=1, le=366)
    entries: list[Line] = Field(max_length=communication.AT_MOST_ENTRIES)


class PlanLineShown(BaseModel):
    code: str
    occasion: str
    direction: str
    on_day: date | None
    months: int | None
    delay_hours: int
    at: str | None
    channel: str
    purpose: str
    subject: str
    subject_en: str
    body: str
    body_en: str


class PlanVersionShown(BaseModel):
    number: int
    published_at: datetime
    withdrawn_at: datetime | None
    calendar: str | None
    quiet_from: str | None
    quiet_to: str | None
    at_most: int
    within_days: int
    entries: list[PlanLineShown]


class PlanShown(BaseModel):
    segment: str
    in_force: PlanVersionShown | None


class LineForecastShown(BaseModel):
    """Of `events`, `told` would be told, and the others not; `moved_by_quiet` are among those told."""

    code: str
    occasion: str
    lies_ahead: bool
    events: int
    told: int
    without_address: int
    without_consent: int
    above_cap: int
    moved_by_quiet: int


class SampleShown(BaseModel):
    customer: str
    address: str
    channel: str
    subject: str
    body: str
    missing: list[str]


class ForecastShown(BaseModel):
    customers: int
    governed: int
    lines: list[LineForecastShown]
    samples: list[SampleShown]


class PlanMessageShown(BaseModel):
    """`reason` says why it was not sent, `detail` which value was missing or what the other side answered."""

    id: int
    customer: CustomerShown
    occasion: str
    line: str
    channel: str
    state: str
    reason: str
    detail: str
    subject: str
    body: str
    happened_at: datetime
    due_at: datetime
    sent_at: datetime | None
    contact: int | None
    replies: list[int]


class MessagesShown(BaseModel):
    messages: list[PlanMessageShown]
    number: int


class PlanReplyGiven(Input):
    """`key` is the other side's own number of the reply: the same again adds nothing."""

    words: Said
    outcome: OutcomeName = "good"
    key: Word = ""


class BounceGiven(Input):
    detail: Word = ""


class ReplyShown(BaseModel):
    contact: int


def _segment(request: HttpRequest, code: str) -> Segment:
    segments = Segment.objects.select_related("owner")
    return get_visible_or_404(segments, by(request), code=code.replace("\x00", ""))


def _to_decide_on(request: HttpRequest, code: str) -> Segment:
    segment = _segment(request, code)
    must(may_edit(segment, by(request)))
    return segment


def _version(version: CommunicationVersion) -> dict[str, Any]:
    said = communication.content_of(version)
    return {name: getattr(version, name) for name in ("number", "published_at", "withdrawn_at")} | said


def _shown(segment: Segment, plan: CommunicationPlan | None) -> dict[str, Any]:
    version = communication.in_force(plan) if plan else None
    return {"segment": segment.code, "in_force": _version(version) if version else None}


def _content(given: PlanContent) -> dict[str, Any]:
    return given.model_dump()


@router.get("/communication-plans", response=list[PlanShown], summary="What customers are told, by segment")
def listed(request: HttpRequest):
    """Those in force."""
    plans = CommunicationPlan.objects.visible_to(by(request)).filter(
        versions__withdrawn_at__isnull=True, versions__isnull=False
    )
    return [
        _shown(each.segment, each)
        for each in plans.select_related("segment").order_by("segment__priority")[:200]
    ]


@router.get("/communication-plans/{segment}", response=PlanShown, summary="The plan of a segment")
def one(request: HttpRequest, segment: str):
    found = _segment(request, segment)
    return _shown(found, CommunicationPlan.objects.filter(segment=found).first())


@router.post(
    "/communication-plans/{segment}/forecast",
    auth=publishing,
    response=ForecastShown,
    summary="What a plan would do",
)
def foreseen(request: HttpRequest, segment: str, given: PlanContent):
    """How many would be told what in the next thirty days, and who would not. Nothing is kept."""
    found = _to_decide_on(request, segment)
    entries = [communication.checked_entry(each) for each in _content(given)["entries"]]
    plan = CommunicationPlan.objects.filter(segment=found).first() or CommunicationPlan(segment=found)
    seen = forecast(plan, {**_content(given), "entries": entries}, now=now_of(request))
    return _foreseen(seen, with_samples=sees_all(scope(request)))


def _foreseen(seen: Forecast, *, with_samples: bool) -> dict[str, Any]:
    counted = set(LineForecastShown.model_fields) - {"code", "occasion"}
    return {
        "customers": seen.customers,
        "governed": seen.governed,
        "lines": [
            {name: getattr(each, name) for name in counted}
            | {"code": each.entry["code"], "occasion": each.entry["occasion"]}
            for each in seen.lines
        ],
        "samples": [
            {name: getattr(each, name) for name in SampleShown.model_fields} for each in seen.samples if with_samples
        ],
    }  # fmt: skip


@router.post(
    "/communication-plans/{segment}/versions",
    auth=publishing,
    response={201: PlanShown},
    summary="Put a plan into force",
)
def publish(request: HttpRequest, segment: str, given: PlanContent):
    """What happens from now on is told by it. A draft somebody works on at a desk is replaced."""
    found = _to_decide_on(request, segment)
    plan = communication.plan_of(found)
    communication.publish(plan, _content(given), by=by(request), now=now_of(request))
    return Status(201, _shown(found, plan))


@router.delete(
    "/communication-plans/{segment}", auth=publishing, response=PlanShown, summary="Withdraw a plan"
)
def withdraw(request: HttpRequest, segment: str):
    """What waits is not sent."""
    found = _to_decide_on(request, segment)
    plan = get_visible_or_404(CommunicationPlan.objects, by(request), segment=found)
    communication.withdraw(plan, by=by(request), now=now_of(request))
    return _shown(found, plan)


# -- the messages --------------------------------------------------------------------------------------------------


def _may_open(request: HttpRequest) -> None:
    if not sees_all(scope(request)):
        raise HttpError(403, _("Only those who see every customer see whom a plan reaches."))


def _message(request: HttpRequest, pk: int) -> PlanMessage:
    messages = PlanMessage.objects.select_related("customer", "entry", "plan__segment")
    message = get_visible_or_404(messages, by(request), pk=pk)
    _may_open(request)
    return message


def _told(request: HttpRequest, message: PlanMessage) -> dict[str, Any]:
    same = (
        "id",
        "occasion",
        "state",
        "reason",
        "detail",
        "subject",
        "body",
        "happened_at",
        "due_at",
        "sent_at",
    )
    return {name: getattr(message, name) for name in same} | {
        "customer": message.customer.shown_to(by(request)),
        "line": message.entry.code,
        "channel": message.channel or message.entry.channel,
        "contact": message.contact_id,
        "replies": [each.contact_id for each in message.replies.all()],
    }


@router.get(
    "/communication-plans/{segment}/messages",
    auth=of_customers,
    response=MessagesShown,
    summary="Whom a plan reached",
)
def messages(
    request: HttpRequest,
    segment: str,
    state: StateName | None = None,
    reason: Annotated[str, Query(max_length=20)] = "",
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
):
    """100 at a time, the newest first; customers masked."""
    found = _segment(request, segment)
    _may_open(request)
    every = PlanMessage.objects.filter(plan__segment=found)
    if state:
        every = every.filter(state=state)
    if reason:
        every = every.filter(reason=reason.replace("\x00", ""))
    some = every.select_related("customer", "entry").prefetch_related("customer__identities", "replies")
    listed = some.order_by("-due_at", "-pk")[skip : skip + AT_ONCE]
    return {"messages": [_told(request, each) for each in listed], "number": every.count()}


@router.get(
    "/communication-messages/{message_id}",
    auth=of_customers,
    response=PlanMessageShown,
    summary="One message",
)
def one_message(request: HttpRequest, message_id: Id):
    return _told(request, _message(request, message_id))


@router.post(
    "/communication-messages/{message_id}/replies", auth=answers_come, response={201: ReplyShown},
    summary="A customer answered",
)  # fmt: skip
def reply(request: HttpRequest, message_id: Id, given: PlanReplyGiven):
    """It becomes a contact of the customer, linked to the message. A gateway that gets answers posts them here."""
    message = _message(request, message_id)
    contact: Contact = answering.reply(
        message, given.words, by=by(request), now=now_of(request), outcome=given.outcome, key=given.key
    )
    return Status(201, {"contact": contact.pk})


@router.post(
    "/communication-messages/{message_id}/bounce",
    auth=answers_come,
    response=PlanMessageShown,
    summary="It did not arrive",
)
def bounce(request: HttpRequest, message_id: Id, given: BounceGiven):
    message = _message(request, message_id)
    return _told(request, answering.bounced(message, given.detail, now=now_of(request)))
