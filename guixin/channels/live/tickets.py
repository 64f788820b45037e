"""What a page may listen for, signed when the page was made for this reader.

A ticket names topics by the hint they cause: {"case": ["case:17"], "numbers": ["count:owner:5"]}. The door believes
nothing else, so nobody can listen for a case by writing its id. A ticket is worth nothing without the session it was
made in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.core import signing
from django.http import HttpRequest

HINTS = ("case", "list", "numbers")  # every event a stream can carry
GOOD_FOR = timedelta(hours=12)
SALT = "guixin.live"


@dataclass(frozen=True)
class Ticket:
    session: str  # a digest of the session's key
    topics: Mapping[str, frozenset[str]]  # hint -> what causes it


def case_topic(case_id: int) -> str:
    return f"case:{case_id}"


def count_topic(of: str) -> str:
    """A counter of the lists: "owner:5", "department:7", "all"."""
    return f"count:{of}"


def issue(request: HttpRequest, topics: Mapping[str, Iterable[str]]) -> str:
    """A ticket for the reader of this page; blank without a session."""
    key = request.session.session_key
    if not key:
        return ""
    listed = {hint: sorted(set(causes)) for hint, causes in topics.items() if hint in HINTS}
    return signing.dumps({"session": digest(key), "topics": listed}, salt=SALT, compress=True)


def read(text: str) -> Ticket | None:
    """The ticket, or None when it is not ours or too old."""
    try:
        said = signing.loads(text, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        return None
    return Ticket(said["session"], {hint: frozenset(causes) for hint, causes in said["topics"].items()})


def digest(session_key: str) -> str:
    return sha256(session_key.encode()).hexdigest()[:32]
