from decimal import Decimal

import pytest
from django.utils import translation

from guixin.web import money


class TestReadingMoney:
    @pytest.mark.parametrize(
        ("text", "value"),
        [("1,234.50", "1234.50"), ("￥12.5", "12.5"), ("－3", "-3"), ("(20.00)", "-20"), ("-£4.20", "-4.2"),
         ("12 元", "12"), ("CNY 88", "88"), ("1e3", "1000")],
    )  # fmt: skip
    def test_takes_it_as_people_write_it(self, text, value):
        assert money.number(text) == Decimal(value)

    @pytest.mark.parametrize("text", ["1,5", "12,34,5", "twelve", "", "NaN", "inf", "--3"])
    def test_refuses_what_has_no_reading_or_two(self, text):
        with pytest.raises(money.NotMoney):
            money.number(text)

    def test_rounds_half_a_unit_away_from_zero(self):
        assert [money.minor_units(Decimal(v), "CNY") for v in ("0.125", "-0.125", "0.124")] == [13, -13, 12]

    def test_keeps_to_the_decimals_of_the_currency(self):
        assert [money.minor_units(Decimal("1.5"), c) for c in ("JPY", "CNY", "KWD")] == [2, 150, 1500]

    @pytest.mark.parametrize("absurd", ["1e40", "-1e13", "9999999999999999"])
    def test_refuses_a_sum_nobody_pays(self, absurd):
        with pytest.raises(money.NotMoney, match="too large"):
            money.minor_units(Decimal(absurd), "CNY")

    def test_knows_currencies_by_their_code_or_their_common_names(self):
        assert [money.currency_code(c) for c in ("cny", "RMB", "元", " usd ")] == ["CNY", "CNY", "CNY", "USD"]
        with pytest.raises(money.NotMoney):
            money.currency_code("XXX")


class TestShowingMoney:
    def test_follows_the_readers_language(self):
        with translation.override("zh-hans"):
            assert money.shown(123450, "CNY") == "¥1,234.50"
        with translation.override("en"):
            assert money.shown(-123450, "CNY") == "-CN¥1,234.50"
            assert money.shown(-5, "GBP", rounded=True) == "£0"

    def test_names_a_currency_whose_sign_few_would_know(self):
        with translation.override("en"):
            assert money.shown(1234567, "KWD") == "1,234.567 KWD"
            assert money.shown(1980, "JPY") == "JP¥1,980"
