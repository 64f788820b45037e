"""What changed from one wave to the next: known tests, corrected for their number, and noise called noise."""

import pytest
from scipy import stats

from guixin.listen.comparing import changes, holm, is_noise
from guixin.listen.questions import Sheet

SHEET = Sheet.read(
    {
        "questions": [
            {"code": "csat", "label": "满意", "reads_as": "csat"},
            {"code": "recommend", "label": "推荐", "reads_as": "recommend"},
            {"code": "mean", "label": "质量"},
        ]
    }
)


def changed(code, now, before):
    return changes(SHEET, {code: {"counts": now}}, {code: {"counts": before}})


def z_of(told):
    return abs(stats.norm.ppf(told["p"] / 2))


class TestAChange:
    def test_of_a_share_is_tested_as_published(self):
        told = changed("csat", {"5": 320, "1": 80}, {"4": 280, "2": 120})["csat"]
        assert z_of(told) == pytest.approx(3.266, abs=1e-3)
        assert told["change"][0] == pytest.approx(0.1)
        assert not is_noise(told)

    def test_of_recommendation_is_tested_as_published(self):
        told = changed("recommend", {"9": 200, "8": 120, "3": 80}, {"10": 176, "7": 124, "0": 100})[
            "recommend"
        ]
        assert z_of(told) == pytest.approx(1.957, abs=1e-3)
        assert is_noise(told)

    def test_of_a_mean_is_welchs(self):
        told = changed("mean", {"5": 8, "6": 9, "7": 4}, {"2": 3, "5": 10, "6": 2})["mean"]
        wanted = stats.ttest_ind([5] * 8 + [6] * 9 + [7] * 4, [2] * 3 + [5] * 10 + [6] * 2, equal_var=False)
        assert told["p"] == pytest.approx(wanted.pvalue)

    def test_among_many_must_be_clearer(self):
        assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])

    def test_is_not_told_of_nine_answers_nor_where_all_are_the_same(self):
        assert changed("mean", {"5": 9}, {"2": 5, "3": 9}) == {}
        assert changed("csat", {"5": 20}, {"5": 30}) == {}
