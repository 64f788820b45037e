import pytest

from guixin.desks.tests.desk import signed_in
from guixin.ledger.models import Entry
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


def looked() -> int:
    return Entry.objects.filter(kind="understand.customer_revealed").count()


class TestRevealingACustomer:
    def test_shows_everything_to_who_says_why_and_keeps_that(self):
        case = make.case()

        for headers in ({}, {"hx-request": "true"}):
            answer = signed_in(make.li()).post(
                f"/cases/{case.number}/customer", {"reason": "约上门时间"}, headers=headers
            )
            assert "+8613800138000" in answer.content.decode()
            assert "张三" in answer.content.decode()
        assert looked() == 2

    def test_without_a_reason_is_refused(self):
        case = make.case()

        answer = signed_in(make.li()).post(f"/cases/{case.number}/customer", {"reason": "看"})

        assert answer.status_code == 422
        assert "13800138000" not in answer.content.decode()
        assert looked() == 0

    def test_is_over_when_the_page_is_looked_at_again(self):
        case = make.case()
        client = signed_in(make.wang())
        client.post(f"/cases/{case.number}/customer", {"reason": "回电话给客户"})

        shown = client.get(f"/cases/{case.number}/customer", headers={"hx-request": "true"}).content.decode()

        assert "138****8000" in shown
        assert "13800138000" not in shown

    def test_is_not_for_another_department(self):
        case = make.case(departments=[make.quality().pk])

        answer = signed_in(make.zhao()).post(f"/cases/{case.number}/customer", {"reason": "随便看看"})

        assert answer.status_code == 404
