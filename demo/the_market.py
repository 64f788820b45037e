"""What the firm knows: of three old customers, of its key accounts, and of the market around it. Sales and the desk write it
down, the steward of sales judges it; some of it has expired, some nobody has looked at, and one item must be read today."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from demo.telling import Cast
from guixin.organisation.models import Department
from guixin.understand import knowing, sharing
from guixin.understand.models import Customer, Knowledge, Segment

STEWARD = "ren"

# days ago, who, kind, customer ("": none), subject, title, words, source, from whom, holds for so many days (0: open),
# reliability, credibility, worth, topic ("": not judged yet)
TOLD = (
    (38, "shi", "interaction", "海蓝服饰", "", "沈丽君年底前定全年框架协议", "拜访时亲口说的：今年不再逐单谈价。", "contact", "沈丽君", 0, "A", 2, 3, "采购决策"),
    (26, "gu", "observation", "海蓝服饰", "", "来电问交期总在周五下午，周一排产", "连续五周都是这样，周四先把交期表发过去，电话就少了。", "case", "", 0, "B", 1, 2, "联络习惯"),
    (12, "shi", "prediction", "雪岭户外", "", "秋季防水拉链用量要翻一倍", "新款冲锋衣八月开版，样衣已经在试。", "observation", "", 150, "B", 3, 3, "用量预测"),
    (3, "gu", "interaction", "锦华羽绒", "", "财务换人，对账改找小潘", "", "contact", "潘玉芬", 0, "", 0, 0, ""),
    (60, "shi", "price", "", "恒泰拉链", "恒泰五号尼龙拉链每米降两分", "只对月用量五万米以上的客户，春节前有效。", "partner", "义乌两家经销商", 45, "B", 2, 3, "竞品价格"),
    (21, "ren", "supply", "", "尼龙单丝", "单丝厂四月检修两周", "三家主要供应商有两家同期停机，建议三月多备十天用量。", "supplier", "单丝厂业务经理", 60, "A", 2, 3, "原料供应"),
    (17, "shi", "standard", "", "出口欧盟", "欧盟拟收紧电镀拉头镍释放限量", "征求意见稿，预计明年生效；我们现行工艺余量不大。", "authority", "省五金协会通报", 0, "A", 3, 2, "标准与法规"),
    (8, "shi", "order_plan", "", "户外用品", "三家户外品牌秋冬订货会提前到五月", "往年六月下旬；打样要提前一个月。", "fair", "春季面辅料展", 90, "C", 2, 2, "订货计划"),
    (5, "ren", "contacts", "", "金顺拉链", "金顺的华东销售经理离职，去向未定", "", "partner", "", 30, "D", 3, 1, "人员动向"),
    (2, "gu", "competitor", "", "金顺拉链", "金顺开始承诺七十二小时打样", "客户在电话里提到，没有看到书面。", "contact", "", 0, "", 0, 0, ""),
)  # fmt: skip


@transaction.atomic
def tell(cast: Cast, customers: Sequence[Customer], now: datetime) -> None:
    """All of it, each with its own time; the newest reaches production and quality this morning."""
    by_name = {customer.name: customer for customer in customers}
    kept = {}
    for ago, who, kind, name, subject, title, words, source, whom, days, *judged in TOLD:
        at = now - timedelta(days=ago)
        item = knowing.capture(
            kind, title, words=words, customer=by_name.get(name), subject=subject, source=source, source_words=whom,
            valid_until=timezone.localdate(at) + timedelta(days=days) if days else None, by=cast.people[who], now=at,
        )  # fmt: skip
        kept[title] = _judge(cast, item, *judged, at=at + timedelta(hours=20))
    if segment := Segment.objects.filter(code="key-accounts").first():
        item = knowing.capture(
            "observation", "大客户的质量经理都先看批次一致性，再看价格", segment=segment, source="survey",
            by=cast.people["ye"], now=now - timedelta(days=30),
        )  # fmt: skip
        _judge(cast, item, "B", 2, 3, "采购决策", at=now - timedelta(days=29))
    _used(cast, kept, now)
    _must_be_read(cast, now)


def _judge(
    cast: Cast, item: Knowledge, reliability: str, credibility: int, worth: int, topic: str, *, at: datetime
) -> Knowledge:
    if not topic:
        return item
    return knowing.judge(
        item, reliability=reliability, credibility=credibility, worth=worth, topic=topic, by=cast.people[STEWARD], now=at
    )  # fmt: skip


def _used(cast: Cast, kept: dict[str, Knowledge], now: datetime) -> None:
    for title, who, ago, for_what in (
        ("来电问交期总在周五下午，周一排产", "shen", 9, "周四提前把交期表发给对方"),
        ("来电问交期总在周五下午，周一排产", "gu", 2, "排产前先回电"),
        ("单丝厂四月检修两周", "ren", 14, "向采购提出三月多备十天用量"),
        ("恒泰五号尼龙拉链每米降两分", "shi", 40, "给海蓝服饰报全年框架价"),
    ):
        knowing.use(kept[title], for_what=for_what, by=cast.people[who], now=now - timedelta(days=ago))


def _must_be_read(cast: Cast, now: datetime) -> None:
    at = now - timedelta(hours=2)
    item = knowing.capture(
        "competitor", "恒泰在温州设仓，五号拉链次日到货", subject="恒泰拉链", source="fair", source_words="华东服装辅料展",
        words="他们的区域经理在展台上说，四月启用，先做三号和五号常规色。", by=cast.people["shi"], now=at,
    )  # fmt: skip
    item = _judge(cast, item, "C", 2, 3, "竞品交期", at=at)
    departments = Department.objects.filter(code__in=["production", "desk", "logistics"])
    sharing.share(item, departments, by=cast.people[STEWARD], now=at)
    for who in ("gu", "xu", "luo"):
        sharing.read(item, by=cast.people[who], now=now - timedelta(hours=1))
