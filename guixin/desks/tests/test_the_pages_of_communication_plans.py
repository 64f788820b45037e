"""Communication plans at the desk: worked on line by line, looked at first, and what became of every message."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guixin.desks.tests.desk import nobody, noon, signed_in
from guixin.promise import answering, communication
from guixin.promise.models import CommunicationPlan, PlanMessage
from guixin.promise.tests import make_plans
from guixin.promise.tests.make_plans import SOON
from guixin.serve.tests import make
from guixin.understand.models import Contact

__all__ = ["noon"]
pytestmark = pytest.mark.usefixtures("noon")

LINE = {
    "occasion": "entered", "delay": "1", "unit": "days", "at": "10:00", "channel": "email", "purpose": "service",
    "subject": "欢迎", "body": "{customer}，您好",
}  # fmt: skip
TERMS = {
    "calendar": "office",
    "quiet_from": "20:00",
    "quiet_to": "09:00",
    "at_most": "2",
    "within_days": "30",
}


@pytest.fixture
def segment(noon):
    make.firm()
    return make_plans.segment()


@pytest.fixture
def sent(segment):
    """A message that left for Zhang San."""
    make_plans.plan()
    make_plans.enters(make_plans.customer())
    make_plans.work()
    message = make_plans.the_message()
    answering.sent(message, now=SOON)
    return make_plans.the_message()


class TestAPlan:
    def test_is_made_line_by_line_looked_at_and_put_into_force(self, segment):
        client = signed_in(make.chen())

        assert client.post("/communication/key/draft", TERMS).status_code == 302
        assert client.post("/communication/key/draft/lines", LINE).status_code == 302
        shown = client.get("/communication/key/draft").content.decode()
        assert "1 day later, not before 10:00" in shown
        assert (
            "What it would do in the next 30 days"
            in client.get("/communication/key/draft/preview").content.decode()
        )
        plan = CommunicationPlan.objects.get()
        client.post("/communication/key/draft/publication", {"version": plan.draft_version})

        assert "The customer entered the segment" in client.get("/communication/key").content.decode()
        assert communication.in_force(plan).entries.get().delay_hours == 24

    def test_with_a_gap_nobody_can_fill_is_refused_and_nothing_typed_is_lost(self, segment):
        client = signed_in(make.chen())

        answer = client.post("/communication/key/draft/lines", LINE | {"body": "{birthday} 快乐"})

        assert answer.status_code == 422
        assert "“{birthday}” cannot be filled in." in answer.content.decode()
        assert "{birthday} 快乐" in answer.content.decode()

    def test_whose_quiet_hours_leave_no_hour_is_refused(self, segment):
        answer = signed_in(make.chen()).post(
            "/communication/key/draft", TERMS | {"quiet_from": "08:00", "quiet_to": "20:00"}
        )

        assert answer.status_code == 422
        assert "leave no hour" in answer.content.decode()

    def test_is_changed_and_its_line_taken_out(self, segment):
        client = signed_in(make.chen())
        client.post("/communication/key/draft/lines", LINE)
        code = CommunicationPlan.objects.get().draft["entries"][0]["code"]

        client.post(f"/communication/key/draft/lines/{code}", LINE | {"subject": "改了"})
        assert CommunicationPlan.objects.get().draft["entries"][0]["subject"] == "改了"

        client.post(f"/communication/key/draft/lines/{code}/removal")
        assert CommunicationPlan.objects.get().draft["entries"] == []
        client.post("/communication/key/draft/discarding")
        assert CommunicationPlan.objects.get().draft is None

    def test_is_decided_by_whoever_answers_for_the_segment(self, segment):
        assert signed_in(make.wang()).get("/communication/key").status_code == 200
        assert signed_in(make.wang()).get("/communication/key/draft").status_code == 403
        assert signed_in(make.li()).get("/communication/key").status_code == 404

    def test_is_withdrawn(self, sent):
        signed_in(make.chen()).post("/communication/key/withdrawal")

        assert communication.in_force(CommunicationPlan.objects.get()) is None
        assert "withdrawn" in signed_in(make.chen()).get("/communication/key").content.decode()


class TestWhatBecameOfIt:
    def test_is_counted_and_each_number_opens_its_list(self, sent):
        client = signed_in(make.wang())

        assert "/communication/key/messages?state=sent" in client.get("/communication/key").content.decode()
        listed = client.get("/communication/key/messages?state=sent").content.decode()
        assert "z***@example.com" in listed
        assert "zhang@example.com" not in listed
        assert "张三" not in listed

    def test_says_why_something_was_not_sent(self, segment):
        make_plans.plan()
        make_plans.enters(make_plans.customer(email=""))
        make_plans.work()
        client = signed_in(make.wang())

        assert "No address for this channel" in client.get("/communication/key").content.decode()
        assert (
            "No address"
            in client.get("/communication/key/messages?state=not_sent&reason=address").content.decode()
        )

    def test_comes_back_as_a_contact(self, sent):
        client = signed_in(make.wang())

        client.post(
            f"/communication/messages/{sent.pk}/replies", {"reply-words": "周五来", "reply-outcome": "good"}
        )

        assert Contact.objects.filter(notes="周五来", owner=make.wang()).exists()
        assert "周五来" in client.get(f"/communication/messages/{sent.pk}").content.decode()

    def test_without_words_is_refused(self, sent):
        answer = signed_in(make.wang()).post(
            f"/communication/messages/{sent.pk}/replies", {"reply-words": " ", "reply-outcome": "good"}
        )

        assert answer.status_code == 422
        assert "Write down what the customer said." in answer.content.decode()

    def test_as_a_bounce_is_noted(self, sent):
        signed_in(make.wang()).post(f"/communication/messages/{sent.pk}/bounce", {"bounce-words": "550"})

        assert make_plans.the_message().reason == PlanMessage.Reason.BOUNCED

    def test_left_in_somebodys_name_shows_them_neither_the_customer_nor_a_contact_of_theirs(self, sent):
        chen = signed_in(make.chen())

        assert Contact.objects.get().owner == make.chen()
        assert chen.get(f"/customers/{sent.customer_id}").status_code == 404
        assert "您好" not in chen.get("/contacts").content.decode()

    def test_is_for_those_who_see_every_customer(self, sent):
        assert signed_in(make.chen()).get("/communication/key/messages").status_code == 403
        assert signed_in(make.li()).get(f"/communication/messages/{sent.pk}").status_code == 404

    def test_costs_few_queries(self, sent):
        client = signed_in(make.wang())
        for address in ("/communication", "/communication/key", "/communication/key/messages"):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            assert len(asked) <= 30, address


class TestTheLinkToOptOut:
    def test_shows_what_would_stop_and_changes_nothing(self, sent):
        address = f"/opt-out/{answering.opt_out_token(sent)}"

        assert "No more of these messages?" in nobody().get(address).content.decode()
        assert not sent.customer.consents.exists()

    def test_stores_it_with_one_tap(self, sent):
        address = f"/opt-out/{answering.opt_out_token(sent)}"

        assert nobody().post(address).status_code == 302
        assert "You get no more of these messages" in nobody().get(address).content.decode()
        assert sent.customer.consents.get().withdrawn_at

    def test_is_pressed_by_a_mail_program_without_a_cookie(self, sent):
        address = f"/opt-out/{answering.opt_out_token(sent)}"

        answer = nobody().post(address, {"List-Unsubscribe": "One-Click"})

        assert (answer.status_code, sent.customer.consents.count()) == (200, 1)

    def test_forged_is_no_page(self, sent):
        assert nobody().get("/opt-out/1:forged").status_code == 404


def test_without_a_way_out_the_plan_says_so(sent):
    assert not settings.SMTP_URL
    assert "Nothing can leave by E-mail" in signed_in(make.wang()).get("/communication/key").content.decode()
