"""A mapping tells our fields from somebody's columns, and guesses nothing."""

import gzip
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from guixin.channels.sheets import CannotBind, Fault, NoSuchMapping, load_mapping, open_sheet
from guixin.channels.sheets.mapping import mapping_from
from guixin.channels.sheets.times import NotATime, reader_of_times

DATA = Path(__file__).resolve().parents[5] / "shared" / "data"
SHANGHAI = ZoneInfo("Asia/Shanghai")


class TestATime:
    @pytest.mark.parametrize(
        ("text", "utc"),
        [
            ("2026-03-06 17:00", "2026-03-06 09:00"),
            ("2026-03-06 17:00:00", "2026-03-06 09:00"),
            ("2026-03-06T17:00:00+01:00", "2026-03-06 16:00"),
            ("2026-03-06T17:00:00Z", "2026-03-06 17:00"),
            ("2026/3/6 7:05", "2026-03-05 23:05"),
            ("2026年3月6日 17:00", "2026-03-06 09:00"),
            ("2026年3月6日 星期五 下午3:05", "2026-03-06 07:05"),
            ("2026年3月6日17时30分", "2026-03-06 09:30"),
            ("2026/3/6 上午9:00", "2026-03-06 01:00"),
            ("2026/3/6 中午12:30", "2026-03-06 04:30"),
            ("2026-3-6 凌晨12:30", "2026-03-05 16:30"),
            ("2026-03-06 05:00:00 PM", "2026-03-06 09:00"),
            ("2026-03-06 12:00 AM", "2026-03-05 16:00"),
            ("2026-03-06 12:00 p.m.", "2026-03-06 04:00"),
            ("２０２６／３／６　１７：００", "2026-03-06 09:00"),
            ("25/12/2026 08:00", "2026-12-25 00:00"),
            ("2026-03-06", "2026-03-05 16:00"),
        ],
    )
    def test_is_read_as_written(self, text, utc):
        assert reader_of_times(SHANGHAI)(text) == datetime.fromisoformat(utc).replace(tzinfo=UTC)

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("7/1/2011 1:32 PM", "either way"),
            ("46087.7083", "number of days"),
            ("2026-02-30 10:00", "no such day"),
            ("2026-03-06 25:00", "no such day"),
            ("2026-03-06 13:00 AM", "no such hour"),
            ("2026-03-06 晚上12:00", "Midnight"),
            ("tomorrow", "can be read"),
            ("26-03-06", "can be read"),
        ],
    )
    def test_with_no_reading_or_two_is_refused_in_words(self, text, sentence):
        with pytest.raises(NotATime, match=sentence):
            reader_of_times(SHANGHAI)(text)

    def test_with_day_and_month_follows_the_mapping(self):
        text = "7/1/2011 1:32 PM"

        assert reader_of_times(UTC_ZONE, day_first=False)(text).isoformat() == "2011-07-01T13:32:00+00:00"
        assert reader_of_times(UTC_ZONE, day_first=True)(text).isoformat() == "2011-01-07T13:32:00+00:00"

    def test_follows_the_formats_of_the_mapping_first(self):
        read = reader_of_times(UTC_ZONE, ("%d.%m.%y %H.%M",))

        assert read("06.03.26 17.00").isoformat() == "2026-03-06T17:00:00+00:00"
        assert read("2026-03-06 17:00").isoformat() == "2026-03-06T17:00:00+00:00"


UTC_ZONE = ZoneInfo("UTC")


class TestAMapping:
    TABLE = {
        "what": "cases",
        "timezone": "Asia/Shanghai",
        "columns": {
            "external_id": "No",
            "opened_at": "Opened",
            "category": ["Area", "Type"],
            "verdict": {"column": "OK", "values": {"Y": "kept", "N": "broken"}},
            "channel": {"column": "How", "values": {"tel": "phone"}, "default": "other"},
            "phone": {"column": "Tel", "optional": True},
        },
        "defaults": {"kind": "complaint"},
    }
    COLUMNS = ["No", "Opened", "Area", "Type", "OK", "How", "Unused"]

    def read(self, *values):
        return mapping_from(self.TABLE).bind(self.COLUMNS)(list(values))

    def test_gives_our_fields(self):
        assert self.read("7", "2026-03-06 17:00", "A", " B ", "Y", "tel", "x") == {
            "external_id": "7",
            "opened_at": datetime(2026, 3, 6, 9, tzinfo=UTC),
            "category": "A > B",
            "verdict": "kept",
            "channel": "phone",
            "phone": None,
            "kind": "complaint",
        }

    def test_gives_defaults_for_blanks_and_unknown_words(self):
        row = self.read("7", "", "A", "", "", "pigeon", "")

        assert (row["opened_at"], row["category"], row["verdict"], row["channel"]) == (
            None,
            "A",
            None,
            "other",
        )

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            (("", "2026-03-06 17:00", "", "", "", "", ""), "external_id"),
            (("7", "7/1/2011", "", "", "", "", ""), "opened_at"),
            (("7", "", "", "", "maybe", "", ""), "verdict"),
        ],
    )
    def test_names_the_field_at_fault(self, values, field):
        fault = self.read(*values)

        assert isinstance(fault, Fault)
        assert fault.field == field
        assert fault.value in values
        assert str(fault.reason)

    def test_finds_columns_written_a_little_differently(self):
        read = mapping_from(self.TABLE).bind(["ＮＯ ", "opened", "area", "type", "ok", "how"])

        assert read(["7", "", "", "", "", ""])["external_id"] == "7"

    def test_names_the_columns_that_are_missing_and_those_there_are(self):
        with pytest.raises(CannotBind, match=r"“Opened”.*has: “No”, “Area”"):
            mapping_from(self.TABLE).bind(["No", "Area", "Type", "OK", "How"])

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"what": "things"}, "“what” must be"),
            ({"timezone": "Mars/Base"}, "Mars/Base"),
            ({"colums": {}}, "colums"),
            ({"columns": {"external_id": "No", "opend_at": "x"}}, "opend_at"),
            ({"columns": {"subject": "x"}}, "external_id"),
            ({"columns": {"external_id": {"colum": "x"}}}, "external_id"),
        ],
    )
    def test_with_a_slip_of_the_pen_is_refused_in_words(self, change, sentence):
        with pytest.raises(NoSuchMapping, match=sentence):
            mapping_from(self.TABLE | change)

    def test_is_found_by_path_or_name_or_the_names_there_are_are_told(self, tmp_path):
        (tmp_path / "mine.toml").write_text('what = "cases"\n[columns]\nexternal_id = "No"\n')
        (tmp_path / "broken.toml").write_text("what = ")

        assert load_mapping("mine", folders=[tmp_path]).name == "mine"
        assert load_mapping(tmp_path / "mine.toml").what == "cases"
        with pytest.raises(NoSuchMapping, match=r"“yours”.*broken, mine"):
            load_mapping("yours", folders=[tmp_path])
        with pytest.raises(NoSuchMapping, match=r"broken\.toml"):
            load_mapping("broken", folders=[tmp_path])


class TestTheMappingsThatComeWithUs:
    def test_read_the_chinese_template_with_columns_left_out(self):
        read = load_mapping("cases_zh").bind(["编号", "类型", "标题", "受理时间", "严重程度"])

        row = read(["A1", "投诉", "屏幕闪烁", "2026年3月6日 下午5:00", "紧急"])

        assert (row["kind"], row["severity"], row["phone"]) == ("complaint", "4", None)
        assert row["opened_at"] == datetime(2026, 3, 6, 9, tzinfo=UTC)

    @pytest.mark.skipif(not DATA.exists(), reason="the public data is not beside this checkout")
    def test_read_every_row_of_boston_and_agree_with_its_verdicts(self):
        sheet, mapping = open_sheet(DATA / "complaints_boston311_2011q3.csv.gz"), load_mapping("boston311")
        read = mapping.bind(sheet.columns)
        cases = [read(row.values) for row in sheet.rows()]

        assert mapping.history
        assert len(cases) == 31_828
        targets = [case for case in cases if case["promised_at"]]
        assert sum(case["promised_at"] < case["opened_at"] for case in targets) == 3
        judged = [case for case in cases if case["verdict"]]
        assert len(judged) == 31_745
        for case in judged:
            target, closed = case["promised_at"], case["closed_at"]
            broken = target is not None and (closed is None or closed > target)
            assert case["verdict"] == ("broken" if broken else "kept")

    @pytest.mark.skipif(not DATA.exists(), reason="the public data is not beside this checkout")
    def test_read_every_event_of_volvo(self):
        path = DATA / "tickets_volvo_bpic13_part1.csv.gz"
        sheet = open_sheet(path)
        read = load_mapping("volvo").bind(sheet.columns)
        events = [read(row.values) for row in sheet.rows()]

        with gzip.open(path) as file:
            assert len(events) == sum(1 for _ in file) - 1 == 42_605
        assert not any(isinstance(event, Fault) for event in events)
        assert len({event["external_id"] for event in events}) == 3_777
