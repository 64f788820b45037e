"""The card of a place: scanned, tapped once, thanked; and where a wave hangs, on its page."""

import gzip

import pytest

from guixin.desks.pages import survey_at_place
from guixin.desks.tests.desk import signed_in
from guixin.listen import hanging_up, waves
from guixin.listen.models import Response
from guixin.listen.tests.make import NOON, chen, he, published
from guixin.serve.models import OpinionPoint

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def place():
    asked = published(begin_from="after-complaint").questionnaire
    wave = waves.open_wave(asked, name="三月", code="march", owner=chen(), by=he(), now=NOON)
    point = OpinionPoint.objects.create(code="lobby", name="一楼大厅", made_at=NOON)
    return hanging_up.hang_up(wave, point, by=he(), now=NOON)


def once(shown) -> str:
    return shown.content.decode().partition('name="once" value="')[2].partition('"')[0]


class TestTheCard:
    def test_takes_one_tap_and_goes_on_in_the_same_browser(self, client, place):
        shown = client.get("/at/lobby")
        assert shown.status_code == client.head("/at/lobby").status_code == 200
        assert len(gzip.compress(shown.content)) < 20_000
        assert len(shown.content) < 30_000
        assert not Response.objects.exists()
        assert not shown.cookies.get("asked-lobby")

        name = place.wave.version.sheet.questions[0].code
        tapped = client.post("/at/lobby?page=1", {f"form-{name}": "2", "once": once(shown)})
        assert tapped.headers["Location"] == "/at/lobby?page=2"
        assert Response.objects.counted().count() == 1
        assert client.get("/at/lobby?page=2").status_code == 200
        assert "Add a word" in client.get("/at/lobby").content.decode()

        assert (
            client.post("/at/lobby?page=2", {"once": once(client.get("/at/lobby?page=2"))}).status_code == 302
        )
        assert Response.objects.count() == 1
        other = client.get("/at/lobby?anew=1")
        client.post("/at/lobby?page=1", {f"form-{name}": "5", "once": once(other)})
        assert Response.objects.count() == 2

    def test_refuses_in_words_and_counts_it_at_the_wave(self, client, place, monkeypatch, settings):
        monkeypatch.setattr(survey_at_place, "AT_MOST", 1)
        name = place.wave.version.sheet.questions[0].code
        sent = [client.post("/at/lobby?page=1", {f"form-{name}": "1"}) for _n in range(3)]
        assert [each.status_code for each in sent] == [302, 429, 429]
        assert "not taken" in sent[2].content.decode()

        shown = signed_in(chen()).get("/surveys/march").content.decode()
        assert "2 answers refused, this place was asked too often." in shown

    def test_without_a_wave_leads_to_whom_one_can_write(self, client, place):
        hanging_up.take_down(place, by=he(), now=NOON)
        shown = client.get("/at/lobby")
        assert shown.status_code == 404
        assert "/complain/lobby" in shown.content.decode()


class TestWhereAWaveHangs:
    def test_is_changed_by_its_owner_on_its_page(self, place, django_assert_max_num_queries):
        client = signed_in(chen())
        OpinionPoint.objects.create(code="dock", name="装卸口", made_at=NOON)

        client.post("/surveys/march/places", {"point": "dock"})
        client.post("/surveys/march/places/lobby/removal")

        assert place.wave.places.get(taken_down_at=None).point.code == "dock"
        with django_assert_max_num_queries(30):
            shown = client.get("/surveys/march").content.decode()
        assert "/at/dock" in shown
        assert client.get("/surveys/march/cards.pdf?code=lobby").status_code == 404
        pytest.importorskip("weasyprint")
        assert client.get("/surveys/march/cards.pdf").content.startswith(b"%PDF")
