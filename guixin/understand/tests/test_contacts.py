from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from guixin.ledger.models import Entry
from guixin.organisation.tests.make import calendar, chen, he, li, qian, wang, zhao
from guixin.understand import contact_series, contacting, merging, missing_contacts
from guixin.understand.contact_days import end_of_day, nth
from guixin.understand.contacting import CannotContact, ContactSettled
from guixin.understand.models import Contact, Customer
from guixin.understand.tests import make

pytestmark = pytest.mark.django_db

WEDNESDAY, FRIDAY = date(2026, 3, 4), date(2026, 3, 6)


@pytest.fixture(autouse=True)
def _office():
    calendar("office")


def planned(on=FRIDAY, owner=None, customer=None, **about):
    return contacting.plan(
        customer or make.customer(),
        "visit",
        on,
        owner=owner or li(),
        subject="看样",
        by=wang(),
        now=make.NOON,
        **about,
    )


def after(hours, contact):
    return contact.due_at + timedelta(hours=hours)


class TestPlanningAContact:
    def test_gives_it_until_the_end_of_that_working_day(self):
        contact = planned()

        assert contact.due_at == end_of_day(li(), FRIDAY, make.NOON)
        assert timezone.localtime(contact.due_at).date() == FRIDAY
        assert timezone.localtime(contact.due_at).time() >= time(17)

    def test_for_a_sunday_gives_it_until_monday_evening(self):
        assert timezone.localtime(planned(date(2026, 3, 8)).due_at).date() == date(2026, 3, 9)

    def test_is_refused_for_a_day_that_is_over(self):
        with pytest.raises(CannotContact, match="over"):
            planned(date(2026, 3, 3))

    def test_stands_in_the_ledger_about_the_customer(self):
        contact = planned()

        entry = Entry.objects.get(kind="understand.contact_planned")
        assert (entry.about_kind, entry.about_id) == ("customer", contact.customer_id)
        assert "看样" not in str(entry.facts)


class TestAContactMade:
    def test_is_written_down_in_one_go_with_its_next_step(self):
        made = contacting.log(
            make.customer(), "call", notes="要新色卡", next_step="寄色卡", next_on=FRIDAY, owner=li(), by=li(),
            now=make.NOON,
        )  # fmt: skip

        following = Contact.objects.planned().get()
        assert (following.subject, following.planned_on, following.owner) == ("寄色卡", FRIDAY, li())
        assert made.state == "made"

    def test_needs_a_word_about_what_was_said(self):
        with pytest.raises(CannotContact, match="few words"):
            contacting.log(make.customer(), "call", owner=li(), by=li(), now=make.NOON)

    def test_needs_none_when_nobody_was_reached(self):
        contacting.log(make.customer(), "call", outcome="not_reached", owner=li(), by=li(), now=make.NOON)

    def test_settles_the_planned_one_once(self):
        contact = planned()
        contacting.make(contact, notes="看了", by=li(), now=make.NOON)

        with pytest.raises(ContactSettled):
            contacting.make(contact, notes="看了", by=li(), now=make.NOON)

    def test_was_in_time_though_it_was_written_down_late(self):
        contact = planned()
        missing_contacts.miss_due(after(1, contact))

        made = contacting.make(
            contact, notes="看了", made_at=contact.due_at - timedelta(hours=1), by=li(), now=after(2, contact)
        )

        assert made.missed_at is None


class TestAMissedContact:
    def test_is_missed_at_the_end_of_its_day_whenever_somebody_looks(self):
        contact = planned()

        missing_contacts.miss_due(after(3, contact))

        contact.refresh_from_db()
        assert contact.missed_at == contact.due_at
        entry = Entry.objects.get(kind="understand.contact_missed")
        assert (entry.happened_at, entry.facts["to_person_id"]) == (contact.due_at, li().pk)

    def test_goes_up_a_step_every_working_day_until_the_top(self):
        chen(), qian(), he()
        contact = planned()

        missing_contacts.miss_due(contact.due_at + timedelta(days=30))

        contact.refresh_from_db()
        raised = Entry.objects.filter(kind="understand.contact_raised").order_by("pk")
        first = timezone.localtime(raised[0].happened_at).date()
        assert first == date(2026, 3, 9)  # Monday: the weekend is nobody's working day
        assert [entry.facts["level"] for entry in raised] == list(range(1, len(raised) + 1))
        assert contact.next_at is None

    def test_is_missed_once_by_two_looks(self):
        contact = planned()
        missing_contacts.miss_due(after(1, contact))
        missing_contacts.miss_due(after(1, contact))

        assert Entry.objects.filter(kind="understand.contact_missed").count() == 1

    def test_stops_rising_when_it_is_moved(self):
        contact = planned()
        missing_contacts.miss_due(after(1, contact))

        moved = contacting.move(contact, date(2026, 3, 10), by=li(), now=after(2, contact))

        assert (moved.missed_at, moved.level) == (None, 0)

    def test_does_not_vanish_without_a_reason(self):
        with pytest.raises(CannotContact, match="why"):
            contacting.cancel(planned(), " ", by=li(), now=make.NOON)


class TestASeries:
    def began(self, every=2, unit="weeks", first_on=FRIDAY, **about):
        return contact_series.begin(
            make.customer(), "visit", "季度走访", owner=li(), every=every, unit=unit, first_on=first_on, by=wang(),
            now=make.NOON, **about,
        )  # fmt: skip

    def days(self, series):
        return list(series.contacts.planned().order_by("planned_on").values_list("planned_on", flat=True))

    def test_plans_a_quarter_ahead(self):
        days = self.days(self.began())

        assert days[:3] == [FRIDAY, date(2026, 3, 20), date(2026, 4, 3)]
        assert days[-1] <= WEDNESDAY + timedelta(days=92)

    def test_falls_on_working_days(self):
        days = self.days(self.began(every=1, unit="months", first_on=date(2026, 3, 7)))  # a Saturday

        assert days[0] == date(2026, 3, 9)
        assert all(day.weekday() < 5 for day in days)

    def test_ends_where_it_is_said_to(self):
        assert self.days(self.began(until_on=date(2026, 3, 20))) == [FRIDAY, date(2026, 3, 20)]

    def test_is_filled_again_and_doubles_nothing(self):
        series = self.began()
        before = self.days(series)

        assert contact_series.fill_ahead(make.NOON) == 0
        contact_series.fill_ahead(make.NOON + timedelta(days=60))

        later = self.days(series)
        assert later[: len(before)] == before
        assert len(later) > len(before)
        assert len(set(later)) == len(later)

    def test_changed_leaves_alone_what_was_moved_by_hand(self):
        series = self.began()
        first = series.contacts.order_by("planned_on").first()
        contacting.move(first, date(2026, 3, 5), by=li(), now=make.NOON)

        contact_series.change(
            series, {"every": 4, "first_on": date(2026, 3, 20)}, read_at_version=1, by=wang(), now=make.NOON
        )

        assert self.days(series)[:3] == [date(2026, 3, 5), date(2026, 3, 20), date(2026, 4, 17)]

    def test_ended_keeps_what_was_missed(self):
        series = self.began()
        first = series.contacts.order_by("planned_on").first()
        missing_contacts.miss_due(after(1, first))

        contact_series.end(series, by=wang(), now=after(2, first))

        assert self.days(series) == [FRIDAY]

    def test_is_refused_backwards(self):
        with pytest.raises(CannotContact, match="ends after it begins"):
            self.began(until_on=date(2026, 3, 5))

    @pytest.mark.parametrize(
        ("unit", "number", "day"),
        [("months", 1, date(2026, 2, 28)), ("months", 2, date(2026, 3, 31)), ("weeks", 1, date(2026, 2, 7))],
    )
    def test_knows_the_last_of_a_month(self, unit, number, day):
        assert nth(date(2026, 1, 31), 1, unit, number) == day


class TestWhoSeesAContact:
    def test_is_its_owner_and_those_above(self):
        contact = planned()

        assert list(Contact.objects.visible_to(li())) == [contact]
        assert list(Contact.objects.visible_to(chen())) == [contact]
        assert list(Contact.objects.visible_to(wang())) == [contact]
        assert list(Contact.objects.visible_to(zhao())) == []

    def test_sees_the_customer_too(self):
        contact = planned()

        assert list(Customer.objects.visible_to(li())) == [contact.customer]
        assert list(Customer.objects.visible_to(zhao())) == []


class TestContactsOfTwoWhoAreOne:
    def test_come_along_and_go_back(self):
        kept = make.customer("张三", ("phone", "138 0013 8000"))
        double = make.customer("张叁", ("phone", "138 0013 8000"))
        contact = planned(customer=double)

        made = merging.merge(double, kept, by=wang(), now=make.NOON)
        contact.refresh_from_db()
        assert contact.customer == kept

        merging.undo(made, by=wang(), now=make.NOON)
        contact.refresh_from_db()
        assert contact.customer == double
