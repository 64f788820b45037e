"""Handling (issue 2, point 3): accept, ask, answer, pass on, send back inside the window, return a result."""

import pytest

from guixin.ledger.models import Entry
from guixin.serve.handling import (
    CannotHandle,
    accept,
    answer,
    ask,
    pass_on,
    return_result,
    send_back,
    withdraw,
)
from guixin.serve.models import Case, Message, Task, Transfer
from guixin.serve.routing import CaseIsClosed
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON, at

pytestmark = pytest.mark.django_db


class TestAccepting:
    def test_makes_somebody_answer_for_the_task(self):
        task = accept(make.task(), by=make.li(), now=at("14:00"))
        assert (task.state, task.handler, task.accepted_at) == ("accepted", make.li(), at("14:00"))
        assert make.clock(task, "accept").state == "met"
        assert make.clock(task, "result").holder == make.li()

    def test_twice_by_the_same_person_is_one_acceptance(self):
        task = make.task()
        accept(task, by=make.li(), now=at("14:00"))
        again = accept(task, by=make.li(), now=at("14:05"))
        assert again.accepted_at == at("14:00")
        assert Entry.objects.filter(kind="serve.task_accepted").count() == 1

    def test_by_a_second_person_is_refused(self):
        task = make.task(accepted_by=make.li())
        with pytest.raises(CannotHandle, match="already accepted"):
            accept(task, by=make.wu(), now=at("14:00"))

    def test_after_the_deadline_is_accepted_and_late(self):
        task = accept(make.task(), by=make.li(), now=at("15:00").replace(second=1))
        assert make.clock(task, "accept").state == "missed"


class TestAskingTheOwner:
    def test_gets_an_answer_and_stops_no_clock(self):
        task = make.task(accepted_by=make.li())
        question = ask(task, "型号是什么？", by=make.li(), now=at("14:00"))
        said = answer(question, "A-7", by=make.wang(), now=at("14:30"))
        assert (said.answers, said.kind) == (question, "answer")
        assert make.clock(task, "result").due_at == at("12:00", day=5)

    def test_needs_words_and_a_real_question(self):
        task = make.task()
        with pytest.raises(CannotHandle, match="nothing written"):
            ask(task, " ", by=make.li(), now=NOON)
        result = Message.objects.create(case=task.case, kind="note", body="x", at=NOON)
        with pytest.raises(CannotHandle, match="not a question"):
            answer(result, "A-7", by=make.wang(), now=NOON)


class TestReturningAResult:
    def test_gives_the_ball_back_to_the_owner(self):
        task = return_result(make.task(), "换货", by=make.li(), now=at("16:00"))
        assert (task.state, task.handler) == ("done", make.li())
        assert {make.clock(task, measure).state for measure in ("accept", "result")} == {"met", "missed"}
        assert Case.objects.get(pk=task.case_id).department == make.front()
        assert Message.objects.get(kind="result").body == "换货"

    def test_leaves_the_ball_with_the_other_department_at_work(self):
        case = make.case()
        first, other = Task.objects.filter(case=case).order_by("pk")
        return_result(first, "换货", by=make.li(), now=at("14:00"))
        assert Case.objects.get(pk=case.pk).department == other.department

    def test_is_refused_without_a_result_or_twice(self):
        task = make.task()
        with pytest.raises(CannotHandle, match="what the result is"):
            return_result(task, " ", by=make.li(), now=NOON)
        return_result(task, "换货", by=make.li(), now=NOON)
        with pytest.raises(CannotHandle, match="no longer open"):
            return_result(task, "换货", by=make.li(), now=NOON)


class TestPassingOn:
    def test_is_kept_with_its_reason_and_has_to_be_accepted_anew(self):
        task = pass_on(
            make.task(accepted_by=make.li()), make.logistics(), "运输损坏", by=make.li(), now=at("14:00")
        )
        assert (task.state, task.handler, task.department) == ("given", None, make.logistics())
        transfer = Transfer.objects.get(task=task)
        assert (transfer.from_department, transfer.to_department, transfer.reason) == (
            make.quality(), make.logistics(), "运输损坏",
        )  # fmt: skip
        assert task.case.department == make.logistics()

    def test_is_refused_to_oneself_or_without_a_reason(self):
        with pytest.raises(CannotHandle, match="already with"):
            pass_on(make.task(), make.quality(), "x", by=make.li(), now=NOON)
        with pytest.raises(CannotHandle, match="why"):
            pass_on(make.task(), make.logistics(), " ", by=make.li(), now=NOON)


class TestSendingBack:
    def test_works_inside_the_window_and_calls_the_coordinator(self):
        task = send_back(make.task(), "不归我们", by=make.li(), now=at("14:00"))
        assert task.state == "sent_back"
        assert make.clock(task, "result").state == "void"
        assert make.clock(task.case, "route").holder == make.he()
        assert Case.objects.get(pk=task.case_id).department == make.front()

    def test_is_refused_outside_it(self):
        with pytest.raises(CannotHandle, match="120 minutes"):
            send_back(make.task(), "不归我们", by=make.li(), now=at("14:00").replace(second=1))

    def test_has_a_new_window_in_the_department_it_was_passed_to(self):
        task = pass_on(make.task(), make.logistics(), "运输损坏", by=make.li(), now=at("16:00"))
        assert send_back(task, "不是运输", by=make.zhao(), now=at("17:30")).state == "sent_back"

    def test_needs_a_reason(self):
        with pytest.raises(CannotHandle, match="not yours"):
            send_back(make.task(), "", by=make.li(), now=NOON)


class TestATaskOfAClosedCase:
    def test_refuses_everything(self):
        task = Task.objects.get(case=make.closed_case())
        for act in (
            lambda: accept(task, by=make.li(), now=NOON),
            lambda: return_result(task, "x", by=make.li(), now=NOON),
            lambda: withdraw(task, by=make.wang(), reason="x", now=NOON),
        ):
            with pytest.raises(CaseIsClosed, match="reopen"):
                act()
