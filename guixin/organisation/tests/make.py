"""The small cast everyone knows, in a firm that always looks the same.

    总经理 Sun ─┬─ 客服中心 front desk: He (supervisor, coordinator), Wang, Tang
               ├─ 质量中心 quality centre: Chen (director) ─┬─ 质量部 quality: Wu (head), Qian (supervisor), Li
               │                                          └─ 售后部 after-sales: Feng (head), Jiang
               └─ 物流部 logistics: Zhou (head), Zhao

Each person is a function: `make.li()`. The first call in a test builds the firm, later ones fetch.
"""

from datetime import UTC, date, datetime, time

from guixin.organisation.models import (
    Absence,
    Calendar,
    CalendarShift,
    Department,
    HolidayDay,
    HolidayList,
    HolidayYear,
    Person,
    Position,
    Post,
)
from guixin.worktime.chinese_holidays import chinese_day_list

SINCE = date(2000, 1, 1)
PUBLISHED = datetime(2026, 1, 5, tzinfo=UTC)
HOLIDAY_YEARS = (2025, 2026)

# code, name, English, under, front desk
DEPARTMENTS = [
    ("firm", "归心电器", "Guixin Appliances", None, False),
    ("front", "客服中心", "Customer service", "firm", True),
    ("quality-centre", "质量中心", "Quality centre", "firm", False),
    ("quality", "质量部", "Quality", "quality-centre", False),
    ("after-sales", "售后部", "After-sales", "quality-centre", False),
    ("logistics", "物流部", "Logistics", "firm", False),
]
# login, name, department, title, English, rank, sees, duties
PEOPLE = [
    ("sun", "孙国强", "firm", "总经理", "General manager", 5, "everything", []),
    ("he", "何静", "front", "客服主管", "Service supervisor", 2, "everything", ["coordinator"]),
    ("wang", "王芳", "front", "客服专员", "Front desk agent", 1, "own", ["front_desk"]),
    ("tang", "唐丽", "front", "客服专员", "Front desk agent", 1, "own", ["front_desk"]),
    ("chen", "陈建华", "quality-centre", "质量总监", "Quality director", 4, "subtree", []),
    ("wu", "吴敏", "quality", "质量部长", "Head of quality", 3, "department", []),
    ("qian", "钱涛", "quality", "质量主管", "Quality supervisor", 2, "department", []),
    ("li", "李娜", "quality", "质量专员", "Quality engineer", 1, "department", []),
    ("feng", "冯军", "after-sales", "售后部长", "Head of after-sales", 3, "department", []),
    ("jiang", "蒋超", "after-sales", "售后专员", "After-sales engineer", 1, "department", []),
    ("zhou", "周伟", "logistics", "物流部长", "Head of logistics", 3, "department", []),
    ("zhao", "赵强", "logistics", "仓储专员", "Warehouse clerk", 1, "department", []),
]


def firm() -> Department:
    """The whole firm; returns its top department. A dozen statements the first time, one after that."""
    if top := Department.objects.filter(code="firm").first():
        return top
    calendars()
    office = Calendar.objects.get(code="office")
    boxes: dict[str, Department] = {}
    for code, name, name_en, under, is_front_desk in DEPARTMENTS:
        boxes[code] = Department.objects.create(
            code=code,
            name=name,
            name_en=name_en,
            parent=boxes.get(under),
            calendar=None if under else office,
            is_front_desk=is_front_desk,
        )
    people = Person.objects.bulk_create(
        Person(login=login, name=name, email=f"{login}@example.com", password="!").spell_name()
        for login, name, *_rest in PEOPLE
    )
    chairs: dict[tuple[str, str], Position] = {}
    for _login, _name, box, title, title_en, rank, sees, duties in PEOPLE:
        chairs[box, title] = Position(
            department=boxes[box],
            code=f"{box}-{rank}",
            title=title,
            title_en=title_en,
            rank=rank,
            sees=sees,
            duties=duties,
        )
    Position.objects.bulk_create(chairs.values())
    Post.objects.bulk_create(
        Post(person=person, position=chairs[box, title], since=SINCE, is_main=True)
        for person, (_login, _name, box, title, *_rest) in zip(people, PEOPLE, strict=True)
    )
    return boxes["firm"]


def calendars() -> None:
    """ "office" (Monday to Friday 09:00-12:00 and 13:00-18:00, Shanghai, Chinese holidays) and "always"."""
    if Calendar.objects.filter(code="office").exists():
        return
    holidays = HolidayList.objects.create(code="CN", name="中国大陆")
    years = HolidayYear.objects.bulk_create(
        HolidayYear(list=holidays, year=year, published=True) for year in HOLIDAY_YEARS
    )
    HolidayDay.objects.bulk_create(
        HolidayDay(year=year, on=each.day, works=each.works, name=each.name)
        for year in years
        for each in chinese_day_list(year.year)
    )
    office = Calendar.objects.create(
        code="office", name="办公时间", timezone="Asia/Shanghai", holidays=holidays
    )
    Calendar.objects.get_or_create(  # a fresh installation has it already
        code="always", defaults={"name": "全天候", "timezone": "Asia/Shanghai", "always": True}
    )
    hours = [(time(9), time(12)), (time(13), time(18))]
    CalendarShift.objects.bulk_create(
        CalendarShift(calendar=office, weekday=weekday, opens=opens, closes=closes)
        for weekday in range(5)
        for opens, closes in hours
    )


def calendar(code: str) -> Calendar:
    return _only(Calendar, code=code)


def department(code: str) -> Department:
    return _only(Department, code=code)


def person(login: str) -> Person:
    return _only(Person, login=login)


def _only(noun, **which):
    """Asked for before the firm is, since most calls come after the first."""
    found = noun.objects.filter(**which).first()
    if found is None:
        firm()
        found = noun.objects.get(**which)
    return found


def away(who: Person, from_at, to_at, deputy: Person | None = None, reason: str = "出差") -> Absence:
    return Absence.objects.create(person=who, from_at=from_at, to_at=to_at, deputy=deputy, reason=reason)


def front() -> Department:
    return department("front")


def quality() -> Department:
    return department("quality")


def after_sales() -> Department:
    return department("after-sales")


def logistics() -> Department:
    return department("logistics")


def sun() -> Person:
    """General manager."""
    return person("sun")


def chen() -> Person:
    """Director over quality and after-sales."""
    return person("chen")


def wu() -> Person:
    """Head of quality."""
    return person("wu")


def qian() -> Person:
    """Supervisor in quality."""
    return person("qian")


def li() -> Person:
    """Handler in quality."""
    return person("li")


def feng() -> Person:
    """Head of after-sales."""
    return person("feng")


def jiang() -> Person:
    """Handler in after-sales."""
    return person("jiang")


def zhou() -> Person:
    """Head of logistics."""
    return person("zhou")


def zhao() -> Person:
    """Handler in logistics, in another department than Li."""
    return person("zhao")


def wang() -> Person:
    """Front desk agent."""
    return person("wang")


def tang() -> Person:
    """The other front desk agent."""
    return person("tang")


def he() -> Person:
    """Supervisor of the front desk, and coordinator."""
    return person("he")


def authority_table(*lines: dict, now: datetime = PUBLISHED):
    """A published authority matrix: `line("goodwill", 1, 20_000)` and the like."""
    from guixin.organisation.granting import publish_lines

    firm()
    return publish_lines(lines, by=None, now=now)


def line(decision: str, rank: int | None, limit: int | None, **more) -> dict:
    """Everybody from this rank up may decide this, so far; None: without limit. Money is in CNY unless said."""
    from guixin.organisation.decisions import DECISIONS

    money = DECISIONS[decision].unit == "money"
    return {
        "decision": decision, "rank": rank, "position_id": None, "department_id": None,
        "currency": "CNY" if money else "", "unlimited": limit is None, "limit_each": limit or 0, "limit_case": None,
        "limit_customer": None, "limit_period": None, "period_days": 30, "for_kinds": [], "up_to_severity": None,
        "not_on_repeat": False,
    } | more  # fmt: skip


def spending_table(*more: dict):
    """Goodwill: agents 200 yuan, supervisors 1,000, heads 5,000, the general manager without limit."""
    return authority_table(
        line("goodwill", 1, 20_000), line("goodwill", 2, 100_000), line("goodwill", 3, 500_000),
        line("goodwill", 5, None), *more,
    )  # fmt: skip
