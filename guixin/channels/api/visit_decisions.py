"""Visits that are decided: regraded, approved, declined, moved, called off, applied for again."""

from datetime import date

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from guixin.channels.api.answers import Input, Moment, Said, Text, Word
from guixin.channels.api.door import Needs, by, now_of
from guixin.channels.api.finding import person_named
from guixin.channels.api.visits import VisitShown, shown_again, to_serve
from guixin.organisation.models import Scopes
from guixin.serve import visit_applying, visit_deciding

router = Router(tags=["visits"], auth=Needs(Scopes.CASES_WRITE))


class VisitGradeGiven(Input):
    grade: Word
    reason: Said


class VisitHoursGiven(Input):
    arrives_at: Moment
    leaves_at: Moment
    place: Word = ""
    host: Word = Field("", description="A login.")


class VisitApprovalGiven(VisitHoursGiven):
    reason: Text = Field("", description="Needed where somebody above must decide.")


class VisitDeclineGiven(Input):
    reason: Said
    alternatives: Text = ""


class VisitCancelGiven(Input):
    reason: Said


@router.post("/visits/{int:visit_id}/grade", response=VisitShown, summary="Receive them differently")
def regrade(request: HttpRequest, visit_id: int, given: VisitGradeGiven):
    """Over what the rules propose, with the reason."""
    visit_deciding.regrade(
        to_serve(request, visit_id), given.grade, given.reason, by=by(request), now=now_of(request)
    )
    return shown_again(request, visit_id)


def _hours(given: VisitHoursGiven) -> dict:
    host = person_named(given.host) if given.host else None
    return {"arrives_at": given.arrives_at, "leaves_at": given.leaves_at, "place": given.place, "host": host}


@router.post("/visits/{int:visit_id}/approval", response=VisitShown, summary="Approve a visit")
def approve(request: HttpRequest, visit_id: int, given: VisitApprovalGiven):
    """Within the caller's authority at once; above it `request_id` is the request that goes up."""
    visit = to_serve(request, visit_id)
    visit_deciding.approve(visit, **_hours(given), reason=given.reason, by=by(request), now=now_of(request))
    return shown_again(request, visit_id)


@router.post("/visits/{int:visit_id}/refusal", response=VisitShown, summary="Decline a visit")
def decline(request: HttpRequest, visit_id: int, given: VisitDeclineGiven):
    """The customer is told the reason and the alternatives."""
    visit_deciding.decline(
        to_serve(request, visit_id), given.reason, alternatives=given.alternatives, by=by(request),
        now=now_of(request),
    )  # fmt: skip
    return shown_again(request, visit_id)


@router.post("/visits/{int:visit_id}/date", response=VisitShown, summary="Move a visit")
def move(request: HttpRequest, visit_id: int, given: VisitHoursGiven):
    """Other hours, another place, another host; the customer is told."""
    visit_deciding.move(to_serve(request, visit_id), **_hours(given), by=by(request), now=now_of(request))
    return shown_again(request, visit_id)


@router.post("/visits/{int:visit_id}/cancelling", response=VisitShown, summary="Call a visit off")
def cancel(request: HttpRequest, visit_id: int, given: VisitCancelGiven):
    """The customer is told; what was granted for it is free again."""
    visit_deciding.cancel(to_serve(request, visit_id), given.reason, by=by(request), now=now_of(request))
    return shown_again(request, visit_id)


class VisitDayGiven(Input):
    wished_on: date
    wished_or: date | None = None


@router.post("/visits/{int:visit_id}/again", response=VisitShown, summary="Apply again")
def again(request: HttpRequest, visit_id: int, given: VisitDayGiven):
    """Another day, after it was declined or called off."""
    visit_applying.apply_again(
        to_serve(request, visit_id),
        given.wished_on,
        wished_or=given.wished_or,
        by=by(request),
        now=now_of(request),
    )
    return shown_again(request, visit_id)
