"""What somebody wants to see of a list, as it stands in the address: `?kind=complaint&due=late&owner=me`.

Only the names and values spelled out here mean anything. A page, the API and a saved view all come through `asked`;
no word from outside ever reaches a query as the name of a column or a look-up.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from guixin.organisation.access import scope_of
from guixin.organisation.models import Department, Person
from guixin.search.asking import containing
from guixin.serve.case_texts import FOUND_AS
from guixin.serve.models import Case, CaseForm, FilledForm, Task
from guixin.web.refusals import Refused

MOST_VALUES = 20
LONGEST = 100
SORTS = ("deadline", "newest", "level")
WITHIN = {
    "30m": timedelta(minutes=30),
    "2h": timedelta(hours=2),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
}
SOON = timedelta(minutes=30)  # "soon" is due within it and not late yet
DUE = ("late", "soon", "30m", "2h", "today", "24h", "7d")
# How a list of cases is laid out: in sections of what is alike, and with which columns.
GROUPS = ("department", "owner", "kind", "severity", "state", "channel")
USUAL_COLUMNS = ("level", "customer", "department", "owner", "age", "channel")
COLUMNS = (
    "level", "customer", "grade", "kind", "severity", "category", "product", "state", "department", "owner",
    "opened", "age", "channel",
)  # fmt: skip
LEVELS = ("1", "2", "3", "4", "5", "6", "7", "8", "9")


class BadFilter(Refused):
    """The address asks for something a list cannot be asked."""

    about_input = True


@dataclass(frozen=True)
class Reader:
    """Whose list it is, and when: "me", "mine" and "today" mean something only together with these."""

    person: Person
    now: datetime

    def day(self, on: date) -> datetime:
        """The first instant of a day, where the firm is."""
        return datetime.combine(on, time(), tzinfo=timezone.get_default_timezone())

    @property
    def tomorrow(self) -> datetime:
        return self.day(timezone.localtime(self.now).date() + timedelta(days=1))


Condition = Callable[[str, Reader], Q]  # one value of a filter, and the rows it lets through


def _one_of(column: str, allowed: Iterable[str]) -> Condition:
    known = frozenset(allowed)

    def condition(value: str, reader: Reader) -> Q:
        if value not in known:
            raise BadFilter(_("“%s” is not a value of this filter.") % value[:LONGEST])
        return Q(**{column: value})

    return condition


def _category(prefix: str) -> Condition:
    def condition(value: str, reader: Reader) -> Q:
        return Q(**{f"{prefix}category": value}) | Q(**{f"{prefix}category__startswith": f"{value}/"})

    return condition


def _level(column: str) -> Condition:
    def condition(value: str, reader: Reader) -> Q:
        if value not in LEVELS:
            raise BadFilter(_("“%s” is not a level; they begin at 1.") % value[:LONGEST])
        return Q(**{f"{column}__gte": int(value)})

    return condition


def departments_of(values: Iterable[str], reader: Reader) -> frozenset[int]:
    """The ids of departments named by their codes; "mine" are those the reader works in or looks after."""
    codes = set(values)
    scope = scope_of(reader.person)
    found = dict(Department.objects.filter(code__in=codes).values_list("code", "pk"))
    if missing := codes - found.keys() - {"mine"}:
        raise BadFilter(_("There is no department called “%s”.") % min(missing)[:LONGEST])
    mine = scope.own_department_ids | scope.department_ids if "mine" in codes else frozenset()
    return frozenset(found.values()) | mine


def _never_asked(value: str, reader: Reader) -> Q:
    raise AssertionError("departments are asked for together, by `departments`")


def _person(column: str) -> Condition:
    def condition(value: str, reader: Reader) -> Q:
        if value == "me":
            return Q(**{column: reader.person.pk})
        if value == "nobody":
            return Q(**{f"{column}__isnull": True})
        pk = Person.objects.filter(login=value).values_list("pk", flat=True).first()
        if pk is None:
            raise BadFilter(_("There is nobody with the login “%(login)s”.") % {"login": value[:LONGEST]})
        return Q(**{column: pk})

    return condition


def _due(value: str, reader: Reader) -> Q:
    """Late, or due by then; who asks what is due within two hours also wants to see what is late."""
    if value not in DUE:
        raise BadFilter(_("“%s” is not a time to be due within.") % value[:LONGEST])
    if value == "late":
        return Q(queue_at__lt=reader.now)
    if value == "soon":
        return Q(queue_at__gte=reader.now, queue_at__lt=reader.now + SOON)
    return Q(queue_at__lt=reader.tomorrow if value == "today" else reader.now + WITHIN[value])


def _opened(column: str, *, inclusive_end: bool) -> Condition:
    def condition(value: str, reader: Reader) -> Q:
        try:
            day = date.fromisoformat(value)
            return (
                Q(**{f"{column}__lt": reader.day(day + timedelta(days=1))})
                if inclusive_end
                else Q(**{f"{column}__gte": reader.day(day)})
            )
        except (ValueError, OverflowError) as wrong:
            raise BadFilter(_("“%s” is not a day, such as 2026-03-04.") % value[:LONGEST]) from wrong

    return condition


def _words(column: str) -> Condition:
    """All these words in what the case is about, as the search reads them; the planner knows how rare each is."""

    def condition(value: str, reader: Reader) -> Q:
        return Q(**{f"{column}__in": containing(FOUND_AS, value, in_title=True).values("key")})

    return condition


def _form(case_id: str) -> Condition:
    """Cases in which this form was filled in."""

    def condition(value: str, reader: Reader) -> Q:
        if not CaseForm.objects.filter(code=value).exists():
            raise BadFilter(_("There is no form called “%s”.") % value[:LONGEST])
        filled = FilledForm.objects.filter(
            case_id=OuterRef(case_id), is_current=True, version__form__code=value
        )
        return Q(Exists(filled))

    return condition


def _of_the_matter(prefix: str) -> dict[str, Condition]:
    """What cases and tasks are both asked; a task through its case."""
    return {
        "kind": _one_of(f"{prefix}kind", Case.Kind.values),
        "severity": _one_of(f"{prefix}severity", map(str, Case.Severity.values)),
        "level": _level("level"),
        "department": _never_asked,
        "category": _category(prefix),
        "channel": _one_of(f"{prefix}channel", Case.Channel.values),
        "grade": lambda value, reader: Q(**{f"{prefix}grade": value}),
        "due": _due,
        "from": _opened(f"{prefix}opened_at", inclusive_end=False),
        "to": _opened(f"{prefix}opened_at", inclusive_end=True),
        "form": _form("case_id" if prefix else "pk"),
        "q": _words(f"{prefix}id"),
    }


OF_CASES: dict[str, Condition] = {
    "state": _one_of("state", map(str, Case.OPEN)),
    "owner": _person("owner_id"),
    **_of_the_matter(""),
}
OF_TASKS: dict[str, Condition] = {
    "state": _one_of("state", map(str, Task.OPEN)),
    "handler": _person("handler_id"),
    "owner": _person("case__owner_id"),
    **_of_the_matter("case__"),
}
SINGLE = frozenset({"due", "from", "to", "q", "level"})  # a second value would only contradict


@dataclass(frozen=True)
class Filters:
    """What an address asks for, understood and in a fixed order: two addresses that mean the same are the same."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "deadline"
    of_tasks: bool = False
    group: str = ""
    columns: tuple[str, ...] = USUAL_COLUMNS

    def __bool__(self) -> bool:
        return bool(self.values)

    def narrow(self, reader: Reader) -> Q:
        """The condition on the rows. Several values of a filter mean any of them, several filters all of them."""
        conditions = OF_TASKS if self.of_tasks else OF_CASES
        wanted = Q()
        for name, values in self.values.items():
            if name == "department":
                continue  # lists walk department by department, see `departments`
            wanted &= reduce(or_, (conditions[name](value, reader) for value in values))
        if self.of_tasks and wanted:
            # As every open task's is; but the indexes know open cases only, and the planner nothing of it.
            wanted &= Q(case__state__in=Case.OPEN)
        return wanted

    def departments(self, reader: Reader) -> frozenset[int] | None:
        """Only rows of these departments; None: of all."""
        wanted = self.values.get("department")
        return departments_of(wanted, reader) if wanted else None

    def query(self) -> str:
        """As it stands in an address, without the "?"."""
        pairs = [(name, value) for name, values in self.values.items() for value in values]
        if self.sort != "deadline":
            pairs.append(("sort", self.sort))
        if self.group:
            pairs.append(("group", self.group))
        if self.columns != USUAL_COLUMNS:
            pairs += [("column", name) for name in self.columns]
        return urlencode(pairs)

    def without(self, name: str, value: str) -> "Filters":
        left = tuple(each for each in self.values.get(name, ()) if each != value)
        values = {each: had for each, had in self.values.items() if each != name}
        if left:
            values = {each: left if each == name else had for each, had in self.values.items()}
        return replace(self, values=values)


NOT_FILTERS = frozenset(
    {"after", "in", "queue", "act", "view", "size"}
)  # said to the page about something else


def asked(said: Mapping, *, of_tasks: bool = False) -> Filters:
    """Understand the parameters of an address (a QueryDict, or lists by name); empty ones ask for nothing.

    Raises BadFilter for a name or a value no list knows. Codes of departments and people are looked up when the
    rows are.
    """
    conditions = OF_TASKS if of_tasks else OF_CASES
    given = dict(said.lists()) if hasattr(said, "lists") else dict(said)
    sort = (given.pop("sort", None) or ["deadline"])[-1] or "deadline"
    if sort not in SORTS:
        raise BadFilter(_("A list cannot be sorted by “%s”.") % sort[:LONGEST])
    group, columns = _laid_out(given, of_tasks)
    for name in given.keys() - conditions.keys() - NOT_FILTERS:
        raise BadFilter(_("There is no filter called “%s”.") % name[:LONGEST])
    values: dict[str, tuple[str, ...]] = {}
    for name in conditions:
        wanted = tuple(dict.fromkeys(value.strip() for value in given.get(name, ()) if value.strip()))
        if name in SINGLE:
            wanted = wanted[-1:]
        if len(wanted) > MOST_VALUES or any(len(value) > LONGEST or "\0" in value for value in wanted):
            raise BadFilter(_("That is more than a filter can be asked."))
        if wanted:
            values[name] = wanted
    return Filters(values, sort, of_tasks, group, columns)


def _laid_out(given: dict[str, list[str]], of_tasks: bool) -> tuple[str, tuple[str, ...]]:
    """The group and the columns, in the order a list has them; a list of tasks has its own."""
    group = (given.pop("group", None) or [""])[-1]
    wanted = {name for name in given.pop("column", ()) if name}
    if group and (group not in GROUPS or of_tasks):
        raise BadFilter(_("A list cannot be grouped by “%s”.") % group[:LONGEST])
    if unknown := wanted - set(COLUMNS):
        raise BadFilter(_("There is no column called “%s”.") % min(unknown)[:LONGEST])
    if not wanted or of_tasks:
        return group, USUAL_COLUMNS
    return group, tuple(name for name in COLUMNS if name in wanted)
