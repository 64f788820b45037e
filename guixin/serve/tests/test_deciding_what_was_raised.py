import pytest

from guixin.ledger.models import Entry
from guixin.promise import extending
from guixin.promise.escalating import AlreadyActed, MustLookAgain
from guixin.promise.keeping import fire_due
from guixin.promise.models import Escalation, Extension
from guixin.serve import escalating
from guixin.serve.handling import return_result
from guixin.serve.models import Message, Task
from guixin.serve.models.counter import counted
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON, at

pytestmark = pytest.mark.django_db
LATE = at("12:30", day=5)  # the result of a task given on Wednesday noon was due on Thursday noon
TOMORROW = at("12:30", day=6)


def late_task() -> tuple[Task, Escalation]:
    """Li's task, half an hour late: Qian was told."""
    task = make.task(accepted_by=make.li())
    fire_due(LATE)
    return task, Escalation.objects.waiting().get(clock=make.clock(task, "result"))


def waiting_by_counter(*keys: str) -> list[int]:
    found = counted("waiting_escalations", list(keys))
    return [found[key] for key in keys]


class TestWhatWasRaised:
    def test_waits_for_whoever_was_told(self):
        _task, raised = late_task()

        assert list(Escalation.objects.waiting_for(make.qian().pk)) == [raised]
        qian, quality = make.qian().pk, make.quality().pk
        assert waiting_by_counter(f"person:{qian}", f"department:{quality}:level:1") == [1, 1]

    def test_leaves_those_below_when_it_goes_up(self):
        _task, first = late_task()
        fire_due(at("17:00", day=5))  # four working hours after the breach: level 2

        second = Escalation.objects.waiting().get(clock=first.clock)
        assert (second.level, second.to_person) == (2, make.wu())
        assert not Escalation.objects.waiting_for(make.qian().pk).exists()

    def test_waits_once_when_several_levels_are_caught_up_at_the_same_time(self):
        task = make.task(accepted_by=make.li())
        fire_due(at("17:00", day=5))

        waiting = Escalation.objects.waiting().filter(clock=make.clock(task, "result"))
        assert [one.level for one in waiting] == [2]

    def test_is_over_when_the_promise_ends(self):
        task, raised = late_task()
        return_result(task, "换货", by=make.li(), now=LATE)

        raised.refresh_from_db()
        assert raised.over_at == LATE
        assert waiting_by_counter(f"person:{make.qian().pk}") == [0]

    def test_is_over_when_a_case_raised_by_hand_is_closed(self):
        case = make.answered_case()
        raised = escalating.by_hand(case, reason="客户不满", by=make.wang(), now=NOON)
        from guixin.serve.closing import close

        close(case, by=make.wang(), now=LATE, department=make.quality(), quality_point="colour",
              cause="material", severity=2)  # fmt: skip

        raised.refresh_from_db()
        assert raised.over_at == LATE


class TestAnAuthority:
    def test_takes_a_task_over(self):
        task, raised = late_task()
        escalating.take_over(raised, by=make.qian(), look_again_at=TOMORROW, now=LATE)

        task.refresh_from_db()
        raised.refresh_from_db()
        assert task.handler == make.qian()
        assert make.clock(task, "result").holder == make.qian()
        assert (raised.acted_how, raised.look_again_at, raised.over_at) == ("took_over", TOMORROW, LATE)
        assert make.clock(task, "result").next_at == TOMORROW
        assert Entry.objects.filter(kind="serve.task_handed_over", actor_id=make.qian().pk).exists()

    def test_takes_a_case_over_when_the_promise_was_to_the_customer(self):
        case = make.case()
        raised = escalating.by_hand(case, reason="客户要起诉", by=make.wang(), now=NOON)
        escalating.take_over(raised, by=raised.to_person, look_again_at=TOMORROW, now=LATE)

        case.refresh_from_db()
        assert case.owner == raised.to_person

    def test_instructs_with_a_note_that_all_at_work_hear_of(self):
        from guixin.channels.models import Notice

        task, raised = late_task()
        message = escalating.instruct(
            raised, "今天先寄样品", by=make.qian(), look_again_at=TOMORROW, now=LATE
        )

        assert (message.kind, message.task_id) == (Message.Kind.NOTE, task.pk)
        told = set(Notice.objects.filter(kind="serve.instructed").values_list("person_id", flat=True))
        assert told == {make.li().pk, make.wang().pk}

    def test_gives_a_task_to_a_colleague(self):
        task, raised = late_task()
        escalating.reassign(
            raised, person=make.wu(), by=make.qian(), reason="李工出差", look_again_at=TOMORROW, now=LATE
        )

        task.refresh_from_db()
        assert task.handler == make.wu()

    def test_gives_a_task_to_another_department(self):
        task, raised = late_task()
        escalating.reassign(
            raised, department=make.logistics(), by=make.qian(), reason="运输损坏", look_again_at=TOMORROW,
            now=LATE,
        )  # fmt: skip

        task.refresh_from_db()
        assert (task.department, task.handler, task.state) == (make.logistics(), None, Task.State.GIVEN)

    @pytest.mark.parametrize("nobody_or_both", ["nobody", "both"])
    def test_gives_it_to_one_of_them(self, nobody_or_both):
        _task, raised = late_task()
        to = {} if nobody_or_both == "nobody" else {"person": make.wu(), "department": make.logistics()}

        with pytest.raises(escalating.CannotEscalate, match="one of them"):
            escalating.reassign(raised, by=make.qian(), reason="……", look_again_at=TOMORROW, now=LATE, **to)
        raised.refresh_from_db()
        assert raised.acted_at is None

    def test_silences_it_with_a_reason_and_not_for_good(self):
        _task, raised = late_task()
        with pytest.raises(MustLookAgain, match="Say what you decided"):
            escalating.silence(raised, by=make.qian(), reason=" ", look_again_at=TOMORROW, now=LATE)
        with pytest.raises(MustLookAgain, match="31 days at most"):
            escalating.silence(
                raised, by=make.qian(), reason="等客户寄样", look_again_at=at("09:00", month=6), now=LATE
            )
        escalating.silence(raised, by=make.qian(), reason="等客户寄样", look_again_at=TOMORROW, now=LATE)

        fire_due(at("12:29", day=6))
        assert not Escalation.objects.waiting().filter(clock=raised.clock).exists()
        fire_due(TOMORROW)
        assert Escalation.objects.waiting().get(clock=raised.clock).level == 2  # and then it goes on

    def test_decides_once(self):
        task, raised = late_task()
        escalating.silence(raised, by=make.qian(), reason="等客户寄样", look_again_at=TOMORROW, now=LATE)

        with pytest.raises(AlreadyActed):
            escalating.take_over(raised, by=make.qian(), look_again_at=TOMORROW, now=LATE)
        task.refresh_from_db()
        assert task.handler == make.li()


class TestARequestForMoreTime:
    def test_expires_with_its_promise(self):
        task = make.task(accepted_by=make.li())
        asked = extending.ask(
            make.clock(task, "result"), by=make.li(), until=TOMORROW, reason="等零件", now=NOON
        )
        return_result(task, "修好了", by=make.li(), now=at("16:00"))

        asked.refresh_from_db()
        assert (asked.state, asked.decided_at) == (Extension.State.EXPIRED, at("16:00"))
        assert Entry.objects.filter(kind="promise.extension_expired", case_id=task.case_id).count() == 1
        with pytest.raises(extending.CannotExtend, match="no longer running"):
            extending.decide(asked, by=make.qian(), granted=True, now=at("16:01"))


class TestTheCounters:
    def test_follow_tasks_until_they_are_accepted(self):
        from guixin.serve.handling import accept

        task = make.task()
        key = f"department:{make.quality().pk}"
        assert counted("unaccepted_tasks", ["all", key]) == {"all": 1, key: 1}

        accept(task, by=make.li(), now=NOON)
        assert counted("unaccepted_tasks", ["all", key]) == {"all": 0, key: 0}

    def test_follow_cases_that_wait_for_the_customer(self):
        from guixin.serve.waiting import customer_answered, wait_for_customer

        case = make.case()
        keys = ["all", f"owner:{make.wang().pk}"]
        wait_for_customer(case, "哪一批货？", by=make.wang(), now=NOON)
        assert counted("waiting_cases", keys) == dict.fromkeys(keys, 1)

        customer_answered(case, now=NOON)
        assert counted("waiting_cases", keys) == dict.fromkeys(keys, 0)
