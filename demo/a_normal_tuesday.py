"""A normal Tuesday at Jinlian Zippers: what comes in, who does what, and a promise that nobody keeps.

`SCENES` are (seconds after the start, what happens). Each scene is a few calls of the same verbs the pages use.
Nobody touches the two complaints about colours: their short promises are warned of, broken, and climb.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from guixin.organisation.models import Department, Person, Skill
from guixin.promise.extending import ask, decide
from guixin.promise.models import Clock
from guixin.serve import asking_experts, call_backs, closing, escalating, handling, replying, waiting
from guixin.serve.call_back_windows import windows
from guixin.serve.filling_in import fill_in, form_to_fill_in
from guixin.serve.intake import Arrival, open_case
from guixin.serve.models import CallBack, CallBackLine, Case, CaseFormVersion, HardProblem, Task
from guixin.understand.models import Customer

Scene = Callable[[datetime], None]

WATCHED = "出口羽绒服拉链沾色"  # the case whose tracking link is printed


def person(login: str) -> Person:
    return Person.objects.get(login=login)


def customer(name: str, phone: str, now: datetime, kind: str = "company", grade: str = "") -> Customer:
    found, _is_new = Customer.objects.for_intake(kind, name, [("phone", phone)], now)
    if grade:
        found.grade = grade
        found.save(update_fields=["grade"])
    return found


def case(subject: str) -> Case:
    return Case.objects.get(subject=subject)


def task(subject: str, department: str) -> Task:
    return Task.objects.get(case__subject=subject, department__code=department)


def take_in(now: datetime, subject: str, who: Customer, by: str, before: float = 0, **more) -> Case:
    """Taken in now, or `before` seconds ago (a call that was noted down afterwards)."""
    arrival: dict[str, Any] = {"kind": "complaint", "channel": "phone", "customer": who} | more
    opened_at = now - timedelta(seconds=before)
    return open_case(Arrival(subject=subject, opened_at=opened_at, **arrival), now=now, by=person(by))


def the_morning(now: datetime) -> None:
    """What is there when the doors open."""
    padding = customer("海蓝服饰", "021 5566 7788", now, grade="A")
    bags = customer("北辰箱包", "0577 8866 1200", now)
    take_in(
        now, WATCHED, padding, "gu", before=45, category="quality/colour", product="5号尼龙拉链", severity=3,
        story="水洗后深蓝拉链布带沾染白色面料，2000件待出货。", channel="web",
    )  # fmt: skip
    take_in(
        now, "红色布带日晒褪色", bags, "shen", before=100, category="quality/colour", product="8号树脂拉链",
        story="样品在橱窗两周后明显褪色。",
    )  # fmt: skip
    take_in(
        now, "少发三箱5号金属拉链", customer("晨光童装", "0595 2233 4455", now), "meng",
        category="delivery/short", product="5号金属拉链", story="送货单12箱，实收9箱。",
    )  # fmt: skip
    take_in(
        now, "拉头在低温下断裂", customer("雪岭户外", "0431 6677 8899", now, grade="A"), "shen",
        category="quality/strength", product="10号防水拉链", severity=3, story="零下20度测试，50件断3件。",
    )  # fmt: skip


def an_enquiry_is_answered_at_once(now: datetime) -> None:
    somebody = customer("林女士", "139 0000 2211", now, kind="person")
    asked = take_in(
        now, "5号拉头有没有现货", somebody, "gu", kind="enquiry", channel="chat", departments=None
    )
    replying.reply(asked, "有现货，今天可发，已把价目表发给您。", by=person("gu"), now=now)
    closing.close(asked, by=person("gu"), now=now)


def logistics_accepts(now: datetime) -> None:
    handling.accept(task("少发三箱5号金属拉链", "logistics"), by=person("pan"), now=now)


def quality_accepts_and_asks(now: datetime) -> None:
    broken = task("拉头在低温下断裂", "quality")
    handling.accept(broken, by=person("dai"), now=now)
    handling.ask(broken, "断裂样品能否寄回？批号多少？", by=person("dai"), now=now)


def the_customer_is_asked(now: datetime) -> None:
    broken = case("拉头在低温下断裂")
    waiting.wait_for_customer(broken, "请告知批号，并寄回断裂样品两件。", by=person("shen"), now=now)


def sales_asks_for_technical_help(now: datetime) -> None:
    visit = take_in(
        now, "需要现场调试缝纫压脚", customer("远航帐篷", "0571 9900 1122", now), "meng",
        kind="service_request", category="technology/on-site", story="新换8号拉链后跳针，请派技术员。",
    )  # fmt: skip
    said = {
        "address": "杭州市萧山区市心北路1000号远航帐篷二车间", "contact": "车间主任老何 13800002233",
        "machine": "JUKI LU-1508N", "tried": ["换针", "调压脚"], "pass": "东门访客登记，需穿安全鞋",
    }  # fmt: skip
    fill_in(visit, _asked(visit), said, by=person("meng"), now=now)


def _asked(what: Case) -> CaseFormVersion:
    version = form_to_fill_in(what)
    assert version is not None
    return version


def requests_come_with_their_forms(now: datetime) -> None:
    """A sample, advice and a technical question: customers fill in the sheet themselves, or the desk does while they talk."""
    samples = take_in(
        now, "打样：5号尼龙拉链 藏青", customer("海蓝服饰", "021 5566 7788", now), "shen", kind="service_request",
        category="sales/samples", channel="web",
    )  # fmt: skip
    said = {
        "product": "5号尼龙拉链", "colour": "PANTONE 19-4024", "length": "60", "pieces": "20", "send": "寄送",
        "receiver": "沈小姐 13900004455", "address": "上海市松江区新桥镇明华路88号",
    }  # fmt: skip
    fill_in(samples, _asked(samples), said, by=None, now=now)
    advice = take_in(
        now, "冲锋衣选哪种防水拉链", customer("雪岭户外", "0431 6677 8899", now), "gu", kind="enquiry",
        category="sales", channel="phone",
    )  # fmt: skip
    said = {"use": "帐篷户外", "quantity": "12", "tests": ["防水", "REACH"]}
    fill_in(advice, _asked(advice), said, by=person("gu"), now=now)
    technical = take_in(
        now, "新线上拉头卡滞", customer("北辰箱包", "0577 8866 1200", now), "meng", kind="service_request",
        category="technology", product="8号树脂拉链", story="换班后开始，降速后好一些。",
    )  # fmt: skip
    said = {
        "product": "8号树脂拉链", "machine": "兄弟 S-7250A", "symptom": ["拉头卡滞"], "speed": "3500", "stopped": "no",
    }  # fmt: skip
    fill_in(technical, _asked(technical), said, by=person("meng"), now=now)


def logistics_finds_the_boxes(now: datetime) -> None:
    short = task("少发三箱5号金属拉链", "logistics")
    handling.return_result(
        short, "三箱遗留在二号月台，今天16点补发，运单稍后提供。", by=person("pan"), now=now
    )


def technology_asks_for_time(now: datetime) -> None:
    visit = task("需要现场调试缝纫压脚", "technology")
    handling.accept(visit, by=person("hao"), now=now)
    clock = Clock.objects.open().get(about_kind="task", about_id=visit.pk, measure="result")
    ask(
        clock,
        by=person("hao"),
        until=clock.due_at + timedelta(days=2),
        reason="技术员周四才从展会返回",
        now=now,
    )


def the_supervisor_grants_it(now: datetime) -> None:
    visit = task("需要现场调试缝纫压脚", "technology")
    clock = Clock.objects.get(about_kind="task", about_id=visit.pk, measure="result")
    asked = clock.extensions.get(state="asked")
    decide(asked, by=asked.authority, granted=True, now=now)


def the_boxes_are_told_and_closed(now: datetime) -> None:
    short = case("少发三箱5号金属拉链")
    replying.reply(short, "三箱今天16点补发，运费由我们承担，给您添麻烦了。", by=person("meng"), now=now)
    closing.close(
        short, by=person("meng"), now=now, department=Department.objects.get(code="logistics"),
        quality_point="packing", cause="process", severity=2, summary="装车核对遗漏",
    )  # fmt: skip


def the_customer_answers(now: datetime) -> None:
    replying.customer_adds(case("拉头在低温下断裂"), "批号 T2311-08，样品今天寄出。", now=now)


def nobody_knows_whose_this_is(now: datetime) -> None:
    take_in(
        now, "希望包装袋改用可降解材料", customer("绿野服饰", "0512 3344 5566", now), "gu", kind="suggestion",
        channel="email",
    )  # fmt: skip


def the_customer_urges(now: datetime) -> None:
    replying.customer_urges(case(WATCHED), now=now)


def the_desk_raises_it_by_hand(now: datetime) -> None:
    escalating.by_hand(case(WATCHED), reason="客户周五出货，今天必须有结论", by=person("gu"), now=now)


def two_customers_want_to_be_called(now: datetime) -> None:
    """On the page for it, from a phone; the first time that is free."""
    desk = CallBackLine.objects.get(code="service")
    first = next(each for each in windows(desk, now) if each.left)
    call_backs.ask(
        desk,
        phone="137 0000 5566",
        name="苏先生",
        about="5号拉链能否按色卡染色，起订量多少",
        window=first.key,
        now=now,
    )
    call_backs.ask(
        desk, phone="0595 2233 4455", name="", about="少发的三箱什么时候到", window=first.key, now=now,
        number=case("少发三箱5号金属拉链").number,
    )  # fmt: skip


def one_is_called_back_on_time(now: datetime) -> None:
    call = CallBack.objects.get(about_words__startswith="5号拉链能否按色卡染色")
    call_backs.take(call, by=person("gu"), now=now)
    call_backs.show_number(call, by=person("gu"), now=now)
    call_backs.reached(
        call, CallBack.Outcome.ANSWERED, "可以，500米起染，色卡今天寄出。", by=person("gu"), now=now
    )  # fmt: skip


def an_expert_is_asked(now: datetime) -> None:
    """Two hard problems: one is with its expert, the other will be a lesson before the day is over."""
    skills = {each.code: each for each in Skill.objects.all()}
    asking_experts.ask_expert(
        case(WATCHED), skills["dyeing"], "同一批布带只有水洗后才沾色，还原清洗记录正常，还可能是哪一步？",
        by=person("dai"), now=now,
    )  # fmt: skip
    asking_experts.ask_expert(
        case("需要现场调试缝纫压脚"), skills["sewing"], "8号拉链跳针，换针、调压脚都试过，车速3500，还能调哪里？",
        by=person("meng"), now=now,
    )  # fmt: skip


def the_expert_concludes_and_it_becomes_a_lesson(now: datetime) -> None:
    asked = HardProblem.objects.open().get(skill__code="sewing")
    concluded = asking_experts.conclude(
        asked, by=asked.expert, now=now, cause="8号链牙高，压脚抬不平，针在牙边被带偏。",
        remedy="换单边压脚，针用14号，车速降到2500以下，离牙边留1.5毫米。",
        tell_customer="请换单边压脚和14号针，车速先降到2500，我们带压脚上门。",
    )  # fmt: skip
    asking_experts.keep_in_handbook(concluded, title="8号拉链缝纫跳针", by=concluded.expert, now=now)


SCENES: list[tuple[float, Scene]] = [
    (0, the_morning),
    (6, an_enquiry_is_answered_at_once),
    (9, logistics_accepts),
    (10, two_customers_want_to_be_called),
    (12, quality_accepts_and_asks),
    (17, the_customer_is_asked),
    (24, sales_asks_for_technical_help),
    (26, requests_come_with_their_forms),
    (28, logistics_finds_the_boxes),
    (34, technology_asks_for_time),
    (37, one_is_called_back_on_time),
    (40, the_supervisor_grants_it),
    (46, the_boxes_are_told_and_closed),
    (50, the_customer_answers),
    (55, nobody_knows_whose_this_is),
    (60, an_expert_is_asked),
    (66, the_customer_urges),
    (78, the_expert_concludes_and_it_becomes_a_lesson),
    (90, the_desk_raises_it_by_hand),
]
