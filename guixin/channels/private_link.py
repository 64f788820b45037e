"""A customer lost the private link to their case: it goes again to the address they gave us, and nowhere else.

Whoever asks learns nothing: not whether the case exists, nor whose it is. A number and an address open no page; they
only send a mail to somebody who has the right to it, at most one a day.
"""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from guixin.channels.staff_mail import post_office
from guixin.ledger.models import Outgoing
from guixin.ledger.outbox import CannotDeliver, deliver_by
from guixin.serve.models import Case
from guixin.understand.identities import IdentityKind, normalise
from guixin.understand.models import Identity

CHANNEL = "private_link"
AT_MOST_EVERY = timedelta(days=1)


def ask(number: str, address: str, *, now: datetime) -> None:
    """Put the mail into the post if number and address belong together; else nothing happens."""
    case = Case.objects.filter(number=number.strip(), customer__isnull=False).first()
    if case is None:
        return
    try:
        normal = normalise(IdentityKind.EMAIL, address)
    except ValueError:
        return
    identity = Identity.objects.filter(
        customer=case.customer_id, kind=IdentityKind.EMAIL, normal=normal
    ).first()
    if identity is None:
        return
    lane = f"identity:{identity.pk}"
    if Outgoing.objects.filter(channel=CHANNEL, lane=lane, written_at__gt=now - AT_MOST_EVERY).exists():
        return
    Outgoing.objects.create(
        channel=CHANNEL, lane=lane, payload={"case": case.pk, "identity": identity.pk}, next_try_at=now
    )


def send(row: Outgoing) -> None:
    """Send the link by SMTP. A repeat carries the same Message-ID."""
    case = Case.objects.filter(pk=row.payload["case"]).first()
    identity = Identity.objects.filter(pk=row.payload["identity"]).first()
    if case is None or identity is None or not settings.SMTP_URL:
        raise CannotDeliver("There is nobody to send it to, or no way to send it.")
    with post_office() as office:
        office.send_message(composed(case, identity.raw, row))


def composed(case: Case, address: str, row: Outgoing) -> EmailMessage:
    """Number and link in the customer's language; not a word of what anybody wrote in the case."""
    message = EmailMessage()
    with translation.override(case.language):
        message["Subject"] = _("Your case %(number)s") % {"number": case.number}
        message.set_content(
            _(
                "You asked how far your case %(number)s is. This private link shows it:\n\n%(link)s\n\n"
                "If it was not you who asked, you need not do anything."
            )
            % {"number": case.number, "link": case.tracking_link()}
        )
    message["From"], message["To"] = settings.MAIL_FROM, address.strip()
    message["Date"] = format_datetime(row.written_at)
    message["Message-ID"] = f"<{row.key}@{urlsplit(settings.BASE_URL).hostname}>"
    message["Auto-Submitted"] = "auto-replied"
    return message


deliver_by(CHANNEL, send)
