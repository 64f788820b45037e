"""The customer's page for a call-back, and the department's."""

import re

import pytest

from guixin.channels.api.tests import make as api
from guixin.desks.tests.desk import nobody, signed_in
from guixin.ledger.models import Entry
from guixin.serve import call_back_lines, call_backs
from guixin.serve.models import CallBack, CallBackLine, Case
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")
WISH = {"phone": "138 0013 8000", "window": "2026-03-04T13:00", "about": "灯不亮", "name": "", "number": "",
        "once": "a", "website": ""}  # fmt: skip


@pytest.fixture(autouse=True)
def line(noon):
    return call_back_lines.add_line(
        "service", "客户服务", make.front(), by=make.he(), now=make.NOON, name_en="Service"
    )


def wish() -> CallBack:
    wanted = {name: WISH[name] for name in ("phone", "window", "about", "name")}
    return call_backs.ask(CallBackLine.objects.get(), **wanted, now=make.NOON)


class TestTheCustomer:
    def test_chooses_a_time_and_keeps_a_private_link(self):
        assert 'value="2026-03-04T13:00"' in nobody().get("/call-me").content.decode()
        answer = nobody().post("/call-me", WISH)

        one = CallBack.objects.get()
        assert answer["Location"] == f"/call-me/{one.token}"
        seen = nobody().get(answer["Location"]).content.decode()
        assert "13:00–14:00" in seen
        assert "138****8000" in seen
        assert "8613800138000" not in seen

    def test_is_answered_alike_whether_we_know_the_number_or_not(self):
        make.customer("王小明", "13800138000")
        known = nobody().post("/call-me", WISH)
        new = nobody().post("/call-me", WISH | {"phone": "13900139000"})

        assert (known.status_code, new.status_code) == (302, 302)
        pages = [nobody().get(each["Location"]).content.decode() for each in (known, new)]
        assert not any("王" in each for each in pages)

    def test_is_braked_by_the_number_and_by_the_address_in_the_same_words(self):
        CallBackLine.objects.update(most_open=1)
        words = str(call_backs.too_many())
        nobody().post("/call-me", WISH)
        refused = nobody().post("/call-me", WISH | {"once": "b"})
        assert refused.status_code == 422
        for _again in range(4):
            nobody().post("/call-me", WISH | {"once": "b"})
        braked = nobody().post("/call-me", WISH | {"once": "c", "phone": "13700137000"})

        assert braked.status_code == 429
        for answer in (refused, braked):
            assert words in answer.content.decode().replace("&#x27;", "'")
        assert CallBack.objects.count() == 1

    def test_changes_the_time_and_cancels(self):
        where = f"/call-me/{wish().token}"
        nobody().post(f"{where}/window", {"window": "2026-03-04T15:00"})
        assert CallBack.objects.get().window_from == make.at("15:00")
        refused = nobody().post(f"{where}/window", {"window": "2026-03-07T15:00"})
        assert refused.status_code == 422
        nobody().post(f"{where}/cancelling")
        assert CallBack.objects.get().state == CallBack.State.CANCELLED
        assert nobody().post(f"{where}/cancelling").status_code == 409

    def test_comes_from_the_page_of_their_case_and_finds_the_call_there(self):
        case = make.case()
        page = f"/track/{case.number}/{case.tracking_token()}"
        [form] = re.findall(r'href="(/call-me\?case[^"]+)"', nobody().get(page).content.decode())
        nobody().post(form.replace("&amp;", "&"), WISH)

        assert CallBack.objects.get().case == case
        assert f"/call-me/{CallBack.objects.get().token}" in nobody().get(page).content.decode()


class TestTheDepartment:
    def test_is_offered_the_call_on_todays_page_with_the_number_masked(self):
        CallBack.objects.filter(pk=wish().pk).update(window_from=make.NOON)
        seen = signed_in(make.wang()).get("/").content.decode()

        assert "灯不亮" in seen
        assert "138****8000" in seen
        assert "灯不亮" not in signed_in(make.zhao()).get("/").content.decode()

    def test_takes_it_sees_the_number_and_makes_a_case_of_it(self):
        make.standards()
        desk, where = signed_in(make.wang()), f"/call-backs/{wish().pk}"
        assert "+8613800138000" not in desk.get(where).content.decode()
        desk.post(f"{where}/taking")
        assert "+8613800138000" in desk.post(f"{where}/number").content.decode()
        assert Entry.objects.filter(kind="understand.customer_revealed", actor_id=make.wang().pk).count() == 1
        answer = desk.post(f"{where}/outcome", {"outcome": "opened", "note": "灯管坏", "kind": "complaint"})

        assert answer["Location"] == f"/cases/{Case.objects.get().number}"
        assert "灯不亮" in desk.get("/call-backs?which=ended").content.decode()

    def test_is_told_who_has_it(self):
        one = call_backs.take(wish(), by=make.tang(), now=make.NOON)
        refused = signed_in(make.wang()).post(
            f"/call-backs/{one.pk}/outcome", {"outcome": "answered", "note": "x"}
        )

        assert refused.status_code == 409
        assert make.tang().name in refused.content.decode()

    def test_does_the_same_by_api(self):
        program = api.program(make.wang())
        [first, *_rest] = program.get("/call-back-lines/service/windows").said["windows"]
        given = {"line": "service", "window": first["window"], "phone": "13800138000", "about": "灯不亮"}
        made = program.post("/call-backs", given).said
        pk = made["id"]
        assert (made["phone"], made["state"]) == ("138****8000", "waiting")
        assert program.post(f"/call-backs/{pk}/number", {}).status_code == 409
        assert program.post(f"/call-backs/{pk}/taking", {}).said["taken_by"] == "wang"
        assert program.post(f"/call-backs/{pk}/number", {}).said == {"phone": "+8613800138000"}
        done = program.post(f"/call-backs/{pk}/outcome", {"outcome": "answered", "note": "好了"}).said
        assert (done["state"], done["outcome"]) == ("made", "answered")
        assert [each["id"] for each in program.get("/call-backs?which=ended").said["call_backs"]] == [pk]


class TestTheAdministrator:
    def test_sets_up_who_rings_back(self):
        admin, given = signed_in(make.he()), {
            "code": "quality", "name": "质量", "department": make.quality().pk, "window_minutes": 30, "capacity": 2,
            "days_ahead": 2, "tries": 3, "again_after_minutes": 15, "most_open": 2, "is_open": "on",
        }  # fmt: skip
        assert admin.post("/admin/call-backs/new", given).status_code == 302
        assert admin.post("/admin/call-backs/quality", given | {"capacity": 0}).status_code == 422
        admin.post("/admin/call-backs/quality", given | {"is_open": ""})

        assert not CallBackLine.objects.get(code="quality").is_open
        assert Entry.objects.filter(kind="serve.call_back_line_changed").count() == 3
