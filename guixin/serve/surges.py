"""The surge alarm: a worker looks during the day, raises what is more than chance, and a person says what was done."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.ledger.wording import shown_by
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Department, Person
from guixin.promise.matters import Matter
from guixin.serve import cause_events as events
from guixin.serve import day_counts
from guixin.serve.models import Surge, Term
from guixin.serve.models.surge import Dimension
from guixin.serve.surging import CLASSIFIED, GUARD, LEAST, LEAST_DAYS, Baseline, Cell, Found, Tally, apart
from guixin.web.refusals import Refused

# Dimensions whose values are codes of the list of the same name.
TERMS = tuple(Term.List.values)
PEN = 0x73757267  # "surg": the advisory lock of whoever looks
WORSE = 1.5  # an acknowledged surge that goes on is raised again when a day is worse than its worst by this factor


class CannotAcknowledge(Refused):
    """The alarm cannot be put aside like this, and why."""


@transaction.atomic
def look(now: datetime) -> int:
    """Count what came in and raise what is a surge, of today so far and of yesterday. Returns how many were raised."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [PEN])
        if not cursor.fetchone()[0]:
            return 0
    raised = 0
    for stream in day_counts.STREAMS:
        latest = day_counts.bring_up_to_date(stream, now)
        if since := stream.first_day():
            raised += sum(_look_at(day, found, since, now, stream) for day, found in latest.items())
    return raised


def _look_at(
    day: date, tallies: Mapping[Cell, Tally], since: date, now: datetime, stream: day_counts.Stream
) -> int:
    # That much was classified says how busy people were, and nothing about customers.
    today = {cell: each.count for cell, each in tallies.items() if cell != CLASSIFIED}
    many = [cell for cell, count in today.items() if count.minutes >= LEAST]
    if not many:
        return 0
    baseline = Baseline(day, day_counts.past_of(many, day), since, stream.whole)
    going_on = list(Surge.objects.filter(last_day__gte=day - timedelta(days=1)))
    found = apart(
        baseline.surges(today),
        lambda cell: tallies[cell].keys,
        known={(each.dimension, each.value) for each in going_on},
        told={pk for each in going_on for pk in each.cases},
    )
    return sum(_raise(each, day, baseline, tallies[each.cell].keys, now) for each in found)


def _raise(found: Found, day: date, baseline: Baseline, cases: Collection[Any], now: datetime) -> bool:
    """A new alarm, or one more day of one that is there."""
    dimension, value = found.cell
    before = (
        Surge.objects.select_for_update()
        .filter(dimension=dimension, value=value)
        .filter(last_day__gte=day - timedelta(days=1))
        .order_by("-pk")
        .first()
    ) or Surge.objects.waiting().filter(dimension=dimension, value=value).first()
    usual = found.usual
    figures = {
        "observed": found.observed, "expected": round(usual.expected, 2), "limit": found.limit, "chance": found.chance,
        "baseline_days": len(baseline.days), "baseline_seen": round(usual.seen), "scatter": round(usual.scatter, 2),
        "by_minute": usual.by_minute,
    }  # fmt: skip
    if before and (before.is_waiting or found.observed <= WORSE * before.observed):
        _goes_on(before, day, figures, cases)
        return False
    told = _whom(found.cell, now)
    surge = Surge.objects.create(
        dimension=dimension, value=value, day=day, last_day=day, cases=sorted(cases), told=told, raised_at=now, **figures
    )  # fmt: skip
    record(
        events.SurgeRaised(
            happened_at=now, about=surge.about, dimension=dimension, value=value, day=day.isoformat(),
            observed=found.observed, expected=round(usual.expected), limit=found.limit, chance=found.chance,
            cases=len(surge.cases), told=told,
        )
    )  # fmt: skip
    return True


def _goes_on(surge: Surge, day: date, figures: Mapping[str, Any], cases: Collection[Any]) -> None:
    known = set(surge.cases)
    if surge.last_day >= day and known >= set(cases) and surge.observed >= figures["observed"]:
        return
    changed: dict[str, Any] = {"last_day": max(surge.last_day, day), "cases": sorted(known | set(cases))}
    if figures["observed"] > surge.observed:
        changed |= figures
    Surge.objects.filter(pk=surge.pk).update(**changed)


def _whom(cell: Cell, now: datetime) -> list[int]:
    """Who answers for the front desk, who coordinates, and, where a department has more than usual, its head."""
    ladder = Ladder.at(now)
    wanted = Department.objects.filter(is_front_desk=True)
    if cell[0] == Dimension.DEPARTMENT:
        wanted = wanted | Department.objects.filter(code=cell[1])
    heads = [ladder.head_of(pk) for pk in wanted.order_by("pk").values_list("pk", flat=True)]
    there = [ladder.stand_in(head) or head for head in heads]
    return list(dict.fromkeys([*there, ladder.coordinator()]))


@transaction.atomic
def acknowledge(surge: Surge, done: str, *, by: Person, now: datetime) -> Surge:
    """Somebody looked at it: what they did about it, or why nothing has to be done."""
    if not done.strip():
        raise CannotAcknowledge(gettext_lazy("Say what was done, or why nothing has to be."))
    taken = Surge.objects.filter(pk=surge.pk, acknowledged_at=None).update(
        acknowledged_at=now, acknowledged_by=by, done=done.strip()
    )
    if not taken:
        raise CannotAcknowledge(gettext_lazy("Somebody has acknowledged this alarm already."))
    surge.refresh_from_db()
    record(
        events.SurgeAcknowledged(
            happened_at=now, actor_id=by.pk, about=surge.about, dimension=surge.dimension, value=surge.value,
            personal={"done": surge.done},
        )
    )  # fmt: skip
    return surge


# -- words -----------------------------------------------------------------------------------------------------------


def called(cells: Collection[Cell]) -> dict[Cell, str]:
    """What each is called, in the reader's language; two queries at most."""
    language = get_language() or "zh-hans"
    steps = {
        "/".join(value.split("/")[: n + 1])
        for dimension, value in cells if dimension in TERMS for n in range(len(value.split("/")))
    }  # fmt: skip
    terms = Term.objects.filter(list__in=TERMS, code__in=steps) if steps else ()
    named = {(each.list, each.code): each.shown_name(language) for each in terms}
    codes = {value for dimension, value in cells if dimension == Dimension.DEPARTMENT}
    departments = Department.objects.filter(code__in=codes) if codes else ()
    found = {each.code: each.shown_name(language) for each in departments}
    words: dict[Cell, str] = {}
    for dimension, value in cells:
        if dimension in TERMS:
            parts = value.split("/")
            words[dimension, value] = " / ".join(
                named.get((dimension, "/".join(parts[: n + 1])), part) for n, part in enumerate(parts)
            )
        elif dimension == Dimension.DEPARTMENT:
            words[dimension, value] = found.get(value, value)
        else:
            words[dimension, value] = value or _("All cases")
    return words


def surges_seen_by(ids: Collection[int], person: Any) -> QuerySet:
    return Surge.objects.visible_to(person).filter(pk__in=ids)


def surges_as_matters(seen: Sequence[Any]) -> dict[int, Matter]:
    words = called([(each.dimension, each.value) for each in seen])
    return {
        each.pk: Matter(
            _("Surge: %(what)s") % {"what": words[each.dimension, each.value]}, f"/surges/{each.pk}"
        )
        for each in seen
    }


def _value_in_words(value: str) -> str:
    """For the ledger: a category, another term or a department by its name now; a product as it is."""
    language = get_language() or "zh-hans"
    term = Term.objects.filter(code=value).order_by("list").first()
    noun = term or Department.objects.filter(code=value).first()
    return noun.shown_name(language) if noun else value


shown_by("value", _value_in_words, of="serve.surge_")


def days_of(surge: Surge) -> dict[date, int]:
    """The independent reports of its cell by day, from the beginning of its baseline to its last day."""
    found = day_counts.past_of([(surge.dimension, surge.value)], surge.last_day + timedelta(days=1))
    counts = found.get((surge.dimension, surge.value), {})
    return {day: count.minutes if surge.by_minute else count.quarters for day, count in counts.items()}


def days_missing(now: datetime) -> int:
    """How many days of records are still missing before anything can be said; 0: enough."""
    since = day_counts.OPENED.first_day()
    there = (timezone.localdate(now) - since).days if since else 0
    return max(LEAST_DAYS + GUARD.days - there, 0)
