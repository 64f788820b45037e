"""What this package announces."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class CustomerRevealed(Event):
    """Somebody looked at a customer's personal data unmasked, and said why. `reason` is kept for the auditor."""

    kind: ClassVar[str] = "understand.customer_revealed"
    sentence: ClassVar[str] = _("Looked at the customer's personal data: %(reason)s")

    reason: str
