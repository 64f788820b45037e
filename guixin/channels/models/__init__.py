from guixin.channels.models.heartbeat import Heartbeat
from guixin.channels.models.idempotency import IdempotencyRecord
from guixin.channels.models.importing import Import, ImportedLine
from guixin.channels.models.mail import Mailbox, ReceivedMail, SentMail
from guixin.channels.models.notice import Notice, Told
from guixin.channels.models.robot import NoticeRules, NoticeWishes, Robot, RobotLine
from guixin.channels.models.subscription import Delivery, Subscription

__all__ = [
    "Delivery",
    "Heartbeat",
    "IdempotencyRecord",
    "Import",
    "ImportedLine",
    "Mailbox",
    "Notice",
    "NoticeRules",
    "NoticeWishes",
    "ReceivedMail",
    "Robot",
    "RobotLine",
    "SentMail",
    "Subscription",
    "Told",
]
