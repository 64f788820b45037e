"""The same complaint from two segments gets different promises, and everybody can read why."""

import pytest

from guixin.ledger.models import Entry
from guixin.promise import packages, publishing
from guixin.promise.book import book
from guixin.promise.models import Clock, Measure, Package, PackageVersion, Standard
from guixin.serve.changing import edit
from guixin.serve.intake import Arrival, foresee
from guixin.serve.promises import circumstances
from guixin.serve.tests import make
from guixin.understand import segmenting
from guixin.understand.models import Membership, Segment, SegmentVersion

pytestmark = pytest.mark.django_db


def segment(code: str = "key", name: str = "大客户", priority: int = 1) -> Segment:
    found, _fresh = Segment.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "owner": make.chen(),
            "priority": priority,
            "published_at": make.at("09:00", 2),
        },
    )
    return found


def member(of: Segment | None, name: str = "张三", phone: str = "13800138000"):
    """A customer who has been in the segment since Monday."""
    customer = make.customer(name, phone)
    customer.segment = of
    customer.save(update_fields=["segment"])
    if of:
        Membership.objects.get_or_create(customer=customer, segment=of, until=None, since=make.at("10:00", 2))
    return customer


def standard(code: str, measure: str, minutes: int, calendar: str = "always", **terms) -> Standard:
    """One that only packages promise."""
    made = publishing.define(code, measure=measure, name=code)
    where = make.calendar(calendar) if calendar else None
    publishing.publish_terms(
        made,
        {"budget_minutes": minutes, "calendar": where, "only_in_packages": True, **terms},
        by=None,
        now=make.at("09:00", 2),
    )
    return made


def package(
    *standards: Standard, of: Segment | None = None, code: str = "key-accounts", **content
) -> PackageVersion:
    of = of or segment()
    found = Package.objects.filter(code=code).first() or packages.define(code, name="大客户方案", segment=of)
    said = {"reason": "占销售额六成，停线一天损失最大"} | content
    return packages.publish(found, said, standards, by=make.sun(), now=make.at("09:30", 2))


def budgets(case) -> dict[str, int]:
    clocks = Clock.objects.of("case", case.pk)
    return {clock.measure: int(clock.budget.total_seconds() // 60) for clock in clocks}


class TestTheSameComplaint:
    def test_of_two_segments_is_promised_different_things(self):
        make.standards()
        package(standard("fast-reply", Measure.REPLY, 120), standard("here", Measure.ON_SITE, 48 * 60))

        key = make.case(customer=member(segment()))
        other = make.case(customer=member(None, "李四", "13900139000"))

        assert budgets(key)["reply"] == 120
        assert budgets(key)["on_site"] == 48 * 60
        assert budgets(other)["reply"] == 24 * 60
        assert "on_site" not in budgets(other)
        assert (key.segment, key.package.number, other.package) == (segment(), 1, None)

    def test_keeps_the_general_promise_where_that_is_stricter(self):
        make.standards()
        package(standard("slower", Measure.REPLY, 10 * 60))

        usual = make.case(customer=member(segment()))
        serious = make.case(customer=member(segment()), severity=3)

        assert budgets(usual)["reply"] == 10 * 60
        assert budgets(serious)["reply"] == 6 * 60  # what everybody with a serious case is promised

    def test_compares_deadlines_not_numbers(self):
        """Ten working hours are more than a day of the clock on the wall: forty of 168 hours are worked."""
        make.standards()
        package(standard("office-hours", Measure.REPLY, 10 * 60, calendar="office"))

        assert budgets(make.case(customer=member(segment())))["reply"] == 24 * 60

    def test_is_promised_the_package_also_by_the_departments(self):
        make.standards()
        package(standard("fast-result", Measure.RESULT, 60, calendar=""))

        case = make.case(customer=member(segment()), departments=[make.quality().pk])

        assert Clock.objects.get(case_id=case.pk, measure="result").budget.total_seconds() == 3600

    def test_is_counted_in_the_hours_of_the_package(self):
        make.standards()
        package(standard("hours", Measure.REPLY, 60, calendar=""), calendar=make.calendar("always"))

        case = make.case(customer=member(segment()), now=make.at("20:00"))

        assert Clock.objects.get(case_id=case.pk, measure="reply").due_at == make.at("21:00")

    def test_can_be_foreseen_before_it_is_saved(self):
        make.standards()
        package(standard("fast-reply", Measure.REPLY, 120))
        arrival = Arrival(kind="complaint", subject="?", channel="phone", customer=member(segment()))

        seen = foresee(arrival, now=make.NOON, by=make.wang())

        assert seen.case.package.package.code == "key-accounts"
        assert {clock.measure: clock.budget.total_seconds() for clock in seen.clocks}["reply"] == 7200

    def test_is_written_down_with_what_decided_it(self):
        make.standards()
        version = package(standard("fast-reply", Measure.REPLY, 120))

        make.case(customer=member(segment()))

        facts = Entry.objects.get(kind="serve.case_opened").facts
        assert (facts["segment_id"], facts["package_version_id"]) == (segment().pk, version.pk)


class TestWhatWasPromised:
    def test_is_kept_when_the_customer_changes_segment_and_new_cases_follow(self):
        make.standards()
        package(standard("fast-reply", Measure.REPLY, 120))
        customer = member(segment())
        before = make.case(customer=customer)

        member(None)
        customer.refresh_from_db()
        after = make.case(customer=customer, subject="又一件")

        assert (budgets(before)["reply"], budgets(after)["reply"]) == (120, 24 * 60)
        assert circumstances(before).package == before.package_id

    def test_is_kept_when_the_package_has_a_new_version(self):
        make.standards()
        fast, faster = standard("fast", Measure.REPLY, 120), standard("faster", Measure.REPLY, 60)
        package(fast)
        before = make.case(customer=member(segment()))

        package(faster)
        after = make.case(customer=member(segment()), subject="又一件")

        edit(before, {"severity": 3}, read_at_version=before.version, by=make.wang(), now=make.NOON)
        assert (budgets(before)["reply"], budgets(after)["reply"]) == (120, 60)
        assert (before.package.number, after.package.number) == (1, 2)

    def test_is_kept_when_the_package_is_withdrawn(self):
        make.standards()
        version = package(standard("fast-reply", Measure.REPLY, 120))
        before = make.case(customer=member(segment()))

        packages.withdraw(version.package, by=make.sun(), now=make.NOON)

        after = make.case(customer=member(segment()), subject="又一件")
        assert (budgets(before)["reply"], budgets(after)["reply"]) == (120, 24 * 60)
        assert book().promise("reply", circumstances(before)).standard.code == "fast-reply"


class TestWhoAnswersByName:
    def test_owns_the_cases_of_these_customers(self):
        make.standards()
        package(owner=make.chen())

        assert make.case(customer=member(segment()), by=make.wang()).owner == make.chen()

    def test_is_passed_over_while_away(self):
        make.standards()
        package(owner=make.chen())
        make.away(make.chen(), make.at("09:00"), make.at("18:00"), deputy=make.wu())

        assert make.case(customer=member(segment()), by=make.wang()).owner == make.wang()


class TestPublishingAPackage:
    def test_needs_the_reason_in_words(self):
        with pytest.raises(packages.CannotPublishPackage, match="Say why"):
            package(reason=" ")

    def test_is_refused_for_a_segment_that_is_not_in_force(self):
        of = segment()
        Segment.objects.filter(pk=of.pk).update(withdrawn_at=make.NOON)

        with pytest.raises(packages.CannotPublishPackage, match="not in force"):
            package()

    def test_is_refused_for_a_segment_that_has_one(self):
        package()
        with pytest.raises(packages.CannotPublishPackage, match="大客户方案"):
            package(code="second")

    def test_is_refused_with_a_standard_that_is_withdrawn(self):
        gone = standard("gone", Measure.REPLY, 120)
        publishing.withdraw(gone, by=None, now=make.NOON)
        with pytest.raises(packages.CannotPublishPackage, match="gone"):
            package(gone)

    def test_is_refused_when_nothing_changes(self):
        fast = standard("fast", Measure.REPLY, 120)
        package(fast)
        with pytest.raises(packages.CannotPublishPackage, match="already"):
            package(fast)


class TestAWithdrawnSegment:
    def test_is_refused_while_its_package_is_in_force(self):
        package()
        of = Segment.objects.get()
        SegmentVersion.objects.create(segment=of, number=1, rule={}, published_at=make.NOON)

        with pytest.raises(segmenting.NotPossibleNow, match="the service package “大客户方案”"):
            segmenting.withdraw(of, by=make.sun(), now=make.NOON)

    def test_cannot_be_withdrawn_twice(self):
        version = package()
        packages.withdraw(version.package, by=None, now=make.NOON)
        with pytest.raises(packages.PackageNotInForce):
            packages.withdraw(version.package, by=None, now=make.NOON)
