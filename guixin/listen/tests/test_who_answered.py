"""Who answered is held beside who was asked: weights, the reference figures of sampling, and words that say when it is not enough."""

import pytest

from guixin.listen import counting, sampling
from guixin.listen.margins import allocated, counts_as, difference, weights
from guixin.listen.models import Answer, Question, Response, Sample
from guixin.listen.sampling import Plan
from guixin.listen.tests.make import NOON, he, people, wave
from guixin.listen.who_answered import who_answered

pytestmark = pytest.mark.django_db


def drawn(found, **said) -> Sample:
    plan = Plan({"from": "segment", "segment": "everybody"}, by="grade", **said)
    sampling.keep_plan(found, plan, by=he(), now=NOON)
    sampling.draw(found, by=he(), now=NOON)
    found.invitations.update(state="sent", sent_at=NOON)
    return Sample.objects.select_related("wave").get(wave=found)


def answers(found, stratum: str, number: int, value: int) -> None:
    ids = list(found.invitations.filter(stratum=stratum).values_list("pk", flat=True)[:number])
    found.invitations.filter(pk__in=ids).update(is_answered=True)
    question = Question.objects.get(code="overall")
    for pk in ids:
        said = Response.objects.create(
            wave=found, key=f"k{pk}", source="link", stratum=stratum, begun_at=NOON, completed_at=NOON
        )
        Answer.objects.create(response=said, question=question, value=value)


class TestWhoAnswered:
    def test_is_told_apart_from_who_was_asked(self):
        people(*"A" * 20, *"B" * 20)
        found = wave()
        sample = drawn(found)
        answers(found, "A", 16, 5)
        answers(found, "B", 4, 1)

        seen = who_answered(sample)
        assert [(each.invited, each.answered, each.weight) for each in seen.strata] == [
            (20, 16, 0.625),
            (20, 4, 2.5),
        ]
        assert round(seen.differs.statistic, 3) == 14.4  # 40 (16·16 - 4·4)² / 20⁴
        assert "of “A” 80 % answered, of “B” only 20 %" in seen.in_words({})
        assert round(seen.counts_as, 2) == 12.8  # (16·0.625 + 4·2.5)² / (16·0.625² + 4·2.5²)
        figures = counting.figures(found)
        assert figures["questions"]["overall"]["mean"][0] == 4.2
        assert figures["weighted"] == {"overall": 3.0}

    def test_is_not_told_where_there_is_too_little(self):
        people("A", "B")
        found = wave()
        sample = drawn(found)
        answers(found, "A", 1, 5)
        assert "Not enough" in who_answered(sample).in_words({})

    def test_of_an_anonymous_wave_is_no_more_than_rates_of_strata_that_name_nobody(self):
        people(*"A" * 5, "B")
        seen = who_answered(drawn(wave(is_anonymous=True)))
        assert [(each.code, each.weight) for each in seen.strata] == [("A", None)]


class TestTheFormulas:
    def test_divide_without_asking_anybody_twice(self):
        assert allocated({"A": 3, "B": 100}, 10, {"A": 1.0, "B": 1.0}) == {"A": 3, "B": 7}
        assert allocated({"A": 5, "B": 5, "C": 5}, 1, {"A": 1.0, "B": 2.0, "C": 1.0}) == {
            "A": 0,
            "B": 1,
            "C": 0,
        }
        assert allocated({"A": 2}, None, {"A": 2.0}) == {"A": 2}

    def test_weigh_and_compare(self):
        assert weights({"A": 50, "B": 50}, {"A": 10, "B": 0}) == {"A": 1.0}
        assert round(counts_as([(1, 3), (3, 1)]), 6) == 3.0
        assert difference([(20, 10), (9, 1)]) is None  # fewer than thirty were asked
        assert not difference([(50, 25), (50, 24)]).is_told
