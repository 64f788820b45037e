"""The same Idempotency-Key does a thing once, also when two requests arrive at the same moment."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from guixin.channels.api.tests import make
from guixin.channels.models import IdempotencyRecord
from guixin.channels.models.idempotency import REMEMBERED_FOR, prune_idempotency
from guixin.serve.models import Case

BODY = {"kind": "enquiry", "subject": "几点关门"}


@pytest.mark.django_db
class TestARepeat:
    def test_is_answered_byte_for_byte_and_does_nothing(self):
        make.standards()
        program = make.program(make.wang())
        first = program.post("/cases", BODY, idempotency_key="k1")
        again = program.post("/cases", BODY, idempotency_key="k1")

        assert (
            (again.status_code, again.content) == (first.status_code, first.content) == (201, first.content)
        )
        assert again["Location"] == first["Location"]
        assert again["Idempotency-Replayed"] == "true"
        assert Case.objects.count() == 1

    def test_with_another_body_or_address_is_refused(self):
        make.standards()
        program = make.program(make.wang())
        number = program.post("/cases", BODY, idempotency_key="k1").said["number"]
        for path, body in (("/cases", BODY | {"severity": 3}), (f"/cases/{number}/notes", {"body": "x"})):
            refused = program.post(path, body, idempotency_key="k1")
            assert refused.status_code == 422
            assert refused.said["type"] == "urn:guixin:problem:idempotency-key-reused"
        assert Case.objects.count() == 1

    def test_of_a_refusal_is_tried_again(self):
        make.standards()
        program = make.program(make.wang())
        assert program.post("/cases", {"kind": "enquiry"}, idempotency_key="k1").status_code == 422
        assert not IdempotencyRecord.objects.exists()
        assert program.post("/cases", BODY, idempotency_key="k1").status_code == 201

    def test_of_another_program_is_another_thing(self):
        make.standards()
        make.program(make.wang()).post("/cases", BODY, idempotency_key="k1")
        make.program(make.wang()).post("/cases", BODY, idempotency_key="k1")
        assert Case.objects.count() == 2

    @pytest.mark.parametrize("key", ["", " ", "k" * 256, "a\tb"])
    def test_needs_a_key_one_can_keep(self, key):
        refused = make.program(make.wang()).post("/cases", BODY, idempotency_key=key)
        assert refused.status_code == 400

    def test_of_the_customer_counts_once(self):
        case = make.case(now=timezone.now())
        path = f"/track/{case.number}/{case.tracking_token()}/messages"
        for _time in range(2):
            said = make.program().post(path, {"body": "还有一件"}, idempotency_key="k1")
            assert said.status_code == 201
        assert case.messages.filter(kind="customer").count() == 1

    def test_is_forgotten_after_two_days_not_one(self):
        make.standards()
        make.program(make.wang()).post("/cases", BODY, idempotency_key="k1")
        written = IdempotencyRecord.objects.get().created_at
        assert prune_idempotency(written + REMEMBERED_FOR / 2) == 0
        assert prune_idempotency(written + REMEMBERED_FOR * 1.01) == 1


@pytest.mark.two_connections
class TestTwoAtTheSameMoment:
    def test_make_one_case_and_get_one_answer(self, committed_db):
        make.standards(), make.rules(), make.terms()
        program = make.program(make.wang())
        together, answers = threading.Barrier(8), []

        def call():
            try:
                together.wait()
                each = make.Program(None)
                each.headers = program.headers
                answers.append(each.post("/cases", BODY, idempotency_key="k1"))
            finally:
                connection.close()

        threads = [threading.Thread(target=call) for _each in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        assert sum("Idempotency-Replayed" not in answer for answer in answers) == 1
        assert Case.objects.count() == 1
