"""A case on paper (投诉处理单): who may have it in full, and that it was made."""

from datetime import datetime
from typing import Any

from django.db import transaction

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.serve import events
from guixin.serve.models import Case


@transaction.atomic
def print_record(
    case: Case, *, by: Person, now: datetime, in_full: bool = False, reason: str = ""
) -> dict[str, Any] | None:
    """Record that a paper of this case is made. Returns the customer as they may stand on it: masked, or in full
    for a reason, which is a look like any other (CannotReveal without one). Paper leaves the house: masked is the rule.
    """
    customer = None
    if case.customer:
        customer = (
            case.customer.reveal(by=by, reason=reason, now=now) if in_full else case.customer.shown_to(by)
        )
    record(
        events.RecordPrinted(
            happened_at=now,
            actor_id=by.pk,
            about=case.about,
            case_id=case.pk,
            in_full=bool(customer and customer["revealed"]),
        )
    )
    return customer
