"""Calls we promise to make: asked for, moved and cancelled by the customer; taken, made, tried again by the department.

A promise like any other: one clock for each window, without a case (`promise/matters.py`), so that reminders, breaches
and the ladder work for it. A verb locks the line where places are given away, then the call-back, then its clocks.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.organisation.working_hours import calendar_of
from guixin.promise.book import Circumstances
from guixin.promise.indispensable import always_promised
from guixin.promise.keeping import Promise, Stop, start, stop, void
from guixin.promise.matters import Matter
from guixin.promise.models import Clock, Measure
from guixin.promise.moving import hand_over
from guixin.serve import call_back_events as events
from guixin.serve import intake, replying
from guixin.serve.call_back_windows import Window, window_at
from guixin.serve.models import CallBack, CallBackLine, Case
from guixin.understand import contacting
from guixin.understand.contact_days import zone_of
from guixin.understand.identities import IdentityKind, normalise
from guixin.understand.models import Contact, Customer
from guixin.web.refusals import Refused
from guixin.worktime import due_at

LONGEST_WORDS = 300
State = CallBack.State


class CannotPromise(Refused):
    """We cannot promise this call, and why."""

    about_input = True


class CallBackSettled(Refused):
    """It was made, cancelled or taken by somebody meanwhile."""


class CannotRecord(Refused):
    """What came of the call cannot be written down like this."""

    about_input = True


# -- the customer ------------------------------------------------------------------------------------------------------


def ask(
    line: CallBackLine, *, phone: str, name: str, about: str, window: str, now: datetime, number: str = "",
    case: Case | None = None, language: str = "zh-hans", once: str = "", by: Person | None = None,
) -> CallBack:  # fmt: skip
    """Promise a call in this window (its key). The same wish sent twice (`once`) is one.

    number    of a case, as the customer gave it; tied to the call only if it is one of this customer's
    case      known otherwise: the customer came from its private link
    """
    try:
        return _ask(line, phone, name, about, window, now, number, case, language, once, by)
    except IntegrityError:
        first = CallBack.objects.filter(once=once).first() if once else None
        if first is None:
            raise
        return first


@transaction.atomic
def _ask(
    line: CallBackLine, phone: str, name: str, about: str, window: str, now: datetime, number: str,
    case: Case | None, language: str, once: str, by: Person | None,
) -> CallBack:  # fmt: skip
    wanted = _callable(phone)
    if not about.strip():
        raise CannotPromise(_("Say in a few words what it is about."))
    line = CallBackLine.objects.select_for_update().get(pk=line.pk)
    if not line.is_open:
        raise CannotPromise(_("Nobody can be called back here at the moment. Please call us."))
    if once and (first := CallBack.objects.filter(once=once).first()):
        return first
    if by is None and CallBack.objects.open().filter(phone=wanted).count() >= line.most_open:
        raise too_many()
    chosen = _place(line, window, now)
    customer, _is_new = Customer.objects.for_intake("person", name.strip(), [("phone", phone)], now)
    if case is None and number.strip():
        case = Case.objects.filter(number=number.strip(), customer=customer).first()
    call_back = CallBack.objects.create(
        line=line, token=CallBack.new_token(), once=once or None, customer=customer, case=case,
        said_number=number.strip()[:40], phone=wanted, about_words=about.strip()[:LONGEST_WORDS],
        language=language, asked_at=now, window_from=chosen.begins, window_to=chosen.ends,
        first_from=chosen.begins,
    )  # fmt: skip
    _start_clock(call_back, line, now)
    record(
        events.CallBackAsked(
            **_facts(call_back, by, now), line=line.code, window_from=chosen.begins, window_to=chosen.ends
        )
    )
    return call_back


def too_many() -> CannotPromise:
    """One sentence for every brake: it tells nobody whether a number is known to us, or why it was refused."""
    return CannotPromise(
        _(
            "We cannot promise another call right now. If you have asked for one already, the link you were given "
            "leads to it; otherwise please call us."
        )
    )


@transaction.atomic
def move(call_back: CallBack, window: str, *, now: datetime, by: Person | None = None) -> CallBack:
    """Another window. What was broken until now stays broken in the ledger."""
    line = CallBackLine.objects.select_for_update().get(pk=call_back.line_id)
    call_back = _locked(call_back)
    if call_back.state == State.TAKEN:
        raise CallBackSettled(_("We are ringing you at this moment."))
    _must_be_open(call_back)
    chosen = _place(line, window, now, without=call_back)
    _end_clock(call_back, "moved", now, by)
    call_back.window_from, call_back.window_to, call_back.first_from = (
        chosen.begins, chosen.ends, chosen.begins,
    )  # fmt: skip
    call_back.generation += 1
    call_back.save(update_fields=["window_from", "window_to", "first_from", "generation"])
    _start_clock(call_back, line, now)
    record(
        events.CallBackMoved(**_facts(call_back, by, now), window_from=chosen.begins, window_to=chosen.ends)
    )
    return call_back


@transaction.atomic
def cancel(call_back: CallBack, *, now: datetime, by: Person | None = None) -> CallBack:
    """The customer does not want the call any more."""
    call_back = _locked(call_back)
    _must_be_open(call_back)
    _end_clock(call_back, "cancelled", now, by)
    call_back.state, call_back.ended_at = State.CANCELLED, now
    call_back.save(update_fields=["state", "ended_at"])
    record(events.CallBackCancelled(**_facts(call_back, by, now)))
    return call_back


# -- the department ----------------------------------------------------------------------------------------------------


@transaction.atomic
def take(call_back: CallBack, *, by: Person, now: datetime) -> CallBack:
    """I make this call. Nobody else does, until I say what came of it or give it back."""
    call_back = _locked(call_back)
    _must_be_open(call_back)
    if call_back.state == State.TAKEN:
        if call_back.taken_by_id == by.pk:
            return call_back
        raise CallBackSettled(_("%s has taken this call.") % call_back.taken_by)
    call_back.state, call_back.taken_by, call_back.taken_at = State.TAKEN, by, now
    call_back.save(update_fields=["state", "taken_by", "taken_at"])
    _hold(call_back, by.pk, by, now)
    record(events.CallBackTaken(**_facts(call_back, by, now), taken_by_id=by.pk))
    return call_back


@transaction.atomic
def give_back(call_back: CallBack, *, by: Person, now: datetime) -> CallBack:
    """Somebody else of the department makes it; the clock runs on."""
    call_back = _locked(call_back)
    if call_back.state != State.TAKEN:
        raise CallBackSettled(_("Nobody has taken this call."))
    call_back.state, call_back.taken_by, call_back.taken_at, call_back.rang_at = (
        State.WAITING,
        None,
        None,
        None,
    )
    call_back.save(update_fields=["state", "taken_by", "taken_at", "rang_at"])
    _hold(call_back, None, by, now)
    record(events.CallBackGivenBack(**_facts(call_back, by, now)))
    return call_back


@transaction.atomic
def show_number(call_back: CallBack, *, by: Person, now: datetime) -> str:
    """The whole number, to whoever has taken the call: a look like any other, in the ledger, and the moment we ring."""
    call_back = _locked(call_back)
    _must_be_mine(call_back, by)
    if call_back.customer:
        call_back.customer.reveal(by=by, reason=gettext_now("Call-back promised to the customer"), now=now)
    if call_back.rang_at is None:
        call_back.rang_at = now
        call_back.save(update_fields=["rang_at"])
    return call_back.phone


@transaction.atomic
def reached(
    call_back: CallBack, outcome: str, note: str, *, by: Person, now: datetime, number: str = "",
    kind: str = Case.Kind.ENQUIRY,
) -> CallBack:  # fmt: skip
    """We talked. Answered on the spot; or it becomes a case (of this kind); or joins the one with this number."""
    if outcome not in CallBack.Outcome.values:
        raise CannotRecord(_("Say what came of the call."))
    if not note.strip():
        raise CannotRecord(_("Write down in a line what was said."))
    case = _joined(call_back, number, by) if outcome == CallBack.Outcome.JOINED else None
    call_back = _locked(call_back)
    _must_be_mine(call_back, by)
    if outcome == CallBack.Outcome.OPENED:
        case = intake.open_case(
            intake.Arrival(
                kind=kind, subject=call_back.about_words[:120], story=note.strip(), channel=Case.Channel.PHONE,
                language=call_back.language, customer=call_back.customer, owner_id=by.pk,
            ),
            now=now, by=by,
        )  # fmt: skip
    elif case is not None:
        replying.customer_adds(case, note, now=now, by=by)
    stop([Stop(call_back.about, Measure.CALL_BACK, call_back.rang_at or now)], now, by.pk)
    call_back.state, call_back.outcome, call_back.note, call_back.ended_at = (
        State.MADE,
        outcome,
        note.strip(),
        now,
    )
    call_back.case = case or call_back.case
    call_back.save(update_fields=["state", "outcome", "note", "ended_at", "case"])
    _log(call_back, Contact.Outcome.GOOD, note.strip(), by, now)
    record(events.CallBackMade(**_facts(call_back, by, now), how=outcome, tries=call_back.tries + 1))
    return call_back


@transaction.atomic
def not_reached(call_back: CallBack, *, by: Person, now: datetime, note: str = "") -> CallBack:
    """Nobody answered: again later in working time, as often as the line tries; then the customer is told."""
    call_back = _locked(call_back)
    _must_be_mine(call_back, by)
    line = call_back.line
    calendar = calendar_of(line.department_id)
    if now < call_back.window_from:
        begins = call_back.window_from.astimezone(zone_of(calendar))
        raise CannotRecord(
            _("The customer waits for the call only from %s on; ring again then.") % f"{begins:%m-%d %H:%M}"
        )
    stop([Stop(call_back.about, Measure.CALL_BACK, call_back.rang_at or now)], now, by.pk)
    call_back.tries += 1
    _log(call_back, Contact.Outcome.NOT_REACHED, note.strip(), by, now)
    call_back.taken_by, call_back.taken_at, call_back.rang_at = None, None, None
    changed = ["tries", "taken_by", "taken_at", "rang_at", "state"]
    if call_back.tries >= line.tries:
        call_back.state, call_back.ended_at = State.NOT_REACHED, now
        call_back.save(update_fields=[*changed, "ended_at"])
        record(events.CallBackGivenUp(**_facts(call_back, by, now), tries=call_back.tries))
        return call_back
    call_back.state, call_back.generation = State.WAITING, call_back.generation + 1
    call_back.window_from = due_at(now, line.again_after, calendar)
    call_back.window_to = due_at(call_back.window_from, line.again_after, calendar)
    call_back.save(update_fields=[*changed, "generation", "window_from", "window_to"])
    _start_clock(call_back, line, now)
    record(
        events.CallBackNotReached(
            **_facts(call_back, by, now), tries=call_back.tries, window_from=call_back.window_from,
            window_to=call_back.window_to,
        )
    )  # fmt: skip
    return call_back


# -- what they share ---------------------------------------------------------------------------------------------------


def _callable(phone: str) -> str:
    """The number as we would dial it."""
    wanted = normalise(IdentityKind.PHONE, phone)
    digits = [each for each in wanted.partition(";")[0] if each.isdigit()]
    if not 7 <= len(digits) <= 15 or not all(each.isdigit() or each in "+;" for each in wanted):
        raise CannotPromise(_("Give a phone number we can ring, such as 139 1234 5678."))
    return wanted


def _place(line: CallBackLine, window: str, now: datetime, without: CallBack | None = None) -> Window:
    """The line is locked: of two who want the last place one gets it."""
    chosen = window_at(line, window, now, without=without)
    if chosen is None:
        raise CannotPromise(_("This time is not offered any more; please choose another one."))
    if not chosen.left:
        raise CannotPromise(_("This time is taken meanwhile; please choose another one."))
    return chosen


def _locked(call_back: CallBack) -> CallBack:
    rows = CallBack.objects.select_related("line", "customer", "case", "taken_by")
    return rows.select_for_update(of=("self",)).get(pk=call_back.pk)


def _must_be_open(call_back: CallBack) -> None:
    if not call_back.is_open:
        raise CallBackSettled(_("This call-back is over: %s.") % call_back.get_state_display())


def _must_be_mine(call_back: CallBack, by: Person) -> None:
    _must_be_open(call_back)
    if call_back.state != State.TAKEN:
        raise CallBackSettled(_("Take the call first, so that nobody else rings too."))
    if call_back.taken_by_id != by.pk:
        raise CallBackSettled(_("%s has taken this call.") % call_back.taken_by)


def _joined(call_back: CallBack, number: str, by: Person) -> Case:
    """Locked before the call-back: cases come first (see `architecture`, Locks)."""
    wanted = Q(number=number.strip()) if number.strip() else Q(pk=call_back.case_id)
    case = Case.objects.visible_to(by).filter(wanted).first()
    if case is None:
        raise CannotRecord(_("There is no case with this number that you may see."))
    return Case.objects.select_for_update(of=("self",)).get(pk=case.pk)


def _start_clock(call_back: CallBack, line: CallBackLine, now: datetime) -> None:
    start(
        [
            Promise(
                about=call_back.about, case_id=None,
                version=always_promised(
                    Measure.CALL_BACK, Circumstances(department_id=line.department_id), now
                ),
                department_id=line.department_id, holder_id=call_back.taken_by_id,
                started_at=call_back.window_from, until=call_back.window_to, generation=call_back.generation,
            )
        ]
    )  # fmt: skip


def _end_clock(call_back: CallBack, reason: str, now: datetime, by: Person | None) -> None:
    void(Clock.objects.of(*call_back.about).open(), reason, now, by.pk if by else None)


def _hold(call_back: CallBack, holder_id: int | None, by: Person, now: datetime) -> None:
    clocks = Clock.objects.of(*call_back.about).open()
    department_id = call_back.line.department_id
    hand_over(clocks, department_id=department_id, holder_id=holder_id, now=now, actor_id=by.pk)


def _log(call_back: CallBack, outcome: str, note: str, by: Person, now: datetime) -> None:
    """A call is a contact: the customer's story tells of it."""
    if call_back.customer:
        contacting.log(
            call_back.customer, "call", owner=by, by=by, now=now, outcome=outcome,
            subject=call_back.about_words[:120], notes=note,
        )  # fmt: skip


def _facts(call_back: CallBack, by: Person | None, now: datetime) -> dict[str, Any]:
    return {
        "happened_at": now, "actor_id": by.pk if by else None, "about": call_back.about,
        "case_id": call_back.case_id, "department_id": call_back.line.department_id,
        "customer_id": call_back.customer_id,
    }  # fmt: skip


def call_backs_seen_by(ids: Collection[int], person: Any) -> QuerySet:
    return CallBack.objects.visible_to(person).filter(pk__in=ids)


def call_backs_as_matters(rows: Sequence[Any]) -> dict[int, Matter]:
    return {
        row.pk: Matter(
            subject=gettext_now("Call back %(phone)s: %(about)s")
            % {"phone": row.shown_phone, "about": row.about_words},
            address=f"/call-backs/{row.pk}",
        )
        for row in rows
    }
