"""The words of a plan for one customer: general placeholders, and those of the occasion."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from guixin.promise.filling import Filled, fill_in
from guixin.promise.models import CommunicationEntry
from guixin.understand.addressing import salutation
from guixin.understand.models import Customer

# Neither grade nor segment: customers are never told how we tell them apart.
GAPS: dict[str, Any] = {
    "customer": _("how the customer is addressed"),
    "contact": _("name of whoever looks after the customer"),
    "today": _("today's date"),
}


def words_for(
    entry: CommunicationEntry, customer: Customer, contact: str, said: Mapping[str, str], now: datetime
) -> tuple[Filled, Filled]:  # fmt: skip
    """(subject, body) in the customer's language. `said`: the values of the occasion."""
    with translation.override(customer.language):
        values = {
            "customer": salutation(customer),
            "contact": contact,
            "today": date_format(timezone.localtime(now), "DATE_FORMAT"),
            **said,
        }
        subject, body = entry.words_for(customer.language)
        return fill_in(subject, lambda name: values.get(name, "")), fill_in(
            body, lambda name: values.get(name, "")
        )
