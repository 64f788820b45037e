"""The short plank: importance against performance, with how sure it is; and what groups of a wave answered."""

import numpy
import pytest

from guixin.listen import counting, drivers, matrix, resampling, taking_in, waves
from guixin.listen.behind import DISSATISFIED, NotToBeTold, Which, how_many, responses_behind
from guixin.listen.groups import may_be_told
from guixin.listen.results import groups, results
from guixin.listen.taking_in import Given
from guixin.listen.tests.make import NOON, chen, he, published
from guixin.serve.tests import make

DB = pytest.mark.django_db
# Correlations of R's data set `swiss`, Fertility first; the shares are those R's `relaimpo` prints.
SWISS = """1 .35307918 -.64588273 -.66378886 .46368470 .41655603
.35307918 1 -.68654221 -.63952252 .40109505 -.06085861
-.64588273 -.68654221 1 .69841530 -.57274180 -.11402160
-.66378886 -.63952252 .69841530 1 -.15385892 -.09932185
.46368470 .40109505 -.57274180 -.15385892 1 .17549591
.41655603 -.06085861 -.11402160 -.09932185 .17549591 1"""
PLANK = {
    "questions": [
        {"code": "tells", "label": "提前告诉我", "dimension": "物流", "low": 1, "high": 5},
        {"code": "whole", "label": "完好", "dimension": "物流", "low": 1, "high": 5},
        {"code": "polite", "label": "有礼貌", "dimension": "送货", "low": 1, "high": 5},
        {"code": "overall", "label": "总体", "reads_as": "csat"},
        {"code": "branch", "label": "哪个部门", "kind": "choice", "choices": ["销售", "仓库", "财务"]},
    ]
}


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    monkeypatch.setattr(resampling, "DRAWS", 40)


def wave_of(asks=PLANK, **said):
    return waves.open_wave(
        published(asks).questionnaire, name="三月", code="march", owner=chen(), by=he(), now=NOON, **said
    )


def take(wave, rows, **known):
    given = [
        Given(n, {code: str(v) for code, v in row.items()}, str(n), **known) for n, row in enumerate(rows, 1)
    ]
    taking_in.take_in(wave, given, source="file", by=he(), now=NOON)
    counting.count_next(NOON)
    wave.refresh_from_db()
    return wave


def answers(n):
    """`tells` is low and goes along with the whole; the others are high and do not."""
    tells = 1 + n % 3
    return {
        "tells": tells,
        "whole": 4 + n % 2,
        "polite": 4 + n // 2 % 2,
        "overall": min(5, tells + 1 + n % 2),
    }


class TestSharesOfWhatIsExplained:
    def test_are_the_published_ones(self):
        swiss = numpy.array([line.split() for line in SWISS.splitlines()], dtype=float)
        exact = drivers.lindeman(swiss)
        assert exact == pytest.approx([0.05709, 0.17117, 0.26013, 0.10557, 0.11277], abs=1e-5)
        assert exact.sum() == pytest.approx(0.706735, abs=1e-6)
        assert drivers.johnson(swiss) == pytest.approx(
            [0.04842, 0.15471, 0.27196, 0.11468, 0.11697], abs=1e-5
        )


class TestAnswersDrawnAgain:
    def test_have_the_spread_of_a_mean_one_by_one_and_in_hands(self, monkeypatch):
        rows = numpy.random.default_rng(5).normal(3, 2, size=(900, 1))
        for hands in (2_000, 300):
            monkeypatch.setattr(resampling, "HANDS", hands)
            first, draws = resampling.drawn(rows, lambda moments: moments.means, draws=400)
            assert first[0] == pytest.approx(rows.mean())
            assert draws.std() == pytest.approx(rows.std() / 30, rel=0.12)


@DB
class TestTheShortPlank:
    def test_is_what_matters_most_and_is_done_worst(self):
        wave = take(wave_of(), [answers(n) for n in range(60)])
        plank = wave.figures["plank"]

        assert (plank["worst"], plank["by"], plank["is_sure"], plank["n"]) == ("tells", "derived", True, 60)
        point = plank["points"][0]
        assert point["performance"][0] == pytest.approx(25)  # 2 of 1 to 5
        assert point["dissatisfied"][0] == pytest.approx(2 / 3)
        assert sum(each["importance"][0] for each in plank["points"]) == pytest.approx(1)
        assert "“物流: 提前告诉我”" in results(wave).plank_words("zh-hans")

    def test_counts_what_customers_said_it_matters(self):
        asks = {"questions": [
            *PLANK["questions"][:2],
            {"code": "tells-matters", "label": "多重要", "importance_of": "tells", "low": 1, "high": 5},
            {"code": "whole-matters", "label": "多重要", "importance_of": "whole", "low": 1, "high": 5},
        ]}  # fmt: skip
        rows = [{"tells": 3, "whole": 3 + n % 2, "tells-matters": 2, "whole-matters": 5} for n in range(40)]
        plank = take(wave_of(asks), rows).figures["plank"]
        assert (plank["by"], plank["worst"]) == ("stated", "whole")
        assert plank["points"][1]["importance"][0] == pytest.approx(
            0.8
        )  # a quarter of the way, and all of it

    def test_that_is_noise_is_told_with_what_it_cannot_be_told_apart_from(self):
        rows = [
            {"tells": 1 + n % 5, "whole": 1 + (n + 1) % 5, "polite": 1 + n * 3 % 5, "overall": 3}
            for n in range(40)
        ]
        wave = take(wave_of(), rows)
        assert wave.figures["plank"]["by"] == "equal"  # everybody said the same of the whole
        assert "cannot be told apart from" in results(wave).plank_words("zh-hans")

    def test_of_two_that_are_equal_is_the_first_asked(self):
        """Not the one whose last bit comes out larger on this machine."""
        rows = [{"tells": 1 + n % 3, "whole": 1 + n % 3, "polite": 5, "overall": 3} for n in range(40)]
        plank = take(wave_of(), rows).figures["plank"]
        assert plank["worst"] == "tells"
        assert [each["worst"] for each in plank["points"]] == [1, 0, 0]

    def test_of_few_responses_is_none(self):
        wave = take(wave_of(), [answers(n) for n in range(3)])
        assert (
            results(wave).plank_words("zh-hans") == "No short plank: 3 complete responses, and it takes 30."
        )


class TestGroupsOfNobodysAnswers:
    @pytest.mark.parametrize(
        ("sizes", "whole", "told"),
        [
            ([20, 9], 29, [True, True]),
            ([20, 4], 24, [False, False]),  # 24 - 20 would give away the four
            ([20, 9, 4], 33, [True, False, False]),
            ([20, 3, 3], 26, [True, False, False]),
            ([20, 9], 31, [True, False]),  # two said no department
        ],
    )
    def test_are_told_only_if_nobody_is_left_over(self, sizes, whole, told):
        assert may_be_told(sizes, whole) == told


@DB
class TestGroups:
    def test_of_a_named_wave_lead_to_their_answers(self):
        wave, case = wave_of(), make.case()
        department = str(case.task_set.first().department_id)
        take(wave, [answers(n) | {"branch": "销售" if n < 7 else "仓库"} for n in range(9)], case_id=case.pk)

        group = {each.key: each for each in groups(wave, "department", "zh-hans")}[department]
        assert (group.responses, group.question("tells")["n"]) == (9, 9)
        assert [(each.name, each.responses) for each in groups(wave, "answer:branch", "zh-hans")] == [
            ("销售", 7), ("仓库", 2),
        ]  # fmt: skip
        assert groups(wave, "answer:branch", "zh-hans")[1].figures == {}
        low = Which("tells", DISSATISFIED, "department", department)
        share = wave.figures["plank"]
        assert share["why"] == "few"
        assert responses_behind(wave, low).count() == 6
        assert responses_behind(wave, Which(by="answer:branch", key="销售")).count() == 7
        assert responses_behind(wave, Which(by="segment", key="1")).count() == 0

    def test_are_read_in_pieces_between_the_answers_of_other_waves(self, monkeypatch):
        monkeypatch.setattr(matrix, "AT_ONCE", 5)
        asked = published(PLANK).questionnaire
        march, april = (
            waves.open_wave(asked, name=code, code=code, owner=chen(), by=he(), now=NOON)
            for code in ("march", "april")
        )
        for n in range(9):
            for wave, tells in ((march, 2), (april, 5)):
                given = Given(1, {"tells": str(tells), "branch": ("仓库", "财务")[n % 2]}, f"r{n}")
                taking_in.take_in(wave, [given], source="file", by=he(), now=NOON)
        march.responses.filter(key="r:r8").update(struck_at=NOON)

        found = matrix.read(march, march.version.sheet)

        assert found.values.tolist() == [[2, -1, -1, -1]] * 8
        assert found.chosen["branch"].tolist() == [1, 2] * 4
        assert [sorted(found.groups["answer:branch"].names), found.written["branch"]] == [["仓库", "财务"], 8]

    def test_the_number_behind_a_figure_is_the_figure(self, django_assert_num_queries):
        wave = take(wave_of(), [answers(n) | {"branch": "销售" if n < 37 else "仓库"} for n in range(60)])
        several = [
            Which(), Which("tells"), Which("tells", "1"), Which("branch", "销售"), Which("tells", DISSATISFIED),
            Which(by="answer:branch", key="仓库"),
        ]  # fmt: skip
        for which in several:
            rows = responses_behind(wave, which)
            with django_assert_num_queries(1 if which.by else 0):
                said = how_many(wave, which, rows)
            assert said == rows.count() > 0
        wave.answers_seen += 1
        assert how_many(wave, Which("tells", "1"), wave.responses.none()) == 0

    def test_of_an_anonymous_wave_are_told_once_it_is_closed_and_hide_small_ones(self):
        wave = wave_of(is_anonymous=True)
        take(wave, [answers(n) | {"branch": "销售" if n < 12 else "仓库"} for n in range(15)])
        assert not wave.groups.exists()

        waves.close(wave, by=he(), now=NOON)
        counting.count_next(NOON)
        assert [each.responses for each in groups(wave, "answer:branch", "zh-hans")] == [None, None]
        with pytest.raises(NotToBeTold):
            responses_behind(wave, Which())

    def test_figures_of_an_anonymous_wave_move_in_fives(self):
        wave = take(wave_of(is_anonymous=True), [answers(n) for n in range(6)])
        assert wave.figures["responses"] == 6

        def one_more(number):
            taking_in.take_in(
                wave, [Given(1, {"tells": "1"}, f"late {number}")], source="file", by=he(), now=NOON
            )
            counting.count_next(NOON)
            wave.refresh_from_db()
            return wave.figures["responses"]

        assert [one_more(n) for n in range(5)] == [6, 6, 6, 6, 11]


@DB
class TestMomentsOfTruth:
    ASKS = {
        "questions": [
            {"code": "told", "label": "提前告诉我", "moment": "delivery:e1", "low": 1, "high": 5},
            {"code": "told-hoped", "label": "期望", "expectation_of": "told", "low": 1, "high": 5},
            {"code": "clean", "label": "现场干净", "moment": "delivery:e2", "low": 1, "high": 5},
        ]
    }

    def test_tell_dissatisfied_satisfied_and_delighted_of_whoever_answered_both(self):
        wave = wave_of(self.ASKS)
        take(wave, [{"told": n, "told-hoped": 3, "clean": 1} for n in (1, 2, 2, 3, 4, 5)])

        told, clean = groups(wave, "moment", "zh-hans")
        assert (told.key, told.responses, told.figures["gap"]["split"]) == ("delivery:e1", 6, [3, 1, 2])
        assert told.figures["gap"]["mean"][0] == pytest.approx(-1 / 6, abs=1e-5)  # 17/6 less 3
        assert told.figures["level"][0] == pytest.approx(
            100 * 11 / 24, abs=1e-3
        )  # 0 + 1 + 1 + 2 + 3 + 4 of 24
        assert (clean.figures["level"][0], clean.figures["low"][0], clean.figures["gap"]) == (0, 1, None)
        assert responses_behind(wave, Which(by="moment", key="delivery:e2")).count() == 6

    def test_of_few_answers_are_not_told(self):
        wave = take(wave_of(self.ASKS), [{"told": 1}] * 4)
        assert [(each.responses, each.figures) for each in groups(wave, "moment", "zh-hans")] == [
            (4, {}),
            (0, {}),
        ]


@DB
def test_what_customers_expect_is_no_short_plank():
    asks = {
        "questions": [
            {"code": "hoped", "label": "期望", "dimension": "期望", "low": 1, "high": 10},
            {"code": "found", "label": "质量", "dimension": "质量", "low": 1, "high": 10},
            {"code": "worth", "label": "价值", "dimension": "价值", "low": 1, "high": 10},
            {"code": "whole", "label": "满意", "dimension": "满意", "low": 1, "high": 10},
        ],
        "paths": [["期望", "满意"], ["质量", "满意"], ["价值", "满意"]],
        "gaps": [["期望", "质量"]],
    }
    rows = [
        {"hoped": 1 + n % 2, "found": 3 + n % 5, "worth": 5 + n % 3, "whole": 4 + n % 4} for n in range(40)
    ]
    assert {each["code"] for each in take(wave_of(asks), rows).figures["plank"]["points"]} == {
        "found",
        "worth",
    }
