"""What a segment's customers were promised at a moment of truth (关键时刻) and did not get: the facts of a review.

Whose case a promise belongs to is known to the package of cases, which lends its finder here.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from guixin.promise.models import BlueprintVersion, StrategyCycle
from guixin.web.languages import Named


@dataclass(frozen=True)
class BrokenMoment(Named):
    """A moment of a blueprint with promises broken in a round: `broken` of the `promised` that were kept or broken."""

    blueprint: str
    element: str
    name: str
    name_en: str
    standards: list[str]  # whose promises those were
    broken: int
    promised: int

    @property
    def key(self) -> str:
        return f"{self.blueprint}:{self.element}"


@dataclass(frozen=True)
class Moment(Named):
    """A moment of truth that has promises, in a drawing in force."""

    blueprint: str
    element: str
    name: str
    name_en: str
    standards: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.blueprint}:{self.element}"


Finder = Callable[[int, Sequence[Moment], datetime, datetime], dict[str, tuple[int, int]]]
_finders: list[Finder] = []


def found_by(finder: Finder) -> None:
    """(segment, moments, since, until) -> key of a moment: how many promises were broken, of how many."""
    _finders[:] = [finder]


def moments_in_force() -> list[Moment]:
    versions = BlueprintVersion.objects.filter(withdrawn_at__isnull=True).select_related("blueprint")
    return [
        Moment(version.blueprint.code, each.key, each.name, each.name_en, each.standards)
        for version in versions.order_by("blueprint__name", "pk")
        for each in version.drawn.moments
        if each.standards
    ]


def elements_in_force(keys: Collection[str]) -> dict[str, Moment]:
    """By key (“blueprint:element”) those of these that stand in a drawing in force, moments of truth or not, with or without
    promises."""
    codes = {key.partition(":")[0] for key in keys}
    versions = BlueprintVersion.objects.filter(withdrawn_at__isnull=True, blueprint__code__in=codes)
    found = [
        Moment(version.blueprint.code, each.key, each.name, each.name_en, each.standards)
        for version in (versions.select_related("blueprint") if codes else ())
        for each in version.drawn.elements
    ]
    return {each.key: each for each in found if each.key in keys}


def broken_in(cycle: StrategyCycle, now: datetime) -> list[BrokenMoment]:
    """The moments at which promises to the segment were broken in this round, the most broken first.

    A promise counts in the round in which its deadline passed, whenever it was kept after all. Of a round that was
    reviewed: what stood there then.
    """
    if cycle.reviewed_at:
        return [BrokenMoment(**each) for each in cycle.broken]
    moments = moments_in_force()
    if not moments or not _finders:
        return []
    counted = _finders[0](cycle.segment_id, moments, cycle.begun_at, now)
    found = [
        BrokenMoment(
            each.blueprint, each.element, each.name, each.name_en, [*each.standards], *counted[each.key]
        )
        for each in moments
        if counted.get(each.key, (0, 0))[0]
    ]
    return sorted(found, key=lambda each: -each.broken)


def written(found: Sequence[BrokenMoment]) -> list[dict[str, Any]]:
    """As a round keeps them."""
    return [asdict(each) for each in found]
