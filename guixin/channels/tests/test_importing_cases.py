"""Taking in files of cases: good rows land, bad ones are named, nothing lands twice."""

import gzip
import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from guixin.channels.importing import CannotImport, jobs, run_import, run_next_import
from guixin.channels.importing.running import outcomes
from guixin.channels.models import Import, ImportedLine
from guixin.channels.sheets import load_mapping
from guixin.channels.sheets.mapping import mapping_from
from guixin.ledger.clock import database_now
from guixin.promise.models import Clock, Measure
from guixin.serve.models import Case, Task, Term
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db

PAST = {
    "what": "cases",
    "history": True,
    "timezone": "Asia/Shanghai",
    "columns": {
        "external_id": "no",
        "subject": "title",
        "department": {"column": "dept", "optional": True},
        "opened_at": "opened",
        "promised_at": "promised",
        "closed_at": "closed",
        "verdict": {"column": "verdict", "values": {"OK": "kept", "LATE": "broken"}, "optional": True},
    },
}
HEADING = "no,title,dept,opened,promised,closed,verdict\n"


def past(tmp_path: Path, *lines: str, name: str = "past.csv") -> Path:
    path = tmp_path / name
    path.write_text(HEADING + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def take(path: Path, mapping=None, **options) -> Import:
    return run_import(path, mapping or mapping_from(PAST, "past"), **options)


def numbers(run: Import) -> tuple[int, int, int, int]:
    return run.landed, run.already, run.faults, run.rejected


class TestAPastCase:
    def test_brings_its_category_along(self, tmp_path):
        columns = {**PAST["columns"], "category": "dept"}
        path = past(tmp_path, "1,kept,屏幕/花屏,2026-03-04 09:00,2026-03-05 09:00,2026-03-05 09:00,OK")

        assert numbers(take(path, mapping_from({**PAST, "columns": columns}, "past"))) == (1, 0, 0, 0)
        assert Term.objects.get(list=Term.List.CATEGORY, code="屏幕/花屏").name == "花屏"

    def test_is_judged_by_its_own_times(self, tmp_path):
        path = past(
            tmp_path,
            "1,kept,质量部,2026-03-04 09:00,2026-03-05 09:00,2026-03-05 09:00,OK",
            "2,late,质量部,2026-03-04 09:00,2026-03-05 09:00,2026-03-05 09:01,LATE",
            "3,still open,质量部,2026-03-04 09:00,2026-03-05 09:00,,LATE",
            "4,no promise,质量部,2026-03-04 09:00,,2026-03-09 09:00,OK",
        )

        run = take(path)

        assert numbers(run) == (4, 0, 0, 0)
        states = dict(Clock.objects.values_list("case_id", "state"))
        by_key = {case.external_id: states.get(case.pk) for case in Case.objects.all()}
        assert by_key == {"1": "met", "2": "missed", "3": "running", "4": None}
        assert run.figures == {"verdicts_given": 4, "verdicts_agree": 4}

    def test_that_is_open_and_late_tells_nobody_years_afterwards(self, tmp_path):
        take(past(tmp_path, "1,open,,2011-07-01 09:00,2011-07-02 09:00,,"))

        clock = Clock.objects.get()
        assert clock.is_breached
        assert clock.next_at is None

    def test_with_a_promise_before_its_opening_lands_and_is_reported(self, tmp_path):
        run = take(past(tmp_path, "1,odd,,2026-03-04 09:00,2026-03-03 09:00,2026-03-05 09:00,"))

        assert numbers(run) == (1, 0, 1, 0)
        assert ImportedLine.objects.get().reason == "promise_before_opening"
        assert not Clock.objects.exists()

    def test_is_never_taken_twice(self, tmp_path):
        path = past(
            tmp_path, "1,a,,2026-03-04 09:00,,,", "1,a,,2026-03-04 09:00,,,", "2,b,,2026-03-04 09:00,,,"
        )

        assert numbers(take(path)) == (2, 1, 0, 0)
        assert numbers(take(path)) == (0, 3, 0, 0)
        assert Case.objects.count() == 2

    def test_without_a_firm_finds_an_owner_all_the_same(self, tmp_path):
        take(past(tmp_path, "1,a,新部门,2026-03-04 09:00,,,"))

        case = Case.objects.get()
        assert case.owner.login == "admin"
        assert case.department.name == "新部门"

    def test_keeps_its_customer(self, tmp_path):
        columns = {**PAST["columns"], "customer_name": "who", "phone": "tel"}
        mapping = mapping_from({**PAST, "columns": columns}, "past")
        path = tmp_path / "people.csv"
        path.write_text(
            HEADING.strip()
            + ",who,tel\n1,a,,2026-03-04 09:00,,,,王小明,13800001111\n2,b,,2026-03-04 09:00,,,,,\n",
            encoding="utf-8",
        )

        take(path, mapping)

        assert [case.customer and case.customer.name for case in Case.objects.order_by("pk")] == [
            "王小明",
            None,
        ]


class TestANewCase:
    def mapping(self):
        return load_mapping("cases_zh")

    def sheet(self, tmp_path, *lines: str) -> Path:
        path = tmp_path / "新.csv"
        path.write_text(
            "编号,类型,标题,姓名,电话,部门,严重程度\n" + "\n".join(lines) + "\n", encoding="gb18030"
        )
        return path

    def test_comes_in_through_the_front_door(self, tmp_path):
        make.standards()
        run = take(self.sheet(tmp_path, "A1,投诉,拉链褪色,王小明,13800001111,质量部,高"), self.mapping())

        case = Case.objects.get()
        assert numbers(run) == (1, 0, 0, 0)
        assert (case.severity, case.customer.name) == (3, "王小明")
        assert Task.objects.get(case=case).department.name == "质量部"
        assert Clock.objects.of("case", case.pk).filter(measure=Measure.RESOLVE).exists()

    def test_for_an_unknown_department_is_rejected_by_line_and_reason(self, tmp_path):
        make.standards()
        run = take(
            self.sheet(
                tmp_path,
                "A1,投诉,好的,王小明,13800001111,质量部,高",
                "A2,投诉,坏的,李四,13800002222,火星部,高",
                "A3,投诉,坏的,李四,13800002222,质量部,十级",
            ),
            self.mapping(),
        )

        assert numbers(run) == (1, 0, 0, 2)
        assert [(r.line, r.reason) for r in ImportedLine.objects.order_by("line")] == [
            (3, "unknown_department"),
            (4, "bad_severity"),
        ]


class TestAnImport:
    def test_lands_the_good_rows_around_an_unclosed_quote(self, tmp_path):
        run = take(
            past(
                tmp_path,
                "1,a,,2026-03-04 09:00,,,",
                '2,"never closed,,2026-03-04 09:00,,,',
                "3,c,,2026-03-04 09:00,,,",
            )
        )

        assert numbers(run) == (2, 0, 0, 1)
        assert outcomes(run)[3][1]

    def test_can_be_rehearsed(self, tmp_path):
        run = take(past(tmp_path, "1,a,,2026-03-04 09:00,,,", "2,b,,not a time,,,"), dry_run=True)

        assert numbers(run) == (1, 0, 0, 1)
        assert not Case.objects.exists()

    def test_of_a_file_without_the_columns_says_which(self, tmp_path):
        path = tmp_path / "other.csv"
        path.write_text("a,b\n1,2\n")

        with pytest.raises(CannotImport, match="title"):
            take(path)

        assert Import.objects.get().state == Import.State.FAILED

    def test_of_a_file_that_ends_too_early_keeps_what_came_and_says_so(self, tmp_path):
        whole = gzip.compress(
            (HEADING + "".join(f"{n},a,,2026-03-04 09:00,,,\n" for n in range(20_000))).encode()
        )
        path = tmp_path / "cut.csv.gz"
        path.write_bytes(whole[: len(whole) // 2])

        with pytest.raises(CannotImport):
            take(path)

        run = Import.objects.get()
        assert run.state == Import.State.FAILED
        assert run.problem
        assert run.landed == Case.objects.count()

    def test_of_a_missing_file_is_refused_in_words(self, tmp_path):
        with pytest.raises(CommandError):
            call_command("import", "cases", str(tmp_path / "none.csv"), mapping="boston311")

    def test_gives_the_file_back_with_the_outcome_of_each_row(self, tmp_path):
        path = past(tmp_path, "1,a,,2026-03-04 09:00,,,", "2,b,,not a time,,,")
        mapping = tmp_path / "mine.toml"
        mapping.write_text(
            'what = "cases"\nhistory = true\n[columns]\nexternal_id = "no"\nsubject = "title"\nopened_at = "opened"\n'
        )

        call_command(
            "import",
            "cases",
            str(path),
            mapping=str(mapping),
            result=str(tmp_path / "r.csv"),
            stdout=io.StringIO(),
        )

        lines = (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()
        assert lines[0].endswith("结果,错误原因")
        assert "已导入" in lines[1]
        assert "opened_at" in lines[2]


class TestAFileLeftWithUs:
    @pytest.fixture(autouse=True)
    def _files(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path / "files"

    def leave(self, **options) -> Import:
        text = "编号,标题\nA1,拉链坏了\nA2,又坏了\n"
        return jobs.receive(
            io.BytesIO(text.encode()), "../../evil.csv", "cases_zh", by=None, now=database_now(), **options
        )

    def test_is_kept_and_taken_in_by_a_worker(self):
        make.standards()
        run = self.leave()

        assert run.file_name == "evil.csv"
        assert jobs.stored_file(run).exists()
        assert run_next_import(database_now())
        run.refresh_from_db()
        assert (run.state, run.landed) == (Import.State.DONE, 2)
        assert not run_next_import(database_now())

    def test_is_resumed_after_its_worker_died(self):
        make.standards()
        run = self.leave()
        Import.objects.filter(pk=run.pk).update(state=Import.State.RUNNING, line=2, landed=1)

        assert run_next_import(database_now())

        run.refresh_from_db()
        assert (run.state, run.landed) == (Import.State.DONE, 2)
        assert list(Case.objects.values_list("external_id", flat=True)) == ["A2"]
