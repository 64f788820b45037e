"""What may leave: each schema is an allow-list, and beside it the function that fills it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Annotated, Any

from django.utils.translation import get_language
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from guixin.promise.keeping import running_all
from guixin.promise.models import Clock, Escalation
from guixin.serve.models import Case, Message, Task
from guixin.serve.models.case import NO_DEADLINE
from guixin.worktime import working_out, working_out_in_words


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("may not contain the character NUL")
    return text


def _in_our_time(at: datetime) -> datetime:
    if not 1970 <= at.year <= 2200:
        raise ValueError("must lie between 1970 and 2200")
    return at


def _without_a_zone(at: time) -> time:
    """A time of the day holds wherever the firm is; one with a zone would be another time for somebody."""
    if at.tzinfo is not None:
        raise ValueError("is a time of the day, without a time zone: 09:00")
    return at


Word = Annotated[str, StringConstraints(max_length=200), AfterValidator(_storable)]
Text = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_storable)]
Said = Annotated[
    str,
    StringConstraints(max_length=20_000, min_length=1, strip_whitespace=True),
    AfterValidator(_storable),
]
Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
TimeOfDay = Annotated[time, AfterValidator(_without_a_zone)]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Small = Annotated[int, Field(ge=0, le=32_767)]
Minutes = Annotated[int, Field(ge=0, le=5_256_000)]  # ten years


class Input(BaseModel):
    """What comes in: a field nobody asked for is refused, so that nothing can be smuggled into a model."""

    model_config = ConfigDict(extra="forbid")


class AnswerGiven(Input):
    answer: Said


class QuestionGiven(Input):
    question: Said


class ReasonGiven(Input):
    reason: Said


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[dict[str, str]] | None = None


class PersonShown(BaseModel):
    id: int
    name: str


class DepartmentShown(BaseModel):
    id: int
    code: str
    name: str


class CustomerShown(BaseModel):
    """Masked, unless it is the answer to a reveal."""

    id: int
    kind: str
    name: str
    grade: str | None
    language: str
    organisation: str
    identities: list[dict[str, str]]
    attributes: list[dict[str, str]] = []  # of one customer, not in lists: code, name, shown
    revealed: bool


class PromiseShown(BaseModel):
    """A clock. `working_out` says how its deadline comes about."""

    id: int
    measure: str
    words: str
    about: str
    generation: int
    state: str
    started_at: datetime
    due_at: datetime | None
    provisional: bool
    breached_at: datetime | None
    stopped_at: datetime | None
    department_id: int
    holder_id: int | None
    standard: str
    standard_version: int
    working_out: str


class EscalationShown(BaseModel):
    id: int
    cause: str
    level: int
    round: int
    is_top: bool
    clock_id: int | None
    department_id: int
    from_person: PersonShown | None
    to_person: PersonShown | None
    skipped: list[dict[str, Any]]
    reason: str
    happened_at: datetime
    acted_at: datetime | None
    acted_how: str
    act_note: str
    look_again_at: datetime | None
    over_at: datetime | None


class MessageShown(BaseModel):
    id: int
    kind: str
    body: str
    by: PersonShown | None
    at: datetime
    channel: str
    task_id: int | None
    answers_id: int | None


class TaskShown(BaseModel):
    id: int
    case: str
    stage: int
    state: str
    department: DepartmentShown
    handler: PersonShown | None
    instruction: str
    result: str
    given_at: datetime | None
    accepted_at: datetime | None
    ended_at: datetime | None
    next_deadline: datetime | None
    level: int
    version: int


class CaseShown(BaseModel):
    number: str
    kind: str
    state: str
    subject: str
    category: str
    product: str
    severity: int
    channel: str
    language: str
    grade: str
    level: int
    generation: int
    owner: PersonShown
    department: DepartmentShown
    opened_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    next_deadline: datetime | None
    version: int


class EntryShown(BaseModel):
    """One entry of the ledger; `position` is empty for the moment until it has been numbered."""

    id: int
    position: int | None
    kind: str
    happened_at: datetime
    actor_id: int | None
    about: str
    case_id: int | None
    facts: dict[str, Any]
    words: str


class Entries(BaseModel):
    rows: list[EntryShown]
    after: int | None  # pass it back for the next page; empty: these were the last


def person(who) -> dict | None:
    return {"id": who.pk, "name": who.name} if who else None


def department(box) -> dict:
    return {"id": box.pk, "code": box.code, "name": box.name}


def deadline(at: datetime) -> datetime | None:
    return None if at == NO_DEADLINE else at


def case(one: Case) -> dict:
    return {
        "number": one.number,
        "kind": one.kind,
        "state": one.state,
        "subject": one.subject,
        "category": one.category,
        "product": one.product,
        "severity": one.severity,
        "channel": one.channel,
        "language": one.language,
        "grade": one.grade,
        "level": one.level,
        "generation": one.generation,
        "owner": person(one.owner),
        "department": department(one.department),
        "opened_at": one.opened_at,
        "answered_at": one.answered_at,
        "closed_at": one.closed_at,
        "next_deadline": deadline(one.queue_at),
        "version": one.version,
    }


def task(one: Task, number: str) -> dict:
    return {
        "id": one.pk,
        "case": number,
        "stage": one.stage,
        "state": one.state,
        "department": department(one.department),
        "handler": person(one.handler),
        "instruction": one.instruction,
        "result": one.result,
        "given_at": one.given_at,
        "accepted_at": one.accepted_at,
        "ended_at": one.ended_at,
        "next_deadline": deadline(one.queue_at),
        "level": one.level,
        "version": one.version,
    }


def clocks(some: Sequence[Clock], now: datetime) -> list[dict]:
    language = get_language() or "zh-hans"
    answers = []
    for clock, run in zip(some, running_all(some), strict=True):
        until = clock.due_at or now
        stretches = working_out(run.started_at, until, run.calendar, [(a, b) for a, b in run.pauses])
        version = clock.version
        answers.append(
            {
                "id": clock.pk,
                "measure": clock.measure,
                "words": version.promise_in(language),
                "about": f"{clock.about_kind}:{clock.about_id}",
                "generation": clock.generation,
                "state": clock.state,
                "started_at": clock.started_at,
                "due_at": clock.due_at,
                "provisional": clock.provisional,
                "breached_at": clock.breached_at,
                "stopped_at": clock.stopped_at,
                "department_id": clock.department_id,
                "holder_id": clock.holder_id,
                "standard": version.standard.code,
                "standard_version": version.number,
                "working_out": working_out_in_words(stretches, language),
            }
        )
    return answers


def escalation(one: Escalation) -> dict:
    return {
        "id": one.pk,
        "cause": one.cause,
        "level": one.level,
        "round": one.round,
        "is_top": one.is_top,
        "clock_id": one.clock_id,
        "department_id": one.department_id,
        "from_person": person(one.from_person),
        "to_person": person(one.to_person),
        "skipped": one.skipped,
        "reason": one.reason,
        "happened_at": one.happened_at,
        "acted_at": one.acted_at,
        "acted_how": one.acted_how,
        "act_note": one.act_note,
        "look_again_at": one.look_again_at,
        "over_at": one.over_at,
    }


def message(one: Message) -> dict:
    return {
        "id": one.pk,
        "kind": one.kind,
        "body": one.body,
        "by": person(one.by),
        "at": one.at,
        "channel": one.channel,
        "task_id": one.task_id,
        "answers_id": one.answers_id,
    }


def entries(rows: Iterable, size: int, *, by: str) -> dict:
    """A page of the ledger; `by` is the column the reader follows, "position" or "id"."""
    rows = list(rows)
    more, rows = len(rows) > size, rows[:size]
    shown = [
        {
            "id": row.pk,
            "position": row.position,
            "kind": row.kind,
            "happened_at": row.happened_at,
            "actor_id": row.actor_id,
            "about": f"{row.about_kind}:{row.about_id}",
            "case_id": row.case_id,
            "facts": row.facts,
            "words": row.in_words(),
        }
        for row in rows
    ]
    return {"rows": shown, "after": getattr(rows[-1], by) if more else None}
