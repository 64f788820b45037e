"""A standard tried on real cases before it is published: which would have been late, for whom, and by how much.

The cases of a span are read in pieces, in the order they were opened; each piece is one transaction with the mark how far
it is, so a worker that dies has done nothing that is not marked. A few thousand are done while somebody waits.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guixin.ledger.bulk import fetch_rows, insert_rows
from guixin.organisation.models import Calendar, Department, Person
from guixin.promise.book import Book, Circumstances, book
from guixin.promise.models import Measure, Standard, StandardVersion
from guixin.promise.models.standard import TO_CUSTOMER
from guixin.promise.packages import bound_standards, hours_of_packages
from guixin.promise.publishing import TERMS
from guixin.promise.simulating import Course, Facts, terms_of, was, would_be
from guixin.promise.terms import all_calendars, all_versions, calendar_of_department
from guixin.serve.models import Case, SimulatedPromise, Simulation
from guixin.web.refusals import Refused
from guixin.worktime import NoWorkingTime, TooFarAway

PIECE = 5_000  # cases at once, also the most that are done while somebody waits
KEPT = timedelta(days=30)
LONGEST = timedelta(days=731)
QUARTER = timedelta(days=92)


class CannotSimulate(Refused):
    """These terms, or this span, cannot be tried, and why."""

    about_input = True


# -- asking --------------------------------------------------------------------------------------------------------


def begin(
    measure: str, terms: Mapping[str, Any] | None, *, standard: Standard | None = None,
    opened_from: datetime | None = None, opened_until: datetime | None = None, by: Person | None, now: datetime,
    named: Mapping[str, Any] | None = None,
) -> Simulation:  # fmt: skip
    """Try these terms on the cases opened in [opened_from, opened_until), the last quarter unless said.

    terms   as `publishing.publish_terms` takes them; None asks what a withdrawal would do

    Nothing is promised to anybody by it. At once if there are few cases, else a worker does.
    """
    until = min(opened_until or now, now)
    since = opened_from or until - QUARTER
    if since >= until:
        raise CannotSimulate(_("The span must begin before it ends, and in the past."))
    if until - since > LONGEST:
        raise CannotSimulate(_("Choose two years at most."))
    if terms is None and standard is None:
        raise CannotSimulate(_("Say what is to be tried."))
    run = Simulation(
        standard=standard, measure=measure, terms=None if terms is None else _plain(terms), opened_from=since,
        opened_until=until, by=by, made_at=now, named=dict(named or {}),
    )  # fmt: skip
    run.cases = Case.objects.filter(opened_at__gte=since, opened_at__lt=until).exclude(state="merged").count()
    run.save(force_insert=True)
    if run.cases <= PIECE:
        while run.state == Simulation.State.WAITING:
            _go_on(run, now)
    return run


def run_next(now: datetime) -> bool:
    """A worker's turn: one piece of the oldest that waits. False if there is none."""
    with transaction.atomic():
        waiting = Simulation.objects.filter(state=Simulation.State.WAITING)
        run = waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk").first()
        if run is None:
            return False
        _go_on(run, now)
    return True


def prune(now: datetime) -> None:
    """A month later nobody decides by it any more."""
    Simulation.objects.filter(made_at__lt=now - KEPT).delete()


def _plain(terms: Mapping[str, Any]) -> dict[str, Any]:
    return {name: getattr(terms[name], "pk", terms[name]) for name in TERMS if name in terms}


def draft_of(run: Simulation) -> StandardVersion | None:
    """The terms that were tried, as a version that is nobody's. None for a withdrawal."""
    if run.terms is None:
        return None
    terms = {("calendar_id" if k == "calendar" else "for_department_id" if k == "for_department" else k): v
             for k, v in run.terms.items()}  # fmt: skip
    return StandardVersion(standard=run.standard or Standard(measure=run.measure), **terms)


def terms_to_publish(run: Simulation) -> dict[str, Any]:
    """The terms that were tried, as `publishing.publish_terms` takes them."""
    terms = dict(run.terms or {})
    calendar, department = terms.get("calendar"), terms.get("for_department")
    terms["calendar"] = Calendar.objects.filter(pk=calendar).first() if calendar else None
    terms["for_department"] = Department.objects.filter(pk=department).first() if department else None
    return terms


# -- working it out ------------------------------------------------------------------------------------------------


class Promised(NamedTuple):
    """A case of the span with one promise it was given, or none; named as `circumstances` reads a case."""

    case_id: int
    opened_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    kind: str
    category: str
    severity: int
    grade: str
    channel: str
    package_id: int | None
    segment_id: int | None
    home_id: int  # the department that has the case
    clock_id: int | None
    version_id: int
    calendar_id: int
    department_id: int
    started_at: datetime
    stopped_at: datetime | None
    budget: timedelta
    due_at: datetime | None
    breached_at: datetime | None

    def circumstances(self, measure: str) -> Circumstances:
        facts = Circumstances(
            self.kind, self.category, self.severity, self.grade, self.channel, package=self.package_id
        )
        if measure in (Measure.ROUTE, Measure.FOLLOW_UP):
            return facts
        return facts.at(self.department_id if self.clock_id else self.home_id)


_READ = """
    SELECT c.id, c.opened_at, c.answered_at, c.closed_at, c.kind, c.category, c.severity, c.grade, c.channel,
           c.package_id, c.segment_id, c.department_id, k.id, k.version_id, k.calendar_id, k.department_id, k.started_at, k.stopped_at, k.budget,
           k.due_at, k.breached_at
    FROM (SELECT * FROM serve_case WHERE opened_at >= %s AND opened_at < %s AND (opened_at, id) > (%s, %s)
          ORDER BY opened_at, id LIMIT %s) c
    LEFT JOIN promise_clock k ON k.case_id = c.id AND k.measure = %s AND k.state <> 'void'
    WHERE c.state <> 'merged' ORDER BY c.opened_at, c.id
"""
_LAST = """
    SELECT opened_at, id FROM (
        SELECT opened_at, id FROM serve_case WHERE opened_at >= %s AND opened_at < %s AND (opened_at, id) > (%s, %s)
        ORDER BY opened_at, id LIMIT %s) c ORDER BY opened_at DESC, id DESC LIMIT 1
"""
_PAUSES = """
    SELECT DISTINCT k.case_id, p.from_at, coalesce(p.to_at, %s::timestamptz) FROM promise_pause p
    JOIN promise_clock k ON k.id = p.clock_id
    WHERE k.case_id = ANY(%s::bigint[]) AND k.was_paused ORDER BY k.case_id, p.from_at
"""
_EXTENSIONS = """
    SELECT clock_id, max(new_due_at) FROM promise_extension
    WHERE case_id = ANY(%s::bigint[]) AND state = 'granted' GROUP BY clock_id
"""
_ROW = {
    "simulation_id": "bigint", "case_id": "bigint", "department_id": "bigint", "segment_id": "bigint", "grade": "text", "category": "text",
    "old_due_at": "timestamptz", "new_due_at": "timestamptz", "old_reminded": "boolean", "new_reminded": "boolean",
    "old_level": "smallint", "new_level": "smallint", "old_again": "smallint", "new_again": "smallint",
}  # fmt: skip


@transaction.atomic
def _go_on(run: Simulation, now: datetime) -> None:
    """One piece: the next cases, or the end."""
    span = [run.opened_from, run.opened_until, run.after_at or run.opened_from - QUARTER, run.after_id, PIECE]
    last = fetch_rows(_LAST, span)
    if last:
        try:
            rows = [Promised(*row) for row in fetch_rows(_READ, [*span, run.measure])]
            insert_rows("serve_simulatedpromise", _ROW, list(_worked_out(run, rows, now)))
        except (NoWorkingTime, TooFarAway) as why:
            run.state, run.problem, run.done_at = Simulation.State.FAILED, str(why), now
            run.save(update_fields=["state", "problem", "done_at"])
            return
        run.promises += sum(row.clock_id is not None for row in rows)
        run.looked_at += len({row.case_id for row in rows})
        run.after_at, run.after_id = last[0]
    if not last or run.looked_at >= run.cases:
        run.state, run.done_at = Simulation.State.DONE, now
    run.save(update_fields=["promises", "looked_at", "after_at", "after_id", "state", "done_at"])


def _worked_out(run: Simulation, rows: Sequence[Promised], now: datetime) -> Iterator[list]:
    """The promises that the draft would have changed, as rows."""
    trial = Trial(run, now)
    ids = sorted({row.case_id for row in rows})
    trial.read(ids)
    for row in rows:
        facts = row.circumstances(run.measure)
        chosen = trial.pages.promise(run.measure, facts)
        was_ours = row.clock_id is not None and trial.is_of_standard(row.version_id)
        is_draft = trial.draft is not None and chosen is trial.draft
        if not (is_draft or was_ours):
            continue  # the draft says nothing about it
        old, new, new_due = trial.courses(row, chosen)
        if old is None and new_due is None:
            continue
        yield [
            run.pk, row.case_id, row.department_id if row.clock_id else row.home_id, row.segment_id, row.grade, row.category,
            old.due_at if old else None, new_due, bool(old and old.reminded), bool(new and new.reminded),
            old.level if old else None, new.level if new else None, old.again if old else 0, new.again if new else 0,
        ]  # fmt: skip


class Trial:
    """The book with the draft in it, beside the book as it is, and what both need to know of some cases."""

    def __init__(self, run: Simulation, now: datetime):
        self.run, self.now = run, now
        self.draft = draft_of(run)
        others = [v for v in book().by_measure.get(run.measure, ()) if v.standard_id != run.standard_id]
        if self.draft:
            self.draft.pk = 1 << 62  # between equals the newest is promised
            others.append(self.draft)
        self.pages = Book(others, bound_standards(), hours_of_packages())
        self.calendars, self.versions, self.of_department = (
            all_calendars(), all_versions(), calendar_of_department(),
        )  # fmt: skip
        self.draft_terms = terms_of(self.draft) if self.draft else None
        self.pauses: dict[int, list] = {}
        self.extended: dict[int, datetime] = {}

    def read(self, case_ids: list[int]) -> None:
        for case_id, from_at, to_at in fetch_rows(_PAUSES, [self.now, case_ids]):
            self.pauses.setdefault(case_id, []).append((from_at, to_at))
        self.extended.update(fetch_rows(_EXTENSIONS, [case_ids]))

    def is_of_standard(self, version_id: int) -> bool:
        return self.versions.by_id[version_id].standard_id == self.run.standard_id

    def courses(
        self, row: Promised, chosen: StandardVersion | None
    ) -> tuple[Course | None, Course | None, datetime | None]:
        """As it was, as it would have been, and the deadline it would have had."""
        pauses = self.pauses.get(row.case_id, ())
        if row.clock_id is None:
            if chosen is None or self.run.measure not in TO_CUSTOMER:
                return None, None, None
            kept_at: dict[str, datetime | None] = {
                Measure.REPLY: row.answered_at,
                Measure.RESOLVE: row.closed_at,
            }
            ended = kept_at.get(self.run.measure)
            facts = Facts(row.opened_at, ended or self.now, pauses)
            new = self._new(row, facts, chosen)
            # Open still, or ended by something that is recorded: only then is it known whether it was in time.
            is_known = ended is not None or (self.run.measure in _ENDS_WITH_THE_CASE and not row.closed_at)
            return None, new if is_known else None, new.due_at
        facts = Facts(row.started_at, row.stopped_at or self.now, pauses, self.extended.get(row.clock_id))
        due = row.breached_at or row.due_at
        old = was(
            facts, row.budget, self.versions.terms[row.version_id], self.calendars[row.calendar_id], due
        )
        if chosen is None:
            return old, None, None
        new = self._new(row, facts, chosen)
        return old, new, new.due_at

    def _new(self, row: Promised, facts: Facts, chosen: StandardVersion) -> Course:
        terms = self.draft_terms if chosen is self.draft else self.versions.terms[chosen.pk]
        assert terms is not None
        return would_be(facts, chosen, terms, self.calendars[self._calendar(row, chosen)])

    def _calendar(self, row: Promised, chosen: StandardVersion) -> int:
        """That of the version; else the department's, as it was when the promise was made."""
        if own := self.pages.calendar_id(chosen, row.circumstances(self.run.measure)):
            return own
        if row.clock_id and self.versions.by_id[row.version_id].calendar_id is None:
            return row.calendar_id
        department_id = row.department_id if row.clock_id else row.home_id
        found = self.of_department.get(department_id) or (row.calendar_id if row.clock_id else None)
        if found is None:
            raise CannotSimulate(_("A department of these cases has no working hours."))
        return found


_ENDS_WITH_THE_CASE = (Measure.REPLY, Measure.RESOLVE)


# -- what came of it -----------------------------------------------------------------------------------------------

LEVELS = 6  # of the ladder that are told one by one


@dataclass(frozen=True)
class Figures:
    """Numbers of promises; `kinds` are the lists they open, see `SimulatedQuerySet`."""

    changed: int  # whose deadline the draft decides
    late_then: int
    late_now: int
    newly_late: int
    spared: int  # late then, in time under the draft
    earlier: int
    later: int
    gained: int  # promised nothing then
    lost: int  # promised nothing under the draft
    unknown: int  # would have been promised; nobody recorded whether it would have been kept
    reminders_then: int
    reminders_now: int
    median_shift: timedelta | None  # of the deadlines that move; negative is earlier
    largest_shift: timedelta | None  # to the earlier side
    levels: Sequence[tuple[int, int, int]] = ()  # (level, escalations then, under the draft)
    again_then: int = 0
    again_now: int = 0


DIMENSIONS = ("department_id", "segment_id", "grade", "category")
_MOVED = "old_due_at IS NOT NULL AND new_due_at IS NOT NULL AND new_due_at <> old_due_at"
_COUNTS = {
    "changed": "TRUE",
    "late_then": "old_level >= 1",
    "late_now": "new_level >= 1",
    "newly_late": "new_level >= 1 AND coalesce(old_level, 0) = 0",
    "spared": "old_level >= 1 AND coalesce(new_level, 0) = 0",
    "earlier": "new_due_at < old_due_at",
    "later": "new_due_at > old_due_at",
    "gained": "old_due_at IS NULL",
    "lost": "new_due_at IS NULL",
    "unknown": "new_due_at IS NOT NULL AND new_level IS NULL",
    "reminders_then": "old_reminded",
    "reminders_now": "new_reminded",
}
_LEVEL_COUNTS = {f"level_{level}_{when}": f"{which}_level >= {level}"
                 for level in range(1, LEVELS + 1) for when, which in (("then", "old"), ("now", "new"))}  # fmt: skip
LISTS = {**_COUNTS, **_LEVEL_COUNTS}


def figures(run: Simulation) -> tuple[Figures, dict[str, list[tuple[Any, Figures]]]]:
    """The whole, and the same by each dimension: the most changed promises first. One walk over the rows."""
    counts = ", ".join(f"count(*) FILTER (WHERE {test})" for test in LISTS.values())
    shift = "extract(epoch FROM new_due_at - old_due_at)"
    sql = f"""
        SELECT {", ".join(f"GROUPING({name})" for name in DIMENSIONS)}, {", ".join(DIMENSIONS)}, {counts},
               percentile_cont(0.5) WITHIN GROUP (ORDER BY {shift}) FILTER (WHERE {_MOVED}),
               min({shift}) FILTER (WHERE {_MOVED}), coalesce(sum(old_again), 0)::bigint,
               coalesce(sum(new_again), 0)::bigint
        FROM serve_simulatedpromise WHERE simulation_id = %s
        GROUP BY GROUPING SETS ((), {", ".join(f"({name})" for name in DIMENSIONS)})
    """  # noqa: S608  our own names
    whole = _figures([0] * (len(LISTS) + 4))
    by: dict[str, list[tuple[Any, Figures]]] = {name: [] for name in DIMENSIONS}
    for row in fetch_rows(sql, [run.pk]):
        grouped, values = row[: len(DIMENSIONS)], row[len(DIMENSIONS) : 2 * len(DIMENSIONS)]
        found = _figures(row[2 * len(DIMENSIONS) :])
        if all(grouped):
            whole = found
        else:
            at = grouped.index(0)
            by[DIMENSIONS[at]].append((values[at], found))
    for rows in by.values():
        rows.sort(key=lambda each: (-each[1].changed, str(each[0])))
    return whole, by


def _figures(row: Sequence) -> Figures:
    counted = dict(zip(LISTS, row, strict=False))
    median, largest, again_then, again_now = row[len(LISTS) :]
    levels = [
        (level, counted[f"level_{level}_then"], counted[f"level_{level}_now"])
        for level in range(1, LEVELS + 1)
    ]
    return Figures(
        **{name: counted[name] for name in _COUNTS},
        median_shift=timedelta(seconds=float(median)) if median else None,
        largest_shift=timedelta(seconds=float(largest)) if largest else None,
        levels=[each for each in levels if each[1] or each[2]],
        again_then=again_then,
        again_now=again_now,
    )


def rows_of(run: Simulation, which: str, **within: Any):
    """The promises behind one number: `which` of LISTS; `within` a department_id, a grade, a category.

    The worst first: those that would have been late, the highest level first, then by how much the deadline moves.
    """
    rows = SimulatedPromise.objects.filter(simulation=run, **within).select_related("case", "department")
    return rows.extra(where=[LISTS[which]]).order_by(  # noqa: S610  # nosec B610  our own words
        F("new_level").desc(nulls_last=True), F("new_due_at") - F("old_due_at"), "pk"
    )
