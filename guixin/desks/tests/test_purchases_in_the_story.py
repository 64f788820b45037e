"""What a customer bought stands in their story, among everything else that happened."""

from datetime import timedelta

import pytest

from guixin.channels.customer_timeline import SHOWN, Place, stream
from guixin.desks.tests.desk import noon, signed_in
from guixin.serve.tests import make
from guixin.understand.models import Customer, Purchase

__all__ = ["noon"]
pytestmark = pytest.mark.usefixtures("noon")


def bought(customer: Customer, days_ago: float, amount: int = 12_300, **more) -> Purchase:
    number = Purchase.objects.count()
    said = {"order_key": f"D-{number}", "currency": "CNY", **more}
    return Purchase.objects.create(
        customer=customer, bought_at=make.NOON - timedelta(days=days_ago), amount=amount, line_key=f"{number}",
        source="shop", landed_at=make.NOON, **said,
    )  # fmt: skip


class TestPurchasesInTheStory:
    def test_stand_between_what_happened_before_and_after(self):
        case = make.case()
        bought(case.customer, 3)
        bought(case.customer, -1)

        shown = stream([case.customer_id], [case.pk]).happenings

        assert shown[0].is_purchase
        assert shown[-1].is_purchase
        assert any(not one.is_purchase for one in shown[1:-1])
        assert shown == sorted(shown, key=lambda one: one.at, reverse=True)

    def test_are_one_happening_for_what_was_bought_together(self):
        customer = make.customer("张三", "13800138000")
        for amount in (10_000, 2_345):
            bought(customer, 1, amount, order_key="D-7")
        bought(customer, 1, -2_345, kind="return", order_key="D-7")
        bought(customer, 1, 900, currency="EUR", order_key="D-8")
        bought(customer, 2, -100, kind="correction")

        shown = stream([customer.pk], [], only="purchases").happenings

        assert [(one.words, one.about) for one in shown] == [
            ("Bought for €9.00", "order D-8 · 1 line"),
            ("Bought for CN¥123.45, returned for CN¥23.45", "order D-7 · 3 lines"),
        ]

    def test_are_each_shown_once_over_all_pages(self):
        case = make.case()
        for number in range(2 * SHOWN + 5):
            bought(case.customer, number // 2, currency="CNY" if number % 2 else "EUR")

        pages, place = [], Place()
        while place is not None:
            page = stream([case.customer_id], [case.pk], before=Place.read(str(place)))
            pages.append([(one.at, one.words) for one in page.happenings])
            place = page.before

        seen = [one for page in pages for one in page]
        everything = len(set(seen))
        assert [len(page) for page in pages[:-1]] == [SHOWN] * (len(pages) - 1)
        assert len([one for one in seen if one[1].startswith("Bought")]) == 2 * SHOWN + 5
        assert everything == len(seen) > 2 * SHOWN + 5

    def test_are_left_out_where_only_cases_are_asked_for(self):
        case = make.case()
        bought(case.customer, 1)

        assert not any(
            one.is_purchase for one in stream([case.customer_id], [case.pk], only="cases").happenings
        )

    def test_lead_to_the_list_of_all(self):
        customer = make.customer("张三", "13800138000")
        bought(customer, 1)

        shown = signed_in(make.wang()).get(f"/customers/{customer.pk}?kind=purchases").content.decode()

        assert "Bought for CN¥123.00" in shown
        assert f'href="/customers/{customer.pk}/purchases"' in shown

    @pytest.mark.parametrize(
        "written",
        [
            "",
            "x",
            "~",
            "0x1~~",
            "٣",
            "17~yesterday~CNY",
            "~2026-11-28T09:30:00~CNY",
            "~0001-01-01T00:00:00+14:00~\0",
        ],
    )
    def test_begin_at_the_beginning_for_what_is_no_place(self, written):
        assert Place.read(written).bought_at is None
        assert Place.read(written).entry in (None, 17)
