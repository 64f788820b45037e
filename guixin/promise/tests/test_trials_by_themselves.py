"""A trial holds from its day to its end, is measured, and drops back by itself if nobody has decided."""

import pytest

from guixin.channels.models import Notice
from guixin.ledger.models import Entry
from guixin.organisation import granting, in_force
from guixin.organisation.models import Grant
from guixin.organisation.tests import make as firm
from guixin.promise import proposing, publishing, trying
from guixin.promise.book import Circumstances, book
from guixin.promise.models import Clock, Proposal, Standard
from guixin.promise.proposing import CannotAnswer
from guixin.promise.tests import make
from guixin.promise.tests.make import NOON, at

pytestmark = pytest.mark.django_db
TOMORROW, LAST = at("09:00", day=5), at("18:00", day=20)
AFTER = at("18:01", day=20)


def proposed(kind, **more) -> Proposal:
    facts = {"by": firm.li(), "now": NOON, "department": firm.front()} | more
    return proposing.propose(kind, "试一试", "每天都卡在这里", **facts)


def tried(proposal, **chosen):
    from_at, department = chosen.pop("from_at", None), chosen.pop("department", None)
    return proposing.try_out(
        proposal, until=LAST, from_at=from_at, department=department, chosen=chosen, by=firm.he(), now=NOON
    )


def limit_of(rank=1) -> int:
    return Grant.objects.get(matrix=in_force.matrix_in_force(), decision="goodwill", rank=rank).limit_each


def a_limit() -> Proposal:
    firm.spending_table()
    return proposed("authority")


def line(rank=1) -> Grant:
    return Grant.objects.get(matrix=in_force.matrix_in_force(), decision="goodwill", rank=rank)


class TestALimit:
    def test_holds_from_its_day_and_drops_back_at_its_end(self):
        proposal = tried(a_limit(), grant=line(), limit=50_000, from_at=TOMORROW)
        assert (limit_of(), trying.keep_up(NOON)) == (20_000, False)

        assert trying.keep_up(TOMORROW)
        assert limit_of() == 50_000
        assert not trying.keep_up(TOMORROW)

        assert trying.keep_up(AFTER)
        proposal.refresh_from_db()
        assert limit_of() == 20_000
        assert (proposal.state, proposal.trial_ended_at) == ("trial", AFTER)
        assert Entry.objects.get(kind="promise.trial_ended").facts["dropped"]
        assert {n.person for n in Notice.objects.filter(kind="promise.trial_ended")} == {firm.li(), firm.he()}
        assert Clock.objects.of("proposal", proposal.pk).open().exists()  # the decision is still asked for

    def test_accepted_stays_and_after_the_end_holds_again(self):
        kept = tried(a_limit(), grant=line(), limit=50_000)
        proposing.accept(kept, answer="够用", by=firm.he(), now=at("12:00", day=18))
        assert limit_of() == 50_000
        assert kept.decided_at is None or Proposal.objects.get(pk=kept.pk).result
        assert not trying.keep_up(AFTER)

        later = tried(proposed("authority"), grant=line(2), limit=200_000)
        trying.keep_up(AFTER)
        assert limit_of(2) == 100_000
        proposing.accept(later, answer="还是要", by=firm.he(), now=AFTER)
        assert limit_of(2) == 200_000

    def test_refused_drops_back_at_once(self):
        proposal = tried(a_limit(), grant=line(), limit=50_000)
        proposing.refuse(proposal, answer="太多", by=firm.he(), now=at("12:00", day=18))
        assert limit_of() == 20_000

    def test_changed_meanwhile_is_left_alone(self):
        tried(a_limit(), grant=line(), limit=50_000)
        lines = [granting.terms_of(each) for each in Grant.objects.filter(matrix=in_force.matrix_in_force())]
        for each in lines:
            if each["rank"] == 1:
                each["limit_each"] = 30_000
        granting.publish_lines(lines, by=firm.sun(), now=at("12:00", day=10))

        trying.keep_up(AFTER)
        assert limit_of() == 30_000

    def test_is_let_hold_only_by_an_administrator(self):
        firm.spending_table()
        proposal = proposed("authority", department=firm.quality())
        with pytest.raises(CannotAnswer, match="administrator"):
            proposing.try_out(
                proposal, until=LAST, chosen={"grant": line(), "limit": 50_000}, by=firm.wu(), now=NOON
            )

    def test_is_tried_once_at_a_time(self):
        tried(a_limit(), grant=line(), limit=50_000)
        with pytest.raises(CannotAnswer, match="Another trial"):
            tried(proposed("authority"), grant=line(), limit=60_000)


class TestHours:
    def test_are_those_of_another_calendar_for_a_while(self):
        firm.firm()
        always, before = firm.calendar("always"), firm.logistics().calendar
        tried(proposed("calendar"), department=firm.logistics(), calendar=always)
        assert firm.logistics().calendar == always

        trying.keep_up(AFTER)
        assert firm.logistics().calendar == before


class TestATimeOfAStandard:
    def test_drops_back_by_itself_and_is_measured_on_the_same_measure(self):
        standard = make.version().standard
        Standard.objects.filter(pk=standard.pk).update(owner=firm.front())
        for n in range(6):
            make.keep(
                make.clock(publishing.in_force(standard), at("06:00", day=3)),
                at("23:30" if n < 3 else "07:00", day=3),
            )
        proposal = proposed("standard", standard=standard, budget_minutes=360)
        department = Clock.objects.first().department
        proposal = tried(proposal, department=department)
        there = Circumstances(department_id=department.pk)
        assert book().promise("resolve", there).budget_minutes == 360

        trying.keep_up(AFTER)

        assert book().promise("resolve", there).budget_minutes == 480
        found = trying.effect_of_trial(Proposal.objects.get(), AFTER)
        assert (found.before.ended, found.after.ended, found.difference) == (6, 0, None)

    def test_withdrawn_before_its_day_is_said_and_nothing_holds(self):
        standard = make.version().standard
        proposal = proposed("standard", standard=standard, budget_minutes=360)
        tried(proposal, department=firm.logistics(), from_at=TOMORROW)
        publishing.withdraw(standard, by=firm.sun(), now=NOON)

        trying.keep_up(TOMORROW)

        proposal.refresh_from_db()
        assert "not in force" in proposal.trial_change["trouble"]
        assert proposal.trial_ended_at == TOMORROW
