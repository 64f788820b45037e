"""Authority (授权): what somebody may decide by the table in force, how much of it is left, and writing down its use.

Nothing here asks anybody: what exceeds a limit is a request, see promise/authorising.py. The rules of this page:

* Sums count. One case may come to no more than the limit of whoever decides, whoever decided the parts; the same holds
  for one customer and one authority over a span of days, where the table says so. What was decided in a case in
  another currency cannot be added up: then only somebody without a limit decides.
* Of their own accord or in answer to somebody: which lines of the table count, see in_force.py.
* What is given in one case is held against the price of what went wrong, where that is stated: see prices.py.
* Nobody decides over what they asked for themselves, nor does anybody in their name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import BigIntegerField, Count, Q, Sum
from django.db.models.functions import Coalesce

from guixin.ledger import record
from guixin.organisation import authority_events as events
from guixin.organisation.decisions import DECISIONS, Decision, checked
from guixin.organisation.in_force import Standing, standings
from guixin.organisation.models import Grant, Person, Use
from guixin.organisation.prices import Held, Price, price_against
from guixin.organisation.verdicts import Subject, Verdict, Why
from guixin.web.refusals import Refused


class NoAuthorityFor(Refused):
    """The table gives this person no say, or nobody any."""


# -- whether it fits ---------------------------------------------------------------------------------------------------


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
    held = Held(price, used["case"], amount, standing) if price else None
    if held and (refused := held.refusal(decision, answering=answering)):
        return refused
    far = held.is_far_above if held else False
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
        return Verdict(True, is_far_above_price=far)
    left = max(min(bound for _why, bound in bounds), 0)
    if amount <= left:
        return Verdict(True, None, left, far)
    return Verdict(False, next(why for why, bound in bounds if amount > bound), left)


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
