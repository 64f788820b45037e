"""Everything the page of a case shows, fetched before it is rendered, most of it in one statement (case_readings)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language

from guixin.desks.acts import Offer, Reader, offers, with_refused
from guixin.desks.case_readings import STANDING
from guixin.desks.ladders import People, Rung, ShownClock, fired_rung, shown_clocks
from guixin.desks.lists import every_department
from guixin.desks.mail_words import MailOfCase, mail_of
from guixin.desks.packages import ShownPackage, package_of_case
from guixin.desks.timeline import CAUSES, Moment, timeline
from guixin.ledger.reading import Together
from guixin.organisation.ladder import Ladder
from guixin.promise.models import Clock, Escalation, Extension
from guixin.recover.models import Recovery, RecoveryStep
from guixin.serve.filling_in import ShownForm, form_to_fill_in, shown_form
from guixin.serve.models import (
    Attachment,
    Case,
    CaseFormVersion,
    CaseLink,
    FollowUp,
    Goodwill,
    HardProblem,
    Message,
    Task,
    Visit,
)
from guixin.serve.permitting import may_serve
from guixin.web import money

STRIPS = 2
# The composer does these; as acts they come back only when refused or asked for
COMPOSED = ("replies", "notes")


@dataclass
class ShownTask:
    task: Task
    department: str
    clocks: list[ShownClock]

    @property
    def nearest(self) -> ShownClock | None:
        """Its open promise that runs out first."""
        return _first_due([each for each in self.clocks if each.clock.is_open])


@dataclass
class ShownRecovery:
    """The plan to make the customer whole, in short: its steps, and its promises beside those of the case."""

    recovery: Recovery
    steps: list[RecoveryStep]
    clocks: list[ShownClock]

    @property
    def wanted(self) -> list[RecoveryStep]:
        return [each for each in self.steps if each.state != RecoveryStep.State.DROPPED]

    @property
    def done(self) -> int:
        return sum(each.state == RecoveryStep.State.DONE for each in self.steps)

    @property
    def nearest(self) -> ShownClock | None:
        return _first_due([each for each in self.clocks if each.clock.is_open])


@dataclass
class Standing:
    """The promises and tasks of a case as they stand: what the page and its side panel are both drawn from."""

    case: Case
    now: datetime
    clocks: list[Clock]
    escalations: list[Escalation]
    tasks: list[Task]
    read: Mapping[str, list[Any]]  # all that was read, by its name in case_readings

    def open_ones(self) -> list[Clock]:
        return [clock for clock in self.clocks if clock.is_open]

    def ended(self) -> list[Clock]:
        return [clock for clock in self.clocks if not clock.is_open and clock.state != Clock.State.VOID]

    def of_tasks(self, shown: dict[int, ShownClock]) -> list["ShownTask"]:
        language = get_language() or "zh-hans"
        return [
            ShownTask(
                task,
                task.department.shown_name(language),
                [shown[c.pk] for c in self.clocks if (c.about_kind, c.about_id) == task.about
                 and (c.is_open or c.state == Clock.State.MISSED)],
            )
            for task in self.tasks
        ]  # fmt: skip


@dataclass
class Dossier:
    """The middle of the page: how the case stands, who is told next, what happened, and the acts."""

    case: Case
    clocks: list[ShownClock]  # the open promises to the customer
    tasks: list[ShownTask]
    ladders: list[ShownClock]  # every open clock, the next to fire first
    escalations: list[Escalation]
    messages: list[Message]
    moments: list[Moment]
    extensions: list[Extension]
    attachments: list[Attachment]
    problems: Sequence[HardProblem] = ()
    filled: ShownForm | None = None
    form_to_fill_in: CaseFormVersion | None = None
    recovery: ShownRecovery | None = None
    visit: Visit | None = None
    owner_title: str = ""
    package: ShownPackage | None = None
    mail: MailOfCase = field(default_factory=MailOfCase)
    follow_ups: Sequence[FollowUp] = ()
    acts: dict[str, list[Offer]] = field(default_factory=dict)

    @property
    def strips(self) -> list[ShownClock]:
        """The ladders nobody should need a click for: the next to fire, and those that have fired, most of all."""
        others = sorted((each for each in self.ladders[1:] if each.fired), key=lambda each: -each.told)
        return self.ladders[:1] + others[: STRIPS - 1]

    @property
    def late(self) -> bool:
        return bool(self.case.level) or any(each.pill.look == "late" for each in self.clocks)

    @property
    def next_pill(self) -> ShownClock | None:
        """The promise to the customer that runs out first."""
        return _first_due(self.clocks)


@dataclass
class Aside:
    """The side panel's tasks: every promise with its working-out and its ladder, and how the case came here."""

    clocks: list[ShownClock]
    ended: list[ShownClock]
    tasks: list[ShownTask]
    ladders: list[ShownClock]
    raised: list[tuple[str, Rung]]  # escalations for other reasons than lateness
    routings: list[Any]
    links: list[tuple[str, Case]]
    closings: list[Any]
    recovery: ShownRecovery | None
    goodwill: list[tuple[Goodwill, str]]  # with its sum in words
    may_take_back: bool
    may_hand_over: bool


def standing(case: Case, now: datetime, wanted: Together = STANDING) -> Standing:
    """`wanted`: what else of the case is read in the same statement: MIDDLE for a dossier, ASIDE for what stands beside it."""
    read = wanted.rows(case_id=case.pk)
    for task in read["tasks"]:
        task.case = case
    return Standing(case, now, read["clocks"], read["escalations"], read["tasks"], read)


def dossier(stand: Standing) -> Dossier:
    """What the middle of the page shows, without the acts."""
    case, now, read = stand.case, stand.now, stand.read
    wanted = [clock for clock in stand.clocks if clock.is_open or clock.state == Clock.State.MISSED]
    drawn = shown_clocks(wanted, stand.escalations, now, counted=False, paused=read["pauses"])
    shown = {each.clock.pk: each for each in drawn}
    messages, attachments = read["messages"], read["attachments"]
    filled = next(iter(read["filled_forms"]), None)
    mail = mail_of(read)
    return Dossier(
        case=case,
        clocks=[shown[clock.pk] for clock in stand.open_ones() if clock.about_kind != "task"],
        tasks=stand.of_tasks(shown),
        ladders=_ladders(stand, shown),
        escalations=stand.escalations,
        messages=messages,
        moments=timeline(
            messages, read["entries"], *_names(now), attachments, mail, said_in_acts=read["said_in_acts"]
        ),
        mail=mail,
        attachments=attachments,
        problems=read["problems"],
        filled=shown_form(filled, attachments=attachments) if filled else None,
        form_to_fill_in=None if filled else form_to_fill_in(case),
        visit=next(iter(read["visits"]), None),
        extensions=read["extensions"],
        follow_ups=read["follow_ups"],
        recovery=_recovery(stand),
        owner_title=People(now).title(case.owner_id),
        package=package_of_case(case, stand.clocks, now),
    )


def aside(stand: Standing, person: Any) -> Aside:
    case, now, read = stand.case, stand.now, stand.read
    drawn = shown_clocks(stand.clocks, stand.escalations, now, paused=read["pauses"])
    shown = {each.clock.pk: each for each in drawn}
    people = People(now)
    return Aside(
        clocks=[shown[clock.pk] for clock in stand.open_ones() if clock.about_kind != "task"],
        ended=[shown[clock.pk] for clock in stand.ended()],
        tasks=stand.of_tasks(shown),
        ladders=_ladders(stand, shown),
        raised=[
            (str(CAUSES[one.cause]), fired_rung(one, people))
            for one in stand.escalations
            if one.clock_id is None
        ],
        routings=read["routings"],
        links=_links(case, person, read["links"]),
        recovery=_recovery(stand, counted=True),
        goodwill=[(each, money.shown(each.amount, each.currency)) for each in read["goodwill"]],
        may_take_back=case.is_open and may_serve(case, person),
        may_hand_over=may_serve(case, person),
        closings=read["closings"],
    )


def _recovery(stand: Standing, *, counted: bool = False) -> ShownRecovery | None:
    latest = next(iter(stand.read["recoveries"]), None)
    if latest is None:
        return None
    clocks = [each for each in stand.read["recovery_clocks"] if each.about_id == latest.pk]
    steps = [each for each in stand.read["recovery_steps"] if each.recovery_id == latest.pk]
    return ShownRecovery(latest, steps, shown_clocks(clocks, [], stand.now, counted=counted))


def _first_due(clocks: list[ShownClock]) -> ShownClock | None:
    due = [(each.clock.due_at, each) for each in clocks if each.clock.due_at]
    return min(due, key=lambda pair: pair[0])[1] if due else None


def _ladders(stand: Standing, shown: dict[int, ShownClock]) -> list[ShownClock]:
    """Every open clock that has a ladder, the next to fire first."""
    return sorted(
        (shown[clock.pk] for clock in stand.open_ones() if shown[clock.pk].rungs),
        key=lambda each: (each.clock.next_at is None, each.clock.next_at),
    )


def add_acts(shown: Dossier, reader: Reader) -> Dossier:
    """What this person may do, in the order work is done."""
    case, person = shown.case, reader.person
    mine: list[Offer] = []
    for each in shown.extensions:
        mine += offers("extension", each, reader, waiting=True)
    if case.is_open:
        for one in shown.escalations:
            if one.level and one.to_person_id == person.pk and one.over_at is None:
                mine += offers("escalation", one, reader)
    for follow_up in shown.follow_ups:
        follow_up.case = case
        mine += offers("follow_up", follow_up, reader, waiting=True)
    if case.is_open and may_serve(case, person):
        answered = {message.answers_id for message in shown.messages}
        for message in shown.messages:
            if message.kind == Message.Kind.QUESTION and message.pk not in answered:
                message.case = case
                mine += offers("question", message, reader, waiting=True)
    possible = [
        offer for offer in offers("case", case, reader) if offer.is_open or offer.act.name not in COMPOSED
    ]
    groups = {
        "mine": mine,
        "case": possible,
        "more": [offer for offer in possible if offer.act.rare and not offer.is_open],
        "time": _more_time([each.clock for each in shown.clocks], reader),
    }
    shown.acts = with_refused(groups, "mine", reader.refused)
    return shown


def act_asked_for(case: Case, reader: Reader) -> Offer | None:
    """The one act of the page that was asked for, without what else the page shows."""
    clocks = list(Clock.objects.filter(case_id=case.pk, about_kind="case"))
    found = offers("case", case, reader) + _more_time(clocks, reader)
    return next((offer for offer in found if offer.name == reader.wanted), None)


def _more_time(clocks: list[Clock], reader: Reader) -> list[Offer]:
    return [
        offer
        for clock in clocks
        if clock.is_open and clock.about_kind == "case"
        for offer in offers("clock", clock, reader)
    ]


def _names(now: datetime) -> tuple[Mapping[int, str], dict[int, str]]:
    """Of all people and departments, from memory, so that the story need not ask for those it tells of."""
    language = get_language() or "zh-hans"
    departments = {pk: each.shown_name(language) for pk, each in every_department().items()}
    return Ladder.at(now).names, departments


def _links(case: Case, person: Any, links: Sequence[CaseLink]) -> list[tuple[str, Case]]:
    """Linked cases this person may see; of the others not even the number."""
    ids = {link.other_id if link.case_id == case.pk else link.case_id for link in links}
    linked_or_merged = Case.objects.visible_to(person).filter(Q(pk__in=ids) | Q(merged_into=case))
    seen = {each.pk: each for each in linked_or_merged}
    merged = [each for each in seen.values() if each.merged_into_id == case.pk]
    found = []
    for link in links:
        other = seen.get(link.other_id if link.case_id == case.pk else link.case_id)
        if other:
            found.append((link.get_kind_display(), other))
    return found + [(each.get_state_display(), each) for each in merged]
