"""Absences are entered by oneself and by those above; programs get keys and are told, and each secret is shown once."""

from datetime import timedelta

import pytest

from guixin.channels import http
from guixin.channels.models import Subscription
from guixin.channels.webhooks import sending, subscribing
from guixin.desks.tests.desk import noon, signed_in
from guixin.ledger.models import Entry
from guixin.organisation.models import Absence, ApiKey
from guixin.serve.tests import make

__all__ = ["noon"]
pytestmark = pytest.mark.usefixtures("noon")


def week(person, **more) -> dict:
    return {"person": person.pk, "from_at": "2026-03-09T09:00", "to_at": "2026-03-13T18:00", **more}


class TestAnAbsence:
    def test_of_oneself_is_entered_by_oneself(self):
        li = make.li()

        answer = signed_in(li).post("/absences", week(li, deputy=make.qian().pk, reason="探亲"))

        assert answer.status_code == 302
        assert Absence.objects.get().deputy == make.qian()
        assert "探亲" not in str(Entry.objects.get(kind="organisation.absence_planned").facts)

    def test_of_somebody_below_is_entered_by_who_leads(self):
        assert signed_in(make.wu()).post("/absences", week(make.li())).status_code == 302

    def test_of_somebody_in_another_department_is_not(self):
        assert signed_in(make.zhou()).post("/absences", week(make.li())).status_code == 422
        assert not Absence.objects.exists()

    def test_of_others_is_not_seen(self, noon):
        make.away(make.li(), noon, noon + timedelta(days=2), reason="手术")

        assert "手术" not in signed_in(make.zhao()).get("/absences").content.decode()
        assert "手术" in signed_in(make.sun()).get("/absences").content.decode()

    def test_ends_early_and_not_by_a_stranger(self, noon):
        absence = make.away(make.li(), noon - timedelta(days=1), noon + timedelta(days=2))

        assert signed_in(make.zhao()).post(f"/absences/{absence.pk}/end").status_code == 404
        signed_in(make.li()).post(f"/absences/{absence.pk}/end")
        absence.refresh_from_db()
        assert absence.to_at < noon + timedelta(days=1)

    def test_twice_at_once_is_refused(self, noon):
        li = make.li()
        signed_in(li).post("/absences", week(li))

        assert signed_in(li).post("/absences", week(li)).status_code == 422


class TestTheLadder:
    def test_shows_who_is_told_and_where_nobody_is(self, noon):
        make.away(make.qian(), noon - timedelta(hours=1), noon + timedelta(days=1))

        shown = signed_in(make.sun()).get(f"/admin/ladder?department={make.quality().pk}").content.decode()

        assert "At level 1 nobody is there, nor a deputy" in shown
        assert "吴敏" in shown

    def test_shows_who_stands_in(self, noon):
        make.away(make.qian(), noon - timedelta(hours=1), noon + timedelta(days=1), deputy=make.li())

        shown = signed_in(make.sun()).get(f"/admin/ladder?department={make.quality().pk}").content.decode()

        assert "→ 李娜" in shown
        assert "No holes" in shown

    def test_is_shown_for_any_day(self, noon):
        make.away(make.qian(), noon - timedelta(hours=1), noon + timedelta(days=1))

        address = f"/admin/ladder?department={make.quality().pk}&day=2026-04-08"

        assert "No holes" in signed_in(make.sun()).get(address).content.decode()


class TestAnApiKey:
    def test_is_shown_once_and_revoked(self):
        client = signed_in(make.sun())

        said = {"name": "ERP", "person": make.wang().pk, "scopes": ["cases:read"], "days": "90"}
        shown = client.post("/admin/api-keys", said).content.decode()
        key = ApiKey.objects.get()
        secret = shown.split('value="gx_')[1].split('"')[0]

        assert secret not in client.get("/admin/api-keys").content.decode()
        assert key.expires_at - key.created_at == timedelta(days=90)
        client.post(f"/admin/api-keys/{key.pk}/revoking")
        key.refresh_from_db()
        assert key.revoked_at is not None
        assert Entry.objects.filter(about_kind="apikey", actor_id=make.sun().pk).count() == 2


class TestAWebhook:
    def test_to_our_own_network_is_refused_in_words(self):
        answer = signed_in(make.sun()).post("/admin/webhooks", {"url": "http://127.0.0.1/hook"})

        assert answer.status_code == 422
        assert "inside a network" in answer.content.decode()
        assert not Subscription.objects.exists()

    def test_shows_its_secret_once_and_a_new_one_when_asked(self, noon):
        client = signed_in(make.sun())

        shown = client.post("/admin/webhooks", {"url": "https://93.184.216.34/hook"}).content.decode()
        one = Subscription.objects.get()
        first = one.shown_secret()
        assert first in shown
        assert first not in client.get(f"/admin/webhooks/{one.pk}").content.decode()

        shown = client.post(f"/admin/webhooks/{one.pk}/secret").content.decode()
        one.refresh_from_db()
        assert one.shown_secret() != first
        assert one.shown_secret() in shown

    def test_is_switched_off_and_on_and_ended(self, noon):
        client = signed_in(make.sun())
        one = subscribing.subscribe("https://93.184.216.34/hook", kinds=[], by=make.sun(), now=noon)

        client.post(f"/admin/webhooks/{one.pk}/switch", {"on": "0"})
        one.refresh_from_db()
        assert not one.is_active
        client.post(f"/admin/webhooks/{one.pk}/switch")
        one.refresh_from_db()
        assert one.is_active
        client.post(f"/admin/webhooks/{one.pk}/ending")
        assert not Subscription.objects.exists()

    def test_is_tried_out(self, noon, monkeypatch):
        one = subscribing.subscribe("https://93.184.216.34/hook", kinds=[], by=make.sun(), now=noon)
        told = []
        monkeypatch.setattr(http, "post", lambda url, body, headers: told.append((body, headers)) or 204)

        shown = signed_in(make.sun()).post(f"/admin/webhooks/{one.pk}/test", follow=True).content.decode()

        assert "took the test" in shown
        body, headers = told[0]
        at = int(headers["webhook-timestamp"])
        assert headers["webhook-signature"] == sending.signature(
            one.secret(), headers["webhook-id"], at, body
        )
