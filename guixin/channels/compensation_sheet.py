"""What customers are given, as a file for finance: the rows somebody chose, and under them the total of each currency."""

import csv
import io
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

import xlsxwriter
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guixin.channels.exporting.writing import MEDIA_TYPES, XLSX_ROWS, CannotExport, DataExported
from guixin.channels.sheets.guarding import inert
from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.recover.compensation import Total, chosen, totals
from guixin.recover.wanted import Wanted
from guixin.serve.models import Goodwill
from guixin.web import money

AT_ONCE = 2_000
SUM = 6  # the column of the sum


def write(wanted: Wanted, form: str, *, by: Person, now: datetime) -> IO[bytes]:
    """The file at its beginning; whoever gets it closes it. Rows, totals and the entry are of one look at the database.

    form    xlsx or csv
    """
    if form not in MEDIA_TYPES:
        raise CannotExport(_("There is no such export."))
    made = tempfile.TemporaryFile()  # noqa: SIM115  handed out, and closed by who sends it
    try:
        with transaction.atomic():
            rows = chosen(by, wanted)
            added_up, number = totals(rows), rows.count()
            if form == "xlsx" and number + len(added_up) >= XLSX_ROWS:
                raise CannotExport(_("Excel holds 1,048,576 rows at most; ask for CSV."))
            lines = _lines(rows)
            (_xlsx if form == "xlsx" else _csv)(made, lines, added_up)
            record(
                DataExported(
                    happened_at=now, actor_id=by.pk, about=("export", 0), noun="compensations", rows=number,
                    form=form, in_full=False,
                )
            )  # fmt: skip
    except BaseException:
        made.close()
        raise
    made.seek(0)
    return made


def _headings() -> list[str]:
    return [
        _("Number"), _("Case"), _("What is given"), _("State"), _("Department"), _("Currency"), _("Sum"),
        _("What it is for"), _("Asked for by"), _("Asked for on"), _("Decided on"), _("Paid or handed over on"),
        _("Number of the payment, voucher or parcel"), _("Written down by"),
    ]  # fmt: skip


def _lines(rows: Any) -> Iterator[list[str]]:
    language = get_language() or "zh-hans"
    found = rows.select_related("case__department", "by", "given_by").order_by("at", "pk")
    for row in found.iterator(AT_ONCE):
        yield [
            str(row.pk), row.case.number, str(row.get_kind_display()), str(row.get_state_display()),
            row.case.department.shown_name(language), row.currency, money.written(row.amount, row.currency),
            row.reason, row.by.name, _day(row.at), _day(row.settled_at),
            f"{row.given_on:%Y-%m-%d}" if row.given_on else "", row.reference,
            row.given_by.name if row.given_by else "",
        ]  # fmt: skip


def _day(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d}" if at else ""


def _totals(added_up: list[Total]) -> Iterator[list[str]]:
    """One line for each currency and state: in the columns of the rows, so that one reads on below them."""
    State = Goodwill.State
    for each in added_up:
        for state, name in ((State.PROMISED, "promised"), (State.GIVEN, "given")):
            line = [""] * len(_headings())
            line[0], line[3], line[5] = _("Total"), str(state.label), each.currency
            line[SUM] = money.written(getattr(each, name), each.currency)
            yield line


def _csv(out: IO[bytes], lines: Iterator[list[str]], added_up: list[Total]) -> None:
    """With a byte order mark, so that Excel reads UTF-8; what a program might run has an apostrophe before it."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([inert(each) for each in _headings()])
    for line in (*lines, *_totals(added_up)):
        writer.writerow([inert(each) for each in line])
    text.flush()
    text.detach()


def _xlsx(out: IO[bytes], lines: Iterator[list[str]], added_up: list[Total]) -> None:
    """Text stays text; the sum is a number one can add up."""
    as_text = dict.fromkeys(("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False)
    book = xlsxwriter.Workbook(out, {"constant_memory": True, **as_text})
    sheet = book.add_worksheet()
    for column, words in enumerate(_headings()):
        sheet.write_string(0, column, words)
    for at, line in enumerate((*lines, *_totals(added_up)), 1):
        for column, value in enumerate(line):
            if column == SUM:
                sheet.write_number(at, column, float(value))
            elif value:
                sheet.write_string(at, column, value[:32_767])
    book.close()
