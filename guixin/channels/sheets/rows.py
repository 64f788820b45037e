"""What a sheet is made of: rows that can be read, and lines that cannot, each with its reason."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from guixin.web.refusals import Refused

LONGEST_FIELD = 65_536
LONGEST_LINE = 524_288


class Reason(StrEnum):
    """Why a line gives no row. The value is what programs see; `sentence` is what people see."""

    UNCLOSED_QUOTE = "unclosed_quote"
    QUOTE_THEN_TEXT = "quote_then_text"
    TOO_FEW_COLUMNS = "too_few_columns"
    TOO_MANY_COLUMNS = "too_many_columns"
    UNDECODABLE = "undecodable"
    NUL = "nul"
    TOO_LONG = "too_long"
    NUMBER_LOST_DIGITS = "number_lost_digits"

    @property
    def sentence(self):
        return _SENTENCES[self]


_SENTENCES = {
    Reason.UNCLOSED_QUOTE: _("A quotation mark is opened and not closed."),
    Reason.QUOTE_THEN_TEXT: _(
        "Text follows a closing quotation mark; write quotation marks inside text twice."
    ),
    Reason.TOO_FEW_COLUMNS: _("There are too few columns."),
    Reason.TOO_MANY_COLUMNS: _("There are too many columns."),
    Reason.UNDECODABLE: _("Some bytes are not text in the encoding of this file."),
    Reason.NUL: _("The line contains NUL characters; it was damaged."),
    Reason.TOO_LONG: _("A field is longer than 65,536 characters."),
    Reason.NUMBER_LOST_DIGITS: _("A long number lost its digits: format this column as text."),
}


class NotASheet(Refused):
    """The file cannot be read as a table at all; the message says what to do."""

    about_input = True


class Row(NamedTuple):
    line: int  # 1-based line of the file (row of the worksheet) where the row begins
    values: list[str]  # as many as the sheet has columns


class BadRow(NamedTuple):
    line: int
    reason: Reason
    raw: str  # the line as it stands, for the result file
    found: int | None = None  # columns found, where their number is what is wrong
    expected: int | None = None

    @property
    def sentence(self) -> str:
        if self.found is None:
            return str(self.reason.sentence)
        return str(
            _("%(problem)s The line has %(found)d, the heading has %(expected)d.")
            % {"problem": self.reason.sentence, "found": self.found, "expected": self.expected}
        )


class Sheet:
    """A table in a file, read from the top as often as wanted, never held in memory.

    blank   empty rows passed over by the latest reading: 60,000 of them at the end are common and mean nothing
    """

    columns: list[str]
    encoding: str | None = None
    delimiter: str | None = None
    blank: int = 0

    def rows(self, start_line: int = 0) -> Iterator[Row | BadRow]:
        """Rows in file order. With `start_line` = the `line` of the last one taken, goes on with the next."""
        raise NotImplementedError


def column_names(heading: list[str]) -> list[str]:
    """Names to bind to: trimmed, a blank one called by its number, a repeated one numbered.

    >>> column_names([" 编号 ", "", "电话", "电话"])
    ['编号', 'column 2', '电话', '电话 (2)']
    """
    names: list[str] = []
    for number, cell in enumerate(heading, 1):
        name = " ".join(cell.replace("\ufeff", "").split()) or f"column {number}"
        again, plain = 2, name
        while name in names:
            name = f"{plain} ({again})"
            again += 1
        names.append(name)
    return names
