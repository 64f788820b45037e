"""Groups are compared only where they are alike, and told only where there is enough."""

import pytest

from guixin.recover.comparing import Cell, compare
from guixin.web.intervals import wilson


class TestComparing:
    def test_weighs_the_second_group_as_the_first_is_made_up(self):
        """By hand: 0.75 · 20/50 + 0.25 · 45/50 = 0.525; effective 1 / (0.75²/50 + 0.25²/50) = 80."""
        found = compare({"a": Cell(75, 45), "b": Cell(25, 15)}, {"a": Cell(50, 20), "b": Cell(50, 45)})
        assert found.share[0] == pytest.approx(0.6)
        assert (found.other_share[0], found.other) == (pytest.approx(0.525), 80)
        assert found.other_share[1:] == pytest.approx(wilson(42, 80))

    def test_leaves_out_whom_nobody_is_like(self):
        found = compare({"a": Cell(40, 20), "alone": Cell(7, 7)}, {"a": Cell(400, 100), "other": Cell(9, 9)})
        assert (found.number, found.left_out, found.share[0], found.verdict) == (40, 7, 0.5, "higher")

    def test_does_not_tell_a_difference_inside_the_noise(self):
        assert compare({1: Cell(40, 20)}, {1: Cell(40, 18)}).verdict == "inside"

    @pytest.mark.parametrize("other", [Cell(29, 29), Cell(0, 0)])
    def test_does_not_tell_of_too_few(self, other):
        found = compare({1: Cell(400, 20)}, {1: other})
        assert (found.verdict, found.share, found.difference) == ("too_few", None, None)
