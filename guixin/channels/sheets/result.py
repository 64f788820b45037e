"""The file people get back: theirs, with two columns more, which no program takes for formulas."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _

from guixin.channels.sheets.guarding import HEADINGS, inert, is_ours, theirs, unguarded
from guixin.channels.sheets.opening import open_sheet
from guixin.channels.sheets.rows import BadRow, NotASheet

XLSX_ROWS, XLSX_CELL = 1_048_576, 32_767


def write_result(
    sheet_path, out_path, outcomes, *, otherwise=("", ""), delimiter=None, encoding=None, headings=HEADINGS,
    columns=(),
) -> None:  # fmt: skip
    """Write `out_path` (.xlsx, else CSV with a byte order mark): the sheet, each row with its outcome.

    outcomes    (line, result, reason) in order of lines, or a dict line -> (result, reason)
    headings    of the two columns; a file that has them already (ours, repaired) gets them filled anew
    columns     the names of theirs, where the file has no heading
    otherwise   (result, reason) of rows without an outcome; a bad line has its own reason at least

    A bad line is kept as it stands in the first column. Neither file is ever held in memory.
    """
    sheet = open_sheet(sheet_path, delimiter=delimiter, encoding=encoding, headings=columns)
    lines = _with_outcomes(sheet, _in_order(outcomes), otherwise)
    names = [*sheet.columns, *headings]
    if is_ours(sheet.columns):  # our own file, back with repairs
        kept = [*theirs(sheet.columns), len(names) - 2, len(names) - 1]
        names = [names[at] for at in kept]
        lines = ([unguarded(line[at]) for at in kept] for line in lines)
    if Path(out_path).suffix.lower() == ".xlsx":
        _write_xlsx(out_path, names, lines)
    else:
        _write_csv(out_path, names, lines)


def _in_order(outcomes) -> Iterable[tuple[int, str, str]]:
    if isinstance(outcomes, Mapping):
        return ((line, *outcomes[line]) for line in sorted(outcomes))
    return outcomes


def _with_outcomes(sheet, outcomes, otherwise) -> Iterable[list[str]]:
    outcomes = iter(outcomes)
    width = len(sheet.columns)
    line, *outcome = next(outcomes, (None,))
    for row in sheet.rows():
        while line is not None and line < row.line:
            line, *outcome = next(outcomes, (None,))
        bad = row.__class__ is BadRow
        result, reason = outcome if line == row.line else (otherwise[0], row.sentence) if bad else otherwise
        values = [row.raw] + [""] * (width - 1) if bad else row.values
        yield [*values, str(result), str(reason)]


def _write_csv(out_path, columns, lines) -> None:
    with open(out_path, "w", encoding="utf-8-sig", errors="replace", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([inert(name) for name in columns])
        writer.writerows([inert(value) for value in line] for line in lines)


def _write_xlsx(out_path, columns, lines) -> None:
    book = xlsxwriter.Workbook(
        out_path,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    try:
        table = book.add_worksheet()
        for at, line in enumerate([columns]):
            _write_row(table, at, line)
        for at, line in enumerate(lines, 1):
            if at >= XLSX_ROWS:
                raise NotASheet(_("Excel holds 1,048,576 rows at most; ask for the result as CSV."))
            _write_row(table, at, line)
    finally:
        book.close()


def _write_row(table, at: int, line: list[str]) -> None:
    for column, value in enumerate(line):
        if value:
            table.write_string(at, column, value[:XLSX_CELL])
