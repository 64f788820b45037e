from datetime import timedelta

import pytest

from guixin.promise.models import Clock
from guixin.serve.models import Case
from guixin.serve.tests import make
from guixin.understand import sorting
from guixin.understand.rules import checked
from guixin.understand.selecting import Selection
from guixin.understand.tests.make_segments import all_of, asks, members, segment

pytestmark = pytest.mark.django_db


def matching(part: dict, among=None) -> int:
    from django.db import connection

    selection = Selection(make.NOON, among)
    condition = selection.condition(checked(all_of(part)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {selection.tables()} WHERE {selection.where()} AND {condition}", selection.parameters
        )  # fmt: skip
        return cursor.fetchone()[0]


class TestARuleAboutCases:
    @pytest.mark.parametrize(
        ("part", "number"),
        [
            (asks("open_cases", "at_least", 1), 1),
            (asks("open_cases", "is", 0), 1),
            (asks("complaints_90_days", "at_least", 1), 1),
            (asks("last_case_at", "within", 1), 1),
            (asks("broken_promises_90_days", "at_least", 1), 1),
            (asks("escalation_level", "at_least", 1), 0),
        ],
    )
    def test_finds_whom_it_asks_for(self, part, number):
        case = make.case(kind="complaint")
        make.customer("李四", "139 0013 9000")
        clock = Clock.objects.filter(case_id=case.pk).first()
        Clock.objects.filter(pk=clock.pk).update(breached_at=make.NOON - timedelta(days=1))

        assert matching(part) == number
        assert matching(part, among=[case.customer_id]) == int(number and "is" not in part["asks"])

    def test_makes_a_segment(self):
        case = make.case(kind="complaint")
        made = segment("complaining", asks("complaints_90_days", "at_least", 1), owner=make.he())
        assert members(made) == {case.customer.name}

        Case.objects.filter(pk=case.pk).update(opened_at=make.NOON - timedelta(days=91))
        sorting.sort_again(make.NOON, [case.customer_id])

        assert members(made) == set()
