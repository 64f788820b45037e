"""What one person holds, and passing it to others: cases, tasks, follow-ups, promises that stand alone, and what other
packages say is held (organisation/passing_on.py): planned contacts, steps of strategies, proposals, customers …

The parts know nothing of previews and undoing, see `bulk_changes`. Everything moves in sets: two hundred cases cost
about as many statements as two.
"""

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.access import scope_of
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Absence, Department, Person
from guixin.organisation.passing_on import Held, Moving, sorts
from guixin.promise.models import Clock
from guixin.promise.moving import hand_over
from guixin.serve import events, task_events
from guixin.serve.changing import change_owners
from guixin.serve.models import Case, FollowUp, Task
from guixin.serve.models.counter import counted
from guixin.web.refusals import Refused


class CannotHandOver(Refused):
    """This work cannot be passed on like this, and why."""

    about_input = True


def held_by(person: Person, now: datetime, *, for_good: bool = False) -> list[Held]:
    """Everything that waits for this person: what they own, handle, must ask, or promised besides.

    for_good   also what they answer for without anything waiting: customers to look after, segments, series of contacts
    """
    return [*_of_cases(person), *besides_cases(person, now, for_good=for_good)]


def besides_cases(person: Person, now: datetime, *, for_good: bool) -> list[Held]:
    found = (sort.held(person, now) for sort in sorts().values() if for_good or not sort.for_good)
    return [held for some in found for held in some]


def _of_cases(person: Person) -> list[Held]:
    cases = Case.objects.open().filter(owner=person).order_by("queue_at", "pk").values_list("pk", flat=True)
    tasks = Task.objects.open().filter(handler=person).order_by("queue_at", "pk")
    asked = FollowUp.objects.filter(holder=person, state=FollowUp.State.PLANNED).order_by("planned_for")
    return [
        *(Held("case", pk, pk) for pk in cases),
        *(Held("task", *row) for row in tasks.values_list("pk", "case_id", "department_id")),
        *(Held("follow_up", *row) for row in asked.values_list("pk", "case_id")),
        *(Held("clock", *row) for row in _alone(person).values_list("pk", "case_id")),
    ]


def _alone(person: Person):
    """Promises that do not go with a case, a task or a follow-up: finding a department, deciding at a level."""
    return Clock.objects.open().filter(holder=person, about_kind="escalation") | Clock.objects.open().filter(
        holder=person, measure="route"
    )


@dataclass(frozen=True)
class Load:
    """How much somebody has open, from the counters."""

    cases: int
    tasks: int

    @property
    def all(self) -> int:
        return self.cases + self.tasks


def loads(people: Iterable[int]) -> dict[int, Load]:
    ids = list(people)
    cases = counted("open_cases", [f"owner:{pk}" for pk in ids])
    tasks = counted("open_tasks", [f"handler:{pk}" for pk in ids])
    return {pk: Load(cases[f"owner:{pk}"], tasks[f"handler:{pk}"]) for pk in ids}


@dataclass(frozen=True)
class Colleague:
    """Somebody whose work may be handed over, or who may receive it."""

    person: Person
    load: Load
    title: str
    absence: Absence | None = None


def whose_work(by: Person, now: datetime) -> list[Colleague]:
    """Those whose work this person may hand over: the absent first, the fullest desk first.

    Whoever has no cases may still answer for customers or surveys, so the present are all there; of those who left, only
    they whose cases were never passed on.
    """
    scope, ladder = scope_of(by, now), Ladder.at(now)
    people = Person.objects.filter(posts__isnull=False).distinct()
    if not scope.sees_everything:
        below = people.filter(posts__position__department_id__in=scope.department_ids)
        people = (below | people.filter(pk=by.pk)).distinct()
    allowed = [person for person in people if may_hand_over(person, by, now)]
    away = {
        each.person_id: each
        for each in Absence.objects.filter(
            person__in=allowed, from_at__lte=now, to_at__gt=now
        ).select_related("deputy")
    }
    load = loads([person.pk for person in allowed])
    found = [
        Colleague(person, load[person.pk], _title(ladder, person.pk), away.get(person.pk))
        for person in allowed
        if load[person.pk].all or person.pk in away or person.is_active
    ]
    return sorted(found, key=lambda each: (each.absence is None and each.person.is_active, -each.load.all))


def may_hand_over(absent: Person, by: Person, now: datetime) -> bool:
    """One's own work; that of people one stands above and whose department one sees; everybody's, who sees all."""
    scope, ladder = scope_of(by, now), Ladder.at(now)
    if scope.sees_everything or absent.pk == by.pk:
        return True
    seats = ladder.seats_of(absent.pk)
    return any(seat.department_id in scope.department_ids and seat.rank < scope.rank for seat in seats)


def receivers_for(absent: Person, now: datetime) -> list[Colleague]:
    """Who could take it: the deputy first, then those of the same departments who are there."""
    ladder = Ladder.at(now)
    away = Absence.objects.filter(person=absent, from_at__lte=now, to_at__gt=now).first()
    deputy_id = away.deputy_id if away else None
    departments = {seat.department_id for seat in ladder.seats_of(absent.pk)}
    near = Person.objects.active().filter(
        posts__position__department_id__in=departments, posts__until__isnull=True
    )
    people = {person.pk: person for person in [*near, *Person.objects.active().filter(pk=deputy_id)]}
    people.pop(absent.pk, None)
    there = [person for pk, person in people.items() if ladder.is_present(pk) and ladder.seats_of(pk)]
    load = loads([person.pk for person in there])
    found = [Colleague(person, load[person.pk], _title(ladder, person.pk)) for person in there]
    return sorted(found, key=lambda each: (each.person.pk != deputy_id, each.load.all, each.person.pk))


def _title(ladder: Ladder, person_id: int) -> str:
    seats = ladder.seats_of(person_id)
    return seats[0].title if seats else ""


def shared_out(
    held: Sequence[Held], receivers: Sequence[int], now: datetime
) -> tuple[dict[Held, int], dict[Held, str]]:
    """Who gets what: to the one who has least, again and again. Also what nobody of these can take, and why."""
    if not receivers:
        raise CannotHandOver(_("Choose who takes the work."))
    ladder = Ladder.at(now)
    names = dict(Person.objects.filter(pk__in=receivers).values_list("pk", "name"))
    departments = {pk: {seat.department_id for seat in ladder.seats_of(pk)} for pk in receivers}
    if without := [names.get(pk, str(pk)) for pk in receivers if not departments[pk]]:
        raise CannotHandOver(_("%s holds no post and cannot take work.") % ", ".join(without))
    ranks = {pk: max(seat.rank for seat in ladder.seats_of(pk)) for pk in receivers}
    full = Tally({pk: load.all for pk, load in loads(receivers).items()})
    given: dict[Held, int] = {}
    refused: dict[Held, str] = {}
    boxes = dict(Department.objects.values_list("pk", "name"))
    for one in held:
        able = [
            pk for pk in receivers
            if not one.stays
            and (one.department_id is None or one.department_id in departments[pk])
            and ranks[pk] >= one.least_rank
            and pk not in one.never
            and (one.only is None or pk in one.only)
        ]  # fmt: skip
        if able:
            taker = min(able, key=lambda pk: (full[pk], receivers.index(pk)))
            full[taker] += 1
            given[one] = taker
            continue
        refused[one] = one.stays or _why_nobody(one, departments, boxes)
    return given, refused


def _why_nobody(one: Held, departments: Mapping[int, set[int]], boxes: Mapping[int, str]) -> str:
    if one.department_id and not any(one.department_id in theirs for theirs in departments.values()):
        return str(
            _("The task belongs to %(department)s, where none of those chosen works.")
            % {"department": boxes[one.department_id]}
        )
    if one.only is not None:
        return str(_("None of those chosen knows the field it was asked of."))
    return str(_("Somebody of at least the same rank must answer it, and nobody their own proposal."))


# -- who holds it, and passing it on: one pair for each kind of thing ----------------------------------------------


def _task_handlers(wanted: Mapping[int, int], how: Moving) -> None:
    found = Task.objects.open().filter(pk__in=wanted).select_for_update(of=("self",)).order_by("pk")
    tasks = [task for task in found if task.handler_id != wanted[task.pk]]
    for department_id, handler_id in {(task.department_id, wanted[task.pk]) for task in tasks}:
        theirs = [
            task.pk for task in tasks if (task.department_id, wanted[task.pk]) == (department_id, handler_id)
        ]
        Task.objects.filter(pk__in=theirs).update(handler_id=handler_id, version=F("version") + 1)
        hand_over(
            Clock.objects.of("task", *theirs).open(), department_id=department_id, holder_id=handler_id,
            now=how.now, actor_id=how.by.pk,
        )  # fmt: skip
    record(
        *(
            task_events.TaskHandedOver(
                happened_at=how.now,
                actor_id=how.by.pk,
                about=task.about,
                case_id=task.case_id,
                department_id=task.department_id,
                handler_id=wanted[task.pk],
                part_of=how.part_of,
            )
            for task in tasks
        )
    )


def _follow_up_holders(wanted: Mapping[int, int], how: Moving) -> None:
    planned = FollowUp.objects.filter(pk__in=wanted, state=FollowUp.State.PLANNED)
    rows = list(planned.select_for_update(of=("self",)).order_by("pk"))
    for holder_id in {wanted[row.pk] for row in rows}:
        theirs = [row.pk for row in rows if wanted[row.pk] == holder_id]
        FollowUp.objects.filter(pk__in=theirs).update(holder_id=holder_id)
        _hold(Clock.objects.of("follow_up", *theirs).open(), holder_id, how)
    record(
        *(
            events.FollowUpHandedOver(
                happened_at=how.now,
                actor_id=how.by.pk,
                about=row.about,
                case_id=row.case_id,
                old_holder_id=row.holder_id,
                new_holder_id=wanted[row.pk],
                part_of=how.part_of,
            )
            for row in rows
        )
    )


def _clock_holders(wanted: Mapping[int, int], how: Moving) -> None:
    for holder_id in set(wanted.values()):
        theirs = [pk for pk, holder in wanted.items() if holder == holder_id]
        _hold(Clock.objects.filter(pk__in=theirs).open(), holder_id, how)


def _hold(clocks, holder_id: int, how: Moving) -> None:
    """Another person holds these promises; the department that made each of them stays."""
    by_department: dict[int, list[Clock]] = {}
    for clock in clocks:
        by_department.setdefault(clock.department_id, []).append(clock)
    for department_id, some in by_department.items():
        hand_over(some, department_id=department_id, holder_id=holder_id, now=how.now, actor_id=how.by.pk)


def _owners(wanted: Mapping[int, int], how: Moving) -> None:
    change_owners(wanted, by=how.by, now=how.now, part_of=how.part_of)


_MOVE: dict[str, Callable[[Mapping[int, int], Moving], None]] = {
    "case": _owners,
    "task": _task_handlers,
    "follow_up": _follow_up_holders,
    "clock": _clock_holders,
}
COLUMNS = (
    "serve.Case.owner",
    "serve.Task.handler",
    "serve.FollowUp.holder",
    "promise.Clock.holder",
)  # of _MOVE


@transaction.atomic
def move(kind: str, wanted: Mapping[int, int], how: Moving) -> None:
    """Pass these things (id -> person id) of one kind on. What is no longer open is left alone."""
    pass_on = _MOVE[kind] if kind in _MOVE else sorts()[kind].pass_on
    pass_on(wanted, how)


def holders(kind: str, ids: Sequence[int]) -> dict[int, int | None]:
    """Who holds these now; things that are no longer open are missing."""
    if kind in sorts():
        return dict(sorts()[kind].holders(ids))
    if kind == "case":
        return dict(Case.objects.open().filter(pk__in=ids).values_list("pk", "owner_id"))
    if kind == "task":
        return dict(Task.objects.open().filter(pk__in=ids).values_list("pk", "handler_id"))
    if kind == "follow_up":
        planned = FollowUp.objects.filter(pk__in=ids, state=FollowUp.State.PLANNED)
        return dict(planned.values_list("pk", "holder_id"))
    return dict(Clock.objects.open().filter(pk__in=ids).values_list("pk", "holder_id"))
