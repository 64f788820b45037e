"""One of everything the API has an address for."""

from datetime import date, timedelta

from guixin.channels.api.tests import make
from guixin.channels.mail import arriving, understanding
from guixin.handbook.tests.make import article
from guixin.ledger.clock import set_virtual_clock
from guixin.listen import building, hanging_up, sampling, standing, waves
from guixin.listen.models import Invitation
from guixin.listen.tests import make as listen_make
from guixin.organisation.granting import lend
from guixin.organisation.skilling import keep_skill
from guixin.organisation.tests.make import line, spending_table
from guixin.promise.models import Escalation, Extension, Statement
from guixin.promise.proposing import propose
from guixin.recover.plans import begin as begin_recovery
from guixin.recover.ruling import keep_rule as keep_recovery_rule
from guixin.serve.asking_experts import ask_expert
from guixin.serve.building_forms import form_in_force
from guixin.serve.bulk_changes import draft
from guixin.serve.deciding import promise_goodwill
from guixin.serve.emergencies import take_the_path
from guixin.serve.filling_in import fill_in
from guixin.serve.handling import ask
from guixin.serve.models import OpinionPoint, Task
from guixin.serve.orders import name_order
from guixin.serve.sending import send
from guixin.understand import (
    contact_series,
    contacting,
    knowing,
    merging,
    needing,
    pricing,
    segmenting,
    taking_in_prices,
)
from guixin.understand.models import Customer, Product

FAR = date(2099, 3, 5)
LATER = "2099-03-05T10:00:00+08:00"
RULE = {"match": "all", "parts": [{"fact": "net", "asks": "at_least", "value": 50000}]}
OTHER_RULE = {"match": "all", "parts": [{"fact": "net", "asks": "at_least", "value": 60000}]}
TODAY = str(make.NOON.date())
SOON = (make.NOON + timedelta(days=1)).isoformat()  # no authority rests longer than a month


class World:
    """At noon of a Wednesday: one case with a task, everything that hangs on it, and the addresses of all of it."""

    def __init__(self):
        now = make.NOON
        set_virtual_clock(now)
        self.case = make.case(departments=[make.quality().pk], now=now)
        self.other = make.case(departments=[make.quality().pk], now=now, subject="另一件")
        self.task = Task.objects.get(case=self.case)
        self.question = ask(self.task, "哪一批?", by=make.li(), now=now)
        self.clock = make.clock(self.task, "result")
        self.extension = Extension.objects.create(
            clock=make.clock(self.task, "accept"), case_id=self.case.pk, asked_by=make.li(), asked_at=now,
            reason="缺件", old_due_at=now, wanted_until=LATER, authority=make.he(),
        )  # fmt: skip
        make.form("sheet", kind="complaint")
        for order in ("D-1001", "D-1002"):
            make.purchase(self.case.customer, order, 10_000_000)
        skill, _new = keep_skill("sewing", name="缝制", people=[make.li()], by=None, now=now)
        keep_skill("loading", name="装卸", people=[make.wu()], by=None, now=now)
        problem = ask_expert(self.case, skill, "为什么?", by=make.wang(), now=now)
        fill_in(
            self.case, form_in_force("sheet"), {"machine": "A-1", "contact": "老何"}, by=make.wang(), now=now
        )
        self.escalation = Escalation.objects.create(
            case_id=self.case.pk, cause="by_hand", level=1, department=make.quality(), to_person=make.qian(),
            happened_at=now, made_at=now,
        )  # fmt: skip
        twin = make.customer("张叁", "13800138000")
        gone = make.customer("张散", "13800138000")
        merge = merging.merge(gone, self.case.customer, by=make.wang(), now=now)
        Customer.objects.filter(pk=self.case.customer_id).update(version=1)
        spending_table(line("emergency", 2, 1), line("emergency", 5, None))
        promised = promise_goodwill(self.case, 5_000, "CNY", reason="赔礼", by=make.wang(), now=now)
        asked = promise_goodwill(self.case, 50_000, "CNY", reason="赔礼", by=make.wang(), now=now)
        keep_recovery_rule(
            "sorry", name="赔礼", steps=[{"kind": "listening"}, {"kind": "gift"}], by=None, now=now
        )
        recovery = begin_recovery(self.case, "ours", by=make.wang(), now=now)
        lending = lend(
            make.wang(), make.li(), "goodwill", 100, currency="CNY", reason="出差", from_at=now,
            to_at=now + timedelta(days=1), now=now,
        )  # fmt: skip
        self.named = {
            "firm": make.company().pk,
            "twin": twin.pk,
            "merge": merge.pk,
            "contact": contacting.plan(
                self.case.customer, "visit", FAR, owner=make.wang(), by=make.wang(), now=now
            ).pk,
            "series": contact_series.begin(
                self.case.customer,
                "visit",
                "走访",
                every=1,
                unit="months",
                first_on=FAR,
                owner=make.wang(),
                by=make.wang(),
                now=now,
            ).pk,
            "need": needing.note(
                self.case.customer, "电子发票", source="observation", by=make.wang(), now=now
            ).pk,
            "knowledge": knowing.capture(
                "observation",
                "仓库快空了",
                customer=self.case.customer,
                source="observation",
                by=make.wang(),
                now=now,
            ).pk,
            "article": article(audience="customers").pk,
            "token_uuid": "00000000-0000-4000-8000-000000000000",
            "goodwill": promised.pk,
            "case_order": name_order(self.case, "D-1001", by=make.wang(), now=now)[0].pk,
            "recovery": recovery.pk,
            "listening": recovery.steps.get(kind="listening").pk,
            "gift": recovery.steps.get(kind="gift").pk,
            "proposal": propose(
                "text", "短一点", "没人读完", by=make.li(), now=now, department=make.front()
            ).pk,
            "statement": Statement.objects.create(
                department=make.quality(), month=now.date().replace(day=1), holder=make.wu(), opened_at=now
            ).pk,
            "emergency": take_the_path(self.case, reason="产线停了", by=make.he(), now=now).pk,
            "request": asked.request_id,
            "surge": make.surge([self.case]).pk,
            "lending": lending.pk,
            "handler": "wang",
            "identity": self.case.customer.identities.first().pk,
            "change": draft("note", [self.case.pk], by=make.wang(), now=now).pk,
            "number": self.case.number,
            "other": self.other.number,
            "token": self.case.tracking_token(),
            "task": self.task.pk,
            "question": self.question.pk,
            "clock": self.clock.pk,
            "extension": self.extension.pk,
            "escalation": self.escalation.pk,
            "customer": self.case.customer_id,
            **_mails(self.case, now),
            "segment": _segment(now).code,
            **_study(now),
            **_questionnaire(now),
            "form": "sheet",
            "skill": skill.code,
            "problem": problem.pk,
            "held_id": send(self.case, "换一台", by=make.wang(), now=now).pk,
        }

    def address(self, path: str) -> str:
        return path.format(**self.named)


def _mails(case, now):
    """One in quarantine, and one kept with the case whose sender nobody vouches for."""
    waits, _new = arriving.keep(b"From: a@example.com\r\nPrecedence: bulk\r\n\r\nnews", None, now=now)
    understanding.understand(waits, now=now)
    kept, _new = arriving.keep(b"From: b@example.com\r\n\r\nhello", None, now=now)
    understanding.keep_beside(kept, understanding.letter_of(kept), case, [], now)
    return {"mail": waits.pk, "kept_mail": kept.pk}


def _segment(now):
    made = segmenting.define("key", name="重点客户", owner=make.he(), by=None, now=now)
    segmenting.publish(made, RULE, by=None, now=now)
    return segmenting.keep_draft(made, OTHER_RULE, by=None, now=now)


def _study(now):
    made = pricing.begin("taps", name="龙头价格", owner=make.he(), by=None, now=now)
    answer = taking_in_prices.note(made, taking_in_prices.Given(1, (1, 2, 3, 4)), by=None, now=now)
    sale = pricing.observe(made, 100, 5, now.date() - timedelta(days=1), by=None, now=now)
    product = Product.objects.create(code="TAP-1", name="龙头", line="卫浴", added_at=now)
    return {"study": made.code, "answer": answer.pk, "sale": sale.pk, "product": product.pk}


def _questionnaire(now):
    made = building.add(
        code="pulse", name="季度满意度", owner=make.he(), begin_from="quarterly", by=None, now=now
    )
    building.publish(made, by=None, now=now)
    wave = waves.open_wave(made, code="march", name="三月", owner=make.he(), by=None, now=now)
    sampling.keep_plan(wave, sampling.Plan({"from": "cases"}, way="phone"), by=make.he(), now=now)
    said = {"name": "办结后", "questionnaire": made, "owner": make.he(), "begins": "case_closed"}
    plan, _new = standing.keep("after", said, by=None, now=now)
    call = Invitation.objects.create(wave=wave, made_at=now, state="to_call", held_by=make.wang(), held_until=now + timedelta(days=1))  # fmt: skip
    point = OpinionPoint.objects.create(code="lobby", name="大厅", made_at=now)
    hanging_up.hang_up(wave, point, by=None, now=now)
    themes = listen_make.themed(wave)
    return {
        "questionnaire": made.code,
        "wave": wave.code,
        "wave_plan": plan.code,
        "place": point.code,
        "survey_call": call.pk,
    } | themes
