"""What happened with a customer, over all their cases, in one stream: entries of the ledger and what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.desks.timeline import DONE, LATE
from guixin.ledger.bulk import fetch_rows
from guixin.ledger.models import Entry
from guixin.organisation.models import Department, Person
from guixin.promise import events as promise
from guixin.serve import events as serve
from guixin.serve.models import Case, Message
from guixin.understand import events as understand
from guixin.understand import knowledge_events as knowing
from guixin.understand.models import Contact, Knowledge
from guixin.understand.price_events import PriceAnswerNoted

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
    "follow-ups": (gettext_lazy("Follow-ups"), (serve.FollowUpPlanned.kind, serve.FollowUpDone.kind)),
    "contacts": (
        gettext_lazy("Contacts"),
        (understand.ContactPlanned.kind, understand.ContactMade.kind, understand.ContactMoved.kind,
         understand.ContactCancelled.kind, understand.ContactMissed.kind, understand.ContactRaised.kind,
         understand.ContactSeriesChanged.kind),
    ),
    "needs": (gettext_lazy("Needs"), (understand.NeedNoted.kind, understand.NeedEnded.kind)),
    "knowledge": (
        gettext_lazy("Knowledge"),
        (knowing.KnowledgeCaptured.kind, knowing.KnowledgeJudged.kind, knowing.KnowledgeClassified.kind,
         knowing.KnowledgeRevised.kind, knowing.KnowledgeReviewed.kind, knowing.KnowledgeEnded.kind,
         knowing.KnowledgeUsed.kind),
    ),
    "surveys": (gettext_lazy("Surveys"), (PriceAnswerNoted.kind,)),
    "segments": (
        gettext_lazy("Grade and segments"),
        (understand.CustomerGraded.kind, understand.SegmentEntered.kind, understand.SegmentLeft.kind),
    ),
    "grades": (gettext_lazy("Grades"), (understand.CustomerGraded.kind,)),
    "record": (
        gettext_lazy("The record"),
        (understand.CustomerTakenIn.kind, understand.CustomerDescribed.kind, understand.ConsentGiven.kind,
         understand.ConsentWithdrawn.kind, understand.ContactPersonNoted.kind, understand.ContactPersonLeft.kind,
         understand.CustomersFoundDifferent.kind, understand.CustomerRevealed.kind,
         understand.CustomerDataHandedOut.kind, understand.CustomerChanged.kind, understand.IdentityAdded.kind,
         understand.CustomersMerged.kind, understand.CustomersMergeUndone.kind, understand.IdentitySplitOff.kind),
    ),
}  # fmt: skip
SHOWN = 40
CASES_FIRST = 50  # the newest, which give the floor
CASES_AT_MOST = 20_000  # more than any customer has; a bound all the same
OF_CASES = (
    "serve.",
    "promise.",
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


@dataclass(frozen=True)
class Stream:
    happenings: list[Happening]
    before: int | None  # the next page begins before this entry


def stream(
    customer_ids: Sequence[int], cases: Sequence[int], *, only: str = "", before: int | None = None,
    with_record: bool = True,
) -> Stream:  # fmt: skip
    """The newest first. `with_record`: also what was done with the record itself, for those who keep it.

    cases   the ids of all cases of theirs the reader may see, the newest first: however many there are, a page costs a
            look into the index for each, and only what is newer than a page's worth of the newest cases is read
    """
    groups = [only] if only in KINDS else list(KINDS)
    kinds = [kind for group in groups for kind in KINDS[group][1]]
    about_them = [kind for group in groups if with_record or group != "record" for kind in KINDS[group][1]]
    rows = fetch_rows(
        _OF_CUSTOMER,
        [list(cases[:CASES_FIRST]), kinds, before, before, SHOWN + 1, SHOWN,
         list(cases), kinds, before, before, SHOWN + 1,
         list(customer_ids), [kind for kind in about_them if not kind.startswith(OF_CASES)],
         before, before, SHOWN + 1, SHOWN + 1],
    )  # fmt: skip
    ids = [pk for (pk,) in rows]
    entries = sorted(Entry.objects.filter(pk__in=ids[:SHOWN]), key=lambda entry: -entry.pk)
    by_id = Case.objects.in_bulk({entry.case_id for entry in entries if entry.case_id})
    contacts = Contact.objects.in_bulk([e.facts["contact_id"] for e in entries if "contact_id" in e.facts])
    known = Knowledge.objects.in_bulk([e.facts["knowledge_id"] for e in entries if "knowledge_id" in e.facts])
    messages = Message.objects.in_bulk([e.facts["message_id"] for e in entries if "message_id" in e.facts])
    people = _names(Person, {entry.actor_id for entry in entries})
    departments = _names(Department, {entry.facts.get("department_id") for entry in entries})
    shown = [
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
    return Stream(shown, ids[SHOWN - 1] if len(ids) > SHOWN else None)


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
        if contact and entry.kind == understand.ContactMade.kind
        else "",
        from_customer=from_customer,
    )


def _names(model: type[Person] | type[Department], ids: set) -> dict[int, str]:
    wanted = ids - {None}
    return dict(model.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
