import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guixin.desks.tests.desk import signed_in
from guixin.serve.models import Attachment
from guixin.serve.tests import make
from guixin.web import body_size

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture(autouse=True)
def _small(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(body_size, "LARGEST", 2000)
    settings.MEDIA_ROOT = tmp_path


class TestTooLargeARequest:
    files = [SimpleUploadedFile("a.txt", b"x" * 1500), SimpleUploadedFile("b.txt", b"x" * 1500)]

    def test_is_refused_with_a_sentence_before_it_is_read(self, client):
        for visitor, address in (
            (signed_in(make.wang()), f"/cases/{make.case().number}/attachments"),
            (client, "/complain"),
        ):
            for each in self.files:
                each.seek(0)
            answer = visitor.post(address, {"attachments": self.files})

            assert answer.status_code == 413
            assert "too large to be sent at once" in answer.content.decode()
        assert not Attachment.objects.exists()

    def test_is_one_whose_words_are_too_long(self, client, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10

        assert client.post("/complain", {"story": "x" * 100}).status_code == 413
