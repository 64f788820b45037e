"""What the API answers where a single call says it all: refusals, hidden fields, two people at once."""

import pytest

from guixin.channels.api.tests import make
from guixin.channels.api.tests.world import World
from guixin.ledger.clock import set_virtual_clock
from guixin.ledger.numbering import number_entries
from guixin.promise.models import Clock

pytestmark = pytest.mark.django_db


class TestWhatTheCustomerSees:
    def test_needs_the_right_token(self):
        world = World()
        for token in ("x" * 24, "é", "%00", world.other.tracking_token()):
            assert make.program().get(f"/track/{world.case.number}/{token}").status_code == 404

    def test_names_no_person(self):
        world = World()
        shown = make.program().get(world.address("/track/{number}/{token}")).content.decode()
        for name in ("王芳", "李娜", "13800138000"):
            assert name not in shown


class TestActsOfOthers:
    def test_a_handler_who_sees_the_case_does_not_close_it(self):
        world = World()
        response = make.program(make.li()).post(world.address("/cases/{number}/closing"), {})
        assert response.status_code == 403

    def test_the_front_desk_does_not_accept_for_a_department(self):
        world = World()
        response = make.program(make.wang()).post(world.address("/tasks/{task}/acceptance"))
        assert response.status_code == 403

    def test_publishing_needs_the_duty_not_only_the_scope(self):
        make.standards()
        response = make.program(make.wang()).post("/standards/reply/versions", {"budget_minutes": 60})
        assert response.status_code == 403


class TestTryingAStandard:
    def test_tells_what_would_have_been_late_and_opens_the_cases(self):
        set_virtual_clock(make.at("12:00", 5))
        make.case(now=make.NOON)
        program = make.program(make.he())
        PostHolder = make.he().posts.get().position
        PostHolder.duties = [*PostHolder.duties, "administrator"]
        PostHolder.save()

        trial = program.post("/standards/reply/trials", {"terms": {"budget_minutes": 60}}).said
        late = program.get(f"/trials/{trial['id']}/promises?which=newly_late").said

        assert (trial["state"], trial["whole"]["newly_late"], late["number"]) == ("done", 1, 1)
        assert program.get(f"/trials/{trial['id']}").said["by"]["category"][0]["key"] == "quality"

    def test_refuses_the_same_as_the_page(self):
        make.standards()
        body = {"terms": {"budget_minutes": 60}, "opened_from": "2099-01-01T00:00:00+08:00"}
        refused = make.program(make.administrator()).post("/standards/reply/trials", body)
        assert (refused.status_code, refused.said["detail"]) == (
            422, "The span must begin before it ends, and in the past.",
        )  # fmt: skip


class TestTwoPeopleEditing:
    def test_both_sides_are_shown_and_nothing_is_overwritten(self):
        world, program = World(), make.program(make.wang())
        read = program.get(world.address("/cases/{number}"))
        program.patch(world.address("/cases/{number}"), {"subject": "先改的"}, if_match=read["ETag"])

        late = program.patch(world.address("/cases/{number}"), {"subject": "后改的"}, if_match=read["ETag"])

        assert late.status_code == 409
        assert late.said["yours"] == {"subject": "后改的"}
        assert late.said["theirs"] == {"subject": "先改的"}
        assert late.said["type"] == "urn:guixin:problem:edited-meanwhile"
        assert late.said["changed_by"] == make.wang().pk

    def test_an_edit_without_the_version_read_is_refused(self):
        world = World()
        assert make.program(make.wang()).patch(world.address("/cases/{number}"), {}).status_code == 428


class TestHiddenFields:
    def test_are_refused_not_ignored(self):
        body = {"kind": "enquiry", "subject": "x", "state": "closed", "owner_id": 1}
        refused = make.program(make.wang()).post("/cases", body)
        assert refused.status_code == 422
        assert {error["field"] for error in refused.said["errors"]} == {"state", "owner_id"}


class TestBadRequests:
    @pytest.mark.parametrize(
        ("method", "path", "body", "status"),
        [
            ("POST", "/cases", b"{not json", 400),
            ("POST", "/cases", b"\xff\xfe", 400),
            ("POST", "/cases", b"[" * 100_000, 400),
            ("POST", "/cases", {"kind": "enquiry", "subject": "a\x00b"}, 422),
            ("POST", "/cases", b'{"kind":"enquiry","subject":"\\ud800"}', 422),
            ("POST", "/cases", {"kind": "enquiry", "subject": "x", "opened_at": "0001-01-01T00:00:00+14:00"}, 422),
            ("POST", "/cases", {"kind": "enquiry", "subject": "x", "departments": ["nowhere"]}, 422),
            ("POST", "/cases", {"kind": "enquiry", "subject": "x", "customer": {"id": 9999}}, 422),
            ("POST", "/cases", b" " * (2 * 1024 * 1024 + 1), 413),
            ("PUT", "/cases", {}, 405),
            ("GET", "/nowhere", None, 404),
            ("GET", "/tasks/99999999999999999999999999", None, 404),
            ("GET", "/cases?queue=nonsense", None, 404),
            ("GET", "/cases?queue=mine&after=garbage", None, 404),
            ("GET", "/cases/2026-000001%00", None, 404),
            ("PUT", "/calendars/office/holidays/2027", {"pasted": "first of May"}, 422),
        ],
    )  # fmt: skip
    def test_are_answered_as_problems(self, method, path, body, status):
        make.calendar("office")
        person = make.administrator() if method == "PUT" else make.wang()
        response = make.program(person).call(method, path, body)
        assert response.status_code == status, response.said
        assert response["Content-Type"] == make.PROBLEM
        assert response.said["status"] == status
        assert response.said["instance"].startswith("/api/")


class TestASignedInPerson:
    def test_needs_the_csrf_token_where_something_changes(self):
        from django.test import Client

        client = Client(enforce_csrf_checks=True)
        client.force_login(make.wang())
        assert client.get("/api/cases").status_code == 200
        refused = client.post(
            "/api/cases", {"kind": "enquiry", "subject": "x"}, content_type="application/json"
        )
        assert refused.status_code == 403
        assert refused["Content-Type"] == make.PROBLEM


class TestALostDatabase:
    def test_is_said_with_a_time_to_come_back(self, monkeypatch):
        from django.db import OperationalError

        from guixin.channels.api import cases

        def lost(*args, **kwargs):
            raise OperationalError("server closed the connection")

        monkeypatch.setattr(cases, "open_case", lost)
        response = make.program(make.wang()).post("/cases", {"kind": "enquiry", "subject": "x"})
        assert response.status_code == 503
        assert response["Retry-After"]


class TestHolidaysPublished:
    def test_move_the_running_deadlines_at_once(self):
        set_virtual_clock(make.at("11:00"))
        case = make.case(now=make.at("10:00"), departments=[make.quality().pk])
        before = make.clock(case, "resolve").due_at
        pasted = "2026-03-05 休 大会\n2026-03-06 off"
        answer = make.program(make.administrator()).put("/calendars/office/holidays/2026", {"pasted": pasted})
        assert answer.status_code == 200, answer.said
        assert answer.said["moved"] > 0
        assert make.clock(case, "resolve").due_at > before
        assert Clock.objects.filter(case_id=case.pk, state="running").exists()


class TestTheLedger:
    def test_is_followed_by_position(self):
        make.case()
        number_entries()
        first = make.program(make.sun()).get("/entries?after=0").said["rows"]
        assert [row["position"] for row in first] == list(range(1, len(first) + 1))
        assert make.program(make.wang()).get("/entries").status_code == 403
