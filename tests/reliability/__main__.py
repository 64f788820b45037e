"""Run the reliability scripts one after the other: `python -m tests.reliability [--smaller] [r1 r5_idempotency …]`.

Each script `rN_name.py` is a program of its own: it prints its seed and its figures and says with its exit code
whether the product held: 0 it did, 77 this machine lacks something the script needs, anything else it did not.
A failure does not stop the others; the exit code is 1 if any failed. Those that promise nothing about time run beside
each other at the end, so that no core waits. `--smaller` asks each the same of less, for whoever waits for the answer,
and leaves out those whose rules the ordinary tests hold.
"""

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SKIPPED = 77  # as automake has it
HERE = Path(__file__).parent
UNTIMED = {
    "r4_power_cut_at_intake",
    "r5_idempotent_intake",
    "r8_calendar_oracle",
    "r13_import_a_million",
    "r18_life_cycle",
}  # right or wrong, however long it takes

LARGE_ALONE = {"r11_mail_intake", "r12_mail_loops"}  # otherwise held by guixin/channels/mail/tests
SMALLER = {
    "r1_deadlines_under_kills": ("--deadlines", "3000", "--kills", "40"),
    "r2_database_killed": ("--deadlines", "3000", "--kills", "40", "--cuts", "2"),
    "r4_power_cut_at_intake": ("--cases", "200", "--cuts", "7"),
    "r5_idempotent_intake": ("--keys", "60", "--kills", "2"),
    "r8_calendar_oracle": ("--examples", "5000"),
    "r9_calendar_edited": ("--cases", "3000"),
    "r10_clock_jumps": ("--deadlines", "1000"),
    "r13_import_a_million": ("--rows", "30000"),
    "r18_life_cycle": ("--examples", "30"),
}


def scripts(wanted: list[str]) -> list[str]:
    """Module names in the order of their numbers; `r1` and `r1_deadlines` both mean r1_deadlines."""
    found = [path.stem for path in HERE.glob("r*.py") if re.fullmatch(r"r\d+_\w+", path.stem)]
    found.sort(key=lambda name: int(name[1:].split("_")[0]))
    if not wanted:
        return found
    unknown = [name for name in wanted if not any(same(name, script) for script in found)]
    if unknown:
        raise SystemExit(f"No such script: {', '.join(unknown)}. There are: {', '.join(found)}.")
    return [script for script in found if any(same(name, script) for name in wanted)]


def same(name: str, script: str) -> bool:
    return name.lower() in (script, script.split("_")[0])


def run(script: str, of: tuple[str, ...]) -> tuple[str, float, str]:
    print(f"--- {' '.join([script, *of])}", flush=True)
    began = time.monotonic()
    code = subprocess.run([sys.executable, "-m", f"tests.reliability.{script}", *of]).returncode
    return script, time.monotonic() - began, {0: "passed", SKIPPED: "skipped"}.get(code, f"FAILED ({code})")


def main() -> int:
    asked = sys.argv[1:]
    is_smaller = "--smaller" in asked
    sizes = SMALLER if is_smaller else {}
    wanted = [
        (name, sizes.get(name, ()))
        for name in scripts([name for name in asked if name != "--smaller"])
        if not (is_smaller and name in LARGE_ALONE)
    ]
    results = [run(script, of) for script, of in wanted if script not in UNTIMED]
    with ThreadPoolExecutor(2) as beside:
        results += beside.map(lambda one: run(*one), [one for one in wanted if one[0] in UNTIMED])

    print("\nscript                            seconds  result")
    for script, seconds, result in results:
        print(f"{script:<32} {seconds:>8.1f}  {result}")
    count = {
        kind: sum(result.startswith(kind) for *_, result in results)
        for kind in ("passed", "skipped", "FAILED")
    }
    print(f"{count['passed']} passed, {count['FAILED']} failed, {count['skipped']} skipped")
    return 1 if count["FAILED"] else 0


if __name__ == "__main__":
    sys.exit(main())
