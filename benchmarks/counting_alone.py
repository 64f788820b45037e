"""`python -m benchmarks.counting_alone`: count the next wave as a worker does, in a process of its own, and say what it cost."""

import json
import time
from typing import Any


def _count() -> dict[str, Any]:
    """Seconds. `parts`: CPU in this process and the database, by the name of what was called."""
    import django

    django.setup()
    from django.db import connection

    from benchmarks.measuring import backend_cpu, cost, statements
    from guixin.ledger.clock import database_now
    from guixin.listen import counting

    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    pid, parts = connection.connection.info.backend_pid, dict[str, float]()

    def used() -> float:
        return time.process_time() + (backend_cpu(pid) or 0)

    def timed(where: Any, name: str) -> None:
        work = getattr(where, name)

        def watched(*given, **named):
            before = used()
            found = work(*given, **named)
            parts[name] = parts.get(name, 0) + used() - before
            return found

        setattr(where, name, watched)

    timed(counting.matrix, "read")
    for name in ("_model", "importance_and_performance", "by_group", "_questions", "_gaps", "_dimension"):
        timed(counting, name)
    with statements() as sent:
        spent = cost(lambda: counting.count_next(database_now()), times=1, runs=1, warm=0)
    return {
        "wall": spent.wall / 1000, "python": spent.python / 1000, "server": (spent.server or 0) / 1000,
        "statements": len(sent), "parts": parts,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(_count()))
