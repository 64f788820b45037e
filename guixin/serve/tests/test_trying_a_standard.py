"""A draft of a standard tried on real cases: nothing happens, and every number is right and opens its cases."""

from datetime import timedelta

import pytest

from guixin.ledger.models import Entry
from guixin.promise import publishing
from guixin.promise.keeping import fire_due
from guixin.promise.models import Clock, Escalation
from guixin.serve import simulating
from guixin.serve.models import Simulation
from guixin.serve.replying import reply
from guixin.serve.tests import make
from guixin.serve.waiting import customer_answered, wait_for_customer

pytestmark = pytest.mark.django_db
LATER = make.at("12:00", 30)


def answered(hours: int, **more):
    """A case whose customer had the reply so many hours after noon."""
    case = make.case(departments=[make.quality().pk], **more)
    fire_due(make.NOON + timedelta(hours=hours))
    reply(case, "换一台", by=make.wang(), now=make.NOON + timedelta(hours=hours))
    return case


def tried(minutes: int, code: str = "reply", **terms) -> tuple[Simulation, simulating.Figures]:
    version = make.standards()[code]
    draft = publishing.terms_of(version) | {"budget_minutes": minutes} | terms
    run = simulating.begin(
        version.standard.measure, draft, standard=version.standard, by=make.sun(), now=LATER
    )
    return run, simulating.figures(run)[0]


class TestTryingAStandard:
    def test_says_which_promises_would_have_been_late(self):
        quick, slow = answered(2), answered(10, customer=None)

        run, found = tried(8 * 60)

        assert (run.state, run.cases, run.promises) == ("done", 2, 2)
        assert (found.changed, found.late_then, found.late_now, found.newly_late) == (2, 0, 1, 1)
        assert [row.case for row in simulating.rows_of(run, "newly_late")] == [slow]
        assert {row.case for row in simulating.rows_of(run, "changed")} == {quick, slow}
        assert found.median_shift == timedelta(hours=-16)

    def test_changes_nothing(self):
        case = answered(10)
        before = (Entry.objects.count(), list(Clock.objects.order_by("pk").values()))

        tried(60)

        assert (Entry.objects.count(), list(Clock.objects.order_by("pk").values())) == before
        assert publishing.in_force(make.standards()["reply"].standard).number == 1
        assert case.is_open

    def test_climbs_the_ladder_as_running_clocks_do(self):
        """The independent witness: the same terms really promised, and the steps the worker took."""
        terms = {"budget_minutes": 8 * 60, "ladder_minutes": [60, 240], "repeat_minutes": 120}
        answered(41)
        _run, found = tried(8 * 60, ladder_minutes=[60, 240], repeat_minutes=120)

        publishing.publish_terms(
            make.standards()["reply"].standard,
            publishing.terms_of(make.standards()["reply"]) | terms,
            by=None,
            now=make.NOON,
        )
        answered(41, customer=None)
        clock = Clock.objects.filter(measure="reply").order_by("-pk")[0]
        real = Escalation.objects.filter(clock=clock)

        assert found.late_now == 1
        assert {level: now for level, _then, now in found.levels} == {1: 1, 2: 1, 3: 1}
        assert real.filter(level__gte=1, round=0).count() == 3
        assert found.again_now == real.filter(round__gt=0).count() > 5
        assert found.reminders_now == real.filter(level=0).count() == 1

    def test_agrees_with_what_happened_when_the_terms_are_those_in_force(self):
        answered(2), answered(30, customer=None)

        _run, found = tried(24 * 60)

        assert (found.late_then, found.late_now, found.newly_late, found.spared) == (1, 1, 0, 0)
        assert (found.earlier, found.later, found.median_shift) == (0, 0, None)
        assert [(then, now) for _level, then, now in found.levels] == [(1, 1)]

    def test_lets_the_clock_stand_while_the_customer_was_asked(self):
        case = make.case(departments=[make.quality().pk])
        wait_for_customer(case, "型号?", by=make.wang(), now=make.at("13:00"))
        customer_answered(case, now=make.at("19:00"))
        reply(case, "换一台", by=make.wang(), now=make.at("20:00"))

        assert tried(3 * 60)[1].late_now == 0
        assert tried(3 * 60, pauses_for_customer=False)[1].late_now == 1

    def test_takes_cases_away_from_it_that_are_no_longer_meant(self):
        answered(2, severity=2), answered(2, severity=3, customer=None)

        _run, found = tried(6 * 60, "reply-serious", for_severity=4)

        assert (found.changed, found.later) == (1, 1)  # the serious one falls to the general promise of a day

    def test_counts_what_would_be_promised_for_the_first_time(self):
        answered(50), answered(2, customer=None)
        reply_now = make.standards()["reply"].standard
        run = simulating.begin("on_site", publishing.terms_of(make.standards()["reply"]), by=None, now=LATER)

        found = simulating.figures(run)[0]

        assert (found.gained, found.unknown, found.late_now) == (2, 2, 0)
        assert reply_now.measure == "reply"

    def test_tells_it_by_department_grade_and_category(self):
        answered(10, grade="A"), answered(10, customer=make.customer("李四", "13900139000"))

        run, found = tried(8 * 60)
        by = simulating.figures(run)[1]

        # The A has a promise of its own, which this draft leaves alone.
        assert found.changed == 1
        assert [(grade, f.newly_late) for grade, f in by["grade"]] == [("", 1)]
        assert [(category, f.newly_late) for category, f in by["category"]] == [("quality", 1)]
        assert [f.newly_late for _pk, f in by["department_id"]] == [1]

    def test_of_a_withdrawal_says_what_would_be_promised_instead(self):
        answered(10, severity=3)
        standard = make.standards()["reply-serious"].standard

        run = simulating.begin("reply", None, standard=standard, by=None, now=LATER)

        found = simulating.figures(run)[0]
        assert (found.late_then, found.spared, found.later, found.lost) == (1, 1, 1, 0)

    def test_is_refused_for_a_span_that_ends_before_it_begins(self):
        with pytest.raises(simulating.CannotSimulate, match="begin before"):
            simulating.begin("reply", {}, opened_from=LATER, by=None, now=make.NOON)


class TestALongSpan:
    def test_is_worked_out_piece_by_piece_by_a_worker(self, monkeypatch):
        monkeypatch.setattr(simulating, "PIECE", 2)
        for number in range(5):
            answered(10, customer=None, subject=f"{number}")

        run, found = tried(8 * 60)
        assert (run.state, found.changed) == ("waiting", 0)
        percents = []
        while simulating.run_next(LATER):
            run.refresh_from_db()
            percents.append(run.percent)

        assert percents == [40, 80, 100]
        assert simulating.figures(run)[0].newly_late == 5
