"""Grades by what customers bought: what came back does not count, nobody wavers, reasons stand in words."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest

from guixin.ledger.models import Entry
from guixin.organisation.tests.make import wang
from guixin.understand import grade_rules, merging, rates
from guixin.understand.grade_rules import CannotGradeSo
from guixin.understand.grading import grade_everybody, grade_when_due
from guixin.understand.models import Customer, CustomerWorth, Grading, Purchase
from guixin.understand.tests import make
from guixin.understand.worth_words import since_last_time, why

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def customers(number: int) -> list[Customer]:
    return Customer.objects.bulk_create([Customer(name=f"{n}", created_at=make.NOON) for n in range(number)])


def buys(customer, amount, days_ago=1.0, kind="sale", currency="CNY", order=None):
    number = Purchase.objects.count()
    return Purchase.objects.create(
        customer=customer, kind=kind, bought_at=make.NOON - days_ago * DAY, amount=amount, currency=currency,
        order_key=order or f"o{number}", line_key=f"l{number}", source="shop", landed_at=make.NOON,
    )  # fmt: skip


@pytest.fixture
def ten() -> list[Customer]:
    """The first bought most and last, the tenth least and longest ago; two orders each."""
    made = customers(10)
    for place, customer in enumerate(made):
        for days_ago in (place + 1, place + 20):
            buys(customer, (10 - place) * 1_000, days_ago)
    return made


def graded(now=make.NOON, **options) -> Grading:
    return grade_everybody(now=now, **options)


def letters(made) -> str:
    return "".join(CustomerWorth.objects.get(customer=each).grade for each in made)


class TestGradingCustomers:
    def test_gives_the_best_share_the_best_letter_and_says_so_once(self, ten):
        first = graded()
        again = graded()

        assert letters(ten) == "AABBBCCCCC"
        assert (first.customers, first.changed, again.changed) == (10, 10, 0)
        ten[0].refresh_from_db()
        assert ten[0].grade == "A"
        entry = Entry.objects.filter(kind="understand.customer_graded").get(about_id=ten[0].pk)
        assert (entry.facts["grade_before"], entry.facts["grade"], entry.facts["why"]["net"]) == (
            None,
            "A",
            20_000,
        )

    def test_keeps_gross_and_net_and_gives_nobody_an_a_who_returned_everything(self, ten):
        buys(ten[0], -20_000, 0.5, kind="return")

        graded()

        worth = CustomerWorth.objects.get(customer=ten[0])
        assert (worth.gross, worth.returned, worth.net, worth.grade, worth.returns) == (
            20_000,
            20_000,
            0,
            "C",
            1,
        )
        assert "came back" in why(worth)[0]

    def test_counts_an_order_of_several_lines_once(self):
        (one,) = customers(1)
        buys(one, 100, 3, order="x")
        buys(one, 50, 3, order="x")

        graded(as_of=make.NOON - 2 * DAY)

        worth = CustomerWorth.objects.get()
        assert worth.orders == 1
        assert "Last bought 1 day before the grading (recency 5 of 5)." in why(worth)

    def test_leaves_out_what_has_no_rate_and_says_how_much(self, ten):
        buys(ten[9], 90_000, currency="USD")
        buys(None, 500)
        buys(ten[9], 0, kind="correction")

        grading = graded()

        assert grading.left_out == {"no_rate_USD": 1, "no_customer": 1, "correction": 1}
        assert CustomerWorth.objects.get(customer=ten[9]).net == 2_000

    def test_counts_a_currency_at_the_rate_of_its_day(self):
        (one,) = customers(1)
        for days_ago, rate in ((10, "7"), (2, "8")):
            day = (make.NOON - days_ago * DAY).date()
            rates.set_rate("usd", day, Decimal(rate), by=wang(), now=make.NOON)
        buys(one, 100, 5, currency="USD")
        buys(one, 100, 1, currency="USD")
        buys(one, 100, 11, currency="USD")

        assert graded().left_out == {"no_rate_USD": 1}
        assert CustomerWorth.objects.get().net == 700 + 800

    def test_counts_a_currency_without_decimals_in_its_own_unit(self):
        (one,) = customers(1)
        rates.set_rate("JPY", make.NOON.date() - 9 * DAY, Decimal("0.05"), by=wang(), now=make.NOON)
        buys(one, 1_000, currency="JPY")

        graded()

        assert CustomerWorth.objects.get().net == 5_000  # 1,000 yen are 50 yuan

    def test_gives_one_large_order_at_most_the_second_letter(self, ten):
        whale = customers(1)[0]
        buys(whale, 9_000_000, 0.5)

        graded()

        worth = CustomerWorth.objects.get(customer=whale)
        assert (worth.grade, worth.reasons["capped"]) == ("B", "few_orders")

    def test_gives_equal_figures_equal_scores(self):
        for each in customers(7):
            buys(each, 100)

        graded()

        assert CustomerWorth.objects.values_list("f", "m", "r").distinct().count() == 1

    def test_keeps_a_letter_until_the_figures_have_pointed_elsewhere_for_two_periods(self, ten):
        graded()
        buys(ten[9], 500_000, -30)
        buys(ten[9], 500_000, -31)

        graded(make.NOON + 32 * DAY)
        wavering = CustomerWorth.objects.get(customer=ten[9])
        assert (wavering.grade, wavering.candidate) == ("C", "A")
        assert any("point to A" in words for words in since_last_time(wavering))
        graded(make.NOON + 33 * DAY)  # the same period again does not count
        assert letters(ten)[9] == "C"
        buys(ten[9], 100, -65)
        graded(make.NOON + 66 * DAY)

        worth = CustomerWorth.objects.get(customer=ten[9])
        assert (worth.grade, worth.grade_before, worth.candidate) == ("A", "C", None)
        assert since_last_time(worth)[0] == "Grade C became A."

    def test_again_with_nothing_new_leaves_every_figure_as_it_is(self, ten):
        first = graded()
        again = graded(make.NOON + DAY)

        assert set(CustomerWorth.objects.values_list("grading_id", flat=True)) == {first.pk}
        assert (again.customers, again.changed, again.letters) == (10, 0, first.letters)

    def test_again_writes_those_whose_figures_moved_and_forgets_who_bought_nothing(self, ten):
        graded()
        Purchase.objects.filter(customer=ten[9]).update(customer=ten[8])
        again = graded(make.NOON + DAY)

        written = dict(CustomerWorth.objects.values_list("customer_id", "grading_id"))
        assert written.get(ten[8].pk) == again.pk
        assert ten[9].pk not in written

    def test_by_value_counts_the_customers_who_bring_the_first_four_fifths(self, ten):
        changes = {
            "method": "abc",
            "value": "net",
            "cuts": [["A", 80], ["B", 95], ["C", 100]],
            "least_orders": 1,
        }
        grade_rules.write_draft(changes, by=wang(), now=make.NOON)
        grade_rules.publish(by=wang(), now=make.NOON)

        graded()

        # 20, 18, 16 … of 110: before the seventh stand 90 (82 %), before the ninth 104 (94.5 %).
        assert letters(ten) == "AAAAAABBBC"

    def test_says_when_the_lifetime_value_cannot_be_told(self, ten):
        grading = graded()

        assert grading.model["reason"] == "few_repeaters"
        assert "Too few customers came back" in why(CustomerWorth.objects.first())[-1]

    def test_tells_who_is_still_there_where_enough_came_back(self):
        draw = random.Random(5)
        for each in customers(300):
            days_ago, rate = 200.0 - draw.random() * 30, draw.gammavariate(0.8, 0.03)
            leaves = draw.betavariate(0.9, 2.5)
            while days_ago > 0:
                buys(each, 1_000 + draw.randrange(900), days_ago)
                days_ago = -1 if draw.random() < leaves else days_ago - draw.expovariate(rate)

        grading = graded()

        assert grading.model["alive"]
        steady = CustomerWorth.objects.order_by("-alive", "-orders").first()
        assert 0 < CustomerWorth.objects.order_by("alive").first().alive < steady.alive <= 1


class TestRulesOfGrading:
    def test_are_previewed_as_they_will_change(self, ten):
        graded()
        draft = grade_rules.write_draft(
            {"cuts": [["A", 50], ["B", 80], ["C", 100]]}, by=wang(), now=make.NOON
        )

        shown = grade_rules.preview(draft)
        grade_rules.publish(by=wang(), now=make.NOON)
        grading = graded()

        assert shown["changed"] == grading.changed == 6
        assert shown["moves"] == [("B", "A", 3), ("C", "B", 3)]
        assert letters(ten) == "AAAAABBBCC"

    def test_get_a_number_each_and_stay(self, ten):
        graded()
        grade_rules.write_draft({"least_orders": 3}, by=wang(), now=make.NOON)
        assert grade_rules.publish(by=wang(), now=make.NOON).number == 2

        assert list(Grading.objects.values_list("rules__number", flat=True)) == [1]
        with pytest.raises(CannotGradeSo, match="no draft"):
            grade_rules.publish(by=wang(), now=make.NOON)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"weights": {"recency": 0}},
            {"weights": {"recency": -1, "money": 2}},
            {"cuts": [["A", 50], ["A", 100]]},
            {"cuts": [["A", 60], ["B", 50], ["C", 100]]},
            {"cuts": [["A", 20], ["B", 90]]},
            {"steady_periods": 0},
            {"margin_percent": 0},
        ],
    )
    def test_that_tell_nobody_apart_are_refused(self, wrong):
        with pytest.raises(CannotGradeSo):
            grade_rules.write_draft(wrong, by=wang(), now=make.NOON)


class TestTheWorker:
    def test_grades_once_a_period_and_after_new_rules(self, ten):
        assert [grade_when_due(make.NOON), grade_when_due(make.NOON + DAY)] == [True, False]
        assert grade_when_due(make.NOON + 30 * DAY)
        grade_rules.write_draft({"least_orders": 1}, by=wang(), now=make.NOON)
        grade_rules.publish(by=wang(), now=make.NOON)
        assert grade_when_due(make.NOON + 30 * DAY)

    def test_does_nothing_where_nothing_was_bought(self):
        assert not grade_when_due(make.NOON)


class TestAMerge:
    def test_brings_the_purchases_and_undone_gives_them_back(self):
        kept, gone = customers(2)
        buys(gone, 100)
        made = merging.merge(gone, kept, by=wang(), now=make.NOON)
        assert Purchase.objects.get().customer == kept

        merging.undo(made, by=wang(), now=make.NOON)

        assert Purchase.objects.get().customer == gone
