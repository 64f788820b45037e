"""The ledger (台账): the append-only record of what happened, and the outbox for everything that leaves.

`record(event)` writes the entry and runs its reactions inside the caller's transaction: either all of it
happened or none. Positions are given after commit by `numbering`; whatever may lag reads
`position > last`. See docs/developers/decisions/0002-ledger.md.
"""

from guixin.ledger.events import Event
from guixin.ledger.recording import NotInTransaction, record, when, when_many

__all__ = ["Event", "NotInTransaction", "record", "when", "when_many"]
