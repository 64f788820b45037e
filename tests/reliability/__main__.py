"""Run the reliability scripts one after the other: `python -m tests.reliability [r1 r5_idempotency …]`.

Each script `rN_name.py` is a program of its own: it prints its seed and its figures and says with its exit code
whether the product held: 0 it did, 77 this machine lacks something the script needs, anything else it did not.
A failure does not stop the others; the exit code is 1 if any failed.
"""

import re
import subprocess
import sys
import time
from pathlib import Path

SKIPPED = 77  # as automake has it
HERE = Path(__file__).parent


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


def main() -> int:
    results = []
    for script in scripts(sys.argv[1:]):
        print(f"--- {script}", flush=True)
        began = time.monotonic()
        code = subprocess.run([sys.executable, "-m", f"tests.reliability.{script}"]).returncode
        result = {0: "passed", SKIPPED: "skipped"}.get(code, f"FAILED ({code})")
        results.append((script, time.monotonic() - began, result))

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
