"""A CSV of the kind people really have gives every good row and names every bad line."""

import codecs
import gzip
import io

import pytest

from guixin.channels.sheets import BadRow, NotASheet, Reason, Row, open_sheet
from guixin.channels.sheets.tests.make_csv import differences, make_csv


def read(raw: bytes | str, **how):
    sheet = open_sheet(io.BytesIO(raw.encode() if isinstance(raw, str) else raw), **how)
    return sheet, list(sheet.rows())


def values(raw, **how):
    return [row.values if isinstance(row, Row) else row.reason for row in read(raw, **how)[1]]


class TestAMillionRowsInSmall:
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_land_exactly_the_good_ones_and_name_exactly_the_bad(self, end):
        file = io.BytesIO()
        good, bad = make_csv(file, 20_000, bad_share=0.03, end=end)

        assert differences(open_sheet(file), good, bad) == []
        assert len(bad) > 500

    def test_land_the_same_in_gb18030(self):
        file = io.BytesIO()
        good, bad = make_csv(file, 5_000, bad_share=0.03, encoding="gb18030")

        assert differences(open_sheet(file), good, bad) == []

    @pytest.mark.parametrize("size", [1, 7, 64, 5_000])
    def test_land_the_same_wherever_the_blocks_are_cut(self, size, monkeypatch):
        monkeypatch.setattr("guixin.channels.sheets.lines.BLOCK", size)
        file = io.BytesIO()
        good, bad = make_csv(file, 200, bad_share=0.1, end="\r\n")

        assert differences(open_sheet(file), good, bad) == []

    def test_can_be_resumed_after_any_row(self):
        file = io.BytesIO()
        make_csv(file, 3_000, bad_share=0.03)
        sheet = open_sheet(file)
        rows = list(sheet.rows())

        for at in (0, 1, 17, 500, 1499, 2998, 2999):
            assert list(sheet.rows(start_line=rows[at].line)) == rows[at + 1 :]


class TestAnUnclosedQuote:
    def test_costs_its_own_line_only(self):
        assert values('a,b,c\n1,"x,y\n2,x,y\n3,"p, q",y\n') == [
            Reason.UNCLOSED_QUOTE,
            ["2", "x", "y"],
            ["3", "p, q", "y"],
        ]

    def test_in_the_last_column_is_not_closed_by_a_later_stray_quote(self):
        assert values('a,b,c\n10,x,"open\n11,x,y\n12,x,size 5"\n') == [
            Reason.UNCLOSED_QUOTE,
            ["11", "x", "y"],
            ["12", "x", 'size 5"'],
        ]

    def test_in_the_first_column_costs_its_own_line_only(self):
        assert values('a,b,c\n"10,x,y\n11,x,y\n12,x,y"\n') == [
            Reason.UNCLOSED_QUOTE,
            ["11", "x", "y"],
            ["12", "x", 'y"'],
        ]

    def test_is_given_up_after_fifty_lines(self):
        prose = "\n".join(f"line {i}" for i in range(60))

        rows = values(f'a,b\n1,"{prose}\n2,y\n')

        assert rows[0] is Reason.UNCLOSED_QUOTE
        assert rows[-1] == ["2", "y"]


class TestQuotes:
    def test_may_enclose_line_breaks_blank_lines_and_delimiters(self):
        assert values('a,b,c\n1,"one\r\ntwo\n\nthree, four",z\n2,x,y\n') == [
            ["1", "one\ntwo\n\nthree, four", "z"],
            ["2", "x", "y"],
        ]

    def test_may_enclose_line_breaks_in_the_first_and_last_column(self):
        assert values('a,b\n"one\ntwo",x\n1,"one\ntwo"\n') == [["one\ntwo", "x"], ["1", "one\ntwo"]]

    def test_number_the_row_by_the_line_where_it_begins(self):
        assert [row.line for row in read('a,b\n1,"x\ny\nz"\n2,y\n')[1]] == [2, 5]

    def test_inside_an_unquoted_field_are_text(self):
        assert values('a,b\n5" pipe,6 " 7\n') == [['5" pipe', '6 " 7']]

    def test_written_twice_are_one(self):
        assert values('a,b\n"say ""hi""",""\n') == [['say "hi"', ""]]

    def test_followed_by_text_are_kept_where_the_columns_are_not_in_doubt(self):
        assert values('a,b\n"Acme" Ltd,"x"\n2,y\n') == [['"Acme" Ltd', "x"], ["2", "y"]]

    def test_followed_by_text_are_refused_where_they_are(self):
        assert values('a,b,c\n"Smith, J" Ltd,x,y\n2,y,z\n')[0] is Reason.QUOTE_THEN_TEXT


class TestColumns:
    def test_too_few_and_too_many_say_how_many(self):
        few, many = read("a,b,c\n1,2\n1,2,3,4\n")[1]

        assert (few.reason, few.found, few.expected, few.raw) == (Reason.TOO_FEW_COLUMNS, 2, 3, "1,2")
        assert (many.reason, many.found) == (Reason.TOO_MANY_COLUMNS, 4)
        assert "4" in many.sentence

    def test_empty_ones_beyond_the_heading_hold_nothing(self):
        assert values("a,b\n1,2,,\n") == [["1", "2"]]

    def test_blank_and_repeated_names_are_numbered(self):
        assert read("a,,a,\n1,2,3\n")[0].columns == ["a", "column 2", "a (2)"]

    @pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
    def test_are_parted_by_the_mark_the_heading_uses(self, mark):
        sheet, rows = read(f"编号{mark}内容，其他{mark}c\n1{mark}x，y{mark}z\n")

        assert sheet.delimiter == mark
        assert rows == [Row(2, ["1", "x，y", "z"])]

    def test_may_be_announced_as_excel_does(self):
        assert read("sep=;\na,b;c\n1;2\n")[1] == [Row(3, ["1", "2"])]


class TestEncodings:
    TEXT = "编号,内容\r\n1,屏幕闪烁，漏水\r\n2,王女士\r\n"

    @pytest.mark.parametrize(
        ("raw", "called"),
        [
            (TEXT.encode(), "utf-8"),
            (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
            (TEXT.encode("gb18030"), "gb18030"),
            (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le"),
            (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be"),
        ],
    )
    def test_are_recognised(self, raw, called):
        sheet, rows = read(raw)

        assert sheet.encoding == called
        assert sheet.columns == ["编号", "内容"]
        assert rows == [Row(2, ["1", "屏幕闪烁，漏水"]), Row(3, ["2", "王女士"])]

    def test_a_quoted_first_heading_survives_the_mark(self):
        assert read(codecs.BOM_UTF8 + b'"a,b",c\n1,2\n')[0].columns == ["a,b", "c"]

    def test_a_few_broken_bytes_do_not_make_it_gb18030(self):
        raw = ("a,b\n" + "1,屏幕\n" * 50).encode() + b"2,\xc4\xe3\xba\xc3\n" + "3,漏水\n".encode()

        sheet, rows = read(raw)

        assert sheet.encoding == "utf-8"
        assert [type(row) for row in rows] == [Row] * 50 + [BadRow, Row]
        assert rows[50].reason is Reason.UNDECODABLE

    def test_broken_bytes_in_an_english_file_do_not_make_it_gb18030(self):
        sheet, rows = read(b"a,b\n1,x\n2,\xe9a\n3,caf\xe9 y\n")

        assert sheet.encoding == "utf-8"
        assert [row.line for row in rows if isinstance(row, BadRow)] == [3, 4]

    def test_a_broken_line_in_gb18030_and_in_utf_16_harms_no_other(self):
        chinese = "编号,内容\n1,屏幕\n2,漏".encode("gb18030") + b"\xff\n" + "3,漏水\n".encode("gb18030")
        wide = (
            codecs.BOM_UTF16_LE
            + "a,b\n1,x\n2,".encode("utf-16-le")
            + b"\x00\xd8"
            + "\n3,y\n".encode("utf-16-le")
        )

        assert values(chinese) == [["1", "屏幕"], Reason.UNDECODABLE, ["3", "漏水"]]
        assert values(wide) == [["1", "x"], Reason.UNDECODABLE, ["3", "y"]]

    def test_chinese_that_comes_late_is_still_recognised(self):
        sheet, rows = read(b"a,b\n" + b"1,x\n" * 100_000 + "2,屏幕\n".encode("gb18030"))

        assert sheet.encoding == "gb18030"
        assert rows[-1].values == ["2", "屏幕"]

    def test_may_be_named_by_the_person(self):
        assert values(b"a,b\n1,caf\xe9\n", encoding="latin-1") == [["1", "café"]]
        with pytest.raises(NotASheet, match="nonsense"):
            read("a,b\n", encoding="nonsense")


class TestLines:
    def test_may_end_in_any_way_even_mixed(self):
        assert values("a,b\r1,2\r\n3,4\n5,6\r7,8") == [["1", "2"], ["3", "4"], ["5", "6"], ["7", "8"]]

    def test_that_are_blank_are_counted_and_give_nothing(self):
        sheet, rows = read("a,b,c\n1,2,3\n" + ",,\n" * 30_000 + "\n" * 30_000)

        assert rows == [Row(2, ["1", "2", "3"])]
        assert sheet.blank == 60_000

    def test_with_nul_characters_are_named(self):
        assert values(b"a,b\n1,x\0y\n2,y\n") == [Reason.NUL, ["2", "y"]]

    def test_that_never_end_are_passed_over_in_bounded_memory(self):
        assert values("a,b\n1," + "x" * 3_000_000 + "\n2,y\n") == [Reason.TOO_LONG, ["2", "y"]]
        assert values("a,b\n1," + "x" * 70_000 + "\n2,y\n") == [Reason.TOO_LONG, ["2", "y"]]


class TestAFile:
    def test_packed_by_gzip_is_read_as_it_is(self):
        assert values(gzip.compress(b"a,b\n1,2\n")) == [["1", "2"]]

    def test_packed_and_cut_off_is_refused_in_words(self):
        raw = gzip.compress(b"".join(b"%d,%d\n" % (i, i * 7919 % 10007) for i in range(200_000)))

        with pytest.raises(NotASheet, match="cut off"):
            list(open_sheet(io.BytesIO(raw[: len(raw) * 2 // 3])).rows())

    @pytest.mark.parametrize("raw", [b"", b"\n\n", b",,\n"])
    def test_with_nothing_in_it_is_refused_in_words(self, raw):
        with pytest.raises(NotASheet, match="empty"):
            read(raw)

    @pytest.mark.parametrize("raw", [b"%PDF-1.7", b"<html><table>", b"\x89PNG\r\n", b"PK\x03\x04 broken"])
    def test_that_is_no_table_is_refused_in_words(self, raw):
        with pytest.raises(NotASheet, match=r"^my\.csv: "):
            read(raw, name="files/my.csv")

    def test_keeps_eighteen_digit_numbers_and_leading_zeros(self):
        assert values("a,b\n110105199003071234,007\n") == [["110105199003071234", "007"]]
