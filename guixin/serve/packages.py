"""A service package in a case: why it was promised, what it gives beyond what everybody gets, and how it was kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from guixin.ledger.bulk import fetch_rows
from guixin.promise.book import Circumstances, book
from guixin.promise.models import Clock, Measure, PackageVersion, StandardVersion
from guixin.promise.models.standard import TO_CUSTOMER
from guixin.promise.terms import all_versions
from guixin.promise.verdicts import ENOUGH
from guixin.serve.models import Case
from guixin.serve.promises import circumstances
from guixin.understand.models import Membership
from guixin.web.intervals import wilson


@dataclass(frozen=True)
class Better:
    """One promise of the package, and what the same case would be promised without it."""

    measure: str
    version: StandardVersion
    instead_of: StandardVersion | None
    clock: Clock | None = None


@dataclass(frozen=True)
class Why:
    """Why a case carries its package: the customer's segment, since when, the firm's reason, and what it gives."""

    version: PackageVersion
    segment: str
    since: datetime | None
    better: Sequence[Better]
    is_withdrawn: bool


def why(case: Case, language: str, clocks: Sequence[Clock] | None = None) -> Why | None:
    """None for a case without a package. `clocks`: those of the case, where a page has them already.

    `instead_of` is what everybody is promised now: what would be said to the customer next door.
    """
    if case.package_id is None or case.customer_id is None:
        return None
    versions = PackageVersion.objects.select_related("package__segment", "owner")
    version = versions.get(pk=case.package_id)
    membership = (
        Membership.objects.filter(
            Q(until__isnull=True) | Q(until__gt=case.opened_at), customer_id=case.customer_id,
            segment_id=version.package.segment_id, since__lte=case.opened_at,
        )
        .order_by("-since")
        .first()
    )  # fmt: skip
    if clocks is None:
        clocks = list(Clock.objects.of("case", case.pk))
    return Why(
        version=version,
        segment=version.package.segment.shown_name(language),
        since=membership.since if membership else None,
        better=_better(circumstances(case), clocks, case.generation),
        is_withdrawn=version.withdrawn_at is not None,
    )


def _better(facts: Circumstances, clocks: Sequence[Clock], generation: int) -> list[Better]:
    pages, by_id, found = book(), all_versions().by_id, []
    bound = pages.bound.get(facts.package or 0, frozenset())
    for clock in clocks:
        version = by_id.get(clock.version_id)
        if clock.generation != generation or clock.about_kind != "case" or version is None:
            continue
        if version.standard_id in bound:
            general = pages.promise(clock.measure, facts.at(clock.department_id).without_package())
            found.append(Better(clock.measure, version, general, clock))
    order = list(Measure.values)
    return sorted(found, key=lambda each: order.index(each.measure))


def offered(version: PackageVersion) -> list[Better]:
    """What a package promises to customers, each beside what everybody is promised in the plainest case."""
    pages, found = book(), []
    bound = pages.bound.get(version.pk, frozenset())
    for measure in Measure.values:
        for standard in pages.by_measure.get(measure, ()):
            if standard.standard_id in bound:
                plain = Circumstances(
                    standard.for_kind, standard.for_category, standard.for_severity or 1, "", standard.for_channel,
                    standard.for_department_id,
                )  # fmt: skip
                found.append(Better(measure, standard, pages.promise(measure, plain)))
    return found


# -- promised and kept -----------------------------------------------------------------------------------------------

SPAN = timedelta(days=92)
DIMENSIONS = {"segment": "segment_id", "grade": "grade", "package": "package_id"}


@dataclass(frozen=True)
class Kept:
    """Promises of one measure to one group: `ended` were judged, `kept` of them in time.

    `median` is the time by the clock on the wall from the beginning to the end of those that ended. `low` and `high`
    are Wilson's 95 % interval of the share kept; a group is only judged when it `is_enough`.
    """

    key: Any
    measure: str
    ended: int
    kept: int
    open_now: int
    late_now: int  # of the open ones, broken already
    median: timedelta | None

    @property
    def is_enough(self) -> bool:
        return self.ended >= ENOUGH

    @property
    def percent(self) -> int:
        """Rounded down: a single broken promise is never shown as 100 %."""
        return 100 * self.kept // self.ended if self.ended else 0

    @property
    def low(self) -> int:
        return round(100 * wilson(self.kept, self.ended)[0])

    @property
    def high(self) -> int:
        return round(100 * wilson(self.kept, self.ended)[1])


_KEPT = """
    SELECT c.{column}, k.measure, count(*) FILTER (WHERE k.state IN ('met', 'missed')),
           count(*) FILTER (WHERE k.state = 'met'), count(*) FILTER (WHERE k.state IN ('running', 'paused')),
           count(*) FILTER (WHERE k.state IN ('running', 'paused') AND k.breached_at IS NOT NULL),
           extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY k.stopped_at - k.started_at)
                   FILTER (WHERE k.state IN ('met', 'missed')))::float8
    FROM serve_case c JOIN promise_clock k ON k.case_id = c.id AND k.about_kind = 'case' AND k.state <> 'void'
    WHERE c.opened_at >= %s AND c.opened_at < %s AND c.state <> 'merged' AND k.measure = ANY(%s)
    GROUP BY 1, 2
"""


def kept_by(dimension: str, *, since: datetime, until: datetime) -> list[Kept]:
    """Promised and kept, of cases opened in [since, until), by segment, grade or package; one statement."""
    sql = _KEPT.format(column=DIMENSIONS[dimension])  # one of our own names
    rows = [
        Kept(
            key,
            measure,
            ended,
            kept,
            still_open,
            late,
            timedelta(seconds=seconds) if seconds is not None else None,
        )
        for key, measure, ended, kept, still_open, late, seconds in fetch_rows(
            sql, [since, until, list(TO_CUSTOMER)]
        )
    ]
    order = list(Measure.values)
    return sorted(rows, key=lambda each: (str(each.key or ""), order.index(each.measure)))


WHICH = {
    "ended": Q(state__in=["met", "missed"]),
    "kept": Q(state="met"),
    "broken": Q(state="missed"),
    "open": Q(state__in=["running", "paused"]),
    "late": Q(state__in=["running", "paused"], breached_at__isnull=False),
}


def promises_behind(
    which: str, dimension: str, key: Any, measure: str, *, since: datetime, until: datetime
) -> QuerySet[Clock]:
    """The promises of one number of `kept_by`, the latest first."""
    cases = Case.objects.filter(opened_at__gte=since, opened_at__lt=until, **{DIMENSIONS[dimension]: key})
    return (
        Clock.objects.filter(WHICH[which], about_kind="case", measure=measure)
        .filter(case_id__in=cases.exclude(state=Case.State.MERGED).values("pk"))
        .order_by("-started_at", "-pk")
    )
