"""Van Westendorp's points and the demand curve: against figures known beforehand, and against a slow witness."""

import random
from fractions import Fraction

import pytest

from guixin.understand.price_curves import curves, is_consistent, points, round_prices
from guixin.understand.price_demand import PROBABILITY, arc_elasticity, demand, elasticity
from guixin.understand.price_intervals import intervals

EVEN = [(u + 0.5) / 1000 for u in range(1000)]


def in_order(drawing: random.Random, steps: int = 12) -> tuple[int, int, int, int]:
    too_cheap, cheap, expensive, too_expensive = sorted(drawing.choices(range(0, 100 * steps, 100), k=4))
    return too_cheap, cheap, expensive, too_expensive


class TestThePoints:
    def test_are_those_of_the_worked_example(self):
        """Too cheap 4 + 10u, cheap 5 + 10u, expensive 6 + 10u, too expensive 7 + 10u: solved on paper."""
        found = points(curves([tuple(round(1000 * (base + 10 * u)) for base in (4, 5, 6, 7)) for u in EVEN]))

        expected = (9.5, 11.5, 10.5, 10.5)
        assert [found.pmc, found.pme, found.ipp, found.opp] == [
            pytest.approx(1000 * each, abs=10)
            for each in expected  # a thousand people are a step of 0.01
        ]

    @pytest.mark.parametrize("seed", range(40))
    def test_are_those_of_a_slow_witness(self, seed):
        drawing = random.Random(seed)
        answers = [in_order(drawing) for _one in range(drawing.randint(1, 60))]

        found = points(curves(answers))

        assert found.pmc == pytest.approx(
            float(witness(answers, lambda p, a: a[0] > p, lambda p, a: a[1] <= p))
        )
        assert found.ipp == pytest.approx(
            float(witness(answers, lambda p, a: a[1] > p, lambda p, a: a[2] <= p))
        )
        assert found.opp == pytest.approx(
            float(witness(answers, lambda p, a: a[0] > p, lambda p, a: a[3] <= p))
        )
        assert found.pme == pytest.approx(
            float(witness(answers, lambda p, a: a[2] > p, lambda p, a: a[3] <= p))
        )

    def test_of_people_who_agree_are_where_they_agree(self):
        found = points(curves([(1000, 1000, 1000, 1000)] * 20))

        assert (found.pmc, found.ipp, found.opp, found.pme) == (1000, 1000, 1000, 1000)

    def test_are_the_middle_where_two_curves_lie_upon_each_other(self):
        """One person: from 10 to 30 nobody finds it too cheap and nobody too expensive."""
        assert points(curves([(10, 20, 30, 40)])).opp == 20


def witness(answers, falls, rises) -> Fraction:
    """Walk from price to price in exact fractions; half-way along any stretch where the two are equal."""
    prices = sorted({price for answer in answers for price in answer})
    apart = [
        Fraction(sum(falls(p, a) for a in answers), len(answers))
        - Fraction(sum(rises(p, a) for a in answers), len(answers))
        for p in prices
    ]
    level = [price for price, each in zip(prices, apart, strict=True) if each == 0]
    if level:
        return Fraction(level[0] + level[-1], 2)
    for place, each in enumerate(apart):
        if each < 0:
            if place == 0:
                return Fraction(prices[0])
            share = apart[place - 1] / (apart[place - 1] - each)
            return prices[place - 1] + (prices[place] - prices[place - 1]) * share
    raise AssertionError("they always cross")


class TestTheCurves:
    def test_count_a_higher_price_as_cheap_still_and_the_price_itself_as_expensive(self):
        found = curves([(5, 8, 12, 15)])

        assert found.prices == [5, 8, 12, 15]
        assert found.too_cheap == [0, 0, 0, 0]
        assert found.cheap == [1, 0, 0, 0]
        assert found.expensive == [0, 0, 1, 1]
        assert found.too_expensive == [0, 0, 0, 1]

    def test_may_be_asked_at_round_prices(self):
        found = curves([(5, 8, 12, 15)])

        assert found.shares("too_cheap", [0, 10, 20]) == [1, 0, 0]
        assert found.shares("not_expensive", [0, 12, 20]) == [1, 0, 0]
        assert found.shares("not_cheap", [0, 8]) == [0, 1]
        assert round_prices(5, 15, 6) == [5, 10, 15]

    def test_are_only_for_prices_in_order(self):
        assert is_consistent((5, 5, 5, 5))
        assert not is_consistent((5, 8, 7, 15))


class TestTheIntervals:
    def test_hold_the_points_and_are_the_same_every_time(self):
        drawing = random.Random(7)
        answers = [in_order(drawing, 40) for _one in range(120)]
        found, known = intervals(answers, draws=200), points(curves(answers))

        assert all(low <= getattr(known, name) <= high for name, (low, high) in found.items())
        assert found == intervals(answers, draws=200)

    def test_of_people_who_agree_have_no_width(self):
        assert intervals([(10, 20, 30, 40)] * 30, draws=50)["opp"] == [20.0, 20.0]

    def test_use_the_same_crossing(self):
        """Twelve answers that are all alike but for scale: every sample of one answer has that answer's points."""
        for answer in ((10, 20, 30, 40), (5, 5, 60, 60), (7, 7, 7, 7)):
            known = points(curves([answer]))
            assert {name: each[0] for name, each in intervals([answer], draws=1).items()} == vars(known)


def bought(answer, price: int) -> float:
    """One person's probability, read from their own three straight lines."""
    too_cheap, cheap, expensive, too_expensive, at_cheap, at_expensive = answer
    low, high = PROBABILITY[at_cheap], PROBABILITY[at_expensive]
    if price < too_cheap or price >= too_expensive:
        return 0.0
    if price < cheap:
        return low * (price - too_cheap) / (cheap - too_cheap)
    if price < expensive:
        return low + (high - low) * (price - cheap) / (expensive - cheap)
    return high * (too_expensive - price) / (too_expensive - expensive)


class TestTheDemandCurve:
    def test_of_one_person_is_their_own_line(self):
        found = demand([(10, 20, 30, 40, 5, 3)])

        assert found.prices == [10, 20, 30, 40]
        assert found.buyers == pytest.approx([0, 0.7, 0.3, 0])
        assert (found.most_buyers, found.most_revenue) == (20, 20)

    @pytest.mark.parametrize("seed", range(20))
    def test_is_that_of_a_slow_witness(self, seed):
        drawing = random.Random(seed)
        answers = [
            (*in_order(drawing), drawing.randint(1, 5), drawing.randint(1, 5))
            for _one in range(drawing.randint(1, 60))
        ]

        found = demand(answers)

        slow = [sum(bought(answer, price) for answer in answers) / len(answers) for price in found.prices]
        assert found.buyers == pytest.approx(slow, abs=1e-9)
        assert found.revenue == pytest.approx(
            [p * share for p, share in zip(found.prices, slow, strict=True)], abs=1e-5
        )

    def test_of_nobody_is_none(self):
        assert demand([]) is None


class TestTheElasticity:
    def test_finds_the_one_that_was_put_in(self):
        sold = [(price, 5000 * price**-1.5) for price in (8, 9, 10, 11, 12, 14)]

        found = elasticity(sold)

        assert found.value == pytest.approx(-1.5)
        assert found.low == pytest.approx(-1.5) == found.high

    def test_has_a_wide_interval_where_sales_go_up_and_down(self):
        found = elasticity([(8, 100), (9, 140), (10, 60), (11, 120), (12, 70)])

        assert found.low < found.value < found.high
        assert found.high - found.low > 2

    def test_is_not_told_from_few_sales_or_prices(self):
        assert elasticity([(8, 100), (9, 90), (10, 80), (11, 70)]) is None
        assert elasticity([(8, 100), (8, 90), (8, 80), (9, 70), (9, 60)]) is None
        assert elasticity([(8, 100), (9, 90), (10, 0), (11, 0), (12, 0)]) is None

    def test_between_two_prices_is_that_of_the_textbook(self):
        assert arc_elasticity((10, 100), (12, 80)) == pytest.approx(-1.2222, abs=5e-5)
        assert arc_elasticity((10, 100), (10, 80)) is None
