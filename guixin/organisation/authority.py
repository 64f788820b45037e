"""Authority (授权): what somebody may decide by the table in force, how much of it is left, and writing down its use.

Nothing here asks anybody: what exceeds a limit is a request, see promise/authorising.py. The rules of this page:

* Sums count. One case may come to no more than the limit of whoever decides, whoever decided the parts; the same holds
  for one customer and one authority over a span of days, where the table says so. What was decided in a case in
  another currency cannot be added up: then only somebody without a limit decides.
* Whoever acts of their own accord has their own authority and what was lent to them. The authority of somebody who is
  away is for the requests of others, so that nobody is both who asks and who stands in for the one asked.
* What is given in one case is held against the price of what went wrong, where that is stated: see prices.py.
* Nobody decides over what they asked for themselves, nor does anybody in their name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection, transaction
from django.db.models import BigIntegerField, Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.ledger.wording import coded
from guixin.organisation import authority_events as events
from guixin.organisation.ladder import Ladder, Seat
from guixin.organisation.models import Grant, Lending, Matrix, Person, Use
from guixin.organisation.prices import MOST, Price, is_highest, price_of
from guixin.organisation.revisions import cached_until_changed
from guixin.web import money
from guixin.web.refusals import Refused


class Unit(StrEnum):
    MONEY = "money"  # minor units of a currency
    MINUTES = "minutes"  # of working time
    TIMES = "times"  # there is no amount: it is done or not


@dataclass(frozen=True)
class Decision:
    """Something that may be decided. Those of one `pot` count together, so that another route is no other limit."""

    code: str
    name: Any
    unit: Unit
    pot: str

    def written(self, amount: int, currency: str = "") -> str:
        """The amount in the reader's words."""
        if self.unit == Unit.MONEY:
            return money.shown(amount, currency)
        return hours(amount) if self.unit == Unit.MINUTES else str(amount)


def hours(minutes: int) -> str:
    """Working time in hours; days are longer in one calendar than in another."""
    return _("%(hours)s working hours") % {"hours": f"{minutes / 60:.2f}".rstrip("0").rstrip(".")}


DECISIONS: dict[str, Decision] = {
    each.code: each
    for each in (
        Decision("extension", _("Grant more time"), Unit.MINUTES, "time"),
        Decision("goodwill", _("Goodwill promised to the customer"), Unit.MONEY, "spending"),
        Decision("refund", _("Refund"), Unit.MONEY, "spending"),
        Decision("replacement", _("Replacement, at its value"), Unit.MONEY, "spending"),
        Decision("credit", _("Credit"), Unit.MONEY, "spending"),
        Decision("gift", _("Gift"), Unit.MONEY, "spending"),
        Decision("price_concession", _("Price concession"), Unit.MONEY, "spending"),
        Decision("reception", _("Reception of visitors"), Unit.MONEY, "reception"),
        Decision("emergency", _("Emergency path"), Unit.TIMES, "emergency"),
        Decision("overrule_routing", _("Overrule the routing"), Unit.TIMES, "overrule_routing"),
        Decision("override_grade", _("Override a customer's grade"), Unit.TIMES, "override_grade"),
    )
}
coded("decision", {code: decision.name for code, decision in DECISIONS.items()}.items())


class NoAuthorityFor(Refused):
    """The table gives this person no say, or nobody any."""


class BadAmount(Refused):
    """The amount is not one that can be decided over."""

    about_input = True


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is decided about. `case_ids` and `customer_ids` name everything that has become one with it by merging."""

    about: tuple[str, int]
    case_id: int | None = None
    case_ids: tuple[int, ...] = ()
    customer_id: int | None = None
    customer_ids: tuple[int, ...] = ()
    kind: str = ""
    severity: int = 1
    is_repeat: bool = False

    @property
    def cases(self) -> set[int]:
        return {*self.case_ids, *([self.case_id] if self.case_id else [])}

    @property
    def customers(self) -> set[int]:
        return {*self.customer_ids, *([self.customer_id] if self.customer_id else [])}


@dataclass(frozen=True)
class Standing:
    """One line of the table that holds for somebody, by their own post, as a deputy, or lent."""

    grant: Grant
    principal_id: int
    how: Use.How
    lending: Lending | None = None

    @property
    def limit(self) -> int | None:
        """The most one decision may be; None: no limit."""
        own = None if self.grant.unlimited else self.grant.limit_each
        if self.lending is None:
            return own
        return self.lending.limit if own is None else min(own, self.lending.limit)


class Why(StrEnum):
    """What stands in the way of a decision."""

    EACH = "each"
    CASE = "case"
    CUSTOMER = "customer"
    PERIOD = "period"
    LENT = "lent"
    CONDITION = "condition"
    MIXED = "mixed"
    PRICE = "price"
    FAR_ABOVE_PRICE = "far_above_price"
    OTHER_PRICE = "other_price"

    @property
    def sentence(self) -> Any:
        return {
            Why.EACH: _("above the limit of one decision"),
            Why.CASE: _("above the limit of one case, with what was decided in it before"),
            Why.CUSTOMER: _("above the limit for one customer, with what was decided for them before"),
            Why.PERIOD: _("above the limit of this authority for the period"),
            Why.LENT: _("above what was lent"),
            Why.CONDITION: _("not for a case of this kind, severity or history"),
            Why.MIXED: _("decided in another currency before, which cannot be added up"),
            Why.PRICE: _("above the price of what went wrong, with what was promised in the case before"),
            Why.FAR_ABOVE_PRICE: _(
                "above one and a half times the price of what went wrong, for the highest authority alone"
            ),
            Why.OTHER_PRICE: _(
                "in another currency than the price of what went wrong, which cannot be compared"
            ),
        }[self]


@dataclass(frozen=True)
class Verdict:
    """Whether an amount fits under a standing; `left` is what is left before it, None: no limit."""

    fits: bool
    why: Why | None = None
    left: int | None = None


# -- the table in force ------------------------------------------------------------------------------------------------


def matrix_in_force() -> Matrix | None:
    return Matrix.objects.filter(published_at__isnull=False, withdrawn_at__isnull=True).first()


@cached_until_changed("authority")
def grants_in_force() -> dict[str, list[Grant]]:
    """By decision; empty while no table is published."""
    table = matrix_in_force()
    found: dict[str, list[Grant]] = {}
    for grant in Grant.objects.filter(matrix=table).select_related("matrix") if table else ():
        found.setdefault(grant.decision, []).append(grant)
    return found


def governs(decision: str) -> bool:
    """Whether the table in force says anything about this decision."""
    return bool(grants_in_force().get(decision))


def holds_for(grant: Grant, seat: Seat, ladder: Ladder) -> bool:
    """A line for a position holds for it alone; one for a rank for that rank and above, in its department and below."""
    if grant.position_id is not None:
        return grant.position_id == seat.position_id
    if grant.rank is None or seat.rank < grant.rank:
        return False
    return grant.department_id is None or seat.department_id in ladder.departments_under(grant.department_id)


def _own(person_id: int, grants: Iterable[Grant], ladder: Ladder) -> list[Grant]:
    seats = ladder.seats_of(person_id)
    return [grant for grant in grants if any(holds_for(grant, seat, ladder) for seat in seats)]


def _widest_first(standing: Standing) -> tuple:
    return (standing.limit is not None, -(standing.limit or 0), standing.grant.pk)


def standings(
    person_id: int, decision: str, currency: str, now: datetime, *, for_others: bool = False,
    grants: Mapping[str, list[Grant]] | None = None,
) -> list[Standing]:  # fmt: skip
    """What this person may decide by, the widest of their own first, then what was lent, then as a deputy.

    for_others   to answer a request: only then the authority of those who are away counts
    grants       another table than the one in force, for a preview
    """
    table = grants_in_force() if grants is None else grants
    lines = [grant for grant in table.get(decision, ()) if grant.currency == currency]
    if not lines:
        return []
    ladder = Ladder.at(now)
    found = sorted(
        (Standing(grant, person_id, Use.How.OWN) for grant in _own(person_id, lines, ladder)),
        key=_widest_first,
    )
    lent = Lending.objects.in_force(now).filter(borrower=person_id, decision=decision, currency=currency)
    for lending in lent.order_by("pk"):
        theirs = (
            Standing(g, lending.lender_id, Use.How.LENT, lending)
            for g in _own(lending.lender_id, lines, ladder)
        )
        found += sorted(theirs, key=_widest_first)[:1]
    if for_others:
        for away in ladder.stands_in_for(person_id):
            theirs = (Standing(grant, away, Use.How.DEPUTY) for grant in _own(away, lines, ladder))
            found += sorted(theirs, key=_widest_first)
    return found


# -- whether it fits ---------------------------------------------------------------------------------------------------


def checked(decision: str, amount: int, currency: str) -> Decision:
    """The decision, if the amount is one it can have. Raises BadAmount."""
    if (known := DECISIONS.get(decision)) is None:
        raise BadAmount(_("There is no decision called “%s”.") % decision)
    if amount <= 0:
        raise BadAmount(_("The amount must be more than nothing."))
    if amount >= money.LARGEST:
        raise BadAmount(_("The amount is too large to be meant."))
    if known.unit == Unit.MONEY:
        try:
            if money.currency_code(currency) != currency:
                raise BadAmount(_("Write the currency in its three letters, such as CNY."))
        except money.NotMoney as why:
            raise BadAmount(str(why)) from why
    elif currency:
        raise BadAmount(_("Only money has a currency."))
    elif known.unit == Unit.TIMES and amount != 1:
        raise BadAmount(_("This is decided once at a time."))
    return known


def verdict(
    standing: Standing, decision: Decision, amount: int, subject: Subject, now: datetime, *,
    price: Price | None = None, answering: bool = False,
) -> Verdict:  # fmt: skip
    """Whether the amount fits, with everything counted that counts together with it. Hold `hold_sums` first.

    price       of what went wrong, where it is stated
    answering   somebody else asked for it
    """
    grant = standing.grant
    if (
        (grant.for_kinds and subject.kind not in grant.for_kinds)
        or (grant.up_to_severity is not None and subject.severity > grant.up_to_severity)
        or (grant.not_on_repeat and subject.is_repeat)
    ):
        return Verdict(False, Why.CONDITION, 0)
    pot = Use.objects.counting().filter(pot=decision.pot)
    used = _used(pot, standing, subject, now)
    if used["other_currency"] and not (grant.unlimited and standing.lending is None):
        return Verdict(False, Why.MIXED, 0)
    if price and (against := _against_price(standing, decision, amount, used["case"], price, answering)):
        return against
    bounds: list[tuple[Why, int]] = []
    if not grant.unlimited:
        bounds = [(Why.EACH, grant.limit_each), (Why.CASE, grant.case_limit - used["case"])]
        if grant.limit_customer is not None and subject.customers:
            bounds.append((Why.CUSTOMER, grant.limit_customer - used["customer"]))
        if grant.limit_period is not None:
            bounds.append((Why.PERIOD, grant.limit_period - used["period"]))
    if standing.lending is not None:
        bounds.append((Why.LENT, standing.lending.limit - used["lent"]))
    if not bounds:
        return Verdict(True)
    left = max(min(bound for _why, bound in bounds), 0)
    if amount <= left:
        return Verdict(True, None, left)
    return Verdict(False, next(why for why, bound in bounds if amount > bound), left)


def _against_price(
    standing: Standing, decision: Decision, amount: int, used: int, price: Price, answering: bool
) -> Verdict | None:
    """What stands in the way because of the price; None: nothing."""
    lines = [
        each for each in grants_in_force().get(decision.code, ()) if each.currency == standing.grant.currency
    ]
    if standing.lending is None and is_highest(standing.grant, lines):
        return None
    if price.currency != standing.grant.currency:
        return None if answering else Verdict(False, Why.OTHER_PRICE, 0)
    if used + amount > price.amount * MOST:
        return Verdict(
            False, Why.FAR_ABOVE_PRICE, max(int(price.amount * MOST) - used, 0) if answering else 0
        )
    if used + amount > price.amount and not answering:
        return Verdict(False, Why.PRICE, max(price.amount - used, 0))
    return None


def price_against(decision: Decision, subject: Subject) -> Price | None:
    """What went wrong costs this, for decisions that give the customer something."""
    return price_of(subject.cases) if decision.pot == "spending" else None


def is_far_above_price(decision: str, amount: int, *, subject: Subject, currency: str) -> bool:
    """Whether this would make it more than one and a half times the price, so that whoever allows it has to say why."""
    price = price_against(DECISIONS[decision], subject)
    if price is None or price.currency != currency:
        return False
    pot = Use.objects.counting().filter(
        pot=DECISIONS[decision].pot, case_id__in=subject.cases, currency=currency
    )
    used = pot.aggregate(sum=Coalesce(Sum("amount"), 0, output_field=BigIntegerField()))["sum"]
    return bool(used + amount > price.amount * MOST)


def _used(pot: Any, standing: Standing, subject: Subject, now: datetime) -> dict[str, int]:
    """What was used already: in the case, for the customer, by this authority, of what was lent; one query."""
    since = now - timedelta(days=standing.grant.period_days)
    kind, pk = subject.about
    in_case = Q(case_id__in=subject.cases) if subject.cases else Q(about_kind=kind, about_id=pk)
    same = Q(currency=standing.grant.currency)

    def total(which: Q) -> Coalesce:
        return Coalesce(Sum("amount", filter=which & same), 0, output_field=BigIntegerField())

    none = Q(pk__in=[])
    return pot.aggregate(
        case=total(in_case),
        customer=total(Q(customer_id__in=subject.customers, at__gt=since) if subject.customers else none),
        period=total(Q(principal_id=standing.principal_id, at__gt=since)),
        lent=total(Q(lending=standing.lending) if standing.lending else none),
        other_currency=Count("pk", filter=in_case & ~same),
    )


def hold_sums(decision: Decision, subject: Subject, principals: Iterable[int]) -> None:
    """Two decisions that count together take turns until the transaction ends, always in the same order."""
    kind, pk = subject.about
    keys = [f"case:{case_id}" for case_id in subject.cases] or [f"{kind}:{pk}"]
    keys += [f"customer:{customer_id}" for customer_id in subject.customers]
    keys += [f"principal:{principal}" for principal in set(principals)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(k) FROM (SELECT DISTINCT hashtextextended(k, 0) AS k"
            " FROM unnest(%s::text[]) AS k ORDER BY 1) AS keys",
            [[f"authority:{decision.pot}:{key}" for key in keys]],
        )


@transaction.atomic
def try_to_use(
    person: Person, decision: str, amount: int, *, subject: Subject, now: datetime, currency: str = "",
    asked_by: int | None = None,
) -> tuple[Use | None, Verdict | None]:  # fmt: skip
    """Decide it, if this person may: the use, written down. Else nothing, and what stands in the way (None: no line).

    asked_by   who asked, if it is the answer to a request
    """
    known = checked(decision, amount, currency)
    possible = [
        each
        for each in standings(person.pk, decision, currency, now, for_others=asked_by is not None)
        if asked_by is None or each.principal_id != asked_by
    ]
    if asked_by == person.pk or not possible:
        return None, None
    hold_sums(known, subject, [each.principal_id for each in possible])
    best: Verdict | None = None
    price, answering = price_against(known, subject), asked_by is not None
    for standing in possible:
        said = verdict(standing, known, amount, subject, now, price=price, answering=answering)
        if said.fits:
            return _write_down(person, known, amount, currency, standing, subject, now, asked_by), said
        if best is None or (said.left or 0) > (best.left or 0):
            best = said
    return None, best


def would_fit(
    person_id: int, decision: str, amount: int, *, subject: Subject, now: datetime, currency: str = "",
    asked_by: int | None = None, initiative: bool = False,
) -> bool:  # fmt: skip
    """Whether this person could decide it now, as the answer to a request (or of their own accord)."""
    if asked_by == person_id:
        return False
    known = DECISIONS[decision]
    price = price_against(known, subject)
    return any(
        verdict(each, known, amount, subject, now, price=price, answering=not initiative).fits
        for each in standings(person_id, decision, currency, now, for_others=not initiative)
        if each.principal_id != asked_by
    )


def _write_down(
    person: Person, decision: Decision, amount: int, currency: str, standing: Standing, subject: Subject,
    now: datetime, asked_by: int | None,
) -> Use:  # fmt: skip
    use = Use.objects.create(
        grant=standing.grant, lending=standing.lending, decision=decision.code, pot=decision.pot, amount=amount,
        currency=currency, about_kind=subject.about[0], about_id=subject.about[1], case_id=subject.case_id,
        customer_id=subject.customer_id, decided_by=person, principal_id=standing.principal_id, how=standing.how,
        asked_by_id=asked_by, at=now,
    )  # fmt: skip
    record(
        events.AuthorityUsed(
            happened_at=now,
            actor_id=person.pk,
            about=subject.about,
            case_id=subject.case_id,
            use_id=use.pk,
            grant_id=standing.grant.pk,
            matrix=standing.grant.matrix.number or 0,
            decision=decision.code,
            amount=amount,
            currency=currency,
            principal_id=standing.principal_id,
            how=standing.how,
            asked_by_id=asked_by,
        )
    )
    return use


@transaction.atomic
def give_back(use: Use, *, by: Person | None, now: datetime) -> bool:
    """What was decided does not happen after all; it counts against no limit any more. False if it was given back."""
    if not Use.objects.filter(pk=use.pk, returned_at__isnull=True).update(returned_at=now):
        return False
    record(
        events.AuthorityReturned(
            happened_at=now,
            actor_id=by.pk if by else None,
            about=(use.about_kind, use.about_id),
            case_id=use.case_id,
            use_id=use.pk,
            grant_id=use.grant_id,
            decision=use.decision,
            amount=use.amount,
            currency=use.currency,
        )
    )
    return True


def who_may(decision: str, currency: str, now: datetime, *, amount: int = 0) -> list[int]:
    """Everybody at work with a line for this decision, those of lower rank first; over so much, without asking."""
    ladder = Ladder.at(now)
    lines = [
        grant
        for grant in grants_in_force().get(decision, ())
        if grant.currency == currency and (grant.unlimited or grant.limit_each >= amount)
    ]
    found = [
        (seat.rank, person_id)
        for person_id, seat in ladder.everybody()
        if any(holds_for(grant, seat, ladder) for grant in lines)
    ]
    return list(dict.fromkeys(person_id for _rank, person_id in sorted(found)))


@dataclass(frozen=True)
class Reconciled:
    """One line of a table: what its uses come to, and what the ledger says was decided by it."""

    grant: Grant
    number: int
    used: int
    in_ledger: int

    @property
    def agrees(self) -> bool:
        return self.used == self.in_ledger


_IN_LEDGER = """
    SELECT (facts->>'grant_id')::bigint AS grant_id,
        sum((facts->>'amount')::bigint * CASE kind WHEN 'organisation.authority_used' THEN 1 ELSE -1 END)
    FROM ledger_entry WHERE kind IN ('organisation.authority_used', 'organisation.authority_returned')
    GROUP BY 1
"""


def reconciled() -> list[Reconciled]:
    """Sum used by each line = sum of the decisions in the ledger; two independent counts, one line that was ever used each."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_LEDGER)
        ledger = {grant_id: int(total) for grant_id, total in cursor.fetchall()}
    rows = Use.objects.values_list("grant").annotate(
        number=Count("pk"), total=Coalesce(Sum("amount", filter=Q(returned_at__isnull=True)), 0)
    )
    used = {grant_id: (number, int(total)) for grant_id, number, total in rows.order_by("grant")}
    grants = Grant.objects.select_related("matrix", "position", "department").in_bulk({*used, *ledger})
    return [
        Reconciled(grants[pk], *used.get(pk, (0, 0)), ledger.get(pk, 0)) for pk in sorted({*used, *ledger})
    ]
