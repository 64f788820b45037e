from datetime import date
from decimal import Decimal

import pytest

from guixin.ledger.models import Entry, Private
from guixin.organisation.tests.make import wang
from guixin.understand import changing, describing, merging
from guixin.understand.describing import CannotDefine, CannotDescribe
from guixin.understand.models import Customer
from guixin.understand.tests import make

pytestmark = pytest.mark.django_db


def defined(name, kind="text", **about):
    return describing.define(name, kind, by=wang(), now=make.NOON, **about)


def described(customer, **said):
    return describing.describe(customer, said, by=wang(), now=make.NOON)


class TestAskingForAnAttribute:
    def test_gives_it_a_code_from_its_name(self):
        assert defined("机器数量", "number").code.isascii()
        assert defined("门店", name_en="Shops owned").code == "shops-owned"

    def test_is_refused_for_a_list_of_one(self):
        with pytest.raises(CannotDefine, match="at least two"):
            defined("等级", "choice", choices=["金"])

    def test_keeps_a_choice_that_somebody_has(self):
        level = defined("等级", "choice", choices=["金", "银"], code="level")
        described(make.customer(), level="金")

        with pytest.raises(CannotDefine, match="on record"):
            describing.redefine(level, {"choices": ["银", "铜"]}, by=wang(), now=make.NOON)

    def test_ends_without_losing_what_is_known(self):
        shops = defined("门店数", "number", code="shops")
        customer = make.customer()
        described(customer, shops="3")

        describing.withdraw(shops, by=wang(), now=make.NOON)

        assert [each.shown for each in describing.shown_of(customer)] == ["3"]
        with pytest.raises(CannotDescribe, match="no such"):
            described(customer, shops="4")


class TestDescribingACustomer:
    @pytest.mark.parametrize(
        ("kind", "written", "value"),
        [
            ("number", "1,200.5", Decimal("1200.5")),
            ("date", "2026年3月6日", date(2026, 3, 6)),
            ("date", "2026/3/6", date(2026, 3, 6)),
            ("yes_no", "是", True),
            ("yes_no", "No", False),
            ("text", "  青岛 四方 ", "青岛 四方"),
        ],
    )
    def test_understands_what_people_write(self, kind, written, value):
        defined("某事", kind, code="thing")
        customer = make.customer()

        described(customer, thing=written)

        assert customer.attribute_values.get().value == value

    @pytest.mark.parametrize(
        ("kind", "written"),
        [("number", "many"), ("number", "NaN"), ("date", "2026-02-30"), ("yes_no", "maybe")],
    )
    def test_is_refused_in_words_with_the_attribute_named(self, kind, written):
        defined("某事", kind, code="thing")

        with pytest.raises(CannotDescribe, match="某事") as refusal:
            described(make.customer(), thing=written)
        assert refusal.value.code == "thing"

    def test_keeps_what_must_be_known(self):
        defined("门店数", "number", code="shops", required=True)
        customer = make.customer()
        described(customer, shops=3)

        with pytest.raises(CannotDescribe, match="must be known"):
            described(customer, shops="")

    def test_asks_companies_other_things_than_people(self):
        defined("员工人数", "number", code="staff", asked_of="company")

        with pytest.raises(CannotDescribe, match="no such"):
            described(make.customer(), staff=30)
        assert described(make.company(), staff=30) == ["staff"]

    def test_masks_what_is_personal_until_it_is_revealed(self):
        defined("身份证号", code="id-card", personal=True)
        customer = make.customer()
        describing.describe(customer, {"id-card": "370202199001011234"}, by=wang(), now=make.NOON)

        masked = customer.shown_to(wang(), whole=True)["attributes"][0]["shown"]
        revealed = customer.reveal(by=wang(), reason="核对身份", now=make.NOON)["attributes"][0]["shown"]

        assert (masked, revealed) == ("37**************34", "370202199001011234")

    def test_keeps_the_old_value_out_of_what_is_sealed(self):
        defined("身份证号", code="card", personal=True)
        customer = make.customer()
        described(customer, card="370202199001011234")
        described(customer, card="370202199001015678")

        entry = Entry.objects.filter(kind="understand.customer_described").latest("pk")
        assert "3702" not in str(entry.facts)
        assert Private.objects.get(entry=entry).payload == {"old": {"card": "370202199001011234"}}

    def test_makes_the_customer_found_by_its_exact_value(self):
        defined("会员卡", code="card")
        customer = make.customer()
        described(customer, card="ＶＩＰ 0042")

        assert Customer.find("vip 0042") == [customer]
        assert Customer.find("vip") == []

    def test_goes_through_the_guard_of_the_record(self):
        defined("门店数", "number", code="shops")
        customer = make.customer()
        changing.change(customer, {}, attributes={"shops": "3"}, read_at_version=1, by=wang(), now=make.NOON)

        with pytest.raises(changing.ChangedMeanwhile):
            changing.change(
                customer, {}, attributes={"shops": "4"}, read_at_version=1, by=wang(), now=make.NOON
            )

    def test_follows_a_merge_unless_the_other_knows_better(self):
        defined("门店数", "number", code="shops")
        defined("品牌", code="brand")
        kept = make.customer("张三", ("phone", "138 0013 8000"))
        double = make.customer("张叁", ("phone", "138 0013 8000"))
        described(kept, shops=3)
        described(double, shops=4, brand="海风")

        made = merging.merge(double, kept, by=wang(), now=make.NOON)

        assert [each.shown for each in describing.shown_of(kept)] == ["3", "海风"]
        merging.undo(made, by=wang(), now=make.NOON)
        assert [each.shown for each in describing.shown_of(kept)] == ["3"]
        assert [each.shown for each in describing.shown_of(double)] == ["4", "海风"]
