"""A workbook to fill in: our headings in the reader's language, a note on each, drop-downs, every column text."""

from io import BytesIO

import xlsxwriter
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guixin.channels.importing.columns import WORDS, fields_of, needed
from guixin.organisation.models import Department

ROWS = 5_000  # formatted in advance; more may be filled in below them


def template(what: str) -> bytes:
    """Phones and numbers stay as they are typed: a column of text keeps the leading 0 and the eighteenth digit."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    text = book.add_format({"num_format": "@"})
    heading = book.add_format({"bold": True, "num_format": "@", "bg_color": "#E6F0F8", "border": 1})
    must = book.add_format({"bold": True, "num_format": "@", "bg_color": "#FDF1D8", "border": 1})
    sheet, notes = book.add_worksheet(_("Rows")), book.add_worksheet(_("Notes"))
    notes.set_column(0, 0, 22)
    notes.set_column(1, 1, 70)
    notes.write_row(0, 0, [_("Column"), _("What stands in it")], heading)
    in_chinese = not (get_language() or "zh").startswith("en")
    for place, field in enumerate(fields_of(what)):
        is_needed = field.name in needed(what)
        note = " ".join(filter(None, (_("Must be filled.") if is_needed else "", str(field.note))))
        sheet.write_string(0, place, str(field.words), must if is_needed else heading)
        if note:
            sheet.write_comment(0, place, note)
        sheet.set_column(place, place, 18, text)
        choices = [
            word
            for word in WORDS[what].get(field.name, {})
            if word.isascii() != in_chinese and not word.isdigit()
        ]
        if field.name == "department":
            choices = list(Department.objects.order_by("path").values_list("name", flat=True))
        if choices and len(",".join(choices)) <= 255:
            sheet.data_validation(
                1, place, ROWS, place, {"validate": "list", "source": choices, "error_type": "warning"}
            )
        notes.write_row(place + 1, 0, [str(field.words), "; ".join(filter(None, (note, "、".join(choices))))])
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
