"""What leaves the house as a file: what one may see, masked, inert, told to the ledger, and the same when it comes back."""

import csv
import io
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied

from guixin.channels.exporting import writing
from guixin.channels.exporting.nouns import NOUNS, Reader
from guixin.channels.importing import jobs, run_next_import
from guixin.channels.models import Import
from guixin.channels.sheets import open_sheet
from guixin.ledger.models import Entry
from guixin.serve.models import Case
from guixin.serve.tests import make
from guixin.understand.models import Customer, Identity, Purchase

pytestmark = pytest.mark.django_db
NOON = make.NOON
ID_CARD = "110101199003078812"  # eighteen digits; the numbers of Excel end at fifteen
STORY = '第一行\n第二行，"引号"；表情😀👨‍👩‍👧\n=1+1'
FORMULAS = ["=1+1", "+86 138", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0"]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def customer(name: str = "张三", phone: str = "0571-88001234", number: str = ID_CARD) -> Customer:
    identities = [("phone", phone), ("email", "zhang.san@example.com"), ("other", number)]
    return Customer.objects.for_intake("person", name, identities, NOON)[0]


def exported(noun: str, form: str = "xlsx", *, in_full: bool = True) -> bytes:
    with writing.export(noun, form, by=make.he(), now=NOON, in_full=in_full, reason="客户要求迁移") as file:
        return file.read()


def lines(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def taken_in(raw: bytes, form: str, what: str) -> Import:
    run = jobs.leave(io.BytesIO(raw), f"back.{form}", what, by=make.he(), now=NOON)
    jobs.start(run, dry_run=False)
    assert run_next_import(NOON)
    run.refresh_from_db()
    return run


class TestAnExport:
    @pytest.mark.parametrize("noun", NOUNS)
    def test_of_each_noun_is_a_table_with_a_heading(self, noun):
        make.firm()
        [headings, *_rows] = lines(exported(noun, "csv"))

        assert len(set(headings)) == len(headings)
        assert all(headings)

    def test_is_masked_unless_for_a_reason_and_told_to_the_ledger(self):
        customer()
        masked = exported("customers", "csv", in_full=False).decode()
        assert "张三" not in masked
        assert ID_CARD not in masked
        with pytest.raises(writing.CannotExport):
            writing.export("customers", "csv", by=make.he(), now=NOON, in_full=True)
        exported("customers")

        first, second = Entry.objects.filter(kind="channels.data_exported").order_by("id")
        assert (first.facts["in_full"], first.facts["rows"]) == (False, 1)
        assert (second.facts["in_full"], second.facts["form"], second.actor_id) == (
            True,
            "xlsx",
            make.he().pk,
        )

    def test_is_not_for_everybody(self):
        with pytest.raises(PermissionDenied):
            writing.export("cases", "csv", by=make.wang(), now=NOON)
        assert not Entry.objects.filter(kind="channels.data_exported").exists()

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_runs_nothing_in_a_spreadsheet(self, form):
        for at, subject in enumerate(FORMULAS):
            make.case(subject=subject, customer=customer(phone=f"0571-8800123{at}", number=f"0000{at}"))
        raw = exported("cases", form)

        if form == "csv":
            assert not [cell for row in lines(raw) for cell in row if cell[:1] in set("=+-@\t\r")]
        else:
            sheet = ZipFile(io.BytesIO(raw)).read("xl/worksheets/sheet1.xml").decode()
            assert "<f>" not in sheet
            assert sheet.count("<c ") == sheet.count('t="inlineStr"') + sheet.count('t="s"')


class TestTheRoundTrip:
    """Out and in again, in an empty house: the same to the last digit."""

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_of_customers_is_exact(self, form):
        customer(), customer("=李四", "+86 139 0013 9000", "007")
        before = sorted(Identity.objects.values_list("kind", "normal", "raw"))
        names = sorted(Customer.objects.values_list("name", flat=True))
        raw = exported("customers", form)
        Identity.objects.all().delete()
        Customer.objects.all().delete()
        run = taken_in(raw, form, "customers")

        assert (run.landed, run.rejected) == (2, 0)
        assert sorted(Customer.objects.values_list("name", flat=True)) == names
        assert sorted(Identity.objects.values_list("kind", "normal", "raw")) == before
        assert ID_CARD in {raw for _kind, _normal, raw in before}
        assert "007" in {r for _k, _n, r in before}

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_of_cases_keeps_line_breaks_emoji_and_leading_zeros(self, form):
        case = make.case(subject="=灯不亮", story=STORY, severity=3, kind="suggestion", channel="chat")
        raw = exported("cases", form)
        Case.objects.filter(pk=case.pk).update(number="gone")
        run = taken_in(raw, form, "cases")

        assert (run.landed, run.rejected) == (1, 0)
        again = Case.objects.exclude(pk=case.pk).get()
        assert (again.subject, again.story, again.severity, again.kind, again.channel, again.category) == (
            "=灯不亮", STORY, 3, "suggestion", "chat", "quality",
        )  # fmt: skip
        assert again.customer == case.customer

    def test_of_cases_tells_the_orders_they_are_about(self):
        customer = make.customer()
        make.purchase(customer, "D-1001"), make.purchase(customer, "D-1002")
        case = make.case(story="订单D-1001、D-1002")
        row = NOUNS["cases"].row(case, Reader(make.wang()))
        assert row["orders"] == "D-1001 · D-1002"

    def test_of_purchases_adds_nothing_the_second_time(self):
        text = f"订单号,购买时间,客户编号,产品编码,数量,金额\n000123,2026-03-02 10:00,{ID_CARD},00042,1.5,99.90\n"
        assert taken_in(text.encode(), "csv", "purchases").landed == 1
        before = Purchase.objects.values(
            "order_key", "line_key", "amount", "quantity", "bought_at", "product__code"
        )
        [first] = before
        raw = exported("purchases", "csv")
        sheet = open_sheet(io.BytesIO(exported("purchases", "xlsx")))
        assert "000123" in next(iter(sheet.rows())).values
        Purchase.objects.all().delete()
        assert taken_in(raw, "csv", "purchases").landed == 1

        [again] = before.all()
        assert again == first
