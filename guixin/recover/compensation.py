"""What customers are given, over all cases: chosen, added up by currency, and held against the authority that was used."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from guixin.organisation.access import scope_of
from guixin.organisation.models import Person, Use
from guixin.organisation.models.position import Duty
from guixin.recover.wanted import Wanted
from guixin.serve.goodwill_events import GoodwillPromised, GoodwillTakenBack
from guixin.serve.models import Goodwill
from guixin.web import money


@dataclass(frozen=True)
class Total:
    """Sums of one currency, in minor units; never added to those of another."""

    currency: str
    number: int
    asked: int
    promised: int  # owed: promised and not handed over yet
    given: int

    @property
    def in_all(self) -> int:
        """What authority was used for."""
        return self.promised + self.given

    def shown(self, name: str) -> str:
        return money.shown(getattr(self, name), self.currency)


@dataclass(frozen=True)
class Balance:
    """One currency three times: as it stands with the cases, as authority used, and as the ledger tells it. Minor units."""

    currency: str
    promised: int
    used: int
    in_ledger: int

    @property
    def agrees(self) -> bool:
        return self.promised == self.used == self.in_ledger


@dataclass(frozen=True)
class Mismatch:
    """A promise whose authority is not what it should be, or authority used for no promise. `goodwill` or `use` is missing."""

    goodwill: Goodwill | None
    use: Use | None


def sees_all(person: Person) -> bool:
    """Whose list is whole, so that it can be reconciled."""
    scope = scope_of(person)
    return scope.sees_everything or scope.is_front_desk or scope.has_duty(Duty.FINANCE)


def chosen(person: Person, wanted: Wanted) -> QuerySet[Goodwill]:
    """Those this person may see, as wanted; unordered."""
    rows = Goodwill.objects.visible_to(person)
    asked = {
        "state": wanted.state, "kind": wanted.kind, "case__department": wanted.department_id,
        "currency": wanted.currency,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    if wanted.first:
        rows = rows.filter(at__gte=_begins(wanted.first))
    if wanted.last:
        rows = rows.filter(at__lt=_begins(wanted.last + timedelta(days=1)))
    return rows


def _begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def totals(rows: QuerySet[Goodwill]) -> list[Total]:
    """By currency; what was refused or taken back is counted among the number alone."""
    State = Goodwill.State
    found = (
        rows.order_by()
        .values("currency")
        .annotate(
            number=Count("pk"),
            asked=Sum("amount", filter=Q(state=State.ASKED), default=0),
            promised=Sum("amount", filter=Q(state=State.PROMISED), default=0),
            given=Sum("amount", filter=Q(state=State.GIVEN), default=0),
        )
        .order_by("currency")
    )
    return [Total(**row) for row in found]


def balances() -> list[Balance]:
    """Each currency that was ever promised in; equal to the cent, or `mismatches` says where."""
    promised = dict(_sums(Goodwill.objects.owed_or_given()))
    used = dict(_sums(Use.objects.counting().filter(about_kind="goodwill")))
    told: dict[str, int] = defaultdict(int)
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [GoodwillTakenBack.kind, [GoodwillPromised.kind, GoodwillTakenBack.kind]])
        for currency, amount in cursor.fetchall():
            told[currency] = money.minor_units(amount, currency)
    return [
        Balance(each, promised.get(each, 0), used.get(each, 0), told[each])
        for each in sorted({*promised, *used, *told})
    ]


_TOLD = """
    SELECT split_part(facts->>'sum', ' ', 2),
           sum(CASE WHEN kind = %s THEN -1 ELSE 1 END * split_part(facts->>'sum', ' ', 1)::numeric)
    FROM ledger_entry WHERE kind = ANY(%s) GROUP BY 1
"""


def _sums(rows: QuerySet) -> QuerySet:
    return rows.order_by().values_list("currency").annotate(total=Sum("amount"))


def mismatches(at_most: int = 50) -> list[Mismatch]:
    """By name, what does not agree: to be looked at one by one."""
    wrong = Goodwill.objects.owed_or_given().exclude(
        use__returned_at=None, use__amount=F("amount"), use__currency=F("currency")
    )
    found = [Mismatch(row, row.use) for row in wrong.select_related("case", "use").order_by("pk")[:at_most]]
    covered = Goodwill.objects.owed_or_given().values("use")
    unused = Use.objects.counting().filter(about_kind="goodwill").exclude(pk__in=covered)
    return found + [Mismatch(None, use) for use in unused.order_by("pk")[:at_most]]
