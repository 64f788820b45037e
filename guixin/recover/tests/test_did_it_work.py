"""What followed recoveries is counted beside comparable cases and customers: one of each, told apart by hand."""

from datetime import timedelta

import pytest

from guixin.listen import waves
from guixin.listen.models import Answer, Question, Response
from guixin.listen.tests import make as listen
from guixin.recover import comparing, effect
from guixin.recover.models import EffectCount, Recovery
from guixin.serve.models import Closing, FollowUp
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON
from guixin.understand.models import Purchase

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LONG_AGO = NOON - 120 * DAY


@pytest.fixture(autouse=True)
def _few_are_enough(monkeypatch):
    monkeypatch.setattr(comparing, "LEAST", 1)


def complaint(name: str, *, severity: int = 3, recovered: str = "", at=LONG_AGO):
    case = make.case(customer=make.customer(name, f"139{ord(name):08}"), severity=severity, subject=name)
    Closing.objects.create(case=case, generation=1, at=at)
    if recovered:
        Recovery.objects.create(
            case=case, state=recovered, fault="ours", severity=severity, holder=make.wang(), by=make.wang(),
            begun_at=at, ended_at=at + DAY, end_note="完",
        )  # fmt: skip
    return case


def says(case, outcome: str, after) -> None:
    done = FollowUp.objects.filter(case=case).count() + 1
    FollowUp.objects.create(
        case=case, generation=done, state="done", outcome=outcome, planned_for=after, done_at=after, holder=make.wang()
    )  # fmt: skip


def buys(customer, at, amount: int = 10_000) -> None:
    key = f"{customer.pk}-{at:%Y%m%d}"
    Purchase.objects.create(
        customer=customer, bought_at=at, amount=amount, currency="CNY", order_key=key, line_key=key, source="books",
        landed_at=NOON,
    )  # fmt: skip


class TestSatisfactionAfterRecovery:
    def test_counts_the_first_word_after_it_by_severity(self):
        recovered, without = complaint("甲", recovered="finished"), complaint("乙")
        says(recovered, "dissatisfied", LONG_AGO + DAY / 2)  # before the recovery was finished
        says(recovered, "satisfied", LONG_AGO + 2 * DAY)
        says(without, "dissatisfied", LONG_AGO + 2 * DAY)
        says(without, "satisfied", LONG_AGO + 9 * DAY)
        says(complaint("丙", recovered="dropped"), "satisfied", LONG_AGO + 2 * DAY)  # of neither group
        says(complaint("丁", severity=1), "satisfied", LONG_AGO + 2 * DAY)  # nobody recovered is like it

        said = effect.figures(NOON, 90)["satisfaction"]["follow_up"]

        assert (said["all"]["share"][0], said["all"]["other_share"][0]) == (1, 0)
        assert (said["all"]["number"], said["all"]["other"]) == (1, 1)
        assert said["severities"][0]["without"][:2] == [1, 1]

    def test_reads_surveys_by_what_was_asked_of_us(self):
        wave = waves.open_wave(
            listen.published().questionnaire,
            code="w",
            name="w",
            owner=listen.chen(),
            by=listen.he(),
            now=NOON,
        )
        overall = Question.objects.get(code="overall")
        for name, recovered, value in (("甲", "finished", overall.high - 1), ("乙", "", overall.low + 1)):
            case = complaint(name, recovered=recovered)
            answered = Response.objects.create(
                wave=wave, key=name, case=case, source="link", begun_at=NOON, completed_at=LONG_AGO + 5 * DAY
            )
            Answer.objects.create(response=answered, question=overall, value=value)

        said = effect.figures(NOON, 90)["satisfaction"]["survey"]["all"]

        assert (said["share"][0], said["other_share"][0]) == (1, 0)


class TestBuyingAgain:
    def test_compares_who_bought_alike_before(self):
        recovered, without = complaint("甲", recovered="finished"), complaint("乙")
        never, other = make.customer("戊", "13700000001"), make.customer("己", "13700000002")
        for customer in (recovered.customer, without.customer, never):
            buys(customer, LONG_AGO - 100 * DAY)
        buys(recovered.customer, LONG_AGO + 80 * DAY)
        buys(without.customer, LONG_AGO + 91 * DAY)  # too late to count
        for month in range(5):
            buys(other, LONG_AGO - (20 + month * 30) * DAY, 90_000)  # bought more often: not comparable

        again = effect.figures(NOON, 90)["again"]

        assert (again["without"]["share"][0], again["without"]["other_share"][0]) == (1, 0)
        assert (again["never"]["number"], again["never"]["other"], again["never"]["other_share"][0]) == (
            1,
            1,
            0,
        )


class TestCounting:
    def test_is_done_once_a_day_and_when_asked_for(self):
        assert effect.count_next(NOON)
        assert not effect.count_next(NOON)
        asked = effect.ask(NOON)
        assert effect.ask(NOON) == asked
        assert effect.count_next(NOON)
        assert effect.count_next(NOON + 2 * DAY)
        assert EffectCount.objects.exclude(counted_at=None).count() == 3
        assert effect.latest().figures["again"]["never"]["verdict"] == "too_few"
        assert effect.latest().figures["follow_ups"] is None
