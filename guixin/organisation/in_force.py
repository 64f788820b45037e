"""The authority matrix in force, and what somebody may decide by it: of their own, lent, or in the place of somebody away.

Whoever acts of their own accord has their own authority and what was lent to them. The authority of somebody who is away is for the
requests of others, so that nobody is both who asks and who stands in for the one asked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from guixin.organisation.ladder import Ladder, Seat
from guixin.organisation.models import Grant, Lending, Matrix, Use
from guixin.organisation.revisions import cached_until_changed


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
