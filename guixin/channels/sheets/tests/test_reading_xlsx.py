"""A workbook gives the text a person sees, whatever program wrote it."""

import io
import zipfile
from datetime import datetime

import pytest
import xlsxwriter

from guixin.channels.sheets import BadRow, NotASheet, Reason, Row, open_sheet
from guixin.channels.sheets.xlsx_sheet import CalamineSheet

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
NOON = datetime(2026, 3, 6, 12)  # noqa: DTZ001  a sheet knows no zone


def workbook(*rows, blank_after=0, **options) -> io.BytesIO:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd hh:mm", **options})
    table = book.add_worksheet()
    boxed = book.add_format({"border": 1})
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            table.write(at, column, value)
    for at in range(len(rows), len(rows) + blank_after):
        for column in range(2):
            table.write_blank(at, column, None, boxed)
    book.close()
    file.seek(0)
    return file


def by_hand(
    sheet: str, *, shared: str = "", workbook_xml: str = "", packed=zipfile.ZIP_DEFLATED
) -> io.BytesIO:
    """A workbook whose parts are written out, for what other programs and attackers produce."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packed) as archive:
        archive.writestr(
            "xl/workbook.xml",
            workbook_xml
            or f'<workbook {MAIN} xmlns:r="{relations}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{relations}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>',
        )
        archive.writestr("xl/sharedStrings.xml", shared or f"<sst {MAIN}/>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return file


def values(file) -> list:
    return [row.values if isinstance(row, Row) else row.reason for row in open_sheet(file).rows()]


class TestACell:
    def test_is_text_as_people_see_it(self):
        file = workbook(
            ["编号", "数", "小数", "时间", "是否", "证件"],
            ["A1", 3, 0.1, NOON, True, "110105199003071234"],
        )

        assert values(file) == [["A1", "3", "0.1", "2026-03-06 12:00:00", "TRUE", "110105199003071234"]]

    def test_that_lost_its_digits_makes_its_row_a_bad_one(self):
        file = workbook(["编号", "证件"], [1, 110105199003071234], [2, "110105199003071234"])

        assert values(file) == [Reason.NUMBER_LOST_DIGITS, ["2", "110105199003071234"]]

    def test_may_hold_line_breaks_and_text_that_looks_like_markup(self):
        assert values(workbook(["a"], ["one\r\ntwo & <three> _x0041_"])) == [["one\ntwo & <three> _x0041_"]]

    def test_may_be_rich_text_without_its_reading_aid(self):
        shared = (
            f"<sst {MAIN}><si><t>a</t></si>"
            "<si><r><t>屏</t></r><r><rPr><b/></rPr><t xml:space='preserve'>幕 </t></r><rPh><t>ping</t></rPh></si></sst>"
        )
        cells = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'

        assert values(
            by_hand(f"<worksheet {MAIN}><sheetData>{cells}</sheetData></worksheet>", shared=shared)
        ) == [["屏幕 "]]

    def test_may_come_from_a_formula(self):
        cells = (
            '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
            '<row r="2"><c r="A2" t="str"><f>"x"&amp;"y"</f><v>xy</v></c></row>'
            '<row r="3"><c r="A3"><f>1+1</f><v>2</v></c></row>'
        )

        assert values(by_hand(f"<worksheet {MAIN}><sheetData>{cells}</sheetData></worksheet>")) == [
            ["xy"],
            ["2"],
        ]

    def test_is_the_same_where_the_writer_uses_a_prefix_and_no_positions(self):
        name = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        cells = (
            '<x:row><x:c t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c><x:c t="inlineStr"><x:is><x:t>b</x:t></x:is></x:c></x:row>'
            "<x:row><x:c/><x:c><x:v>7</x:v></x:c></x:row>"
        )

        assert values(by_hand(f"<x:worksheet {name}><x:sheetData>{cells}</x:sheetData></x:worksheet>")) == [
            ["", "7"]
        ]


class TestAWorksheet:
    def test_may_have_short_and_blank_rows(self):
        sheet = open_sheet(workbook(["a", "b", "c"], ["1"], [], ["2", "", "3"]))

        assert list(sheet.rows()) == [Row(2, ["1", "", ""]), Row(4, ["2", "", "3"])]

    def test_may_end_in_sixty_thousand_formatted_blank_rows(self):
        sheet = open_sheet(workbook(["a", "b"], ["1", "2"], blank_after=60_000))

        assert list(sheet.rows()) == [Row(2, ["1", "2"])]
        assert sheet.blank == 60_000

    def test_with_more_cells_than_the_heading_names_the_row(self):
        (row,) = open_sheet(workbook(["a", "b"], ["1", "2", "3"])).rows()

        assert isinstance(row, BadRow)
        assert (row.line, row.reason, row.found) == (2, Reason.TOO_MANY_COLUMNS, 3)

    def test_can_be_resumed(self):
        sheet = open_sheet(workbook(["a"], ["1"], ["2"], ["3"]))

        assert list(sheet.rows(start_line=3)) == [Row(4, ["3"])]

    def test_that_is_hidden_is_passed_over(self):
        file = io.BytesIO()
        book = xlsxwriter.Workbook(file)
        hidden, shown = book.add_worksheet(), book.add_worksheet()
        hidden.write(0, 0, "secret")
        shown.write(2, 1, "a")
        shown.write(3, 1, "1")
        shown.activate()
        hidden.hide()
        book.close()

        sheet = open_sheet(file)

        assert sheet.columns == ["column 1", "a"]
        assert list(sheet.rows()) == [Row(4, ["", "1"])]

    def test_reads_the_same_through_the_reader_of_old_workbooks(self):
        rows = ["a", "b", "c"], ["1", 2, NOON], ["x", 2.5, False]

        assert list(CalamineSheet(workbook(*rows)).rows()) == list(open_sheet(workbook(*rows)).rows())


class TestAnAttack:
    def test_by_a_document_type_is_refused(self):
        sheet = f'<!DOCTYPE x [<!ENTITY a "b">]><worksheet {MAIN}><sheetData/></worksheet>'

        with pytest.raises(NotASheet, match="document type"):
            open_sheet(by_hand(sheet))

    def test_by_a_sheet_that_unpacks_without_end_is_refused(self, monkeypatch):
        monkeypatch.setattr("guixin.channels.sheets.xlsx_parts.ALWAYS_ALLOWED", 1_000_000)
        row = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
        sheet = f"<worksheet {MAIN}><sheetData>{row}" + "<row/>" * 1_000_000 + "</sheetData></worksheet>"

        with pytest.raises(NotASheet, match="unpacks"):
            list(open_sheet(by_hand(sheet)).rows())

    def test_by_a_cell_in_no_column_is_refused(self):
        row = '<row r="1"><c r="ZZZZ1" t="inlineStr"><is><t>a</t></is></c></row>'

        with pytest.raises(NotASheet, match="ZZZZ"):
            open_sheet(by_hand(f"<worksheet {MAIN}><sheetData>{row}</sheetData></worksheet>"))

    @pytest.mark.parametrize(
        "sheet",
        [
            "",
            "<worksheet",
            f"<worksheet {MAIN}><sheetData><row>",
            f'<worksheet {MAIN}><sheetData><row><c t="s"><v>7</v></c></row></sheetData></worksheet>',
            f'<worksheet {MAIN}><sheetData><row><c t="s"><v>x</v></c></row></sheetData></worksheet>',
        ],
    )
    def test_or_damage_is_told_in_words(self, sheet):
        with pytest.raises(NotASheet):
            open_sheet(by_hand(sheet))
