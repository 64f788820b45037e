"""Customers, what they are found by, how two became one; what is known of them and may be
said to them; what they bought, what they are worth and what they would pay."""

from guixin.understand.models.attribute import Attribute, AttributeValue
from guixin.understand.models.consent import Consent, ConsentWording, Purpose, Reach
from guixin.understand.models.contact import Contact, ContactKind, ContactPlan
from guixin.understand.models.contact_person import ContactPerson, Role
from guixin.understand.models.customer import CannotReveal, Customer
from guixin.understand.models.identity import Identity
from guixin.understand.models.knowledge import Knowledge, KnowledgeKind, KnowledgeUse, KnowledgeVersion
from guixin.understand.models.knowledge_share import KnowledgeReading, KnowledgeShare
from guixin.understand.models.lifecycle import LifecyclePeriod
from guixin.understand.models.merge import Merge
from guixin.understand.models.need import Need
from guixin.understand.models.pair import Pair
from guixin.understand.models.price import PriceAnswer, PriceObservation, PriceStudy
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
    "Attribute",
    "AttributeValue",
    "CannotReveal",
    "Consent",
    "ConsentWording",
    "Contact",
    "ContactKind",
    "ContactPerson",
    "ContactPlan",
    "Customer",
    "CustomerWorth",
    "GradeRules",
    "Grading",
    "Identity",
    "Knowledge",
    "KnowledgeKind",
    "KnowledgeReading",
    "KnowledgeShare",
    "KnowledgeUse",
    "KnowledgeVersion",
    "LifecyclePeriod",
    "Membership",
    "Merge",
    "Need",
    "Pair",
    "PriceAnswer",
    "PriceObservation",
    "PriceStudy",
    "Product",
    "Purchase",
    "Purpose",
    "Rate",
    "Reach",
    "Role",
    "Segment",
    "SegmentCheck",
    "SegmentDay",
    "SegmentRound",
    "SegmentVersion",
    "product_key",
]
