"""Customers, the phones and addresses they are found by, and how two of them became one."""

from guixin.understand.models.customer import CannotReveal, Customer
from guixin.understand.models.identity import Identity
from guixin.understand.models.merge import Merge
from guixin.understand.models.segment import (
    Membership,
    Segment,
    SegmentCheck,
    SegmentDay,
    SegmentRound,
    SegmentVersion,
)

__all__ = [
    "CannotReveal",
    "Customer",
    "Identity",
    "Membership",
    "Merge",
    "Segment",
    "SegmentCheck",
    "SegmentDay",
    "SegmentRound",
    "SegmentVersion",
]
