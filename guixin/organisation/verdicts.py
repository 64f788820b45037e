"""What is decided about, and the answer of the authority matrix to one amount: it fits, or what stands in the way."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


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
    """Whether an amount fits under a standing; `left` is what is left before it, None: no limit.

    `is_far_above_price`: with it more than one and a half times the price is given, so that whoever allows it has to say why.
    """

    fits: bool
    why: Why | None = None
    left: int | None = None
    is_far_above_price: bool = False
