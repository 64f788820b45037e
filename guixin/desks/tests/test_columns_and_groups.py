"""A list in sections, with the columns somebody wants; all of it stands in the address, so a saved view keeps it."""

import pytest

from guixin.desks.tests.desk import signed_in
from guixin.serve import queues, saved_views
from guixin.serve.filtering import USUAL_COLUMNS, BadFilter, asked
from guixin.serve.models import Case
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


def seen(address: str) -> str:
    answer = signed_in(make.wang()).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


class TestColumns:
    def test_are_those_of_the_address_in_the_order_of_the_list(self):
        make.case(product="5号金属拉链")
        assert asked({"column": ["owner", "product", "kind"]}).columns == ("kind", "product", "owner")
        shown = seen("/queues/mine?column=product&column=owner")
        assert '<th scope="col">Product</th><th scope="col">Owner</th></tr>' in shown.replace("\n", "")
        assert "Department now" not in shown

    def test_are_the_usual_ones_otherwise(self):
        assert asked({}).columns == USUAL_COLUMNS
        assert asked({}).query() == ""

    def test_that_do_not_exist_are_refused(self):
        with pytest.raises(BadFilter):
            asked({"column": ["password"]})
        assert signed_in(make.wang()).get("/queues/mine?column=password").status_code == 400

    def test_leave_what_they_do_not_say_to_the_second_line(self):
        make.case(product="5号金属拉链", severity=3)
        assert 'class="row-second">Complaint · Serious · 5号金属拉链</span>' in seen("/queues/mine")
        assert 'class="row-second">Complaint · Serious</span>' in seen("/queues/mine?column=product")


class TestGroups:
    def test_say_how_many_and_show_the_first_of_each(self):
        many = [make.case() for _each in range(queues.OF_A_GROUP + 2)]
        alone = make.case(kind="enquiry", category="")

        groups = queues.groups_of(queues.cases("mine", make.wang(), now=make.NOON), "kind")

        assert [(each.value, each.number, len(each.rows), each.more) for each in groups] == [
            ("complaint", len(many), queues.OF_A_GROUP, 2),
            ("enquiry", 1, 1, 0),
        ]
        assert [row.pk for row in groups[1].rows] == [alone.pk]
        first = queues.page_of(
            queues.cases("mine", make.wang(), asked({"kind": ["complaint"]}), now=make.NOON)
        )
        assert [row.pk for row in groups[0].rows] == [row.pk for row in first.rows][: queues.OF_A_GROUP]

    def test_take_one_query(self, django_assert_num_queries):
        [make.case() for _each in range(3)]
        listed = queues.cases("mine", make.wang(), now=make.NOON)
        with django_assert_num_queries(1):
            queues.groups_of(listed, "department")

    @pytest.mark.parametrize("by", ["department", "owner", "kind", "severity", "state", "channel"])
    def test_lead_to_the_list_of_each(self, by):
        make.case()
        shown = seen(f"/queues/mine?group={by}&due=7d")
        heading = shown.split('class="group-head"')[1]
        address = heading.split('href="')[1].split('"')[0].replace("&amp;", "&")
        assert "due=7d" in address
        assert Case.objects.get().number in seen(address)

    def test_of_tasks_are_refused(self):
        assert signed_in(make.wang()).get("/queues/tasks?group=kind").status_code == 400

    def test_and_columns_are_kept_by_a_view(self):
        make.case()
        query = "kind=complaint&group=department&column=kind&column=owner"
        view = saved_views.save("按部门", "mine", query, by=make.wang(), now=make.NOON)
        assert view.query == query
        shown = seen(f"/views/{view.pk}")
        assert 'class="group-head"' in shown
        assert "Save changes" not in shown
