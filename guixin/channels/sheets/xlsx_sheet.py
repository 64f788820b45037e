"""Excel workbooks, read as a stream: python-calamine needs 1.1 GB for a million rows of twelve columns.
Blank formatted rows cost parsing and nothing else.
"""

import mmap
import posixpath
import tempfile
import zipfile
from array import array
from collections.abc import Iterator

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
from guixin.channels.sheets.xlsx_parts import Part, pieces, rows_of_cells, small_part, string_text

_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT_RELATIONS = "{http://purl.oclc.org/ooxml/officeDocument/relationships}"


class _SharedTexts:
    """The texts cells point to, kept in a file: a million rows may have ten million of them."""

    def __init__(self, archive: zipfile.ZipFile, name: str | None):
        self._starts = array("Q", [0])
        self._kept = tempfile.TemporaryFile()  # noqa: SIM115  mapped for as long as the sheet lives
        at, pending = 0, []
        for item in self._items(archive, name) if name else ():
            raw = unescaped(string_text(item)).encode("utf-8", "replace")
            at += len(raw)
            self._starts.append(at)
            pending.append(raw)
            if len(pending) == 5_000:
                self._kept.write(b"".join(pending))
                pending.clear()
        self._kept.write(b"".join(pending))
        self._kept.flush()
        self._bytes = mmap.mmap(self._kept.fileno(), 0, access=mmap.ACCESS_READ) if at else b""

    @staticmethod
    def _items(archive: zipfile.ZipFile, name: str) -> Iterator:
        for piece in pieces(Part(archive, name), b"sst", b"si"):
            yield from piece.elements()

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, index: int) -> str:
        try:
            return self._bytes[self._starts[index] : self._starts[index + 1]].decode()
        except IndexError:
            raise NotASheet(_("The workbook is damaged: a cell points to a text that is missing.")) from None


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
        for relation in small_part(self._archive, "xl/_rels/workbook.xml.rels", "Relationship"):
            target = posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
            targets[relation.get("Id")] = target
            if relation.get("Type", "").endswith("/sharedStrings"):
                texts = target
        names, self._since_1904 = [], False
        for properties in small_part(self._archive, "xl/workbook.xml", "workbookPr"):
            self._since_1904 = properties.get("date1904") in {"1", "true"}
        for sheet in small_part(self._archive, "xl/workbook.xml", "sheet"):
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
            for form in small_part(self._archive, "xl/styles.xml", "numFmt")
        }
        styles = set()
        for formats in small_part(self._archive, "xl/styles.xml", "cellXfs"):
            for number, form in enumerate(formats):
                shown = form.get("numFmtId", "0")
                if own.get(shown, int(shown) in DATE_FORMATS):
                    styles.add(str(number))
        return styles

    def _cells(self) -> Iterator[tuple[int, list[str | Reason]]]:
        """(row number, cells) of every row that has any; a cell is a Reason where the text is lost."""
        texts, times, last = self._texts, self._time_styles, 0
        for number, cells in rows_of_cells(Part(self._archive, self._name)):
            last = number or last + 1
            values: list[str | Reason] = []
            for column, style, kind, stored, inline in cells:
                at = _column(column) if column else len(values)
                if at > len(values):
                    values += [""] * (at - len(values))
                value: str | Reason = inline
                if not stored:
                    value = unescaped(inline) if inline else inline
                elif kind == "s":
                    value = texts[int(stored) if stored.isdigit() else len(texts)]
                elif kind in {"", "n"}:
                    try:
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
                values.append(value)
            yield last, values

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


def _column(letters: str) -> int:
    """0 for A, 27 for AB."""
    found = _COLUMNS.get(letters)
    if found is None:
        found = 0
        for letter in letters[:4]:
            found = found * 26 + ord(letter) - 64
        found -= 1
        if not (letters.isascii() and letters.isupper() and 0 <= found < 16_384):
            raise NotASheet(_("The workbook is damaged: it has a cell in column “%s”.") % letters[:40])
        _COLUMNS[letters] = found
    return found
