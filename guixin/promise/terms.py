"""Versions and calendars as the clocks need them, kept in memory until somebody changes them."""

from dataclasses import dataclass

from guixin.organisation.models import Calendar, Department
from guixin.organisation.revisions import cached_until_changed
from guixin.promise.models import StandardVersion
from guixin.promise.steps import Terms
from guixin.worktime import WorkCalendar


@dataclass(frozen=True)
class Versions:
    """Every version ever published (a running clock may hold an old one), by id."""

    by_id: dict[int, StandardVersion]
    terms: dict[int, Terms]


@cached_until_changed("standards")
def all_versions() -> Versions:
    by_id = {v.pk: v for v in StandardVersion.objects.select_related("standard")}
    terms = {v.pk: Terms(v.warn_percent, tuple(v.ladder_minutes), v.repeat_minutes) for v in by_id.values()}
    return Versions(by_id, terms)


@cached_until_changed("calendars")
def all_calendars() -> dict[int, WorkCalendar]:
    return {calendar.pk: calendar.as_worktime() for calendar in Calendar.objects.all()}


@cached_until_changed("organisation")
def calendar_of_department() -> dict[int, int]:
    """Department id -> calendar id in force there: its own, or that of the nearest department above."""
    own = {d.pk: (d.calendar_id, d.parent_id) for d in Department.objects.all()}

    def in_force(department_id: int | None) -> int | None:
        while department_id is not None:
            calendar_id, department_id = own[department_id]
            if calendar_id:
                return calendar_id
        return None

    return {department_id: found for department_id in own if (found := in_force(department_id))}
