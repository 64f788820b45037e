"""Closed cases teach; later ones measure; a person decides, and what they chose stands beside what was suggested."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest

from guixin.ledger.models import Entry
from guixin.serve import learning, suggesting
from guixin.serve.closing import close
from guixin.serve.learning import Closed, fit, measure
from guixin.serve.models import Case, Classifier, Closing, Term
from guixin.serve.tests import make
from guixin.serve.text_features import features, likeness, pieces, probabilities, weighed

COLOUR = ("颜色和样品不一样", "深蓝的布掉色", "洗一次就褪色了", "颜色偏黄，批次有色差")
PACKING = ("箱子破了", "包装压坏，外箱变形", "纸箱受潮散开", "少了内包装袋")


def closed(number: int, *, swapped: int = 0) -> list[Closed]:
    """Colours and boxes by turns; the last `swapped` say the opposite of what they are."""
    cases = []
    for n in range(number):
        words, code = (COLOUR, "colour") if n % 2 else (PACKING, "packing")
        if n >= number - swapped:
            code = "packing" if code == "colour" else "colour"
        cases.append(Closed(features(words[n // 2 % 4], ""), code))
    return cases


def ranked(model, words: str) -> list[tuple[str, float]]:
    found = features(words, "")
    known = {piece: (model.idf[piece], model.weights[piece]) for piece in found if piece in model.idf}
    return probabilities(found, known, model.classes, model.intercepts)


class TestWhatWasLearnt:
    def test_tells_new_words_by_their_pieces(self):
        model = fit(closed(120))

        assert ranked(model, "窗帘褪色，颜色变浅")[0][0] == "colour"
        assert ranked(model, "外箱破损")[0][0] == "packing"
        assert sum(chance for _code, chance in ranked(model, "外箱破损")) == pytest.approx(1)

    def test_is_the_one_optimum(self):
        """The gradient of the penalised likelihood, worked out here from the definition, is nothing."""
        cases = closed(40, swapped=4)
        model = fit(cases)
        place = {code: n for n, code in enumerate(model.classes)}
        gradient = {piece: np.array(weights) / learning.STRENGTH for piece, weights in model.weights.items()}
        for each in cases:
            known = {p: (model.idf[p], model.weights[p]) for p in each.found if p in model.idf}
            chances = dict(probabilities(each.found, known, model.classes, model.intercepts))
            off = np.array([chances[code] - (place[each.code] == n) for n, code in enumerate(model.classes)])
            for piece, value in weighed(each.found, model.idf).items():
                gradient[piece] = gradient[piece] + value * off

        assert max(np.abs(each).max() for each in gradient.values()) < 0.01

    def test_is_measured_on_later_cases_only(self):
        found = measure(closed(100, swapped=20))

        assert (found.learnt_from, found.held_out, found.right) == (80, 20, 0)
        assert measure(closed(100)).right == 20

    def test_says_how_each_class_is_found_and_how_often_it_is_silent(self):
        found = measure(closed(100))

        assert found.of_class == {"packing": (10, 10), "colour": (10, 10)}
        assert found.said == found.said_right == 20
        assert 0 <= found.brier < 0.5


class TestPieces:
    def test_are_the_same_in_either_width_and_case_and_without_numbers(self):
        assert pieces("ＬＥＤ灯 2026-0001") == pieces("led灯")

    def test_of_the_same_complaint_are_alike(self):
        same = likeness(pieces("深蓝的布掉色了，洗一次就掉"), pieces("深蓝的布掉色，洗一次就掉了！"))

        assert same > 0.8
        assert likeness(pieces("深蓝的布掉色了，洗一次就掉"), pieces("送货晚了两天")) < 0.1
        assert likeness(pieces(""), pieces("送货")) == 0


@pytest.mark.django_db
class TestASuggestion:
    @pytest.fixture(autouse=True)
    def _firm(self):
        make.terms()
        self.case = make.answered_case(subject="布料褪色，颜色发黄")

    def teach(
        self,
        number: int,
        words: Sequence[tuple[str, str]] = (("颜色不对，褪色", "colour"), ("纸箱破了", "packing")),
    ):
        pattern = Case.objects.get(pk=self.case.pk)
        copies = []
        for n in range(number):
            copy = Case.objects.get(pk=pattern.pk)
            copy.pk, copy.number, copy.category = None, f"2025-{n:06}", ""
            copy.subject, copy.state, copy.closed_at = words[n % 2][0], "closed", make.NOON
            copies.append(copy)
        Closing.objects.bulk_create(
            Closing(
                case=copy, generation=1, at=make.NOON - timedelta(minutes=number - n), department=make.quality(),
                quality_point=words[n % 2][1], cause="material",
            )
            for n, copy in enumerate(Case.objects.bulk_create(copies))
        )  # fmt: skip
        for field in Classifier.Field:
            learning.learn(field, make.NOON)

    def close(self, quality_point: str) -> Closing:
        return close(
            self.case, by=make.wang(), now=make.NOON, department=make.quality(), quality_point=quality_point,
            cause="material", severity=2,
        )  # fmt: skip

    def test_says_how_many_closed_cases_are_missing(self):
        self.teach(30)

        point = suggesting.suggest(self.case)["quality_point"]

        assert (point.why_not, point.cases, point.options) == ("few", 30, ())

    def test_names_the_likeliest_first_with_how_often_it_was_right(self):
        self.teach(120)

        point = suggesting.suggest(self.case)["quality_point"]

        assert point.options[0][0] == "colour"
        assert point.options[0][1] > 0.6
        assert (point.right, point.held_out) == (24, 24)

    def test_is_not_made_where_all_cases_are_alike(self):
        self.teach(120)

        assert suggesting.suggest(self.case)["cause"].why_not == "few"

    def test_is_not_made_where_it_would_be_no_better_than_the_commonest(self):
        self.teach(120, words=(("同样的话", "colour"), ("同样的话", "packing")))

        assert suggesting.suggest(self.case)["quality_point"].why_not == "no_better"

    def test_is_not_made_for_words_it_does_not_know(self):
        self.teach(120)
        self.case.subject, self.case.category = "zzz qqq", ""

        assert suggesting.suggest(self.case)["quality_point"].options == ()

    @pytest.mark.parametrize(("chosen", "accepted"), [("colour", 1), ("packing", 0)])
    def test_is_kept_beside_what_a_person_chose(self, chosen, accepted):
        self.teach(120)

        closing = self.close(chosen)

        assert closing.suggested["quality_point"][0] == "colour"
        taken = suggesting.taken()["quality_point"]
        assert (taken.suggested, taken.accepted) == (1, accepted)

    def test_is_learnt_anew_when_enough_was_closed_and_told_in_the_ledger(self):
        self.teach(120)
        assert not learning.learn_next(make.NOON)

        Term.objects.get_or_create(list="quality_point", code="colour", defaults={"name": "颜色"})
        self.close("colour")

        assert not learning.learn_next(make.NOON + timedelta(hours=1))
        while learning.learn_next(make.NOON + timedelta(hours=25)):
            pass
        said = Entry.objects.filter(kind="serve.suggestions_learnt").order_by("pk")
        assert [entry.facts["cases"] for entry in said] == [120, 121]
