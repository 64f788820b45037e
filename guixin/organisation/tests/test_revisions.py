"""Configuration in memory is never older than the database, whatever was rolled back."""

import threading
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from guixin.ledger.clock import database_now
from guixin.organisation.models import Department, Person, Revision
from guixin.organisation.revisions import LOOKED_AT, cached_until_changed, one_look, revision
from guixin.organisation.tests import make


class ComeToNothing(Exception):
    pass


@pytest.fixture
def names():
    """A remembered question: the departments' names; `names.asked` counts the times it was really worked out."""

    @cached_until_changed("organisation")
    def names():
        names.asked += 1
        return sorted(Department.objects.values_list("name", flat=True))

    names.asked = 0
    return names


def statement(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
class TestRememberedConfiguration:
    def test_is_worked_out_once(self, names):
        assert names() == names()
        assert names.asked == 1

    def test_costs_one_query_when_nothing_changed(self, names, django_assert_num_queries):
        names()
        with django_assert_num_queries(1):
            names()

    def test_follows_an_insert_an_update_and_a_delete(self, names):
        assert names() == []
        box = Department.objects.create(code="a", name="甲")
        assert names() == ["甲"]
        Department.objects.filter(pk=box.pk).update(name="乙")
        assert names() == ["乙"]
        box.delete()
        assert names() == []

    def test_and_the_time_cost_a_page_one_query_together(self, names, django_assert_num_queries):
        names()
        with django_assert_num_queries(1), one_look():
            assert database_now() == database_now()
            names()

    def test_and_the_time_may_have_come_with_the_reader(self, names, django_assert_num_queries):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {LOOKED_AT}")
            found = cursor.fetchone()
        names()

        with django_assert_num_queries(0), one_look(found):
            assert database_now() == found[0]
            names()

    def test_and_the_time_go_on_after_a_page(self, names):
        with one_look():
            assert names() == []
            Department.objects.create(code="a", name="甲")
            assert names() == []  # as of one moment
        assert names() == ["甲"]

    def test_follows_a_change_made_without_the_models(self, names):
        Department.objects.create(code="a", name="甲")
        names()
        statement("UPDATE organisation_department SET name = '丙'")
        assert names() == ["丙"]

    def test_forgets_what_was_seen_in_a_transaction_that_came_to_nothing(self, names):
        with suppress(ComeToNothing), transaction.atomic():
            Department.objects.create(code="a", name="甲")
            assert names() == ["甲"]
            raise ComeToNothing
        assert names() == []

    def test_never_gives_a_rolled_back_number_to_other_content(self, names):
        with suppress(ComeToNothing), transaction.atomic():
            Department.objects.create(code="a", name="甲")
            lost = revision("organisation")
            names()
            raise ComeToNothing
        Department.objects.create(code="b", name="乙")
        assert revision("organisation") > lost
        assert names() == ["乙"]

    def test_is_worked_out_each_time_when_the_numbers_are_gone(self, names):
        Revision.objects.all().delete()
        names()
        names()
        assert names.asked == 2
        assert revision("organisation") is None

    def test_counts_again_after_the_numbers_were_gone(self, names):
        Revision.objects.all().delete()
        Department.objects.create(code="a", name="甲")
        assert names() == names() == ["甲"]
        assert names.asked == 1

    def test_is_kept_by_arguments(self):
        @cached_until_changed("organisation", "calendars")
        def named(code):
            return Department.objects.filter(code=code).count()

        Department.objects.create(code="a", name="甲")
        assert (named("a"), named("b")) == (1, 0)


@pytest.mark.django_db
class TestTheNumber:
    def test_moves_with_a_name_but_not_with_a_sign_in(self):
        li = make.li()
        before = revision("organisation")
        Person.objects.filter(pk=li.pk).update(last_login=datetime(2026, 3, 4, tzinfo=UTC))
        assert revision("organisation") == before
        Person.objects.filter(pk=li.pk).update(is_active=False)
        assert revision("organisation") > before

    def test_moves_with_a_truncate(self):
        before = revision("organisation")
        statement("TRUNCATE organisation_absence")
        assert revision("organisation") > before

    def test_survives_the_truncation_of_its_own_table(self, names):
        names()
        statement("TRUNCATE organisation_revision, organisation_department CASCADE")
        assert revision("organisation") is not None

    def test_of_calendars_stands_still_when_people_change(self):
        before = revision("calendars")
        make.person("li")
        between = revision("calendars")
        make.away(make.li(), datetime(2026, 3, 4, tzinfo=UTC), datetime(2026, 3, 5, tzinfo=UTC))
        assert before < between == revision("calendars")


@pytest.mark.two_connections
@pytest.mark.django_db
class TestTwoProcesses:
    """The other process commits and cleans up after itself: a flush is refused by the ledger."""

    def test_see_a_change_when_it_is_committed_and_not_before(self, names):
        assert names() == []
        before = revision("organisation")
        changed, may_commit = threading.Event(), threading.Event()
        seen_inside = []

        def another():
            try:
                with transaction.atomic():
                    Department.objects.create(code="a", name="甲")
                    seen_inside.append(names())
                    changed.set()
                    may_commit.wait(timeout=60)
            finally:
                connection.close()

        def clean_up():
            Department.objects.filter(code="a").delete()
            connection.close()

        try:
            process = threading.Thread(target=another)
            process.start()
            assert changed.wait(timeout=60)
            uncommitted = names(), revision("organisation")
            may_commit.set()
            process.join(timeout=60)
            committed = names(), revision("organisation")
        finally:
            may_commit.set()
            process.join(timeout=60)
            cleaner = threading.Thread(target=clean_up)
            cleaner.start()
            cleaner.join(timeout=60)

        assert seen_inside == [["甲"]]
        assert uncommitted == ([], before)
        assert committed[0] == ["甲"]
        assert committed[1] > before
        assert names() == []
