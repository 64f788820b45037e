"""What happened with a customer, over all their cases, in one stream: entries of the ledger, what was said, and what
was bought.

Purchases are no entries of the ledger, which knows when a file came in and not when somebody bought. So the stream is
two, each walked by its own index and merged by time; its place is where each of them stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guixin.ledger.bulk import fetch_rows
from guixin.ledger.models import Entry
from guixin.listen.events import CustomerAnswered, CustomerAsked
from guixin.organisation.models import Department, Person
from guixin.promise import events as promise
from guixin.recover import events as recover
from guixin.serve import events as serve
from guixin.serve import goodwill_events
from guixin.serve import visit_events as visits
from guixin.serve.models import Case, Message
from guixin.understand import contact_events, grade_events, segment_events
from guixin.understand import events as understand
from guixin.understand import knowledge_events as knowing
from guixin.understand.models import Contact, Knowledge
from guixin.understand.price_events import PriceAnswerNoted
from guixin.web import money

PURCHASES = "purchases"
# What the stream may be narrowed to, and what belongs to each; the rest of a case's story stands on its page.
KINDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "cases": (
        gettext_lazy("Cases"),
        (serve.CaseOpened.kind, serve.CaseClosed.kind, serve.CaseReopened.kind, serve.CasesMerged.kind,
         serve.CaseLinked.kind),
    ),
    "words": (
        gettext_lazy("What was said"),
        (serve.CustomerTold.kind, serve.CustomerAdded.kind, serve.CustomerUrged.kind),
    ),
    "promises": (
        gettext_lazy("Broken promises"),
        (promise.ClockBreached.kind, promise.ClockEscalated.kind, serve.CaseEscalated.kind),
    ),
    "recoveries": (
        gettext_lazy("Recoveries"),
        (recover.RecoveryBegun.kind, recover.RecoveryStepDone.kind, recover.RecoveryJusticeSkipped.kind,
         recover.RecoveryFinished.kind, recover.RecoveryGivenUp.kind, goodwill_events.GoodwillPromised.kind,
         goodwill_events.GoodwillTakenBack.kind, goodwill_events.GoodwillHandedOver.kind),
    ),
    "follow-ups": (gettext_lazy("Follow-ups"), (serve.FollowUpPlanned.kind, serve.FollowUpDone.kind)),
    "contacts": (
        gettext_lazy("Contacts"),
        (contact_events.ContactPlanned.kind, contact_events.ContactMade.kind, contact_events.ContactMoved.kind,
         contact_events.ContactPassedOn.kind, contact_events.ContactCancelled.kind, contact_events.ContactMissed.kind, contact_events.ContactRaised.kind,
         contact_events.ContactSeriesChanged.kind),
    ),
    "needs": (gettext_lazy("Needs"), (understand.NeedNoted.kind, understand.NeedEnded.kind)),
    "knowledge": (
        gettext_lazy("Knowledge"),
        (knowing.KnowledgeCaptured.kind, knowing.KnowledgeJudged.kind, knowing.KnowledgeClassified.kind,
         knowing.KnowledgeRevised.kind, knowing.KnowledgeReviewed.kind, knowing.KnowledgeEnded.kind,
         knowing.KnowledgeUsed.kind),
    ),
    "surveys": (
        gettext_lazy("Surveys"),
        (CustomerAsked.kind, CustomerAnswered.kind, PriceAnswerNoted.kind),
    ),
    "visits": (
        gettext_lazy("Visits"),
        (visits.VisitApplied.kind, visits.VisitApproved.kind, visits.VisitDeclined.kind, visits.VisitMoved.kind,
         visits.VisitCancelled.kind, visits.VisitHeld.kind),
    ),
    PURCHASES: (gettext_lazy("Purchases"), ()),
    "segments": (
        gettext_lazy("Grade and segments"),
        (grade_events.CustomerGraded.kind, segment_events.SegmentEntered.kind, segment_events.SegmentLeft.kind),
    ),
    "grades": (gettext_lazy("Grades"), (grade_events.CustomerGraded.kind,)),
    "record": (
        gettext_lazy("The record"),
        (understand.CustomerTakenIn.kind, understand.CustomerDescribed.kind, understand.ConsentGiven.kind,
         understand.ConsentWithdrawn.kind, understand.ContactPersonNoted.kind, understand.ContactPersonLeft.kind,
         understand.CustomersFoundDifferent.kind, understand.CustomerRevealed.kind,
         understand.CustomerDataHandedOut.kind, understand.CustomerChanged.kind, understand.IdentityAdded.kind,
         understand.CustomersMerged.kind, understand.CustomersMergeUndone.kind, understand.IdentitySplitOff.kind),
    ),
}  # fmt: skip
# How an entry looks, also on the page of a case.
LATE = (
    "promise.clock_breached",
    "promise.clock_escalated",
    "promise.clock_stuck",
    "serve.case_escalated",
    "understand.contact_missed",
    "understand.contact_raised",
    "channels.mail_came_back",
    "channels.mail_not_sent",
)
DONE = (
    "serve.case_opened",
    "serve.case_closed",
    "serve.task_accepted",
    "serve.follow_up_done",
    "promise.clock_stopped",
    "understand.contact_made",
    "recover.recovery_step_done",
    "recover.recovery_finished",
)
SHOWN = 40
CASES_FIRST = 50  # the newest, which give the floor
CASES_AT_MOST = 20_000  # more than any customer has; a bound all the same
OF_CASES = (
    "serve.",
    "promise.",
    "recover.",
)  # what these packages tell belongs to a case; the rest is about the customer


@dataclass(frozen=True)
class Happening:
    at: datetime
    words: str
    who: str
    look: str  # plain, done, late, said
    case: Case | None
    contact: Contact | None = None
    knowledge: Knowledge | None = None
    about: str = ""
    body: str = ""
    from_customer: bool = False
    is_purchase: bool = False


@dataclass(frozen=True)
class Place:
    """Where a page of the stream begins: before this entry, and before what was bought then in this currency."""

    entry: int | None = None
    bought_at: datetime | None = None
    currency: str = ""

    @classmethod
    def read(cls, written: str) -> "Place":
        """`17~2026-11-28T09:30:00+00:00~CNY`, each part may be missing; what is no place is the beginning."""
        entry, _tilde, bought = written.replace(" ", "+").partition("~")
        at, _tilde, currency = bought.partition("~")
        try:
            moment = datetime.fromisoformat(at) if at else None
        except ValueError:
            moment = None
        known = entry.isascii() and entry.isdecimal() and len(entry) < 19
        is_ours = moment is not None and moment.tzinfo is not None and 1970 <= moment.year <= 2200
        is_code = currency.isascii() and currency.isalpha()
        return cls(
            int(entry) if known else None, moment if is_ours else None, currency[:3] if is_code else ""
        )

    def __str__(self) -> str:
        at = self.bought_at.isoformat() if self.bought_at else ""
        return f"{self.entry or ''}~{at}~{self.currency}"


@dataclass(frozen=True)
class Stream:
    happenings: list[Happening]
    before: Place | None  # the next page begins here


def stream(
    customer_ids: Sequence[int], cases: Sequence[int], *, only: str = "", before: Place | None = None,
    with_record: bool = True,
) -> Stream:  # fmt: skip
    """The newest first. `with_record`: also what was done with the record itself, for those who keep it.

    customer_ids   the customer, and those merged into them
    cases   the ids of all cases of theirs the reader may see, the newest first: however many there are, a page costs a
            look into the index for each, and only what is newer than a page's worth of the newest cases is read
    """
    place = before or Place()
    entries = _entries(customer_ids, cases, only, place, with_record) if only != PURCHASES else []
    bought = _bought(customer_ids, place) if only == PURCHASES or only not in KINDS else []
    told, sold = 0, 0
    order: list[Entry | tuple] = []
    while len(order) < SHOWN and (told < len(entries) or sold < len(bought)):
        if sold == len(bought) or (told < len(entries) and entries[told].happened_at >= bought[sold][0]):
            order.append(entries[told])
            told += 1
        else:
            order.append(bought[sold])
            sold += 1
    more = told < len(entries) or sold < len(bought)
    after = Place(
        entries[told - 1].pk if told else place.entry,
        *(bought[sold - 1][:2] if sold else (place.bought_at, place.currency)),
    )
    shown = dict(zip(entries[:told], _happenings(entries[:told]), strict=True))
    return Stream(
        [shown[one] if isinstance(one, Entry) else _purchase(*one) for one in order], after if more else None
    )


def _entries(
    customer_ids: Sequence[int], cases: Sequence[int], only: str, place: Place, with_record: bool
) -> list[Entry]:
    """One more than a page shows."""
    groups = [only] if only in KINDS else list(KINDS)
    kinds = [kind for group in groups for kind in KINDS[group][1]]
    about_them = [kind for group in groups if with_record or group != "record" for kind in KINDS[group][1]]
    before = place.entry
    rows = fetch_rows(
        _OF_CUSTOMER,
        [list(cases[:CASES_FIRST]), kinds, before, before, SHOWN + 1, SHOWN,
         list(cases), kinds, before, before, SHOWN + 1,
         list(customer_ids), [kind for kind in about_them if not kind.startswith(OF_CASES)],
         before, before, SHOWN + 1, SHOWN + 1],
    )  # fmt: skip
    return list(Entry.objects.filter(pk__in=[pk for (pk,) in rows]).order_by("-pk"))


def _happenings(entries: Sequence[Entry]) -> list[Happening]:
    by_id = Case.objects.in_bulk({entry.case_id for entry in entries if entry.case_id})
    contacts = Contact.objects.in_bulk([e.facts["contact_id"] for e in entries if "contact_id" in e.facts])
    known = Knowledge.objects.in_bulk([e.facts["knowledge_id"] for e in entries if "knowledge_id" in e.facts])
    messages = Message.objects.in_bulk([e.facts["message_id"] for e in entries if "message_id" in e.facts])
    people = _names(Person, {entry.actor_id for entry in entries})
    departments = _names(Department, {entry.facts.get("department_id") for entry in entries})
    return [
        _happening(
            entry,
            by_id.get(entry.case_id or 0),
            contacts.get(entry.facts.get("contact_id") or 0),
            known.get(entry.facts.get("knowledge_id") or 0),
            messages.get(entry.facts.get("message_id")),
            people,
            departments,
        )
        for entry in entries
    ]


# The newest cases give a floor: a page is full of what is newer. Every other case then answers from its index whether it
# has anything above the floor; and each kind of entry about the customer is walked backwards by its own index.
_OF_CUSTOMER = """
    WITH recent AS MATERIALIZED (
        SELECT e.id FROM unnest(%s::bigint[]) AS c (id), LATERAL (
            SELECT id FROM ledger_entry WHERE case_id = c.id AND kind = ANY(%s::text[])
            AND (%s::bigint IS NULL OR id < %s::bigint) ORDER BY id DESC LIMIT %s::int) AS e),
    floor AS MATERIALIZED (
        SELECT coalesce((SELECT id FROM recent ORDER BY id DESC OFFSET %s::int LIMIT 1), 0) AS id)
    SELECT id FROM (
        SELECT e.id FROM unnest(%s::bigint[]) AS c (id), LATERAL (
            SELECT id FROM ledger_entry WHERE case_id = c.id AND kind = ANY(%s::text[])
            AND id >= (SELECT id FROM floor)
            AND (%s::bigint IS NULL OR id < %s::bigint) ORDER BY id DESC LIMIT %s::int) AS e
        UNION ALL
        SELECT e.id FROM unnest(%s::bigint[]) AS c (id), unnest(%s::text[]) AS k (kind), LATERAL (
            SELECT id FROM ledger_entry
            WHERE case_id IS NULL AND about_kind = 'customer' AND about_id = c.id AND kind = k.kind
            AND (%s::bigint IS NULL OR id < %s::bigint)
            ORDER BY id DESC LIMIT %s::int) AS e
    ) AS happened ORDER BY id DESC LIMIT %s::int
"""


# What was bought at one moment in one currency is one happening, however many lines it has; the index of a customer's
# purchases is walked backwards and left after a page. Corrections of the books are nobody's doing.
_BOUGHT = """
    SELECT bought_at, currency, count(DISTINCT order_key), min(order_key), count(*),
           coalesce(sum(amount) FILTER (WHERE kind = 'sale'), 0)::bigint,
           coalesce(sum(amount) FILTER (WHERE kind <> 'sale'), 0)::bigint,
           bool_or(kind = 'sale'), bool_or(kind <> 'sale')
    FROM understand_purchase
    WHERE customer_id = ANY(%s::bigint[]) AND kind <> 'correction'
      AND (%s::timestamptz IS NULL OR bought_at <= %s::timestamptz AND (bought_at, currency) < (%s::timestamptz, %s))
    GROUP BY bought_at, currency ORDER BY bought_at DESC, currency DESC LIMIT %s
"""


def _bought(customer_ids: Sequence[int], place: Place) -> list[tuple]:
    """One more than a page shows."""
    at = place.bought_at
    return fetch_rows(_BOUGHT, [list(customer_ids), at, at, at, place.currency, SHOWN + 1])


def _purchase(
    at: datetime,
    currency: str,
    orders: int,
    order: str,
    lines: int,
    sold: int,
    back: int,
    bought: bool,
    returned: bool,
) -> Happening:
    sums = {"sold": money.shown(sold, currency), "back": money.shown(-back, currency)}
    if bought and returned:
        words = _("Bought for %(sold)s, returned for %(back)s") % sums
    else:
        words = (_("Bought for %(sold)s") if bought else _("Returned for %(back)s")) % sums
    of = [
        (_("order %(order)s") if orders == 1 else _("%(n)d orders")) % {"order": order, "n": orders},
        ngettext("%(n)d line", "%(n)d lines", lines) % {"n": lines},
    ]
    return Happening(
        at=at, words=words, who="", look="plain" if bought else "late", case=None, about=" · ".join(of),
        is_purchase=True,
    )  # fmt: skip


def _happening(
    entry: Entry,
    case: Case | None,
    contact: Contact | None,
    knowledge: Knowledge | None,
    message: Message | None,
    people: dict[int, str],
    departments: dict[int, str],
) -> Happening:
    from_customer = message is not None and message.kind in Message.FROM_CUSTOMER
    return Happening(
        at=entry.happened_at,
        words=message.get_kind_display() if message else entry.in_words(),
        who=_("Customer")
        if from_customer
        else people.get(entry.actor_id, "")
        if entry.actor_id
        else _("System"),
        look="said"
        if message
        else "late"
        if entry.kind in LATE
        else "done"
        if entry.kind in DONE
        else "plain",
        case=case,
        about=departments.get(entry.facts.get("department_id"), "") if entry.about_kind == "task" else "",
        contact=contact,
        knowledge=knowledge,
        body=message.body
        if message and message.customer_may_read
        else contact.notes
        if contact and entry.kind == contact_events.ContactMade.kind
        else "",
        from_customer=from_customer,
    )


def _names(model: type[Person] | type[Department], ids: set) -> dict[int, str]:
    wanted = ids - {None}
    return dict(model.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
