"""Partial least squares: as SmartPLS does it, as regressions on the answers themselves do it, and as plain regression."""

import numpy
import pytest

from guixin.listen import latent
from guixin.listen.tests import ecsi


class TestPaths:
    def test_of_the_ecsi_survey_are_those_of_smartpls(self):
        covariances = ecsi.covariances()
        spread = numpy.sqrt(numpy.diag(covariances))
        made = latent.model(covariances / numpy.outer(spread, spread), ecsi.items(), list(ecsi.SMARTPLS))

        assert made.paths == pytest.approx(ecsi.SMARTPLS, abs=5e-7)
        for name, weights in ecsi.SMARTPLS_WEIGHTS.items():
            assert list(made.weights[ecsi.items()[name]]) == pytest.approx(weights, abs=5e-7)

    def test_of_answers_that_are_not_scaled_are_those_of_regressions(self):
        """On answers made up so that their covariances are exactly those of the survey."""
        covariances, paths = ecsi.covariances(), list(ecsi.SMARTPLS)
        answers = _with(covariances)

        made = latent.model(covariances, ecsi.items(), paths)

        assert made.paths == pytest.approx(_by_regressions(answers, ecsi.items(), paths), abs=1e-8)

    def test_between_single_questions_are_those_of_ordinary_regression(self):
        rows = numpy.random.default_rng(7).normal(size=(60, 3))
        rows[:, 2] += rows[:, 0] - 0.5 * rows[:, 1]
        made = latent.model(
            numpy.cov(rows, rowvar=False), {"a": [0], "b": [1], "c": [2]}, [("a", "c"), ("b", "c")]
        )
        standard = (rows - rows.mean(axis=0)) / rows.std(axis=0)
        slopes = numpy.linalg.lstsq(standard[:, :2], standard[:, 2], rcond=None)[0]
        assert [made.paths["a", "c"], made.paths["b", "c"]] == pytest.approx(list(slopes), abs=1e-9)


def _with(covariances):
    """Answers with these covariances, to the last digit that can be kept."""
    rows = numpy.random.default_rng(3).normal(size=(ecsi.NUMBER, len(covariances)))
    rows, _rest = numpy.linalg.qr(rows - rows.mean(axis=0))
    return rows @ numpy.linalg.cholesky(covariances).T * numpy.sqrt(ecsi.NUMBER - 1)


def _by_regressions(answers, items, paths):
    """Wold's rounds on scores of each respondent, dimension by dimension."""

    def standard(score):
        return (score - score.mean()) / score.std()

    scores = {name: standard(answers[:, places].sum(axis=1)) for name, places in items.items()}
    for _round in range(40):
        fresh = {}
        for name, places in items.items():
            beside = {b if a == name else a for a, b in paths if name in (a, b)}
            proxy = sum(
                numpy.sign(numpy.corrcoef(scores[name], scores[one])[0, 1]) * scores[one] for one in beside
            )
            slopes = proxy @ answers[:, places]  # but for a factor, which standard() takes away
            fresh[name] = standard(answers[:, places] @ slopes)
        scores = fresh
    found = {}
    for name in items:
        before = [a for a, b in paths if b == name]
        if before:
            rows = numpy.column_stack([scores[each] for each in before])
            slopes = numpy.linalg.lstsq(rows, scores[name], rcond=None)[0]
            found |= {(each, name): slope for each, slope in zip(before, slopes, strict=True)}
    return found
