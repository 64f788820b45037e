import pytest

from guixin.desks.tests.desk import signed_in
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


class TestTheQueues:
    def test_show_each_person_their_own(self):
        case = make.case()

        assert case.number in signed_in(make.wang()).get("/queues/mine").content.decode()
        assert case.number not in signed_in(make.tang()).get("/queues/mine").content.decode()
        assert case.number in signed_in(make.li()).get("/queues/tasks").content.decode()
        assert case.number in signed_in(make.tang()).get("/queues/all").content.decode()

    def test_that_are_not_for_this_person_are_not_there(self):
        make.firm()

        assert signed_in(make.li()).get("/queues/all").status_code == 404
        assert signed_in(make.li()).get("/queues/unrouted").status_code == 404
        assert signed_in(make.li()).get("/queues/nonsense").status_code == 404

    def test_show_what_was_escalated_to_somebody(self):
        case = make.case()
        signed_in(make.li()).post(f"/cases/{case.number}/escalations", {"reason": "客户要起诉"})

        assert case.number in signed_in(make.qian()).get("/queues/escalated").content.decode()

    def test_show_extensions_to_whoever_decides_them(self):
        task = make.task(accepted_by=make.li())
        clock = make.clock(task, "result")
        signed_in(make.li()).post(f"/clocks/{clock.pk}/extensions",
                                  {"until": "2026-03-06T10:00", "reason": "等零件"})  # fmt: skip

        assert task.case.number in signed_in(make.qian()).get("/queues/escalated").content.decode()
        assert task.case.number not in signed_in(make.wu()).get("/queues/escalated").content.decode()

    def test_show_follow_ups_that_are_due(self):
        case = make.closed_case(now=make.at("10:00", day=4, month=2))

        assert case.number in signed_in(make.wang()).get("/queues/mine").content.decode()

    def test_show_the_coordinator_what_nobody_has(self):
        case = make.case(category="", subject="说不清")

        assert case.number in signed_in(make.he()).get("/queues/unrouted").content.decode()

    def test_mask_the_customer(self):
        make.case()

        shown = signed_in(make.wang()).get("/queues/mine").content.decode()

        assert "张*" in shown
        assert "张三" not in shown
        assert "13800138000" not in shown

    def test_ask_the_database_no_more_than_sixteen_times(self, django_assert_max_num_queries):
        for at in range(12):
            make.case(subject=f"第 {at} 件")
        client = signed_in(make.wang())
        client.get("/queues/mine")

        with django_assert_max_num_queries(16):
            client.get("/queues/mine")
        with django_assert_max_num_queries(16):
            client.get("/queues/tasks")

    def test_go_on_after_fifty_rows(self, monkeypatch):
        from guixin.serve import queues

        monkeypatch.setattr(queues.page_of, "__defaults__", (None, 2))
        numbers = [make.case(subject=f"第 {at} 件").number for at in range(3)]
        client = signed_in(make.wang())

        first = client.get("/queues/mine")
        second = client.get(f"/queues/mine?after={first.context['after'].replace('+', '%2B')}")

        assert [row.number for row in first.context["rows"]] == numbers[:2]
        assert [row.number for row in second.context["rows"]] == numbers[2:]
        assert second.context["after"] is None

    def test_open_a_case_by_its_number(self):
        case = make.case()

        answer = signed_in(make.wang()).get(f"/go?number={case.number}")

        assert answer["Location"] == f"/cases/{case.number}"
