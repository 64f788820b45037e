import io
import zipfile
import zlib
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from guixin.ledger.models import Entry
from guixin.serve import attaching
from guixin.serve.attaching import CannotAttach, attach, customer_attaches, keep, sweep
from guixin.serve.handling import return_result
from guixin.serve.merging import merge
from guixin.serve.models import Attachment, Case
from guixin.serve.models.attachment import place
from guixin.serve.replying import reply
from guixin.serve.tests import make
from guixin.serve.waiting import wait_for_customer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/html")  # what the sender says it is counts for nothing


def photo(kind="JPEG", size=(2000, 1000), *, place_taken=False, mode="RGB") -> bytes:
    picture, out = Image.new(mode, size, "red"), io.BytesIO()
    told = {}
    if place_taken:
        exif = Image.Exif()
        exif[0x0112] = 6  # lying on its side
        exif.get_ifd(0x8825)[1] = "N"
        exif.get_ifd(0x8825)[2] = (31.0, 13.0, 49.0)
        exif[0x010E] = "a description"
        told["exif"] = exif
    picture.save(out, kind, **told)
    return out.getvalue()


def pixel_bomb(width=65_000, height=65_000) -> bytes:
    def chunk(kind, content):
        body = kind + content
        return len(content).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 10_000))
        + chunk(b"IEND", b"")
    )


def only(content: bytes, name: str = "photo.jpg", **more) -> Attachment:
    made = attach(keep([upload(content, name)]), case=make.case(), by=make.wang(), now=make.NOON, **more)
    return Attachment.objects.get(pk=made[0].pk)


class TestAPhoto:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_is_written_anew_with_two_smaller_ones(self, kind):
        held = only(photo(kind))

        assert (held.state, held.width, held.height) == ("picture", 2000, 1000)
        assert held.media_type == f"image/{kind.lower()}"
        assert [Image.open(held.open(version)).size for version in ("", "preview", "thumbnail")] == [
            (2000, 1000), (1600, 800), (480, 240),
        ]  # fmt: skip

    def test_loses_where_it_was_taken_and_stands_upright(self):
        held = only(photo(place_taken=True))

        for version in ("", "preview", "thumbnail"):
            seen = Image.open(held.open(version))
            assert not dict(seen.getexif())
            assert seen.height > seen.width
            assert b"Exif" not in held.open(version).read()

    def test_loses_what_hides_behind_its_last_pixel(self):
        held = only(photo() + b"<script>alert(1)</script>PK\x03\x04")

        assert b"<script>" not in held.open().read()

    def test_that_cannot_be_read_is_kept_with_the_reason(self):
        broken = b"\xff\xd8\xff\xe0 not really"
        held = only(broken)

        assert (held.state, held.doubt, held.media_type) == (
            "doubtful", "broken_picture", "application/octet-stream",
        )  # fmt: skip
        assert held.open().read() == broken

    def test_of_too_many_pixels_is_refused_before_it_is_decoded(self):
        with pytest.raises(CannotAttach, match="50 million pixels"):
            keep([upload(pixel_bomb())])
        with pytest.raises(CannotAttach, match="50 million pixels"):
            keep([upload(pixel_bomb(10_000, 5_001))])

    def test_keeps_its_transparency_and_shows_it_on_white(self):
        held = only(photo("PNG", (30, 20), mode="RGBA"))

        assert Image.open(held.open()).mode == "RGBA"
        assert Image.open(held.open("thumbnail")).mode == "RGB"


class TestAnyOtherFile:
    @pytest.mark.parametrize(
        ("content", "name", "media_type"),
        [
            (b"%PDF-1.7 ...", "a.pdf", "application/pdf"),
            (b"<script>alert(1)</script>", "a.html", "text/plain"),
            (b"alert(1)", "a.js", "text/plain"),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg", "text/plain"),
            (b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<b>", "a.mht", "text/plain"),
            ("一,二\n三,四".encode("gb18030"), "a.csv", "text/csv"),
            (b"\x00\x01\x02", "a.jpg", "application/octet-stream"),
            (b"MZ\x90\x00", "a.exe", "application/octet-stream"),
            (b"ID3\x03", "a.mp3", "audio/mpeg"),
            (b"\x00\x00\x00\x18ftypisom", "a.mp4", "video/mp4"),
            (b"\x00\x00\x00\x18ftypheic", "a.heic", "image/heic"),
        ],
    )
    def test_is_kept_as_it_came_and_named_by_its_bytes(self, content, name, media_type):
        held = only(content, name)

        assert held.media_type == media_type
        assert held.open().read() == content
        assert not held.is_picture

    def test_that_is_an_archive_is_never_unpacked(self, monkeypatch):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
            bomb.writestr("0", b"\0" * 30_000_000)
        monkeypatch.setattr(zlib, "decompressobj", None)
        monkeypatch.setattr(zipfile.ZipFile, "open", None)

        assert only(out.getvalue(), "bomb.zip").media_type == "application/zip"

    def test_of_an_office_program_is_told_from_other_archives(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as sheet:
            sheet.writestr("xl/workbook.xml", "<workbook/>")

        assert only(out.getvalue(), "a.xlsx").media_type.endswith("spreadsheetml.sheet")

    def test_that_is_empty_says_so(self):
        assert only(b"", "a.txt").doubt == "empty"


class TestTheNameOfAFile:
    @pytest.mark.parametrize(
        ("raw", "shown"),
        [
            ("../../etc/passwd", "passwd"),
            ("C:\\photos\\门.jpg", "门.jpg"),
            ("in\u200bvo\u200dice.pdf", "invoice.pdf"),
            ("photo\u202egpj.exe", "photogpj.exe"),
            ('a"b<c>.txt', "a_b_c_.txt"),
            ("x\r\nSet-Cookie: a=b.txt", "xSet-Cookie_ a=b.txt"),
            ("..", "file"),
        ],
    )
    def test_is_shown_without_its_tricks(self, raw, shown):
        assert Attachment(original_name=raw).name == shown

    def test_of_65_kilobytes_is_cut(self):
        held = only(b"text", "长" * 65_000 + ".txt")

        assert len(held.name) <= 120
        assert held.name.endswith(".txt")

    def test_never_becomes_a_path(self, tmp_path):
        held = only(b"text", "../../../../tmp/evil\x00.txt")

        stored = [each for each in tmp_path.rglob("*") if each.is_file()]
        assert [each.name for each in stored] == [str(held.pk)]


class TestHowMuchIsTaken:
    def test_ends_at_twenty_megabytes_a_file(self):
        large = SimpleUploadedFile("big.bin", b"x")
        large.size = attaching.LARGEST + 1

        with pytest.raises(CannotAttach, match="larger than 20 MB"):
            keep([large])

    def test_ends_at_ten_files_at_once(self):
        with pytest.raises(CannotAttach, match="at most 10 files"):
            keep([upload(b"x") for _number in range(11)])

    def test_ends_for_a_case_and_sooner_for_its_customer(self, monkeypatch):
        monkeypatch.setattr(attaching, "IN_A_CASE", 3)
        monkeypatch.setattr(attaching, "BY_THE_CUSTOMER", 1)
        case = make.case()
        customer_attaches(case, keep([upload(b"1", "1.txt")]), now=make.NOON)

        with pytest.raises(CannotAttach, match="at most 1 files"):
            customer_attaches(case, keep([upload(b"2", "2.txt")]), now=make.NOON)
        attach(keep([upload(b"2"), upload(b"3")]), case=case, by=make.wang(), now=make.NOON)
        with pytest.raises(CannotAttach, match="at most 3 files"):
            attach(keep([upload(b"4")]), case=case, by=make.wang(), now=make.NOON)

    def test_ends_for_the_size_of_a_case(self, monkeypatch):
        monkeypatch.setattr(attaching, "LARGEST_CASE", 2)
        case = make.case()

        with pytest.raises(CannotAttach, match="together"):
            attach(keep([upload(b"abc", "a.txt")]), case=case, by=make.wang(), now=make.NOON)


class TestAFileOfACase:
    def test_comes_with_the_answer_of_a_department(self):
        task = make.task()

        return_result(task, "换货", files=keep([upload(photo())]), by=make.li(), now=make.NOON)

        held = Attachment.objects.get()
        assert (held.case, held.task, held.message.kind, held.by) == (task.case, task, "result", make.li())
        assert Entry.objects.get(kind="serve.attachments_added").facts["attachments"] == [str(held.pk)]

    def test_is_lost_with_an_answer_that_is_refused(self):
        task = make.task()

        with pytest.raises(Exception, match="Say what the result is"):
            return_result(task, " ", files=keep([upload(photo())]), by=make.li(), now=make.NOON)

        assert not Attachment.objects.exists()

    def test_from_the_customer_ends_the_waiting(self):
        case = make.case()
        wait_for_customer(case, "请发照片", by=make.wang(), now=make.NOON)

        customer_attaches(case, keep([upload(photo())]), now=make.NOON)

        held = Attachment.objects.get()
        assert (held.from_customer, held.message.kind) == (True, "customer")
        assert Case.objects.get().state == "open"

    def test_is_seen_by_whoever_sees_the_case(self):
        task = make.task()
        attach(keep([upload(b"x")]), case=task.case, by=make.wang(), now=make.NOON)

        assert Attachment.objects.visible_to(make.li()).exists()
        assert not Attachment.objects.visible_to(make.zhao()).exists()

    def test_is_seen_by_the_customer_when_it_stands_with_words_to_them(self):
        case = make.case()
        told = reply(case, "见照片", by=make.wang(), now=make.NOON)
        attach(keep([upload(b"told")]), case=case, message=told, by=make.wang(), now=make.NOON)
        attach(keep([upload(b"ours")]), case=case, by=make.wang(), now=make.NOON)

        assert [held.message for held in Attachment.objects.the_customer_may_see()] == [told]

    def test_goes_along_when_cases_are_merged(self):
        one, other = make.case(), make.case(subject="另一件")
        attach(keep([upload(b"x")]), case=one, by=make.wang(), now=make.NOON)

        merge(one, other, by=make.wang(), now=make.NOON)

        assert Attachment.objects.get().case == other


class TestSweeping:
    def test_removes_what_was_kept_and_never_attached_a_day_later(self):
        held = only(photo())
        (orphan,) = keep([upload(photo())])
        later = attaching_time(orphan) + timedelta(hours=25)

        assert sweep(attaching_time(orphan)) == 0
        assert sweep(later) == 3
        assert not default_storage.exists(place(orphan.id))
        assert default_storage.exists(place(held.pk))

    def test_leaves_what_is_not_ours(self, tmp_path):
        (tmp_path / "attachments" / "ab").mkdir(parents=True)
        (tmp_path / "attachments" / "ab" / "notes.txt").write_text("mine")

        assert sweep(make.NOON + timedelta(days=9999)) == 0


def attaching_time(kept):
    return default_storage.get_modified_time(place(kept.id))
