"""An invitation to a survey by mail, with the link and a way to say: no more of it. The address is looked up in the moment it
leaves, and the link is made in it; neither is stored."""

import smtplib
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from guixin.channels.customer_messages import NoWayOut
from guixin.channels.staff_mail import post_office
from guixin.ledger.clock import database_now
from guixin.ledger.models import Outgoing
from guixin.ledger.outbox import CannotDeliver, deliver_by
from guixin.listen import inviting
from guixin.listen.mail_words import words_for
from guixin.listen.models import Invitation, Sample
from guixin.listen.waves import link
from guixin.understand.addressing import newest_address
from guixin.understand.models.identity import IdentityKind

Reason = Invitation.Reason


class NoLongerWanted(CannotDeliver):
    """What made it worth sending is gone; `reason` as on the invitation."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def send(row: Outgoing) -> None:
    """One invitation or reminder. Marked as sent in the transaction that settles the row."""
    invitation = _invitation_of(row)
    if invitation is None:
        raise CannotDeliver("The invitation is gone; its customer was erased.")
    is_reminder = bool(row.payload.get("is_reminder"))
    if not is_reminder and invitation.state == Invitation.State.SENT:
        return
    now = database_now()
    if reason := inviting.still_wanted(invitation, now):
        raise NoLongerWanted(reason)
    address = newest_address(invitation.customer_id, IdentityKind.EMAIL)
    if not address:
        raise NoLongerWanted(Reason.ADDRESS)
    if not settings.SMTP_URL:
        raise NoWayOut("GUIXIN_SMTP_URL")
    sample = Sample.objects.get(wave=invitation.wave_id)
    try:
        with post_office() as office:
            office.send_message(composed(invitation, sample, address, row, is_reminder=is_reminder))
    except smtplib.SMTPRecipientsRefused as refused:
        if any(code >= 500 for code, _words in refused.recipients.values()):
            raise CannotDeliver("; ".join(f"{code}" for code, _w in refused.recipients.values())) from refused
        raise
    inviting.sent(invitation, is_reminder=is_reminder, now=now)


def _invitation_of(row: Outgoing) -> Invitation | None:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related(
        "customer", "case__merged_into", "wave__version__questionnaire"
    )
    return rows.filter(pk=row.payload["invitation"]).first()


def composed(
    invitation: Invitation, sample: Sample, address: str, row: Outgoing, *, is_reminder: bool = False
) -> EmailMessage:
    """The mail. One tap in it, or the mail program's own button (RFC 8058), and no survey comes any more."""
    token = inviting.token_of(invitation, sample.seal)
    subject, body = words_for(invitation, sample.words, link(token), is_reminder=is_reminder)
    no_more, mail = f"{link(token)}/no-more", EmailMessage()
    with translation.override(invitation.customer.language if invitation.customer else "zh-hans"):
        ending = _("If you no longer want to be asked: %s") % no_more
    mail["From"], mail["To"], mail["Subject"] = settings.MAIL_FROM, address, subject
    mail["Date"] = format_datetime(row.written_at)
    mail["Message-ID"] = f"<{row.key}@{urlsplit(settings.BASE_URL).hostname}>"
    mail["List-Unsubscribe"] = f"<{no_more}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{body}\n\n{ending}\n")
    return mail


def gave_up(row: Outgoing, failure: Exception, now: object) -> None:
    """It will not arrive: the invitation says so, and why."""
    invitation = Invitation.objects.filter(pk=row.payload["invitation"]).first()
    if invitation is not None and not row.payload.get("is_reminder"):
        inviting.not_sent(
            invitation, failure.reason if isinstance(failure, NoLongerWanted) else Reason.BOUNCED
        )


deliver_by(inviting.CHANNEL, send, gave_up)
