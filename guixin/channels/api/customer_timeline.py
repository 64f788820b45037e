"""The story of a customer by a program: the same stream as on their page."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from guixin.channels.api.door import Needs, by
from guixin.channels.customer_timeline import CASES_AT_MOST, Place, stream
from guixin.organisation.access import scope_of
from guixin.organisation.models import Scopes
from guixin.serve.customers import visible_customer
from guixin.serve.models import Case
from guixin.understand.models import Customer

router = Router(tags=["customers"])

KindName = Literal[
    "", "cases", "words", "promises", "recoveries", "follow-ups", "contacts", "needs", "knowledge", "surveys", "visits",
    "purchases", "segments", "grades", "record",
]  # fmt: skip


class HappeningShown(BaseModel):
    at: datetime
    words: str
    who: str
    about: str = Field(description="The department of a task, the order of a purchase.")
    body: str = Field(description="What was said, where the customer may read it; the notes of a contact.")
    case: str | None
    contact: int | None
    knowledge: int | None


class TimelineShown(BaseModel):
    rows: list[HappeningShown]
    next: str | None = Field(description="Send it as `before` for what happened earlier.")


@router.get(
    "/{int:customer_id}/timeline", auth=Needs(Scopes.CUSTOMERS_READ), response=TimelineShown,
    summary="What happened with a customer",
)  # fmt: skip
def timeline(request: HttpRequest, customer_id: int, kind: KindName = "", before: str = ""):
    """The newest 40 first, of cases the caller may see. What was done with the record is for who keeps it."""
    person = by(request)
    customer = visible_customer(Customer.objects.all(), person, customer_id)
    cases = Case.objects.visible_to(person).filter(customer=customer).exclude(state=Case.State.MERGED)
    merged = Customer.objects.filter(merged_into=customer).values_list("pk", flat=True)
    scope = scope_of(person)
    told = stream(
        [customer.pk, *merged],
        list(cases.order_by("-opened_at", "-pk").values_list("pk", flat=True)[:CASES_AT_MOST]),
        only=kind,
        before=Place.read(before),
        with_record=scope.sees_everything or scope.is_front_desk,
    )
    return {
        "rows": [
            {
                "at": each.at,
                "words": each.words,
                "who": each.who,
                "about": each.about,
                "body": each.body,
                "case": each.case.number if each.case else None,
                "contact": each.contact.pk if each.contact else None,
                "knowledge": each.knowledge.pk if each.knowledge else None,
            }
            for each in told.happenings
        ],
        "next": str(told.before) if told.before else None,
    }
