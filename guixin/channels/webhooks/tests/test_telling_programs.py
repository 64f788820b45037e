"""Webhooks: signed, in order within a case, retried, replayable, and never personal."""

import base64
import hashlib
import hmac
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from guixin.channels.api.tests import make
from guixin.channels.models import Delivery, Subscription
from guixin.channels.webhooks import feed, sending, subscribing
from guixin.ledger.models import Entry, Outgoing
from guixin.ledger.numbering import number_entries
from guixin.ledger.outbox import deliver_next

pytestmark = pytest.mark.django_db
NOW = make.NOON


class Receiver:
    """Somebody's program on the loopback; answers `status` and keeps what it was told."""

    def __init__(self):
        self.status, self.told = 200, []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.told.append((dict(self.headers), body))
                self.send_response(receiver.status)
                self.send_header("location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()

            def log_message(self, *about):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()


@pytest.fixture
def receiver(monkeypatch):
    monkeypatch.setenv("GUIXIN_WEBHOOK_ALLOW", "127.0.0.1")
    sending._resting.clear()
    one = Receiver()
    yield one
    one.server.shutdown()
    one.server.server_close()


def subscribed(receiver, **about) -> Subscription:
    return subscribing.subscribe(
        receiver.url, kinds=about.pop("kinds", []), by=make.administrator(), now=NOW, **about
    )


def post_everything(now=NOW) -> int:
    number_entries()
    feed(now)
    sent = 0
    while deliver_next(now):
        sent += 1
    return sent


class TestADelivery:
    def test_is_signed_and_carries_ids_not_people(self, receiver):
        subscription = subscribed(receiver, from_position=0)
        make.case(story="请打 13800138000")
        post_everything()

        headers, body = receiver.told[0]
        headers = {name.lower(): value for name, value in headers.items()}
        key = base64.b64decode(subscription.shown_secret().removeprefix("whsec_"))
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        right = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        assert headers["webhook-signature"] == f"v1,{right}"
        assert json.loads(body)["id"] == headers["webhook-id"]
        everything = b"".join(body for _headers, body in receiver.told).decode()
        assert "张三" not in everything
        assert "1380013" not in everything

    def test_keeps_the_order_of_the_ledger(self, receiver):
        subscribed(receiver, from_position=0)
        make.case()
        post_everything()
        positions = [json.loads(body)["position"] for _headers, body in receiver.told]
        assert positions == sorted(positions)
        assert len(positions) == Entry.objects.count()

    def test_is_fed_once_however_often_the_worker_looks(self, receiver):
        subscribed(receiver, from_position=0)
        make.case()
        post_everything()
        assert post_everything() == 0

    def test_withholds_words_somebody_typed(self):
        entry = Entry(
            pk=1, kind="promise.clock_voided", happened_at=NOW, about_kind="case", about_id=1, position=1,
            facts={"reason": "王女士打来电话", "clock_id": 7},
        )  # fmt: skip
        assert json.loads(sending.body_of(entry))["facts"] == {"clock_id": 7}

    def test_of_some_kinds_only(self, receiver):
        subscribed(receiver, kinds=["serve.case_opened"], from_position=0)
        make.case()
        post_everything()
        assert [json.loads(body)["kind"] for _headers, body in receiver.told] == ["serve.case_opened"]


class TestAReceiverThatFails:
    def test_is_asked_again_later_with_the_same_id(self, receiver):
        subscribed(receiver, kinds=["serve.case_opened"], from_position=0)
        make.case()
        receiver.status = 500
        post_everything()
        assert Outgoing.objects.get(channel="webhook").state == "waiting"

        receiver.status = 200
        post_everything(NOW + timedelta(minutes=5))
        assert Outgoing.objects.get(channel="webhook").state == "sent"
        ids = [json.loads(body)["id"] for _headers, body in receiver.told]
        assert len(ids) == 2
        assert len(set(ids)) == 1

    def test_is_not_followed_elsewhere(self, receiver):
        subscribed(receiver, kinds=["serve.case_opened"], from_position=0)
        make.case()
        receiver.status = 302
        post_everything()
        assert "302" in Outgoing.objects.get(channel="webhook").last_error

    def test_that_is_gone_is_left_alone(self, receiver):
        subscribed(receiver, kinds=["serve.case_opened"], from_position=0)
        make.case()
        receiver.status = 410
        post_everything()
        assert Outgoing.objects.get(channel="webhook").state == "dead"

    def test_and_is_dead_rests_so_that_others_are_served(self, receiver):
        dead = subscribing.subscribe(
            "http://127.0.0.1:9/", kinds=["serve.case_opened"], by=make.administrator(), now=NOW, from_position=0
        )  # fmt: skip
        subscribed(receiver, kinds=["serve.case_opened"], from_position=0)
        make.case(), make.case(subject="第二件")
        post_everything()
        assert len(receiver.told) == 2
        errors = set(
            Outgoing.objects.filter(lane__startswith=f"{dead.pk}:").values_list("last_error", flat=True)
        )
        assert any(error.startswith("StillResting") for error in errors)


class TestAReplay:
    def test_of_a_position_sends_the_old_ids(self, receiver):
        subscription = subscribed(receiver, from_position=0)
        make.case()
        count = post_everything()
        subscribing.replay(subscription, now=NOW, from_position=0)
        assert post_everything() == count + 1  # and that it was sent again
        ids = [json.loads(body)["id"] for _headers, body in receiver.told]
        assert ids[:count] == ids[count : 2 * count]

    def test_of_a_dead_delivery_puts_it_back(self, receiver):
        subscription = subscribed(receiver, kinds=["serve.case_opened"], from_position=0)
        make.case()
        receiver.status = 410
        post_everything()
        receiver.status = 200
        subscribing.replay(subscription, now=NOW, delivery_id=Delivery.objects.get().pk)
        assert post_everything() == 1


class TestAnEndedSubscription:
    def test_hears_nothing_more(self, receiver):
        subscription = subscribed(receiver, from_position=0)
        make.case()
        number_entries()
        feed(NOW)
        subscribing.end(subscription, by=None, now=NOW)
        assert not deliver_next(NOW)
        assert receiver.told == []
