"""A wave at a place: one card, one wave at a time; nobody's name; and a program that sends ten thousand answers."""

from datetime import timedelta

import pytest
from django.db import connection
from psycopg import ClientCursor

from guixin.ledger.models import Entry
from guixin.listen import answering, at_places, counting, hanging_up, waves
from guixin.listen.answering import AnsweredAlready, CannotAnswer
from guixin.listen.at_places import AskedTooOften
from guixin.listen.models import Answer, Response
from guixin.listen.results import groups
from guixin.listen.tests.make import ASKS, NOON, he, published, wave
from guixin.listen.waves import Invited, NotPossibleNow
from guixin.organisation.tests.make import department
from guixin.serve.models import Case, OpinionPoint
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db
MUST = {"questions": [ASKS["questions"][0], {"code": "again", "label": "再来吗？", "required": True}]}


def point(code="lobby", **said) -> OpinionPoint:
    return OpinionPoint.objects.create(**{"code": code, "name": f"{code}柜台", "made_at": NOON, **said})


def hung(asks=None, code="lobby", **said):
    return hanging_up.hang_up(wave(asks, **said), point(code), by=he(), now=NOON)


def tap(place, kept="a phone", page=0, now=NOON, **answers) -> bool:
    return at_places.answer_at(place, kept, page, answers, language="zh-hans", now=now)


class TestOneTap:
    def test_is_kept_and_counts_and_more_may_be_said(self):
        place = hung()
        assert not tap(place, overall="2")
        response = Response.objects.get()
        assert (response.completed_at, response.place, response.source) == (NOON, place, "place")
        assert (response.customer, response.case) == (None, None)

        assert tap(place, page=1, now=NOON + timedelta(minutes=5), why="太慢", words="等了很久")

        assert Response.objects.get().completed_at == NOON
        assert answering.answers_of(response) == {"overall": "2", "why": "太慢", "words": "等了很久"}
        assert not Case.objects.exists()

    def test_of_the_same_browser_counts_once(self):
        place = hung()
        tap(place, overall="5")
        tap(place, overall="4")  # a second thought
        assert Answer.objects.get().value == 4

        with pytest.raises(AnsweredAlready):
            tap(place, now=NOON + timedelta(hours=1), overall="1")
        assert not tap(place, "another phone", overall="1")
        assert Response.objects.count() == 2

    def test_counts_at_the_end_where_more_must_be_answered(self):
        place = hung(MUST)
        tap(place, overall="2")
        assert Response.objects.get().completed_at is None
        with pytest.raises(CannotAnswer):
            tap(place, page=1)

        assert tap(place, page=1, again="4")
        assert Response.objects.get().completed_at == NOON

    def test_of_an_anonymous_wave_is_added_to_only_until_its_end(self):
        place = hung(is_anonymous=True)
        tap(place, overall="2")
        assert Response.objects.get().completed_at is None
        tap(place, page=1)
        with pytest.raises(AnsweredAlready):
            tap(place, overall="3")

    def test_stays_a_single_page_where_nothing_else_is_asked(self):
        assert tap(hung({"questions": ASKS["questions"][:1]}), overall="3")


class TestACard:
    def test_leads_to_one_wave_at_a_time(self):
        place = hung()
        april = waves.open_wave(
            place.wave.version.questionnaire, name="四月", code="april", owner=he(), by=he(), now=NOON
        )
        with pytest.raises(NotPossibleNow, match="“三月” is asked"):
            hanging_up.hang_up(april, place.point, by=he(), now=NOON)
        assert hanging_up.hang_up(place.wave, place.point, by=he(), now=NOON) == place

        waves.close(place.wave, by=he(), now=NOON)
        assert hanging_up.asked_at("lobby", NOON) is None
        there = hanging_up.hang_up(april, place.point, by=he(), now=NOON)
        assert hanging_up.asked_at("lobby", NOON) == there

        hanging_up.take_down(there, by=he(), now=NOON)
        assert hanging_up.asked_at("lobby", NOON) is None
        hanging_up.hang_up(april, place.point, by=he(), now=NOON)
        assert hanging_up.asked_at("lobby", NOON) == there

    def test_that_was_taken_down_leads_to_none(self):
        with pytest.raises(NotPossibleNow):
            hanging_up.hang_up(wave(), point(is_active=False), by=he(), now=NOON)


class TestWhatIsAnswered:
    def test_is_told_by_place_and_counts_for_its_department(self):
        place = hung()
        hanging_up.hang_up(place.wave, point("dock", department=department("quality")), by=he(), now=NOON)
        dock = place.wave.places.get(point__code="dock")
        for n in range(12):
            tap(place if n % 2 else dock, f"phone {n}", overall=str(1 + n % 5))
        assert counting.count_next(NOON)

        found = groups(place.wave, "place", "zh-hans")
        assert [(each.name, each.responses) for each in found] == [("dock柜台", 6), ("lobby柜台", 6)]
        assert [each.responses for each in groups(place.wave, "department", "zh-hans")] == [6]


class TestTenThousandAnswersOfAProgram:
    def test_are_refused_above_the_limit_and_do_not_distort(self, monkeypatch):
        monkeypatch.setattr(at_places, "AN_HOUR", 30)
        monkeypatch.setattr(at_places, "FLOOD", 30)
        place = hung({"questions": ASKS["questions"][:1]})
        (link,) = waves.invite(place.wave, [Invited(case=make.case())], by=he(), now=NOON)
        tap(place, "an honest one", now=NOON - timedelta(hours=2), overall="5")

        for n in range(30):
            tap(place, f"program {n}", overall="1")
        for n in range(40):
            with pytest.raises(AskedTooOften, match="within an hour"):
                tap(place, f"program again {n}", overall="1")
        let_in_again(place, 9_930)
        token = link.rpartition("/")[2]
        said = answering.invitation_of(token)
        answering.answer_page(said, token, 0, {"overall": "4"}, language="zh-hans", now=NOON)
        tap(place, "the next hour", now=NOON + timedelta(hours=1), overall="5")

        place.refresh_from_db()
        assert place.refused == 9_970
        counted = Response.objects.counted().values_list("answers__value", flat=True)
        assert sorted(counted) == [4, 5, 5]
        assert Entry.objects.get(kind="listen.place_flooded").facts["left_out"] == 30

    def test_from_one_address_keep_nobody_else_out(self):
        place = hung()
        for n in range(3):
            with pytest.raises(AskedTooOften):
                at_places.answer_at(
                    place, f"program {n}", 0, {"overall": "1"}, language="zh-hans", now=NOON, is_braked=True
                )
        tap(place, overall="5")
        place.refresh_from_db()
        assert (place.refused, place.taken, Response.objects.counted().count()) == (3, 1, 1)


def test_a_questionnaire_of_pairs_begins_with_a_whole_page():
    sheet = published(begin_from="servqual").sheet
    assert at_places.one_tap(sheet) is None
    assert at_places.pages_at_place(sheet) == answering.pages_of(sheet)


def let_in_again(place, times: int) -> None:
    """So many more that come to the limit, in the database alone."""
    values = {
        "place": place.pk,
        "hour": NOON.replace(minute=0),
        "limit": at_places.AN_HOUR,
        "is_braked": False,
    }
    with connection.cursor() as cursor:
        one = ClientCursor(cursor.connection).mogrify(at_places._LET_IN, values)
        cursor.execute(
            f"DO $$ DECLARE is_in boolean; so_many int; BEGIN FOR n IN 1..{times} LOOP {one} INTO is_in, so_many; END LOOP; END $$"
        )
