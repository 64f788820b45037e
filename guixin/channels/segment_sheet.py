"""The customers of a segment as an Excel file: masked, text as text, never held in memory whole."""

from datetime import datetime
from typing import IO

import xlsxwriter
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.understand.measuring import facts
from guixin.understand.models import Membership, Segment
from guixin.understand.rules import why_in_words
from guixin.understand.segment_events import SegmentExported
from guixin.web import money
from guixin.web.refusals import Refused

MOST = 1_000_000  # Excel holds 1,048,576 rows
AT_ONCE = 2_000


class TooMany(Refused):
    """More rows than an Excel sheet holds."""


@transaction.atomic
def write(segment: Segment, file: IO[bytes], *, by: Person, now: datetime) -> int:
    """Write who is in it now to `file` and tell the ledger. Returns how many."""
    wanted = Membership.objects.filter(segment=segment, until=None)
    number = wanted.count()
    if number > MOST:
        raise TooMany(_("Excel holds 1,048,576 rows at most."))
    book = xlsxwriter.Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False},
    )  # fmt: skip
    sheet, known, currency = book.add_worksheet(), facts(), money.firm_currency()
    for column, words in enumerate(
        (_("Number"), _("Customer"), _("Kind"), _("Grade"), _("Phone or address"), _("In it since"), _("Why"),
         _("Purchases, net"), _("Currency"))
    ):  # fmt: skip
        sheet.write_string(0, column, str(words))
    rows = wanted.select_related("customer", "customer__worth").prefetch_related("customer__identities")
    for at, membership in enumerate(rows.order_by("pk").iterator(AT_ONCE), start=1):
        customer = membership.customer
        shown = customer.shown_to(by)
        worth = getattr(customer, "worth", None)
        texts = (
            str(customer.pk), shown["name"], str(customer.get_kind_display()), customer.grade or "",
            " · ".join(each["shown"] for each in shown["identities"][:2]),
            f"{timezone.localtime(membership.since):%Y-%m-%d %H:%M}", why_in_words(membership.why, known),
        )  # fmt: skip
        for column, text in enumerate(texts):
            sheet.write_string(at, column, text)
        if worth:
            sheet.write_number(at, len(texts), float(money.written(worth.net, currency)))
            sheet.write_string(at, len(texts) + 1, currency)
    book.close()
    record(
        SegmentExported(
            happened_at=now, actor_id=by.pk, about=("segment", segment.pk), segment=segment.code, customers=number
        )
    )  # fmt: skip
    return number
