"""What people write may name somebody: it stays beside the entry, where it can be erased, never in the sealed facts."""

import json
from datetime import timedelta

import pytest

from guixin.ledger.models import Entry
from guixin.promise import escalating
from guixin.promise.extending import ask, decide
from guixin.promise.models import Escalation
from guixin.serve import changing, closing, handling, replying, waiting
from guixin.serve.escalating import by_hand
from guixin.serve.models import Task
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db

NOON = make.NOON
WRITTEN = "张三丰"  # a name nobody else in these tests has


def sealed() -> str:
    return json.dumps(list(Entry.objects.values_list("kind", "facts")), ensure_ascii=False)


class TestWhatSomebodyWrote:
    def test_about_more_time_is_not_sealed(self):
        task = make.task(accepted_by=make.li())
        clock = make.clock(task, "result")
        asked = ask(clock, by=make.li(), until=clock.due_at + timedelta(days=1), reason=WRITTEN, now=NOON)
        decide(asked, by=asked.authority, granted=True, now=NOON, note=WRITTEN)

        assert "promise.clock_moved" in sealed()
        assert WRITTEN not in sealed()

    def test_when_a_task_changed_hands_is_not_sealed(self):
        task = make.task(accepted_by=make.li())
        handling.ask(task, WRITTEN, by=make.li(), now=NOON)
        handling.pass_on(task, make.logistics(), WRITTEN, by=make.li(), now=NOON)
        handling.send_back(task, WRITTEN, by=make.zhao(), now=NOON)
        other = make.task(accepted_by=make.li(), subject="另一件")
        handling.withdraw(other, by=make.wang(), reason=WRITTEN, now=NOON)

        assert "serve.task_withdrawn" in sealed()
        assert WRITTEN not in sealed()

    def test_to_or_from_the_customer_is_not_sealed(self):
        case = make.case(departments=[make.quality().pk], subject=WRITTEN, story=WRITTEN)
        handling.return_result(Task.objects.get(case=case), WRITTEN, by=make.li(), now=NOON)
        waiting.wait_for_customer(case, WRITTEN, by=make.wang(), now=NOON)
        replying.customer_adds(case, WRITTEN, now=NOON)
        replying.customer_urges(case, body=WRITTEN, now=NOON)
        replying.note(case, WRITTEN, by=make.wang(), now=NOON)
        replying.reply(case, WRITTEN, by=make.wang(), now=NOON)
        case.refresh_from_db()
        changing.edit(
            case, {"story": f"{WRITTEN} again"}, read_at_version=case.version, by=make.wang(), now=NOON
        )

        assert "serve.case_changed" in sealed()
        assert WRITTEN not in sealed()

    def test_to_go_up_or_to_open_again_is_not_sealed(self):
        case = make.closed_case()
        closing.reopen(case, WRITTEN, now=NOON, by=make.wang())
        raised = by_hand(case, reason=WRITTEN, by=make.wang(), now=NOON)
        escalating.act(
            Escalation.objects.get(pk=raised.pk),
            by=raised.to_person,
            note=WRITTEN,
            look_again_at=NOON + timedelta(days=1),
            now=NOON,
        )

        assert "promise.escalation_acted" in sealed()
        assert WRITTEN not in sealed()
