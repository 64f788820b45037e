"""The first command of a fresh installation."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from guixin.ledger.clock import database_now
from guixin.organisation import signing_in
from guixin.organisation.first_firm import first_link
from guixin.organisation.models import Person, Post, SignInLink
from guixin.organisation.tests import make

PASSWORD = "绿色的拉链 7 厘米"


@pytest.fixture
def typed(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))


class TestTheFirstPassword:
    def test_makes_the_administrator_it_is_for(self, db, typed):
        call_command("person", "password", "admin", stdout=io.StringIO())

        admin = Person.objects.get(login="admin")
        assert admin.check_password(PASSWORD)
        assert Post.objects.get(person=admin).position.duties


NOW = datetime(2026, 3, 4, 4, tzinfo=UTC)


@pytest.mark.django_db
class TestTheLinkAServerPrints:
    def test_lets_the_first_administrator_choose_a_password_once(self):
        token = first_link(NOW)

        person = signing_in.choose_password(token, PASSWORD, now=NOW)

        assert person.login == "admin"
        assert SignInLink.with_token(token, NOW) is None

    def test_is_not_made_once_somebody_can_sign_in(self):
        signing_in.choose_password(first_link(NOW), PASSWORD, now=NOW)
        assert first_link(NOW + timedelta(days=400)) is None

    def test_is_made_once_by_servers_that_start_together(self):
        assert first_link(NOW)
        assert first_link(NOW + timedelta(seconds=30)) is None

    def test_of_a_later_start_voids_the_earlier(self):
        earlier = first_link(NOW)
        later = first_link(NOW + timedelta(hours=1))
        assert SignInLink.with_token(earlier, NOW) is None
        assert SignInLink.with_token(later, NOW)

    def test_is_for_the_highest_of_a_firm_that_came_from_a_file(self):
        make.firm()
        Person.objects.update(password="!")  # as a file leaves them
        ranks = Post.objects.filter(until=None).values_list("position__rank", flat=True)

        person = SignInLink.with_token(first_link(NOW), NOW).person

        post = person.posts.get(until=None)
        assert post.position.duties.count("administrator") or post.position.rank == max(ranks)

    def test_can_be_printed_again(self):
        first_link(NOW)
        out = io.StringIO()
        call_command("person", "link", "admin", stdout=out)
        token = out.getvalue().strip().rpartition("/")[2]
        assert SignInLink.with_token(token, database_now())

    def test_is_not_shown_to_a_visitor(self, client):
        shown = client.get("/sign-in").content.decode()
        assert "Nobody can sign in yet" in shown
        assert "/invitation/" not in shown
        signing_in.choose_password(first_link(NOW), PASSWORD, now=NOW)
        assert "Nobody can sign in yet" not in client.get("/sign-in").content.decode()
