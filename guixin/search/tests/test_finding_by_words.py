"""What somebody types into a box, and what it must find however it was written."""

import pytest

from guixin.search import asking, counting, indexing
from guixin.search.models import Document, Pending
from guixin.search.tests.conftest import SHELF
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db


def found(text: str, person="wang", **more) -> list[str]:
    who = make.wang() if person == "wang" else person
    return [each.title for each in asking.search(text, who, kinds=[SHELF], **more)]


class TestAWordTyped:
    @pytest.mark.parametrize(
        ("asked", "title"),
        [
            ("退房", "酒店退房时间"),  # two characters
            ("房", "酒店退房时间"),  # one, inside
            ("间", "酒店退房时间"),  # one, at the end
            ("ｚｌｐ漲價", "ZLP涨价通知"),  # wide, 繁 for 简
            ("色差", "瓷磚色差處理"),  # 简 for 繁
            ("refunds", "How to refund"),  # stems
            ("REFUNDED", "How to refund"),
            ("630", "Spare part ZLP-630"),  # a part of a code
            ("zlp-630", "Spare part ZLP-630"),
            ("thhhsq", "退货换货申请"),  # initials
            ("tuihuo", "退货换货申请"),  # pinyin, begun
            ("退火换货", "退货换货申请"),  # sounds the same
            ("reimbursment", "Reimbursement rules"),  # misspelt
            ("保修期三年", "洗衣机保修"),  # in the body
        ],
    )
    def test_finds_what_is_meant(self, shelf, asked, title):
        shelf("酒店退房时间", "中午十二点以前")
        shelf("ZLP涨价通知")
        shelf("瓷磚色差處理")
        shelf("How to refund", "money is paid back")
        shelf("Spare part ZLP-630")
        shelf("退货换货申请")
        shelf("Reimbursement rules")
        shelf("洗衣机保修", "保修期三年，自购买之日起")

        assert found(asked, is_being_typed=True)[:1] == [title]

    @pytest.mark.parametrize("asked", ["房退", "", "！？", "\x00", "'", "\\", "a'b\\c", "%", ":*", "!退 & |"])
    def test_finds_nothing_else(self, shelf, asked):
        shelf("入住", "中午十二点")

        assert found(asked) == []

    def test_goes_on_while_it_is_typed(self, shelf):
        shelf("How to refund")

        assert found("ref", is_being_typed=True) == ["How to refund"]
        assert found("ref") == []

    def test_puts_the_title_before_the_body_and_the_better_before_the_worse(self, shelf):
        shelf("押金", "退房时当面退还")
        shelf("退房", "中午以前", worth=-0.5)
        shelf("退房", "中午以前", worth=0.5)

        asked = asking.search("退房", make.wang(), kinds=[SHELF])

        assert [each.key for each in asked] == [3, 1, 2]

    def test_answers_with_some_of_the_words_where_nothing_has_all(self, shelf):
        shelf("瓷砖色差", "更换")
        shelf("发票抬头", "更改")

        assert found("瓷砖色差怎么赔偿") == ["瓷砖色差"]


class TestWhoFinds:
    def test_is_asked_before_anything_is_ranked(self, shelf):
        shelf("退房")
        shelf.hidden.add(1)

        assert found("退房") == []

    def test_lets_a_customer_find_what_is_public(self, shelf):
        shelf("退房", is_public=True)
        shelf("退房的内部规定")

        assert found("退房", person=None) == ["退房"]


class TestEveryTextWithAWord:
    def test_is_found_whatever_stands_around_it(self, shelf):
        for body in ("退房很快", "我们退房", "前台退房时", "不退。房间", "退 房"):
            shelf("评论", body)

        bodies = Document.objects.filter(pk__in=asking.containing(SHELF, "退房").values("pk"))
        assert bodies.count() == 3
        assert asking.containing(SHELF, "退房", in_title=True).count() == 0

    def test_has_the_run_as_it_stands(self, shelf):
        shelf("价涨了价格", "跌价涨价")
        shelf("涨价格表")

        assert [each.key for each in asking.containing(SHELF, "涨价格")] == [2]
        assert [each.key for each in asking.containing(SHELF, "涨价格", in_title=True)] == [2]


class TestWhatIsCommon:
    def test_is_found_as_well_once_it_was_counted(self, shelf, monkeypatch):
        monkeypatch.setattr(counting, "COMMON", 2)
        monkeypatch.setattr(asking, "COMMON", 2)
        for number in range(4):
            shelf(f"退房{number}", "押金 退还")
        shelf("退房早餐", "押金 早餐券")
        counting.count(make.NOON)

        assert len(found("退房")) == 5
        assert found("退房早餐")[0] == "退房早餐"
        assert asking.suggest("客人退房，押金没有退", make.wang(), kinds=[SHELF])
        assert asking.suggest("退房，早餐券", make.wang(), kinds=[SHELF])[0].title == "退房早餐"


class TestKeepingInStep:
    def test_takes_out_what_is_there_no_more_and_reads_the_rest_again(self, shelf):
        shelf("退房")
        shelf("早餐")
        gone = shelf.books.pop(1)
        shelf.books[2] = type(gone)(key=2, title="晚餐", body="", changed_at=make.NOON)

        indexing.note(SHELF, [1, 2, 2])
        assert indexing.index_pending() == 3

        assert (found("退房"), found("早餐"), found("晚餐")) == ([], [], ["晚餐"])
        assert not Pending.objects.exists()
        assert indexing.index_pending() == 0
