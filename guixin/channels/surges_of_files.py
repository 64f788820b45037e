"""The surge alarm tried on a file of past cases: which alarms it would have raised, and when. Writes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from guixin.channels.sheets import BadRow, Fault, Mapping, open_sheet
from guixin.serve.day_counts import cells_of
from guixin.serve.surging import Baseline, Cell, Count, Report, Tallies, apart


@dataclass
class Alarm:
    """As of the worst of its days."""

    cell: Cell
    day: date
    last_day: date
    raised_at: datetime
    observed: int
    cases: int
    expected: float
    limit: int
    chance: float
    keys: set[Any] = field(default_factory=set, repr=False)

    def as_json(self) -> dict[str, Any]:
        return {
            "dimension": self.cell[0], "value": self.cell[1], "day": self.day.isoformat(),
            "last_day": self.last_day.isoformat(), "raised_at": self.raised_at.isoformat(), "observed": self.observed,
            "cases": self.cases, "expected": round(self.expected, 1), "limit": self.limit, "chance": self.chance,
        }  # fmt: skip


@dataclass
class Found:
    rows: int = 0
    rejected: int = 0
    days: int = 0
    days_judged: int = 0  # those with enough days before them
    alarms: list[Alarm] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        numbers = {name: value for name, value in vars(self).items() if name != "alarms"}
        return numbers | {"alarms": [each.as_json() for each in self.alarms]}


def find_surges(path: Path, mapping: Mapping, *, every: timedelta = timedelta(hours=1)) -> Found:
    """Live through the file day by day, looking at what has come in so far `every` so often.

    Days are those of the file's wall clock. A file names no person who entered a case: its hand is the channel.
    """
    found = Found()
    by_day: dict[date, list[Report]] = {}
    for report in _reports(path, mapping, found):
        by_day.setdefault(report.at.date(), []).append(report)
    if not by_day:
        return found
    since, last = min(by_day), max(by_day)
    past: dict[Cell, dict[date, Count]] = {}
    found.days = (last - since).days + 1
    for day in (since + timedelta(days=n) for n in range(found.days)):
        baseline = Baseline(day, past, since)
        found.days_judged += baseline.is_enough
        tallies = Tallies()
        reports = sorted(by_day.get(day, ()), key=lambda report: report.at)
        for at, arrived in _looks(day, reports, every):
            for report in arrived:
                tallies.add(report)
            if arrived and baseline.is_enough:
                _look(found, day, at, baseline, tallies)
        for cell, count in tallies.counts().items():
            past.setdefault(cell, {})[day] = count
    return found


def _reports(path: Path, mapping: Mapping, found: Found) -> Iterator[Report]:
    sheet = open_sheet(path)
    bound = mapping.bind(sheet.columns)
    seen = set()
    for row in sheet.rows():
        found.rows += 1
        fields = None if isinstance(row, BadRow) else bound(row.values)
        if fields is None or isinstance(fields, Fault) or fields.get("opened_at") is None:
            found.rejected += 1
            continue
        if (key := fields["external_id"]) in seen:
            continue
        seen.add(key)
        words = (fields.get("category") or "", fields.get("product") or "", fields.get("department") or "")
        yield Report(
            key, fields["opened_at"].astimezone(mapping.zone), fields.get("channel") or "", cells_of(*words)
        )


def _looks(day: date, reports: list[Report], every: timedelta) -> Iterator[tuple[datetime, list[Report]]]:
    """Each moment somebody looks, with what came in since the last."""
    if not reports:
        return
    begin = datetime(day.year, day.month, day.day, tzinfo=reports[0].at.tzinfo)
    place, at = 0, begin
    while at < begin + timedelta(days=1):
        at = min(at + every, begin + timedelta(days=1))
        first = place
        while place < len(reports) and reports[place].at < at:
            place += 1
        yield at, reports[first:place]


def _look(found: Found, day: date, at: datetime, baseline: Baseline, tallies: Tallies) -> None:
    """As `serve.surges` does it, nobody acknowledging anything."""
    going_on = {each.cell: each for each in found.alarms if each.last_day >= day - timedelta(days=1)}
    told = {key for each in going_on.values() for key in each.keys}
    surges = baseline.surges(tallies.counts())
    for one in apart(surges, lambda cell: tallies.cells[cell].keys, known=going_on, told=told):
        keys = tallies.cells[one.cell].keys
        alarm = going_on.get(one.cell)
        if alarm is None:
            alarm = Alarm(
                one.cell, day, day, at, one.observed, len(keys), one.usual.expected, one.limit, one.chance, set(keys)
            )  # fmt: skip
            found.alarms.append(alarm)
            continue
        alarm.last_day = day
        alarm.keys |= set(keys)
        alarm.cases = len(alarm.keys)
        if one.observed > alarm.observed:
            alarm.observed, alarm.expected = one.observed, one.usual.expected
            alarm.limit, alarm.chance = one.limit, one.chance
