"""A strategy worked on by page and by program: who may, what is refused, and where it surfaces."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guixin.channels.api.tests.make import program
from guixin.desks.tests.desk import noon, signed_in
from guixin.promise.models import StrategyCycle, StrategyStep, StrategyTask
from guixin.promise.tests import test_a_strategy as strategy
from guixin.serve.tests import make

__all__ = ["noon"]
pytestmark = pytest.mark.usefixtures("noon")


def step_form(kind: str = "needs", **more) -> dict:
    said = {"words": "要准时", "owner": make.chen().pk, "due_at": "2026-03-06", "version": 1} | more
    return {f"{kind}-{name}": value for name, value in said.items()}


class TestThePage:
    def test_begins_writes_finishes_and_reviews(self):
        strategy.segment()
        client = signed_in(make.chen())

        client.post("/strategies/key/beginning")
        client.post("/strategies/key/needs/words", step_form())
        client.post("/strategies/key/needs/finishing")
        client.post("/strategies/key/review/review", {"review-learnt": "备件要前置"})

        page = client.get("/strategies/key").content.decode()
        assert "round 2" in page
        assert "备件要前置" in page
        assert "要准时" in client.get("/strategies/key?round=1").content.decode()
        assert StrategyStep.objects.get(kind="needs", cycle__number=1).done_by == make.chen()

    def test_keeps_what_was_typed_and_says_why_it_was_refused(self):
        strategy.cycle()
        answer = signed_in(make.chen()).post("/strategies/key/needs/words", step_form(due_at="2026-03-03"))

        assert answer.status_code == 422
        assert "The day must lie ahead." in answer.content.decode()
        assert "要准时" in answer.content.decode()
        assert step_form()
        assert strategy.step().words == ""

    def test_says_that_somebody_else_was_faster(self):
        strategy.written()
        answer = signed_in(make.chen()).post("/strategies/key/needs/words", step_form(words="别的"))
        assert answer.status_code == 409
        assert "Somebody else has just changed this step." in answer.content.decode()

    def test_is_read_by_everybody_and_worked_on_by_those_it_belongs_to(self):
        strategy.cycle()
        zhao = signed_in(make.zhao())
        assert zhao.get("/strategies/key").status_code == 200
        assert zhao.post("/strategies/key/needs/words", step_form()).status_code == 403
        assert zhao.post("/strategies/key/beginning").status_code == 403

    def test_lets_whoever_has_a_task_say_that_it_is_done(self):
        given = strategy.task()
        signed_in(make.li()).post(f"/strategy-tasks/{given.pk}/finishing", {"outcome": "已到位"})
        assert StrategyTask.objects.get().outcome == "已到位"

    def test_gives_tasks_and_keeps_evidence(self):
        strategy.cycle()
        client = signed_in(make.chen())
        client.post(
            "/strategies/key/implementation/tasks",
            {"task-what": "备件前置", "task-owner": make.li().pk, "task-due_at": "2026-03-06"},
        )
        client.post(
            "/strategies/key/needs/evidence",
            {"evidence-needs-words": "访谈", "evidence-needs-address": "/customers"},
        )
        page = client.get("/strategies/key").content.decode()
        assert "备件前置" in page
        assert '<a href="/customers">访谈</a>' in page

    def test_asks_few_questions(self):
        strategy.task()
        client = signed_in(make.chen())
        for address in ("/strategies", "/strategies/key"):
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            assert len(asked) <= 30, (address, len(asked))


class TestToday:
    def test_shows_what_is_due_this_week_to_whoever_has_to_do_it(self):
        strategy.task()
        assert "备一名替补工程师" in signed_in(make.li()).get("/").content.decode()
        assert "备一名替补工程师" not in signed_in(make.zhao()).get("/").content.decode()


class TestAProgram:
    def test_does_what_the_page_does(self):
        strategy.segment()
        api = program(make.he())

        begun = api.post("/strategies/key").said
        api.put("/strategies/key/steps/needs", {"words": "要准时", "owner": "chen", "version": 1})
        api.post("/strategies/key/steps/needs/evidence", {"words": "访谈", "address": "/customers"})
        api.post(
            "/strategies/key/steps/implementation/tasks",
            {"what": "备件", "owner": "li", "due_at": "2026-03-06T18:00:00+08:00"},
        )
        done = api.post("/strategies/key/steps/needs/finishing").said
        following = api.post("/strategies/key/review", {"learnt": "备件要前置"}).said

        assert next(each["kind"] for each in begun["steps"]) == "needs"
        assert done["steps"][0]["state"] == "done"
        assert (following["number"], following["carried"]) == (2, "备件要前置")
        assert [each["number"] for each in api.get("/strategies/key").said] == [2, 1]
        task = StrategyCycle.objects.get(number=2).steps.get(kind="implementation").tasks.get()
        finished = program(make.li()).post(f"/strategy-tasks/{task.pk}/finishing", {"outcome": "已到位"})
        assert finished.status_code == 200

    def test_is_refused_in_the_same_words(self):
        strategy.cycle()
        refused = program(make.he()).post("/strategies/key/review", {"learnt": "?"})
        assert refused.status_code == 409
        assert refused.said["detail"] == "Nothing of this round is done yet, so there is nothing to review."
