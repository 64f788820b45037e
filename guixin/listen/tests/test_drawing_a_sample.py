"""A sample says before it is drawn whom it leaves out and how far it can be trusted, and is the same again with the same seed."""

from datetime import timedelta

import pytest

from guixin.ledger.models import Entry
from guixin.listen import asking, sampling, waves
from guixin.listen.models import Invitation
from guixin.listen.sampling import Plan, PlannedMeanwhile
from guixin.listen.tests.make import NOON, he, people, wave
from guixin.listen.waves import CannotListen, NotPossibleNow
from guixin.serve.tests import make
from guixin.understand import consenting

pytestmark = pytest.mark.django_db
EVERYBODY = {"from": "segment", "segment": "everybody"}


def plan(found, frame=EVERYBODY, **said):
    return sampling.keep_plan(found, Plan(frame, **said), by=he(), now=NOON)


def drawn(found, frame=EVERYBODY, now=NOON, **said):
    plan(found, frame, **said)
    sampling.draw(found, by=he(), now=now)
    return found.invitations.order_by("customer")


class TestASample:
    def test_is_the_same_again_with_the_same_seed(self):
        people(*"A" * 40)
        first, second, other = wave(), wave_named("second"), wave_named("other")
        asking.change_rules(quiet_days=0, quiet_from=None, quiet_to=None, by=None, now=NOON)

        ids = [
            list(drawn(each, size=10, seed=seed).values_list("customer", flat=True))
            for each, seed in ((first, 7), (second, 7), (other, 8))
        ]

        assert ids[0] == ids[1] != ids[2]
        assert len(ids[0]) == 10
        entry = Entry.objects.filter(kind="listen.sample_drawn").first()
        assert (entry.facts["frame"], entry.facts["drawn"], entry.facts["seed"]) == (40, 10, 7)

    def test_is_drawn_once(self):
        people("A")
        found = wave()
        drawn(found)
        with pytest.raises(PlannedMeanwhile):
            sampling.draw(found, by=he(), now=NOON)
        with pytest.raises(PlannedMeanwhile):
            plan(found)
        assert found.invitations.count() == 1

    def test_tells_its_margin_and_what_a_wished_one_takes(self):
        people(*"A" * 100)
        seen = sampling.preview(plan(wave(), size=50, expected_rate=50), NOON)
        assert (seen.frame, seen.asked, seen.answers) == (100, 50, 25)
        assert round(seen.margin, 3) == 0.171  # 1.96 sqrt(0.25/25 * 75/99)
        assert seen.to_ask == 160  # 80 answers (Krejcie and Morgan 1970) at one in two

    def test_takes_the_rate_of_earlier_waves(self):
        people(*"A" * 40)
        earlier = wave()
        drawn(earlier).update(state="sent")
        earlier.invitations.filter(pk__in=list(earlier.invitations.values_list("pk", flat=True)[:10])).update(
            is_answered=True
        )
        seen = sampling.preview(plan(wave_named("second")), NOON)
        assert (seen.rate, seen.rate_from) == (25, "earlier")
        assert seen.left_out == {"fatigue": 40}

    def test_divides_by_stratum(self):
        people(*"A" * 10, *"B" * 30)
        by_size = wave()
        drawn(by_size, size=8, by="grade")
        assert strata(by_size) == {"A": 2, "B": 6}
        asking.change_rules(quiet_days=0, quiet_from=None, quiet_to=None, by=None, now=NOON)
        equal = wave_named("equal")
        drawn(equal, size=24, by="grade", allocation="equal")
        assert strata(equal) == {"A": 10, "B": 14}  # what A cannot give goes to B

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({"size": 3, "by": "grade", "quotas": {"A": 2, "B": 2}}, "4 answers in all, but only 3"),
            ({"by": "grade", "quotas": {"A": 3}}, "quota of 3 answers, but only 2"),
            ({"by": "grade", "quotas": {"C": 1}}, "Nobody of “C”"),
            ({"quotas": {"A": 1}}, "Quotas need strata"),
            ({"by": "grade", "quotas": {"A": 0}}, "at least 1"),
            ({"by": "department"}, "only people who come from cases|Only people who come from cases"),
            ({"frame": {"from": "segment", "segment": "none"}}, "no segment"),
            ({"size": 0}, "between 1 and"),
        ],
    )
    def test_that_contradicts_itself_is_refused(self, said, words):
        people("A", "A", "B")
        with pytest.raises(CannotListen, match=words):
            plan(wave(), **said)

    def test_is_not_drawn_for_nobody(self):
        people("A", mail=False)
        found = wave()
        plan(found)
        with pytest.raises(NotPossibleNow, match="Nobody is left"):
            sampling.draw(found, by=he(), now=NOON)


class TestTheRules:
    def test_leave_out_who_was_asked_lately_by_any_wave(self):
        asked, other = people("A", "A")
        waves.invite(wave(), [waves.Invited(customer=asked)], by=he(), now=NOON - timedelta(days=89))

        second = wave_named("second")
        assert sampling.preview(plan(second), NOON).left_out == {"fatigue": 1}
        assert sampling.preview(plan(second), NOON + timedelta(days=2)).left_out == {}
        assert [each.customer for each in drawn(second)] == [other]

    def test_leave_out_whoever_said_no(self):
        for_mail, for_all, calls, nobody = people(*"AAAA")
        for who, channel in ((for_mail, "email"), (for_all, ""), (calls, "phone")):
            consenting.withdraw(who, "survey", channel, by=None, now=NOON)
        found = wave()
        assert sampling.preview(plan(found), NOON).left_out == {"consent": 2}
        assert {each.customer for each in drawn(found)} == {calls, nobody}

    def test_may_except_open_complaints(self):
        case = make.case(customer=people("A")[0])
        waves.invite(wave(), [waves.Invited(customer=case.customer)], by=he(), now=NOON)
        second, cases = wave_named("second"), {"from": "cases", "which": "any"}
        assert sampling.preview(plan(second, cases), NOON).free == 0
        assert sampling.preview(plan(second, cases, asks_open_complaints=True), NOON).free == 1
        assert sampling.preview(plan(second, asks_open_complaints=True), NOON).free == 0  # of cases alone


class TestAFrame:
    def test_of_cases_has_open_ones_and_each_customer_once(self):
        one, two = people("A", "B")
        make.case(customer=one)
        newest = make.case(customer=one)
        closed = make.closed_case(customer=two)

        invited = drawn(wave(), {"from": "cases", "which": "any", "days": 30}, by="department")
        assert [(each.customer, each.case) for each in invited] == [(one, newest), (two, closed)]
        open_ones = sampling.preview(plan(wave_named("open"), {"from": "cases", "which": "open"}), NOON)
        assert open_ones.frame == 1
        later = sampling.preview(
            plan(wave_named("late"), {"from": "cases", "which": "closed", "days": 1}),
            NOON + timedelta(days=9),
        )
        assert later.frame == 0
        praise = sampling.preview(plan(wave_named("praise"), {"from": "cases", "kinds": ["praise"]}), NOON)
        assert praise.frame == 0


def wave_named(code: str):
    """Another wave of the same questionnaire."""
    from guixin.listen.models import Questionnaire
    from guixin.listen.tests.make import chen, published

    questionnaire = Questionnaire.objects.first() or published().questionnaire
    return waves.open_wave(questionnaire, name=code, code=code, owner=chen(), by=he(), now=NOON)


def strata(found) -> dict[str, int]:
    rows = Invitation.objects.filter(wave=found).values_list("stratum", flat=True)
    return {each: list(rows).count(each) for each in sorted(set(rows))}
