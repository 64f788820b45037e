"""A file of answers to a price study: told from its headings, bad rows named by line, read twice and landed once."""

from io import BytesIO

import pytest
from django.utils import translation
from django.utils.translation import gettext as _

from guixin.channels.importing import jobs, run_next_import
from guixin.channels.importing.columns import preview, what_it_holds
from guixin.channels.importing.template import template
from guixin.channels.models import Import, ImportedLine
from guixin.channels.sheets import open_sheet
from guixin.organisation.tests.make import chen, he
from guixin.understand import pricing
from guixin.understand.models import PriceAnswer
from guixin.understand.tests import make
from guixin.understand.tests.make import NOON

pytestmark = pytest.mark.django_db
HEAD = "编号,太便宜,便宜,贵,太贵,便宜价购买意愿,贵价购买意愿,币种,电话\n"
CSV = HEAD + (
    '1,50,80,120,"1,500.50",5,3,,138 0013 8000\n'
    "2,150,80,120,50,,,,\n"  # upside down: kept
    "3,五十,80,120,150,,,,\n"
    "4,50,80,120,150,,,USD,\n"
    "1,50,80,120,140,,,,\n"  # the respondent of line 2 again
    "5,50,80,120,150,肯定会买,不一定,人民币,13900000000\n"  # nobody we know
    "6,50,,120,150,,,,\n"
    "7,50,80,120,150,9,1,,\n"
)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def study():
    return pricing.begin("taps", name="龙头价格", owner=chen(), by=he(), now=NOON)


def left(text: str = CSV, source: str = "taps") -> Import:
    return jobs.leave(BytesIO(text.encode()), "答案.csv", "", by=he(), now=NOON, source=source)


def taken(run: Import, *, dry_run: bool = False) -> Import:
    jobs.start(run, dry_run=dry_run)
    assert run_next_import(NOON)
    run.refresh_from_db()
    return run


class TestAFileOfAnswers:
    def test_ties_no_customer_its_sender_may_not_see(self, study):
        make.customer()
        run = jobs.leave(BytesIO(CSV.encode()), "答案.csv", "", by=chen(), now=NOON, source="taps")

        taken(run)
        assert ImportedLine.objects.get(run=run, line=2).reason == "customer_unknown"
        assert not PriceAnswer.objects.exclude(customer=None).exists()

    def test_is_told_from_its_headings(self):
        assert what_it_holds(HEAD.strip().split(",")) == "prices"
        assert what_it_holds(["too cheap", "cheap", "expensive", "too expensive"]) == "prices"
        assert what_it_holds(["订单号", "日期", "价格", "数量"]) == "purchases"

    def test_lands_what_can_land_and_names_the_rest_by_line_and_reason(self, study):
        zhang = make.customer()
        run = taken(left())

        assert {(each.line, each.reason, each.landed) for each in ImportedLine.objects.filter(run=run)} == {
            (3, "out_of_order", True), (4, "bad_price", False), (5, "other_currency", False), (6, "duplicate", False),
            (7, "customer_unknown", True), (8, "bad_cheap", False), (9, "bad_buys_cheap", False),
        }  # fmt: skip
        assert (run.landed, run.rejected, run.faults) == (3, 5, 2)
        first, upside_down, last = PriceAnswer.objects.order_by("pk")
        assert first.prices == (5000, 8000, 12000, 150050)
        assert (first.customer_id, first.buys_cheap, first.buys_expensive) == (zhang.pk, 5, 3)
        assert not upside_down.is_consistent
        assert (last.customer_id, last.buys_cheap, last.buys_expensive) == (None, 5, 3)

    def test_read_again_adds_nothing(self, study):
        taken(left())
        again = taken(left())

        assert (again.landed, again.already) == (0, 3)
        assert PriceAnswer.objects.count() == 3

    def test_without_numbers_keeps_two_people_who_say_the_same_and_adds_nothing_again(self, study):
        text = "太便宜,便宜,贵,太贵\n" + "50,80,120,150\n" * 3

        assert taken(left(text)).landed == 3
        assert taken(left(text)).already == 3

    def test_only_tried_keeps_nothing(self, study):
        run = taken(left(), dry_run=True)

        assert run.landed == 3
        assert not PriceAnswer.objects.exists()

    def test_of_a_study_that_is_closed_or_unknown_fails_in_words(self, study):
        pricing.close(study, by=chen(), now=NOON)
        closed, unknown = taken(left()), taken(left(source="none"))

        assert (closed.state, unknown.state) == ("failed", "failed")
        with translation.override(he().language):  # whoever sent the file reads why
            assert closed.problem == _("The study is closed; it takes no more answers.")
            assert unknown.problem == _("Say to which price study these answers belong.")

    def test_shows_what_is_wrong_before_it_is_taken_in(self, study):
        rows = preview(
            open_sheet(BytesIO(CSV.encode())), "prices", jobs.chosen_columns(left()), source="taps"
        )

        assert [bool(row.problem) for row in rows] == [False, True, True, True, False, False, True, True]

    def test_has_a_template(self):
        assert template("prices")[:2] == b"PK"
