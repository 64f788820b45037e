"""Who stands above whom, and who is there today: the ladder that a late promise climbs.

The rungs above a holder are found by walking from the department up the tree and collecting posts of ever
higher rank; posts of one rank in one department are one rung. The highest rank of the whole tree is always the
last rung, wherever its office hangs. Somebody absent is replaced by the deputy, the deputy's deputy, then
by another person of the same rung, then by the rung above. The top is never silent: if nobody at all is there,
the top person is told anyway.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guixin.organisation.models.department import Department
from guixin.organisation.models.person import Absence, Person
from guixin.organisation.models.position import Duty, Post
from guixin.organisation.revisions import cached_until_changed
from guixin.web.refusals import Refused

HANDLER_RANK = 1
_MEMO_LIMIT = 20_000


class NoAuthority(Refused):
    """Nobody in the firm holds any post."""


class NoDepartments(Refused):
    """Nothing can be asked of a firm without departments."""


class Why(StrEnum):
    """Why somebody on the ladder was passed over."""

    ABSENT = "absent"
    INACTIVE = "inactive"
    HOLDER = "holder"  # the one whose lateness is being escalated

    @property
    def sentence(self):
        return {
            Why.ABSENT: _("is away"),
            Why.INACTIVE: _("no longer works here"),
            Why.HOLDER: _("is the one it is escalated from"),
        }[self]


@dataclass(frozen=True, slots=True)
class Skipped:
    person_id: int
    reason: Why
    deputy_id: int | None


@dataclass(frozen=True, slots=True)
class Authority:
    """Who decides now, in which position, and whom we passed over on the way."""

    person_id: int
    position_title: str
    rank: int
    skipped: tuple[Skipped, ...]
    is_top: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """A post as the ladder needs it."""

    person_id: int
    department_id: int
    rank: int
    title: str
    since: date
    until: date | None
    is_main: bool
    sees: str
    duties: tuple[str, ...]
    position_id: int = 0

    def held_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Rung:
    rank: int
    seats: tuple[Seat, ...]


class Snapshot:
    """Departments, posts and absences as of one revision. Shared between threads; only its two memos ever grow."""

    def __init__(self):
        self.lines: dict[
            int | None, tuple[int, ...]
        ] = {}  # department -> itself and those above, nearest first
        for pk, path in Department.objects.order_by("path").values_list("pk", "path"):
            self.lines[pk] = tuple(int(step) for step in reversed(path.split("/")) if step)
        people = list(Person.objects.values_list("pk", "name", "is_active"))
        self.names = {pk: name for pk, name, _is_active in people}
        self.inactive = frozenset(pk for pk, _name, is_active in people if not is_active)
        self.by_department: dict[int, list[Seat]] = defaultdict(list)
        self.by_person: dict[int, list[Seat]] = defaultdict(list)
        self.by_duty: dict[str, list[Seat]] = defaultdict(list)
        posts = Post.objects.select_related("position").order_by("-is_main", "since", "person_id", "pk")
        for post in posts:
            chair = post.position
            seat = Seat(
                person_id=post.person_id,
                department_id=chair.department_id,
                rank=chair.rank,
                title=chair.title,
                since=post.since,
                until=post.until,
                is_main=post.is_main,
                sees=chair.sees,
                duties=tuple(chair.duties),
                position_id=chair.pk,
            )
            self.by_department[seat.department_id].append(seat)
            self.by_person[seat.person_id].append(seat)
            for duty in seat.duties:
                self.by_duty[duty].append(seat)
        self.absences: dict[int, list[tuple[datetime, datetime, int | None]]] = defaultdict(list)
        rows = Absence.objects.order_by("from_at").values_list("person_id", "from_at", "to_at", "deputy_id")
        for person_id, from_at, to_at, deputy_id in rows:
            self.absences[person_id].append((from_at, to_at, deputy_id))
        self.memo: dict[tuple, tuple[Rung, ...]] = {}
        self.tops: dict[tuple, Rung | None] = {}

    def rungs(self, department_id: int | None, rank: int, day: date) -> tuple[Rung, ...]:
        """The rungs above `rank` from this department up; never empty unless the firm has no posts."""
        key = (department_id, rank, day)
        if (known := self.memo.get(key)) is None:
            if len(self.memo) >= _MEMO_LIMIT:
                self.memo.clear()
            known = self.memo[key] = tuple(self._climb(department_id, rank, day))
        return known

    def _climb(self, department_id: int | None, rank: int, day: date) -> list[Rung]:
        line = self.lines.get(department_id, ())
        rungs: list[Rung] = []
        last = rank
        for above in line:
            held = [seat for seat in self.by_department.get(above, ()) if seat.held_on(day)]
            for higher in sorted({seat.rank for seat in held if seat.rank > last}):
                rungs.append(Rung(higher, tuple(seat for seat in held if seat.rank == higher)))
                last = higher
        top = self._top_of(line[-1] if line else None, day)
        if top is not None and (not rungs or top.rank > last):
            rungs.append(top)
        return rungs

    def _top_of(self, root: int | None, day: date) -> Rung | None:
        """The highest rung of a tree; of the whole firm for a tree without people (or None)."""
        key = (root, day)
        top = self.tops.get(key)
        if top is None:
            if len(self.tops) >= _MEMO_LIMIT:
                self.tops.clear()
            everybody = [seat for seats in self.by_department.values() for seat in seats]
            working = [s for s in everybody if s.held_on(day) and s.person_id not in self.inactive]
            here = [s for s in working if self.lines[s.department_id][-1] == root]
            top = self.tops[key] = _top(here or working or everybody)
        return top


def _top(seats: list[Seat]) -> Rung | None:
    if not seats:
        return None
    rank = max(seat.rank for seat in seats)
    return Rung(
        rank, tuple(sorted((s for s in seats if s.rank == rank), key=lambda s: (not s.is_main, s.person_id)))
    )


@cached_until_changed("organisation")
def _snapshot() -> Snapshot:
    return Snapshot()


class Ladder:
    """The firm at one moment. Take one for a batch: `at` asks the database one tiny question, the rest is memory."""

    def __init__(self, snapshot: Snapshot, now: datetime):
        self._firm = snapshot
        self._now = now

    @classmethod
    def at(cls, now: datetime) -> "Ladder":
        return cls(_snapshot(), now)

    @property
    def day(self) -> date:
        """The day it is in the firm."""
        return self._moment(None)[1]

    def next_authority(
        self, department_id: int | None, holder_id: int | None, level: int, now: datetime | None = None
    ) -> Authority:
        """Who takes over at this level (1: the first rung above the holder). Beyond the last rung: the top again."""
        now, day = self._moment(now)
        rungs = self._firm.rungs(department_id, self._rank_in(department_id, holder_id, day), day)
        if not rungs:
            raise NoAuthority(_("Nobody in the firm holds a post, so there is nobody to escalate to."))
        top = len(rungs) - 1
        skipped: list[Skipped] = []
        for at in range(min(max(level, 1) - 1, top), top + 1):
            for seat in rungs[at].seats:
                person_id = self._there(seat.person_id, now, skipped, holder_id)
                if person_id is not None:
                    return Authority(person_id, seat.title, seat.rank, tuple(skipped), at == top)
        seats = rungs[top].seats
        last = next((seat for seat in seats if seat.person_id not in self._firm.inactive), seats[0])
        return Authority(last.person_id, last.title, last.rank, tuple(skipped), True)

    def front_desk(self, now: datetime | None = None) -> list[int]:
        """Everybody on the front desk who is there."""
        return self._present_with(Duty.FRONT_DESK, *self._moment(now))

    def front_desk_owner(self, now: datetime | None = None, preferred: int | None = None) -> int:
        """Somebody who can own a case: the preferred agent if there, another one, a deputy, the coordinator."""
        now, day = self._moment(now)
        there = self._present_with(Duty.FRONT_DESK, now, day)
        if there:
            return preferred if preferred in there else there[0]
        deputy = self._stand_in_for(self._with_duty(Duty.FRONT_DESK, day), now)
        return deputy if deputy is not None else self.coordinator(now)

    def coordinator(self, now: datetime | None = None) -> int:
        """Who looks after what nobody owns: the coordinator, the deputy, or else the top of the firm."""
        now, day = self._moment(now)
        if there := self._present_with(Duty.COORDINATOR, now, day):
            return there[0]
        holders = self._with_duty(Duty.COORDINATOR, day)
        deputy = self._stand_in_for(holders, now)
        if deputy is not None:
            return deputy
        return self.next_authority(
            holders[0].department_id if holders else None, None, len(self._firm.lines) + 9, now
        ).person_id

    def head_of(self, department_id: int, now: datetime | None = None) -> int:
        """Who answers for a department, away or not: its highest post, or that of the nearest department above."""
        _now, day = self._moment(now)
        for above in self._firm.lines.get(department_id, ()):
            top = _top([s for s in self._firm.by_department.get(above, ()) if self._holds(s, day)])
            if top is not None:
                return top.seats[0].person_id
        return self.next_authority(department_id, None, len(self._firm.lines) + 9, now).person_id

    def handlers(self, department_id: int, now: datetime | None = None) -> list[int]:
        """Those present in the department's lowest rank that has anybody present; may be empty."""
        now, day = self._moment(now)
        seats = [s for s in self._firm.by_department.get(department_id, ()) if self._holds(s, day)]
        for rank in sorted({seat.rank for seat in seats}):
            there = [
                s.person_id for s in seats if s.rank == rank and self._why_away(s.person_id, now) is None
            ]
            if there:
                return sorted(set(there))
        return []

    @property
    def names(self) -> Mapping[int, str]:
        """What everybody is called, those who left included, by id."""
        return self._firm.names

    def is_present(self, person_id: int, now: datetime | None = None) -> bool:
        return self._why_away(person_id, now or self._now) is None

    def seats_of(self, person_id: int, now: datetime | None = None) -> list[Seat]:
        """The posts somebody holds, the main one first."""
        _now, day = self._moment(now)
        return [seat for seat in self._firm.by_person.get(person_id, ()) if self._holds(seat, day)]

    def department_of(self, person_id: int) -> int:
        """Where somebody's main post is; for one without a post, the top of the firm."""
        if seats := self.seats_of(person_id):
            return seats[0].department_id
        tops = [line[0] for line in self._firm.lines.values() if len(line) == 1]
        if not tops:
            raise NoDepartments(_("The firm has no departments yet; an administrator sets them up first."))
        return min(tops)

    def holders_below(self, departments: frozenset[int], rank: int, now: datetime | None = None) -> set[int]:
        """Who holds a post of a lower rank in one of these departments."""
        _now, day = self._moment(now)
        seats = [seat for pk in departments for seat in self._firm.by_department.get(pk, ())]
        return {seat.person_id for seat in seats if seat.rank < rank and self._holds(seat, day)}

    def rungs_above(self, department_id: int | None, now: datetime | None = None) -> tuple[Rung, ...]:
        """The rungs above a handler of this department, those who are away among them."""
        _now, day = self._moment(now)
        return self._firm.rungs(department_id, HANDLER_RANK, day)

    def why_away(self, person_id: int, now: datetime | None = None) -> Why | None:
        """Why somebody would be passed over; None if they are there."""
        return self._why_away(person_id, now or self._now)

    def stand_in(self, person_id: int, now: datetime | None = None) -> int | None:
        """Who decides in this person's place: themselves, the first deputy who is there, or nobody."""
        return self._there(person_id, now or self._now, [])

    def stands_in_for(self, person_id: int, now: datetime | None = None) -> list[int]:
        """Those who are away and in whose place this person decides now."""
        now, _day = self._moment(now)
        away = (pk for pk in self._firm.absences if self._why_away(pk, now) is Why.ABSENT)
        return [pk for pk in away if self._there(pk, now, []) == person_id]

    def is_somebodys_deputy(self, person_id: int) -> bool:
        """Whether it is worth asking in whose place this person stands: it costs no clock."""
        return any(
            deputy == person_id for spans in self._firm.absences.values() for _from, _to, deputy in spans
        )

    def everybody(self, now: datetime | None = None) -> list[tuple[int, Seat]]:
        """Each post that is held, with who holds it."""
        _now, day = self._moment(now)
        return [
            (person_id, seat)
            for person_id, seats in self._firm.by_person.items()
            for seat in seats
            if self._holds(seat, day)
        ]

    def departments_under(self, department_id: int) -> frozenset[int]:
        """The department and everything below it."""
        return frozenset(line[0] for line in self._firm.lines.values() if department_id in line)

    def line_of(self, department_id: int) -> tuple[int, ...]:
        """The department and those above it, nearest first."""
        return self._firm.lines.get(department_id, ())

    # The working parts.

    def _moment(self, now: datetime | None) -> tuple[datetime, date]:
        now = now or self._now
        return now, now.astimezone(timezone.get_default_timezone()).date()

    def _holds(self, seat: Seat, day: date) -> bool:
        return seat.held_on(day) and seat.person_id not in self._firm.inactive

    def _rank_in(self, department_id: int | None, person_id: int | None, day: date) -> int:
        """How high somebody stands on this department's line; a guest counts as a handler."""
        if person_id is None:
            return HANDLER_RANK
        line = self._firm.lines.get(department_id, ())
        ranks = [
            s.rank
            for s in self._firm.by_person.get(person_id, ())
            if s.department_id in line and s.held_on(day)
        ]
        return max(ranks, default=HANDLER_RANK)

    def _why_away(self, person_id: int, now: datetime) -> Why | None:
        if person_id in self._firm.inactive:
            return Why.INACTIVE
        if any(from_at <= now < to_at for from_at, to_at, _deputy in self._firm.absences.get(person_id, ())):
            return Why.ABSENT
        return None

    def _deputy_of(self, person_id: int, now: datetime) -> int | None:
        spans = self._firm.absences.get(person_id, ())
        return next((deputy for from_at, to_at, deputy in spans if deputy and from_at <= now < to_at), None)

    def _there(self, person_id, now, skipped: list[Skipped], holder_id=None) -> int | None:
        """This person, or down the chain of deputies the first who is there; None if the chain ends or circles."""
        seen: set[int] = set()
        while person_id is not None and person_id not in seen:
            seen.add(person_id)
            why = Why.HOLDER if person_id == holder_id else self._why_away(person_id, now)
            if why is None:
                return person_id
            deputy = None if why is Why.HOLDER else self._deputy_of(person_id, now)
            skip = Skipped(person_id, why, deputy)
            if skip not in skipped:
                skipped.append(skip)
            person_id = deputy
        return None

    def _with_duty(self, duty: str, day: date) -> list[Seat]:
        return [seat for seat in self._firm.by_duty.get(duty, ()) if self._holds(seat, day)]

    def _present_with(self, duty: str, now: datetime, day: date) -> list[int]:
        there = {s.person_id for s in self._with_duty(duty, day) if self._why_away(s.person_id, now) is None}
        return sorted(there)

    def _stand_in_for(self, seats: Iterable[Seat], now: datetime) -> int | None:
        return next((p for seat in seats if (p := self._there(seat.person_id, now, [])) is not None), None)
