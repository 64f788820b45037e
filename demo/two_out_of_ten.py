"""Two out of ten: a maker of jeans answers the quarterly survey with a two. The answer opens its case by itself, under what key
accounts are promised; logistics finds what went wrong, the rules propose how to make it good, the supervisor grants what the
desk may not, and the survey that follows is answered with an eight."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import translation

from demo import the_quarterly_survey as survey
from demo.telling import Cast, Place, Telling, Thread, hours, next_number
from guixin.listen import answering, standing, waves
from guixin.listen.models import Questionnaire
from guixin.promise import authorising
from guixin.recover import plans
from guixin.recover.models import Recovery, RecoveryStep
from guixin.serve import changing, closing, deciding, handling, replying, routing
from guixin.serve.models import Case, FollowUp
from guixin.understand.models import Customer
from guixin.worktime import opens_next

CUSTOMER, DESK = "金梭牛仔", "gu"
ANSWERED_AGO = 10  # days, or a little more
PLAN = "afterwards"
YUAN = 100
WORTH = (
    600 * YUAN
)  # three gangs of unloaders who waited; above what the desk may give, within the supervisor's
LOW = {
    "order-easy": (8, 8), "answers-known": (9, 6), "complaint": (9, 4), "quality": (9, 9), "shade": (9, 8), "on-the-day": (10, 5),
    "tells-me-when": (10, 1), "as-ordered": (9, 8),
}  # fmt: skip
THEIR_WORDS = (
    "九月起三车货，没有一次提前说几点到。叫好的卸货工白等，工钱我们自己出；打客服电话，也只说“在路上”。"
)
# Words of the case's story, in the order of time.
TELLS = (
    "三车货的派车记录",
    "电话谈了二十分钟",
    "三次空等的卸货工钱",
    "责任在我部",
    "已当面道歉",
    "查清了：九月换承运商后",
)


def answered(cast: Cast, present: datetime) -> Place:
    """In the morning of a day on which logistics works, and the day after too."""
    today = present.astimezone(cast.calendars["desk"].zone).replace(
        hour=9, minute=41, second=0, microsecond=0
    )
    mornings = [today - timedelta(days=ago) for ago in range(ANSWERED_AGO, ANSWERED_AGO + 7)]
    works = cast.calendars["logistics"]
    both = (
        each
        for each in mornings
        if all(opens_next(works, day) == day for day in (each, each + timedelta(days=1)))
    )
    return Place(next(both, mornings[0]))


def the_story(told: Telling, place: Place, customers: Sequence[Customer]) -> Thread:
    customer = next(each for each in customers if each.name == CUSTOMER)
    wave = survey.this_wave()
    [link] = waves.invite(
        wave,
        [waves.Invited(customer=customer)],
        by=told.person(survey.OWNER),
        now=told.now - timedelta(days=1),
    )
    next_number(place.number)
    said = {"overall": "2", "recommend": "1", "better": THEIR_WORDS}
    for item, (hoped, found) in LOW.items():
        said |= {f"{item}-expected": str(hoped), item: str(found)}
    answer(link, said, told.now)
    case = Case.objects.get(customer=customer, source="survey")
    owner = told.person(DESK)
    yield hours(0.2)
    if told.owner(case) != owner:
        changing.change_owner(case, owner, by=told.person("xu"), now=told.now)
    yield hours(0.2)
    replying.reply(
        case, "您给的2分和留言我看到了，先向您道歉。三车货的派车记录我今天就查清，上午给您打电话。", by=owner, now=told.now,
        kind="acknowledgement",
    )  # fmt: skip
    case.refresh_from_db()
    changing.edit(
        case,
        {"category": "delivery/late", "severity": 2},
        read_at_version=case.version,
        by=owner,
        now=told.now,
    )
    step = (told.department("logistics").pk, 1, "查近三车的派车与签收：谁通知的、几点到、为什么没人打电话")
    routing.decide_departments(
        case, [step], by=told.person("xu"), reason="季度调查打2分，问题在到货通知", now=told.now
    )
    told.beside(_logistics(told, case))
    yield hours(0.6)
    recovery = plans.begin(case, "ours", by=owner, now=told.now)
    plans.give_step(_step(recovery, "apology"), told.person("jiang"), by=owner, now=told.now)
    plans.give_step(_step(recovery, "redoing"), told.person("cui"), by=owner, now=told.now)
    _do(
        recovery,
        "listening",
        "电话谈了二十分钟：三次各四个工人空等，下游等货的客户也在催。要的不是钱，是提前知道几点到。",
        told,
    )
    yield hours(0.2)
    plans.promise_step(
        _step(recovery, "credit"),
        WORTH,
        "CNY",
        reason="三次空等的卸货工钱，下一单抵扣",
        by=owner,
        now=told.now,
    )
    told.then(hours(0.7), _the_supervisor, told, recovery)
    yield hours(4)
    _do(
        recovery,
        "redoing",
        "客户明天的一车已先打电话：浙F·3K6，上午十点到；今后每车由调度提前两小时打。",
        told,
    )
    _do(recovery, "apology", "已当面道歉：三次都是我们没说，不是司机的事，更不该让您来问。", told)
    yield hours(0.3)
    while told.open_tasks(case):
        yield hours(1)
    replying.reply(
        case,
        "查清了：九月换承运商后，派车信息没有再传给客户。今天起每车发车前两小时由调度打电话，报车号和几点到；三次卸货工钱600元，下一单抵扣。",
        by=owner,
        now=told.now,
    )
    yield hours(9)
    credit = _step(recovery, "credit").goodwill
    deciding.hand_goodwill_over(
        credit, told.now.astimezone(told.cast.calendars["desk"].zone).date(), f"抵扣单 D{told.now:%y%m%d}-07",
        by=told.person("fu"), now=told.now,
    )  # fmt: skip
    yield hours(0.5)
    plans.finish(recovery, by=owner, now=told.now, note="客户说：钱是小事，能提前打电话就行。")
    closing.close(
        case, by=owner, now=told.now, department=told.department("logistics"), quality_point="delivery", cause="communication",
        severity=2, summary="换承运商后到货通知断了；恢复发车前两小时电话通知，抵扣600元。",
    )  # fmt: skip
    told.beside(_afterwards(told, case))


def _logistics(told: Telling, case: Case) -> Thread:
    [task] = told.open_tasks(case)
    yield hours(0.4, "logistics")
    handling.accept(task, by=told.person("cui"), now=told.now)
    yield hours(2, "logistics")
    handling.return_result(
        task, "三车都没有通知记录。九月换承运商，派车信息只发到司机手机，我们没有再转给客户。责任在我部，今天起调度逐车打电话。",
        by=told.person("cui"), now=told.now,
    )  # fmt: skip


def _the_supervisor(told: Telling, recovery: Recovery) -> None:
    asked = _step(recovery, "credit").goodwill.request
    authorising.approve(asked, by=told.person("xu"), now=told.now, note="同意。先给客户打电话，再走单据。")


def _afterwards(told: Telling, case: Case) -> Thread:
    """The firm has begun to follow up by survey. The customer has no e-mail here: the desk sends the link by WeChat."""
    planned = case.follow_ups.get(state=FollowUp.State.PLANNED)
    yield planned.planned_for - timedelta(days=1)
    plan, _is_new = standing.keep(
        PLAN, {"name": "办结回访", "name_en": "Follow-up by survey", "questionnaire": Questionnaire.objects.get(code="afterwards"),
        "owner": told.person(survey.OWNER), "begins": "case_closed", "is_follow_up": True},
        by=told.person(survey.OWNER), now=told.now,
    )  # fmt: skip
    yield planned.planned_for
    while not plan.waves.exists():  # a worker may be looking in the same moment
        standing.begin_due(told.now)
    yield hours(0.5)
    [link] = waves.invite(plan.waves.get(), [waves.Invited(case=case)], by=told.owner(case), now=told.now)
    yield hours(1.5)
    answer(link, {"handled": "8", "words": "这两车都提前打了电话，几点到说得准。照这样就好。"}, told.now)


def answer(link: str, said: dict[str, str], now: datetime) -> None:
    """As the customer does on a phone, page after page, in Chinese."""
    token = link.rsplit("/", 1)[1]
    invitation = answering.invitation_of(token)
    assert invitation is not None
    pages = answering.pages_of(invitation.wave.version.sheet)
    with translation.override("zh-hans"):
        for number in range(len(pages)):
            answering.answer_page(invitation, token, number, said, language="zh-hans", now=now)


def _step(recovery: Recovery, kind: str) -> RecoveryStep:
    return recovery.steps.select_related("owner", "goodwill__request").get(kind=kind)


def _do(recovery: Recovery, kind: str, said: str, told: Telling) -> None:
    step = _step(recovery, kind)
    plans.do_step(step, said, by=step.owner, now=told.now)
