"""The ladder of a department as people look at it: who is told at which level, who is away, and where it has holes."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from guixin.organisation.ladder import Ladder, NoAuthority
from guixin.organisation.models import Department, Person, Position


@dataclass(frozen=True)
class Sitting:
    """Somebody on a rung. `away` says why they would be passed over; `instead` who decides in their place."""

    person: Person
    title: str
    away: Any = ""
    instead: Person | None = None


@dataclass(frozen=True)
class Level:
    """`told` is who hears of it at this level; `goes_on` when nobody of this rung can and the next one is asked."""

    number: int
    rank: int
    department: Department
    sittings: tuple[Sitting, ...]
    told: Person
    goes_on: bool
    is_top: bool


@dataclass(frozen=True)
class Picture:
    levels: tuple[Level, ...]
    holes: tuple[str, ...]


def picture(department: Department, now: datetime) -> Picture:
    """What would happen if a promise of this department broke at `now`."""
    ladder = Ladder.at(now)
    rungs = ladder.rungs_above(department.pk)
    seats = [seat for rung in rungs for seat in rung.seats]
    instead = {seat.person_id: ladder.stand_in(seat.person_id) for seat in seats}
    told = []
    for number in range(1, len(rungs) + 1):
        try:
            told.append(ladder.next_authority(department.pk, None, number).person_id)
        except NoAuthority:
            break
    people = Person.objects.in_bulk({*instead, *(p for p in instead.values() if p), *told})
    boxes = Department.objects.in_bulk({seat.department_id for seat in seats})
    levels = []
    for number, (rung, told_id) in enumerate(zip(rungs, told, strict=False), start=1):
        sittings = tuple(
            Sitting(
                people[seat.person_id],
                seat.title,
                why.sentence if (why := ladder.why_away(seat.person_id)) else "",
                people.get(instead[seat.person_id] or 0) if why else None,
            )
            for seat in rung.seats
        )
        levels.append(
            Level(
                number,
                rung.rank,
                boxes[rung.seats[0].department_id],
                sittings,
                people[told_id],
                goes_on=all(each.away and each.instead is None for each in sittings),
                is_top=number == len(rungs),
            )
        )
    return Picture(tuple(levels), tuple(_holes(department, levels, ladder)))


def _holes(department: Department, levels: list[Level], ladder: Ladder) -> list[str]:
    found = []
    if not levels:
        return [_("Nobody in the firm holds a post: a broken promise would be told to nobody.")]
    if not ladder.handlers(department.pk):
        found.append(_("Nobody of the department is there to do the work."))
    if levels[0].department.pk != department.pk:
        found.append(
            _("The department has nobody above its handlers: level 1 is “%(name)s” already.")
            % {"name": levels[0].department.name}
        )
    for level in levels:
        if level.goes_on and level.is_top:
            found.append(_("The top is empty: %(name)s is told although away.") % {"name": level.told.name})
        elif level.goes_on:
            found.append(
                _("At level %(level)s nobody is there, nor a deputy: it goes straight on to %(name)s.")
                % {"level": level.number, "name": level.told.name}
            )
    for before, after in pairwise(levels):
        if before.told.pk == after.told.pk and not before.goes_on:
            found.append(
                _("Levels %(one)s and %(two)s are the same person, %(name)s.")
                % {"one": before.number, "two": after.number, "name": after.told.name}
            )
    chairs = Position.objects.filter(department=department).order_by("rank")
    held = chairs.filter(
        Q(posts__until=None) | Q(posts__until__gt=ladder.day),
        posts__since__lte=ladder.day,
        posts__person__is_active=True,
    )
    found += [
        _("Nobody holds the position “%(title)s”.") % {"title": chair.title}
        for chair in chairs.exclude(pk__in=held)
    ]
    return found
