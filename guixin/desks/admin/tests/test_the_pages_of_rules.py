"""Standards, rules, words, opinion points, imports and the ledger by pages, without a shell and without JavaScript."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guixin.channels.importing import jobs, run_next_import
from guixin.channels.models import Import
from guixin.desks.tests.desk import nobody, noon, signed_in
from guixin.ledger.models import Entry
from guixin.organisation.models import Person, Position
from guixin.promise import publishing
from guixin.promise.models import Standard
from guixin.serve import drafting, opinion_points, simulating
from guixin.serve.models import OpinionPoint, RuleDraft, Term
from guixin.serve.models.policy import policy
from guixin.serve.routing import rules_in_force
from guixin.serve.tests import make

__all__ = ["noon"]
pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def pages() -> list[str]:
    make.case()
    point = opinion_points.add_point(name="大厅", kind="place", code="lobby", by=None, now=make.NOON)
    drafting.begin_draft(by=make.sun(), now=make.NOON)
    version = make.standards()["reply"]
    trial = simulating.begin(
        "reply",
        publishing.terms_of(version) | {"budget_minutes": 1},
        standard=version.standard,
        by=None,
        now=make.at("13:00"),
    )
    publishing.publish_terms(
        version.standard, publishing.terms_of(version) | {"budget_minutes": 1200}, by=None, now=make.NOON
    )
    return [
        f"/admin/simulations/{trial.pk}",
        f"/admin/simulations/{trial.pk}/cases?which=newly_late&category=quality",
        "/admin/standards",
        "/admin/standards/reply",
        "/admin/standards/reply/edit",
        "/admin/standards/new",
        "/admin/rules",
        "/admin/rules/draft",
        "/admin/rules/draft/new",
        "/admin/rules/draft/rule/quality",
        "/admin/rules/draft/trial",
        "/admin/terms",
        f"/admin/terms/{Term.objects.first().pk}",
        "/admin/policy",
        "/admin/places",
        "/admin/places/new",
        f"/admin/places/{point.code}",
        "/admin/places/cards?paper=a6",
        f"/admin/places/{point.code}/qr.svg",
        "/admin/imports",
        "/admin/imports/template/customers.xlsx",
        "/admin/ledger",
        "/health",
    ]


class TestEveryPage:
    def test_is_for_administrators_only_and_looks_without_changing(self):
        every = pages()
        entries = Entry.objects.count()

        for address in every:
            assert signed_in(make.sun()).get(address).status_code == 200, address
            assert signed_in(make.wang()).get(address).status_code == 403, address
            assert nobody().get(address).status_code == 302, address
        assert Entry.objects.count() == entries

    def test_asks_few_questions(self):
        every = pages()
        client = signed_in(make.sun())
        for address in every:
            client.get(address)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                client.get(address)
            assert len(asked) <= 30, (address, len(asked))


def terms_of_reply(**changed) -> dict:
    return {
        "budget": "12h", "calendar": str(make.calendar("always").pk), "warn_percent": "80", "ladder": "24h, 72h",
        "repeat": "24h", "pauses_for_customer": "on", "for_kind": "", "for_category": "", "for_severity": "",
        "for_grade": "", "for_channel": "", "for_department": "", "promise": "12小时内答复", "promise_en": "",
        "remedy": "超时补偿", "remedy_en": "",
    } | changed  # fmt: skip


class TestAStandard:
    def test_is_previewed_in_a_sentence_before_it_is_published(self):
        make.standards()

        shown = (
            signed_in(make.sun())
            .post("/admin/standards/reply/edit", terms_of_reply() | {"preview": "1"})
            .content.decode()
        )

        assert "within 12 hours" in shown
        assert "Promised now" in shown
        assert Standard.objects.get(code="reply").versions.count() == 1

    def test_is_published_and_taken_back(self):
        make.standards()
        client = signed_in(make.sun())

        client.post("/admin/standards/reply/edit", terms_of_reply() | {"publish": "1"})
        standard = Standard.objects.get(code="reply")
        assert publishing.in_force(standard).budget_minutes == 720

        shown = client.get("/admin/standards/reply").content.decode()
        assert 'action="/admin/standards/reply/versions/1/again"' in shown
        client.post("/admin/standards/reply/versions/1/again")
        assert publishing.in_force(standard).budget_minutes == 1440
        assert standard.versions.count() == 3

    def test_refuses_days_where_work_stops_at_night_and_keeps_what_was_typed(self):
        make.standards()

        answer = signed_in(make.sun()).post(
            "/admin/standards/reply/edit", terms_of_reply(calendar="", budget="2天") | {"publish": "1"}
        )

        assert answer.status_code == 422
        assert "2天" in answer.content.decode()

    def test_can_be_new_and_withdrawn(self):
        make.standards()
        client = signed_in(make.sun())

        client.post(
            "/admin/standards/new",
            terms_of_reply() | {"publish": "1", "measure": "reply", "name": "大客户答复", "owner": ""},
        )
        made = Standard.objects.get(name="大客户答复")
        client.post(f"/admin/standards/{made.code}/withdrawal")

        assert publishing.in_force(made) is None


class TestTheRules:
    def test_are_drafted_tried_and_published(self):
        case = make.case()
        client = signed_in(make.sun())
        client.post("/admin/rules/draft/begin")

        client.post(
            "/admin/rules/draft/rule/quality",
            {"name": "质量", "for_kind": "complaint", "for_category": "quality", "for_severity": "",
             "for_product": "", "for_channel": "", "for_grade": "", "for_words": "",
             "step0-department": str(make.quality().pk), "step0-stage": "1", "step0-instruction": "",
             **{f"step{n}-stage": "1" for n in range(1, 6)}},
        )  # fmt: skip
        assert case.number in client.get("/admin/rules/draft/trial").content.decode()

        draft = RuleDraft.objects.get()
        client.post("/admin/rules/draft/publication", {"version": str(draft.version)})
        assert rules_in_force()[0].name == "质量"
        assert rules_in_force()[0].steps.count() == 1

    def test_are_not_published_from_a_page_that_is_no_longer_true(self):
        make.rules()
        client = signed_in(make.sun())
        client.post("/admin/rules/draft/begin")
        client.post("/admin/rules/draft/rule/installation/out")

        client.post("/admin/rules/draft/publication", {"version": "1"})

        assert len(rules_in_force()) == 2

    def test_shows_cases_only_to_whom_may_see_them(self):
        hidden = make.case()
        chair = Position.objects.get(posts__person=make.zhao())
        Position.objects.filter(pk=chair.pk).update(duties=["administrator"], sees="own")
        current = drafting.begin_draft(by=make.sun(), now=make.NOON)
        drafting.drop_rule(current, "quality", by=make.sun(), now=make.NOON)

        shown = signed_in(make.zhao()).get("/admin/rules/draft/trial").content.decode()

        assert "This 1 case would change" in shown
        assert hidden.subject not in shown or hidden.number not in shown


class TestWordsPolicyAndPlaces:
    def test_a_word_is_added_renamed_and_retired(self):
        make.terms()
        client = signed_in(make.sun())
        client.post("/admin/terms", {"list": "category", "name": "起毛", "name_en": "", "under": "quality"})
        made = Term.objects.get(name="起毛")
        client.post(f"/admin/terms/{made.pk}", {"name": "起球", "name_en": ""})
        client.post(f"/admin/terms/{made.pk}/retirement")

        made.refresh_from_db()
        assert made.name == "起球"
        assert made.retired_at

    def test_the_policy_is_changed_and_put_back(self):
        client = signed_in(make.sun())
        chosen = {
            "repeat_within_days": "60", "send_back_within_minutes": "120", "follow_up_after_days": "3",
            "urge_every_hours": "24", "classify": "1",
        }  # fmt: skip
        client.post("/admin/policy", chosen)
        assert policy().repeat_within_days == 60

        client.post("/admin/policy/back/30-120-3-24-1")
        assert policy().repeat_within_days == 30

    def test_a_place_gets_a_card(self):
        client = signed_in(make.sun())
        client.post(
            "/admin/places/new",
            {"name": "大厅", "name_en": "", "kind": "place", "department": "", "code": "hall"},
        )

        assert OpinionPoint.objects.get().name == "大厅"
        assert b"<svg" in client.get("/admin/places/hall/qr.svg").content
        client.post("/admin/places/hall/closing")
        assert not OpinionPoint.objects.get().is_active


class TestTheImportWizard:
    def test_goes_from_the_file_to_the_result_file(self):
        make.firm()
        Person.objects.filter(pk=make.sun().pk).update(language="en")
        client = signed_in(make.sun())
        file = SimpleUploadedFile("客户.csv", "姓名,电话\n张三,13800138000\n李四,x\n".encode())

        answer = client.post("/admin/imports", {"file": file, "what": ""})
        run = Import.objects.get()
        assert answer["Location"] == f"/admin/imports/{run.pk}/columns"
        assert "is not a phone number" in client.get(answer["Location"]).content.decode()
        client.post(answer["Location"], {"customer_name": "姓名", "phone": "电话", "import": "1"})
        assert "every 2s" in client.get(f"/admin/imports/{run.pk}").content.decode()
        run_next_import(make.NOON)

        shown = client.get(f"/admin/imports/{run.pk}").content.decode()
        assert "is not a phone number" in shown
        result = b"".join(client.get(f"/admin/imports/{run.pk}/result").streaming_content).decode("utf-8-sig")
        fixed = SimpleUploadedFile("fixed.csv", result.replace(",x,", ",13900139000,").encode())
        client.post(f"/admin/imports/{run.pk}/repair", {"file": fixed})
        run_next_import(make.NOON)
        assert Import.objects.latest("pk").landed == 1

    def test_refuses_what_is_no_table(self):
        make.firm()
        file = SimpleUploadedFile("a.pdf", b"%PDF-1.7")

        answer = signed_in(make.sun()).post("/admin/imports", {"file": file, "what": "cases"})

        assert answer.status_code == 422
        assert not Import.objects.exists()

    def test_says_how_far_it_is_to_htmx(self):
        make.firm()
        run = jobs.leave(
            SimpleUploadedFile("a.csv", "姓名,电话\n张三,13800138000\n".encode()).file, "a.csv", "",
            by=make.sun(), now=make.NOON,
        )  # fmt: skip
        jobs.start(run, dry_run=False)

        answer = signed_in(make.sun()).get(f"/admin/imports/{run.pk}", headers={"HX-Request": "true"})

        assert "<html" not in answer.content.decode()


class TestTheLedgerPage:
    def look(self, reader, /, **asked) -> str:
        return signed_in(reader).get("/admin/ledger", asked).content.decode()

    def test_is_filtered_by_kind_person_case_and_day(self):
        case = make.case()

        assert f"/cases/{case.number}" in self.look(make.sun(), case=case.number)
        assert "serve.case_opened</span>" in self.look(make.sun(), kind="serve.case_opened")
        assert "Nothing found" in self.look(make.sun(), person=str(make.zhao().pk))
        assert "Nothing found" in self.look(make.sun(), until="2020-01-01")
        assert "There is no case 2020-1" in self.look(make.sun(), case="2020-1")

    def test_tells_the_auditor_why_somebody_looked_and_the_administrator_only_that(self):
        make.firm()
        make.customer().reveal(by=make.wang(), reason="核对地址", now=make.NOON)
        seen = {"kind": "understand.customer_revealed"}
        chair = Position.objects.get(posts__person=make.zhao())

        assert "核对地址" not in self.look(make.sun(), **seen)
        assert make.wang().name in self.look(make.sun(), **seen)
        assert signed_in(make.zhao()).get("/admin/ledger").status_code == 403
        Position.objects.filter(pk=chair.pk).update(duties=["auditor"])
        assert "核对地址" in self.look(make.zhao(), **seen)


class TestTryingTermsBeforePublishing:
    def terms(self, **more) -> dict:
        version = make.standards()["reply"]
        return {
            "budget": "1h", "calendar": version.calendar_id, "warn_percent": 80, "ladder": "1h", "repeat": "24h",
            "pauses_for_customer": "on", **more,
        }  # fmt: skip

    def test_shows_what_would_have_been_late_and_publishes_nothing(self):
        make.case(now=make.at("09:00"))
        client = signed_in(make.sun())

        answer = client.post("/admin/standards/reply/edit", self.terms(simulate="1"), follow=True)

        assert "1 promise would have been late, 0 were late." in answer.content.decode()
        assert publishing.in_force(Standard.objects.get(code="reply")).number == 1

    def test_brings_the_terms_back_to_the_form(self):
        client = signed_in(make.sun())
        trial = client.post("/admin/standards/reply/edit", self.terms(simulate="1")).url.rsplit("/", 1)[1]

        form = client.get(f"/admin/standards/reply/edit?tried={trial}").content.decode()

        assert 'name="budget" value="1h"' in form

    def test_of_a_new_standard_keeps_its_name(self):
        named = {"measure": "on_site", "name": "到场", "name_en": "On site", "simulate": "1"}
        client = signed_in(make.sun())
        make.standards()

        trial = client.post("/admin/standards/new", self.terms(**named)).url.rsplit("/", 1)[1]

        form = client.get(f"/admin/standards/new?tried={trial}").content.decode()
        assert 'value="到场"' in form
        assert not Standard.objects.filter(measure="on_site").exists()

    def test_goes_on_to_another_span(self):
        make.case(now=make.at("09:00"))
        client = signed_in(make.sun())
        trial = client.post("/admin/standards/reply/edit", self.terms(simulate="1")).url

        answer = client.post(f"{trial}/again", {"days": "365"})

        assert answer.status_code == 302
        assert answer.url != trial


class TestAStandardsHistory:
    def test_stands_side_by_side_with_why_and_who_proposed_it(self):
        version = make.standards()["reply"]
        publishing.publish_terms(
            version.standard, publishing.terms_of(version) | {"budget_minutes": 600}, by=make.sun(), now=make.NOON,
            reason="客户等得太久", proposed_by=make.wang(), review_on=make.at("12:00", 30).date(),
        )  # fmt: skip

        page = signed_in(make.sun()).get("/admin/standards/reply?left=1&right=2").content.decode()

        for words in ("24 hours", "10 hours", "客户等得太久", make.wang().name, "2026-03-30"):
            assert words in page, words

    def test_refuses_a_review_in_the_past(self):
        version = make.standards()["reply"]
        with pytest.raises(publishing.CannotPublish, match="must lie ahead"):
            publishing.publish_terms(
                version.standard, {"budget_minutes": 1}, by=None, now=make.NOON, review_on=make.NOON.date()
            )

    def test_says_how_many_promises_run_on_after_a_withdrawal(self):
        make.case()
        client = signed_in(make.sun())

        said = client.post("/admin/standards/reply/withdrawal", follow=True).content.decode()

        assert "1 promise that was given before still runs by it, and is kept." in said
        assert "1 promise that runs by it is kept." in said
