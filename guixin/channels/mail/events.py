"""What is recorded about mail. Addresses of customers and words of theirs stay out; the firm's own addresses may stand."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class MailboxAdded(Event):
    """An address of the firm is read from now on."""

    kind: ClassVar[str] = "channels.mailbox_added"
    sentence: ClassVar[str] = _("The mailbox %(mailbox)s was added")
    mailbox: str


@dataclass(frozen=True, kw_only=True)
class MailboxChanged(Event):
    """A mailbox has another server, folder, password, kind of case …, or was switched: `changed` names what."""

    kind: ClassVar[str] = "channels.mailbox_changed"
    sentence: ClassVar[str] = _("The mailbox %(mailbox)s was changed: %(changed)s")
    mailbox: str
    changed: str


@dataclass(frozen=True, kw_only=True)
class MailEvent(Event):
    """What every event about one received mail says."""

    mail_id: int


@dataclass(frozen=True, kw_only=True)
class MailFromUnverified(MailEvent):
    """A mail was kept with a case, and nobody vouches for its sender: it changed nothing. The owner looks at it."""

    kind: ClassVar[str] = "channels.mail_from_unverified"
    sentence: ClassVar[str] = _("A mail from an unverified sender was kept with the case")
    message_id: int | None


@dataclass(frozen=True, kw_only=True)
class MailSenderConfirmed(MailEvent):
    """Somebody knows that the mail is the customer's: its words are the customer's from now on."""

    kind: ClassVar[str] = "channels.mail_sender_confirmed"
    sentence: ClassVar[str] = _("The sender of a mail was confirmed as the customer")


@dataclass(frozen=True, kw_only=True)
class AutomaticMailKept(MailEvent):
    """A vacation notice, a list, another machine: kept with the case, answered by nothing."""

    kind: ClassVar[str] = "channels.automatic_mail_kept"
    sentence: ClassVar[str] = _("An automatic answer came by mail")


@dataclass(frozen=True, kw_only=True)
class MailQuarantined(MailEvent):
    """A mail could not be taken in by itself, and waits for a person, with the reason."""

    kind: ClassVar[str] = "channels.mail_quarantined"
    sentence: ClassVar[str] = _("A mail waits for somebody to look at it (%(reason)s)")
    reason: str


@dataclass(frozen=True, kw_only=True)
class MailTakenByHand(MailEvent):
    """Somebody made a case of a mail in quarantine, or put it to one."""

    kind: ClassVar[str] = "channels.mail_taken_by_hand"
    sentence: ClassVar[str] = _("A mail in quarantine was taken in by hand")


@dataclass(frozen=True, kw_only=True)
class MailDiscarded(MailEvent):
    """Somebody discarded a mail in quarantine, with a reason. Its bytes are kept."""

    kind: ClassVar[str] = "channels.mail_discarded"
    sentence: ClassVar[str] = _("A mail was discarded")


@dataclass(frozen=True, kw_only=True)
class OriginalMailShown(MailEvent):
    """Somebody looked at a mail as it came, with everything in it unmasked."""

    kind: ClassVar[str] = "channels.original_mail_shown"
    sentence: ClassVar[str] = _("The original of a mail was shown")


@dataclass(frozen=True, kw_only=True)
class MailCameBack(Event):
    """A mail to the customer will not arrive. Its owner finds another way."""

    kind: ClassVar[str] = "channels.mail_came_back"
    sentence: ClassVar[str] = _("A mail to the customer came back (%(status)s)")
    sent_mail_id: int
    status: str


@dataclass(frozen=True, kw_only=True)
class MailNotSent(Event):
    """A mail to the customer could not be handed over, or there is no address to send it to."""

    kind: ClassVar[str] = "channels.mail_not_sent"
    sentence: ClassVar[str] = _("A mail to the customer could not be sent")
    sent_mail_id: int
