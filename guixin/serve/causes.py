"""Which few causes make most of the cases (Pareto), how they go week by week, and the cases behind each number.

Counted over the cases that came in on the days asked for, as far as the reader may see them. What a case turned out to
be is what its last closing says; a case that is not classified yet is counted as such, not left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case as Choice
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum, TextField, Value, When
from django.db.models.functions import Coalesce, TruncWeek
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from guixin.organisation.models import Department, Person
from guixin.serve.day_counts import midnight
from guixin.serve.models import Case, Closing, Term
from guixin.web.refusals import Refused

USUAL_WEEKS = 12
LONGEST = timedelta(days=366)
SHOWN = 10  # bars; the others stand together
NOT_YET = ""  # the value of cases that are not classified, or of no category or product


class BadSpan(Refused):
    """These days cannot be asked for."""

    about_input = True


BY = {
    "quality_point": gettext_lazy("Quality point"),
    "cause": gettext_lazy("Cause"),
    "department": gettext_lazy("Responsible department"),
    "product": gettext_lazy("Product"),
    "category": gettext_lazy("Category"),
}
WEIGHTS = {
    "cases": gettext_lazy("Cases"),
    "customers": gettext_lazy("Customers"),
    "severity": gettext_lazy("Weighted by severity"),
}
SEVERE = {1: 1, 2: 2, 3: 5, 4: 10}  # what one case of each severity weighs


@dataclass(frozen=True)
class Asked:
    """Cases of this kind (blank: of all) that came in from the first to the last day, both included."""

    by: str
    first: date
    last: date
    kind: str = Case.Kind.COMPLAINT.value
    weight: str = "cases"

    @classmethod
    def read(
        cls, now: datetime, *, by: str = "", first: str = "", last: str = "", kind: str | None = None, weight: str = ""
    ) -> "Asked":  # fmt: skip
        """From words as they stand in an address. Without days: the last twelve weeks, today included.

        Raises BadSpan for a day that is none, days in the wrong order, more than a year, or a name nobody knows.
        """
        today = timezone.localdate(now)
        try:
            to = date.fromisoformat(last) if last else today
            begin = (
                date.fromisoformat(first) if first else to - timedelta(weeks=USUAL_WEEKS) + timedelta(days=1)
            )
        except (ValueError, OverflowError) as wrong:
            raise BadSpan(_("Give days such as 2026-03-04.")) from wrong
        if not (date(1970, 1, 1) <= begin <= to < date(9000, 1, 1)):
            raise BadSpan(_("The first day is not after the last one."))
        if to - begin > LONGEST:
            raise BadSpan(_("Ask for a year at most."))
        kind = Case.Kind.COMPLAINT.value if kind is None else kind
        if (
            (by and by not in BY)
            or (weight and weight not in WEIGHTS)
            or (kind and kind not in Case.Kind.values)
        ):
            raise BadSpan(_("There is no such view of the causes."))
        return cls(by or "quality_point", begin, to, kind, weight or "cases")

    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Bar:
    """One value: code or product; `share` of all, `together` with those before it."""

    value: str
    words: str
    cases: int
    customers: int
    severity: int
    share: float
    together: float
    is_classified: bool = True

    def weighing(self, weight: str) -> int:
        return {"cases": self.cases, "customers": self.customers, "severity": self.severity}[weight]


@dataclass(frozen=True)
class Pareto:
    asked: Asked
    bars: Sequence[Bar]  # the heaviest first, without what is not classified
    unclassified: Bar | None
    total: int  # cases, unclassified ones too
    weeks: Sequence[date] = field(default_factory=tuple)  # Mondays
    trend: dict[str, list[int]] = field(default_factory=dict)  # value -> cases in each of the weeks

    @property
    def few(self) -> int:
        """How many of the bars together make four fifths."""
        return next((n for n, bar in enumerate(self.bars, start=1) if bar.together >= 0.8), len(self.bars))


def cases_of(asked: Asked, person: Person) -> QuerySet:
    """Every case the numbers are about, each with its value."""
    cases = Case.objects.visible_to(person).filter(
        opened_at__gte=midnight(asked.first), opened_at__lt=midnight(asked.last + timedelta(days=1))
    )
    if asked.kind:
        cases = cases.filter(kind=asked.kind)
    return cases.exclude(state=Case.State.MERGED).annotate(value=_value(asked.by))


def cases_behind(asked: Asked, value: str, person: Person) -> QuerySet:
    """Exactly the cases counted in one bar."""
    return cases_of(asked, person).filter(value=value)


def _value(by: str) -> Any:
    if by in ("product", "category"):
        return F(by)
    column = "department__code" if by == "department" else by
    last = Closing.objects.filter(case=OuterRef("pk")).order_by("-generation").values(column)[:1]
    return Coalesce(Subquery(last), Value(NOT_YET), output_field=TextField())


def pareto(asked: Asked, person: Person) -> Pareto:
    """Three queries: the sums, the weeks, the words."""
    weight = Choice(*(When(severity=severity, then=Value(weighs)) for severity, weighs in SEVERE.items()))
    rows = list(
        cases_of(asked, person)
        .order_by()
        .values("value")
        .annotate(number=Count("pk"), people=Count("customer", distinct=True), severe=Sum(weight))
        .values_list("value", "number", "people", "severe")
    )
    words = words_for(asked.by, [row[0] for row in rows])
    column = {"cases": 1, "customers": 2, "severity": 3}[asked.weight]
    rows.sort(key=lambda row: (-row[column], row[0]))
    known, unknown = [row for row in rows if row[0] != NOT_YET], [row for row in rows if row[0] == NOT_YET]
    whole, so_far, bars = sum(row[column] for row in known), 0, []
    for row in known:
        so_far += row[column]
        share = row[column] / whole if whole else 0.0
        bars.append(
            Bar(row[0], words[row[0]], row[1], row[2], row[3], share, so_far / whole if whole else 0.0)
        )
    missing = [
        Bar(NOT_YET, nothing(asked.by), row[1], row[2], row[3], 0.0, 0.0, is_classified=False)
        for row in unknown
    ]
    weeks, trend = _trend(asked, person, [bar.value for bar in bars[:5]])
    return Pareto(asked, bars, missing[0] if missing else None, sum(row[1] for row in rows), weeks, trend)


def nothing(by: str) -> str:
    if by == "product":
        return _("No product named")
    return _("No category") if by == "category" else _("Not classified yet")


def _trend(asked: Asked, person: Person, values: Sequence[str]) -> tuple[list[date], dict[str, list[int]]]:
    """Cases by week of arrival, of the heaviest few. The first and the last week may be cut by the days asked for."""
    monday = asked.first - timedelta(days=asked.first.weekday())
    weeks = [monday + timedelta(weeks=n) for n in range((asked.last - monday).days // 7 + 1)]
    found = {value: [0] * len(weeks) for value in values}
    rows = (
        cases_of(asked, person)
        .filter(value__in=values)
        .order_by()
        .annotate(week=TruncWeek("opened_at", tzinfo=timezone.get_default_timezone()))
        .values("value", "week")
        .annotate(number=Count("pk"))
        .values_list("value", "week", "number")
    )
    for value, week, number in rows if values else ():
        found[value][(week.date() - monday).days // 7] = number
    return weeks, found


def words_for(by: str, values: Sequence[str]) -> dict[str, str]:
    """What each value is called, in the reader's language; terms with what they stand under."""
    language = get_language() or "zh-hans"
    if by == "product":
        return {value: value for value in values}
    if by == "department":
        nouns: Any = Department.objects.filter(code__in=values)
        named = {each.code: each.shown_name(language) for each in nouns}
        return {value: named.get(value, value) for value in values}
    terms = {each.code: each.shown_name(language) for each in Term.objects.filter(list=by)}
    return {value: term_in_words(value, terms.get) for value in values}


def term_in_words(code: str, called: Callable[[str], str | None]) -> str:
    steps = code.split("/")
    paths = ["/".join(steps[: n + 1]) for n in range(len(steps))]
    return " / ".join(called(path) or step for path, step in zip(paths, steps, strict=True))
