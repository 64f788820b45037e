import pytest

from guixin.serve.customers import latest_seen
from guixin.serve.finding import find
from guixin.serve.models import Case
from guixin.serve.tests import make
from guixin.understand import merging

pytestmark = pytest.mark.django_db


@pytest.fixture
def colour():
    return make.case(product="SO-2026-77")


def numbers(text, person=None):
    return [each.case.number for each in find(text, person or make.wang()).cases]


class TestOneBox:
    def test_finds_a_case_by_its_number_or_the_end_of_it(self, colour):
        number = "2026-000007"
        Case.objects.filter(pk=colour.pk).update(number=number)

        for typed in (number, f"#{number}", "0007", "7", " 0007 "):
            assert numbers(typed) == [number]

    def test_finds_every_number_that_ends_so_the_one_itself_first(self, colour):
        Case.objects.filter(pk=colour.pk).update(number="2026-004512")
        other = make.case()
        Case.objects.filter(pk=other.pk).update(number="2026-014512")
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT setval('serve_case_number', 20000)")

        assert numbers("4512") == ["2026-004512", "2026-014512"]
        assert numbers("12") == []  # two digits are a number, not the end of a thousand

    @pytest.mark.parametrize("typed", ["SO-2026-77", "so-2026", "ＳＯ-2026-77"])
    def test_finds_a_case_by_its_order(self, colour, typed):
        assert numbers(typed) == [colour.number]

    @pytest.mark.parametrize(
        "typed", ["8000", "+86 138-0013-8000", "１３８００１３８０００", "zs", "張三", "zhangsan"]
    )
    def test_finds_the_customer_and_their_newest_cases(self, colour, typed):
        found = find(typed, make.wang())

        assert [each.customer for each in found.customers] == [colour.customer]
        assert [each.case for each in found.cases] == [colour]

    @pytest.mark.parametrize("typed", ["", None, "  ", "%", "_", "\x00", "2026-999999", "9" * 40, "'; --"])
    def test_finds_nothing_by_nonsense(self, colour, typed):
        assert find(typed, make.wang()).cases == []

    def test_shows_a_department_only_the_customers_of_its_cases(self):
        case = make.case(departments=[make.quality().pk])

        inside, outside = find("8000", make.li()), find("8000", make.zhao())

        assert [each.case for each in inside.cases] == [case]
        assert len(inside.customers) == 1
        assert (outside.cases, outside.customers) == ([], [])
        assert numbers(case.number, make.zhao()) == []

    def test_costs_the_same_however_many_are_found(self, colour, django_assert_max_num_queries):
        make.case(customer=make.customer("张三", "139 0000 8000"))

        with django_assert_max_num_queries(8):
            find("8000", make.wang())


class TestMergedCustomers:
    def test_bring_their_cases_and_take_them_back(self):
        one, other = make.customer(), make.customer("张叁", "139 0000 1111")
        came, stayed = make.case(customer=other), make.case(customer=one)
        made = merging.merge(other, one, by=make.wang(), now=make.NOON)
        since = make.case(customer=one)

        assert set(Case.objects.filter(customer=one)) == {came, stayed, since}
        merging.undo(made, by=make.wang(), now=make.NOON)
        assert list(Case.objects.filter(customer=other)) == [came]
        assert set(Case.objects.filter(customer=one)) == {stayed, since}


class TestTheLatestSeen:
    def test_lists_each_customer_once_the_latest_first(self):
        zhang, li = make.customer(), make.customer("李四", "139 0000 1111")
        make.case(customer=zhang, opened_at=make.at("9:00"))
        make.case(customer=li, opened_at=make.at("9:30"))
        make.case(customer=zhang, opened_at=make.at("10:00"))

        page = latest_seen(size=1)
        rest = latest_seen(page.after, size=1)

        assert [each.customer for each in page.rows] == [zhang]
        assert page.rows[0].open_cases == 2
        assert [each.customer for each in rest.rows] == [li]
        assert rest.after is None
