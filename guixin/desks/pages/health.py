from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guixin.channels import staff_mail
from guixin.channels.health import GREEN, RED, YELLOW, report
from guixin.channels.models import Heartbeat
from guixin.desks.admin.access import administrators
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.numbering import head
from guixin.organisation.models import HolidayList
from guixin.web.languages import for_reader
from guixin.web.moments import span
from guixin.web.toasts import say


@require_safe
def for_programs(request: HttpRequest) -> HttpResponse:
    try:
        found = report()
    except DatabaseError:
        found = {"ok": False, "problem": "The database does not answer."}
    return JsonResponse(found, status=200 if found["ok"] else 503)


@administrators
def for_administrators(request: SignedIn) -> HttpResponse:
    """Everything looked at, the worst first, in words; each worker's last sign of life."""
    found = report()
    shown = [_readable(each) for each in found["findings"] if each["name"] != "heartbeats_s"]
    shown.sort(key=lambda each: _WORST_FIRST[each["colour"]])
    beats = Heartbeat.objects.order_by("name", "-beat_at").values_list("name", "kind", "beat_at")
    workers: dict[str, list] = {}
    for name, kind, beat_at in beats[:200]:
        workers.setdefault(name, []).append((_(_LOOPS[kind]) if kind in _LOOPS else kind, beat_at))
    position = head()[0]
    return page(
        request,
        "desks/health.html",
        {
            "report": found,
            "findings": shown,
            "troubles": sum(each["colour"] != GREEN for each in shown),
            "workers": list(workers.items()),
            "position": position,
            "real_now": timezone.now(),
        },
    )


@administrators
@require_POST
def test_mail(request: SignedIn) -> HttpResponse:
    """Send a mail to whoever asks, at once."""
    try:
        say(request, _("Sent to %s.") % staff_mail.send_test(request.user))
    except staff_mail.CannotSend as why:
        messages.error(request, str(why))
    return redirect("health")


_WORST_FIRST = {RED: 0, YELLOW: 1, GREEN: 2}
_NAMES = {
    "database_version": gettext_noop("Version of the database"),
    "virtual_clock": gettext_noop("Another time"),
    "migrations_missing": gettext_noop("Tables older than the program"),
    "workers": gettext_noop("Workers"),
    "oldest_unfired_deadline_s": gettext_noop("Oldest deadline that passed without anything happening"),
    "stuck_clocks": gettext_noop("Deadlines that cannot be worked out"),
    "provisional_deadlines": gettext_noop("Provisional deadlines"),
    "unnumbered_entries": gettext_noop("Ledger entries waiting for their seal"),
    "post_waiting": gettext_noop("Messages waiting to be sent"),
    "post_oldest_s": gettext_noop("Oldest message waiting"),
    "post_dead": gettext_noop("Messages given up"),
    "notices_untold": gettext_noop("Notices nobody was told of yet"),
    "mail_server": gettext_noop("Mail server"),
    "mail_unread": gettext_noop("Mail that was not read yet"),
    "mail_quarantined": gettext_noop("Mail to be looked at"),
    "robots_failing": gettext_noop("Robots that cannot post notices"),
    "robots_unsaid_s": gettext_noop("Oldest notice a robot has not posted"),
    "webhooks_off": gettext_noop("Webhooks switched off"),
    "last_import": gettext_noop("Latest import"),
    "import_waits_s": gettext_noop("Oldest file waiting to be taken in"),
    "disk_free_percent": gettext_noop("Free room on the disk"),
    "printing": gettext_noop("Printing the record of a case"),
}
_LOOPS = {
    "clocks": gettext_noop("deadlines"),
    "ledger": gettext_noop("ledger"),
    "post": gettext_noop("messages"),
    "notices": gettext_noop("notices"),
    "robots": gettext_noop("robots"),
    "imports": gettext_noop("imports"),
    "mail": gettext_noop("reading mail"),
    "mailboxes": gettext_noop("mailboxes"),
}


def _readable(finding: dict) -> dict:
    """A finding with its name and figure in words."""
    name, figure = finding["name"], finding["figure"]
    if name.startswith("holidays_"):
        words = _("Holidays of %s") % _of_list(name.removeprefix("holidays_"))
    elif name.startswith("mailbox_"):
        words = _("Mailbox %s") % name.removeprefix("mailbox_")
    else:
        words = _(_NAMES[name]) if name in _NAMES else name
    return {**finding, "words": words, "shown": _figure(name, figure)}


def _of_list(code: str) -> str:
    """The name of a list of holidays; its code if somebody took the list away meanwhile."""
    named = HolidayList.objects.filter(code=code).values_list("name", flat=True).first()
    return for_reader(named or code, get_language() or "")


def _figure(name: str, figure: Any) -> str:
    if name.endswith("_s") and isinstance(figure, int | float):
        return span(timedelta(seconds=figure)) if figure else "–"
    if name.endswith("_percent"):
        return f"{figure} %"
    if isinstance(figure, bool):
        return str(_("yes") if figure else _("no"))
    if name.startswith("mailbox_"):
        return _("reached %(connected)s, last mail %(mail)s") % {
            "connected": _moment(figure["connected_at"]), "mail": _moment(figure["mail_at"]),
        }  # fmt: skip
    if isinstance(figure, dict):
        return _("%(file)s: %(landed)s taken in, %(rejected)s rejected") % figure
    if isinstance(figure, list):
        return ", ".join(map(str, figure)) or "–"
    return "–" if figure in (None, "") else str(figure)


def _moment(at: str | None) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(at)):%m-%d %H:%M}" if at else "–"
