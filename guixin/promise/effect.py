"""What a change of a standard did: the share of promises kept before and after, on the same measure.

Shares have Wilson's interval, their difference Newcombe's hybrid of two of them (Newcombe 1998, method 10): right also
for shares near 0 or 1 and for few promises. A difference whose interval holds zero is inside the noise; nothing here
says that the change caused it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from django.db.models import Count, Q

from guixin.promise.models import Clock, Proposal
from guixin.promise.verdicts import ENOUGH, JUDGED
from guixin.web.intervals import wilson

LOOKED_AT = timedelta(days=90)


def newcombe(kept: int, ended: int, kept_before: int, ended_before: int) -> tuple[float, float]:
    """The interval of the difference of two shares, after minus before.

    >>> tuple(round(bound, 4) for bound in newcombe(56, 70, 48, 80))
    (0.0524, 0.3339)
    """
    after, before = kept / ended, kept_before / ended_before
    low, high = wilson(kept, ended)
    low_before, high_before = wilson(kept_before, ended_before)
    difference = after - before
    return (
        difference - sqrt((after - low) ** 2 + (high_before - before) ** 2),
        difference + sqrt((high - after) ** 2 + (before - low_before) ** 2),
    )


@dataclass(frozen=True)
class KeptShare:
    """Promises that ended, and how many were kept, in a span."""

    ended: int
    kept: int

    @property
    def is_enough(self) -> bool:
        return self.ended >= ENOUGH

    @property
    def percent(self) -> float:
        return 100 * self.kept / self.ended if self.ended else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """In percent."""
        low, high = wilson(self.kept, self.ended)
        return 100 * low, 100 * high


@dataclass(frozen=True)
class Effect:
    """Before and after the new version; `difference` in points of percent, None with too few promises on a side."""

    before: KeptShare
    after: KeptShare
    difference: tuple[float, float] | None

    @property
    def is_noise(self) -> bool:
        """The interval of the difference holds zero."""
        return self.difference is not None and self.difference[0] <= 0 <= self.difference[1]


def difference_of(before: KeptShare, after: KeptShare) -> tuple[float, float] | None:
    """In points of percent; None with too few promises on a side."""
    if not (before.is_enough and after.is_enough):
        return None
    low, high = newcombe(after.kept, after.ended, before.kept, before.ended)
    return 100 * low, 100 * high


def effect_of(proposal: Proposal, now: datetime) -> Effect | None:
    """None unless a version was published by it. Counted are the promises of this standard begun under each version."""
    version = proposal.version
    if version is None:
        return None
    of_it = Clock.objects.filter(version__standard_id=version.standard_id, state__in=JUDGED)
    kept = Count("pk", filter=Q(state=Clock.State.MET))
    before = of_it.filter(
        version__number__lt=version.number, started_at__gte=version.published_at - LOOKED_AT,
        started_at__lt=version.published_at,
    ).aggregate(ended=Count("pk"), kept=kept)  # fmt: skip
    after = of_it.filter(
        version=version, started_at__lt=min(now, version.published_at + LOOKED_AT)
    ).aggregate(ended=Count("pk"), kept=kept)
    one, other = KeptShare(**before), KeptShare(**after)
    return Effect(one, other, difference_of(one, other))
