"""`guixin import cases` of a generated file of past cases, against raw COPY of the same file into one plain table."""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.holding import Held
from benchmarks.measuring import Figure

COLUMNS = ("number", "opened", "promised", "closed", "department", "category", "subject", "story", "note")
MAPPING = """
what = "cases"
history = true
timezone = "Asia/Shanghai"
times = ["%Y-%m-%d %H:%M:%S"]
[columns]
external_id = "number"
opened_at = "opened"
promised_at = "promised"
closed_at = "closed"
department = "department"
category = "category"
subject = "subject"
story = "story"
closing_note = "note"
[defaults]
kind = "complaint"
"""


def run(held: Held) -> list[Figure]:
    rows = held.rows
    with tempfile.TemporaryDirectory() as folder:
        file, mapping = Path(folder, "past.csv"), Path(folder, "past.toml")
        mapping.write_text(MAPPING)
        _write(file, rows)
        raw = _copy(held, file)
        seconds, landed, memory = _import(file, mapping)
        again, added, _memory = _import(file, mapping)
    if (landed, added) != (rows, 0):
        raise RuntimeError(f"of {rows} lines {landed} landed, and {added} more the second time")
    share = raw / seconds
    small = memory <= 512
    return [
        Figure(
            f"import of {rows:,} lines",
            f"{seconds:.0f} s",
            f"≤ {rows * 120 / 1e6:.0f} s",
            seconds <= rows * 120 / 1e6,
        ),
        Figure("lines a second", f"{rows / seconds:,.0f}"),
        Figure(
            "to raw COPY into one plain table", f"{share:.0%} ({rows / raw:,.0f})", "≥ 20 %", share >= 0.2
        ),
        Figure("most memory it held", f"{memory:.0f} MB", "< 512 MB", small),
        Figure("the same file again, adding nothing", f"{again:.0f} s"),
    ]


def _write(path: Path, rows: int) -> None:
    """Cases of two years: one in six without a promise, one in ten still open, the rest late or in time."""
    begin = datetime(2023, 1, 1, 8, tzinfo=UTC).replace(
        tzinfo=None
    )  # local times without a zone, as in most files
    with path.open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(COLUMNS)
        for n in range(rows):
            opened = begin + timedelta(seconds=n * 60 % 63_000_000)
            promised = opened + timedelta(hours=24 * (n % 5 + 1)) if n % 6 else ""
            closed = opened + timedelta(hours=n * 7919 % 150, minutes=n % 60) if n % 10 else ""
            lines.writerow(
                (f"{n:09d}", opened, promised, closed, f"第{n % 12}分公司", f"质量/第{n % 40}类", f"来电反映第 {n} 件事",
                 "顾客来电反映产品使用中的问题，希望尽快答复。", "已电话答复顾客。" if closed else "")
            )  # fmt: skip


def _copy(held: Held, path: Path) -> float:
    """Seconds of COPY from the client into a plain table of the same columns, with a key."""
    with held.raw() as raw:
        raw.execute("DROP TABLE IF EXISTS plain_past")
        raw.execute(
            "CREATE TABLE plain_past (number text PRIMARY KEY, opened timestamp, promised timestamp, closed timestamp,"
            " department text, category text, subject text, story text, note text)"
        )
        started = time.perf_counter()
        into = raw.cursor().copy("COPY plain_past FROM STDIN (FORMAT csv, HEADER true)")
        with into as copy, path.open("rb") as file:
            while block := file.read(1 << 16):
                copy.write(block)
        seconds = time.perf_counter() - started
        raw.execute("DROP TABLE plain_past")
        return seconds


def _import(file: Path, mapping: Path) -> tuple[float, int, float]:
    """Seconds, lines landed and megabytes held at most by `guixin import`, started like anybody would."""
    before = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "guixin",
        "import",
        "cases",
        str(file),
        "--mapping",
        str(mapping),
        "--json",
    ]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
    answer = child.stdout.read()
    _pid, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - before
    if child.returncode:
        raise RuntimeError(f"the import failed: {answer}")
    unit = 1 if sys.platform == "darwin" else 1024
    return seconds, json.loads(answer)["landed"], used.ru_maxrss * unit / 1e6
