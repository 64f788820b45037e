"""What is done with a case: each act is a resource of its own below the case."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api import answers
from guixin.channels.api.answers import (
    CaseShown,
    EscalationShown,
    Id,
    Input,
    MessageShown,
    Moment,
    QuestionGiven,
    Said,
    Small,
    TaskShown,
    Text,
    Word,
)
from guixin.channels.api.cases import Severity, opened
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import (
    case_called,
    case_to_serve,
    department_named,
    person_named,
    task_called,
)
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Scopes
from guixin.promise.models import Escalation
from guixin.serve import snoozing
from guixin.serve.changing import change_owner
from guixin.serve.closing import close, reopen
from guixin.serve.escalating import by_hand
from guixin.serve.following_up import CannotFollowUp, record_outcome
from guixin.serve.merging import link, merge, split
from guixin.serve.models import Case, HeldReply, Task
from guixin.serve.permitting import may_serve
from guixin.serve.replying import note, reply
from guixin.serve.routing import decide_departments
from guixin.serve.sending import send, take_back
from guixin.serve.waiting import customer_answered, wait_for_customer

router = Router(tags=["acts on a case"], auth=Needs(Scopes.CASES_WRITE))


class ReplyGiven(Input):
    body: Said
    kind: Literal["acknowledgement", "preliminary", "reply", "on_site"] = "reply"
    channel: Literal["", "phone", "web", "email", "qr", "chat", "visit", "other"] = ""
    told_at: Moment | None = Field(None, description="When it was said, if that was earlier than now.")
    hold_seconds: int = Field(
        0, ge=0, le=60, description="Leave it to be taken back for so long; the answer is 202 then."
    )


class HeldReplyShown(BaseModel):
    id: int
    state: str
    send_at: datetime


class BodyGiven(Input):
    body: Said


class SnoozeGiven(Input):
    until: Moment | None = Field(None, description="Without it: until something happens on the case.")


class SnoozeShown(BaseModel):
    until: datetime | None


class Step(Input):
    department: Word = Field(description="Code of the department.")
    stage: Small = 1
    instruction: Text = ""


class RoutingGiven(Input):
    steps: list[Step] = Field(min_length=1, max_length=20)
    reason: Said
    withdraw_others: bool = False


class OwnerGiven(Input):
    login: Word


class EscalationGiven(Input):
    reason: Said
    department: Word | None = Field(None, description="Code; the one at work otherwise.")


class ClosingGiven(Input):
    """For a complaint the classification is required."""

    department: Word | None = Field(None, description="Code of the responsible department.")
    quality_point: Word = ""
    cause: Word = ""
    severity: Severity | None = None
    summary: Text = ""


class OutcomeGiven(Input):
    outcome: Literal["satisfied", "dissatisfied", "not_reached"]
    comment: Text = ""
    department_at_fault: Word | None = None


class OtherCase(Input):
    number: Word


class SplitGiven(Input):
    subject: Said
    story: Text = ""
    category: Word = ""
    task_id: int | None = Field(None, ge=1, description="A task that goes with it.")


class SplitShown(BaseModel):
    number: str
    tracking_link: str
    state: str


class LinkMade(BaseModel):
    number: str
    other: str
    kind: str


def _shown(case: Case) -> dict:
    case = Case.objects.select_related("owner", "department").get(pk=case.pk)
    return answers.case(case)


@router.post(
    "/{number}/replies", response={201: MessageShown, 202: HeldReplyShown}, summary="Tell the customer"
)
def replies(request: HttpRequest, number: str, given: ReplyGiven):
    """Records that the customer was told; a reply also keeps the promises to acknowledge and to reply.

    With `hold_seconds` it leaves later, and until then `DELETE /api/cases/{number}/replies/{id}` takes it back.
    """
    case = case_to_serve(request, number)
    if given.hold_seconds and given.told_at is None:
        held = send(
            case, given.body, by=by(request), now=now_of(request), kind=given.kind, channel=given.channel,
            hold_seconds=given.hold_seconds,
        )  # fmt: skip
        if held.message is None:
            return Status(202, _held(held))
        return Status(201, answers.message(held.message))
    said = reply(
        case, given.body, by=by(request), now=now_of(request), kind=given.kind, channel=given.channel,
        told_at=given.told_at,
    )  # fmt: skip
    return Status(201, answers.message(said))


def _held(held: HeldReply) -> dict:
    return {"id": held.pk, "state": held.state, "send_at": held.send_at}


@router.delete("/{number}/replies/{held_id}", response=HeldReplyShown, summary="Take back a reply on its way")
def taking_back(request: HttpRequest, number: str, held_id: Id):
    """Only who sent it may, and only until it has left."""
    case = case_to_serve(request, number)
    held = get_visible_or_404(HeldReply.objects, by(request), pk=held_id, case=case)
    return _held(take_back(held, by=by(request), now=now_of(request)))


@router.post("/{number}/notes", response={201: MessageShown}, summary="Write an internal note")
def notes(request: HttpRequest, number: str, given: BodyGiven):
    """The customer never sees it. Anybody who sees the case may write one, also when it is closed."""
    case = case_called(request, number)
    return Status(201, answers.message(note(case, given.body, by=by(request), now=now_of(request))))


@router.post("/{number}/waiting", response={201: CaseShown}, summary="Ask the customer and wait")
def waiting(request: HttpRequest, number: str, given: QuestionGiven):
    """The clocks that allow it stand still until the customer answers."""
    case = case_to_serve(request, number)
    return Status(201, _shown(wait_for_customer(case, given.question, by=by(request), now=now_of(request))))


@router.delete("/{number}/waiting", response=CaseShown, summary="The customer answered; go on")
def waiting_over(request: HttpRequest, number: str):
    """The clocks run again, each deadline later by the working time that was waited."""
    case = case_to_serve(request, number)
    return _shown(customer_answered(case, now=now_of(request), by=by(request)))


@router.post("/{number}/snooze", response={201: SnoozeShown}, summary="Put a case to sleep")
def snooze(request: HttpRequest, number: str, given: SnoozeGiven):
    """The owner's own lists go without it until then; no promise stands still."""
    case = case_called(request, number)
    must(case.owner_id == by(request).pk)
    made = snoozing.snooze(case, given.until, by=by(request), now=now_of(request))
    return Status(201, {"until": made.until})


@router.delete("/{number}/snooze", response=CaseShown, summary="Wake a case")
def awake(request: HttpRequest, number: str):
    """It is back in its owner's lists."""
    case = case_called(request, number)
    must(case.owner_id == by(request).pk)
    snoozing.wake(case, by=by(request), now=now_of(request))
    return _shown(case)


@router.post(
    "/{number}/routing", response={201: list[TaskShown]}, summary="Decide the departments over the rule"
)
def routing(request: HttpRequest, number: str, given: RoutingGiven):
    """Who decides and why is recorded and shown."""
    case = case_to_serve(request, number)
    steps = [(department_named(step.department).pk, step.stage, step.instruction) for step in given.steps]
    tasks = decide_departments(
        case, steps, by=by(request), reason=given.reason, now=now_of(request),
        withdraw_others=given.withdraw_others,
    )  # fmt: skip
    made = Task.objects.filter(pk__in=[task.pk for task in tasks]).select_related("department", "handler")
    return Status(201, [answers.task(task, case.number) for task in made.order_by("stage", "pk")])


@router.post("/{number}/owner", response=CaseShown, summary="Hand the case to another owner")
def owner(request: HttpRequest, number: str, given: OwnerGiven):
    """The promises to the customer go with it, unmoved."""
    case = case_to_serve(request, number)
    return _shown(change_owner(case, person_named(given.login), by=by(request), now=now_of(request)))


@router.post(
    "/{number}/escalations", response={201: EscalationShown}, summary="Raise it to the next authority"
)
def escalations(request: HttpRequest, number: str, given: EscalationGiven):
    """Anybody who sees the case may, with a reason."""
    case = case_called(request, number)
    box = department_named(given.department) if given.department else None
    made = by_hand(case, reason=given.reason, by=by(request), now=now_of(request), department=box)
    made = Escalation.objects.select_related("from_person", "to_person").get(pk=made.pk)
    return Status(201, answers.escalation(made))


@router.post("/{number}/closing", response={201: CaseShown}, summary="Close the number")
def closing(request: HttpRequest, number: str, given: ClosingGiven):
    """Never before the customer was told; a complaint never without its classification."""
    case = case_to_serve(request, number)
    close(
        case,
        by=by(request),
        now=now_of(request),
        department=department_named(given.department) if given.department else None,
        quality_point=given.quality_point,
        cause=given.cause,
        severity=given.severity,
        summary=given.summary,
    )
    return Status(201, _shown(case))


@router.delete("/{number}/closing", response=CaseShown, summary="Reopen the number")
def reopening(request: HttpRequest, number: str, reason: Word):
    """The same number, with new promises from now. What was judged stays judged."""
    case = case_to_serve(request, number)
    return _shown(reopen(case, reason, now=now_of(request), by=by(request)))


@router.post("/{number}/follow-up", response=CaseShown, summary="Record what the customer said afterwards")
def follow_up(request: HttpRequest, number: str, given: OutcomeGiven):
    """Dissatisfied: the case is reopened with the same number and goes to the next authority."""
    case = case_to_serve(request, number)
    planned = case.follow_ups.filter(state="planned").first()
    if planned is None:
        raise CannotFollowUp(_("No follow-up is planned for this case."))
    at_fault = department_named(given.department_at_fault) if given.department_at_fault else None
    record_outcome(
        planned, given.outcome, now=now_of(request), by=by(request), comment=given.comment,
        department_at_fault=at_fault,
    )  # fmt: skip
    return _shown(case)


@router.post("/{number}/merge", response=CaseShown, summary="Put this case into another one")
def merging(request: HttpRequest, number: str, given: OtherCase):
    """Answers the case that remains. The stricter of two promises holds; this number stays findable."""
    case, into = case_to_serve(request, number), case_called(request, given.number)
    must(may_serve(into, by(request)))
    return _shown(merge(case, into, by=by(request), now=now_of(request)))


@router.post("/{number}/links", response={201: LinkMade}, summary="Link with another case")
def links(request: HttpRequest, number: str, given: OtherCase):
    """They stay two, and each shows the other."""
    case, other = case_to_serve(request, number), case_called(request, given.number)
    made = link(case, other, by=by(request), now=now_of(request))
    return Status(201, {"number": case.number, "other": other.number, "kind": made.kind})


@router.post("/{number}/split", response={201: SplitShown}, summary="Take one matter out into its own case")
def splitting(request: HttpRequest, number: str, given: SplitGiven):
    """The new case is promised as of the moment the first one arrived."""
    case = case_to_serve(request, number)
    task = task_called(request, given.task_id) if given.task_id else None
    fresh = split(
        case, given.subject, by=by(request), now=now_of(request), story=given.story,
        category=given.category, task=task,
    )  # fmt: skip
    return Status(201, opened(fresh))
