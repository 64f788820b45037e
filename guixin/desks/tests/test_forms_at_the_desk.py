"""Forms of requests on the pages: built by an administrator, filled in by the desk, a department and the customer."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from guixin.channels.api.tests.make import administrator
from guixin.desks.tests.desk import nobody, signed_in
from guixin.serve import filling_in
from guixin.serve.models import Case, CaseForm, FilledForm, Task
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")
SAID = {
    "form-machine": "A-1",
    "form-where": "工厂",
    "form-gate": "安全鞋",
    "form-contact": "老何 13800002233",
}
CASE = {
    "kind": "service_request",
    "channel": "phone",
    "severity": "2",
    "subject": "跳针",
    "form_code": "sheet",
}


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def on_a_case(**more) -> Case:
    make.standards()
    form = make.form()
    case = make.case(kind="service_request", **more)
    said = {name.removeprefix("form-"): words for name, words in SAID.items()}
    filling_in.fill_in(case, form.in_force(), said, by=make.wang(), now=make.NOON)
    return case


class TestTakingInARequest:
    def test_asks_its_questions_and_keeps_the_answers_with_the_case(self):
        make.standards()
        make.form()
        desk = signed_in(make.wang())

        asked = desk.get("/cases/new?form=sheet").content.decode()
        assert 'name="form-machine"' in asked
        assert "Only if “地点” is “Works”." in asked

        refused = desk.post("/cases/new", CASE)
        assert refused.status_code == 422
        assert "Machine: please fill this in." in refused.content.decode()
        assert not Case.objects.exists()

        assert desk.post("/cases/new", CASE | SAID).status_code == 302
        assert FilledForm.objects.get().answers["gate"] == "安全鞋"

    def test_offers_the_form_that_fits_while_the_case_is_typed(self):
        make.standards()
        make.form()

        beside = signed_in(make.wang()).post("/cases/new/beside", {**CASE, "form_code": ""}).content.decode()

        assert "Technical sheet" in beside

    def test_answered_on_the_spot_has_its_form_too(self):
        make.standards()
        make.form()

        said = CASE | SAID | {"answer": "换针即可", "answer_now": "1"}
        assert signed_in(make.wang()).post("/cases/new", said).status_code == 302

        assert Case.objects.get().state == "closed"
        assert FilledForm.objects.exists()


class TestTheFormOfACase:
    def test_stands_on_the_case_and_the_task_masked(self):
        case = on_a_case(departments=[make.quality().pk])

        for who, path in (
            (make.wang(), f"/cases/{case.number}"),
            (make.li(), f"/tasks/{Task.objects.get(case=case).pk}"),
        ):
            shown = signed_in(who).get(path).content.decode()
            assert "安全鞋" in shown
            assert "13800002233" not in shown

    def test_is_corrected_and_keeps_what_is_personal_when_that_is_left_empty(self):
        case = on_a_case()
        desk, path = signed_in(make.wang()), f"/cases/{case.number}/form"

        assert "13800002233" not in desk.get(path).content.decode()
        said = SAID | {"form-machine": "B-2", "form-contact": "", "read_at": "1"}
        assert desk.post(path, said).status_code == 302

        answers = FilledForm.objects.get(is_current=True).answers
        assert answers["machine"] == "B-2"
        assert answers["contact"] == SAID["form-contact"]
        late = desk.post(path, SAID | {"form-machine": "C-3", "read_at": "1"})
        assert late.status_code == 409
        assert "B-2" in late.content.decode()
        assert "C-3" in late.content.decode()

    def test_is_shown_in_full_for_a_reason(self):
        case = on_a_case()
        path = f"/cases/{case.number}/form/reveal"

        assert signed_in(make.wang()).post(path, {"reason": ""}).status_code == 422
        shown = signed_in(make.wang()).post(path, {"reason": "派车前核对"}).content.decode()
        assert "13800002233" in shown

    def test_stands_in_the_printed_record(self, monkeypatch):
        from guixin.desks.pages import record

        case, printed = on_a_case(), []
        monkeypatch.setattr(record.pdf, "render", lambda html, style: printed.append(html) or b"")

        signed_in(make.wang()).post(f"/cases/{case.number}/record.pdf")

        assert "安全鞋" in printed[0]
        assert "13800002233" not in printed[0]

    def test_is_listed_narrowed_and_exported(self):
        case = on_a_case()
        desk = signed_in(make.wang())

        assert case.number in desk.get("/forms/sheet?a_where=工厂").content.decode()
        assert case.number not in desk.get("/forms/sheet?a_where=门店").content.decode()
        assert case.number in desk.get("/queues/all?form=sheet").content.decode()
        file = b"".join(desk.post("/forms/sheet/answers.xlsx?a_where=工厂").streaming_content)
        rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
        assert rows[0][5] == "Machine"
        assert rows[1][0] == case.number
        assert "13800002233" not in str(rows)


class TestACustomersRequest:
    def test_is_made_by_the_forms_the_firm_publishes(self):
        make.standards()
        make.form(is_public=True, fields=[*make.SHEET, {"key": "photos", "label": "照片", "kind": "file"}])
        make.form("inside")
        customer = nobody()

        offered = customer.get("/request-service").content.decode()
        assert "/request-service/sheet" in offered
        assert "/request-service/inside" not in offered
        assert customer.get("/request-service/inside").status_code == 404
        missing = customer.post("/request-service/sheet", {"phone": "13800138000"})
        assert missing.status_code == 422
        assert "please fill this in" in missing.content.decode()

        said = SAID | {"phone": "13800138000", "once": "abc"}
        photo = SimpleUploadedFile("机.txt", b"x")
        for _twice in (1, 2):
            photo.seek(0)
            sent = customer.post("/request-service/sheet", said | {"form-photos": photo})
            assert sent.status_code == 201
        case = Case.objects.get()
        assert case.kind == "service_request"
        assert case.channel == "web"
        assert case.attachments.get().from_customer
        assert filling_in.current_form(case).answers["photos"] == [str(case.attachments.get().pk)]


class TestAnAdministrator:
    def test_builds_a_form_tries_it_and_publishes_it(self):
        make.terms()
        admin = signed_in(administrator())

        made = admin.post(
            "/admin/forms/new", {"name": "打样", "name_en": "Samples", "kind": "service_request"}
        )
        assert made["Location"] == "/admin/forms/samples"
        field = {"draft_version": "1", "label": "长度", "label_en": "Length", "kind": "number", "unit": "cm"}
        assert admin.post("/admin/forms/samples/fields/new", field).status_code == 302
        stale = admin.post("/admin/forms/samples/fields/new", field)
        assert "Somebody else has just changed this draft" in stale.content.decode()
        page = admin.get("/admin/forms/samples").content.decode()
        assert 'name="form-length"' in page  # the preview
        admin.post("/admin/forms/samples/publication", {"draft_version": "2", "note": "第一版"})

        form = CaseForm.objects.get()
        assert form.draft is None
        assert form.in_force().asked["length"].unit == "cm"
        assert "第一版" in admin.get("/admin/forms/samples").content.decode()

    def test_changes_the_order_and_leaves_out(self):
        form = make.form()
        admin = signed_in(administrator())

        admin.post("/admin/forms/sheet/fields/contact/up", {"draft_version": form.draft_version})
        form.refresh_from_db()
        admin.post("/admin/forms/sheet/fields/machine/removal", {"draft_version": form.draft_version})

        form.refresh_from_db()
        assert [each.key for each in form.drafted] == ["where", "gate", "contact", "speed"]
