"""Each path of the API: allowed, without a key, without the scope, and for somebody else's object."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from guixin.channels.api.tests import make
from guixin.channels.api.urls import api
from guixin.channels.mail import arriving, understanding
from guixin.handbook.tests.make import article
from guixin.ledger.clock import set_virtual_clock
from guixin.ledger.numbering import number_entries
from guixin.listen import building, hanging_up, sampling, standing, waves
from guixin.listen.models import Invitation
from guixin.listen.tests import make as listen_make
from guixin.organisation.granting import lend
from guixin.organisation.models import Scopes
from guixin.organisation.skilling import keep_skill
from guixin.organisation.tests.make import line, spending_table
from guixin.promise.models import Clock, Escalation, Extension, Statement
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

pytestmark = pytest.mark.django_db
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


def _calls():
    """(method, path, body, headers, status for Wang of the front desk; or who else may)."""
    said, reason = {"body": "好的"}, {"reason": "说明原因"}
    step = {"department": "logistics"}
    decided = {"note": "已安排", "look_again_at": SOON}
    return [
        ("POST", "/cases", {"kind": "enquiry", "subject": "几点关门"}, 201, "wang"),
        ("GET", "/cases?queue=all", None, 200, "wang"),
        ("GET", "/cases/{number}", None, 200, "wang"),
        ("PATCH", "/cases/{number}", {"severity": 3}, 200, "wang"),
        ("GET", "/cases/{number}/entries", None, 200, "wang"),
        ("POST", "/cases/{number}/replies", said, 201, "wang"),
        ("DELETE", "/cases/{number}/replies/{held_id}", None, 200, "wang"),
        ("POST", "/cases/{number}/notes", said, 201, "wang"),
        ("POST", "/cases/{number}/waiting", {"question": "型号?"}, 201, "wang"),
        ("DELETE", "/cases/{number}/waiting", None, 422, "wang"),
        ("POST", "/cases/{number}/snooze", {}, 201, "wang"),
        ("DELETE", "/cases/{number}/snooze", None, 200, "wang"),
        ("POST", "/cases/{number}/routing", {"steps": [step], **reason}, 201, "wang"),
        ("POST", "/cases/{number}/owner", {"login": "tang"}, 200, "wang"),
        ("POST", "/cases/{number}/escalations", reason, 201, "wang"),
        ("POST", "/cases/{number}/closing", {}, 409, "wang"),
        ("DELETE", "/cases/{number}/closing?reason=again", None, 409, "wang"),
        ("POST", "/cases/{number}/follow-up", {"outcome": "satisfied"}, 409, "wang"),
        ("POST", "/cases/{number}/follow-up/call", None, 409, "wang"),
        ("POST", "/cases/{number}/merge", {"number": "{other}"}, 200, "wang"),
        ("POST", "/cases/{number}/links", {"number": "{other}"}, 201, "wang"),
        ("POST", "/cases/{number}/split", {"subject": "第二件事"}, 201, "wang"),
        ("GET", "/tasks?queue=department", None, 200, "li"),
        ("GET", "/tasks/{task}", None, 200, "li"),
        ("POST", "/tasks/{task}/acceptance", {}, 201, "li"),
        ("POST", "/tasks/{task}/questions", {"question": "什么时候?"}, 201, "li"),
        ("POST", "/tasks/{task}/questions/{question}/answer", {"answer": "上周"}, 201, "wang"),
        ("POST", "/tasks/{task}/result", {"result": "换货"}, 201, "li"),
        ("POST", "/tasks/{task}/transfer", {"department": "logistics", **reason}, 200, "li"),
        ("POST", "/tasks/{task}/sending-back", reason, 200, "li"),
        ("DELETE", "/tasks/{task}?reason=obsolete", None, 200, "wang"),
        ("POST", "/clocks/{clock}/extension", {"until": LATER, **reason}, 201, "li"),
        ("POST", "/extensions/{extension}/decision", {"granted": False}, 200, "he"),
        ("GET", "/authority", None, 200, "wang"),
        ("GET", "/authority/mine", None, 200, "wang"),
        ("GET", "/authority/uses", None, 200, "wang"),
        ("POST", "/authority/lendings", {"borrower": "tang", "decision": "goodwill", "limit": 100, "currency": "CNY",
                                         "from_at": LATER, "to_at": "2099-03-06T10:00:00+08:00", **reason}, 201, "wang"),
        ("DELETE", "/authority/lendings/{lending}", None, 204, "wang"),
        ("GET", "/requests", None, 200, "wang"),
        ("GET", "/requests/{request}", None, 200, "wang"),
        ("POST", "/requests/{request}/words", said, 201, "wang"),
        ("POST", "/requests/{request}/approval", {}, 200, "he"),
        ("POST", "/requests/{request}/refusal", {"note": "不"}, 200, "he"),
        ("DELETE", "/requests/{request}", None, 200, "wang"),
        ("GET", "/proposals", None, 200, "li"),
        ("POST", "/proposals", {"kind": "text", "subject": "短一点", "why": "没人读完", "department": "front"}, 201, "li"),
        ("GET", "/proposals/{proposal}", None, 200, "li"),
        ("POST", "/proposals/{proposal}/trial", {"until": LATER, "note": "一周", "departments": ["quality"]}, 200, "he"),
        ("POST", "/proposals/{proposal}/acceptance", {"answer": "好", "result": "第 3 版"}, 200, "he"),
        ("POST", "/proposals/{proposal}/refusal", {"answer": "不"}, 200, "he"),
        ("DELETE", "/proposals/{proposal}", None, 200, "li"),
        ("GET", "/statements", None, 200, "wang"),
        ("POST", "/statements/{statement}/saying", {"nothing_to_change": True}, 200, "wu"),
        ("GET", "/problems?which=open", None, 200, "wang"),
        ("POST", "/cases/{number}/problems", {"skill": "loading", "question": "为什么?"}, 201, "wang"),
        ("POST", "/cases/{number}/spared-experts", {"article": "{article}"}, 201, "wang"),
        ("GET", "/problems/{problem}", None, 200, "li"),
        ("POST", "/problems/{problem}/conclusion", {"remedy": "换针"}, 200, "li"),
        ("POST", "/problems/{problem}/passing-on", {"skill": "loading"}, 200, "li"),
        ("POST", "/problems/{problem}/withdrawal", {}, 200, "wang"),
        ("POST", "/problems/{problem}/handbook", {"title": "跳针"}, 409, "wang"),
        ("GET", "/skills", None, 200, "wang"),
        ("PUT", "/skills/{skill}", {"name": "缝制", "people": ["li"]}, 200, "he"),
        ("GET", "/forms", None, 200, "wang"),
        ("POST", "/forms", {"name": "打样", "code": "samples"}, 201, "he"),
        ("GET", "/forms/{form}", None, 200, "wang"),
        ("PUT", "/forms/{form}", {"name": "服务单", "kind": "complaint"}, 200, "he"),
        ("PUT", "/forms/{form}/draft", {"fields": [{"key": "machine", "label": "设备"}]}, 200, "he"),
        ("POST", "/forms/{form}/publication", {"note": "少问一项"}, 422, "he"),
        ("PUT", "/forms/{form}/withdrawal", None, 200, "he"),
        ("DELETE", "/forms/{form}/withdrawal", None, 200, "he"),
        ("GET", "/cases/{number}/form", None, 200, "wang"),
        ("PUT", "/cases/{number}/form", {"answers": {"machine": "A-2"}, "read_at": 1}, 200, "li"),
        ("POST", "/cases/{number}/form/reveal", {"reason": "回电确认地址"}, 200, "wang"),
        ("GET", "/terms?list=cause", None, 200, "wang"),
        ("POST", "/terms", {"list": "cause", "name": "工装"}, 201, "ma"),
        ("PATCH", "/terms/1", {"retired": True}, 404, "ma"),
        ("GET", "/cases/{number}/suggestions", None, 200, "wang"),
        ("GET", "/cases/{number}/classification", None, 200, "wang"),
        ("PUT", "/cases/{number}/classification", {"version": 1, **reason}, 409, "wang"),
        ("GET", "/classification", None, 200, "wang"),
        ("GET", "/causes?by=cause&weight=severity", None, 200, "wang"),
        ("GET", "/causes/cases?by=category&value=quality", None, 200, "wang"),
        ("GET", "/surges?waiting=true", None, 200, "wang"),
        ("GET", "/surges/{surge}", None, 200, "wang"),
        ("POST", "/surges/{surge}/acknowledgement", {"done": "已停发"}, 200, "he"),
        ("GET", "/emergencies", None, 200, "wang"),
        ("POST", "/cases/{other}/emergency", reason, 201, "he"),
        ("GET", "/emergencies/{emergency}", None, 200, "wang"),
        ("POST", "/emergencies/{emergency}/in-hand", {"note": "已派车"}, 200, "he"),
        ("POST", "/emergencies/{emergency}/review", {"verdict": "justified", "learnt": "备一台车"}, 200, "sun"),
        ("GET", "/handovers", None, 200, "he"),
        ("GET", "/handovers/{handler}", None, 200, "he"),
        ("POST", "/handovers/{handler}", {"to": ["tang"]}, 201, "he"),
        ("GET", "/bulk/{change}", None, 200, "wang"),
        ("POST", "/bulk/{change}/undoing", None, 409, "wang"),
        ("GET", "/recoveries?mine=true", None, 200, "wang"),
        ("POST", "/cases/{other}/recovery", {"fault": "ours"}, 201, "wang"),
        ("GET", "/recoveries/{recovery}", None, 200, "li"),
        ("PUT", "/recoveries/{recovery}/fault", {"fault": "shared"}, 200, "wang"),
        ("POST", "/recoveries/{recovery}/steps", {"kind": "apology", "owner": "wu"}, 201, "wang"),
        ("POST", "/recoveries/{recovery}/skipped", {"justice": "outcome", **reason}, 201, "wang"),
        ("POST", "/recoveries/{recovery}/finish", {}, 409, "wang"),
        ("POST", "/recoveries/{recovery}/giving-up", reason, 200, "wang"),
        ("POST", "/recovery-steps/{listening}/done", {"said": "听完了"}, 200, "wang"),
        ("POST", "/recovery-steps/{gift}/promise", {"amount": 100, "currency": "CNY", **reason}, 201, "wang"),
        ("PUT", "/recovery-steps/{listening}/owner", {"owner": "li"}, 200, "wang"),
        ("POST", "/recovery-steps/{gift}/leaving-out", reason, 200, "wang"),
        ("GET", "/compensations?state=promised&department=quality", None, 200, "wang"),
        ("GET", "/recoveries/effect", None, 200, "he"),
        ("POST", "/recoveries/effect", {}, 202, "he"),
        ("GET", "/compensations/reconciliation", None, 200, "he"),
        ("POST", "/compensations/file", {"form": "csv"}, 200, "wang"),
        ("GET", "/recovery-rules", None, 200, "wang"),
        ("PUT", "/recovery-rules/sorry", {"name": "改名", "steps": [{"kind": "gift"}]}, 200, "he"),
        ("POST", "/goodwill/{goodwill}/handing-over", {"given_on": TODAY, "reference": "PAY-1"}, 200, "wang"),
        ("POST", "/cases/{number}/goodwill", {"amount": 100, "currency": "CNY", **reason}, 201, "wang"),
        ("DELETE", "/cases/{number}/goodwill/{goodwill}", None, 200, "wang"),
        ("PUT", "/cases/{number}/price", {"amount": 100_000, "currency": "CNY"}, 200, "wang"),
        ("POST", "/escalations/{escalation}/act", decided, 200, "qian"),
        ("POST", "/escalations/{escalation}/taking-over", decided, 200, "qian"),
        ("POST", "/escalations/{escalation}/instruction", decided, 200, "qian"),
        ("POST", "/escalations/{escalation}/reassignment", decided | {"person": "li"}, 200, "qian"),
        ("POST", "/escalations/{escalation}/silence", decided, 200, "qian"),
        ("GET", "/customers?find=8000", None, 200, "wang"),
        ("GET", "/find?q=8000", None, 200, "wang"),
        ("POST", "/suggestions", {"text": "色差"}, 200, "wang"),
        ("GET", "/lifecycle?length=quarter", None, 200, "wang"),
        ("GET", "/motives?market=reseller", None, 200, "wang"),
        ("GET", "/questionnaires", None, 200, "wang"),
        ("POST", "/questionnaires", {"code": "closed", "name": "办结后", "owner": "chen", "begin_from": "after-complaint"}, 201, "he"),
        ("GET", "/questionnaires/{questionnaire}", None, 200, "wang"),
        ("PUT", "/questionnaires/{questionnaire}", {"name": "每季一问", "owner": "chen"}, 200, "he"),
        ("PUT", "/questionnaires/{questionnaire}/draft", {"questions": [{"code": "fast", "label": "快吗", "reads_as": "csat"}]}, 200, "he"),
        ("DELETE", "/questionnaires/{questionnaire}/draft", None, 200, "he"),
        ("POST", "/questionnaires/{questionnaire}/publication", {"note": "第一版"}, 422, "he"),
        ("PUT", "/questionnaires/{questionnaire}/withdrawal", None, 200, "he"),
        ("DELETE", "/questionnaires/{questionnaire}/withdrawal", None, 200, "he"),
        ("GET", "/waves", None, 200, "wang"),
        ("POST", "/waves", {"questionnaire": "pulse", "name": "四月", "owner": "chen"}, 201, "he"),
        ("GET", "/waves/{wave}", None, 200, "wang"),
        ("PUT", "/waves/{wave}", {"name": "三月", "owner": "chen", "missing_codes": ["-99"]}, 200, "he"),
        ("PUT", "/waves/{wave}/closing", None, 200, "he"),
        ("DELETE", "/waves/{wave}/closing", None, 200, "he"),
        ("POST", "/waves/{wave}/invitations", {"invited": [{}]}, 201, "he"),
        ("DELETE", "/waves/{wave}/invitations", None, 200, "he"),
        ("POST", "/waves/{wave}/responses", {"responses": [{"answers": {"overall": 4}, "respondent": "1"}]}, 200, "he"),
        ("GET", "/waves/{wave}/results", None, 200, "wang"),
        ("GET", "/waves/{wave}/sample", None, 200, "wang"),
        ("PUT", "/waves/{wave}/sample", {"frame": {"source": "cases"}, "size": 9, "by": "department"}, 200, "he"),
        ("DELETE", "/waves/{wave}/sample", None, 204, "he"),
        ("PUT", "/waves/{wave}/sample/drawing", None, 200, "he"),
        ("PUT", "/waves/{wave}/sample/stop", None, 200, "he"),
        ("DELETE", "/waves/{wave}/sample/stop", None, 200, "he"),
        ("GET", "/wave-plans", None, 200, "wang"),
        ("POST", "/wave-plans", {"name": "买后", "questionnaire": "pulse", "owner": "chen", "begins": "purchased"}, 201, "he"),
        ("GET", "/wave-plans/{wave_plan}", None, 200, "wang"),
        ("PUT", "/wave-plans/{wave_plan}", {"name": "办结后", "questionnaire": "pulse", "owner": "he", "begins": "case_closed", "only": {"kinds": ["complaint"]}}, 200, "he"),
        ("PUT", "/wave-plans/{wave_plan}/stop", None, 200, "he"),
        ("DELETE", "/wave-plans/{wave_plan}/stop", None, 200, "he"),
        ("GET", "/wave-plans/{wave_plan}/preview", None, 200, "wang"),
        ("GET", "/asking-rules", None, 200, "he"),
        ("PUT", "/asking-rules", {"quiet_days": 60, "quiet_from": "20:00", "quiet_to": "08:00"}, 200, "he"),
        ("GET", "/waves/{wave}/calls", None, 200, "wang"),
        ("POST", "/waves/{wave}/calls", None, 200, "wang"),
        ("DELETE", "/waves/{wave}/calls/{survey_call}", None, 200, "wang"),
        ("POST", "/waves/{wave}/calls/{survey_call}/answers", {"answers": {"quality": 4}}, 200, "wang"),
        ("POST", "/waves/{wave}/calls/{survey_call}/outcome", {"outcome": "no_answer"}, 200, "wang"),
        ("GET", "/waves/{wave}/places", None, 200, "wang"),
        ("PUT", "/waves/{wave}/places/{place}", None, 200, "he"),
        ("DELETE", "/waves/{wave}/places/{place}", None, 200, "he"),
        ("GET", "/waves/{wave}/short-plank", None, 200, "wang"),
        ("GET", "/waves/{wave}/five-gaps", None, 200, "wang"),
        ("GET", "/waves/{wave}/groups", None, 200, "wang"),
        ("GET", "/waves/{wave}/responses", None, 200, "wang"),
        ("GET", "/waves/{wave}/sharing", None, 200, "wang"),
        ("POST", "/waves/{wave}/export", {"form": "csv"}, 200, "he"),
        ("POST", "/waves/{wave}/sharing", None, 409, "he"),
        ("GET", "/waves/{wave}/departments/quality", None, 200, "wang"),
        ("GET", "/waves/{wave}/themes", None, 200, "wang"),
        ("GET", "/waves/{wave}/themes/{theme}/answers", None, 200, "wang"),
        ("GET", "/waves/{wave}/questions/{open_question}/others", None, 200, "wang"),
        ("PUT", "/waves/{wave}/themes/{theme}", {"name": "吵"}, 200, "he"),
        ("PUT", "/waves/{wave}/open-answers/{open_answer}", {"theme": None}, 200, "he"),
        ("POST", "/waves/{wave}/themes/{theme}/merging", {"into": listen_make.OTHER_THEME}, 200, "he"),
        ("GET", "/price-studies", None, 200, "wang"),
        ("POST", "/price-studies", {"code": "pans", "name": "锅", "owner": "chen"}, 201, "he"),
        ("GET", "/price-studies/{study}", None, 200, "wang"),
        ("PATCH", "/price-studies/{study}", {"line": "龙头"}, 200, "he"),
        ("POST", "/price-studies/{study}/closing", None, 200, "he"),
        ("DELETE", "/price-studies/{study}/closing", None, 200, "he"),
        ("GET", "/price-studies/{study}/results", None, 200, "wang"),
        ("GET", "/price-studies/{study}/answers?which=used", None, 200, "wang"),
        ("POST", "/price-studies/{study}/answers",
         {"answers": [{"too_cheap": 1, "cheap": 2, "expensive": 3, "too_expensive": 4}]}, 201, "wang"),
        ("POST", "/price-studies/{study}/answers/{answer}/striking", {"why": "填反了"}, 200, "he"),
        ("POST", "/price-studies/{study}/sales", {"price": 980, "quantity": 20, "on": "2026-03-01"}, 201, "he"),
        ("DELETE", "/price-studies/{study}/sales/{sale}", None, 204, "he"),
        ("GET", "/segment-facts", None, 200, "wang"),
        ("GET", "/segments", None, 200, "wang"),
        ("POST", "/segments", {"code": "new", "name": "新客户", "owner": "chen"}, 201, "he"),
        ("GET", "/segments/{segment}", None, 200, "wang"),
        ("PATCH", "/segments/{segment}", {"purpose": "每月拜访"}, 200, "he"),
        ("POST", "/segments/{segment}/preview", {"rule": RULE}, 200, "wang"),
        ("POST", "/segments/{segment}/draft", {"rule": RULE}, 200, "he"),
        ("DELETE", "/segments/{segment}/draft", None, 200, "he"),
        ("POST", "/segments/{segment}/publication", {}, 201, "he"),
        ("DELETE", "/segments/{segment}/publication", None, 200, "he"),
        ("POST", "/segments/{segment}/place", {"place": 1}, 200, "he"),
        ("GET", "/segments/{segment}/customers?which=entered&from=2026-01-01", None, 200, "wang"),
        ("POST", "/customers", {"name": "李四", "phones": ["13900139000"]}, 201, "wang"),
        ("GET", "/customers/{customer}", None, 200, "wang"),
        ("GET", "/customers/{customer}/purchases", None, 200, "wang"),
        ("GET", "/customers/{customer}/timeline?kind=cases", None, 200, "wang"),
        ("GET", "/products?find=taps", None, 200, "wang"),
        ("GET", "/products/{product}", None, 200, "wang"),
        ("GET", "/customers/{customer}/worth", None, 200, "wang"),
        ("POST", "/customers/{customer}/reveal", {"reason": "回电确认地址"}, 200, "wang"),
        ("POST", "/customers/{customer}/data", {"reason": "本人来信查询"}, 200, "he"),
        ("GET", "/customers/attributes", None, 200, "wang"),
        ("GET", "/customers/duplicates", None, 200, "wang"),
        ("POST", "/customers/records", {"name": "李四", "phones": ["13900139000"], "market": "reseller"}, 201, "wang"),
        ("GET", "/customers/{customer}/record", None, 200, "wang"),
        ("PATCH", "/customers/{customer}/record", {"topics": "面料", "version": 1}, 200, "wang"),
        ("POST", "/customers/{customer}/identities", {"kind": "email", "value": "zhang@example.com"}, 201, "wang"),
        ("GET", "/customers/{customer}/splitting", None, 200, "wang"),
        ("POST", "/customers/{customer}/splitting", {"identity": "{identity}", "name": "张三的妻子"}, 201, "wang"),
        ("GET", "/customers/{customer}/consents", None, 200, "wang"),
        ("GET", "/customers/{customer}/consents/news?channel=sms", None, 200, "wang"),
        ("POST", "/customers/{customer}/consents", {"purpose": "news", "evidence": "展会登记表"}, 201, "wang"),
        ("DELETE", "/customers/{customer}/consents/news", None, 200, "wang"),
        ("GET", "/customers/{firm}/contact-people", None, 200, "wang"),
        ("POST", "/customers/{firm}/contact-people", {"person": "{customer}", "roles": ["buyer"]}, 201, "wang"),
        ("DELETE", "/customers/{firm}/contact-people/{customer}", None, 422, "wang"),
        ("POST", "/customers/{customer}/merging", {"other": "{twin}"}, 201, "wang"),
        ("DELETE", "/customers/{customer}/merging/{merge}", None, 200, "wang"),
        ("GET", "/call-back-lines", None, 200, "wang"),
        ("PUT", "/call-back-lines/service", {"name": "客服", "department": "front"}, 200, "ma"),
        ("GET", "/call-back-lines/none/windows", None, 404, "wang"),
        ("GET", "/call-backs?which=mine", None, 200, "wang"),
        ("POST", "/call-backs", {"line": "none", "window": LATER, "phone": "13900139000", "about": "x"}, 422, "wang"),
        ("GET", "/call-backs/1", None, 404, "wang"),
        ("POST", "/call-backs/1/window", {"window": LATER}, 404, "wang"),
        ("POST", "/call-backs/1/cancelling", {}, 404, "wang"),
        ("POST", "/call-backs/1/taking", {}, 404, "wang"),
        ("DELETE", "/call-backs/1/taking", None, 404, "wang"),
        ("POST", "/call-backs/1/number", {}, 404, "wang"),
        ("POST", "/call-backs/1/outcome", {"outcome": "answered", "note": "x"}, 404, "wang"),
        ("GET", "/visit-rules", None, 200, "wang"),
        ("POST", "/visit-rules/trial", {"purposes": [{"code": "tour", "name": "参观"}], "grades": [{"code": "A", "name": "接待", "budget": "100"}]}, 200, "ma"),
        ("PUT", "/visit-rules", {"purposes": [{"code": "tour", "name": "参观"}], "grades": [{"code": "A", "name": "接待", "budget": "100"}]}, 200, "ma"),
        ("GET", "/visits?which=waiting", None, 200, "wang"),
        ("GET", "/visits/follow-ups", None, 200, "wang"),
        ("POST", "/visits", {"purpose": "tour", "people": 2, "wished_on": "2026-03-10", "company": "海风"}, 422, "wang"),
        ("GET", "/visits/1", None, 404, "wang"),
        ("PATCH", "/visits/1", {"version": 1}, 404, "wang"),
        ("POST", "/visits/1/grade", {"grade": "A", "reason": "x"}, 404, "wang"),
        ("POST", "/visits/1/approval", {"arrives_at": LATER, "leaves_at": LATER}, 404, "wang"),
        ("POST", "/visits/1/refusal", {"reason": "x"}, 404, "wang"),
        ("POST", "/visits/1/date", {"arrives_at": LATER, "leaves_at": LATER}, 404, "wang"),
        ("POST", "/visits/1/cancelling", {"reason": "x"}, 404, "wang"),
        ("POST", "/visits/1/again", {"wished_on": "2026-03-10"}, 404, "wang"),
        ("POST", "/visits/1/agenda", {"begins_at": LATER, "ends_at": LATER, "what": "x"}, 404, "wang"),
        ("DELETE", "/visits/1/agenda/1", None, 404, "wang"),
        ("POST", "/visits/1/feedback-link", {}, 404, "wang"),
        ("POST", "/visits/1/log", {"log": "x"}, 404, "wang"),
        ("GET", "/contacts?state=missed", None, 200, "wang"),
        ("POST", "/contacts", {"customer": "{customer}", "kind": "call", "notes": "要色卡"}, 201, "wang"),
        ("POST", "/contacts", {"customer": "{customer}", "kind": "visit", "planned_on": "2099-03-05"}, 201, "wang"),
        ("GET", "/contacts/{contact}", None, 200, "wang"),
        ("POST", "/contacts/{contact}/making", {"notes": "看了"}, 201, "wang"),
        ("POST", "/contacts/{contact}/moving", {"planned_on": "2099-03-06"}, 200, "wang"),
        ("POST", "/contacts/{contact}/cancelling", reason, 200, "wang"),
        ("POST", "/contact-series", {"customer": "{customer}", "kind": "visit", "subject": "走访", "every": 2, "unit": "weeks", "first_on": "2099-03-05"}, 201, "wang"),
        ("GET", "/contact-series/{series}", None, 200, "wang"),
        ("PATCH", "/contact-series/{series}", {"every": 3, "version": 1}, 200, "wang"),
        ("DELETE", "/contact-series/{series}", None, 200, "wang"),
        ("GET", "/articles?q=卡住&kind=article&audience=customers", None, 200, "wang"),
        ("POST", "/articles", {"kind": "lesson", "title_zh": "没对色", "failed_zh": "只看照片", "instead_zh": "对色板", "cases": []}, 201, "wang"),
        ("POST", "/articles/imports", None, 422, "wang"),
        ("GET", "/articles/questions", None, 200, "he"),
        ("GET", "/articles/{article}", None, 200, "wang"),
        ("POST", "/articles/{article}/revision", {"title_zh": "拉头卡住", "text_zh": "上蜡", "version": 1}, 200, "he"),
        ("POST", "/articles/{article}/publication", {}, 409, "he"),
        ("POST", "/articles/{article}/review", {}, 200, "he"),
        ("POST", "/articles/{article}/withdrawal", reason, 200, "he"),
        ("POST", "/articles/{article}/owner", {"owner": "li"}, 200, "he"),
        ("POST", "/articles/{article}/votes", {"helpful": True, "case": "{number}"}, 200, "wang"),
        ("POST", "/articles/{article}/cases", {"case": "{number}", "how": "inserted"}, 201, "wang"),
        ("POST", "/articles/{article}/files", None, 422, "he"),
        ("GET", "/articles/files/{token_uuid}", None, 404, "wang"),
        ("POST", "/cases/answered", {"kind": "enquiry", "subject": "卡住", "channel": "phone", "answer": "先退一点再拉"}, 201, "wang"),
        ("GET", "/first-contacts", None, 200, "wang"),
        ("GET", "/knowledge?q=仓库&which=flagged&family=customers", None, 200, "wang"),
        ("POST", "/knowledge", {"kind": "price", "title": "降价", "subject": "恒泰", "departments": ["quality"]}, 201, "wang"),
        ("GET", "/knowledge/{knowledge}", None, 200, "wang"),
        ("GET", "/knowledge/{knowledge}/readers", None, 200, "wang"),
        ("POST", "/knowledge/{knowledge}/judging", {"reliability": "B", "credibility": 2, "worth": 2, "topic": "库存"}, 200, "he"),
        ("POST", "/knowledge/{knowledge}/topic", {"topic": "库存"}, 409, "he"),
        ("POST", "/knowledge/{knowledge}/review", {}, 409, "he"),
        ("POST", "/knowledge/{knowledge}/revision", {"title": "仓库满了", "version": 1}, 200, "wang"),
        ("POST", "/knowledge/{knowledge}/ending", reason, 200, "he"),
        ("POST", "/knowledge/{knowledge}/uses", {"for_what": "报价", "case": "{number}"}, 201, "wang"),
        ("POST", "/knowledge/{knowledge}/sharing", {"departments": ["quality"]}, 201, "wang"),
        ("POST", "/knowledge/{knowledge}/reading", None, 200, "wang"),
        ("GET", "/needs?market=reseller", None, 200, "wang"),
        ("GET", "/needs/records?theme=x", None, 200, "wang"),
        ("GET", "/customers/{customer}/needs", None, 200, "wang"),
        ("POST", "/customers/{customer}/needs", {"theme": "两小时到场", "case": "{number}"}, 201, "wang"),
        ("POST", "/needs/{need}/end", reason, 200, "wang"),
        ("POST", "/customers/{customer}/different", {"other": "{twin}"}, 200, "wang"),
        ("GET", "/track/{number}/{token}", None, 200, None),
        ("POST", "/track/{number}/{token}/messages", said, 201, None),
        ("POST", "/track/{number}/{token}/urge", {}, 201, None),
        ("POST", "/track/{number}/{token}/confirmation", {"solved": True}, 201, None),
        ("GET", "/departments", None, 200, "wang"),
        ("GET", "/people?find=wang", None, 200, "wang"),
        ("GET", "/positions", None, 200, "wang"),
        ("GET", "/calendars", None, 200, "wang"),
        ("POST", "/absences", {"from_at": LATER, "to_at": "2099-03-06T10:00:00+08:00", "deputy": "tang"}, 201, "wang"),
        ("PUT", "/calendars/office/holidays/2027", {"pasted": "2027-01-01 休 元旦\n2027-02-07 班"}, 200, "ma"),
        ("GET", "/standards", None, 200, "wang"),
        ("POST", "/standards", {"code": "quick", "measure": "reply", "name": "快复", "budget_minutes": 60}, 201, "ma"),
        ("DELETE", "/standards/reply", None, 200, "ma"),
        ("GET", "/grade-rules", None, 200, "ma"),
        ("GET", "/grade-rules/draft", None, 200, "ma"),
        ("PATCH", "/grade-rules/draft", {"least_orders": 3}, 200, "ma"),
        ("GET", "/grade-rules/draft/preview", None, 200, "ma"),
        ("POST", "/grade-rules/draft/publication", {}, 422, "ma"),
        ("DELETE", "/grade-rules/draft", None, 204, "ma"),
        ("GET", "/rates", None, 200, "ma"),
        ("POST", "/rates", {"currency": "USD", "since": "2026-03-01", "rate": "7.1"}, 201, "ma"),
        ("POST", "/standards/reply/versions", {"budget_minutes": 60}, 201, "ma"),
        ("GET", "/strategies", None, 200, "wang"),
        ("GET", "/strategies/none", None, 404, "wang"),
        ("POST", "/strategies/none", {}, 404, "ma"),
        ("PUT", "/strategies/none/steps/needs", {"owner": "li", "version": 1}, 404, "ma"),
        ("POST", "/strategies/none/steps/needs/finishing", {}, 404, "ma"),
        ("DELETE", "/strategies/none/steps/needs/finishing", None, 404, "ma"),
        ("POST", "/strategies/none/steps/needs/tasks", {"what": "x", "owner": "li", "due_at": LATER}, 404, "ma"),
        ("POST", "/strategies/none/steps/needs/evidence", {"words": "x"}, 404, "ma"),
        ("POST", "/strategies/none/review", {"learnt": "x"}, 404, "ma"),
        ("POST", "/strategy-tasks/1/finishing", {}, 404, "ma"),
        ("GET", "/communication-plans", None, 200, "wang"),
        ("GET", "/communication-plans/none", None, 404, "wang"),
        ("POST", "/communication-plans/none/forecast", {"entries": []}, 404, "ma"),
        ("POST", "/communication-plans/none/versions", {"entries": []}, 404, "ma"),
        ("DELETE", "/communication-plans/none", None, 404, "ma"),
        ("GET", "/communication-plans/none/messages", None, 404, "wang"),
        ("GET", "/communication-messages/1", None, 404, "wang"),
        ("POST", "/communication-messages/1/replies", {"words": "x"}, 404, "wang"),
        ("POST", "/communication-messages/1/bounce", {}, 404, "wang"),
        ("GET", "/packages", None, 200, "wang"),
        ("POST", "/packages", {"code": "p", "name": "x", "segment": "none", **reason}, 422, "ma"),
        ("GET", "/packages/none", None, 404, "wang"),
        ("POST", "/packages/none/versions", reason, 404, "ma"),
        ("DELETE", "/packages/none", None, 404, "ma"),
        ("GET", "/kept?by=grade", None, 200, "wang"),
        ("GET", "/kept/promises?measure=reply", None, 200, "wang"),
        ("GET", "/standards/reply/versions", None, 200, "wang"),
        ("POST", "/standards/reply/trials", {"terms": {"budget_minutes": 60}}, 201, "ma"),
        ("GET", "/trials/1", None, 404, "ma"),
        ("GET", "/trials/1/promises", None, 404, "ma"),
        ("GET", "/blueprints", None, 200, "wang"),
        ("GET", "/blueprints/call", None, 404, "wang"),
        ("POST", "/blueprints/call/versions", {"steps": [], "elements": []}, 404, "ma"),
        ("GET", "/routing-rules", None, 200, "wang"),
        ("POST", "/routing-rules/quality/versions", {"name": "质量", "position": 1, "steps": [step]}, 201, "ma"),
        ("GET", "/entries?after=0", None, 200, "sun"),
        ("GET", "/mail?state=quarantined", None, 200, "wang"),
        ("GET", "/mail/{mail}", None, 200, "wang"),
        ("POST", "/mail/{mail}/case", None, 200, "wang"),
        ("POST", "/mail/{mail}/putting", {"case": "{number}"}, 200, "wang"),
        ("POST", "/mail/{mail}/discarding", reason, 200, "wang"),
        ("POST", "/mail/{mail}/again", None, 200, "wang"),
        ("POST", "/mail/{kept_mail}/sender", None, 200, "wang"),
        ("GET", "/mailboxes", None, 200, "ma"),
        ("POST", "/mailboxes", {"address": "service@guixin.invalid"}, 201, "ma"),
        ("GET", "/mailboxes/1", None, 404, "ma"),
        ("PATCH", "/mailboxes/1", {"is_active": False}, 404, "ma"),
        ("POST", "/mailboxes/1/test", None, 404, "ma"),
        ("POST", "/exports", {"noun": "standards", "form": "csv"}, 200, "he"),
        ("GET", "/robots", None, 200, "ma"),
        ("POST", "/robots", {"name": "群", "kind": "feishu", "url": "https://chat.invalid/x"}, 201, "ma"),
        ("PATCH", "/robots/1", {"is_active": False}, 404, "ma"),
        ("DELETE", "/robots/1", None, 404, "ma"),
        ("POST", "/robots/1/test", {}, 404, "ma"),
        ("GET", "/notice-wishes", None, 200, "wang"),
        ("PUT", "/notice-wishes", {"mail": ["urgent"], "robot": []}, 200, "wang"),
        ("GET", "/webhooks", None, 200, "ma"),
        ("POST", "/webhooks", {"url": "https://hooks.invalid/guixin"}, 201, "ma"),
        ("GET", "/webhooks/1", None, 404, "ma"),
        ("PATCH", "/webhooks/1", {"is_active": False}, 404, "ma"),
        ("DELETE", "/webhooks/1", None, 404, "ma"),
        ("GET", "/webhooks/1/deliveries", None, 404, "ma"),
        ("POST", "/webhooks/1/replay", {"from_position": 0}, 404, "ma"),
    ]  # fmt: skip


CALLS = _calls()
BY_KEY = [call for call in CALLS if call[4]]
# How the firm changes its rules, what it answers with and what its forms ask, is no secret inside it.
SEEN_BY_ALL = ("/proposals", "/statements", "/articles", "/forms", "/skills")
OF_A_CASE = [call for call in BY_KEY if "{" in call[1] and not call[1].startswith(SEEN_BY_ALL)]


# What stands for something in an address of the table without being a name in braces.
EXAMPLES = {
    "1", "none", "call", "reply", "quality", "office", "2027", "key", "needs", "resolve", "ring", "shops", "news", "service", "sheet", "sewing", "sorry",
}  # fmt: skip


def shape(path: str) -> str:
    """The path with whatever it names left open: "/cases/*/notes", however the thing is called."""
    return "/".join("*" if part.startswith("{") or part in EXAMPLES else part for part in path.split("/"))


def who(login):
    return make.administrator() if login == "ma" else make.person(login)


def body_for(world, body):
    return {k: world.address(v) if isinstance(v, str) else v for k, v in body.items()} if body else body


def called(world, api_program, call):
    method, path, body, *_rest = call
    headers = {"if_match": f'"{world.case.version}"'} if method == "PATCH" and "cases" in path else {}
    return api_program.call(method, world.address(path), body_for(world, body), **headers)


class Undo(Exception):
    """Ends a call: whatever it did is taken back."""


class Callers:
    """Every call in one world, which each of them leaves as it found it. A world is 200 statements, a call a dozen."""

    def __init__(self):
        self.world = World()
        self.programs = {}

    def wrong(self, calls, as_, is_right) -> list[str]:
        """The calls, made as whoever `as_` says, whose answers are not right."""
        return [
            f"{call[0]} {call[1]}: {answer.status_code} {answer.said}"
            for call in calls
            if not is_right(call, answer := self._answer(call, *as_(call)))
        ]

    def _answer(self, call, login, *scopes):
        if (login, *scopes) not in self.programs:
            self.programs[login, *scopes] = make.program(login and who(login), scopes)
        try:
            with transaction.atomic():
                answer = called(self.world, self.programs[login, *scopes], call)
                raise Undo
        except Undo:
            return answer


@pytest.fixture
def callers(db):
    return Callers()


def is_problem(answer, status):
    return answer.status_code == status and answer["Content-Type"] == make.PROBLEM and answer.said["detail"]


class TestEveryPath:
    def test_answers_whoever_may(self, callers):
        def is_right(call, answer):
            return is_problem(answer, call[3]) if call[3] >= 400 else answer.status_code == call[3]

        assert callers.wrong(CALLS, lambda call: (call[4],), is_right) == []

    def test_asks_for_a_key(self, callers):
        def is_right(_call, answer):
            return is_problem(answer, 401) and answer["WWW-Authenticate"] == "Bearer"

        assert callers.wrong(BY_KEY, lambda _call: (None,), is_right) == []

    def test_asks_for_the_scope(self, callers):
        """A key with one scope only, which none of the paths needs."""

        def is_right(_call, answer):
            return is_problem(answer, 403) and "scope" in answer.said["detail"]

        assert callers.wrong(BY_KEY, lambda call: (call[4], Scopes.IMPORTS), is_right) == []

    def test_hides_what_one_may_not_see(self, callers):
        """Zhao of logistics has no share in this case."""
        assert callers.wrong(OF_A_CASE, lambda _call: ("zhao",), lambda _call, a: a.status_code == 404) == []

    def test_is_in_this_table(self):
        """A path without a line above fails here, so nobody adds one without saying who may."""
        known = {(method, shape(path.partition("?")[0])) for method, path, *_rest in CALLS}
        described = {
            (method.upper(), shape(path.removeprefix("/api")))
            for path, methods in api.get_openapi_schema()["paths"].items()
            for method in methods
        }
        # Imports have their own tests, beside the importing.
        assert {
            each
            for each in described
            if not each[1].startswith(("/imports", "/purchases")) and "attachments" not in each[1]
        } == known

    def test_has_a_summary(self):
        for path, methods in api.get_openapi_schema()["paths"].items():
            for method, operation in methods.items():
                assert operation["summary"], (method, path)


class TestWhatTheCustomerSees:
    def test_needs_the_right_token(self):
        world = World()
        for token in ("x" * 24, "é", "%00", world.other.tracking_token()):
            assert make.program().get(f"/track/{world.case.number}/{token}").status_code == 404

    def test_names_no_person(self):
        world = World()
        shown = make.program().get(world.address("/track/{number}/{token}")).content.decode()
        for name in ("王芳", "李娜", "13800138000"):
            assert name not in shown


class TestActsOfOthers:
    def test_a_handler_who_sees_the_case_does_not_close_it(self):
        world = World()
        response = make.program(make.li()).post(world.address("/cases/{number}/closing"), {})
        assert response.status_code == 403

    def test_the_front_desk_does_not_accept_for_a_department(self):
        world = World()
        response = make.program(make.wang()).post(world.address("/tasks/{task}/acceptance"))
        assert response.status_code == 403

    def test_publishing_needs_the_duty_not_only_the_scope(self):
        make.standards()
        response = make.program(make.wang()).post("/standards/reply/versions", {"budget_minutes": 60})
        assert response.status_code == 403


class TestTryingAStandard:
    def test_tells_what_would_have_been_late_and_opens_the_cases(self):
        set_virtual_clock(make.at("12:00", 5))
        make.case(now=make.NOON)
        program = make.program(make.he())
        PostHolder = make.he().posts.get().position
        PostHolder.duties = [*PostHolder.duties, "administrator"]
        PostHolder.save()

        trial = program.post("/standards/reply/trials", {"terms": {"budget_minutes": 60}}).said
        late = program.get(f"/trials/{trial['id']}/promises?which=newly_late").said

        assert (trial["state"], trial["whole"]["newly_late"], late["number"]) == ("done", 1, 1)
        assert program.get(f"/trials/{trial['id']}").said["by"]["category"][0]["key"] == "quality"

    def test_refuses_the_same_as_the_page(self):
        make.standards()
        body = {"terms": {"budget_minutes": 60}, "opened_from": "2099-01-01T00:00:00+08:00"}
        refused = make.program(make.administrator()).post("/standards/reply/trials", body)
        assert (refused.status_code, refused.said["detail"]) == (
            422, "The span must begin before it ends, and in the past.",
        )  # fmt: skip


class TestTwoPeopleEditing:
    def test_both_sides_are_shown_and_nothing_is_overwritten(self):
        world, program = World(), make.program(make.wang())
        read = program.get(world.address("/cases/{number}"))
        program.patch(world.address("/cases/{number}"), {"subject": "先改的"}, if_match=read["ETag"])

        late = program.patch(world.address("/cases/{number}"), {"subject": "后改的"}, if_match=read["ETag"])

        assert late.status_code == 409
        assert late.said["yours"] == {"subject": "后改的"}
        assert late.said["theirs"] == {"subject": "先改的"}
        assert late.said["type"] == "urn:guixin:problem:edited-meanwhile"
        assert late.said["changed_by"] == make.wang().pk

    def test_an_edit_without_the_version_read_is_refused(self):
        world = World()
        assert make.program(make.wang()).patch(world.address("/cases/{number}"), {}).status_code == 428


class TestHiddenFields:
    def test_are_refused_not_ignored(self):
        body = {"kind": "enquiry", "subject": "x", "state": "closed", "owner_id": 1}
        refused = make.program(make.wang()).post("/cases", body)
        assert refused.status_code == 422
        assert {error["field"] for error in refused.said["errors"]} == {"state", "owner_id"}


class TestBadRequests:
    @pytest.mark.parametrize(
        ("method", "path", "body", "status"),
        [
            ("POST", "/cases", b"{not json", 400),
            ("POST", "/cases", b"\xff\xfe", 400),
            ("POST", "/cases", b"[" * 100_000, 400),
            ("POST", "/cases", {"kind": "enquiry", "subject": "a\x00b"}, 422),
            ("POST", "/cases", b'{"kind":"enquiry","subject":"\\ud800"}', 422),
            ("POST", "/cases", {"kind": "enquiry", "subject": "x", "opened_at": "0001-01-01T00:00:00+14:00"}, 422),
            ("POST", "/cases", {"kind": "enquiry", "subject": "x", "departments": ["nowhere"]}, 422),
            ("POST", "/cases", {"kind": "enquiry", "subject": "x", "customer": {"id": 9999}}, 422),
            ("POST", "/cases", b" " * (2 * 1024 * 1024 + 1), 413),
            ("PUT", "/cases", {}, 405),
            ("GET", "/nowhere", None, 404),
            ("GET", "/tasks/99999999999999999999999999", None, 404),
            ("GET", "/cases?queue=nonsense", None, 404),
            ("GET", "/cases?queue=mine&after=garbage", None, 404),
            ("GET", "/cases/2026-000001%00", None, 404),
            ("PUT", "/calendars/office/holidays/2027", {"pasted": "first of May"}, 422),
        ],
    )  # fmt: skip
    def test_are_answered_as_problems(self, method, path, body, status):
        make.calendar("office")
        person = make.administrator() if method == "PUT" else make.wang()
        response = make.program(person).call(method, path, body)
        assert response.status_code == status, response.said
        assert response["Content-Type"] == make.PROBLEM
        assert response.said["status"] == status
        assert response.said["instance"].startswith("/api/")


class TestASignedInPerson:
    def test_needs_the_csrf_token_where_something_changes(self):
        from django.test import Client

        client = Client(enforce_csrf_checks=True)
        client.force_login(make.wang())
        assert client.get("/api/cases").status_code == 200
        refused = client.post(
            "/api/cases", {"kind": "enquiry", "subject": "x"}, content_type="application/json"
        )
        assert refused.status_code == 403
        assert refused["Content-Type"] == make.PROBLEM


class TestALostDatabase:
    def test_is_said_with_a_time_to_come_back(self, monkeypatch):
        from django.db import OperationalError

        from guixin.channels.api import cases

        def lost(*args, **kwargs):
            raise OperationalError("server closed the connection")

        monkeypatch.setattr(cases, "open_case", lost)
        response = make.program(make.wang()).post("/cases", {"kind": "enquiry", "subject": "x"})
        assert response.status_code == 503
        assert response["Retry-After"]


class TestHolidaysPublished:
    def test_move_the_running_deadlines_at_once(self):
        set_virtual_clock(make.at("11:00"))
        case = make.case(now=make.at("10:00"), departments=[make.quality().pk])
        before = make.clock(case, "resolve").due_at
        pasted = "2026-03-05 休 大会\n2026-03-06 off"
        answer = make.program(make.administrator()).put("/calendars/office/holidays/2026", {"pasted": pasted})
        assert answer.status_code == 200, answer.said
        assert answer.said["moved"] > 0
        assert make.clock(case, "resolve").due_at > before
        assert Clock.objects.filter(case_id=case.pk, state="running").exists()


class TestTheLedger:
    def test_is_followed_by_position(self):
        make.case()
        number_entries()
        first = make.program(make.sun()).get("/entries?after=0").said["rows"]
        assert [row["position"] for row in first] == list(range(1, len(first) + 1))
        assert make.program(make.wang()).get("/entries").status_code == 403
