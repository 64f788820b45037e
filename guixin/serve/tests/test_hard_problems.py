"""The hard-problem channel: to whom a problem goes, its clock, the conclusion, the handbook, and what that spares."""

from datetime import timedelta

import pytest

from guixin.channels.models import Notice
from guixin.handbook.lessons import scores
from guixin.ledger.clock import set_virtual_clock
from guixin.organisation.skilling import keep_skill
from guixin.promise.keeping import fire_due
from guixin.promise.matters import matter_for
from guixin.promise.models import Clock, Escalation
from guixin.serve import asking_experts
from guixin.serve.merging import merge
from guixin.serve.models import Case, HardProblem
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db
CONCLUSION = {"cause": "转速过高", "remedy": "换14号针", "tell_customer": "请换14号针，我们寄两包。"}


def skill(*people, code="sewing"):
    make.firm()
    found, _changed = keep_skill(code, name="缝制", people=people, by=None, now=make.NOON)
    return found


def problem(*experts, case: Case | None = None, **more) -> HardProblem:
    case = case or make.case(departments=[make.quality().pk])
    return asking_experts.ask_expert(
        case, skill(*experts), "为什么跳针?", by=more.pop("by", make.wang()), now=make.NOON
    )


class TestAProblem:
    def test_goes_to_the_expert_who_has_least(self):
        first = problem(make.zhao(), make.jiang())
        second = problem(make.zhao(), make.jiang(), case=make.case(subject="另一件"))

        assert {first.expert, second.expert} == {make.zhao(), make.jiang()}

    def test_goes_to_the_deputy_where_all_are_away(self):
        expert, deputy = make.zhao(), make.jiang()
        make.away(expert, make.NOON - timedelta(days=1), make.NOON + timedelta(days=3), deputy)

        found = problem(expert)

        assert (found.expert, found.instead_of) == (deputy, expert)

    def test_is_not_put_to_nobody_nor_twice(self):
        with pytest.raises(asking_experts.CannotAskExperts, match="Nobody is an expert"):
            problem()
        case = make.case()
        problem(make.zhao(), case=case)
        with pytest.raises(asking_experts.CannotAskExperts, match="has this case already"):
            problem(make.zhao(), case=case)

    def test_shows_its_case_to_the_expert_and_to_nobody_else(self):
        case = make.case(departments=[make.quality().pk])
        assert not Case.objects.visible_to(make.zhao()).filter(pk=case.pk).exists()

        found = problem(make.zhao(), case=case)

        assert Case.objects.visible_to(make.zhao()).filter(pk=case.pk).exists()
        assert not HardProblem.objects.visible_to(make.jiang()).exists()
        assert matter_for(make.zhao(), found.about).address == f"/problems/{found.pk}"

    def test_shows_itself_and_its_case_to_who_stands_in_meanwhile(self):
        set_virtual_clock(make.NOON)
        found = problem(make.zhao())
        make.away(
            make.zhao(), make.NOON - timedelta(hours=1), make.NOON + timedelta(days=3), deputy := make.jiang()
        )

        assert HardProblem.objects.waiting_for(deputy, make.NOON).get() == found
        assert HardProblem.objects.visible_to(deputy).get() == found
        assert Case.objects.visible_to(deputy).get() == found.case

    def test_goes_with_its_case_into_another(self):
        found = problem(make.zhao())
        other = make.case(subject="另一件")

        merge(found.case, other, by=make.wang(), now=make.NOON)

        found.refresh_from_db()
        assert found.case == other

    def test_tells_the_expert_and_climbs_when_nobody_answers(self):
        found = problem(make.zhao())
        clock = Clock.objects.get(about_kind="hard_problem", about_id=found.pk)
        assert clock.case_id is None
        assert Notice.objects.get(kind="serve.hard_problem_asked").person_id == make.zhao().pk

        fire_due(clock.due_at + timedelta(seconds=1))

        raised = Escalation.objects.get(clock=clock, level=1)
        assert raised.to_person_id != make.zhao().pk
        assert matter_for(raised.to_person, found.about) is not None
        assert asking_experts.may_answer(found, raised.to_person, make.NOON)


class TestAConclusion:
    def test_returns_to_the_case_and_keeps_the_promise(self):
        found = asking_experts.conclude(problem(make.zhao()), by=make.zhao(), now=make.NOON, **CONCLUSION)

        assert found.state == "answered"
        assert Clock.objects.get(about_kind="hard_problem").state == "met"
        told = Notice.objects.get(kind="serve.hard_problem_answered")
        assert told.person_id == make.wang().pk

    def test_is_for_the_expert_or_whoever_knows_the_field(self):
        found = problem(make.zhao())

        with pytest.raises(asking_experts.ProblemSettled):
            asking_experts.conclude(found, by=make.li(), now=make.NOON, **CONCLUSION)
        with pytest.raises(asking_experts.CannotAskExperts, match="what is to be done"):
            asking_experts.conclude(found, by=make.zhao(), now=make.NOON, **{**CONCLUSION, "remedy": " "})

    def test_may_be_passed_on_with_the_deadline_it_has(self):
        found = problem(make.zhao(), make.jiang())
        other = ({make.zhao(), make.jiang()} - {found.expert}).pop()
        due = Clock.objects.get(about_kind="hard_problem").due_at

        asking_experts.pass_on(found, by=found.expert, now=make.NOON)

        clock = Clock.objects.get(about_kind="hard_problem")
        assert (clock.holder_id, clock.due_at) == (other.pk, due)
        with pytest.raises(asking_experts.CannotAskExperts, match="has it already"):
            asking_experts.pass_on(found, by=other, now=make.NOON, expert=other)

    def test_becomes_a_lesson_in_one_step_that_counts_what_it_taught_and_prevented(self):
        found = asking_experts.conclude(problem(make.zhao()), by=make.zhao(), now=make.NOON, **CONCLUSION)

        lesson = asking_experts.keep_in_handbook(found, title="8号拉链跳针", by=make.zhao(), now=make.NOON)

        assert lesson.is_published
        assert lesson.instead_zh == "换14号针"
        assert (lesson.origin_kind, lesson.origin_id) == found.about
        with pytest.raises(asking_experts.ProblemSettled):
            asking_experts.keep_in_handbook(found, title="8号拉链跳针", by=make.zhao(), now=make.NOON)

        asking_experts.spare_the_expert(make.case(subject="又跳针"), lesson, by=make.wang(), now=make.NOON)
        waiting = problem(make.zhao(), case=make.case(subject="还是跳针"))
        asking_experts.withdraw_problem(waiting, by=make.wang(), now=make.NOON, article=lesson)

        assert scores([lesson.pk])[lesson.pk].taught == 1
        assert scores([lesson.pk])[lesson.pk].prevented == 2
        assert Clock.objects.get(about_kind="hard_problem", about_id=waiting.pk).state == "void"
