from datetime import timedelta

import pytest

from guixin.desks.tests.desk import signed_in
from guixin.serve.tests import make
from guixin.understand import contacting, missing_contacts, needing
from guixin.understand.models import Consent, Contact, ContactPlan, Customer, Need

pytestmark = pytest.mark.usefixtures("noon")
FRIDAY = make.NOON.date() + timedelta(days=2)


@pytest.fixture
def zhang():
    return make.customer("张三", "13800138000")


def planned(customer, owner=None, on=FRIDAY):
    return contacting.plan(
        customer, "visit", on, subject="看样", owner=owner or make.wang(), by=make.wang(), now=make.NOON
    )


class TestLoggingAContact:
    def test_takes_one_form_on_the_customers_page(self, zhang):
        client = signed_in(make.wang())
        answer = client.post(
            f"/customers/{zhang.pk}/contacts",
            {
                "kind": "call", "outcome": "good", "notes": "要新色卡", "next_step": "寄色卡", "next_on": FRIDAY.isoformat(),
                "theme": "三天内寄色卡",
            },
        )  # fmt: skip

        assert answer.status_code == 302
        made, following = Contact.objects.order_by("pk")
        assert (made.notes, following.subject) == ("要新色卡", "寄色卡")
        need = Need.objects.get()
        assert (need.theme, need.evidence_kind, need.evidence_id) == ("三天内寄色卡", "contact", made.pk)

    def test_stands_in_the_customers_story(self, zhang):
        contacting.log(zhang, "call", notes="要新色卡", owner=make.wang(), by=make.wang(), now=make.NOON)

        page = signed_in(make.wang()).get(f"/customers/{zhang.pk}?kind=contacts").content.decode()
        assert "要新色卡" in page
        assert "Call: Went well" in page

    def test_is_refused_in_words_with_everything_kept(self, zhang):
        answer = signed_in(make.wang()).post(
            f"/customers/{zhang.pk}/contacts", {"kind": "call", "outcome": "good", "next_step": "再打一次"}
        )

        assert answer.status_code == 422
        assert "Say in a few words" in answer.content.decode()
        assert "再打一次" in answer.content.decode()


class TestThePageOfAContact:
    def test_lets_it_be_made_and_turned_into_a_need(self, zhang):
        contact, client = planned(zhang), signed_in(make.wang())
        client.post(f"/contacts/{contact.pk}/making", {"outcome": "mixed", "notes": "嫌交期长"})

        assert "嫌交期长" in client.get(f"/contacts/{contact.pk}?act=needs").content.decode()
        client.post(
            f"/contacts/{contact.pk}/needs", {"theme": "交期七天", "kind": "expectation", "weight": "4"}
        )

        assert Need.objects.get().source == "contact"

    def test_is_not_there_for_somebody_from_another_department(self, zhang):
        assert signed_in(make.zhao()).get(f"/contacts/{planned(zhang).pk}").status_code == 404

    def test_is_there_for_its_owner_outside_the_front_desk(self, zhang):
        contact = planned(zhang, owner=make.li())

        page = signed_in(make.li()).get(f"/contacts/{contact.pk}").content.decode()
        assert "张*" in page
        assert "张三" not in page


class TestMyContacts:
    def test_are_a_week_with_what_was_missed_on_top(self, zhang):
        contact = planned(zhang, on=make.NOON.date())
        missing_contacts.miss_due(contact.due_at)
        planned(zhang)

        page = signed_in(make.wang()).get("/contacts").content.decode()
        assert page.count("看样") == 2
        assert "Missed" in page

    def test_surface_today_when_they_are_missed(self, zhang):
        contact = planned(zhang, on=make.NOON.date())

        assert f"/contacts/{contact.pk}" in signed_in(make.wang()).get("/").content.decode()

    def test_go_up_to_the_next_authority(self, zhang):
        contact = planned(zhang, owner=make.li(), on=make.NOON.date())
        missing_contacts.miss_due(contact.due_at)
        contact.refresh_from_db()
        missing_contacts.miss_due(contact.next_at)
        contact.refresh_from_db()

        page = signed_in(contact.raised_to).get("/").content.decode()
        assert "Missed contacts that went up to you" in page


class TestARegularContact:
    def test_is_planned_changed_and_ended_on_pages(self, zhang):
        client = signed_in(make.wang())
        said = {
            "kind": "visit",
            "subject": "走访",
            "every": 2,
            "unit": "weeks",
            "first_on": FRIDAY.isoformat(),
        }
        client.post(f"/customers/{zhang.pk}/contact-series", said)
        series = ContactPlan.objects.get()

        assert (
            client.post(f"/contacts/plans/{series.pk}", said | {"every": 4, "version": 1}).status_code == 302
        )
        assert "走访" in client.get("/contacts/plans").content.decode()
        client.post(f"/contacts/plans/{series.pk}/end")

        series.refresh_from_db()
        assert (series.every, series.contacts.count()) == (4, 0)
        assert series.ended_at


class TestNeedsByWeight:
    def test_lead_to_the_records_behind_them(self, zhang):
        Customer.objects.filter(pk=zhang.pk).update(market="reseller")
        case = make.case(customer=zhang)
        needing.note(
            zhang, "两小时到场", source="case", evidence=("case", case.pk), by=make.wang(), now=make.NOON
        )

        page = signed_in(make.wang()).get("/needs?market=reseller&theme=两小时到场").content.decode()
        assert case.number in page
        assert "张三" not in page

    def test_of_a_customer_are_struck_with_a_reason(self, zhang):
        need = needing.note(zhang, "两小时到场", source="observation", by=make.wang(), now=make.NOON)
        client = signed_in(make.wang())

        client.post(f"/needs/{need.pk}/end", {"why": ""})
        need.refresh_from_db()
        assert need.ended_at is None
        client.post(f"/needs/{need.pk}/end", {"why": "已建服务站"})
        need.refresh_from_db()
        assert need.ended_at


class TestConsentAtTheDesk:
    def test_is_given_with_evidence_and_taken_back_with_one_button(self, zhang):
        client, address = signed_in(make.wang()), f"/customers/{zhang.pk}/consents"

        assert client.post(address, {"purpose": "news", "channel": ""}).status_code == 422
        client.post(address, {"purpose": "news", "channel": "", "evidence": "展会登记表"})
        assert Consent.objects.get().stands
        client.post(address, {"purpose": "news", "withdrawn": "1"})

        assert not Consent.objects.get().stands


class TestANewCustomer:
    def test_is_put_on_record_without_a_case(self):
        answer = signed_in(make.wang()).post(
            "/customers/new",
            {"kind": "person", "name": "李四", "phone": "13900139000", "language": "zh-hans"},
        )

        assert answer["Location"] == f"/customers/{Customer.objects.get(name='李四').pk}"

    def test_is_offered_those_who_may_be_the_same_first(self, zhang):
        client = signed_in(make.wang())
        said = {"kind": "person", "name": "张叁", "phone": "13800138000", "language": "zh-hans"}

        first = client.post("/customers/new", said)
        assert first.status_code == 409
        assert f"/customers/{zhang.pk}" in first.content.decode()
        assert client.post("/customers/new", said | {"is_new": "1"}).status_code == 302


class TestTheCustomersPageWithEverything:
    def test_asks_the_database_thirty_times_at_most(self, zhang, django_assert_max_num_queries):
        make.case(customer=zhang)
        planned(zhang)
        client = signed_in(make.wang())
        client.get(f"/customers/{zhang.pk}")

        with django_assert_max_num_queries(30):
            client.get(f"/customers/{zhang.pk}")
