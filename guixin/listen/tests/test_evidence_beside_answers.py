"""What our records say beside the answers: the five gaps, what leaving the short plank costs, low or not noticed. Worked by hand."""

from contextlib import suppress
from datetime import timedelta

import pytest

from guixin.listen import counting, evidence, resampling, taking_in, waves
from guixin.listen.evidence_words import belief_words, gap_words, leaving_words, noticed_words, time_words
from guixin.listen.leaving import leaving
from guixin.listen.models import Wave
from guixin.listen.noticing import noticed, told
from guixin.listen.standards_behind import Behind, standards_behind
from guixin.listen.taking_in import Given
from guixin.listen.tests.make import NOON, chen, he, published
from guixin.organisation.tests import make as firm
from guixin.promise.blueprints import define, publish_drawing
from guixin.promise.drawing import Drawing
from guixin.promise.models import Clock, Extension
from guixin.serve import deciding
from guixin.serve.models import Case, Goodwill
from guixin.serve.tests import make
from guixin.understand.models import Customer, Purchase

DB = pytest.mark.django_db
ASKS = {
    "questions": [
        {"code": "reply", "label": "按时答复", "moment": "call:e1", "low": 1, "high": 7},
        {"code": "reply-hoped", "label": "按时答复", "expectation_of": "reply", "low": 1, "high": 7},
        {"code": "polite", "label": "有礼貌", "low": 1, "high": 7},
        {"code": "polite-hoped", "label": "有礼貌", "expectation_of": "polite", "low": 1, "high": 7},
        {"code": "overall", "label": "总体", "reads_as": "csat"},
    ]
}
LONG_AGO = NOON - timedelta(days=100)


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    monkeypatch.setattr(resampling, "DRAWS", 20)


def drawn() -> None:
    """A reply within its time is promised at this moment of truth."""
    make.standards()
    drawing = Drawing().with_step("答复").with_element(
        lane="onstage", step="s1", name="正式答复", is_moment=True, standards=["reply"]
    )  # fmt: skip
    publish_drawing(define("call", name="来电"), drawing, by=None, now=NOON)


def wave(code: str = "march", **said) -> Wave:
    asked = Wave.objects.first()
    questionnaire = asked.version.questionnaire if asked else published(ASKS).questionnaire
    return waves.open_wave(questionnaire, name=code, code=code, owner=chen(), by=he(), now=LONG_AGO, **said)


def take(of: Wave, rows, at=LONG_AGO) -> Wave:
    """rows   (answers, customer id, case id)"""
    given = [
        Given(n, {code: str(v) for code, v in said.items()}, str(n), customer, case, at)
        for n, (said, customer, case) in enumerate(rows, 1)
    ]
    taking_in.take_in(of, given, source="file", by=he(), now=NOON)
    while counting.count_next(NOON):
        pass
    of.refresh_from_db()
    return of


def cases(number: int, broken: int) -> list[Case]:
    """So many complaints of a customer each, in so many of which the promised reply came too late; judged before LONG_AGO."""
    drawn()
    version = make.standards()["reply"]
    first = make.case(now=LONG_AGO - timedelta(days=9))
    calendar = Clock.objects.filter(case_id=first.pk).first().calendar
    made = []
    for n in range(number):
        somebody = Customer.objects.create(name=f"客户{n}", created_at=NOON)
        one = Case.objects.get(pk=first.pk)
        one.pk, one.number, one.customer, one._state.adding = None, f"1999-{n:06d}", somebody, True
        one.save(force_insert=True)
        due = LONG_AGO - timedelta(days=5)
        is_late = n < broken
        Clock.objects.create(
            about_kind="case", about_id=one.pk, case_id=one.pk, measure="reply", version=version, calendar=calendar,
            department=one.department, started_at=due - timedelta(days=1), budget=timedelta(days=1), due_at=due,
            state="missed" if is_late else "met", breached_at=due if is_late else None,
            stopped_at=due + timedelta(days=1 if is_late else 0),
        )  # fmt: skip
        made.append(one)
    Clock.objects.filter(case_id=first.pk).delete()
    return made


class TestLowOrNotNoticed:
    def test_is_an_exact_test_against_an_even_split(self):
        found, chance = told({(True, True): 12, (True, False): 3, (False, True): 5, (False, False): 1})
        assert (found["low"], found["kept"], found["judged"]) == (15, 12, 21)
        assert found["share"] == pytest.approx([0.8, 0.5481, 0.9295], abs=1e-4)  # Wilson
        assert chance == pytest.approx(1152 / 32768)  # 2 (1 + 15 + 105 + 455) / 2^15
        assert found["difference"] is None  # four were broken

    def test_compares_broken_with_kept(self):
        found, _chance = told({(True, True): 4, (False, True): 16, (True, False): 15, (False, False): 5})
        assert found["difference"][0] == pytest.approx(0.55)
        assert found["difference"][1] > 0

    @DB
    def test_is_told_case_by_case_as_the_customer_knew_it(self):
        made = cases(40, broken=20)
        of = wave()
        low, well = {"reply": 2, "reply-hoped": 6}, {"reply": 6, "reply-hoped": 6}
        # All whose reply was late and two of the others are dissatisfied.
        take(of, [(low if n < 22 else well, each.customer_id, each.pk) for n, each in enumerate(made)])

        (one,) = noticed(of, of.version.sheet, standards_behind(of.version.sheet))
        assert (one["low"], one["kept"], one["judged"], one["verdict"]) == (22, 2, 40, "really_low")
        assert one["difference"][0] == pytest.approx(0.9)  # 20 of 20 less 2 of 20

        Clock.objects.filter(state="missed").update(breached_at=NOON)  # after they had answered
        (one,) = noticed(of, of.version.sheet, standards_behind(of.version.sheet))
        assert (one["low"], one["verdict"]) == (2, "thin")


@DB
class TestLeavingTheShortPlank:
    def rows(self):
        made = cases(80, broken=30)
        for n, each in enumerate(made):
            buy(each.customer_id, LONG_AGO - timedelta(days=10), 1_000, "EUR" if n == 0 else "CNY")
            if n >= 40 or n < 10:
                buy(each.customer_id, LONG_AGO + timedelta(days=10), 500)
        return [
            ({"reply": 2 if n < 40 else 7, "reply-hoped": 6}, each.customer_id, each.pk)
            for n, each in enumerate(made)
        ]

    def test_adds_up_what_is_on_record(self):
        of = take(wave(), self.rows())
        firm.spending_table()
        for each in Case.objects.filter(number__in=["1999-000001", "1999-000002"]):
            goodwill(each, 20)
        behind = standards_behind(of.version.sheet)["reply"]

        found = leaving(of, of.version.sheet, "reply", behind, LONG_AGO - timedelta(days=90), LONG_AGO, NOON)
        assert (found["customers"], found["others"]) == (40, 40)
        assert found["bought"] == [["CNY", 39_000, 39], ["EUR", 1_000, 1]]
        assert found["complaints"] == {"by": "moment", "n": 30, "paid": [["CNY", 4_000, 2]]}
        again = found["again"]
        assert (again["share"][0], again["other_share"][0]) == (0.25, 1)  # 10 of 40, 40 of 40
        assert again["difference"][0] == pytest.approx(-0.75)
        assert again["difference"][2] < 0
        words = " ".join(leaving_words(found))
        assert "40 customers are dissatisfied with it" in words
        assert "not that it is its cause" in words

    def test_says_when_there_is_too_little(self):
        of = take(wave(), self.rows()[30:50])
        found = leaving(of, of.version.sheet, "reply", Behind(), LONG_AGO, NOON, NOON)
        assert found["again"] == {"days": 90, "n": 10, "others": 10, "why": "few", "least": 30}
        assert "not enough to tell" in " ".join(leaving_words(found))

    def test_of_an_anonymous_wave_knows_no_customer(self):
        of = take(wave(is_anonymous=True), self.rows()[30:50])
        found = leaving(of, of.version.sheet, "reply", Behind(), LONG_AGO, NOON, NOON)
        assert found["why"] == "anonymous"
        assert "customers" not in found


def buy(customer_id: int, at, amount: int, currency: str = "CNY") -> None:
    key = f"{customer_id}-{at:%j}-{amount}"
    Purchase.objects.create(
        customer_id=customer_id, bought_at=at, amount=amount, currency=currency, order_key=key, line_key=key,
        source="books", landed_at=NOON,
    )  # fmt: skip


def goodwill(case: Case, yuan: int) -> None:
    made = deciding.promise_goodwill(case, yuan * 100, "CNY", reason="赔礼", by=make.wang(), now=NOON)
    assert made.state == Goodwill.State.PROMISED


@DB
class TestFiveGaps:
    def test_are_told_from_the_survey_and_the_records(self):
        made = cases(20, broken=5)
        of = wave()
        said = {"reply": 4, "reply-hoped": 6, "polite": 6, "polite-hoped": 5}
        take(
            of,
            [(said | {"reply-hoped": 5 + n % 3}, each.customer_id, each.pk) for n, each in enumerate(made)],
        )
        ours = wave("ours", is_of_our_people=True)
        take(ours, [({"reply-hoped": 3 + n % 3, "polite-hoped": 5}, None, None) for n in range(6)])
        late = Clock.objects.filter(state="met").first()
        Extension.objects.create(
            clock=late, case_id=late.case_id, asked_by=chen(), asked_at=LONG_AGO, reason="等零件", authority=chen(),
            old_due_at=late.stopped_at - timedelta(hours=1), wanted_until=late.stopped_at, state="granted",
            decided_by=chen(), decided_at=LONG_AGO, new_due_at=late.stopped_at,
        )  # fmt: skip
        assert evidence.count_next(NOON)
        while evidence.count_next(NOON):
            pass
        of.refresh_from_db()
        found = of.evidence["gaps"]

        # Customers expect (6 + 5) / 2 on average, less a little; managers (4 + 5) / 2.
        assert (found["1"]["wave"], found["1"]["n"], found["1"]["ours"]) == ("ours", 20, 6)
        assert found["1"]["difference"][0] == pytest.approx(4.5 - (5.95 + 5) / 2)
        assert found["2"] == {"asked": 2, "with_standard": 1, "without": ["polite"], "times": []}
        assert (found["3"]["n"], found["3"]["did"]) == (20, 15)
        assert (found["4"]["n"], found["4"]["did"]) == (20, 14)  # one only after more time was granted
        assert found["5"]["n"] == 20
        assert found["5"]["mean"][0] == pytest.approx((4 - 5.95 + 1) / 2)
        assert found["5"]["split"] == [13, 7, 0]  # 5, 6, 7 expected of the reply: 0, -1/2, -1
        reply, polite = found["questions"]
        assert reply["belief"]["difference"][0] == pytest.approx(4 - 5.95)
        assert reply["gap"]["mean"][0] == pytest.approx(-1.95)
        assert (reply["promises"]["kept"], polite["promises"]) == (15, None)
        assert ours.evidence is None or ours.evidence["gaps"] is None
        assert "managers" in belief_words(found["1"])

    def test_say_why_they_cannot_be_told(self):
        of = take(wave(), [({"polite": 3, "polite-hoped": 5, "overall": 4}, None, None)] * 3)
        found = evidence.count(of, NOON)["gaps"]
        assert [found[each].get("why") for each in "12345"] == [
            "no_wave", None, "no_standard", "no_standard", "few",
        ]  # fmt: skip
        assert gap_words("1", found["1"]).startswith("Cannot be told:")
        assert gap_words("5", found["5"]) == "Cannot be told: 0 complete responses, and it takes 10."

    def test_hold_the_time_that_is_promised_against_the_time_that_is_expected(self):
        made = cases(20, broken=5)  # a day is promised, by the clock
        soon = {
            "code": "soon", "label": "多久内答复才满意", "kind": "choice", "choices": ["当天", "一天", "三天"],
            "standard": "reply", "choice_hours": [4, 24, 72],
        }  # fmt: skip
        asked = published({"questions": [*ASKS["questions"], soon]}).questionnaire
        of = waves.open_wave(asked, name="march", code="march", owner=chen(), by=he(), now=LONG_AGO)
        said = ["当天"] * 8 + ["一天"] * 8 + ["三天"] * 4
        take(of, [({"soon": one}, each.customer_id, each.pk) for one, each in zip(said, made, strict=True)])
        take(
            wave("ours", is_of_our_people=True),
            [({"soon": one}, None, None) for one in said[6:10] + said[-2:]],
        )
        found = evidence.count(of, NOON)["gaps"]
        (told,) = found["2"]["times"]
        assert told["sooner"] == pytest.approx([0.4, 0.2188, 0.6134], abs=1e-4)  # Wilson
        assert (told["promised"], told["promises"], told["expected"], told["ours"]) == (24, 20, 24, [2, 6])
        assert "sooner than the 24 hours" in time_words(told, "")

        Clock.objects.update(was_paused=True)
        (told,) = evidence.count(of, NOON)["gaps"]["2"]["times"]
        assert (told["why"], told["promises"]) == ("few_promises", 0)
        assert "cannot be held against the standard" in time_words(told, "")

    def test_of_our_own_people_are_no_wave_before(self):
        take(wave("ours", is_of_our_people=True), [({"reply": 3, "reply-hoped": 5}, None, None)] * 12)
        of = take(wave(), [({"reply": 3, "reply-hoped": 5}, None, None)] * 12)
        assert "change" not in of.figures


def test_words_of_what_is_thin():
    found, _chance = told({(True, True): 3})
    assert noticed_words(found | {"verdict": "thin"}).startswith("Cannot be told:")


@DB
class TestAWaveWhoseCountFails:
    def waiting(self, monkeypatch, module) -> list[str]:
        """Which waves were counted by a worker that looks six times; the first of them cannot be."""
        of = [take(wave(code), [({"polite": 3}, None, None)] * 3) for code in ("one", "two")]
        Wave.objects.update(answers_seen=99, evidence_at=None)
        tried, real = list[str](), module.count

        def count(one, *now):
            tried.append(one.code)
            if one.pk == of[0].pk:
                raise ValueError("as it happens")
            return real(one, *now)

        monkeypatch.setattr(module, "count", count)
        for minutes in range(1, 7):
            with suppress(ValueError):
                module.count_next(NOON + timedelta(minutes=minutes))
        return tried

    def test_is_tried_again_after_a_day_and_holds_up_no_other(self, monkeypatch):
        assert self.waiting(monkeypatch, evidence) == ["one", "two"]
        with pytest.raises(ValueError, match="as it happens"):
            evidence.count_next(NOON + timedelta(days=2))

    def test_comes_after_those_whose_answers_changed(self, monkeypatch):
        tried = self.waiting(monkeypatch, counting)
        assert tried[:2] == ["one", "two"]
        assert set(tried[2:]) == {"one"}  # again and again, since nothing else waits
