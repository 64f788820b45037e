"""The supervisor's desk: where is the risk this hour, in which department, with whom; and who makes us late this week."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from guixin.desks.day import Tile
from guixin.desks.nouns import address_of
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.access import scope_of
from guixin.organisation.models import Department, Person
from guixin.promise.matters import Matter, matters_for
from guixin.promise.models import Clock, Measure
from guixin.promise.verdicts import (
    Share,
    Week,
    broken_now,
    ended_in,
    lateness,
    missed_in,
    shares_of_departments,
    worst_of,
)
from guixin.serve import queues
from guixin.serve.models import Case, Emergency, Surge
from guixin.serve.overview import (
    Number,
    Overview,
    at_most_of,
    departments_of,
    may_oversee,
    overview,
    people_of,
    sees_all,
)

MEASURES = dict(Measure.choices)
WEEK_KEPT_FOR = 60  # seconds: the week moves slowly, and the board is asked for twice a minute by every wall


@dataclass(frozen=True)
class InWeek:
    """What a department kept and broke this week, and what it still has broken."""

    department: Department
    share: Share


@dataclass(frozen=True)
class Late:
    """A promise that was or is late, by how much, and whose case it is; `case` is none where this reader may not look."""

    clock: Clock
    words: str
    case: Case | Matter | None
    by: Any

    @property
    def is_open(self) -> bool:
        return self.clock.is_open

    @property
    def address(self) -> str:
        return address_of(self.case) if self.case else ""


@signed_in
def board(request: SignedIn) -> HttpResponse:
    person, now = request.user, database_now()
    if not may_oversee(person):
        raise Http404
    shown = overview(person, now)
    chosen = _department(request.GET.get("department", ""), shown)
    week, weekly = Week.of(now), _weekly(person, shown, now)
    blamed = _department(request.GET.get("week", ""), shown) or (weekly[0].department if weekly else None)
    lists = "all" if sees_all(scope_of(person)) else "department"
    return page(
        request,
        "desks/now.html",
        {
            "tiles": _tiles(shown, lists, person),
            "overview": shown,
            "lists": lists,
            "task_lists": "all-tasks" if lists == "all" else "tasks",
            "chosen": chosen,
            "people": people_of(chosen, now) if chosen else [],
            "weekly": weekly,
            "blamed": blamed,
            "worst": promises_shown(worst_of(blamed.pk, week, now), person, now) if blamed else [],
            "wall": "wall" in request.GET,
            "now": now,
            "rail_here": "/now",
        },
    )


def _tiles(shown: Overview, lists: str, person: Person) -> list[Tile]:
    tasks = "all-tasks" if lists == "all" else "tasks"
    tiles = [
        Tile(_("Late"), shown.deadlines.late, f"/queues/{lists}?due=late", "late"),
        Tile(_("Due within 30 minutes"), shown.deadlines.soon, f"/queues/{lists}?due=soon", "soon"),
        Tile(_("Not accepted"), Number(shown.unaccepted), f"/queues/{tasks}?state=given", "soon"),
        Tile(
            _("Waiting for the customer"), Number(shown.waiting), f"/queues/{lists}?state=waiting", "paused"
        ),
    ]
    if running := Emergency.objects.visible_to(person).running().count():
        tiles.insert(0, Tile(_("Emergencies"), Number(running), "/emergencies?which=running", "late"))
    if waiting := Surge.objects.visible_to(person).waiting().count():
        tiles.insert(0, Tile(_("Surges"), Number(waiting), "/surges", "late"))
    if shown.unrouted is not None:
        tiles.insert(len(tiles) - 1, Tile(_("No department yet"), shown.unrouted, "/queues/unrouted", "late"))
    return tiles


def _department(code: str, shown: Overview) -> Department | None:
    """One of those on the board; a name that is not there is not there for this person."""
    if not code:
        return None
    found = next((row.department for row in shown.departments if row.department.code == code), None)
    if found is None:
        raise Http404(code)
    return found


def _weekly(person: Person, shown: Overview, now: datetime) -> list[InWeek]:
    """The departments that had promises to keep this week, those with the most broken ones first."""
    by_id = {row.department.pk: row.department for row in shown.departments}
    key = f"week:{Week.of(now).begins.isoformat()}:{hash(frozenset(by_id))}"
    shares = cache.get(key)
    if shares is None:
        shares = shares_of_departments(list(by_id), Week.of(now))
        cache.set(key, shares, WEEK_KEPT_FOR)
    rows = [InWeek(by_id[pk], share) for pk, share in shares.items() if share.ended]
    return sorted(rows, key=lambda row: (-row.share.missed, -row.share.percent_missed, row.department.path))


def promises_shown(clocks: Any, person: Person, now: datetime) -> list[Late]:
    """Promises as a list shows them: whose case, and how late."""
    cases = Case.objects.visible_to(person).in_bulk({clock.case_id for clock in clocks})
    matters = matters_for(person, [clock.about for clock in clocks if clock.case_id is None])
    return [
        Late(
            clock,
            str(MEASURES[clock.measure]),
            cases.get(clock.case_id) or matters.get(clock.about),
            lateness(clock, now),
        )
        for clock in clocks
    ]


WHICH = {"ended": ended_in, "missed": missed_in}


@signed_in
def promises(request: SignedIn) -> HttpResponse:
    """The promises behind a share: those of one department, or one's own, that ended this week."""
    person, now = request.user, database_now()
    which, code = request.GET.get("which", "ended"), request.GET.get("department", "")
    if which not in (*WHICH, "broken"):
        raise Http404
    whose = _whose(person, code)
    rows = broken_now(**whose) if which == "broken" else WHICH[which](Week.of(now), **whose)
    order = ("breached_at",) if which == "broken" else ("-stopped_at",)
    try:
        found = queues.page_of(
            queues.Listed(rows.select_related("department", "holder"), order=order), request.GET.get("after")
        )
    except queues.NoSuchQueue as unknown:
        raise Http404(str(unknown)) from unknown
    return page(
        request,
        "desks/promises.html",
        {
            "promises": promises_shown(found.rows, person, now),
            "after": found.after,
            "is_first": "after" not in request.GET,
            "number": at_most_of(rows.order_by()),
            "which": which,
            "department": Department.objects.filter(code=code).first() if code else None,
            "now": now,
            "rail_here": "/now" if code else "/",
        },
    )


def _whose(person: Person, code: str) -> dict[str, int]:
    if not code:
        return {"holder_id": person.pk}
    department = next((each for each in departments_of(person) if each.code == code), None)
    if department is None or not may_oversee(person):
        raise Http404(code)
    return {"department_id": department.pk}
