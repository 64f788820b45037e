"""R4: the power fails while cases come in: every case that was acknowledged is there, once.

    python -m tests.reliability.r4_power_cut_at_intake --seed 1 [--cuts 20] [--cases 600]

Programs hand in cases over a real web server while every process of PostgreSQL is killed (`kill -9`, no chance to
write anything) and started again. A program that got no answer asks again with the same Idempotency-Key. A 201 is
an acknowledgement: its number must be in the database afterwards, exactly once, with its clocks and its entry.
"""

import argparse
import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from random import Random

import httpx

from tests.reliability.deadlines import own_server
from tests.reliability.r5_idempotent_intake import key
from tests.reliability.web_server import WebServer


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--cases", type=int, default=600)
    wanted = parser.parse_args()
    chance = Random(wanted.seed)
    with own_server("r4") as database:
        headers = {"Authorization": f"Bearer {key()}", "Content-Type": "application/json"}
        with WebServer(threads=8) as server:
            began = time.monotonic()
            acknowledged, refused = hand_in(server, database, headers, wanted, chance)
            took = time.monotonic() - began
        there, whole = counted()
    lost = len(set(acknowledged) - set(there))
    twice = len(there) - len(set(there.values()))
    print(
        f"R4 {wanted.cases} cases, {wanted.cuts} power cuts, seed {wanted.seed}: {len(acknowledged)} acknowledged, "
        f"{lost} lost, {twice} twice, {whole} whole, {refused} answers 503, {took:.0f} s"
    )
    right = not lost and not twice and len(acknowledged) == len(there) == whole == wanted.cases
    return 0 if right else 1


def hand_in(server, database, headers, wanted, chance: Random) -> tuple[list[str], int]:
    """Numbers acknowledged, and how often the server said that its database was away."""
    acknowledged: list[str] = []
    refused = 0
    lock, done = threading.Lock(), threading.Semaphore(0)

    def one(number: int) -> None:
        nonlocal refused
        case = {"kind": "complaint", "subject": f"第 {number} 件", "category": "quality"}
        while True:
            try:
                got = client.post(
                    f"{server.url}/api/cases",
                    content=json.dumps(case).encode(),
                    headers=headers | {"Idempotency-Key": f"r4-{number}"},
                )
            except httpx.HTTPError:
                time.sleep(0.1)
                continue
            if got.status_code == 201:
                break
            with lock:
                refused += 1
            time.sleep(0.1)
        with lock:
            acknowledged.append(got.json()["number"])
        done.release()

    # Cut while requests are under way: after so many answers, and a moment later.
    cuts = sorted(chance.sample(range(1, wanted.cases), wanted.cuts))
    with httpx.Client(timeout=30) as client, ThreadPoolExecutor(8) as pool:
        for number in range(wanted.cases):
            pool.submit(one, number)
        before = 0
        for moment in cuts:
            for _answer in range(moment - before):
                done.acquire()
            before = moment
            time.sleep(chance.uniform(0, 0.05))
            database.cut_power()
            database.start()
    return acknowledged, refused


def counted() -> tuple[dict[str, str], int]:
    """Number -> subject of every case, and how many have their entry, their clocks and their tasks."""
    from django.db import connection

    from guixin.serve.models import Case

    connection.close()  # it did not survive the cuts
    there = dict(Case.objects.values_list("number", "subject"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM serve_case c"
            " WHERE (SELECT count(*) FROM ledger_entry e"
            "        WHERE e.case_id = c.id AND e.kind = 'serve.case_opened') = 1"
            " AND EXISTS (SELECT FROM promise_clock k WHERE k.about_kind = 'case' AND k.about_id = c.id)"
            " AND (SELECT count(*) FROM serve_task t WHERE t.case_id = c.id) = 2"
        )
        return there, cursor.fetchone()[0]


if __name__ == "__main__":
    sys.exit(main())
