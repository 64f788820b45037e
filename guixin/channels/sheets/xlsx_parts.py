"""The XML inside a workbook, read in pieces and never believed.

Sizes are counted while unpacking, and a document type (the door to entities) is refused.
"""

import html
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import ParseError, fromstring

from django.utils.translation import gettext as _

from guixin.channels.sheets.rows import NotASheet

MOST_TIMES_PACKED = 400  # real sheets shrink 10 to 50 times, blank formatted rows up to 200
ALWAYS_ALLOWED = 64 * 1024 * 1024
LARGEST_PART = 8 * 1024**3
LARGEST_ROW = 64 * 1024 * 1024
PIECE = 512 * 1024
# Rows and cells as Excel, WPS, LibreOffice and the usual libraries write them; anything else is parsed as XML.
_USUAL_ROW = re.compile(r'<row r="(\d+)"[^>]*?(?:/>|>(.*?)</row>)', re.DOTALL)
_USUAL_CELL = re.compile(
    r'<c r="([A-Z]{1,3})\d+"(?: s="(\d+)")?(?: t="(\w+)")?'
    r'(?:/>|>(?:<f>[^<]*</f>)?(?:<v>([^<]*)</v>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
)


class Cell(NamedTuple):
    """A cell as stored. Missing parts are empty."""

    column: str  # letters
    style: str
    kind: str
    stored: str
    inline: str


class Part:
    """One XML part of the workbook, refused while it is read as soon as it looks like an attack."""

    def __init__(self, archive: zipfile.ZipFile, name: str):
        try:
            self._entry = archive.getinfo(name)
        except KeyError:
            raise NotASheet(_("The workbook is damaged: “%s” is missing.") % name) from None
        self._file = archive.open(self._entry)
        self._allowed = min(LARGEST_PART, max(ALWAYS_ALLOWED, self._entry.compress_size * MOST_TIMES_PACKED))
        self._read = self.since_row = 0
        self._end = b""

    def read(self, size: int = -1) -> bytes:
        try:
            piece = self._file.read(max(size, 65_536))
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise NotASheet(_("The workbook is damaged: %s.") % error) from None
        self._read += len(piece)
        self.since_row += len(piece)
        if self._read > self._allowed or self.since_row > LARGEST_ROW:
            raise NotASheet(_("The workbook unpacks to far more than its size allows; it is refused."))
        if b"\0" in piece or b"<!DOCTYPE" in (seen := self._end + piece) or b"<!ENTITY" in seen:
            raise NotASheet(_("The workbook contains a document type; it is refused."))
        self._end = piece[-9:]
        return piece


def _parsed(xml: bytes):
    try:
        return fromstring(xml)  # noqa: S314  Part has refused what makes this unsafe
    except ParseError as error:
        raise NotASheet(_("The workbook is damaged: %s.") % error) from None


def small_part(archive: zipfile.ZipFile, name: str, wanted: str) -> Iterator:
    """Elements of that local name in a part small enough to be held."""
    part, pieces = Part(archive, name), []
    while piece := part.read():
        pieces.append(piece)
    return (each for each in _parsed(b"".join(pieces)).iter() if each.tag.endswith("}" + wanted))


class Piece(NamedTuple):
    """Some whole elements, with what has to stand around them to make a document."""

    before: bytes
    xml: bytes
    after: bytes

    def elements(self):
        outermost = _parsed(self.before + self.xml + self.after)
        return outermost if self.after.count(b"<") == 1 else outermost[0]


def pieces(part: Part, outer: bytes, inner: bytes) -> Iterator[Piece]:
    """What stands inside the one `outer` element, cut where an `inner` one begins.

    Events for every element of a large sheet take four times as long as parsing it piece by piece. In XML a
    `<` begins a tag, never text, so the cut is safe.
    """
    seen = b""
    while not (found := re.search(rb"<((?:\w+:)?)" + outer + rb"(?=[\s/>])[^>]*>", seen)):
        if not (more := part.read()):
            return
        seen += more
    if found[0].endswith(b"/>"):
        return
    root = re.search(rb"<([\w:]+)[^>]*>", seen) or found  # found at least is there
    before, after = root[0], b"</" + root[1] + b">"
    ends, begins = b"</" + found[1] + outer + b">", b"<" + found[1] + inner
    if root[0] != found[0]:
        before, after = before + found[0], ends + after
    seen, searched = seen[found.end() :], 0
    while True:
        end = seen.find(ends, max(0, searched - len(ends)))
        cut = end if end >= 0 else _last_beginning(seen, begins)
        if cut > 0:
            yield Piece(before, seen[:cut], after)
            seen = seen[cut:]
            part.since_row = 0
        if end >= 0:
            return
        searched = len(seen)
        if not (more := part.read(PIECE)):
            raise NotASheet(_("The workbook is damaged: it ends too early."))
        seen += more


def _last_beginning(seen: bytes, begins: bytes) -> int:
    """Where the last inner element begins; `<row` is no beginning of `<rowBreaks`."""
    at = seen.rfind(begins)
    while at > 0 and seen[at + len(begins) : at + len(begins) + 1] not in (
        b" ",
        b">",
        b"/",
        b"\t",
        b"\n",
        b"\r",
    ):
        at = seen.rfind(begins, 0, at)
    return at


def rows_of_cells(part: Part) -> Iterator[tuple[int, list[Cell]]]:
    """(row number, cells) of a worksheet; the number is 0 where the file does not say it."""
    for piece in pieces(part, b"sheetData", b"row"):
        rows = _usual_rows(piece.xml)
        yield from _any_rows(piece) if rows is None else rows


def _usual_rows(xml: bytes) -> list | None:
    """The rows by two patterns, three times as fast as by XML; None if any row or cell is written otherwise."""
    try:
        text = xml.decode()
    except UnicodeDecodeError:
        return None
    rows = [
        (int(number), content, _USUAL_CELL.findall(content)) for number, content in _USUAL_ROW.findall(text)
    ]
    if not rows or len(rows) != text.count("<row") or sum(len(row[2]) for row in rows) != text.count("<c"):
        return None
    if "&" not in text:
        return [(number, cells) for number, _content, cells in rows]
    return [
        (number, [tuple(map(html.unescape, cell)) for cell in cells] if "&" in content else cells)
        for number, content, cells in rows
    ]


def _any_rows(piece: Piece) -> Iterator[tuple[int, list[Cell]]]:
    for row in piece.elements():
        cells = []
        for cell in row:
            stored = inline = ""
            for child in cell:
                if child.tag.endswith("}v"):
                    stored = child.text or ""
                elif child.tag.endswith("}is"):
                    inline = string_text(child)
            column = (cell.get("r") or "").rstrip("0123456789")
            cells.append(Cell(column, cell.get("s", ""), cell.get("t", ""), stored, inline))
        yield int(row.get("r") or 0), cells


def string_text(item) -> str:
    """Text of a plain or rich string; the reading aids of East Asian text (rPh) are no part of it."""
    found = []
    for child in item:
        if child.tag.endswith("}t"):
            found.append(child.text or "")
        elif child.tag.endswith("}r"):
            found += [t.text or "" for t in child if t.tag.endswith("}t")]
    return "".join(found)
