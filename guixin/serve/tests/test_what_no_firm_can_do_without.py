from datetime import timedelta

import pytest

from guixin.organisation.tests.make import calendar, firm
from guixin.promise.book import Circumstances, book
from guixin.promise.extending import ask, decide
from guixin.promise.indispensable import always_promised
from guixin.promise.keeping import fire_due
from guixin.promise.models import Clock, Escalation, Measure, Standard
from guixin.serve import closing, escalating, merging, replying
from guixin.serve.intake import Arrival, open_case
from guixin.serve.models import Case, Task
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db
NOON = make.NOON


class TestAFirmWithoutStandards:
    def bare_case(self) -> Case:
        firm()
        return open_case(Arrival(kind="complaint", subject="坏了", channel="phone"), now=NOON)

    def test_still_gives_the_search_for_a_department_a_clock(self):
        case = self.bare_case()

        clock = Clock.objects.get(case_id=case.pk)
        assert (clock.measure, clock.holder_id) == (Measure.ROUTE, make.he().pk)
        assert Case.objects.get(pk=case.pk).queue_at == clock.due_at

    def test_still_gives_an_escalation_by_hand_a_clock(self):
        case = self.bare_case()

        escalating.by_hand(case, reason="大客户", by=make.wang(), now=NOON)

        assert Clock.objects.filter(case_id=case.pk, measure=Measure.ACT).exists()

    def test_publishes_its_first_promises_once(self):
        self.bare_case()
        self.bare_case()

        assert Standard.objects.get(code="default-route").versions.count() == 1

    def test_gives_way_to_the_firms_own_standard(self):
        self.bare_case()
        own = Standard.objects.create(code="own-route", measure=Measure.ROUTE, name="派单")
        own.publish(now=NOON, budget_minutes=30, for_kind="complaint", calendar=calendar("always"))

        promised = always_promised(Measure.ROUTE, Circumstances(kind="complaint"), NOON)

        assert promised.standard == own


class TestTwoStandardsThatSayAsMuch:
    def test_promise_the_stricter_of_the_two(self):
        firm()
        always = calendar("always")
        for code, minutes, terms in (("a", 60, {"for_grade": "A"}), ("b", 240, {"for_severity": 3})):
            standard = Standard.objects.create(code=code, measure=Measure.REPLY, name=code)
            standard.publish(now=NOON, budget_minutes=minutes, calendar=always, **terms)

        promised = book().promise(Measure.REPLY, Circumstances(grade="A", severity=4))

        assert promised.budget_minutes == 60


class TestAnExtensionGrantedAfterTheBreach:
    def test_lets_the_ladder_rest_until_the_new_date(self):
        task = make.task(accepted_by=make.li())
        clock = make.clock(task, "result")
        asked = ask(
            clock,
            by=make.li(),
            until=clock.due_at + timedelta(days=5),
            reason="等配件",
            now=clock.due_at - timedelta(1),
        )
        fire_due(clock.due_at)

        decide(asked, by=make.qian(), granted=True, now=clock.due_at + timedelta(minutes=5))

        later = Clock.objects.get(pk=clock.pk)
        assert later.is_breached
        assert later.next_at == asked.wanted_until
        assert Escalation.objects.filter(clock=clock, level=2).count() == 0


class TestMergingWhatNobodyAnswered:
    def test_opens_an_answered_case_again(self):
        answered, other = make.case(), make.case()
        replying.reply(answered, "已换货", by=make.wang(), now=NOON)

        merging.merge(other, answered, by=make.wang(), now=NOON)

        merged = Case.objects.get(pk=answered.pk)
        assert merged.state == Case.State.OPEN
        assert merged.department_id in Task.objects.open().filter(case=merged).values_list(
            "department", flat=True
        )

    def test_hands_the_ball_to_the_departments_that_came_with_it(self):
        make.standards()
        alone = open_case(Arrival(kind="enquiry", subject="问一下", channel="phone"), now=NOON)
        other = make.case()

        merging.merge(other, alone, by=make.wang(), now=NOON)

        merged = Case.objects.get(pk=alone.pk)
        assert merged.department_id in Task.objects.open().filter(case=merged).values_list(
            "department", flat=True
        )


class TestACaseReopened:
    def test_is_not_closed_by_what_was_said_before_even_at_the_same_instant(self):
        case = make.closed_case()

        closing.reopen(case, "又褪色了", by=make.wang(), now=case.closed_at)

        with pytest.raises(closing.CannotClose, match="not been told"):
            closing.close(case, by=make.wang(), now=case.closed_at, summary="")
