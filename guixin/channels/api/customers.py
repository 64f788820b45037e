"""Customers: found, taken in, shown masked, revealed with a reason."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from ninja.errors import HttpError
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels import customers_data
from guixin.channels.api.answers import CustomerShown, Input, ReasonGiven, Text, Word
from guixin.channels.api.cases import CustomerGiven, LikelyDuplicate, customer_for
from guixin.channels.api.door import Needs, by, must, now_of, scope
from guixin.channels.api.finding import case_called
from guixin.organisation.models import Scopes
from guixin.search import asking
from guixin.serve import finding as serve_finding
from guixin.serve.customers import visible_customer
from guixin.serve.helping import what_helps
from guixin.understand.models import Customer
from guixin.web.downloads import download

router = Router(tags=["customers"])
finding = Router(tags=["customers"])
reading = Needs(Scopes.CUSTOMERS_READ)


class Found(BaseModel):
    rows: list[CustomerShown]


class FoundCustomerShown(BaseModel):
    """`why`: what they were found by, such as "phone" or "last four digits"."""

    customer: CustomerShown
    why: str


class FoundCaseShown(BaseModel):
    number: str
    subject: str
    state: str
    why: str


class FoundTextShown(BaseModel):
    """`kind`: "knowledge", "article" and the like; `ref`: what it is called there; `why`: the words it has."""

    kind: str
    ref: str
    title: str
    language: str
    why: list[str]


class HelpWanted(Input):
    """`text`: what is being written, or, with `is_search`, typed to find something. Without it, what the case says."""

    text: Text = ""
    case: Word | None = Field(None, description="Number of the case it is written on.")
    is_search: bool = False


class AnythingFound(BaseModel):
    cases: list[FoundCaseShown]
    customers: list[FoundCustomerShown]
    texts: list[FoundTextShown]


class CustomerTaken(BaseModel):
    customer: CustomerShown
    is_new: bool
    likely_duplicates: list[LikelyDuplicate]


@router.get("", auth=reading, response=Found, summary="Find customers")
def find(request: HttpRequest, find: str):
    """By phone, e-mail, the last four digits of a phone, name, pinyin, or words of the name; at most 20, the surest first."""
    customers = Customer.objects.visible_to(by(request)).find(find)
    return {"rows": [each.shown_to(by(request)) for each in customers]}


@finding.get("/find", auth=reading, response=AnythingFound, summary="Find anyone and anything")
def find_anything(request: HttpRequest, q: str):
    """A customer by anything known of them, a case by its number, its last digits, its order or its words, and
    knowledge and other texts by their words; ten of each.

    A key without the scope `cases:read` is answered with customers alone.
    """
    found = serve_finding.find(q, by(request))
    key = request.auth.key  # type: ignore[attr-defined]  # what Needs answered
    reads_cases = key is None or key.allows(Scopes.CASES_READ)
    cases, texts = (found.cases, found.texts) if reads_cases else ([], [])
    return {
        "cases": [
            {
                "number": each.case.number,
                "subject": each.case.subject,
                "state": each.case.state,
                "why": each.in_words(),
            }
            for each in cases
        ],
        "customers": [
            {"customer": each.customer.shown_to(by(request)), "why": each.in_words()}
            for each in found.customers
        ],
        "texts": _texts_shown(texts),
    }


def _texts_shown(texts: list[asking.Found]) -> list[dict[str, Any]]:
    return [
        {"kind": each.kind.name, "ref": each.ref, "title": each.title, "language": each.language,
         "why": list(each.why)}
        for each in texts
    ]  # fmt: skip


@finding.post(
    "/suggestions", auth=Needs(Scopes.CASES_READ), response=list[FoundTextShown],
    summary="What may help with what is being written",
)  # fmt: skip
def suggest(request: HttpRequest, given: HelpWanted):
    """Articles, lessons, knowledge and closed cases that share the words which say most, the best first, eight at most.
    Posted, so that no customer's words stand in an address; nothing is kept."""
    case = case_called(request, given.case) if given.case else None
    return _texts_shown(what_helps(by(request), given.text, case=case, is_search=given.is_search))


@router.post("", auth=Needs(Scopes.CASES_WRITE), response={201: CustomerTaken}, summary="Take in a customer")
def take_in(request: HttpRequest, response: HttpResponse, given: CustomerGiven):
    """A known customer is recognised by an identity and the name together; likely duplicates are offered."""
    must(scope(request).sees_everything or scope(request).is_front_desk)
    customer, is_new = customer_for(request, given)
    if customer is None:
        raise HttpError(422, _("Give a name, a phone or an e-mail address."))
    response["Location"] = f"/api/customers/{customer.pk}"
    alike = customer.likely_duplicates
    return Status(
        201,
        {
            "customer": customer.shown_to(by(request)),
            "is_new": is_new,
            "likely_duplicates": [
                {"customer": each.customer.shown_to(by(request)), "reasons": list(each.reasons)}
                for each in alike
            ],
        },
    )


@router.get("/{int:customer_id}", auth=reading, response=CustomerShown, summary="A customer, masked")
def shown(request: HttpRequest, customer_id: int):
    """Visible to the front desk, and to whoever sees one of the customer's cases."""
    return _customer(request, customer_id).shown_to(by(request), whole=True)


@router.post(
    "/{int:customer_id}/reveal", auth=Needs(Scopes.CUSTOMERS_REVEAL), response=CustomerShown,
    summary="Personal data unmasked, with a reason",
)  # fmt: skip
def reveal(request: HttpRequest, customer_id: int, given: ReasonGiven):
    """Every look is in the ledger."""
    return _customer(request, customer_id).reveal(by=by(request), reason=given.reason, now=now_of(request))


@router.post(
    "/{int:customer_id}/data", auth=Needs(Scopes.CUSTOMERS_REVEAL), summary="Everything held about a customer",
    openapi_extra={"responses": {200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}}},
)  # fmt: skip
def data(request: HttpRequest, customer_id: int, given: ReasonGiven):
    """A zip with data.json, data.xlsx and the files. For the coordinator and who sees everything; in the ledger."""
    customer, now = _customer(request, customer_id), now_of(request)
    made = customers_data.hand_out(customer, by=by(request), reason=given.reason, now=now)
    return download(made, "application/zip", customers_data.file_name(customer, now))


def _customer(request: HttpRequest, customer_id: int) -> Customer:
    return visible_customer(Customer.objects.all(), by(request), customer_id)
