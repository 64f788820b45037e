import pytest
from django.db import transaction
from django.test import Client

from guixin.desks.tests.desk import signed_in
from guixin.ledger import record
from guixin.ledger.models import Entry
from guixin.listen.events import CustomerAsked
from guixin.serve.tests import make
from guixin.serve.visit_events import VisitHeld
from guixin.understand import merging, needing
from guixin.understand.models import Customer, Merge

pytestmark = pytest.mark.usefixtures("noon")
HTMX = {"hx-request": "true"}


@pytest.fixture
def case():
    return make.case(departments=[make.quality().pk])


@pytest.fixture
def wang(case) -> Client:
    return signed_in(make.wang())


def page(case) -> str:
    return f"/customers/{case.customer_id}"


class TestTheCustomersPage:
    def test_shows_who_it_is_masked_with_open_cases_promises_and_story(self, case, wang):
        shown = wang.get(page(case)).content.decode()

        assert "138****8000" in shown
        assert "13800138000" not in shown
        assert "张三" not in shown
        assert case.number in shown
        assert "pill" in shown
        assert f"Case {case.number} was opened" in shown

    def test_is_seen_by_a_department_with_a_case_but_not_the_record_of_looks(self, case, wang):
        wang.post(f"{page(case)}/reveal", {"reason": "回电话给客户"})

        inside = signed_in(make.li()).get(page(case))

        assert inside.status_code == 200
        assert "回电话给客户" not in inside.content.decode()
        assert "回电话给客户" in wang.get(page(case)).content.decode()
        assert f"{page(case)}/merging" not in inside.content.decode()

    def test_is_not_there_for_others(self, case):
        outside = signed_in(make.zhao())

        for answer in (
            outside.get(page(case)),
            outside.post(f"{page(case)}/reveal", {"reason": "随便看看"}),
            outside.post(f"{page(case)}/record", {"version": 1}),
        ):
            assert answer.status_code == 404
        assert Client().get(page(case)).status_code == 302

    def test_shows_one_kind_of_happening(self, case, wang):
        shown = wang.get(f"{page(case)}?kind=record", headers=HTMX | {"hx-target": "happened"})

        assert b"<html" not in shown.content
        assert b"was opened" not in shown.content

    def test_asks_for_the_same_however_much_happened(self, case, wang, django_assert_max_num_queries):
        make.case(customer=case.customer)
        with django_assert_max_num_queries(30):
            wang.get(page(case))

    def test_tells_of_surveys_and_visits(self, case, wang):
        asked = CustomerAsked(
            happened_at=make.NOON, about=("customer", case.customer_id), wave="march", again=False
        )
        held = VisitHeld(
            happened_at=make.NOON, about=("visit", 1), case_id=case.pk, visit_id=1, attended=2, host_id=None,
            customer_id=case.customer_id,
        )  # fmt: skip
        with transaction.atomic():
            record(asked)
            record(held)

        assert "Was asked by the survey march" in wang.get(page(case) + "?kind=surveys").content.decode()
        assert "The visit took place" in wang.get(page(case) + "?kind=visits").content.decode()

    def test_tells_of_everybody_who_went_into_them_one_after_the_other(self, case, wang):
        first, second = make.customer("张三甲", "13700137000"), make.customer("张三乙", "13600136000")
        needing.note(first, "保质期更长", source="contact", by=make.wang(), now=make.NOON)
        made = merging.merge(first, second, by=make.wang(), now=make.NOON)
        merging.merge(second, case.customer, by=make.wang(), now=make.NOON)

        shown = wang.get(page(case)).content.decode()

        assert "A need was noted" in wang.get(page(case) + "?kind=needs").content.decode()
        assert f"/merges/{made.pk}" not in shown

    def test_reveals_with_a_reason_only(self, case, wang):
        refused = wang.post(f"{page(case)}/reveal", {"reason": ""}, headers=HTMX)
        shown = wang.post(f"{page(case)}/reveal", {"reason": "回电话给客户"}, headers=HTMX)

        assert refused.status_code == 422
        assert "+8613800138000" in shown.content.decode()
        assert Entry.objects.filter(kind="understand.customer_revealed").count() == 1


class TestKeepingTheRecord:
    said = {
        "version": "1", "name": "", "kind": "person", "organisation": "海风服装厂", "company": "", "market": "producer",
        "prefers": "wechat", "language": "zh-hans", "owner": "",
    }  # fmt: skip

    def test_saves_what_was_changed_and_keeps_the_name_that_was_left_empty(self, case, wang):
        answer = wang.post(f"{page(case)}/record", self.said)

        customer = Customer.objects.get(pk=case.customer_id)
        assert answer["Location"] == page(case)
        assert (customer.name, customer.organisation, customer.market) == ("张三", "海风服装厂", "producer")

    def test_shows_both_sides_when_somebody_was_quicker(self, case, wang):
        wang.post(f"{page(case)}/record", self.said)

        answer = wang.post(f"{page(case)}/record", self.said | {"organisation": "布行"})

        assert answer.status_code == 409
        for words in ("海风服装厂", "布行", 'value="2"'):
            assert words in answer.content.decode()

    def test_adds_a_phone(self, case, wang):
        wang.post(f"{page(case)}/identities", {"kind": "phone", "raw": "139-0000-1111"})

        assert [each.pk for each in Customer.find("13900001111")] == [case.customer_id]

    def test_merges_with_an_undo(self, case, wang):
        double = make.customer("张叁", "13900001111")
        theirs = make.case(customer=double)

        wang.post(f"{page(case)}/merging", {"other": f"#{double.pk}"})
        shown = wang.get(page(case)).content.decode()
        undo = f"{page(case)}/merges/{Merge.objects.get().pk}/undone"

        assert shown.count(undo) == 2  # beside the confirmation, and for later in its own list
        assert theirs.number in shown
        assert "merged into another" in wang.get(f"/customers/{double.pk}").content.decode()
        wang.post(undo)
        assert Customer.objects.standing().count() == 2

    def test_keeps_what_was_typed_when_nobody_is_found(self, case, wang):
        answer = wang.post(f"{page(case)}/merging", {"other": "王二麻子"})

        assert answer.status_code == 422
        assert "王二麻子" in answer.content.decode()

    def test_is_for_the_front_desk(self, case):
        li = signed_in(make.li())

        assert li.post(f"{page(case)}/record", self.said).status_code == 403
        assert li.post(f"{page(case)}/merging", {"other": "1"}).status_code == 403


class TestTheListOfCustomers:
    def test_shows_the_latest_masked(self, case, wang):
        shown = wang.get("/customers").content.decode()

        assert page(case) in shown
        assert "138****8000" in shown
        assert "1 open" in shown

    def test_finds_by_anything(self, case, wang):
        assert page(case) in wang.get("/customers?q=zs").content.decode()
        assert "Nobody is found" in wang.get("/customers?q=xyz").content.decode()

    def test_is_for_the_front_desk(self, case):
        assert signed_in(make.li()).get("/customers").status_code == 403


class TestFindingAnything:
    def test_is_a_page_without_javascript_and_a_part_of_one_with(self, case, wang):
        whole = wang.get("/find?q=8000").content.decode()
        part = wang.get("/find?q=8000", headers=HTMX).content.decode()

        for shown in (whole, part):
            assert page(case) in shown
            assert f"/cases/{case.number}" in shown
            assert "13800138000" not in shown
        assert "<html" in whole
        assert "<html" not in part

    def test_offers_actions_by_words_and_a_new_case_for_a_number(self, case, wang):
        assert "/cases/new" in wang.get("/find?q=new").content.decode()
        assert "phone=13900001111" in wang.get("/find?q=13900001111", headers=HTMX).content.decode()

    def test_offers_nobody_else_what_they_may_not(self, case):
        shown = signed_in(make.zhao()).get("/find?q=8000").content.decode()

        assert case.number not in shown
        assert page(case) not in shown
        assert "/cases/new" not in signed_in(make.zhao()).get("/find?q=").content.decode()

    def test_asks_little(self, case, wang, django_assert_max_num_queries):
        with django_assert_max_num_queries(25):
            wang.get("/find?q=8000", headers=HTMX)
