"""Intake (issue 2, point 1): an owner, promises, a number and a private link from the first second."""

import pytest

from guixin.ledger.models import Entry
from guixin.promise.models import Clock, Escalation
from guixin.serve.intake import Arrival, CannotOpen, open_case, open_cases
from guixin.serve.models import Case, CaseLink
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON, at

pytestmark = pytest.mark.django_db


def arrival(**more):
    return Arrival(**({"kind": "enquiry", "subject": "怎么安装", "channel": "web"} | more))


class TestACaseThatArrives:
    def test_has_its_owner_number_and_promises_at_once(self):
        case = make.case()

        assert case.owner == make.wang()
        assert case.number == f"2026-{int(case.number[5:]):06d}"
        assert set(Clock.objects.of("case", case.pk).values_list("measure", flat=True)) == {
            "acknowledge", "preliminary", "reply", "resolve",
        }  # fmt: skip
        assert make.clock(case, "reply").due_at == at("12:00", day=5)
        assert make.clock(case, "acknowledge").due_at == at("13:30")
        assert make.clock(case, "resolve").due_at == at("12:00", day=11)

    def test_says_in_the_ledger_what_was_promised(self):
        case = make.case()
        opened = Entry.objects.get(kind="serve.case_opened")
        promised = {one["measure"]: one["due_at"] for one in opened.facts["promises"]}
        assert promised["reply"].startswith("2026-03-05T")
        assert opened.facts["number"] == case.number

    def test_can_be_tracked_by_its_secret_link_only(self):
        case = make.case()
        assert case.tracking_link().endswith(f"/track/{case.number}/{case.tracking_token()}")
        assert case.is_tracked_by(case.tracking_token())
        assert not case.is_tracked_by(make.case().tracking_token())
        assert len(case.tracking_token()) == 24

    def test_loses_old_links_with_a_new_salt(self):
        case = make.case()
        old = case.tracking_token()
        case.tracking_salt = Case.new_tracking_salt()
        assert not case.is_tracked_by(old)

    def test_without_a_person_goes_to_the_front_desk_agent_with_the_least_open(self):
        make.case(by=make.wang())
        make.standards()
        assert open_case(arrival(), now=NOON).owner == make.tang()

    def test_goes_to_another_agent_when_the_one_who_took_it_is_away(self):
        make.away(make.wang(), at("00:00"), at("00:00", day=9))
        assert make.case().owner == make.tang()

    def test_goes_to_the_coordinator_when_the_front_desk_is_empty(self):
        for who in (make.wang(), make.tang()):
            make.away(who, at("00:00"), at("00:00", day=9))
        assert make.case().owner == make.he()

    def test_is_numbered_by_the_year_on_the_wall(self):
        make.standards()
        newyear = at("00:30", day=1, month=1)
        assert open_case(arrival(opened_at=newyear), now=NOON).number.startswith("2026-")

    def test_promises_a_better_grade_more(self):
        assert make.clock(make.case(grade="A"), "reply").due_at == at("00:00", day=5)

    def test_that_reached_us_earlier_is_promised_from_then(self):
        case = make.case(opened_at=at("10:00"))
        assert make.clock(case, "reply").due_at == at("10:00", day=5)

    def test_shows_its_next_deadline_in_the_queue(self):
        case = make.case()
        assert Case.objects.get(pk=case.pk).queue_at == case.queue_at == at("13:30")

    def test_comes_in_a_batch_as_it_would_alone(self):
        make.standards(), make.rules(), make.terms()
        cases = open_cases([arrival(subject=f"第{n}件") for n in range(3)], now=NOON)
        assert len({case.number for case in cases}) == 3
        assert Clock.objects.filter(measure="reply", case_id__in=[case.pk for case in cases]).count() == 3


class TestAnArrivalThatIsNotUnderstood:
    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"subject": "  "}, "few words"),
            ({"kind": "rant"}, "no kind of case"),
            ({"channel": "pigeon"}, "no channel"),
            ({"severity": 9}, "Severity"),
            ({"category": "weather"}, "no category"),
            ({"opened_at": at("12:01")}, "future"),
        ],
    )
    def test_is_refused_in_words_and_leaves_nothing(self, wrong, words):
        make.standards()
        with pytest.raises(CannotOpen, match=words):
            open_case(arrival(**wrong), now=NOON)
        assert not Case.objects.exists()


class TestTheSameComplaintAgain:
    def test_is_linked_to_the_earlier_one_and_goes_up_at_once(self):
        first = make.case(now=at("10:00", day=2))
        again = make.case(now=NOON)

        link = CaseLink.objects.get(case=again)
        assert (link.other, link.kind) == (first, "repeat")
        told = Escalation.objects.get(case_id=again.pk)
        assert (told.cause, told.level, told.to_person) == ("repeat", 1, make.he())
        again.refresh_from_db()
        assert again.level == 1
        assert make.clock_of_escalation(told).measure == "act"

    def test_shows_the_authoritys_deadline_in_the_queue_too(self):
        make.case(now=at("10:00", day=2))
        again = make.case(now=NOON)
        dues = Clock.objects.filter(case_id=again.pk, state="running").values_list("due_at", flat=True)
        assert Case.objects.get(pk=again.pk).queue_at == min(dues)

    def test_after_the_firms_days_is_a_new_one(self):
        make.case(now=NOON)
        again = make.case(now=at("12:01", day=3, month=4))
        assert not CaseLink.objects.filter(case=again).exists()

    def test_is_known_by_its_words_where_it_has_no_category_yet(self):
        first = make.case(now=at("10:00", day=2), subject="深蓝的布掉色，洗一次就掉")
        other = make.case(category="delivery", subject="送货晚了两天")
        again = make.case(category="", subject="深蓝的布掉色了，洗一次就掉！", now=at("15:00"))

        assert [(link.case_id, link.other_id) for link in CaseLink.objects.all()] == [(again.pk, first.pk)], (
            other
        )

    def test_of_another_category_or_customer_or_as_an_enquiry_is_no_repeat(self):
        make.case(now=at("10:00", day=2))
        make.case(category="delivery")
        make.case(customer=make.customer("李四", "139 0013 9000"))
        make.case(kind="enquiry")
        make.case(customer=None)
        assert not CaseLink.objects.exists()
