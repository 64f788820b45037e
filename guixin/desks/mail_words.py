"""Mail as the page of a case shows it: who it says it is from, whether anybody vouches for that, what became of ours."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from guixin.channels.models import ReceivedMail, SentMail
from guixin.serve.models import Case, Message
from guixin.understand.masking import mask_email, mask_name

Became = ReceivedMail.Became


@dataclass(frozen=True)
class ShownMail:
    """A received mail. `address` is masked, but whole in its domain: a name that deceives stands beside it."""

    pk: int
    name: str
    address: str
    is_verified: bool
    is_automatic: bool
    verdict: str
    quoted: str
    refused_files: list[dict[str, Any]]
    may_be_confirmed: bool
    hint: Case | None


@dataclass(frozen=True)
class ShownSent:
    """A mail of ours, and how far it came."""

    state: str
    words: str
    address: str
    at: Any
    trouble: str

    @property
    def is_trouble(self) -> bool:
        return self.state in (SentMail.State.BOUNCED, SentMail.State.FAILED)


@dataclass
class MailOfCase:
    received: dict[int, ShownMail] = field(default_factory=dict)  # by message
    sent: dict[int, ShownSent] = field(default_factory=dict)
    opening: ShownMail | None = None
    others: list[ShownSent] = field(default_factory=list)  # acknowledgements


def mail_of(case: Case, messages: Sequence[Message]) -> MailOfCase:
    """Two questions, and none for a case without mail."""
    if case.channel != Case.Channel.EMAIL and not any(m.channel == Case.Channel.EMAIL for m in messages):
        return MailOfCase()
    found = MailOfCase()
    ids = [message.pk for message in messages]
    received = ReceivedMail.objects.filter(Q(message__in=ids) | Q(case=case, became=Became.CASE))
    for mail in received.select_related("hint").defer("raw").order_by("pk"):
        if mail.message_id is None:
            found.opening = found.opening or shown(mail)
        else:
            found.received[mail.message_id] = shown(mail)
    for sent in SentMail.objects.filter(Q(message__in=ids) | Q(case=case, message=None)).order_by("pk"):
        if sent.message_id is None:
            found.others.append(shown_sent(sent))
        else:
            found.sent[sent.message_id] = shown_sent(sent)
    return found


def shown(mail: ReceivedMail) -> ShownMail:
    return ShownMail(
        pk=mail.pk,
        name=mask_name(mail.sender_name),
        address=mask_email(mail.sender),
        is_verified=mail.is_verified or mail.verdict == ReceivedMail.Verdict.PASS,
        is_automatic=mail.became == Became.AUTOMATIC,
        verdict=mail.get_verdict_display(),
        quoted=mail.quoted,
        refused_files=mail.refused_files,
        may_be_confirmed=mail.became in (Became.UNVERIFIED, Became.AUTOMATIC),
        hint=mail.hint,
    )


def shown_sent(sent: SentMail) -> ShownSent:
    return ShownSent(
        state=sent.state,
        words=sent.get_state_display(),
        address=mask_email(sent.address),
        at=sent.ended_at or sent.sent_at or sent.written_at,
        trouble=sent.trouble,
    )
