"""Held replies are sent exactly once by any number of workers, also when one is lost between writing and commit."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from guixin.serve import sending
from guixin.serve.models import HeldReply, Message
from guixin.serve.tests import make

pytestmark = pytest.mark.two_connections

REPLIES, WORKERS = 12, 4


@pytest.fixture
def due(committed_db):
    """Twelve replies on twelve cases, and the moment all of them are due."""
    held = [
        sending.send(make.case(subject=f"case {n}"), f"reply {n}", by=make.wang(), now=make.NOON)
        for n in range(REPLIES)
    ]
    return max(each.send_at for each in held)


def all_sent_once():
    sent = Message.objects.filter(kind="reply").values_list("body", flat=True)
    return sorted(sent) == sorted(f"reply {n}" for n in range(REPLIES))


class TestManyWorkers:
    def test_send_each_reply_once(self, due):
        together = Barrier(WORKERS)

        def work():
            together.wait()
            try:
                while sending.send_next(due):
                    pass
            finally:
                connection.close()

        threads = [Thread(target=work) for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert all_sent_once()
        assert not HeldReply.objects.held().exists()

    def test_send_what_a_lost_worker_had_in_hand(self, due):
        def work_and_die():
            from django.db import transaction

            with transaction.atomic():
                sending.send_next(due)
                connection.close()  # the connection goes, and with it what was not committed

        def quietly():
            try:
                work_and_die()
            except Exception:
                connection.close()

        dying = Thread(target=quietly)
        dying.start()
        dying.join()
        assert not Message.objects.filter(kind="reply").exists()

        while sending.send_next(due):
            pass

        assert all_sent_once()
