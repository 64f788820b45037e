"""Clocks on their own, about a case nobody needs to know. The cast is the firm's; NOON is a Wednesday."""

from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

from guixin.organisation.tests import make as firm
from guixin.promise.keeping import Promise, Stop, start, stop
from guixin.promise.models import Clock, Escalation, Measure, Standard, StandardVersion

SHANGHAI = ZoneInfo("Asia/Shanghai")
_numbers = count(1)


def at(clock_time: str, day: int = 4, month: int = 3) -> datetime:
    """`at("10:30")` is that time in Shanghai on Wednesday 4 March 2026."""
    hour, minute = clock_time.split(":")
    return datetime(2026, month, day, int(hour), int(minute), tzinfo=SHANGHAI)


NOON = at("12:00")


def version(
    minutes: int = 480, *, calendar: str = "always", warn: int | None = 80, ladder=(60, 240),
    repeat: int | None = 1440, measure: str = Measure.RESOLVE, **more,
) -> StandardVersion:  # fmt: skip
    """Eight hours round the clock, a reminder at 80 %, levels after 0 h, 1 h and 4 h, then daily."""
    firm.firm()
    standard = Standard.objects.create(code=f"s{next(_numbers)}", measure=measure, name="承诺")
    return StandardVersion.objects.create(
        standard=standard, number=1, published_at=at("09:00", 2), budget_minutes=minutes,
        calendar=firm.calendar(calendar), warn_percent=warn, ladder_minutes=list(ladder), repeat_minutes=repeat,
        **more,
    )  # fmt: skip


def clock(terms: StandardVersion | None = None, started_at: datetime = NOON, **more) -> Clock:
    """Held by Li in quality, about a case of its own."""
    number = next(_numbers)
    facts = {
        "about": ("case", number),
        "case_id": number,
        "department_id": firm.quality().pk,
        "holder_id": firm.li().pk,
    }
    return start([Promise(version=terms or version(), started_at=started_at, **(facts | more))])[0]


def keep(clock: Clock, happened_at: datetime, now: datetime | None = None) -> Clock:
    """What was promised happened at this time; noticed `now`. Returns the clock as it is afterwards."""
    stop([Stop((clock.about_kind, clock.about_id), clock.measure, happened_at)], now or happened_at)
    clock.refresh_from_db()
    return clock


def told(clock: Clock) -> list[tuple[int, int, str, str]]:
    """(level, round, when by the wall in Shanghai, who) for each step taken, in the order it was recorded."""
    steps = Escalation.objects.filter(clock=clock).order_by("id").select_related("to_person")
    return [
        (one.level, one.round, f"{one.happened_at.astimezone(SHANGHAI):%d %H:%M}", one.to_person.login)
        for one in steps
    ]
