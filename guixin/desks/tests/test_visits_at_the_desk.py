"""Visits as the customer applies for them and the desk decides them; and the same by the API."""

from datetime import date, timedelta

import pytest

from guixin.channels.api.tests import make as api
from guixin.desks.tests.desk import nobody, signed_in
from guixin.ledger.clock import set_virtual_clock
from guixin.listen import asking_visitors, building, waves
from guixin.organisation import granting
from guixin.serve import visit_deciding
from guixin.serve.models import AgendaItem, Case, Task, Visit, VisitRules
from guixin.serve.tests import make
from guixin.serve.visit_log import took_place
from guixin.serve.visit_rules import USUAL, publish, rules_in_force
from guixin.understand import contacting
from guixin.understand.missing_contacts import miss_due

pytestmark = pytest.mark.usefixtures("noon")
ASKED = {"purpose": "tour", "people": "4", "wished_on": "2026-03-18", "wished_or": "", "company": "海风电器",
         "contact_name": "", "phone": "138 0013 8000", "email": "", "visitors": "两位工程师", "languages": "日语",
         "wishes": "染色", "once": "a", "website": ""}  # fmt: skip
HOURS = {"arrives_at": "2026-03-18T09:00", "leaves_at": "2026-03-18T16:00", "place": "一号展厅"}


@pytest.fixture(autouse=True)
def matrix(noon):
    make.standards()
    make.wang()
    draft = granting.begin_draft()
    line = {"decision": "reception", "rank": 1, "currency": "CNY", "limit_each": 1500_00}
    granting.put_grant(draft, line)
    granting.publish(draft, by=None, now=make.PUBLISHED)


def applied() -> Visit:
    nobody().post("/visit-us", ASKED)
    return Visit.objects.get()


class TestTheCustomer:
    def test_applies_without_an_account_and_sees_what_became_of_it(self):
        assert 'value="tour"' in nobody().get("/visit-us").content.decode()
        answer, twice = nobody().post("/visit-us", ASKED), nobody().post("/visit-us", ASKED)
        assert (answer.status_code, twice.status_code, Visit.objects.count()) == (201, 201, 1)
        visit = Visit.objects.get()
        page = visit.case.tracking_link().replace("http://testserver", "").split("/track/")[1]
        assert visit.case.number in answer.content.decode()

        visit_deciding.approve(
            visit, make.at("09:00", 18), make.at("16:00", 18), place="一号展厅", host=make.he(), by=make.wang(),
            now=make.NOON,
        )  # fmt: skip

        seen = nobody().get(f"/track/{page}").content.decode()
        assert "09:00–16:00" in seen
        assert "一号展厅" in seen
        assert f"/track/{page}/confirmation" not in seen
        nobody().post(f"/track/{page}/visit/cancelling", {"body": ""})
        assert Visit.objects.get().state == "cancelled"
        refused = nobody().post(f"/track/{page}/visit/again", {"wished_on": "2026-03-04"})
        assert refused.status_code == 422
        nobody().post(f"/track/{page}/visit/again", {"wished_on": "2026-04-01"})
        assert Visit.objects.get().state == "applied"

    def test_is_told_what_is_missing_and_loses_nothing(self):
        answer = nobody().post("/visit-us", ASKED | {"phone": "", "people": "31"})
        assert answer.status_code == 422
        assert "海风电器" in answer.content.decode()
        assert nobody().post("/visit-us", ASKED | {"people": "31"}).status_code == 422
        assert not Case.objects.exists()

    def test_is_braked(self):
        for number in range(6):
            nobody().post("/visit-us", ASKED | {"once": str(number)})
        assert nobody().post("/visit-us", ASKED | {"once": "z"}).status_code == 429


class TestTheDesk:
    def test_takes_it_in_decides_plans_and_writes_it_down(self, monkeypatch):
        client, visit = signed_in(make.wang()), applied()
        where = f"/visits/{visit.pk}"
        assert client.get(where).status_code == client.get("/visits?month=2026-03").status_code == 200
        assert where in client.get("/visits?month=2026-03").content.decode()

        client.post(f"{where}/approval", HOURS)
        plan = {"begins_at": "2026-03-18T10:00", "ends_at": "2026-03-18T11:00", "what": "参观染色",
                "department": make.quality().pk, "prepare_": "样板线运转"}  # fmt: skip
        client.post(f"{where}/agenda", plan)
        assert "样板线运转" in Task.objects.get().instruction
        refused = client.post(f"{where}/log", {"log": "来过", "held_at": "2026-03-18T09:00"})

        assert refused.status_code == 422
        assert Visit.objects.get().state == "approved"
        client.post(f"{where}/agenda/{AgendaItem.objects.get().pk}/removal")
        assert Task.objects.get().state == "withdrawn"

    def test_takes_one_in_for_a_case_that_is_there(self):
        case = make.case(kind="visit")
        client = signed_in(make.wang())
        assert f"/visits/new?case={case.number}" in client.get(f"/cases/{case.number}").content.decode()

        client.post("/visits/new", ASKED | {"case": case.number})

        assert Visit.objects.get().case == case
        assert f"/visits/{Visit.objects.get().pk}" in client.get(f"/cases/{case.number}").content.decode()

    def test_of_another_department_there_is_none(self):
        assert signed_in(make.zhao()).get(f"/visits/{applied().pk}").status_code == 404


class TestTheFollowUps:
    def held(self) -> Visit:
        visit = applied()
        begins, ends = make.at("09:00", 18), make.at("16:00", 18)
        visit_deciding.approve(visit, begins, ends, by=make.wang(), now=make.NOON)
        return took_place(visit, "看了染色", by=make.wang(), now=make.at("17:00", 18))

    @pytest.mark.parametrize("day", [date(2026, 4, 20), date(2026, 6, 18), date(2026, 9, 18)])
    def test_stand_on_the_desk_of_the_owner_on_their_day_and_not_before(self, day):
        visit = self.held()
        contact = visit.follow_ups.get(contact__planned_on=day).contact
        morning = make.at("09:00").replace(year=day.year, month=day.month, day=day.day)
        link = f"/contacts/{contact.pk}"

        set_virtual_clock(morning - timedelta(days=1))
        assert link not in signed_in(visit.case.owner).get("/").content.decode()
        set_virtual_clock(morning)
        assert link in signed_in(visit.case.owner).get("/").content.decode()
        assert link not in signed_in(make.li()).get("/").content.decode()

    def test_lead_to_their_visit_and_it_to_them(self):
        visit = self.held()
        first, second, _third = (row.contact for row in visit.follow_ups.order_by("months"))
        contacting.make(first, notes="很满意", by=make.wang(), now=make.at("09:00", 20, 4))
        set_virtual_clock(second.due_at)
        miss_due(second.due_at)
        client = signed_in(make.wang())

        seen = client.get(f"/contacts/{second.pk}").content.decode()
        assert f'href="/visits/{visit.pk}"' in seen
        assert f'href="/contacts/{first.pk}"' in seen
        shown = client.get(f"/visits/{visit.pk}").content.decode()
        assert all(f'href="/contacts/{row.contact_id}"' in shown for row in visit.follow_ups.all())
        states = shown[shown.index('aria-labelledby="follow-ups"') :]
        assert [states.count(f">{word}<") for word in ("Made", "missed", "Planned")] == [1, 1, 1]
        listed = api.program(make.wang()).get("/contacts").said["contacts"]
        assert {each["visit"] for each in listed} == {visit.pk}


class TestTheApi:
    def test_does_the_same_and_refuses_with_the_same_words(self):
        make.standards(), make.company()
        program = api.program(make.wang())
        given = {name: ASKED[name] for name in ("purpose", "wished_on", "company", "phone", "visitors")}

        made = program.post("/visits", given | {"people": 4}).said
        where = f"/visits/{made['id']}"
        late = program.post(
            f"{where}/approval",
            {"arrives_at": "2026-03-03T09:00+08:00", "leaves_at": "2026-03-03T16:00+08:00"},
        )
        done = program.post(
            f"{where}/approval",
            {"arrives_at": "2026-03-04T12:30+08:00", "leaves_at": "2026-03-04T16:00+08:00", "host": "he"},
        ).said
        set_virtual_clock(make.at("17:00"))
        held = program.post(
            f"{where}/log", {"log": "看了染色", "promises": [{"what": "寄样", "department": "quality"}]}
        ).said

        assert (late.status_code, late.said["detail"]) == (
            422,
            "They can only come at a time that lies ahead.",
        )
        assert (done["state"], done["budget"], done["host"]) == ("approved", "300.00", "he")
        assert [(each["months"], each["planned_on"]) for each in held["follow_ups"]] == [
            (1, "2026-04-07"), (3, "2026-06-04"), (6, "2026-09-04"),
        ]  # fmt: skip
        assert program.get("/visits/follow-ups").said["due"] == 0
        assert program.get("/visit-rules").said["grades"][0]["budget"] == "5000.00"


class TestAskingVisitors:
    def test_leads_from_the_page_of_their_case_into_the_survey_and_back_to_the_visit(self):
        program = api.program(make.wang())
        visit = applied()
        visit_deciding.approve(visit, make.at("13:00"), make.at("16:00"), by=make.wang(), now=make.NOON)
        asked = building.add(
            code="visits", name="来访", owner=make.he(), begin_from="after-visit", by=make.he(), now=make.NOON
        )
        building.publish(asked, by=make.he(), now=make.NOON)
        wave = waves.open_wave(
            asked, name="来访", code="visits", owner=make.he(), by=make.he(), now=make.NOON
        )
        said = {**USUAL, "survey": wave.code}
        publish(said, by=None, now=make.NOON)
        page = f"/track/{visit.case.number}/{visit.case.tracking_token()}"
        assert nobody().post(f"{page}/visit/feedback").status_code == 409  # they were not here yet
        took_place(visit, "看了染色", by=make.wang(), now=make.at("17:00"))
        set_virtual_clock(make.at("17:00"))

        assert f"{page}/visit/feedback" in nobody().get(page).content.decode()
        link = nobody().post(f"{page}/visit/feedback")["Location"]
        assert nobody().get(link).status_code == 200
        answered = nobody().post(
            link, {f"form-{name}": "5" for name in ("received", "answered", "organised", "recommend")}
        )

        assert answered.status_code == 302
        assert program.post(f"/visits/{visit.pk}/feedback-link").status_code == 409  # each counts once
        [one] = asking_visitors.feedback_of(Visit.objects.get(), "en")
        assert "5/5" in one.words

    def test_prints_the_plan(self):
        answer = signed_in(make.wang()).get(f"/visits/{applied().pk}/plan.pdf")
        assert answer.content.startswith(b"%PDF")


class TestTheRulesOfTheAdministrator:
    def test_are_tried_and_then_published(self, django_assert_max_num_queries):
        applied()
        make.firm()
        client = signed_in(make.sun())
        with django_assert_max_num_queries(30):
            shown = client.get("/admin/visit-rules")
        form = shown.context["form"]
        rows = [*form.purposes, *form.grades, *form.rules]
        fields = [*form, *(field for row in rows for field in row)]
        said = {
            each.html_name: each.value() or "" for each in fields if each.value() or each.name != "purposes"
        }
        said |= {"rule-0-place": "9", "rule-4-grade": "A", "rule-4-people": "4", "rule-4-place": "1"}

        tried = client.post("/admin/visit-rules", said | {"look": "1"}).content.decode()
        assert "C → A" in tried
        assert not VisitRules.objects.exists()
        assert client.post("/admin/visit-rules", said).status_code == 302
        rules = rules_in_force()
        assert (rules.rules[0].grade, rules.rules[0].people, len(rules.purposes)) == ("A", 4, 6)
        assert rules.rules[-1].customer_grades == ("A",)
        assert client.post("/admin/visit-rules", said | {"most_people": "9"}).status_code == 422
        assert signed_in(make.wang()).get("/admin/visit-rules").status_code == 403
