"""Segments: what may be asked of customers, rules tried and published, who is in which and since when."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router
from ninja.errors import HttpError
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import CustomerShown, Id, Input, PersonShown, Said, Text, Word
from guixin.channels.api.door import Needs, by, found, must, now_of, scope
from guixin.organisation.models import Person, Scopes
from guixin.serve.overview import sees_all
from guixin.understand import segmenting
from guixin.understand.courses import Standing, standings
from guixin.understand.measuring import facts
from guixin.understand.models import Membership, Segment
from guixin.understand.previewing import preview
from guixin.understand.rules import QUESTIONS, checked, in_words
from guixin.web import money

router = Router(tags=["segments"], auth=Needs(Scopes.CUSTOMERS_READ))
changing = Needs(Scopes.STANDARDS_WRITE)
PAGE = 100

Rule = dict[str, Any]
_RULE = 'As {"match": "all", "parts": [{"fact": "net", "asks": "at_least", "value": 50000}]}; see GET /segment-facts.'


class QuestionShown(BaseModel):
    asks: str
    words: str
    takes: str


class FactShown(BaseModel):
    """One thing a rule may ask. `takes` of a question: values, number, two, days, day, text or nothing."""

    name: str
    words: str
    kind: str
    unit: str
    choices: list[dict[str, str]]
    questions: list[QuestionShown]


class SegmentShown(BaseModel):
    """`customers` and `net` as last counted, `net` in minor units of the firm's currency."""

    code: str
    name: str
    name_en: str
    purpose: str
    owner: PersonShown
    priority: int
    state: Literal["draft", "published", "withdrawn"]
    version: int | None
    rule: Rule | None
    rule_in_words: str
    draft: Rule | None
    trouble: str
    customers: int | None
    net: int
    currency: str


class SegmentGiven(Input):
    code: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,49}$")
    name: Said
    name_en: Word = ""
    purpose: Text = ""
    owner: Word = Field(description="Login of whoever answers for it.")


class SegmentChanges(Input):
    name: Said | None = None
    name_en: Word | None = None
    purpose: Text | None = None
    owner: Word | None = None


class SegmentRuleGiven(Input):
    rule: Rule = Field(description=_RULE)


class Publication(Input):
    """Without a rule, the draft is published."""

    rule: Rule | None = Field(None, description=_RULE)


class Place(Input):
    place: int = Field(ge=1, le=10_000)


class OverlapShown(BaseModel):
    segment: str
    customers: int
    stands_before: bool


class PreviewShown(BaseModel):
    """`drawn`: everything but `everybody` is estimated from so many customers, since counting all took too long; then there are
    `between` (low, high) of them 19 times out of 20. Null: counted."""

    customers: int
    everybody: int
    share: float | None
    net: int
    share_of_value: float | None
    average: int | None
    currency: str
    entering: int
    leaving: int
    overlaps: list[OverlapShown]
    drawn: int | None
    between: list[int] | None
    warnings: list[str]
    in_words: str


class MemberShown(BaseModel):
    customer: CustomerShown
    since: datetime
    until: datetime | None
    why: dict[str, Any]


class Members(BaseModel):
    rows: list[MemberShown]
    after: int | None


class MembersAsked(Input):
    """`which`: in it now, or who entered or left from … to, whole days of the firm, both included."""

    which: Literal["now", "entered", "left"] = "now"
    from_: date | None = Field(None, alias="from")
    to: date | None = None
    after: Id | None = None


def _segment(request: HttpRequest, code: str) -> Segment:
    return found(Segment.objects.select_related("owner").visible_to(by(request)).filter(code=code).first())


def _editable(request: HttpRequest, code: str) -> Segment:
    segment = _segment(request, code)
    must(segmenting.may_edit(segment, by(request)))
    return segment


def _shown(standing: Standing) -> dict[str, Any]:
    segment = standing.segment
    version = segment.versions.filter(withdrawn_at=None).first()
    state = "withdrawn" if segment.withdrawn_at else "published" if segment.published_at else "draft"
    return {
        "code": segment.code, "name": segment.name, "name_en": segment.name_en, "purpose": segment.purpose,
        "owner": {"id": segment.owner.pk, "name": segment.owner.name}, "priority": segment.priority, "state": state,
        "version": version.number if version else None, "rule": version.rule if version else None,
        "rule_in_words": in_words(version.rule) if version else "", "draft": segment.draft,
        "trouble": segment.trouble, "customers": standing.members, "net": standing.net,
        "currency": money.firm_currency(),
    }  # fmt: skip


def _one(request: HttpRequest, segment: Segment) -> dict[str, Any]:
    return _shown(standings([segment], now_of(request))[0])


@router.get("/segment-facts", response=list[FactShown], summary="What a rule may ask of customers")
def facts_known(request: HttpRequest):
    return [
        {
            "name": fact.name, "words": str(fact.words), "kind": fact.kind.value, "unit": str(fact.unit),
            "choices": [{"value": value, "words": str(words)} for value, words in fact.choices()],
            "questions": [
                {"asks": name, "words": str(each.words), "takes": each.takes}
                for name, each in QUESTIONS[fact.kind].items()
            ],
        }
        for fact in facts().values()
    ]  # fmt: skip


@router.get("/segments", response=list[SegmentShown], summary="Segments in their order")
def listed(request: HttpRequest):
    segments = Segment.objects.visible_to(by(request)).select_related("owner").order_by("priority")
    return [_shown(each) for each in standings(segments, now_of(request))]


@router.post(
    "/segments", auth=changing, response={201: SegmentShown}, summary="A new segment, without a rule yet"
)
def define(request: HttpRequest, given: SegmentGiven):
    must(segmenting.may_define(by(request)))
    made = segmenting.define(
        given.code, name=given.name, name_en=given.name_en, purpose=given.purpose, owner=_person(given.owner),
        by=by(request), now=now_of(request),
    )  # fmt: skip
    return Status(201, _one(request, made))


def _person(login: str) -> Person:
    person = Person.objects.active().filter(login=login).first()
    if person is None:
        raise HttpError(422, _("Nobody here is called “%s”.") % login)
    return person


@router.get("/segments/{slug:code}", response=SegmentShown, summary="A segment")
def shown(request: HttpRequest, code: str):
    return _one(request, _segment(request, code))


@router.patch(
    "/segments/{slug:code}", auth=changing, response=SegmentShown, summary="Change name, owner or purpose"
)
def described(request: HttpRequest, code: str, given: SegmentChanges):
    segment = _editable(request, code)
    changes: dict[str, Any] = given.model_dump(exclude_unset=True, exclude_none=True)
    if "owner" in changes:
        changes["owner"] = _person(changes["owner"])
    return _one(request, segmenting.describe(segment, changes, by=by(request), now=now_of(request)))


@router.post("/segments/{slug:code}/preview", response=PreviewShown, summary="What a rule would mean")
def previewed(request: HttpRequest, code: str, given: SegmentRuleGiven):
    """Counted at this moment, or estimated where that takes too long; nothing is kept. Refused in the words of the pages where the rule cannot be followed."""
    segment = _segment(request, code)
    rule = checked(given.rule, code=segment.code)
    seen = preview(rule, segment=segment, now=now_of(request), sample=0)
    return {
        **{name: getattr(seen, name) for name in ("customers", "everybody", "share", "net", "share_of_value",
                                                  "average", "entering", "leaving", "drawn", "between")},
        "currency": money.firm_currency(),
        "overlaps": [
            {"segment": each.segment.code, "customers": each.customers, "stands_before": each.stands_before}
            for each in seen.overlaps
        ],
        "warnings": seen.warnings(), "in_words": in_words(rule),
    }  # fmt: skip


@router.post(
    "/segments/{slug:code}/draft", auth=changing, response=SegmentShown, summary="Keep a rule as the draft"
)
def drafted(request: HttpRequest, code: str, given: SegmentRuleGiven):
    segment = _editable(request, code)
    return _one(request, segmenting.keep_draft(segment, given.rule, by=by(request), now=now_of(request)))


@router.delete(
    "/segments/{slug:code}/draft", auth=changing, response=SegmentShown, summary="Throw the draft away"
)
def discarded(request: HttpRequest, code: str):
    segmenting.discard_draft(_editable(request, code))
    return _one(request, _segment(request, code))


@router.post(
    "/segments/{slug:code}/publication", auth=changing, response={201: SegmentShown}, summary="Publish a new version"
)  # fmt: skip
def published(request: HttpRequest, code: str, given: Publication):
    """A worker sorts the customers by it at once; `customers` follows in a moment."""
    segmenting.publish(_editable(request, code), given.rule, by=by(request), now=now_of(request))
    return Status(201, _one(request, _segment(request, code)))


@router.delete(
    "/segments/{slug:code}/publication", auth=changing, response=SegmentShown, summary="Withdraw a segment"
)
def withdrawn(request: HttpRequest, code: str):
    """Refused while another segment or a package needs it."""
    segmenting.withdraw(_editable(request, code), by=by(request), now=now_of(request))
    return _one(request, _segment(request, code))


@router.post(
    "/segments/{slug:code}/place", auth=changing, response=SegmentShown, summary="Its place in the order"
)
def placed(request: HttpRequest, code: str, given: Place):
    """1 stands first: whoever is in several segments is treated by the first."""
    segment = _segment(request, code)
    must(segmenting.may_define(by(request)))
    segmenting.move(segment, given.place, by=by(request), now=now_of(request))
    return _one(request, _segment(request, code))


@router.get("/segments/{slug:code}/customers", response=Members, summary="Customers of a segment, masked")
def members(request: HttpRequest, code: str, asked: Query[MembersAsked]):
    segment = _segment(request, code)
    must(sees_all(scope(request)))
    wanted = Membership.objects.filter(segment=segment).filter(**_between(asked))
    if asked.after:
        wanted = wanted.filter(pk__lt=asked.after)
    rows = (
        wanted.select_related("customer").prefetch_related("customer__identities").order_by("-pk")[: PAGE + 1]
    )
    page = list(rows)
    return {
        "rows": [
            {"customer": e.customer.shown_to(by(request)), "since": e.since, "until": e.until, "why": e.why}
            for e in page[:PAGE]
        ],
        "after": page[PAGE - 1].pk if len(page) > PAGE else None,
    }


def _between(asked: MembersAsked) -> Mapping[str, Any]:
    if asked.which == "now":
        return {"until": None}
    name = "since" if asked.which == "entered" else "until"
    said: dict[str, Any] = {"until__isnull": False} if asked.which == "left" else {}
    for day, sign, later in ((asked.from_, "gte", 0), (asked.to, "lt", 1)):
        if day is None:
            continue
        if not 1970 <= day.year <= 2200:
            raise Http404
        said[f"{name}__{sign}"] = timezone.make_aware(datetime.combine(day + timedelta(days=later), time.min))
    return said
