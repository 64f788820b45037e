"""The repeat question: people ask the desk again and again why a slider sticks. The first was answered the long way, the
later ones at once with the article; two lessons are heeded; and customers look for what nobody has written yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from demo.telling import Cast, Place, Telling, Thread, hours, next_number
from guixin.handbook import asking, rating, using, writing
from guixin.handbook.models import Article, ArticleCase, Question
from guixin.handbook.saying import words_for_reply
from guixin.serve import answering, following_up
from guixin.serve.intake import Arrival
from guixin.serve.models import Case, FollowUp
from guixin.understand.models import Customer

ARTICLE = "stuck-slider"


@dataclass(frozen=True)
class Asked:
    """One contact that the article ended: when, who took it, by which channel, whose, in which words; was it right?"""

    days_ago: int
    by: str
    channel: str
    customer: int
    subject: str
    story: str
    helped: bool | None = True


CONTACTS = (
    Asked(26, "gu", "phone", 3, "羽绒服拉头卡住拉不动", "夹了布边，客户不敢硬拉，问怎么办。"),
    Asked(19, "shen", "chat", 7, "背包拉链涩，拉头不顺滑", "新包，问是不是质量问题。"),
    Asked(14, "meng", "phone", 12, "拉头卡在中间下不来", "靴子侧拉链，早上急着出门。", None),
    Asked(12, "gu", "email", 9, "Slider sticks on a sample jacket", "Asks whether the teeth need wax."),
)
# What customers and the desk looked for: words, where, how often, found, opened.
LOOKED_FOR = (
    ("防水拉链 清洗", "public", 6, 0, 0),
    ("磁吸拉链", "desk", 4, 0, 0),
    ("reach 检测报告", "desk", 3, 0, 0),
    ("退货", "public", 5, 1, 4),
)


def places(cast: Cast, present: datetime) -> list[Place]:
    """In the desk's own hours, one after the other."""
    found = []
    for contact in CONTACTS:
        begun = (present - timedelta(days=contact.days_ago)).astimezone(cast.calendars["desk"].zone)
        found.append(Place(cast.later(begun.replace(hour=0, minute=0, second=0), hours(1.7))))
    return found


def answered(told: Telling, contact: Asked, place: Place, customers: Sequence[Customer]) -> Thread:
    """Asked, looked up, told and closed within one contact; three days later the customer says that it holds."""
    article, person = Article.objects.get(code=ARTICLE), told.person(contact.by)
    next_number(place.number)
    arrival = Arrival(
        kind="enquiry", subject=contact.subject, story=contact.story, category="quality/slider", channel=contact.channel,
        customer=customers[contact.customer], opened_at=told.now,
        language="en" if contact.subject.isascii() else "zh-hans",
    )  # fmt: skip
    words = words_for_reply(article, arrival.language)
    case = answering.answer_at_once(arrival, words, by=person, now=told.now, article=article)
    if contact.helped is not None:
        rating.rate(article, contact.helped, case_id=case.pk, by=person, now=told.now)
    asked = FollowUp.objects.get(case=case)
    yield asked.planned_for
    yield hours(1.5)
    following_up.record_outcome(asked, "satisfied", now=told.now, by=person, comment="照着做就好了")


@transaction.atomic
def tell_of_the_handbook(cast: Cast, now: datetime) -> None:
    """What happened to the handbook besides: lessons taught and heeded, votes of customers, a draft, what it lacks."""
    by_code = {each.code: each for each in Article.objects.exclude(code=None)}
    for code, category in (("lesson-no-swatch", "quality/shade"), ("lesson-promised-date", "delivery/late")):
        cases = list(Case.objects.filter(category=category).order_by("opened_at", "pk")[:5])
        for place, case in enumerate(cases):
            how = ArticleCase.How.TAUGHT if place < 2 else ArticleCase.How.PREVENTED
            using.use(by_code[code], case.pk, how, by=cast.people["fang" if place < 2 else "gu"], now=now)
    for code, said in (("washing", "yyyyny"), ("invoice", "nnyn"), ("choose-size", "yy")):
        for each in said:
            rating.rate(by_code[code], each == "y", now=now - timedelta(days=1))
    writing.begin(
        "article",
        {"title_zh": "防水拉链怎样清洗", "text_zh": "（待技术部补充：贴膜防水与注塑防水分开写。）"},
        by=cast.people["gu"], now=now - timedelta(days=1), topic="使用与保养",
    )  # fmt: skip
    today = timezone.localdate(now)
    for words, place, times, found, opened in LOOKED_FOR:
        where = Question.Place(place)
        for _time in range(times):
            asking.asked(words, where, found=found, today=today)
        for _time in range(opened):
            asking.opened(words, where, today=today)
