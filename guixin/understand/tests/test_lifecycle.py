from datetime import UTC, date, datetime, timedelta

import pytest

from guixin.understand import lifecycle
from guixin.understand.models import Customer, LifecyclePeriod, Product, Purchase
from guixin.understand.stages import LOOKED_AT, Stage, WhyUnknown, growth_of, stage

NOW = datetime(2026, 6, 15, 4, tzinfo=UTC)


class TestTheStage:
    def test_is_growth_where_the_interval_lies_above_zero(self):
        verdict = stage([100, 120, 145, 170, 210, 250], [10] * 6, a_year=12)

        assert verdict.stage == Stage.GROWTH
        assert verdict.growth.low > 0
        assert verdict.growth.rate == pytest.approx(0.2, abs=0.02)

    def test_is_decline_where_it_lies_below(self):
        assert stage([250, 210, 170, 145, 120, 100], [5] * 6, a_year=12).stage == Stage.DECLINE

    def test_is_maturity_where_it_holds_zero(self):
        assert stage([1000, 1010, 990, 1005, 995, 1000], [50] * 6, a_year=12).stage == Stage.MATURITY

    def test_is_introduction_while_most_are_new_and_nothing_grows_yet(self):
        assert stage([1000, 1010, 990, 1005, 995, 1000], [700] * 6, a_year=12).stage == Stage.INTRODUCTION

    @pytest.mark.parametrize(
        ("active", "why"),
        [
            ([100] * 5, WhyUnknown.TOO_FEW_PERIODS),
            ([12, 14, 11, 13, 12, 15], WhyUnknown.TOO_FEW_CUSTOMERS),
            ([100, 0, 100, 100, 100, 100], WhyUnknown.TOO_FEW_CUSTOMERS),
            ([40, 200, 50, 300, 40, 250], WhyUnknown.TOO_WIDE),
        ],
    )
    def test_says_plainly_when_there_is_not_enough_data(self, active, why):
        verdict = stage(active, [0] * len(active), a_year=12)

        assert (verdict.stage, verdict.why_unknown) == (Stage.UNKNOWN, why)

    def test_does_not_take_a_season_for_growth(self):
        season = [1000, 900, 800, 700, 800, 1000, 1300, 1600, 1900, 2200, 2600, 3000]

        rising_half = season * 2
        assert (
            stage(season[-LOOKED_AT:], [0] * 6, a_year=12).stage == Stage.GROWTH
        )  # all that half a year can tell
        assert stage(rising_half, [0] * 24, a_year=12).stage == Stage.MATURITY

    def test_is_never_surer_than_counting_allows(self):
        straight = [100, 101, 102, 103, 104, 105]  # a perfect line of small counts

        growth = growth_of(straight, a_year=12)

        assert growth.low < 0 < growth.high

    def test_by_hand(self):
        """Slope of ln(100·1.1^x) is ln 1.1; counting: t 2.776 · sqrt(mean 1/n / 17.5)."""
        active = [10_000, 11_000, 12_100, 13_310, 14_641, 16_105]
        growth = growth_of(active, a_year=12)

        assert growth.rate == pytest.approx(0.1, abs=1e-4)
        assert growth.high - growth.rate == pytest.approx(1.1 * 2.776 * (7.973e-5 / 17.5) ** 0.5, rel=0.01)


@pytest.mark.django_db
class TestTheCourseOfABusiness:
    @pytest.fixture(autouse=True)
    def bought(self):
        """Ann buys every month, Ben in January and April, Cai from March on, Dan took everything back, Eve was merged."""
        self.number = 0
        self.taps, self.pipes = (
            Product.objects.create(code=c, line=c, added_at=NOW) for c in ("taps", "pipes")
        )
        self.people = {
            n: Customer.objects.create(name=n, created_at=NOW) for n in ("Ann", "Ben", "Cai", "Dan", "Eve")
        }
        Customer.objects.filter(name="Eve").update(merged_into=self.people["Cai"])
        for month in range(1, 6):
            self.buy("Ann", month, 100)
        for name, month in (("Ben", 1), ("Ben", 4), ("Cai", 3), ("Eve", 4), ("Cai", 5)):
            self.buy(name, month, 50, self.pipes)
        self.buy("Dan", 5, -70, kind="return")
        lifecycle.count_again(NOW)

    def buy(self, name, month, amount, product=None, kind="sale"):
        self.number += 1
        Purchase.objects.create(
            customer=self.people[name], product=product or self.taps, kind=kind, amount=amount * 100, currency="CNY",
            bought_at=datetime(2026, month, 10, tzinfo=UTC), order_key=str(self.number), line_key=str(self.number),
            source="test", landed_at=NOW,
        )  # fmt: skip

    def counts(self, line=""):
        rows = LifecyclePeriod.objects.filter(line=line, length="month").order_by("begins")
        return [(r.active, r.new, r.retained, r.reactivated, r.dormant, r.cumulative) for r in rows]

    def test_is_counted_month_by_month(self):
        assert self.counts() == [
            (2, 2, 0, 0, 0, 2),  # January: Ann, Ben
            (1, 0, 1, 0, 1, 2),
            (2, 1, 1, 0, 1, 3),  # Cai comes
            (3, 0, 2, 1, 0, 3),  # Ben is back; Eve is Cai
            (2, 0, 2, 0, 1, 3),
            (0, 0, 0, 0, 3, 3),  # June is not over yet
        ]

    def test_of_a_line_counts_what_was_bought_of_it(self):
        assert [active for active, *_more in self.counts("pipes")] == [1, 0, 1, 2, 1, 0]

    def test_takes_off_what_went_back_and_makes_nobody_active_by_it(self):
        may = LifecyclePeriod.objects.get(line="", length="month", begins=date(2026, 5, 1))

        assert may.net == (100 + 50 - 70) * 100
        assert may.active == 2

    def test_is_counted_by_quarter_too(self):
        rows = LifecyclePeriod.objects.filter(line="", length="quarter").order_by("begins")

        assert [(row.active, row.new, row.retained) for row in rows] == [(3, 3, 0), (3, 0, 3)]

    @pytest.mark.parametrize("which", lifecycle.WHICH)
    @pytest.mark.parametrize("line", ["", "pipes"])
    def test_opens_exactly_the_customers_of_every_number(self, which, line):
        for row in LifecyclePeriod.objects.filter(line=line, length="month"):
            found = lifecycle.customers(which, line, "month", row.begins)
            assert len(found) == getattr(row, which), (row.begins, found)

    def test_opens_them_page_by_page(self):
        first = lifecycle.customers("cumulative", "", "month", date(2026, 5, 1), size=2)
        rest = lifecycle.customers("cumulative", "", "month", date(2026, 5, 1), after=first[-1], size=2)

        assert len({*first, *rest}) == 3

    def test_says_the_share_of_a_line_and_the_retention(self):
        seen = lifecycle.course("pipes", "month", NOW)
        april = next(each for each in seen.periods if each.row.begins == date(2026, 4, 1))

        assert april.share_of_customers == pytest.approx(2 / 3)
        assert april.retention == 1.0
        assert seen.latest.row.begins == date(2026, 5, 1)
        assert seen.verdict.stage == Stage.UNKNOWN

    def test_is_counted_again_only_when_something_came(self):
        first = LifecyclePeriod.objects.first().counted_at
        lifecycle.count_next(NOW + timedelta(hours=2))
        assert LifecyclePeriod.objects.first().counted_at == first

        Purchase.objects.update(landed_at=NOW + timedelta(hours=1))
        lifecycle.count_next(NOW + timedelta(hours=2))
        assert LifecyclePeriod.objects.first().counted_at == NOW + timedelta(hours=2)
