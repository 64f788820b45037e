"""What the customer sees and says with nothing but the private link: no key, no account."""

from datetime import datetime

from django.http import Http404, HttpRequest
from django.utils.translation import override
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel

from guixin.channels.api.answers import Input, Said, Text
from guixin.channels.api.door import now_of
from guixin.serve.confirming import customer_confirms, customer_objects
from guixin.serve.models import Case
from guixin.serve.replying import customer_adds, customer_urges
from guixin.serve.tracking import progress

router = Router(tags=["tracking"], auth=None)


class SaidGiven(Input):
    body: Said


class UrgeGiven(Input):
    body: Text = ""


class ConfirmationGiven(Input):
    solved: bool
    comment: Text = ""


class ProgressStepShown(BaseModel):
    words: str
    due_at: datetime | None
    done_at: datetime | None
    is_late: bool
    is_paused: bool
    raised_to: str


class DepartmentStepShown(BaseModel):
    department: str
    words: str
    due_at: datetime | None
    done_at: datetime | None
    is_late: bool
    raised_to: str


class SaidShown(BaseModel):
    at: datetime
    from_customer: bool
    body: str


class GivenPackageShown(BaseModel):
    name: str
    words: str
    channels: list[str]
    contact: str


class ProgressShown(BaseModel):
    """By department, never by person."""

    number: str
    subject: str
    opened_at: datetime
    step: str
    words: str
    promises: list[ProgressStepShown]
    departments: list[DepartmentStepShown]
    conversation: list[SaidShown]
    needs_answer: bool
    may_confirm: bool
    remedies: list[str]
    package: GivenPackageShown | None


class Received(BaseModel):
    number: str
    at: datetime


def _case(number: str, token: str) -> Case:
    """The case behind the private link; a wrong token is a case that does not exist."""
    if not (number.isascii() and number.isprintable() and token.isascii()):
        raise Http404
    case = Case.objects.filter(number=number).select_related("merged_into").first()
    if case is None or not case.is_tracked_by(token):
        raise Http404
    return case


def _present(number: str, token: str) -> Case:
    """Where the matter is dealt with now."""
    case = _case(number, token)
    return case.merged_into or case


@router.get("/{number}/{token}", response=ProgressShown, summary="Progress, in the customer's words")
def shown(request: HttpRequest, number: str, token: str):
    """With the promised time of each step, in the customer's language."""
    case = _case(number, token)
    with override(case.language):
        seen = progress(case, now=now_of(request))
        return {
            **{name: getattr(seen, name) for name in (
                "number", "subject", "opened_at", "step", "words", "needs_answer", "may_confirm", "remedies",
            )},
            "package": vars(seen.package) if seen.package else None,
            "promises": [vars(step) for step in seen.promises],
            "departments": [vars(step) for step in seen.departments],
            "conversation": [
                {"at": said.at, "from_customer": said.kind in said.FROM_CUSTOMER, "body": said.body}
                for said in seen.conversation
            ],
        }  # fmt: skip


@router.post("/{number}/{token}/messages", response={201: Received}, summary="The customer adds something")
def messages(request: HttpRequest, number: str, token: str, given: SaidGiven):
    """If we were waiting for it, the clocks run again."""
    said = customer_adds(_present(number, token), given.body, now=now_of(request))
    return Status(201, {"number": number, "at": said.at})


@router.post("/{number}/{token}/urge", response={201: Received}, summary="The customer urges")
def urge(request: HttpRequest, number: str, token: str, given: UrgeGiven):
    """At most once in the firm's interval; everybody at work on it hears of it."""
    said = customer_urges(_present(number, token), now=now_of(request), body=given.body)
    return Status(201, {"number": number, "at": said.at})


@router.post("/{number}/{token}/confirmation", response={201: Received}, summary="Solved, or not")
def confirmation(request: HttpRequest, number: str, token: str, given: ConfirmationGiven):
    """Not solved: the case is open again under the same number and goes to the next authority."""
    case, now = _present(number, token), now_of(request)
    if given.solved:
        customer_confirms(case, now=now, comment=given.comment)
    else:
        customer_objects(case, given.comment, now=now)
    return Status(201, {"number": number, "at": now})
