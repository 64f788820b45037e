"""What administrators do with standards: new terms, going back, withdrawing; running promises keep theirs."""

import pytest

from guixin.ledger.models import Entry
from guixin.organisation.tests import make as firm
from guixin.promise import durations, publishing
from guixin.promise.example import example
from guixin.promise.tests import make

pytestmark = pytest.mark.django_db


class TestPublishingTerms:
    def test_makes_a_version_and_leaves_running_promises_alone(self):
        version = make.version(480)
        clock = make.clock(version)
        terms = publishing.terms_of(version) | {"budget_minutes": 240}

        published = publishing.publish_terms(version.standard, terms, by=firm.li(), now=make.NOON)

        clock.refresh_from_db()
        assert (published.number, published.published_by) == (2, firm.li())
        assert clock.version_id == version.pk
        assert publishing.still_running(version.standard) == 1

    def test_refuses_what_is_in_force_already(self):
        version = make.version(480)

        with pytest.raises(publishing.CannotPublish, match="in force already"):
            publishing.publish_terms(version.standard, publishing.terms_of(version), by=None, now=make.NOON)

    def test_refuses_a_ladder_that_does_not_rise(self):
        version = make.version(480)
        terms = publishing.terms_of(version) | {"ladder_minutes": [240, 60]}

        with pytest.raises(publishing.CannotPublish, match="later"):
            publishing.publish_terms(version.standard, terms, by=None, now=make.NOON)

    def test_goes_back_by_a_new_version_equal_to_the_old_one(self):
        first = make.version(480)
        terms = publishing.terms_of(first) | {"budget_minutes": 240}
        publishing.publish_terms(first.standard, terms, by=None, now=make.NOON)

        again = publishing.publish_again(first, by=None, now=make.at("13:00"))

        assert (again.number, again.budget_minutes) == (3, 480)
        assert publishing.differing(again, publishing.terms_of(first)) == []


class TestWithdrawing:
    def test_promises_nothing_from_then_on_and_says_so(self):
        version = make.version(480)

        publishing.withdraw(version.standard, by=firm.li(), now=make.NOON)

        assert publishing.in_force(version.standard) is None
        assert Entry.objects.filter(kind="promise.standard_withdrawn", actor_id=firm.li().pk).exists()

    def test_cannot_be_done_twice(self):
        version = make.version(480)
        publishing.withdraw(version.standard, by=None, now=make.NOON)

        with pytest.raises(publishing.NothingToWithdraw):
            publishing.withdraw(version.standard, by=None, now=make.NOON)


class TestAnExample:
    def test_tells_the_reminder_the_deadline_and_the_levels(self):
        version = make.version(480, ladder=(60, 240))

        shown = example(version, firm.quality().pk, make.NOON)

        assert shown.due_at == make.at("20:00")
        assert [level for level, _at in shown.steps] == [0, 1, 2, 3]
        assert shown.steps[2][1] == make.at("21:00")


class TestASpan:
    @pytest.mark.parametrize(
        ("written", "minutes"), [("30m", 30), ("24小时", 1440), ("４ h", 240), ("90 分钟", 90)]
    )
    def test_is_read_as_people_write_it(self, written, minutes):
        assert durations.read(written) == (minutes, False)

    @pytest.mark.parametrize("written", ["", "soon", "0h", "4", "-3h"])
    def test_that_says_nothing_is_refused(self, written):
        with pytest.raises(ValueError):  # noqa: PT011  its words are the form's
            durations.read(written)

    def test_may_be_several(self):
        assert durations.several("4h，12小时、 ") == ["4h", "12小时"]
