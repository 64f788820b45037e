"""The firm's calendars, and what worktime makes of them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from guixin.organisation.models import Calendar, CalendarShift, HolidayDay, HolidayYear
from guixin.organisation.tests import make
from guixin.organisation.working_hours import calendar_named, calendar_of
from guixin.worktime import due_at, elapsed, is_provisional

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def worked(day: date) -> timedelta:
    start = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    return elapsed(start, start + timedelta(days=1), make.calendar("office").as_worktime())


class TestTheOfficeCalendar:
    def test_works_eight_hours_on_an_ordinary_wednesday(self):
        assert worked(date(2026, 3, 4)) == timedelta(hours=8)

    def test_works_on_a_make_up_saturday(self):
        assert date(2026, 2, 14).weekday() == 5
        assert worked(date(2026, 2, 14)) == timedelta(hours=8)

    def test_rests_on_any_other_saturday(self):
        assert worked(date(2026, 3, 7)) == timedelta(0)

    def test_rests_on_national_day(self):
        assert date(2026, 10, 1).weekday() == 3
        assert worked(date(2026, 10, 1)) == timedelta(0)

    def test_breaks_for_lunch(self):
        half_past_eleven = datetime(2026, 3, 4, 11, 30, tzinfo=SHANGHAI)
        due = due_at(half_past_eleven, timedelta(hours=1), make.calendar("office").as_worktime())
        assert due == datetime(2026, 3, 4, 13, 30, tzinfo=SHANGHAI)

    def test_is_provisional_in_a_year_nobody_has_published(self):
        office = make.calendar("office").as_worktime()
        assert office.published_until == date(2026, 12, 31)
        assert is_provisional(office, datetime(2027, 1, 4, 10, tzinfo=SHANGHAI))
        assert not is_provisional(office, datetime(2026, 12, 30, 10, tzinfo=SHANGHAI))

    def test_is_published_only_up_to_the_first_gap(self):
        office = make.calendar("office")
        HolidayYear.objects.create(list=office.holidays, year=2028, published=True)
        assert office.published_until() == date(2026, 12, 31)

    def test_is_not_published_by_a_year_that_is_only_planned(self):
        office = make.calendar("office")
        HolidayYear.objects.create(list=office.holidays, year=2027, published=False)
        assert office.published_until() == date(2026, 12, 31)

    def test_is_never_published_by_an_empty_list(self):
        office = make.calendar("office")
        HolidayYear.objects.all().delete()
        assert is_provisional(office.as_worktime(), datetime(2026, 3, 4, tzinfo=SHANGHAI))

    def test_changes_the_moment_a_holiday_is_declared(self):
        wednesday = date(2026, 3, 4)
        assert worked(wednesday) == timedelta(hours=8)
        HolidayDay.objects.create(year=HolidayYear.objects.get(year=2026), on=wednesday, works=False)
        assert worked(wednesday) == timedelta(0)

    def test_is_built_once_while_nothing_changes(self):
        office = make.calendar("office")
        assert office.as_worktime() is office.as_worktime()

    def test_uses_its_own_saturday_hours_on_a_make_up_saturday(self):
        office = make.calendar("office")
        CalendarShift.objects.create(calendar=office, weekday=5, opens="09:00", closes="12:00")
        assert worked(date(2026, 2, 14)) == timedelta(hours=3)


class TestADepartmentsWorkingTime:
    def test_is_inherited_from_the_nearest_department_above(self):
        quality, centre = make.quality(), make.department("quality-centre")
        assert calendar_of(quality.pk).name == "office"
        centre.calendar = make.calendar("always")
        centre.save(update_fields=["calendar"])
        assert calendar_of(quality.pk).always

    def test_is_round_the_clock_when_nobody_said_anything(self):
        top = make.firm()
        top.calendar = None
        top.save(update_fields=["calendar"])
        assert calendar_of(make.quality().pk).always
        assert calendar_of(None).always

    def test_is_found_by_its_code(self):
        make.calendars()
        assert calendar_named("always").always
        with pytest.raises(Calendar.DoesNotExist):
            calendar_named("moon")
