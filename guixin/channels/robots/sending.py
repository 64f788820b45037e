"""One message of a robot on its way: what is unsaid by then, said in the transaction that settles the row."""

from datetime import datetime

from guixin.channels import http
from guixin.channels.models import Robot
from guixin.channels.models.robot import urgent_passes
from guixin.channels.robots import cards, chats, gathering
from guixin.channels.robots.gathering import CHANNEL
from guixin.ledger.clock import database_now
from guixin.ledger.models import Outgoing
from guixin.ledger.outbox import CannotDeliver, Later, deliver_by


def send(row: Outgoing) -> None:
    """Say everything unsaid in one message. Too fast for the chat: later, and nothing is lost; refused: tried again."""
    robot = Robot.objects.select_for_update().filter(pk=row.payload["robot"]).first()
    if robot is None or not robot.is_active:
        raise CannotDeliver("The robot is switched off.")
    now = database_now()
    if (allowed := gathering.may_speak_at(robot, now)) > now:
        raise Later("The robot has spoken often enough for now.", allowed)
    only_urgent = robot.is_quiet(now)
    if only_urgent and not urgent_passes():
        return  # the quiet hours have begun; what is unsaid is called for again when they end
    card = cards.compose(robot, only_urgent=only_urgent, now=now)
    if card is None:
        return
    try:
        say(robot, card, str(row.key))
    except http.Forbidden as why:
        raise CannotDeliver(str(why)) from why
    except chats.TooFast as why:
        raise Later(str(why), now + why.rest) from why
    gathering.spoke(robot, now)
    cards.unsaid(robot, only_urgent=only_urgent).update(said_at=now)


def say(robot: Robot, card: cards.Card, message_id: str) -> None:
    """Raises http.Forbidden, http.Unreachable, chats.TooFast or chats.NotTaken."""
    call = chats.dressed(robot, card, message_id)
    chats.read(robot, *http.post_and_read(call.url, call.body, call.headers))


def gave_up(row: Outgoing, why: Exception, now: datetime) -> None:
    """It stands still until somebody looks after it; what it has to say waits."""
    Robot.objects.filter(pk=row.payload["robot"], is_active=True).update(stopped_at=now)


deliver_by(CHANNEL, send, gave_up)
