"""The quarantine (待处理邮件): what could not be taken in by itself stands here with its reason, until a person decides."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.channels.mail import belonging, events, understanding
from guixin.channels.mail.reading import Letter, Unreadable
from guixin.channels.models import ReceivedMail
from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.serve.models import Case, Message
from guixin.serve.replying import customer_adds
from guixin.web.refusals import Refused

State, Became = ReceivedMail.State, ReceivedMail.Became
SHORTEST_REASON = 2


class CannotRepair(Refused):
    """The mail cannot be treated like this, and why."""


class SayWhy(CannotRepair):
    """Something is missing in what was typed."""

    about_input = True


def quarantined(at_most: int = 1000) -> int:
    """How many wait for a decision; counted no further than `at_most`."""
    return len(ReceivedMail.objects.quarantined().values_list("pk")[:at_most])


@transaction.atomic
def make_case(mail: ReceivedMail, *, by: Person, now: datetime) -> ReceivedMail:
    """A case of its own, whatever the machine thought of it."""
    mail = _waiting(mail)
    letter, problem = _as_far_as_readable(mail)
    understanding.note_what_it_says(mail, letter)
    kept, mail.refused_files = understanding.keep_files(letter)
    letter.text = letter.text or letter.quoted or problem
    _decided(mail, by, now)
    letter.automatic = letter.automatic or "by hand"  # whoever makes it a case answers by themselves
    understanding.new_case(mail, letter, kept, now=now, by=by)
    record(events.MailTakenByHand(**_facts(mail, by, now)))
    return mail


@transaction.atomic
def put_to(mail: ReceivedMail, case: Case, *, by: Person, now: datetime) -> ReceivedMail:
    """Kept with a case for colleagues; whether the customer wrote it can be confirmed there."""
    mail = _waiting(mail)
    case = belonging.remaining(case)
    letter, problem = _as_far_as_readable(mail)
    understanding.note_what_it_says(mail, letter)
    kept, mail.refused_files = understanding.keep_files(letter)
    letter.text = letter.text or letter.quoted or problem
    _decided(mail, by, now)
    understanding.keep_beside(mail, letter, case, kept, now)
    record(events.MailTakenByHand(**_facts(mail, by, now)))
    return mail


@transaction.atomic
def discard(mail: ReceivedMail, reason: str, *, by: Person, now: datetime) -> ReceivedMail:
    """Nothing for us. Its bytes are kept, and it can be tried again."""
    mail = _waiting(mail)
    if len(reason.strip()) < SHORTEST_REASON:
        raise SayWhy(_("Say why it is discarded."))
    _decided(mail, by, now)
    mail.state, mail.decision = State.DISCARDED, reason.strip()[:500]
    mail.save(update_fields=["state", "decision", "decided_by", "decided_at"])
    record(events.MailDiscarded(personal={"reason": mail.decision}, **_facts(mail, by, now)))
    return mail


def try_again(mail: ReceivedMail, *, by: Person, now: datetime) -> ReceivedMail:
    """Read it once more: a mailbox was set up, a fault was repaired, or it was discarded too soon."""
    if mail.state not in (State.QUARANTINED, State.DISCARDED):
        raise CannotRepair(_("Somebody has already taken it in."))
    if mail.state == State.DISCARDED:
        ReceivedMail.objects.filter(pk=mail.pk, state=State.DISCARDED).update(
            state=State.QUARANTINED, decision=""
        )
        mail.refresh_from_db()
    return understanding.understand(mail, now=now)


@transaction.atomic
def confirm_sender(mail: ReceivedMail, *, by: Person, now: datetime) -> ReceivedMail:
    """Somebody knows that this is the customer: what was kept beside the case is the customer's word from now on."""
    mail = ReceivedMail.objects.select_for_update(of=("self",)).defer("raw").get(pk=mail.pk)
    if mail.became not in (Became.UNVERIFIED, Became.AUTOMATIC) or mail.message is None:
        raise CannotRepair(_("There is nothing to confirm about this mail."))
    note, case = mail.message, belonging.remaining(mail.message.case)
    message = customer_adds(case, note.body, now=now, by=by)
    Message.objects.filter(pk=message.pk).update(channel=Case.Channel.EMAIL)
    note.attachments.update(message=message, from_customer=True)
    mail.message, mail.became, mail.is_verified = message, Became.REPLY, True
    _decided(mail, by, now)
    mail.save(update_fields=["message", "became", "is_verified", "decided_by", "decided_at"])
    note.delete()
    record(events.MailSenderConfirmed(**_facts(mail, by, now)))
    return mail


@transaction.atomic
def show_original(mail: ReceivedMail, *, by: Person, now: datetime) -> bytes:
    """The bytes as they came, with every address in them; that somebody looked is recorded."""
    record(events.OriginalMailShown(**_facts(mail, by, now)))
    return bytes(mail.raw)


def _waiting(mail: ReceivedMail) -> ReceivedMail:
    mail = ReceivedMail.objects.select_for_update(of=("self",)).select_related("mailbox").get(pk=mail.pk)
    if mail.state != State.QUARANTINED:
        raise CannotRepair(_("Somebody has already decided about this mail."))
    return mail


def _as_far_as_readable(mail: ReceivedMail) -> tuple[Letter, str]:
    """What can be read of it, and words for when nothing can."""
    try:
        letter = understanding.letter_of(mail)
    except Unreadable:
        letter = Letter(subject=mail.subject, sender=mail.sender, sender_name=mail.sender_name)
    return letter, str(_("(the mail could not be read; its original is kept)"))


def _decided(mail: ReceivedMail, by: Person, now: datetime) -> None:
    mail.decided_by, mail.decided_at = by, now


def _facts(mail: ReceivedMail, by: Person, now: datetime) -> dict:
    return {
        "happened_at": now,
        "actor_id": by.pk,
        "about": mail.case.about if mail.case else mail.about,
        "case_id": mail.case_id,
        "mail_id": mail.pk,
    }
