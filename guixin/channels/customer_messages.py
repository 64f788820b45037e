"""Messages of communication plans on their way to the customer: mail by SMTP, everything else by the firm's gateway.

The gateway (GUIXIN_GATEWAY_URL) is one address of the firm that sends SMS, WeChat and WeCom messages or hands them to an app
of its own. It is called like a webhook: a signed POST (Standard Webhooks) with a stable id, so that a repeat is harmless.
Every message carries a link to opt out. The address is looked up in the moment it leaves and is stored nowhere else.
"""

import smtplib
import time
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from guixin.channels import http
from guixin.channels.staff_mail import post_office
from guixin.channels.webhooks.sending import signature
from guixin.ledger.clock import database_now
from guixin.ledger.models import Outgoing
from guixin.ledger.outbox import CannotDeliver, deliver_by
from guixin.ledger.recording import canonical
from guixin.promise import answering
from guixin.promise.models import Channel, CommunicationVersion, PlanMessage
from guixin.promise.models.communication import ADDRESSED_BY
from guixin.promise.posting import CHANNEL, allowed_at
from guixin.understand.addressing import newest_address
from guixin.worktime.quiet import NoHourLeft


class NoWayOut(Exception):
    """Nothing is set that could carry it; it is tried again, because somebody may set it."""


class QuietNow(Exception):
    """It was held up until nobody may be disturbed; tried again."""


class NotTaken(Exception):
    """The gateway did not answer with 2xx; it is tried again."""


class NoLongerWanted(CannotDeliver):
    """What made it worth sending is gone; `reason` as on the message."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def can_leave(channel: str) -> bool:
    """Whether this installation has a way out by this channel."""
    if channel == Channel.EMAIL:
        return bool(settings.SMTP_URL)
    if channel in (Channel.CALL, Channel.VISIT):
        return True
    return bool(settings.GATEWAY_URL and settings.GATEWAY_SECRET)


def send(row: Outgoing) -> None:
    """One message. Marked as sent, and written among the contacts, in the transaction that settles the row."""
    messages = PlanMessage.objects.select_for_update(of=("self",)).select_related(
        "customer__owner", "plan__segment__owner", "entry"
    )
    message = messages.filter(pk=row.payload["message"]).first()
    if message is None:
        raise CannotDeliver("The message is gone; its customer was erased.")
    if message.state == PlanMessage.State.SENT:
        return
    if reason := answering.still_wanted(message):
        raise NoLongerWanted(reason)
    kind = ADDRESSED_BY.get(message.channel)
    address = newest_address(message.customer_id, kind) if kind else ""
    if kind and not address:
        raise NoLongerWanted(PlanMessage.Reason.ADDRESS)
    if not can_leave(message.channel):
        raise NoWayOut(
            "GUIXIN_SMTP_URL"
            if message.channel == Channel.EMAIL
            else "GUIXIN_GATEWAY_URL, GUIXIN_GATEWAY_SECRET"
        )
    now = database_now()
    _not_in_quiet_hours(message, now)
    if message.channel == Channel.EMAIL:
        _by_mail(message, address, row)
    else:
        _by_gateway(message, address, row)
    answering.sent(message, now=now)


def _not_in_quiet_hours(message: PlanMessage, now: datetime) -> None:
    """The post may have been held up; what was let go at eight in the evening must not leave at midnight."""
    version = CommunicationVersion.objects.get(plan=message.plan_id, withdrawn_at__isnull=True)
    try:
        allowed = allowed_at(now, version, message.customer)
    except NoHourLeft as shut:
        raise QuietNow(str(shut)) from shut
    if allowed > now:
        raise QuietNow(allowed.isoformat())


def opt_out_link(message: PlanMessage) -> str:
    return f"{settings.BASE_URL}/opt-out/{answering.opt_out_token(message)}"


def _by_mail(message: PlanMessage, address: str, row: Outgoing) -> None:
    try:
        with post_office() as office:
            office.send_message(composed(message, address, row))
    except smtplib.SMTPRecipientsRefused as refused:
        if any(code >= 500 for code, _words in refused.recipients.values()):
            raise CannotDeliver("; ".join(f"{code}" for code, _w in refused.recipients.values())) from refused
        raise


def composed(message: PlanMessage, address: str, row: Outgoing) -> EmailMessage:
    """The mail. One tap in it, or the mail program's own button (RFC 8058), and no more of it comes."""
    link, mail = opt_out_link(message), EmailMessage()
    with translation.override(message.customer.language):
        ending = _("If you no longer want messages like this: %s") % link
    mail["From"], mail["To"], mail["Subject"] = settings.MAIL_FROM, address, message.subject
    mail["Date"] = format_datetime(row.written_at)
    mail["Message-ID"] = f"<{row.key}@{urlsplit(settings.BASE_URL).hostname}>"
    mail["List-Unsubscribe"] = f"<{link}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{message.body}\n\n{ending}\n")
    return mail


def _by_gateway(message: PlanMessage, address: str, row: Outgoing) -> None:
    at, message_id = int(time.time()), f"msg_{row.key}"
    says = {
        "id": message_id, "kind": "guixin.message", "message": message.pk, "channel": message.channel, "to": address,
        "customer": message.customer_id, "language": message.customer.language, "subject": message.subject,
        "words": message.body, "opt_out": opt_out_link(message),
    }  # fmt: skip
    body = canonical(says).encode()
    headers = {
        "content-type": "application/json",
        "user-agent": "Guixin-Messages",
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(settings.GATEWAY_SECRET.encode(), message_id, at, body),
    }
    try:
        status = http.post(settings.GATEWAY_URL, body, headers=headers)
    except http.Forbidden as why:
        raise NoWayOut(str(why)) from why
    if status in (404, 410, 422):
        raise CannotDeliver(f"The gateway answered {status}: this address is not reached.")
    if not 200 <= status < 300:
        raise NotTaken(f"The gateway answered {status}.")


def gave_up(row: Outgoing, failure: Exception, now: datetime) -> None:
    """It will not arrive: the message says so, and why."""
    message = PlanMessage.objects.filter(pk=row.payload["message"]).first()
    if message is not None and message.state == PlanMessage.State.POSTED:
        reason = failure.reason if isinstance(failure, NoLongerWanted) else PlanMessage.Reason.BOUNCED
        answering.not_sent(
            message, reason, "" if isinstance(failure, NoLongerWanted) else str(failure), now=now
        )


deliver_by(CHANNEL, send, gave_up)
