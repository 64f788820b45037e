import re
import zlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guixin.desks.pages import record
from guixin.desks.tests.desk import nobody, signed_in
from guixin.ledger.models import Entry
from guixin.promise import extending
from guixin.promise.models import Escalation, Extension
from guixin.serve.attaching import attach, keep
from guixin.serve.models import Case, Closing
from guixin.serve.tests import make
from guixin.web import pdf

pytestmark = [
    pytest.mark.usefixtures("noon"),
    pytest.mark.skipif(bool(pdf.ailment()), reason=str(pdf.ailment())),
]


@pytest.fixture
def html(monkeypatch):
    """What reaches the renderer."""
    seen = []
    monkeypatch.setattr(pdf, "render", lambda page, css: seen.append(page) or b"%PDF-")
    return seen


class TestPrintingACase:
    def test_makes_a_pdf_and_says_so_in_the_ledger(self):
        case = make.closed_case()

        answer = signed_in(make.wang()).post(f"/cases/{case.number}/record.pdf")

        assert answer.status_code == 200
        assert answer.content.startswith(b"%PDF-")
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == f'inline; filename="{case.number}.pdf"'
        entry = Entry.objects.get(kind="serve.record_printed")
        assert (entry.actor_id, entry.facts["in_full"]) == (make.wang().pk, False)

    def test_masks_the_customer_unless_a_reason_is_given(self, html):
        case, wang = make.case(), signed_in(make.wang())

        wang.post(f"/cases/{case.number}/record.pdf")
        wang.post(f"/cases/{case.number}/record.pdf", {"in_full": "1", "reason": "客户要求盖章"})

        masked, full = html
        assert "张*" in masked
        assert "138****8000" in masked
        assert "张三" not in masked
        assert "13800138000" not in masked
        assert "张三" in full
        assert Entry.objects.filter(kind="understand.customer_revealed").count() == 1

    def test_in_full_without_a_reason_is_refused_and_prints_nothing(self):
        case = make.case()

        answer = signed_in(make.wang()).post(
            f"/cases/{case.number}/record.pdf", {"in_full": "1", "reason": " "}
        )

        assert answer.status_code == 422
        assert "Say why you need it" in answer.content.decode()
        assert not Entry.objects.filter(kind="serve.record_printed").exists()

    def test_by_looking_changes_nothing(self):
        case, wang = make.case(), signed_in(make.wang())
        before = Entry.objects.count()

        assert wang.get(f"/cases/{case.number}/record").status_code == 200
        assert wang.get(f"/cases/{case.number}/record.pdf")["Location"] == f"/cases/{case.number}/record"
        assert Entry.objects.count() == before

    def test_is_for_those_who_see_the_case(self):
        case = make.case(departments=[make.quality().pk])

        assert signed_in(make.zhao()).post(f"/cases/{case.number}/record.pdf").status_code == 404
        assert signed_in(make.zhao()).get(f"/cases/{case.number}/record").status_code == 404
        assert nobody().post(f"/cases/{case.number}/record.pdf")["Location"].startswith("/sign-in")

    def test_tells_promises_departments_replies_and_closing(self, html):
        case = make.closed_case()

        signed_in(make.wang()).post(f"/cases/{case.number}/record.pdf")

        for words in (
            "颜色不对",
            "in time",
            "换货",
            "给您换一台",
            "材料",
            "Signatures",
            "Seal",
            "Printed by",
        ):
            assert words in html[0]

    def test_says_of_each_rung_whose_promise_it_was_and_that_the_lowest_is_a_reminder(self, html):
        case, now = make.case(), make.NOON
        clock = make.clock(case, "resolve")
        for level in (0, 1):
            Escalation.objects.create(
                case_id=case.pk,
                clock=clock,
                level=level,
                department=make.quality(),
                happened_at=now,
                made_at=now,
            )

        signed_in(make.wang()).post(f"/cases/{case.number}/record.pdf")

        rungs = html[0].partition("Raised to")[2].partition("</table>")[0]
        assert rungs.count(f"{clock.get_measure_display()} · ") == 2
        assert [words in rungs for words in ("Reminder", "late")] == [True, True]

    def test_leaves_internal_notes_in_the_house(self, html):
        case, wang = make.case(), signed_in(make.wang())
        wang.post(f"/cases/{case.number}/notes", {"body": "只给同事"})

        wang.post(f"/cases/{case.number}/record.pdf")

        assert "只给同事" not in html[0]

    def test_turns_every_text_of_others_into_characters(self, html):
        """Each free text of a case holds markup; none of it reaches the renderer as markup."""
        bad = '<img src="file:///etc/passwd"><style>@import "http://127.0.0.1:9/";</style>'
        task = make.task(
            accepted_by=make.li(), subject=bad, story=bad, product=bad, customer=make.customer(name=bad)
        )
        li, wang = signed_in(make.li()), signed_in(make.wang())
        li.post(f"/tasks/{task.pk}/questions", {"body": bad})
        li.post(f"/tasks/{task.pk}/results", {"result": bad})
        wang.post(f"/cases/{task.case.number}/replies", {"kind": "reply", "channel": "phone", "body": bad})
        Case.objects.filter(pk=task.case.pk).update(product=bad)

        wang.post(f"/cases/{task.case.number}/record.pdf", {"in_full": "1", "reason": "客户要求盖章"})

        assert html[0].count("&lt;img src=") >= 6
        assert "<img" not in html[0]
        assert "<style" not in html[0]

    def test_turns_reasons_summaries_and_names_of_files_into_characters(self, html, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        bad = "<img src='file:///etc/passwd'><style>@import 'http://127.0.0.1:9';</style>"
        case, now = make.case(), make.NOON
        clock = make.clock(case, "resolve")
        by = make.wang()
        asked = extending.ask(clock, until=clock.due_at + timedelta(days=1), reason=bad, by=by, now=now)
        Extension.objects.filter(pk=asked.pk).update(decision_note=bad)
        Escalation.objects.create(
            case_id=case.pk, clock=clock, level=1, department=make.quality(), reason=bad, act_note=bad,
            happened_at=now, made_at=now, acted_at=now, acted_by=by, acted_how=Escalation.How.ACTED,
        )  # fmt: skip
        Closing.objects.create(case=case, generation=0, at=now, by=by, department=make.quality(), summary=bad)
        attach(keep([SimpleUploadedFile(bad.replace("/", "∕"), b"x")]), case=case, by=by, now=now)

        signed_in(by).post(f"/cases/{case.number}/record.pdf")

        assert html[0].count("&lt;img src=") >= 4
        assert "_img src=" in html[0]  # a file's name keeps no angle brackets at all
        assert "<img" not in html[0]
        assert "<style" not in html[0]

    def test_draws_a_code_that_leads_to_the_case(self):
        code = record.code_of("http://localhost:8000/cases/2026-000001")

        assert code.size >= 21
        assert re.fullmatch(r"(M\d+ \d+h1v1h-1z)+", code.path)

    def test_fits_a_long_case_on_pages_with_numbers(self):
        case = make.case(story="很长的经过。" * 2000)

        content = signed_in(make.wang()).post(f"/cases/{case.number}/record.pdf").content

        assert len(re.findall(rb"/Type /Page\b", _unpacked(content))) >= 2


def _unpacked(content: bytes) -> bytes:
    """The PDF with its packed objects laid open, so that pages can be counted."""
    opened = [content]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.S):
        try:
            opened.append(zlib.decompress(packed))
        except zlib.error:
            continue
    return b"".join(opened)
