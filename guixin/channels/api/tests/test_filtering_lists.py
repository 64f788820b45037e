import pytest

from guixin.channels.api.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def api():
    return make.program(make.wang())


class TestFilteringAListByTheApi:
    @pytest.mark.parametrize(
        "query",
        [
            "kind=complaint", "kind=enquiry&kind=complaint", "severity=3", "state=open", "department=quality",
            "owner=me", "category=quality", "channel=phone", "from=2026-03-04", "to=2026-03-04", "q=色差",
            "sort=newest",
        ],
    )  # fmt: skip
    def test_lets_through_what_is_asked_for(self, api, query):
        make.case(subject="色差太大", severity=3)

        rows = api.get(f"/cases?queue=all&{query}").said["rows"]

        assert [row["subject"] for row in rows] == ["色差太大"]

    @pytest.mark.parametrize(
        "query", ["kind=praise", "severity=1", "owner=tang", "grade=A", "level=1", "q=发票", "sort=level"]
    )
    def test_leaves_out_what_is_not(self, api, query):
        make.case(subject="色差太大", severity=3)

        assert api.get(f"/cases?queue=all&{query}").said["rows"] == []

    @pytest.mark.parametrize("query", ["kind=nonsense", "due=never", "sort=password", "owner=nobody-here"])
    def test_refuses_in_a_sentence(self, api, query):
        answer = api.get(f"/cases?queue=all&{query}")

        assert answer.status_code in (400, 422)
        assert answer.said["detail"]

    def test_of_tasks_asks_the_task_and_its_case(self):
        api = make.program(make.li())
        make.task(subject="色差", accepted_by=make.li())

        assert len(api.get("/tasks?queue=department&handler=me&q=色差").said["rows"]) == 1
        assert api.get("/tasks?queue=department&handler=nobody").said["rows"] == []
