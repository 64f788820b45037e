"""The emergency path: taken, in hand, reviewed."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel

from guixin.channels.api.answers import Input, Said, Word
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import case_called, person_named
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Scopes
from guixin.serve import emergencies
from guixin.serve.models import Emergency
from guixin.serve.permitting import may_serve

router = Router(tags=["emergencies"], auth=Needs(Scopes.CASES_WRITE))
reading = Needs(Scopes.CASES_READ)


class EmergencyShown(BaseModel):
    id: int
    case: str
    state: str
    reason: str
    by_id: int
    at: datetime
    begun_at: datetime | None
    in_hand_at: datetime | None
    in_hand_note: str
    reviewer_id: int | None
    verdict: str
    learnt: str
    reviewed_by_id: int | None
    reviewed_at: datetime | None
    request_id: int | None


class EmergencyGiven(Input):
    """`also_tell`: logins of colleagues who hear of it besides those it concerns."""

    reason: Said
    also_tell: list[Word] = []


class InHandGiven(Input):
    note: Said


class ReviewGiven(Input):
    """`verdict`: justified or not_justified."""

    verdict: Word
    learnt: Said


def _shown(row: Emergency) -> dict:
    said = {name: getattr(row, name) for name in EmergencyShown.model_fields if name != "case"}
    return said | {"case": row.case.number}


def _called(request: HttpRequest, pk: int) -> Emergency:
    return get_visible_or_404(Emergency.objects.select_related("case", "use", "reviewer"), by(request), pk=pk)


@router.get("/emergencies", response=list[EmergencyShown], auth=reading, summary="Uses of the emergency path")
def listed(request: HttpRequest, to_review: bool = False):
    """The latest 200 the caller may see; `to_review`: those without a review."""
    rows = Emergency.objects.visible_to(by(request))
    if to_review:
        rows = rows.to_review()
    return [_shown(row) for row in rows.select_related("case").order_by("-pk")[:200]]


@router.post("/cases/{number}/emergency", response={201: EmergencyShown}, summary="Take the emergency path")
def take(request: HttpRequest, number: str, given: EmergencyGiven):
    """By those the authority matrix lets; where it must be asked for, `request_id` is the request."""
    case = case_called(request, number)
    must(emergencies.may_take_it(by(request), now_of(request)))
    named = [person_named(login) for login in given.also_tell[:20]]
    made = emergencies.take_the_path(
        case, reason=given.reason, by=by(request), now=now_of(request), also_tell=named
    )
    return Status(201, _shown(made))


@router.get(
    "/emergencies/{int:emergency_id}", response=EmergencyShown, auth=reading, summary="One use of the path"
)
def one(request: HttpRequest, emergency_id: int):
    """What was done, and its review."""
    return _shown(_called(request, emergency_id))


@router.post(
    "/emergencies/{int:emergency_id}/in-hand", response=EmergencyShown, summary="The emergency is in hand"
)
def in_hand(request: HttpRequest, emergency_id: int, given: InHandGiven):
    """The case goes on as any other; the review is still to come."""
    row = _called(request, emergency_id)
    must(row.by_id == by(request).pk or may_serve(row.case, by(request)))
    return _shown(emergencies.in_hand(row, given.note, by=by(request), now=now_of(request)))


@router.post("/emergencies/{int:emergency_id}/review", response=EmergencyShown, summary="Review an emergency")
def review(request: HttpRequest, emergency_id: int, given: ReviewGiven):
    """Whether it was justified and what was learnt, by somebody who had no part in it."""
    row = _called(request, emergency_id)
    must(emergencies.may_review(row, by(request), now_of(request)))
    return _shown(emergencies.review(row, given.verdict, given.learnt, by=by(request), now=now_of(request)))
