import io
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from guixin.desks.tests.desk import nobody, signed_in
from guixin.serve.attaching import attach, keep
from guixin.serve.models import Attachment, Message
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def photo(name="门.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue())


def held(case, file=None, **more) -> Attachment:
    return attach(keep([file or photo()]), case=case, by=make.wang(), now=make.NOON, **more)[0]


class TestHandingOutAFile:
    def test_is_a_guarded_download_with_its_name(self):
        file = held(make.case(), SimpleUploadedFile("发票 .html", b"<script>alert(1)</script>"))

        answer = signed_in(make.wang()).get(f"/attachments/{file.pk}")

        assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
        assert answer["Content-Disposition"] == f"attachment; filename*=utf-8''{quote('发票 .html')}"
        assert answer["Content-Type"] == "text/plain"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["Cache-Control"] == "private, no-store"

    def test_shows_in_a_page_only_the_pictures_we_made(self):
        case = make.case()
        picture, text = held(case), held(case, SimpleUploadedFile("a.svg", b"<svg/>"))
        wang = signed_in(make.wang())

        small = wang.get(f"/attachments/{picture.pk}/thumbnail")
        assert (small["Content-Type"], small["Content-Disposition"]) == (
            "image/jpeg", 'inline; filename="thumbnail.jpg"',
        )  # fmt: skip
        assert wang.get(f"/attachments/{picture.pk}")["Content-Disposition"].startswith("attachment")
        assert wang.get(f"/attachments/{text.pk}/thumbnail").status_code == 404

    def test_is_for_those_who_see_the_case(self):
        task = make.task()
        file = held(task.case)

        assert signed_in(make.li()).get(f"/attachments/{file.pk}").status_code == 200
        assert signed_in(make.zhao()).get(f"/attachments/{file.pk}").status_code == 404
        assert signed_in(make.zhao()).get(f"/attachments/{file.pk}/preview").status_code == 404
        assert nobody().get(f"/attachments/{file.pk}")["Location"].startswith("/sign-in")
        assert signed_in(make.li()).post(f"/attachments/{file.pk}").status_code == 405

    def test_that_is_gone_from_the_store_is_not_there(self, tmp_path):
        file = held(make.case())
        for each in tmp_path.rglob("*"):
            if each.is_file():
                each.unlink()

        assert signed_in(make.wang()).get(f"/attachments/{file.pk}").status_code == 404


class TestTheCustomersFiles:
    def test_are_added_and_read_by_the_private_link(self):
        case = make.case()
        link = f"/track/{case.number}/{case.tracking_token()}"

        answer = nobody().post(f"{link}/attachments", {"attachments": [photo()], "body": "看照片"})

        assert answer.status_code == 302
        file = Attachment.objects.get()
        assert (file.from_customer, file.message.body) == (True, "看照片")
        assert nobody().get(f"{link}/attachments/{file.pk}/thumbnail").status_code == 200
        assert nobody().get(f"/track/{case.number}/wrong/attachments/{file.pk}").status_code == 404

    def test_are_not_what_we_keep_among_ourselves(self):
        case, other = make.case(), make.case(subject="另一件")
        link = f"/track/{case.number}/{case.tracking_token()}"
        ours = held(case)
        told = held(other, message=Message.objects.create(case=other, kind="reply", body="好", at=make.NOON))

        assert nobody().get(f"{link}/attachments/{ours.pk}").status_code == 404
        assert nobody().get(f"{link}/attachments/{told.pk}").status_code == 404

    def test_are_refused_in_words(self):
        case = make.case()
        link = f"/track/{case.number}/{case.tracking_token()}"

        answer = nobody().post(f"{link}/attachments", {"body": "看照片"})

        assert answer.status_code == 422
        assert "Choose a file first." in answer.content.decode()
        assert "看照片" in answer.content.decode()


class TestFilesWithAnAnswer:
    def test_are_shown_on_the_task_with_the_words(self):
        task = make.task(accepted_by=make.li())
        li = signed_in(make.li())

        answer = li.post(
            f"/tasks/{task.pk}/results", {"result": "换货", "attachments": [photo(), photo("b.jpg")]}
        )

        assert answer.status_code == 302
        shown = li.get(f"/tasks/{task.pk}").content.decode()
        for file in Attachment.objects.all():
            assert f'src="/attachments/{file.pk}/thumbnail"' in shown

    def test_that_are_too_many_keep_the_words(self):
        task = make.task(accepted_by=make.li())

        answer = signed_in(make.li()).post(
            f"/tasks/{task.pk}/results", {"result": "换货", "attachments": [photo() for _n in range(11)]}
        )

        assert answer.status_code == 422
        assert "at most 10 files" in answer.content.decode()
        assert "换货" in answer.content.decode()
        assert not Attachment.objects.exists()
