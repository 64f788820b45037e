"""The responses of a wave as a file: masked unless permitted, inert, told to the ledger; of an anonymous wave nothing that tells two
answers are the same person's."""

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied

from guixin.channels.exporting import writing
from guixin.channels.exporting.responses import TooFewToExport
from guixin.channels.tests.test_exporting import customer
from guixin.desks.tests.desk import signed_in
from guixin.ledger.models import Entry
from guixin.listen import counting, taking_in
from guixin.listen.taking_in import Given
from guixin.listen.tests.make import NOON, chen, he, li, wang, wave

pytestmark = pytest.mark.django_db
SAID = "=1+1 打13812345678"


def answered(number=6, **more):
    made = wave(**more)
    who = None if made.is_anonymous else customer().pk
    given = [
        Given(n, {"overall": str(1 + n % 5), "words": SAID}, str(n), customer_id=who) for n in range(number)
    ]
    taking_in.take_in(made, given, source="file", by=he(), now=NOON)
    counting.count_next(NOON)
    made.refresh_from_db()
    return made


def lines(made, *, by=None, form="csv", **more) -> list[list[str]]:
    with writing.export_responses(made, form, by=by or chen(), now=NOON, **more) as file:
        return list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"), newline="")))


class TestTheResponses:
    def test_stand_in_a_row_each_under_the_codes_of_the_questions(self):
        headings, *rows = lines(answered(), by=he())

        assert len(rows) == 6
        first = dict(zip(headings, rows[0], strict=True))
        assert (first["overall"], first["why"]) == ("1", "")
        assert "张三" not in str(rows)
        assert first["words"] == "'=1+1 打138****5678"  # masked, and no program runs it

    def test_are_in_full_for_a_reason_and_for_few(self):
        made = answered()
        with pytest.raises(writing.CannotExport):
            lines(made, by=he(), in_full=True)
        with pytest.raises(PermissionDenied):
            lines(made, by=chen(), in_full=True, reason="想看看")
        rows = lines(made, by=he(), in_full=True, reason="客户要求")

        assert "张三" in str(rows)
        assert "13812345678" in str(rows)
        told = Entry.objects.filter(kind="channels.data_exported").get()
        assert (told.facts["noun"], told.facts["rows"], told.facts["in_full"]) == ("responses march", 6, True)

    def test_are_not_for_everybody(self):
        made = answered()
        for person in (wang(), li()):
            with pytest.raises(PermissionDenied):
                lines(made, by=person)

    def test_of_an_anonymous_wave_are_how_often_each_answer_was_given(self):
        headings, *rows = lines(answered(is_anonymous=True))

        assert len(headings) == 5  # with the mark of our own export
        assert [row[:1] + row[2:4] for row in rows if row[0] == "overall"] == [
            ["overall", "1", "2"], ["overall", "2", "1"], ["overall", "3", "1"], ["overall", "4", "1"], ["overall", "5", "1"],
        ]  # fmt: skip
        assert [row[3] for row in rows if row[0] == "words"] == ["1"] * 6

    def test_of_an_anonymous_wave_do_not_leave_below_five(self):
        with pytest.raises(TooFewToExport):
            lines(answered(4, is_anonymous=True))
        assert not Entry.objects.filter(kind="channels.data_exported").exists()

    def test_are_handed_out_on_the_page_of_the_wave(self):
        answered()
        made = signed_in(chen()).post("/surveys/march/export", {"file_kind": "xlsx"})

        assert b"".join(made.streaming_content)[:2] == b"PK"
        assert (
            signed_in(he()).post("/surveys/march/export", {"file_kind": "csv", "in_full": "on"}).status_code
            == 422
        )
        assert signed_in(wang()).post("/surveys/march/export", {"file_kind": "csv"}).status_code == 403
