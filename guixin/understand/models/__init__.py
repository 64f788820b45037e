"""Customers, and the phones and addresses they are found by."""

from guixin.understand.models.customer import CannotReveal, Customer
from guixin.understand.models.identity import Identity

__all__ = ["CannotReveal", "Customer", "Identity"]
