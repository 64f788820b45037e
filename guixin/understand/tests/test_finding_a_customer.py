import pytest
from django.http import Http404

from guixin.organisation.access import get_visible_or_404
from guixin.organisation.tests.make import chen, he, sun, wang, zhao
from guixin.search import asking, indexing
from guixin.understand.finding import find_customers
from guixin.understand.models import Customer
from guixin.understand.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang():
    return make.customer(
        "张小明",
        ("phone", "138 1234 5678"),
        ("email", "Zhang@Example.com"),
        ("wechat", "xiaoming88"),
        ("order", "SO-2026-77"),
    )


@pytest.fixture
def others():
    make.customer("李四", ("phone", "139 0000 0001"))
    make.company()


class TestOneBox:
    @pytest.mark.parametrize(
        "typed",
        [
            "13812345678", "+86 138-1234-5678", "１３８１２３４５６７８", "5678", "zhang@example.com", "XIAOMING88",
            "so-2026-77", "张小明", "张小", "zxm", "ZXM", "zhangxiaoming", "zhang xiao", " 张小明 ",
        ],
    )  # fmt: skip
    def test_finds_a_customer_by_anything_known(self, zhang, others, typed):
        assert Customer.find(typed) == [zhang]

    @pytest.mark.parametrize(
        "typed", ["", "  ", "9999", "王五", "nobody@example.com", "\x00", "%", "_", "张_明"]
    )
    def test_finds_nobody_by_what_is_not_known(self, zhang, others, typed):
        assert Customer.find(typed) == []

    @pytest.mark.parametrize("typed", ["歐陽鋒", "欧阳锋", "歐陽", "oyf", "ouyangfeng"])
    @pytest.mark.parametrize("written", ["歐陽鋒", "欧阳锋"])
    def test_reads_both_scripts_and_compound_surnames(self, others, typed, written):
        feng = make.customer(written, ("phone", "139 2222 3333"))

        assert Customer.find(typed) == [feng]

    def test_puts_the_certain_before_the_possible(self):
        by_name = make.customer("张小明", ("phone", "139 1111 2222"))
        by_order = make.customer("李四", ("order", "张小明"))
        assert Customer.find("张小明") == [by_order, by_name]

    def test_offers_everybody_who_shares_a_phone(self):
        husband, wife = make.customer("张三"), make.customer("李梅")
        assert set(Customer.find("13800138000")) == {husband, wife}

    def test_offers_twenty_at_most(self):
        for number in range(25):
            make.customer("王芳", ("phone", f"1381234{number:04d}"))
        assert len(Customer.find("wf")) == 20

    @pytest.mark.parametrize("typed", ["辅料", "輔料商行", "商行", "smith", "SMI", "商行 辅料"])
    def test_finds_by_words_anywhere_in_the_name(self, typed):
        names = {"辅": "顺达辅料商行", "s": "John Smith"}
        wanted = make.customer(names["s"] if typed.isascii() else names["辅"], ("phone", "139 0000 0002"))
        make.customer("辅导料理行", ("phone", "139 0000 0003"))
        indexing.index_pending()

        assert [(each.customer, each.why) for each in find_customers(typed)] == [(wanted, "words")]

    def test_finds_by_the_firm_somebody_works_at(self):
        li = make.customer("李梅", ("phone", "139 0000 0004"), organisation="顺达辅料商行")
        indexing.index_pending()

        assert Customer.find("辅料") == [li]

    def test_finds_a_name_that_sounds_the_same(self, zhang):
        assert [(each.customer, each.why) for each in find_customers("章晓明")] == [(zhang, "pinyin")]

    def test_finds_by_the_words_of_the_name_as_it_is_now(self, zhang):
        other = make.customer("欧阳晓峰", ("phone", "139 0000 0005"))
        indexing.index_pending()
        Customer.objects.filter(pk=other.pk).update(name="欧阳青山")
        Customer.objects.filter(pk=zhang.pk).update(merged_into=other)
        indexing.index_pending()

        assert (Customer.find("晓峰"), Customer.find("青山"), Customer.find("小明")) == ([], [other], [])

    def test_shows_no_name_to_whoever_searches_texts(self, zhang):
        indexing.index_pending()

        for answers in (
            asking.search("小明", wang()),
            asking.search("小明", None),
            asking.suggest("小明", wang()),
        ):
            assert answers == []

    def test_does_not_ask_more_for_more_customers(self, zhang, django_assert_max_num_queries):
        with django_assert_max_num_queries(7):
            Customer.find("zhang")


class TestACustomer:
    def test_is_seen_by_the_front_desk_and_by_those_who_see_everything(self, zhang):
        for person in (wang(), he(), sun()):
            assert zhang in Customer.objects.visible_to(person)

    def test_is_not_seen_by_a_department_without_a_case(self, zhang):
        for person in (zhao(), chen(), None):
            assert not Customer.objects.visible_to(person).exists()


class TestAKeyInARequest:
    def test_opens_what_one_may_see(self, zhang):
        assert get_visible_or_404(Customer.objects, wang(), pk=zhang.pk) == zhang

    def test_is_not_found_by_those_who_may_not(self, zhang):
        with pytest.raises(Http404):
            get_visible_or_404(Customer.objects, zhao(), pk=zhang.pk)

    @pytest.mark.parametrize("nonsense", ["x", 10**30, None, "1; DROP TABLE"])
    def test_is_not_found_when_it_is_nonsense(self, nonsense):
        with pytest.raises(Http404):
            get_visible_or_404(Customer.objects, wang(), pk=nonsense)
