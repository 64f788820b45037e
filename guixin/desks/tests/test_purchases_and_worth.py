"""What a customer bought and is worth, on the pages and by the API."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guixin.channels.api.tests import make as api
from guixin.desks.tests.desk import noon, signed_in
from guixin.serve.tests import make
from guixin.understand import grade_rules
from guixin.understand.grading import grade_everybody
from guixin.understand.models import Customer, GradeRules, Purchase, Rate

__all__ = ["noon"]
pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def buyer() -> Customer:
    customer = make.customer("张三", "13800138000")
    for number in range(3):
        Purchase.objects.create(
            customer=customer, bought_at=make.NOON - timedelta(days=number + 1), amount=12_300, currency="CNY",
            order_key=f"D-{number}", line_key=f"{number}", source="shop", landed_at=make.NOON,
        )  # fmt: skip
    return customer


class TestTheCustomersPage:
    def test_says_what_they_bought_and_why_they_have_their_grade(self, buyer):
        grade_everybody(now=make.NOON)
        client = signed_in(make.wang())

        with CaptureQueriesContext(
            connection,
        ) as asked:
            shown = client.get(f"/customers/{buyer.pk}").content.decode()

        assert "Why A" in shown
        assert "CN¥369.00" in shown
        assert "Among the best 1 % of customers." in shown
        assert "Graded A" in shown
        assert len(asked) <= 30

    def test_lists_all_purchases_for_who_may_see_the_customer(self, buyer):
        assert b"D-2" in signed_in(make.wang()).get(f"/customers/{buyer.pk}/purchases").content
        assert signed_in(make.zhao()).get(f"/customers/{buyer.pk}/purchases").status_code == 404


class TestThePurchases:
    def test_are_found_by_order_and_masked(self, buyer):
        shown = signed_in(make.wang()).get("/purchases?find=D-1").content.decode()

        assert "D-1" in shown
        assert "D-2" not in shown
        assert "张三" not in shown

    def test_are_there_for_the_front_desk_only(self, buyer):
        assert signed_in(make.li()).get("/purchases").status_code == 404

    @pytest.mark.parametrize(
        "before", ["x", "2026-01-01~1", "2026-01-01T00:00:00+00:00~99999999999999999999"]
    )
    def test_begin_again_at_a_place_that_is_none(self, buyer, before):
        assert b"D-2" in signed_in(make.wang()).get("/purchases", {"before": before}).content


class TestTheRulesOfGrading:
    def test_are_drafted_previewed_and_published(self, buyer):
        grade_everybody(now=make.NOON)
        client = signed_in(api.administrator())
        given = {
            "method": "score", "value": "net", "least_orders": 9, "steady_periods": 1, "period": "month",
            "horizon_months": 12, "margin_percent": 40, "discount_percent": 10, "weight_recency": 1,
            "weight_frequency": 1, "weight_money": 1, "weight_lifetime": 0, "letter_1": "A", "share_1": 20,
            "letter_2": "B", "share_2": 100,
        }  # fmt: skip

        assert client.post("/admin/grading", given | {"share_1": ""}).status_code == 422
        client.post("/admin/grading", given)
        assert "1 of 1 customers would change." in client.get("/admin/grading").content.decode()
        client.post("/admin/grading/publishing")

        assert grade_rules.rules_in_force(make.NOON).number == 2
        assert not GradeRules.objects.filter(number=None).exists()


class TestRates:
    def test_are_set_by_day_and_refused_in_words(self, buyer):
        client = signed_in(api.administrator())

        client.post("/admin/rates", {"currency": "usd", "since": "2026-01-01", "rate": "7.1"})
        refused = client.post("/admin/rates", {"currency": "CNY", "since": "2026-01-01", "rate": "7.1"})

        assert str(Rate.objects.get()) == "USD 2026-01-01 7.10000000"
        assert refused.status_code == 422
        assert "needs no rate" in refused.content.decode()


class TestTheApi:
    LINE = {"order": "1", "bought_at": "2026-03-02T10:00:00+08:00", "amount": 1250, "customer_number": "77"}

    def test_takes_in_lines_once_and_names_the_bad_ones(self, noon):
        program = api.program(api.administrator())
        given = {"source": "shop", "lines": [self.LINE, self.LINE, self.LINE | {"currency": "XXX"}]}

        first, again = program.post("/purchases", given).said, program.post("/purchases", given).said

        assert (first["landed"], first["rejected"], first["customers_made"]) == (2, 1, 1)
        assert (first["doubts"][0]["line"], first["doubts"][0]["reason"]) == (3, "bad_number")
        assert (again["landed"], again["already"]) == (0, 2)
        assert set(Purchase.objects.values_list("amount", "currency")) == {(1250, "CNY")}

    def test_is_for_administrators(self, noon):
        assert (
            api.program(make.wang()).post("/purchases", {"source": "s", "lines": [self.LINE]}).status_code
            == 403
        )

    def test_says_what_a_customer_is_worth(self, buyer):
        grade_everybody(now=make.NOON)
        program = api.program(make.wang())

        worth = program.get(f"/customers/{buyer.pk}/worth").said

        assert (worth["grade"], worth["net"], worth["currency"]) == ("A", 36_900, "CNY")
        assert len(program.get(f"/customers/{buyer.pk}/purchases").said) == 3
