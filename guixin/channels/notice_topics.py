"""Topics of notices: what somebody chooses a way for. A kind of event nobody sorted is news."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Topic(models.TextChoices):
    URGENT = "urgent", _("Promises broken, escalations, emergencies")
    ASKED = "asked", _("Somebody waits for my word or decision")
    WORK = "work", _("Work given to me or moved on")
    SETTLED = "settled", _("What was late is settled")
    NEWS = "news", pgettext_lazy("notices", "Everything else I follow")


_KINDS = {
    Topic.URGENT: (
        "promise.clock_breached", "promise.clock_escalated", "promise.clock_stuck", "serve.case_escalated",
        "serve.case_unrouted", "serve.emergency_begun", "understand.contact_raised", "serve.reply_not_sent",
    ),
    Topic.ASKED: (
        "promise.extension_asked", "promise.extension_passed_up", "promise.authority_asked",
        "promise.authority_passed_up", "promise.authority_asked_back", "promise.change_proposed",
        "promise.statement_due", "serve.task_question_asked", "serve.colleague_mentioned",
        "understand.knowledge_shared",
    ),
    Topic.WORK: (
        "promise.clock_warned", "serve.task_given", "serve.task_handed_over", "serve.task_sent_back",
        "serve.task_question_answered", "serve.result_returned", "serve.owner_changed", "serve.work_received",
        "serve.customer_urged", "serve.customer_added", "serve.instructed", "serve.case_woken",
        "recover.recovery_begun", "recover.recovery_fault_judged", "recover.recovery_step_given",
        "understand.contact_missed", "listen.wave_begun_by_itself", "promise.extension_decided", "promise.authority_decided",
    ),
    Topic.SETTLED: ("promise.clock_stopped",),
}  # fmt: skip
TOPIC_OF: dict[str, str] = {kind: topic.value for topic, kinds in _KINDS.items() for kind in kinds}
URGENT = list(_KINDS[Topic.URGENT])

# Until somebody chooses: mail tells of everything but what is over, the robot of the department of what is urgent, and its end.
BY_MAIL = [Topic.URGENT.value, Topic.ASKED.value, Topic.WORK.value, Topic.NEWS.value]
BY_ROBOT = [Topic.URGENT.value, Topic.SETTLED.value]


def by_mail() -> list[str]:
    return list(BY_MAIL)


def by_robot() -> list[str]:
    return list(BY_ROBOT)


def topic_of(kind: str) -> str:
    return TOPIC_OF.get(kind, Topic.NEWS.value)
