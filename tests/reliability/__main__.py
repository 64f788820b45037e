"""Run the reliability scripts one after the other: `python -m tests.reliability [r1 r5_idempotency …]`.

Each script `rN_name.py` is a program of its own: it prints its seed and its figures and says with its exit code
whether the product held: 0 it did, 77 this machine lacks something the script needs, anything else it did not.
A failure does not stop the others; the exit code is 1 if any failed. Those that promise nothing about time run beside
each other at the end, so that no core waits.
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
    "r8_calendar_oracle",
    "r13_import_a_million",
    "r18_life_cycle",
}  # right or wrong, however long it takes


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


def run(script: str) -> tuple[str, float, str]:
    print(f"--- {script}", flush=True)
    began = time.monotonic()
    code = subprocess.run([sys.executable, "-m", f"tests.reliability.{script}"]).returncode
    return script, time.monotonic() - began, {0: "passed", SKIPPED: "skipped"}.get(code, f"FAILED ({code})")


def main() -> int:
    wanted = scripts(sys.argv[1:])
    results = [run(script) for script in wanted if script not in UNTIMED]
    with ThreadPoolExecutor(2) as beside:
        results += beside.map(run, [script for script in wanted if script in UNTIMED])

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
