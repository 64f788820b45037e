"""Files of a reply, a note and a task: kept when they arrive, sent with the words, given back with them."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from guixin.desks.tests.desk import signed_in
from guixin.serve import attaching, draft_files, sending
from guixin.serve.merging import merge
from guixin.serve.models import Attachment, DraftFile, HeldReply, Message, Task
from guixin.serve.tests import make
from guixin.web import kept_files

pytestmark = pytest.mark.usefixtures("noon")

HTMX = {"hx-request": "true"}
AFTER = make.NOON + timedelta(seconds=11)


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def photo(name="齿.jpg"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def speak(case, person, tab="reply", htmx=False, where="", **fields):
    fields = {"kind": "reply", "channel": "phone", "body": "给您换一台"} | fields
    address = f"/cases/{case.number}/composer/{tab}{where}"
    return signed_in(person).post(address, fields, headers=HTMX if htmx else {})


def composer_of(case, person, tab="reply"):
    return signed_in(person).get(f"/cases/{case.number}?say={tab}").content.decode()


class TestAReplyWithFiles:
    def test_takes_them_along_when_it_leaves(self):
        case = make.case()

        speak(case, make.wang(), attachments=[photo("一.jpg"), photo("二.jpg")])
        assert not Attachment.objects.exists()
        sending.send_next(AFTER)

        message = Message.objects.get(case=case, kind="reply")
        assert [each.name for each in message.attachments.order_by("at")] == ["一.jpg", "二.jpg"]
        assert Attachment.objects.the_customer_may_see().count() == 2
        assert not DraftFile.objects.exists()

    def test_leaves_at_once_with_them_where_nothing_is_held(self):
        case, wang = make.case(), make.wang()
        wang.preferences = {"hold_seconds": 0}
        wang.save()

        speak(case, wang, attachments=[photo()])

        assert Message.objects.get(case=case, kind="reply").attachments.count() == 1

    def test_taken_back_has_them_in_the_composer_again(self):
        case = make.case()
        speak(case, make.wang(), attachments=[photo("裂口.jpg")])
        held = HeldReply.objects.get()
        assert "with 1 file" in composer_of(case, make.wang())

        signed_in(make.wang()).post(f"/held-replies/{held.pk}/taking-back")

        shown = composer_of(case, make.wang())
        assert re.search(r'name="file" value="[0-9a-f-]{36}" checked> <span>裂口.jpg', shown)
        assert "给您换一台</textarea>" in shown

    def test_that_can_no_longer_leave_gives_them_back(self):
        case = make.case()
        speak(case, make.wang(), attachments=[photo()])
        merge(case, make.case(), by=make.wang(), now=make.NOON)

        sending.send_next(AFTER)

        assert draft_files.of(case, make.wang()).count() == 1
        assert not Attachment.objects.exists()

    def test_is_not_swept_of_its_files(self):
        case = make.case()
        speak(case, make.wang(), attachments=[photo()])

        assert attaching.sweep(datetime(2100, 1, 1, tzinfo=UTC)) == 0

        sending.send_next(AFTER)
        assert Attachment.objects.get().open().read()


class TestFilesInTheComposer:
    def test_survive_a_refusal(self):
        case = make.case()

        refused = speak(case, make.wang(), htmx=True, body=" ", attachments=[photo("裂口.jpg")])

        assert refused.status_code == 422
        shown = refused.content.decode()
        assert "裂口.jpg" in shown
        assert "data-choose-anew" in shown

    def test_go_along_when_the_words_are_sent_again(self):
        case = make.case()
        speak(case, make.wang(), body=" ", attachments=[photo()])
        kept = DraftFile.objects.get()

        speak(case, make.wang(), listed_file=[kept.pk], file=[kept.pk])

        assert HeldReply.objects.get().files.get() == kept

    def test_are_left_out_when_they_are_ticked_no_more(self):
        case = make.case()
        speak(case, make.wang(), body=" ", attachments=[photo()])
        kept = DraftFile.objects.get()

        speak(case, make.wang(), listed_file=[kept.pk])

        assert not DraftFile.objects.exists()

    def test_chosen_on_another_screen_do_not_go_unseen(self):
        case = make.case()
        speak(case, make.wang(), body=" ", attachments=[photo()])

        speak(case, make.wang())

        assert not HeldReply.objects.get().files.exists()
        assert draft_files.of(case, make.wang()).count() == 1

    def test_of_somebody_else_cannot_be_sent(self):
        case = make.case()
        speak(case, make.wang(), body=" ", attachments=[photo()])
        theirs = DraftFile.objects.get()

        speak(case, make.zhao(), listed_file=[theirs.pk], file=[theirs.pk])

        assert list(draft_files.of(case, make.wang())) == [theirs]

    def test_are_kept_while_the_words_are_written(self):
        case = make.case()

        answer = speak(case, make.wang(), where="/files", htmx=True, attachments=[photo("裂口.jpg")])

        assert "裂口.jpg" in answer.content.decode()
        assert "data-choose-anew" in answer.content.decode()
        assert "裂口.jpg" in composer_of(case, make.wang())

    def test_too_large_are_refused_with_a_sentence_and_stay_chosen(self, monkeypatch):
        monkeypatch.setattr(kept_files, "LARGEST", 100)

        answer = speak(make.case(), make.wang(), where="/files", htmx=True, attachments=[photo()])

        assert answer.status_code == 422
        assert "Send a smaller file" in answer.content.decode()
        assert "data-choose-anew" not in answer.content.decode()

    def test_without_javascript_a_refused_file_must_be_chosen_again_and_we_say_so(self, monkeypatch):
        monkeypatch.setattr(kept_files, "LARGEST", 100)

        answer = speak(make.case(), make.wang(), attachments=[photo()])

        assert "Please choose your files again." in answer.content.decode()

    def test_stand_with_a_note(self):
        case = make.case()

        speak(case, make.wang(), "note", body="看这张", attachments=[photo()])

        note = Message.objects.get(case=case, kind="note")
        assert note.attachments.count() == 1
        assert not Attachment.objects.the_customer_may_see().exists()

    def test_stand_with_a_task(self):
        case = make.case()

        speak(
            case,
            make.wang(),
            "task",
            department=make.after_sales().pk,
            instruction="查一查",
            attachments=[photo()],
        )

        assert Task.objects.filter(case=case).latest("pk").attachments.count() == 1

    def test_are_not_for_whoever_does_not_serve_the_case(self):
        answer = speak(make.case(), make.li(), where="/files", htmx=True, attachments=[photo()])

        assert answer.status_code == 403
        assert not DraftFile.objects.exists()

    def test_nobody_comes_back_to_are_forgotten(self):
        case = make.case()
        speak(case, make.wang(), body=" ", attachments=[photo()])

        draft_files.prune(make.NOON + timedelta(days=31))

        assert not DraftFile.objects.exists()
