"""A customer put on record without a case, by hand or by a program. Whoever is known already is not made twice."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.understand import describing, events
from guixin.understand.arriving import Arrival, arrive
from guixin.understand.changing import EDITABLE, CannotChange, check, moved
from guixin.understand.models import Customer


@transaction.atomic
def take_in(
    kind: str, name: str, identities: Iterable[tuple[str, str]], *, by: Person | None, now: datetime,
    fields: Mapping[str, Any] | None = None, attributes: Mapping[str, Any] | None = None, complete: bool = False,
) -> tuple[Customer, bool]:  # fmt: skip
    """(customer, whether they are new). Of one who is known, what is on record stays; blanks are filled.

    fields      of the record (changing.EDITABLE); attributes by code; `complete`: the whole form was shown, so what is
                required must be there
    """
    name = " ".join(name.split())
    if not name:
        raise CannotChange(_("A customer needs a name."))
    if kind not in Customer.Kind.values:
        raise CannotChange(_("A customer is a person or a company."))
    wanted = dict(fields or {})
    if unknown := set(wanted) - set(EDITABLE):
        raise CannotChange(_("These cannot be edited: %s.") % ", ".join(sorted(unknown)))
    ((customer, is_new),) = arrive(
        [
            Arrival(
                kind=kind,
                name=name,
                identities=tuple(identities),
                language=wanted.get("language") or "zh-hans",
            )
        ],
        now=now,
    )
    blank = {
        field: value
        for field, value in wanted.items()
        if value not in (None, "")
        and field not in ("name", "kind", "language")
        and not getattr(customer, field)
    }
    check(customer, blank)
    if blank:
        for field, value in blank.items():
            setattr(customer, field, value)
        customer.save(update_fields=list(blank))
    if attributes or complete:
        held = set() if is_new else set(customer.attribute_values.values_list("attribute__code", flat=True))
        describing.describe(
            customer, {k: v for k, v in (attributes or {}).items() if k not in held}, by=by, now=now,
            complete=complete and is_new,
        )  # fmt: skip
    if not is_new:
        moved(customer)
        customer.refresh_from_db(fields=["version"])
    else:
        record(
            events.CustomerTakenIn(
                happened_at=now, actor_id=by.pk if by else None, about=("customer", customer.pk)
            )
        )
    return customer, is_new
