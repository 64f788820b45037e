"""Working time as data: weekly shifts, and the official list of holidays and make-up working days."""

from datetime import date
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.naming import shown_by_name


def valid_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as wrong:
        raise ValidationError(_("There is no time zone called “%(name)s”."), params={"name": name}) from wrong


class HolidayList(models.Model):
    """The holidays of one country or region, e.g. "CN"."""

    code = models.TextField(unique=True)
    name = models.TextField()

    def __str__(self):
        return self.code


class HolidayYear(models.Model):
    """One year of a list. Until the government has published it, deadlines in it are provisional."""

    list = models.ForeignKey(HolidayList, models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField()
    published = models.BooleanField(default=False)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "year"], name="holiday_year_once")]

    def __str__(self):
        return f"{self.list_id} {self.year}"


class HolidayDay(models.Model):
    """A day unlike its weekday: a holiday (`works` false) or a make-up working day (`works` true)."""

    year = models.ForeignKey(HolidayYear, models.CASCADE, related_name="days")
    on = models.DateField()
    works = models.BooleanField()
    name = models.TextField(blank=True)

    class Meta:
        constraints = [
            # The year belongs to one list, so once a year and once in the right year is once a list.
            models.UniqueConstraint(fields=["year", "on"], name="holiday_day_once"),
        ]
        ordering = ["on"]

    def __str__(self):
        return f"{self.on} {self.name}"


class Calendar(models.Model):
    """When a department works. `always` is round the clock and needs neither shifts nor holidays."""

    code = models.TextField(unique=True)
    name = models.TextField()
    timezone = models.TextField(default="Asia/Shanghai", validators=[valid_zone])
    always = models.BooleanField(default=False)
    holidays = models.ForeignKey(HolidayList, models.PROTECT, null=True, blank=True)

    def __str__(self):
        return self.code

    def as_worktime(self):
        """The same calendar for `worktime.due_at` and `worktime.elapsed`; remembered until a calendar changes."""
        from guixin.organisation.working_hours import calendar_numbered

        return calendar_numbered(self.pk)

    def published_until(self) -> date | None:
        """The last day whose holidays are official; None when no holiday list is followed.

        A published year after an unpublished one does not count: a deadline that crosses the gap
        would be provisional anyway.
        """
        if self.always or self.holidays is None:
            return None
        last = None
        for year, published in self.holidays.years.order_by("year").values_list("year", "published"):
            if not published or (last is not None and year != last + 1):
                return date((last or year - 1), 12, 31)
            last = year
        return date(last, 12, 31) if last else date.min


class CalendarShift(models.Model):
    """One opening on one weekday (0 Monday - 6 Sunday), half-open: [opens, closes).

    When `closes` is not after `opens` it is the next day's: 22:00-06:00 is a night, 00:00-00:00 a whole day.
    """

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="shifts")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "weekday", "opens"], name="calendar_shift_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="calendar_shift_weekday"),
        ]
        ordering = ["weekday", "opens"]

    def __str__(self):
        return f"{self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M}"


shown_by_name("code", lambda: Calendar, "calendars", of="organisation.calendar_")
