"""Those who do the work propose; whoever answers for it answers, tries or publishes; everyone hears back."""

import pytest

from guixin.channels.models import Notice
from guixin.organisation.tests import make as firm
from guixin.promise import effect, proposing, publishing
from guixin.promise.book import Circumstances, book
from guixin.promise.keeping import fire_due
from guixin.promise.models import Clock, Escalation, Proposal, Standard
from guixin.promise.proposing import CannotAnswer, CannotPropose
from guixin.promise.tests import make
from guixin.promise.tests.make import NOON, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def standard() -> Standard:
    standard = make.version().standard
    Standard.objects.filter(pk=standard.pk).update(owner=firm.quality())
    return Standard.objects.get(pk=standard.pk)


def propose(about, **more) -> Proposal:
    facts = {"by": firm.li(), "now": NOON, "standard": about, "budget_minutes": 360} | more
    return proposing.propose("standard", "回复改为六小时", "四分之三的回复三小时内就到了", **facts)


class TestAProposal:
    def test_goes_to_the_head_of_the_owner_with_a_clock(self, standard):
        proposal = propose(standard)
        clock = Clock.objects.get(about_kind="proposal", about_id=proposal.pk)
        assert (proposal.reviewer, clock.holder, clock.case_id) == (firm.wu(), firm.wu(), None)
        assert Notice.objects.filter(person=firm.wu(), kind="promise.change_proposed").exists()

    def test_of_the_head_goes_one_up(self, standard):
        assert propose(standard, by=firm.wu()).reviewer == firm.chen()

    def test_climbs_when_nobody_answers(self, standard):
        proposal = propose(standard)
        fire_due(at("12:00", day=30))
        assert Escalation.objects.raised().filter(clock__about_id=proposal.pk, to_person=firm.chen()).exists()

    def test_becomes_the_next_version_and_its_history_leads_back(self, standard):
        proposal = proposing.accept(propose(standard), answer="好主意", by=firm.wu(), now=at("13:30"))
        assert publishing.in_force(standard) == proposal.version
        assert (proposal.version.number, proposal.version.budget_minutes) == (2, 360)
        assert list(proposal.version.proposals.all()) == [proposal]
        assert Notice.objects.filter(person=firm.li(), kind="promise.proposal_decided").exists()
        assert Clock.objects.get(about_kind="proposal").state == Clock.State.MET

    def test_is_refused_with_a_reason(self, standard):
        proposal = propose(standard)
        with pytest.raises(CannotAnswer, match="why not"):
            proposing.refuse(proposal, answer=" ", by=firm.wu(), now=NOON)
        proposing.refuse(proposal, answer="周末做不到", by=firm.wu(), now=NOON)
        assert publishing.in_force(standard).number == 1
        with pytest.raises(CannotAnswer, match="answered already"):
            proposing.accept(proposal, answer="还是好", by=firm.wu(), now=NOON)

    def test_is_not_answered_by_who_made_it_nor_by_anybody(self, standard):
        proposal = propose(standard)
        with pytest.raises(CannotAnswer, match="their own"):
            proposing.accept(proposal, answer="好", by=firm.li(), now=NOON)
        with pytest.raises(CannotAnswer, match="waits for the answer"):
            proposing.accept(proposal, answer="好", by=firm.zhao(), now=NOON)

    def test_of_anything_else_names_what_came_of_it(self):
        firm.firm()
        proposal = proposing.propose(
            "text", "道歉信短一点", "没人读完", by=firm.li(), now=NOON, department=firm.front()
        )
        with pytest.raises(CannotAnswer, match="which new version"):
            proposing.accept(proposal, answer="好", by=firm.he(), now=NOON)
        assert (
            proposing.accept(proposal, answer="好", result="道歉信 v3", by=firm.he(), now=NOON).state
            == "accepted"
        )

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"standard": None}, "which standard"),
            ({"budget_minutes": 480}, "already"),
            ({"budget_minutes": 0}, "between"),
        ],
    )
    def test_that_means_nothing_is_refused(self, standard, more, words):
        with pytest.raises(CannotPropose, match=words):
            propose(standard, **more)

    def test_to_a_standard_withdrawn_meanwhile_is_said(self, standard):
        proposal = propose(standard)
        publishing.withdraw(standard, by=firm.sun(), now=NOON)
        with pytest.raises(CannotAnswer, match="not in force any more"):
            proposing.accept(proposal, answer="好", by=firm.wu(), now=NOON)


class TestATrial:
    def test_holds_for_one_department_until_it_is_concluded(self, standard):
        proposal = propose(standard)
        proposing.try_out(
            proposal, department=firm.logistics(), until=at("12:00", day=20), by=firm.wu(), now=NOON
        )

        here, there = (Circumstances(department_id=box.pk) for box in (firm.logistics(), firm.quality()))
        assert book().promise("resolve", here).budget_minutes == 360
        assert book().promise("resolve", there).budget_minutes == 480
        concluding = Clock.objects.of("proposal", proposal.pk).open().get()
        assert (concluding.generation, concluding.due_at) == (2, at("12:00", day=20))

        proposing.accept(proposal, answer="成了", by=firm.wu(), now=at("12:00", day=18))
        assert book().promise("resolve", here).budget_minutes == 360
        assert book().promise("resolve", there).budget_minutes == 360
        assert Standard.objects.filter(code__contains="-trial-", versions__withdrawn_at=None).count() == 0

    def test_that_cannot_be_is_noted(self):
        firm.firm()
        proposal = proposing.propose(
            "rule", "色差直接给质量", "物流只是转手", by=firm.li(), now=NOON, department=firm.front()
        )
        with pytest.raises(CannotAnswer, match="how it is tried"):
            proposing.try_out(proposal, until=at("12:00", day=20), by=firm.he(), now=NOON)
        tried = proposing.try_out(
            proposal, until=at("12:00", day=20), note="手工转一周", by=firm.he(), now=NOON
        )
        assert (tried.state, tried.trial_version) == ("trial", None)


class TestWhatItDid:
    def test_is_the_kept_share_before_and_after_with_an_interval(self, standard):
        before = publishing.in_force(standard)
        for n in range(20):
            make.keep(make.clock(before, at("01:00", day=3)), at("09:30" if n < 4 else "06:00", day=3))
        proposal = proposing.accept(
            propose(standard, budget_minutes=600), answer="好", by=firm.wu(), now=NOON
        )
        for n in range(20):
            make.keep(make.clock(proposal.version, at("13:00")), at("23:30" if n < 1 else "20:00"))

        found = effect.effect_of(proposal, at("12:00", day=5))
        assert ((found.before.kept, found.before.ended), (found.after.kept, found.after.ended)) == (
            (16, 20),
            (19, 20),
        )
        low, high = found.difference
        assert low < 0 < high
        assert found.is_noise

    def test_says_nothing_with_too_few(self, standard):
        proposal = proposing.accept(propose(standard), answer="好", by=firm.wu(), now=NOON)
        assert effect.effect_of(proposal, NOON).difference is None

    def test_has_the_published_interval(self):
        assert [round(x, 4) for x in effect.newcombe(56, 70, 48, 80)] == [0.0524, 0.3339]
