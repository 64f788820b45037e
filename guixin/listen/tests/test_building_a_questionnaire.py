"""What a questionnaire can ask, how a draft becomes a version, and what stays the same through all of them."""

import pytest

from guixin.ledger.models import Entry
from guixin.listen import building
from guixin.listen.library import library
from guixin.listen.models import Question, Questionnaire
from guixin.listen.questions import Asked, CannotAsk, Sheet, is_asked
from guixin.listen.tests.make import ASKS, NOON, chen, he, li, published, questionnaire, wang, zhao
from guixin.organisation.firm import CannotLoad, load_written
from guixin.organisation.models.versions import DraftChanged

DB = pytest.mark.django_db
SCALE = {"code": "one", "label": "一"}
SOON = {"code": "soon", "label": "多久", "kind": "choice", "choices": ["一天", "三天"], "standard": "reply"}


class TestAQuestion:
    def test_has_the_usual_scale_of_how_it_is_read_unless_it_says_otherwise(self):
        assert Asked.read({**SCALE, "reads_as": "csat"}).points == range(1, 6)
        assert Asked.read({**SCALE, "reads_as": "recommend"}).points == range(11)
        assert Asked.read({**SCALE, "reads_as": "csat", "high": 10}).points == range(1, 11)

    @pytest.mark.parametrize(
        ("asks", "why"),
        [
            ([SCALE, SCALE], "have the code"),
            ([{**SCALE, "high": 11}], "between 0 and 10"),
            ([{**SCALE, "reads_as": "recommend", "low": 1}], "from 0 to 10"),
            ([{**SCALE, "kind": "choice", "choices": ["是"]}], "between two and"),
            ([{**SCALE, "shown_if": "later", "shown_values": ["1"]}], "stands before it"),
            (
                [SCALE, {"code": "two", "label": "二", "shown_if": "one", "shown_values": ["8"]}],
                "for which answers",
            ),
            ([SCALE, {"code": "two", "label": "二", "expectation_of": "one", "high": 5}], "the same scale"),
            ([{**SCALE, "expectation_of": "none"}], "another scale"),
            ([{**SCALE, "colour": "red"}], "no “colour”"),
            ([{**SOON, "choice_hours": [24]}], "each word of the list needs its hours"),
            ([{**SOON, "choice_hours": [24, 0]}], "whole numbers from 1"),
            ([{**SCALE, "standard": "reply"}], "each word of the list needs its hours"),
        ],
    )
    def test_is_refused_in_words(self, asks, why):
        with pytest.raises(CannotAsk, match=why):
            Sheet.read({"questions": asks})

    def test_is_not_asked_where_what_it_depends_on_was_not(self):
        sheet = Sheet.read(
            {"questions": [SCALE, {"code": "two", "label": "二", "shown_if": "one", "shown_values": ["1"]},
                           {"code": "three", "label": "三", "shown_if": "two", "shown_values": ["7"]}]}
        )  # fmt: skip
        asked = sheet.by_code

        assert is_asked(asked["three"], asked, {"one": "1", "two": "7"})
        assert not is_asked(asked["three"], asked, {"one": "5", "two": "7"})

    def test_joins_only_constructs_there_are(self):
        with pytest.raises(CannotAsk, match="joins no two"):
            Sheet.read({"questions": [{**SCALE, "dimension": "质量"}], "paths": [["质量", "满意"]]})


class TestTheLibrary:
    def test_asks_service_quality_twice_in_its_five_dimensions(self):
        sheet = library()["servqual"].sheet

        assert {name: len(each) for name, each in sheet.dimensions.items()} == {
            "有形性": 4, "可靠性": 5, "响应性": 4, "保证性": 4, "移情性": 5
        }  # fmt: skip
        assert {name: len(each) for name, each in sheet.expectations.items()} == {
            name: len(each) for name, each in sheet.dimensions.items()
        }

    def test_says_everything_in_both_languages(self):
        for each in library().values():
            assert each.name_en
            assert each.about_en
            assert [one.code for one in each.sheet.questions if not one.label_en] == []


@DB
class TestAQuestionnaire:
    def test_is_asked_in_versions_that_stay_as_they_were(self):
        first = published()
        found = first.questionnaire
        building.keep_draft(found, {"questions": ASKS["questions"][:1]}, by=chen(), now=NOON)
        second = building.publish(found, by=chen(), now=NOON, note="只问一句")

        first.refresh_from_db()
        assert [each.code for each in first.sheet.questions] == ["overall", "why", "words"]
        assert [each.code for each in second.sheet.questions] == ["overall"]
        assert found.in_force() == second
        assert Question.objects.count() == 3  # the question is the same one in both
        assert Entry.objects.filter(kind="listen.questionnaire_published").count() == 2

    def test_keeps_the_scale_of_what_was_asked_once(self):
        found = published().questionnaire

        with pytest.raises(CannotAsk, match="another scale before"):
            building.keep_draft(
                found, {"questions": [{**ASKS["questions"][0], "high": 10}]}, by=chen(), now=NOON
            )

    def test_is_not_overwritten_by_two_at_once(self):
        found = questionnaire()
        read_at = found.draft_version
        building.drop_question(found, "words", by=chen(), now=NOON, read_at=read_at)

        with pytest.raises(DraftChanged):
            building.drop_question(found, "why", by=he(), now=NOON, read_at=read_at)

    def test_asks_the_expectation_beside_and_moves_it_along(self):
        found = questionnaire({"questions": [SCALE, {"code": "two", "label": "二"}]})
        found = building.put_question(
            found, {"label": "二"}, by=chen(), now=NOON, read_at=found.draft_version, code="two",
            with_expectation=True,
        )  # fmt: skip
        assert [each.code for each in found.drafted.questions] == ["one", "two-expected", "two"]

        found = building.move_question(found, "two", -1, by=chen(), now=NOON, read_at=found.draft_version)
        assert [each.code for each in found.drafted.questions] == ["two-expected", "two", "one"]

        found = building.drop_question(found, "two", by=chen(), now=NOON, read_at=found.draft_version)
        assert [each.code for each in found.drafted.questions] == ["one"]

    def test_is_seen_by_its_owner_and_those_who_see_every_customer(self):
        questionnaire()
        seen = Questionnaire.objects.visible_to

        assert [seen(each).exists() for each in (chen(), wang(), he(), li(), zhao())] == [
            True, True, True, False, False,
        ]  # fmt: skip

    def test_publishes_nothing_that_asks_nothing(self):
        made = building.add(name="空", owner=chen(), by=he(), now=NOON)
        with pytest.raises(CannotAsk, match="no draft"):
            building.publish(made, by=he(), now=NOON)


@DB
class TestTheFirmFile:
    def load(self, **entry):
        said = {"name": "季度满意度", "owner": chen().login, **entry}
        return load_written({"questionnaires": {"quarterly": said}}, file="firm.toml", now=NOON)

    def test_publishes_once_and_again_only_what_changed(self):
        asks = [{"code": "fast", "label": "快吗", "expected": True}]
        assert self.load(questions=asks).created == {"Questionnaire": 1, "QuestionnaireVersion": 1}
        assert self.load(questions=asks).changed_nothing
        assert self.load(questions=[{"code": "fast", "label": "够快吗"}]).created == {
            "QuestionnaireVersion": 1
        }

    def test_takes_one_from_the_library(self):
        self.load(begin_from="servqual")
        assert len(Questionnaire.objects.get().in_force().sheet.questions) == 45
        assert self.load(begin_from="servqual").changed_nothing

    def test_says_where_it_is_wrong(self):
        with pytest.raises(CannotLoad, match=r"questionnaires › quarterly: .*cannot ask"):
            self.load(questions=[{"code": "fast", "label": "快吗", "kind": "smileys"}])
