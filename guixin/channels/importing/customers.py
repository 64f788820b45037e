"""Rows that are customers: new ones are made, known ones gain what was not on record, nobody is made twice."""

import re
from typing import Any

from django.utils.translation import gettext as _

from guixin.channels.importing.running import Remark, Settled
from guixin.channels.sheets import Mapping
from guixin.channels.sheets.mapping import ATTRIBUTE
from guixin.ledger.bulk import insert_rows
from guixin.ledger.clock import database_now
from guixin.understand.arriving import Arrival, arrive
from guixin.understand.describing import CannotDescribe, columns_of, understood
from guixin.understand.identities import IdentityKind, normalise
from guixin.understand.models import Attribute, Customer

_PHONE = re.compile(r"^(\+\d{6,15}|\d{5,12})(;\d{1,6})?$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_VALUE = {
    "customer_id": "bigint", "attribute_id": "bigint", "text": "text", "folded": "text", "number": "numeric",
    "day": "date", "yes": "boolean",
}  # fmt: skip
IDENTITIES = {
    "phone": IdentityKind.PHONE,
    "second_phone": IdentityKind.PHONE,
    "email": IdentityKind.EMAIL,
    "wechat": IdentityKind.WECHAT,
    "customer_number": IdentityKind.OTHER,
}


class CustomerRows:
    """Settles rows of a sheet of customers. Without something to find them by again, a row would double every time."""

    def __init__(self, mapping: Mapping):
        self.mapping = mapping
        self.now = database_now()
        self.attributes = {each.pk: each for each in Attribute.objects.in_use()}

    def figures(self) -> dict:
        return {}

    def settle(self, rows: list[tuple[int, dict]]) -> Settled:
        settled, arrivals = Settled(), []
        for line, fields in rows:
            read = self.customer(line, fields)
            if isinstance(read, Remark):
                settled.remarks.append(read)
            else:
                known = self.known(line, fields, read.kind)
                if isinstance(known, Remark):
                    settled.remarks.append(known)
                else:
                    arrivals.append((read, known))
        arrived = arrive([arrival for arrival, _known in arrivals], now=self.now) if arrivals else []
        self._describe(
            [(customer, known) for (customer, _new), (_who, known) in zip(arrived, arrivals, strict=True)]
        )
        made = sum(is_new for _customer, is_new in arrived)
        settled.landed, settled.already = made, len(arrivals) - made
        return settled

    def _describe(self, known: list[tuple[Customer, dict[int, Any]]]) -> None:
        """What stands in the firm's own columns, in one statement; what is on record stays."""
        rows = [
            (
                customer.pk,
                pk,
                columns["text"],
                columns["folded"],
                columns["number"],
                columns["day"],
                columns["yes"],
            )
            for customer, values in known
            for pk, value in values.items()
            for columns in [columns_of(self.attributes[pk], value)]
        ]
        insert_rows("understand_attributevalue", _VALUE, rows, on_conflict="ON CONFLICT DO NOTHING")

    def known(self, line: int, fields: dict, kind: str) -> dict[int, Any] | Remark:
        """Values of the firm's own columns by the attribute's id, or what is wrong with one."""
        known = {}
        for attribute in self.attributes.values():
            name = f"{ATTRIBUTE}{attribute.code}"
            if name not in self.mapping.sources or attribute.asked_of not in ("", kind):
                continue
            try:
                value = understood(attribute, fields.get(name))
            except CannotDescribe as refusal:
                return Remark(line, "bad_attribute", str(refusal))
            if value is not None:
                known[attribute.pk] = value
            elif attribute.required:
                return Remark(line, "attribute_missing", _("“%s” must be known.") % attribute)
        return known

    def customer(self, line: int, fields: dict) -> Arrival | Remark:
        """The row as somebody at the door, or what is wrong with it."""
        kind = fields.get("kind") or Customer.Kind.PERSON
        if kind not in Customer.Kind.values:
            return Remark(line, "bad_kind", _("“%s” is neither a person nor a company.") % kind)
        identities = [(ours, fields[name]) for name, ours in IDENTITIES.items() if fields.get(name)]
        if not identities:
            return Remark(
                line,
                "nothing_to_find_by",
                _("Write a phone, an e-mail or a customer number, so that the customer is found again."),
            )
        for ours, written in identities:
            if ours == IdentityKind.PHONE and not _PHONE.match(normalise(ours, written)):
                return Remark(line, "bad_phone", _("“%s” is not a phone number.") % written)
            if ours == IdentityKind.EMAIL and not _EMAIL.match(normalise(ours, written)):
                return Remark(line, "bad_email", _("“%s” is not an e-mail address.") % written)
        return Arrival(
            kind=kind,
            name=fields["customer_name"],
            identities=tuple(identities),
            organisation=fields.get("organisation") or "",
        )
