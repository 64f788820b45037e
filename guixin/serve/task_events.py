"""What happens to a task, the share of a department in a case."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class TaskEvent(Event):
    """What every event about a task says."""

    department_id: int


@dataclass(frozen=True, kw_only=True)
class TaskGiven(TaskEvent):
    """A department was given a share of the case; its clocks run."""

    kind: ClassVar[str] = "serve.task_given"
    sentence: ClassVar[str] = _("A department was given a task")
    handler_id: int | None
    promises: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class TaskAccepted(TaskEvent):
    """A person of the department took the task."""

    kind: ClassVar[str] = "serve.task_accepted"
    sentence: ClassVar[str] = _("The task was accepted")
    handler_id: int


@dataclass(frozen=True, kw_only=True)
class TaskHandedOver(TaskEvent):
    """Somebody with the authority decided who does it."""

    kind: ClassVar[str] = "serve.task_handed_over"
    sentence: ClassVar[str] = _("The task was given to somebody")
    handler_id: int
    part_of: int | None = None  # the handing over this belongs to; whoever receives many is told once


@dataclass(frozen=True, kw_only=True)
class TaskQuestionAsked(TaskEvent):
    """The handler needs to know something from the owner."""

    kind: ClassVar[str] = "serve.task_question_asked"
    sentence: ClassVar[str] = _("The department asked a question")


@dataclass(frozen=True, kw_only=True)
class TaskQuestionAnswered(TaskEvent):
    """The owner answered the handler."""

    kind: ClassVar[str] = "serve.task_question_answered"
    sentence: ClassVar[str] = _("The question was answered")


@dataclass(frozen=True, kw_only=True)
class TaskPassedOn(TaskEvent):
    """The task went to another department; its deadline did not move."""

    kind: ClassVar[str] = "serve.task_passed_on"
    sentence: ClassVar[str] = _("The task was passed on to another department")
    from_department_id: int


@dataclass(frozen=True, kw_only=True)
class TaskSentBack(TaskEvent):
    """“Not ours”, said within the short window after it was given."""

    kind: ClassVar[str] = "serve.task_sent_back"
    sentence: ClassVar[str] = _("The department sent the task back")


@dataclass(frozen=True, kw_only=True)
class TaskWithdrawn(TaskEvent):
    """The task is no longer wanted."""

    kind: ClassVar[str] = "serve.task_withdrawn"
    sentence: ClassVar[str] = _("The task was withdrawn")


@dataclass(frozen=True, kw_only=True)
class ResultReturned(TaskEvent):
    """The department's answer is with the owner."""

    kind: ClassVar[str] = "serve.result_returned"
    sentence: ClassVar[str] = _("The department returned its result")
