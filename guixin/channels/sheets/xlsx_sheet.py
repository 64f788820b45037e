"""Excel workbooks, read as a stream: python-calamine needs 1.1 GB for a million rows of twelve columns.

Nothing in the file is believed: sizes are counted while unpacking, and a document type (the door to
entities) is refused. Blank formatted rows cost parsing and nothing else.
"""

import mmap
import posixpath
import tempfile
import zipfile
from array import array
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError, iterparse

from django.utils.translation import gettext as _

from guixin.channels.sheets.cells import (
    DATE_FORMATS,
    LostDigits,
    is_time_format,
    moment_text,
    number_text,
    unescaped,
    value_text,
)
from guixin.channels.sheets.rows import LONGEST_FIELD, BadRow, NotASheet, Reason, Row, Sheet, column_names

MOST_TIMES_PACKED = 400  # real sheets shrink 10 to 50 times, blank formatted rows up to 200
ALWAYS_ALLOWED = 64 * 1024 * 1024
LARGEST_PART = 8 * 1024**3
LARGEST_ROW = 64 * 1024 * 1024
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT_RELATIONS = "{http://purl.oclc.org/ooxml/officeDocument/relationships}"


class _Part:
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
        piece = self._file.read(max(size, 65_536))
        self._read += len(piece)
        self.since_row += len(piece)
        if self._read > self._allowed or self.since_row > LARGEST_ROW:
            raise NotASheet(_("The workbook unpacks to far more than its size allows; it is refused."))
        if b"\0" in piece or b"<!DOCTYPE" in (seen := self._end + piece) or b"<!ENTITY" in seen:
            raise NotASheet(_("The workbook contains a document type; it is refused."))
        self._end = piece[-9:]
        return piece


def _elements(part: _Part, wanted: str) -> Iterator:
    """Whole elements of that local name, in order; each is forgotten, with its place in its parent, after use."""
    root = parent = None
    ending = "}" + wanted
    try:
        for event, element in iterparse(part, events=("start", "end")):  # noqa: S314
            if event == "start":
                root = element if root is None else root
            elif element.tag.endswith(ending):
                yield element
                if parent is None:
                    parent = next((each for each in root.iter() if element in list(each)), root)
                parent.clear()
                element.clear()
                part.since_row = 0
    except ParseError as error:
        raise NotASheet(_("The workbook is damaged: %s.") % error) from None


class _SharedTexts:
    """The texts cells point to, kept in a file: a million rows may have ten million of them."""

    def __init__(self, archive: zipfile.ZipFile, name: str | None):
        self._starts = array("Q", [0])
        self._kept = tempfile.TemporaryFile()  # noqa: SIM115  mapped for as long as the sheet lives
        at, pending = 0, []
        for item in _elements(_Part(archive, name), "si") if name else ():
            raw = unescaped(_text(item)).encode("utf-8", "replace")
            at += len(raw)
            self._starts.append(at)
            pending.append(raw)
            if len(pending) == 5_000:
                self._kept.write(b"".join(pending))
                pending.clear()
        self._kept.write(b"".join(pending))
        self._kept.flush()
        self._bytes = mmap.mmap(self._kept.fileno(), 0, access=mmap.ACCESS_READ) if at else b""

    def __getitem__(self, index: int) -> str:
        return self._bytes[self._starts[index] : self._starts[index + 1]].decode()


def _text(item) -> str:
    """Text of a plain or rich string; the reading aids of East Asian text (rPh) are no part of it."""
    found = []
    for child in item:
        if child.tag.endswith("}t"):
            found.append(child.text or "")
        elif child.tag.endswith("}r"):
            found += [t.text or "" for t in child if t.tag.endswith("}t")]
    return "".join(found)


class XlsxSheet(Sheet):
    """The first visible worksheet that is not empty. Its first row that is not blank names the columns."""

    def __init__(self, file):
        try:
            self._archive = zipfile.ZipFile(file)
        except zipfile.BadZipFile:
            raise NotASheet(_("The workbook is damaged: it cannot be unpacked.")) from None
        try:
            names, texts = self._parts()
            self._time_styles = self._find_time_styles()
            self._texts = _SharedTexts(self._archive, texts)
            for self._name in names:
                for row in self._cells():
                    if heading := _without_blank_end([_shown(cell) for cell in row[1]]):
                        self._heading_line, self.columns = row[0], column_names(heading)
                        return
        except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError) as error:
            raise NotASheet(_("The workbook is damaged or locked with a password: %s.") % error) from None
        raise NotASheet(_("The file is empty."))

    def _parts(self) -> tuple[list[str], str | None]:
        """(visible worksheets in order, part with the shared texts or None)"""
        targets, texts = {}, None
        for relation in _elements(_Part(self._archive, "xl/_rels/workbook.xml.rels"), "Relationship"):
            target = posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
            targets[relation.get("Id")] = target
            if relation.get("Type", "").endswith("/sharedStrings"):
                texts = target
        names, self._since_1904 = [], False
        for properties in _elements(_Part(self._archive, "xl/workbook.xml"), "workbookPr"):
            self._since_1904 = properties.get("date1904") in {"1", "true"}
        for sheet in _elements(_Part(self._archive, "xl/workbook.xml"), "sheet"):
            identity = sheet.get(f"{_RELATIONS}id") or sheet.get(f"{_STRICT_RELATIONS}id")
            if sheet.get("state", "visible") == "visible" and "worksheets/" in targets.get(identity, ""):
                names.append(targets[identity])
        return names, texts

    def _find_time_styles(self) -> set[str]:
        """Numbers of the cell styles that show a moment."""
        if "xl/styles.xml" not in self._archive.namelist():
            return set()
        own = {
            form.get("numFmtId"): is_time_format(form.get("formatCode", ""))
            for form in _elements(_Part(self._archive, "xl/styles.xml"), "numFmt")
        }
        styles = set()
        for formats in _elements(_Part(self._archive, "xl/styles.xml"), "cellXfs"):
            for number, form in enumerate(formats):
                shown = form.get("numFmtId", "0")
                if own.get(shown, int(shown) in DATE_FORMATS):
                    styles.add(str(number))
        return styles

    def _cells(self) -> Iterator[tuple[int, list[str | Reason]]]:
        """(row number, cells) of every row that has any; a cell is a Reason where the text is lost."""
        texts, times, number = self._texts, self._time_styles, 0
        for row in _elements(part := _Part(self._archive, self._name), "row"):
            part.since_row = 0
            number = int(row.get("r") or number + 1)
            values: list[str | Reason] = []
            for cell in row:
                value: str | Reason = ""
                kind, stored = cell.get("t", "n"), None
                for child in cell:
                    if child.tag.endswith("}v"):
                        stored = child.text
                    elif child.tag.endswith("}is"):
                        value = unescaped(_text(child))
                if stored is not None:
                    if kind == "s":
                        value = texts[int(stored)]
                    elif kind == "n":
                        try:
                            style = cell.get("s")
                            is_time = style in times
                            value = moment_text(stored, self._since_1904) if is_time else number_text(stored)
                        except LostDigits:
                            value = Reason.NUMBER_LOST_DIGITS
                    elif kind == "b":
                        value = "TRUE" if stored == "1" else "FALSE"
                    elif kind == "d":
                        value = stored.replace("T", " ")
                    else:
                        value = unescaped(stored)
                if value:
                    at = _column(cell.get("r")) if cell.get("r") else len(values)
                    if at >= len(values):
                        values += [""] * (at - len(values))
                        values.append(value)
                elif not cell.get("r"):
                    values.append("")
            yield number, values

    def rows(self, start_line: int = 0) -> Iterator[Row | BadRow]:
        self.blank = 0
        after = max(start_line, self._heading_line)
        for number, values in self._cells():
            if number > after:
                row = fitted(number, values, len(self.columns))
                if row is None:
                    self.blank += 1
                else:
                    yield row


class CalamineSheet(Sheet):
    """Old .xls and .ods files, which are small (.xls ends at 65,536 rows) and have no other reader here."""

    def __init__(self, file):
        from python_calamine import CalamineError, CalamineWorkbook  # native code, loaded when needed

        try:
            book = CalamineWorkbook.from_filelike(file)
            self._table = book.get_sheet_by_index(0)
            rows = self._cells()
            self._heading_line, heading = next(
                (number, cells) for number, cells in rows if any(map(str.strip, cells))
            )
        except CalamineError as error:
            raise NotASheet(_("The workbook is damaged: %s.") % error) from None
        except StopIteration:
            raise NotASheet(_("The file is empty.")) from None
        self.columns = column_names(_without_blank_end(heading))

    def _cells(self):
        first = (self._table.start or (0, 0))[0] + 1
        for number, row in enumerate(self._table.iter_rows(), first):
            values = []
            for cell in row:
                try:
                    values.append(value_text(cell))
                except LostDigits:
                    values.append(Reason.NUMBER_LOST_DIGITS)
            yield number, values

    rows = XlsxSheet.rows


def fitted(number: int, values: list[str | Reason], width: int) -> Row | BadRow | None:
    """The row, padded to its width; None if nothing stands in it."""
    if not any(values) or not any(map(str.strip, values)):
        return None
    if any(type(value) is Reason for value in values):
        return BadRow(number, Reason.NUMBER_LOST_DIGITS, _raw(values))
    if len(values) > width and any(map(str.strip, values[width:])):
        return BadRow(number, Reason.TOO_MANY_COLUMNS, _raw(values), len(values), width)
    if max(map(len, values)) > LONGEST_FIELD:
        return BadRow(number, Reason.TOO_LONG, _raw(values)[:LONGEST_FIELD])
    if any("\0" in value for value in values):
        return BadRow(number, Reason.NUL, _raw(values).replace("\0", "�"))
    return Row(number, values[:width] + [""] * (width - len(values)))


def _shown(cell: str | Reason) -> str:
    return "" if isinstance(cell, Reason) else cell


def _raw(values: list[str | Reason]) -> str:
    return "\t".join("######" if type(value) is Reason else value for value in values)


def _without_blank_end(heading: list[str]) -> list[str]:
    while heading and not heading[-1].strip():
        heading = heading[:-1]
    return heading


_COLUMNS: dict[str, int] = {}


def _column(reference: str) -> int:
    """0 for A1, 27 for AB7."""
    letters = reference.rstrip("0123456789")
    found = _COLUMNS.get(letters)
    if found is None:
        found = 0
        for letter in letters:
            found = found * 26 + ord(letter) - 64
        found -= 1
        if not (letters.isascii() and letters.isupper() and 0 <= found < 16_384):
            raise NotASheet(_("The workbook is damaged: it has a cell called “%s”.") % reference[:40])
        _COLUMNS[letters] = found
    return found
