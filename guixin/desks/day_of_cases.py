"""What waits for somebody of cases: words, questions, follow-ups, decisions, tasks, what they watch, reviews, hard problems,
surges."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from guixin.channels.models import Notice
from guixin.desks.day_lines import (
    LISTED,
    SHOWN,
    Line,
    Part,
    Read,
    bounded,
    case_line,
    lines_of_cases,
    lines_of_matters,
    task_line,
)
from guixin.ledger.reading import Reading
from guixin.ledger.wording import in_words
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.promise.matters import Matter
from guixin.promise.models import Escalation, Extension
from guixin.recover.models import Recovery
from guixin.serve import queues, surges
from guixin.serve.filtering import asked
from guixin.serve.models import (
    Case,
    Emergency,
    FollowUp,
    HardProblem,
    Surge,
    Task,
    Watch,
)
from guixin.serve.models.counter import all_counted
from guixin.serve.overview import Number

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


def _said(notices: Sequence[Notice], read: Read, shown: int) -> tuple[Number, list[Line]]:
    """Notices as lines; where they lead, the words are."""

    def line(notice: Notice, case: Case | Matter) -> Line:
        tag = in_words(notice.kind, notice.facts)
        if isinstance(case, Matter):
            address = case.address
        elif notice.about_kind == "task" and case.owner_id != read.person.pk:
            address = f"/tasks/{notice.about_id}"
        else:
            address = f"/cases/{case.number}"
        return Line(address, case.number, case.subject, tag, since=notice.happened_at)

    lines = lines_of_matters(notices[:LISTED], read, line)
    return bounded(lines, notices), lines[:shown]


UNREAD_NEWS = Reading(
    lambda person_id: Notice.objects.unread_by(person_id).filter(kind__in=NEWS)[: LISTED + 1]
)


UNREAD_QUESTIONS = Reading(
    lambda person_id: Notice.objects.unread_by(person_id).filter(kind=QUESTION)[: LISTED + 1]
)


def news(person: Person, now: datetime, shown: int, read: Read) -> Part:
    return Part("news", _("New words and results"), *_said(read(UNREAD_NEWS), read, shown))


def questions(person: Person, now: datetime, shown: int, read: Read) -> Part:
    return Part("questions", _("Departments ask you"), *_said(read(UNREAD_QUESTIONS), read, shown))


FOLLOW_UPS = Reading(
    lambda person_id: FollowUp.objects.filter(holder_id=person_id, state=FollowUp.State.PLANNED).order_by(
        "planned_for"
    )[: LISTED + 1]
)


def follow_ups(person: Person, now: datetime, shown: int, read: Read) -> Part:
    tomorrow = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    rows = [row for row in read(FOLLOW_UPS) if row.planned_for < tomorrow]
    lines = lines_of_cases(rows[:LISTED], read, lambda row, case: case_line(case, due=row.planned_for))
    return Part("follow-ups", _("Follow-ups to make today"), bounded(lines, rows), lines[:shown])


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


def decisions(person: Person, now: datetime, shown: int, read: Read) -> Part:
    """Requests for more time and what was escalated to them, which stand together on the page of escalations."""
    requests = read(REQUESTS)
    raised = read(RAISED if shown <= SHOWN else ALL_RAISED)[:shown]
    lines = [
        *lines_of_cases(
            requests[:shown], read,
            lambda row, case: Line(
                f"/escalations#extension-{row.pk}", case.number, case.subject, _("asks for more time"),
                due=row.old_due_at,
            ),
        ),
        *lines_of_matters(
            raised, read,
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


def unaccepted(person: Person, now: datetime, shown: int, read: Read) -> Part:
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
        [task_line(task) for task in rows],
        "/queues/tasks?state=given",
    )


WATCHED = Reading(
    lambda person_id: (
        Watch.objects.filter(person_id=person_id, case__state__in=Case.OPEN)
        .select_related("case")
        .order_by("case__queue_at", "pk")[: LISTED + 1]
    )
)


def watched(person: Person, now: datetime, shown: int, read: Read) -> Part:
    rows = read(WATCHED)
    lines = lines_of_cases(rows[:LISTED], read, lambda row, case: case_line(case, due=case.queue_at))
    return Part("watched", _("What you watch"), bounded(lines, rows), lines[:shown])


REVIEWS = Reading(
    lambda person_id: (
        Emergency.objects.to_review()
        .filter(reviewer_id=person_id)
        .select_related("case")
        .order_by("begun_at", "pk")[: LISTED + 1]
    )
)


def reviews(person: Person, now: datetime, shown: int, read: Read) -> Part:
    """Emergencies they must still review."""
    rows = read(REVIEWS)
    lines = [
        Line(f"/emergencies/{row.pk}", row.case.number, row.case.subject, since=row.begun_at)
        for row in rows[:shown]
    ]
    return Part(
        "reviews", _("Emergencies to review"), bounded(lines, rows), lines, "/emergencies?which=review"
    )


def recoveries(person: Person, now: datetime, shown: int, read: Read) -> Part:
    """Recoveries they answer for, or have a step of to do; the oldest first."""
    waiting = Recovery.objects.waiting_for(person).select_related("case")
    rows = list(waiting.order_by("begun_at", "pk")[: LISTED + 1])
    lines = [
        Line(f"/recoveries/{row.pk}", row.case.number, row.case.subject, since=row.begun_at)
        for row in rows[:shown]
    ]
    return Part("recoveries", _("Customers to make whole"), bounded(lines, rows), lines, "/recoveries")


def problems(person: Person, now: datetime, shown: int, read: Read) -> Part:
    """Hard problems that wait for their conclusion, the oldest first."""
    waiting = HardProblem.objects.waiting_for(person, now).select_related("case", "skill")
    rows = list(waiting.order_by("asked_at", "pk")[: LISTED + 1])
    lines = [
        Line(f"/problems/{row.pk}", row.case.number, row.case.subject, str(row.skill), since=row.asked_at)
        for row in rows[:shown]
    ]
    return Part("problems", _("Hard problems for you"), bounded(lines, rows), lines, "/problems")


def surges_raised(person: Person, now: datetime, shown: int, read: Read) -> Part:
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
    return Part("surges", _("Surges to look at"), bounded(lines, rows), lines, "/surges")


READ_AT_ONCE = (UNREAD_NEWS, UNREAD_QUESTIONS, FOLLOW_UPS, REQUESTS, RAISED, WATCHED, REVIEWS)
