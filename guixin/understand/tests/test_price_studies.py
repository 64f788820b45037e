"""A price study: begun, answered, struck out, closed; what it found and how many that rests on."""

from datetime import date
from decimal import Decimal

import pytest

from guixin.ledger.models import Entry
from guixin.organisation.tests.make import chen, he, wang, zhao
from guixin.understand import merging, price_intervals, pricing, taking_in_prices
from guixin.understand.models import PriceAnswer, PriceStudy
from guixin.understand.price_questions import question
from guixin.understand.price_results import results
from guixin.understand.pricing import CannotStudy, NotPossibleNow
from guixin.understand.taking_in_prices import Given
from guixin.understand.tests import make
from guixin.understand.tests.make import NOON

pytestmark = pytest.mark.django_db
IN_ORDER, UPSIDE_DOWN = (5000, 8000, 12000, 15000), (15000, 8000, 12000, 5000)


def begun(code="taps", **said) -> PriceStudy:
    return pricing.begin(code, **{"name": "龙头价格", "owner": chen(), "by": he(), "now": NOON, **said})


def given(line=1, prices=IN_ORDER, **more) -> Given:
    return Given(line, prices, **more)


def taken(study, *answers):
    return taking_in_prices.take_in(study, answers, source="api", by=wang(), now=NOON)


def many(number: int) -> list[Given]:
    return [
        given(n, (4000 + 100 * n, 5000 + 100 * n, 6000 + 100 * n, 7000 + 100 * n), respondent=str(n))
        for n in range(1, number + 1)
    ]


class TestBeginningAStudy:
    def test_needs_a_name_and_a_currency_that_exists(self):
        with pytest.raises(CannotStudy, match="name of at most"):
            begun(name=" ")
        with pytest.raises(CannotStudy, match="no currency"):
            begun(currency="XXX")

    def test_does_not_end_before_it_begins(self):
        with pytest.raises(CannotStudy, match="before it begins"):
            begun(begins_on=date(2026, 3, 5), ends_on=date(2026, 3, 4))

    def test_asks_the_usual_questions_in_both_languages_or_its_own(self):
        study = begun(product="厨房龙头", wording={"cheap": {"zh": "多少钱算便宜？", "en": " "}})

        assert question(study, "too_cheap", "zh-hans").startswith("厨房龙头的价格")
        assert question(study, "cheap", "zh-hans") == "多少钱算便宜？"
        assert "a bargain" in question(study, "cheap", "en")

    def test_is_seen_by_its_owner_and_those_who_see_every_customer(self):
        begun(owner=zhao())

        assert PriceStudy.objects.visible_to(zhao()).exists()
        assert PriceStudy.objects.visible_to(wang()).exists()
        assert not PriceStudy.objects.visible_to(chen()).exists()


class TestChangingAStudy:
    def test_keeps_what_the_answers_rest_on(self):
        study = begun()
        taken(study, given())

        pricing.change(study, {"line": "龙头"}, by=chen(), now=NOON)
        with pytest.raises(NotPossibleNow, match="answers already"):
            pricing.change(study, {"currency": "USD"}, by=chen(), now=NOON)
        with pytest.raises(NotPossibleNow, match="answers already"):
            pricing.change(study, {"wording": {"cheap": {"zh": "？", "en": ""}}}, by=chen(), now=NOON)

    def test_that_is_closed_takes_no_answers_until_it_is_reopened(self):
        study = begun()
        pricing.close(study, by=chen(), now=NOON)
        with pytest.raises(NotPossibleNow, match="closed"):
            taken(study, given())

        pricing.reopen(study, by=chen(), now=NOON)
        assert taken(study, given()).landed == 1


class TestAnswers:
    def test_land_once_however_often_they_come(self):
        study = begun()
        answers = [given(1), given(2), given(3, respondent="7")]

        assert taken(study, *answers).landed == 3  # two people who say the same are two
        again = taken(study, *answers)
        assert (again.landed, again.already, again.rejected) == (0, 3, 0)

    def test_of_one_respondent_that_differ_are_named(self):
        study = begun()
        other = (5000, 8000, 12000, 16000)
        done = taken(study, given(1, respondent="7"), given(2, other, respondent="7"))
        later = taken(study, given(9, other, respondent="7"))

        assert [(d.line, d.reason) for d in done.doubts] == [(2, "duplicate")]
        assert "line 1" in done.doubts[0].sentence
        assert later.doubts[0].reason == "answered_otherwise"

    def test_that_are_not_in_order_are_kept_and_shown_and_not_counted(self):
        study = begun()
        done = taken(study, given(1), given(2, UPSIDE_DOWN))

        assert (done.landed, done.rejected) == (2, 0)
        assert [(d.line, d.reason, d.landed) for d in done.doubts] == [(2, "out_of_order", True)]
        found = results(study)
        assert (found.given, found.used, found.inconsistent) == (2, 1, 1)
        assert study.answers.inconsistent().get().prices == UPSIDE_DOWN

    @pytest.mark.parametrize(
        ("wrong", "reason"),
        [
            ({"prices": (-1, 1, 2, 3)}, "bad_price"),
            ({"prices": (1, 2, 3, 10**14)}, "bad_price"),
            ({"buys_cheap": 6, "buys_expensive": 1}, "bad_likelihood"),
            ({"buys_cheap": 3}, "half_a_likelihood"),
            ({"respondent": "x" * 101}, "bad_respondent"),
        ],
    )
    def test_that_cannot_be_are_rejected_by_line(self, wrong, reason):
        done = taken(begun(), given(4, **wrong))

        assert [(d.line, d.reason, d.landed) for d in done.doubts] == [(4, reason, False)]
        assert not PriceAnswer.objects.exists()

    def test_are_one_a_customer(self):
        study, zhang = begun(), make.customer()
        taken(study, given(1, customer_id=zhang.pk))
        done = taken(study, given(1, (1, 2, 3, 4), customer_id=zhang.pk))

        assert done.doubts[0].reason == "customer_twice"
        assert Entry.objects.filter(kind="understand.price_answer_noted", about_id=zhang.pk).count() == 1

    def test_typed_in_are_refused_in_words(self):
        study, zhang = begun(), make.customer()
        taking_in_prices.note(study, given(customer_id=zhang.pk), by=wang(), now=NOON)
        taking_in_prices.note(study, given(), by=wang(), now=NOON)
        taking_in_prices.note(study, given(), by=wang(), now=NOON)
        with pytest.raises(CannotStudy, match="answered already"):
            taking_in_prices.note(study, given(customer_id=zhang.pk), by=wang(), now=NOON)

        assert study.answers.count() == 3

    def test_follow_their_customer_and_go_back(self):
        zhang, li = make.customer(), make.customer("李四", ("phone", "13900139000"))
        study, other = begun(), begun("pans")
        taken(study, given(1, customer_id=zhang.pk))
        taken(other, given(1, customer_id=zhang.pk), given(2, customer_id=li.pk))

        merge = merging.merge(zhang, li, by=he(), now=NOON)
        assert set(study.answers.values_list("customer_id", flat=True)) == {li.pk}
        assert sorted(other.answers.values_list("customer_id", flat=True)) == sorted([zhang.pk, li.pk])

        merging.undo(merge, by=he(), now=NOON)
        assert set(study.answers.values_list("customer_id", flat=True)) == {zhang.pk}


class TestStrikingAnAnswerOut:
    def test_needs_a_reason_and_keeps_the_answer(self):
        study = begun()
        (answer,) = taken(study, given()).answers
        with pytest.raises(CannotStudy, match="why"):
            taking_in_prices.strike_out(answer, " ", by=chen(), now=NOON)

        taking_in_prices.strike_out(answer, "填错了", by=chen(), now=NOON)
        taking_in_prices.strike_out(answer, "又一次", by=chen(), now=NOON)

        found = results(study)
        assert (found.given, found.used, found.struck) == (1, 0, 1)
        assert study.answers.get().struck_why == "填错了"
        assert Entry.objects.filter(kind="understand.price_answer_struck_out").count() == 1

    def test_makes_room_for_another_but_not_for_the_same_file_again(self):
        study = begun()
        (answer,) = taken(study, given(1, respondent="7")).answers
        taking_in_prices.strike_out(answer, "填错了", by=chen(), now=NOON)

        assert taken(study, given(1, respondent="7")).already == 1
        assert taken(study, given(1, (1, 2, 3, 4), respondent="7")).landed == 1


class TestWhatAStudyFound:
    def test_says_from_how_many_answers_on(self):
        study = begun()
        assert "0 of at least 10" in results(study).missing()[0]

        taken(study, *many(12))
        found = results(study)
        assert found.points is not None
        assert found.intervals is None
        assert "12 of at least 30" in found.missing()[0]
        assert "0 of at least 10 that say how likely" in found.missing()[1]

    def test_has_intervals_once_a_worker_counted_and_none_when_answers_changed(self):
        study = begun()
        taken(study, *many(40))
        assert results(study).are_intervals_due

        assert price_intervals.count_next(NOON)
        study.refresh_from_db()
        found = results(study)
        low, high = found.intervals["opp"]
        assert low < found.points.opp < high
        assert not price_intervals.count_next(NOON)

        taking_in_prices.strike_out(study.answers.first(), "填错了", by=chen(), now=NOON)
        study.refresh_from_db()
        assert results(study).intervals is None

    def test_has_a_demand_curve_of_those_who_say_how_likely(self):
        study = begun()
        taken(study, *(given(n, buys_cheap=5, buys_expensive=3, respondent=str(n)) for n in range(12)))

        found = results(study).demand
        assert (found.number, found.most_revenue) == (12, 8000)
        assert max(found.buyers) == pytest.approx(0.7)


class TestWhatWasSold:
    def test_gives_an_elasticity_from_five_rows_at_three_prices(self):
        study = begun()
        for day, price in enumerate((800, 900, 1000, 1100, 1200), 1):
            quantity = Decimal(round(5_000_000 * price**-1.5, 3))
            pricing.observe(study, price, quantity, date(2026, 2, day), by=chen(), now=NOON)

        assert results(study).elasticity.value == pytest.approx(-1.5, abs=0.01)

    def test_of_two_prices_has_the_arc_between_them_and_says_what_is_missing(self):
        study = begun()
        pricing.observe(study, 1000, Decimal(100), date(2026, 2, 1), by=chen(), now=NOON)
        pricing.observe(study, 1200, Decimal(80), date(2026, 2, 2), by=chen(), now=NOON)

        found = results(study)
        assert found.arc == pytest.approx(-1.2222, abs=5e-5)
        assert "needs 5 with something sold, at 3 prices" in found.missing()[-1]

    def test_is_one_row_a_day_and_place_and_never_in_the_future(self):
        study = begun()
        row = pricing.observe(study, 1000, Decimal(1), date(2026, 2, 1), place="青岛", by=chen(), now=NOON)
        with pytest.raises(CannotStudy, match="noted already"):
            pricing.observe(study, 1000, Decimal(1), date(2026, 2, 1), place="青岛", by=chen(), now=NOON)
        with pytest.raises(CannotStudy, match="future"):
            pricing.observe(study, 1000, Decimal(1), date(2026, 3, 5), by=chen(), now=NOON)
        with pytest.raises(CannotStudy, match="above zero"):
            pricing.observe(study, 0, Decimal(1), date(2026, 2, 2), by=chen(), now=NOON)

        pricing.forget_observation(row, by=chen(), now=NOON)
        assert not study.observations.exists()
