"""The result file is the person's own file with two columns more, and harmless to open."""

import csv

import pytest

from guixin.channels.sheets import open_sheet, write_result
from guixin.channels.sheets.result import inert


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_bytes('编号,内容\n1,=1+1\n2,"one\ntwo"\n3,too,many\n4,＝cmd\n'.encode())
    return path


OUTCOMES = [(2, "已导入", ""), (3, "未导入", "没有这个部门"), (6, "已导入", "")]


class TestTheResultFile:
    def test_as_csv_keeps_every_row_with_its_outcome(self, sheet, tmp_path):
        out = tmp_path / "out.csv"
        write_result(sheet, out, OUTCOMES)

        assert out.read_bytes().startswith(b"\xef\xbb\xbf")
        with out.open(encoding="utf-8-sig", newline="") as file:
            heading, *rows = csv.reader(file)
        assert heading == ["编号", "内容", "结果", "错误原因"]
        assert rows[0] == ["1", "'=1+1", "已导入", ""]
        assert rows[1] == ["2", "one\ntwo", "未导入", "没有这个部门"]
        assert rows[2][0] == "3,too,many"
        assert rows[2][3]
        assert rows[3] == ["4", "'＝cmd", "已导入", ""]

    def test_as_xlsx_holds_text_and_no_formula(self, sheet, tmp_path):
        out = tmp_path / "out.xlsx"
        write_result(sheet, out, {line: (result, reason) for line, result, reason in OUTCOMES})

        rows = list(open_sheet(out).rows())
        assert rows[0].values == ["1", "=1+1", "已导入", ""]
        assert rows[1].values[1:] == ["one\ntwo", "未导入", "没有这个部门"]

    def test_gives_rows_nobody_spoke_of_the_common_outcome(self, sheet, tmp_path):
        out = tmp_path / "out.csv"
        write_result(sheet, out, [], otherwise=("已导入", ""))

        results = [row.values[2] for row in open_sheet(out).rows()]
        assert results[0] == results[1] == results[3] == "已导入"

    @pytest.mark.parametrize("start", "=+-@\t\r＝＋－＠")
    def test_disarms_what_a_program_might_run(self, start):
        assert inert(f"{start}1+1") == f"'{start}1+1"
        assert inert("1+1") == "1+1"
