"""Calls promised to customers: times offered, a wish taken in, the list of the department, what came of each."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, ConfigDict, Field

from guixin.channels.api.answers import CustomerShown, Input, Said, Text, Word
from guixin.channels.api.door import Needs, by, found, now_of
from guixin.channels.api.finding import department_named
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Scopes
from guixin.serve import call_back_lines, call_backs
from guixin.serve.call_back_windows import windows
from guixin.serve.models import CallBack, CallBackLine, Case
from guixin.web.refusals import Refused

router = Router(tags=["call-backs"], auth=Needs(Scopes.CASES_WRITE))
reading = Needs(Scopes.CASES_READ)
setting_up = Needs(Scopes.ORGANISATION_WRITE, administrators=True)
SHOWN = 200


class NoSuchLine(Refused):
    """The line named does not exist."""

    about_input = True


class CallWindowShown(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    window: str = Field(description="How it is chosen.", validation_alias="key")
    begins: datetime
    ends: datetime
    left: int


class CallWindowsShown(BaseModel):
    line: str
    windows: list[CallWindowShown]


class CallBackGiven(Input):
    """`window` as offered; `number` of a case, tied to the call if it is one of this customer's; `once` makes a repeat harmless."""

    line: Word
    window: Word
    phone: Word
    about: Said
    name: Word = ""
    number: Word = ""
    language: Literal["zh-hans", "zh-hant", "en"] = "zh-hans"
    once: Word = ""


class CallBackShown(BaseModel):
    id: int
    line: str
    state: str
    about: str
    phone: str = Field(description="Masked; `number` shows it to whoever has taken the call.")
    customer: CustomerShown | None
    case: str | None
    said_number: str
    asked_at: datetime
    window_from: datetime
    window_to: datetime
    tries: int
    taken_by: str | None
    outcome: str
    note: str
    ended_at: datetime | None


class CallBacksShown(BaseModel):
    call_backs: list[CallBackShown]


class CallWindowGiven(Input):
    window: Word


class CallOutcomeGiven(Input):
    """answered, opened (a case of `kind`), joined (the case `number`), or not_reached."""

    outcome: Literal["answered", "opened", "joined", "not_reached"]
    note: Text = ""
    kind: Literal["complaint", "enquiry", "service_request", "suggestion", "praise"] = "enquiry"
    number: Word = ""


class CallNumberShown(BaseModel):
    phone: str


class CallLineGiven(Input):
    name: Word
    name_en: Word = ""
    department: Word = Field(description="Its code.")
    window_minutes: int = Field(60, ge=15, le=480)
    capacity: int = Field(4, ge=1, le=1000)
    days_ahead: int = Field(3, ge=1, le=30)
    tries: int = Field(3, ge=1, le=9)
    again_after_minutes: int = Field(15, ge=1, le=480)
    most_open: int = Field(2, ge=1, le=20)
    is_open: bool = True


class CallLineShown(CallLineGiven):
    code: str


class CallLinesShown(BaseModel):
    lines: list[CallLineShown]


def _line(code: str) -> CallBackLine:
    line = CallBackLine.objects.select_related("department").filter(code=code).first()
    if line is None:
        raise NoSuchLine(_("Nobody rings back under the code “%s”.") % code)
    return line


def _line_at(code: str) -> CallBackLine:
    return found(CallBackLine.objects.select_related("department").filter(code=code).first())


def _fetched(request: HttpRequest, pk: int) -> CallBack:
    return get_visible_or_404(CallBack.objects, by(request), pk=pk)


def _shown(request: HttpRequest, pk: int) -> dict:
    rows = CallBack.objects.select_related("line", "customer", "case", "taken_by")
    return _as_shown(request, rows.get(pk=pk))


def _as_shown(request: HttpRequest, row: CallBack) -> dict:
    names = (
        "id", "state", "said_number", "asked_at", "window_from", "window_to", "tries", "outcome", "note", "ended_at",
    )  # fmt: skip
    may_see = row.case is not None and Case.objects.visible_to(by(request)).filter(pk=row.case_id).exists()
    return {name: getattr(row, name) for name in names} | {
        "line": row.line.code,
        "about": row.about_words,
        "phone": row.shown_phone,
        "customer": row.customer.shown_to(by(request)) if row.customer else None,
        "case": row.case.number if row.case and may_see else None,
        "taken_by": row.taken_by.login if row.taken_by else None,
    }


def _line_shown(line: CallBackLine) -> dict:
    names = [name for name in CallLineShown.model_fields if name != "department"]
    return {name: getattr(line, name) for name in names} | {"department": line.department.code}


@router.get("/call-back-lines", response=CallLinesShown, auth=reading, summary="Departments that ring back")
def lines(request: HttpRequest):
    """With their windows and how many calls each holds."""
    every = CallBackLine.objects.select_related("department").order_by("pk")
    return {"lines": [_line_shown(each) for each in every]}


@router.put("/call-back-lines/{code}", response=CallLineShown, auth=setting_up, summary="Set up a line")
def keep_line(request: HttpRequest, code: str, given: CallLineGiven):
    """New or changed; closed with `is_open: false`. What was promised stays promised."""
    said, now = given.model_dump(), now_of(request)
    said["department"] = department_named(given.department)
    line = CallBackLine.objects.filter(code=code).first()
    if line is None:
        line = call_back_lines.add_line(code, by=by(request), now=now, **said)
    else:
        call_back_lines.change_line(line, by=by(request), now=now, **said)
    return _line_shown(_line_at(line.code))


@router.get(
    "/call-back-lines/{code}/windows", response=CallWindowsShown, auth=reading, summary="Times offered"
)
def offered(request: HttpRequest, code: str):
    """From the working hours of the department, holidays left out; `left` says how many more calls fit."""
    line = _line_at(code)
    return {"line": line.code, "windows": windows(line, now_of(request))}


@router.get("/call-backs", response=CallBacksShown, auth=reading, summary="Calls to be made")
def listed(request: HttpRequest, which: Literal["open", "mine", "ended"] = "open"):
    """The nearest deadline first; what has ended newest first. At most 200."""
    rows = CallBack.objects.visible_to(by(request)).select_related("line", "customer", "case", "taken_by")
    if which == "ended":
        rows = rows.filter(ended_at__isnull=False).order_by("-ended_at", "-pk")
    else:
        rows = rows.open().order_by("window_to", "pk")
        if which == "mine":
            rows = rows.filter(taken_by=by(request))
    rows = rows.prefetch_related("customer__identities")
    return {"call_backs": [_as_shown(request, each) for each in rows[:SHOWN]]}


@router.post("/call-backs", response={201: CallBackShown}, summary="Promise a call")
def ask(request: HttpRequest, given: CallBackGiven):
    """What the customer wishes on the phone, in a chat or on a page of the firm's own."""
    made = call_backs.ask(
        _line(given.line), **given.model_dump(exclude={"line"}), by=by(request), now=now_of(request)
    )
    return Status(201, _shown(request, made.pk))


@router.get("/call-backs/{pk}", response=CallBackShown, auth=reading, summary="One call")
def one(request: HttpRequest, pk: int):
    """The number masked."""
    return _shown(request, _fetched(request, pk).pk)


@router.post("/call-backs/{pk}/window", response=CallBackShown, summary="Another time")
def move(request: HttpRequest, pk: int, given: CallWindowGiven):
    """The customer chose another window."""
    call_backs.move(_fetched(request, pk), given.window, now=now_of(request), by=by(request))
    return _shown(request, pk)


@router.post("/call-backs/{pk}/cancelling", response=CallBackShown, summary="No call any more")
def cancel(request: HttpRequest, pk: int):
    """The customer does not need it."""
    call_backs.cancel(_fetched(request, pk), now=now_of(request), by=by(request))
    return _shown(request, pk)


@router.post("/call-backs/{pk}/taking", response=CallBackShown, summary="Take the call")
def take(request: HttpRequest, pk: int):
    """Nobody else rings until its outcome is written down or it is given back."""
    call_backs.take(_fetched(request, pk), by=by(request), now=now_of(request))
    return _shown(request, pk)


@router.delete("/call-backs/{pk}/taking", response=CallBackShown, summary="Give the call back")
def give_back(request: HttpRequest, pk: int):
    """Somebody else of the department makes it; the clock runs on."""
    call_backs.give_back(_fetched(request, pk), by=by(request), now=now_of(request))
    return _shown(request, pk)


@router.post(
    "/call-backs/{pk}/number",
    response=CallNumberShown,
    auth=Needs(Scopes.CUSTOMERS_REVEAL),
    summary="The whole number",
)
def number(request: HttpRequest, pk: int):
    """For whoever has taken the call; the look is in the ledger, and is the moment we ring."""
    return {"phone": call_backs.show_number(_fetched(request, pk), by=by(request), now=now_of(request))}


@router.post("/call-backs/{pk}/outcome", response=CallBackShown, summary="What came of the call")
def outcome(request: HttpRequest, pk: int, given: CallOutcomeGiven):
    """Not reached: tried again after the line's time, as often as it tries; then the customer is told."""
    row, who, now = _fetched(request, pk), by(request), now_of(request)
    if given.outcome == "not_reached":
        call_backs.not_reached(row, note=given.note, by=who, now=now)
    else:
        call_backs.reached(
            row, given.outcome, given.note, number=given.number, kind=given.kind, by=who, now=now
        )
    return _shown(request, pk)
