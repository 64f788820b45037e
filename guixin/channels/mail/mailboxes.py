"""Setting mailboxes up: by the administrator's page, the firm file and the API. Passwords are sealed and never shown."""

import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.channels.mail import events
from guixin.channels.mail.sealing import sealed
from guixin.channels.models import Mailbox
from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.serve.models import Case
from guixin.web.refusals import Refused

FIELDS = (
    "address", "name", "host", "port", "security", "login", "folder", "done_folder", "case_kind", "department",
    "authserv_id", "tags_addresses", "acknowledges", "is_active",
)  # fmt: skip
WHERE = {"host", "port", "security", "login", "folder"}  # another place: read from its beginning again
_ADDRESS = re.compile(r"^[a-z0-9!#$%&'*/=?^_`{|}~.-]{1,64}@[a-z0-9.-]{1,253}$")
_HOST = re.compile(r"^[A-Za-z0-9.:_-]{1,253}$")


class CannotSetUp(Refused):
    """The mailbox cannot be like this."""

    about_input = True


@transaction.atomic
def add(values: dict[str, Any], *, password: str = "", by: Person | None, now: datetime) -> Mailbox:
    """A mailbox that is read from now on. Mail that lies there and was read already stays where it is."""
    box = Mailbox(made_by=by, made_at=now, **_tidy(values))
    _check(box)
    box.sealed_password = sealed(password) if password else ""
    if Mailbox.objects.filter(address=box.address).exists():
        raise CannotSetUp(_("There is a mailbox %s already.") % box.address)
    box.save()
    record(events.MailboxAdded(mailbox=box.address, **_who(box, by, now)))
    return box


@transaction.atomic
def change(
    box: Mailbox, values: dict[str, Any], *, password: str | None = None, by: Person | None, now: datetime
) -> list[str]:
    """Only what is given; `password` None leaves it. Returns what differs from before."""
    box = Mailbox.objects.select_for_update(of=("self",)).get(pk=box.pk)
    values = _tidy(values)
    changed = [name for name, value in values.items() if getattr(box, name) != value]
    for name in changed:
        setattr(box, name, values[name])
    _check(box)
    if "address" in changed and Mailbox.objects.filter(address=box.address).exclude(pk=box.pk).exists():
        raise CannotSetUp(_("There is a mailbox %s already.") % box.address)
    columns = list(changed)
    if password:
        box.sealed_password = sealed(password)
        columns.append("sealed_password")
        changed.append("password")
    if WHERE & set(changed):
        box.uid_validity, box.last_uid = None, 0
        columns += ["uid_validity", "last_uid"]
    if changed:
        box.error, box.error_at = "", None
        box.save(update_fields=[*columns, "error", "error_at"])
        record(events.MailboxChanged(mailbox=box.address, changed=", ".join(changed), **_who(box, by, now)))
    return changed


def _tidy(values: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(values) - set(FIELDS):
        raise CannotSetUp(_("These cannot be set: %s.") % ", ".join(sorted(unknown)))
    tidy = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    if "address" in tidy:
        tidy["address"] = tidy["address"].lower()
    return tidy


def _check(box: Mailbox) -> None:
    if not _ADDRESS.match(box.address):
        raise CannotSetUp(_("“%s” is no address of a mailbox.") % box.address)
    if box.host and not _HOST.match(box.host):
        raise CannotSetUp(_("“%s” is no name of a server.") % box.host)
    if not 1 <= box.port <= 65535:
        raise CannotSetUp(_("A port is a number from 1 to 65535."))
    if box.host and not box.login:
        raise CannotSetUp(_("Say with which login the mailbox is opened."))
    if box.security not in Mailbox.Security.values:
        raise CannotSetUp(_("The connection is tls, starttls or none."))
    if (
        box.host
        and box.security == Mailbox.Security.NONE
        and box.host not in ("localhost", "127.0.0.1", "::1")
    ):
        raise CannotSetUp(_("Without encryption the password could be read by others: only on this machine."))
    if box.case_kind not in Case.Kind.values:
        raise CannotSetUp(_("There is no kind of case called “%s”.") % box.case_kind)
    if not box.folder:
        raise CannotSetUp(_("Say which folder is read, such as INBOX."))
    for text in (box.name, box.login, box.folder, box.done_folder, box.authserv_id):
        if len(text) > 200 or not text.isprintable():
            raise CannotSetUp(_("A name here is at most 200 characters on one line."))


def _who(box: Mailbox, by: Person | None, now: datetime) -> dict:
    return {"happened_at": now, "actor_id": by.pk if by else None, "about": ("mailbox", box.pk)}
