"""The factory visit: an important customer comes to see the works. The rules grade it, the head of the desk grants what it costs, six
departments prepare it in their order; it is written down with what was promised, the visitors say how it was, and the first
follow-up, a month later, is due this week."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from demo.ninety_days import Planned, some_words
from demo.telling import Cast, Place, Telling, Thread, hours
from demo.the_life_of_a_case import departments_begin
from demo.two_out_of_ten import answer
from guixin.listen import asking_visitors, waves
from guixin.listen.models import Questionnaire
from guixin.promise import authorising
from guixin.serve import receiving, replying, routing, visit_applying, visit_deciding, visit_log
from guixin.serve.models import Visit
from guixin.understand.models import Customer
from guixin.worktime import opens_next

ASKED_AGO = 29  # days
VISITOR = 45  # 极地科考服, grade A
ORDER = [
    ("sales", 1, "与客户定日程、人数、忌口"),
    ("production", 2, "定参观路线，样板线保持运转"),
    ("quality", 2, "准备低温强力与色牢度数据"),
    ("technology", 2, "做三条极寒防水拉链样品"),
    ("logistics", 3, "安排接送车辆与样品装箱"),
    ("finance", 3, "备好年框价格测算"),
]
MATTER = {
    "kind": "visit",
    "category": "",
    "severity": [3],
    "results": {
        "sales": "周四上午9:30到，一行五人，两位素食，中午在食堂小餐厅。",
        "production": "路线：染色—排咪—装配—检验，样板线当天排10号防水。",
        "quality": "零下40度强力数据与对比表已印好六份。",
        "technology": "三条样品完成，零下40度拉合五千次无异常。",
        "logistics": "七座车一辆，8:15酒店接；样品箱已封好。",
        "finance": "年框测算三档，最低价留给总监当面谈。",
    },
    "replies": ["接待都安排好了：8:15酒店接，9:30开始看染色和装配，午餐备两份素食，座谈后送站。"],
}
WAVE = "visitors"
PROMISED = (("quality", "一周内寄零下60度强力与色牢度报告"), ("sales", "三天内报年框价三档"))
PLAN = (
    (0, 1, "欢迎、安全说明", "一号展厅"),
    (1, 3, "染色、装配、检验三条线", "装配车间"),
    (4, 6, "座谈：低温数据、年度框架", "二楼会议室"),
)
AFTERWARDS = {
    **MATTER,
    "results": {
        "quality": "零下60度强力与色牢度报告已出，盖章件随样品寄出。",
        "sales": "年框价三档已报，客户选第二档，合同走流程。",
    },
    "replies": ["感谢来访！会上答应的两件事都办好了：低温报告已寄出，年框价已报，有问题随时找我。"],
}
LOG = "看了染色、装配、检验三条线，问零下40度的强力最细；现场抽三条拉合五千次无异常。对色牢度记录满意，希望报告加零下60度一档。"


def asked(cast: Cast, present: datetime) -> Planned:
    from random import Random

    begun = (present - timedelta(days=ASKED_AGO)).astimezone(cast.calendars["desk"].zone)
    at = cast.later(begun.replace(hour=0, minute=0, second=0), hours(1.2, "sales"))
    return Planned(
        place=Place(at), matter=MATTER, customer=VISITOR, by="xu", channel="phone", turns=frozenset(),
        words=some_words(Random("来访")), severity=3,
    )  # fmt: skip


def the_visit(told: Telling, plan: Planned, customers: Sequence[Customer]) -> Thread:
    case = plan.case = told.open(
        plan.place, plan.by, kind="visit", channel="phone", severity=3, customer=customers[VISITOR],
        subject="客户验厂：极地科考服采购与质量一行五人", product="10号防水拉链",
        story="采购总监带队，想看染色与装配，重点问零下40度的强力与色牢度，谈明年框架。",
    )  # fmt: skip
    coordinator, arrives = told.person("xu"), _arrives(told)
    visit = visit_applying.apply_for(
        case,
        visit_applying.Application(
            purpose="audit", people=5, wished_on=arrives.date(), company="极地科考服", contact_name="采购总监 韩冰",
            visitors="采购两人、质量两人、工艺一人", wishes="看染色与装配；两位素食；要低温强力数据。",
        ),
        by=coordinator, now=told.now,
    )  # fmt: skip
    yield hours(0.3)
    replying.reply(
        case,
        "欢迎来访，我们先定日程，今天下班前给您确认。",
        by=coordinator,
        now=told.now,
        kind="acknowledgement",
    )
    yield hours(0.3)
    visit = visit_deciding.approve(
        visit, arrives, arrives + timedelta(hours=6), by=coordinator, now=told.now, place="二楼会议室", host=told.person("ye"),
        reason="A级客户验厂，谈明年框架，按高层接待",
    )  # fmt: skip
    yield hours(0.5)
    if visit.request is not None:  # what it costs is above what the coordinator may decide
        authorising.approve(
            visit.request,
            by=told.cast.by_id[visit.request.to_person_id],
            now=told.now,
            note="同意，我也参加座谈。",
        )
    for begins, ends, what, place in PLAN:
        receiving.plan_item(
            visit, what, arrives + timedelta(hours=begins), arrives + timedelta(hours=ends), by=coordinator, now=told.now,
            place=place, person=told.person("ye"),
        )  # fmt: skip
    steps = [(told.department(code).pk, stage, what) for code, stage, what in ORDER]
    routing.decide_departments(case, steps, by=coordinator, reason="来访接待，按准备顺序分三步", now=told.now)
    departments_begin(told, plan, case)
    told.beside(_they_come(told, plan, visit))
    yield hours(1)
    replying.note(case, "去年来过一次，对色牢度数据问得很细，@方敏 请到场。", by=coordinator, now=told.now)
    yield hours(3)
    replying.reply(
        case, "日程：周四上午参观，下午座谈；接送车辆由我们安排，参观路线稍后发您。", by=coordinator, now=told.now,
        kind="preliminary",
    )  # fmt: skip


def _arrives(told: Telling) -> datetime:
    """Half past nine, three days on or on the first day after on which the works are open."""
    works = told.cast.calendars["production"]
    days = (told.now.astimezone(works.zone) + timedelta(days=ahead) for ahead in range(3, 14))
    mornings = [each.replace(hour=9, minute=30, second=0, microsecond=0) for each in days]
    return next((each for each in mornings if opens_next(works, each) == each), mornings[0])


def _they_come(told: Telling, plan: Planned, visit: Visit) -> Thread:
    visit.refresh_from_db()
    assert visit.arrives_at is not None
    yield visit.arrives_at + timedelta(hours=7)
    plan.matter = AFTERWARDS
    held = visit_log.took_place(
        visit, LOG, attended=5, who_was_there="叶青、方敏、罗晓燕；客户韩冰等五人", by=told.person("ye"), now=told.now,
        promises=[visit_log.Promised(what, told.department(code)) for code, what in PROMISED],
    )  # fmt: skip
    departments_begin(told, plan, held.case)
    wave = waves.open_wave(
        Questionnaire.objects.get(code=WAVE), name="来访之后", name_en="After a visit", code=WAVE, owner=told.person("luo"),
        by=told.person("luo"), now=told.now,
    )  # fmt: skip
    assert asking_visitors.wave_for(held, told.now) == wave
    yield hours(4)
    answer(
        asking_visitors.feedback_link(held, now=told.now),
        {"reception": "9", "seen": "9", "words": "数据准备得细，现场肯讲问题。希望报告加零下60度。"},
        told.now,
    )
