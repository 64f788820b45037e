"""The colour recall: one vat of dye goes wrong, and eighty complaints come in five days.

Quality cannot keep up. Promises break and climb to the director, who says what is to be done; the desk shares the
cases out anew, all at once; then it is dyed again, piece by piece.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from demo import their_orders
from demo.ninety_days import FRONT_DESK, Planned, some_words
from demo.telling import Cast, Place, Telling, Thread, days, hours
from demo.the_life_of_a_case import departments_begin, the_desk
from guixin.promise.models import Escalation
from guixin.serve import bulk_changes, escalating, handling, merging, replying, surges
from guixin.serve.models import Case, Surge
from guixin.understand.models import Customer

BEGAN_AGO = 15  # days
LASTED = 6  # days, with the last stragglers
SINGLE, NOBODY_LOOKS_AFTER = 64, 16
LOT = "L09-217"

MATTER = {
    "kind": "complaint",
    "category": "quality/shade",
    "severity": [3],
    "subjects": ["深蓝布带水洗沾色（批号L09-217）", "L09-217批深蓝拉链掉色", "成衣洗后拉链周围发蓝"],
    "stories": [
        "订单{order}，深蓝5号尼龙拉链{count}条，水洗后白色面料沾色，批号L09-217，请马上停发同批货。",
        "客人退回{n}件，都是拉链周围染蓝，吊牌批号L09-217。",
        "干摩擦也掉色，白纱布一擦就蓝，{count}条全部停用，产线在等。",
    ],
    "results": {
        "quality": "L09-217批复测：耐洗沾色2-3级，判定整批召回。",
        "production": "染缸记录：9月批还原清洗少加了保险粉，当班已停缸整改。",
    },
    "replies": ["L09-217批我们整批召回，免费重染补货，三天内发出，停工损失按日核算后补偿。"],
    "fault": ["production", "colour", "process"],
}
OVERLOADED = ("late to accept", "late with the result", "forgets the deadline", "asks", "urges", "photo")


def complaints(cast: Cast, present: datetime, customers: int) -> list[Planned]:
    """Five days of them, the most on the second and third."""
    chance = Random("召回")
    whose = [*range(customers), *range(customers)][: SINGLE + NOBODY_LOOKS_AFTER]
    planned = []
    for who in whose:
        after = hours(chance.triangular(0, 58, 16))
        at = cast.later(_first_morning(cast, present), after) + timedelta(seconds=chance.randrange(900))
        turns = {turn for turn in OVERLOADED if chance.random() < 0.4}
        planned.append(
            Planned(
                place=Place(at), matter=MATTER, customer=who, by=chance.choice(FRONT_DESK),
                channel=chance.choice(["phone", "phone", "chat", "email"]), turns=frozenset(turns),
                words=some_words(chance) | {"product": "5号尼龙拉链", "colour": "深蓝", "lot": LOT}, severity=3,
            )
        )  # fmt: skip
    return sorted(planned, key=lambda each: each.place.at)


def _first_morning(cast: Cast, present: datetime) -> datetime:
    begun = (present - timedelta(days=BEGAN_AGO)).astimezone(cast.calendars["desk"].zone)
    return cast.later(begun.replace(hour=0, minute=0, second=0), hours(0.6, "quality"))


def divided(planned: Sequence[Planned]) -> tuple[list[Planned], list[Planned]]:
    """Those somebody looks after, late as it may be, and those of the second day that nobody does."""
    middle = len(planned) // 4
    left = planned[middle : middle + NOBODY_LOOKS_AFTER]
    for each in left:
        each.turns, each.by = frozenset({"stuck"}), "gu"
    return [each for each in planned if each not in left], list(left)


def a_complaint(told: Telling, plan: Planned, customers: Sequence[Customer], first: Case | None) -> Thread:
    """As any other, and linked with the first one of this lot."""
    life = the_desk(told, plan, customers)
    wait = next(life)
    if plan.case and plan.words["n"] % 2:
        their_orders.name_by_hand(plan.case, told.now)
    if first and plan.case:
        merging.link(plan.case, first, by=told.owner(plan.case), now=told.now)
    yield wait
    yield from life


def the_overload(told: Telling, left: Sequence[Planned], customers: Sequence[Customer]) -> Thread:
    """Sixteen that Gu took in on the worst day, and that lie in quality until the director speaks."""
    for plan in left:
        told.begin(plan.place.at, the_desk(told, plan, customers))
    yield max(plan.place.at for plan in left)
    yield days(1)
    yield hours(9, "quality")
    cases = [plan.case for plan in left if plan.case]
    _the_director_speaks(told, cases)
    yield hours(0.5)
    _shared_out_anew(told, cases)
    yield hours(0.5)
    _two_are_one(told, left, customers)
    for plan in left:
        plan.turns = frozenset({"confirms"} if told.chance.random() < 0.5 else ())
        plan.seen.clear()
        if plan.case and told.is_open(plan.case):
            departments_begin(told, plan, plan.case)
            replying.reply(
                plan.case, "L09-217批已停发并整批召回，您的货今天起重染，明天告诉您发货日期。",
                by=told.owner(plan.case), now=told.now, kind="preliminary",
            )  # fmt: skip


def _the_director_speaks(told: Telling, cases: Sequence[Case]) -> None:
    raised = Escalation.objects.waiting().filter(case_id__in=[case.pk for case in cases])
    for one in list(raised[:3]):
        if one.to_person_id:
            escalating.instruct(
                one, "L09-217批立即停发，整批召回。质量部停下其他检测，先做这一批。",
                by=told.cast.by_id[one.to_person_id], look_again_at=told.now + timedelta(days=1), now=told.now,
            )  # fmt: skip


def _shared_out_anew(told: Telling, cases: Sequence[Case]) -> None:
    """Gu has sixteen of them: half go to each of her colleagues, in two changes that could be taken back."""
    head = told.person("luo")
    for share, to in ((cases[::2], "shen"), (cases[1::2], "meng")):
        change = bulk_changes.draft("owner", [case.pk for case in share], by=head, now=told.now)
        bulk_changes.start(change, {"owner": told.person(to).pk}, by=head, now=told.now)


def _two_are_one(told: Telling, left: Sequence[Planned], customers: Sequence[Customer]) -> None:
    """What one customer reported twice becomes one case; its departments need not look twice."""
    of: dict[int | None, Planned] = {}
    for plan in left:
        earlier = of.setdefault(plan.customer, plan)
        if earlier is not plan and plan.case and earlier.case:
            by = told.owner(plan.case)
            for task in told.open_tasks(plan.case):
                handling.withdraw(task, by=by, reason="与同一客户的个案合并", now=told.now)
            merging.merge(plan.case, earlier.case, by=by, now=told.now)


def it_was_noticed(cast: Cast, present: datetime) -> None:
    """What the alarm over surges said in those days, looking three times a day, and what Luo did about it."""
    first = (present - timedelta(days=BEGAN_AGO)).astimezone(cast.calendars["desk"].zone)
    for day in range(LASTED):
        for hour in (11, 14, 18):
            at = (first + timedelta(days=day)).replace(hour=hour, minute=0, second=0, microsecond=0)
            surges.look(at)
            for surge in Surge.objects.waiting().filter(raised_at__lt=at):
                surges.acknowledge(
                    surge, "都是L09-217批。已让发运停发同批货，质量部全批复测，客户逐家打电话。", by=cast.people["luo"], now=at,
                )  # fmt: skip
