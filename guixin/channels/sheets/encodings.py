"""Which encoding a file is in, judged from its bytes; and UTF-16 turned into UTF-8 on the way in."""

import codecs
import re

from django.utils.translation import gettext as _

from guixin.channels.sheets.rows import NotASheet

SAMPLE_LINES = 2_000  # lines that are not plain ASCII; the others say nothing
SEARCHED = 64 * 1024 * 1024
_PIECE = 256 * 1024
_CHINESE_PAIRS = re.compile(rb"[\xa1-\xa9\xb0-\xf7][\xa1-\xfe]")  # GB 2312: both bytes high
_HIGH = re.compile(rb"[\x80-\xff]")
_LINE_END = re.compile(rb"[\r\n]+")


def detect(source) -> str:
    """Name of the encoding of a binary file object standing at its beginning (it is moved).

    A file that is UTF-8 except for some broken lines is UTF-8 with bad rows. It is GB18030 only when most of
    its lines that are not ASCII are wrong as UTF-8, right as GB18030 and made of pairs as Chinese text is:
    almost any byte salad decodes as GB18030 of some sort.
    """
    head = source.read(_PIECE)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    if guess := _utf_16_without_mark(head[:4096]):
        return guess
    lines: list[bytes] = []
    rest, searched, piece = b"", 0, head
    while piece and searched < SEARCHED and len(lines) < SAMPLE_LINES:
        searched += len(piece)
        *whole, rest = _LINE_END.split(rest[-_PIECE:] + piece)
        if not piece.isascii():
            lines += [line for line in whole if not line.isascii()]
        piece = source.read(_PIECE)
    if not piece and not rest.isascii():
        lines.append(rest)
    del lines[SAMPLE_LINES:]
    as_utf_8 = sum(_decodes(line, "utf-8") for line in lines)
    if as_utf_8 * 2 >= len(lines):
        return "utf-8"
    wrong = [line for line in lines if not _decodes(line, "utf-8")]
    as_chinese = sum(_decodes(line, "gb18030") and _is_in_pairs(line) for line in wrong)
    return "gb18030" if as_chinese > as_utf_8 and as_chinese * 2 >= len(wrong) else "utf-8"


def named(encoding: str) -> str:
    """The encoding somebody asked for; GBK and GB2312 are read as GB18030, which contains them."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise NotASheet(_("There is no encoding called “%s”.") % encoding) from None
    if name == "utf-16":
        return "utf-16-le"  # with a mark the mark would have told
    return "gb18030" if name in {"gbk", "gb2312", "hz"} else name


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_in_pairs(line: bytes) -> bool:
    return 2 * len(_CHINESE_PAIRS.findall(line)) >= 0.6 * len(_HIGH.findall(line))


def _utf_16_without_mark(head: bytes) -> str | None:
    if head.count(0) < len(head) * 0.2 or len(head) < 4:
        return None
    low, high = head[::2].count(0), head[1::2].count(0)
    if high > 10 * low:
        return "utf-16-le"
    return "utf-16-be" if low > 10 * high else None


def _mark(error):
    return "\udcff", error.end


codecs.register_error("guixin-mark", _mark)


class Utf8FromUtf16:
    """Reads a UTF-16 file as UTF-8 bytes; what is not UTF-16 becomes a byte that is not UTF-8 either.

    So there is one line reader: a damaged line is found by the same test whatever the file was in.
    """

    def __init__(self, source, encoding: str):
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)("guixin-mark")

    def read(self, size: int) -> bytes:
        while raw := self._source.read(size):
            if text := self._decoder.decode(raw):
                return text.encode("utf-8", "surrogateescape")
        text = self._decoder.decode(b"", final=True)
        self._decoder.reset()
        return text.encode("utf-8", "surrogateescape")
