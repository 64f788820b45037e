from guixin.ledger.models.entry import Entry, Private
from guixin.ledger.models.outgoing import Outgoing

__all__ = ["Entry", "Outgoing", "Private"]
