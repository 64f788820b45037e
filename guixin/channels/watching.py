"""Whether anything happened at all: one question for all loops of a worker, five times a second.

Two dozen loops that each look for their own rows every second keep a tenth of a core busy in a house where nothing happens.
PostgreSQL knows for free whether any transaction wrote: its snapshot (which transactions are under way, which one comes next)
changes when one begins to write and again when it ends. While it stays the same there is nothing new to find.

Not LISTEN/NOTIFY: a notification makes every commit that sends one wait its turn, and each writer would have to know its readers.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Condition
from time import monotonic

from django.db import connection

from guixin.ledger.bulk import fetch_rows

log = logging.getLogger(__name__)

LOOK_EVERY = 0.2  # seconds: a case opened meanwhile may be due before those known now
SHORTEST = 0.02
LONGEST_REST = 5.0  # seconds a loop rests if nobody writes and it does not know when something falls due
BEAT_EVERY = 10.0
_LOOK = """
    SELECT pg_current_snapshot()::text, extract(epoch FROM (SELECT min(next_at) FROM promise_clock) - guixin_now())::float8
"""


def look() -> tuple[str, float | None]:
    """What changes with every write, and the seconds until the next deadline, below zero if it has passed."""
    ((snapshot, seconds),) = fetch_rows(_LOOK, ())
    return snapshot, seconds


def until_the_next_look(seconds: float | None) -> float:
    """At most a fifth of a second, and on time for the deadline."""
    return LOOK_EVERY if seconds is None else min(max(seconds, SHORTEST), LOOK_EVERY)


class Watch:
    """`writes` moves when somebody wrote, `is_due` tells whether a deadline has passed; whoever waits for either is woken.
    `pulses`: by loop None while it rests, since when it is at work, or minus infinity while it fails."""

    def __init__(self, is_stopping: Callable[[], bool], beat: Callable[[list[str]], None]):
        self.is_stopping, self.beat = is_stopping, beat
        self.news = Condition()
        self.writes, self.is_due = 0, True
        self.pulses: dict[str, float | None] = {}
        self._snapshot, self._beaten, self._last_beat = "", set[str](), float("-inf")

    def keep_looking(self) -> None:
        while not self.is_stopping():
            try:
                snapshot, seconds = look()
                self._tell(snapshot, seconds is not None and seconds <= 0)
                self._beat()
                pause = until_the_next_look(seconds)
            except Exception as why:  # each loop says for itself what is wrong, once it is woken
                log.debug("nothing could be looked at: %s", why)
                self._tell("", True)
                with suppress(Exception):
                    connection.close()
                pause = LOOK_EVERY
            with self.news:
                self.news.wait_for(self.is_stopping, pause)
        with suppress(Exception):
            connection.close()

    def _tell(self, snapshot: str, is_due: bool) -> None:
        with self.news:
            if snapshot != self._snapshot or not snapshot:
                self._snapshot = snapshot
                self.writes += 1
            elif is_due == self.is_due:
                return
            self.is_due = is_due
            self.news.notify_all()

    def _beat(self) -> None:
        """One statement for all loops that are well."""
        now = monotonic()
        well = [
            kind for kind, since in list(self.pulses.items()) if since is None or now - since < BEAT_EVERY
        ]
        if well and (now - self._last_beat >= BEAT_EVERY or set(well) - self._beaten):
            self.beat(well)
            self._last_beat, self._beaten = now, set(well)

    def rest(self, seen: int, seconds: float) -> None:
        """Until somebody writes after `seen`, or so long."""
        with self.news:
            self.news.wait_for(lambda: self.is_stopping() or self.writes != seen, seconds)

    def until_due(self, seconds: float) -> None:
        with self.news:
            self.news.wait_for(lambda: self.is_stopping() or self.is_due, seconds)

    def wake_all(self) -> None:
        with self.news:
            self.news.notify_all()
