"""Programs make plans, look at what they would do, and hand in what came back, with the refusals of the pages."""

import pytest

from guixin.channels.api.tests import make as api
from guixin.ledger.clock import set_virtual_clock
from guixin.promise import answering
from guixin.promise.tests import make_plans as make
from guixin.promise.tests.make import NOON
from guixin.promise.tests.make_plans import SOON
from guixin.understand.models import Contact, Segment

pytestmark = pytest.mark.django_db
LINE = {
    "occasion": "entered", "delay_hours": 24, "at": "10:00", "channel": "email", "purpose": "service", "subject": "欢迎",
    "body": "{customer}，您好",
}  # fmt: skip


@pytest.fixture(autouse=True)
def world(db):
    set_virtual_clock(NOON)
    api.firm()
    make.segment()


class TestAProgram:
    def test_puts_a_plan_into_force_and_reads_it(self):
        chen = api.program(api.chen())

        made = chen.post("/communication-plans/key/versions", {"entries": [LINE]})

        assert made.status_code == 201
        assert made.said["in_force"]["entries"][0]["at"] == "10:00"
        assert chen.get("/communication-plans/key").said == made.said
        assert chen.get("/communication-plans").said == [made.said]

    def test_looks_at_what_it_would_do(self):
        make.enters(make.customer(), at=NOON)

        seen = api.program(api.chen()).post("/communication-plans/key/forecast", {"entries": [LINE]}).said

        assert (seen["customers"], seen["lines"][0]["told"], seen["samples"]) == (1, 1, [])

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ({"entries": []}, "no line yet"),
            ({"entries": [LINE | {"body": "{birthday}"}]}, "{birthday}"),
            ({"entries": [LINE, LINE]}, "same event"),
            (
                {"entries": [LINE], "calendar": "office", "quiet_from": "08:00", "quiet_to": "20:00"},
                "leave no hour",
            ),
            ({"entries": [LINE | {"occasion": "eclipse"}]}, "which occasion"),
        ],
    )
    def test_is_refused_in_words(self, content, words):
        answer = api.program(api.chen()).post("/communication-plans/key/versions", content)

        assert answer.status_code == 422
        assert words in answer.said["detail"]

    def test_without_a_channel_is_refused(self):
        line = {name: value for name, value in LINE.items() if name != "channel"}

        assert (
            api.program(api.chen()).post("/communication-plans/key/versions", {"entries": [line]}).status_code
            == 422
        )

    def test_for_a_segment_that_is_withdrawn_is_refused(self):
        Segment.objects.update(withdrawn_at=NOON)

        answer = api.program(api.chen()).post("/communication-plans/key/versions", {"entries": [LINE]})

        assert (answer.status_code, "not in force" in answer.said["detail"]) == (422, True)

    def test_of_somebody_else_is_refused(self):
        assert (
            api.program(api.wang()).post("/communication-plans/key/versions", {"entries": [LINE]}).status_code
            == 403
        )
        assert api.program(api.li()).get("/communication-plans/key").status_code == 404

    def test_withdraws_it(self):
        chen = api.program(api.chen())
        chen.post("/communication-plans/key/versions", {"entries": [LINE]})

        assert chen.call("DELETE", "/communication-plans/key").said["in_force"] is None
        assert chen.call("DELETE", "/communication-plans/key").status_code == 409

    def test_hands_in_an_answer_once(self):
        make.plan()
        make.enters(make.customer())
        make.work()
        message = make.the_message()
        answering.sent(message, now=SOON)
        wang = api.program(api.wang())

        first = wang.post(f"/communication-messages/{message.pk}/replies", {"words": "好的", "key": "sms-1"})
        again = wang.post(f"/communication-messages/{message.pk}/replies", {"words": "好的", "key": "sms-1"})

        assert (first.status_code, again.said) == (201, first.said)
        assert Contact.objects.filter(notes="好的").count() == 1
        assert wang.get(f"/communication-messages/{message.pk}").said["replies"] == [first.said["contact"]]

    def test_hands_in_what_did_not_arrive(self):
        make.plan()
        make.enters(make.customer())
        make.work()
        message = make.the_message()
        wang = api.program(api.wang())

        assert (
            wang.post(f"/communication-messages/{message.pk}/bounce", {"detail": "550"}).said["reason"]
            == "bounced"
        )
        listed = wang.get("/communication-plans/key/messages?state=not_sent").said
        assert (listed["number"], listed["messages"][0]["detail"]) == (1, "550")
        assert "zhang@example.com" not in str(listed)
