"""“We have it”: one automatic mail for a new case, with the number and nothing the sender wrote.

Anybody can write any address into a From line, so an acknowledgement can be aimed at a stranger. It therefore repeats
not one word from outside, goes at most once a day to an address nobody vouches for, at most once in a day and case
to any, and never to a machine (RFC 3834).
"""

from datetime import datetime, timedelta

from django.conf import settings

from guixin.channels.mail.reading import Letter
from guixin.channels.models import ReceivedMail, SentMail
from guixin.ledger.models import Outgoing
from guixin.serve.models import Case

A_DAY = timedelta(days=1)
CHANNEL = "customer_mail"


def acknowledge(mail: ReceivedMail, letter: Letter, case: Case, *, now: datetime) -> SentMail | None:
    """Put it into the post, or not."""
    box = mail.mailbox
    if not settings.SMTP_URL or box is None or not box.acknowledges:
        return None
    if letter.automatic or letter.is_looped or mail.verdict == ReceivedMail.Verdict.FAIL or not letter.sender:
        return None
    today = SentMail.objects.filter(
        is_automatic=True, address=letter.sender.lower(), written_at__gt=now - A_DAY
    )
    is_vouched_for = mail.verdict == ReceivedMail.Verdict.PASS
    if (today.filter(case=case) if is_vouched_for else today).exists():
        return None
    sent = SentMail.objects.create(
        case=case, answers=mail, mailbox=box, address=letter.sender.lower(), is_automatic=True, written_at=now
    )
    post(sent, now)
    return sent


def post(sent: SentMail, now: datetime) -> Outgoing:
    """Into the outbox, in order within its case, under the key of its Message-ID."""
    return Outgoing.objects.create(
        key=sent.key, channel=CHANNEL, lane=f"case:{sent.case_id}", payload={"mail": sent.pk}, next_try_at=now
    )
