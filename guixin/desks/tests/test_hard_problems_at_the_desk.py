"""Hard problems on the pages and in the API: asked from the case, answered on a phone, kept in the handbook."""

import pytest

from guixin.channels.api.tests.make import Program, administrator
from guixin.desks.tests.desk import signed_in
from guixin.organisation.models import Skill
from guixin.organisation.skilling import keep_skill
from guixin.serve.models import HardProblem
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


def sewing(*people):
    make.firm()
    return keep_skill("sewing", name="缝制", name_en="Sewing", people=people, by=None, now=make.NOON)[0]


class TestTheExpert:
    def test_is_asked_on_the_case_and_concludes_from_today(self):
        sewing(make.zhao())
        case = make.case(departments=[make.quality().pk])
        asked = signed_in(make.li()).post(
            f"/cases/{case.number}/experts", {"skill": "sewing", "question": "为什么跳针?"}
        )
        assert asked.status_code == 302
        problem = HardProblem.objects.get()

        expert = signed_in(make.zhao())
        assert f"/problems/{problem.pk}" in expert.get("/").content.decode()
        assert "为什么跳针" in expert.get("/problems").content.decode()
        page = expert.get(f"/problems/{problem.pk}").content.decode()
        assert "Return it to the case" in page
        refused = expert.post(f"/problems/{problem.pk}/conclusion", {"remedy": ""})
        assert refused.status_code == 422
        expert.post(f"/problems/{problem.pk}/conclusion", {"remedy": "换14号针", "cause": "针太细"})

        on_the_case = signed_in(make.wang()).get(f"/cases/{case.number}").content.decode()
        assert "换14号针" in on_the_case
        kept = expert.post(f"/problems/{problem.pk}/handbook", {"title": "8号拉链跳针", "became": "lesson"})
        problem.refresh_from_db()
        assert kept["Location"] == f"/handbook/{problem.article_id}"

    def test_is_nobody_whom_it_does_not_concern(self):
        sewing(make.zhao())
        case = make.case(departments=[make.quality().pk])
        signed_in(make.wang()).post(f"/cases/{case.number}/experts", {"skill": "sewing", "question": "?"})

        assert signed_in(make.jiang()).get(f"/problems/{HardProblem.objects.get().pk}").status_code == 404

    def test_is_spared_when_the_handbook_has_the_answer(self):
        sewing(make.zhao())
        desk = signed_in(make.zhao())
        first = make.case(subject="8号拉链跳针", by=make.wang())
        signed_in(make.wang()).post(f"/cases/{first.number}/experts", {"skill": "sewing", "question": "?"})
        problem = HardProblem.objects.get()
        desk.post(f"/problems/{problem.pk}/conclusion", {"remedy": "换14号针"})
        desk.post(f"/problems/{problem.pk}/handbook", {"title": "8号拉链跳针", "became": "lesson"})
        problem.refresh_from_db()

        again = make.case(subject="8号拉链跳针", by=make.wang())
        offered = signed_in(make.wang()).get(f"/cases/{again.number}?act=experts").content.decode()
        assert f'value="{problem.article_id}"' in offered
        spared = signed_in(make.wang()).post(
            f"/cases/{again.number}/spared-expert", {"article": str(problem.article_id)}
        )
        assert spared.status_code == 302
        assert HardProblem.objects.count() == 1


class TestTheAdministrator:
    def test_says_who_knows_what(self):
        make.firm()
        admin = signed_in(administrator())

        made = admin.post(
            "/admin/skills/new", {"name": "染色", "name_en": "Dyeing", "people": [make.li().pk]}
        )
        assert made.status_code == 302
        assert list(Skill.objects.get(code="dyeing").people.all()) == [make.li()]
        assert "染色" in admin.get("/admin/skills").content.decode()


class TestAProgram:
    def test_asks_concludes_and_keeps(self):
        sewing(make.zhao())
        case = make.case()
        asker = Program(make.wang(), ["cases:read", "cases:write"])
        made = asker.post(f"/cases/{case.number}/problems", {"skill": "sewing", "question": "为什么?"})
        assert made.status_code == 201
        number = made.json()["id"]

        expert = Program(make.zhao(), ["cases:read", "cases:write"])
        assert expert.get("/problems").json()[0]["id"] == number
        done = expert.post(f"/problems/{number}/conclusion", {"remedy": "换针"})
        assert done.json()["state"] == "answered"
        kept = expert.post(f"/problems/{number}/handbook", {"title": "跳针"})
        assert kept.json()["article"]
