"""Which times a line offers: windows cut from the working hours of its department, holidays left out, full ones shown full."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from guixin.organisation.working_hours import calendar_of
from guixin.serve.models import CallBack, CallBackLine
from guixin.understand.contact_days import LONGEST_SHUT, shifts_on, zone_of
from guixin.worktime import WorkCalendar

STANDING = [CallBack.State.WAITING, CallBack.State.TAKEN, CallBack.State.MADE, CallBack.State.NOT_REACHED]


@dataclass(frozen=True)
class Window:
    """[begins, ends), and how many more calls it holds."""

    begins: datetime
    ends: datetime
    left: int

    @property
    def key(self) -> str:
        """How forms and programs name it."""
        return self.begins.strftime("%Y-%m-%dT%H:%M")


def windows(line: CallBackLine, now: datetime, *, without: CallBack | None = None) -> list[Window]:
    """Those of today and the next working days that have not begun, in order.

    without   a call-back whose own place is not counted: it is about to move
    """
    calendar = calendar_of(line.department_id)
    spans = [span for span in _spans(line, calendar, now) if span[0] >= now]
    if not spans:
        return []
    taken = CallBack.objects.filter(
        line=line, first_from__gte=spans[0][0] - line.window, first_from__lt=spans[-1][1], state__in=STANDING
    )
    if without:
        taken = taken.exclude(pk=without.pk)
    starts = sorted(taken.values_list("first_from", flat=True))
    return [
        Window(begins, ends, max(line.capacity - sum(begins <= at < ends for at in starts), 0))
        for begins, ends in spans
    ]


def _spans(line: CallBackLine, calendar: WorkCalendar, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Every window of the days the line looks ahead, today among them."""
    day, worked = now.astimezone(zone_of(calendar)).date(), 0
    for later in range(LONGEST_SHUT):
        found = list(_of_day(line, calendar, day + timedelta(days=later)))
        if found and found[-1][0] >= now:
            worked += 1
            yield from found
        if worked > line.days_ahead:
            return


def _of_day(line: CallBackLine, calendar: WorkCalendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    """Whole windows of each shift; what is left at its end is one of its own if it is half as long or longer."""
    zone = zone_of(calendar)
    for shift in shifts_on(calendar, day):
        closing_day = day if shift.closes > shift.opens else day + timedelta(days=1)
        begins = datetime.combine(day, shift.opens, zone)
        closes = datetime.combine(closing_day, shift.closes, zone)
        while closes - begins >= line.window / 2:
            ends = min(begins + line.window, closes)
            yield begins, ends
            begins = ends


def window_at(
    line: CallBackLine, key: str, now: datetime, *, without: CallBack | None = None
) -> Window | None:
    """The window with this key, if it is offered; it may be full."""
    return next((each for each in windows(line, now, without=without) if each.key == key), None)
