"""The quarterly survey: a house that rings people up asks them what they expected and what they found, this quarter and the
last. In between the haulier was changed, and nobody tells any more when the lorry comes. Which plank is short, how sure that
is and what has really changed is worked out by the product, not told."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from demo.telling import Cast
from guixin.listen import counting, evidence, sharing_results, taking_in, waves
from guixin.listen.models import Questionnaire, Wave
from guixin.listen.taking_in import Given
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Department, Person
from guixin.understand import sharing
from guixin.understand.models import Customer

CODE, OWNER = "quarterly", "luo"
LAST, THIS = "the-quarter-before", "this-quarter"
BELIEVED, OF_OURS = "what-managers-believe", 14
OPENED_AGO = 19  # days; the last one a quarter before
QUARTER, RUNS = 71, 17
ASKED = {LAST: 228, THIS: 264}
# What people hope for and find, in points of ten, as one mood makes them higher or lower.
MEANS = {
    "order-easy": (8.3, 8.0), "answers-known": (8.4, 8.1), "complaint": (8.4, 7.7), "quality": (9.0, 8.4), "shade": (8.7, 8.0),
    "on-the-day": (8.9, 7.7), "tells-me-when": (8.9, 6.4), "as-ordered": (8.8, 8.3),
}  # fmt: skip
WORSE = {"tells-me-when": -1.5}  # of this quarter, since the haulier was changed
WEIGHS = {
    "tells-me-when": 0.34,
    "on-the-day": 0.18,
    "quality": 0.2,
    "complaint": 0.12,
}  # in what they say of all
SPEAKS = 0.42  # of those who answer, this share has something to add
WHO = ("采购", "仓库", "车间", "老板", "跟单")
SHORT = (
    "发货前打个电话，告诉我几点到。", "车到门口才打电话，卸货工都下班了。", "换了物流以后没人说什么时候到。", "至少提前半天告诉我到货时间。",
    "上次等了一下午，车第二天才来。", "货到哪里了，自己查不到，问客服也要等半天。", "我是做批发的，客户等着提货，你们不说几点到我没法答复。",
    "说是上午到，下午四点才来，也没有一个电话。", "机台留着等拉链，什么时候到心里没底。", "送货司机换了人，没有我们仓库的电话。",
    "能不能像快递一样发个短信，说几点到。", "叫了四个工人等卸货，空等了三个钟头，工钱谁出？", "下游三十几家小厂天天问我货到没有。",
)  # fmt: skip
OTHERS = (
    "藏青色两批有一点色差。", "小单起订量再低一点。", "隐形拉链的拉头偶尔发涩。", "对账单每月能早两天就好了。", "样品寄得快，大货也要这么快。",
    "防水拉链涨价太快。", "投诉处理中间隔两天没消息，要自己来问。", "外箱标签字太小，仓库看不清。", "交期排得紧的时候提前说一声。",
    "5号金属拉链齿有毛刺，女装用要再抛光。", "周末也要有人接电话。", "质量一直稳，别换料。",
)  # fmt: skip
PRAISE = (
    "没什么要改的，继续保持。",
    "业务员跑得勤，有事一个电话就到。",
    "这季度换货很快，谢谢。",
    "客服小姑娘有耐心。",
)


def opened_at(code: str, now: datetime) -> datetime:
    ago = OPENED_AGO + (QUARTER if code == LAST else 0)
    return timezone.localtime(now - timedelta(days=ago)).replace(hour=9, minute=0, second=0, microsecond=0)


@transaction.atomic
def tell(cast: Cast, customers: Sequence[Customer], now: datetime) -> None:
    """Both waves, with their answers as the house sent them in, and what our own managers thought customers would say. This quarter's is open until the end of the month of asking."""
    owner, asked = cast.people[OWNER], Questionnaire.objects.get(code=CODE)
    for code in (LAST, THIS):
        at = opened_at(code, now)
        wave = waves.open_wave(
            asked, name=f"季度满意度 {at:%Y}年{at.month}月", name_en=f"Quarterly satisfaction {at:%Y-%m}", code=code, owner=owner,
            ends_on=timezone.localdate(at + timedelta(days=OPENED_AGO + 10)), missing_codes=["-99"], by=owner, now=at,
        )  # fmt: skip
        given = list(answers(code, customers, at))
        taking_in.take_in(wave, given, source="file", by=owner, now=at + timedelta(days=RUNS))
        if code == LAST:
            waves.close(wave, by=owner, now=at + timedelta(days=RUNS + 3))
    at = opened_at(THIS, now) - timedelta(days=5)
    believed = waves.open_wave(
        asked, name="管理者以为客户期望什么", name_en="What managers believe customers expect", code=BELIEVED, owner=owner, by=owner,
        now=at, is_anonymous=True, is_of_our_people=True,
    )  # fmt: skip
    taking_in.take_in(believed, list(beliefs()), source="file", by=owner, now=at + timedelta(days=3))
    waves.close(believed, by=owner, now=at + timedelta(days=4))


def let_it_be_counted(now: datetime) -> None:
    """What a worker does, the older wave first: the newer one is told beside it."""
    while counting.count_next(now) or evidence.count_next(now):
        pass


def the_departments_hear(cast: Cast, now: datetime) -> None:
    """The owner does not wait for the wave to end: the lorries are late today. Whoever looks after them answers at once; the other
    departments have not read it yet."""
    wave = this_wave()
    sharing_results.share(wave, by=cast.people[OWNER], now=now)
    item = sharing_results.item_of(wave)
    head = Person.objects.get(pk=Ladder.at(now).head_of(Department.objects.get(code="logistics").pk))
    if item:
        sharing.read(
            item, words="从下周起，每车发出后两小时内发短信，写明到货时段和司机电话。", by=head, now=now
        )


def this_wave() -> Wave:
    return Wave.objects.get(code=THIS)


def answers(code: str, customers: Sequence[Customer], at: datetime) -> Iterator[Given]:
    """What everybody said; the same for the same quarter. At most customers several people are asked: who orders, who unloads."""
    chance = Random(f"季度 {code}")
    for number in range(1, ASKED[code] + 1):
        customer = customers[(number * 7) % len(customers)]
        answered = at + timedelta(
            days=chance.randrange(1, RUNS - 1), hours=chance.randrange(8), minutes=chance.randrange(60)
        )
        yield Given(
            number, dict(_says(chance, code)), respondent=f"{chance.choice(WHO)}{number:03d}", customer_id=customer.pk,
            answered_at=answered,
        )  # fmt: skip


def beliefs() -> Iterator[Given]:
    """What our own managers think customers expect: that a carrier says when it comes, they hold for a small thing."""
    chance = Random(BELIEVED)
    for number in range(1, OF_OURS + 1):
        hoped = {
            code: mean - (1.9 if code == "tells-me-when" else 0) for code, (mean, _found) in MEANS.items()
        }
        said = {f"{code}-expected": _point(mean + chance.gauss(0, 0.8)) for code, mean in hoped.items()}
        yield Given(number, said | {"overall": "8"}, respondent=f"manager {number}")


def _says(chance: Random, code: str) -> Iterator[tuple[str, str]]:
    mood, all_of_it = chance.gauss(0, 1), 7.9
    for item, (hoped, found) in MEANS.items():
        if code == THIS:
            found += WORSE.get(item, 0)
        felt = chance.gauss(0, 1.25)
        all_of_it += WEIGHS.get(item, 0.04) * felt
        if chance.random() < 0.03:  # nothing to say of it; the house writes -99
            yield item, "-99"
            continue
        yield f"{item}-expected", _point(hoped + chance.gauss(0, 0.8))
        yield item, _point(found + 0.75 * mood + felt)
    all_of_it += 0.9 * mood + chance.gauss(0, 0.6)
    yield (
        "overall",
        _point(all_of_it, least=4),
    )  # who is as angry as that was rung back by us, not asked by a house
    yield "recommend", _point(all_of_it + 0.4 + chance.gauss(0, 0.8), least=0)
    if chance.random() < SPEAKS:
        yield "better", _words(chance, code, all_of_it)


def _words(chance: Random, code: str, all_of_it: float) -> str:
    if all_of_it > 9.3:
        return chance.choice(PRAISE)
    return chance.choice(SHORT if chance.random() < (0.55 if code == THIS else 0.3) else OTHERS)


def _point(value: float, least: int = 1) -> str:
    return str(min(10, max(least, round(value))))
