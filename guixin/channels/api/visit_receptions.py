"""Visitors received: the plan line by line, what happened, how they found it."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Input, Moment, Said, Text, Word
from guixin.channels.api.door import Needs, by, found, now_of
from guixin.channels.api.finding import department_named, person_named
from guixin.channels.api.visits import VisitShown, shown_again, to_serve, to_write
from guixin.listen.asking_visitors import feedback_link, feedback_of
from guixin.organisation.models import Scopes
from guixin.serve import receiving
from guixin.serve.visit_log import Promised, took_place

router = Router(tags=["visits"], auth=Needs(Scopes.CASES_WRITE))


class VisitAgendaGiven(Input):
    begins_at: Moment
    ends_at: Moment
    what: Word
    place: Word = ""
    person: Word = Field("", description="A login.")
    department: Word = Field("", description="Its code.")
    prepare: Text = Field("", description="What the department prepares; it becomes a task of the case.")


class VisitPromiseGiven(Input):
    """With a department a task of the case; without, a need of the customer."""

    what: Said
    department: Word = ""


class VisitLogGiven(Input):
    log: Said
    attended: int | None = Field(None, ge=1, le=500)
    held_at: Moment | None = None
    who_was_there: Text = ""
    promises: list[VisitPromiseGiven] = Field([], max_length=20)


class VisitFeedbackShown(BaseModel):
    wave: str
    at: datetime
    words: str


class VisitLinkShown(BaseModel):
    link: str = Field(description="Shown this once; it counts once.")
    feedback: list[VisitFeedbackShown] = Field(description="What they have said already.")


@router.post(
    "/visits/{int:visit_id}/agenda", response={201: VisitShown}, summary="A line of the reception plan"
)
def plan_item(request: HttpRequest, visit_id: int, given: VisitAgendaGiven):
    """What has to be prepared becomes a task of the department."""
    receiving.plan_item(
        to_write(request, visit_id), given.what, given.begins_at, given.ends_at, place=given.place,
        person=person_named(given.person) if given.person else None,
        department=department_named(given.department) if given.department else None,
        prepare=given.prepare, by=by(request), now=now_of(request),
    )  # fmt: skip
    return Status(201, shown_again(request, visit_id))


@router.delete("/visits/{int:visit_id}/agenda/{int:item}", response=VisitShown, summary="Take a line out")
def take_out(request: HttpRequest, visit_id: int, item: int):
    """A task that went out for it and is not done is withdrawn."""
    row = found(to_write(request, visit_id).agenda.select_related("visit__case").filter(pk=item).first())
    receiving.take_out(row, by=by(request), now=now_of(request))
    return shown_again(request, visit_id)


@router.post("/visits/{int:visit_id}/log", response=VisitShown, summary="They were here")
def log(request: HttpRequest, visit_id: int, given: VisitLogGiven):
    """What happened and was promised; the follow-ups after one, three and six months are planned by it."""
    promises = [
        Promised(each.what, department_named(each.department) if each.department else None)
        for each in given.promises
    ]
    took_place(
        to_write(request, visit_id), given.log, attended=given.attended, held_at=given.held_at,
        who_was_there=given.who_was_there, promises=promises, by=by(request), now=now_of(request),
    )  # fmt: skip
    return shown_again(request, visit_id)


@router.post(
    "/visits/{int:visit_id}/feedback-link", response=VisitLinkShown, summary="Ask the visitors how it was"
)
def ask_visitors(request: HttpRequest, visit_id: int):
    """A link to the wave the rules for visits name, tied to the case of the visit."""
    visit = to_serve(request, visit_id)
    link = feedback_link(visit, by=by(request), now=now_of(request))
    return {"link": link, "feedback": [vars(each) for each in feedback_of(visit, "zh-hans")]}
