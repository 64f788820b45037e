"""Knowledge on pages: written down at the customer, judged from the worklist, read on the desks of those who must know."""

import pytest

from guixin.desks.tests.desk import signed_in
from guixin.serve.tests import make
from guixin.understand import contacting, knowing, segmenting, sharing
from guixin.understand.models import Knowledge

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def zhang():
    return make.customer("张三", "13800138000")


def captured(title="恒泰五号拉链降价", by=None, **about) -> Knowledge:
    about = about or {"subject": "恒泰拉链"}
    return knowing.capture("price", title, source="fair", by=by or make.wang(), now=make.NOON, **about)


def kept(title="恒泰五号拉链降价", **about) -> Knowledge:
    return knowing.judge(
        captured(title, **about), reliability="B", credibility=2, worth=3, topic="竞品价格", by=make.he(), now=make.NOON
    )  # fmt: skip


class TestKnowledgeOfACustomer:
    def test_is_written_down_on_their_page_and_stands_there_flagged(self, zhang):
        client = signed_in(make.wang())
        answer = client.post(
            f"/customers/{zhang.pk}/knowledge",
            {"kind": "observation", "title": "仓库只剩一周的货", "source": "observation"},
        )

        assert answer.status_code == 302
        page = client.get(f"/customers/{zhang.pk}/knowledge").content.decode()
        assert "仓库只剩一周的货" in page
        assert "not reviewed yet" in page
        story = client.get(f"/customers/{zhang.pk}?kind=knowledge").content.decode()
        assert "Knowledge was written down: What we observed" in story
        assert "仓库只剩一周的货" in story

    def test_is_refused_in_words_with_everything_kept(self, zhang):
        answer = signed_in(make.wang()).post(
            f"/customers/{zhang.pk}/knowledge",
            {"kind": "prediction", "title": "", "words": "明年翻倍", "source": "survey"},
        )

        assert answer.status_code == 422
        assert "Say in one line" in answer.content.decode()
        assert "明年翻倍" in answer.content.decode()

    def test_is_made_of_the_notes_of_a_contact_in_one_step(self, zhang):
        contact = contacting.log(
            zhang, "call", notes="六月换采购经理", owner=make.wang(), by=make.wang(), now=make.NOON
        )
        client = signed_in(make.wang())
        assert "六月换采购经理" in client.get(f"/contacts/{contact.pk}?act=knowledge").content.decode()
        client.post(
            f"/contacts/{contact.pk}/knowledge",
            {"kind": "interaction", "title": "采购经理六月调岗", "words": "六月换采购经理"},
        )

        item = Knowledge.objects.get()
        assert (item.customer, item.source, item.evidence_id) == (zhang, "contact", contact.pk)

    def test_or_is_one_line_on_the_form_of_the_contact(self, zhang):
        signed_in(make.wang()).post(
            f"/customers/{zhang.pk}/contacts",
            {"kind": "call", "outcome": "good", "notes": "聊了半小时", "known": "采购经理六月调岗"},
        )

        item = Knowledge.objects.get()
        assert (item.kind, item.title, item.words) == ("interaction", "采购经理六月调岗", "聊了半小时")


class TestTheStewardsWorklist:
    def test_leads_from_written_down_to_kept(self):
        item, client = captured(), signed_in(make.he())
        assert f"/knowledge/{item.pk}?act=judging" in client.get("/knowledge/worklist").content.decode()

        client.post(
            f"/knowledge/{item.pk}/judging",
            {"reliability": "B", "credibility": "2", "worth": "3", "topic": "竞品价格"},
        )
        item.refresh_from_db()
        assert (item.state, item.grading) == ("kept", "B2")
        assert "Everything on record is reviewed" in client.get("/knowledge/worklist").content.decode()

    def test_is_for_the_steward(self):
        assert signed_in(make.wang()).get("/knowledge/worklist").status_code == 403
        assert signed_in(make.wang()).post(f"/knowledge/{captured().pk}/judging", {}).status_code == 403

    def test_stands_on_their_today(self):
        item = captured()
        assert f"/knowledge/{item.pk}" in signed_in(make.he()).get("/").content.decode()


class TestMarketIntelligence:
    def test_is_written_down_for_departments_and_stands_on_their_desks_until_read(self):
        signed_in(make.wang()).post(
            "/knowledge/new",
            {
                "kind": "competitor", "title": "恒泰在温州设仓", "subject": "恒泰拉链", "source": "fair",
                "departments": [make.quality().pk],
            },
        )  # fmt: skip
        item = Knowledge.objects.get()
        li = signed_in(make.li())
        assert "恒泰在温州设仓" in li.get("/").content.decode()
        assert "恒泰在温州设仓" in li.get("/knowledge?which=unread").content.decode()

        li.post(f"/knowledge/{item.pk}/reading")
        assert "恒泰在温州设仓" not in li.get("/").content.decode()
        page = li.get(f"/knowledge/{item.pk}").content.decode()
        assert "1 of 3 have read it" in page
        assert "Not yet:" in page

    def test_is_refused_with_everything_kept(self):
        answer = signed_in(make.wang()).post(
            "/knowledge/new", {"kind": "price", "title": "降价", "source": "press"}
        )

        assert answer.status_code == 422
        assert "Say what it is about" in answer.content.decode()
        assert not Knowledge.objects.exists()

    def test_is_not_there_for_who_need_not_know(self):
        item = captured()
        sharing.share(item, [make.quality()], by=make.he(), now=make.NOON)

        assert signed_in(make.zhao()).get(f"/knowledge/{item.pk}").status_code == 404
        assert item.title not in signed_in(make.zhao()).get("/knowledge").content.decode()

    def test_shows_a_person_masked_to_who_may_not_see_them(self, zhang):
        item = captured(customer=zhang)
        sharing.share(item, [make.quality()], by=make.he(), now=make.NOON)

        page = signed_in(make.li()).get(f"/knowledge/{item.pk}").content.decode()
        assert "张*" in page
        assert "张三" not in page
        assert f"/customers/{zhang.pk}" not in page


class TestTheList:
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("q=降价", {"恒泰五号拉链降价"}),
            ("family=customers", set()),
            ("kind=price&q=通知", {"尼龙涨价通知"}),
            ("topic=竞品价格", {"恒泰五号拉链降价"}),
            ("which=flagged", {"尼龙涨价通知"}),
            ("which=ended", {"旧闻"}),
        ],
    )
    def test_is_narrowed(self, asked, found):
        kept()
        captured("尼龙涨价通知", subject="尼龙")
        knowing.end(captured("旧闻"), "旧", by=make.he(), now=make.NOON)

        page = signed_in(make.wang()).get(f"/knowledge?{asked}").content.decode()
        assert {each for each in ("恒泰五号拉链降价", "尼龙涨价通知", "旧闻") if each in page} == found

    def test_does_not_know_what_does_not_exist(self):
        assert signed_in(make.wang()).get("/knowledge?which=nothing").status_code == 404

    def test_asks_the_database_little(self, django_assert_max_num_queries):
        for number in range(8):
            kept(f"第 {number} 条")
        client = signed_in(make.li())
        client.get("/knowledge")
        with django_assert_max_num_queries(20):
            client.get("/knowledge")


class TestThePageOfAnItem:
    def test_says_who_used_it_for_which_case(self, zhang):
        item, case = kept(), make.case(customer=zhang)
        client = signed_in(make.wang())
        client.post(f"/knowledge/{item.pk}/uses", {"for_what": "报价", "case": case.number})

        page = client.get(f"/knowledge/{item.pk}").content.decode()
        assert case.number in page
        assert item.uses.get().customer == zhang

    def test_is_used_beside_a_case_with_one_button(self, zhang):
        item, case = captured(customer=zhang), make.case(customer=zhang)
        client = signed_in(make.wang())
        beside = f"/customers/{zhang.pk}/knowledge?case={case.number}"
        assert beside in client.get(f"/cases/{case.number}").content.decode()
        assert "Used for this case" in client.get(beside, headers={"hx-request": "true"}).content.decode()

        answer = client.post(f"/knowledge/{item.pk}/uses", {"case": case.number, "back": "1"})
        assert answer.url == f"/cases/{case.number}"
        assert item.uses.get().case_id == case.pk

    def test_keeps_what_was_typed_when_somebody_was_faster(self):
        item, client = kept(), signed_in(make.he())
        knowing.revise(item, title="降三毛", words="", read_at_version=1, by=make.he(), now=make.NOON)
        answer = client.post(f"/knowledge/{item.pk}/revision", {"title": "降一毛", "version": "1"})

        assert answer.status_code == 409
        assert "降一毛" in answer.content.decode()

    def test_asks_the_database_little(self, django_assert_max_num_queries):
        item = kept()
        sharing.share(item, [make.quality(), make.logistics()], by=make.he(), now=make.NOON)
        knowing.use(item, for_what="报价", by=make.wang(), now=make.NOON)
        client = signed_in(make.he())
        client.get(f"/knowledge/{item.pk}")
        with django_assert_max_num_queries(26):
            client.get(f"/knowledge/{item.pk}")


class TestThePageOfASegment:
    def test_has_what_is_known_of_it(self):
        segment = segmenting.define("key", name="大客户", owner=make.he(), by=None, now=make.NOON)
        segmenting.publish(
            segment, {"match": "all", "parts": [{"fact": "net", "asks": "known"}]}, by=None, now=make.NOON
        )
        client = signed_in(make.wang())
        assert "segment=key" in client.get("/segments/key").content.decode()
        client.post(
            "/knowledge/new",
            {"kind": "observation", "title": "先看批次一致性", "segment": "key", "source": "survey"},
        )

        assert Knowledge.objects.get().segment == segment
        assert "先看批次一致性" in client.get("/segments/key").content.decode()
        assert "先看批次一致性" in client.get("/knowledge?segment=key").content.decode()
