"""Everything that was raised and still waits: for me, or in all I look after; with what an authority can do about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse

from guixin.desks.acts import Offer, Reader, asked_for_alone, form_alone, offers
from guixin.desks.ladders import level_words
from guixin.desks.nouns import address_of
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.promise.forecast import ComingStep, coming_steps_of
from guixin.promise.matters import Matter, matter_for, matters_for
from guixin.promise.models import Clock, Escalation, Extension, Measure
from guixin.serve import queues
from guixin.serve.models import Case
from guixin.serve.models.counter import all_counted
from guixin.serve.overview import HIGHEST_LEVEL, may_oversee, overview, sees_all

ASKED_AT_MOST = 50
MEASURES = dict(Measure.choices)


@dataclass(frozen=True)
class Raised:
    """An escalation that waits: what was promised, who is told next and when, and what this reader can do."""

    escalation: Escalation
    case: Case | Matter
    promise: str
    coming: ComingStep | None
    coming_name: str
    acts: list[Offer]

    @property
    def address(self) -> str:
        return address_of(self.case)


@dataclass(frozen=True)
class Asked:
    extension: Extension
    case: Case
    promise: str
    is_past: bool  # the date asked for has passed meanwhile: only another one can be granted
    acts: list[Offer]


@dataclass(frozen=True)
class Level:
    level: int
    words: str
    rows: list[Raised]


@signed_in
def show(request: SignedIn) -> HttpResponse:
    """`?whose=all`: everything in the departments this person looks after; else what waits for them. `?level=2`."""
    if asked_for_alone(request):
        return form_alone(request, _act_asked_for(request.user, Reader.of(request)), {})
    return answer_with_list(request)


def answer_with_list(request: SignedIn, refused: Offer | None = None, status: int = 200) -> HttpResponse:
    """The list; a refused act stands in it as it was sent."""
    person, now, reader = request.user, database_now(), Reader.of(request, refused)
    whose = "all" if request.GET.get("whose") == "all" and may_oversee(person) else "me"
    level = _level(request.GET.get("level", ""))
    try:
        found = queues.page_of(_listed(person, whose, level), request.GET.get("after"), ON_A_PAGE)
    except queues.NoSuchQueue as unknown:
        raise Http404(str(unknown)) from unknown
    raised = _raised(found.rows, person, reader, now)
    is_first = "after" not in request.GET
    return page(
        request,
        "desks/escalations.html",
        {
            "levels": _by_level(raised),
            "asked": _asked(person, whose, reader, now) if is_first and not level else [],
            "after": found.after,
            "is_first": is_first,
            "whose": whose,
            "level": level,
            "numbers": _numbers(person, whose, now),
            "may_oversee": may_oversee(person),
            "here": "/escalations",
            "within": _kept(request),
            "now": now,
            "rail_here": "/escalations",
        },
        status=status,
    )


ON_A_PAGE = 15  # each with its next step and its acts


def _kept(request: SignedIn) -> str:
    """What narrows the list, for the address that opens an act on it."""
    kept = [(name, request.GET[name]) for name in ("whose", "level", "after") if name in request.GET]
    return f"&{urlencode(kept)}" if kept else ""


def _level(said: str) -> int | None:
    if not said:
        return None
    if not said.isdecimal() or not 1 <= int(said[:3]) <= HIGHEST_LEVEL:
        raise Http404(said)
    return int(said)


def _listed(person: Person, whose: str, level: int | None) -> queues.Listed:
    """Walked by index, the highest level first: `escalation_waiting_for` one person, `escalation_waiting` for all."""
    waiting = Escalation.objects.waiting()
    rows: QuerySet[Escalation] = waiting.filter(to_person=person) if whose == "me" else waiting
    scope = scope_of(person)
    if whose == "all" and not sees_all(scope):
        rows = rows.filter(Q(department_id__in=scope.own_department_ids | scope.department_ids))
    if level:
        rows = rows.filter(level=level)
    rows = rows.select_related("clock", "department", "from_person", "to_person")
    return queues.Listed(rows, order=("-level", "happened_at"))


def _numbers(person: Person, whose: str, now: datetime) -> list[tuple[int, int]]:
    """How many wait at each level, from counters. For one person the levels are not counted apart."""
    if whose == "all":
        return list(overview(person, now).raised)
    mine = ("waiting_escalations", f"person:{person.pk}")
    return [(0, all_counted([mine])[mine])]


def _raised(rows: Any, person: Person, reader: Reader, now: datetime) -> list[Raised]:
    cases = (
        Case.objects.visible_to(person)
        .select_related("customer", "owner")
        .in_bulk({row.case_id for row in rows})
    )
    matters = matters_for(person, [row.matter for row in rows])
    clocks = [row.clock for row in rows if row.clock] + _to_act(row for row in rows if not row.clock)
    ahead = coming_steps_of(clocks, now)
    first: dict[Any, ComingStep] = {}
    for clock in clocks:
        if ahead[clock.pk]:
            key = clock.about_id if clock.about_kind == "escalation" else f"clock-{clock.pk}"
            first[key] = ahead[clock.pk][0]
    names = dict(
        Person.objects.filter(pk__in={step.person_id for step in first.values()}).values_list("pk", "name")
    )
    found = []
    for row in rows:
        what = cases.get(row.case_id) or matters.get(row.matter)
        if what is None:
            continue
        coming = first.get(f"clock-{row.clock_id}" if row.clock_id else row.pk)
        found.append(
            Raised(
                row,
                what,
                str(MEASURES[row.clock.measure]) if row.clock else "",
                coming,
                names.get(coming.person_id, "") if coming else "",
                offers("escalation", row, reader),
            )
        )
    return found


def _to_act(raised: Any) -> list[Clock]:
    """What was raised by hand climbs by the promise of its authority to act."""
    return list(Clock.objects.open().of("escalation", *(row.pk for row in raised)))


def _asked(person: Person, whose: str, reader: Reader, now: datetime) -> list[Asked]:
    waiting = Extension.objects.filter(state=Extension.State.ASKED).select_related(
        "clock__department", "asked_by", "authority"
    )
    if whose == "me":
        waiting = waiting.filter(authority=person)
    elif not sees_all(scope_of(person)):
        scope = scope_of(person)
        waiting = waiting.filter(clock__department_id__in=scope.own_department_ids | scope.department_ids)
    rows = list(waiting.order_by("old_due_at", "pk")[:ASKED_AT_MOST])
    cases = Case.objects.visible_to(person).in_bulk({row.case_id for row in rows})
    return [
        Asked(
            row,
            cases[row.case_id],
            str(MEASURES[row.clock.measure]),
            row.wanted_until <= now,
            offers("extension", row, reader),
        )
        for row in rows
        if row.case_id in cases
    ]


def _by_level(raised: list[Raised]) -> list[Level]:
    """Sorted by level already; each level is a section."""
    levels: list[Level] = []
    for row in raised:
        if not levels or levels[-1].level != row.escalation.level:
            levels.append(Level(row.escalation.level, level_words(row.escalation.level), []))
        levels[-1].rows.append(row)
    return levels


def _is_seen(found: Any, person: Person) -> bool:
    if found.case_id is None:
        return matter_for(person, found.matter) is not None
    return Case.objects.visible_to(person).filter(pk=found.case_id).exists()


def _act_asked_for(person: Person, reader: Reader) -> Offer | None:
    """The one form that was asked for: silence-17 is the silence of escalation 17, decision-4 of extension 4."""
    name, _dash, pk = reader.wanted.rpartition("-")
    if not pk.isdecimal() or len(pk) > 18:
        return None
    noun, rows = (
        ("extension", Extension.objects.select_related("clock"))
        if name == "decision"
        else ("escalation", Escalation.objects.waiting().select_related("clock"))
    )
    found = rows.filter(pk=pk).first()
    if found is None or not _is_seen(found, person):
        return None
    return next((offer for offer in offers(noun, found, reader) if offer.name == reader.wanted), None)
