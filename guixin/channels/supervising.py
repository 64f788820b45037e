"""Several workers from one start: `guixin worker --processes 4`. One that dies is replaced at once.

The supervisor loads the program once and forks; a fork stands ready in milliseconds where a fresh start takes a
second. It holds no connection and does no work, so nothing can go wrong in it. A worker whose supervisor died
finishes its batch and leaves.
"""

import gc
import logging
import os
import random
import signal
import time
from contextlib import suppress

from django.db import DatabaseError, connections

from guixin.channels.work import Worker
from guixin.ledger.clock import database_now
from guixin.organisation.ladder import Ladder
from guixin.promise.terms import all_calendars, all_versions, calendar_of_department

log = logging.getLogger(__name__)

POLITE_KILLS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
SHORT_LIFE = 1.0  # seconds; one that fails sooner is not replaced at once, or a fault would keep a core busy


def warm_up() -> None:
    """Load what every worker needs to know before its first batch, so that a fork has it already. What has
    changed since, a fork notices by its number and loads again."""
    with suppress(DatabaseError):  # not there yet: the workers wait for it
        Ladder.at(database_now())
        all_versions(), all_calendars(), calendar_of_department()


class Supervisor:
    """Keeps `processes` workers alive until it is told to stop."""

    def __init__(self, kinds: list[str], processes: int):
        self.kinds, self.processes = kinds, processes
        self.born: dict[int, float] = {}
        self.stopping = False

    def run(self) -> None:
        warm_up()
        connections.close_all()  # a connection must not be shared with a fork
        gc.freeze()  # what is loaded stays shared between the forks
        for polite_kill in POLITE_KILLS:
            signal.signal(polite_kill, self._stop)
        while not self.stopping:
            while len(self.born) < self.processes and not self.stopping:
                self._give_birth()
            self._bury()
        self._stop()
        while self.born:
            self._bury()

    def _give_birth(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, POLITE_KILLS)
        try:
            if pid := os.fork():
                self.born[pid] = time.monotonic()
                return
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, POLITE_KILLS)
        code = 1
        try:
            random.seed()
            Worker(self.kinds, supervisor=os.getppid()).run()
            code = 0
        except Exception:
            log.exception("a worker failed")
        finally:
            os._exit(code)

    def _bury(self) -> None:
        try:
            pid, status = os.wait()
        except ChildProcessError:
            self.born.clear()
            return
        lived = time.monotonic() - self.born.pop(pid, 0.0)
        if os.WIFSIGNALED(status) and not self.stopping:
            log.warning(
                "worker %d was killed by signal %d; another takes its place", pid, os.WTERMSIG(status)
            )
        elif status and lived < SHORT_LIFE and not self.stopping:
            time.sleep(SHORT_LIFE)

    def _stop(self, *_signal) -> None:
        self.stopping = True
        for pid in list(self.born):
            os.kill(pid, signal.SIGTERM)
