"""Progress in the customer's words: by department, never by person, with the promised time of each step."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Min, Prefetch
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guixin.organisation.models import Post
from guixin.promise.models import Clock, Escalation, Extension, Measure, PackageVersion
from guixin.serve.models import Case, Message, Task, Visit

STEPS = ("received", "accepted", "working", "confirm", "closed", "followed_up")


@dataclass(frozen=True)
class PromisedStep:
    """One promise to the customer: when it was due, whether it was kept, to whom it went when late."""

    words: str
    due_at: datetime | None
    done_at: datetime | None
    is_late: bool
    is_paused: bool
    raised_to: str  # the position it was raised to, "" if not


@dataclass(frozen=True)
class DepartmentStep:
    """A department's share, as the customer may know it."""

    department: str
    words: str
    due_at: datetime | None
    done_at: datetime | None
    is_late: bool
    raised_to: str


@dataclass(frozen=True)
class GivenPackage:
    """The service package as its customer may know it: never a person, never how we tell customers apart."""

    name: str
    words: str
    channels: list[str]
    contact: str


@dataclass(frozen=True)
class Progress:
    """Everything the tracking page and the public API say about a case."""

    number: str
    subject: str
    opened_at: datetime
    step: str  # one of STEPS
    words: str
    promises: list[PromisedStep]
    departments: list[DepartmentStep]
    conversation: list[Message]
    extensions: list[Extension]
    needs_answer: bool  # we wait for the customer
    may_confirm: bool  # the customer can say solved or not solved
    level: int = 0
    reached: dict[str, datetime] = field(default_factory=dict)  # when each step was first reached
    remedies: list[str] = field(default_factory=list)
    package: GivenPackage | None = None
    is_emergency: bool = False


def progress(case: Case, *, now: datetime) -> Progress:
    """What the customer is shown, in the active language."""
    shown = case.merged_into or case
    clocks = list(
        Clock.objects.filter(case_id=shown.pk).select_related("version__standard").order_by("due_at", "pk")
    )
    raised = _raised_to(shown)
    step = _step(shown)
    tasks = Task.objects.filter(case=shown).exclude(state__in=["planned", "withdrawn", "sent_back"])
    package = _package_of(shown)
    # Nothing is solved before the visitors were here.
    is_to_come = shown.kind == Case.Kind.VISIT and Visit.objects.open().filter(case=shown).exists()
    is_broken = any(clock.about_kind == "case" and clock.is_breached for clock in clocks)
    remedy = package.remedy_in(get_language() or "zh-hans") if package and is_broken else ""
    return Progress(
        number=case.number,
        subject=case.subject,
        opened_at=case.opened_at,
        step=step,
        words=_words(step),
        promises=[_promised(clock, raised, now) for clock in clocks if clock.about_kind == "case"
                  and clock.measure not in (Measure.ROUTE,) and clock.state != Clock.State.VOID],
        departments=[
            _department(task, clocks, raised, now)
            for task in tasks.select_related("department").order_by("stage", "pk")
        ],
        conversation=[m for m in shown.messages.order_by("at", "pk") if m.customer_may_read],
        extensions=list(
            Extension.objects.filter(case_id=shown.pk, state=Extension.State.GRANTED).order_by("decided_at")
        ),
        needs_answer=shown.state == Case.State.WAITING,
        may_confirm=(shown.state == Case.State.ANSWERED and not is_to_come) or _awaits_follow_up(shown),
        level=shown.level,
        is_emergency=shown.emergency_since is not None,
        reached=_reached(shown),
        remedies=[
            clock.version.remedy_in(get_language() or "zh-hans")
            for clock in clocks
            if clock.about_kind == "case" and clock.is_breached and clock.version.remedy
        ]
        + ([remedy] if remedy else []),
        package=_given(package) if package else None,
    )  # fmt: skip


def _package_of(case: Case) -> PackageVersion | None:
    if case.package_id is None:
        return None
    return PackageVersion.objects.select_related("package").get(pk=case.package_id)


def _given(version: PackageVersion) -> GivenPackage:
    language, labels = get_language() or "zh-hans", dict(Case.Channel.choices)
    return GivenPackage(
        name=version.package.shown_name(language),
        words=version.promise_in(language),
        channels=[str(labels[code]) for code in version.channels if code in labels],
        contact=version.contact,
    )


def _reached(case: Case) -> dict[str, datetime]:
    """When each step of the way was reached; a step that was skipped has no time."""
    tasks = Task.objects.filter(case=case).aggregate(given=Min("given_at"), accepted=Min("accepted_at"))
    followed_up = (
        case.follow_ups.filter(state="done").order_by("-done_at").values_list("done_at", flat=True).first()
    )
    times = {
        "received": case.opened_at,
        "accepted": tasks["given"],
        "working": tasks["accepted"],
        "confirm": case.answered_at,
        "closed": case.closed_at,
        "followed_up": followed_up,
    }
    return {step: at for step, at in times.items() if at}


def _awaits_follow_up(case: Case) -> bool:
    return case.state == Case.State.CLOSED and case.follow_ups.filter(state="planned").exists()


def _step(case: Case) -> str:
    if case.state == Case.State.CLOSED:
        return "followed_up" if case.follow_ups.filter(state="done").exists() else "closed"
    if case.state == Case.State.ANSWERED:
        return "confirm"
    tasks = Task.objects.filter(case=case)
    if tasks.filter(state__in=["accepted", "done"]).exists():
        return "working"
    return "accepted" if tasks.filter(state="given").exists() else "received"


def _words(step: str) -> str:
    return {
        "received": _("We have your case and are finding the right people."),
        "accepted": _("Accepted: the departments concerned have it."),
        "working": _("The departments are working on it."),
        "confirm": _("We have answered you; please tell us whether it is solved."),
        "closed": _("Closed. We will ask you once more whether all is well."),
        "followed_up": _("Closed and followed up. Thank you for telling us."),
    }[step]


def _raised_to(case: Case) -> dict[int, str]:
    """Clock id -> the position that was told last; positions, not names, go to the customer."""
    titles: dict[int, str] = {}
    escalations = Escalation.objects.of_case(case.pk).raised().filter(clock__isnull=False)
    posts = Post.objects.select_related("position").order_by("-is_main", "pk")
    for one in escalations.select_related("to_person").prefetch_related(Prefetch("to_person__posts", posts)):
        post = next(iter(one.to_person.posts.all()), None) if one.to_person else None
        titles[one.clock_id] = post.position.shown_name(get_language() or "zh-hans") if post else ""
    return titles


def _promised(clock: Clock, raised: dict[int, str], now: datetime) -> PromisedStep:
    done_at = clock.stopped_at if clock.state in (Clock.State.MET, Clock.State.MISSED) else None
    return PromisedStep(
        words=clock.version.promise_in(get_language() or "zh-hans"),
        due_at=clock.due_at,
        done_at=done_at,
        is_late=clock.is_breached or bool(clock.is_open and clock.due_at and clock.due_at < now),
        is_paused=clock.state == Clock.State.PAUSED,
        raised_to=raised.get(clock.pk, ""),
    )


def _department(task: Task, clocks: list[Clock], raised: dict[int, str], now: datetime) -> DepartmentStep:
    mine = [c for c in clocks if (c.about_kind, c.about_id) == task.about]
    result = next((c for c in mine if c.measure == Measure.RESULT), None)
    words = {
        Task.State.GIVEN: _("has been asked"),
        Task.State.ACCEPTED: _("is working on it"),
        Task.State.DONE: _("has returned its result"),
    }[Task.State(task.state)]
    return DepartmentStep(
        department=task.department.shown_name(get_language() or "zh-hans"),
        words=words,
        due_at=result.due_at if result else None,
        done_at=task.ended_at,
        is_late=any(c.is_breached or (c.is_open and c.due_at and c.due_at < now) for c in mine),
        raised_to=next((raised[c.pk] for c in reversed(mine) if c.pk in raised), ""),
    )
