"""Responses taken in by the thousand, and what they add up to: known figures, and no figure where there is none to tell."""

import csv
from pathlib import Path

import numpy
import pytest

from guixin.listen import counting, drivers, latent, resampling, taking_in, waves
from guixin.listen.models import Answer, Response
from guixin.listen.reliability import alpha
from guixin.listen.results import results
from guixin.listen.scores import mean, recommendation, share
from guixin.listen.taking_in import Given
from guixin.listen.tests import ecsi
from guixin.listen.tests.make import NOON, chen, he, published

DB = pytest.mark.django_db
ECSI = Path(__file__).parents[4] / "shared" / "data" / "survey_ecsi_mobi.csv"
# R's data set `attitude`: 30 departments, 7 questions.
ATTITUDE = """43 63 71 61 81 43 58 71 72 67 64 67 69 68 77 81 74 65 65 50 50 64 53 40 63 66 78 48 85 82
51 64 70 63 78 55 67 75 82 61 53 60 62 83 77 90 85 60 70 58 40 61 66 37 54 77 75 57 85 82
30 51 68 45 56 49 42 50 72 45 53 47 57 83 54 50 64 65 46 68 33 52 52 42 42 66 58 44 71 39
39 54 69 47 66 44 56 55 67 47 58 39 42 45 72 72 69 75 57 54 34 62 50 58 48 63 74 45 71 59
61 63 76 54 71 54 66 70 71 62 58 59 55 59 79 60 79 55 75 64 43 66 63 50 66 88 80 51 77 64
92 73 86 84 83 49 68 66 83 80 67 74 63 77 77 54 79 80 85 78 64 80 80 57 75 76 78 83 74 78
45 47 48 35 47 34 35 41 31 41 34 41 25 35 46 36 63 60 46 52 33 41 37 49 33 72 49 38 55 39"""


class TestAFigure:
    def test_of_reliability_is_the_published_one(self):
        answers = numpy.array([line.split() for line in ATTITUDE.splitlines()], dtype=float).T
        assert alpha(answers) == pytest.approx((0.8431, 0.7394, 0.9158), abs=5e-5)

    def test_of_recommendation_is_the_published_one(self):
        assert recommendation({10: 50, 8: 30, 3: 20}) == pytest.approx((30.0, 14.05, 44.20), abs=5e-3)

    def test_of_satisfaction_is_the_published_one(self):
        assert share({5: 81, 1: 182}, 4)[1:] == pytest.approx((0.2553, 0.3662), abs=5e-5)

    def test_of_a_mean_is_students(self):
        assert mean({4: 1, 6: 1}) == pytest.approx((5, 5 - 12.7062, 5 + 12.7062), abs=1e-3)
        assert mean({4: 1}) is None

    def test_of_drivers_shares_out_what_is_explained(self):
        # Target with the first .6, with the second .4; .5 between them (worked by hand).
        found = drivers.shares([[1, 0.6, 0.4], [0.6, 1, 0.5], [0.4, 0.5, 1]])
        assert found == pytest.approx([0.28667, 0.08667], abs=5e-6)

    def test_of_the_index_is_the_published_one(self):
        assert latent.index([0.38, 0.31, 0.31], [8.2, 7.5, 7.1], 1, 10) == pytest.approx(73.8, abs=0.05)


def wave_of(asks=None, **said):
    questionnaire = published(asks, **said.pop("from_", {})).questionnaire
    return waves.open_wave(questionnaire, name="三月", code="march", owner=chen(), by=he(), now=NOON, **said)


def take(wave, *rows, respondents=True):
    given = [Given(n, row, str(n) if respondents else "") for n, row in enumerate(rows, start=1)]
    return taking_in.take_in(wave, given, source="file", by=he(), now=NOON)


PAIR = {
    "questions": [
        {"code": "before", "label": "快", "expectation_of": "after"},
        {"code": "after", "label": "快", "dimension": "速度"},
    ]
}


@DB
class TestTakingIn:
    def test_adds_nothing_twice_and_keeps_real_copies(self):
        wave, same = wave_of(), {"overall": "4"}
        assert take(wave, same, same, {"overall": "5"}, respondents=False).landed == 3
        again = take(wave, same, same, {"overall": "5"}, same, respondents=False)
        assert (again.landed, again.already) == (1, 3)

    def test_leaves_out_missing_values_and_names_wrong_ones(self):
        wave = wave_of(missing_codes=["-99", "98"])
        done = take(
            wave, {"overall": "-99", "words": "好"}, {"overall": "7"}, {"overall": "4.0"}, {"overall": "-99"}
        )

        assert done.landed == 2
        assert [(each.line, each.reason, each.landed) for each in done.doubts] == [
            (2, "no_such_answer", False), (4, "no_answer", False),
        ]  # fmt: skip
        assert list(Answer.objects.order_by("pk").values_list("value", "words")) == [(None, "好"), (4, "")]

    def test_of_an_anonymous_wave_ties_nothing(self):
        wave = wave_of(is_anonymous=True)
        taking_in.take_in(wave, [Given(1, {"overall": "4"}, "1", case_id=1)], source="api", by=he(), now=NOON)
        assert Response.objects.get().case is None


@DB
class TestAWave:
    def counted(self, wave):
        counting.count_next(NOON)
        wave.refresh_from_db()
        return results(wave)

    def test_of_few_nobody_knows_says_nothing_of_them(self):
        wave = wave_of(is_anonymous=True)
        take(wave, *[{"overall": "1"}] * 4)
        few = self.counted(wave)
        assert (few.figures["waiting"], few.figures["questions"]) == (4, {})
        assert "nothing is told before there are 5" in few.missing()[0]

        taking_in.take_in(wave, [Given(5, {"overall": "1"}, "5")], source="file", by=he(), now=NOON)
        assert self.counted(wave).figures["questions"]["overall"]["n"] == 5

    def test_splits_perceived_less_expected(self):
        wave = wave_of(PAIR)
        rows = [{"before": "5", "after": str(after)} for after in [3] * 4 + [5] * 5 + [7] * 3]
        take(wave, *rows, {"before": "5"})

        gap = self.counted(wave).figures["gaps"]["速度"]
        assert (gap["n"], gap["split"]) == (12, [4, 5, 3])
        assert gap["mean"][0] == pytest.approx(-2 / 12)

    def test_of_three_responses_says_that_these_are_too_few(self):
        wave = wave_of(PAIR)
        take(wave, *[{"before": "5", "after": "6"}] * 3)
        found = self.counted(wave)
        assert found.figures["gaps"]["速度"]["split"] is None
        assert found.alpha_words("速度") == "one question: reliability cannot be told"
        assert "too few" in found.missing()[0]

    def test_in_which_everybody_gives_the_same_has_no_index(self):
        wave = wave_of(from_={"begin_from": "loyalty"})
        codes = wave.version.sheet.by_code
        take(wave, *[dict.fromkeys(codes, "10")] * 40)
        found = self.counted(wave)
        assert found.missing() == ["No index: the answers do not differ enough to be weighed."]
        assert found.alpha_words("满意") == "everybody answered the same"

    def test_counts_links_and_answers(self):
        wave = wave_of()
        waves.invite(wave, [waves.Invited()] * 4, by=he(), now=NOON)
        wave.invitations.filter(pk=wave.invitations.first().pk).update(is_answered=True)
        take(wave, {"overall": "5"})
        found = self.counted(wave).figures
        assert (found["responses"], found["links"], found["rate"][0]) == (1, 4, 0.25)


@DB
@pytest.mark.skipif(not ECSI.exists(), reason="the public data lie beside the checkout")
class TestTheEcsiSurvey:
    def test_comes_out_as_worked_out_beside_it(self, monkeypatch):
        monkeypatch.setattr(resampling, "DRAWS", 5)
        wave = wave_of(from_={"begin_from": "loyalty"})
        with ECSI.open(encoding="utf-8") as file:
            rows = [{name.lower(): said for name, said in row.items()} for row in csv.DictReader(file)]
        assert take(wave, *rows, respondents=False).landed == 250

        found = counting.figures(wave)

        def given(*codes):
            return numpy.array([[int(row[code]) for code in codes] for row in rows])

        quality, expected = given(*(f"perq{n}" for n in range(1, 8))), given("cuex1", "cuex2", "cuex3")
        gap = numpy.sign((quality.mean(axis=1) - expected.mean(axis=1)).round(9))
        assert found["gaps"]["感知质量"]["split"] == [int((gap == way).sum()) for way in (-1, 0, 1)]
        between = numpy.cov(quality, rowvar=False)
        alpha_of_quality = 7 / 6 * (1 - between.trace() / between.sum())
        assert found["dimensions"]["感知质量"]["alpha"][0] == pytest.approx(alpha_of_quality)
        made = latent.model(ecsi.covariances(), ecsi.items(), list(ecsi.SMARTPLS))
        assert [path[2] for path in found["model"]["paths"]] == pytest.approx(
            [made.paths[each] for each in ecsi.SMARTPLS], abs=1e-9
        )
