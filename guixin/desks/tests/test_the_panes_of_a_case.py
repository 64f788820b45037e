"""Rail, list, case and side panel: each has its address, and a row of the list fetches the case alone."""

import pytest

from guixin.desks.tests.desk import signed_in
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")
MINE = "?in=%2Fqueues%2Fmine"


def swap(target: str) -> dict[str, str]:
    return {"hx-request": "true", "hx-target": target}


def read(client, address, headers=None) -> str:
    return client.get(address, headers=headers).content.decode()


class TestTheListBesideACase:
    def test_has_the_cases_of_the_list_that_the_address_names(self):
        case, other = make.case(), make.case(subject="另一件", category="delivery")

        shown = read(signed_in(make.wang()), f"/cases/{case.number}{MINE}")

        assert 'id="list-pane"' in shown
        assert f'href="/cases/{other.number}{MINE}"' in shown
        assert "另一件" in shown
        assert "张三" not in shown

    @pytest.mark.parametrize(
        "address",
        ["", "/queues/nonsense", "/settings", "//evil.example/queues/mine", "https://evil.example/", "javascript:alert(1)", "/queues/tasks"],
    )  # fmt: skip
    def test_is_not_there_for_any_other_address(self, address):
        case = make.case()
        client = signed_in(make.wang())

        for headers in (None, swap("case")):
            answer = client.get(f"/cases/{case.number}", {"in": address}, headers=headers)
            assert answer.status_code == 200
            assert 'id="list-pane"' not in answer.content.decode()
            assert 'href="//evil' not in answer.content.decode()
            assert 'href="javascript' not in answer.content.decode()

    def test_is_no_way_into_a_list_that_is_not_for_this_person(self):
        case = make.case()

        shown = read(signed_in(make.li()), f"/cases/{case.number}?in=%2Fqueues%2Fall")

        assert 'id="list-pane"' not in shown
        assert signed_in(make.li()).get("/panes/list?in=%2Fqueues%2Fall").status_code == 404

    def test_reads_its_rows_again_alone(self):
        case = make.case()

        shown = read(signed_in(make.wang()), f"/panes/list{MINE}", swap("list-rows"))

        assert shown.strip().startswith('<ul class="list-rows"')
        assert case.number in shown

    def test_stays_when_an_act_was_done(self):
        case = make.case()
        came_from = {"referer": f"http://testserver/cases/{case.number}{MINE}"}

        answer = signed_in(make.wang()).post(
            f"/cases/{case.number}/notes", {"body": "已联系客户"}, headers=came_from
        )

        assert answer["Location"] == f"/cases/{case.number}{MINE}"


class TestARowOfTheList:
    def test_brings_the_case_without_rail_and_list(self):
        case = make.case()

        shown = read(signed_in(make.wang()), f"/cases/{case.number}{MINE}", swap("case"))

        assert shown.startswith(f"<title>{case.number}")
        assert 'id="case"' in shown
        assert 'class="rail"' not in shown
        assert 'id="list-pane"' not in shown
        assert 'href="/queues/mine"' in shown  # the way back, on a phone

    def test_is_404_for_another_department(self):
        case = make.case(departments=[make.quality().pk])

        answer = signed_in(make.zhao()).get(f"/cases/{case.number}{MINE}", headers=swap("case"))

        assert answer.status_code == 404

    def test_asks_the_database_no_more_than_thirty_times(self, django_assert_max_num_queries):
        case = make.case()
        client = signed_in(make.wang())
        client.get(f"/cases/{case.number}{MINE}")

        with django_assert_max_num_queries(30):
            client.get(f"/cases/{case.number}{MINE}")
        with django_assert_max_num_queries(24):
            client.get(f"/cases/{case.number}{MINE}", headers=swap("case"))
        with django_assert_max_num_queries(14):
            client.get(f"/cases/{case.number}/live")


class TestTheHeadOfACase:
    def test_says_who_is_told_next_and_when_without_a_click(self):
        case = make.case()

        head = signed_in(make.wang()).get(f"/cases/{case.number}").context["parts"]["head"]

        assert "rung-next" in head
        assert "Level 1" in head
        assert "<details" not in head

    def test_shows_how_far_every_department_is(self):
        task = make.task(accepted_by=make.li())

        head = signed_in(make.wang()).get(f"/cases/{task.case.number}").context["parts"]["head"]

        assert f'href="/tasks/{task.pk}"' in head
        assert make.li().name in head


class TestTheSidePanel:
    def test_opens_at_the_tab_of_the_address(self):
        case = make.case()
        client = signed_in(make.wang())

        assert "138****8000" in read(client, f"/cases/{case.number}")
        assert "How it was counted" in read(client, f"/cases/{case.number}?side=tasks")
        assert "Nothing like this is known yet" in read(client, f"/cases/{case.number}?side=handbook")
        assert "138****8000" in read(client, f"/cases/{case.number}?side=nonsense")

    def test_comes_alone_for_a_tab(self):
        case = make.case()

        shown = read(signed_in(make.wang()), f"/cases/{case.number}?side=tasks", swap("side"))

        assert '<aside class="side"' in shown
        assert "How it was counted" in shown
        assert 'class="case-main"' not in shown

    def test_is_404_for_another_department(self):
        case = make.case(departments=[make.quality().pk])

        answer = signed_in(make.zhao()).get(f"/cases/{case.number}?side=tasks", headers=swap("side"))

        assert answer.status_code == 404
