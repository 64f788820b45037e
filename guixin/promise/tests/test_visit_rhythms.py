"""The visit rhythm of a service package plans regular contacts for each customer of its segment, and only for them."""

from datetime import timedelta

import pytest

from guixin.ledger.models import Entry
from guixin.organisation.tests import make as firm
from guixin.promise import packages, visit_rhythms
from guixin.promise.models import VisitRhythm
from guixin.promise.tests import make_plans as make
from guixin.promise.tests.make import NOON
from guixin.promise.tests.make_plans import SOON
from guixin.understand import contact_series
from guixin.understand.models import Contact, ContactPlan, Customer, Membership

pytestmark = pytest.mark.django_db


def package(days: int | None = 30, **content):
    made = packages.Package.objects.filter(code="key").first() or packages.define(
        "key", name="大客户方案", segment=make.segment()
    )
    content = {"reason": "占销售额六成", "visit_every_days": days, "owner": firm.wu(), **content}
    return packages.publish(made, content, [], by=firm.chen(), now=NOON)


class TestAPackageWithARhythm:
    def test_plans_contacts_for_each_customer_by_its_owner(self):
        package()
        for name in ("张三", "李四"):
            make.enters(make.customer(name))

        assert visit_rhythms.keep_up(SOON) == 2
        contact_series.fill_ahead(SOON)

        assert set(Contact.objects.values_list("owner", "kind")) == {(firm.wu().pk, "visit")}
        assert Contact.objects.values("customer").distinct().count() == 2
        assert Entry.objects.filter(kind="understand.contact_series_changed").count() == 2

    def test_plans_them_once(self):
        package()
        make.enters(make.customer())

        visit_rhythms.keep_up(SOON)

        assert visit_rhythms.keep_up(SOON) == 0
        assert ContactPlan.objects.count() == 1

    def test_does_not_visit_everybody_on_one_day(self):
        package()
        for number in range(5):
            make.enters(make.customer(f"客户{number}", f"{number}@example.com"))

        visit_rhythms.keep_up(SOON)

        assert ContactPlan.objects.values("first_on").distinct().count() == 5

    def test_stops_when_the_customer_leaves(self):
        package()
        who = make.enters(make.customer())
        visit_rhythms.keep_up(SOON)
        contact_series.fill_ahead(SOON)
        Membership.objects.filter(customer=who).update(until=SOON)
        Customer.objects.filter(pk=who.pk).update(segment=None)

        visit_rhythms.keep_up(SOON + timedelta(hours=1))

        assert not Contact.objects.exists()
        assert ContactPlan.objects.get().ended_at
        assert not VisitRhythm.objects.filter(ended_at=None).exists()

    def test_stops_when_the_package_ends(self):
        package()
        make.enters(make.customer())
        visit_rhythms.keep_up(SOON)
        packages.withdraw(packages.Package.objects.get(), by=firm.chen(), now=SOON)

        visit_rhythms.keep_up(SOON + timedelta(hours=1))

        assert ContactPlan.objects.get().ended_at

    def test_begins_anew_in_another_rhythm(self):
        package()
        make.enters(make.customer())
        visit_rhythms.keep_up(SOON)
        package(14)

        visit_rhythms.keep_up(SOON)

        assert [(each.every, each.ended_at is None) for each in ContactPlan.objects.order_by("every")] == [
            (14, True),
            (30, False),
        ]

    def test_leaves_alone_what_somebody_ended_by_hand(self):
        package()
        make.enters(make.customer())
        visit_rhythms.keep_up(SOON)
        contact_series.end(ContactPlan.objects.get(), by=firm.wu(), now=SOON)

        assert visit_rhythms.keep_up(SOON) == 0
        assert ContactPlan.objects.count() == 1

    def test_without_days_plans_nothing(self):
        package(None)
        make.enters(make.customer())

        assert visit_rhythms.keep_up(SOON) == 0
