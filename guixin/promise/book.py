"""The promises in force, and which of them apply to a case. See decisions/0015-how-a-package-chooses.md."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from guixin.organisation.revisions import cached_until_changed
from guixin.promise.models import StandardVersion
from guixin.promise.packages import bound_standards, hours_of_packages
from guixin.promise.terms import all_calendars, calendar_of_department
from guixin.worktime import WorkCalendar


@dataclass(frozen=True)
class Circumstances:
    """What about a case decides which promises apply."""

    kind: str = ""
    category: str = ""  # code path, "quality/colour"
    severity: int = 1
    grade: str = ""
    channel: str = ""
    department_id: int | None = None
    package: int | None = None  # the version of the service package it was promised

    def at(self, department_id: int) -> "Circumstances":
        return replace(self, department_id=department_id)

    def without_package(self) -> "Circumstances":
        """As everybody's."""
        return replace(self, package=None)


class Book:
    """Every version in force, by measure; and the standards each version of a package binds."""

    def __init__(
        self,
        versions: Iterable[StandardVersion],
        bound: Mapping[int, frozenset[int]] | None = None,
        hours: Mapping[int, int] | None = None,
    ):
        self.bound, self.hours = bound or {}, hours or {}
        self.by_measure: dict[str, list[StandardVersion]] = {}
        for version in versions:
            self.by_measure.setdefault(version.standard.measure, []).append(version)
        self._chosen: dict[tuple[str, Circumstances], StandardVersion | None] = {}

    def promise(self, measure: str, case: Circumstances) -> StandardVersion | None:
        """The version promised.

        Of the standards of the case's package, and of those for everybody: the one that says most about the case;
        between equals, the strictest. A package adds to what everybody is promised and never takes away, so where
        both have one, the earlier deadline is promised, and the package's between equals.
        """
        if (measure, case) not in self._chosen:
            if len(self._chosen) > 10_000:
                self._chosen.clear()
            self._chosen[measure, case] = self._choose(measure, case)
        return self._chosen[measure, case]

    def _choose(self, measure: str, case: Circumstances) -> StandardVersion | None:
        fitting = [v for v in self.by_measure.get(measure, ()) if _covers(v, case)]
        everybodys = max((v for v in fitting if not v.only_in_packages), key=_precision, default=None)
        if case.package is None:
            return everybodys
        ours = max((v for v in fitting if self.is_of_package(v, case)), key=_precision, default=None)
        if ours is None or everybodys is None:
            return ours or everybodys
        return ours if self._usual(ours, case) <= self._usual(everybodys, case) else everybodys

    def is_of_package(self, version: StandardVersion, case: Circumstances) -> bool:
        """Whether the package of this case binds the standard."""
        return version.standard_id in self.bound.get(case.package or 0, ())

    def calendar_id(self, version: StandardVersion, case: Circumstances) -> int | None:
        """In whose hours it is counted: its own, else those of the package that binds it; none: the department's."""
        if version.calendar_id is None and self.is_of_package(version, case):
            return self.hours.get(case.package or 0)
        return version.calendar_id

    def _usual(self, version: StandardVersion, case: Circumstances) -> float:
        """How long the budget lasts by the clock on the wall, in a week without holidays; in minutes."""
        calendar_id = self.calendar_id(version, case) or calendar_of_department().get(case.department_id or 0)
        calendar = all_calendars().get(calendar_id or 0)
        return version.budget_minutes / (_open_share(calendar) if calendar else 1)


def _covers(version: StandardVersion, case: Circumstances) -> bool:
    return (
        version.for_kind in ("", case.kind)
        and (not version.for_category or f"{case.category}/".startswith(f"{version.for_category}/"))
        and (version.for_severity is None or case.severity >= version.for_severity)
        and (not version.for_grade or (case.grade != "" and case.grade in version.for_grade))
        and version.for_channel in ("", case.channel)
        and version.for_department_id in (None, case.department_id)
    )


def _precision(version: StandardVersion) -> tuple:
    """How much a version says about its cases: how many conditions, then how deep its category stands. Between
    equals the strictest, then the newest."""
    conditions = (
        bool(version.for_kind),
        bool(version.for_category),
        version.for_severity is not None,
        bool(version.for_grade),
        bool(version.for_channel),
        version.for_department_id is not None,
    )
    return sum(conditions), len(version.for_category), -version.budget_minutes, version.pk


def _open_share(calendar: WorkCalendar) -> float:
    """The part of a usual week that is worked; 1 round the clock."""
    if calendar.always:
        return 1
    minutes = 0
    for shifts in calendar.weekly.values():
        for shift in shifts:
            opens = shift.opens.hour * 60 + shift.opens.minute
            closes = shift.closes.hour * 60 + shift.closes.minute
            minutes += (closes - opens) % (24 * 60) or 24 * 60
    return max(min(minutes / (7 * 24 * 60), 1), 0.001)


@cached_until_changed("standards", "calendars")
def book() -> Book:
    """The promises in force now."""
    versions = StandardVersion.objects.filter(withdrawn_at__isnull=True).select_related("standard")
    return Book(versions, bound_standards(), hours_of_packages())
