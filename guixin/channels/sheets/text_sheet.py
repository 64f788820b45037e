"""CSV and its relatives, read line by line so that one bad line costs one row.

An ordinary CSV reader takes an opened quotation mark at its word and swallows whatever follows up to the
next one, which in a file of a million rows is half of them. Here a row is a line; lines are joined only
while a quotation mark stands open, only within a bound, and only if the result has the right number of
columns. docs/developers/decisions/0004-our-own-line-reader.md tells the choice.
"""

import csv
import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from guixin.channels.sheets import encodings
from guixin.channels.sheets.lines import BrokenLine, lines_of
from guixin.channels.sheets.rows import LONGEST_FIELD, BadRow, NotASheet, Reason, Row, Sheet, column_names

JOINED_LINES = 50
DELIMITERS = ",;\t|"
BLANKS = "blanks"  # columns set apart by any number of blanks, as statisticians write them
_LETTERS, _DIGITS = re.compile(r"[A-Za-z]+"), re.compile(r"[0-9]+")


class _StillOpen(Exception):
    pass


class _OneRecord:
    """Splits one record, in C: the csv module is handed a single record and never a second one."""

    def __init__(self, delimiter: str):
        self._text: str | None = None
        self._reader = csv.reader(self, delimiter=delimiter, strict=True)

    def __iter__(self):
        return self

    def __next__(self) -> str:
        text, self._text = self._text, None
        if text is None:
            raise _StillOpen
        return text

    def split(self, text: str) -> list[str] | Reason:
        """The fields, or UNCLOSED_QUOTE (more text could close it), or QUOTE_THEN_TEXT (nothing can)."""
        self._text = text
        try:
            return next(self._reader)
        except _StillOpen:
            return Reason.UNCLOSED_QUOTE
        except csv.Error:
            return Reason.TOO_LONG if len(text) > LONGEST_FIELD else Reason.QUOTE_THEN_TEXT


class TextSheet(Sheet):
    """source: a function giving the bytes of the file from their beginning, as a binary file object."""

    encoding: str
    delimiter: str

    def __init__(
        self,
        source,
        *,
        delimiter: str | None = None,
        encoding: str | None = None,
        headings: Sequence[str] = (),
    ):
        self._source = source
        self._by_blanks = delimiter == BLANKS
        delimiter = "\t" if self._by_blanks else delimiter
        self.encoding = encodings.named(encoding) if encoding else encodings.detect(source())
        self._codec = "utf-8" if self.encoding.startswith("utf-") else self.encoding
        if headings:
            self.delimiter, self.columns, self._first = delimiter or ",", column_names(list(headings)), 0
        else:
            self._read_heading(delimiter)
        self._split = _OneRecord(self.delimiter).split

    def _lines(self, skip: int = 0) -> Iterator[list[str]]:
        source = self._source()
        if self.encoding.startswith("utf-16"):
            source = encodings.Utf8FromUtf16(source, self.encoding)
        lines = lines_of(source, self._codec, skip)
        return ([_by_tabs(line) for line in block] for block in lines) if self._by_blanks else lines

    def _read_heading(self, delimiter: str | None) -> None:
        """Finds columns, delimiter and the line where the rows begin, from the first line that is not blank."""
        top = next(self._lines(), [])
        at = 0
        while at < len(top) and not top[at].strip("\ufeff \t\u3000,;|"):
            at += 1
        if at == len(top):
            raise NotASheet(_("The file is empty."))
        if type(top[at]) is not str:
            raise NotASheet(_("The first line, which names the columns, cannot be read."))
        top[at] = top[at].lstrip("\ufeff")
        said = re.fullmatch(r'"?sep=(.)"?', top[at])
        if said and at + 1 < len(top):  # Excel's own way of naming the delimiter
            delimiter = delimiter or said[1]
            at += 1
        candidates = [_heading(top[at:], mark) for mark in (delimiter or DELIMITERS)]
        self.delimiter, heading, taken = max(candidates, key=lambda found: len(found[1]))
        while heading and not heading[-1].strip():
            heading.pop()
        if len(heading) > 16_384:
            raise NotASheet(_("The first line names more than 16,384 columns."))
        self.columns = column_names(heading)
        self._first = at + taken

    def rows(self, start_line: int = 0) -> Iterator[Row | BadRow]:
        self.blank = 0
        if start_line <= self._first:
            return self._rows(self._first)
        # The row taken last is read once more: it may have been several lines long.
        return (row for row in self._rows(start_line - 1) if row.line > start_line)

    def _rows(self, skip: int) -> Iterator[Row | BadRow]:
        width, mark = len(self.columns), self.delimiter
        edges = mark + " \t\u3000\xa0\ufeff"
        new, number = tuple.__new__, skip
        kept: list[str] = []
        blocks = self._lines(skip)
        while True:
            block = next(blocks, None)
            lines = kept + block if block else kept
            # Rows begin only where all lines they could be joined with are at hand.
            limit = len(lines) if block is None else len(lines) - JOINED_LINES
            taken_to = 0
            for i, line in enumerate(lines):
                if i >= limit:
                    break
                if i < taken_to:
                    continue
                if not line.strip(edges) and line.__class__ is str:
                    self.blank += 1
                    continue
                if line.__class__ is str and '"' not in line:
                    values = line.split(mark)
                    if len(values) == width and len(line) <= LONGEST_FIELD:
                        yield new(Row, (number + i + 1, values))
                        continue
                row, taken = self._careful(lines, i, number + i + 1)
                taken_to = i + taken
                if row is not None:
                    yield row
            if block is None:
                return
            done = max(limit, taken_to, 0)
            kept = lines[done:]
            number += done

    def _careful(self, lines: list[str], i: int, number: int) -> tuple[Row | BadRow | None, int]:
        """The row or bad row beginning at lines[i], and how many lines it takes."""
        line, width = lines[i], len(self.columns)
        if isinstance(line, BrokenLine):
            return BadRow(number, line.reason, str(line)), 1
        values, taken = self._joined(lines, i) if '"' in line else (line.split(self.delimiter), 1)
        if isinstance(values, Reason):
            return BadRow(number, values, line), 1
        if taken == 1 and not any(values):
            self.blank += 1
            return None, 1
        while len(values) > width and not values[-1].strip():  # empty cells beyond the heading hold nothing
            values.pop()
        if len(values) != width:
            reason = Reason.TOO_FEW_COLUMNS if len(values) < width else Reason.TOO_MANY_COLUMNS
            return BadRow(number, reason, line, len(values), width), 1
        if len(line) > LONGEST_FIELD and max(map(len, values)) > LONGEST_FIELD:
            return BadRow(number, Reason.TOO_LONG, line[:LONGEST_FIELD]), 1
        return Row(number, values), taken

    def _joined(self, lines: list[str], i: int) -> tuple[list[str] | Reason, int]:
        line, width = lines[i], len(self.columns)
        values = self._split(line)
        if values is Reason.QUOTE_THEN_TEXT:
            return self._as_it_stands(line) or values, 1
        if values is not Reason.UNCLOSED_QUOTE:
            return values, 1
        first, length = line.split(self.delimiter, 1)[0].lstrip('"'), len(line)
        for j in range(i + 1, min(i + JOINED_LINES, len(lines))):
            more = lines[j]
            length += len(more) + 1
            if more.__class__ is not str or length > LONGEST_FIELD or self._is_a_row_itself(more, first):
                break
            if '"' in more:
                values = self._split("\n".join(lines[i : j + 1]))
                if values is not Reason.UNCLOSED_QUOTE:
                    whole = isinstance(values, list) and len(values) >= width and not any(values[width:])
                    return (values, j + 1 - i) if whole else (Reason.UNCLOSED_QUOTE, 1)
        return Reason.UNCLOSED_QUOTE, 1

    def _is_a_row_itself(self, line: str, first: str) -> bool:
        """Whether a line after an open quotation mark is the next row rather than more of the text.

        Without this an unclosed quotation mark in the last column joins with the next stray one at the end
        of some line to a row with the right number of columns, and the good rows between are gone.
        """
        values = line.split(self.delimiter) if '"' not in line else self._split(line)
        if isinstance(values, Reason) or len(values) != len(self.columns) or len(values) < 2:
            return False
        like = values[0]
        if abs(len(like) - len(first)) <= 1 and _DIGITS.search(first) and _shape(like) == _shape(first):
            return True  # begins with a number of the same form as this row's
        return len(values) >= 6 and '"' not in line  # prose with that many delimiters by chance is rare

    def _as_it_stands(self, line: str) -> list[str] | None:
        """The fields of a line like `1,"Acme" Ltd,x`, where no delimiter stands between quotation marks."""
        pieces = line.split(self.delimiter)
        if len(pieces) != len(self.columns):
            return None
        for at, piece in enumerate(pieces):
            if piece.startswith('"'):
                if piece.count('"') % 2:
                    return None
                alone = self._split(piece)
                if isinstance(alone, list):
                    pieces[at] = alone[0]
        return pieces


def _by_tabs(line: str) -> str:
    return "\t".join(line.split()) if line.__class__ is str else line


def _shape(text: str) -> str:
    return _DIGITS.sub("0", _LETTERS.sub("a", text))


def _heading(top: list[str], delimiter: str) -> tuple[str, list[str], int]:
    """(delimiter, cells, lines taken); a cell may contain line breaks."""
    split = _OneRecord(delimiter).split
    for taken in range(1, min(10, len(top)) + 1):
        cells = split("\n".join(top[:taken]))
        if isinstance(cells, list):
            return delimiter, cells, taken
        if cells is not Reason.UNCLOSED_QUOTE:
            break
    return delimiter, top[0].split(delimiter), 1
