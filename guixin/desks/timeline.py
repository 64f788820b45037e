"""What happened to a case, as one stream for people: entries of the ledger and what was said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.channels.customer_timeline import DONE, LATE
from guixin.channels.mail import events as mail_events
from guixin.desks.mail_words import MailOfCase, ShownMail, ShownSent
from guixin.ledger.models import Entry, Private
from guixin.ledger.reading import Reading
from guixin.organisation.models import Department, Person
from guixin.serve import events, task_events
from guixin.serve.models import Attachment, Message

SHOWN_AT_MOST = 200

# The message itself stands in the stream, with its words; its entry would say the same again.
SAID_BY_MESSAGES = {
    events.CustomerTold.kind,
    events.NoteWritten.kind,
    events.CustomerAdded.kind,
    events.CustomerUrged.kind,
    task_events.TaskQuestionAsked.kind,
    task_events.TaskQuestionAnswered.kind,
    task_events.ResultReturned.kind,
    mail_events.MailFromUnverified.kind,
    mail_events.AutomaticMailKept.kind,
}
# What was said in the act itself, as its entry keeps it beside the facts, until it is erased.
WORDS_BESIDE = {
    "recover.recovery_step_done": "said",
    "recover.recovery_step_dropped": "reason",
    "recover.recovery_justice_skipped": "reason",
    "recover.recovery_given_up": "reason",
    "serve.goodwill_promised": "reason",
    "serve.follow_up_done": "comment",
    "promise.authority_decided": "note",
}
CAUSES = {
    "late": gettext_lazy("late"),
    "dissatisfied": gettext_lazy("customer dissatisfied"),
    "repeat": gettext_lazy("repeat complaint"),
    "by_hand": gettext_lazy("by hand"),
    "time": gettext_lazy("its time has come"),
    "deadline": gettext_lazy("a deadline is near"),
    "customer": gettext_lazy("the customer spoke"),
    "department": gettext_lazy("a department or an authority spoke"),
}


@dataclass(frozen=True)
class Moment:
    at: datetime
    words: str
    who: str
    look: str  # plain, done, late, said
    about: str = ""  # the department it concerns
    body: str = ""
    is_note: bool = False
    from_customer: bool = False
    files: Sequence[Attachment] = ()
    mail: ShownMail | None = None  # how it came
    sent: ShownSent | None = None  # how far it went


def timeline(
    messages: Sequence[Message],
    entries: Sequence[Entry],
    people: Mapping[int, str] | None = None,
    departments: Mapping[int, str] | None = None,
    files: Sequence[Attachment] = (),
    mail: MailOfCase | None = None,
    *,
    said_in_acts: Sequence[Private] | None = None,
) -> list[Moment]:
    """Newest first; at most three queries, none for what is given, nor where nothing was said in an act."""
    people = _names(Person, {entry.actor_id for entry in entries}, people)
    departments = _names(Department, {entry.facts.get("department_id") for entry in entries}, departments)
    beside = _said_beside(entries, said_in_acts)
    stream = [
        _from_entry(entry, people, departments, beside.get(entry.pk, ""))
        for entry in entries
        if not _is_said_by_a_message(entry)
    ]
    stream += [
        _from_message(
            message, [each for each in files if each.message_id == message.pk], mail or MailOfCase()
        )
        for message in messages
    ]
    return sorted(stream, key=lambda moment: moment.at, reverse=True)[:SHOWN_AT_MOST]


ENTRIES = Reading(lambda case_id: Entry.objects.filter(case_id=case_id).order_by("-id")[:SHOWN_AT_MOST])

SAID_IN_ACTS = Reading(
    lambda case_id: Private.objects.filter(entry__case_id=case_id, entry__kind__in=list(WORDS_BESIDE)).only(
        "entry", "payload"
    )
)


def _said_beside(entries: Sequence[Entry], said: Sequence[Private] | None) -> dict[int, str]:
    names = {entry.pk: WORDS_BESIDE[entry.kind] for entry in entries if entry.kind in WORDS_BESIDE}
    if said is None:
        said = list(Private.objects.filter(entry__in=names).only("entry", "payload")) if names else []
    return {each.pk: str(each.payload.get(names[each.pk]) or "") for each in said if each.pk in names}


def _from_entry(
    entry: Entry, people: Mapping[int, str], departments: Mapping[int, str], said: str = ""
) -> Moment:
    look = "late" if entry.kind in LATE else "done" if entry.kind in DONE else "plain"
    return Moment(
        at=entry.happened_at,
        words=entry.in_words(),
        who=people.get(entry.actor_id, "") if entry.actor_id else _("System"),
        look=look,
        body=said,
        about=departments.get(entry.facts.get("department_id"), "")
        if entry.about_kind in ("task", "escalation")
        else "",
    )


def _is_said_by_a_message(entry: Entry) -> bool:
    """Files that came with words stand with them."""
    with_words = entry.kind == events.AttachmentsAdded.kind and entry.facts.get("message_id")
    return entry.kind in SAID_BY_MESSAGES or bool(with_words)


def _from_message(message: Message, files: Sequence[Attachment], mail: MailOfCase) -> Moment:
    from_customer, came = message.kind in Message.FROM_CUSTOMER, mail.received.get(message.pk)
    who = _("Customer") if from_customer else message.by.name if message.by else _("System")
    if came and not from_customer:
        who = came.name or came.address
    return Moment(
        at=message.at,
        words=_("E-mail") if came and not from_customer else message.get_kind_display(),
        who=who,
        look="said",
        about=str(message.task.department) if message.task else "",
        body=message.body,
        is_note=not message.customer_may_read,
        from_customer=from_customer,
        files=files,
        mail=came,
        sent=mail.sent.get(message.pk),
    )


def _names(
    model: type[Person] | type[Department], ids: set, known: Mapping[int, str] | None = None
) -> Mapping[int, str]:
    known = known or {}
    missing = ids - {None} - known.keys()
    if not missing:
        return known
    return {**known, **dict(model.objects.filter(pk__in=missing).values_list("pk", "name"))}
