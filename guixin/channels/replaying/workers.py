"""Real worker processes for a replay, killed at random if asked, always started again."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime

from guixin.promise.models import Clock

DRAIN_LIMIT_S = 120


class Workers:
    """`count` processes of `guixin worker --only clocks` on the replay's database."""

    def __init__(self, count: int, *, url: str, kills: int = 0, seed: int = 1):
        self.count, self.url, self.kills = count, url, kills
        self.killed = 0
        self._random = random.Random(seed)  # noqa: S311  a reproducible course, not a secret
        self._processes: list[subprocess.Popen] = []
        self._over = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> "Workers":
        self._processes = [self._start() for _ in range(self.count)]
        if self.count:
            self._keeper.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._over.set()
        if self.count:
            self._keeper.join()
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()

    def wait_until_drained(self, until: datetime) -> None:
        """Wait until nothing is due any more by the virtual clock."""
        limit = time.monotonic() + DRAIN_LIMIT_S
        while Clock.objects.due(until).exists():
            if time.monotonic() > limit:
                raise TimeoutError(f"clocks due before {until} were not fired within {DRAIN_LIMIT_S} s")
            time.sleep(0.01)

    def _start(self) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", "guixin", "worker", "--only", "clocks"],
            env={**os.environ, "DATABASE_URL": self.url},
            stdout=subprocess.DEVNULL,
        )

    def _keep(self) -> None:
        """Deal the kills, evenly over the first part of the run, and start again whoever died."""
        while not self._over.wait(self._random.uniform(0.05, 0.4)):
            if self.killed < self.kills:
                self._random.choice(self._processes).send_signal(signal.SIGKILL)
                self.killed += 1
            for place, process in enumerate(self._processes):
                if process.poll() is not None:
                    self._processes[place] = self._start()
