"""The course of a replay: slice by slice the virtual clock moves on, cases open and close, clocks fire."""

import bisect
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db.models import Count
from django.utils.translation import gettext as _

from guixin.channels.importing.cases import CaseRows
from guixin.channels.importing.running import Remark
from guixin.channels.replaying.scratch import scratch_database
from guixin.channels.replaying.workers import Workers
from guixin.channels.sheets import BadRow, Fault, Mapping, open_sheet
from guixin.ledger.clock import set_virtual_clock
from guixin.ledger.models import Entry
from guixin.organisation.first_firm import ensure_first_firm
from guixin.organisation.models import Calendar, Department
from guixin.promise.events import ClockBreached, ClockEscalated, ClockWarned
from guixin.promise.keeping import fire_due
from guixin.promise.models import Clock, Escalation
from guixin.serve.past import PastCase, close_past, past_promise, take_in

EVENTS_A_SLICE = 2000  # openings and closings between two looks at the clocks


class CannotReplay(Exception):
    """The replay cannot be run like this, and why."""


@dataclass(frozen=True)
class LadderTerms:
    """A ladder to try: the share of time after which to warn, and how long after the deadline each level follows."""

    warn_percent: int | None
    ladder_minutes: tuple[int, ...]  # of levels 2, 3 …; level 1 is the deadline itself

    @classmethod
    def parse(cls, text: str) -> "LadderTerms":
        """From "80%,0h,24h,72h": the warning, then the levels.

        >>> LadderTerms.parse("80%,0h,24h,72h")
        LadderTerms(warn_percent=80, ladder_minutes=(1440, 4320))
        """
        steps = [step.strip() for step in text.split(",") if step.strip()]
        try:
            warn = int(steps.pop(0)[:-1]) if steps and steps[0].endswith("%") else None
            minutes = [_minutes(step) for step in steps]
        except (ValueError, KeyError, IndexError) as wrong:
            raise CannotReplay(_("A ladder reads like 80%%,0h,24h,72h; “%s” does not.") % text) from wrong
        if minutes[:1] != [0] or minutes != sorted(minutes) or (warn is not None and not 1 <= warn <= 99):
            raise CannotReplay(
                _("A ladder begins with 0h, the deadline, and its delays only grow; “%s” does not.") % text
            )
        return cls(warn, tuple(minutes[1:]))


def _minutes(text: str) -> int:
    return int(text[:-1]) * {"m": 1, "h": 60, "d": 1440}[text[-1]]


@dataclass
class Outcome:
    """What the ladder did."""

    cases: int = 0  # with a deadline that could be kept
    rows: int = 0
    faults: int = 0
    rejected: int = 0
    warnings: int = 0
    breaches: int = 0
    levels: dict[int, int] = field(default_factory=dict)
    by_department: dict[str, dict[str, int]] = field(default_factory=dict)
    doubled: int = 0
    lateness_p50_s: float = 0.0
    lateness_p99_s: float = 0.0
    lateness_max_s: float = 0.0
    clock_events: int = 0  # clocks started and stopped, warnings, breaches and levels
    seconds: float = 0.0
    kills: int = 0

    def as_json(self) -> dict:
        numbers = {key: value for key, value in vars(self).items() if key != "levels"}
        numbers |= {f"level_{level}": count for level, count in sorted(self.levels.items())}
        numbers["clock_events_per_s"] = round(self.clock_events / self.seconds) if self.seconds else 0
        return numbers


def replay(
    path: Path | str,
    mapping: Mapping,
    *,
    until: datetime,
    terms: LadderTerms,
    calendar: str = "always",
    workers: int = 0,
    kills: int = 0,
    seed: int = 1,
    progress: Callable[[datetime], None] | None = None,
) -> Outcome:
    """Run the file's cases through the real engine up to `until`, in a database of its own.

    workers   how many worker processes fire the clocks; 0: this process does
    kills     SIGKILLs dealt to workers at random moments (drawn from `seed`); they are started again
    Lateness is real time: from the moment the virtual clock had passed a deadline to its step on record.
    """
    if mapping.what != "cases":
        raise CannotReplay(_("Only cases can be replayed; this mapping is for %s.") % mapping.what)
    with scratch_database("guixin_replay") as url:
        course = Course(mapping, until=until, terms=terms, calendar=calendar)
        openings, closings = course.read(Path(path))
        with Workers(workers, url=url, kills=kills, seed=seed) as staff:
            started = time.monotonic()
            for boundary, opened, closed in _slices(openings, closings, until):
                course.live_until(boundary, opened, closed, staff)
                if progress:
                    progress(boundary)
            course.outcome.seconds = round(time.monotonic() - started, 2)
            course.outcome.kills = staff.killed
        return course.report()


Opening = tuple[datetime, PastCase]


class Course:
    """The state of one replay."""

    def __init__(self, mapping: Mapping, *, until: datetime, terms: LadderTerms, calendar: str):
        set_virtual_clock(until)  # reading the file, nothing after `until` is in the future
        ensure_first_firm(until)
        self.until = until
        self.rows = CaseRows(mapping)
        self.version = past_promise(
            now=until, warn_percent=terms.warn_percent, ladder_minutes=terms.ladder_minutes, code="replay"
        )
        self.calendar_id = self._calendar(calendar)
        self.ids: dict[str, int] = {}
        self.boundaries: list[datetime] = []
        self.passed_at: list[datetime] = []  # by the real clock
        self.outcome = Outcome()

    def _calendar(self, code: str) -> int:
        found = Calendar.objects.filter(code=code).values_list("pk", flat=True).first()
        if found is None:
            there = ", ".join(Calendar.objects.order_by("code").values_list("code", flat=True))
            raise CannotReplay(
                _("There is no calendar “%(code)s”. There are: %(there)s.") % {"code": code, "there": there}
            )
        return found

    def read(self, path: Path) -> tuple[list[Opening], list[Opening]]:
        """Openings and closings up to `until`, each in order of time."""
        sheet = open_sheet(path)
        bound = self.rows.mapping.bind(sheet.columns)
        openings, closings, seen = [], [], set()
        for row in sheet.rows():
            fields = None if isinstance(row, BadRow) else bound(row.values)
            case = None if fields is None or isinstance(fields, Fault) else self.rows.case(row.line, fields)
            self.outcome.rows += 1
            if case is None or isinstance(case, Remark):
                self.outcome.rejected += 1
                continue
            if case.external_id in seen:
                continue
            seen.add(case.external_id)
            if case.promised_at and case.promised_at <= case.opened_at:
                self.outcome.faults += 1
                case.promised_at = None
            if case.opened_at > self.until:
                continue
            self.outcome.cases += case.promised_at is not None
            case.calendar_id = self.calendar_id
            openings.append((case.opened_at, case))
            if case.closed_at and case.closed_at <= self.until:
                closings.append((max(case.closed_at, case.opened_at), case))
        openings.sort(key=lambda event: event[0])
        closings.sort(key=lambda event: event[0])
        return openings, closings

    def live_until(
        self, boundary: datetime, opened: list[Opening], closed: list[Opening], staff: Workers
    ) -> None:
        """One slice: what happened in it happens, then the clock moves to its end and what fell due fires.

        In this order, because a worker that saw the clock beyond a closing not yet on record would break a
        promise that was kept.
        """
        if opened:
            self.ids |= take_in(
                [case for _at, case in opened],
                version=self.version,
                calendar_id=self.calendar_id,
                now=boundary,
                live=True,
            )
        if closed:
            close_past([(self.ids.pop(case.external_id), at) for at, case in closed], now=boundary)
        self.boundaries.append(boundary)
        self.passed_at.append(_real_now())
        set_virtual_clock(boundary)
        if staff.count:
            staff.wait_until_drained(boundary)
        else:
            while fire_due(boundary):
                pass

    def report(self) -> Outcome:
        """Counted from the escalations on record, not from what the loop believes it did."""
        outcome = self.outcome
        steps = Escalation.objects.values_list("level").annotate(n=Count("id")).order_by("level")
        counted = dict(steps)
        outcome.warnings, outcome.breaches = counted.get(0, 0), counted.get(1, 0)
        outcome.levels = {
            level: counted.get(level, 0) for level in range(2, 2 + len(self.version.ladder_minutes))
        }
        names = dict(Department.objects.values_list("pk", "name"))
        per = Escalation.objects.values_list("department_id", "level").annotate(n=Count("id"))
        for department_id, level, number in per.order_by("department_id", "level"):
            key = ("warnings", "breaches")[level] if level < 2 else f"level_{level}"
            outcome.by_department.setdefault(names[department_id], {})[key] = number
        kinds = [event.kind for event in (ClockWarned, ClockBreached, ClockEscalated)]
        entries = Entry.objects.filter(kind__in=kinds)
        outcome.doubled = entries.count() - sum(counted.values())
        stopped = Clock.objects.filter(stopped_at__isnull=False).count()
        outcome.clock_events = sum(counted.values()) + Clock.objects.count() + stopped
        late = sorted(self._lateness(*times) for times in entries.values_list("happened_at", "recorded_at"))
        if late:
            outcome.lateness_p50_s = round(late[len(late) // 2], 3)
            outcome.lateness_p99_s = round(late[int(len(late) * 0.99)], 3)
            outcome.lateness_max_s = round(late[-1], 3)
        return outcome

    def _lateness(self, due: datetime, recorded: datetime) -> float:
        passed = bisect.bisect_left(self.boundaries, due)
        passed_at = self.passed_at[min(passed, len(self.passed_at) - 1)]
        return max(0.0, (recorded - passed_at).total_seconds())  # a closing records what fell due before it


def _real_now() -> datetime:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def _slices(
    openings: list[Opening], closings: list[Opening], until: datetime
) -> Iterator[tuple[datetime, list[Opening], list[Opening]]]:
    """Cut time so that each slice holds about as many events; the last one ends at `until`."""
    times = sorted([at for at, _case in openings] + [at for at, _case in closings])
    boundaries = sorted({*times[EVENTS_A_SLICE::EVENTS_A_SLICE], until})
    opened = closed = 0
    for boundary in boundaries:
        to_open = bisect.bisect_right(openings, boundary, key=lambda event: event[0])
        to_close = bisect.bisect_right(closings, boundary, key=lambda event: event[0])
        yield boundary, openings[opened:to_open], closings[closed:to_close]
        opened, closed = to_open, to_close
