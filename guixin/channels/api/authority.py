"""The authority matrix, what one may decide, requests that are answered, and goodwill on a case."""

from datetime import date, datetime, timedelta

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Input, Moment, PersonShown, Said, Text, Word, person
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import case_to_serve, person_named
from guixin.organisation import decisions, granting, in_force
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Grant, Lending, Scopes, Use
from guixin.promise import authorising
from guixin.promise.models import AuthorityRequest
from guixin.serve import deciding, permitting, stakes
from guixin.serve.models import Goodwill

router = Router(tags=["authority"], auth=Needs(Scopes.CASES_WRITE))
reading = Needs(Scopes.CASES_READ)


class GrantShown(BaseModel):
    """A line of the matrix. Limits in minor units of the currency, minutes of working time, or times; null: none."""

    id: int
    decision: str
    position: str | None
    rank: int | None
    department: str | None
    currency: str
    unlimited: bool
    limit_each: int
    limit_case: int
    limit_customer: int | None
    limit_period: int | None
    period_days: int
    for_kinds: list[str]
    up_to_severity: int | None
    not_on_repeat: bool


class MatrixShown(BaseModel):
    number: int
    published_at: datetime | None
    grants: list[GrantShown]


class MineShown(BaseModel):
    """What the caller may decide: `how` is own, deputy (only for requests of others) or lent."""

    decision: str
    currency: str
    how: str
    principal_id: int
    limit: int | None = Field(description="For one decision; null: without limit.")
    used_in_period: int
    grant_id: int


class UseShown(BaseModel):
    id: int
    decision: str
    amount: int
    currency: str
    grant_id: int
    case_id: int | None
    customer_id: int | None
    decided_by_id: int
    principal_id: int
    how: str
    at: datetime
    returned_at: datetime | None


class RequestShown(BaseModel):
    id: int
    decision: str
    amount: int
    currency: str
    state: str
    case_id: int | None
    reason: str
    asked_by: PersonShown | None
    asked_at: datetime
    to_person: PersonShown | None
    decided_by: PersonShown | None
    decided_at: datetime | None
    note: str


class GoodwillShown(BaseModel):
    """`kind`: goodwill, refund, replacement, credit or gift; `state`: asked, promised, given, refused or withdrawn."""

    id: int
    kind: str
    amount: int
    currency: str
    state: str
    reason: str
    request_id: int | None
    given_on: date | None
    reference: str


class PriceGiven(Input):
    """`order`: the number of the customer's order it stands in; `amount` in minor units, null: all of that order."""

    amount: int | None = Field(None, ge=1, lt=10**15)
    currency: Word = ""
    order: Word = ""


class PriceShown(BaseModel):
    """`amount` in minor units of `currency`."""

    amount: int
    currency: str
    order: str
    at: datetime


class GoodwillGiven(Input):
    """`kind`: goodwill, refund, replacement, credit or gift; of a replacement or gift, the sum is what it is worth."""

    kind: Word = "goodwill"
    amount: int = Field(description="Minor units: fen, cents.", ge=1, lt=10**15)
    currency: Word
    reason: Said


class HandOverGiven(Input):
    """`given_on`: the day the customer had it; `reference`: the number of the payment, voucher or parcel."""

    given_on: date
    reference: Word


class NoteGiven(Input):
    note: Text = ""


class RefusalGiven(Input):
    note: Said


class WordGiven(Input):
    body: Said


class LendingGiven(Input):
    borrower: Word = Field(description="Login of a colleague.")
    decision: Word
    limit: int = Field(ge=1, lt=10**15, description="Altogether, over the whole span.")
    currency: Word = ""
    from_at: Moment
    to_at: Moment
    reason: Said


class LendingShown(BaseModel):
    id: int
    lender_id: int
    borrower_id: int
    decision: str
    currency: str
    limit: int
    from_at: datetime
    to_at: datetime


@router.get("/authority", response=MatrixShown, auth=reading, summary="The authority matrix in force")
def matrix(request: HttpRequest):
    """Read by everybody of the firm; number 0 and no lines while none is published."""
    table = in_force.matrix_in_force()
    rows = Grant.objects.filter(matrix=table).select_related("position", "department") if table else []
    return {
        "number": table.number if table else 0,
        "published_at": table.published_at if table else None,
        "grants": [_grant(row) for row in rows],
    }


def _grant(row: Grant) -> dict:
    said = {name: getattr(row, name) for name in GrantShown.model_fields if hasattr(row, name)}
    return said | {
        "position": row.position.code if row.position else None,
        "department": row.department.code if row.department else None,
        "limit_case": row.case_limit,
    }


@router.get("/authority/mine", response=list[MineShown], auth=reading, summary="What I may decide")
def mine(request: HttpRequest):
    """Each line that holds for the caller, with what was used of it in its period."""
    who, now = by(request), now_of(request)
    found = []
    for code, lines in sorted(in_force.grants_in_force().items()):
        for currency in sorted({grant.currency for grant in lines}):
            for each in in_force.standings(who.pk, code, currency, now, for_others=True):
                since = now - timedelta(days=each.grant.period_days)
                uses = Use.objects.counting().filter(
                    pot=decisions.DECISIONS[code].pot,
                    currency=currency,
                    principal=each.principal_id,
                    at__gt=since,
                )
                found.append(
                    {
                        "decision": code,
                        "currency": currency,
                        "how": each.how,
                        "principal_id": each.principal_id,
                        "limit": each.limit,
                        "used_in_period": sum(uses.values_list("amount", flat=True)),
                        "grant_id": each.grant.pk,
                    }
                )
    return found


@router.get(
    "/authority/uses", response=list[UseShown], auth=reading, summary="What was decided by the matrix"
)
def uses(request: HttpRequest):
    """The latest 200 the caller may see: their own, or all for who looks after all."""
    return list(
        Use.objects.visible_to(by(request)).order_by("-at", "-pk")[:200].values(*UseShown.model_fields)
    )


@router.post("/authority/lendings", response={201: LendingShown}, summary="Lend part of one's authority")
def lend(request: HttpRequest, given: LendingGiven):
    """For a span, up to an amount altogether. What was lent to oneself cannot be lent on; a ring is refused."""
    made = granting.lend(
        by(request), person_named(given.borrower), given.decision, given.limit, currency=given.currency,
        from_at=given.from_at, to_at=given.to_at, reason=given.reason, now=now_of(request),
    )  # fmt: skip
    return Status(201, {name: getattr(made, name) for name in LendingShown.model_fields})


@router.delete(
    "/authority/lendings/{int:lending_id}", response={204: None}, summary="Take lent authority back"
)
def take_back(request: HttpRequest, lending_id: int):
    """Only whoever lent it; what was decided by it stays."""
    lending = get_object_or_404(Lending, pk=lending_id, lender=by(request))
    granting.take_back(lending, by=by(request), now=now_of(request))
    return Status(204, None)


@router.get(
    "/requests", response=list[RequestShown], auth=reading, summary="Requests to those who may decide more"
)
def requests(request: HttpRequest, open: bool = True):
    """The latest 200 the caller may see."""
    rows = AuthorityRequest.objects.visible_to(by(request))
    if open:
        rows = rows.open()
    return [
        _request(row)
        for row in rows.select_related("asked_by", "to_person", "decided_by").order_by("-pk")[:200]
    ]


def _request(row: AuthorityRequest) -> dict:
    said = {name: getattr(row, name) for name in RequestShown.model_fields}
    return said | {name: person(getattr(row, name)) for name in ("asked_by", "to_person", "decided_by")}


def _called(request: HttpRequest, pk: int) -> AuthorityRequest:
    rows = AuthorityRequest.objects.select_related("asked_by", "to_person", "decided_by")
    return get_visible_or_404(rows, by(request), pk=pk)


def _to_answer(request: HttpRequest, pk: int) -> AuthorityRequest:
    wanted = _called(request, pk)
    must(authorising.may_answer(wanted, by(request), now_of(request)))
    return wanted


@router.get("/requests/{int:request_id}", response=RequestShown, auth=reading, summary="One request")
def one(request: HttpRequest, request_id: int):
    """Who asked for what, whom, and the answer."""
    return _request(_called(request, request_id))


@router.post("/requests/{int:request_id}/approval", response=RequestShown, summary="Approve a request")
def approval(request: HttpRequest, request_id: int, given: NoteGiven):
    """If the caller's limit does not suffice any more, it goes further up instead and is still open in the answer."""
    wanted = _to_answer(request, request_id)
    return _request(authorising.approve(wanted, by=by(request), now=now_of(request), note=given.note))


@router.post("/requests/{int:request_id}/refusal", response=RequestShown, summary="Refuse a request")
def refusal(request: HttpRequest, request_id: int, given: RefusalGiven):
    """With a reason, which who asked is told."""
    wanted = _to_answer(request, request_id)
    return _request(authorising.refuse(wanted, by=by(request), now=now_of(request), note=given.note))


@router.post("/requests/{int:request_id}/words", response={201: RequestShown}, summary="Ask back, or answer")
def words(request: HttpRequest, request_id: int, given: WordGiven):
    """A question before the decision, or its answer. The clock goes on."""
    wanted = _called(request, request_id)
    authorising.say(wanted, given.body, by=by(request), now=now_of(request))
    return Status(201, _request(wanted))


@router.delete("/requests/{int:request_id}", response=RequestShown, summary="Withdraw a request")
def withdrawal(request: HttpRequest, request_id: int):
    """Only who asked."""
    wanted = _called(request, request_id)
    must(wanted.asked_by_id == by(request).pk)
    return _request(authorising.withdraw(wanted, by=by(request), now=now_of(request)))


@router.put("/cases/{number}/price", response=PriceShown, summary="Price of what went wrong")
def price(request: HttpRequest, number: str, given: PriceGiven):
    """What is given for the case is held against it: above it the next authority decides, above one and a half times of it only the
    highest, who says why."""
    stake = stakes.state_price(
        case_to_serve(request, number), given.amount, given.currency, order=given.order, by=by(request),
        now=now_of(request),
    )  # fmt: skip
    return {name: getattr(stake, name) for name in PriceShown.model_fields}


@router.post("/cases/{number}/goodwill", response={201: GoodwillShown}, summary="Promise the customer money")
def goodwill(request: HttpRequest, number: str, given: GoodwillGiven):
    """Within one's authority it is promised at once; above it, it is asked for further up (`request_id`)."""
    made = deciding.promise_goodwill(
        case_to_serve(request, number), given.amount, given.currency, reason=given.reason, by=by(request),
        now=now_of(request), kind=given.kind,
    )  # fmt: skip
    return Status(201, {name: getattr(made, name) for name in GoodwillShown.model_fields})


@router.post(
    "/goodwill/{int:goodwill_id}/handing-over", response=GoodwillShown, summary="The customer has it"
)
def hand_goodwill_over(request: HttpRequest, goodwill_id: int, given: HandOverGiven):
    """Paid, credited or sent; by who serves the case and by finance, on a closed case too."""
    row = get_visible_or_404(Goodwill.objects.select_related("case"), by(request), pk=goodwill_id)
    must(permitting.may_hand_over(row, by(request)))
    done = deciding.hand_goodwill_over(
        row, given.given_on, given.reference, by=by(request), now=now_of(request)
    )
    return {name: getattr(done, name) for name in GoodwillShown.model_fields}


@router.delete(
    "/cases/{number}/goodwill/{int:goodwill_id}", response=GoodwillShown, summary="Take goodwill back"
)
def take_goodwill_back(request: HttpRequest, number: str, goodwill_id: int):
    """It counts against no limit any more."""
    case = case_to_serve(request, number)
    row = get_object_or_404(Goodwill, pk=goodwill_id, case=case)
    taken = deciding.take_goodwill_back(row, by=by(request), now=now_of(request))
    return {name: getattr(taken, name) for name in GoodwillShown.model_fields}
