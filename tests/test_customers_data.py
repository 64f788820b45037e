"""What the right of access is answered with: a word planted in every column that may hold a customer's is in the file."""

import hashlib
import io
import json
import zipfile

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from python_calamine import CalamineWorkbook

from guixin.channels.customers_data import CannotHandOut, hand_out
from guixin.desks.tests.desk import noon, signed_in  # noqa: F401
from guixin.ledger.models import Entry
from guixin.serve import attaching, replying
from guixin.serve.models import Attachment, Case, Draft, HeldReply
from guixin.serve.models.attachment import place
from guixin.serve.tests import make
from guixin.understand import changing as record
from guixin.understand.data_held import CUSTOMER, LEDGER, belongings, held_about, silent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
NOON = make.NOON


def unpacked(made) -> tuple[dict, dict[str, list], zipfile.ZipFile]:
    archive = zipfile.ZipFile(made)
    book = CalamineWorkbook.from_filelike(io.BytesIO(archive.read("data.xlsx")))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    return json.loads(archive.read("data.json")), sheets, archive


def handed_out(customer, **changes):
    return hand_out(customer, **{"by": make.he(), "reason": "本人来信查询", "now": NOON} | changes)


LOOSE = ("case_id", "customer_id")  # ids of what lives in a package above


class TestEveryTable:
    def test_that_leads_to_a_customer_is_handed_out_or_says_why_not(self):
        held = {each.model for each in belongings()} | {CUSTOMER}
        forgotten = {
            model._meta.label
            for model in apps.get_models()
            for field in model._meta.concrete_fields
            if (
                (field.related_model and field.related_model._meta.label_lower in held) or field.name in LOOSE
            )
            and model._meta.label_lower not in held | set(silent()) | {LEDGER}
        }
        assert not forgotten, "say in data_held.py of the package whether their rows are a customer's"

    def test_that_is_left_out_has_a_reason(self):
        assert all(len(why) > 20 for why in silent().values())


def planted(model: type[models.Model], rows) -> set[str]:
    """A word of its own in every free text of these rows, past all checks of the product; what was planted."""
    words = {}
    for field in model._meta.concrete_fields:
        free = isinstance(field, models.TextField) and not field.choices and not field.unique
        if free and field.name not in PLAIN.get(model._meta.label_lower, set()):
            words[field.name] = f"canary-{model._meta.model_name}-{field.name}"
    if words:
        rows.update(**words)
    return set(words.values())


# Texts that are codes the database checks, or that the file leaves out by name.
PLAIN = {
    "understand.customer": {"name_folded", "name_pinyin", "name_initials"},
    "serve.case": {"tracking_salt"},
    "serve.draft": {"tab"},
    "serve.draftfile": {"tab"},
    "serve.bulkitem": {"about_kind"},
    "channels.notice": {"kind", "about_kind"},
    "promise.clock": {"about_kind"},
}


@pytest.fixture
def zhang():
    """A customer about whom something of every kind is held."""
    case = make.case(departments=[make.quality().pk])
    replying.note(case, "客户很急", by=make.wang(), now=NOON)
    picture = ContentFile(b"%PDF-1.4 canary in a file", name="canary-file.pdf")
    attaching.attach(attaching.keep([picture]), case=case, by=make.wang(), now=NOON)
    Draft.objects.create(case=case, person=make.wang(), tab="note", said={"body": "canary-draft"}, at=NOON)
    HeldReply.objects.create(
        case=case, by=make.wang(), kind="reply", body="x", said_at=NOON, send_at=NOON
    )  # fmt: skip
    record.change(
        case.customer, {"name": "张四"}, read_at_version=case.customer.version, by=make.wang(), now=NOON
    )
    return case.customer


class TestTheFile:
    def test_holds_whatever_stands_in_any_column(self, zhang):
        words: set[str] = set()
        held = held_about(zhang)
        for part in held.parts:
            ids = [row[part.table._meta.pk.attname] for row in part.rows()]
            if ids and part.name not in ("ledger.entry", "serve.attachment"):
                words |= planted(part.table, part.table._base_manager.filter(pk__in=ids))
        assert len(words) > 20

        data, sheets, archive = unpacked(handed_out(zhang))

        text = json.dumps(data, ensure_ascii=False)
        in_sheets = json.dumps(sheets, ensure_ascii=False, default=str)
        assert {word for word in words if word not in text} == set()
        assert {word for word in words if word not in in_sheets} == set()
        assert "canary-draft" in text
        [name] = [each for each in archive.namelist() if each.startswith("files/")]
        assert archive.read(name) == b"%PDF-1.4 canary in a file"

    def test_holds_the_personal_part_of_the_ledger(self, zhang):
        data, _sheets, _archive = unpacked(handed_out(zhang))

        [changed] = [each for each in data["ledger.entry"] if each["kind"] == "understand.customer_changed"]
        assert changed["personal"] == {"old": {"name": "张三"}}

    def test_holds_nobody_elses(self, zhang):
        other = make.case(customer=make.customer("李四", "139 0013 9000"), subject="别人的事")

        data, _sheets, _archive = unpacked(handed_out(zhang))

        assert "别人的事" not in json.dumps(data, ensure_ascii=False)
        assert other.pk not in [each["id"] for each in data["serve.case"]]

    def test_opens_no_private_link(self, zhang):
        salt = Case.objects.get(customer=zhang).tracking_salt
        data, _sheets, _archive = unpacked(handed_out(zhang))
        assert salt
        assert salt not in json.dumps(data)

    def test_keeps_the_digits_of_a_phone(self, zhang):
        _data, sheets, _archive = unpacked(handed_out(zhang))
        assert any("+8613800138000" in map(str, row) for rows in sheets.values() for row in rows)

    def test_lists_a_file_whose_bytes_are_gone(self, zhang):
        default_storage.delete(place(Attachment.objects.get().pk))
        data, _sheets, archive = unpacked(handed_out(zhang))
        assert [each["is_here"] for each in data["about"]["files"]] == [False]
        assert not [each for each in archive.namelist() if each.startswith("files/")]


class TestHandingOut:
    def test_stands_in_the_ledger_with_the_reason_and_the_checksum(self, zhang):
        made = handed_out(zhang)

        entry = Entry.objects.get(kind="understand.customer_data_handed_out")
        assert (entry.about_id, entry.actor_id, entry.facts["reason"]) == (
            zhang.pk,
            make.he().pk,
            "本人来信查询",
        )
        assert entry.facts["sha256"] == hashlib.sha256(made.read()).hexdigest()
        assert entry.facts["files"] == 1

    @pytest.mark.parametrize("reason", ["", "  a  ", None])
    def test_is_refused_without_a_reason(self, zhang, reason):
        with pytest.raises(CannotHandOut, match=r"four characters|四个字"):
            handed_out(zhang, reason=reason)
        assert not Entry.objects.filter(kind="understand.customer_data_handed_out").exists()

    def test_is_refused_to_who_only_serves(self, zhang):
        with pytest.raises(PermissionDenied):
            handed_out(zhang, by=make.wang())

    def test_takes_three_clicks(self, zhang):
        """The link on the customer's page, the reason, the button."""
        client = signed_in(make.he())
        address = f"/customers/{zhang.pk}/data"
        assert address in client.get(f"/customers/{zhang.pk}").content.decode()
        assert "本人" not in client.get(address).content.decode()

        refused = client.post(address, {"reason": ""})
        answer = client.post(address, {"reason": "本人来信查询"})

        assert refused.status_code == 422
        assert answer["Content-Type"] == "application/zip"
        assert answer["Cache-Control"] == "private, no-store"
        assert "data.json" in zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
