"""What may help with a text somebody is writing."""

import pytest

from guixin.search import asking
from guixin.search.tests.conftest import SHELF
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db

TOLD = "客户来电说上周收到的瓷砖有明显色差，和样品不一样，已经铺了一半，要求我们尽快上门看看并更换，请问怎么处理？"


def suggested(text, **more):
    return asking.suggest(text, make.wang(), kinds=[SHELF], **more)


class TestALongText:
    @pytest.fixture(autouse=True)
    def library(self, shelf):
        shelf("瓷砖色差的处理", "先核对样品和批号，同一批号内的色差属正常；不同批号的上门查看后更换。")
        shelf("发票抬头更改", "请客户提供税号，三个工作日内重开。")
        shelf("送货上门时间", "当天下单，次日送达；上门前电话联系。")

    def test_is_answered_with_what_shares_its_words_and_says_which(self):
        best = suggested(TOLD)[0]

        assert best.title == "瓷砖色差的处理"
        assert {"色差", "瓷砖", "样品"} <= set(best.why)

    def test_is_not_answered_with_what_shares_next_to_nothing(self):
        assert "发票抬头更改" not in [each.title for each in suggested(TOLD)]
        assert suggested("今天天气不错") == []

    def test_leaves_out_what_it_is_written_on_and_what_may_only_be_found(self, shelf):
        shelf("瓷砖色差：进行中", "瓷砖色差", is_offered=False)

        assert suggested(TOLD, apart_from=[(SHELF, 1)])[:1] != ["瓷砖色差的处理"]
        assert {each.key for each in suggested(TOLD)} & {4} == set()
        assert {each.key for each in suggested(TOLD, apart_from=[(SHELF, 1)])} & {1, 4} == set()
