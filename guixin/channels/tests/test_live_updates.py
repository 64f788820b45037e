import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from types import SimpleNamespace

from django.contrib.sessions.backends.db import SessionStore

from guixin.channels.live import door, hub, tickets
from guixin.channels.live.hub import Hub, Stream, living
from guixin.ledger.models import Entry

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def session() -> SessionStore:
    made = SessionStore()
    made.create()
    return made


def ticket(kept: SessionStore, **topics: list[str]) -> str:
    return tickets.issue(SimpleNamespace(session=kept), topics)


def entry(position: int, case_id: int | None) -> Entry:
    return Entry.objects.create(
        kind="serve.case_changed", happened_at=NOON, about_kind="case", about_id=case_id or 1, case_id=case_id,
        facts={}, position=position,
    )  # fmt: skip


class TestATicket:
    def test_says_what_its_page_may_listen_for(self, db):
        read = tickets.read(ticket(session(), case=["case:7"], numbers=["count:all"]))

        assert read.topics == {"case": frozenset({"case:7"}), "numbers": frozenset({"count:all"})}

    def test_holds_no_hint_that_nobody_knows(self, db):
        assert tickets.read(ticket(session(), anything=["case:7"])).topics == {}

    def test_that_was_written_by_somebody_else_is_none(self):
        assert tickets.read("eyJ0b3BpY3MiOnt9fQ:1:forged") is None


class TestALook:
    def test_tells_of_the_cases_that_got_new_entries(self, db):
        entry(1, 5)
        found = Hub()
        assert found.look(frozenset({"case:5"})) == frozenset()

        entry(2, 7)
        entry(3, None)

        assert found.look(frozenset({"case:5", "case:7"})) == {"case:7"}
        assert found.look(frozenset({"case:5", "case:7"})) == frozenset()

    def test_tells_of_the_counters_that_moved(self, db):
        from guixin.serve.models.counter import Counter

        found, topics = Hub(), frozenset({"count:owner:5", "count:owner:6"})
        found.look(topics)

        Counter.objects.create(what="open_cases", of="owner:5", slot=0, number=1)

        assert found.look(topics) == {"count:owner:5"}

    def test_of_more_than_one_can_tell_tells_everybody(self, db, monkeypatch):
        monkeypatch.setattr(hub, "AT_MOST_NEW", 2)
        found = Hub()
        found.look(frozenset())

        entry(1, 5)
        entry(2, 6)

        assert found.look(frozenset()) is None


class TestAStream:
    def test_hears_only_of_its_own_topics(self):
        stream = Stream("key", {"case": frozenset({"case:7"}), "list": frozenset({"case:7", "case:8"})})

        stream.hear({"case:9"})
        assert not stream.stirred.is_set()

        stream.hear({"case:8"})
        assert stream.waiting == {"list"}

    def test_hears_of_everything_when_nobody_knows_what_changed(self):
        stream = Stream("key", {"case": frozenset({"case:7"})})

        stream.hear(None)

        assert stream.waiting == {"case"}


class Visit:
    """One request at the door, as a server makes it. What the hub asks the database is answered from `alive`, the
    sessions that stand, and `news`, what the next looks find: a loop would have a connection of its own, outside the
    transaction of the test."""

    def __init__(self, ticket: str, session_key: str = "", method: str = "GET"):
        self.door = door.Door()
        self.door.hub.ask = self._ask
        self.scope = {
            "type": "http", "method": method, "path": "/live", "query_string": f"ticket={ticket}".encode(),
            "headers": [(b"cookie", f"sessionid={session_key}".encode())],
        }  # fmt: skip
        self.alive = living([session_key])
        self.news: list[frozenset[str]] = []
        self.sent: list[dict] = []
        self.leaving = asyncio.Event()

    async def _ask(self, question, *arguments):
        if question is living:
            return self.alive & set(arguments[0])
        return self.news.pop(0) if self.news else frozenset()

    async def _receive(self) -> dict:
        await self.leaving.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict) -> None:
        self.sent.append(message)

    async def knock(self) -> asyncio.Future:
        asking = asyncio.ensure_future(self.door(self.scope, self._receive, self._send))
        while not self.sent:
            await asyncio.sleep(0)
        return asking

    def status(self) -> int:
        async def story():
            asking = await self.knock()
            self.leaving.set()
            with suppress(asyncio.CancelledError):
                await asking

        run(story())
        return self.sent[0]["status"]

    def words(self) -> str:
        return b"".join(message.get("body", b"") for message in self.sent).decode()


def run(story) -> None:
    asyncio.run(asyncio.wait_for(story, 60))


class TestTheDoor:
    def test_opens_to_the_reader_the_page_was_made_for(self, db):
        kept = session()

        assert Visit(ticket(kept, case=["case:7"]), kept.session_key).status() == 200

    def test_stays_shut_without_a_ticket_and_tells_the_browser_not_to_ask_again(self, db):
        assert Visit("forged", session().session_key).status() == 204

    def test_stays_shut_to_somebody_elses_ticket(self, db):
        assert Visit(ticket(session(), case=["case:7"]), session().session_key).status() == 204

    def test_stays_shut_after_signing_out(self, db):
        kept = session()
        made = ticket(kept, case=["case:7"])
        key = kept.session_key
        kept.flush()

        assert Visit(made, key).status() == 204

    def test_answers_nothing_but_a_look(self, db):
        kept = session()

        assert Visit(ticket(kept), kept.session_key, method="POST").status() == 405

    def test_passes_a_hint_on_and_says_nothing_of_what_changed(self, db, monkeypatch):
        monkeypatch.setattr(hub, "LOOKS_EVERY", 0.01)
        kept = session()
        visit = Visit(ticket(kept, case=["case:7"]), kept.session_key)

        async def story():
            asking = await visit.knock()
            visit.news.append(frozenset({"case:7"}))
            while "event" not in visit.words():
                await asyncio.sleep(0.01)
            visit.leaving.set()
            await asking

        run(story())
        assert "event: case\ndata: case\n\n" in visit.words()
        assert not visit.door.hub.streams

    def test_closes_when_the_reader_signs_out(self, db, monkeypatch):
        monkeypatch.setattr(hub, "LOOKS_EVERY", 0.01)
        monkeypatch.setattr(hub, "CHECKS_SESSIONS_EVERY", 1)
        kept = session()
        visit = Visit(ticket(kept, case=["case:7"]), kept.session_key)

        async def story():
            asking = await visit.knock()
            visit.alive = set()
            await asking

        run(story())
        assert visit.sent[-1]["more_body"] is False
