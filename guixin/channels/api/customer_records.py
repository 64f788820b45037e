"""The record of a customer in full: put down without a case, changed, consents, contact people, duplicates."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, ConfigDict, Field

from guixin.channels.api.answers import CustomerShown, Id, Input, Said, Text, TimeOfDay, Word
from guixin.channels.api.cases import Language
from guixin.channels.api.door import Needs, by, found, must, now_of, scope
from guixin.channels.api.finding import NotThere, person_named
from guixin.organisation.models import Scopes
from guixin.serve.customers import visible_customer
from guixin.understand import changing, consenting, contact_people, merging, pairing, taking_in
from guixin.understand.models import Attribute, Consent, Customer, Merge

router = Router(tags=["customers"])
reading = Needs(Scopes.CUSTOMERS_READ)
writing = Needs(Scopes.CASES_WRITE)

Market = Literal["", "consumer", "producer", "reseller", "enterprise"]
Prefers = Literal["", "phone", "email", "wechat", "wecom"]
PurposeName = Literal["service", "survey", "news", "research", "sharing"]
ReachName = Literal["", "phone", "sms", "email", "wechat", "wecom", "visit", "post"]
RoleName = Literal["user", "influencer", "buyer", "decider", "gatekeeper"]
Attributes = dict[Word, str | int | float | bool | None]


class RecordGiven(Input):
    """`attributes`: by the codes the administrator gave. `owner`: a login; `works_at`: the number of a company."""

    name: Word = ""
    organisation: Word = ""
    works_at: Id | None = None
    market: Market = ""
    prefers: Prefers = ""
    reach_from: TimeOfDay | None = None
    reach_to: TimeOfDay | None = None
    topics: Word = ""
    language: Language = "zh-hans"
    owner: Word | None = None
    attributes: Attributes = Field(default={}, max_length=100)


class RecordToTakeIn(RecordGiven):
    kind: Literal["person", "company"] = "person"
    phones: list[Word] = Field(default=[], max_length=20)
    emails: list[Word] = Field(default=[], max_length=20)


class RecordChanged(RecordGiven):
    """Only what is named is changed. `version` is the one that was read; another one in between is refused."""

    version: int


class RecordShown(BaseModel):
    customer: CustomerShown
    market: str
    prefers: str
    reach_from: TimeOfDay | None
    reach_to: TimeOfDay | None
    topics: str
    owner: str | None
    works_at: int | None
    version: int


class RecordTaken(RecordShown):
    is_new: bool


class ConsentGiven(Input):
    purpose: PurposeName
    channel: ReachName = ""
    evidence: Said


class ConsentShown(BaseModel):
    id: int
    purpose: str
    channel: str
    wording: int | None
    evidence: str
    given_at: datetime | None
    withdrawn_at: datetime | None


class ConsentsShown(BaseModel):
    """`allowed`: the purposes for which the customer may be reached by some channel."""

    allowed: list[str]
    consents: list[ConsentShown]


class MayContact(BaseModel):
    allowed: bool


class AttributeShown(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    code: str
    name: str
    name_en: str
    kind: str
    choices: list[str]
    required: bool
    personal: bool
    asked_of: str


class AttributesShown(BaseModel):
    attributes: list[AttributeShown]


class ContactPersonGiven(Input):
    person: Id
    position: Word = ""
    roles: list[RoleName] = Field(default=[], max_length=5)
    motives: Text = ""


class ContactPersonShown(BaseModel):
    person: CustomerShown
    position: str
    roles: list[str]
    motives: str


class ContactPeopleShown(BaseModel):
    people: list[ContactPersonShown]


class PairShown(BaseModel):
    customers: list[CustomerShown]
    reasons: list[str]


class PairsShown(BaseModel):
    pairs: list[PairShown]


class OtherGiven(Input):
    other: Id


class MergeShown(BaseModel):
    id: int
    kept: int
    merged: int


def _keeper(request: HttpRequest) -> None:
    must(scope(request).sees_everything or scope(request).is_front_desk)


def _customer(request: HttpRequest, pk: int) -> Customer:
    return visible_customer(Customer.objects.select_related("owner"), by(request), pk)


def kept(request: HttpRequest, pk: int) -> Customer:
    customer = _customer(request, pk)
    _keeper(request)
    return customer


def _shown(request: HttpRequest, customer: Customer) -> dict:
    names = ("market", "prefers", "reach_from", "reach_to", "topics", "version")
    return {name: getattr(customer, name) for name in names} | {
        "customer": customer.shown_to(by(request), whole=True),
        "owner": customer.owner.login if customer.owner else None,
        "works_at": customer.works_at_id,
    }


def _fields(request: HttpRequest, given: RecordGiven) -> dict:
    """What was named, in our words."""
    named = given.model_dump(
        exclude_unset=True, exclude={"attributes", "kind", "phones", "emails", "version"}
    )
    if "works_at" in named:
        named["works_at_id"] = named.pop("works_at")
    if "owner" in named:
        login = named.pop("owner")
        named["owner_id"] = person_named(login).pk if login else None
    return named


@router.get("/attributes", auth=reading, response=AttributesShown, summary="What is asked of customers")
def attributes(request: HttpRequest):
    return {"attributes": list(Attribute.objects.in_use())}


@router.get("/duplicates", auth=reading, response=PairsShown, summary="Customers who may be one")
def duplicates(request: HttpRequest):
    """The likeliest thirty, masked, with the reasons."""
    _keeper(request)
    return {
        "pairs": [
            {
                "customers": [pair.first.shown_to(by(request)), pair.second.shown_to(by(request))],
                "reasons": pair.reasons,
            }
            for pair in pairing.worklist().pairs
        ]
    }


@router.post("/records", auth=writing, response={201: RecordTaken}, summary="Put a customer on record")
def take_in(request: HttpRequest, response: HttpResponse, given: RecordToTakeIn):
    """Without a case. One who is known is not made twice: what is on record stays, blanks are filled."""
    _keeper(request)
    identities = [("phone", each) for each in given.phones] + [("email", each) for each in given.emails]
    fields = {name: value for name, value in _fields(request, given).items() if name != "name"}
    customer, is_new = taking_in.take_in(
        given.kind, given.name, identities, fields=fields, attributes=given.attributes, complete=True,
        by=by(request), now=now_of(request),
    )  # fmt: skip
    response["Location"] = f"/api/customers/{customer.pk}/record"
    return Status(201, _shown(request, customer) | {"is_new": is_new})


@router.get(
    "/{int:customer_id}/record", auth=reading, response=RecordShown, summary="The whole record, masked"
)
def record(request: HttpRequest, customer_id: int):
    return _shown(request, _customer(request, customer_id))


@router.patch("/{int:customer_id}/record", auth=writing, response=RecordShown, summary="Change the record")
def change(request: HttpRequest, customer_id: int, given: RecordChanged):
    customer = kept(request, customer_id)
    customer = changing.change(
        customer, _fields(request, given), attributes=given.attributes, read_at_version=given.version,
        by=by(request), now=now_of(request),
    )  # fmt: skip
    customer.refresh_from_db()
    return _shown(request, customer)


@router.get(
    "/{int:customer_id}/consents", auth=reading, response=ConsentsShown, summary="What the customer agreed to"
)
def consents(request: HttpRequest, customer_id: int):
    standing = consenting.standing_of(kept(request, customer_id))
    return {
        "allowed": [each.purpose for each in standing if each.is_allowed],
        "consents": [_consent(one) for each in standing for one in each.consents],
    }


@router.get(
    "/{int:customer_id}/consents/{purpose}", auth=reading, response=MayContact, summary="May they be reached?"
)
def may_contact(request: HttpRequest, customer_id: int, purpose: PurposeName, channel: ReachName = ""):
    """Whether this customer may be reached for this purpose by this channel: to be asked before anything is sent."""
    return {"allowed": consenting.may_contact(_customer(request, customer_id), purpose, channel)}


@router.post(
    "/{int:customer_id}/consents", auth=writing, response={201: ConsentShown}, summary="The customer agreed"
)
def give_consent(request: HttpRequest, customer_id: int, given: ConsentGiven):
    customer = kept(request, customer_id)
    made = consenting.give(
        customer, given.purpose, given.channel, evidence=given.evidence, by=by(request), now=now_of(request)
    )
    return Status(201, _consent(made))


@router.delete(
    "/{int:customer_id}/consents/{purpose}", auth=writing, response=ConsentShown,
    summary="The customer wants it no longer",
)  # fmt: skip
def withdraw_consent(request: HttpRequest, customer_id: int, purpose: PurposeName, channel: ReachName = ""):
    """No reason is asked for, and saying it twice does no harm. Without a channel, by any."""
    customer = kept(request, customer_id)
    return _consent(consenting.withdraw(customer, purpose, channel, by=by(request), now=now_of(request)))


def _consent(consent: Consent) -> dict:
    return {
        "id": consent.pk, "purpose": consent.purpose, "channel": consent.channel, "evidence": consent.evidence,
        "wording": consent.wording.number if consent.wording else None, "given_at": consent.given_at,
        "withdrawn_at": consent.withdrawn_at,
    }  # fmt: skip


@router.get(
    "/{int:customer_id}/contact-people", auth=reading, response=ContactPeopleShown, summary="Who works there"
)
def people(request: HttpRequest, customer_id: int):
    """The contact people of a company with their say in a decision, masked."""
    company = kept(request, customer_id)
    return {
        "people": [
            {
                "person": person.shown_to(by(request)),
                "position": known.position if known else "",
                "roles": known.roles if known else [],
                "motives": known.motives if known else "",
            }
            for person, known in contact_people.people_of(company)
        ]
    }


@router.post(
    "/{int:customer_id}/contact-people", auth=writing, response={201: ContactPersonShown},
    summary="A contact person of a company",
)  # fmt: skip
def note_person(request: HttpRequest, customer_id: int, given: ContactPersonGiven):
    company = kept(request, customer_id)
    person = Customer.objects.visible_to(by(request)).filter(pk=given.person).first()
    if person is None:
        raise NotThere(_("There is no customer %s, or none you may see.") % given.person)
    known = contact_people.note(
        company, person, position=given.position, roles=given.roles, motives=given.motives, by=by(request),
        now=now_of(request),
    )  # fmt: skip
    return Status(
        201,
        {
            "person": person.shown_to(by(request)), "position": known.position, "roles": known.roles,
            "motives": known.motives,
        },
    )  # fmt: skip


@router.delete(
    "/{int:customer_id}/contact-people/{int:person_id}", auth=writing, response=CustomerShown,
    summary="Somebody left the company",
)  # fmt: skip
def person_left(request: HttpRequest, customer_id: int, person_id: int):
    company, person = kept(request, customer_id), _customer(request, person_id)
    contact_people.leave(company, person, by=by(request), now=now_of(request))
    return person.shown_to(by(request))


@router.post(
    "/{int:customer_id}/merging", auth=writing, response={201: MergeShown}, summary="Two are one customer"
)
def merge(request: HttpRequest, customer_id: int, given: OtherGiven):
    """`other` goes into this one; nothing is lost, and it can be undone."""
    into, other = kept(request, customer_id), _customer(request, given.other)
    made = merging.merge(other, into, by=by(request), now=now_of(request))
    return Status(201, {"id": made.pk, "kept": into.pk, "merged": other.pk})


@router.delete(
    "/{int:customer_id}/merging/{int:merge_id}",
    auth=writing,
    response=CustomerShown,
    summary="Two customers again",
)
def undo_merge(request: HttpRequest, customer_id: int, merge_id: int):
    made = found(Merge.objects.filter(pk=merge_id, kept=kept(request, customer_id)).first())
    return merging.undo(made, by=by(request), now=now_of(request)).shown_to(by(request))


@router.post(
    "/{int:customer_id}/different", auth=writing, response=CustomerShown, summary="Two are not the same"
)
def differ(request: HttpRequest, customer_id: int, given: OtherGiven):
    """Remembered: nobody is asked about these two again."""
    customer, other = kept(request, customer_id), _customer(request, given.other)
    pairing.differ(customer, other, by=by(request), now=now_of(request))
    return customer.shown_to(by(request))
