"""Whose notices a robot posts, and when it has something to say and may say it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, OuterRef

from guixin.channels.models import Robot, RobotLine
from guixin.channels.models.robot import urgent_passes
from guixin.ledger.models import Outgoing
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Department

CHANNEL = "robot"
A_MINUTE = timedelta(minutes=1)
KEPT_SAID = timedelta(days=30)


def robots_of(people: Sequence[int], now: datetime) -> list[tuple[int, int]]:
    """(person, robot) for these people: the robots of the nearest department up their line that has any; else the firm's."""
    by_department: dict[int | None, list[int]] = {}
    for pk, department_id in Robot.objects.filter(is_active=True).values_list("pk", "department_id"):
        by_department.setdefault(department_id, []).append(pk)
    if not by_department:
        return []
    above = dict(Department.objects.values_list("pk", "parent_id"))
    ladder, found = Ladder.at(now), set()
    for person_id in people:
        own: set[int | None] = {seat.department_id for seat in ladder.seats_of(person_id)}
        for at in own or {None}:
            while at is not None and at not in by_department:
                at = above.get(at)
            found |= {(person_id, robot) for robot in by_department.get(at, ())}
    return sorted(found)


def call_robots(now: datetime) -> int:
    """Put a call into the post for each robot that has something to say and may speak now. Returns how many.

    What a robot says is gathered when it leaves, so everything that came meanwhile is in the one message.
    """
    waiting = Outgoing.objects.filter(channel=CHANNEL, state=Outgoing.State.WAITING)
    on_their_way = {int(lane.removeprefix("robot:")) for lane in waiting.values_list("lane", flat=True)}
    unsaid = RobotLine.objects.filter(robot=OuterRef("pk"), said_at=None)
    robots = Robot.objects.filter(Exists(unsaid), is_active=True, stopped_at=None).annotate(
        has_urgent=Exists(unsaid.filter(is_urgent=True))
    )
    passes, calls = None, []
    for robot in robots:
        if robot.pk in on_their_way or may_speak_at(robot, now) > now:
            continue
        if robot.is_quiet(now):
            passes = urgent_passes() if passes is None else passes
            if not (passes and robot.has_urgent):
                continue
        calls.append(Outgoing(channel=CHANNEL, lane=robot.lane, payload={"robot": robot.pk}, next_try_at=now))
    Outgoing.objects.bulk_create(calls)
    return len(calls)


def may_speak_at(robot: Robot, now: datetime) -> datetime:
    """`now`, or when the gap after its last message is over and its minute has room again."""
    spoken = sorted(at for at in robot.recent if at <= now)  # what lies ahead is of a clock that went back
    allowed = now
    if spoken:
        allowed = max(allowed, spoken[-1] + timedelta(seconds=robot.gap_seconds))
    within = [at for at in spoken if at > now - A_MINUTE]
    if len(within) >= robot.a_minute:
        allowed = max(allowed, within[-robot.a_minute] + A_MINUTE)
    return allowed


def spoke(robot: Robot, now: datetime) -> None:
    """Count this message; the newest is kept for the gap, those of the last minute for the limit."""
    robot.recent = [at for at in robot.recent if now - A_MINUTE < at <= now] + [now]
    robot.save(update_fields=["recent"])


def prune(now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM channels_robotline WHERE said_at < %s", [now - KEPT_SAID])
