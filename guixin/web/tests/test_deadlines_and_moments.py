from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from guixin.web.deadlines import pill
from guixin.web.moments import age, due_instant, span

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 4, 12, tzinfo=SHANGHAI)  # a Wednesday


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


class TestADeadline:
    @pytest.mark.parametrize(
        ("facts", "look", "words"),
        [
            ({}, "running", "2 h 10 min left"),
            ({"started_at": NOON - hours(9)}, "soon", "Due soon: 2 h 10 min left"),
            (
                {"paused": True, "reason": "waiting for the customer"},
                "paused",
                "Paused: waiting for the customer",
            ),
            ({"stopped_at": NOON}, "met", "in time"),
            ({"stopped_at": NOON + hours(3)}, "missed", "done late"),
            ({"void": True}, "void", "no longer counts"),
        ],
    )
    def test_is_said_in_words_and_a_look(self, facts, look, words):
        shown = pill(NOON + timedelta(hours=2, minutes=10), NOON, **facts)

        assert (shown.look, shown.words) == (look, words)

    def test_is_soon_in_the_last_half_hour(self):
        assert pill(NOON + timedelta(minutes=30), NOON).look == "soon"
        assert pill(NOON + timedelta(minutes=31), NOON).look == "running"

    def test_is_late_the_moment_it_passed(self):
        late = pill(NOON - timedelta(minutes=35), NOON)

        assert (late.look, late.words, late.due) == ("late", "35 min late", "today 11:25")

    def test_at_its_very_instant_is_not_late_yet(self):
        assert pill(NOON, NOON).look == "soon"

    def test_beyond_all_years_is_none(self):
        assert pill(datetime(9999, 1, 1, tzinfo=SHANGHAI), NOON).look == "none"


class TestAMoment:
    @pytest.mark.parametrize(
        ("at", "said"),
        [
            (NOON + hours(5.5), "today 17:30"),
            (NOON + hours(24), "tomorrow 12:00"),
            (NOON - hours(24), "yesterday 12:00"),
            (NOON + hours(120), "Mon 12:00"),
            (NOON + hours(24 * 7), "11 Mar 12:00"),
            (NOON - hours(24 * 90), "4 Dec 2025 12:00"),
        ],
    )
    def test_is_said_as_near_as_needed(self, at, said):
        assert due_instant(at, NOON) == said

    def test_is_said_in_the_zone_of_the_reader_whatever_it_is_stored_in(self):
        assert due_instant((NOON + hours(11)).astimezone(ZoneInfo("UTC")), NOON) == "today 23:00"

    def test_is_said_in_chinese_to_chinese_readers(self):
        with translation.override("zh-hans"):
            assert due_instant(NOON + hours(24 * 7), NOON)[-5:] == "12:00"

    @pytest.mark.parametrize(
        ("length", "said"),
        [
            (hours(0.005), "under a minute"),
            (hours(2), "2 h"),
            (hours(28), "1 d 4 h"),
            (hours(-0.5), "30 min"),
        ],
    )
    def test_lasts_in_two_units(self, length, said):
        assert span(length) == said

    def test_ages_in_one_unit(self):
        assert [age(NOON - length, NOON) for length in (hours(0), hours(3), hours(50))] == [
            "just now",
            "3 h",
            "2 d",
        ]
