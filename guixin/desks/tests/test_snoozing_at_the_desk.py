from datetime import timedelta

import pytest

from guixin.desks.tests.desk import signed_in
from guixin.serve.models import Case, Snooze
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def case():
    case = make.case()
    Case.objects.filter(pk=case.pk).update(queue_at=make.NOON + timedelta(days=3))
    return case


class TestSnoozingAtTheDesk:
    def test_takes_a_key_and_a_tap_and_says_that_the_promises_run(self, case):
        client = signed_in(make.wang())
        assert 'data-key="z"' in client.get(f"/cases/{case.number}").content.decode()

        answer = client.post(f"/cases/{case.number}/snooze", {"usual": "morning"}, follow=True)

        until = Snooze.objects.get(case=case).until
        assert until > make.NOON
        assert "promises run on" in answer.content.decode()
        assert f"/cases/{case.number}/waking" in answer.content.decode()  # the toast takes it back
        assert case.number not in client.get("/queues/mine").content.decode()
        assert case.number in client.get("/queues/snoozed").content.decode()

    def test_is_taken_back_by_the_toast(self, case):
        client = signed_in(make.wang())
        client.post(f"/cases/{case.number}/snooze", {"usual": "something"})
        client.post(f"/cases/{case.number}/waking")
        assert not Snooze.objects.exists()

    def test_without_a_time_keeps_the_form(self, case):
        answer = signed_in(make.wang()).post(f"/cases/{case.number}/snooze", {})
        assert answer.status_code == 422
        assert not Snooze.objects.exists()

    def test_is_not_offered_to_others(self, case):
        assert (
            signed_in(make.he()).post(f"/cases/{case.number}/snooze", {"usual": "morning"}).status_code == 403
        )
