"""The rounds: sales looks after three old customers between their complaints. Who there decides, what they want, when
somebody calls; one visit was forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from demo.telling import Cast
from guixin.understand import (
    consenting,
    contact_people,
    contact_series,
    contacting,
    describing,
    missing_contacts,
    needing,
    taking_in,
)
from guixin.understand.contact_days import calendar_for, working_day
from guixin.understand.models import Customer


@dataclass(frozen=True)
class Account:
    """A company on the rounds: who calls on it, who has a say there, what was said, days ago."""

    name: str
    owner: str
    market: str
    machines: str
    people: tuple[tuple[str, str, str, tuple[str, ...], str], ...]  # name, phone, position, roles, motives
    calls: tuple[tuple[int, str, str, str], ...]  # days ago, kind, outcome, notes
    needs: tuple[tuple[str, int, str, str], ...]  # theme, weight, expected, words


ACCOUNTS = (
    Account(
        "海蓝服饰", "shi", "producer", "86",
        (
            ("沈丽君", "139 1700 2201", "采购经理", ("buyer", "decider"), "怕断货，肯为准时多付一点"),
            ("阮志远", "139 1700 2202", "样衣师傅", ("user", "influencer"), "拉头顺不顺滑，一拉就知道"),
        ),
        ((33, "visit", "good", "看了新色卡，秋冬要加两个色。"), (9, "call", "mixed", "下季改小批量，怕我们交期跟不上。")),
        (("小批量快返", 4, "七天交货", "下季改小批量，一次三千条。"), ("色差不超过四级", 5, "灰卡四级", "上次那批差半级，客人全退。")),
    ),
    Account(
        "雪岭户外", "cheng", "producer", "40",
        (("唐晓峰", "136 0431 5501", "总经理", ("decider",), "看重低温下的可靠"),),
        ((20, "meeting", "good", "一起看了零下三十度的测试。"),),
        (("低温不断裂", 5, "零下三十度", "我们的衣服是拿去登山的。"), ("小批量快返", 2, "十天交货", "样品先行。")),
    ),
    Account(
        "锦华羽绒", "shi", "producer", "120",
        (("潘玉芬", "137 0573 8803", "前台", ("gatekeeper",), "先把样品寄到她这里"),),
        ((15, "call", "not_reached", ""),),
        (("对账单按月一份", 2, "每月五日前", "财务催得紧。"),),
    ),
)  # fmt: skip


@transaction.atomic
def tell(cast: Cast, customers: Sequence[Customer], now: datetime) -> None:
    """All of it, each with its own time. The visit planned for last week is still to be made."""
    by_name = {customer.name: customer for customer in customers}
    for account in ACCOUNTS:
        _an_account(cast, account, by_name[account.name], now)
    owner = cast.people["shi"]
    before = now - timedelta(days=8)
    on = working_day(calendar_for(owner, before), timezone.localdate(before) + timedelta(days=1))
    contacting.plan(
        by_name["锦华羽绒"], "visit", on, subject="当面道歉并看新样", owner=owner, by=owner, now=before
    )
    missing_contacts.miss_due(now)


def _an_account(cast: Cast, account: Account, company: Customer, now: datetime) -> None:
    owner, began = cast.people[account.owner], now - timedelta(days=40)
    Customer.objects.filter(pk=company.pk).update(market=account.market, owner=owner)
    company.refresh_from_db()
    describing.describe(company, {"machines": account.machines}, by=owner, now=began)
    for name, phone, position, roles, motives in account.people:
        person, _is_new = taking_in.take_in("person", name, [("phone", phone)], by=owner, now=began)
        contact_people.note(
            company, person, position=position, roles=roles, motives=motives, by=owner, now=began
        )
    for ago, kind, outcome, notes in account.calls:
        contacting.log(
            company, kind, outcome=outcome, notes=notes, owner=owner, by=owner, now=now - timedelta(days=ago)
        )
    for theme, weight, expected, words in account.needs:
        needing.note(
            company, theme, weight=weight, expected=expected, words=words, source="observation", by=owner,
            now=now - timedelta(days=9),
        )  # fmt: skip
    consenting.give(company, "news", "email", evidence="春季面辅料展登记表", by=owner, now=began)
    contact_series.begin(
        company, "visit", "季度走访", every=3, unit="months", first_on=timezone.localdate(now) + timedelta(days=6),
        owner=owner, by=cast.people["ren"], now=now,
    )  # fmt: skip
