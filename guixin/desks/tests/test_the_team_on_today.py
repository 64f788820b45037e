"""Whoever looks after others sees on Today what of theirs is late, near or with nobody."""

import re
from html import unescape

import pytest
from django.http import QueryDict

from guixin.desks.team import team_of
from guixin.desks.tests.desk import signed_in
from guixin.desks.tests.test_the_board import busy
from guixin.organisation.models import Person
from guixin.serve import queues
from guixin.serve.tests import make

__all__ = ["busy"]


def figures(team):
    return [each for row in [*team.departments, *team.people] for each in row.figures]


def behind(address, person, now):
    name, _mark, query = address.removeprefix("/queues/").partition("?")
    return queues.listed(name, person, QueryDict(query), now=now).all_rows.count()


class TestTheTeamOnToday:
    @pytest.mark.parametrize("who", ["he", "chen", "qian", "sun"])
    def test_gives_numbers_that_open_exactly_what_they_count(self, busy, who):
        reader = Person.objects.get(login=who)
        told = figures(team_of(reader, busy))

        assert told
        for each in told:
            assert behind(each.address, reader, busy) == each.number.value, each

    def test_says_who_has_late_work_and_leaves_out_who_has_none(self, busy):
        team = team_of(make.he(), busy)

        assert [row.name for row in team.people] == [make.wang().name]
        assert team.unrouted.value == 1
        assert any(each.words == "Tasks late" for row in team.departments for each in row.figures)

    def test_is_shown_to_those_who_look_after_others_alone(self, busy):
        assert team_of(make.wang(), busy) is None
        assert team_of(make.li(), busy) is None
        assert "My team" not in signed_in(make.wang()).get("/").content.decode()

        page = signed_in(make.he()).get("/").content.decode()
        assert "My team" in page
        for address in re.findall(r'class="pill[^"]*" href="(/queues/[^"]+)"', page):
            assert signed_in(make.he()).get(unescape(address)).status_code == 200

    def test_asks_the_database_no_more_than_the_page_may(self, busy, django_assert_max_num_queries):
        client = signed_in(make.he())
        client.get("/")
        with django_assert_max_num_queries(30):
            client.get("/")
