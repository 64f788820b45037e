"""What the channels read from a firm file: mailboxes."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from guixin.channels.mail import mailboxes
from guixin.channels.models import Mailbox
from guixin.organisation.firm import Loading, section
from guixin.organisation.models import Department


@section("mailboxes")
def load_mailboxes(entries, loading: Loading) -> None:
    """[mailboxes."service@firm.cn"] name, host, port, security = "tls", login, password_file, folder, done_folder,
    kind = "complaint", department, authserv_id, tags_addresses, acknowledges, is_active. The password stands in a file
    of its own that only Guixin may read, never in the firm file; without it the one that is kept stays."""
    for address, entry in loading.each(entries):
        loading.known_keys(
            entry, "name", "host", "port", "security", "login", "password_file", "folder", "done_folder", "kind",
            "department", "authserv_id", "tags_addresses", "acknowledges", "is_active",
        )  # fmt: skip
        values: dict[str, Any] = {
            name: value
            for name, value in entry.items()
            if name not in ("password_file", "kind", "department")
        }
        if "kind" in entry:
            values["case_kind"] = entry["kind"]
        if code := entry.get("department"):
            values["department"] = loading.find(Department, _("department"), code=code)
        password = _password(entry.get("password_file", ""), loading)
        box = Mailbox.objects.filter(address=address.strip().lower()).first()
        try:
            if box is None:
                mailboxes.add({"address": address, **values}, password=password, by=None, now=loading.now)
                loading.created["Mailbox"] += 1
            elif _change(box, values, password, loading.now):
                loading.changed["Mailbox"] += 1
        except mailboxes.CannotSetUp as why:
            raise loading.refuse(str(why)) from why


def _change(box: Mailbox, values: dict[str, Any], password: str, now: datetime) -> bool:
    """The same password again changes nothing, so that a file loaded twice does nothing the second time."""
    from guixin.channels.mail.sealing import CannotOpen, opened

    try:
        known = opened(box.sealed_password)
    except CannotOpen:
        known = ""
    news = password if password != known else ""
    return bool(mailboxes.change(box, values, password=news or None, by=None, now=now))


def _password(path: str, loading: Loading) -> str:
    if not path:
        return ""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except (OSError, UnicodeDecodeError) as why:
        raise loading.refuse(_("The file of the password cannot be read: %s") % path) from why
