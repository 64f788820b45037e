"""Cases that happened before Guixin knew of them: taken in, promised and closed by their own times.

Everything works on sets, with the same clocks and the same judgement as live cases; what a live case needs
from people (routing, a reply, a classification) is not asked of the past.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext_noop as _

from guixin.ledger import Event, record
from guixin.ledger.bulk import insert_rows, update_rows
from guixin.ledger.models import Entry
from guixin.promise.keeping import Promise, Stop, start, stop
from guixin.promise.models import Measure, Standard, StandardVersion
from guixin.promise.past import PastPromise, judge
from guixin.serve.models import Case, Task, Transfer
from guixin.serve.models.case import NO_DEADLINE

A_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class PastCaseTaken(Event):
    """A case from before was taken in, with the promise it had then and what became of it."""

    kind: ClassVar[str] = "serve.past_case_taken"
    sentence: ClassVar[str] = _("Taken over from %(source)s")
    source: str
    external_id: str
    department_id: int
    promised_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PastCaseClosed(Event):
    """A case from before was closed at this time."""

    kind: ClassVar[str] = "serve.past_case_closed"
    sentence: ClassVar[str] = _("Closed, as the source says")


@dataclass(frozen=True, kw_only=True)
class PastStep(Event):
    """Something that was done to a case before Guixin knew of it: a status, by a team, on a line of support."""

    kind: ClassVar[str] = "serve.past_step"
    sentence: ClassVar[str] = _("%(status)s, %(team)s")
    step: int  # 1 for the first of the case
    status: str
    team: str
    department_id: int
    line: int  # of support: 1, 2, 3; 0 unknown


@dataclass(slots=True, kw_only=True)
class PastCase:
    """One row of history. `promised_at` must lie after `opened_at`; leave it out otherwise."""

    source: str
    external_id: str
    kind: str
    subject: str
    channel: str
    opened_at: datetime
    department_id: int
    owner_id: int
    story: str = ""
    category: str = ""
    product: str = ""
    severity: int = Case.Severity.NORMAL
    customer_id: int | None = None
    promised_at: datetime | None = None
    closed_at: datetime | None = None
    closing_note: str = ""
    calendar_id: int | None = None


_CASE = {
    "number": "text", "kind": "text", "state": "text", "subject": "text", "story": "text", "category": "text",
    "product": "text", "severity": "smallint", "channel": "text", "language": "text", "customer_id": "bigint",
    "grade": "text", "owner_id": "bigint", "department_id": "bigint", "opened_at": "timestamptz",
    "closed_at": "timestamptz", "generation": "smallint", "level": "smallint", "queue_at": "timestamptz",
    "version": "integer", "tracking_salt": "text", "source": "text", "external_id": "text",
}  # fmt: skip
_CLOSING = {
    "case_id": "bigint", "generation": "smallint", "at": "timestamptz", "department_id": "bigint",
    "quality_point": "text", "cause": "text", "summary": "text",
}  # fmt: skip


def past_promise(
    *, now: datetime, warn_percent: int | None = None, ladder_minutes: Sequence[int] = (), code: str = "past"
) -> StandardVersion:
    """The version under which promises made elsewhere run: it matches no new case, and its budget is unused.

    Each past case brings its own deadline; what the version gives is the warning and the ladder.
    """
    standard, _made = Standard.objects.get_or_create(
        code=code, defaults={"measure": Measure.RESOLVE, "name": "原承诺", "name_en": "As promised then"}
    )
    terms = {"warn_percent": warn_percent, "ladder_minutes": list(ladder_minutes), "repeat_minutes": None}
    last = standard.versions.filter(**terms).order_by("-number").first()
    if last:
        return last
    number = standard.versions.count() + 1
    return StandardVersion.objects.create(
        standard=standard, number=number, published_at=now, withdrawn_at=now, budget_minutes=1, **terms
    )


@transaction.atomic
def take_in(
    cases: Sequence[PastCase],
    *,
    version: StandardVersion,
    calendar_id: int,
    now: datetime,
    live: bool = False,
) -> dict[str, int]:
    """Take in what is not there yet. Returns external id -> case id of the new ones.

    Closed cases are judged from their own times. An open one whose deadline has passed is broken, but its
    ladder does not climb years later, unless `live` (a replay): then the clocks start running and nothing
    is judged before its time.
    """
    landed = _not_there_yet(cases)
    fresh = _insert(landed, live)
    record(*(_taken(case, fresh[case.external_id], live) for case in landed))
    promised = [case for case in landed if case.promised_at]
    if live:
        start([_promise(case, fresh[case.external_id], version, calendar_id) for case in promised])
    else:
        _close(landed, fresh)
        judge([_past_promise(case, fresh[case.external_id], calendar_id) for case in promised], version, now)
    return fresh


def _not_there_yet(cases: Sequence[PastCase]) -> list[PastCase]:
    """Those of the sources' cases that we do not have. Two imports of one source take turns, chunk by chunk."""
    sources = sorted({case.source for case in cases})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(s)) FROM unnest(%s::text[]) s", [sources])
        cursor.execute(_THERE, [[case.source for case in cases], [case.external_id for case in cases]])
        there = set(cursor.fetchall())
    return [case for case in cases if (case.source, case.external_id) not in there]


_THERE = """
    SELECT c.source, c.external_id FROM unnest(%s::text[], %s::text[]) AS asked (source, external_id)
    JOIN serve_case c ON c.source = asked.source AND c.external_id = asked.external_id
"""


def _insert(cases: Sequence[PastCase], live: bool) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('serve_case_number') FROM generate_series(1, %s)", [len(cases)])
        numbers = [number for (number,) in cursor.fetchall()]
    rows = []
    for case, number in zip(cases, numbers, strict=True):
        closed_at = None if live else case.closed_at
        deadline = case.promised_at if case.promised_at and not closed_at else None
        rows.append(
            (f"{case.opened_at.year}-{number:06d}", case.kind, Case.State.CLOSED if closed_at else Case.State.OPEN,
             case.subject, case.story, case.category, case.product, case.severity, case.channel, "zh-hans",
             case.customer_id, "", case.owner_id, case.department_id, case.opened_at, closed_at, 1, 0,
             deadline or NO_DEADLINE, 1, "", case.source, case.external_id)
        )  # fmt: skip
    ids = insert_rows("serve_case", _CASE, rows, returning="id")
    return {case.external_id: pk for case, (pk,) in zip(cases, ids, strict=True)}


def _close(cases: Sequence[PastCase], ids: dict[str, int]) -> None:
    insert_rows(
        "serve_closing",
        _CLOSING,
        [
            (ids[case.external_id], 1, case.closed_at, case.department_id, "", "", case.closing_note)
            for case in cases
            if case.closed_at
        ],
    )


def _promise(case: PastCase, pk: int, version: StandardVersion, calendar_id: int) -> Promise:
    """Running from now on, as it did then."""
    return Promise(
        about=("case", pk),
        case_id=pk,
        version=version,
        measure=Measure.RESOLVE,
        department_id=case.department_id,
        holder_id=case.owner_id,
        started_at=case.opened_at,
        until=case.promised_at,
        calendar_id=case.calendar_id or calendar_id,
    )


def _past_promise(case: PastCase, pk: int, calendar_id: int) -> PastPromise:
    assert case.promised_at
    return PastPromise(
        about=("case", pk),
        case_id=pk,
        measure=Measure.RESOLVE,
        department_id=case.department_id,
        holder_id=case.owner_id,
        started_at=case.opened_at,
        until=case.promised_at,
        calendar_id=case.calendar_id or calendar_id,
        stopped_at=case.closed_at,
    )


def _taken(case: PastCase, case_id: int, live: bool) -> PastCaseTaken:
    return PastCaseTaken(
        happened_at=case.opened_at,
        about=("case", case_id),
        case_id=case_id,
        source=case.source,
        external_id=case.external_id,
        department_id=case.department_id,
        promised_at=case.promised_at,
        closed_at=None if live else case.closed_at,
    )


@transaction.atomic
def close_past(closings: Iterable[tuple[int, datetime]], *, now: datetime) -> None:
    """Close these cases (id, time) and judge their promises from those times, whatever a worker has seen."""
    closings = list(closings)
    stop([Stop(("case", pk), Measure.RESOLVE, at) for pk, at in closings], now)
    update_rows(
        "serve_case",
        "id",
        {"closed_at": "timestamptz", "state": "text", "queue_at": "timestamptz"},
        [(pk, at, Case.State.CLOSED, NO_DEADLINE) for pk, at in closings],
    )
    record(*(PastCaseClosed(happened_at=at, about=("case", pk), case_id=pk) for pk, at in closings))


@dataclass(slots=True, kw_only=True)
class Step:
    """One thing done to a past case; `number` is its place in the history of the case, from 1."""

    external_id: str
    number: int
    at: datetime
    status: str
    team: str
    department_id: int
    line: int
    subject: str
    is_end: bool


@transaction.atomic
def take_steps(source: str, steps: Sequence[Step], *, owner_id: int) -> int:
    """Append steps to the histories of past cases, in the order given. Returns how many were new.

    The first step of a case opens it, a step of another team is a transfer, an ending step closes it until
    another follows. A step that is already there (by its number) is passed over.
    """
    keys = list(dict.fromkeys(step.external_id for step in steps))
    cases = {c.external_id: c for c in Case.objects.filter(source=source, external_id__in=keys)}
    there = _steps_taken([case.pk for case in cases.values()])
    taken = {case.external_id: there.get(case.pk, 0) for case in cases.values()}
    steps = [step for step in steps if step.number > taken.get(step.external_id, 0)]
    openings = {s.external_id: s for s in reversed(steps) if s.external_id not in cases}
    if openings:
        _open_histories(source, openings, owner_id)
        cases |= {
            c.external_id: c for c in Case.objects.filter(source=source, external_id__in=list(openings))
        }
    tasks = {
        task.case_id: task for task in Task.objects.filter(case__in=cases.values()).select_related("case")
    }
    said, transfers, ended = [], [], {}
    for step in steps:
        case = cases[step.external_id]
        task = tasks[case.pk]
        if task.department_id != step.department_id:
            transfers.append(
                Transfer(task=task, kind=Transfer.Kind.PASSED_ON, from_department_id=task.department_id,
                         to_department_id=step.department_id, at=step.at, reason=step.status)
            )  # fmt: skip
            task.department_id = step.department_id
        ended[case.pk] = step.at if step.is_end else None
        said.append(
            PastStep(
                happened_at=step.at,
                about=("task", task.pk),
                case_id=case.pk,
                step=step.number,
                status=step.status,
                team=step.team,
                department_id=step.department_id,
                line=step.line,
            )
        )
    Transfer.objects.bulk_create(transfers)
    _bring_to_their_end(tasks, ended)
    record(*said)
    return len(said)


def _steps_taken(case_ids: list[int]) -> dict[int, int]:
    """How many steps of each case are in the ledger."""
    rows = Entry.objects.filter(case_id__in=case_ids, kind=PastStep.kind).order_by()
    return dict(rows.values_list("case_id").annotate(n=Count("id")))


def _open_histories(source: str, openings: dict[str, Step], owner_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('serve_case_number') FROM generate_series(1, %s)", [len(openings)])
        numbers = [number for (number,) in cursor.fetchall()]
    cases = [
        Case(
            number=f"{step.at.year}-{number:06d}", kind=Case.Kind.SERVICE_REQUEST, subject=step.subject,
            channel=Case.Channel.FILE, owner_id=owner_id, department_id=step.department_id, opened_at=step.at,
            source=source, external_id=step.external_id,
        )
        for step, number in zip(openings.values(), numbers, strict=True)
    ]  # fmt: skip
    Case.objects.bulk_create(cases)
    Task.objects.bulk_create(
        Task(case=case, department_id=case.department_id, state=Task.State.GIVEN, given_at=case.opened_at)
        for case in cases
    )


def _bring_to_their_end(tasks: dict[int, Task], ended: dict[int, datetime | None]) -> None:
    """The last step of each case decides whether it stands closed or open, and with whom."""
    for case_id, at in ended.items():
        task = tasks[case_id]
        task.state, task.ended_at = (Task.State.DONE, at) if at else (Task.State.GIVEN, None)
        task.case.department_id = task.department_id
        task.case.state, task.case.closed_at = (Case.State.CLOSED, at) if at else (Case.State.OPEN, None)
    touched = [tasks[case_id] for case_id in ended]
    Task.objects.bulk_update(touched, ["department", "state", "ended_at"], batch_size=1000)
    Case.objects.bulk_update(
        [task.case for task in touched], ["department", "state", "closed_at"], batch_size=1000
    )
