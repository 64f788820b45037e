import pytest

from guixin.ledger.models import Entry
from guixin.organisation.tests.make import wang
from guixin.understand import changing, merging
from guixin.understand.models import Customer
from guixin.understand.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    kept = make.customer("张三", ("phone", "138 0013 8000"))
    double = make.customer("张叁", ("phone", "138 0013 8000"), ("email", "z@example.com"))
    return kept, double


def merged(two):
    kept, double = two
    return merging.merge(double, kept, by=wang(), now=make.NOON)


class TestMergingCustomers:
    def test_brings_every_identity_to_the_one_that_remains(self, two):
        merged(two)

        kept, double = two
        assert set(kept.identities.values_list("kind", flat=True)) == {"phone", "email"}
        assert Customer.find("z@example.com") == [kept]
        assert double.identities.get().kind == "phone"  # both held it

    def test_finds_the_one_that_remains_by_the_other_name(self, two):
        merged(two)

        assert Customer.find("张叁") == [two[0]]

    def test_takes_over_what_was_not_known(self, two):
        kept, double = two
        Customer.objects.filter(pk=double.pk).update(market="reseller", organisation="布行")
        Customer.objects.filter(pk=kept.pk).update(organisation="服装厂")

        merged(two)

        kept.refresh_from_db()
        assert (kept.market, kept.organisation) == ("reseller", "服装厂")

    def test_keeps_newcomers_with_the_one_that_remains(self, two):
        merged(two)

        again, is_new = Customer.objects.for_intake("person", "张三", [("phone", "13800138000")], make.NOON)
        assert (again, is_new) == (two[0], False)

    def test_is_refused_for_a_person_and_a_company(self, two):
        with pytest.raises(merging.CannotMergeCustomers, match="not the same"):
            merging.merge(make.company(), two[0], by=wang(), now=make.NOON)

    def test_is_refused_twice(self, two):
        merged(two)

        with pytest.raises(changing.CannotChange, match="merged into another"):
            merged(two)

    def test_is_in_the_ledger_without_personal_data(self, two):
        merged(two)

        entry = Entry.objects.get(kind="understand.customers_merged")
        assert (entry.about_id, entry.facts["merged_customer_id"]) == (two[0].pk, two[1].pk)


class TestUndoingAMerge:
    def test_gives_back_exactly_what_came(self, two):
        kept, double = two
        Customer.objects.filter(pk=double.pk).update(market="reseller")
        made = merged(two)
        changing.add_identity(kept, "wechat", "zhang-new", by=wang(), now=make.NOON)

        merging.undo(made, by=wang(), now=make.NOON)

        kept.refresh_from_db(), double.refresh_from_db()
        assert double.merged_into is None
        assert set(double.identities.values_list("kind", flat=True)) == {"phone", "email"}
        assert set(kept.identities.values_list("kind", flat=True)) == {"phone", "wechat"}
        assert kept.market == ""

    def test_is_refused_while_a_later_merge_stands(self, two):
        made = merged(two)
        third = make.customer("张三丰", ("phone", "13900139000"))
        merging.merge(two[0], third, by=wang(), now=make.NOON)

        with pytest.raises(merging.CannotMergeCustomers, match="later merge first"):
            merging.undo(made, by=wang(), now=make.NOON)

    def test_of_a_chain_restores_it_link_by_link(self, two):
        kept, double = two
        first = merged(two)
        third = make.customer("张三丰", ("phone", "13900139000"))
        second = merging.merge(kept, third, by=wang(), now=make.NOON)

        double.refresh_from_db()
        assert double.merged_into == third
        merging.undo(second, by=wang(), now=make.NOON)
        merging.undo(first, by=wang(), now=make.NOON)

        assert Customer.objects.standing().count() == 3
        assert Customer.find("z@example.com") == [double]

    def test_is_refused_twice(self, two):
        made = merged(two)
        merging.undo(made, by=wang(), now=make.NOON)

        with pytest.raises(merging.CannotMergeCustomers, match="already"):
            merging.undo(made, by=wang(), now=make.NOON)


class TestSplittingOff:
    def test_makes_a_customer_of_what_belongs_to_somebody_else(self):
        husband = make.customer("张三", ("phone", "13800138000"), ("phone", "13900139000"))

        wife = merging.split_off(
            husband, husband.identities.get(normal="+8613900139000"), "李梅", by=wang(), now=make.NOON
        )

        assert Customer.find("13900139000") == [wife]
        assert husband.identities.count() == 1


class TestEditingACustomer:
    def test_is_refused_when_somebody_was_quicker_and_shows_both_sides(self):
        zhang = make.customer()
        changing.change(zhang, {"organisation": "服装厂"}, read_at_version=1, by=wang(), now=make.NOON)

        with pytest.raises(changing.ChangedMeanwhile) as refused:
            changing.change(zhang, {"organisation": "布行"}, read_at_version=1, by=wang(), now=make.NOON)

        assert refused.value.theirs == {"organisation": "服装厂"}
        assert refused.value.yours == {"organisation": "布行"}

    def test_keeps_what_stood_there_apart_from_the_seal(self):
        zhang = make.customer()
        changing.change(zhang, {"name": "张小三"}, read_at_version=1, by=wang(), now=make.NOON)

        entry = Entry.objects.get(kind="understand.customer_changed")
        assert entry.facts == {"fields": ["name"]}
        assert entry.private.payload["old"] == {"name": "张三"}
        assert Customer.find("zxs") == [zhang]
