import pytest

from guixin.desks.tests.desk import signed_in
from guixin.ledger.clock import set_virtual_clock
from guixin.promise import extending
from guixin.promise.keeping import fire_due
from guixin.promise.models import Escalation, Extension
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON, at

pytestmark = pytest.mark.usefixtures("noon")
LATE = at("12:30", day=5)
TOMORROW = "2026-03-06T12:00"
FROM_THE_PAGE = {"referer": "http://testserver/escalations?whose=all&level=1"}


@pytest.fixture
def raised(noon):
    """Li's task is late and Qian was told."""
    make.task(accepted_by=make.li())
    set_virtual_clock(LATE)
    fire_due(LATE)
    return Escalation.objects.waiting().get(clock__measure="result")


def shown(person, query=""):
    return signed_in(person).get(f"/escalations{query}").content.decode()


class TestTheEscalations:
    def test_show_what_waits_for_each(self, raised):
        assert f'id="escalation-{raised.pk}"' in shown(make.qian())
        assert f'id="escalation-{raised.pk}"' not in shown(make.wu())
        assert "Nothing waits for your decision" in shown(make.zhao())

    def test_show_all_one_looks_after(self, raised):
        assert f'id="escalation-{raised.pk}"' in shown(make.wu(), "?whose=all")
        assert f'id="escalation-{raised.pk}"' in shown(make.he(), "?whose=all&level=1")
        assert f'id="escalation-{raised.pk}"' not in shown(make.he(), "?whose=all&level=2")
        assert f'id="escalation-{raised.pk}"' not in shown(make.zhou(), "?whose=all")
        assert f'id="escalation-{raised.pk}"' not in shown(make.li(), "?whose=all")
        assert signed_in(make.he()).get("/escalations?level=x").status_code == 404

    def test_say_who_is_told_next_and_when(self, raised):
        page = shown(make.qian())

        assert make.wu().name in page  # level 2, four working hours after the breach
        assert "today 17:00" in page

    @pytest.mark.parametrize(
        ("act", "said", "how"),
        [
            ("taking-over", {}, "took_over"),
            ("instruction", {"note": "今天先寄样品"}, "instructed"),
            ("reassignment", {"note": "李工出差", "person": "wu"}, "reassigned"),
            ("silence", {"note": "等客户寄样"}, "silenced"),
            ("acting", {"note": "已安排"}, "acted"),
        ],
    )
    def test_are_answered_where_they_stand(self, raised, act, said, how):
        if "person" in said:
            said = said | {"person": make.person(said["person"]).pk}
        answered = signed_in(make.qian()).post(
            f"/escalations/{raised.pk}/{act}", said | {"look_again_at": TOMORROW}, headers=FROM_THE_PAGE
        )

        assert answered.status_code == 302
        assert answered["Location"] == "/escalations?whose=all&level=1"
        raised.refresh_from_db()
        assert raised.acted_how == how

    def test_open_one_form_in_its_place(self, raised):
        answered = signed_in(make.qian()).get(
            f"/escalations?act=silence-{raised.pk}", headers={"hx-request": "true"}
        )

        words = answered.content.decode()
        assert f'hx-post="/escalations/{raised.pk}/silence"' in words
        assert "<html" not in words
        assert "2026-03-06T09:30" in words  # tomorrow morning is filled in

    def test_keep_what_was_typed_when_refused(self, raised):
        answered = signed_in(make.qian()).post(
            f"/escalations/{raised.pk}/silence", {"note": "等客户寄样", "look_again_at": "2026-03-01T09:00"},
            headers={"hx-request": "true"},
        )  # fmt: skip

        assert answered.status_code == 422
        assert "must lie ahead" in answered.content.decode()
        assert "等客户寄样" in answered.content.decode()

    def test_are_not_for_colleagues_or_other_departments_to_answer(self, raised):
        said = {"note": "……", "look_again_at": TOMORROW}
        assert signed_in(make.li()).post(f"/escalations/{raised.pk}/silence", said).status_code == 403
        assert signed_in(make.zhao()).post(f"/escalations/{raised.pk}/silence", said).status_code == 404
        assert signed_in(make.chen()).post(f"/escalations/{raised.pk}/silence", said).status_code == 302

    def test_hold_requests_for_more_time(self, noon):
        task = make.task(accepted_by=make.li())
        asked = extending.ask(
            make.clock(task, "result"), by=make.li(), until=at("10:00", day=6), reason="等零件", now=NOON
        )
        assert "等零件" in shown(make.qian())
        assert "等零件" not in shown(make.wu())

        signed_in(make.qian()).post(
            f"/extensions/{asked.pk}/decision", {"granted": "no", "note": "先换货"}, headers=FROM_THE_PAGE
        )
        asked.refresh_from_db()
        assert asked.state == Extension.State.REFUSED
        assert "等零件" not in shown(make.qian())
        assert "先换货" in signed_in(make.li()).get(f"/tasks/{task.pk}").content.decode()

    def test_go_on_page_by_page(self, raised, monkeypatch):
        from guixin.desks.pages import escalations

        monkeypatch.setattr(escalations, "ON_A_PAGE", 2)
        for at_ in range(4):
            make.task(accepted_by=make.li(), now=NOON, subject=f"第 {at_} 件")
        fire_due(LATE)
        client, query, found = signed_in(make.qian()), "", []
        for _page in range(9):
            context = client.get(f"/escalations{query}").context
            found += [row.escalation.pk for group in context["levels"] for row in group.rows]
            if not context["after"]:
                break
            query = f"?after={context['after'].replace('+', '%2B')}"

        waiting = Escalation.objects.waiting_for(make.qian().pk)
        assert found == list(waiting.values_list("pk", flat=True))
        assert len(found) == 5

    def test_stand_in_the_rail_with_their_number(self, raised):
        assert signed_in(make.qian()).get("/").context["rail"].groups[1].links[4].number == 1

    def test_ask_the_database_no_more_than_thirty_times(self, raised, django_assert_max_num_queries):
        for _each in range(10):
            make.task(accepted_by=make.li(), now=NOON)
        fire_due(LATE)
        client = signed_in(make.qian())
        client.get("/escalations")

        with django_assert_max_num_queries(30):
            client.get("/escalations")
