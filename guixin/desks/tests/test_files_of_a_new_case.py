import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from guixin.desks.tests.desk import signed_in
from guixin.serve.models import Attachment, Case
from guixin.serve.tests import make
from guixin.web import kept_files

pytestmark = pytest.mark.usefixtures("noon")

IN_THE_PAGE = {"HX-Request": "true", "HX-Target": "intake"}
AGAIN = "Please choose your files again."


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def photo(name="齿.jpg"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def take_in(headers=None, **more):
    make.standards()
    said = {
        "kind": "complaint",
        "channel": "phone",
        "severity": "2",
        "subject": "拉链爆齿",
        "phone": "13800138000",
    }
    return signed_in(make.wang()).post("/cases/new", said | more, headers=headers)


class TestFilesOfANewCase:
    def test_are_the_cases_and_not_shown_to_the_customer(self):
        answer = take_in(attachments=[photo("一.jpg"), photo("二.jpg")])

        assert answer.status_code == 302
        case = Case.objects.get()
        assert [each.name for each in case.attachments.order_by("at")] == ["一.jpg", "二.jpg"]
        assert {each.by for each in case.attachments.all()} == {make.wang()}

    def test_lead_to_the_case_from_the_swap_too(self):
        answer = take_in(IN_THE_PAGE, attachments=[photo()])

        assert answer["HX-Redirect"].startswith(f"/cases/{Case.objects.get().number}")
        assert Attachment.objects.count() == 1

    def test_of_a_refused_form_make_no_case_and_stay_in_the_page(self):
        answer = take_in(IN_THE_PAGE, subject="", attachments=[photo()])

        assert answer.status_code == 422
        assert 'id="intake"' in answer.content.decode()
        assert AGAIN not in answer.content.decode()  # the page keeps them
        assert not Case.objects.exists()

    def test_must_be_chosen_again_without_javascript_and_we_say_so(self):
        assert AGAIN in take_in(subject="", attachments=[photo()]).content.decode()
        assert AGAIN in take_in(look="1", attachments=[photo()]).content.decode()
        assert AGAIN not in take_in(subject="").content.decode()

    def test_that_are_too_large_open_no_case(self, monkeypatch):
        monkeypatch.setattr(kept_files, "LARGEST", 100)

        answer = take_in(attachments=[photo()])

        assert answer.status_code == 422
        assert "Send a smaller file" in answer.content.decode()
        assert not Case.objects.exists()
