"""Rows that are customers: new ones are made, known ones gain what was not on record, nobody is made twice."""

import re

from django.utils.translation import gettext as _

from guixin.channels.importing.running import Remark, Settled
from guixin.channels.sheets import Mapping
from guixin.ledger.clock import database_now
from guixin.understand.arriving import Arrival, arrive
from guixin.understand.identities import IdentityKind, normalise
from guixin.understand.models import Customer

_PHONE = re.compile(r"^(\+\d{6,15}|\d{5,12})(;\d{1,6})?$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
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

    def figures(self) -> dict:
        return {}

    def settle(self, rows: list[tuple[int, dict]]) -> Settled:
        settled, arrivals = Settled(), []
        for line, fields in rows:
            read = self.customer(line, fields)
            if isinstance(read, Remark):
                settled.remarks.append(read)
            else:
                arrivals.append(read)
        made = sum(is_new for _customer, is_new in arrive(arrivals, now=self.now)) if arrivals else 0
        settled.landed, settled.already = made, len(arrivals) - made
        return settled

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
