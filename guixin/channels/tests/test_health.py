"""What `guixin doctor` and /healthz say, and when it is red."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from guixin.channels import health, work
from guixin.channels.models import Heartbeat
from guixin.ledger.clock import database_now, set_virtual_clock
from guixin.ledger.models import Entry, Outgoing
from guixin.organisation.models import HolidayYear
from guixin.promise.models import Clock
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db


def finding(name: str) -> dict:
    return next(each for each in health.report()["findings"] if each["name"] == name)


class TestTheReport:
    def test_is_green_where_a_worker_is_alive_and_nothing_waits(self):
        make.firm()
        set_virtual_clock(datetime(2026, 3, 4, tzinfo=UTC))
        work.beat(["clocks"])

        found = health.report()

        assert [each for each in found["findings"] if each["colour"] == "red"] == []
        assert found["ok"]

    def test_is_red_without_a_worker(self):
        assert finding("workers")["colour"] == "red"
        assert not health.report()["ok"]

    def test_is_red_when_the_last_sign_of_life_is_a_minute_old(self):
        work.beat(["clocks"])
        Heartbeat.objects.update(beat_at=database_now() - timedelta(seconds=61))
        assert finding("workers")["colour"] == "red"

    def test_is_red_when_a_deadline_passed_unseen(self):
        make.case()
        Clock.objects.update(next_at=database_now() - timedelta(minutes=5))
        late = finding("oldest_unfired_deadline_s")
        assert late["colour"] == "red"
        assert 299 < late["figure"] < 320

    def test_counts_what_waits_and_what_was_given_up(self):
        make.case()
        for state in ("waiting", "dead"):
            Outgoing.objects.create(channel="staff_mail", lane="x", payload={}, state=state)
        assert finding("unnumbered_entries")["figure"] == Entry.objects.count()
        assert finding("post_waiting")["figure"] == 1
        assert finding("post_dead")["colour"] == "yellow"

    @pytest.mark.parametrize(
        ("month", "missing", "colour"), [(10, 2027, "green"), (11, 2027, "yellow"), (3, 2026, "red")]
    )
    def test_asks_for_the_holidays_of_this_year_and_from_november_of_the_next(self, month, missing, colour):
        make.firm()
        HolidayYear.objects.filter(year=missing).update(published=False)
        set_virtual_clock(datetime(2026, month, 4, tzinfo=UTC))
        assert finding("holidays_CN")["colour"] == colour

    def test_costs_the_same_whatever_there_is(self, django_assert_max_num_queries):
        make.case()
        with django_assert_max_num_queries(25):
            health.report()


class TestTheDoctor:
    def test_ends_with_one_when_something_is_red(self):
        said = StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("doctor", stdout=said)
        assert ended.value.code == 1
        assert "ILL   workers" in said.getvalue()

    def test_speaks_json_to_programs(self):
        make.firm()
        work.beat(["clocks"])
        set_virtual_clock(datetime(2026, 3, 4, tzinfo=UTC))
        said = StringIO()
        call_command("doctor", json=True, stdout=said)
        assert json.loads(said.getvalue())["ok"]
