"""Every page of the firm: an administrator may, others may not, looking changes nothing, and queries stay few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guixin.channels.webhooks import subscribing
from guixin.desks.tests.desk import nobody, noon, signed_in
from guixin.ledger.models import Entry
from guixin.organisation.models import Calendar, Position
from guixin.serve.tests import make

__all__ = ["noon"]
pytestmark = pytest.mark.usefixtures("noon")


def pages() -> list[str]:
    quality, li = make.quality(), make.li()
    hook = subscribing.subscribe("https://93.184.216.34/hook", kinds=[], by=make.sun(), now=make.NOON)
    return [
        "/admin/",
        "/admin/departments",
        f"/admin/departments/{quality.pk}",
        f"/admin/positions/{Position.objects.get(code='quality-1').pk}",
        f"/admin/ladder?department={quality.pk}&day=2026-03-05",
        "/admin/people",
        "/admin/people?find=ln&only=away",
        "/admin/people/new",
        f"/admin/people/{li.pk}",
        "/admin/calendars",
        f"/admin/calendars/{Calendar.objects.get(code='office').pk}",
        "/admin/holidays",
        "/admin/holidays/CN/2026",
        "/admin/holidays/CN/2026/2",
        "/admin/api-keys",
        "/admin/webhooks",
        f"/admin/webhooks/{hook.pk}",
    ]


class TestTheFirmsPages:
    def test_open_for_an_administrator_with_few_queries_and_change_nothing(self):
        client = signed_in(make.sun())
        for address in pages():
            before = Entry.objects.count()
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
            assert answer.status_code == 200, address
            assert len(asked) <= 30, (address, len(asked))
            assert Entry.objects.count() == before, address
            shown = answer.content.decode()
            assert " style=" not in shown, address
            assert "onclick" not in shown, address

    def test_are_closed_to_everybody_else(self):
        client = signed_in(make.wang())
        for address in pages():
            assert client.get(address).status_code == 403, address
            assert nobody().get(address).status_code == 302, address
