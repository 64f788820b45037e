"""`GET /live?ticket=…`: the one asynchronous address, which keeps a connection open for a page."""

import asyncio
from collections import Counter
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from django.conf import settings
from django.utils.crypto import constant_time_compare

from guixin.channels.live import tickets
from guixin.channels.live.hub import Hub, Stream, living

PATH = "/live"
STREAMS = 2_000  # of one process
STREAMS_OF_A_SESSION = 6  # as many as a browser opens to one address
SIGN_OF_LIFE = 15.0  # seconds; proxies close what is silent for long
AN_HOUR = 3600.0  # then the page asks again
PACE = {"case": 1.0, "list": 5.0, "numbers": 5.0}  # seconds from one hint to the next of its kind, at least

HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store, private"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class Door:
    """An ASGI application for `PATH` alone."""

    def __init__(self) -> None:
        self.hub = Hub()

    async def __call__(self, scope, receive, send) -> None:
        stream, status = await self._admit(scope)
        if stream is None:
            # 204 tells a browser not to ask again; 503 lets it.
            await send(
                {
                    "type": "http.response.start",
                    "status": status,
                    "headers": [(b"cache-control", b"no-store")],
                }
            )
            await send({"type": "http.response.body", "body": b""})
            return
        self.hub.join(stream)
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await self._speak(stream, send, gone)
        finally:
            gone.cancel()
            self.hub.leave(stream)

    async def _admit(self, scope) -> tuple[Stream | None, int]:
        """The stream of whoever may listen, or why not: 204 not with this ticket, 503 not now."""
        if scope["method"] != "GET":
            return None, 405
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("ticket", [""])[0]
        ticket, key = tickets.read(asked), _session_key(scope)
        if ticket is None or not key or not constant_time_compare(tickets.digest(key), ticket.session):
            return None, 204
        if key not in await self.hub.ask(living, [key]):
            return None, 204
        mine = Counter(each.session_key for each in self.hub.streams)
        if len(self.hub.streams) >= STREAMS or mine[key] >= STREAMS_OF_A_SESSION:
            return None, 503
        return Stream(key, ticket.topics), 200

    async def _speak(self, stream: Stream, send, gone: asyncio.Future) -> None:
        await _write(send, "retry: 3000\n\n")
        clock = asyncio.get_running_loop().time
        until, given = clock() + AN_HOUR, dict.fromkeys(tickets.HINTS, -AN_HOUR)
        while clock() < until:
            ripe = [
                hint
                for hint in tickets.HINTS
                if hint in stream.waiting and given[hint] + PACE[hint] <= clock()
            ]
            if ripe:
                await _write(send, "".join(f"event: {hint}\ndata: {hint}\n\n" for hint in ripe))
                stream.waiting.difference_update(ripe)
                given |= dict.fromkeys(ripe, clock())
            held = [given[hint] + PACE[hint] - clock() for hint in stream.waiting]
            stream.stirred.clear()
            if not await _first(stream.stirred.wait(), gone, timeout=min([SIGN_OF_LIFE, *held])) and not held:
                await _write(send, ": still here\n\n")
            if gone.done() or stream.is_over:
                break
        with suppress(OSError):
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _write(send, words: str) -> None:
    await send({"type": "http.response.body", "body": words.encode(), "more_body": True})


async def _first(stirred, gone: asyncio.Future, timeout: float) -> bool:
    """Wait until something stirs or the reader is gone; False when the time ran out."""
    waiting = asyncio.ensure_future(stirred)
    try:
        done, _still = await asyncio.wait(
            {waiting, gone}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED
        )
        return bool(done)
    finally:
        waiting.cancel()


async def _disconnected(receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _session_key(scope) -> str:
    cookies = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            with suppress(CookieError):
                cookies.load(value.decode("latin-1"))
    found = cookies.get(settings.SESSION_COOKIE_NAME)
    return found.value if found else ""
