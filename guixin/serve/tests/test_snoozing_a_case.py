"""A case that sleeps is out of its owner's way, breaks no promise by it, and comes back by itself."""

from datetime import timedelta

import pytest

from guixin.channels.models import Notice
from guixin.ledger.models import Entry
from guixin.promise.models import Clock
from guixin.serve import changing, handling, queues, replying, snoozing
from guixin.serve.models import Case, Snooze, Task
from guixin.serve.snoozing import CannotSnooze
from guixin.serve.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOON = make.NOON
LATER = NOON + timedelta(minutes=5)


def mine(person, queue="mine") -> list[str]:
    return [case.number for case in queues.page_of(queues.cases(queue, person, now=NOON)).rows]


@pytest.fixture
def case():
    """A case of Wang's with nothing due before tomorrow."""
    case = make.case(departments=[make.quality().pk])
    Case.objects.filter(pk=case.pk).update(queue_at=NOON + timedelta(hours=20))
    case.refresh_from_db()
    return case


@pytest.fixture
def asleep(case):
    snoozing.snooze(case, NOON + timedelta(hours=2), by=make.wang(), now=NOON)
    return case


def causes() -> list[str]:
    return [entry.facts["cause"] for entry in Entry.objects.filter(kind="serve.case_woken")]


class TestPuttingACaseToSleep:
    def test_takes_it_out_of_its_owners_list_and_of_no_other(self, asleep):
        assert asleep.number not in mine(make.wang())
        assert mine(make.wang(), "snoozed") == [asleep.number]
        assert asleep.number in mine(make.he(), "all")

    def test_moves_the_number_in_the_rail_with_the_list(self, case):
        before = queues.numbers(make.wang())
        snoozing.snooze(case, None, by=make.wang(), now=NOON)
        after = queues.numbers(make.wang())
        assert (after["mine"], after["snoozed"]) == (before["mine"] - 1, 1)
        assert after["mine"] == len(mine(make.wang()))

    def test_stops_no_clock(self, case):
        before = list(Clock.objects.filter(case_id=case.pk).values_list("state", "due_at"))
        snoozing.snooze(case, None, by=make.wang(), now=NOON)
        assert list(Clock.objects.filter(case_id=case.pk).values_list("state", "due_at")) == before

    def test_again_is_another_time(self, asleep):
        snoozing.snooze(asleep, None, by=make.wang(), now=LATER)
        assert Snooze.objects.get().until is None

    def test_is_the_owners_alone(self, case):
        with pytest.raises(CannotSnooze, match="owner"):
            snoozing.snooze(case, None, by=make.he(), now=NOON)

    @pytest.mark.parametrize("left", [timedelta(minutes=-1), timedelta(minutes=29)])
    def test_is_refused_when_it_is_late_or_nearly(self, case, left):
        Case.objects.filter(pk=case.pk).update(queue_at=NOON + left)
        with pytest.raises(CannotSnooze, match="stays awake"):
            snoozing.snooze(case, None, by=make.wang(), now=NOON)

    @pytest.mark.parametrize("until", [NOON, NOON - timedelta(days=1), NOON + timedelta(days=93)])
    def test_is_refused_until_a_time_that_is_no_use(self, case, until):
        with pytest.raises(CannotSnooze):
            snoozing.snooze(case, until, by=make.wang(), now=NOON)


class TestASleepingCase:
    def test_wakes_at_its_time_and_its_owner_hears(self, asleep):
        assert snoozing.wake_due(NOON + timedelta(minutes=119)) == 0
        assert snoozing.wake_due(NOON + timedelta(minutes=120)) == 1
        assert asleep.number in mine(make.wang())
        assert (
            Notice.objects.filter(person=make.wang(), kind="serve.case_woken", case_id=asleep.pk).count() == 1
        )
        assert causes() == ["time"]

    def test_is_known_to_wake_then_or_before_its_deadline(self, asleep):
        assert snoozing.next_due() == NOON + timedelta(hours=2)
        snoozing.snooze(asleep, None, by=make.wang(), now=NOON)
        assert snoozing.next_due() == asleep.queue_at - timedelta(minutes=30)
        snoozing.wake(asleep, by=make.wang(), now=NOON)
        assert snoozing.next_due() is None

    def test_wakes_half_an_hour_before_its_next_deadline(self, case):
        snoozing.snooze(case, None, by=make.wang(), now=NOON)
        near = case.queue_at - timedelta(minutes=30)
        assert snoozing.wake_due(near - timedelta(seconds=1)) == 0
        assert snoozing.wake_due(near) == 1
        assert causes() == ["deadline"]

    def test_wakes_once_for_many_workers(self, asleep):
        later = NOON + timedelta(hours=30)  # both its time and its deadline
        assert [snoozing.wake_due(later), snoozing.wake_due(later)] == [1, 0]

    def test_wakes_when_the_customer_speaks(self, asleep):
        replying.customer_adds(asleep, "还有一张照片", now=LATER)
        assert asleep.number in mine(make.wang())
        assert causes() == ["customer"]
        assert not Notice.objects.filter(kind="serve.case_woken").exists()  # the words are news themselves

    def test_wakes_when_a_department_asks(self, asleep):
        handling.ask(Task.objects.get(case=asleep), "哪一批?", by=make.li(), now=LATER)
        assert causes() == ["department"]

    def test_wakes_by_hand(self, asleep):
        assert snoozing.wake(asleep, by=make.wang(), now=LATER)
        assert not snoozing.wake(asleep, by=make.wang(), now=LATER)
        assert causes() == ["by_hand"]

    def test_is_awake_for_a_new_owner(self, asleep):
        changing.change_owner(asleep, make.he(), by=make.wang(), now=LATER)
        assert asleep.number in mine(make.he())
        assert queues.numbers(make.wang())["snoozed"] == 0
