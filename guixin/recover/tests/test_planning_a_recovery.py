"""A plan is proposed by the firm's rules, done step by step, and finished when nothing was forgotten."""

import pytest

from guixin.channels.models import Notice
from guixin.ledger.models import Entry
from guixin.organisation.tests import make as firm
from guixin.promise.keeping import fire_due
from guixin.promise.models import Clock, Escalation
from guixin.recover import plans, ruling
from guixin.recover.models import Recovery, RecoveryStep
from guixin.recover.plans import CannotPlan, CannotRecover
from guixin.recover.ruling import CannotRule
from guixin.recover.tests import make as recover
from guixin.serve import bulk_changes, changing, closing, deciding, merging, terms
from guixin.serve.models import CaseLink, Goodwill
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def recovery() -> Recovery:
    firm.spending_table()
    recover.rule()
    return recover.recovery()


def clock(recovery: Recovery, measure: str) -> Clock:
    return Clock.objects.get(about_kind="recovery", about_id=recovery.pk, measure=measure)


class TestProposing:
    def test_takes_the_rule_that_says_most_about_the_case(self):
        recover.rule("any", from_severity=1, fault="", steps=[{"kind": "apology"}])
        recover.rule()
        serious, minor = make.case(severity=3), make.case(severity=2, subject="线头")

        assert recover.recovery(serious).rule.code == "serious-ours"
        assert recover.recovery(minor).rule.code == "any"

    def test_asks_for_the_grade_too(self):
        recover.rule("best", grades="ab", steps=[{"kind": "gift"}])

        assert recover.recovery(make.case(severity=3, grade="B")).rule.code == "best"
        assert recover.recovery(make.case(severity=3, grade="C")).rule is None

    def test_gives_each_step_to_who_holds_its_position_or_stands_in(self, recovery):
        assert recover.step(recovery, "apology").owner == make.wu()
        assert recover.step(recovery, "listening").owner == make.wang()
        make.away(make.wu(), at("08:00"), at("18:00"), deputy=make.li())
        assert recover.step(recover.recovery(make.case(severity=3)), "apology").owner == make.li()

    def test_always_listens_explains_and_apologises_where_no_rule_fits(self):
        kinds = recover.recovery(make.case()).steps.values_list("kind", flat=True)
        assert set(kinds) == {"apology", "listening", "explanation"}

    def test_proposes_again_once_the_fault_is_known_and_loses_nothing(self):
        recover.rule()
        recovery = recover.recovery(make.case(severity=3), fault="unknown")
        recover.done(recovery, "apology")

        plans.judge_fault(recovery, "ours", by=make.wang(), now=NOON)

        kinds = list(recovery.steps.order_by("pk").values_list("kind", flat=True))
        assert kinds == ["apology", "listening", "explanation", "refund"]


class TestRepayingInKind:
    @pytest.mark.parametrize(
        ("failure", "kind"),
        [("money", "refund"), ("goods", "replacement"), ("service", "redoing"), ("attention", "apology")],
    )
    def test_is_proposed_where_no_rule_fits(self, failure, kind):
        recovery = plans.begin(make.case(), "ours", failure=failure, by=make.wang(), now=NOON)
        kinds = list(recovery.steps.order_by("pk").values_list("kind", flat=True))
        assert kinds == ["apology", "listening", "explanation", *([] if kind == "apology" else [kind])]

    def test_is_not_where_it_was_not_our_fault(self):
        recovery = plans.begin(make.case(), "theirs", failure="money", by=make.wang(), now=NOON)
        assert not recovery.steps.filter(kind="refund").exists()

    def test_follows_the_words_of_the_case_and_the_rule_for_them(self):
        recover.rule("goods-ours", from_severity=1, failure="goods", steps=[{"kind": "replacement"}])
        recover.rule("ours", from_severity=1, steps=[{"kind": "gift"}])
        above = terms.add_term("category", "货品", name_en="Goods", failure="goods", by=None, now=NOON)
        below = terms.add_term("category", "色差", name_en="Shade", under=above.code, by=None, now=NOON)

        recovery = recover.recovery(make.case(category=below.code))

        assert (recovery.failure, recovery.failure_from) == ("goods", f"category:{above.code}")
        assert recovery.rule.code == "goods-ours"
        assert recover.recovery(make.case(category="")).rule.code == "ours"

    def test_knows_no_other_sort(self):
        with pytest.raises(CannotPlan, match="no sort of failure"):
            plans.begin(make.case(), "ours", failure="weather", by=make.wang(), now=NOON)


class TestTheSecondFailure:
    def test_begins_a_level_higher_with_the_apology_of_the_next_authority(self):
        recover.rule()
        case = make.case(severity=2, subject="又来了")
        CaseLink.objects.create(case=case, other=make.case(), kind="repeat", made_at=NOON)

        recovery = recover.recovery(case)

        assert (recovery.again, recovery.severity, recovery.rule.code) == ("repeat", 3, "serious-ours")
        assert recover.step(recovery, "apology").owner not in (make.wang(), make.wu())
        assert Entry.objects.get(kind="recover.recovery_raised").facts["again"] == "repeat"

    def test_raises_a_running_one_when_its_case_is_opened_again(self):
        case = make.answered_case(severity=2, subject="另一件")
        recovery = recover.recovery(case)
        recover.done(recovery, "apology")
        closing.close(
            case, by=make.wang(), now=NOON, department=make.quality(), quality_point="colour", cause="material",
            severity=2,
        )  # fmt: skip

        closing.reopen(case, "还是不行", now=NOON, by=make.wang())

        recovery.refresh_from_db()
        again = recovery.steps.get(kind="apology", state="planned")
        assert (recovery.again, recovery.severity) == ("reopened", 3)
        assert again.owner != make.wang()
        assert Notice.objects.filter(person=again.owner).exists()


class TestKeepingARule:
    def test_says_in_the_ledger_what_it_said_each_time(self):
        recover.rule()
        _rule, changed = ruling.keep_rule(
            "serious-ours", name="改名", steps=[{"kind": "gift"}], by=None, now=NOON
        )
        assert changed
        said = Entry.objects.filter(kind="recover.recovery_rule_changed").order_by("pk")
        assert [(each.facts["number"], each.facts["says"]["name"]) for each in said] == [
            (1, "严重且我方责任"), (2, "改名"),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("step", "why"),
        [
            ({"kind": "cake"}, "no step"),
            ({"kind": "apology", "amount": "5"}, "Only what is given"),
            ({"kind": "refund", "amount": "abc"}, "number"),
            ({"kind": "apology", "position": "pope"}, "no position"),
        ],
    )
    def test_refuses_what_nobody_could_do(self, step, why):
        with pytest.raises(CannotRule, match=why):
            ruling.keep_rule("", name="一条", steps=[step], by=None, now=NOON)


class TestARecovery:
    def test_runs_by_promises_of_its_own_that_climb(self, recovery):
        contact = clock(recovery, "recovery_contact")
        assert contact.case_id is None
        fire_due(at("19:00", day=9))
        assert Escalation.objects.raised().filter(clock=contact, to_person=make.he()).exists()

    def test_tells_those_who_have_a_step(self, recovery):
        assert Notice.objects.filter(kind="recover.recovery_begun", person=make.wu()).exists()

    def test_keeps_its_first_promise_when_the_customer_is_first_spoken_to(self, recovery):
        recover.done(recovery, "listening", now=at("14:00"))
        assert clock(recovery, "recovery_contact").state == Clock.State.MET
        assert clock(recovery, "recovery").is_open
        done = recover.step(recovery, "listening")
        assert (done.done_by, done.done_at, done.said) == (make.wang(), at("14:00"), "说过了")
        entry = Entry.objects.get(kind="recover.recovery_step_done")
        assert (entry.case_id, "说过了" in str(entry.facts)) == (recovery.case_id, False)

    def test_is_one_a_case_at_a_time(self, recovery):
        with pytest.raises(CannotRecover, match="already"):
            recover.recovery(recovery.case)

    def test_goes_on_when_its_case_is_closed(self, recovery):
        plans.give_up(recovery, "重来", by=make.wang(), now=NOON)
        answered = make.answered_case(severity=3, subject="另一件")
        recovery = recover.recovery(answered)
        closing.close(
            answered, by=make.wang(), now=NOON, department=make.quality(), quality_point="colour",
            cause="material", severity=2,
        )  # fmt: skip
        assert clock(recovery, "recovery").is_open
        recover.done(recovery, "listening")

    def test_goes_along_when_its_case_is_merged(self, recovery):
        other = make.case(subject="同一件")
        merging.merge(recovery.case, other, by=make.wang(), now=NOON)
        recovery.refresh_from_db()
        assert recovery.case_id == other.pk

    def test_is_answered_for_by_whoever_owns_the_case(self, recovery):
        changing.change_owner(recovery.case, make.tang(), by=make.he(), now=NOON)
        assert recover.step(recovery, "listening").owner == make.tang()
        assert recover.step(recovery, "apology").owner == make.wu()
        assert clock(recovery, "recovery").holder == make.tang()

    def test_loses_no_step_when_a_colleagues_work_is_handed_over(self, recovery):
        bulk_changes.hand_over_all(make.wu(), [make.li()], by=make.he(), now=at("14:00"))
        assert recover.step(recovery, "apology").owner == make.li()


class TestFinishing:
    def test_is_refused_while_a_step_is_to_be_done(self, recovery):
        with pytest.raises(CannotRecover, match="Apology, Listening, Refund"):
            plans.finish(recovery, by=make.wang(), now=NOON)

    def test_is_refused_while_one_of_the_three_justices_is_forgotten(self, recovery):
        recover.done(recovery, "apology", "listening")
        plans.leave_out(recover.step(recovery, "refund"), "客户不要", by=make.wang(), now=NOON)
        with pytest.raises(CannotRecover, match="Fair outcome"):
            plans.finish(recovery, by=make.wang(), now=NOON)
        with pytest.raises(CannotPlan, match="Say why"):
            plans.skip_justice(recovery, "outcome", " ", by=make.wang(), now=NOON)

        plans.skip_justice(recovery, "outcome", "客户只要一句道歉", by=make.wang(), now=NOON)
        finished = plans.finish(recovery, by=make.wang(), now=at("15:00"))

        assert finished.state == Recovery.State.FINISHED
        assert clock(recovery, "recovery").state == Clock.State.MET
        with pytest.raises(CannotRecover, match="has ended"):
            plans.add_step(recovery, "gift", owner=make.wang(), by=make.wang(), now=NOON)

    def test_of_what_was_promised_waits_until_the_customer_has_it(self, recovery):
        recover.done(recovery, "apology", "listening")
        refund = recover.step(recovery, "refund")
        with pytest.raises(CannotRecover, match="paid or handed over"):
            plans.do_step(refund, "退了", by=make.wang(), now=NOON)
        goodwill = plans.promise_step(refund, 10_000, "CNY", reason="赔礼", by=make.wang(), now=NOON)
        with pytest.raises(CannotRecover, match="take it back first"):
            plans.leave_out(recover.step(recovery, "refund"), "算了", by=make.wang(), now=NOON)
        with pytest.raises(CannotRecover, match="Refund"):
            plans.finish(recovery, by=make.wang(), now=NOON)

        deciding.hand_goodwill_over(goodwill, NOON.date(), "PAY-7", by=make.he(), now=NOON)

        assert recover.step(recovery, "refund").state == RecoveryStep.State.DONE
        plans.finish(recovery, by=make.wang(), now=NOON)

    def test_may_promise_again_what_was_taken_back(self, recovery):
        goodwill = plans.promise_step(
            recover.step(recovery, "refund"), 10_000, "CNY", reason="赔礼", by=make.wang(), now=NOON
        )
        with pytest.raises(CannotRecover, match="already"):
            plans.promise_step(
                recover.step(recovery, "refund"), 1, "CNY", reason="又", by=make.wang(), now=NOON
            )
        deciding.take_goodwill_back(goodwill, by=make.wang(), now=NOON)
        again = plans.promise_step(
            recover.step(recovery, "refund"), 5_000, "CNY", reason="少一点", by=make.wang(), now=NOON
        )
        assert (again.state, again.kind) == (Goodwill.State.PROMISED, "refund")


class TestWhoSeesARecovery:
    def test_is_whoever_sees_the_case_or_has_a_step(self, recovery):
        def sees(person) -> bool:
            return Recovery.objects.visible_to(person).filter(pk=recovery.pk).exists()

        assert sees(make.wang())
        assert sees(make.wu())
        assert not sees(make.jiang())
        plans.give_step(recover.step(recovery, "listening"), make.jiang(), by=make.wang(), now=NOON)
        assert sees(make.jiang())
        assert recovery in Recovery.objects.waiting_for(make.jiang())
