"""What is given for a failure against the price of what went wrong (过度补偿): up to the price by the authority matrix alone, above it
the next authority decides, above one and a half times of it only the highest, who says why.

Little is won above the price, and some customers dislike it (Haesevoets and others 2017). Everything promised in the case counts
together, whatever it is called and whoever promised it, so that no sum can be split to get round it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from fractions import Fraction

from guixin.organisation.decisions import Decision
from guixin.organisation.in_force import Standing, grants_in_force
from guixin.organisation.models import Grant
from guixin.organisation.verdicts import Subject, Verdict, Why

MOST = Fraction(3, 2)  # of the price, for everybody but the highest authority


@dataclass(frozen=True)
class Price:
    """In minor units of `currency`."""

    amount: int
    currency: str


_told_by: list[Callable[[Collection[int]], Price | None]] = []


def prices_told_by(finder: Callable[[Collection[int]], Price | None]) -> None:
    """A package above knows the price of what went wrong in these cases, which are one matter."""
    _told_by.append(finder)


def price_of(case_ids: Collection[int]) -> Price | None:
    """None: nobody has stated it."""
    return next((found for each in _told_by if case_ids and (found := each(case_ids))), None)


def is_highest(grant: Grant, lines: Collection[Grant]) -> bool:
    """Whether nobody's line for this goes further."""
    if grant.unlimited:
        return True
    return all(not each.unlimited and each.limit_each <= grant.limit_each for each in lines)


def price_against(decision: Decision, subject: Subject) -> Price | None:
    """What went wrong costs this, for decisions that give the customer something."""
    return price_of(subject.cases) if decision.pot == "spending" else None


@dataclass(frozen=True)
class Held:
    """An amount held against the price, with what was `used` in the case before, in the currency of the line it is decided by."""

    price: Price
    used: int
    amount: int
    standing: Standing

    @property
    def is_comparable(self) -> bool:
        return self.price.currency == self.standing.grant.currency

    @property
    def is_far_above(self) -> bool:
        return self.is_comparable and bool(self.used + self.amount > self.price.amount * MOST)

    def refusal(self, decision: Decision, *, answering: bool) -> Verdict | None:
        """What stands in the way because of the price; None: nothing. `answering`: somebody else asked for it."""
        grant = self.standing.grant
        lines = [each for each in grants_in_force().get(decision.code, ()) if each.currency == grant.currency]
        if self.standing.lending is None and is_highest(grant, lines):
            return None
        if not self.is_comparable:
            return None if answering else Verdict(False, Why.OTHER_PRICE, 0)
        if self.is_far_above:
            left = max(int(self.price.amount * MOST) - self.used, 0) if answering else 0
            return Verdict(False, Why.FAR_ABOVE_PRICE, left)
        if self.used + self.amount > self.price.amount and not answering:
            return Verdict(False, Why.PRICE, max(self.price.amount - self.used, 0))
        return None
