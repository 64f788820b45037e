"""What comes in and goes out: files, notices, keys of things already done, subscribers."""

from guixin.channels.models.heartbeat import Heartbeat
from guixin.channels.models.idempotency import IdempotencyRecord
from guixin.channels.models.importing import Import, ImportedLine
from guixin.channels.models.notice import Notice
from guixin.channels.models.subscription import Delivery, Subscription

__all__ = [
    "Delivery",
    "Heartbeat",
    "IdempotencyRecord",
    "Import",
    "ImportedLine",
    "Notice",
    "Subscription",
]
