"""Telling other programs what happened (docs/api.md): signed, retried, in order within a case, replayable.

subscribing.py  who wants to hear what
feeding.py      from the ledger, by position, into the outbox
sending.py      one delivery: the body, the signature, the call
"""

from guixin.channels.webhooks import sending  # noqa: F401  tells the outbox how a webhook leaves
from guixin.channels.webhooks.feeding import feed

__all__ = ["feed"]
