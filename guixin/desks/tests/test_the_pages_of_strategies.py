"""A strategy worked on by page and by program: who may, what is refused, and where it surfaces."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guixin.channels.api.tests.make import program
from guixin.desks.tests.desk import noon, signed_in
from guixin.ledger.clock import set_virtual_clock
from guixin.promise import strategies
from guixin.promise.blueprints import define, publish_drawing
from guixin.promise.drawing import Drawing
from guixin.promise.keeping import fire_due
from guixin.promise.models import StrategyCycle, StrategyStep, StrategyTask
from guixin.promise.tests import test_a_strategy as strategy
from guixin.serve import replying
from guixin.serve.tests import make
from guixin.understand import needing
from guixin.understand.models import Customer, Membership

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

    def test_shows_the_needs_on_record_beside_the_step_of_needs(self):
        made = strategy.segment()
        customer = make.customer()
        Membership.objects.create(customer=customer, segment=made, since=make.NOON, why={})
        needing.note(customer, "两小时到场", source="observation", by=make.wang(), now=make.NOON)
        signed_in(make.chen()).post("/strategies/key/beginning")

        html = signed_in(make.wang()).get("/strategies/key").content.decode()
        assert "/needs?segment=key&amp;theme=" in html
        assert "/needs?" not in signed_in(make.chen()).get("/strategies/key").content.decode()
        assert "两小时到场" not in signed_in(make.zhao()).get("/strategies/key").content.decode()

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


LATER = make.NOON + timedelta(hours=25)


def broken_promise(*, in_segment: bool = True):
    """A reply was promised within 24 hours, at the moment of truth of a drawing, and they are over."""
    round_, customer = strategy.cycle(), make.customer()
    if in_segment:
        Customer.objects.filter(pk=customer.pk).update(segment=round_.segment)
    case = make.case(customer=Customer.objects.get(pk=customer.pk))
    drawing = Drawing().with_step("答复").with_element(
        lane="onstage", step="s1", name="正式答复", is_moment=True, standards=["reply"]
    )  # fmt: skip
    publish_drawing(define("call", name="来电"), drawing, by=None, now=make.NOON)
    fire_due(LATER)
    set_virtual_clock(LATER)
    return case


class TestWhatWasBroken:
    """The review finds it by itself: what a segment was promised at a moment of truth and did not get."""

    BEHIND = "/strategies/key/broken?round=1&moment=call:e1"

    def test_is_found_by_the_review_kept_by_the_round_and_carried_into_the_next(self):
        number, client = broken_promise().number, signed_in(make.wang())
        page = client.get("/strategies/key").content.decode()
        assert "1 of 1 broken" in page
        assert self.BEHIND.replace("&", "&amp;") in page
        assert number in client.get(self.BEHIND).content.decode()
        assert number in client.get("/strategies/key/broken").content.decode()

        strategies.finish(strategy.written(now=LATER), by=make.chen(), now=LATER)
        strategies.review(strategy.cycle(), "要有驻点", by=make.chen(), now=LATER)

        page = client.get("/strategies/key").content.decode()
        assert "What these customers were promised then and did not get" in page
        assert number in client.get(self.BEHIND).content.decode()
        assert client.get(self.BEHIND.replace("round=1", "round=2")).status_code == 404

    def test_keeps_its_figure_when_the_promise_is_kept_after_all(self):
        case = broken_promise()
        replying.reply(case, "已换货", by=make.wang(), now=LATER)
        page = signed_in(make.wang()).get("/strategies/key").content.decode()
        assert "1 of 1 broken" in page

    def test_of_other_customers_is_none_of_this_segment(self):
        broken_promise(in_segment=False)
        assert "None so far" in signed_in(make.wang()).get("/strategies/key").content.decode()

    def test_names_no_case_to_whoever_may_not_see_it(self):
        number = broken_promise().number
        said = signed_in(make.jiang()).get(self.BEHIND).content.decode()
        assert number not in said
        assert "a case you may not see" in said

    def test_is_told_to_programs_too(self):
        broken_promise()
        (round_,) = program(make.he()).get("/strategies/key").said
        ((name, broken, promised),) = [
            (each["name"], each["broken"], each["promised"]) for each in round_["broken"]
        ]
        assert (name, broken, promised) == ("正式答复", 1, 1)
