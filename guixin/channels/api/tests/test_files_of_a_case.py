"""Files through the API: the multipart calls that the table of every path cannot hold."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guixin.channels.api.tests import make
from guixin.organisation.models import Scopes
from guixin.serve.replying import note

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def send(program, path, *files, **more):
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    answer = Client(raise_request_exception=False).post(
        f"/api{path}", {"files": uploads, **more}, headers=program.headers
    )
    answer.said = answer.json()
    return answer


class TestFilesOfACase:
    def test_are_added_listed_and_handed_out(self):
        case, wang = make.case(), make.program(make.wang())

        added = send(wang, f"/cases/{case.number}/attachments", ("发票.pdf", b"%PDF-1.7"), ("a.html", b"<b>"))

        assert added.status_code == 201
        assert [(one["name"], one["media_type"]) for one in added.said] == [
            ("发票.pdf", "application/pdf"), ("a.html", "text/plain"),
        ]  # fmt: skip
        assert wang.get(f"/cases/{case.number}/attachments").said == added.said
        answer = wang.client.get(f"/api/attachments/{added.said[0]['id']}", headers=wang.headers)
        assert b"".join(answer.streaming_content) == b"%PDF-1.7"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"

    def test_stand_with_a_message_of_the_caller_only(self):
        case = make.case()
        mine = note(case, "照片", by=make.wang(), now=make.NOON)
        path = f"/cases/{case.number}/attachments"

        added = send(make.program(make.wang()), path, ("a.txt", b"a"), message_id=mine.pk)
        refused = send(make.program(make.tang()), path, ("a.txt", b"a"), message_id=mine.pk)

        assert added.said[0]["message_id"] == mine.pk
        assert refused.status_code == 422

    def test_of_a_task_come_from_its_department(self):
        task = make.task()
        li = make.program(make.li())

        assert send(li, f"/tasks/{task.pk}/attachments", ("a.txt", b"a")).status_code == 201
        assert [one["task_id"] for one in li.get(f"/tasks/{task.pk}/attachments").said] == [task.pk]

    def test_are_not_there_for_others(self):
        task = make.task()
        path, of_task = f"/cases/{task.case.number}/attachments", f"/tasks/{task.pk}/attachments"
        file = send(make.program(make.wang()), path, ("a.txt", b"a")).said[0]["id"]
        zhao = make.program(make.zhao())

        assert [zhao.get(each).status_code for each in (path, of_task, f"/attachments/{file}")] == [404] * 3
        assert [send(zhao, each, ("a.txt", b"a")).status_code for each in (path, of_task)] == [404] * 2

    def test_ask_for_a_key_and_its_scope(self):
        case = make.case()
        path = f"/cases/{case.number}/attachments"
        reading = make.program(make.wang(), [Scopes.CASES_READ])

        assert send(make.program(), path, ("a.txt", b"a")).status_code == 401
        assert make.program().get(path).status_code == 401
        assert send(reading, path, ("a.txt", b"a")).status_code == 403
        assert reading.get(path).status_code == 200

    def test_are_refused_in_the_words_of_the_pages(self):
        case = make.case()
        files = [(f"{number}.txt", b"a") for number in range(11)]

        answer = send(make.program(make.wang()), f"/cases/{case.number}/attachments", *files)

        assert answer.status_code == 422
        assert answer.said["type"] == "urn:guixin:problem:cannot-attach"
        assert answer.said["detail"] == "Send at most 10 files at once."
