"""What waits for somebody of customers: contacts to make, calls promised, what they must know, knowledge to review."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from guixin.desks.day_lines import LISTED, Line, Part, Read, bounded
from guixin.ledger.reading import Reading
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.promise import reading
from guixin.serve.models import (
    CallBack,
)
from guixin.understand.models import Contact, Knowledge, KnowledgeReading
from guixin.understand.models.knowledge import keeps_knowledge

CALLS_AHEAD = timedelta(minutes=15)  # a call stands on the page that long before its window


def _contact_line(contact: Contact) -> Line:
    name = contact.customer.masked_name or "–"
    words = f"{contact.get_kind_display()} · {name}" + (f" · {contact.subject}" if contact.subject else "")
    tag = str(_("missed")) if contact.missed_at else ""
    return Line(
        f"/contacts/{contact.pk}",
        "",
        words,
        tag,
        due=contact.planned_at or contact.due_at,
        level=contact.level,
    )


CONTACTS = Reading(
    lambda person_id: (
        Contact.objects.planned()
        .filter(owner_id=person_id)
        .select_related("customer")
        .order_by("planned_on", "planned_at", "pk")[: LISTED + 1]
    )
)


def contacts(person: Person, now: datetime, shown: int, read: Read) -> Part:
    """Planned for today, and those that were missed, the oldest first."""
    today = timezone.localdate(now)
    rows = [row for row in read(CONTACTS) if row.planned_on <= today]
    lines = [_contact_line(row) for row in rows[:shown]]
    return Part("contacts", _("Contacts to make today"), bounded(lines, rows), lines, "/contacts")


def call_backs(person: Person, now: datetime, shown: int, read: Read) -> Part:
    """Calls promised to customers whose window is near or has begun: their own, and those nobody has taken yet."""
    due = CallBack.objects.visible_to(person).due_by(now + CALLS_AHEAD)
    rows = list(due.filter(Q(taken_by=person) | Q(taken_by=None))[: LISTED + 1])
    lines = [
        Line(f"/call-backs/{row.pk}", row.shown_phone, row.about_words,
             str(_("yours")) if row.taken_by_id else "", due=row.window_to)
        for row in rows[:shown]
    ]  # fmt: skip
    return Part("call-backs", _("Customers to call back"), bounded(lines, rows), lines, "/call-backs")


MISSED = Reading(
    lambda person_id: (
        Contact.objects.planned()
        .filter(raised_to_id=person_id)
        .exclude(owner_id=person_id)
        .select_related("customer")
        .order_by("planned_on", "pk")[: LISTED + 1]
    )
)


def missed_by_others(person: Person, now: datetime, shown: int, read: Read) -> Part:
    """Contacts of their people that were missed and have gone up to them."""
    rows = read(MISSED)
    lines = [_contact_line(row) for row in rows[:shown]]
    return Part("missed-contacts", _("Missed contacts that went up to you"), bounded(lines, rows), lines)


MUST_KNOW = Reading(
    lambda person_id: KnowledgeReading.objects.waiting_for(person_id).select_related(
        "share__knowledge", "share__department"
    )[: LISTED + 1]
)


def must_know(person: Person, now: datetime, shown: int, read: Read) -> Part:
    """What their department must know and they have not read yet, the oldest first."""
    rows = read(MUST_KNOW)
    where = reading.addresses([row.share for row in rows[:shown]])
    lines = [
        Line(where[row.share_id], "", row.share.knowledge.title,
             row.share.knowledge.get_kind_display(), since=row.share.shared_at)
        for row in rows[:shown]
    ]  # fmt: skip
    return Part("must-know", _("You must know this"), bounded(lines, rows), lines, "/knowledge?which=unread")


def knowledge(person: Person, now: datetime, shown: int, read: Read) -> Part:
    """For the knowledge steward: what nobody has judged, what has expired or is due."""
    rows: list[Knowledge] = []
    if keeps_knowledge(scope_of(person)):
        rows = list(Knowledge.objects.waiting(timezone.localdate(now))[: LISTED + 1])
    lines = [
        Line(f"/knowledge/{row.pk}", "", row.title, row.flags(timezone.localdate(now))[0][1],
             since=row.captured_at)
        for row in rows[:shown]
    ]  # fmt: skip
    return Part("knowledge", _("Knowledge to review"), bounded(lines, rows), lines, "/knowledge/worklist")


READ_AT_ONCE = (CONTACTS, MISSED, MUST_KNOW)
