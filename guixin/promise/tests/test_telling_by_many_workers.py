"""Nobody gets two messages for one event, however many workers look at once, and when one of them is lost."""

from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from guixin.ledger.models import Outgoing
from guixin.promise import planning, posting
from guixin.promise.models import PlanMessage
from guixin.promise.tests import make_plans as make
from guixin.promise.tests.make_plans import SOON
from guixin.understand.models import Purchase

pytestmark = pytest.mark.two_connections
CUSTOMERS, WORKERS = 10, 4


@pytest.fixture
def bought(committed_db):
    """Ten customers who bought two things each; a cap of one message a month."""
    make.plan(make.line("bought"), at_most=1, within_days=30)
    for number in range(CUSTOMERS):
        who = make.enters(make.customer(f"客户{number}", f"{number}@example.com"))
        for order in ("A", "B"):
            Purchase.objects.create(
                customer=who, bought_at=SOON, amount=1, currency="CNY", order_key=f"{number}{order}", source="shop",
                line_key=f"{number}{order}", landed_at=SOON,
            )  # fmt: skip


def work() -> None:
    planning.plan_what_happened(SOON)
    while posting.post_due(SOON, limit=3):
        pass


def at_once(act, workers: int = WORKERS) -> None:
    together = Barrier(workers)

    def run():
        together.wait()
        try:
            act()
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class TestManyWorkers:
    def test_plan_one_message_for_each_event_and_keep_the_cap(self, bought):
        at_once(work)
        work()  # what another worker held while they looked

        assert PlanMessage.objects.count() == CUSTOMERS * 2
        assert PlanMessage.objects.filter(state="posted").count() == CUSTOMERS
        assert PlanMessage.objects.filter(reason="cap").count() == CUSTOMERS
        assert Outgoing.objects.count() == CUSTOMERS

    def test_post_what_a_lost_worker_had_in_hand_once(self, bought):
        planning.plan_what_happened(SOON)

        def work_and_die():
            with transaction.atomic():
                posting.post_due(SOON)
                connection.close()  # the connection goes, and with it what was not committed

        def quietly():
            try:
                work_and_die()
            except Exception:
                connection.close()

        dying = Thread(target=quietly)
        dying.start()
        dying.join()
        assert not Outgoing.objects.exists()

        work()
        assert Outgoing.objects.count() == CUSTOMERS
