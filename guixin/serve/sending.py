"""Sending a reply that can still be taken back: held for some seconds as a row, then sent by a worker, once.

Pressing Send is the fact a promise is judged by. See docs/developers/decisions/0011.
"""

import logging
import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.organisation.models import Department, Person
from guixin.promise.models import Clock
from guixin.serve import closing, draft_files, events, meanwhile, templates
from guixin.serve.drafts import keep
from guixin.serve.models import Case, HeldReply, Message, Template
from guixin.serve.replying import FULFILS, CannotReply, Kind, reply
from guixin.serve.routing import decide_departments, locked_open
from guixin.web.refusals import Refused

log = logging.getLogger(__name__)

USUAL_HOLD, LONGEST_HOLD = 10, 60  # seconds
BEFORE_A_DEADLINE = timedelta(seconds=3)  # a reply leaves at least so long before a promise it keeps runs out
AN_OUTAGE = timedelta(
    minutes=1
)  # nobody sent it for so long: then it was told when it left, and that is on us
TRY_AGAIN_AFTER = timedelta(seconds=30)
State = HeldReply.State
_SHORTCUT = re.compile(r"[/、]\w{0,12}")  # sent faster than the menu could open


class CannotTakeBack(Refused):
    """It has left already."""


def hold_of(person: Person) -> int:
    """Seconds this person's replies are held, by their own choice."""
    chosen = (person.preferences or {}).get("hold_seconds", USUAL_HOLD)
    return min(max(chosen, 0), LONGEST_HOLD) if isinstance(chosen, int) else USUAL_HOLD


@transaction.atomic
def send(
    case: Case, body: str, *, by: Person, now: datetime, kind: str = Kind.REPLY, channel: str = "",
    closing_with: dict[str, Any] | None = None, task: dict[str, Any] | None = None,
    template: Template | None = None, hold_seconds: int | None = None, seen: int | None = None,
    shown: tuple[int, ...] = (), files: Collection[UUID] = (),
) -> HeldReply:  # fmt: skip
    """Press Send: everything that could be refused is refused now, and the words leave after the hold.

    closing_with   close the case with it; the words of `closing.close`, departments by id
    task           {"department_id", "instruction"}: a task given with it
    seen, shown    the newest message, and the replies of others on their way, that the writer has read
    files          which of the files the writer has chosen in the composer go out with it
    """
    case = locked_open(case)
    meanwhile.refuse_if_said_since(case, seen, by=by, read=shown)
    if _SHORTCUT.fullmatch(body.strip()):
        raise CannotReply(_("“%s” is the shortcut of a template, not yet its words.") % body.strip())
    body = templates.filled(body, case, by=by, now=now)
    if closing_with is not None and task is not None:
        raise CannotReply(
            _("A case cannot be closed while a department is given a task. Choose one of the two.")
        )
    seconds = hold_of(by) if hold_seconds is None else min(max(hold_seconds, 0), LONGEST_HOLD)
    held = HeldReply(
        case=case, by=by, kind=kind, channel=channel or case.channel, body=body, template=template,
        closing=closing_with, task=task, said_at=now,
    )  # fmt: skip
    held.send_at = _leaves_at(held, seconds)
    leaves_at_once = held.send_at <= now
    held.send_at = max(held.send_at, now)
    held.save()
    draft_files.send_with(held, files)
    if leaves_at_once:
        _leave(held, now)
    else:
        _rehearse(held, now)
    return held


def _leaves_at(held: HeldReply, seconds: int) -> datetime:
    """After the hold, but before a promise these words keep would run out."""
    leaves = held.said_at + timedelta(seconds=seconds)
    if held.kind not in FULFILS:
        return leaves
    measures = [*FULFILS[Kind(held.kind)], *([closing.Measure.RESOLVE] if held.closing is not None else [])]
    near = (
        Clock.objects.of("case", held.case_id)
        .open()
        .filter(measure__in=measures, due_at__gte=held.said_at, due_at__lt=leaves + BEFORE_A_DEADLINE)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )
    return near - BEFORE_A_DEADLINE if near else leaves


class _Rehearsed(Exception):
    pass


def _rehearse(held: HeldReply, now: datetime) -> None:
    """Do it and roll back: what would be refused after the hold is refused while the writer still looks at it."""
    try:
        with transaction.atomic():
            _do(held, now)
            raise _Rehearsed
    except _Rehearsed:
        pass


def _do(held: HeldReply, now: datetime) -> Message:
    told_at = held.said_at if now <= held.send_at + AN_OUTAGE else None
    message = reply(
        held.case, held.body, by=held.by, now=now, kind=held.kind, channel=held.channel, told_at=told_at
    )
    draft_files.attach_all(held.files.all(), case=held.case, message=message, by=held.by, now=now)
    if held.task is not None:
        step = (held.task["department_id"], 1, held.task["instruction"])
        decide_departments(held.case, [step], by=held.by, reason=held.task["instruction"], now=now)
    if held.closing is not None:
        words = dict(held.closing)
        department = Department.objects.filter(pk=words.pop("department_id", None)).first()
        closing.close(held.case, by=held.by, now=now, department=department, **words)
    return message


def _leave(held: HeldReply, now: datetime) -> None:
    held.message = _do(held, now)
    held.state, held.ended_at, held.trouble = State.SENT, now, ""
    held.save()


@transaction.atomic
def send_next(now: datetime) -> bool:
    """Send the first reply that is due, in one transaction with everything it does. Returns whether there was one.

    Any number of workers may call this: each claims another row, and a worker that is killed has sent nothing.
    """
    due = (
        HeldReply.objects.held()
        .filter(send_at__lte=now)
        .select_related("by", "case")
        .order_by("send_at", "pk")
    )
    held = due.select_for_update(skip_locked=True, of=("self",)).first()
    if held is None:
        return False
    try:
        with transaction.atomic():
            _leave(held, now)
    except Refused as why:  # closed or merged meanwhile: the writer gets the words back, and the reason
        held.message = None
        held.state, held.ended_at, held.trouble = State.REFUSED, now, str(why)
        held.save(update_fields=["state", "ended_at", "trouble"])
        _give_back(held, now)
        record(
            events.ReplyNotSent(
                happened_at=now,
                about=held.case.about,
                case_id=held.case_id,
                held_reply_id=held.pk,
                writer_id=held.by_id,
            )
        )
    except Exception as why:  # a fault of ours must not hold up the others' replies, nor lose this one
        log.exception("held reply %s could not be sent", held.pk)
        HeldReply.objects.filter(pk=held.pk).update(send_at=now + TRY_AGAIN_AFTER, trouble=str(why)[:500])
    return True


def next_due() -> datetime | None:
    """When the first of those that wait leaves."""
    return HeldReply.objects.held().aggregate(at=Min("send_at"))["at"]


@transaction.atomic
def take_back(held: HeldReply, *, by: Person, now: datetime, gives_back: bool = True) -> HeldReply:
    """Undo sending: the words are in the composer again, unless nobody wrote them there. Refused once they have left."""
    held = HeldReply.objects.select_for_update(of=("self",)).select_related("case").get(pk=held.pk)
    if held.state == State.TAKEN_BACK:  # a second click
        return held
    if held.state != State.HELD:
        raise CannotTakeBack(_("It was already sent."))
    held.state, held.ended_at = State.TAKEN_BACK, now
    held.save(update_fields=["state", "ended_at"])
    if gives_back:
        _give_back(held, now)
    return held


def _give_back(held: HeldReply, now: datetime) -> None:
    said: dict[str, Any] = {"body": held.body, "kind": held.kind, "channel": held.channel}
    if held.template_id:
        said["template"] = str(held.template_id)
    if held.closing is not None:
        said |= {"settle": "on"} | {
            "department" if name == "department_id" else name: str(value)
            for name, value in held.closing.items()
            if value not in (None, "")
        }
    if held.task is not None:
        said |= {"task_for": str(held.task["department_id"]), "instruction": held.task["instruction"]}
    keep(held.case, held.by, "reply", said, now=now, beside=True)
    draft_files.give_back(held)
