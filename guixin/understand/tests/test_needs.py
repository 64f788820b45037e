import pytest

from guixin.organisation.tests.make import wang
from guixin.understand import following, merging, needing
from guixin.understand.models import Customer
from guixin.understand.needing import CannotNote
from guixin.understand.tests import make

pytestmark = pytest.mark.django_db


def noted(customer, theme="两小时到场", weight=3, **about):
    return needing.note(
        customer, theme, weight=weight, source="observation", by=wang(), now=make.NOON, **about
    )


@pytest.fixture
def three():
    zhang = make.customer("张三", ("phone", "13800138000"))
    li = make.customer("李四", ("phone", "13900139000"))
    company = make.company()
    Customer.objects.filter(pk__in=[zhang.pk, company.pk]).update(market="reseller")
    noted(zhang, "两小时到场", 4, expected="两小时")
    noted(company, "两小时 到场", 5)
    noted(li, "电子发票", 3)
    noted(zhang, "电子发票", 2)
    return zhang, li, company


class TestNeedsByWeight:
    def test_roll_up_what_is_called_the_same(self, three):
        heaviest, other = needing.by_weight()

        assert (heaviest.weight, heaviest.customers, heaviest.strongest) == (9, 2, 5)
        assert heaviest.expected == ["两小时"]
        assert (other.weight, other.records) == (5, 2)

    def test_are_narrowed_to_a_market_or_to_these_customers(self, three):
        _zhang, li, _company = three

        assert [each.weight for each in needing.by_weight(market="reseller")] == [9, 2]
        assert [each.theme for each in needing.by_weight(Customer.objects.filter(pk=li.pk))] == ["电子发票"]

    def test_lead_to_the_records_behind_them(self, three):
        records = needing.records_of("两小时到场")

        assert [each.weight for each in records] == [5, 4]
        assert len(records) == needing.by_weight()[0].records

    def test_leave_out_what_no_longer_holds(self, three):
        for each in needing.records_of("两小时到场"):
            needing.end(each, "已建本地服务站", by=wang(), now=make.NOON)

        assert [each.theme for each in needing.by_weight()] == ["电子发票"]


class TestANeed:
    def test_names_the_record_it_came_from(self):
        need = noted(make.customer(), evidence=("contact", 17))

        assert (need.evidence_kind, need.evidence_id) == ("contact", 17)

    @pytest.mark.parametrize(("theme", "why"), [(" ", "few words"), ("长" * 81, "80 characters")])
    def test_is_said_in_a_few_words(self, theme, why):
        with pytest.raises(CannotNote, match=why):
            noted(make.customer(), theme)

    def test_is_not_struck_without_a_reason(self):
        with pytest.raises(CannotNote, match="why"):
            needing.end(noted(make.customer()), "", by=wang(), now=make.NOON)

    def test_follows_a_merge_and_may_be_split_off(self):
        kept = make.customer("张三", ("phone", "13800138000"), ("email", "z@example.com"))
        double = make.customer("张叁", ("phone", "13800138000"))
        need = noted(double)
        merging.merge(double, kept, by=wang(), now=make.NOON)

        ((key, words),) = following.parts_of(kept)
        fresh = merging.split_off(
            kept, kept.identities.get(kind="email"), "李四", parts=[key], by=wang(), now=make.NOON
        )

        need.refresh_from_db()
        assert words == "两小时到场"
        assert need.customer == fresh
