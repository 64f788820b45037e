"""Regular contacts with key accounts: every few weeks or months, on working days, a quarter ahead of today."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.understand import contact_events as events
from guixin.understand.contact_days import calendar_for, closing, nth, working_day, zone_of
from guixin.understand.contacting import CannotContact
from guixin.understand.models import Contact, ContactKind, ContactPlan, Customer

AHEAD = timedelta(days=92)  # how far contacts of a series stand in the calendars
AT_MOST = 60  # of one series at once
FIELDS = ("kind", "subject", "owner", "every", "unit", "first_on", "until_on", "at")


@transaction.atomic
def begin(
    customer: Customer, kind: str, subject: str, *, owner: Person, every: int, unit: str, first_on: date,
    by: Person | None, now: datetime, until_on: date | None = None, at: time | None = None,
) -> ContactPlan:  # fmt: skip
    """A series, and its contacts of the next quarter."""
    series = ContactPlan(
        customer=customer, kind=kind, subject=subject.strip(), owner=owner, every=every, unit=unit,
        first_on=first_on, until_on=until_on, at=at, made_at=now, made_by=by,
    )  # fmt: skip
    _check(series)
    if first_on < timezone.localdate(now):
        raise CannotContact(_("A series begins today or later."))
    series.save()
    _fill([series], now)
    _changed(series, "planned", by, now)
    return series


@transaction.atomic
def change(
    series: ContactPlan, changes: Mapping[str, Any], *, read_at_version: int, by: Person, now: datetime
) -> ContactPlan:
    """From today on it goes differently: what is planned and was not moved by hand is planned anew."""
    series = _running(series)
    if series.version != read_at_version:
        raise CannotContact(_("Somebody changed this series while you were editing."))
    for name in FIELDS:
        if name in changes:
            setattr(series, name, changes[name])
    _check(series)
    series.version += 1
    series.save(update_fields=[*FIELDS, "version"])
    _clear(series, now)
    _fill([series], now)
    _changed(series, "changed", by, now)
    return series


@transaction.atomic
def end(series: ContactPlan, *, by: Person, now: datetime) -> None:
    """No more of it. What was missed stays: it happened."""
    series = _running(series)
    ContactPlan.objects.filter(pk=series.pk).update(ended_at=now)
    _clear(series, now)
    _changed(series, "ended", by, now)


def fill_ahead(now: datetime, at_most: int = 200) -> int:
    """Work: the next contacts of running series are put down. Returns how many."""
    horizon = timezone.localdate(now) + AHEAD
    with transaction.atomic():
        wanted = (
            ContactPlan.objects.filter(ended_at=None)
            .annotate(last=Max("contacts__planned_on"))
            .filter(Q(last=None) | Q(last__lt=horizon - timedelta(days=31)))
            .filter(Q(until_on=None) | Q(until_on__gt=timezone.localdate(now)))
            .values_list("pk", flat=True)[:at_most]
        )
        series = ContactPlan.objects.filter(pk__in=list(wanted)).select_related("owner", "customer")
        return _fill(list(series.select_for_update(of=("self",), skip_locked=True)), now)


def _fill(every: list[ContactPlan], now: datetime) -> int:
    """Every day of these series up to the horizon that is not there yet, in one statement."""
    horizon, today = timezone.localdate(now) + AHEAD, timezone.localdate(now)
    numbers: dict[int, int] = {}  # the last of each series
    reached: dict[int, date] = {}  # and how far it goes; a day that was cancelled is not planned again
    rows = Contact.objects.filter(plan__in=every).values_list("plan_id", "number", "planned_on", "moved")
    for plan_id, number, on, moved in rows:
        if plan_id and number is not None and on:
            numbers[plan_id] = max(number, numbers.get(plan_id, number))
            if not moved:
                reached[plan_id] = max(on, reached.get(plan_id, on))
    fresh = []
    for series in every:
        hours, day_after = calendar_for(series.owner, now), reached.get(series.pk)
        number, added = numbers.get(series.pk, -1) + 1, 0
        for step in range(10_000):
            wished = nth(series.first_on, series.every, series.unit, step)
            if wished > horizon or (series.until_on and wished > series.until_on) or added >= AT_MOST:
                break
            on = working_day(hours, wished)
            if on < today or (day_after and on <= day_after):
                continue
            due = closing(hours, on)
            if due <= now:
                continue
            starts = datetime.combine(on, series.at, zone_of(hours)) if series.at else None
            fresh.append(
                Contact(
                    customer_id=series.customer_id, kind=series.kind, subject=series.subject, owner_id=series.owner_id,
                    state=Contact.State.PLANNED, planned_on=on, planned_at=starts, due_at=due, next_at=due,
                    plan=series, number=number,
                )
            )  # fmt: skip
            number, added = number + 1, added + 1
    Contact.objects.bulk_create(fresh)
    return len(fresh)


def _clear(series: ContactPlan, now: datetime) -> None:
    """What was put down ahead goes; what was missed, or moved by hand, stays."""
    Contact.objects.filter(
        plan=series, state=Contact.State.PLANNED, missed_at=None, moved=False, due_at__gt=now
    ).delete()


def _running(series: ContactPlan) -> ContactPlan:
    series = ContactPlan.objects.select_for_update(of=("self",)).select_related("owner").get(pk=series.pk)
    if series.ended_at:
        raise CannotContact(_("This series has ended."))
    return series


def _check(series: ContactPlan) -> None:
    if series.kind not in ContactKind.values:
        raise CannotContact(_("There is no such kind of contact."))
    if not series.subject.strip():
        raise CannotContact(_("Say in a few words what it was about."))
    longest = 999 if series.unit == ContactPlan.Unit.DAYS else 60
    if series.unit not in ContactPlan.Unit.values or not 1 <= series.every <= longest:
        raise CannotContact(_("Every one to sixty weeks or months, or up to 999 days."))
    if series.until_on and series.until_on < series.first_on:
        raise CannotContact(_("A series ends after it begins."))


def _changed(series: ContactPlan, change: str, by: Person | None, now: datetime) -> None:
    record(
        events.ContactSeriesChanged(
            happened_at=now, actor_id=by.pk if by else None, about=("customer", series.customer_id),
            plan_id=series.pk, series_change=change,
        )
    )  # fmt: skip
