"""A file of customers left on a page: columns told from headings, bad rows back in the file, repaired once."""

from io import BytesIO
from pathlib import Path

import pytest

from guixin.channels.importing import jobs, run_next_import
from guixin.channels.importing.columns import guess, preview, what_it_holds
from guixin.channels.importing.template import template
from guixin.channels.models import Import
from guixin.channels.sheets import NotASheet, open_sheet
from guixin.serve.tests import make
from guixin.understand import describing
from guixin.understand.models import Customer

pytestmark = pytest.mark.django_db

CSV = "客户名称,手机号码,备注\n张三,138 0013 8000,=1+1\n李四,abc,\n王五,+86 139 0013 9000,\n,13700137000,\n"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def left(text: str = CSV, *, name: str = "客户.csv", what: str = "", **more) -> Import:
    return jobs.leave(BytesIO(text.encode()), name, what, by=make.wang(), now=make.NOON, **more)


def taken(run: Import, *, dry_run: bool = False) -> Import:
    jobs.start(run, dry_run=dry_run)
    assert run_next_import(make.NOON)
    run.refresh_from_db()
    return run


class TestTheColumns:
    def test_are_told_from_the_headings(self):
        assert guess("customers", ["客户名称", "手机号码", "Email", "备注"]) == {
            "customer_name": "客户名称", "phone": "手机号码", "email": "Email",
        }  # fmt: skip

    def test_tell_customers_from_cases(self):
        assert what_it_holds(["姓名", "电话"]) == "customers"
        assert what_it_holds(["编号", "姓名", "电话", "内容"]) == "cases"

    def test_are_remembered_for_the_next_file_like_it(self):
        run = left()
        run.columns["columns"]["organisation"] = {"column": "备注"}
        taken(run)

        assert left().columns["columns"]["organisation"] == {"column": "备注"}

    def test_are_shown_on_the_first_rows_with_what_is_wrong(self):
        sheet = open_sheet(BytesIO(CSV.encode()))

        rows = preview(sheet, "customers", {"customer_name": "客户名称", "phone": "手机号码"})

        assert [bool(row.problem) for row in rows] == [False, True, False, True]
        assert not Customer.objects.exists()


class TestAFileOfCustomers:
    def test_lands_its_good_rows_and_names_the_others(self):
        run = taken(left())

        assert (run.landed, run.already, run.rejected) == (2, 0, 2)

    def test_keeps_nothing_when_only_tried_and_lands_when_meant(self):
        run = taken(left(), dry_run=True)
        assert (run.landed, Customer.objects.count()) == (2, 0)

        jobs.run_again(run, by=make.wang(), now=make.NOON)
        assert run_next_import(make.NOON)
        assert Customer.objects.count() == 2

    def test_comes_back_with_the_outcome_of_each_row_and_no_formula(self):
        out = jobs.result_file(taken(left())).read_text(encoding="utf-8-sig").splitlines()

        assert out[0].count(",") == CSV.splitlines()[0].count(",") + 2
        assert "'=1+1" in out[1]
        assert "abc" in out[2].split(",", 3)[3]

    def test_is_repaired_in_the_result_file_itself(self):
        run = taken(left())
        text = jobs.result_file(run).read_text(encoding="utf-8-sig")

        again = left(text.replace("abc", "13600136000"), name="fixed.csv", repeats=run)

        assert again.state == Import.State.WAITING
        assert run_next_import(make.NOON)
        again.refresh_from_db()
        assert (again.landed, again.already, again.rejected) == (1, 2, 1)
        assert jobs.result_file(again).read_text(encoding="utf-8-sig").splitlines()[0].count(",") == 4

    def test_that_is_no_table_is_refused_and_not_kept(self):
        with pytest.raises(NotASheet):
            jobs.leave(BytesIO(b"%PDF-1.7"), "a.pdf", "", by=make.wang(), now=make.NOON)

        assert not Import.objects.exists()
        assert not any(path.is_file() for path in Path(jobs.settings.MEDIA_ROOT).rglob("*"))


class TestTheTemplate:
    @pytest.mark.parametrize("what", ["cases", "customers"])
    def test_is_understood_by_the_wizard(self, what):
        make.firm()

        headings = open_sheet(BytesIO(template(what))).columns

        assert what_it_holds(headings) == what
        assert set(guess(what, headings)) >= set(dict.fromkeys(["phone", "customer_name"]))


class TestTheFirmsOwnColumns:
    def test_are_told_from_the_headings_and_taken_in(self):
        describing.define("门店数", "number", code="shops", by=None, now=make.NOON)

        run = taken(left("姓名,手机,门店数\n张三,13800138000,3\n李四,13900139000,很多\n"))

        assert (run.landed, run.rejected) == (1, 1)
        assert Customer.objects.get(name="张三").attribute_values.get().value == 3

    def test_change_nothing_that_is_on_record(self):
        describing.define("门店数", "number", code="shops", by=None, now=make.NOON)
        taken(left("姓名,手机,门店数\n张三,13800138000,3\n"))

        taken(left("姓名,手机,门店数\n张三,13800138000,4\n", name="again.csv"))

        assert Customer.objects.get(name="张三").attribute_values.get().value == 3
