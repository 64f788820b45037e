"""Who may see what: decided once, asked by every `visible_to`."""

from datetime import UTC, datetime

import pytest

from guixin.organisation.access import scope_of
from guixin.organisation.models import Person, Post
from guixin.organisation.tests import make

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)


class TestScope:
    def test_of_a_handler_is_the_own_department(self):
        scope = scope_of(make.li(), NOON)
        assert scope.department_ids == {make.quality().pk}
        assert not scope.sees_everything
        assert scope.rank == 1

    def test_of_a_director_is_the_departments_below(self):
        expected = {make.department(code).pk for code in ("quality-centre", "quality", "after-sales")}
        assert scope_of(make.chen(), NOON).department_ids == expected

    def test_of_the_front_desk_is_own_cases_and_the_duty(self):
        scope = scope_of(make.wang(), NOON)
        assert scope.department_ids == frozenset()
        assert scope.duties == {"front_desk"}
        assert scope.is_front_desk

    def test_of_the_general_manager_is_everything(self):
        assert scope_of(make.sun(), NOON).sees_everything

    def test_adds_up_over_several_posts(self):
        Post.objects.create(
            person=make.li(), position=make.zhao().posts.get().position, since=make.SINCE, is_main=False
        )
        assert scope_of(make.li(), NOON).department_ids == {make.quality().pk, make.logistics().pk}

    def test_of_somebody_who_left_is_nothing(self):
        make.firm()
        Person.objects.filter(login="sun").update(is_active=False)
        assert not scope_of(make.sun(), NOON).sees_everything
        assert scope_of(None).person_id is None

    def test_costs_one_query(self, django_assert_num_queries):
        li = make.li()
        scope_of(li, NOON)
        with django_assert_num_queries(1):
            scope_of(li, NOON)
