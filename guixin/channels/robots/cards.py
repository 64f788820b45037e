"""What a robot says: a title, the state by colour, three facts, one button. Numbers, sentences, departments and times;
never a subject, a name or a phone of a customer, because a chat is read by many."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guixin.channels.models import Robot, RobotLine
from guixin.channels.notice_topics import Topic, topic_of
from guixin.ledger.wording import in_words
from guixin.organisation.models import Person
from guixin.promise.matters import matters_for
from guixin.serve.models import Case, Task

LISTED = 10  # lines of a digest; the rest is counted
MENTIONED = 5  # people called by their phone in one message
RED, ORANGE, GREEN, BLUE = "red", "orange", "green", "blue"

# Several people's notices of one event are one line.
_EVENTS = """
    SELECT n.kind, n.case_id, n.about_kind, n.about_id, n.happened_at, (array_agg(n.facts))[1],
           array_agg(DISTINCT n.person_id), count(*) OVER ()
    FROM channels_robotline l JOIN channels_notice n ON n.id = l.notice_id
    WHERE l.robot_id = %s AND l.said_at IS NULL AND (l.is_urgent OR NOT %s)
    GROUP BY n.kind, n.case_id, n.about_kind, n.about_id, n.happened_at
    ORDER BY bool_or(l.is_urgent) DESC, n.happened_at DESC, n.about_id DESC LIMIT %s
"""


@dataclass(frozen=True)
class Card:
    """One message, before a chat's own dress. `phones`: whom it calls."""

    title: str
    colour: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    button: str = ""
    address: str = ""
    phones: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Happened:
    kind: str
    case_id: int | None
    about: tuple[str, int]
    at: datetime
    facts: dict[str, Any]
    people: list[int]


def unsaid(robot: Robot, *, only_urgent: bool) -> Any:
    """The lines the next message settles."""
    lines = RobotLine.objects.filter(robot=robot, said_at=None)
    return lines.filter(is_urgent=True) if only_urgent else lines


def compose(robot: Robot, *, only_urgent: bool, now: datetime) -> Card | None:
    """The message about everything unsaid; None if there is nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, [robot.pk, only_urgent, LISTED])
        rows = cursor.fetchall()
    if not rows:
        return None
    happened = [
        _Happened(kind, case_id, (about_kind, about_id), at, facts if isinstance(facts, dict) else json.loads(facts), people)
        for kind, case_id, about_kind, about_id, at, facts, people, _count in rows
    ]  # fmt: skip
    with translation.override(robot.language):
        phones = _phones(happened) if robot.mentions else []
        if rows[0][-1] == 1:
            return _single(happened[0], phones, now)
        return _digest(happened, rows[0][-1], phones)


def test_card(robot: Robot, now: datetime) -> Card:
    with translation.override(robot.language):
        return Card(
            title=_("Test from Guixin"), colour=GREEN,
            facts=[(_("Robot"), robot.name), (_("Time"), _clock(now)), (_("State"), _("Notices arrive here."))],
            button=_("Open Guixin"), address=settings.BASE_URL,
        )  # fmt: skip


def _single(one: _Happened, phones: list[str], now: datetime) -> Card:
    numbers, departments = _cases([one])
    facts = [(_("Case"), numbers[one.case_id])] if one.case_id in numbers else []
    if one.case_id in departments:
        facts.append((_("Department"), departments[one.case_id]))
    due = one.facts.get("due_at")
    if due and topic_of(one.kind) != Topic.SETTLED:
        facts.append((_("Due"), _clock(datetime.fromisoformat(due))))
    facts.append((_("Since") if topic_of(one.kind) == Topic.URGENT else _("Time"), _clock(one.at)))
    return Card(
        title=in_words(one.kind, one.facts), colour=_colour([one]), facts=facts[:4], button=_("Open"),
        address=_address(one, numbers), phones=phones,
    )  # fmt: skip


def _digest(happened: Sequence[_Happened], count: int, phones: list[str]) -> Card:
    numbers, _departments = _cases(happened)
    lines = [
        " ".join(
            filter(None, [_clock(one.at), numbers.get(one.case_id or 0, ""), in_words(one.kind, one.facts)])
        )
        for one in happened
    ]
    if count > len(lines):
        lines.append(_("… and %(count)d more on your page.") % {"count": count - len(lines)})
    return Card(
        title=ngettext("%(count)d new notice", "%(count)d new notices", count) % {"count": count},
        colour=_colour(happened), lines=lines, button=_("Open Guixin"), address=settings.BASE_URL, phones=phones,
    )  # fmt: skip


def _colour(happened: Iterable[_Happened]) -> str:
    """Red when something fires, green when all of it has recovered, orange while a deadline nears."""
    topics = {topic_of(one.kind) for one in happened}
    if Topic.URGENT in topics:
        return RED
    if topics == {Topic.SETTLED.value}:
        return GREEN
    return ORANGE if any(one.kind == "promise.clock_warned" for one in happened) else BLUE


def _cases(happened: Iterable[_Happened]) -> tuple[dict[int, str], dict[int, str]]:
    ids = {one.case_id for one in happened if one.case_id}
    language = translation.get_language() or ""
    rows = Case.objects.filter(pk__in=ids).select_related("department")
    numbers, departments = {}, {}
    for case in rows:
        numbers[case.pk] = case.number
        if case.department:
            departments[case.pk] = case.department.shown_name(language)
    return numbers, departments


def _address(one: _Happened, numbers: dict[int, str]) -> str:
    """Where it is done; after signing in, and only for whoever may see it."""
    kind, pk = one.about
    if kind == "task" and Task.objects.filter(pk=pk).exists():
        return f"{settings.BASE_URL}/tasks/{pk}"
    if one.case_id is None:
        reader = Person.objects.filter(pk__in=one.people, is_active=True).first()
        matter = matters_for(reader, [one.about]).get(one.about) if reader else None
        return f"{settings.BASE_URL}{matter.address if matter else ''}"
    number = numbers.get(one.case_id)
    return f"{settings.BASE_URL}/cases/{number}" if number else settings.BASE_URL


def _phones(happened: Iterable[_Happened]) -> list[str]:
    """Of those who must act on what is urgent; nobody, when that would be half the firm."""
    people = {pk for one in happened if topic_of(one.kind) == Topic.URGENT for pk in one.people}
    if not 0 < len(people) <= MENTIONED:
        return []
    phones = (
        Person.objects.filter(pk__in=people, is_active=True).exclude(phone="").values_list("phone", flat=True)
    )
    return sorted({"".join(each for each in phone if each.isdigit())[-11:] for phone in phones} - {""})


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%m-%d %H:%M}"


def within(text: str, most_bytes: int) -> str:
    """The text cut to so many bytes of UTF-8, never inside a character.

    >>> within("超时了", 7)
    '超…'
    """
    raw = text.encode()
    if len(raw) <= most_bytes:
        return text
    return raw[: most_bytes - 3].decode(errors="ignore") + "…"
