"""The purchases a case is about, on its page."""

import pytest

from guixin.desks.tests.desk import noon, signed_in
from guixin.organisation.tests import make as firm
from guixin.organisation.tests.make import line
from guixin.serve import deciding
from guixin.serve.models import CasePurchase
from guixin.serve.tests import make

__all__ = ["noon"]
pytestmark = pytest.mark.usefixtures("noon")


class TestTheCustomersColumn:
    def test_offers_the_last_purchases_and_one_click_names_one(self):
        case = make.case()
        bought = make.purchase(case.customer, "D-7", 30_000)
        make.purchase(make.customer("李四", "13900139000"), "X-9")
        client = signed_in(make.wang())

        before = client.get(f"/cases/{case.number}").content.decode()
        client.post(f"/cases/{case.number}/orders", {"lines": bought.pk})
        after = client.get(f"/cases/{case.number}").content.decode()

        assert "D-7" in before
        assert "X-9" not in before
        assert "What went wrong costs CN¥300.00, by the orders named." in after
        named = CasePurchase.objects.get()
        client.post(f"/case-orders/{named.pk}/taking-off")
        client.post(f"/case-orders/{named.pk}/naming")
        client.post(f"/case-orders/{CasePurchase.objects.get(off_at=None).pk}/undoing")
        assert not case.named_purchases.standing()

    def test_refuses_an_order_of_somebody_else_without_a_word_of_it(self):
        case = make.case()
        make.purchase(make.customer("李四", "13900139000"), "X-9", 7_777_700)
        answer = signed_in(make.wang()).post(f"/cases/{case.number}/orders", {"order": "X-9"})
        assert answer.status_code == 422
        assert "This customer has no order “X-9”." in answer.content.decode()
        assert "77,777" not in answer.content.decode()

    def test_is_read_by_whoever_sees_the_case_and_offers_nothing_to_them(self):
        case = make.case(departments=[make.quality().pk])
        bought = make.purchase(case.customer, "D-7")
        make.purchase(case.customer, "D-8")
        client = signed_in(make.wang())
        client.post(f"/cases/{case.number}/orders", {"lines": bought.pk})

        shown = signed_in(make.li()).get(f"/cases/{case.number}").content.decode()

        assert "D-7" in shown
        assert "D-8" not in shown
        assert signed_in(make.li()).post(f"/cases/{case.number}/orders", {"order": "D-8"}).status_code == 403

    def test_holds_what_is_given_against_the_price_it_tells(self):
        firm.spending_table(line("goodwill", 1, 50_000))
        case = make.case()
        signed_in(make.wang()).post(
            f"/cases/{case.number}/orders", {"lines": make.purchase(case.customer, "D-7", 10_000).pk}
        )
        given = [
            deciding.promise_goodwill(case, amount, "CNY", reason="赔礼", by=make.wang(), now=make.NOON)
            for amount in (10_000, 1)
        ]
        assert [each.state for each in given] == ["promised", "asked"]


MATTER = {
    "customer_kind": "person", "kind": "complaint", "channel": "phone", "severity": "2", "category": "quality", "subject": "颜色不对",
}  # fmt: skip


class TestANewCase:
    @pytest.fixture(autouse=True)
    def a_firm(self, db):
        make.standards(), make.rules(), make.terms()

    def beside(self, **said) -> str:
        return signed_in(make.wang()).post("/cases/new/beside", MATTER | said).content.decode()

    def test_offers_what_the_customer_bought_and_names_what_is_ticked(self):
        customer = make.customer()
        bought, stranger = (
            make.purchase(customer, "D-7"),
            make.purchase(make.customer("李四", "13900139000"), "X-9"),
        )
        shown = self.beside(customer_id=customer.pk, purchases=bought.pk)
        assert f'value="{bought.pk}" checked' in shown

        signed_in(make.wang()).post(
            "/cases/new", MATTER | {"customer_id": customer.pk, "purchases": [bought.pk, stranger.pk]}
        )

        assert [each.purchase for each in CasePurchase.objects.standing()] == [bought]

    def test_finds_the_order_that_is_typed_and_warns_of_a_strangers(self):
        customer = make.customer()
        make.purchase(customer, "D-1001")
        make.purchase(make.customer("李四", "13900139000"), "X-9009", 7_777_700)
        shown = self.beside(customer_id=customer.pk, story="订单D-1001，还有X-9009")
        assert "Found by the number you typed" in shown
        assert "Not an order of this customer: X-9009." in shown
        assert "77,777" not in shown

    def test_offers_the_buyer_of_the_order_that_is_typed_and_chooses_nobody(self):
        make.purchase(make.customer(), "D-1001")
        shown = self.beside(story="订单D-1001")
        assert "It may be one of these" in shown
        assert "order D-1001" in shown
        assert "138****8000" in shown
