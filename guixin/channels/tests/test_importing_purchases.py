"""Taking in files of purchases: a million lines are a handful of statements, and each of them counts once."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from guixin.channels.importing import jobs, run_import, run_next_import
from guixin.channels.importing.columns import guess, preview, what_it_holds
from guixin.channels.importing.purchases import PurchaseRows
from guixin.channels.importing.running import outcomes
from guixin.channels.importing.template import template
from guixin.channels.models import Import
from guixin.channels.sheets import load_mapping
from guixin.channels.sheets.mapping import mapping_from
from guixin.ledger.clock import database_now
from guixin.ledger.models import Entry
from guixin.serve.tests import make
from guixin.understand import merging, taking_in_purchases
from guixin.understand.models import Customer, Identity, Product, Purchase
from guixin.understand.tests import make as buyers

pytestmark = pytest.mark.django_db

SHOP = {
    "what": "purchases",
    "timezone": "Asia/Shanghai",
    "cancellation_prefix": "C",
    "negative": "correction",
    "columns": {
        "order": "order", "bought_at": "at", "customer_number": "customer", "product": "code", "product_name": "name",
        "quantity": "qty", "unit_price": "price", "currency": {"column": "currency", "optional": True},
        "line": {"column": "line", "optional": True}, "takes_back": {"column": "of", "optional": True},
        "kind": {"column": "kind", "optional": True},
    },
}  # fmt: skip
HEADING = "order,at,customer,code,name,qty,price"
ZIP = "1001,2026-03-02 10:00,17850.0,85123A,拉链,6,2.55"


def shop(tmp_path: Path, *lines: str, heading: str = HEADING, name: str = "shop.csv") -> Path:
    path = tmp_path / name
    path.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
    return path


def take(path: Path, **options) -> Import:
    return run_import(path, mapping_from(SHOP, "shop"), **options)


def numbers(run: Import) -> tuple[int, int, int, int]:
    return run.landed, run.already, run.faults, run.rejected


class TestALineOfAnOrder:
    def test_lands_with_its_customer_product_and_sum(self, tmp_path):
        run = take(shop(tmp_path, ZIP))

        bought = Purchase.objects.select_related("product", "customer").get()
        assert numbers(run) == (1, 0, 0, 0)
        assert (bought.product.code, bought.product.name) == ("85123A", "拉链")
        assert (bought.amount, bought.currency, bought.quantity, bought.kind) == (1530, "CNY", 6, "sale")
        assert bought.bought_at == datetime(2026, 3, 2, 2, tzinfo=UTC)
        assert Identity.objects.get(customer=bought.customer).normal == "17850"

    def test_goes_to_the_customer_who_holds_the_number(self, tmp_path):
        known = buyers.customer("青岛海风电器有限公司", ("other", "17850"), kind="company")

        take(shop(tmp_path, ZIP))

        assert Purchase.objects.get().customer == known
        assert Customer.objects.count() == 1

    def test_of_a_merged_customer_goes_to_the_one_that_remains(self, tmp_path):
        gone, kept = buyers.customer("张三", ("other", "17850")), buyers.customer("张三丰", ("other", "9"))
        merging.merge(gone, kept, by=make.wang(), now=database_now())

        take(shop(tmp_path, ZIP))

        assert Purchase.objects.get().customer == kept

    def test_without_a_customer_lands_and_is_counted(self, tmp_path):
        run = take(shop(tmp_path, ZIP, "1002,2026-03-02 10:00,,85123A,拉链,6,2.55"))

        assert numbers(run) == (2, 0, 0, 0)
        assert run.figures["without_customer"] == 1

    def test_whose_number_two_customers_hold_lands_without_one(self, tmp_path):
        buyers.customer("张三", ("other", "17850"))
        buyers.customer("李四", ("other", "17850"))

        run = take(shop(tmp_path, ZIP))

        assert numbers(run) == (1, 0, 1, 0)
        assert run.lines.get().reason == "whose_number"
        assert Purchase.objects.get().customer is None

    def test_names_one_product_whatever_the_case_of_its_code(self, tmp_path):
        others = [
            f"100{n},2026-03-02 10:00,1,85123a,{name},1,2" for n, name in enumerate(["?", "拉链", "拉链"])
        ]

        take(shop(tmp_path, ZIP, *others))

        assert Product.objects.get().name == "拉链"

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("1,2999-01-01 10:00,1,A,a,1,2", "in_the_future"),
            ("1,1900-01-01 00:00,1,A,a,1,2", "too_early"),
            ("1,yesterday,1,A,a,1,2", "bad_bought_at"),
            ("1,2026-03-02 10:00,1,A,a,1,", "no_amount"),
            ("1,2026-03-02 10:00,1,A,a,many,2", "bad_number"),
            ("1,2026-03-02 10:00,1,A,a,1,1e14", "bad_number"),
            (",2026-03-02 10:00,1,A,a,1,2", "bad_order"),
            ("1,2026-03-02 10:00,1,A,a,1", "too_few_columns"),
        ],
    )
    def test_that_cannot_be_is_rejected_with_its_reason(self, tmp_path, line, reason):
        run = take(shop(tmp_path, line, ZIP))

        assert numbers(run) == (1, 0, 0, 1)
        assert (run.lines.get().line, run.lines.get().reason) == (2, reason)

    def test_at_the_price_of_zero_lands_and_is_reported(self, tmp_path):
        run = take(shop(tmp_path, "1,2026-03-02 10:00,1,A,a,1,0"))

        assert numbers(run) == (1, 0, 1, 0)
        assert run.lines.get().reason == "no_value"


class TestTheTableOfPurchases:
    def test_takes_no_line_of_a_customer_who_is_not_there(self):
        with pytest.raises(IntegrityError, match="not there"), transaction.atomic():
            self.line(customer_id=404)

    def test_keeps_the_customer_and_the_product_it_names(self):
        who = Customer.objects.create(name="张三", created_at=database_now())
        what = Product.objects.create(code="A", added_at=database_now())
        self.line(customer_id=who.pk, product_id=what.pk)

        for table, pk in (("customer", who.pk), ("product", what.pk)):
            with pytest.raises(IntegrityError, match="still named"), transaction.atomic():
                self.delete(table, pk)

    def delete(self, table: str, pk: int) -> None:
        """Past everything Django asks first."""
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM understand_{table} WHERE id = %s", [pk])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def line(self, **of: int) -> None:
        Purchase.objects.create(
            **of, bought_at=database_now(), amount=1, currency="CNY", order_key="1", line_key="1", source="shop",
            landed_at=database_now(),
        )  # fmt: skip


class TestWhatComesBack:
    def test_is_a_cancellation_by_the_beginning_of_its_order(self, tmp_path):
        take(shop(tmp_path, ZIP, "C1002,2026-03-03 10:00,17850,85123A,拉链,-6,2.55"))

        back = Purchase.objects.get(kind="cancellation")
        assert (back.amount, back.takes_back.order_key) == (-1530, "1001")

    def test_is_a_return_where_the_source_marks_none(self, tmp_path):
        mapping = mapping_from({**SHOP, "cancellation_prefix": "", "negative": "return"}, "shop")

        run_import(shop(tmp_path, "1,2026-03-02 10:00,1,A,a,-1,2"), mapping)

        assert Purchase.objects.get().kind == "return"

    def test_is_a_correction_when_negative_in_a_source_that_marks_its_returns(self, tmp_path):
        run = take(shop(tmp_path, "1,2026-03-02 10:00,,A,a,-5,0"))

        assert (Purchase.objects.get().kind, run.lines.get().reason) == ("correction", "negative_unmarked")

    def test_is_tied_to_the_order_it_names(self, tmp_path):
        lines = [
            "1001,2026-03-01 10:00,1,A,a,2,5,",
            "1002,2026-03-02 10:00,1,A,a,2,5,",
            "C3,2026-03-03 10:00,1,A,a,2,5,1001",
        ]

        run = take(shop(tmp_path, *lines, heading=f"{HEADING},of"))

        assert Purchase.objects.get(order_key="C3").takes_back.order_key == "1001"
        assert run.figures["tied"] == 1

    def test_is_tied_to_no_purchase_that_was_smaller_or_later(self, tmp_path):
        lines = [
            "1,2026-03-01 10:00,1,A,a,1,5",
            "3,2026-03-09 10:00,1,A,a,9,5",
            "C3,2026-03-03 10:00,1,A,a,-2,5",
        ]

        take(shop(tmp_path, *lines))

        assert Purchase.objects.get(order_key="C3").takes_back is None

    def test_marked_as_a_purchase_and_negative_is_rejected(self, tmp_path):
        run = take(shop(tmp_path, "1,2026-03-02 10:00,1,A,a,-1,2,sale", heading=f"{HEADING},kind"))

        assert run.lines.get().reason == "negative_sale"


class TestTheSameLine:
    def test_twice_in_an_order_is_two_lines_and_twice_the_file_is_not(self, tmp_path):
        path = shop(tmp_path, ZIP, ZIP, ZIP.replace("1001", "1002"))

        first, again = take(path), take(path)

        assert (numbers(first), numbers(again)) == ((3, 0, 0, 0), (0, 3, 0, 0))

    def test_in_a_longer_file_adds_what_is_new_only(self, tmp_path):
        take(shop(tmp_path, ZIP, ZIP))

        longer = take(shop(tmp_path, ZIP.replace("1001", "999"), ZIP, ZIP, ZIP))

        assert numbers(longer) == (2, 2, 0, 0)

    def test_counts_those_before_it_whether_they_have_a_key_or_not(self, tmp_path):
        heading = f"{HEADING},line"

        run = take(shop(tmp_path, f"{ZIP},L1", f"{ZIP},", f"{ZIP},", heading=heading))

        keys = Purchase.objects.values_list("line_key", flat=True)
        assert (numbers(run), {key[-2:] for key in keys}) == ((3, 0, 0, 0), {"L1", "-2", "-3"})

    def test_under_its_own_key_is_known_and_said_otherwise_is_refused(self, tmp_path):
        heading = f"{HEADING},line"
        take(shop(tmp_path, f"{ZIP},L1", f"{ZIP},L2", heading=heading))

        again = take(shop(tmp_path, f"{ZIP},L1", f"{ZIP.replace('2.55', '9')},L2", heading=heading))

        assert numbers(again) == (0, 1, 0, 1)
        assert again.lines.get().reason == "said_otherwise"
        assert Purchase.objects.get(line_key="L2").amount == 1530


class TestAnImportOfPurchases:
    def test_says_once_in_the_ledger_what_landed(self, tmp_path):
        path = shop(tmp_path, ZIP, ZIP)

        run = take(path)
        take(path)

        entry = Entry.objects.get(kind="understand.purchases_taken_in")
        assert (entry.about_id, entry.facts) == (
            run.pk,
            {"lines": 2, "source": "shop", "without_customer": 0},
        )

    def test_tried_only_counts_and_keeps_nothing(self, tmp_path):
        run = take(shop(tmp_path, ZIP, "1,yesterday,1,A,a,1,2"), dry_run=True)

        assert numbers(run) == (1, 0, 0, 1)
        assert not Purchase.objects.exists()
        assert not Customer.objects.exists()
        assert not taking_in_purchases.aside(run.pk)

    def test_interrupted_goes_on_where_it_stopped(self, tmp_path, monkeypatch):
        monkeypatch.setattr(PurchaseRows, "chunk", 2)
        path = shop(tmp_path, ZIP, "bad,line", ZIP, ZIP, ZIP)
        run = self.interrupted(path, monkeypatch)
        assert run.line == 3

        run_import(path, mapping_from(SHOP, "shop"), run=run)

        assert numbers(run) == (4, 0, 0, 1)
        assert Purchase.objects.count() == 4

    def test_whose_lines_aside_a_power_cut_took_begins_again(self, tmp_path, monkeypatch):
        monkeypatch.setattr(PurchaseRows, "chunk", 2)
        path = shop(tmp_path, ZIP, "bad,line", ZIP, ZIP, ZIP)
        run = self.interrupted(path, monkeypatch)
        taking_in_purchases.forget(run.pk)

        run_import(path, mapping_from(SHOP, "shop"), run=run)

        assert numbers(run) == (4, 0, 0, 1)

    def interrupted(self, path: Path, monkeypatch) -> Import:
        settle, left = PurchaseRows.settle, [1]

        def dying(rows, *arguments):
            if not left:
                raise KeyboardInterrupt
            left.pop()
            return settle(rows, *arguments)

        with monkeypatch.context() as patch:
            patch.setattr(PurchaseRows, "settle", dying)
            with pytest.raises(KeyboardInterrupt):
                take(path)
        return Import.objects.get()

    def test_reads_columns_set_apart_by_blanks_without_a_heading(self, tmp_path):
        path = tmp_path / "cds.txt.gz"
        path.write_bytes(
            gzip.compress(b" 00004 0001 19970101  2   29.33\r\n 00004 0001 19970101  2   29.33\r\n")
        )

        run = run_import(path, load_mapping("cdnow"))

        assert numbers(run) == (2, 0, 0, 0)
        assert {(p.amount, p.currency, p.order_key) for p in Purchase.objects.all()} == {
            (2933, "USD", "00004/19970101")
        }
        assert Identity.objects.get().normal == "00004"

    def test_on_the_page_is_told_from_its_headings_and_run_by_a_worker(self, tmp_path):
        path = shop(tmp_path, "1,2026-03-02 10:00,张三,A,3,9,购买", "2,2026-03-02 10:00,张三,A,3,9,没有",
                    heading="订单号,下单时间,姓名,产品编码,数量,单价,类型")  # fmt: skip
        with path.open("rb") as file:
            run = jobs.leave(file, path.name, "", by=make.wang(), now=database_now())
        jobs.start(run, dry_run=False)

        assert run_next_import(database_now())

        run.refresh_from_db()
        assert what_it_holds(["订单号", "姓名", "电话"]) == "customers"
        assert (run.what, numbers(run)) == ("purchases", (1, 0, 0, 1))
        assert "没有" in outcomes(run)[3][1]
        assert jobs.result_file(run).read_text("utf-8-sig").count("\n") == 3

    def test_shows_its_first_rows_judged(self, tmp_path):
        from guixin.channels.sheets import open_sheet

        sheet = open_sheet(shop(tmp_path, ZIP, "1,2999-03-02,1,A,a,1,2"))
        chosen = guess("purchases", sheet.columns) | {"bought_at": "at"}

        rows = preview(sheet, "purchases", chosen)

        assert [bool(row.problem) for row in rows] == [False, True]
        assert not Purchase.objects.exists()

    def test_has_a_workbook_to_fill_in(self):
        assert template("purchases").startswith(b"PK")
