"""Words put in order, four prices for a price study, and questions that speak of an earlier answer."""

from datetime import timedelta

import pytest

from guixin.desks.survey_sheet import answers_in, blocks
from guixin.desks.tests.desk import signed_in
from guixin.listen import answering, building, price_studies, waves
from guixin.listen.answering import CannotAnswer
from guixin.listen.counting import figures
from guixin.listen.models import Answer
from guixin.listen.questions import CannotAsk, Sheet
from guixin.listen.tests.make import NOON, chen, he, published, questionnaire
from guixin.listen.waves import Invited
from guixin.serve.tests import make
from guixin.understand import pricing
from guixin.understand.models import PriceAnswer, PriceStudy

pytestmark = pytest.mark.django_db
FIRST = {"code": "first", "label": "先改哪样？", "kind": "ranking", "choices": ["价格", "质量", "交期"]}
PRICE = {"code": "price", "label": "您怎么看价格？", "kind": "prices", "study": "zip"}
TOLD = {"code": "told", "label": "您说“{first}”，再说说？", "kind": "text"}
DAYS_LATER = NOON + timedelta(days=3)


def study(**said) -> PriceStudy:
    return pricing.begin(
        **{"code": "zip", "name": "五号拉链", "currency": "CNY", "owner": chen(), "by": he(), "now": NOON}
        | said
    )


def wave(*asked, **said):
    found = published({"questions": list(asked)}).questionnaire
    return waves.open_wave(found, name="三月", code="march", owner=chen(), by=he(), now=NOON, **said)


def send(found, page=0, invited=None, token="", now=DAYS_LATER, **posted):
    token = token or waves.invite(found, [invited or Invited()], by=he(), now=NOON)[0].rpartition("/")[2]
    here = Sheet(questions=tuple(answering.pages_of(found.version.sheet)[page]))
    given = answers_in(here, {f"form-{name}": value for name, value in posted.items()})
    answering.answer_page(answering.invitation_of(token), token, page, given, language="zh-hans", now=now)
    return token


class TestAnOrder:
    def test_is_kept_as_it_reads(self):
        send(wave(FIRST), **{"first.0": "3", "first.1": "1", "first.2": "2"})

        assert Answer.objects.get().words == "1. 质量\n2. 交期\n3. 价格"

    @pytest.mark.parametrize("places", [("1", "1", "2"), ("1", "2", ""), ("1", "2", "4"), ("a", "1", "2")])
    def test_gives_each_a_place_of_its_own(self, places):
        with pytest.raises(CannotAnswer) as refused:
            send(wave(FIRST), **{f"first.{n}": place for n, place in enumerate(places)})
        assert "a place of its own" in refused.value.errors["first"]

    def test_that_is_wrong_is_shown_as_it_was_sent(self):
        sheet = Sheet.read({"questions": [FIRST]})
        given = answers_in(sheet, {"form-first.0": "2", "form-first.1": "2"})

        (shown,) = blocks(sheet, "zh-hans", given)[0].questions
        assert [part.said for part in shown.parts] == ["2", "2", ""]

    def test_is_told_by_its_mean_places(self):
        found = wave(FIRST)
        send(found, **{"first.0": "1", "first.1": "2", "first.2": "3"})
        send(found, **{"first.0": "2", "first.1": "1", "first.2": "3"})
        send(found, **{"first.0": "3", "first.1": "1", "first.2": "2"})

        told = figures(found)["questions"]["first"]
        assert told["n"] == 3
        assert [(word, first) for word, _mean, first in told["places"]] == [
            ("质量", 2),
            ("价格", 1),
            ("交期", 0),
        ]
        assert [mean for _word, mean, _first in told["places"]] == pytest.approx([4 / 3, 2, 8 / 3])


class TestFourPrices:
    def test_go_to_their_study(self):
        study()
        case = make.case()
        posted = dict(zip(pricing_fields(), ("8", "12.50", "20", "￥30", "4", "2"), strict=True))
        send(wave(PRICE), invited=Invited(case=case), **posted)

        landed = PriceAnswer.objects.get()
        assert (landed.too_cheap, landed.cheap, landed.expensive, landed.too_expensive) == (
            800,
            1250,
            2000,
            3000,
        )
        assert (landed.buys_cheap, landed.buys_expensive, landed.source) == (4, 2, "survey")
        assert (landed.customer, landed.is_consistent) == (case.customer, True)

    def test_may_be_left_blank_but_not_half(self):
        study()
        found = wave(PRICE)
        send(found)
        assert not PriceAnswer.objects.exists()
        for wrong in (
            ("8", "12", "", ""),
            ("8", "12", "20", "dear"),
            ("8", "12", "20", "30", "4"),
            ("8", "12", "20", "-3"),
        ):
            with pytest.raises(CannotAnswer):
                send(found, **dict(zip(pricing_fields(), wrong, strict=False)))

    def test_stay_with_the_response_when_the_study_has_ended(self):
        ended = study()
        found = wave(PRICE)
        pricing.close(ended, by=he(), now=NOON)
        send(found, **dict(zip(pricing_fields(), ("8", "12", "20", "30"), strict=False)))

        assert Answer.objects.get().words == "8\n12\n20\n30"
        assert not PriceAnswer.objects.exists()
        assert price_studies.refused_in(found) == {"price": 1}
        assert price_studies.refusals_of(found.responses.all()) == {
            found.responses.get().pk: {"price": "the study had ended"}
        }

    def test_that_are_not_taken_lead_from_the_study_to_their_responses(self):
        asks = study()
        found, case = wave(PRICE), make.case()
        posted = dict(zip(pricing_fields(), ("8", "12", "20", "30"), strict=False))
        send(found, invited=Invited(case=case), **posted)
        send(found, invited=Invited(case=case), **{**posted, pricing_fields()[0]: "9"})

        ((of, question, why, number),) = price_studies.refused_by_wave(asks)
        assert (of, question, number) == (found, "price", 1)
        assert "answered the study already" in why
        client = signed_in(he())
        shown = client.get(f"/prices/{asks.code}").content.decode()
        link = f"/surveys/{found.code}/responses?question=price&amp;value=refused"
        assert link in shown
        assert link in client.get(f"/surveys/{found.code}").content.decode()
        listed = client.get(link.replace("&amp;", "&")).content.decode()
        assert "not taken into the price study" in listed
        assert listed.count("<article") == 1

    def test_are_asked_in_the_currency_of_an_open_study(self):
        with pytest.raises(CannotAsk, match="no open price study"):
            questionnaire({"questions": [PRICE]})
        study(currency="JPY")
        drafted = building.keep_draft(
            questionnaire(code="other"), {"questions": [PRICE | {"currency": "CNY"}]}, by=he(), now=NOON
        )
        assert drafted.drafted.questions[0].currency == "JPY"


def pricing_fields() -> list[str]:
    names = ("too_cheap", "cheap", "expensive", "too_expensive", "buys_cheap", "buys_expensive")
    return [f"price.{name}" for name in names]


class TestAQuestionThatSpeaksOfAnAnswer:
    WHY = {"code": "first", "label": "最不满意哪样？", "kind": "choice", "choices": ["价格", "质量"], "choices_en": ["Price", "Quality"]}  # fmt: skip

    def test_stands_on_a_later_page(self):
        sheet = Sheet.read({"questions": [self.WHY, TOLD]})
        assert [[each.code for each in page] for page in answering.pages_of(sheet)] == [["first"], ["told"]]

    def test_says_it_in_the_readers_language(self):
        sheet = Sheet.read({"questions": [self.WHY, TOLD | {"label_en": "You said {first}. Tell us more?"}]})
        labels = {
            language: blocks(sheet, language, {"first": "质量"}, only={"told"})[0].questions[0].label
            for language in ("zh-hans", "en")
        }
        assert labels == {"zh-hans": "您说“质量”，再说说？", "en": "You said Quality. Tell us more?"}

    def test_speaks_of_what_the_link_is_about(self):
        case = make.case()
        found = wave({"code": "done", "label": "{case} 办得好吗？"})
        (link,) = waves.invite(found, [Invited(case=case)], by=he(), now=NOON)
        about = answering.about(answering.invitation_of(link.rpartition("/")[2]))

        (block,) = blocks(found.version.sheet, "zh-hans", about=about)
        assert block.questions[0].label == f"{case.number} 办得好吗？"

    def test_cannot_speak_of_a_later_one(self):
        with pytest.raises(CannotAsk, match="no question before it"):
            Sheet.read({"questions": [TOLD, self.WHY]})
