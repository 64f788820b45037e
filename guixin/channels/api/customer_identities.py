"""By what a customer is found: another number or address, and splitting off what belongs to somebody else."""

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import CustomerShown, Id, Input, Said, Word
from guixin.channels.api.customer_records import kept, reading, writing
from guixin.channels.api.door import by, found, now_of
from guixin.understand import changing, merging
from guixin.understand.following import parts_of
from guixin.understand.masking import mask

router = Router(tags=["customers"])


class IdentityGiven(Input):
    """`kind`: phone, email, wechat …; `value`: as people write it."""

    kind: Word
    value: Said


class IdentityToSplit(BaseModel):
    id: int
    kind: str
    masked: str


class PartToSplit(BaseModel):
    key: str
    words: str


class Splittable(BaseModel):
    identities: list[IdentityToSplit]
    parts: list[PartToSplit]


class CustomerSplitGiven(Input):
    """`identity` and `parts`: what a GET of the same address names; `name`: whose it is."""

    identity: Id
    name: Said
    parts: list[Word] = Field([], max_length=200)


@router.post(
    "/{int:customer_id}/identities",
    auth=writing,
    response={201: CustomerShown},
    summary="Another number or address",
)
def add_identity(request: HttpRequest, customer_id: int, given: IdentityGiven):
    customer = kept(request, customer_id)
    changing.add_identity(customer, given.kind, given.value, by=by(request), now=now_of(request))
    return Status(201, kept(request, customer_id).shown_to(by(request), whole=True))


@router.get(
    "/{int:customer_id}/splitting",
    auth=reading,
    response=Splittable,
    summary="What could belong to somebody else",
)
def splittable(request: HttpRequest, customer_id: int):
    customer = kept(request, customer_id)
    return {
        "identities": [
            {"id": each.pk, "kind": each.kind, "masked": mask(each.kind, each.normal)}
            for each in customer.identities.all()
        ],
        "parts": [{"key": key, "words": words} for key, words in parts_of(customer)],
    }


@router.post(
    "/{int:customer_id}/splitting",
    auth=writing,
    response={201: CustomerShown},
    summary="Split a customer in two",
)
def split(request: HttpRequest, customer_id: int, given: CustomerSplitGiven):
    """A new customer with this name, this identity and these parts. Cases stay where they are; merging undoes it."""
    customer = kept(request, customer_id)
    identity = found(customer.identities.filter(pk=given.identity).first())
    fresh = merging.split_off(
        customer, identity, given.name, by=by(request), now=now_of(request), parts=given.parts
    )
    return Status(201, fresh.shown_to(by(request), whole=True))
