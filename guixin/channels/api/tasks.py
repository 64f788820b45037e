"""A department's share of a case: accept it, ask, answer, pass it on, send it back, return the result."""

from django.http import Http404, HttpRequest
from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api import answers
from guixin.channels.api.answers import (
    AnswerGiven,
    Input,
    MessageShown,
    PromiseShown,
    QuestionGiven,
    ReasonGiven,
    Said,
    TaskShown,
    Word,
)
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.filters import TaskFilters
from guixin.channels.api.finding import department_named, task_called, task_to_handle
from guixin.organisation.models import Scopes
from guixin.promise.models import Clock
from guixin.serve import handling, queues
from guixin.serve.filtering import asked
from guixin.serve.models import Task
from guixin.serve.permitting import may_serve

router = Router(tags=["tasks"], auth=Needs(Scopes.CASES_WRITE))
reading = Needs(Scopes.CASES_READ)


class TaskPage(BaseModel):
    rows: list[TaskShown]
    after: str | None


class TaskWhole(TaskShown):
    promises: list[PromiseShown]
    messages: list[MessageShown]


class ResultGiven(Input):
    result: Said


class TransferGiven(Input):
    department: Word = Field(description="Code of the department that takes it over.")
    reason: Said


def _shown(task: Task) -> dict:
    task = Task.objects.select_related("case", "department", "handler").get(pk=task.pk)
    return answers.task(task, task.case.number)


@router.get("", auth=reading, response=TaskPage, summary="A list of open tasks, page by page")
def listed(request: HttpRequest, filters: Query[TaskFilters], queue: str = "mine", after: str | None = None):
    """`queue` is mine or department; the nearest deadline first unless sorted otherwise."""
    said = {name: request.GET.getlist(name) for name in request.GET}
    wanted = asked(said, of_tasks=True)
    page = queues.page_of(queues.tasks(queue, by(request), wanted, now=now_of(request)), after)
    return {"rows": [answers.task(task, task.case.number) for task in page.rows], "after": page.after}


@router.get("/{int:task_id}", auth=reading, response=TaskWhole, summary="A task with its promises")
def whole(request: HttpRequest, task_id: int):
    """With the questions asked and the working-out of each deadline."""
    task = task_called(request, task_id)
    clocks = Clock.objects.of("task", task.pk).select_related("version__standard").order_by("pk")
    return answers.task(task, task.case.number) | {
        "promises": answers.clocks(list(clocks), now_of(request)),
        "messages": [
            answers.message(each) for each in task.messages.select_related("by").order_by("at", "pk")
        ],
    }


@router.post("/{int:task_id}/acceptance", response={201: TaskShown}, summary="Accept the task")
def acceptance(request: HttpRequest, task_id: int):
    """From here on the caller answers for it."""
    task = task_to_handle(request, task_id)
    return Status(201, _shown(handling.accept(task, by=by(request), now=now_of(request))))


@router.post("/{int:task_id}/questions", response={201: MessageShown}, summary="Ask the owner")
def questions(request: HttpRequest, task_id: int, given: QuestionGiven):
    """The clocks go on: asking is not an answer."""
    task = task_to_handle(request, task_id)
    asked = handling.ask(task, given.question, by=by(request), now=now_of(request))
    return Status(201, answers.message(asked))


@router.post(
    "/{int:task_id}/questions/{int:message_id}/answer",
    response={201: MessageShown},
    summary="Answer a question",
)
def answer(request: HttpRequest, task_id: int, message_id: int, given: AnswerGiven):
    """The owner of the case answers, or the front desk."""
    task = task_called(request, task_id)
    must(may_serve(task.case, by(request)))
    question = task.messages.select_related("task__case").filter(pk=message_id).first()
    if question is None:
        raise Http404
    said = handling.answer(question, given.answer, by=by(request), now=now_of(request))
    return Status(201, answers.message(said))


@router.post("/{int:task_id}/result", response={201: TaskShown}, summary="Return the result")
def result(request: HttpRequest, task_id: int, given: ResultGiven):
    """It goes to the owner, who tells the customer; the next stage starts."""
    task = task_to_handle(request, task_id)
    return Status(
        201, _shown(handling.return_result(task, given.result, by=by(request), now=now_of(request)))
    )


@router.post("/{int:task_id}/transfer", response=TaskShown, summary="Pass the task on to another department")
def transfer(request: HttpRequest, task_id: int, given: TransferGiven):
    """Its deadline does not move; it has to be accepted anew."""
    task, box = task_to_handle(request, task_id), department_named(given.department)
    return _shown(handling.pass_on(task, box, given.reason, by=by(request), now=now_of(request)))


@router.post("/{int:task_id}/sending-back", response=TaskShown, summary="Send the task back: not ours")
def sending_back(request: HttpRequest, task_id: int, given: ReasonGiven):
    """Inside the firm's short window; the coordinator finds another department."""
    task = task_to_handle(request, task_id)
    return _shown(handling.send_back(task, given.reason, by=by(request), now=now_of(request)))


@router.delete("/{int:task_id}", response=TaskShown, summary="Withdraw the task")
def withdrawal(request: HttpRequest, task_id: int, reason: Word):
    """It is no longer wanted. What was already broken stays in the ledger."""
    task = task_called(request, task_id)
    must(may_serve(task.case, by(request)))
    return _shown(handling.withdraw(task, by=by(request), reason=reason, now=now_of(request)))
