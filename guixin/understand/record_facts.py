"""What rules may ask of the record: the firm's own attributes, contacts and needs. See understand/measuring.py.

Personal attributes are not offered: the values a rule looked at stand on the membership, where nobody masks them.
"""

from collections.abc import Iterable
from functools import partial

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guixin.understand.measuring import Fact, Kind, Source, provide, register
from guixin.understand.models import Attribute

_ASKED = {
    Attribute.Kind.TEXT: (Kind.TEXT, "{0}.text"),
    Attribute.Kind.CHOICE: (Kind.CHOICE, "{0}.text"),
    Attribute.Kind.NUMBER: (Kind.NUMBER, "{0}.number"),
    Attribute.Kind.DATE: (Kind.MOMENT, f"({{0}}.day::timestamp AT TIME ZONE '{settings.TIME_ZONE}')"),
    Attribute.Kind.YES_NO: (Kind.YES_NO, "{0}.yes"),
}


def attributes() -> Iterable[Fact]:
    """One fact for each attribute in use, called attribute_CODE; each joined by its own index."""
    language = get_language() or ""
    for attribute in Attribute.objects.in_use().filter(personal=False):
        kind, sql = _ASKED[Attribute.Kind(attribute.kind)]
        alias = f"attribute_{attribute.pk}"
        join = (
            f"LEFT JOIN understand_attributevalue AS {alias}"
            f" ON {alias}.customer_id = c.id AND {alias}.attribute_id = {attribute.pk}"
        )
        words = [(each, each) for each in attribute.choices]
        yield Fact(
            f"attribute_{attribute.code}", attribute.shown_name(language), kind, sql.format(alias),
            Source(alias, join), choices=partial(list, words),
        )  # fmt: skip


_CONTACTS = Source(
    "contacts",
    "LEFT JOIN (SELECT customer_id, max(made_at) AS last_at,"
    " count(*) FILTER (WHERE state = 'planned' AND missed_at IS NOT NULL) AS missed"
    " FROM understand_contact WHERE {among} GROUP BY customer_id) AS contacts ON contacts.customer_id = c.id",
)
_NEEDS = Source(
    "needs",
    "LEFT JOIN (SELECT customer_id, count(*) AS number, max(weight) AS strongest"
    " FROM understand_need WHERE ended_at IS NULL AND {among} GROUP BY customer_id) AS needs"
    " ON needs.customer_id = c.id",
)

register(
    Fact("last_contact_at", _("Last contact"), Kind.MOMENT, "contacts.last_at", _CONTACTS),
    Fact("missed_contacts", _("Missed contacts"), Kind.NUMBER, "coalesce(contacts.missed, 0)", _CONTACTS),
    Fact("needs", _("Needs on record"), Kind.NUMBER, "coalesce(needs.number, 0)", _NEEDS),
    Fact(
        "strongest_need", _("Weight of the strongest need"), Kind.NUMBER, "coalesce(needs.strongest, 0)", _NEEDS,
        unit=_("of 5"),
    ),
)  # fmt: skip
provide(attributes)
