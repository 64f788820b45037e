"""What is promised to customers has a kind and a day they had it, and agrees with the authority used to the cent."""

import csv
import io
from datetime import date, timedelta

import pytest

from guixin.channels import compensation_sheet
from guixin.ledger.models import Entry
from guixin.organisation import in_force
from guixin.organisation.authority import NoAuthorityFor
from guixin.organisation.models import Position, Post, Use
from guixin.organisation.tests import make as firm
from guixin.organisation.tests.make import line
from guixin.promise import authorising
from guixin.promise.authorising import CannotDecide, SayWhy
from guixin.recover import compensation
from guixin.recover.wanted import CannotChoose, Wanted
from guixin.serve import deciding, stakes
from guixin.serve.deciding import CannotPromise
from guixin.serve.models import CaseLink, Goodwill
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON
from guixin.understand.models import Purchase

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    firm.spending_table(line("goodwill", 1, 9_000, currency="USD"))
    return make.case()


def promise(case, amount: int, kind: str = "refund", currency: str = "CNY", reason: str = "赔礼") -> Goodwill:
    return deciding.promise_goodwill(
        case, amount, currency, reason=reason, by=make.wang(), now=NOON, kind=kind
    )


def hand_over(goodwill, day=None, reference="PAY-1", now=NOON):
    return deciding.hand_goodwill_over(goodwill, day or now.date(), reference, by=make.he(), now=now)


class TestPromising:
    def test_counts_every_kind_together_so_that_none_is_another_limit(self, case):
        assert promise(case, 15_000, "refund").state == Goodwill.State.PROMISED
        assert promise(case, 5_001, "gift").state == Goodwill.State.ASKED

    def test_asks_the_line_of_its_kind_where_the_table_has_one(self, case):
        firm.spending_table(line("refund", 3, 1_000))
        with pytest.raises(NoAuthorityFor):
            promise(case, 100, "refund")
        assert promise(case, 100, "gift").use.decision == "goodwill"


class TestThePriceOfWhatWentWrong:
    """Agents may promise 200 yuan, supervisors 1,000, heads 5,000, the general manager anything."""

    def stated(self, case, amount: int, currency: str = "CNY", order: str = ""):
        return stakes.state_price(case, amount, currency, order=order, by=make.wang(), now=NOON)

    def test_is_promised_freely_up_to_it_and_above_it_by_the_next_authority(self, case):
        self.stated(case, 10_000)
        assert promise(case, 10_000).state == Goodwill.State.PROMISED

        above = promise(case, 1, "gift")

        assert above.state == "asked"
        assert above.request.to_person != make.wang()
        authorising.approve(above.request, by=above.request.to_person, now=NOON)
        above.refresh_from_db()
        assert above.state == "promised"

    def test_is_not_got_round_by_splitting_the_sum_or_the_case(self, case):
        self.stated(case, 10_000)
        assert promise(case, 6_000).state == "promised"
        assert promise(case, 4_000, "credit").state == "promised"
        assert promise(case, 500, "gift").state == "asked"
        other = make.case(subject="分开的一件")
        CaseLink.objects.create(case=other, other=case, kind="split", made_at=NOON)
        self.stated(other, 10_000)
        assert promise(other, 500).state == "asked"

    def test_goes_to_the_highest_above_one_and_a_half_times_who_says_why(self, case):
        self.stated(case, 10_000)

        far = promise(case, 15_001)

        highest = far.request.to_person
        assert in_force.standings(highest.pk, "goodwill", "CNY", NOON)[0].grant.unlimited
        with pytest.raises(CannotDecide):
            authorising.approve(far.request, by=make.he(), now=NOON, note="可以")
        with pytest.raises(SayWhy, match="one and a half times"):
            authorising.approve(far.request, by=highest, now=NOON)
        authorising.approve(far.request, by=highest, now=NOON, note="停线一周")
        far.refresh_from_db()
        assert far.state == "promised"

    def test_in_another_currency_is_for_the_next_authority(self, case):
        self.stated(case, 10_000, "USD")
        assert promise(case, 100).state == "asked"

    def test_of_an_order_is_what_was_paid_for_it(self, case):
        Purchase.objects.create(
            customer=case.customer, kind="sale", bought_at=NOON, quantity=1, amount=30_000, currency="CNY", order_key="D-7",
            line_key="D-7", source="test", landed_at=NOON,
        )  # fmt: skip
        assert self.stated(case, None, "", "D-7").amount == 30_000
        with pytest.raises(stakes.CannotState, match="came to"):
            self.stated(case, 30_001, "CNY", "D-7")
        with pytest.raises(stakes.CannotState, match="no order"):
            self.stated(case, None, "", "D-8")

    def test_stands_in_the_ledger_with_what_it_was(self, case):
        self.stated(case, 10_000)
        self.stated(case, 20_000)
        said = [entry.in_words() for entry in Entry.objects.filter(kind="serve.price_stated").order_by("pk")]
        assert said[0] == "The price of what went wrong: CN¥100.00"
        assert "instead of CN¥100.00" in said[1]


class TestHandingOver:
    def test_is_written_down_with_day_and_number_on_a_closed_case_too(self, case):
        closed = make.answered_case(subject="另一件")
        goodwill = promise(closed, 5_000)
        type(closed).objects.filter(pk=closed.pk).update(state="closed", closed_at=NOON)
        given = hand_over(goodwill, reference=" PAY-9 ")
        assert (given.state, given.reference, given.given_by) == ("given", "PAY-9", make.he())

    def test_is_refused_twice_before_the_promise_and_in_days_to_come(self, case):
        goodwill = promise(case, 5_000)
        for day in (NOON.date() - timedelta(days=1), NOON.date() + timedelta(days=1)):
            with pytest.raises(CannotPromise, match="between"):
                hand_over(goodwill, day)
        with pytest.raises(CannotPromise, match="number of the payment"):
            hand_over(goodwill, reference=" ")
        hand_over(goodwill)
        with pytest.raises(CannotPromise, match="already"):
            hand_over(goodwill)
        with pytest.raises(CannotPromise, match="has it already"):
            deciding.take_goodwill_back(goodwill, by=make.wang(), now=NOON)


class TestTheSums:
    def test_stand_by_currency_and_are_never_added_together(self, case):
        hand_over(promise(case, 12_345))
        promise(case, 655)
        promise(case, 99_900)  # above the limit: asked for
        promise(make.case(subject="出口"), 8_001, currency="USD")
        deciding.take_goodwill_back(promise(make.case(subject="撤"), 500), by=make.wang(), now=NOON)

        cny, usd = compensation.totals(compensation.chosen(make.he(), Wanted()))

        assert (cny.currency, cny.number, cny.asked, cny.promised, cny.given) == (
            "CNY",
            4,
            99_900,
            655,
            12_345,
        )
        assert (usd.currency, usd.in_all) == ("USD", 8_001)
        assert [(each.currency, each.promised, each.agrees) for each in compensation.balances()] == [
            ("CNY", 13_000, True), ("USD", 8_001, True),
        ]  # fmt: skip
        assert compensation.mismatches() == []

    def test_name_what_does_not_agree(self, case):
        changed, lost = promise(case, 1_000), promise(case, 2_000)
        Use.objects.filter(pk=changed.use_id).update(amount=999)
        Goodwill.objects.filter(pk=lost.pk).update(state="withdrawn")

        first, second = compensation.mismatches()

        assert (first.goodwill, second.use.pk) == (changed, lost.use_id)
        assert not compensation.balances()[0].agrees

    def test_can_be_narrowed(self, case):
        refund, gift = promise(case, 100), promise(case, 200, "gift")
        day = NOON.date()

        def found(**wanted):
            return set(compensation.chosen(make.he(), Wanted(**wanted)))

        assert found(kind="gift") == {gift}
        assert found(first=day, last=day) == {refund, gift}
        assert found(first=day + timedelta(days=1)) == set()
        assert found(department_id=make.logistics().pk) == set()


class TestWhoSeesThem:
    def test_is_whoever_sees_the_case_and_finance(self, case):
        promise(case, 100)
        finance = make.jiang()
        assert not Goodwill.objects.visible_to(finance).exists()
        chair = Position.objects.create(
            department=make.after_sales(), code="pay", title="出纳", rank=1, sees="own", duties=["finance"]
        )
        Post.objects.create(person=finance, position=chair, since=firm.SINCE, is_main=False)
        assert Goodwill.objects.visible_to(finance).exists()
        assert compensation.sees_all(finance)


class TestTheFileForFinance:
    def test_holds_the_rows_and_the_totals_and_nothing_that_runs(self, case):
        hand_over(promise(case, 12_345, reason="=1+1"))
        promise(case, 655)

        with compensation_sheet.write(Wanted(), "csv", by=make.he(), now=NOON) as made:
            lines = list(csv.reader(io.TextIOWrapper(made, "utf-8-sig")))

        assert [row[6] for row in lines[1:3]] == ["123.45", "6.55"]
        assert lines[1][7] == "'=1+1"
        assert [(row[0], row[5], row[6]) for row in lines[3:]] == [
            ("Total", "CNY", "6.55"), ("Total", "CNY", "123.45"),
        ]  # fmt: skip

    def test_comes_as_excel_too(self, case):
        from python_calamine import CalamineWorkbook

        promise(case, 655)
        with compensation_sheet.write(Wanted(), "xlsx", by=make.he(), now=NOON) as made:
            rows = CalamineWorkbook.from_filelike(io.BytesIO(made.read())).get_sheet_by_index(0).to_python()
        assert [row[6] for row in rows[1:]] == [6.55, 6.55, 0.0]


class TestWhatIsWanted:
    def test_is_read_from_an_address_and_written_as_one(self):
        said = {"state": "promised", "department": "7", "currency": "cny", "from": "2026-03-01", "after": "x"}
        wanted = Wanted.read(said)
        assert wanted == Wanted("promised", "", 7, "CNY", date(2026, 3, 1))
        assert wanted.as_address() == "state=promised&department=7&currency=CNY&from=2026-03-01"

    def test_that_means_nothing_chooses_nothing_away_unless_it_is_read_strictly(self):
        assert Wanted.read({"state": "nonsense", "kind": "", "from": "soon", "department": "x"}) == Wanted()
        with pytest.raises(CannotChoose, match="none of"):
            Wanted.read({"state": "nonsense"}, strictly=True)
