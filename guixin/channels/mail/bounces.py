"""Mail that came back (RFC 3464): which of ours, whether for good, and what the other side said."""

import re
from dataclasses import dataclass
from email.message import Message
from typing import Any, Protocol

from guixin.channels.mail.headers import Headers, readable

_OUR_ID = re.compile(r"gx\.[0-9a-f]{32}\.[a-z2-7]{16}@[^\s<>]{1,250}", re.IGNORECASE)
SEARCHED = 200_000


class _Part(Protocol):
    message: Message

    @property
    def kind(self) -> str: ...

    def content(self) -> bytes: ...


@dataclass(frozen=True)
class Bounce:
    """`is_final`: the mail will not arrive; otherwise it is only late. `ids`: what it may be about."""

    is_final: bool
    status: str
    words: str
    ids: list[str]


def bounce_in(message: Message, headers: Headers, parts: list[Any]) -> Bounce | None:
    """What a report about delivery says; None for every other mail."""
    reports: list[_Part] = [part for part in parts if part.kind == "message/delivery-status"]
    kind = str(message.get_param("report-type", "") or "").lower()
    if not reports and kind != "delivery-status":
        return None
    fields = _fields(reports[0].message) if reports else {}
    action, status = fields.get("action", ""), fields.get("status", "")
    said = fields.get("diagnostic-code", "") or status
    ids: list[str] = []
    for part in parts:
        if part.kind in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            text = part.content()[:SEARCHED].decode("utf-8", "replace")
            ids += [f"<{each}>" for each in _OUR_ID.findall(text)]
    ids += headers.ids("in-reply-to", "references")
    is_final = action == "failed" or (not action and not status.startswith("4"))
    return Bounce(is_final, readable(status)[:20], readable(said)[:300], list(dict.fromkeys(ids))[:20])


def _fields(report: Message) -> dict[str, str]:
    """The first of each field over all blocks; of several recipients the first that failed speaks."""
    payload = report.get_payload()
    blocks = payload if isinstance(payload, list) else []
    found: dict[str, str] = {}
    for block in blocks[:50]:
        if not isinstance(block, Message):
            continue
        own = {str(name).lower(): str(value) for name, value in block.raw_items()}
        if own.get("action", "").strip().lower() == "failed":
            found = {**found, **own}
            break
        found = {**own, **found}
    return {
        "action": found.get("action", "").strip().lower()[:20],
        "status": found.get("status", "").strip()[:20],
        "diagnostic-code": found.get("diagnostic-code", "")[:2000],
    }
