"""Finds out what changed and tells the streams that listen for it.

One look at the database for all streams of a process, twice a second and only while there are streams: the ledger
after the last position seen, and the counters somebody listens for. Not LISTEN/NOTIFY: a notification makes every
commit of the firm queue for one lock, and the ledger's positions say the same.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain

from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.utils import timezone

from guixin.channels.live.tickets import case_topic, count_topic
from guixin.ledger.bulk import fetch_rows
from guixin.ledger.models import Entry

log = logging.getLogger(__name__)

LOOKS_EVERY = 0.5  # seconds
CHECKS_SESSIONS_EVERY = 8  # looks: whoever signed out hears nothing after four seconds
AT_MOST_NEW = 5_000  # entries in one look; after more than that everybody is told


@dataclass(eq=False)
class Stream:
    """One open page: what it listens for, and the hints it has not been given yet."""

    session_key: str
    topics: Mapping[str, frozenset[str]]
    waiting: set[str] = field(default_factory=set)
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False

    def hear(self, changed: Iterable[str] | None) -> None:
        """`changed` topics, or None: nobody knows what changed, so everything may have."""
        hints = {
            hint for hint, causes in self.topics.items() if changed is None or not causes.isdisjoint(changed)
        }
        if hints:
            self.waiting |= hints
            self.stirred.set()

    def end(self) -> None:
        self.is_over = True
        self.stirred.set()


class Hub:
    """The streams of this process, and the one look that serves them all."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self._looking: asyncio.Task | None = None
        self._database = ThreadPoolExecutor(1, thread_name_prefix="live")  # its connection is its own
        self._position: int | None = None
        self._counts: dict[str, int] = {}

    def join(self, stream: Stream) -> None:
        self.streams.add(stream)
        if self._looking is None or self._looking.done():
            self._position, self._counts = None, {}
            self._looking = asyncio.get_running_loop().create_task(self._look_again_and_again())

    def leave(self, stream: Stream) -> None:
        self.streams.discard(stream)

    async def ask(self, question, *arguments):
        """Ask the database something without holding up the streams."""
        return await asyncio.get_running_loop().run_in_executor(self._database, question, *arguments)

    async def _look_again_and_again(self) -> None:
        looks = 0
        while self.streams:
            topics = frozenset(chain.from_iterable(chain(*(each.topics.values() for each in self.streams))))
            try:
                changed = await self.ask(self.look, topics)
                if looks % CHECKS_SESSIONS_EVERY == 0:
                    alive = await self.ask(living, {each.session_key for each in self.streams})
                    for each in self.streams:
                        if each.session_key not in alive:
                            each.end()
            except DatabaseError as why:  # the pages keep what they show, and look again
                log.warning("live updates pause: %s", why)
                await self.ask(connection.close)
                changed = frozenset()
            for each in list(self.streams):
                each.hear(changed)
            looks += 1
            await asyncio.sleep(LOOKS_EVERY)

    def look(self, topics: frozenset[str]) -> frozenset[str] | None:
        """What changed since the last look, of all that anybody listens for."""
        cases = self._new_cases()
        counted = {topic.removeprefix("count:") for topic in topics if topic.startswith("count:")}
        counts = dict.fromkeys(counted, 0) | dict(fetch_rows(_COUNTS, [sorted(counted)]))
        moved = {
            count_topic(of) for of in counts.keys() & self._counts.keys() if counts[of] != self._counts[of]
        }
        self._counts = counts
        return None if cases is None else frozenset({*map(case_topic, cases), *moved})

    def _new_cases(self) -> set[int] | None:
        if self._position is None:
            last = Entry.objects.filter(position__isnull=False).order_by("-position")
            self._position = last.values_list("position", flat=True).first() or 0
            return set()
        rows = list(Entry.objects.after(self._position).values_list("position", "case_id")[:AT_MOST_NEW])
        if rows:
            self._position = rows[-1][0]
        if len(rows) == AT_MOST_NEW:
            self._position = None
            return None
        return {case_id for _position, case_id in rows if case_id}


def living(session_keys: Iterable[str]) -> set[str]:
    """The sessions that still stand: nobody signed them out and they have not run out."""
    kept = Session.objects.filter(session_key__in=list(session_keys), expire_date__gt=timezone.now())
    return set(kept.values_list("session_key", flat=True))


_COUNTS = "SELECT of, sum(number)::bigint FROM serve_counter WHERE of = ANY(%s::text[]) GROUP BY of"
