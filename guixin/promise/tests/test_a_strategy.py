"""A segment's strategy: six steps with owners and days, and a review that opens the next round."""

from datetime import timedelta

import pytest

from guixin.ledger.models import Entry
from guixin.organisation.tests import make as firm
from guixin.promise import strategies
from guixin.promise.keeping import fire_due
from guixin.promise.matters import matter_for
from guixin.promise.models import Clock, Escalation, StrategyCycle, StrategyStep
from guixin.promise.tests import make
from guixin.understand.models import Segment

pytestmark = pytest.mark.django_db
FRIDAY = make.at("17:00", 6)


def segment() -> Segment:
    firm.firm()
    return Segment.objects.get_or_create(
        code="key",
        defaults={"name": "大客户", "owner": firm.chen(), "priority": 1, "published_at": make.NOON},
    )[0]


def cycle() -> StrategyCycle:
    return StrategyCycle.objects.first() or strategies.begin(segment(), by=firm.chen(), now=make.NOON)


def step(kind: str = "needs") -> StrategyStep:
    return cycle().steps.get(kind=kind)


def written(
    kind: str = "needs", words: str = "要准时", owner=None, due_at=None, now=make.NOON
) -> StrategyStep:
    found = step(kind)
    return strategies.write(
        found, words=words, owner=owner or firm.chen(), due_at=due_at, read_at_version=found.version,
        by=firm.chen(), now=now,
    )  # fmt: skip


def task(due_at=FRIDAY, owner=None):
    return strategies.give_task(
        step("implementation"), "备一名替补工程师", owner=owner or firm.li(), due_at=due_at, by=firm.chen(),
        now=make.NOON,
    )  # fmt: skip


class TestBeginningAStrategy:
    def test_gives_every_step_to_whoever_answers_for_the_segment(self):
        begun = cycle()
        assert [each.kind for each in begun.steps.order_by("pk")] == list(StrategyStep.Kind)
        assert {each.owner for each in begun.steps.all()} == {firm.chen()}

    def test_is_refused_while_a_round_is_at_work(self):
        cycle()
        with pytest.raises(strategies.NotNow, match="at work already"):
            strategies.begin(segment(), by=firm.chen(), now=make.NOON)

    def test_is_refused_for_a_segment_that_is_not_in_force(self):
        Segment.objects.filter(pk=segment().pk).update(withdrawn_at=make.NOON)
        with pytest.raises(strategies.NotNow, match="not in force"):
            strategies.begin(Segment.objects.get(), by=firm.chen(), now=make.NOON)


class TestAStep:
    def test_is_done_when_it_says_something(self):
        with pytest.raises(strategies.NotNow, match="Write down first"):
            strategies.finish(step(), by=firm.chen(), now=make.NOON)
        done = strategies.finish(written(), by=firm.chen(), now=make.NOON)
        assert (done.state, done.done_by) == ("done", firm.chen())
        assert Entry.objects.filter(kind="promise.strategy_step_finished").exists()

    def test_waits_for_the_tasks_it_gave(self):
        written("implementation", "替补到位")
        given = task()
        with pytest.raises(strategies.NotNow, match="not done yet: 1"):
            strategies.finish(step("implementation"), by=firm.chen(), now=make.NOON)
        strategies.finish_task(given, "已到位", by=firm.li(), now=make.NOON)
        assert strategies.finish(step("implementation"), by=firm.chen(), now=make.NOON).state == "done"

    def test_is_not_overwritten_by_somebody_who_read_it_earlier(self):
        old = step()
        written()
        with pytest.raises(strategies.StepChangedMeanwhile):
            strategies.write(
                old,
                words="别的",
                owner=firm.li(),
                due_at=None,
                read_at_version=1,
                by=firm.li(),
                now=make.NOON,
            )

    def test_can_be_taken_up_again(self):
        strategies.finish(written(), by=firm.chen(), now=make.NOON)
        assert strategies.take_up_again(step(), by=firm.chen(), now=make.NOON).state == "at_work"

    def test_rests_on_pages_of_ours_only(self):
        strategies.add_evidence(step(), "兑现率", "/packages/kept", by=firm.chen(), now=make.NOON)
        for address in ("https://example.com", "//example.com", "/\\example.com", "javascript:alert(1)"):
            with pytest.raises(strategies.CannotPlan, match="a page of ours"):
                strategies.add_evidence(step(), "?", address, by=firm.chen(), now=make.NOON)

    def test_needs_a_day_that_lies_ahead(self):
        with pytest.raises(strategies.CannotPlan, match="lie ahead"):
            written(due_at=make.at("11:00"))


class TestADay:
    def test_has_a_clock_that_reminds_breaks_and_climbs(self):
        written(owner=firm.li(), due_at=FRIDAY)
        assert Clock.objects.get(about_kind="strategy_step").due_at == FRIDAY

        fire_due(FRIDAY + timedelta(minutes=1))

        told = Escalation.objects.filter(case_id=None).order_by("pk")
        assert [one.level for one in told] == [0, 1]
        assert told[0].to_person == firm.li()
        assert matter_for(told[1].to_person, ("strategy_step", step().pk)).address == "/strategies/key#needs"

    def test_that_moves_is_a_new_promise(self):
        written(due_at=FRIDAY)
        written(due_at=FRIDAY + timedelta(days=3))
        assert [c.state for c in Clock.objects.order_by("pk")] == ["void", "running"]

    def test_is_kept_by_finishing(self):
        given = task()
        strategies.finish_task(given, "", by=firm.li(), now=make.at("12:00", 5))
        assert Clock.objects.get().state == "met"

    def test_surfaces_with_whoever_has_to_do_it(self):
        task(), written(owner=firm.li(), due_at=make.at("17:00", 5))
        soon = strategies.waiting_for(firm.li(), make.at("00:00", 7))
        assert [matter.subject for _due, matter in soon] == [
            "大客户 · What they need",
            "大客户 · 备一名替补工程师",
        ]
        assert strategies.waiting_for(firm.li(), make.at("00:00", 5)) == []


class TestTheReview:
    def test_opens_the_next_round_with_what_was_learnt_and_what_is_left(self):
        strategies.finish(written(), by=firm.chen(), now=make.NOON)
        written("communication", owner=firm.li(), due_at=FRIDAY)
        given = task()

        following = strategies.review(
            cycle(), "48小时到场要备件前置", by=firm.chen(), now=make.at("12:00", 5)
        )

        carried = following.steps.get(kind="implementation").tasks.get()
        before = StrategyCycle.objects.get(number=1)
        assert (following.number, following.carried) == (2, "48小时到场要备件前置")
        assert (carried.what, carried.owner, carried.due_at, carried.carried_from) == (
            given.what,
            firm.li(),
            FRIDAY,
            given,
        )
        assert following.steps.get(kind="communication").owner == firm.li()
        assert {s.kind: s.state for s in before.steps.all()}["communication"] == "carried"
        assert [c.about_id for c in Clock.objects.open()] == [carried.pk]

    def test_says_what_was_learnt(self):
        strategies.finish(written(), by=firm.chen(), now=make.NOON)
        with pytest.raises(strategies.CannotPlan, match="what was learnt"):
            strategies.review(cycle(), " ", by=firm.chen(), now=make.NOON)

    def test_needs_something_to_look_back_on(self):
        with pytest.raises(strategies.NotNow, match="nothing to review"):
            strategies.review(cycle(), "?", by=firm.chen(), now=make.NOON)

    def test_leaves_nothing_to_change_in_the_round_before(self):
        old = strategies.finish(written(), by=firm.chen(), now=make.NOON)
        strategies.review(cycle(), "学到了", by=firm.chen(), now=make.NOON)
        with pytest.raises(strategies.NotNow, match="was reviewed"):
            strategies.take_up_again(old, by=firm.chen(), now=make.NOON)
