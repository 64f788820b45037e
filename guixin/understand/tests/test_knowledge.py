"""Customer knowledge and market intelligence: from being written down to no longer holding."""

from datetime import date, timedelta

import pytest

from guixin.ledger.models import Entry
from guixin.organisation.models import Position
from guixin.organisation.tests.make import he, li, wang, zhao
from guixin.understand import following, knowing, merging
from guixin.understand.knowing import CannotKnow, KnowledgeSettled
from guixin.understand.models import Knowledge
from guixin.understand.tests import make

pytestmark = pytest.mark.django_db
TODAY = make.NOON.date()


def captured(title="采购经理六月调岗", kind="interaction", customer=None, by=None, **about) -> Knowledge:
    if customer is None and "subject" not in about:
        customer = make.customer()
    return knowing.capture(
        kind, title, customer=customer, source="contact", by=by or wang(), now=make.NOON, **about
    )


def kept(title="恒泰五号拉链每米降两毛", kind="price", **about) -> Knowledge:
    """Judged B2 and kept by He, who sees everything."""
    item = captured(title, kind, **{"subject": "恒泰拉链", **about})
    return knowing.judge(
        item, reliability="B", credibility=2, worth=3, topic="竞品价格", by=he(), now=make.NOON
    )


class TestKnowledge:
    def test_counts_as_unreviewed_until_it_is_judged_and_has_a_topic(self):
        item = captured()
        assert item.flags(TODAY) == [("unreviewed", "not reviewed yet")]

        item = knowing.judge(item, reliability="B", credibility=2, worth=2, by=he(), now=make.NOON)
        assert (item.state, item.grading) == ("judged", "B2")
        assert item.flags(TODAY)[0][0] == "unreviewed"

        item = knowing.classify(item, "采购决策", by=he(), now=make.NOON)
        assert item.flags(TODAY) == []
        assert item.review_on == TODAY + timedelta(days=180)

    def test_is_about_something(self):
        with pytest.raises(CannotKnow, match="what it is about"):
            knowing.capture("price", "降价", source="press", by=wang(), now=make.NOON)

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"title": " "}, "one line"),
            ({"title": "长" * 121}, "120 characters"),
            ({"kind": "gossip"}, "what kind"),
            ({"source": "dream"}, "where it comes from"),
            ({"valid_until": TODAY - timedelta(days=1)}, "passed already"),
        ],
    )
    def test_is_refused_in_words(self, changed, why):
        said = {"kind": "price", "title": "降价", "source": "press", "subject": "恒泰"} | changed
        with pytest.raises(CannotKnow, match=why):
            knowing.capture(said.pop("kind"), said.pop("title"), **said, by=wang(), now=make.NOON)

    def test_is_judged_by_the_steward_alone(self):
        item = captured(by=li())
        with pytest.raises(KnowledgeSettled, match="steward"):
            knowing.judge(item, reliability="A", credibility=1, worth=1, by=li(), now=make.NOON)

        Position.objects.filter(code="quality-1").update(duties=["knowledge_steward"])
        assert knowing.judge(item, reliability="A", credibility=1, worth=1, by=li(), now=make.NOON).worth == 1

    def test_is_looked_at_again_before_it_expires(self):
        item = kept(valid_until=TODAY + timedelta(days=10))

        assert item.review_on == TODAY + timedelta(days=10)

    def test_says_what_it_said_before_and_is_judged_anew(self):
        item = kept()
        item = knowing.revise(
            item, title="恒泰五号拉链每米降三毛", words="", read_at_version=1, by=he(), now=make.NOON
        )

        assert (item.version, item.state, item.grading) == (2, "captured", "")
        before = item.versions.get()
        assert (before.number, before.title, before.grading) == (1, "恒泰五号拉链每米降两毛", "B2")

    def test_is_not_overwritten_by_whoever_read_an_older_version(self):
        item = kept()
        knowing.revise(item, title="降三毛", words="", read_at_version=1, by=he(), now=make.NOON)

        with pytest.raises(KnowledgeSettled, match="since you read it"):
            knowing.revise(item, title="降一毛", words="", read_at_version=1, by=he(), now=make.NOON)

    def test_that_expired_is_flagged_until_somebody_says_whether_it_holds(self):
        item = kept(valid_until=TODAY + timedelta(days=10))
        later = make.NOON + timedelta(days=11)
        assert item.flags(later.date()) == [("expired", "expired")]

        with pytest.raises(CannotKnow, match="until when"):
            knowing.review(item, by=he(), now=later)
        item = knowing.review(item, valid_until=later.date() + timedelta(days=30), by=he(), now=later)
        assert item.flags(later.date()) == []

    def test_that_is_due_for_review_is_flagged(self):
        item = kept()
        assert item.flags(item.review_on) == [("due", "due for review")]

    def test_ends_with_a_reason_and_is_used_no_more(self):
        item = kept()
        with pytest.raises(CannotKnow, match="why"):
            knowing.end(item, " ", by=he(), now=make.NOON)
        item = knowing.end(item, "已恢复原价", by=he(), now=make.NOON)

        assert (item.state, item.flags(date(2030, 1, 1))) == ("ended", [])
        with pytest.raises(KnowledgeSettled, match="does not hold"):
            knowing.use(item, for_what="报价", by=wang(), now=make.NOON)

    def test_not_worth_keeping_is_dropped(self):
        assert knowing.end(captured(), "闲话", by=he(), now=make.NOON).state == "dropped"

    def test_says_who_used_it_for_what(self):
        item = kept()
        knowing.use(item, for_what="给张三报价", case_id=42, by=wang(), now=make.NOON)
        with pytest.raises(CannotKnow, match="what you used it for"):
            knowing.use(item, by=wang(), now=make.NOON)

        used = item.uses.get()
        assert (used.by, used.case_id, used.version, used.for_what) == (wang(), 42, 1, "给张三报价")

    def test_keeps_its_words_out_of_what_is_sealed(self):
        captured("张三要离婚")

        assert "张三" not in str(Entry.objects.get(kind="understand.knowledge_captured").facts)

    def test_follows_a_merge(self):
        double, whole = make.customer("张叁", ("phone", "13900139000")), make.customer()
        item = captured(customer=double)
        merging.merge(double, whole, by=wang(), now=make.NOON)

        item.refresh_from_db()
        assert item.customer == whole
        assert ("采购经理六月调岗") in [words for _key, words in following.parts_of(whole)]


class TestTheStewardsWorklist:
    def test_has_what_is_unjudged_without_topic_expired_or_due(self):
        unjudged = captured()
        without_topic = knowing.judge(
            captured(), reliability="C", credibility=3, worth=1, by=he(), now=make.NOON
        )
        expired, due = kept(valid_until=TODAY + timedelta(days=2)), kept(kind="price")
        kept(kind="competitor")
        later = due.review_on

        assert list(Knowledge.objects.to_judge()) == [unjudged]
        assert list(Knowledge.objects.without_topic()) == [without_topic]
        assert list(Knowledge.objects.expired(later)) == [expired]
        assert set(Knowledge.objects.due_for_review(later)) == {expired, due}
        assert set(Knowledge.objects.waiting(later)) == {unjudged, without_topic, expired, due}


class TestWhoSeesIt:
    def test_is_the_front_desk_its_writer_and_the_steward(self):
        item = captured(by=li())

        assert {each for each in (wang(), he(), li(), zhao()) if Knowledge.objects.visible_to(each)} == {
            wang(), he(), li(),
        }  # fmt: skip
        Position.objects.filter(code="logistics-1").update(duties=["knowledge_steward"])
        assert list(Knowledge.objects.visible_to(zhao())) == [item]


class TestFindingByWords:
    @pytest.mark.parametrize("asked", ["降价", "恒泰", "恆泰拉鏈", "zlp", "ＺＬＰ 降价", "5"])
    def test_reads_chinese_by_pairs_and_anything_else_by_words(self, asked):
        item = kept("恒泰跟ZLP一起降价", words="5 号拉链，每米 0.2 元")
        kept("原料涨价", subject="尼龙")

        assert list(Knowledge.objects.saying(asked)) == [item]

    @pytest.mark.parametrize("asked", ["价降", "yk", "", "！"])
    def test_finds_nothing_else(self, asked):
        kept("恒泰跟ZLP一起降价")

        assert not Knowledge.objects.saying(asked).exists()
