"""Robots that post notices in the firm's chats, and how the caller's person wants to be told."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Input, TimeOfDay, Word
from guixin.channels.api.door import Needs, by, found, now_of
from guixin.channels.api.finding import department_named
from guixin.channels.models import NoticeWishes, Robot
from guixin.channels.robots import keeping
from guixin.organisation.models import Scopes

router = Router(tags=["notices"], auth=Needs(Scopes.WEBHOOKS, administrators=True))
Kind = Literal["dingtalk", "wecom", "feishu", "webhook"]
TopicName = Literal["urgent", "asked", "work", "settled", "news"]
Language = Literal["zh-hans", "zh-hant", "en"]


class RobotChangedGiven(Input):
    """Only what is named is changed. `url` and `secret` are never answered back."""

    name: Word | None = None
    url: str | None = Field(None, min_length=10, max_length=2000)
    secret: Word | None = None
    keyword: Word | None = None
    department: Word | None = Field(None, description="Its code; the empty word for the whole firm.")
    topics: list[TopicName] | None = None
    mentions: bool | None = None
    language: Language | None = None
    a_minute: int | None = Field(None, ge=1, le=600)
    gap_seconds: int | None = Field(None, ge=0, le=86_400)
    quiet_from: TimeOfDay | None = None
    quiet_to: TimeOfDay | None = None
    is_active: bool | None = None


class RobotGiven(RobotChangedGiven):
    """`url` and `secret` open the chat to whoever has them; no answer shows them."""

    name: Word
    kind: Kind
    url: str = Field(min_length=10, max_length=2000)


class RobotShown(BaseModel):
    id: int
    name: str
    kind: str
    address: str = Field(description="The host and the last four characters.")
    has_secret: bool
    keyword: str
    department: str | None
    topics: list[str]
    mentions: bool
    language: str
    a_minute: int
    gap_seconds: int
    quiet_from: TimeOfDay | None
    quiet_to: TimeOfDay | None
    is_active: bool
    stopped_at: datetime | None
    unsaid: int


class RobotsShown(BaseModel):
    robots: list[RobotShown]


class WishesGiven(Input):
    """Topics by way; the person's page always tells."""

    mail: list[TopicName]
    robot: list[TopicName]
    quiet_from: TimeOfDay | None = None
    quiet_to: TimeOfDay | None = None


class WishesShown(BaseModel):
    mail: list[str]
    robot: list[str]
    quiet_from: TimeOfDay | None
    quiet_to: TimeOfDay | None


def _robot(pk: int) -> Robot:
    return found(Robot.objects.select_related("department").filter(pk=pk).first())


def _shown(robot: Robot) -> dict:
    names = set(RobotShown.model_fields) - {"address", "has_secret", "department", "unsaid"}
    return {name: getattr(robot, name) for name in names} | {
        "address": robot.shown_url,
        "has_secret": bool(robot.secret),
        "department": robot.department.code if robot.department else None,
        "unsaid": robot.lines.filter(said_at=None).count(),
    }


def _values(given: RobotChangedGiven) -> dict:
    said = given.model_dump(exclude_unset=True)
    if "department" in said:
        said["department"] = department_named(said["department"]) if said["department"] else None
    return {
        name: value
        for name, value in said.items()
        if value is not None or name in ("department", "quiet_from", "quiet_to")
    }


@router.get("/robots", response=RobotsShown, summary="Robots in the firm's chats")
def listed(request: HttpRequest):
    """With how many notices each has still to post."""
    return {"robots": [_shown(each) for each in Robot.objects.select_related("department").order_by("pk")]}


@router.post("/robots", response={201: RobotShown}, summary="Set up a robot")
def make(request: HttpRequest, given: RobotGiven):
    """Its chat hears notices from now on."""
    made = keeping.make(**_values(given), by=by(request), now=now_of(request))
    return Status(201, _shown(_robot(made.pk)))


@router.patch("/robots/{pk}", response=RobotShown, summary="Change a robot")
def change(request: HttpRequest, pk: int, given: RobotChangedGiven):
    """One that stood still tries again."""
    keeping.change(_robot(pk), **_values(given), by=by(request), now=now_of(request))
    return _shown(_robot(pk))


@router.delete("/robots/{pk}", response={204: None}, summary="Take a robot away")
def end(request: HttpRequest, pk: int):
    """What it has not said stays on everybody's page."""
    keeping.end(_robot(pk), by=by(request), now=now_of(request))
    return HttpResponse(status=204)


@router.post("/robots/{pk}/test", response={204: None}, summary="A test message")
def test(request: HttpRequest, pk: int):
    """Said at once; what the chat refuses is answered in its words."""
    keeping.try_out(_robot(pk), now=now_of(request))
    return HttpResponse(status=204)


@router.get("/notice-wishes", response=WishesShown, auth=Needs(Scopes.CASES_READ), summary="How I am told")
def wishes(request: HttpRequest):
    """By which ways of which topics, and when not."""
    return _wishes_shown(NoticeWishes.of(by(request)))


@router.put(
    "/notice-wishes", response=WishesShown, auth=Needs(Scopes.CASES_WRITE), summary="Choose how I am told"
)
def wish(request: HttpRequest, given: WishesGiven):
    """For the person behind the key."""
    return _wishes_shown(keeping.wish(by(request), **given.model_dump()))


def _wishes_shown(row: NoticeWishes) -> dict:
    return {name: getattr(row, name) for name in WishesShown.model_fields}
