"""A rule that begins a recovery, and a recovery with three of its steps done."""

from datetime import datetime

from guixin.organisation.models import Post
from guixin.recover import plans, ruling
from guixin.recover.models import Fault, Recovery, RecoveryRule, RecoveryStep
from guixin.serve import deciding
from guixin.serve.models import Case
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON


def position_of(login: str) -> str:
    return Post.objects.filter(person__login=login).values_list("position__code", flat=True)[0]


def rule(code: str = "serious-ours", **says) -> RecoveryRule:
    """Serious, and our fault: the head of quality apologises, we listen and explain, and refund 100 yuan."""
    make.firm()
    steps = [
        {"kind": "apology", "position": position_of("wu"), "words": "当面道歉"},
        {"kind": "listening"},
        {"kind": "refund", "amount": "100.00", "currency": "CNY"},
    ]
    told = {"name": "严重且我方责任", "from_severity": 3, "fault": "ours", "steps": steps} | says
    return ruling.keep_rule(code, **told, by=None, now=NOON)[0]


def recovery(case: Case | None = None, fault: str = Fault.OURS, now: datetime = NOON) -> Recovery:
    return plans.begin(case or make.case(severity=3), fault, by=make.wang(), now=now)


def step(of: Recovery, kind: str) -> RecoveryStep:
    return of.steps.select_related("recovery__case").get(kind=kind)


def done(of: Recovery, *kinds: str, now: datetime = NOON) -> None:
    for kind in kinds:
        plans.do_step(step(of, kind), "说过了", by=make.wang(), now=now)


def given(of: Recovery, kind: str = "refund", now: datetime = NOON) -> None:
    """What this step gives is promised and handed over."""
    promised = plans.promise_step(step(of, kind), 10_000, "CNY", reason="赔礼", by=make.wang(), now=now)
    deciding.hand_goodwill_over(promised, now.date(), "PAY-1", by=make.wang(), now=now)
