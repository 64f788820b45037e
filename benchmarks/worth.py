"""`guixin import purchases` of a generated file against raw COPY of the same file into one plain table with a key, and
`guixin grade` of as many customers against the bare sums of their purchases by SQL."""

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
        seconds, said, memory = _guixin("import", "purchases", str(file), "--mapping", str(mapping), "--json")
        again, twice, _memory = _guixin("import", "purchases", str(file), "--mapping", str(mapping), "--json")
    if (said["landed"], twice["landed"]) != (rows, 0):
        raise RuntimeError(
            f"of {rows} lines {said['landed']} landed, and {twice['landed']} more the second time"
        )
    bare = _sums(held)
    grading, graded, its_memory = _guixin("grade", "--json")
    regrading, _graded, _memory = _guixin("grade", "--json")
    limit = rows * 120 / 1e6
    return [
        Figure(
            f"import of {rows:,} purchase lines", f"{seconds:.0f} s", f"≤ {limit:.0f} s", seconds <= limit
        ),
        Figure("to raw COPY into one plain table", f"{raw / seconds:.0%}", "≥ 20 %", raw / seconds >= 0.2),
        Figure("most memory it held", f"{memory:.0f} MB", "< 512 MB", memory < 512),
        Figure("the same file again, adding nothing", f"{again:.0f} s"),
        Figure(f"first grading of {graded['customers']:,} customers", f"{grading:.0f} s"),
        Figure("to the bare sums by SQL", f"× {grading / bare:.1f}"),
        Figure("most memory it held", f"{its_memory:.0f} MB"),
        Figure("the next grading", f"{regrading:.0f} s, × {regrading / bare:.1f}"),
    ]


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


def _guixin(*arguments: str) -> tuple[float, dict, float]:
    """Seconds, the answer, and megabytes held at most, of a command started like anybody would."""
    before = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-m", "guixin", *arguments], stdout=subprocess.PIPE, text=True)  # noqa: S603
    answer = child.stdout.read()
    _pid, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"guixin {arguments[0]} failed: {answer}")
    unit = 1 if sys.platform == "darwin" else 1024
    return time.perf_counter() - before, json.loads(answer), used.ru_maxrss * unit / 1e6
