"""Messages whose time has come: looked at once more, put into the post or planned as a contact, in one transaction.

A worker takes rows nobody else has, together with their customers, so that two workers never count the same customer's
messages at once. The outbox row is written in the transaction that marks the message: a crash leaves both or neither.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Min, Q
from django.utils import timezone

from guixin.ledger import record
from guixin.ledger.bulk import fetch_rows, insert_rows, update_rows
from guixin.ledger.models import Outgoing
from guixin.organisation.models import Person
from guixin.organisation.working_hours import calendar_numbered
from guixin.promise import occasions
from guixin.promise.communication import hours_of, quiet_of
from guixin.promise.communication_events import PlanMessageNotSent
from guixin.promise.models import CommunicationEntry, CommunicationVersion, PlanMessage
from guixin.promise.models.communication import ADDRESSED_BY, ASKED_AS
from guixin.promise.packages import packages_in_force
from guixin.promise.plan_words import words_for
from guixin.promise.planning import ENTRIES_IN_FORCE, GOVERNING, late_after
from guixin.understand.consenting import may_contact_all
from guixin.understand.contact_days import calendar_for, working_day
from guixin.understand.contacting import CannotContact
from guixin.understand.contacting import plan as plan_contact
from guixin.understand.models import Customer, Identity
from guixin.worktime.quiet import NoHourLeft, Quiet, next_allowed

CHANNEL = "plan_message"  # in the outbox
BATCH = 1_000
State, Reason, Way = PlanMessage.State, PlanMessage.Reason, PlanMessage.Way

_CLAIM = """
    SELECT m.id FROM promise_planmessage m JOIN understand_customer c ON c.id = m.customer_id
    WHERE m.state = 'waiting' AND m.next_at <= %s
    ORDER BY m.next_at, m.id LIMIT %s FOR NO KEY UPDATE OF m, c SKIP LOCKED
"""


_CHANGED = {
    "entry_id": "bigint", "state": "text", "reason": "text", "detail": "text", "next_at": "timestamptz",
    "moved_by_quiet": "boolean", "channel": "text", "subject": "text", "body": "text", "posted_at": "timestamptz",
    "contact_id": "bigint",
}  # fmt: skip
_OUTGOING = {
    "key": "uuid", "channel": "text", "lane": "text", "payload": "jsonb", "state": "text", "next_try_at": "timestamptz",
    "tries": "int4", "last_error": "text",
}  # fmt: skip


@dataclass
class _Known:
    """What a batch looks up once for all its messages."""

    now: datetime
    versions: dict[int, CommunicationVersion]  # by plan, in force
    lines: dict[tuple[int, str], CommunicationEntry]  # by version and code
    governing: dict[int, int]  # customer -> segment by whose plan they are told
    addressed: set[tuple[int, str]]  # (customer, kind of identity)
    wanted: set[tuple[int, str, str]] = field(default_factory=set)  # (customer, purpose, channel)
    recent: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    values: dict[str, dict] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)
    owners: dict[int, Person | None] = field(default_factory=dict)


@transaction.atomic
def post_due(now: datetime, limit: int = BATCH) -> int:
    """Deal with every message whose time has come, `limit` at once. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [now, limit])
        ids = [pk for (pk,) in cursor.fetchall()]
    if not ids:
        return 0
    due = list(
        PlanMessage.objects.filter(pk__in=ids).select_related("entry", "plan__segment__owner", "customer").order_by("next_at", "pk")
    )  # fmt: skip
    known = _look_up(due, now)
    outgoing, refused = [], []
    for message in due:
        reason, detail = _deal_with(message, known)
        if reason:
            message.state, message.reason, message.detail, message.next_at = (
                State.NOT_SENT,
                reason,
                detail,
                None,
            )
            refused.append(message)
        elif message.state == State.POSTED:
            outgoing.append(message)
    rows = [[each.pk, *(_plain(getattr(each, name)) for name in _CHANGED)] for each in due]
    update_rows(PlanMessage._meta.db_table, "id", _CHANGED, rows)
    posts = [
        [
            uuid4(),
            CHANNEL,
            f"customer:{each.customer_id}",
            json.dumps({"message": each.pk}),
            "waiting",
            now,
            0,
            "",
        ]
        for each in outgoing
    ]
    insert_rows(Outgoing._meta.db_table, _OUTGOING, posts)
    record(*(PlanMessageNotSent(**facts_of(each, now), not_sent=each.reason) for each in refused))
    return len(due)


def next_due() -> datetime | None:
    """When the first of those that wait may leave."""
    return PlanMessage.objects.filter(state=State.WAITING).aggregate(at=Min("next_at"))["at"]


def _plain(value: Any) -> Any:
    """A choice as the word it is: the rows of one column are of one type."""
    return str(value) if isinstance(value, str) else value


def facts_of(message: PlanMessage, now: datetime) -> dict:
    """What every event about a message says."""
    return {
        "happened_at": now, "about": ("planmessage", message.pk), "customer_id": message.customer_id,
        "segment": message.plan.segment.code, "occasion": message.occasion,
        "plan_channel": message.channel or message.entry.channel,
    }  # fmt: skip


# -- one message ---------------------------------------------------------------------------------------------------


def _deal_with(message: PlanMessage, known: _Known) -> tuple[str, str]:
    """Post it, plan it, or put it off; or why it is not sent, with a detail. Changes the object only."""
    version = known.versions.get(message.plan_id)
    entry = known.lines.get((version.pk, message.entry.code)) if version else None
    customer = message.customer
    if customer.merged_into_id:
        return Reason.MERGED, ""
    if version is None or entry is None or entry.occasion != message.occasion:
        return Reason.PLAN, ""
    message.entry, message.channel = entry, entry.channel
    if known.governing.get(customer.pk) != message.plan.segment_id:
        return Reason.LEFT, ""
    if known.now > late_after(message.due_at):
        return Reason.LATE, ""
    if message.event in known.over:
        return Reason.OVER, ""
    kind = ADDRESSED_BY.get(entry.channel)
    if kind and (customer.pk, kind) not in known.addressed:
        return Reason.ADDRESS, ""
    if (customer.pk, entry.purpose, ASKED_AS[entry.channel]) not in known.wanted:
        return Reason.CONSENT, ""
    owner = known.owners.get(message.pk)
    subject, body = words_for(
        entry, customer, owner.name if owner else "", known.values.get(message.event, {}), known.now
    )
    if missing := [*subject.missing, *body.missing]:
        return Reason.VALUE, ", ".join(f"{{{name}}}" for name in dict.fromkeys(missing))
    message.subject, message.body = subject.body, body.body
    return _plan_contact(message, owner, known) if entry.is_by_people else _post(message, version, known)


def _post(message: PlanMessage, version: CommunicationVersion, known: _Known) -> tuple[str, str]:
    try:
        allowed = allowed_at(known.now, version, message.customer)
    except NoHourLeft:  # the calendar was changed since; tomorrow somebody may have seen it
        allowed = known.now + timedelta(days=1)
    if allowed > known.now:
        message.next_at, message.moved_by_quiet = allowed, True
        return "", ""
    earlier = known.recent[message.customer_id]
    since = known.now - timedelta(days=version.within_days)
    if sum(at > since for at in earlier) >= version.at_most:
        return Reason.CAP, ""
    earlier.append(known.now)
    message.state, message.posted_at, message.next_at = State.POSTED, known.now, None
    return "", ""


def _plan_contact(message: PlanMessage, owner: Person | None, known: _Known) -> tuple[str, str]:
    if owner is None:
        return Reason.OWNER, ""
    hours = calendar_for(owner, known.now)
    day = working_day(hours, timezone.localdate(max(known.now, message.due_at)))
    for on in (day, working_day(hours, day + timedelta(days=1))):  # the first may be over already
        try:
            message.contact = plan_contact(
                message.customer, message.entry.channel, on, owner=owner, by=None, now=known.now,
                subject=message.subject,
            )  # fmt: skip
        except CannotContact as why:
            detail = str(why)
            continue
        message.state, message.next_at = State.PLANNED, None
        return "", ""
    return Reason.OWNER, detail


def allowed_at(at: datetime, version: CommunicationVersion, customer: Customer) -> datetime:
    """The first instant the firm's hours, the plan's quiet hours and the customer's own wish allow.

    A wish that would leave no hour at all gives way to the firm's hours: nobody is forgotten by it.
    """
    hours = calendar_numbered(version.calendar_id) if version.calendar_id else hours_of(None)
    quiet, zone = quiet_of(version.quiet_from, version.quiet_to), timezone.get_default_timezone()
    wish: list[Quiet] = quiet_of(customer.reach_to, customer.reach_from)  # the hours they do not like
    try:
        return next_allowed(at, hours, [*quiet, *wish], zone)
    except NoHourLeft:
        return next_allowed(at, hours, quiet, zone)


# -- looked up for all of them -------------------------------------------------------------------------------------


def _look_up(due: Sequence[PlanMessage], now: datetime) -> _Known:
    customers = sorted({each.customer_id for each in due})
    plans = {each.plan_id for each in due}
    versions = CommunicationVersion.objects.filter(plan__in=plans, withdrawn_at__isnull=True)
    lines = list(
        CommunicationEntry.objects.filter(version__plan__in=plans, version__withdrawn_at__isnull=True)
    )
    known = _Known(
        now=now,
        versions={each.plan_id: each for each in versions},
        lines={(each.version_id, each.code): each for each in lines},
        governing=governing_of(customers),
        addressed=set(Identity.objects.filter(customer__in=customers).values_list("customer_id", "kind")),
    )
    for purpose, channel in {(each.purpose, each.channel) for each in lines}:
        asked = ASKED_AS[channel]
        known.wanted |= {(pk, purpose, asked) for pk in may_contact_all(customers, purpose, asked)}
    longest = max((each.within_days for each in known.versions.values()), default=1)
    posted = PlanMessage.objects.filter(
        customer__in=customers, posted_at__gt=now - timedelta(days=longest)
    ).exclude(state=State.NOT_SENT)
    for customer_id, at in posted.values_list("customer_id", "posted_at"):
        assert at is not None  # the query asks for later ones
        known.recent[customer_id].append(at)
    for occasion, some in Counter(each.occasion for each in due).items():
        events = [each.event for each in due if each.occasion == occasion]
        found = occasions.values_of(occasion, events) if some else None
        if found is not None:
            known.values |= {event: dict(said) for event, said in found.items()}
            known.over |= set(events) - set(found)
    known.owners = _owners(due)
    return known


def governing_of(customers: Sequence[int]) -> dict[int, int]:
    """Customer -> the segment by whose plan they are told now."""
    rows = fetch_rows(
        f"""WITH in_force AS ({ENTRIES_IN_FORCE}) SELECT c.id, g.segment_id FROM unnest(%s::bigint[]) AS c (id)
            CROSS JOIN LATERAL ({GOVERNING.format(customer="c.id", plans="SELECT segment_id FROM in_force")}) g""",  # noqa: S608
        [list(customers)],
    )
    return dict(rows)


def _owners(due: Sequence[PlanMessage]) -> dict[int, Person | None]:
    """Message -> whoever answers for the customer by name: of the customer, of the package, of the segment."""
    packages = packages_in_force()
    wished = {
        each.pk: [
            each.customer.owner_id,
            packages[each.plan.segment_id].owner_id if each.plan.segment_id in packages else None,
            each.plan.segment.owner_id,
        ]
        for each in due
    }
    ids = {pk for some in wished.values() for pk in some if pk}
    people = Person.objects.filter(Q(pk__in=ids), is_active=True).in_bulk()
    return {pk: next((people[one] for one in some if one in people), None) for pk, some in wished.items()}
