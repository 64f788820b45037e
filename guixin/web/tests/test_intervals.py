"""Intervals against published figures: Newcombe (1998), table I; NIST's data set Norris; tables of Student's t."""

from math import sqrt

import pytest

from guixin.web.intervals import newcombe, slope, student, wilson

# NIST StRD, Norris: (y, x) and the certified level, rise, and standard error of the rise.
NORRIS = (
    (0.1, 0.2), (338.8, 337.4), (118.1, 118.2), (888.0, 884.6), (9.2, 10.1), (228.1, 226.5), (668.5, 666.3),
    (998.5, 996.3), (449.1, 448.6), (778.9, 777.0), (559.2, 558.2), (0.3, 0.4), (0.1, 0.6), (778.1, 775.5),
    (668.8, 666.9), (339.3, 338.0), (448.9, 447.5), (10.8, 11.6), (557.7, 556.0), (228.3, 228.1), (998.0, 995.8),
    (888.8, 887.6), (119.6, 120.2), (0.3, 0.3), (0.6, 0.3), (557.6, 556.8), (339.3, 339.1), (888.0, 887.2),
    (998.5, 999.0), (778.9, 779.0), (10.2, 11.1), (117.6, 118.3), (228.9, 229.2), (668.4, 669.1), (449.2, 448.9),
    (0.2, 0.5),
)  # fmt: skip


class TestWilsonsInterval:
    @pytest.mark.parametrize(
        ("successes", "number", "low", "high"),
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
    )
    def test_is_as_published(self, successes, number, low, high):
        assert wilson(successes, number) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))

    def test_of_nothing_says_nothing(self):
        assert wilson(0, 0) == (0.0, 1.0)


class TestTheDifferenceOfTwoShares:
    @pytest.mark.parametrize(
        ("first", "second", "low", "high"),
        [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((10, 10), (0, 10), 0.6075, 1),
        ],
    )
    def test_is_as_published(self, first, second, low, high):
        """Newcombe 1998, Statistics in Medicine 17: 873-890, table II, method 10."""
        one, other = ((did / number, *wilson(did, number)) for did, number in (first, second))
        assert newcombe(one, other)[1:] == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


class TestTheSlopeOfALine:
    def test_is_the_certified_one(self):
        found = slope([x for _y, x in NORRIS], [y for y, _x in NORRIS])

        assert found.rise == pytest.approx(1.00211681802045, rel=1e-12)
        assert found.level == pytest.approx(-0.262323073774029, rel=1e-9)
        assert found.error == pytest.approx(0.429796848199937e-3, rel=1e-9)

    def test_has_students_interval(self):
        """Three points, one degree of freedom: t is 12.706."""
        found = slope([0, 1, 2], [0, 1, 1])

        assert found.high - found.rise == pytest.approx(12.706 * sqrt((1 / 6) / 2), rel=1e-4)

    def test_needs_three_points_and_two_places(self):
        assert slope([1, 2], [1, 2]) is None
        assert slope([1, 1, 1], [1, 2, 3]) is None


class TestStudentsT:
    @pytest.mark.parametrize(
        ("freedom", "t"), [(1, 12.7062), (2, 4.3027), (5, 2.5706), (30, 2.0423), (1000, 1.9623)]
    )
    def test_is_as_in_the_tables(self, freedom, t):
        assert student(freedom) == pytest.approx(t, abs=6e-5)
