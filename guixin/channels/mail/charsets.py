"""Bytes to words, whatever the label says. Much Chinese mail is mislabelled: GBK called iso-8859-1, UTF-8 called
gb2312, GB18030 called gb2312. Never raises."""

import codecs
import re

_HIGH = re.compile(rb"[\x80-\xff]")
_CHINESE_PAIRS = re.compile(rb"[\xa1-\xa9\xb0-\xf7][\xa1-\xfe]")  # GB 2312: both bytes high
_GB = {
    "gb2312",
    "gbk",
    "gb18030",
    "x-gbk",
    "cp936",
    "ms936",
    "euc-cn",
    "euccn",
    "chinese",
    "gb_2312-80",
    "936",
}
# What is written there when nobody thought about it.
_SAYS_NOTHING = {"", "us-ascii", "ascii", "iso-8859-1", "latin1", "latin-1", "windows-1252", "cp1252", "8bit", "x-unknown",
                 "unknown-8bit", "unknown", "default", "iso-8859-15", "binary", "default_charset"}  # fmt: skip
_SHIFTED = re.compile(rb"\x0e([^\x0f\r\n]*)\x0f?")
_DESIGNATED = re.compile(rb"\x1b\$[)*+][A-H]")
_NOT_KEPT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def decoded(raw: bytes, said: str | None = None) -> str:
    """The words, without characters no page and no database can hold."""
    return _NOT_KEPT.sub("", _decoded(raw, said))


def _decoded(raw: bytes, said: str | None) -> str:
    label = (said or "").strip().strip("\"'").lower().replace("_", "-")[:40]
    if raw.startswith(codecs.BOM_UTF8):
        return raw[3:].decode("utf-8", "replace")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    if label.startswith("iso-2022-cn") or (b"\x0e" in raw and _DESIGNATED.search(raw)):
        return iso_2022_cn(raw)
    if not _HIGH.search(raw):
        return _strictly(raw, label) or raw.decode(
            "ascii", "replace"
        )  # 7 bits may still be hz or iso-2022-jp
    if _is_utf_8(raw) and (label not in _GB or len(_HIGH.findall(raw)) >= 9):
        return raw.decode("utf-8")  # three characters that are UTF-8 by accident are rare in GBK
    if label not in _GB | _SAYS_NOTHING and label != "utf-8" and (text := _strictly(raw, label)) is not None:
        return text
    if (label in _GB or _is_in_pairs(raw)) and (text := _strictly(raw, "gb18030")) is not None:
        return text
    if label in _GB:
        return raw.decode("gb18030", "replace")
    if label in ("utf-8", "utf8"):
        return raw.decode("utf-8", "replace")
    return raw.decode("cp1252", "replace")


def iso_2022_cn(raw: bytes) -> str:
    """RFC 1922, as far as Python can: what is shifted out is GB 2312; the planes of CNS 11643 stay unreadable."""
    plain = _DESIGNATED.sub(b"", raw)

    def pairs(found: re.Match[bytes]) -> bytes:
        return bytes(byte | 0x80 for byte in found[1])

    return _SHIFTED.sub(pairs, plain).decode("gb18030", "replace")


def _strictly(raw: bytes, label: str) -> str | None:
    try:
        if not label or not codecs.lookup(label)._is_text_encoding:  # rot13 and base64 are "codecs" too
            return None
        return raw.decode(label)
    except (LookupError, ValueError, UnicodeError):
        return None


def _is_utf_8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_in_pairs(raw: bytes) -> bool:
    return 2 * len(_CHINESE_PAIRS.findall(raw)) >= 0.6 * len(_HIGH.findall(raw))
