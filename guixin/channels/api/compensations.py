"""What customers are given, over all cases: listed, added up by currency, reconciled, as a file."""

from datetime import date, datetime
from typing import Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel

from guixin.channels import compensation_sheet
from guixin.channels.api.answers import Input, Word
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import department_named
from guixin.channels.exporting.writing import MEDIA_TYPES, file_name
from guixin.organisation.models import Scopes
from guixin.recover import compensation
from guixin.recover.wanted import Wanted
from guixin.web.downloads import download

router = Router(tags=["compensations"], auth=Needs(Scopes.CASES_READ))


class CompensationLine(BaseModel):
    id: int
    case: str
    kind: str
    state: str
    amount: int
    currency: str
    at: datetime
    given_on: date | None
    reference: str


class CompensationTotal(BaseModel):
    """Minor units. `promised` is still owed; `in_all` is promised and given, what authority was used for."""

    currency: str
    number: int
    asked: int
    promised: int
    given: int
    in_all: int


class CompensationsShown(BaseModel):
    rows: list[CompensationLine]
    totals: list[CompensationTotal]


class CompensationBalance(BaseModel):
    """One currency three times, in minor units: on the cases, as authority used, as the ledger tells it."""

    currency: str
    promised: int
    used: int
    in_ledger: int
    agrees: bool


class CompensationsReconciled(BaseModel):
    balances: list[CompensationBalance]
    mismatches: list[dict[str, int | None]]


class CompensationFileAsked(Input):
    form: Literal["xlsx", "csv"] = "xlsx"
    state: Word = ""
    kind: Word = ""
    department: Word = ""
    currency: Word = ""
    first: date | None = None
    last: date | None = None


def _wanted(
    state: str, kind: str, department: str, currency: str, first: date | None, last: date | None
) -> Wanted:
    said = {"state": state, "kind": kind, "currency": currency, "from": first, "to": last}
    where = {"department": department_named(department).pk} if department else {}
    return Wanted.read(said | where, strictly=True)


@router.get("/compensations", response=CompensationsShown, summary="What customers are given")
def listed(
    request: HttpRequest,
    state: Word = "",
    kind: Word = "",
    department: Word = "",
    currency: Word = "",
    first: date | None = None,
    last: date | None = None,
):
    """The latest 200 the caller may see, and the sums of all of them by currency."""
    rows = compensation.chosen(by(request), _wanted(state, kind, department, currency, first, last))
    names = [name for name in CompensationLine.model_fields if name != "case"]
    return {
        "rows": [
            {**{name: getattr(row, name) for name in names}, "case": row.case.number}
            for row in rows.select_related("case").order_by("-at", "-pk")[:200]
        ],
        "totals": [
            {name: getattr(each, name) for name in CompensationTotal.model_fields}
            for each in compensation.totals(rows)
        ],
    }


@router.get(
    "/compensations/reconciliation",
    response=CompensationsReconciled,
    summary="Promised against authority used",
)
def reconciliation(request: HttpRequest):
    """For who sees all of them: promised = authority used = the ledger, to the cent; what differs by name."""
    must(compensation.sees_all(by(request)))
    return {
        "balances": [
            {name: getattr(each, name) for name in CompensationBalance.model_fields}
            for each in compensation.balances()
        ],
        "mismatches": [
            {
                "goodwill_id": each.goodwill.pk if each.goodwill else None,
                "use_id": each.use.pk if each.use else None,
            }
            for each in compensation.mismatches()
        ],
    }


@router.post(
    "/compensations/file", auth=Needs(Scopes.CASES_READ), summary="What customers are given, as a file",
    openapi_extra={
        "responses": {
            200: {
                "content": {
                    media: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA_TYPES.values()
                }
            }
        }
    },
)  # fmt: skip
def as_file(request: HttpRequest, asked: CompensationFileAsked):
    """Excel or CSV, the rows the caller may see with the totals by currency below them; told to the ledger."""
    wanted = _wanted(asked.state, asked.kind, asked.department, asked.currency, asked.first, asked.last)
    now = now_of(request)
    made = compensation_sheet.write(wanted, asked.form, by=by(request), now=now)
    return download(made, MEDIA_TYPES[asked.form], file_name("compensations", asked.form, now))
