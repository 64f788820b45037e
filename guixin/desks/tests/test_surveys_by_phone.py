"""Asking by phone at the desk: the list, the script of the next call, and what came of it."""

import pytest

from guixin.desks.tests.desk import signed_in
from guixin.listen import sampling
from guixin.listen.models import Invitation, Response
from guixin.listen.tests.make import ASKS, NOON, chen, he, wang, wave
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def calls():
    case = make.case()
    found = wave(ASKS)
    sampling.keep_plan(found, sampling.Plan({"from": "cases"}, way="phone"), by=he(), now=NOON)
    sampling.draw(found, by=he(), now=NOON)
    Invitation.objects.update(case=None)  # Wang's own case would be a colleague's call
    return case


def test_a_call_is_taken_read_out_and_sent(calls, django_assert_max_num_queries):
    client = signed_in(wang())
    listed = client.get("/surveys/march/calls").content.decode()
    assert "Take the next call" in listed
    assert calls.customer.name not in listed
    script = client.post("/surveys/march/calls").headers["Location"]

    with django_assert_max_num_queries(30):
        shown = client.get(f"{script}?language=en").content.decode()
    assert "Satisfied?" in shown
    assert "Good day" in shown
    assert calls.customer.name not in shown
    assert client.post(f"{script}?page=1", {"form-overall": "9"}).status_code == 422
    assert client.post(f"{script}/outcome", {"ended": "again", "at": ""}).status_code == 422
    assert client.post(f"{script}?page=1", {"form-overall": "4"}).status_code == 302

    response = Response.objects.get()
    assert (response.source, response.taken_by) == ("phone", wang())
    assert "not yours any more" in client.get(script).content.decode()
    assert "By phone" in signed_in(chen()).get("/surveys/march/responses").content.decode()


def test_a_call_without_answers_says_why(calls):
    client = signed_in(wang())
    script = client.post("/surveys/march/calls").headers["Location"]
    client.post(f"{script}/giving-back")
    assert Invitation.objects.get().held_by is None

    client.post("/surveys/march/calls")
    assert client.post(f"{script}/outcome", {"ended": "wrong_number"}).status_code == 302
    assert Invitation.objects.get().reason == "wrong_number"
    assert client.post("/surveys/march/calls").status_code == 409
