"""A reseller grows: its purchases make it an A, the A makes it a key account, and its next complaint carries what key
accounts are promised. We do not get there in 48 hours, and the strategy for key accounts has to learn from it.

Nothing here sets a grade, a segment or a verdict: the lines of the books, the rules and the clocks do.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from demo.telling import Cast, Place, Telling, Thread, hours
from demo.the_books import Order, order
from guixin.promise import strategies
from guixin.promise.models import StrategyCycle, StrategyStep
from guixin.serve import handling, replying, routing
from guixin.serve.models import Case
from guixin.understand import contact_people, taking_in
from guixin.understand.models import Customer, Segment
from guixin.worktime import opens_next

NAME, PHONE = "顺达辅料商行", "0579 8533 7718"
SEGMENT = "key-accounts"
KNOWN_FOR = 420  # days
GREW_AGO = 85  # since then it orders every few days instead of once a month
BEGUN_AGO = 80  # the strategy for key accounts
COMPLAINED_AGO = 4  # days, or a little more: on a day on which the laboratory works
EARLIEST = COMPLAINED_AGO + 3
ON_SITE_WITHIN = timedelta(hours=48)  # what the package in firm.toml promises
Kind = StrategyStep.Kind


def the_reseller(cast: Cast, now: datetime) -> Customer:
    """As sales put it on record when it came to us."""
    began, seller = now - timedelta(days=KNOWN_FOR), cast.people["shi"]
    reseller, _is_new = taking_in.take_in(
        "company",
        NAME,
        [("phone", PHONE)],
        fields={"market": "reseller", "owner_id": seller.pk},
        by=seller,
        now=began,
    )
    buyer, _is_new = taking_in.take_in("person", "骆建英", [("phone", "139 5793 3718")], by=seller, now=began)
    contact_people.note(
        reseller, buyer, position="店主", roles=("buyer", "decider"), motives="下游有三十多家小厂，断货就丢客户",
        by=seller, now=began,
    )  # fmt: skip
    return reseller


def its_orders(reseller: Customer, now: datetime) -> Iterator[Order]:
    """A small one each month; then the sewing works it supplies put their orders together."""
    chance, ago = Random(NAME), KNOWN_FOR - 20.0
    while ago > 1:
        grown = ago < GREW_AGO
        yuan = chance.uniform(28_000, 70_000) if grown else chance.uniform(2_000, 5_000)
        yield order(chance, reseller, now - timedelta(days=ago), yuan)
        ago -= chance.uniform(2.6, 4.2) if grown else chance.uniform(26, 36)


# -- the strategy ----------------------------------------------------------------------------------------------------

WRITTEN = (
    (Kind.NEEDS, "停线一天，他们损失最大；质量问题要有人当面看，不要电话里来回问。", 78, "各客户的需求记录", "/needs"),
    (Kind.PROPOSITION, "别家按单处理，我们有名有姓的人48小时内站到他的机台边。", 75, "", ""),
    (Kind.PACKAGE, "大客户服务方案：质量问题48小时内到厂，每月一次回访，迟到承担当日停线工时。", 70, "服务方案",
     "/packages/key-accounts"),
)  # fmt: skip


def the_strategy(cast: Cast, now: datetime) -> StrategyCycle:
    """Its first round, up to where it stands today: three steps are done, the review waits for the day after tomorrow."""
    owner, segment = cast.people["ye"], Segment.objects.get(code=SEGMENT)
    cycle = strategies.begin(segment, by=owner, now=now - timedelta(days=BEGUN_AGO))
    for kind, words, ago, evidence, address in WRITTEN:
        at = now - timedelta(days=ago)
        step = _write(cycle, kind, words, owner=owner, due_at=None, at=at)
        if evidence:
            strategies.add_evidence(step, evidence, address, by=owner, now=at)
        strategies.finish(step, by=owner, now=at)
    at = now - timedelta(days=66)
    step = _write(
        cycle, Kind.IMPLEMENTATION, "售后按区域排班，当天能出发；销售负责把到厂时间告诉客户。",
        owner=cast.people["ding"], due_at=now + timedelta(days=9), at=at,
    )  # fmt: skip
    strategies.give_task(
        step, "浙中一带再备一名能当天出发的工程师", owner=cast.people["yao"], due_at=now + timedelta(days=6), by=owner,
        now=at,
    )  # fmt: skip
    _write(cycle, Kind.REVIEW, "", owner=owner, due_at=now + timedelta(days=2), at=at)
    return cycle


def _write(cycle: StrategyCycle, kind: str, words: str, *, owner, due_at, at: datetime) -> StrategyStep:
    step = cycle.steps.get(kind=kind)
    return strategies.write(
        step, words=words, owner=owner, due_at=due_at, read_at_version=step.version, by=cycle.begun_by, now=at
    )


# -- the complaint ---------------------------------------------------------------------------------------------------


def complained(cast: Cast, present: datetime) -> Place:
    today = present.astimezone(cast.calendars["desk"].zone)
    mornings = [
        today.replace(hour=9, minute=24, second=0) - timedelta(days=ago)
        for ago in range(COMPLAINED_AGO, EARLIEST)
    ]
    works = (each for each in mornings if opens_next(cast.calendars["quality"], each) == each)
    return Place(next(works, mornings[0]))


def the_complaint(told: Telling, place: Place, reseller: Customer) -> Thread:
    """Confirmed, looked into and answered in time. Only: nobody stands at the machine when the 48 hours are over."""
    reseller.refresh_from_db()
    case = told.open(
        place, "gu", kind="complaint", category="quality/slider", severity=3, channel="phone",
        customer=reseller, product="5号尼龙拉链", subject="拉头整批发涩，下游三家厂停线",
        story="昨天到的五箱，三家厂上机都拉不动，工人在等。要有人到现场看机台，不要只在电话里说。",
    )  # fmt: skip
    yield hours(0.2)
    owner = told.owner(case)
    replying.reply(
        case, "已收到，质量部今天复测留样；您是大客户方案，我们的人48小时内到厂。", by=owner, now=told.now,
        kind="acknowledgement",
    )  # fmt: skip
    told.beside(_the_departments(told, case))
    yield hours(4)
    replying.reply(
        case, "留样正在复测，先从仓库补两箱，明天上午到。", by=owner, now=told.now, kind="preliminary"
    )
    yield case.opened_at + ON_SITE_WITHIN  # the engineer is at another works; the deadline passes meanwhile
    yield hours(0.2)
    if not told.is_open(case):
        return
    step = (told.department("sales").pk, 2, "大客户方案的补救：由销售部经理登门致歉，谈停线工时")
    routing.decide_departments(
        case, [step], by=told.person("xu"), reason="48小时未到厂，按方案补救", now=told.now
    )
    yield hours(1, "sales")
    for task in told.open_tasks(case):
        if task.department.code == "sales":
            handling.accept(task, by=told.person("ye"), now=told.now)


def _the_departments(told: Telling, case: Case) -> Thread:
    """Quality finds the cause within the day; after-sales takes the task over and has nobody to send."""
    (task,) = told.open_tasks(case)
    yield hours(0.5, "quality")
    handling.accept(task, by=told.person("dai"), now=told.now)
    yield hours(3, "quality")
    handling.return_result(
        task, "封样复测：该批拉头弹簧片偏硬，拉力超上限，责任在我方。", by=told.person("dai"), now=told.now
    )
    told.then(hours(1), _what_was_found, told, case)
    yield hours(1.5, "after-sales")
    for following in told.open_tasks(case):
        if following.department.code == "after-sales":
            handling.accept(following, by=told.person("kang"), now=told.now)


def _what_was_found(told: Telling, case: Case) -> None:
    replying.reply(
        case,
        "复测结果：弹簧片偏硬，责任在我方，整批换货。到厂时间由售后与您约定。",
        by=told.owner(case),
        now=told.now,
    )
