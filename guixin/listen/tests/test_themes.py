"""What open answers are about: grouped by their words, counted by the worker, corrected by people."""

import numpy
import pytest

from guixin.ledger.models import Entry
from guixin.listen import correcting_themes, counting, factoring, themes, theming
from guixin.listen.correcting_themes import CannotCorrect
from guixin.listen.models import Theme, ThemedAnswer, ThemeSet
from guixin.listen.tests.make import NOON, he, wave, words
from guixin.listen.waves import open_wave

pytestmark = pytest.mark.django_db

SAID = (
    ("隔音很差，半夜走廊说话声音都听得清", 2),
    ("早餐品种太少，面包是冷的", 3),
    ("退房等了半小时，前台只有一个人", 1),
)


def many(number=60) -> list[str]:
    """Three things, each said in its own way, the rooms told apart by a number."""
    return [f"{SAID[n % 3][0]}，{1000 + n}号房" for n in range(number)]


def counted(said=None, **more):
    made = wave(**more)
    said = said or many()
    words(made, *said, points=[SAID[n % 3][1] for n in range(len(said))])
    counting.count_next(NOON)
    made.refresh_from_db()
    return made


def told(made) -> theming.Told:
    return theming.themes_of(made)[0]


def about(made, word) -> Theme:
    return next(each for each in told(made).themes if word in each.words)


class TestThemes:
    def test_are_found_from_the_words(self):
        found = themes.group(many())

        named = [set(each.words) for each in found.themes]
        assert {frozenset(each & {"隔音", "早餐", "退房"}) for each in named} == {
            frozenset({"隔音"}), frozenset({"早餐"}), frozenset({"退房"}),
        }  # fmt: skip
        assert sorted(found.place.count(at) for at in range(3)) == [20, 20, 20]
        assert found == themes.group(many())  # each time the same

    def test_are_the_same_whatever_a_processor_does_to_the_last_bit(self, monkeypatch):
        exact, random = factoring.tf_idf, numpy.random.default_rng(1)

        def rounded_otherwise(*asked):
            found = exact(*asked).tocsr()
            found.data *= 1 + 1e-15 * random.standard_normal(len(found.data))
            return found

        monkeypatch.setattr(factoring, "tf_idf", rounded_otherwise)

        first = themes.group(many())
        assert all(themes.group(many()) == first for _again in range(5))

    def test_are_found_in_english_too(self):
        found = themes.group(
            [
                ("Delivery was late again", "The driver is friendly", "Zippers got stuck")[n % 3]
                for n in range(30)
            ]
        )

        assert {"delivery", "driver", "zippers"} <= {word for each in found.themes for word in each.words}

    def test_leave_over_what_says_none_of_their_words(self):
        found = themes.group([*many(), "啊啊啊啊", "嗯"])

        assert found.place[-2:] == [themes.OTHER, themes.OTHER]

    def test_of_an_answer_are_all_it_clearly_speaks_of(self):
        both = "隔音很差，早餐品种也少"
        found = themes.group([*many(), both])
        named = [set(each.words) for each in found.themes]
        (quiet,), (breakfast,) = (
            [at for at, words in enumerate(named) if word in words] for word in ("隔音", "早餐")
        )
        assert {found.place[-1], *(at for at, _much in found.also[-1])} == {quiet, breakfast}
        assert not any(found.also[:-1])  # the others speak of one thing

    def test_say_how_steady_they_are(self):
        assert themes.group(many(120)).agreement > 0.95
        assert themes.group(many(60)).agreement is None


class TestTheThemesOfAWave:
    def test_stand_with_share_mean_and_a_typical_answer(self):
        theme = about(counted(), "隔音")

        assert theme.figures["n"] == 20
        assert [round(each, 3) for each in theme.figures["share"]] == [0.333, 0.227, 0.459]
        assert theme.figures["mean"][0] == 2
        assert theme.typical.words.startswith("隔音很差")
        assert theming.answers_in(theme.of, theme).count() == 20

    def test_are_not_made_of_fewer_than_twenty(self):
        made = counted(many(19))

        assert told(made).themes == []
        assert told(made).of.answers == 19
        assert len(theming.answers_plainly(told(made).of)) == 19

    def test_of_an_anonymous_wave_tell_no_satisfaction_and_wait_for_five(self):
        made = counted(is_anonymous=True)
        words(made, *(f"{one}又" for one in many(3)))
        counting.count_next(NOON)

        assert told(made).of.answers == 60
        assert about(made, "隔音").figures["mean"] is None

    def test_stay_the_same_rows_when_answers_come(self):
        made = counted()
        before = {each.pk: each.words[0] for each in told(made).themes}
        words(made, *(f"{one}！" for one in many(63)))
        counting.count_next(NOON)

        assert {each.pk: each.words[0] for each in told(made).themes}.keys() == before.keys()


class TestWhatPeopleCorrect:
    def test_is_kept_by_the_next_count(self):
        made = counted()
        quiet, breakfast = about(made, "隔音"), about(made, "早餐")
        placed = theming.answers_in(breakfast.of, breakfast).first()
        correcting_themes.name(quiet, " 太吵 ", by=he(), now=NOON)
        correcting_themes.move(placed, quiet, by=he(), now=NOON)
        words(made, *(f"{one}！" for one in many(66)))
        counting.count_next(NOON)

        again = Theme.objects.get(name="太吵")
        assert (again.pk, again.figures["n"]) == (quiet.pk, 23)  # 22 of 66, and the one that was moved
        assert ThemedAnswer.objects.get(answer=placed.answer_id).theme == again
        assert {
            each.facts["theme_correction"] for each in Entry.objects.filter(kind="listen.themes_corrected")
        } == {
            "named",
            "moved",
        }

    def test_puts_an_answer_that_speaks_of_two_things_where_they_say_alone(self):
        made = counted([*many(), "隔音很差，早餐品种也少"])
        quiet, breakfast = about(made, "隔音"), about(made, "早餐")
        assert (quiet.figures["n"], breakfast.figures["n"]) == (21, 21)
        placed = theming.answers_in(quiet.of, quiet).get(answer__words="隔音很差，早餐品种也少")
        assert theming.also_about(quiet.of, [placed.answer_id], quiet)[placed.answer_id] == [breakfast.called]

        correcting_themes.move(placed, breakfast, by=he(), now=NOON)
        assert [about(made, word).figures["n"] for word in ("隔音", "早餐")] == [20, 21]
        words(made, *(f"{one}！" for one in many(66)))  # 61 of them are here; five more
        counting.count_next(NOON)
        assert [about(made, word).figures["n"] for word in ("隔音", "早餐")] == [21, 23]

    def test_counts_an_answer_once_where_two_it_spoke_of_are_one(self):
        made = counted([*many(), "隔音很差，早餐品种也少"])
        merged = correcting_themes.merge(about(made, "早餐"), about(made, "隔音"), by=he(), now=NOON)
        assert Theme.objects.get(pk=merged.pk).figures["n"] == 41

    def test_can_be_that_two_are_one(self):
        made = counted()
        quiet, slow = about(made, "隔音"), about(made, "退房")
        correcting_themes.merge(slow, quiet, by=he(), now=NOON)
        assert Theme.objects.get(pk=quiet.pk).figures["n"] == 40

        words(made, *(f"{one}！" for one in many(66)))
        counting.count_next(NOON)
        assert Theme.objects.get(pk=quiet.pk).figures["n"] == 44

    def test_can_be_that_an_answer_fits_none(self):
        made = counted()
        quiet = about(made, "隔音")
        correcting_themes.move(theming.answers_in(quiet.of, quiet).first(), None, by=he(), now=NOON)

        assert told(made).others == 1
        assert Theme.objects.get(pk=quiet.pk).figures["n"] == 19

    def test_begins_the_next_wave(self):
        made = counted()
        correcting_themes.name(about(made, "隔音"), "太吵", by=he(), now=NOON)
        later = open_wave(
            made.version.questionnaire,
            name="六月",
            code="june",
            owner=he(),
            by=he(),
            now=NOON.replace(month=6),
        )
        words(later, *many(30))
        counting.count_next(NOON)

        assert Theme.objects.get(of__wave=later, name="太吵").figures["n"] == 10

    def test_is_not_overwritten_by_a_count_that_began_before(self):
        made = counted()
        late = theming.find(made)
        correcting_themes.name(about(made, "隔音"), "太吵", by=he(), now=NOON)

        assert [theming.keep(each) for each in late] == [False]
        assert Theme.objects.filter(name="太吵").exists()

    def test_is_refused_for_what_is_no_more(self):
        made = counted()
        quiet, slow = about(made, "隔音"), about(made, "退房")
        correcting_themes.name(quiet, "太吵", by=he(), now=NOON)
        with pytest.raises(CannotCorrect, match="merge the two"):
            correcting_themes.name(slow, "太吵", by=he(), now=NOON)
        with pytest.raises(CannotCorrect, match="itself"):
            correcting_themes.merge(quiet, quiet, by=he(), now=NOON)
        correcting_themes.merge(slow, quiet, by=he(), now=NOON)
        with pytest.raises(CannotCorrect, match="no more"):
            correcting_themes.name(slow, "慢", by=he(), now=NOON)
        assert ThemeSet.objects.count() == 1
