"""From raw bytes to a letter. Whatever comes, this either gives a letter or says why not (`Unreadable`).

The parser of the standard library with `compat32`: `policy.default` raises on one odd mail in ten. Everything after it
that could raise or grow without bound is guarded here: charsets, encoded words, depth, number and size of parts.
"""

from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from email.parser import BytesFeedParser
from email.policy import compat32
from io import BytesIO

from guixin.channels.mail import page_of_mail, quoting
from guixin.channels.mail.bounces import Bounce, bounce_in
from guixin.channels.mail.charsets import decoded
from guixin.channels.mail.headers import Headers, readable
from guixin.channels.models import ReceivedMail

DEEPEST = 100
MOST_PARTS = 1_000  # looked at; a mail of ten thousand parts is an attack, and its bytes are kept
MOST_FILES = 50
MOST_MULTIPARTS = 500
PIECE = 64 * 1024
LONGEST_TEXT = 200_000  # characters that become words of a case; the raw mail has the rest
Reason = ReceivedMail.Reason


class Unreadable(Exception):
    """Why nothing could be made of it; `reason` as on the mail."""

    def __init__(self, reason: str, trouble: str = ""):
        super().__init__(trouble or reason)
        self.reason = reason


class MailFile(BytesIO):
    """A file that came with a mail, as serve/attaching.py takes it."""

    def __init__(self, content: bytes, name: str):
        super().__init__(content)
        self.name, self.size = name, len(content)


@dataclass
class Letter:
    """What a mail says. Nothing of it is proof of anything."""

    sender: str = ""
    sender_name: str = ""
    many_senders: bool = False
    subject: str = ""
    message_id: str = ""
    answers: list[str] = field(default_factory=list)  # Message-IDs it refers to, the nearest first
    recipients: list[str] = field(default_factory=list)
    sent_at: datetime | None = None
    text: str = ""
    quoted: str = ""
    html: str = ""
    files: list[MailFile] = field(default_factory=list)
    not_taken: list[str] = field(default_factory=list)  # names of files beyond what is looked at
    automatic: str = ""  # why it is one; "" for a letter a person wrote
    is_looped: bool = False  # it, or what it answers automatically, went out by a copy of this program
    bounce: Bounce | None = None
    headers: Headers | None = None

    @property
    def language(self) -> str:
        return "zh-hans" if any("一" <= c <= "鿿" for c in self.subject + self.text[:2000]) else "en"


def read(raw: bytes, *, null_return_path: bool = False) -> Letter:
    """The letter in these bytes. Raises Unreadable, and nothing else."""
    try:
        return _read(raw, null_return_path)
    except Unreadable:
        raise
    except RecursionError as why:
        raise Unreadable(Reason.TOO_DEEP) from why
    except Exception as why:
        raise Unreadable(Reason.UNREADABLE, f"{type(why).__name__}: {why}"[:500]) from why


def parsed(raw: bytes) -> Message:
    """In pieces: fed whole, the library keeps it four times over, in characters of four bytes."""
    if raw.lower().count(b"multipart/") > MOST_MULTIPARTS:
        raise Unreadable(Reason.TOO_DEEP)  # before the parser finds out, a level of recursion at a time
    parser = BytesFeedParser(policy=compat32)
    for start in range(0, len(raw), PIECE):
        parser.feed(raw[start : start + PIECE])
    return parser.close()


def _read(raw: bytes, null_return_path: bool) -> Letter:
    message = parsed(raw)
    headers = Headers(message)
    senders = headers.addresses("from")
    name, address = (senders or headers.addresses("sender", "return-path") or [("", "")])[0]
    letter = Letter(
        sender=address,
        sender_name=name[:200],
        many_senders=len(senders) > 1 or len(headers.all("from")) > 1,
        subject=headers.text("subject")[:500],
        message_id=(headers.ids("message-id") or [""])[0],
        answers=headers.ids("references", "in-reply-to"),
        recipients=[
            address for _name, address in headers.addresses("delivered-to", "x-original-to", "to", "cc")
        ],
        sent_at=headers.moment("date"),
        automatic=why_automatic(headers, null_return_path),
        is_looped=bool(headers.all(LOOP)),
        headers=headers,
    )
    parts = _parts(message)
    letter.bounce = bounce_in(message, headers, parts)
    words, letter.html = _words(parts)
    letter.text, letter.quoted = quoting.split(words[:LONGEST_TEXT])
    for part in parts:
        if part.is_file:
            if len(letter.files) < MOST_FILES:
                letter.files.append(MailFile(part.content(), part.name))
            else:
                letter.not_taken.append(part.name)
    return letter


# -- parts -------------------------------------------------------------------------------------------------------------


@dataclass
class Part:
    """A leaf of the tree; `choice` is the multipart/alternative it stands in, by its place."""

    message: Message
    choice: int | None

    @property
    def kind(self) -> str:
        return self.message.get_content_type()

    @property
    def name(self) -> str:
        """As it was given; a name is data (web/file_names.py)."""
        try:
            given = self.message.get_filename("") or ""
        except Exception:  # RFC 2231 leaves room for much that the library does not expect
            given = ""
        if isinstance(given, tuple):  # never collapsed by the library
            given = given[-1]
        return readable(str(given))[:500] or ("message.eml" if self.kind == "message/rfc822" else "")

    @property
    def is_file(self) -> bool:
        if self.kind.startswith("message/") and self.kind != "message/rfc822":
            return False  # reports about delivery: read by bounces.py
        if self.disposition == "attachment" or self.name:
            return True
        return self.kind not in ("text/plain", "text/html", "text/rfc822-headers")

    @property
    def disposition(self) -> str:
        return str(self.message.get("content-disposition", "")).partition(";")[0].strip().lower()

    def content(self) -> bytes:
        """Decoded; what cannot be decoded as it stands."""
        if self.kind == "message/rfc822":
            inner = self.message.get_payload()
            try:
                first = inner[0] if isinstance(inner, list) and inner else None
                return first.as_bytes() if isinstance(first, Message) else b""
            except Exception:  # a broken mail inside a mail: the bytes of the outer one are kept anyway
                return b""
        try:
            payload = self.message.get_payload(decode=True)
        except Exception:
            payload = None
        if isinstance(payload, bytes):
            return payload
        plain = self.message.get_payload()
        return plain.encode("utf-8", "surrogateescape") if isinstance(plain, str) else b""

    def words(self) -> str:
        charset = self.message.get_param("charset", "")
        said = charset[-1] if isinstance(charset, tuple) else charset
        return decoded(self.content()[: 8 * LONGEST_TEXT], str(said or ""))


def _parts(message: Message) -> list[Part]:
    """The leaves in the order they stand, without recursion. A mail inside the mail is one leaf."""
    leaves: list[Part] = []
    stack: list[tuple[Message, int | None, int]] = [(message, None, 0)]
    seen = 0
    while stack and seen < MOST_PARTS:
        one, choice, depth = stack.pop()
        seen += 1
        if depth > DEEPEST:
            raise Unreadable(Reason.TOO_DEEP)
        inner = one.get_payload()
        if isinstance(inner, list) and one.get_content_maintype() == "multipart":
            if one.get_content_subtype() == "alternative":
                choice = seen
            stack += [(each, choice, depth + 1) for each in reversed(inner) if isinstance(each, Message)]
        else:
            leaves.append(Part(one, choice))
    return leaves


def _words(parts: list[Part]) -> tuple[str, str]:
    """(the words, the HTML). Of alternatives the plain one, if it says anything."""
    said: list[tuple[int | None, str, str]] = []
    for part in parts:
        if not part.is_file and part.kind in ("text/plain", "text/html"):
            words = part.words()
            if words.strip():
                said.append((part.choice, part.kind, words))
    has_plain = {choice for choice, kind, _words in said if choice is not None and kind == "text/plain"}
    shown = [
        words if kind == "text/plain" else page_of_mail.as_words(words)
        for choice, kind, words in said
        if kind == "text/plain" or choice not in has_plain
    ]
    html = next((words for _choice, kind, words in said if kind == "text/html"), "")
    return "\n\n".join(
        filter(None, (words.replace("\r\n", "\n").replace("\r", "\n").strip() for words in shown))
    ), html


# -- automatic mail (RFC 3834) -----------------------------------------------------------------------------------------

LOOP = "X-Guixin-Loop"


def why_automatic(headers: Headers, null_return_path: bool = False) -> str:
    """The header that says that no person wrote this; "" if a person did, as far as one can see."""
    submitted = headers.plain("auto-submitted")
    if submitted and submitted != "no":
        return "Auto-Submitted"
    if headers.plain("precedence") in ("bulk", "junk", "list", "auto_reply", "auto-reply"):
        return "Precedence"
    # Not X-Auto-Response-Suppress: Exchange puts it into letters of people too.
    for name in ("list-id", "list-unsubscribe", "x-autoreply", "x-autorespond"):
        if headers.all(name):
            return name.title()
    paths = headers.all("return-path")
    if null_return_path or (paths and paths[0].strip() == "<>"):
        return "Return-Path"
    return ""
