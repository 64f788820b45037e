"""What a mail becomes: a case, an answer on its case, something kept beside it, or an entry of the quarantine.

Who it is from is never proven by what it says. A mail acts as the customer only if it came to a reply address of ours
(or names a Message-ID of ours, which nobody can guess) and shows the address we had written to, or if our own server
vouches for that address; and never if our server says that it is forged. Everything else is kept, shown as
“unverified”, and changes nothing. Nobody of ours acts by mail.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guixin.channels.mail import acknowledging, addressing, events, vouching
from guixin.channels.mail.belonging import find_thread, is_ours, remaining
from guixin.channels.mail.bounces import Bounce
from guixin.channels.mail.reading import Letter, Unreadable, read
from guixin.channels.models import ReceivedMail, SentMail
from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.serve import attaching
from guixin.serve.attaching import CannotAttach, Kept
from guixin.serve.closing import reopen
from guixin.serve.intake import Arrival, open_case
from guixin.serve.models import Case, CaseLink, Message
from guixin.serve.models.policy import policy
from guixin.serve.replying import customer_adds
from guixin.understand.arriving import Arrival as Caller
from guixin.understand.arriving import recognise
from guixin.understand.models import Customer
from guixin.web.refusals import Refused

log = logging.getLogger(__name__)

State, Became, Reason, Verdict = (
    ReceivedMail.State, ReceivedMail.Became, ReceivedMail.Reason, ReceivedMail.Verdict,
)  # fmt: skip
TRIES = 3
LEASE = timedelta(minutes=3)  # whoever reads it and dies is followed by another after this
THE_SAME_WITHIN = timedelta(days=30)
SUBJECT, STORY = 200, 20_000  # characters of a case


def understand_next(now: datetime) -> bool:
    """Read the mail that waits longest. Returns whether there was one. A mail on which workers die is set aside."""
    mail = _claim(now)
    if mail is None:
        return False
    if mail.tries > TRIES:
        _quarantine(mail, Reason.FAILED, mail.trouble, now)
        return True
    try:
        understand(mail, now=now)
    except Exception as why:  # one bad mail must not stop the rest
        log.exception("mail %s could not be taken in", mail.pk)
        trouble = f"{type(why).__name__}: {why}"[:500].replace("\x00", "")
        if mail.tries >= TRIES:
            _quarantine(mail, Reason.FAILED, trouble, now)
        else:
            ReceivedMail.objects.filter(pk=mail.pk).update(trouble=trouble, next_try_at=now + LEASE)
    return True


@transaction.atomic
def _claim(now: datetime) -> ReceivedMail | None:
    waiting = ReceivedMail.objects.filter(state=State.ARRIVED, next_try_at__lte=now).order_by(
        "next_try_at", "pk"
    )
    mail = waiting.defer("raw").select_for_update(skip_locked=True, of=("self",)).first()
    if mail is not None:
        mail.tries += 1
        mail.next_try_at = now + LEASE
        mail.save(update_fields=["tries", "next_try_at"])
    return mail


def understand(mail: ReceivedMail, *, now: datetime) -> ReceivedMail:
    """Everything that follows from one mail, in one transaction; or it stands in the quarantine, with the reason."""
    try:
        letter = letter_of(mail)
    except Unreadable as why:
        return _quarantine(mail, why.reason, str(why), now)
    kept, refused = keep_files(letter)
    try:
        with transaction.atomic():
            return _decide(mail, letter, kept, refused, now)
    except Refused as why:
        return _quarantine(mail, Reason.REFUSED, str(why), now, letter)


def letter_of(mail: ReceivedMail) -> Letter:
    return read(bytes(mail.raw), null_return_path=mail.has_envelope and mail.envelope_from in ("", "<>"))


def _decide(
    mail: ReceivedMail, letter: Letter, kept: list[Kept], refused: list[dict], now: datetime
) -> ReceivedMail:
    mail = ReceivedMail.objects.select_for_update(of=("self",)).select_related("mailbox").get(pk=mail.pk)
    if mail.state not in (State.ARRIVED, State.QUARANTINED):
        return mail  # another worker was first
    note_what_it_says(mail, letter)
    mail.refused_files = refused
    if letter.bounce is not None:
        return _came_back(mail, letter.bounce, now)
    if not letter.sender:
        return _quarantine(mail, Reason.NO_SENDER, "", now)
    if is_ours(letter.sender):
        return _quarantine(mail, Reason.OUR_OWN, "", now)
    if not letter.text and not kept and not refused:
        return _quarantine(mail, Reason.EMPTY, "", now)
    if twin := _the_same_before(mail, letter):
        mail.case_id = twin.case_id
        return _settle(mail, Became.DUPLICATE)
    thread = find_thread(mail, letter)
    mail.is_verified = thread.is_verified
    if letter.automatic:
        if thread.case is None:
            return _quarantine(mail, Reason.AUTOMATIC, letter.automatic, now)
        return _keep_automatic(mail, letter, thread.case, kept, now)
    if thread.case is None:
        return new_case(mail, letter, kept, now=now, hint=thread.hint)
    if not thread.is_verified:
        return keep_beside(mail, letter, thread.case, kept, now)
    return _answer(mail, letter, thread.case, kept, now)


def _the_same_before(mail: ReceivedMail, letter: Letter) -> ReceivedMail | None:
    """Sent to two of our addresses, or fetched again from a folder that was built anew. With other words it is another
    mail, whatever id it has: nobody's words are lost because somebody used an id twice."""
    if not mail.own_id:
        return None
    twins = ReceivedMail.objects.filter(
        own_id=mail.own_id, sender=mail.sender, subject=mail.subject, state=State.TAKEN,
        arrived_at__gte=mail.arrived_at - THE_SAME_WITHIN,
    ).exclude(pk=mail.pk)  # fmt: skip
    for twin in twins.select_related("case", "message").defer("raw").order_by("pk")[:20]:
        said = twin.message.body if twin.message else twin.case.story if twin.case else ""
        if said == words_of(letter)[: len(said)] and len(said) >= min(len(words_of(letter)), STORY):
            return twin
    return None


# -- what it becomes -----------------------------------------------------------------------------------------------


def new_case(
    mail: ReceivedMail, letter: Letter, kept: list[Kept], *, now: datetime, hint: Case | None = None,
    earlier: Case | None = None, by: Person | None = None,
) -> ReceivedMail:  # fmt: skip
    """A case of its own. Nobody of ours is a customer because a From line says so."""
    box = mail.mailbox
    with override(letter.language):
        subject = letter.subject.strip()[:SUBJECT] or _("(no subject)")
        story = words_of(letter)[:STORY]
    arrival = Arrival(
        kind=box.case_kind if box else Case.Kind.ENQUIRY,
        subject=subject,
        channel=Case.Channel.EMAIL,
        story=story,
        language=letter.language,
        customer=customer_of(letter, now),
        departments=[box.department_id] if box and box.department_id else (),
    )
    case = open_case(arrival, now=now, by=by)
    if earlier is not None:
        CaseLink.objects.get_or_create(
            case=case, other=earlier, kind=CaseLink.Kind.RELATED, defaults={"made_at": now, "made_by": by}
        )
    _attach(mail, kept, case, None, now, from_customer=True)
    mail.case, mail.hint = case, hint
    _settle(mail, Became.CASE)
    acknowledging.acknowledge(mail, letter, case, now=now)
    return mail


def customer_of(letter: Letter, now: datetime) -> Customer | None:
    """Found by the address, which is a search key and no proof; a new one under the name the mail shows."""
    address = letter.sender
    if not address or is_ours(address):
        return None
    if Person.objects.filter(email__iexact=address).exists():
        return None  # a colleague writes to the firm's own address; whose matter it is, a person says
    identities = (("email", address),)
    if known := recognise(Caller(identities=identities)):
        return known
    name = letter.sender_name or address.partition("@")[0]
    return Customer.objects.for_intake("person", name[:100], identities, now, language=letter.language)[0]


def _answer(mail: ReceivedMail, letter: Letter, case: Case, kept: list[Kept], now: datetime) -> ReceivedMail:
    """The customer speaks: a closed case opens again, one closed long ago is followed by a new one."""
    if case.state == Case.State.CLOSED:
        if case.closed_at and case.closed_at < now - timedelta(days=policy().repeat_within_days):
            return new_case(mail, letter, kept, now=now, earlier=case)
        with override(case.language):
            reopen(case, _("The customer wrote again by e-mail."), now=now)
    with override(case.language):
        message = customer_adds(case, words_of(letter), now=now)
    _by_mail(message)
    return _with_message(mail, message, kept, case, Became.REPLY, now, from_customer=True)


def keep_beside(
    mail: ReceivedMail, letter: Letter, case: Case, kept: list[Kept], now: datetime
) -> ReceivedMail:
    """Only colleagues see it; it resumes nothing, opens nothing again and goes to nobody."""
    message = _note(case, words_of(letter), now)
    _with_message(mail, message, kept, case, Became.UNVERIFIED, now)
    record(events.MailFromUnverified(message_id=message.pk, **_facts(mail, case, now)))
    return mail


def _keep_automatic(
    mail: ReceivedMail, letter: Letter, case: Case, kept: list[Kept], now: datetime
) -> ReceivedMail:
    message = _note(case, words_of(letter), now)
    _with_message(mail, message, kept, case, Became.AUTOMATIC, now)
    record(events.AutomaticMailKept(**_facts(mail, case, now)))
    return mail


def _came_back(mail: ReceivedMail, bounce: Bounce, now: datetime) -> ReceivedMail:
    """Which of ours it is, is said by the address it came to or by an id in it; by nothing that can be guessed."""
    to = next(filter(None, map(addressing.mail_answered_at, mail.envelope_to.split(", "))), None)
    keys = [key for each in bounce.ids if (key := addressing.key_in(each))]
    sent = to or SentMail.objects.filter(key__in=keys).order_by("-pk").first()
    if sent is None:
        return _quarantine(mail, Reason.STRAY_BOUNCE, bounce.words, now)
    mail.case = remaining(sent.case)
    mark_bounced(sent, bounce, now)
    return _settle(mail, Became.BOUNCE)


def mark_bounced(sent: SentMail, bounce: Bounce, now: datetime) -> None:
    """For good, or only late: what is late may still arrive and alarms nobody."""
    if sent.state == SentMail.State.BOUNCED:
        return
    sent.state = SentMail.State.BOUNCED if bounce.is_final else SentMail.State.DELAYED
    sent.trouble = bounce.words
    sent.ended_at = now if bounce.is_final else None
    sent.save(update_fields=["state", "trouble", "ended_at"])
    if bounce.is_final:
        case = remaining(sent.case)
        record(
            events.MailCameBack(
                happened_at=now, about=case.about, case_id=case.pk, sent_mail_id=sent.pk, status=bounce.status
            )
        )


# -- parts of it ---------------------------------------------------------------------------------------------------


def note_what_it_says(mail: ReceivedMail, letter: Letter) -> None:
    mail.sender, mail.sender_name = letter.sender, letter.sender_name
    mail.subject, mail.own_id, mail.sent_at = letter.subject, letter.message_id, letter.sent_at
    mail.quoted = letter.quoted
    authserv_id = mail.mailbox.authserv_id if mail.mailbox else ""
    mail.verdict = (
        vouching.verdict(letter.headers, authserv_id, letter.sender, many_senders=letter.many_senders)
        if letter.headers
        else Verdict.NONE
    )


def words_of(letter: Letter) -> str:
    """A mail of files alone says how many."""
    if letter.text:
        return letter.text
    if letter.quoted:
        return letter.quoted
    return _("(%(count)s files)") % {"count": len(letter.files)}


def keep_files(letter: Letter) -> tuple[list[Kept], list[dict]]:
    """What can be kept with a case, one by one, and what was refused with the reason. The raw mail has all of it."""
    kept: list[Kept] = []
    refused: list[dict] = [
        {"name": name, "size": None, "why": _("Too many files.")} for name in letter.not_taken[:50]
    ]
    for one in letter.files:
        try:
            if len(kept) >= attaching.AT_ONCE:
                raise CannotAttach(_("Too many files."))
            kept += attaching.keep([one])
        except CannotAttach as why:
            refused.append({"name": one.name, "size": one.size, "why": str(why)})
    return kept, refused


def _attach(
    mail: ReceivedMail, kept: list[Kept], case: Case, message: Message | None, now: datetime, *,
    from_customer: bool,
) -> None:  # fmt: skip
    """A case that is full takes the words without the files."""
    try:
        with transaction.atomic():
            attaching.attach(kept, case=case, message=message, from_customer=from_customer, now=now)
    except CannotAttach as why:
        mail.refused_files += [{"name": one.original_name, "size": one.size, "why": str(why)} for one in kept]


def _note(case: Case, words: str, now: datetime) -> Message:
    return Message.objects.create(
        case=case, kind=Message.Kind.NOTE, body=words, at=now, channel=Case.Channel.EMAIL
    )


def _by_mail(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(channel=Case.Channel.EMAIL)


def _with_message(
    mail: ReceivedMail, message: Message, kept: list[Kept], case: Case, became: str, now: datetime, *,
    from_customer: bool = False,
) -> ReceivedMail:  # fmt: skip
    _attach(mail, kept, case, message, now, from_customer=from_customer)
    mail.case, mail.message = case, message
    return _settle(mail, became)


def _settle(mail: ReceivedMail, became: str) -> ReceivedMail:
    mail.state, mail.became, mail.reason, mail.trouble = State.TAKEN, became, Reason.NONE, ""
    mail.save(update_fields=_SETTLED)
    return mail


_SETTLED = [
    "state", "became", "reason", "trouble", "sender", "sender_name", "subject", "own_id", "sent_at", "verdict",
    "is_verified", "quoted", "refused_files", "case", "message", "hint", "decided_by", "decided_at", "decision",
]  # fmt: skip


@transaction.atomic
def _quarantine(
    mail: ReceivedMail, reason: str, trouble: str, now: datetime, letter: Letter | None = None
) -> ReceivedMail:
    is_news = mail.state != State.QUARANTINED or mail.reason != reason
    if letter is not None:
        note_what_it_says(mail, letter)
    mail.state, mail.reason, mail.trouble = State.QUARANTINED, reason, trouble.replace("\x00", "")[:500]
    mail.case = mail.message = mail.hint = None
    mail.save(update_fields=_SETTLED)
    if is_news:
        record(events.MailQuarantined(happened_at=now, about=mail.about, mail_id=mail.pk, reason=str(reason)))
    return mail


def _facts(mail: ReceivedMail, case: Case, now: datetime) -> dict:
    return {"happened_at": now, "about": case.about, "case_id": case.pk, "mail_id": mail.pk}
