from datetime import date

import pytest

from guixin.desks.tests.desk import signed_in
from guixin.serve.models import BulkChange, Case
from guixin.serve.tests import make
from guixin.understand import contacting
from guixin.understand.models import Customer

pytestmark = pytest.mark.usefixtures("noon")


def chosen(client, cases, act="owner", **more):
    return client.post(
        "/bulk", {"act": act, "case": [case.pk for case in cases], "listed": "/queues/all"} | more
    )


class TestChangingManyAtTheDesk:
    def test_is_previewed_and_done_by_plain_posts(self):
        cases = [make.case(subject=f"第 {at} 件") for at in range(3)]
        client = signed_in(make.wang())

        where = chosen(client, cases)["Location"]
        previewed = client.post(f"{where}/preview", {"owner": make.tang().pk})
        assert previewed.context["preview"].changed == 3
        assert set(Case.objects.values_list("owner", flat=True)) == {make.wang().pk}

        answer = client.post(f"{where}/preview", {"owner": make.tang().pk, "do": "yes"})
        assert answer["Location"] == "/queues/all"
        assert set(Case.objects.values_list("owner", flat=True)) == {make.tang().pk}

        client.post(f"{where}/undoing")
        assert set(Case.objects.values_list("owner", flat=True)) == {make.wang().pk}

    def test_takes_all_that_the_filters_let_through(self):
        make.case(severity=3), make.case(subject="小事", severity=1)

        chosen(signed_in(make.wang()), [], all="yes", queue="all", query="severity=3")

        assert BulkChange.objects.get().items.count() == 1

    def test_takes_no_more_than_the_list_of_the_reader(self):
        make.case(departments=[make.logistics().pk])

        answer = chosen(signed_in(make.li()), [], all="yes", queue="all", query="")

        assert answer.status_code == 422
        assert not BulkChange.objects.exists()

    def test_shows_a_change_to_whoever_made_it(self):
        client = signed_in(make.wang())
        where = chosen(client, [make.case()])["Location"]

        assert client.get(where).status_code == 200
        assert signed_in(make.tang()).get(where).status_code == 404
        assert signed_in(make.tang()).post(f"{where}/undoing").status_code == 404

    @pytest.mark.parametrize("act", ["owner", "department", "details", "note", "close"])
    def test_asks_each_act_for_what_it_needs(self, act):
        client = signed_in(make.wang())
        where = chosen(client, [make.case()], act)["Location"]

        assert client.get(where).status_code == 200
        if act != "close":
            assert client.post(f"{where}/preview", {"do": "yes"}).status_code == 422

    def test_refuses_an_act_nobody_knows(self):
        assert chosen(signed_in(make.wang()), [make.case()], "delete").status_code == 422
        assert chosen(signed_in(make.wang()), [make.case()], "hand_over").status_code == 422


class TestTakingASingleActBack:
    def test_gives_the_case_back_to_its_owner(self):
        case, client = make.case(), signed_in(make.wang())
        client.post(f"/cases/{case.number}/owner", {"owner": make.tang().pk})
        undo = f"/bulk/{BulkChange.objects.get().pk}/undoing"

        answer = client.post(undo)

        assert answer["Location"] == f"/cases/{case.number}"
        assert Case.objects.get().owner == make.wang()


class TestHandingOverAtTheDesk:
    def test_proposes_previews_and_does_it(self):
        for at in range(3):
            make.case(subject=f"第 {at} 件")
        client = signed_in(make.he())

        assert "王芳" in client.get("/handovers").content.decode()
        page = client.get("/handovers/wang", {"to": "tang"})
        assert page.context["whole"]["case"] == 3
        client.post("/handovers/wang", {"to": "tang"})

        assert set(Case.objects.values_list("owner", flat=True)) == {make.tang().pk}

    def test_says_what_goes_besides_cases_and_what_only_for_good(self):
        customer = make.customer()
        Customer.objects.filter(pk=customer.pk).update(owner=make.wang())
        contacting.plan(
            customer,
            "call",
            date(2026, 3, 6),
            owner=make.wang(),
            subject="报价",
            by=make.wang(),
            now=make.NOON,
        )
        client = signed_in(make.he())

        assert "1 planned contact<" in client.get("/handovers/wang", {"to": "tang"}).content.decode()
        page = client.get("/handovers/wang", {"to": "tang", "for_good": "yes"}).content.decode()
        assert "1 customer to look after" in page
        client.post("/handovers/wang", {"to": "tang", "for_good": "yes"})

        customer.refresh_from_db()
        assert customer.owner == make.tang()

    def test_is_not_there_for_colleagues(self):
        make.case()

        assert signed_in(make.tang()).get("/handovers/wang").status_code == 404
        assert signed_in(make.tang()).post("/handovers/wang", {"to": "tang"}).status_code == 404
        assert signed_in(make.tang()).get("/handovers").status_code == 200
