"""More time asked for and decided; an escalation acted on."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel

from guixin.channels.api import answers
from guixin.channels.api.answers import EscalationShown, Input, Moment, Said, Text
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import clock_called, escalation_called, extension_called
from guixin.organisation.models import Scopes
from guixin.promise import escalating, extending
from guixin.promise.models import Escalation, Extension
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
    decided = extending.decide(
        asked, by=by(request), granted=given.granted, now=now_of(request), until=given.until, note=given.note
    )
    return _shown(decided)


@router.post("/escalations/{int:escalation_id}/act", response=EscalationShown, summary="Act on an escalation")
def act(request: HttpRequest, escalation_id: int, given: ActGiven):
    """Say what was decided and when it is looked at again; the reminders rest until then."""
    one = escalation_called(request, escalation_id)
    must(may_act(one, by(request)))
    escalating.act(
        one, by=by(request), note=given.note, look_again_at=given.look_again_at, now=now_of(request)
    )
    return answers.escalation(Escalation.objects.select_related("from_person", "to_person").get(pk=one.pk))
