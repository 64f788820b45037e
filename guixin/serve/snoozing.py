"""Putting a case to sleep (暂搁), and what wakes it.

The owner need not look at a case before a time, or before the customer or a department says something. Asleep it
stands in none of the owner's lists of work; everybody else sees it as always. No promise stands still for it: that is
what waiting for the customer is for (`waiting`). So it wakes by itself half an hour before its next deadline, and a case
that is late does not go to sleep at all.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils.translation import gettext_lazy as _

from guixin.ledger import Event, record
from guixin.organisation.models import Person
from guixin.serve import events
from guixin.serve.filtering import SOON
from guixin.serve.models import Case, Snooze
from guixin.serve.routing import locked_open
from guixin.web.refusals import Refused

LONGEST = timedelta(days=92)
AT_ONCE = 200


class CannotSnooze(Refused):
    """The case stays awake, and why."""

    about_input = True


def may_snooze(case: Case, person: Person) -> bool:
    """It is the owner's list that it leaves."""
    return case.is_open and case.owner_id == person.pk


@transaction.atomic
def snooze(case: Case, until: datetime | None, *, by: Person, now: datetime) -> Snooze:
    """Out of the owner's lists until then, or (None) until something happens. Again: another time."""
    case = locked_open(case)
    if case.owner_id != by.pk:
        raise CannotSnooze(_("Only its owner puts a case to sleep."))
    if case.queue_at <= now + SOON:
        raise CannotSnooze(
            _("It is late, or due within 30 minutes: it stays awake. Ask for more time instead.")
        )
    if until is not None and until <= now:
        raise CannotSnooze(_("This time is over already."))
    if until is not None and until > now + LONGEST:
        raise CannotSnooze(_("A case sleeps three months at most."))
    made, _is_new = Snooze.objects.update_or_create(
        case=case, defaults={"person": by, "since": now, "until": until}
    )
    record(
        events.CaseSnoozed(
            happened_at=now, actor_id=by.pk, about=case.about, case_id=case.pk, owner_id=by.pk, until=until
        )
    )
    return made


@transaction.atomic
def wake(case: Case, *, by: Person, now: datetime) -> bool:
    """The owner wants it back. False if it was awake."""
    if case.owner_id != by.pk:
        raise CannotSnooze(_("Only its owner puts a case to sleep."))
    return bool(_woken(Snooze.objects.filter(case=case), "by_hand", now, by.pk))


@transaction.atomic
def wake_due(now: datetime) -> int:
    """A worker's turn: those whose time has come, and those with a deadline near. Returns how many woke."""
    due = Snooze.objects.filter(until__lte=now)
    near = Snooze.objects.filter(case__queue_at__lte=now + SOON)
    return _woken(near, "deadline", now) + _woken(due, "time", now)


def next_due() -> datetime | None:
    """When the first of them wakes by itself; none sleeps: never."""
    first = Snooze.objects.aggregate(time=Min("until"), deadline=Min("case__queue_at"))
    return min(
        (at for at in (first["time"], first["deadline"] and first["deadline"] - SOON) if at), default=None
    )


# -- reactions ---------------------------------------------------------------------------------------------------


def wake_for_customer(happened: Iterable[Event]) -> None:
    """The customer said something: nobody sleeps through that."""
    _wake_of(happened, "customer")


def wake_for_department(happened: Iterable[Event]) -> None:
    """A department asked, answered or sent it back, or an authority spoke."""
    _wake_of(happened, "department")


def forget(happened: Iterable[Event]) -> None:
    """It is closed, merged, or somebody else's: what its owner had put off is over."""
    gone: list[Any] = [getattr(event, "merged_case_id", event.case_id) for event in happened]
    Snooze.objects.filter(case_id__in=gone).delete()


def _wake_of(happened: Iterable[Event], cause: str) -> None:
    by_moment: dict[datetime, set[int]] = {}
    for event in happened:
        if event.case_id:
            by_moment.setdefault(event.happened_at, set()).add(event.case_id)
    for at, ids in by_moment.items():
        _woken(Snooze.objects.filter(case_id__in=ids), cause, at)


def _woken(some: QuerySet[Snooze], cause: str, now: datetime, actor_id: int | None = None) -> int:
    rows: Sequence[Snooze] = list(
        some.select_for_update(of=("self",), skip_locked=cause in ("time", "deadline")).order_by("case_id")[
            :AT_ONCE
        ]
    )
    if not rows:
        return 0
    Snooze.objects.filter(pk__in=[each.pk for each in rows]).delete()
    about: dict[str, Any] = {"happened_at": now, "actor_id": actor_id}
    record(
        *(
            events.CaseWoken(
                **about,
                about=("case", each.case_id),
                case_id=each.case_id,
                owner_id=each.person_id,
                cause=cause,
            )
            for each in rows
        )
    )
    return len(rows)
