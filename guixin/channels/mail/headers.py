"""Headers of a mail from outside, decoded by hand: the standard library raises on one odd mail in ten."""

import binascii
import re
from base64 import b64decode
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from quopri import decodestring

from guixin.channels.mail.charsets import decoded

LONGEST = 10_000  # characters of one header that are looked at; the raw mail has the rest
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?)")
_ID = re.compile(r"<([^<>\s]{1,250}@[^<>\s]{1,250})>")
_ADDRESS = re.compile(r"^[^@\s<>,;:\"()\[\]\\]{1,64}@[^@\s<>,;:\"()\[\]\\]{1,255}$")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


class Headers:
    """Every header of a mail by its name in lower case, in the order they stand."""

    def __init__(self, message: Message):
        self._all: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            self._all.setdefault(str(name).lower(), []).append(str(value)[: 4 * LONGEST])

    def all(self, name: str) -> list[str]:
        """As they stand, folded."""
        return self._all.get(name.lower(), [])

    def text(self, name: str) -> str:
        """The first of this name, decoded, on one line; "" without one."""
        return readable(self.all(name)[0]) if self.all(name) else ""

    def plain(self, name: str) -> str:
        """The first of this name, in lower case, without what is between brackets after it: for tokens."""
        return self.all(name)[0].partition(";")[0].partition("(")[0].strip().lower() if self.all(name) else ""

    def ids(self, *names: str, at_most: int = 50) -> list[str]:
        """Message-IDs, the last named first, each once."""
        found = [each for name in names for value in self.all(name) for each in _ID.findall(value)]
        found = [each for each in found if each.isascii() and each.isprintable()]  # what a database can hold
        return list(dict.fromkeys(f"<{each}>" for each in reversed(found)))[:at_most]

    def addresses(self, *names: str) -> list[tuple[str, str]]:
        """(name, address) pairs; what is no address is left out."""
        pairs = []
        for name in names:
            for value in self.all(name)[:20]:
                pairs += _addresses(value[:LONGEST])
        return pairs

    def moment(self, name: str) -> datetime | None:
        try:
            at = parsedate_to_datetime(self.all(name)[0][:200])
        except (IndexError, ValueError, TypeError, OverflowError):
            return None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return at if 1990 <= at.year <= 2200 else None


def _addresses(value: str) -> list[tuple[str, str]]:
    try:
        pairs = getaddresses([_CONTROLS.sub(" ", value)])
    except Exception:  # whatever the parser stumbles over, the mail is read without it
        pairs = []
    found = [(readable(name), address) for name, written in pairs if (address := _address(written))]
    if not found and (one := re.search(r"<([^<>@\s]+@[^<>@\s]+)>", value)) and (address := _address(one[1])):
        found = [(readable(value[: one.start()]).strip(' "'), address)]
    return found


def _address(written: str) -> str:
    """The address, 张三@例子.cn as well (RFC 6532); "" for what is none, or has bytes that are no characters."""
    try:
        address = _bytes_of(written.strip()).decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return address if _ADDRESS.match(address) and address.isprintable() else ""


def readable(value: str) -> str:
    """Encoded words and raw bytes as words, on one line."""
    value = _BETWEEN_WORDS.sub(r"\1", value[:LONGEST].replace("\r", "").replace("\n", " "))
    pieces: list[tuple[str, bytes]] = []  # (charset, bytes): neighbours of one charset are decoded together,
    end = 0  # since some programs cut a character in two between two encoded words
    for found in _WORD.finditer(value):
        _add(pieces, "", _bytes_of(value[end : found.start()]))
        _add(pieces, found[1].partition("*")[0].lower(), _unencoded(found[2], found[3]))
        end = found.end()
    _add(pieces, "", _bytes_of(value[end:]))
    text = "".join(decoded(raw, charset) for charset, raw in pieces)
    return " ".join(_CONTROLS.sub(" ", text).split())


def _add(pieces: list[tuple[str, bytes]], charset: str, raw: bytes) -> None:
    if raw and pieces and pieces[-1][0] == charset:
        pieces[-1] = (charset, pieces[-1][1] + raw)
    elif raw:
        pieces.append((charset, raw))


def _bytes_of(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _unencoded(how: str, text: str) -> bytes:
    raw = text.encode("ascii", "ignore")
    if how in "qQ":
        return decodestring(raw.replace(b"_", b" "), header=False)
    try:
        return b64decode(raw + b"=" * (-len(raw) % 4))
    except (binascii.Error, ValueError):
        return raw
