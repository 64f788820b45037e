"""Where work stands now: what is late, due soon, waiting, not accepted, by department and by person.

Nothing here counts a big table. How many are open comes from counters; how many are late is a walk along the
deadlines of one department or person, which ends at the first that is not, or at `AT_MOST`. Every number has a list
behind it with exactly these rows (`serve.filtering` gives the lists their conditions).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from guixin.ledger.bulk import fetch_rows
from guixin.organisation.access import Scope, scope_of
from guixin.organisation.models import Absence, Department, Person, Post
from guixin.organisation.models.position import Rank
from guixin.serve import queues
from guixin.serve.filtering import SOON
from guixin.serve.models.counter import all_counted

AT_MOST = 5_000  # a walk ends here, and the page shows “5000+”


@dataclass(frozen=True)
class Number:
    """How many; `more`: the walk ended before it came to the last."""

    value: int
    more: bool = False

    def __str__(self) -> str:
        return f"{self.value}+" if self.more else str(self.value)

    def __bool__(self) -> bool:
        return self.value > 0

    def __add__(self, other: "Number") -> "Number":
        return Number(self.value + other.value, self.more or other.more)


NONE = Number(0)


@dataclass(frozen=True)
class Deadlines:
    """How many are late and how many due soon, and the deadline missed longest ago."""

    late: Number = NONE
    soon: Number = NONE
    since: datetime | None = None

    def __add__(self, other: "Deadlines") -> "Deadlines":
        first = min(filter(None, (self.since, other.since)), default=None)
        return Deadlines(self.late + other.late, self.soon + other.soon, first)


@dataclass(frozen=True)
class OfDepartment:
    department: Department
    open: int
    waiting: int
    unaccepted: int
    deadlines: Deadlines


@dataclass(frozen=True)
class OfPerson:
    """The cases somebody owns and the tasks they accepted; whether they are there, and who stands in."""

    person: Person
    title: str
    cases: int
    tasks: int
    waiting: int
    of_cases: Deadlines
    of_tasks: Deadlines
    away_until: datetime | None
    deputy: str

    @property
    def is_free(self) -> bool:
        return self.away_until is None and not self.cases and not self.tasks


@dataclass(frozen=True)
class Overview:
    departments: Sequence[OfDepartment]
    open: int
    waiting: int
    unaccepted: int
    deadlines: Deadlines
    unrouted: Number | None  # None: not for this person
    raised: Sequence[tuple[int, int]]  # level, how many escalations wait there, the highest first


def may_oversee(person: Person) -> bool:
    """Whoever looks after others: supervisors and above, the coordinator and the front desk."""
    scope = scope_of(person)
    return sees_all(scope) or scope.rank >= Rank.SUPERVISOR


def sees_all(scope: Scope) -> bool:
    return scope.sees_everything or scope.is_front_desk


def departments_of(person: Person) -> list[Department]:
    """Those this person looks after, in the order of the tree."""
    scope, every = scope_of(person), Department.objects.order_by("path")
    if not sees_all(scope):
        every = every.filter(pk__in=scope.own_department_ids | scope.department_ids)
    return list(every)


def whose_promises(person: Person) -> list[int] | None:
    """Ids of the departments whose promises this person may look behind; None: all of them."""
    return None if sees_all(scope_of(person)) else [each.pk for each in departments_of(person)]


def overview(person: Person, now: datetime) -> Overview:
    scope, departments = scope_of(person), departments_of(person)
    everything = sees_all(scope)
    keys = [f"department:{each.pk}" for each in departments]
    raised_keys = _levels(None if everything else [each.pk for each in departments])
    found = all_counted(
        [
            *(("open_cases", key) for key in keys),
            *(("waiting_cases", key) for key in keys),
            *(("unaccepted_tasks", key) for key in keys),
            *(("waiting_escalations", key) for key, _level in raised_keys),
        ]
    )
    (near,) = deadlines([each.pk for each in departments], now, serve_case="department_id")
    rows = [
        OfDepartment(
            each,
            found["open_cases", key],
            found["waiting_cases", key],
            found["unaccepted_tasks", key],
            near[each.pk],
        )
        for each, key in zip(departments, keys, strict=True)
    ]
    levels: dict[int, int] = {}
    for key, level in raised_keys:
        levels[level] = levels.get(level, 0) + found["waiting_escalations", key]
    return Overview(
        sorted(rows, key=lambda row: (-row.deadlines.late.value, -row.deadlines.soon.value, -row.open)),
        open=sum(row.open for row in rows),
        waiting=sum(row.waiting for row in rows),
        unaccepted=sum(row.unaccepted for row in rows),
        deadlines=sum(near.values(), Deadlines()),
        unrouted=unrouted(person, now) if everything else None,
        raised=sorted(((level, n) for level, n in levels.items() if n), reverse=True),
    )


HIGHEST_LEVEL = 9


def _levels(department_ids: Iterable[int] | None) -> list[tuple[str, int]]:
    """The counters of escalations that wait, each with its level."""
    levels = range(1, HIGHEST_LEVEL + 1)
    if department_ids is None:
        return [(f"level:{level}", level) for level in levels]
    return [(f"department:{pk}:level:{level}", level) for pk in department_ids for level in levels]


def unrouted(person: Person, now: datetime, at_most: int = AT_MOST) -> Number:
    """Cases no department has yet; normally a handful."""
    listed = queues.cases("unrouted", person, now=now)
    return at_most_of(listed.all_rows.order_by(), at_most)


def at_most_of(rows, at_most: int = AT_MOST) -> Number:
    """How many rows, counted no further than this."""
    found = len(rows.values_list("pk", flat=True)[: at_most + 1])
    return Number(min(found, at_most), found > at_most)


def people_of(department: Department, now: datetime) -> list[OfPerson]:
    """Everybody who holds a post in the department, those with the latest work first."""
    today = now.date()
    posts = (
        Post.objects.filter(position__department=department, person__is_active=True, since__lte=today)
        .exclude(until__lte=today)
        .select_related("person", "position")
        .order_by("-position__rank", "person__name_pinyin", "pk")
    )
    titles: dict[Person, str] = {}
    for post in posts:
        titles.setdefault(post.person, post.position.shown_name(get_language() or "zh-hans"))
    ids = [person.pk for person in titles]
    found = all_counted(
        [
            pair
            for pk in ids
            for pair in (
                ("open_cases", f"owner:{pk}"),
                ("waiting_cases", f"owner:{pk}"),
                ("open_tasks", f"handler:{pk}"),
            )
        ]
    )
    of_cases, of_tasks = deadlines(ids, now, serve_case="owner_id", serve_task="handler_id")
    away = {
        absence.person_id: absence
        for absence in Absence.objects.filter(person_id__in=ids, from_at__lte=now, to_at__gt=now)
        .select_related("deputy")
        .order_by("to_at")
    }
    rows = [
        OfPerson(
            person,
            title,
            found["open_cases", f"owner:{person.pk}"],
            found["open_tasks", f"handler:{person.pk}"],
            found["waiting_cases", f"owner:{person.pk}"],
            of_cases[person.pk],
            of_tasks[person.pk],
            away[person.pk].to_at if person.pk in away else None,
            str(away[person.pk].deputy or "") if person.pk in away else "",
        )
        for person, title in titles.items()
    ]
    return sorted(rows, key=lambda row: -(row.of_cases.late + row.of_tasks.late).value)


_STATES = {
    "serve_case": "c.state IN ('open', 'waiting', 'answered')",
    "serve_task": "c.state IN ('given', 'accepted')",
}
_WALK = """
    SELECT {part}, k.id, n.late, n.soon, n.since FROM unnest(%s::bigint[]) k (id), LATERAL (
        SELECT count(*) FILTER (WHERE x.queue_at < %s::timestamptz) AS late,
            count(*) FILTER (WHERE x.queue_at >= %s::timestamptz) AS soon,
            min(x.queue_at) FILTER (WHERE x.queue_at < %s::timestamptz) AS since
        FROM (SELECT c.queue_at FROM {table} c
            WHERE c.{column} = k.id AND {open} AND c.queue_at < %s::timestamptz
            ORDER BY c.queue_at, c.id LIMIT {walked}) x) n
"""


def deadlines(ids: Sequence[int], now: datetime, **columns: str) -> list[dict[int, Deadlines]]:
    """Late and due soon among the open rows of each of these departments, owners or handlers, by their index.

    columns     table=column, such as serve_case="owner_id"; one answer for each, all in one statement
    """
    walks = [
        _WALK.format(part=part, table=table, column=column, open=_STATES[table], walked=AT_MOST + 1)
        for part, (table, column) in enumerate(columns.items())
    ]
    given = [list(ids), now, now, now, now + SOON] * len(walks)
    found: list[dict[int, Deadlines]] = [{} for _walk in walks]
    for part, pk, late, soon, since in fetch_rows(" UNION ALL ".join(walks), given) if ids else ():
        found[part][pk] = Deadlines(
            Number(min(late, AT_MOST), late > AT_MOST),
            Number(min(soon, AT_MOST), late + soon > AT_MOST),
            since,
        )
    return found
