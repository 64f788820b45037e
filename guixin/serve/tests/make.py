"""A small service centre on top of the small firm: standards, routing rules, lists of terms, cases and tasks.

Wang at the front desk owns every case unless told otherwise; NOON is a Wednesday in a plain working week, on the
stroke of the lunch break. Everything has fixed defaults, is built once a test and fetched after that.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from guixin.organisation.models import Calendar, Department, Person
from guixin.organisation.tests.make import (
    after_sales,
    away,
    calendar,
    chen,
    department,
    feng,
    firm,
    front,
    he,
    jiang,
    li,
    logistics,
    person,
    qian,
    quality,
    sun,
    tang,
    wang,
    wu,
    zhao,
    zhou,
)
from guixin.promise.models import Clock, Measure, Standard, StandardVersion
from guixin.serve import building_forms
from guixin.serve.form_fields import read_fields
from guixin.serve.intake import Arrival, open_case
from guixin.serve.models import Case, CaseForm, RoutingRule, RoutingStep, Surge, Task, Term
from guixin.understand.models import Customer, Purchase
from guixin.understand.tests.make import NOON, company

__all__ = [
    "NOON", "after_sales", "answered_case", "at", "away", "calendar", "case", "chen", "clock", "clock_of_escalation", "closed_case", "company",
    "customer", "department", "feng", "firm", "form", "front", "he", "jiang", "li", "logistics", "person", "purchase", "qian", "quality",
    "rules", "standards", "sun", "surge", "tang", "task", "terms", "wang", "wu", "zhao", "zhou",
]  # fmt: skip

SHANGHAI = ZoneInfo("Asia/Shanghai")
PUBLISHED = datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)
DAY = 8 * 60  # minutes of work in a day of the office

# code, measure, budget in minutes, calendar ("" = the department's), ladder, and for whom
STANDARDS = [
    ("acknowledge", Measure.ACKNOWLEDGE, 30, "", [60, 240], {}),
    ("preliminary", Measure.PRELIMINARY, DAY, "", [240, DAY], {}),
    ("reply", Measure.REPLY, 24 * 60, "always", [1440, 4320], {}),
    ("resolve", Measure.RESOLVE, 5 * DAY, "", [DAY, 3 * DAY], {}),
    ("accept", Measure.ACCEPT, 120, "", [60, 240], {}),
    ("result", Measure.RESULT, DAY, "", [240, DAY], {}),
    ("route", Measure.ROUTE, 60, "", [60, 240], {}),
    ("act", Measure.ACT, 240, "", [240], {}),
    ("follow_up", Measure.FOLLOW_UP, DAY, "", [DAY], {}),
    ("reply-a", Measure.REPLY, 12 * 60, "always", [720, 1440], {"for_grade": "A"}),
    ("result-a", Measure.RESULT, DAY // 2, "", [120, 240], {"for_grade": "A"}),
    ("reply-serious", Measure.REPLY, 6 * 60, "always", [360, 720], {"for_severity": 3}),
    ("result-serious", Measure.RESULT, DAY // 4, "", [60, 120], {"for_severity": 3}),
    ("resolve-serious", Measure.RESOLVE, 2 * DAY, "", [240, DAY], {"for_severity": 3}),
]
TERMS = [
    (Term.List.CATEGORY, "quality", "质量"),
    (Term.List.CATEGORY, "quality/colour", "色差"),
    (Term.List.CATEGORY, "installation", "安装"),
    (Term.List.CATEGORY, "delivery", "配送"),
    (Term.List.QUALITY_POINT, "colour", "颜色"),
    (Term.List.QUALITY_POINT, "packing", "包装"),
    (Term.List.CAUSE, "material", "材料"),
    (Term.List.CAUSE, "transport", "运输"),
]


def at(clock_time: str, day: int = 4, month: int = 3) -> datetime:
    """`at("10:30")` is that time in Shanghai on Wednesday 4 March 2026; the 2nd is the Monday before."""
    hour, minute = clock_time.split(":")
    return datetime(2026, month, day, int(hour), int(minute), tzinfo=SHANGHAI)


def standards() -> dict[str, StandardVersion]:
    """The published standards by code. Reply runs round the clock, everything else in office time.

    Reply is repeated daily by the wall at the top of its ladder, the others every three office days.
    """
    if not Standard.objects.exists():
        top = firm()
        hours = {each.code: each for each in Calendar.objects.all()}
        made = Standard.objects.bulk_create(
            Standard(code=code, measure=measure, name=code, owner=top) for code, measure, *_rest in STANDARDS
        )
        StandardVersion.objects.bulk_create(
            StandardVersion(
                standard=standard,
                number=1,
                published_at=PUBLISHED,
                budget_minutes=budget,
                calendar=hours[where] if where else None,
                ladder_minutes=ladder,
                repeat_minutes=1440,
                warn_percent=80,
                promise=f"承诺：{code}",
                **for_whom,
            )
            for standard, (code, _measure, budget, where, ladder, for_whom) in zip(
                made, STANDARDS, strict=True
            )
        )
    return {
        version.standard.code: version
        for version in StandardVersion.objects.filter(withdrawn_at=None).select_related("standard")
    }


def terms() -> None:
    if not Term.objects.exists():
        Term.objects.bulk_create(Term(list=which, code=code, name=name) for which, code, name in TERMS)


def rules() -> dict[str, RoutingRule]:
    """A complaint about quality: quality and logistics in parallel. Installation: logistics, then after-sales."""
    if not RoutingRule.objects.exists():
        firm()
        both, order = RoutingRule.objects.bulk_create(
            [
                RoutingRule(
                    code="quality", name="质量投诉", position=10, published_at=PUBLISHED,
                    for_kind="complaint", for_category="quality",
                ),
                RoutingRule(
                    code="installation", name="安装", position=20, published_at=PUBLISHED,
                    for_category="installation",
                ),
            ]
        )  # fmt: skip
        RoutingStep.objects.bulk_create(
            [
                RoutingStep(rule=both, department=quality(), instruction="查明原因"),
                RoutingStep(rule=both, department=logistics(), instruction="查运输"),
                RoutingStep(rule=order, stage=1, department=logistics(), instruction="送货"),
                RoutingStep(rule=order, stage=2, department=after_sales(), instruction="上门安装"),
            ]
        )
    return {rule.code: rule for rule in RoutingRule.objects.filter(withdrawn_at=None)}


def customer(name: str = "张三", phone: str = "138 0013 8000", grade: str = "") -> Customer:
    """The same name and phone is the same customer."""
    found = Customer.objects.for_intake("person", name, (("phone", phone),), NOON)[0]
    if (found.grade or "") != grade:
        found.grade = grade or None
        found.save(update_fields=["grade"])
    return found


def case(*, by: Person | None = None, now: datetime = NOON, grade: str = "", **arrival) -> Case:
    """A complaint about a colour, taken in by Wang on the phone, and routed by the rule for quality.

    Any field of Arrival may be given; `departments=[...]` decides over the rules, `customer=None` has none.
    """
    standards(), rules(), terms()
    if "customer" not in arrival:
        arrival["customer"] = customer(grade=grade)
    told = {"kind": "complaint", "subject": "颜色不对", "channel": "phone", "category": "quality"} | arrival
    return open_case(Arrival(**told), now=now, by=by or wang())


def task(
    in_department: Department | None = None,
    *,
    accepted_by: Person | None = None,
    now: datetime = NOON,
    **more,
) -> Task:
    """The only task of a fresh case, given to quality (or another department) at `now`."""
    from guixin.serve.handling import accept

    made = case(now=now, departments=[(in_department or quality()).pk], **more)
    only = Task.objects.get(case=made)
    return accept(only, by=accepted_by, now=now) if accepted_by else only


def answered_case(now: datetime = NOON, **more) -> Case:
    """A case without tasks at work whose customer was told the result."""
    from guixin.serve.handling import return_result
    from guixin.serve.replying import reply

    made = case(now=now, departments=[quality().pk], **more)
    return_result(Task.objects.get(case=made), "换货", by=li(), now=now)
    reply(made, "给您换一台", by=wang(), now=now)
    made.refresh_from_db()
    return made


def closed_case(now: datetime = NOON, **more) -> Case:
    """A complaint that was answered and closed with its classification: quality, colour, material, normal."""
    from guixin.serve.closing import close

    made = answered_case(now=now, **more)
    close(
        made, by=wang(), now=now, department=quality(), quality_point="colour", cause="material", severity=2
    )
    made.refresh_from_db()
    return made


def surge(cases: Sequence[Case], *, told: Sequence[Person] = (), product: str = "") -> Surge:
    """Of these cases, on the day of NOON; of all cases unless of a product."""
    return Surge.objects.create(
        dimension="product" if product else "all", value=product, day=NOON.date(), last_day=NOON.date(), observed=12,
        expected=1.4, limit=7, chance=1e-8, baseline_days=56, baseline_seen=80, scatter=1.2, raised_at=NOON,
        cases=[each.pk for each in cases], told=[each.pk for each in told],
    )  # fmt: skip


def clock(about, measure: str) -> Clock:
    """The newest clock of this measure about a case, a task, a follow-up."""
    kind, pk = about.about
    return Clock.objects.of(kind, pk).filter(measure=measure).order_by("-generation", "-pk")[0]


def clock_of_escalation(escalation) -> Clock:
    """The clock for the authority to act."""
    return Clock.objects.get(about_kind="escalation", about_id=escalation.pk)


SHEET = [
    {"key": "machine", "label": "设备", "label_en": "Machine", "required": True},
    {
        "key": "where",
        "label": "地点",
        "kind": "choice",
        "choices": ["工厂", "门店"],
        "choices_en": ["Works", "Shop"],
    },
    {"key": "gate", "label": "进厂要求", "required": True, "shown_if": "where", "shown_values": ["工厂"]},
    {"key": "speed", "label": "车速", "kind": "number", "unit": "针/分"},
    {"key": "contact", "label": "联系人", "personal": True},
]


def form(code: str = "sheet", fields: list[dict] | None = None, **about) -> CaseForm:
    """A form in force for service requests: a machine, a place with a question that depends on it, a personal contact."""
    about = {"name": "技术服务单", "name_en": "Technical sheet", "kind": "service_request"} | about
    made = building_forms.add_form(code=code, **about, by=None, now=PUBLISHED)
    building_forms.keep_draft(made, read_fields(fields or SHEET), by=None, now=PUBLISHED)
    building_forms.publish_form(made, by=None, now=PUBLISHED)
    made.refresh_from_db()
    return made


def purchase(customer: Customer, order: str = "D-1001", amount: int = 30_000, **about) -> Purchase:
    """A line somebody bought: ten pieces, the day before NOON, unless told otherwise."""
    line = about.pop("line_key", f"{order}-{Purchase.objects.count()}")
    said = {
        "kind": "sale",
        "bought_at": NOON - timedelta(days=1),
        "quantity": 10,
        "currency": "CNY",
        "source": "shop",
    }
    return Purchase.objects.create(
        customer=customer, order_key=order, line_key=line, amount=amount, landed_at=NOON, **(said | about)
    )
