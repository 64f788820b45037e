"""More time asked for and decided; an escalation acted on."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel

from guixin.channels.api import answers
from guixin.channels.api.answers import EscalationShown, Input, Moment, Said, Text
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import (
    clock_called,
    department_named,
    escalation_called,
    extension_called,
    person_named,
)
from guixin.organisation.models import Scopes
from guixin.promise import escalating, extending
from guixin.promise.models import Escalation, Extension
from guixin.serve import escalating as deciding
from guixin.serve.permitting import may_act, may_ask_for_time

router = Router(tags=["promises"], auth=Needs(Scopes.CASES_WRITE))


class ExtensionGiven(Input):
    until: Moment
    reason: Said


class DecisionGiven(Input):
    granted: bool
    until: Moment | None = None
    note: Text = ""


class ActGiven(Input):
    note: Said
    look_again_at: Moment


class TakingOverGiven(Input):
    note: Text = ""
    look_again_at: Moment


class ReassignmentGiven(Input):
    """To a person, by login, or (a task) to another department, by code."""

    person: str = ""
    department: str = ""
    note: Said
    look_again_at: Moment


class ExtensionShown(BaseModel):
    id: int
    clock_id: int
    state: str
    old_due_at: datetime
    wanted_until: datetime
    new_due_at: datetime | None
    reason: str
    authority_id: int
    decided_at: datetime | None
    decision_note: str


def _shown(one: Extension) -> dict:
    return {name: getattr(one, name) for name in ExtensionShown.model_fields}


@router.post("/clocks/{int:clock_id}/extension", response={201: ExtensionShown}, summary="Ask for more time")
def extension(request: HttpRequest, clock_id: int, given: ExtensionGiven):
    """Before the deadline, never after it. The next authority decides."""
    clock = clock_called(request, clock_id)
    must(may_ask_for_time(clock, by(request)))
    asked = extending.ask(clock, by=by(request), until=given.until, reason=given.reason, now=now_of(request))
    return Status(201, _shown(asked))


@router.post(
    "/extensions/{int:extension_id}/decision", response=ExtensionShown, summary="Grant or refuse more time"
)
def decision(request: HttpRequest, extension_id: int, given: DecisionGiven):
    """Only the authority that was asked, or one above it. If granted, the customer is told the new date."""
    asked = extension_called(request, extension_id)
    must(extending.may_decide(asked, by(request), now_of(request)))
    decided = extending.decide(
        asked, by=by(request), granted=given.granted, now=now_of(request), until=given.until, note=given.note
    )
    return _shown(decided)


def _to_decide(request: HttpRequest, escalation_id: int) -> Escalation:
    one = escalation_called(request, escalation_id)
    must(may_act(one, by(request)))
    return one


def _as_it_is_now(one: Escalation) -> dict:
    return answers.escalation(Escalation.objects.select_related("from_person", "to_person").get(pk=one.pk))


@router.post("/escalations/{int:escalation_id}/act", response=EscalationShown, summary="Act on an escalation")
def act(request: HttpRequest, escalation_id: int, given: ActGiven):
    """Say what was decided and when it is looked at again; the reminders rest until then."""
    one = _to_decide(request, escalation_id)
    escalating.act(
        one, by=by(request), note=given.note, look_again_at=given.look_again_at, now=now_of(request)
    )
    return _as_it_is_now(one)


@router.post(
    "/escalations/{int:escalation_id}/taking-over",
    response=EscalationShown,
    summary="Take over what was raised",
)
def taking_over(request: HttpRequest, escalation_id: int, given: TakingOverGiven):
    """The late task, or the case where the promise was to the customer, is the caller's from now on."""
    one = _to_decide(request, escalation_id)
    deciding.take_over(
        one, by=by(request), note=given.note, look_again_at=given.look_again_at, now=now_of(request)
    )
    return _as_it_is_now(one)


@router.post(
    "/escalations/{int:escalation_id}/instruction", response=EscalationShown, summary="Say what is to be done"
)
def instruction(request: HttpRequest, escalation_id: int, given: ActGiven):
    """An internal note of the case; everybody at work on it is told."""
    one = _to_decide(request, escalation_id)
    deciding.instruct(one, given.note, by=by(request), look_again_at=given.look_again_at, now=now_of(request))
    return _as_it_is_now(one)


@router.post(
    "/escalations/{int:escalation_id}/reassignment",
    response=EscalationShown,
    summary="Give it to somebody else",
)
def reassignment(request: HttpRequest, escalation_id: int, given: ReassignmentGiven):
    """A person takes the task or the case; a department takes a task."""
    one = _to_decide(request, escalation_id)
    deciding.reassign(
        one,
        by=by(request),
        person=person_named(given.person) if given.person else None,
        department=department_named(given.department) if given.department else None,
        reason=given.note,
        look_again_at=given.look_again_at,
        now=now_of(request),
    )
    return _as_it_is_now(one)


@router.post(
    "/escalations/{int:escalation_id}/silence", response=EscalationShown, summary="No reminders until then"
)
def silence(request: HttpRequest, escalation_id: int, given: ActGiven):
    """With a reason, and for a month at most; the case stays as late as it is."""
    one = _to_decide(request, escalation_id)
    deciding.silence(
        one, by=by(request), reason=given.note, look_again_at=given.look_again_at, now=now_of(request)
    )
    return _as_it_is_now(one)
