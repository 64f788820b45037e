"""Which robots there are: made, changed, switched, tried out, taken away; and the firm's rule about quiet hours."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.channels import http
from guixin.channels.models import NoticeRules, NoticeWishes, Robot
from guixin.channels.models.robot import urgent_passes
from guixin.channels.notice_topics import Topic
from guixin.channels.robots import cards, chats, events, gathering, sending
from guixin.ledger import record
from guixin.ledger.models import Outgoing
from guixin.organisation.models import Person
from guixin.web.refusals import Refused

SECRET = ("url", "secret")  # an empty one in a form keeps what is there


class CannotKeep(Refused):
    """The robot, or the wish, cannot be like this."""

    about_input = True


class NotHeard(Refused):
    """The test message did not arrive, and what the chat said."""


@transaction.atomic
def make(*, by: Person | None, now: datetime, **values: Any) -> Robot:
    robot = Robot(made_at=now, **values)
    _check(robot)
    robot.save()
    record(events.RobotMade(robot_kind=robot.kind, **_about(robot, by, now)))
    return robot


@transaction.atomic
def change(robot: Robot, *, by: Person | None, now: datetime, **values: Any) -> Robot:
    """Only what is given. A robot that stood still tries again."""
    robot = Robot.objects.select_for_update().get(pk=robot.pk)
    changed = [name for name, value in values.items() if getattr(robot, name) != value]
    for name in changed:
        setattr(robot, name, values[name])
    _check(robot)
    robot.stopped_at = None
    robot.save(update_fields=[*changed, "stopped_at"])
    if changed:
        record(events.RobotChanged(changed=", ".join(changed), **_about(robot, by, now)))
    return robot


@transaction.atomic
def end(robot: Robot, *, by: Person | None, now: datetime) -> None:
    """What it has not said stays on everybody's page."""
    record(events.RobotEnded(**_about(robot, by, now)))
    Outgoing.objects.filter(channel=gathering.CHANNEL, lane=robot.lane, state=Outgoing.State.WAITING).update(
        state=Outgoing.State.DEAD, last_error="The robot was taken away."
    )
    robot.delete()


@transaction.atomic
def try_out(robot: Robot, *, now: datetime) -> None:
    """Say a test message at once. Raises NotHeard with the words of the chat."""
    robot = Robot.objects.select_for_update().get(pk=robot.pk)
    if gathering.may_speak_at(robot, now) > now and len(robot.recent) >= robot.a_minute:
        raise NotHeard(_("It has spoken as often as the chat allows in a minute; try again in a moment."))
    try:
        sending.say(robot, cards.test_card(robot, now), f"test-{robot.pk}-{now:%H%M%S}")
    except (http.Forbidden, http.Unreachable, chats.TooFast, chats.NotTaken) as why:
        raise NotHeard(
            _("The test did not arrive: %(why)s") % {"why": _without_secrets(robot, str(why))}
        ) from why
    gathering.spoke(robot, now)
    Robot.objects.filter(pk=robot.pk).update(stopped_at=None)


def _without_secrets(robot: Robot, text: str) -> str:
    for secret in filter(None, (robot.url, robot.secret, robot.url.rpartition("=")[2])):
        text = text.replace(secret, "…")
    return text


@transaction.atomic
def let_urgent_pass(passes: bool, *, by: Person | None, now: datetime) -> None:
    """Whether what is urgent is told in quiet hours too; for everybody of the firm."""
    if passes == urgent_passes():
        return
    NoticeRules.objects.update_or_create(only_one=True, defaults={"urgent_passes": passes})
    record(
        events.NoticeRulesChanged(
            happened_at=now, actor_id=by.pk if by else None, about=("notice_rules", 1), urgent_passes=passes
        )
    )


def wish(person: Person, **values: Any) -> NoticeWishes:
    """How this person wants to be told: `mail`, `robot` (topics), `quiet_from`, `quiet_to`."""
    if (values.get("quiet_from") is None) != (values.get("quiet_to") is None):
        raise CannotKeep(_("Quiet hours have a beginning and an end."))
    for way in ("mail", "robot"):
        if unknown := set(values.get(way, ())) - set(Topic.values):
            raise CannotKeep(_("There is no topic called “%s”.") % sorted(unknown)[0])
    wishes, _made = NoticeWishes.objects.update_or_create(person=person, defaults=values)
    return wishes


def _check(robot: Robot) -> None:
    if not robot.name.strip():
        raise CannotKeep(_("Give it a name."))
    if (robot.quiet_from is None) != (robot.quiet_to is None):
        raise CannotKeep(_("Quiet hours have a beginning and an end."))
    if unknown := set(robot.topics) - set(Topic.values):
        raise CannotKeep(_("There is no topic called “%s”.") % sorted(unknown)[0])
    try:
        http.check_address(robot.url)
        robot.clean_fields(exclude=["stopped_at"])
    except http.Forbidden as why:
        raise CannotKeep(str(why)) from why
    except ValidationError as wrong:
        name, messages = next(iter(wrong.message_dict.items()))
        raise CannotKeep(f"{name}: {messages[0]}") from wrong


def _about(robot: Robot, by: Person | None, now: datetime) -> dict[str, Any]:
    return {"happened_at": now, "actor_id": by.pk if by else None, "about": ("robot", robot.pk)}
