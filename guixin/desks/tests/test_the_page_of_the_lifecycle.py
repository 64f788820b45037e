from datetime import UTC, datetime

import pytest

from guixin.desks.tests.desk import signed_in
from guixin.organisation.tests import make as firm
from guixin.serve.tests.make import NOON
from guixin.understand import lifecycle
from guixin.understand.models import Customer, Product, Purchase

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def bought():
    """Forty customers a month from September to February, ten of them new each month, one line of two."""
    product = Product.objects.create(code="T1", line="龙头", added_at=NOON)
    people = [Customer.objects.create(name=f"客户{n}", created_at=NOON) for n in range(90)]
    months = [(2025, 9), (2025, 10), (2025, 11), (2025, 12), (2026, 1), (2026, 2)]
    Purchase.objects.bulk_create(
        Purchase(
            customer=people[place * 10 + n], product=product if n % 2 else None, amount=10_000, currency="CNY",
            bought_at=datetime(year, month, 10, tzinfo=UTC), order_key=f"{place}-{n}", line_key=f"{place}-{n}",
            source="test", landed_at=NOON,
        )
        for place, (year, month) in enumerate(months)
        for n in range(40)
    )  # fmt: skip
    lifecycle.count_again(NOON)


class TestThePageOfTheLifecycle:
    def test_names_the_stage_with_its_evidence_and_what_fits(self, bought):
        html = signed_in(firm.he()).get("/lifecycle").content.decode()

        assert "Stage: Maturity" in html
        assert "95 % interval" in html
        assert "Keeping costs less than winning" in html
        assert html.count('role="img"') == 3

    def test_opens_the_customers_of_a_number(self, bought):
        html = signed_in(firm.he()).get("/lifecycle").content.decode()
        assert "which=new&amp;line=&amp;length=month&amp;begins=2026-02-01" in html

        listed = signed_in(firm.he()).get("/lifecycle/customers?which=new&length=month&begins=2026-02-01")
        assert listed.content.decode().count('class="row-link strong"') == 10

    def test_of_a_line_says_its_share(self, bought):
        html = signed_in(firm.he()).get("/lifecycle?line=龙头").content.decode()

        assert "50.0 %" in html
        assert "Not enough data: with fewer than 30 customers" in html

    def test_without_purchases_says_so(self):
        assert "Not enough data" in signed_in(firm.he()).get("/lifecycle").content.decode()

    def test_is_for_those_who_see_every_customer(self):
        assert signed_in(firm.zhao()).get("/lifecycle").status_code == 403
        assert (
            signed_in(firm.zhao()).get("/lifecycle/customers?which=new&begins=2026-02-01").status_code == 403
        )

    @pytest.mark.parametrize(
        "address",
        ["/lifecycle?line=nothing", "/lifecycle?length=day", "/lifecycle/customers?which=x&begins=2026-02-01",
         "/lifecycle/customers?which=new&begins=2026-02-02", "/lifecycle/customers?which=new&begins=9999-12-01"],
    )  # fmt: skip
    def test_of_something_that_is_not_there_is_none(self, address):
        assert signed_in(firm.he()).get(address).status_code == 404
