"""The ledger for administrators and auditors: who did what when, filtered; who looked at whose personal data.

Who sees what: an administrator sees every entry, and that personal data was looked at, by whom. Why somebody
looked is for the auditor's eyes (`Duty.AUDITOR`), because an administrator may be the one who looked.
"""

from datetime import date, datetime, time, timedelta
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guixin.desks.admin.access import may_administrate
from guixin.desks.lists import Lists
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.ledger.events import event_classes
from guixin.ledger.models import Entry
from guixin.ledger.numbering import head
from guixin.ledger.searching import Search, look
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.organisation.models.position import Duty
from guixin.serve.models import Case
from guixin.understand.events import CustomerRevealed

SHOWN = 50


def _may_look(person: Any) -> bool:
    return may_administrate(person) or scope_of(person).has_duty(Duty.AUDITOR)


def auditors(view: Any) -> Any:
    """Administrators and auditors; others are told that the page is not theirs."""

    @signed_in
    @wraps(view)
    def only_auditors(request: SignedIn, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _may_look(request.user):
            raise PermissionDenied(_("This page is for administrators and auditors."))
        return view(request, *args, **kwargs)

    return only_auditors


@auditors
@require_safe
def entries(request: SignedIn) -> HttpResponse:
    """Newest first. The way back is bounded: one page looks through a stretch of the ledger and says how far."""
    asked, problems = request.GET, []
    case = None
    if number := asked.get("case", "").strip():
        case = Case.objects.visible_to(request.user).filter(number=number).first()
        if case is None:
            problems.append(_("There is no case %s.") % number)
    person = asked.get("person", "")
    search = Search(
        kind=asked.get("kind", ""),
        about_kind="customer" if asked.get("kind") == CustomerRevealed.kind else "",
        actor_id=int(person) if person.isdecimal() and len(person) < 18 else None,
        case_id=case.pk if case else None,
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", ""), days=1),
        before=int(asked["before"])
        if asked.get("before", "").isdecimal() and len(asked["before"]) < 18
        else None,
    )
    found = look(search, limit=SHOWN) if not problems else None
    position, seal = head()
    return page(
        request,
        "desks/admin/ledger.html",
        {
            "entries": _shown(request, found.entries) if found else [],
            "older": found.older if found else None,
            "is_cut": bool(found and found.is_cut),
            "problems": problems,
            "kinds": _kinds(),
            "people": [("", _("Everybody")), *Lists().people[1:]],
            "asked": asked,
            "position": position,
            "seal": seal,
            "unnumbered": Entry.objects.filter(position__isnull=True)[:1000].count(),
            "sees_reasons": scope_of(request.user).has_duty(Duty.AUDITOR),
            "reveals": CustomerRevealed.kind,
            "now": database_now(),
        },
    )


def _kinds() -> list[tuple[str, str]]:
    """Every kind of event by package; its name is permanent, so it is shown as it is."""
    return [("", _("Everything")), *((cls.kind, cls.kind) for cls in event_classes())]


def _shown(request: SignedIn, entries: list[Entry]) -> list[dict]:
    people = dict(
        Person.objects.filter(pk__in={e.actor_id for e in entries if e.actor_id}).values_list("pk", "name")
    )
    cases = dict(
        Case.objects.visible_to(request.user)
        .filter(pk__in={e.case_id for e in entries if e.case_id})
        .values_list("pk", "number")
    )
    sees_reasons = scope_of(request.user).has_duty(Duty.AUDITOR)
    return [
        {
            "entry": entry,
            "words": entry.in_words()
            if sees_reasons or entry.kind != CustomerRevealed.kind
            else _("Looked at the customer's personal data"),
            "who": people.get(entry.actor_id or 0, ""),
            "case": cases.get(entry.case_id or 0, ""),
            "customer": entry.about_id if entry.about_kind == "customer" else None,
        }
        for entry in entries
    ]


def _day(written: str, *, days: int = 0) -> datetime | None:
    """The beginning of that day in the firm's zone, or of the one `days` later."""
    try:
        day = date.fromisoformat(written) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return timezone.make_aware(datetime.combine(day, time(0)), timezone.get_default_timezone())
