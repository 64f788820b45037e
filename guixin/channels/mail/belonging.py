"""Which case a letter belongs to, and whether the customer speaks in it.

In this order: a reply address of ours it came to, a Message-ID of ours it names, and the number in its subject. The first
two nobody can guess. The number anybody can: it counts only for an address the case knows, and else is a hint for a person.
"""

import re
from dataclasses import dataclass

from guixin.channels.mail import addressing
from guixin.channels.mail.reading import Letter
from guixin.channels.models import ReceivedMail, SentMail
from guixin.serve.models import Case

Became, Verdict = ReceivedMail.Became, ReceivedMail.Verdict
_NUMBER = re.compile(r"(?<![\d-])(20\d\d-\d{6,9})(?!\d)")


@dataclass(frozen=True)
class Thread:
    """`hint`: a case whose number stands in the subject, which proves nothing."""

    case: Case | None = None
    is_verified: bool = False
    hint: Case | None = None


def find_thread(mail: ReceivedMail, letter: Letter) -> Thread:
    """A reply address of ours, then a Message-ID of ours; a number in the subject only for a sender we know."""
    if sent := _answered(mail, letter):
        sender_is_right = letter.sender.lower() == sent.address.lower() and not letter.many_senders
        is_verified = sender_is_right and mail.verdict != Verdict.FAIL
        return Thread(remaining(sent.case), is_verified)
    found = _NUMBER.search(letter.subject)
    named = Case.objects.filter(number=found[1]).first() if found else None
    if named is None:
        return Thread()
    case = remaining(named)
    if letter.sender.lower() not in addresses_of(case):
        return Thread(hint=case)
    return Thread(case, mail.verdict == Verdict.PASS)


def _answered(mail: ReceivedMail, letter: Letter) -> SentMail | None:
    """The mail of ours this one answers, by what only we can have written."""
    for address in [*mail.envelope_to.split(", "), *letter.recipients][:60]:
        if sent := addressing.mail_answered_at(address):
            return sent
    keys = [key for each in letter.answers if (key := addressing.key_in(each))]
    by_key = {sent.key: sent for sent in SentMail.objects.filter(key__in=keys)}
    return next((by_key[key] for key in keys if key in by_key), None)


def remaining(case: Case) -> Case:
    """After a merge, the case that is left."""
    while case.merged_into_id:
        case = Case.objects.get(pk=case.merged_into_id)
    return case


def addresses_of(case: Case) -> set[str]:
    """Where the customer of this case can be written to: the record, and the address that opened it by mail."""
    opened = ReceivedMail.objects.filter(case=case, became=Became.CASE).values_list("sender", flat=True)
    known = (
        case.customer.identities.filter(kind="email").values_list("normal", flat=True)
        if case.customer
        else []
    )
    return {each.lower() for each in (*opened, *known)}


def is_ours(address: str) -> bool:
    """One of the mailboxes, or what we send from: mail from there is our own, come round."""
    return addressing.mailbox_of(address) is not None or address.lower() == addressing.our_sender()
