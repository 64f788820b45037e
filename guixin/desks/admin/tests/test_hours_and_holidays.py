"""Working hours and holidays by pages: seen before they count, and running promises follow."""

import re
from datetime import UTC, date, datetime

import pytest

from guixin.desks.admin.holidays import missing_year
from guixin.desks.tests.desk import noon, signed_in
from guixin.ledger.models import Entry
from guixin.organisation.models import Calendar, CalendarShift, HolidayDay, HolidayYear
from guixin.promise.models import Clock
from guixin.serve.tests import make

__all__ = ["noon"]
pytestmark = pytest.mark.usefixtures("noon")

NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月14日（周日）上班。
六、端午节：放假若干天，另行通知，6月9日前后。
"""


def office_form(**days) -> dict:
    office = Calendar.objects.get(code="office")
    said = {"name": office.name, "timezone": "Asia/Shanghai", "holidays": office.holidays_id}
    usual = {f"day{number}": "9:00-12:00 13:00-18:00" for number in range(5)}
    return said | usual | days


class TestWorkingHours:
    def test_are_looked_at_before_they_count(self):
        make.case(departments=[make.quality().pk])
        office = make.calendar("office")
        due = set(Clock.objects.open().values_list("due_at", flat=True))
        shorter = office_form(**{f"day{number}": "9:00-12:00" for number in range(5)})

        shown = signed_in(make.sun()).post(f"/admin/calendars/{office.pk}", shorter | {"look": "1"})

        assert "would move" in shown.content.decode()
        assert set(Clock.objects.open().values_list("due_at", flat=True)) == due
        assert CalendarShift.objects.filter(calendar=office).count() == 10

    def test_move_the_running_promises(self):
        make.case(departments=[make.quality().pk])
        office = make.calendar("office")
        due = set(Clock.objects.open().values_list("due_at", flat=True))
        shorter = office_form(**{f"day{number}": "9:00-12:00" for number in range(5)})

        answer = signed_in(make.sun()).post(f"/admin/calendars/{office.pk}", shorter)

        assert answer.status_code == 302
        assert set(Clock.objects.open().values_list("due_at", flat=True)) != due
        assert Entry.objects.filter(kind="organisation.calendar_changed", actor_id=make.sun().pk).exists()

    def test_that_nobody_understands_are_refused_at_their_day(self):
        office = make.calendar("office")

        answer = signed_in(make.sun()).post(f"/admin/calendars/{office.pk}", office_form(day2="nine to five"))

        assert answer.status_code == 422
        assert "is not understood" in answer.content.decode()


class TestHolidays:
    def test_of_a_pasted_notice_are_shown_with_what_was_not_understood(self):
        make.firm()

        shown = signed_in(make.sun()).post("/admin/holidays/CN/2027/proposal", {"notice": NOTICE})

        words = shown.content.decode()
        assert "10 holidays, 2 make-up working days" in words
        assert "端午节：放假若干天，另行通知，6月9日前后" in words
        assert not HolidayYear.objects.filter(year=2027).exists()

    def test_are_published_and_taken_back(self):
        make.firm()
        client = signed_in(make.sun())

        client.post(
            "/admin/holidays/CN/2027/days",
            {"days": "2027-01-01 off 元旦\n2027-01-03 work 元旦", "publish": "1", "source": "通知"},
        )
        year = HolidayYear.objects.get(year=2027)
        assert year.published
        assert set(year.days.values_list("on", "works")) == {
            (date(2027, 1, 1), False),
            (date(2027, 1, 3), True),
        }

        client.post("/admin/holidays/CN/2027/undo")
        year.refresh_from_db()
        assert not year.published
        assert not year.days.exists()

    def test_of_one_month_leave_the_others_alone(self):
        make.firm()
        before = HolidayDay.objects.filter(year__year=2026).count()
        march = HolidayDay.objects.filter(year__year=2026, on__month=3).count()

        shown = signed_in(make.sun()).post(
            "/admin/holidays/CN/2026/proposal",
            {"month": "3", "day-2026-03-20": "off", "name-2026-03-20": "厂庆"},
        )

        words = shown.content.decode()
        assert "2026-03-20 off 厂庆" in words
        assert len(re.findall(r"^.*2026-\d\d-\d\d (?:off|work)", words, re.MULTILINE)) == before + 1 - march

    def test_are_asked_for_from_november_on(self):
        make.firm()
        assert missing_year(datetime(2026, 10, 31, 12, tzinfo=UTC)) is None
        assert missing_year(datetime(2026, 11, 1, 12, tzinfo=UTC)) == 2027
        assert missing_year(datetime(2025, 11, 1, 12, tzinfo=UTC)) is None
