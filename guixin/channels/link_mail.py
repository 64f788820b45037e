"""A sign-in link by mail, at once and never through the outbox: what is stored there would be the link itself."""

import smtplib
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from guixin.channels.staff_mail import post_office
from guixin.organisation.models import Person, SignInLink


class CannotSend(Exception):
    """The post office did not take it; the link can still be handed over by hand."""


def send_link(person: Person, address: str, link: SignInLink) -> bool:
    """Whether it was sent. False without a post office or without an address of the person."""
    if not settings.SMTP_URL or not person.email:
        return False
    message = composed(person, address, link)
    try:
        with post_office() as office:
            office.send_message(message)
    except (smtplib.SMTPException, OSError) as why:
        raise CannotSend(_("The mail could not be sent. Hand the link over yourself.")) from why
    return True


def composed(person: Person, address: str, link: SignInLink) -> EmailMessage:
    """In the person's language."""
    message = EmailMessage()
    with translation.override(person.language):
        until = f"{timezone.localtime(link.expires_at):%Y-%m-%d %H:%M}"
        if link.purpose == SignInLink.Purpose.INVITATION:
            subject = _("You are invited to Guixin")
            words = _("%(name)s, please choose your password here. The link works once, until %(until)s:")
        else:
            subject = _("Choose a new password")
            words = _("%(name)s, please choose a new password here. The link works once, until %(until)s:")
        login = _("Your login: %(login)s") % {"login": person.login}
        ignore = _("If you did not expect this, tell your administrator and do nothing else.")
        lines = [words % {"name": person.name, "until": until}, address, "", login, "", ignore]
    message["From"], message["To"], message["Subject"] = settings.MAIL_FROM, person.email, f"[归心] {subject}"
    message["Date"] = format_datetime(link.made_at)
    message["Message-ID"] = make_msgid(domain=urlsplit(settings.BASE_URL).hostname)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join(lines))
    return message
