import pytest
from django.db import OperationalError

from guixin.understand import previewing
from guixin.understand.previewing import preview
from guixin.understand.rules import checked
from guixin.understand.tests.make import NOON
from guixin.understand.tests.make_segments import BIG, all_of, asks, customer, segment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_haste(monkeypatch):
    """A busy machine may take longer to count than whoever writes a rule has patience."""
    monkeypatch.setattr(previewing, "PATIENCE", "60s")


def previewed(*parts, segment=None):
    return preview(checked(all_of(*parts)), segment=segment, now=NOON)


class TestAPreview:
    def test_counts_customers_and_their_value(self):
        customer("大户", net=80_000)
        customer("二户", net=60_000)
        customer("小户", net=60_000 // 2 * 2 - 20_000)

        seen = previewed(BIG)

        assert (seen.customers, seen.everybody) == (2, 3)
        assert (seen.net, seen.average) == (14_000_000, 7_000_000)
        assert seen.share == pytest.approx(2 / 3)
        assert seen.share_of_value == pytest.approx(14 / 18)
        assert [each.name for each in seen.sample] == ["大户", "二户"]
        assert seen.warnings() == []

    def test_says_who_would_come_and_go(self):
        customer("大户", net=80_000)
        customer("小户", net=300)
        made = segment()

        seen = previewed(asks("net", "less", 1000), segment=made)

        assert (seen.entering, seen.leaving) == (1, 1)

    def test_names_the_segments_it_overlaps_and_which_decides(self):
        customer("大户", net=80_000)
        first, second = segment("first"), segment("second", asks("net", "more", 0))

        (overlap,) = previewed(BIG, segment=second).overlaps

        assert (overlap.segment, overlap.customers, overlap.stands_before) == (first, 1, True)

    def test_warns_of_a_rule_that_matches_nobody(self):
        customer("小户", net=300)

        assert previewed(BIG).warnings() == ["Nobody matches this rule."]

    def test_warns_of_a_rule_that_matches_everybody(self):
        customer("小户", net=300)

        assert "Everybody matches" in previewed(asks("net", "at_least", 0)).warnings()[0]

    def test_without_any_customer_divides_by_nothing(self):
        seen = previewed(BIG)

        assert seen.share is seen.share_of_value is seen.average is None
        assert "no customers yet" in seen.warnings()[0]

    def test_is_estimated_from_some_where_counting_everybody_takes_too_long(self, monkeypatch):
        for n in range(60):
            customer(f"客户{n}", net=80_000)
        made, count = segment(), previewing._count

        def too_slow(cursor, rule, segment, now, sample, among=None):
            if among is None:
                raise OperationalError
            return count(cursor, rule, segment, now, sample, among)

        monkeypatch.setattr(previewing, "_count", too_slow)
        monkeypatch.setattr(previewing, "DRAWN", 45)
        seen = previewed(BIG, segment=made)

        assert 0 < seen.drawn <= 60
        assert (seen.customers, seen.everybody) == (60, 60)  # all of those drawn are, whoever they are
        assert (seen.net, seen.share) == (60 * 8_000_000, 1)
        assert seen.between[0] < 60 == seen.between[1]
        assert seen.warnings() == []

        monkeypatch.setattr(previewing, "_estimate", too_slow)
        with pytest.raises(previewing.TakesTooLong):
            previewed(BIG)
