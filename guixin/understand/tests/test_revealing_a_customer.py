"""Personal data is masked until somebody says why they need it, and then the ledger knows."""

import json

import pytest

from guixin.ledger.models import Entry
from guixin.organisation.tests.make import wang
from guixin.understand.models import CannotReveal
from guixin.understand.tests import make
from guixin.understand.tests.make import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang():
    return make.customer("张小明", ("phone", "138 1234 5678"), ("email", "zhang@example.com"))


class TestACustomerOnAPage:
    def test_is_masked(self, zhang):
        shown = zhang.shown_to(wang())
        assert shown["name"] == "张**"
        assert [each["shown"] for each in shown["identities"]] == ["138****5678", "z***@example.com"]
        for secret in ("张小明", "13812345678", "zhang@"):
            assert secret not in json.dumps(shown, ensure_ascii=False)

    def test_shows_no_identity_to_nobody_in_particular(self, zhang):
        assert zhang.shown_to(None)["identities"] == []

    def test_shows_a_companys_name(self):
        assert make.company().shown_to(wang())["name"] == "青岛海风电器有限公司"

    def test_does_not_appear_by_name_in_logs(self, zhang):
        everything = f"{zhang} {zhang!r} {zhang.identities.first()!r}"
        assert "张" not in everything
        assert "138123" not in everything


class TestRevealingACustomer:
    def test_gives_the_plain_facts_and_records_who_and_why(self, zhang):
        shown = zhang.reveal(by=wang(), reason="回电确认地址", now=NOON)
        assert shown["name"] == "张小明"
        assert shown["identities"][0]["shown"] == "+8613812345678"
        entry = Entry.objects.get(kind="understand.customer_revealed")
        assert (entry.actor_id, entry.about_kind, entry.about_id) == (wang().pk, "customer", zhang.pk)
        assert "回电确认地址" in str(entry.facts)
        assert "138" not in str(entry.facts)

    @pytest.mark.parametrize("reason", ["", None, "   ", "abc", " a b "])
    def test_is_refused_without_a_reason(self, zhang, reason):
        with pytest.raises(CannotReveal, match=r"four characters|四个字"):
            zhang.reveal(by=wang(), reason=reason, now=NOON)
        assert not Entry.objects.filter(kind="understand.customer_revealed").exists()
