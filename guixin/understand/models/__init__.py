"""Customers, what they are found by, how two became one; what they bought and what they are worth."""

from guixin.understand.models.customer import CannotReveal, Customer
from guixin.understand.models.identity import Identity
from guixin.understand.models.merge import Merge
from guixin.understand.models.product import Product, product_key
from guixin.understand.models.purchase import Purchase
from guixin.understand.models.rate import Rate
from guixin.understand.models.segment import (
    Membership,
    Segment,
    SegmentCheck,
    SegmentDay,
    SegmentRound,
    SegmentVersion,
)
from guixin.understand.models.worth import CustomerWorth, GradeRules, Grading

__all__ = [
    "CannotReveal",
    "Customer",
    "CustomerWorth",
    "GradeRules",
    "Grading",
    "Identity",
    "Membership",
    "Merge",
    "Product",
    "Purchase",
    "Rate",
    "Segment",
    "SegmentCheck",
    "SegmentDay",
    "SegmentRound",
    "SegmentVersion",
    "product_key",
]
