"""S3: ids of what one may not see, in the body or the query of a request to something of one's own: 0 effects.

Li answers for the case of quality herself here, so that nothing but the foreign id stands in her way.
"""

import pytest
from django.db import transaction

from guixin.serve.models import BulkItem, Case, SavedView
from guixin.serve.tests import make
from tests.security.addresses import MAY_CHANGE_BY_LOOKING
from tests.security.world import browser, case_of, changed, program, who, written

pytestmark = pytest.mark.django_db
KEPT_FOR_THE_WRITER = {"serve_draft", "channels_idempotencyrecord"}

# Who asks, where ({} of her own side), what ({} of the foreign side).
BODIES = [
    ("li", "/cases/{case}/merging", {"number": "{case}"}),
    ("li", "/cases/{case}/links", {"number": "{case}"}),
    ("li", "/cases/{case}/splits", {"subject": "另一件", "task": "{task}"}),
    ("li", "/bulk", {"act": "note", "case": "{case_pk}"}),
    ("li", "/bulk", {"act": "note", "all": "yes", "queue": "all"}),
    ("li", "/bulk", {"act": "hand_over", "case": "{case_pk}"}),
    ("li", "/views", {"name": "全部", "list": "all", "shared": "mine"}),
    ("li", "/views/again?name=x&list=all", {}),
    ("li", "/views", {"name": "全部", "list": "department", "shared": "everybody"}),
    ("li", "/handovers/li", {"to": "{handler}"}),
    ("li", "/handovers/{handler_of_them}", {"to": "li"}),
    ("li", "/absences", {"person": "{handler_pk}", "from_at": "2026-03-05T09:00", "to_at": "2026-03-06T09:00"}),
    ("li", "/cases/new", {"customer_id": "{customer}", "kind": "enquiry", "subject": "x", "channel": "phone", "severity": "2"}),
    ("wang", "/customers/{customer}/merges/{merge_of_them}/undone", {}),
    ("wang", "/held-replies/{held_of_them}/taking-back", {}),
    ("nobody", "/track/{case}/{token_of_them}/additions", {"body": "x"}),
    ("nobody", "/track/{case}/{token_of_them}/confirmation", {"body": "x"}),
]  # fmt: skip
API_BODIES = [
    ("POST", "/cases/{case}/merge", {"number": "{case}"}),
    ("POST", "/cases/{case}/links", {"number": "{case}"}),
    ("POST", "/cases/{case}/split", {"subject": "另一件", "task": "{task}"}),
    ("POST", "/cases/{case}/split", {"subject": "另一件", "task_id": "{task}"}),
    ("POST", "/cases", {"kind": "enquiry", "subject": "x", "customer": {"id": "{customer}"}}),
    ("POST", "/tasks/{task}/questions/{question_of_them}/answer", {"answer": "x"}),
    ("DELETE", "/cases/{case}/replies/{held_of_them}", None),
    ("POST", "/absences", {"person": "{handler}", "from_at": "2099-03-05T09:00:00+08:00", "to_at": "2099-03-06T09:00:00+08:00"}),
]  # fmt: skip
# What she looks at, and what of it belongs to somebody else: nothing of theirs may be in the answer.
LOOKS = [
    "/find?q={case}", "/find?q=logistics", "/find?q={phone}", "/queues/department?department=logistics", "/queues/closed",
    "/queues/tasks?department=logistics", "/cases/{own}?in=/views/{view}", "/cases/{own}?in=/queues/all",
    "/panes/list?in=/views/{view}", "/panes/list?in=/queues/all", "/promises?department=logistics", "/now?department=logistics",
    "/escalations?whose=all", "/escalations?act=acting-{escalation}", "/escalations?act=decision-{extension}",
    "/queues/department/matches?department=logistics", "/customers?q={phone}", "/customers/{own_customer}", "/today?show=x",
    "/api/cases?queue=department&department=logistics", "/api/cases?queue=all", "/api/tasks?queue=department&department=logistics",
    "/api/tasks?queue=all", "/api/find?q=logistics", "/api/find?q={case}", "/api/customers?find={phone}", "/api/entries",
]  # fmt: skip


@pytest.fixture
def hers(world):
    Case.objects.filter(pk=world["quality"]["case_pk"]).update(owner=make.li())
    mine, theirs = world["quality"], world["logistics"]
    mine |= {f"{name}_of_them": theirs[name] for name in ("merge", "held", "token", "question", "handler")}
    theirs |= {
        "handler_pk": who("zhao").pk,
        "own": mine["case"],
        "own_customer": mine["customer"],
        "phone": "13900139000",
    }
    return world


def pointed(body, theirs):
    if isinstance(body, dict):
        return {name: pointed(value, theirs) for name, value in body.items()}
    return body.format(**theirs) if isinstance(body, str) else body


class TestAForeignId:
    def test_in_a_form_has_no_effect(self, hers):
        wrong = []
        for role, where, body in BODIES:
            where, body = where.format(**hers["quality"]), pointed(body, hers["logistics"])
            client, before = browser(role), written()
            with transaction.atomic():
                answer = client.post(where, body)
            tables = changed(before, {*MAY_CHANGE_BY_LOOKING, *KEPT_FOR_THE_WRITER})
            if not 400 <= answer.status_code < 500 or tables:
                wrong.append(f"{role} {where} {body}: {answer.status_code} {sorted(tables)}")
        assert not wrong, "\n".join(wrong)

    def test_in_a_call_of_the_api_has_no_effect(self, hers):
        wrong, key = [], program("li")
        for method, where, body in API_BODIES:
            where, body = where.format(**hers["quality"]), pointed(body, hers["logistics"])
            if isinstance(body, dict):
                body = {
                    name: int(said) if str(said).isdecimal() and "task" in name else said
                    for name, said in body.items()
                }
                if "customer" in body:
                    body["customer"] = {"id": int(body["customer"]["id"])}
            before = written()
            answer = key.call(method, where, body)
            tables = changed(before, {*MAY_CHANGE_BY_LOOKING, *KEPT_FOR_THE_WRITER})
            if not 400 <= answer.status_code < 500 or tables:
                wrong.append(f"{method} {where} {body}: {answer.status_code} {sorted(tables)}")
        assert not wrong, "\n".join(wrong)

    def test_among_chosen_cases_is_left_out(self, hers):
        mine, theirs = hers["quality"]["case_pk"], hers["logistics"]["case_pk"]

        answer = browser("li").post("/bulk", {"act": "note", "case": [mine, theirs]})

        change = answer["Location"].rsplit("/", 1)[1]
        assert list(BulkItem.objects.filter(change=change).values_list("case_id", flat=True)) == [mine]

    def test_of_an_owner_in_a_hidden_field_is_not_read(self, hers):
        browser("li").post(
            "/views", {"name": "我的", "list": "department", "shared": "mine", "owner": who("zhao").pk}
        )

        assert SavedView.objects.get(name="我的").owner == make.li()

    def test_of_a_page_to_go_back_to_is_not_followed(self, hers):
        theirs = hers["logistics"]["task"]

        answer = browser("li").post(
            f"/cases/{hers['quality']['case']}/notes", {"body": "好", "task_page": theirs}
        )

        assert f"/tasks/{theirs}" not in answer["Location"]

    def test_of_a_page_elsewhere_is_not_followed_either(self, hers):
        for role, where in (("nobody", "/preferences/theme"), ("li", "/preferences/theme")):
            for next_page in (
                "https://evil.example/",
                "//evil.example/",
                "/\\evil.example",
                "javascript:alert(1)",
            ):
                answer = browser(role).post(where, {"theme": "dark", "next": next_page})
                assert answer["Location"] == "/"

    def test_in_what_is_looked_for_shows_nothing(self, hers):
        theirs, wrong, key = hers["logistics"], [], program("li")
        pk = theirs["case_pk"]  # with what ends it: /cases/20 begins /cases/2026-000001
        secrets = ["logistics only", theirs["case"], "李四", f'/cases/{pk}"', f"/cases/{pk}/"]
        for where in LOOKS:
            address = where.format(**theirs)
            answer = (
                key.get(address.removeprefix("/api"))
                if address.startswith("/api")
                else browser("li").get(address)
            )
            shown = (
                b"".join(answer)
                .decode(errors="replace")
                .replace(f'value="{theirs["case"]}"', "")
                .replace(f"“{theirs['case']}”", "")
            )
            found = [each for each in secrets if each in shown and each not in address]
            if answer.status_code >= 500 or found:
                wrong.append(f"{address}: {answer.status_code} {found}")
        assert not wrong, "\n".join(wrong)


class TestAPrivateLink:
    def test_opens_its_own_case_and_its_own_files_alone(self, world):
        mine, theirs = world["quality"], world["logistics"]
        anybody = browser("nobody")
        for where in (
            f"/track/{mine['case']}/{theirs['token']}",
            f"/track/{mine['case']}/{mine['token']}/attachments/{theirs['attachment']}",
            f"/track/{mine['case']}/{theirs['token']}/attachments/{mine['attachment']}",
            f"/track/{mine['case']}/{mine['token'][:-1]}",
            f"/track/{mine['case']}/{mine['token']}x",
            f"/track/{mine['case_pk']}/{mine['token']}",
        ):
            assert anybody.get(where).status_code == 404, where
            assert anybody.get(f"/api{where}").status_code == 404, where

    def test_cannot_be_guessed(self, world):
        assert len(world["quality"]["token"]) * 6 >= 128  # bits, as base64
        assert case_of(world, "quality").tracking_token() != case_of(world, "logistics").tracking_token()
