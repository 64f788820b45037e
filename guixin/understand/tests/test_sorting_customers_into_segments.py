from datetime import timedelta

import pytest

from guixin.ledger.models import Entry
from guixin.organisation.tests import make as firm
from guixin.understand import segmenting, sorting
from guixin.understand.models import Customer, Membership, Segment, SegmentCheck, SegmentDay, SegmentRound
from guixin.understand.segmenting import CannotSegment, DraftChangedMeanwhile, NotPossibleNow
from guixin.understand.tests.make import NOON
from guixin.understand.tests.make_segments import BIG, all_of, asks, customer, members, segment, sort, worth

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=5)


def entries(kind: str):
    return Entry.objects.filter(kind=f"understand.{kind}").order_by("pk")


class TestPublishingASegment:
    def test_puts_in_whoever_matches_with_the_reason(self):
        big = customer("大户", net=80_000)
        customer("小户", net=300)

        made = segment(name="重点客户")

        held = Membership.objects.get(segment=made, until=None)
        assert held.customer == big
        assert held.since == NOON
        assert held.why == {"version": 1, "net": 8_000_000}
        big.refresh_from_db()
        assert big.segment == made

    def test_is_told_for_every_customer(self):
        big = customer("大户", net=80_000)
        made = segment(name="重点客户")

        entry = entries("segment_entered").get()
        assert (entry.about_kind, entry.about_id) == ("customer", big.pk)
        assert entry.facts["segment"] == made.code
        assert entry.in_words() == "Entered the segment “重点客户”"
        assert entries("segment_published").get().facts["number"] == 1

    def test_anew_moves_who_matches_no_longer(self):
        customer("大户", net=80_000)
        customer("小户", net=300)
        made = segment()

        segmenting.publish(made, all_of(asks("net", "less", 1000)), by=None, now=LATER)
        sort(LATER)

        assert members(made) == {"小户"}
        assert Membership.objects.get(customer__name="大户").until == LATER
        assert Customer.objects.get(name="大户").segment is None
        assert entries("segment_left").count() == 1

    def test_says_the_same_rule_is_in_force_already(self):
        with pytest.raises(NotPossibleNow, match="in force already"):
            segmenting.publish(segment(), all_of(BIG), by=None, now=LATER)

    def test_without_a_draft_is_refused(self):
        with pytest.raises(NotPossibleNow, match="no draft"):
            segmenting.publish(segment(), by=None, now=LATER)

    def test_of_a_draft_somebody_changed_meanwhile_is_refused(self):
        made = segmenting.keep_draft(segment(), all_of(asks("net", "less", 5)), by=firm.chen(), now=NOON)
        seen = made.draft_version
        segmenting.keep_draft(made, all_of(asks("net", "less", 6)), by=firm.sun(), now=NOON)

        with pytest.raises(DraftChangedMeanwhile):
            segmenting.publish(made, read_at_version=seen, by=firm.chen(), now=NOON)

    def test_again_goes_back_as_a_new_version(self):
        customer("大户", net=80_000)
        made = segment()
        segmenting.publish(made, all_of(asks("net", "less", 5)), by=None, now=LATER)

        version = segmenting.publish_again(made.versions.get(number=1), by=None, now=LATER)
        sort(LATER)

        assert version.number == 3
        assert members(made) == {"大户"}


class TestSortingAgain:
    def test_changes_nothing_if_nothing_changed(self):
        customer("大户", net=80_000)
        segment()

        assert sorting.sort_again(LATER) == sorting.Outcome(entered=0, left=0)

    def test_looks_only_at_those_something_happened_to(self):
        rising, other = customer("升级", net=10), customer("别人", net=10)
        made = segment()
        for each in (rising, other):
            worth(each, net=90_000)

        sorting.sort_soon([rising.pk], now=LATER)
        sort(LATER)

        assert members(made) == {"升级"}
        assert not SegmentCheck.objects.exists()

    def test_of_many_becomes_a_round(self, monkeypatch):
        monkeypatch.setattr(sorting, "FEW", 1)
        made = segment()
        ids = [customer(name, net=90_000).pk for name in ("甲", "乙", "丙")]

        sorting.sort_soon(ids, now=LATER)
        sort(LATER)

        assert members(made) == {"甲", "乙", "丙"}

    def test_happens_by_itself_every_hour(self):
        made = segment()
        customer("大户", net=80_000)
        sort(NOON + timedelta(minutes=59))
        assert members(made) == set()

        sort(NOON + timedelta(minutes=61))

        assert members(made) == {"大户"}

    def test_lets_somebody_come_back_as_a_new_membership(self):
        big = customer("大户", net=80_000)
        made = segment()
        for net in (10, 90_000):
            worth(big, net=net)
            sorting.sort_again(LATER)

        assert [each.until for each in Membership.objects.filter(segment=made).order_by("pk")] == [
            LATER,
            None,
        ]

    def test_follows_segments_that_ask_for_segments(self):
        big = customer("大户", net=80_000, market="reseller")
        segment("resellers", asks("market", "in", ["reseller"]))
        both = segment("both", asks("segment", "in", ["resellers"]), BIG)
        assert members(both) == {"大户"}

        Customer.objects.filter(pk=big.pk).update(market="consumer")
        sorting.sort_again(LATER, [big.pk])

        assert members(both) == set()
        assert Membership.objects.get(segment=both).why["market"] == "reseller"

    def test_leaves_a_segment_that_cannot_be_followed_as_it_was_and_says_why(self):
        customer("大户", net=80_000)
        broken, healthy = segment("broken"), segment("healthy", asks("net", "more", 0))
        broken.versions.update(rule=all_of(asks("shoe_size", "at_least", 42)))
        customer("新客", net=60_000)

        sorting.sort_again(LATER)

        assert members(broken) == {"大户"}
        assert members(healthy) == {"大户", "新客"}
        broken.refresh_from_db()
        assert "shoe_size" in broken.trouble

    def test_empties_the_segments_of_who_was_merged(self):
        big, into = customer("大户", net=80_000), customer("同一人")
        made = segment()
        Customer.objects.filter(pk=big.pk).update(merged_into=into)

        sorting.sort_again(LATER)

        assert members(made) == set()

    def test_writes_down_the_day(self):
        big = customer("大户", net=80_000)
        customer("二户", net=60_000)
        made = segment()
        worth(big, net=1)
        sorting.sort_again(LATER, [big.pk])

        day = SegmentDay.objects.get(segment=made)
        assert (day.members, day.entered, day.left) == (1, 2, 1)

        sorting.sort_again(LATER)
        day.refresh_from_db()
        assert (day.members, day.net) == (1, 6_000_000)

    def test_is_written_down_with_its_numbers(self):
        customer("大户", net=80_000)
        segment()

        last = SegmentRound.objects.get()
        assert (last.customers, last.entered, last.left) == (1, 1, 0)


class TestTheFirstSegment:
    def test_decides_for_who_is_in_several(self):
        big = customer("大户", net=80_000)
        first, _second = segment("first"), segment("second", asks("net", "more", 0))

        big.refresh_from_db()
        assert big.segment == first

    def test_is_another_when_the_order_changes(self):
        big = customer("大户", net=80_000)
        _first, second = segment("first"), segment("second", asks("net", "more", 0))

        segmenting.move(second, 1, by=firm.sun(), now=LATER)

        big.refresh_from_db()
        assert big.segment == second
        assert list(Segment.objects.order_by("priority").values_list("code", flat=True)) == [
            "second",
            "first",
        ]


class TestWithdrawingASegment:
    def test_lets_everybody_leave(self):
        big = customer("大户", net=80_000)
        made = segment()

        segmenting.withdraw(made, by=None, now=LATER)
        sort(LATER)

        big.refresh_from_db()
        assert big.segment is None
        assert members(made) == set()

    def test_is_refused_while_another_segment_asks_for_it(self):
        made = segment("resellers")
        segment("both", asks("segment", "in", ["resellers"]))

        with pytest.raises(NotPossibleNow, match="both"):
            segmenting.withdraw(made, by=None, now=LATER)

    def test_is_refused_while_a_package_needs_it(self, monkeypatch):
        monkeypatch.setattr(segmenting, "_keepers", [lambda segment: ["the service package “Gold”"]])

        with pytest.raises(NotPossibleNow, match="Gold"):
            segmenting.withdraw(segment(), by=None, now=LATER)

    def test_twice_is_refused(self):
        made = segmenting.withdraw(segment(), by=None, now=LATER)

        with pytest.raises(NotPossibleNow, match="not in force"):
            segmenting.withdraw(made, by=None, now=LATER)

    def test_can_be_taken_back_by_publishing_again(self):
        customer("大户", net=80_000)
        made = segmenting.withdraw(segment(), by=None, now=LATER)
        segmenting.publish_again(made.versions.get(), by=None, now=LATER)
        sort(LATER)

        assert members(made) == {"大户"}


class TestASegment:
    def test_has_a_code_of_its_own(self):
        segment("key")

        with pytest.raises(CannotSegment, match="already"):
            segmenting.define("key", name="Again", owner=firm.chen(), by=None, now=NOON)

    def test_has_an_owner_who_works_here(self):
        gone = firm.chen()
        gone.is_active = False

        with pytest.raises(CannotSegment, match="no longer works here"):
            segmenting.define("key", name="Key", owner=gone, by=None, now=NOON)

    def test_is_seen_by_its_owner_and_by_who_sees_every_customer(self):
        made = segment(owner=firm.li())

        assert made in Segment.objects.visible_to(firm.li())
        assert made in Segment.objects.visible_to(firm.wang())
        assert made not in Segment.objects.visible_to(firm.zhao())

    def test_is_worked_on_by_its_owner_and_by_who_sees_everything(self):
        made = segment(owner=firm.li())

        assert segmenting.may_edit(made, firm.li())
        assert segmenting.may_edit(made, firm.sun())
        assert not segmenting.may_edit(made, firm.wang())
