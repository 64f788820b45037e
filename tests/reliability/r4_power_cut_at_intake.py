"""R4: the power fails while cases come in: every case that was acknowledged is there, once.

    python -m tests.reliability.r4_power_cut_at_intake --seed 1 [--cuts 20] [--cases 600]

Programs and people hand in cases over a real web server, and mail servers over our door (SMTP), while every process of
PostgreSQL is killed (`kill -9`, no chance to write anything) and started again. A program that got no answer asks again
with the same Idempotency-Key, a person sends the same form again, a mail server the same mail. A 201, the page with a
number, or a 250 is an acknowledgement: that case must be in the database afterwards, exactly once, with its clocks and its
entry. The three ways take turns; what came by mail is read meanwhile, and what was cut off there again.
"""

import argparse
import json
import logging
import re
import smtplib
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from random import Random

import httpx

from tests.reliability.deadlines import own_server
from tests.reliability.r5_idempotent_intake import key
from tests.reliability.web_server import WebServer

PATIENCE_S = 120  # a case that is refused for so long will not come, and the count says so


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--cases", type=int, default=600)
    wanted = parser.parse_args()
    chance = Random(wanted.seed)
    with own_server("r4") as database:
        headers = {"Authorization": f"Bearer {key()}", "Content-Type": "application/json"}
        with WebServer(threads=8) as server, mail_door() as door, reading():
            began = time.monotonic()
            acknowledged, refused = hand_in(server, door, database, headers, wanted, chance)
            took = time.monotonic() - began
        read_what_is_left()
        there, whole = counted()
    lost = len(set(acknowledged) - {*there, *there.values()})
    twice = len(there) - len(set(there.values()))
    print(
        f"R4 {wanted.cases} cases, {wanted.cuts} power cuts, seed {wanted.seed}: {len(acknowledged)} acknowledged, "
        f"{lost} lost, {twice} twice, {whole} whole, {refused} tries without an answer, {took:.0f} s"
    )
    right = not lost and not twice and len(acknowledged) == len(there) == whole == wanted.cases
    return 0 if right else 1


def hand_in(server, door: int, database, headers, wanted, chance: Random) -> tuple[list[str], int]:
    """Numbers acknowledged, of mails their subjects, and how many tries went without an acknowledgement."""
    acknowledged: list[str] = []
    refused = 0
    lock, done, over = threading.Lock(), threading.Semaphore(0), threading.Event()

    def one(number: int) -> None:
        nonlocal refused, acknowledged
        hand_over = (
            by_api(client, server.url, headers, number), by_form(server.url, number), by_mail(door, number),
        )[number % 3]  # fmt: skip
        give_up = time.monotonic() + PATIENCE_S
        while (acknowledgement := hand_over()) is None and time.monotonic() < give_up and not over.is_set():
            with lock:
                refused += 1
            time.sleep(0.1)
        with lock:
            acknowledged += filter(None, [acknowledgement])
        done.release()

    # Cut while requests are under way: after so many answers, and a moment later.
    cuts = sorted(chance.sample(range(1, wanted.cases), wanted.cuts))
    with httpx.Client(timeout=30) as client, ThreadPoolExecutor(8) as pool:
        for number in range(wanted.cases):
            pool.submit(one, number)
        before = 0
        try:
            for moment in cuts:
                for _answer in range(moment - before):
                    done.acquire()
                before = moment
                time.sleep(chance.uniform(0, 0.05))
                database.cut_power()
                database.start()
        except BaseException:
            over.set()  # nobody goes on knocking at a database that will not come back
            raise
    return acknowledged, refused


def by_api(client: httpx.Client, url: str, headers: dict, number: int) -> Callable[[], str | None]:
    """One try of a program: the number, or None where there was no acknowledgement."""
    case = {"kind": "complaint", "subject": f"第 {number} 件", "category": "quality"}

    def attempt() -> str | None:
        with suppress(httpx.HTTPError):
            got = client.post(
                f"{url}/api/cases",
                content=json.dumps(case).encode(),
                headers=headers | {"Idempotency-Key": f"r4-{number}"},
            )
            return got.json()["number"] if got.status_code == 201 else None
        return None

    return attempt


def by_form(url: str, number: int) -> Callable[[], str | None]:
    """One try of a person with a browser of their own, at an address of their own: the brake is on each address."""
    there = httpx.HTTPTransport(local_address=f"127.0.{1 + number // 200}.{1 + number % 200}")
    browser = httpx.Client(timeout=30, transport=there)
    form: dict[str, str] = {}

    def attempt() -> str | None:
        with suppress(httpx.HTTPError):
            if not form:
                page = browser.get(f"{url}/complain")
                if page.status_code != 200:
                    return None
                form.update(re.findall(r'name="(csrfmiddlewaretoken|once)" value="([^"]+)"', page.text))
                form.update(kind="complaint", story=f"表单 {number}", website="")
                form.update(name="王女士", phone=f"138{number:08d}")
            got = browser.post(f"{url}/complain", data=form, headers={"Referer": f"{url}/complain"})
            found = re.search(r"\b\d{4}-\d{6,}\b", got.text) if got.status_code == 201 else None
            return found[0] if found else None
        return None

    return attempt


def by_mail(port: int, number: int) -> Callable[[], str | None]:
    """One try of a mail server: the subject, once it may forget the mail."""
    from guixin.channels.mail.tests import make

    subject, sender = f"邮件 {number}", f"m{number}@example.com"
    raw = make.letter(f"第 {number} 封", sender=sender, subject=subject, id=f"<{number}@example.com>")

    def attempt() -> str | None:
        with suppress(smtplib.SMTPException, OSError), smtplib.SMTP("127.0.0.1", port, timeout=30) as office:
            office.sendmail(sender, [make.SERVICE], raw)
            return subject
        return None

    return attempt


@contextmanager
def mail_door() -> Iterator[int]:
    """`guixin maildoor --smtp`, a process of its own; gives its port."""
    from guixin.channels.mail.tests import make
    from guixin.channels.mail.tests.servers import free_port

    make.mailbox(acknowledges=False)
    port = free_port()
    listen = ["maildoor", "--smtp", "--listen", f"127.0.0.1:{port}"]
    door = subprocess.Popen(
        [sys.executable, "-m", "guixin", *listen], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(OSError, smtplib.SMTPException), smtplib.SMTP("127.0.0.1", port, timeout=5):
                yield port
                return
            time.sleep(0.1)
        raise SystemExit("The door for mail did not open.")
    finally:
        door.kill()
        door.wait()


@contextmanager
def reading() -> Iterator[None]:
    """A worker's loop beside all this: it takes in mails, and dies in the middle as the database does."""
    over = threading.Event()
    thread = threading.Thread(target=read, args=(over,))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def read(over: threading.Event) -> None:
    logging.getLogger("guixin").setLevel(logging.CRITICAL)  # it says at length that the database is gone
    from django.db import DatabaseError, connection

    from guixin.channels.mail.understanding import understand_next
    from guixin.ledger.clock import database_now

    while not over.is_set():
        try:
            is_idle = not understand_next(database_now())
        except DatabaseError:
            connection.close()
            is_idle = True
        if is_idle:
            over.wait(0.05)
    connection.close()


def read_what_is_left() -> None:
    """A mail in whose middle the power failed is tried again when its lease has run out; here that is now."""
    from django.db import connection

    from guixin.channels.mail.understanding import LEASE, understand_next
    from guixin.ledger.clock import database_now

    connection.close()
    while understand_next(database_now() + LEASE):
        pass


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
            " AND ((SELECT count(*) FROM serve_task t WHERE t.case_id = c.id) = 2"
            # The form and the mail name no category, so no rule fires: the coordinator has it, with a clock.
            "      OR EXISTS (SELECT FROM promise_clock k WHERE k.case_id = c.id AND k.measure = 'route'))"
        )
        return there, cursor.fetchone()[0]


if __name__ == "__main__":
    sys.exit(main())
