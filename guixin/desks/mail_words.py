"""Mail as the page of a case shows it: who it says it is from, whether anybody vouches for that, what became of ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from guixin.channels.models import ReceivedMail, SentMail
from guixin.serve.models import Case
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


def mail_of(read: Mapping[str, list[Any]]) -> MailOfCase:
    """`read`: what was read of the case (case_readings), its mail among it."""
    found = MailOfCase()
    for mail in read["received"]:
        found.received[mail.message_id] = shown(mail)
    for mail in read["opening"]:
        if mail.message_id is None:
            found.opening = found.opening or shown(mail)
    for sent in read["sent"]:
        found.sent[sent.message_id] = shown_sent(sent)
    found.others = [shown_sent(each) for each in read["sent_besides"]]
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
