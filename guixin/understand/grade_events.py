"""Grades of customers, and what they are counted from."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class CustomerGraded(Event):
    """A customer's grade (等级) came or changed. `why` holds the figures it rests on, as of that grading:
    orders, net (minor units of the firm's currency), recency_days, scores r, f, m, alive, lifetime_value, share (the
    place among all customers, 0 is the best) and rules (the version)."""

    kind: ClassVar[str] = "understand.customer_graded"
    sentence: ClassVar[str] = _("Graded %(grade)s")

    grade_before: str | None
    grade: str
    why: dict[str, Any]

    @classmethod
    def sentence_for(cls, facts: dict[str, Any]) -> str:
        return _("Grade %(grade_before)s became %(grade)s") if facts.get("grade_before") else cls.sentence


@dataclass(frozen=True, kw_only=True)
class RateSet(Event):
    """A currency is worth so much of the firm's own from a day on. `about` is the rate."""

    kind: ClassVar[str] = "understand.rate_set"
    sentence: ClassVar[str] = _("1 %(currency)s is worth %(rate)s from %(since)s on")

    currency: str
    since: str
    rate: str


@dataclass(frozen=True, kw_only=True)
class GradeRulesPublished(Event):
    """Customers are graded by a new version of the rules from the next grading on. `about` is the version."""

    kind: ClassVar[str] = "understand.grade_rules_published"
    sentence: ClassVar[str] = _("Version %(number)s of the grading rules was published")

    number: int


@dataclass(frozen=True, kw_only=True)
class CustomersGraded(Event):
    """Every customer with purchases was graded. `about` is the grading."""

    kind: ClassVar[str] = "understand.customers_graded"
    sentence: ClassVar[str] = _("%(customers)s customers were graded; %(changed)s changed")

    customers: int
    changed: int
