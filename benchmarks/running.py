"""Running the jobs and printing what came out, for people and as the page in docs/."""

import argparse
import os
import platform
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from benchmarks.holding import Held, holding
from benchmarks.measuring import Figure

# name -> title, whether it is worth running at more than one size
JOBS = {
    "intake": ("Intake: one case by the API", True),
    "escalations": ("Escalating due clocks", True),
    "queues": ("A page of fifty cases", True),
    "case_pages": ("The page of one case", True),
    "rails": ("The numbers beside the lists", True),
    "boards": ("Today, the supervisor's board, escalations", True),
    "lists": ("Filters, orders and words on a list", True),
    "search": ("Searching, and suggesting while somebody writes", True),
    "bulk": ("One act on many cases", True),
    "timeline": ("The story of a customer with 100,000 entries", False),
    "segments": ("Sorting customers into segments", False),
    "survey": ("A wave with a million responses", False),
    "communication": ("Telling customers by a communication plan", False),
    "pages": ("Every page in a browser", False),
    "tasks": ("The tasks of a day, in a browser", False),
    "imports": ("Importing past cases", False),
    "worth": ("Importing purchases and grading customers", False),
    "replays": ("Replaying a quarter", False),
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description="How fast Guixin is on this machine.")
    parser.add_argument(
        "jobs", nargs="*", metavar="job", help=f"some of: {', '.join(JOBS)}; all unless given"
    )
    parser.add_argument("--cases", type=int, action="append", help="cases held (default: 1000 and 1000000)")
    parser.add_argument(
        "--quick", action="store_true", help="20,000 cases and short runs: is anything badly off?"
    )
    parser.add_argument(
        "--rows", type=int, help="lines to import, customers, responses (1000000; --quick: 20000)"
    )
    parser.add_argument(
        "--documents",
        type=int,
        help="texts to search among, without so many cases (default: as many as cases)",
    )
    parser.add_argument(
        "--keep", action="store_true", help="keep the database with its cases for the next run"
    )
    parser.add_argument("--write", metavar="FILE", help="write the figures as a page, as docs/benchmarks.md")
    given = parser.parse_args(arguments)
    if unknown := sorted(set(given.jobs) - set(JOBS)):
        parser.error(f"there is no job called {unknown[0]}; there are: {', '.join(JOBS)}")
    if "DATABASE_URL" not in os.environ:
        parser.error("DATABASE_URL is not set; bin/bench starts a database of its own")
    sizes = given.cases or ([20_000] if given.quick else [1_000, 1_000_000])
    rows = given.rows or (20_000 if given.quick else 1_000_000)
    server, found = os.environ["DATABASE_URL"], {}
    for cases in sizes:
        with holding(
            cases, server=server, quick=given.quick, keep=given.keep, rows=rows, documents=given.documents
        ) as held:
            machine = describe(held)
            for name in given.jobs or JOBS:
                if JOBS[name][1] or cases == max(sizes):
                    found[name, cases] = _run(name, held)
    if given.write:
        Path(given.write).write_text(page(found, machine))
    missed = [figure for figures in found.values() for figure in figures if figure.kept is False]
    print(f"\n{len(missed)} targets missed." if missed else "\nEvery target met.")
    return 0


def _run(name: str, held: Held) -> list[Figure]:
    print(f"\n{JOBS[name][0]}, {held.cases:,} cases held", flush=True)
    figures = import_module(f"benchmarks.{name}").run(held)
    for figure in figures:
        verdict = {None: " ", True: "✓", False: "✗"}[figure.kept]
        print(f"  {verdict} {figure.what:72} {figure.value:>28}  {figure.target}", flush=True)
    return figures


def describe(held: Held) -> str:
    """The machine in one sentence, without its name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    with held.raw() as raw:
        version = raw.execute("SHOW server_version").fetchone()[0]
        durable = raw.execute("SHOW fsync").fetchone()[0] == "on"
        buffers = raw.execute("SHOW shared_buffers").fetchone()[0]
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB of memory, {platform.system()};"
        f" PostgreSQL {version.split()[0]} on the same machine, {buffers} of buffers,"
        f" {'durable (fsync on)' if durable else 'NOT durable (fsync off)'};"
        f" Python {platform.python_version()}; load {os.getloadavg()[0]:.1f} when it ended"
    )


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def page(found: dict[tuple[str, int], list[Figure]], machine: str) -> str:
    """docs/benchmarks.md: a table for each job, a column for each size."""
    lines = [
        "# How fast it is",
        "",
        "Written by `bin/bench --write docs/benchmarks.md`. Every figure is the median of several runs, except imports and the replay, which run once; every ratio"
        " compares with the raw database in the same run on the same machine. Nothing here is asserted by a test: a"
        " busy machine is slow, the ratios tell whether we are. A target that was missed is marked ✗.",
        "",
        f"{datetime.now(UTC).date().isoformat()} on: {machine}.",
    ]
    for name, (title, _sizes) in JOBS.items():
        columns = {cases: figures for (job, cases), figures in found.items() if job == name}
        if not columns:
            continue
        doc = (import_module(f"benchmarks.{name}").__doc__ or "").strip()
        lines += ["", f"## {title}", "", doc, ""]
        lines.append("| | " + " | ".join(f"{cases:,} cases held" for cases in columns) + " | target |")
        lines.append("| --- |" + " ---: |" * len(columns) + " --- |")
        for row in zip(*columns.values(), strict=True):
            cells = [figure.value + ("" if figure.kept is not False else " ✗") for figure in row]
            lines.append(f"| {row[-1].what} | {' | '.join(cells)} | {row[-1].target} |")
    return "\n".join([*lines, ""])
