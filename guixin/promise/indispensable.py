"""Promises no firm can do without: somebody looks for a department, acts on an escalation, decides a request …

A firm writes its own standards for them. Until it has, these hold, so that a case nobody owns and a case raised
by hand always have a clock.
"""

from datetime import datetime

from django.db import transaction

from guixin.promise.book import Circumstances, book
from guixin.promise.models import Measure, Standard, StandardVersion

_FIRST = {
    Measure.ROUTE: ("default-route", "找到责任部门", "Find the responsible department", 60),
    Measure.ACT: ("default-act", "处理升级", "Act on an escalation", 240),
    Measure.DECIDE: ("default-decide", "批复请示", "Decide a request", 240),
    Measure.EMERGENCY: ("default-emergency", "控制紧急情况", "Emergency in hand", 60),
    Measure.REVIEW: ("default-review", "复盘紧急通道", "Review an emergency", 1440),
    Measure.PROPOSAL: ("default-proposal", "答复提案", "Answer a proposal", 2400),
    Measure.STATEMENT: ("default-statement", "提交每月声明", "Monthly statement", 480),
    Measure.STRATEGY: ("default-strategy", "完成策略步骤", "Step of a strategy", 2400),
    Measure.SOLVE: ("default-solve", "答复疑难问题", "Answer a hard problem", 480),
    Measure.READ: ("default-read", "阅知须知情报", "Read what one must know", 480),
    Measure.RECOVERY_CONTACT: (
        "default-recovery-contact",
        "补救首次联系",
        "First contact of a recovery",
        240,
    ),
    Measure.RECOVERY: ("default-recovery", "完成补救", "Complete a recovery", 2400),
    Measure.CALL_BACK: ("default-call-back", "按时回电", "Call back on time", 30),
}


def always_promised(measure: Measure, case: Circumstances, now: datetime) -> StandardVersion:
    """The firm's promise for this measure, or the one that holds until it has its own."""
    return book().promise(measure, case) or _first(measure, now)


@transaction.atomic
def _first(measure: Measure, now: datetime) -> StandardVersion:
    code, name, name_en, minutes = _FIRST[measure]
    Standard.objects.get_or_create(code=code, defaults={"measure": measure, "name": name, "name_en": name_en})
    standard = Standard.objects.select_for_update().get(code=code)  # two at once publish it once
    there = standard.versions.order_by("-number").first()
    return there or standard.publish(
        now=now, budget_minutes=minutes, warn_percent=50, ladder_minutes=[minutes, 4 * minutes]
    )
