"""Customers everybody knows: Zhang San and his wife share a phone; a company with a switchboard; an English visitor."""

from datetime import UTC, datetime

from guixin.understand.models import Customer

NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Shanghai


def customer(name="张三", *identities, kind="person", now=NOON, **fields) -> Customer:
    """A customer as the front desk would take them in; without identities, with one fixed phone."""
    known = identities or (("phone", "138 0013 8000"),)
    return Customer.objects.for_intake(kind, name, known, now, **fields)[0]


def company(name="青岛海风电器有限公司", phone="0532-8877 6655") -> Customer:
    return customer(name, ("phone", phone), kind="company")
