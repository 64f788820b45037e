from datetime import date, timedelta

import pytest

from guixin.ledger.models import Entry
from guixin.organisation import authority, granting
from guixin.promise import authorising
from guixin.promise.models import AuthorityRequest
from guixin.serve import visit_applying, visit_deciding, visit_log, visiting
from guixin.serve.changing import change_owner
from guixin.serve.closing import CannotClose, close
from guixin.serve.merging import merge
from guixin.serve.models import Case, Task, Visit, VisitFollowUp
from guixin.serve.routing import CaseIsClosed
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON, at
from guixin.serve.visit_applying import Application
from guixin.serve.visit_log import Promised, took_place
from guixin.serve.visit_rules import (
    USUAL,
    CannotReceive,
    PublishedMeanwhile,
    publish,
    read,
    rules_in_force,
    written,
)
from guixin.serve.visit_trial import try_on_the_last_quarter
from guixin.serve.visiting import CannotVisit, VisitSettled
from guixin.understand import contacting
from guixin.understand.missing_contacts import miss_due
from guixin.understand.models import Contact, Need

pytestmark = pytest.mark.django_db
AHEAD = date(2026, 3, 18)


def matrix():
    """Wang may receive for 1500 and must ask above; He receives for 10 000."""
    draft = granting.begin_draft()
    for rank, limit in ((1, 1500_00), (2, 10_000_00)):
        granting.put_grant(
            draft, {"decision": "reception", "rank": rank, "currency": "CNY", "limit_each": limit}
        )
    granting.publish(draft, by=None, now=at("09:00", day=2))


def wanted(**said) -> Application:
    return Application(**{"purpose": "tour", "people": 3, "wished_on": AHEAD, "company": "海风电器"} | said)


def visit(now=NOON, **said) -> Visit:
    make.standards(), make.firm(), make.wang()
    return visit_applying.open_visit(
        wanted(**said), customer=make.company(), channel="phone", by=make.wang(), now=now
    )


def approved(**said) -> Visit:
    matrix()
    return visit_deciding.approve(
        visit(**said), at("09:00", day=18), at("16:00", day=18), by=make.wang(), now=NOON
    )


def held(on=18, month=3, **said) -> Visit:
    there = approved(**said)
    Visit.objects.filter(pk=there.pk).update(
        arrives_at=at("09:00", on, month), leaves_at=at("16:00", on, month)
    )
    there.refresh_from_db()
    return took_place(there, "看了染色车间", by=make.wang(), now=at("17:00", on, month))


class TestAnApplication:
    def test_is_a_case_of_its_kind_with_the_grade_the_rules_propose(self):
        there = visit(purpose="audit")

        assert there.case.kind == "visit"
        assert there.case.owner == make.wang()
        assert (there.grade, there.grade_rule, there.budget) == ("B", 2, 1500_00)

    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ({"wished_on": date(2026, 3, 3)}, "is over"),
            ({"people": 31}, "at most 30"),
            ({"people": 0}, "how many"),
            ({"purpose": "party"}, "what the visit is for"),
            ({"wished_or": date(2028, 1, 1)}, "within a year"),
            ({"company": " "}, "who comes"),
        ],
    )
    def test_is_refused_in_words(self, said, why):
        with pytest.raises(CannotVisit, match=why):
            visit(**said)

        assert not Visit.objects.exists()
        assert not Case.objects.exists()

    def test_of_a_customer_keeps_the_notice_the_firm_asks_for_and_sent_twice_is_one(self):
        make.standards(), make.firm(), make.wang()
        sent = {"phone": "13900139000", "email": "", "now": NOON, "once": "a", "language": "en"}

        with pytest.raises(CannotVisit, match="2 days ahead"):
            visit_applying.apply_once(wanted(wished_on=date(2026, 3, 5)), **sent)
        first, again = (visit_applying.apply_once(wanted(), **sent) for _time in "12")

        assert first == again
        assert first.case.channel == "web"
        assert first.case.customer.kind == "company"

    def test_is_graded_by_somebody_only_with_a_reason(self):
        there = visit()

        with pytest.raises(CannotVisit, match="Say why"):
            visit_deciding.regrade(there, "A", " ", by=make.wang(), now=NOON)
        there = visit_deciding.regrade(there, "A", "明年框架", by=make.wang(), now=NOON)
        changed = visit_applying.change(there, {"people": 12}, read_at_version=2, by=make.wang(), now=NOON)

        assert (changed.grade, changed.budget, changed.people) == ("A", 5000_00, 12)


class TestADecision:
    def test_within_ones_authority_is_told_to_the_customer(self):
        there = approved()

        said = there.case.messages.get(kind="reply").body
        assert there.state == "approved"
        assert there.use.amount == there.budget
        assert "2026年3月18日 09:00–16:00" in said

    def test_above_it_goes_up_by_itself_and_is_settled_by_the_answer(self):
        matrix()
        there = visit_deciding.regrade(visit(), "A", "明年框架", by=make.wang(), now=NOON)

        with pytest.raises(authorising.SayWhy):
            visit_deciding.approve(there, at("09:00", 18), at("16:00", 18), by=make.wang(), now=NOON)
        there = visit_deciding.approve(
            there, at("09:00", 18), at("16:00", 18), by=make.wang(), now=NOON, reason="大客户"
        )
        assert there.state == "asked"
        authorising.approve(AuthorityRequest.objects.get(), by=there.request.to_person, now=NOON)

        there.refresh_from_db()
        assert there.state == "approved"
        assert there.decided_by == there.request.to_person

    def test_refused_above_is_with_the_desk_again(self):
        matrix()
        there = visit_deciding.regrade(visit(), "A", "明年框架", by=make.wang(), now=NOON)
        visit_deciding.approve(
            there, at("09:00", 18), at("16:00", 18), by=make.wang(), now=NOON, reason="大客户"
        )
        authorising.refuse(
            AuthorityRequest.objects.get(),
            by=there.request.to_person if there.request else Visit.objects.get().request.to_person,
            now=NOON,
            note="太贵",
        )

        there.refresh_from_db()
        assert there.state == "applied"
        declined = visit_deciding.decline(
            there, "车间检修", alternatives="四月以后", by=make.wang(), now=NOON
        )
        told = declined.case.messages.get(kind="reply").body
        assert declined.state == "declined"
        assert "车间检修" in told
        assert "四月以后" in told

    def test_without_any_line_of_the_table_is_refused(self):
        with pytest.raises(authority.NoAuthorityFor):
            visit_deciding.approve(visit(), at("09:00", 18), at("16:00", 18), by=make.wang(), now=NOON)

    def test_is_no_time_in_the_past_nor_one_that_ends_before_it_begins(self):
        matrix()
        there = visit()

        with pytest.raises(CannotVisit, match="lies ahead"):
            visit_deciding.approve(there, at("09:00", 3), at("16:00", 3), by=make.wang(), now=NOON)
        with pytest.raises(CannotVisit, match="after they arrive"):
            visit_deciding.approve(there, at("09:00", 18), at("09:00", 18), by=make.wang(), now=NOON)

    def test_warns_of_another_visit_at_the_same_place_and_refuses_nothing(self):
        first = approved()
        Visit.objects.filter(pk=first.pk).update(place="一号展厅")
        second = visit_applying.open_visit(
            wanted(company="另一家"), customer=None, channel="phone", by=make.wang(), now=NOON
        )

        second = visit_deciding.approve(
            second, at("15:00", 18), at("17:00", 18), place="一号展厅", by=make.wang(), now=NOON
        )

        assert visiting.overlapping(second) == [first]
        assert second.state == "approved"
        assert not visiting.overlapping(second, arrives_at=at("16:00", 18))

    def test_called_off_frees_the_authority_and_can_be_applied_for_again(self):
        there = approved()

        gone = visit_deciding.cancel(there, "", now=NOON)
        again = visit_applying.apply_again(gone, date(2026, 4, 1), now=NOON, by=make.wang())

        assert authority.Use.objects.counting().count() == 0
        assert again.state == "applied"
        assert again.use is None
        assert again.case.state == "open"
        with pytest.raises(VisitSettled):
            visit_applying.apply_again(again, date(2026, 4, 2), now=NOON)

    def test_of_a_customer_who_calls_off_while_it_is_asked_takes_the_question_back(self):
        matrix()
        there = visit_deciding.regrade(visit(), "A", "明年框架", by=make.wang(), now=NOON)
        there = visit_deciding.approve(
            there, at("09:00", 18), at("16:00", 18), by=make.wang(), now=NOON, reason="大客户"
        )

        visit_deciding.cancel(there, "改期", now=NOON)

        there.refresh_from_db()
        assert there.state == "cancelled"
        assert AuthorityRequest.objects.get().state == "withdrawn"


class TestACaseWithAVisit:
    def test_is_not_closed_before_the_visitors_were_here(self):
        with pytest.raises(CannotClose, match="still to come"):
            close(approved().case, by=make.wang(), now=NOON)

    def test_is_closed_after_that_and_the_visit_is_settled(self):
        there = held()
        close(there.case, by=make.wang(), now=at("17:30", 18))

        with pytest.raises(CaseIsClosed):
            visit_applying.apply_again(there, date(2026, 4, 1), now=at("18:00", 18))

    def test_takes_it_along_when_it_is_merged(self):
        there, other = visit(), make.case()

        merge(there.case, other, by=make.wang(), now=NOON)

        there.refresh_from_db()
        assert there.case == other

    def test_calls_it_off_where_the_other_has_one_of_its_own(self):
        there, other = (
            approved(),
            visit_applying.open_visit(wanted(), customer=None, channel="phone", by=make.wang(), now=NOON),
        )

        merge(there.case, other.case, by=make.wang(), now=NOON)

        there.refresh_from_db(), other.refresh_from_db()
        assert (there.state, other.state) == ("cancelled", "applied")
        assert authority.Use.objects.counting().count() == 0


class TestWhenTheyWereHere:
    def test_three_follow_ups_stand_on_the_desk_of_the_owner(self):
        there = held()

        rows = there.follow_ups.order_by("months").select_related("contact")
        days = [(row.months, row.contact.planned_on.isoformat(), row.contact.owner_id) for row in rows]
        # 18 April 2026 is a Saturday, 18 July another; 18 September a Friday.
        assert days == [
            (1, "2026-04-20", make.wang().pk), (3, "2026-06-18", make.wang().pk), (6, "2026-09-18", make.wang().pk),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("came", "follows"),
        [
            (date(2026, 8, 31), ["2026-09-30", "2026-11-30", "2027-03-01"]),  # 28 February 2027 is a Sunday
            (date(2026, 11, 30), ["2026-12-30", "2027-03-01", "2027-05-31"]),  # over the year's end
            (date(2027, 8, 31), ["2027-09-30", "2027-11-30", "2028-02-29"]),  # a leap year
        ],
    )
    def test_months_are_those_of_the_calendar(self, came, follows):
        there = held()
        VisitFollowUp.objects.all().delete()
        there.held_at = at("10:00").replace(year=came.year, month=came.month, day=came.day)

        days = visit_log.plan_follow_ups(there, by=make.wang(), now=there.held_at)

        assert [each.isoformat() for each in days] == follows

    def test_promises_become_tasks_and_needs(self):
        there = approved()
        said = [Promised("一周内寄样", make.quality()), Promised("小批量快返"), Promised(" ")]

        took_place(there, "谈得好", promises=said, by=make.wang(), now=at("17:00", 18))

        assert Task.objects.get(case=there.case).instruction == "一周内寄样"
        assert Need.objects.get().theme == "小批量快返"

    def test_it_is_written_down_once_and_not_before(self):
        with pytest.raises(CannotVisit, match="in the past"):
            took_place(approved(), "来过", held_at=at("09:00", 18), by=make.wang(), now=NOON)
        there = Visit.objects.get()
        took_place(there, "来过", by=make.wang(), now=at("17:00", 18))
        with pytest.raises(VisitSettled):
            took_place(there, "来过", by=make.wang(), now=at("17:00", 18))

    def test_what_was_missed_goes_up_and_the_share_done_on_time_is_counted(self):
        there = held()
        first, second, _third = (row.contact for row in there.follow_ups.order_by("months"))
        contacting.make(first, notes="很满意", by=make.wang(), now=at("10:00", 20, 4))
        later = second.due_at + timedelta(days=5)

        miss_due(later)

        second.refresh_from_db()
        said = visit_log.followed_up(VisitFollowUp.objects.all(), later)
        assert second.missed_at
        assert second.level == 2
        assert second.raised_to
        assert (said.due, said.on_time, said.missed, said.share) == (2, 1, 1, 0.5)

    def test_the_follow_ups_go_with_the_owner(self):
        there = held()

        change_owner(there.case, make.tang(), by=make.he(), now=at("17:30", 18))

        assert set(Contact.objects.planned().values_list("owner__login", flat=True)) == {"tang"}
        assert Entry.objects.filter(kind="understand.contact_passed_on").count() == 3


class TestTheRulesOfVisits:
    def test_are_kept_in_versions_and_a_visit_keeps_its_own(self):
        there = visit()
        said = {
            "purposes": [{"code": "tour", "name": "参观"}],
            "grades": [{"code": "X", "name": "接待", "budget": "88"}],
        }

        publish(said, by=None, now=NOON)

        assert publish(said, by=None, now=NOON) is None
        assert rules_in_force().grades[0].budget == 88_00
        assert there.grade == "C"
        assert there.rules_id is None

    @pytest.mark.parametrize(
        "said",
        [
            {},
            {"purposes": [{"code": "a", "name": "x"}], "grades": [{"code": "A", "name": "x", "budget": "0"}]},
            {"purposes": [{"code": "a", "name": "x"}] * 2, "grades": [{"code": "A", "name": "x", "budget": "1"}]},
            {"purposes": [{"code": "a", "name": "x"}], "grades": [{"code": "A", "name": "x", "budget": "1"}],
             "rules": [{"grade": "B"}]},
            {"colour": "red"},
        ],
    )  # fmt: skip
    def test_are_refused_when_they_contradict_themselves(self, said):
        with pytest.raises(CannotReceive):
            publish(said, by=None, now=NOON)


class TestRulesTriedOnTheLastQuarter:
    def test_say_which_visits_would_have_been_received_otherwise(self):
        there = visit()
        visiting_now = Visit.objects.get(pk=there.pk)
        changed = visit(people=12)
        visit_deciding.regrade(visit(), "A", "明年框架", by=make.wang(), now=NOON)
        said = USUAL | {
            "rules": [{"people": 10, "grade": "A"}], "most_people": 11,
            "grades": [each | {"budget": "2000"} if each["code"] == "A" else each for each in USUAL["grades"]],
        }  # fmt: skip
        trial = try_on_the_last_quarter(read(said), by=make.he(), now=NOON)

        assert (trial.visits, trial.decided, trial.too_many) == (3, 1, 1)
        assert dict(trial.moves) == {(changed.grade, "A"): 1}
        assert [each.visit for each in trial.others] == [changed]
        before = visiting_now.budget + changed.budget
        assert trial.would_cost - trial.cost == 2000_00 + read(said).grade(visiting_now.grade).budget - before
        assert not try_on_the_last_quarter(read(said), by=make.he(), now=NOON + timedelta(days=93)).visits

    def test_are_written_as_they_are_read_and_not_over_somebody_elses(self):
        rules = read(USUAL)
        assert read(written(rules)) == rules
        publish(USUAL, by=make.he(), now=NOON, read_at=0)
        with pytest.raises(PublishedMeanwhile):
            publish(USUAL | {"most_people": 9}, by=make.he(), now=NOON, read_at=0)

    def test_say_after_how_many_months_visitors_are_followed_up(self):
        publish(USUAL | {"follow_ups": [2]}, by=make.he(), now=NOON)
        assert [row.months for row in held().follow_ups.all()] == [2]
        with pytest.raises(CannotReceive, match="1 to 24 months"):
            read(USUAL | {"follow_ups": [0]})
