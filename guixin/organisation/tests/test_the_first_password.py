"""The first command of a fresh installation."""

import io

import pytest
from django.core.management import call_command

from guixin.organisation.models import Person, Post

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
