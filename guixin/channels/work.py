"""What runs without anybody asking: `guixin worker`. Any number of workers, on any machines, killed at will.

Nothing is held in memory between two batches: each claims its rows, writes the whole effect and commits. A worker
that is killed in between has done nothing, and the next one does it. See docs/developers/decisions and R1, R2,
R10 in docs/guarantees.
"""

import logging
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from threading import Event, Thread
from time import monotonic

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from guixin.channels import customer_messages, private_link, staff_mail, survey_mail  # noqa: F401  what is imported here can be sent
from guixin.channels.mail import understanding
from guixin.channels.mail.fetching import Fetchers
from guixin.channels.models.idempotency import prune_idempotency
from guixin.channels.robots import gathering
from guixin.channels.watching import LONGEST_REST, SHORTEST, Watch
from guixin.handbook import asking
from guixin.ledger import outbox
from guixin.ledger.clock import database_now
from guixin.ledger.numbering import number_entries
from guixin.listen import counting, evidence, inviting, sharing_results, standing
from guixin.promise import keeping, planning, posting, stating, trying, visit_rhythms
from guixin.recover import effect
from guixin.search import counting as search_counting
from guixin.search import indexing as search_indexing
from guixin.serve import (
    attaching,
    bulk_changes,
    draft_files,
    drafts,
    learning,
    presence,
    saved_views,
    sending,
    simulating,
    snoozing,
    surges,
)
from guixin.understand import (
    contact_series,
    grading,
    lifecycle,
    missing_contacts,
    pairing,
    price_intervals,
    sorting,
)

log = logging.getLogger(__name__)

CLOCKS = "clocks"
BATCH = 500  # clocks claimed at once at most; see docs/benchmarks.md for how this was chosen
FIRST_BATCH = 20
LOCK_PATIENCE = "200ms"
LONGEST_PAUSE_AFTER_FAILURE = 1.0  # seconds: a database that comes back is noticed within one
LEAVE_WITHIN = 25.0  # seconds after a polite kill
KEPT_SENT = timedelta(days=30)


@dataclass(frozen=True)
class Loop:
    """One thing done over and over: `work` does a batch and says whether there may be more. Found nothing, it is done again once
    somebody wrote, see watching.py, or when `next_due` says: only a write could change that."""

    kind: str
    work: Callable[[datetime], int | bool]
    rest: float  # seconds at least until the next look when nothing was found
    threads: int = 1
    next_due: Callable[[], datetime | None] | None = None


# -- the promises ------------------------------------------------------------------------------------------------


class StepTaker:
    """Fires what is due, in batches that begin small and double with each that succeeds.

    Large batches cost least for each row; but a worker that is killed within every batch would never finish a
    large one, and it is just after a fault that the backlog is long. So the size is earned.
    """

    def __init__(self):
        self.size = FIRST_BATCH

    def __call__(self, now: datetime) -> int:
        """A batch that fails is tried again in smaller ones, until the row to blame stands alone."""
        for limit in (self.size, FIRST_BATCH, 1):
            try:
                taken = _fire(now, limit)
            except DatabaseError as why:
                self.size = FIRST_BATCH
                if connection_is_lost(why):
                    raise
                log.warning("%d due clocks have to wait: %s", limit, str(why).strip())
            except Exception:
                self.size = FIRST_BATCH
                log.exception("a batch of %d due clocks failed", limit)
                if limit == 1:
                    keeping.set_aside_next(now, "its consequences failed; see the log of the worker")
            else:
                if taken:
                    self.size = min(self.size * 2, BATCH)
                return taken
        return 0


@transaction.atomic
def _fire(now: datetime, limit: int) -> int:
    # Whoever acts on a case locks the case and then its clocks; this locks clocks and then cases. Giving up
    # before the database looks for deadlocks (after 1 s) makes the worker, never a person, the one to retry.
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_PATIENCE}'")
    return keeping.fire_due(now, limit)


# -- the rest ----------------------------------------------------------------------------------------------------


def prune(now: datetime) -> int:
    """Drop what nobody will look at again: post that left long ago, signs of life of workers and of readers long
    gone, answers kept for a repeat that will not come, drafts nobody came back to, words looked for once long ago."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM channels_heartbeat WHERE beat_at < clock_timestamp() - interval '1 day'")
        cursor.execute(
            "DELETE FROM channels_delivery d USING ledger_outgoing o"
            " WHERE o.id = d.outgoing_id AND o.state = 'sent' AND o.sent_at < %s",
            [now - KEPT_SENT],
        )
        cursor.execute("DELETE FROM ledger_outgoing WHERE state = 'sent' AND sent_at < %s", [now - KEPT_SENT])
    prune_idempotency(now)
    gathering.prune(now)
    bulk_changes.prune_drafts(now)
    drafts.prune(now)
    draft_files.prune(now)
    presence.prune(now)
    simulating.prune(now)
    asking.prune(timezone.localdate(now))
    return 0


def _look_for_pairs(now: datetime) -> int:
    pairing.look_for_pairs(now)
    return 0  # what was found is found; there is no next batch


def _brought_by(module: str, name: str) -> Callable | None:
    return getattr(import_module(module), name, None) if find_spec(module) else None


def loops() -> list[Loop]:
    """Everything a worker does, what people wait for first."""
    found = [
        Loop(CLOCKS, StepTaker(), SHORTEST),
        Loop(
            "replies", sending.send_next, 0.5, next_due=sending.next_due
        ),  # whoever pressed Send sees it leave
        Loop("ledger", lambda now: number_entries(), 0.2),
        Loop("notices", staff_mail.write_digests, 1),
        Loop("robots", gathering.call_robots, 1),
        # Several, so that one receiver that hangs does not hold up the post to the others.
        Loop("post", outbox.deliver_next, 0.5, threads=3),
        Loop("mailboxes", Fetchers(), 5),
        Loop("mail", understanding.understand_next, 0.5),
    ]
    found += [
        Loop("bulk changes", bulk_changes.run_next, 0.5),
        Loop("snoozed cases", snoozing.wake_due, 1, next_due=snoozing.next_due),
        Loop("search", lambda now: search_indexing.index_pending(), 1),
        Loop("views", saved_views.recount_next, 2),
        Loop("segments", sorting.run_next, 1),
        Loop("lifecycle", lifecycle.count_next, 30),
        Loop("prices", price_intervals.count_next, 2),
        Loop("surveys", counting.count_next, 2),
        Loop("results", sharing_results.share_next, 20),
        Loop("survey evidence", evidence.count_next, 10),
        Loop("recoveries", effect.count_next, 30),
        Loop("simulations", simulating.run_next, 1),
    ]
    found.append(Loop("statements", stating.open_due, 300))
    found.append(Loop("trials", trying.keep_up, 10))
    # Neither is needed for promises to be kept, so a worker starts without them.
    if feed := _brought_by("guixin.channels.webhooks", "feed"):
        found.append(Loop("webhooks", feed, 0.5))
    if run_next := _brought_by("guixin.channels.importing", "run_next_import"):
        found.append(Loop("imports", lambda now: bool(run_next(now)), 1))
    found.append(Loop("surges", surges.look, 600))
    found.append(Loop("suggestions", learning.learn_next, 600))
    found.append(Loop("grades", lambda now: bool(grading.grade_when_due(now)), 600))
    found.append(Loop("words", lambda now: bool(search_counting.count_when_due(now)), 300))
    found.append(Loop("files", attaching.sweep, 6 * 3600))
    found.append(Loop("contacts", missing_contacts.miss_due, 5))
    found.append(Loop("series", contact_series.fill_ahead, 3600))
    # What customers are told: what happened is looked for, then what is due leaves.
    found.append(Loop("plans", planning.plan_what_happened, 20))
    found.append(Loop("messages", posting.post_due, 1, next_due=posting.next_due))
    found.append(Loop("waves", lambda now: bool(standing.begin_due(now)), 60))
    found.append(Loop("invitations", inviting.post_due, 1))
    found.append(Loop("rhythms", visit_rhythms.keep_up, 60))
    found.append(Loop("pairs", _look_for_pairs, 15 * 60))
    return [*found, Loop("pruning", prune, 3600)]


# -- the worker --------------------------------------------------------------------------------------------------


def me() -> str:
    """The worker's name in the list of heartbeats."""
    return f"{socket.gethostname()}:{os.getpid()}"


class Worker:
    """Loops side by side, each on its own connection, until `stop`."""

    def __init__(self, kinds: list[str] | None = None, supervisor: int | None = None):
        self.supervisor = supervisor  # process; without it the worker leaves
        self.loops = [loop for loop in loops() if not kinds or loop.kind in kinds]
        self.stopping = Event()
        self.watch = Watch(self.stopping.is_set, beat)

    def run(self) -> None:
        """Work until stopped, politely or by the loss of the supervisor; the current batches are finished."""
        for polite_kill in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            # In a thread: the main one may be interrupted with the lock of its Event in hand.
            signal.signal(polite_kill, lambda number, frame: Thread(target=self.stop).start())
        threads = [
            Thread(target=self._keep_going, args=(loop, number), name=loop.kind, daemon=True)
            for loop in self.loops
            for number in range(loop.threads)
        ]
        threads.append(Thread(target=self.watch.keep_looking, name="watch", daemon=True))
        for thread in threads:
            thread.start()
        while not self.stopping.wait(1):
            if self.supervisor and os.getppid() != self.supervisor:
                self.stop()
        give_up = monotonic() + LEAVE_WITHIN
        for thread in threads:
            thread.join(max(give_up - monotonic(), 0))
        with suppress(Exception):  # the database may be the reason why we leave
            farewell()

    def stop(self) -> None:
        self.stopping.set()
        self.watch.wake_all()

    def run_once(self) -> None:
        """Do what is there to do now, and return."""
        for loop in self.loops:
            while loop.work(database_now()) and not self.stopping.is_set():
                pass

    def _keep_going(self, loop: Loop, number: int) -> None:
        failures, pulses = 0, self.watch.pulses
        kind = f"{loop.kind}-{number + 1}" if loop.threads > 1 else loop.kind
        while not self.stopping.is_set():
            seen = self.watch.writes  # before we look: what is written meanwhile is looked for again
            try:
                if not failures:
                    pulses[kind] = monotonic()
                if not loop.work(database_now()):
                    pulses[kind] = None
                    self._rest(loop, seen)
                failures = 0
            except Exception as why:
                failures += 1
                pulses[kind] = float("-inf")
                self._recover(kind, why, failures)
                self.stopping.wait(min(0.05 * 2**failures, LONGEST_PAUSE_AFTER_FAILURE))
        with suppress(Exception):
            connection.close()

    def _rest(self, loop: Loop, seen: int) -> None:
        self.stopping.wait(loop.rest)
        if loop.kind == CLOCKS:
            self.watch.until_due(LONGEST_REST)
        elif (longest := _longest_rest(loop)) > 0:
            self.watch.rest(seen, longest)

    def _recover(self, kind: str, why: Exception, failures: int) -> None:
        if connection_is_lost(why):
            if failures == 1:
                log.warning("%s: the database is gone; trying again until it is back", kind)
        elif failures & (failures - 1) == 0:  # 1, 2, 4, 8 …: not a page of the same lines
            log.error("%s failed (%d times)", kind, failures, exc_info=why)
        with suppress(Exception):
            connection.close()


def _longest_rest(loop: Loop) -> float:
    """Seconds a loop that has rested already rests on while nobody writes."""
    longest = LONGEST_REST - loop.rest
    at = loop.next_due() if loop.next_due else None
    return min(longest, (at - database_now()).total_seconds()) if at else longest


def connection_is_lost(why: Exception) -> bool:
    """Whether the server went away, as against refusing one statement."""
    if isinstance(why, InterfaceError):
        return True
    state = getattr(why.__cause__, "sqlstate", None)
    return isinstance(why, OperationalError) and (state is None or state[:2] in ("08", "57"))


def beat(kinds: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO channels_heartbeat (name, kind, beat_at) SELECT %s, unnest(%s::text[]), clock_timestamp()"
            " ON CONFLICT (name, kind) DO UPDATE SET beat_at = EXCLUDED.beat_at",
            [me(), kinds],
        )


def farewell() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM channels_heartbeat WHERE name = %s", [me()])
