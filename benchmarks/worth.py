"""`guixin import purchases` of a generated file against raw COPY of the same file into one plain table with a key, and
`guixin grade` of as many customers against the bare sums of their purchases by SQL."""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from benchmarks.holding import Held
from benchmarks.measuring import TICK, Figure

MAPPING = """
what = "purchases"
timezone = "Asia/Shanghai"
[columns]
order = "order"
bought_at = "at"
customer_number = "customer"
product = "product"
product_name = "name"
quantity = "quantity"
unit_price = "price"
"""


def run(held: Held) -> list[Figure]:
    rows = held.rows
    with tempfile.TemporaryDirectory() as folder:
        file, mapping = Path(folder, "purchases.csv"), Path(folder, "bench_shop.toml")
        mapping.write_text(MAPPING)
        _write(file, rows)
        raw = _copy(held, file)
        first = _guixin(held, "import", "purchases", str(file), "--mapping", str(mapping), "--json")
        again = _guixin(held, "import", "purchases", str(file), "--mapping", str(mapping), "--json")
    landed = first.said["landed"], again.said["landed"]
    if landed != (rows, 0):
        raise RuntimeError(f"of {rows} lines {landed[0]} landed, and {landed[1]} more the second time")
    _fill_up(held, rows)
    bare = _sums(held)
    grading = _guixin(held, "grade", "--json")
    regrading = _guixin(held, "grade", "--json")
    limit = rows * 120 / 1e6
    return [
        Figure(
            f"import of {rows:,} purchase lines, seconds of CPU in Python, in PostgreSQL", f"{first}", f"≤ {limit:.0f} s",
            first.seconds <= limit,
        ),
        Figure(
            "to raw COPY into one plain table", f"{raw / first.seconds:.0%}", "≥ 20 %",
            raw / first.seconds >= 0.2,
        ),
        Figure("most memory it held", f"{first.memory:.0f} MB", "< 512 MB", first.memory < 512),
        Figure("the same file again, adding nothing", f"{again}"),
        Figure(f"first grading of {grading.said['customers']:,} customers", f"{grading}"),
        Figure("to the bare sums by SQL", f"× {grading.seconds / bare:.1f}"),
        Figure("most memory it held", f"{grading.memory:.0f} MB"),
        Figure("the next grading, which finds nothing new", f"{regrading}, × {regrading.seconds / bare:.1f}"),
    ]  # fmt: skip


def _write(path: Path, rows: int) -> None:
    """Every third line begins with the same customers again, so that some come back often and most once."""
    begin = datetime(2024, 1, 1, 8, tzinfo=UTC).replace(tzinfo=None)
    with path.open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("order", "at", "customer", "product", "name", "quantity", "price"))
        for n in range(rows):
            customer = n * 7919 % rows if n % 3 else n * 31 % max(rows // 20, 1)
            at = begin + timedelta(seconds=n * 60 * 1_000_000 // rows % 63_000_000)
            back = -1 if n % 50 == 49 else 1
            lines.writerow((f"D{n // 2:08d}", at, f"K{customer:08d}", f"P{n % 2000:05d}", f"第 {n % 2000} 号产品",
                            back * (n % 5 + 1), f"{n % 997 + 1}.50"))  # fmt: skip


def _copy(held: Held, path: Path) -> float:
    with held.raw() as raw:
        raw.execute("DROP TABLE IF EXISTS plain_purchases")
        raw.execute(
            'CREATE TABLE plain_purchases (id bigserial PRIMARY KEY, "order" text, at timestamp, customer text,'
            " product text, name text, quantity numeric, price numeric)"
        )
        started = time.perf_counter()
        names = '"order", at, customer, product, name, quantity, price'
        into = raw.cursor().copy(f"COPY plain_purchases ({names}) FROM STDIN (FORMAT csv, HEADER true)")
        with into as copy, path.open("rb") as file:
            while block := file.read(1 << 16):
                copy.write(block)
        seconds = time.perf_counter() - started
        raw.execute("DROP TABLE plain_purchases")
        return seconds


def _sums(held: Held) -> float:
    """What no grading can do without: each customer's orders, sum, first and last day."""
    with held.raw() as raw:
        started = time.perf_counter()
        raw.execute(
            "CREATE TEMP TABLE bare AS SELECT customer_id, count(DISTINCT order_key), sum(amount), min(bought_at),"
            " max(bought_at) FROM understand_purchase WHERE customer_id IS NOT NULL GROUP BY customer_id"
        )
        seconds = time.perf_counter() - started
        raw.execute("DROP TABLE bare")
        return seconds


_MORE = """
    WITH made AS (
        INSERT INTO understand_customer (kind, name, name_folded, name_pinyin, name_initials, language, organisation,
            market, prefers, topics, created_at, version)
        SELECT 'person', '', '', '', '', 'zh-hans', '', '', '', '', now(), 1
        FROM generate_series(1, %s - (SELECT count(DISTINCT customer_id) FROM understand_purchase)) RETURNING id)
    INSERT INTO understand_purchase (customer_id, kind, bought_at, quantity, amount, currency, order_key, line_key, source,
        landed_at)
    SELECT id, 'sale', '2024-01-01'::timestamptz + id * 7919 %% 63000000 * interval '1 second', 1, 50 * (1 + id %% 9973),
        'CNY', 'E' || id, 'E' || id, 'bench_till', now()
    FROM made
"""


def _fill_up(held: Held, customers: int) -> None:
    """As many customers as there are lines: those the file does not name bought once."""
    with held.raw() as raw:
        raw.execute(_MORE, [customers])
        raw.execute("ANALYZE understand_customer, understand_purchase")


@dataclass(frozen=True)
class Ran:
    """What a command answered and took: seconds in all, of CPU in Python and in PostgreSQL, and megabytes held at most."""

    said: dict
    seconds: float
    python: float
    server: float | None
    memory: float

    def __str__(self) -> str:
        server = "?" if self.server is None else f"{self.server:.0f} s"
        return f"{self.seconds:.0f} s, {self.python:.0f} s, {server}"


def _guixin(held: Held, *arguments: str) -> Ran:
    """A command started like anybody would."""
    with held.raw() as raw:
        at_first = _cpu_of_the_gone(raw)
        ran = _run(arguments)
        after = _cpu_of_the_gone(raw)
    server = None if at_first is None or after is None else after - at_first
    return replace(ran, server=server)


def _cpu_of_the_gone(raw: psycopg.Connection) -> float | None:
    """Seconds of CPU of all processes of the server that have ended: of a command its connection and whoever helped it, and of the
    server's own housekeeping in that time."""
    try:
        parent = _fields(raw.info.backend_pid)[1]
        return sum(map(int, _fields(int(parent))[13:15])) / TICK
    except OSError:
        return None


def _fields(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _run(arguments: tuple[str, ...]) -> Ran:
    before = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-m", "guixin", *arguments], stdout=subprocess.PIPE, text=True)  # noqa: S603
    answer = child.stdout.read()
    _pid, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"guixin {arguments[0]} failed: {answer}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Ran(
        json.loads(answer),
        time.perf_counter() - before,
        used.ru_utime + used.ru_stime,
        None,
        used.ru_maxrss * unit / 1e6,
    )
