"""R13: a large file with every kind of bad line; exactly the good rows land, and a rerun adds none.

python -m tests.reliability.r13_import_a_million --rows 1000000 --seed 1

In turn: UTF-8 with a byte order mark, GB18030, and a workbook. Each through the real command in a process of its
own, whose time and largest memory are printed. Then the same file again (nothing lands), and a third file whose
import is killed half-way and run again (the same end state).
"""

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.reliability.ground import ground

MAPPING = """
what = "cases"
history = true
timezone = "Asia/Shanghai"
[columns]
external_id = "编号"
kind = { column = "类型", values = { "投诉" = "complaint" } }
subject = "标题"
story = "内容"
department = "部门"
category = "类别"
opened_at = "受理时间"
closing_note = "备注"
"""
LIMIT_MB = 512  # resident; time is printed and not judged: target 120 s for a million rows on a quiet machine


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    wrong: list[str] = []
    with ground("r13", furnished=False), tempfile.TemporaryDirectory() as folder:
        Round.folder = Path(folder)
        first = Round("utf-8 with BOM", asked.rows, asked.seed, encoding="utf-8", mark=b"\xef\xbb\xbf")
        wrong += first.lands_exactly_the_good_rows() + first.adds_nothing_again()
        wrong += Round(
            "GB18030", asked.rows // 5, asked.seed + 1, encoding="gb18030"
        ).lands_exactly_the_good_rows()
        wrong += Round("killed half-way", asked.rows // 5, asked.seed + 2, encoding="utf-8").survives_a_kill()
        wrong += Workbook("workbook", asked.rows // 10, asked.seed + 3).lands_exactly_the_good_rows()
    for problem in wrong[:20]:
        print(" ", problem)
    print(f"R13 {'failed' if wrong else 'passed'}: {asked.rows:,} rows, {len(wrong)} wrong")
    return bool(wrong)


class Round:
    """One file and what is known about it."""

    folder: Path

    def __init__(self, name: str, rows: int, seed: int, *, encoding: str = "utf-8", mark: bytes = b""):
        from guixin.channels.sheets.tests.make_csv import make_csv

        self.name = name
        self.file = self.folder / f"round-{seed}.csv"
        with self.file.open("wb") as out:
            out.write(mark)
            self.good, self.bad = make_csv(out, rows, seed=seed, encoding=encoding)
        self.write_mapping(seed)

    def write_mapping(self, seed: int) -> None:
        self.mapping = self.folder / f"round{seed}.toml"  # its name is the source, so rounds never meet
        self.mapping.write_text(MAPPING, encoding="utf-8")

    def command(self) -> list[str]:
        return [sys.executable, "-m", "guixin", "import", "cases", str(self.file), "--mapping",
                str(self.mapping), "--json"]  # fmt: skip

    def run(self) -> dict:
        began = time.monotonic()
        done = subprocess.run(self.command(), capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        result = json.loads(done.stdout)
        result["wall_s"] = round(time.monotonic() - began, 1)
        result["peak_mb"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        print(f"  {self.name}: {result}")
        return result

    def lands_exactly_the_good_rows(self) -> list[str]:
        result = self.run()
        wrong = self.differences(result)
        if result["peak_mb"] > LIMIT_MB:
            wrong.append(f"{self.name}: {result['peak_mb']} MB")
        return wrong

    def differences(self, result: dict) -> list[str]:
        from guixin.channels.models import Import, ImportedLine
        from guixin.serve.models import Case

        wrong = []
        if (result["landed"], result["rejected"]) != (len(self.good), len(self.bad)):
            wrong.append(f"{self.name}: expected {len(self.good)} good and {len(self.bad)} bad, got {result}")
        there = set(Case.objects.filter(source=self.mapping.stem).values_list("external_id", flat=True))
        if there != {values[0] for values in self.good.values()}:
            wrong.append(f"{self.name}: the cases there are not the good rows")
        run = Import.objects.order_by("-pk").first()
        named = dict(ImportedLine.objects.filter(run=run, landed=False).values_list("line", "reason"))
        if named != {line: str(reason) for line, reason in self.bad.items()}:
            wrong.append(f"{self.name}: the rejected lines or their reasons are not the bad ones")
        return wrong

    def adds_nothing_again(self) -> list[str]:
        result = self.run()
        if (result["landed"], result["already"]) == (0, len(self.good)):
            return []
        return [f"{self.name}: a rerun gave {result}"]

    def survives_a_kill(self) -> list[str]:
        from guixin.serve.models import Case

        process = subprocess.Popen(self.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        limit = time.monotonic() + 300
        while Case.objects.filter(source=self.mapping.stem).count() < len(self.good) // 3:
            if process.poll() is not None or time.monotonic() > limit:
                return [f"{self.name}: it ended before it could be killed"]
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        time.sleep(0.5)  # the server notices that the client is gone and rolls its transaction back
        half = Case.objects.filter(source=self.mapping.stem).count()
        result = self.run()
        wrong = self.differences({**result, "landed": result["landed"] + result["already"]})
        if not 0 < half < len(self.good) or result["already"] != half:
            wrong.append(f"{self.name}: {half} rows stood after the kill, the rerun says {result['already']}")
        return wrong


class Workbook(Round):
    """The same rows in a workbook, where no line can be bad; long numbers are text."""

    def __init__(self, name: str, rows: int, seed: int):
        super().__init__(name, rows, seed)
        import xlsxwriter

        from guixin.channels.sheets.tests.make_csv import COLUMNS

        self.file = self.file.with_suffix(".xlsx")
        with xlsxwriter.Workbook(self.file, {"constant_memory": True, "strings_to_formulas": False}) as book:
            sheet = book.add_worksheet()
            for row, values in enumerate([COLUMNS, *self.good.values()]):
                for column, value in enumerate(values):
                    sheet.write_string(row, column, value)
        self.bad = {}


if __name__ == "__main__":
    sys.exit(main())
