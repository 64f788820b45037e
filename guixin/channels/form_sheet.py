"""What was answered in a form as an Excel file: a row a case, text as text, personal answers masked."""

from collections.abc import Iterable
from datetime import datetime
from typing import IO

import xlsxwriter
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.serve.filling_in import answer_in_words
from guixin.serve.form_events import FormExported
from guixin.serve.form_fields import FILE, FormField
from guixin.serve.models import CaseForm, FilledForm

MOST, AT_ONCE = 100_000, 500


def all_fields(form: CaseForm) -> dict[str, FormField]:
    """Every field any version asked, those of today first: answers of earlier versions have their columns too."""
    found: dict[str, FormField] = {}
    for version in form.versions.order_by("-number"):
        for key, one in version.asked.items():
            found.setdefault(key, one)
    return found


@transaction.atomic
def write(form: CaseForm, rows: QuerySet[FilledForm], file: IO[bytes], *, by: Person, now: datetime) -> int:
    """Write these answers and tell the ledger. Returns how many."""
    language, asked = get_language() or "zh-hans", all_fields(form)
    book = xlsxwriter.Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False},
    )  # fmt: skip
    sheet = book.add_worksheet()
    heads = (_("Number"), _("Subject"), _("State"), _("Reached us"), _("Version"))
    for column, words in enumerate([*heads, *(one.shown_label(language) for one in asked.values())]):
        sheet.write_string(0, column, str(words))
    number = 0
    for filled in rows.select_related("case", "version").order_by("pk")[:MOST].iterator(AT_ONCE):
        number += 1
        for column, text in enumerate(_texts(filled, asked, language)):
            sheet.write_string(number, column, text)
    book.close()
    record(
        FormExported(happened_at=now, actor_id=by.pk, about=form.about, form=form.code, rows=number)
    )  # fmt: skip
    return number


def _texts(filled: FilledForm, asked: dict[str, FormField], language: str) -> Iterable[str]:
    case = filled.case
    yield case.number
    yield case.subject
    yield str(case.get_state_display())
    yield f"{timezone.localtime(case.opened_at):%Y-%m-%d %H:%M}"
    yield str(filled.version.number)
    theirs = filled.version.asked
    for key in asked:
        one, kept = theirs.get(key), filled.answers.get(key)
        if one is None or kept is None:
            yield ""
        elif one.kind == FILE:
            yield str(len(kept))
        else:
            yield answer_in_words(one, kept, language, masked=one.personal)
