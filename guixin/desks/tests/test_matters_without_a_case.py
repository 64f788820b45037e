"""A promise about something that is no part of a case climbs, is shown and is decided like any other."""

import pytest

from guixin.channels import staff_mail
from guixin.channels.models import Notice
from guixin.desks.tests.desk import signed_in
from guixin.ledger.clock import set_virtual_clock
from guixin.ledger.models import Outgoing
from guixin.organisation.models import Person
from guixin.promise import matters
from guixin.promise.keeping import Promise, Stop, fire_due, start, stop
from guixin.promise.matters import Matter
from guixin.promise.models import Clock, Escalation
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON, at

pytestmark = pytest.mark.usefixtures("noon")
LATE = at("12:30", day=5)
TOMORROW = "2026-03-06T12:00"


@pytest.fixture
def visit(noon, monkeypatch):
    """A planned visit Li promised; seen by everybody in quality. Late by now."""
    seen_by = {make.li().pk, make.qian().pk, make.wu().pk}
    seen = lambda ids, person: Person.objects.filter(pk=person.pk).filter(pk__in=seen_by)  # noqa: E731
    named = lambda rows: {7: Matter("拜访 7", "/visits/7")}  # noqa: E731
    monkeypatch.setitem(matters._look_ups, "visit", (seen, named))
    version = make.standards()["result"]
    (clock,) = start(
        [
            Promise(
                about=("visit", 7), case_id=None, version=version, department_id=make.quality().pk,
                holder_id=make.li().pk, started_at=NOON,
            )
        ]
    )  # fmt: skip
    set_virtual_clock(LATE)
    fire_due(LATE)
    return clock


def raised() -> Escalation:
    return Escalation.objects.waiting().get()


class TestAPromiseWithoutACase:
    def test_goes_up_the_ladder(self, visit):
        assert (raised().case_id, raised().matter, raised().to_person) == (None, ("visit", 7), make.qian())

    def test_stops_and_is_judged(self, visit):
        stop([Stop(("visit", 7), visit.measure, LATE)], LATE)
        assert Clock.objects.get(pk=visit.pk).state == Clock.State.MISSED
        assert not Escalation.objects.waiting().exists()

    def test_waits_on_the_desk_of_the_authority_with_its_own_page(self, visit):
        today = signed_in(make.qian()).get("/").content.decode()
        assert "拜访 7" in today
        listed = signed_in(make.qian()).get("/escalations").content.decode()
        assert 'href="/visits/7"' in listed
        assert f"acting-{raised().pk}" in listed
        assert f"taking-over-{raised().pk}" not in listed  # there is no case to take over

    def test_is_not_there_for_whoever_may_not_see_the_matter(self, visit):
        escalation = raised()
        Escalation.objects.filter(pk=escalation.pk).update(to_person=make.zhou())
        assert "拜访" not in signed_in(make.zhou()).get("/escalations").content.decode()
        acted = signed_in(make.zhou()).post(
            f"/escalations/{escalation.pk}/acting", {"note": "好", "look_again_at": TOMORROW}
        )
        assert acted.status_code == 404

    def test_is_acted_on_where_it_stands(self, visit):
        said = {"note": "周五补上", "look_again_at": TOMORROW}
        answered = signed_in(make.qian()).post(f"/escalations/{raised().pk}/acting", said)
        assert (answered.status_code, answered["Location"]) == (302, "/escalations")
        assert Escalation.objects.get(level=1).acted_how == "acted"

    def test_is_refused_in_its_place_and_nothing_typed_is_lost(self, visit):
        said = {"note": "周五补上", "look_again_at": "2026-03-01T12:00"}
        answered = signed_in(make.qian()).post(f"/escalations/{raised().pk}/acting", said)
        assert answered.status_code == 422
        assert "周五补上" in answered.content.decode()

    def test_is_told_by_mail_with_its_name_and_page(self, visit, settings):
        Notice.objects.exclude(person=make.qian()).delete()
        staff_mail.write_digests(LATE)
        message = staff_mail.composed(make.qian(), Outgoing.objects.get())
        assert "拜访 7" in message["Subject"]
        assert f"{settings.BASE_URL}/visits/7" in message.get_content()

    def test_stands_among_the_broken_promises_of_the_week(self, visit):
        board = signed_in(make.wu()).get(f"/promises?department={make.quality().code}&which=broken")
        assert "拜访 7" in board.content.decode()
