"""R5: many copies of the same request at the same moment, the server killed in the middle: one case a key.

    python -m tests.reliability.r5_idempotent_intake --seed 1 [--keys 150] [--copies 20] [--kills 5]

Every copy is repeated until it is answered (a program does that when the line breaks). Then: exactly one case a key,
all answers to a key byte for byte the same, the same key with another body refused, and every answer still there.
The whole size is --keys 1000 --copies 50 --kills 20.
"""

import argparse
import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from random import Random

import httpx

from tests.reliability.ground import ground
from tests.reliability.web_server import WebServer


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keys", type=int, default=150)
    parser.add_argument("--copies", type=int, default=20)
    parser.add_argument("--kills", type=int, default=5)
    wanted = parser.parse_args()
    chance = Random(wanted.seed)
    with ground("r5"):
        headers = {"Authorization": f"Bearer {key()}", "Content-Type": "application/json"}
        with WebServer() as server:
            began = time.monotonic()
            answers, statuses = ask(server, headers, wanted, chance)
            took = time.monotonic() - began
            mismatches = refused_mismatches(server, headers, wanted.keys)
            repeats = repeated(server, headers, answers)
        found, records = counted()
    doubled = sum(len(bodies) > 1 for bodies in answers.values())
    unanswered = wanted.keys - len(answers)
    print(
        f"R5 {wanted.keys} keys x {wanted.copies} copies, {server.kills} kills, seed {wanted.seed}: "
        f"{found} cases, {records} kept answers, {doubled} keys with two answers, {unanswered} without, "
        f"{mismatches} of {wanted.keys} other bodies refused, {repeats} answers the same afterwards, "
        f"statuses {statuses}, {took:.0f} s"
    )
    right = (
        found == records == mismatches == repeats == wanted.keys
        and not doubled
        and not unanswered
        and set(statuses) <= {201, 503}
        and server.kills == wanted.kills
    )
    return 0 if right else 1


def key() -> str:
    from guixin.ledger.clock import database_now
    from guixin.organisation.models import ApiKey
    from guixin.serve.tests import make

    return ApiKey.issue(make.wang(), "r5", ["cases:write"], database_now())[1]


def body(number: int) -> bytes:
    return json.dumps({"kind": "complaint", "subject": f"第 {number} 件", "category": "quality"}).encode()


def ask(server: WebServer, headers: dict, wanted, chance: Random) -> tuple[dict[int, set], dict[int, int]]:
    """Send every copy of every key, in a mixed order, while the server is killed now and then."""
    copies = [number for number in range(wanted.keys) for _copy in range(wanted.copies)]
    # Copies of one key stay near each other, so that they really meet.
    copies.sort(key=lambda number: number + chance.uniform(0, 3))
    answers: dict[int, set] = {}
    statuses: dict[int, int] = {}
    lock, done = threading.Lock(), threading.Semaphore(0)

    def one(number: int) -> None:
        while True:
            try:
                got = client.post(
                    f"{server.url}/api/cases",
                    content=body(number),
                    headers=headers | {"Idempotency-Key": f"r5-{number}"},
                )
            except httpx.HTTPError:
                time.sleep(0.05)  # killed under us: a program asks again with the same key
                continue
            with lock:
                statuses[got.status_code] = statuses.get(got.status_code, 0) + 1
            if got.status_code != 503:
                break
        with lock:
            answers.setdefault(number, set()).add((got.status_code, got.content))
        done.release()

    kill_after = sorted(chance.sample(range(1, len(copies)), wanted.kills))
    with httpx.Client(timeout=60) as client, ThreadPoolExecutor(24) as pool:
        for number in copies:
            pool.submit(one, number)
        before = 0
        for moment in kill_after:
            for _answer in range(moment - before):
                done.acquire()
            before = moment
            server.kill()
    return answers, statuses


def refused_mismatches(server: WebServer, headers: dict, keys: int) -> int:
    """The same keys with the body of another: 422, every time."""
    with httpx.Client(timeout=60) as client:
        return sum(
            client.post(
                f"{server.url}/api/cases",
                content=body(number + 1),
                headers=headers | {"Idempotency-Key": f"r5-{number}"},
            ).status_code
            == 422
            for number in range(keys)
        )


def repeated(server: WebServer, headers: dict, answers: dict[int, set]) -> int:
    with httpx.Client(timeout=60) as client:
        same = 0
        for number, kept in answers.items():
            got = client.post(
                f"{server.url}/api/cases",
                content=body(number),
                headers=headers | {"Idempotency-Key": f"r5-{number}"},
            )
            same += kept == {(got.status_code, got.content)}
        return same


def counted() -> tuple[int, int]:
    from guixin.channels.models import IdempotencyRecord
    from guixin.serve.models import Case

    numbers = Case.objects.count(), Case.objects.values("subject").distinct().count()
    assert numbers[0] == numbers[1], f"{numbers[0]} cases for {numbers[1]} different matters"
    return numbers[0], IdempotencyRecord.objects.count()


if __name__ == "__main__":
    sys.exit(main())
