"""The factory visit: an important customer comes to see the works. Six departments prepare it, in their order."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from demo.ninety_days import Planned, departments_begin, some_words
from demo.telling import Cast, Place, Telling, Thread, hours
from guixin.serve import replying, routing
from guixin.understand.models import Customer

ASKED_AGO = 10  # days
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
    "replies": ["感谢来访！会上答应的三件事：样品一周内寄出，检测报告周一给，年框价周三前回复。"],
}


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
    coordinator = told.person("xu")
    yield hours(0.3)
    replying.reply(
        case,
        "欢迎来访，我们先定日程，今天下班前给您确认。",
        by=coordinator,
        now=told.now,
        kind="acknowledgement",
    )
    steps = [(told.department(code).pk, stage, what) for code, stage, what in ORDER]
    routing.decide_departments(case, steps, by=coordinator, reason="来访接待，按准备顺序分三步", now=told.now)
    departments_begin(told, plan, case)
    yield hours(1)
    replying.note(case, "去年来过一次，对色牢度数据问得很细，@方敏 请到场。", by=coordinator, now=told.now)
    yield hours(3)
    replying.reply(
        case, "日程：周四上午参观，下午座谈；接送车辆由我们安排，参观路线稍后发您。", by=coordinator, now=told.now,
        kind="preliminary",
    )  # fmt: skip
