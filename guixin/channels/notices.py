"""Notices to our own people, written as reactions in the transaction of what they tell of.

Ten thousand promises broken at once are one INSERT here; `staff_mail` makes one digest a person of them.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from guixin.channels.models import Notice
from guixin.ledger import Event
from guixin.ledger.bulk import insert_rows
from guixin.ledger.recording import canonical
from guixin.listen import events as listen
from guixin.organisation.ladder import Ladder
from guixin.promise import authority_events as requests
from guixin.promise import events as promise
from guixin.promise import matters
from guixin.promise import proposal_events as proposals
from guixin.promise.models import Escalation, Extension
from guixin.recover import events as recoveries
from guixin.serve import cause_events as causes
from guixin.serve import emergency_events, task_events
from guixin.serve import events as serve
from guixin.serve import problem_events as hard_problems
from guixin.serve.models import Case, Message, Task
from guixin.serve.watching import watchers_of
from guixin.understand import contact_events
from guixin.understand import knowledge_events as knowledge
from guixin.understand.models import KnowledgeReading

PAGE = 50
_NOTICE = {
    "person_id": "bigint", "kind": "text", "case_id": "bigint", "about_kind": "text", "about_id": "bigint",
    "facts": "jsonb", "happened_at": "timestamptz",
}  # fmt: skip


# -- reading ---------------------------------------------------------------------------------------------------


def unread(person, limit: int = PAGE) -> list[Notice]:
    """What this person has not looked at yet, newest first."""
    return list(Notice.objects.unread_by(person.pk)[:limit])


def mark_read(person, now: datetime, ids: Iterable[int] | None = None) -> int:
    """This person has seen these (None: all) notices. Returns how many were unread."""
    seen = Notice.objects.filter(person_id=person.pk, read_at__isnull=True)
    return (seen if ids is None else seen.filter(pk__in=list(ids))).update(read_at=now)


# -- writing ---------------------------------------------------------------------------------------------------


def tell_authority(
    events: Sequence[
        promise.ClockStep | serve.CaseEscalated | contact_events.ContactMissed | contact_events.ContactRaised
    ],
) -> None:
    """A promise nears its end, broke or climbed, or somebody raised a case: who now has to act hears of it."""
    _write((event.to_person_id, event) for event in events)


def tell_settled(events: Sequence[promise.ClockStopped]) -> None:
    """What had climbed to somebody is kept at last, late: they need not worry any more."""
    late = {event.clock_id: event for event in events if not event.kept}
    if late:
        raised = Escalation.objects.filter(clock_id__in=list(late), level__gte=1, to_person__isnull=False)
        people = (
            raised.order_by("clock_id", "to_person_id").values_list("clock_id", "to_person_id").distinct()
        )
        _write((person_id, late[clock_id]) for clock_id, person_id in people)


def tell_holder(events: Sequence[promise.ClockWarned]) -> None:
    """The deadline is near: who holds the promise hears of it, or, before anybody took it, the department."""
    ladder = Ladder.at(events[0].happened_at)
    told: list[tuple[int | None, Event]] = []
    for event in events:
        people = [event.to_person_id] if event.to_person_id else ladder.handlers(event.department_id)
        told += [(person_id, event) for person_id in people]
    _write(told)


def tell_department(events: Sequence[task_events.TaskGiven]) -> None:
    """A department got a task: its handlers who are there, or the one it was given to, hear of it."""
    ladder = Ladder.at(events[0].happened_at)
    told: list[tuple[int | None, Event]] = []
    for event in events:
        people = [event.handler_id] if event.handler_id else ladder.handlers(event.department_id)
        told += [(person_id, event) for person_id in people]
    _write(told)


def tell_owner(events: Sequence[Event]) -> None:
    """The department answered, asked or sent back; the owner goes on from there."""
    owners = _owners(events)
    _write((owners.get(event.case_id or 0), event) for event in events)


def tell_woken(events: Sequence[serve.CaseWoken]) -> None:
    """A case that slept is back: by its time, or because a deadline is near. Of words its owner hears anyway."""
    _write((event.owner_id, event) for event in events if event.cause in ("time", "deadline"))


def tell_handler(events: Sequence[task_events.TaskQuestionAnswered]) -> None:
    """The owner answered: the handler of the task hears of it."""
    handlers = dict(Task.objects.filter(pk__in=[e.about[1] for e in events]).values_list("pk", "handler_id"))
    _write((handlers.get(event.about[1]), event) for event in events)


def forget_questions(events: Sequence[task_events.TaskEvent]) -> None:
    """A question was answered, or its task has ended: nobody waits for the owner's word any more."""
    owners = set(_owners(events).values())
    asked = Notice.objects.filter(
        person_id__in=owners, read_at__isnull=True, kind=task_events.TaskQuestionAsked.kind
    )
    asked.filter(about_kind="task", about_id__in=[event.about[1] for event in events]).update(
        read_at=events[0].happened_at
    )


def tell_all_at_work(events: Sequence[Event]) -> None:
    """The customer urges or adds something: the owner and everybody at work on the case hear of it."""
    owners = _owners(events)
    at_work = Task.objects.open().filter(case_id__in=owners)
    ladder = Ladder.at(events[0].happened_at)
    people: dict[int, set[int | None]] = {case_id: {owner} for case_id, owner in owners.items()}
    for case_id, department_id, handler_id in at_work.values_list("case_id", "department_id", "handler_id"):
        people[case_id] |= {handler_id} if handler_id else set(ladder.handlers(department_id))
    _write(
        (person_id, event)
        for event in events
        for person_id in sorted(filter(None, people[event.case_id or 0]))
    )


def tell_new_owner(events: Sequence[serve.OwnerChanged]) -> None:
    _write((event.new_owner_id, event) for event in events)


def tell_mentioned(events: Sequence[serve.ColleagueMentioned]) -> None:
    """A note calls a colleague by name."""
    _write((event.person_id, event) for event in events)


def tell_writer(events: Sequence[serve.ReplyNotSent]) -> None:
    """What somebody sent did not go out: they hear of it, wherever they are by now."""
    _write((event.writer_id, event) for event in events)


def tell_watchers(events: Sequence[Event]) -> None:
    """Something happened on a case: whoever watches it hears of it. Progress told by the system is no news to us."""
    happened = [event for event in events if getattr(event, "message_kind", "") != Message.Kind.NEWS]
    if happened:
        _write(watchers_of(happened))


def tell_receiver(events: Sequence[serve.WorkReceived]) -> None:
    """Many cases and tasks at once are one notice."""
    _write((event.to_person_id, event) for event in events)


def tell_coordinator(events: Sequence[serve.CaseUnrouted | promise.ClockStuck]) -> None:
    """Nobody has this case, or a clock cannot be worked out: the coordinator hears of it."""
    ladder = Ladder.at(events[0].happened_at)
    _write((getattr(event, "coordinator_id", None) or ladder.coordinator(), event) for event in events)


def tell_expert(events: Sequence[hard_problems.HardProblemEvent]) -> None:
    """A hard problem waits for them, or no longer does."""
    _write(
        (person_id, event)
        for event in events
        for person_id in sorted({event.expert_id, getattr(event, "from_expert_id", event.expert_id)})
    )


def tell_who_asked_the_expert(events: Sequence[hard_problems.HardProblemAnswered]) -> None:
    """The conclusion is in: who asked hears, the owner, who tells the customer, and the expert if another knew."""
    owners = _owners(events)
    _write(
        (person_id, event)
        for event in events
        for person_id in sorted({event.asked_by_id, event.expert_id, owners[event.case_id or 0]})
    )


def tell_who_makes_whole(
    events: Sequence[
        recoveries.RecoveryBegun | recoveries.RecoveryFaultJudged | recoveries.RecoveryStepGiven
    ],
) -> None:
    """They have a step of a recovery to do."""
    _write(
        (person_id, event)
        for event in events
        for person_id in getattr(event, "owners", None) or [getattr(event, "owner_id", None)]
        if person_id
    )


def tell_who_decides(events: Sequence[promise.ExtensionAsked | promise.ExtensionPassedUp]) -> None:
    _write((event.authority_id, event) for event in events)


def tell_who_is_asked(events: Sequence[requests.AuthorityRequestEvent]) -> None:
    """A request waits for somebody's decision."""
    _write((event.to_person_id, event) for event in events)


def tell_who_asked_for_it(events: Sequence[requests.AuthorityRequestEvent]) -> None:
    """The request was answered."""
    _write((event.asked_by_id, event) for event in events)


def tell_reviewer(events: Sequence[proposals.ChangeProposed]) -> None:
    """A change was proposed to something they answer for."""
    _write((event.reviewer_id, event) for event in events)


def tell_who_proposed(events: Sequence[proposals.ProposalEvent]) -> None:
    """Everyone who proposes hears back."""
    _write((event.by_id, event) for event in events)


def tell_both_about_a_trial(events: Sequence[proposals.TrialEnded]) -> None:
    """It ended by itself: who proposed it hears, and who answers must decide."""
    ended = [event for event in events if event.actor_id is None]
    _write((to, event) for event in ended for to in {event.by_id, event.reviewer_id})


def tell_who_states(events: Sequence[proposals.StatementDue]) -> None:
    """The first working day of the month."""
    _write((event.holder_id, event) for event in events)


def tell_who_answers_for_the_wave(events: Sequence[listen.WaveBegunByItself]) -> None:
    """A wave began by itself, or could not: its owner hears."""
    _write((event.holder_id, event) for event in events)


def tell_readers(events: Sequence[knowledge.KnowledgeShared]) -> None:
    """Their department must know something: everybody who has not seen it yet hears of it."""
    shares = {event.share_id: event for event in events}
    unread = KnowledgeReading.objects.filter(share_id__in=list(shares), read_at=None).order_by("pk")
    _write((pk, shares[share_id]) for share_id, pk in unread.values_list("share_id", "person_id"))


def forget_what_was_read(events: Sequence[knowledge.KnowledgeRead]) -> None:
    """Whoever has read it need not be told any more."""
    for event in events:
        told = Notice.objects.filter(
            person_id=event.actor_id or 0, read_at=None, kind=knowledge.KnowledgeShared.kind
        )
        told.filter(about_id=event.share_id).update(read_at=event.happened_at)


def forget_what_is_over(events: Sequence[knowledge.KnowledgeShareOver]) -> None:
    """What no longer matters is no news to anybody."""
    for event in events:
        if not event.all_saw_it:
            readers = KnowledgeReading.objects.filter(share_id=event.share_id).values("person_id")
            told = Notice.objects.filter(
                person_id__in=readers, read_at=None, kind=knowledge.KnowledgeShared.kind
            )
            told.filter(about_id=event.share_id).update(read_at=event.happened_at)


def tell_of_a_surge(events: Sequence[causes.SurgeRaised]) -> None:
    """More cases than chance explains: who answers for the front desk or the department hears of it."""
    _write((person_id, event) for event in events for person_id in event.told)


def tell_of_an_emergency(events: Sequence[emergency_events.EmergencyBegun]) -> None:
    """The emergency path was taken: everybody it concerns hears at once."""
    _write((person_id, event) for event in events for person_id in event.told)


def tell_who_took_the_path(events: Sequence[emergency_events.EmergencyReviewed]) -> None:
    """The review is written: who took the path hears what it says."""
    _write((event.user_id, event) for event in events)


def tell_who_has_the_word(events: Sequence[requests.AuthorityAskedBack]) -> None:
    """A question before the decision, or its answer."""
    _write((event.tell_id, event) for event in events)


def tell_who_asked(events: Sequence[promise.ExtensionDecided]) -> None:
    asked = Extension.objects.filter(pk__in=[event.extension_id for event in events])
    askers = dict(asked.values_list("pk", "asked_by_id"))
    _write((askers.get(event.extension_id), event) for event in events)


def _owners(events: Sequence[Event]) -> dict[int, int]:
    cases = Case.objects.filter(pk__in={event.case_id for event in events})
    return dict(cases.values_list("pk", "owner_id"))


def _write(told: Iterable[tuple[int | None, Event]]) -> None:
    """One row for each person and event; nobody is told what they did themselves."""
    insert_rows(
        "channels_notice",
        _NOTICE,
        [
            (person_id, event.kind, _case_of(event), *event.about, _mentioned(event), event.happened_at)
            for person_id, event in told
            if person_id is not None
            and person_id != event.actor_id
            and getattr(event, "part_of", None) is None  # one of many: told once, by `tell_receiver`
        ],
    )


def _case_of(event: Event) -> int | None:
    """What is a matter of its own leads to its own page, also when it is about a case."""
    return None if event.about[0] in matters.kinds() else event.case_id


def _mentioned(event: Event) -> str:
    """The facts the sentence mentions, and the deadline; the rest stays in the ledger."""
    cls = type(event)
    # mypy holds the instances' __hash__ against the class, which is hashable all the same.
    names = _names_in(cls)  # type: ignore[arg-type]
    facts = {name: getattr(event, name) for name in names}
    return canonical({k: v.isoformat() if isinstance(v, datetime) else v for k, v in facts.items()})


@cache
def _names_in(cls: type[Event]) -> tuple[str, ...]:
    named = re.findall(r"%\((\w+)\)s", cls.sentence)
    return (*named, *(name for name in ("due_at", "is_top") if name in cls.__dataclass_fields__))
