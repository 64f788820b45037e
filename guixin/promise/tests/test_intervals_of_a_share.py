"""Wilson's interval against the published figures of Newcombe (1998), table I."""

import pytest

from guixin.promise.verdicts import wilson


class TestWilsonsInterval:
    @pytest.mark.parametrize(
        ("successes", "number", "low", "high"),
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
    )
    def test_is_as_published(self, successes, number, low, high):
        assert wilson(successes, number) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))

    def test_of_nothing_says_nothing(self):
        assert wilson(0, 0) == (0.0, 1.0)
