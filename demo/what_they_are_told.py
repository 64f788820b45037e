"""What key accounts are told, by plan: welcomed by the head of sales, thanked after a case, rung up every quarter. The plan has
been in force for a month; what it said, to whom it said nothing, and why, has become of itself."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from demo.telling import Cast
from guixin.ledger.models import Outgoing
from guixin.promise import answering, communication, planning, posting, strategies
from guixin.promise.models import CommunicationPlan, PlanMessage, StrategyStep
from guixin.understand import contacting
from guixin.understand.models import Contact, Segment

SEGMENT = "key-accounts"
BEGUN_AGO = 30  # days
LINES = (
    {
        "code": "welcome", "occasion": "entered", "delay_hours": 24, "at": "10:00", "channel": "call", "purpose": "service",
        "subject": "欢迎成为大客户，说明48小时到厂承诺", "subject_en": "Welcome, and what the 48 hours mean", "body": "", "body_en": "",
    },
    {
        "code": "after-a-case", "occasion": "case_closed", "delay_hours": 48, "at": "10:00", "channel": "sms",
        "purpose": "service", "subject": "个案 {number} 处理之后", "subject_en": "After case {number}",
        "body": "{customer}，您反映的“{subject}”已办结。若还有不妥，直接回复或致电 {owner}，我们接着办。",
        "body_en": "{customer}, your matter “{subject}” is closed. If anything is not right yet, answer this or ring {owner}.",
    },
    {
        "code": "each-quarter", "occasion": "every", "months": 3, "delay_hours": 0, "at": "10:00", "channel": "call",
        "purpose": "service", "subject": "季度回顾：承诺兑现情况和下季用量", "subject_en": "The quarter: promises kept, and what comes next",
        "body": "", "body_en": "",
    },
    {
        "code": "news", "occasion": "graded", "direction": "up", "delay_hours": 24, "at": "10:00", "channel": "sms",
        "purpose": "news", "subject": "新色卡邀请", "subject_en": "The new swatches",
        "body": "{customer}，新一季色卡已出，可先寄样。", "body_en": "{customer}, the new swatches are out; we send them first.",
    },
)  # fmt: skip


@transaction.atomic
def begin(cast: Cast, now: datetime) -> CommunicationPlan:
    """Put into force by whoever answers for the segment, and named by its strategy where that has begun."""
    owner, began = cast.people["ye"], now - timedelta(days=BEGUN_AGO)
    plan = communication.plan_of(Segment.objects.get(code=SEGMENT))
    communication.publish(plan, communication.blank() | {"entries": list(LINES)}, by=owner, now=began)
    steps = StrategyStep.objects.filter(cycle__segment=plan.segment, kind=StrategyStep.Kind.COMMUNICATION)
    for step in steps.select_related("cycle"):
        strategies.write(
            step, words="进细分由销售部经理致电，办结后短信回问，每季一次回顾。", owner=owner, due_at=None,
            read_at_version=step.version, by=owner, now=began,
        )  # fmt: skip
        strategies.add_evidence(step, "沟通计划", f"/communication/{SEGMENT}", by=owner, now=began)
    return plan


@transaction.atomic
def let_it_run(now: datetime) -> None:
    """What a worker would have done with it, each morning. Told when the cases it speaks of are there."""
    for ago in range(BEGUN_AGO - 1, 0, -1):
        morning = timezone.localtime(now - timedelta(days=ago)).replace(
            hour=10, minute=6, second=0, microsecond=0
        )
        planning.plan_what_happened(morning)
        while posting.post_due(morning):
            pass
        for message in PlanMessage.objects.filter(state=PlanMessage.State.POSTED).order_by("pk"):
            answering.sent(message, now=morning + timedelta(seconds=40))
    rung = (
        Contact.objects.planned().filter(plan_message__isnull=False, due_at__lte=now).select_related("owner")
    )
    for contact in rung.order_by("due_at", "pk"):
        at = contact.due_at - timedelta(hours=2)
        contacting.make(
            contact,
            by=contact.owner,
            now=at,
            outcome="good",
            notes="按计划致电，承诺内容已说明，对方无异议。",
        )
    Outgoing.objects.filter(channel=posting.CHANNEL).update(state=Outgoing.State.SENT, sent_at=now)
    answered = PlanMessage.objects.filter(state=PlanMessage.State.SENT).order_by("-sent_at", "-pk").first()
    if answered and answered.sent_at:
        answering.reply(
            answered, "收到，已经没问题了，谢谢。", by=None, now=answered.sent_at + timedelta(hours=2)
        )
