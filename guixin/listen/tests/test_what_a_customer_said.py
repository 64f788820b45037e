"""What one customer said: the score of each wave and whether they found more or less than they expected."""

import pytest

from guixin.listen import taking_in, waves
from guixin.listen.said import may_open, said_by
from guixin.listen.taking_in import Given
from guixin.listen.tests.make import NOON, chen, he, people, published, zhao

pytestmark = pytest.mark.django_db
ASKS = {
    "questions": [
        {"code": "fast", "label": "快", "dimension": "速度", "low": 1, "high": 5},
        {"code": "fast-hoped", "label": "期望", "expectation_of": "fast", "low": 1, "high": 5},
        {"code": "clear", "label": "清楚", "dimension": "速度", "low": 1, "high": 5},
        {"code": "clear-hoped", "label": "期望", "expectation_of": "clear", "low": 1, "high": 5},
        {"code": "overall", "label": "总体", "reads_as": "csat"},
    ]
}


def said(*rows, **about):
    """By one customer, in a wave of each row."""
    (somebody,) = people("A")
    asked = published(ASKS).questionnaire
    for n, row in enumerate(rows):
        wave = waves.open_wave(asked, name=f"第{n}批", owner=chen(), by=he(), now=NOON, **about)
        given = Given(1, {code: str(point) for code, point in row.items()}, "1", customer_id=somebody.pk)
        taking_in.take_in(wave, [given], source="file", by=he(), now=NOON)
    return said_by(somebody.pk)


def test_is_told_wave_by_wave_with_its_verdict(django_assert_num_queries):
    more = {"fast": 5, "fast-hoped": 4, "clear": 4, "clear-hoped": 4, "overall": 5}
    found = said(
        more,
        more | {"fast": 4},
        more | {"fast": 1, "clear": 3},
        {"fast": 1, "fast-hoped": 5, "overall": 2},  # clear was not answered
    )
    assert [(each.verdict, each.score, each.high, each.gap) for each in reversed(found)] == [
        ("delighted", 5, 5, 0.5), ("satisfied", 5, 5, 0), ("dissatisfied", 5, 5, -2), ("", 2, 5, None),
    ]  # fmt: skip
    with django_assert_num_queries(1):
        said_by(found[0].wave.pk)
    assert (may_open(found[0].wave, he()), may_open(found[0].wave, zhao())) == (True, False)


def test_in_an_anonymous_wave_is_told_nowhere():
    assert said({"overall": 1}, is_anonymous=True) == []
