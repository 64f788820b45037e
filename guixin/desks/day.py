"""What one person's day is made of: the most urgent first, then everything that waits for a word of theirs.

Each part shows its first few rows and how many there are; the number leads to a list of exactly these. A part of which
there may be thousands is counted by counters or walked by an index, up to a bound, never counted through.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.channels.models import Notice
from guixin.ledger.reading import Reading
from guixin.ledger.wording import in_words
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.organisation.models.position import Duty, Rank
from guixin.promise import strategies
from guixin.promise.authorising import waiting_requests
from guixin.promise.matters import About, Matter, matters_for
from guixin.promise.models import Escalation, Extension, Measure, Proposal, Statement
from guixin.promise.verdicts import Share, Week, share_of_person
from guixin.serve import queues, surges
from guixin.serve.filtering import asked
from guixin.serve.models import (
    CallBack,
    Case,
    Closing,
    Emergency,
    FollowUp,
    HardProblem,
    Snooze,
    Surge,
    Task,
    Watch,
)
from guixin.serve.models.case import NO_DEADLINE
from guixin.serve.models.counter import all_counted
from guixin.serve.overview import NONE, Deadlines, Number, deadlines, sees_all
from guixin.understand.models import Contact, Knowledge, KnowledgeReading
from guixin.understand.models.knowledge import keeps_knowledge

SHOWN = 6  # rows of a part on the page
CALLS_AHEAD = timedelta(minutes=15)  # a call stands on the page that long before its window
LISTED = 200  # rows of a part shown on its own
QUESTION = "serve.task_question_asked"
NEWS = (
    "serve.customer_added",
    "serve.customer_urged",
    "serve.result_returned",
    "serve.task_question_answered",
    "serve.task_sent_back",
    "serve.instructed",
    "serve.colleague_mentioned",
    "serve.case_woken",
    "promise.extension_decided",
    "promise.extension_expired",
    "promise.authority_decided",
    "promise.proposal_decided",
    "promise.trial_begun",
    "serve.emergency_reviewed",
    "promise.authority_asked_back",
    "serve.hard_problem_answered",
)  # unread notices that are words to somebody; those of deadlines stand in the lists anyway


@dataclass(frozen=True)
class Line:
    """A row: where it is done, what it is, and since when it waits or when it is due."""

    address: str
    number: str
    words: str
    tag: str = ""
    since: datetime | None = None
    due: datetime | None = None
    level: int = 0


@dataclass(frozen=True)
class Part:
    """`more` leads to the list behind the number; `key` names the part in addresses."""

    key: str
    title: Any
    number: Number
    lines: Sequence[Line]
    more: str = ""

    @property
    def address(self) -> str:
        return self.more or f"/?show={self.key}"


@dataclass(frozen=True)
class Tile:
    """A number of risk, and the list it counts."""

    words: Any
    number: Number
    address: str
    look: str = ""

    @property
    def icon(self) -> str:
        return "pause" if self.look == "paused" else self.look


@dataclass(frozen=True)
class Day:
    tiles: Sequence[Tile]
    urgent: Sequence[Line]
    parts: Sequence[Part]
    share: Share
    has_news: bool

    @property
    def is_quiet(self) -> bool:
        return not self.urgent and not self.parts


def day_of(person: Person, now: datetime) -> Day:
    parts = [part for build in _PARTS.values() if (part := build(person, now, SHOWN)).number]
    return Day(
        tiles=_tiles(person, now),
        urgent=_urgent(person, now),
        parts=parts,
        share=share_of_person(person.pk, Week.of(now)),
        has_news=any(part.key == "news" for part in parts),
    )


def part_of(key: str, person: Person, now: datetime) -> Part | None:
    """One part on its own, with all its rows."""
    return _PARTS[key](person, now, LISTED) if key in _PARTS else None


def _tiles(person: Person, now: datetime) -> list[Tile]:
    cases, tasks = (
        found.get(person.pk, Deadlines())
        for found in deadlines([person.pk], now, serve_case="owner_id", serve_task="handler_id")
    )
    every = [
        Tile(_("My cases, late"), cases.late, "/queues/mine?due=late", "late"),
        Tile(_("My cases, due within 30 minutes"), cases.soon, "/queues/mine?due=soon", "soon"),
        Tile(_("My tasks, late"), tasks.late, "/queues/my-tasks?due=late", "late"),
        Tile(_("My tasks, due within 30 minutes"), tasks.soon, "/queues/my-tasks?due=soon", "soon"),
    ]
    # Whoever talks to customers works with cases, the others with tasks; the other two stand there when they count.
    usual = every[:2] if sees_all(scope_of(person)) else every[2:]
    return [tile for tile in every if tile.number or tile in usual]


NEXT_CASES = Reading(
    lambda person_id: (
        Case.objects.open()
        .filter(Snooze.none_of(), owner_id=person_id, queue_at__lt=NO_DEADLINE)
        .order_by("queue_at", "pk")[:SHOWN]
    )
)
NEXT_TASKS = Reading(
    lambda person_id: (
        Task.objects.open()
        .filter(handler_id=person_id, queue_at__lt=NO_DEADLINE)
        .select_related("case")
        .order_by("queue_at", "pk")[:SHOWN]
    )
)


def _urgent(person: Person, now: datetime) -> list[Line]:
    """Their cases and accepted tasks, the next deadline first."""
    lines = [
        *(_case_line(case, due=case.queue_at) for case in NEXT_CASES.rows(person.pk)),
        *(_task_line(task) for task in NEXT_TASKS.rows(person.pk)),
    ]
    return sorted(lines, key=lambda line: line.due or NO_DEADLINE)[:SHOWN]


def _case_line(case: Case, **more: Any) -> Line:
    return Line(f"/cases/{case.number}", case.number, case.subject, level=case.level, **more)


def _task_line(task: Task) -> Line:
    words = f"{task.case.subject} · {task.instruction}" if task.instruction else task.case.subject
    return Line(
        f"/tasks/{task.pk}", task.case.number, words, str(_("Task")), due=task.queue_at, level=task.level
    )


def _lines(rows: Sequence[Any], person: Person, line: Callable[[Any, Case], Line]) -> list[Line]:
    """Rows that name a case by its id, with those cases this person may see."""
    cases = Case.objects.visible_to(person).in_bulk({row.case_id for row in rows})
    return [line(row, cases[row.case_id]) for row in rows if row.case_id in cases]


def _all_lines(rows: Sequence[Any], person: Person, line: Callable[[Any, Case | Matter], Line]) -> list[Line]:
    """The same with rows that may be about another matter: what an escalation's clock is about, or a notice."""
    cases = Case.objects.visible_to(person).in_bulk({row.case_id for row in rows})
    about: dict[Any, About] = {
        row: (row.matter or _NOTHING) if isinstance(row, Escalation) else (row.about_kind, row.about_id)
        for row in rows
        if row.case_id is None
    }
    matters = matters_for(person, about.values())
    found = [(row, cases.get(row.case_id) or matters.get(about.get(row, _NOTHING))) for row in rows]
    return [line(row, what) for row, what in found if what is not None]


_NOTHING: About = ("", 0)


def _bounded(lines: Sequence[Line], found: Sequence[Any]) -> Number:
    """As many as the list of the part shows."""
    return Number(min(len(found), LISTED), len(found) > LISTED) if lines else NONE


def _said(notices: Sequence[Notice], person: Person, shown: int) -> tuple[Number, list[Line]]:
    """Notices as lines; where they lead, the words are."""

    def line(notice: Notice, case: Case | Matter) -> Line:
        tag = in_words(notice.kind, notice.facts)
        if isinstance(case, Matter):
            address = case.address
        elif notice.about_kind == "task" and case.owner_id != person.pk:
            address = f"/tasks/{notice.about_id}"
        else:
            address = f"/cases/{case.number}"
        return Line(address, case.number, case.subject, tag, since=notice.happened_at)

    lines = _all_lines(notices[:LISTED], person, line)
    return _bounded(lines, notices), lines[:shown]


UNREAD_NEWS = Reading(
    lambda person_id: Notice.objects.unread_by(person_id).filter(kind__in=NEWS)[: LISTED + 1]
)
UNREAD_QUESTIONS = Reading(
    lambda person_id: Notice.objects.unread_by(person_id).filter(kind=QUESTION)[: LISTED + 1]
)


def _news(person: Person, now: datetime, shown: int) -> Part:
    return Part("news", _("New words and results"), *_said(UNREAD_NEWS.rows(person.pk), person, shown))


def _questions(person: Person, now: datetime, shown: int) -> Part:
    return Part(
        "questions", _("Departments ask you"), *_said(UNREAD_QUESTIONS.rows(person.pk), person, shown)
    )


def _follow_ups(person: Person, now: datetime, shown: int) -> Part:
    tomorrow = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    due = FollowUp.objects.filter(holder=person, state=FollowUp.State.PLANNED, planned_for__lt=tomorrow)
    rows = list(due.order_by("planned_for")[: LISTED + 1])
    lines = _lines(rows[:LISTED], person, lambda row, case: _case_line(case, due=row.planned_for))
    return Part("follow-ups", _("Follow-ups to make today"), _bounded(lines, rows), lines[:shown])


def _contact_line(contact: Contact, person: Person) -> Line:
    name = contact.customer.shown_to(person)["name"] or "–"
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


def _contacts(person: Person, now: datetime, shown: int) -> Part:
    """Planned for today, and those that were missed, the oldest first."""
    due = Contact.objects.filter(owner=person).due_by(timezone.localdate(now))
    rows = list(due.select_related("customer").prefetch_related("customer__identities")[: LISTED + 1])
    lines = [_contact_line(row, person) for row in rows[:shown]]
    return Part("contacts", _("Contacts to make today"), _bounded(lines, rows), lines, "/contacts")


def _call_backs(person: Person, now: datetime, shown: int) -> Part:
    """Calls promised to customers whose window is near or has begun: their own, and those nobody has taken yet."""
    due = CallBack.objects.visible_to(person).due_by(now + CALLS_AHEAD)
    rows = list(due.filter(Q(taken_by=person) | Q(taken_by=None))[: LISTED + 1])
    lines = [
        Line(f"/call-backs/{row.pk}", row.shown_phone, row.about_words,
             str(_("yours")) if row.taken_by_id else "", due=row.window_to)
        for row in rows[:shown]
    ]  # fmt: skip
    return Part("call-backs", _("Customers to call back"), _bounded(lines, rows), lines, "/call-backs")


def _missed_by_others(person: Person, now: datetime, shown: int) -> Part:
    """Contacts of their people that were missed and have gone up to them."""
    raised = Contact.objects.planned().filter(raised_to=person).exclude(owner=person)
    rows = list(
        raised.select_related("customer")
        .prefetch_related("customer__identities")
        .order_by("planned_on", "pk")[: LISTED + 1]
    )
    lines = [_contact_line(row, person) for row in rows[:shown]]
    return Part("missed-contacts", _("Missed contacts that went up to you"), _bounded(lines, rows), lines)


MEASURES = dict(Measure.choices)


REQUESTS = Reading(
    lambda person_id: (
        Extension.objects.filter(authority_id=person_id, state=Extension.State.ASKED)
        .select_related("clock")
        .order_by("old_due_at", "pk")[: LISTED + 1]
    )
)
RAISED = Reading(lambda person_id: Escalation.objects.waiting_for(person_id).select_related("clock")[:SHOWN])
ALL_RAISED = Reading(
    lambda person_id: Escalation.objects.waiting_for(person_id).select_related("clock")[:LISTED]
)


def _counted(person: Person) -> Counter[str]:
    """What is counted of theirs, by what it is; asked once for a page, since each request reads its person anew."""
    known: Counter[str] | None = person.__dict__.get("_counted_today")
    if known is None:
        scope = scope_of(person)
        departments = scope.own_department_ids | scope.department_ids
        wanted = [("waiting_escalations", f"person:{person.pk}")]
        wanted += [("unaccepted_tasks", f"department:{pk}") for pk in departments]
        known = person.__dict__["_counted_today"] = Counter()
        for (what, _of), number in all_counted(wanted).items():
            known[what] += number
    return known


def _decisions(person: Person, now: datetime, shown: int) -> Part:
    """Requests for more time and what was escalated to them, which stand together on the page of escalations."""
    requests = REQUESTS.rows(person.pk)
    raised = (RAISED if shown <= SHOWN else ALL_RAISED).rows(person.pk)[:shown]
    lines = [
        *_lines(
            requests[:shown], person,
            lambda row, case: Line(
                f"/escalations#extension-{row.pk}", case.number, case.subject, _("asks for more time"),
                due=row.old_due_at,
            ),
        ),
        *_all_lines(
            raised, person,
            lambda row, case: Line(
                f"/escalations#escalation-{row.pk}", case.number, case.subject, row.get_cause_display(),
                since=row.happened_at, level=row.level,
            ),
        ),
    ]  # fmt: skip
    number = Number(min(len(requests), LISTED), len(requests) > LISTED) + Number(
        _counted(person)["waiting_escalations"]
    )
    return Part("decisions", _("Waiting for your decision"), number, lines[:shown], "/escalations")


def _unaccepted(person: Person, now: datetime, shown: int) -> Part:
    """Tasks of their departments that nobody took yet."""
    number = _counted(person)["unaccepted_tasks"]
    rows: Sequence[Task] = []
    if number:
        given = queues.tasks("department", person, asked({"state": ["given"]}, of_tasks=True), now=now)
        rows = queues.page_of(given, size=shown).rows
    return Part(
        "unaccepted",
        _("Tasks of your department nobody has accepted"),
        Number(number),
        [_task_line(task) for task in rows],
        "/queues/tasks?state=given",
    )


WATCHED = Reading(
    lambda person_id: (
        Watch.objects.filter(person_id=person_id, case__state__in=Case.OPEN)
        .select_related("case")
        .order_by("case__queue_at", "pk")[: LISTED + 1]
    )
)


def _watched(person: Person, now: datetime, shown: int) -> Part:
    rows = WATCHED.rows(person.pk)
    lines = _lines(rows[:LISTED], person, lambda row, case: _case_line(case, due=case.queue_at))
    return Part("watched", _("What you watch"), _bounded(lines, rows), lines[:shown])


def _requests(person: Person, now: datetime, shown: int) -> Part:
    """Requests for something above somebody's limit that wait for them, or for somebody they stand in for."""
    rows = list(waiting_requests(person, now).order_by("asked_at", "pk")[: LISTED + 1])
    named = matters_for(person, [row.about for row in rows[:shown]])
    lines = [
        Line(named[row.about].address, "", named[row.about].subject, since=row.asked_at)
        for row in rows[:shown]
        if row.about in named
    ]
    return Part("requests", _("Requests that wait for you"), _bounded(lines, rows), lines, "/requests")


def _reviews(person: Person, now: datetime, shown: int) -> Part:
    """Emergencies they must still review."""
    rows = list(
        Emergency.objects.to_review()
        .filter(reviewer=person)
        .select_related("case")
        .order_by("begun_at", "pk")[: LISTED + 1]
    )
    lines = [
        Line(f"/emergencies/{row.pk}", row.case.number, row.case.subject, since=row.begun_at)
        for row in rows[:shown]
    ]
    return Part(
        "reviews", _("Emergencies to review"), _bounded(lines, rows), lines, "/emergencies?which=review"
    )


def _problems(person: Person, now: datetime, shown: int) -> Part:
    """Hard problems that wait for their conclusion, the oldest first."""
    waiting = HardProblem.objects.waiting_for(person, now).select_related("case", "skill")
    rows = list(waiting.order_by("asked_at", "pk")[: LISTED + 1])
    lines = [
        Line(f"/problems/{row.pk}", row.case.number, row.case.subject, str(row.skill), since=row.asked_at)
        for row in rows[:shown]
    ]
    return Part("problems", _("Hard problems for you"), _bounded(lines, rows), lines, "/problems")


def _proposals(person: Person, now: datetime, shown: int) -> Part:
    """Proposals they must answer, and monthly statements they must make."""
    due = Statement.objects.filter(holder=person, said_at__isnull=True).select_related("department")
    rows: list[Any] = [
        *due.order_by("opened_at", "pk")[: LISTED + 1],
        *Proposal.objects.filter(reviewer=person, state__in=Proposal.OPEN).order_by("at", "pk")[: LISTED + 1],
    ]
    named = matters_for(person, [row.about for row in rows[:shown]])
    lines = [
        Line(named[row.about].address, "", named[row.about].subject,
             since=row.opened_at if isinstance(row, Statement) else row.at)
        for row in rows[:shown]
        if row.about in named
    ]  # fmt: skip
    return Part(
        "proposals", _("Proposals and statements"), _bounded(lines, rows), lines, "/proposals?which=mine"
    )


def _strategies(person: Person, now: datetime, shown: int) -> Part:
    """Steps and tasks of strategies that are due within the week, the latest first."""
    found = strategies.waiting_for(person, now + timedelta(days=7))
    lines = [Line(matter.address, "", matter.subject, due=due) for due, matter in found[:LISTED]]
    return Part("strategies", _("Steps of strategies due this week"), _bounded(lines, found), lines[:shown])


def _must_know(person: Person, now: datetime, shown: int) -> Part:
    """What their department must know and they have not read yet, the oldest first."""
    waiting = KnowledgeReading.objects.waiting_for(person.pk).select_related("share__knowledge")
    rows = list(waiting[: LISTED + 1])
    lines = [
        Line(f"/knowledge/{row.share.knowledge_id}", "", row.share.knowledge.title,
             row.share.knowledge.get_kind_display(), since=row.share.shared_at)
        for row in rows[:shown]
    ]  # fmt: skip
    return Part("must-know", _("You must know this"), _bounded(lines, rows), lines, "/knowledge?which=unread")


def _knowledge(person: Person, now: datetime, shown: int) -> Part:
    """For the knowledge steward: what nobody has judged, what has expired or is due."""
    rows: list[Knowledge] = []
    if keeps_knowledge(scope_of(person)):
        rows = list(Knowledge.objects.waiting(timezone.localdate(now))[: LISTED + 1])
    lines = [
        Line(f"/knowledge/{row.pk}", "", row.title, row.flags(timezone.localdate(now))[0][1],
             since=row.captured_at)
        for row in rows[:shown]
    ]  # fmt: skip
    return Part("knowledge", _("Knowledge to review"), _bounded(lines, rows), lines, "/knowledge/worklist")


def _surges(person: Person, now: datetime, shown: int) -> Part:
    """Alarms they were told of and nobody has acknowledged."""
    rows = list(Surge.objects.waiting().filter(told__contains=[person.pk]).order_by("-pk")[: LISTED + 1])
    words = surges.called([(row.dimension, row.value) for row in rows[:shown]])
    lines = [
        Line(
            f"/surges/{row.pk}", "", words[row.dimension, row.value],
            _("%(observed)s instead of about %(expected)s") % {"observed": row.observed, "expected": round(row.expected)},
            since=row.raised_at,
        )
        for row in rows[:shown]
    ]  # fmt: skip
    return Part("surges", _("Surges to look at"), _bounded(lines, rows), lines, "/surges")


_PARTS: dict[str, Callable[[Person, datetime, int], Part]] = {
    "surges": _surges,
    "decisions": _decisions,
    "call-backs": _call_backs,
    "requests": _requests,
    "reviews": _reviews,
    "problems": _problems,
    "proposals": _proposals,
    "questions": _questions,
    "news": _news,
    "unaccepted": _unaccepted,
    "follow-ups": _follow_ups,
    "contacts": _contacts,
    "missed-contacts": _missed_by_others,
    "watched": _watched,
    "strategies": _strategies,
    "must-know": _must_know,
    "knowledge": _knowledge,
}


def take_next(person: Person, now: datetime) -> str:
    """Where the most urgent thing is done: their own next deadline, or a task of the department nobody took."""
    own = _urgent(person, now)
    if own and own[0].due and own[0].due < NO_DEADLINE:
        return own[0].address
    waiting = (line for key in ("decisions", "call-backs", "requests", "problems", "questions", "unaccepted", "news", "follow-ups", "contacts", "must-know")
               for line in _PARTS[key](person, now, 1).lines)  # fmt: skip
    return next((line.address for line in islice(waiting, 1)), "")


@dataclass(frozen=True)
class Step:
    """One thing a new firm does before its first case is closed."""

    words: LazyText | str
    address: str
    done: bool


def first_steps(person: Person) -> list[Step]:
    """For the administrator of a firm that has not closed a case yet; nothing afterwards."""
    from guixin.organisation.models import Calendar, Department
    from guixin.promise.models import StandardVersion
    from guixin.serve.models import RoutingRule

    scope = scope_of(person)
    if not (scope.has_duty(Duty.ADMINISTRATOR) or scope.rank >= Rank.GENERAL_MANAGER):
        return []
    if Closing.objects.exists():
        return []
    return [
        Step(gettext_lazy("Departments and people"), "/admin/", Department.objects.count() > 1),
        Step(gettext_lazy("Working hours and holidays"), "/admin/", Calendar.objects.exists()),
        Step(gettext_lazy("Service standards"), "/admin/",
             StandardVersion.objects.filter(withdrawn_at=None).exists()),
        Step(gettext_lazy("Rules that find the department"), "/admin/",
             RoutingRule.objects.filter(withdrawn_at=None).exists()),
        Step(gettext_lazy("The first case taken in"), "/cases/new", Case.objects.exists()),
        Step(gettext_lazy("The first case closed"), "/queues/mine", False),
    ]  # fmt: skip
