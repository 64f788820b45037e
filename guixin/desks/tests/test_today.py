import pytest
from django.http import QueryDict

from guixin.channels.models import Notice
from guixin.desks.day import day_of, take_next
from guixin.desks.tests.desk import signed_in
from guixin.ledger.clock import set_virtual_clock
from guixin.promise.keeping import fire_due
from guixin.serve import queues
from guixin.serve.handling import accept, answer, ask, return_result
from guixin.serve.models import Message
from guixin.serve.replying import customer_adds
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON, at

pytestmark = pytest.mark.usefixtures("noon")
LATE = at("12:30", day=5)


def later(moment):
    set_virtual_clock(moment)
    return moment


def page(person):
    return signed_in(person).get("/")


def part(person, key, now=NOON):
    return next((each for each in day_of(person, now).parts if each.key == key), None)


class TestToday:
    def test_leads_from_each_number_to_exactly_these_rows(self):
        for day in (2, 3, 4):
            make.case(now=at("10:00", day=day))
        make.task(accepted_by=make.wang(), now=at("10:00", day=2))
        now = later(at("09:40"))

        tiles = day_of(make.wang(), now).tiles
        assert sum(tile.number.value for tile in tiles) > 0
        for tile in tiles:
            name, _mark, query = tile.address.removeprefix("/queues/").partition("?")
            behind = queues.listed(name, make.wang(), QueryDict(query), now=now)
            assert tile.number.value == behind.all_rows.count(), tile.address

    def test_puts_the_next_deadline_first(self):
        slow, fast = make.case(), make.case(now=at("11:40"))

        lines = day_of(make.wang(), NOON).urgent
        assert [line.number for line in lines] == [fast.number, slow.number]
        assert take_next(make.wang(), NOON) == f"/cases/{fast.number}"

    def test_takes_a_task_nobody_accepted_when_nothing_of_ones_own_waits(self):
        task = make.task()

        assert take_next(make.li(), NOON) == f"/tasks/{task.pk}"
        answered = signed_in(make.li()).get("/today/next")
        assert answered["Location"] == f"/tasks/{task.pk}"

    def test_says_when_there_is_nothing_to_take(self):
        make.firm()

        answered = signed_in(make.zhao()).get("/today/next", follow=True)
        assert "Nothing waits for you" in answered.content.decode()

    def test_shows_new_words_until_they_are_read(self):
        case = make.case()
        customer_adds(case, "昨天又坏了", now=NOON)

        assert [line.number for line in part(make.wang(), "news").lines] == [case.number]
        assert part(make.tang(), "news") is None
        signed_in(make.wang()).post("/today/seen")
        assert part(make.wang(), "news") is None

    def test_cannot_be_marked_as_read_by_looking(self):
        make.firm()
        assert signed_in(make.wang()).get("/today/seen").status_code == 405

    def test_shows_questions_until_they_are_answered(self):
        task = make.task(accepted_by=make.li())
        ask(task, "哪一批货？", by=make.li(), now=NOON)
        signed_in(make.wang()).post("/today/seen")

        assert part(make.wang(), "questions").number.value == 1
        answer(Message.objects.get(kind="question"), "三月的", by=make.wang(), now=NOON)
        assert part(make.wang(), "questions") is None
        assert part(make.li(), "news").number.value == 1

    def test_forgets_a_question_whose_task_is_done(self):
        task = make.task(accepted_by=make.li())
        ask(task, "哪一批货？", by=make.li(), now=NOON)
        return_result(task, "不用了", by=make.li(), now=NOON)

        assert part(make.wang(), "questions") is None

    def test_counts_tasks_nobody_accepted(self):
        task = make.task()
        found = part(make.li(), "unaccepted")
        assert (found.number.value, [line.address for line in found.lines]) == (1, [f"/tasks/{task.pk}"])
        assert part(make.zhao(), "unaccepted") is None

        accept(task, by=make.li(), now=NOON)
        assert part(make.li(), "unaccepted") is None

    def test_shows_what_waits_for_a_decision(self):
        make.task(accepted_by=make.li())
        fire_due(later(LATE))

        shown = part(make.qian(), "decisions", LATE)
        assert shown.number.value == len(shown.lines) == 1
        assert signed_in(make.qian()).get(shown.address).status_code == 200

    def test_says_plainly_that_there_is_not_enough_data(self):
        make.firm()
        assert "Not enough data: 0 promises" in page(make.wang()).content.decode()

    def test_counts_the_promises_i_kept_this_week(self):
        for _each in range(5):
            return_result(make.task(accepted_by=make.li()), "换货", by=make.li(), now=NOON)
        later(LATE)

        shown = page(make.li()).content.decode()
        assert "100 %" in shown
        assert "kept: 5 of 5" in shown
        behind = signed_in(make.li()).get("/promises?which=ended")
        assert len(behind.context["promises"]) == 5

    def test_guides_the_administrator_until_the_first_case_is_closed(self):
        make.firm()
        assert "Until the first case is closed" in page(make.sun()).content.decode()
        assert "Until the first case is closed" not in page(make.wang()).content.decode()

        make.closed_case()
        assert "Until the first case is closed" not in page(make.sun()).content.decode()

    def test_shows_a_part_alone(self):
        make.task()
        assert signed_in(make.li()).get("/?show=watched").status_code == 200
        assert signed_in(make.li()).get("/?show=nonsense").status_code == 404

    def test_asks_the_database_no_more_than_thirty_times(self, django_assert_max_num_queries):
        for _each in range(6):
            task = make.task()
            accept(task, by=make.li(), now=NOON)
            ask(task, "哪一批货？", by=make.li(), now=NOON)
            customer_adds(task.case, "请快一点", now=NOON)
        client = signed_in(make.wang())
        client.get("/")

        with django_assert_max_num_queries(30):
            client.get("/")
        assert Notice.objects.unread_by(make.wang().pk).count() > 6
