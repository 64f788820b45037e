from datetime import timedelta

import pytest

from guixin.organisation.tests.make import calendar, wang
from guixin.understand import contacting, describing, measuring, needing
from guixin.understand import record_facts as _offered  # noqa: F401
from guixin.understand.models import Customer
from guixin.understand.rules import checked
from guixin.understand.selecting import Selection
from guixin.understand.tests.make import NOON, customer
from guixin.understand.tests.make_segments import all_of, asks

pytestmark = pytest.mark.django_db


def matching(part: dict) -> set[str]:
    selection = Selection(NOON)
    condition = selection.condition(checked(all_of(part)))
    rows = Customer.objects.raw(
        f"SELECT c.id FROM {selection.tables()} WHERE {selection.where()} AND {condition}",
        selection.parameters,
    )
    return {each.name for each in rows}


class TestARuleAboutTheRecord:
    @pytest.fixture(autouse=True)
    def two_customers(self):
        calendar("office")
        for name, kind, code, choices in (
            ("门店数", "number", "shops", ()), ("品类", "choice", "goods", ("拉链", "纽扣")), ("会员", "yes_no", "member", ()),
        ):  # fmt: skip
            describing.define(name, kind, code=code, choices=choices, by=None, now=NOON)
        self.zhang = customer("张三", ("phone", "13800138000"))
        customer("李四", ("phone", "13900139000"))
        said = {"shops": 3, "goods": "拉链", "member": "是"}
        describing.describe(self.zhang, said, by=wang(), now=NOON)

    @pytest.mark.parametrize(
        "part",
        [asks("attribute_shops", "at_least", 3), asks("attribute_goods", "in", ["拉链"]), asks("attribute_member", "yes")],
    )  # fmt: skip
    def test_asks_for_an_attribute(self, part):
        assert matching(part) == {"张三"}

    def test_asks_for_needs_and_missed_contacts(self):
        needing.note(self.zhang, "两小时到场", weight=5, source="observation", by=wang(), now=NOON)
        contacting.log(
            self.zhang,
            "call",
            notes="好",
            made_at=NOON - timedelta(days=3),
            owner=wang(),
            by=wang(),
            now=NOON,
        )

        assert matching(asks("strongest_need", "at_least", 5)) == {"张三"}
        assert matching(asks("missed_contacts", "at_least", 1)) == set()

    def test_is_never_offered_what_is_personal(self):
        describing.define("身份证号", "text", code="id-card", personal=True, by=None, now=NOON)

        assert "attribute_id-card" not in measuring.facts()
        assert "attribute_shops" in measuring.facts()
