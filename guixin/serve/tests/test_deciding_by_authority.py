"""Nobody exceeds a limit: not in parts, not with others, not by another route, not by lending, not for themselves."""

import pytest
from django.db.models import Sum

from guixin.ledger.models import Entry
from guixin.organisation import authority, going_away, granting
from guixin.organisation.authority import NoAuthorityFor
from guixin.organisation.decisions import BadAmount
from guixin.organisation.going_away import CannotGoAway
from guixin.organisation.models import Use
from guixin.organisation.tests import make as firm
from guixin.organisation.tests.make import line
from guixin.organisation.verdicts import Subject
from guixin.promise import authorising
from guixin.promise.authorising import CannotDecide, SayWhy
from guixin.promise.keeping import fire_due
from guixin.promise.models import AuthorityRequest, Clock, Escalation
from guixin.serve import deciding, merging
from guixin.serve.models import Goodwill
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON, at

pytestmark = pytest.mark.django_db
YUAN = 100


def promise(case, yuan, by=None, reason="赔礼", now=NOON):
    return deciding.promise_goodwill(case, yuan * YUAN, "CNY", reason=reason, by=by or make.wang(), now=now)


@pytest.fixture
def case():
    firm.spending_table()
    return make.case()


def request_of(goodwill) -> AuthorityRequest:
    return AuthorityRequest.objects.get(pk=goodwill.request_id)


class TestWithinTheLimit:
    def test_it_is_decided_at_once_and_in_the_ledger(self, case):
        goodwill = promise(case, 200)

        assert goodwill.state == Goodwill.State.PROMISED
        used = Entry.objects.get(kind="organisation.authority_used")
        assert (used.facts["amount"], used.facts["grant_id"]) == (20_000, goodwill.use.grant_id)
        assert Entry.objects.filter(kind="serve.goodwill_promised", case_id=case.pk).exists()

    def test_it_is_free_again_once_taken_back(self, case):
        deciding.take_goodwill_back(promise(case, 200), by=make.wang(), now=NOON)
        assert promise(case, 200).state == Goodwill.State.PROMISED

    def test_the_ledger_of_uses_equals_what_was_promised_to_the_cent(self, case):
        promise(case, 120)
        deciding.take_goodwill_back(promise(case, 30), by=make.wang(), now=NOON)
        authorising.approve(request_of(promise(case, 600)), by=make.he(), now=NOON)

        assert Goodwill.objects.owed_or_given().aggregate(in_fen=Sum("amount")) == {"in_fen": 72_000}
        assert [(each.used, each.in_ledger) for each in authority.reconciled()] == [
            (12_000, 12_000),
            (60_000, 60_000),
        ]


class TestAboveTheLimit:
    def test_it_waits_for_the_first_whose_limit_suffices(self, case):
        assert request_of(promise(case, 201)).to_person == make.he()
        assert request_of(promise(case, 5_001)).to_person == make.sun()

    def test_it_asks_why(self, case):
        with pytest.raises(SayWhy, match="goes up to"):
            authorising.decide(
                make.wang(),
                "goodwill",
                99_000,
                subject=deciding.subject_of_case(case),
                now=NOON,
                currency="CNY",
            )

    def test_it_is_promised_when_it_is_granted(self, case):
        goodwill = promise(case, 900)
        authorising.approve(request_of(goodwill), by=make.he(), now=at("13:30"), note="可以")

        goodwill.refresh_from_db()
        assert (goodwill.state, goodwill.use.decided_by) == (Goodwill.State.PROMISED, make.he())
        assert Clock.objects.get(about_kind="authority_request").state == Clock.State.MET

    def test_it_is_not_when_it_is_refused_with_a_reason(self, case):
        goodwill = promise(case, 900)
        with pytest.raises(SayWhy):
            authorising.refuse(request_of(goodwill), by=make.he(), now=NOON, note=" ")
        authorising.refuse(request_of(goodwill), by=make.he(), now=NOON, note="不是我们的责任")

        goodwill.refresh_from_db()
        assert (goodwill.state, Use.objects.count()) == (Goodwill.State.REFUSED, 0)

    def test_it_passes_the_absent_to_their_deputy(self, case):
        firm.away(make.he(), at("09:00"), at("18:00"), deputy=make.tang())
        assert request_of(promise(case, 900)).to_person == make.tang()

    def test_it_climbs_when_nobody_decides(self, case):
        request = request_of(promise(case, 900))
        fire_due(at("18:00", day=5))
        raised = Escalation.objects.filter(clock__about_kind="authority_request", clock__about_id=request.pk)
        assert raised.raised().first().to_person == make.sun()
        assert AuthorityRequest.objects.visible_to(make.sun()).filter(pk=request.pk).exists()

    def test_it_outlives_the_case(self, case):
        request = request_of(promise(case, 900))
        make.closed_case()
        from guixin.promise.keeping import void

        void(Clock.objects.filter(case_id=case.pk).open(), "case closed", NOON)
        assert Clock.objects.of(*request.about).open().exists()

    def test_what_nobody_may_decide_is_refused_at_once(self):
        firm.authority_table(line("goodwill", 1, 20_000), line("goodwill", 3, 30_000))
        with pytest.raises(NoAuthorityFor, match="Nobody in the firm"):
            promise(make.case(), 400)


class TestALimit:
    def test_of_zero_means_that_it_must_be_asked_for(self):
        firm.authority_table(line("goodwill", 1, 0), line("goodwill", 2, 100_000))
        assert promise(make.case(), 1).state == Goodwill.State.ASKED

    def test_that_is_not_there_means_that_one_may_not(self):
        firm.authority_table(line("goodwill", 2, 100_000))
        with pytest.raises(NoAuthorityFor, match="not yours to decide"):
            promise(make.case(), 1)

    def test_of_a_table_that_says_nothing_is_said(self):
        with pytest.raises(NoAuthorityFor, match="matrix says nothing"):
            promise(make.case(), 1)

    def test_is_not_passed_in_parts(self, case):
        promise(case, 150)
        assert promise(case, 51).state == Goodwill.State.ASKED

    def test_is_not_passed_by_two_together(self, case):
        promise(case, 150)
        assert promise(case, 60, by=make.tang()).state == Goodwill.State.ASKED

    def test_is_not_passed_by_another_route(self):
        firm.spending_table(line("refund", 1, 20_000), line("refund", 2, 100_000))
        case = make.case()
        promise(case, 150)
        answer = authorising.decide(
            make.wang(), "refund", 6_000, subject=deciding.subject_of_case(case), now=NOON, currency="CNY", reason="退"
        )  # fmt: skip
        assert isinstance(answer, AuthorityRequest)

    def test_is_not_passed_in_a_case_split_off(self, case):
        promise(case, 150)
        other = merging.split(case, "另一件", by=make.wang(), now=NOON)
        assert promise(other, 60).state == Goodwill.State.ASKED

    def test_of_a_customer_counts_all_their_cases(self):
        firm.authority_table(line("goodwill", 1, 20_000, limit_customer=30_000), line("goodwill", 2, 100_000))
        customer = make.customer()
        promise(make.case(customer=customer), 200)
        assert promise(make.case(customer=customer), 150).state == Goodwill.State.ASKED
        assert (
            promise(make.case(customer=make.customer("李四", "139 0013 9000")), 150).state
            == Goodwill.State.PROMISED
        )

    def test_of_a_period_counts_what_one_authority_decided_and_ends(self):
        firm.authority_table(line("goodwill", 1, 20_000, limit_period=30_000), line("goodwill", 2, 100_000))
        promise(make.case(), 200)
        assert promise(make.case(), 150).state == Goodwill.State.ASKED
        assert promise(make.case(), 150, by=make.tang()).state == Goodwill.State.PROMISED
        assert promise(make.case(), 150, now=at("12:00", day=10, month=4)).state == Goodwill.State.PROMISED

    def test_in_another_currency_is_another_limit_and_never_added_up(self):
        firm.spending_table(
            line("goodwill", 1, 3_000, currency="USD"), line("goodwill", 5, None, currency="USD")
        )
        case = make.case()
        promise(case, 100)
        dollars = deciding.promise_goodwill(case, 1_000, "USD", reason="运费", by=make.wang(), now=NOON)
        assert request_of(dollars).to_person == make.sun()  # only who has no limit adds up two currencies

    def test_holds_only_for_what_it_was_given_for(self):
        firm.authority_table(
            line("goodwill", 1, 20_000, up_to_severity=2, not_on_repeat=True), line("goodwill", 2, 100_000)
        )
        assert promise(make.case(severity=3), 10).state == Goodwill.State.ASKED
        assert promise(make.case(severity=2), 10).state == Goodwill.State.PROMISED

    @pytest.mark.parametrize(
        ("amount", "currency"), [(0, "CNY"), (-5, "CNY"), (10**16, "CNY"), (5, "XXQ"), (5, "")]
    )
    def test_is_asked_about_real_money_only(self, case, amount, currency):
        with pytest.raises(BadAmount):
            deciding.promise_goodwill(case, amount, currency, reason="赔礼", by=make.wang(), now=NOON)


class TestNobody:
    def test_grants_their_own_request(self, case):
        request = request_of(promise(case, 6_000, by=make.he()))
        with pytest.raises(CannotDecide, match="own request"):
            authorising.approve(request, by=make.he(), now=NOON)

    def test_grants_it_as_the_deputy_of_who_asked(self, case):
        request = request_of(promise(case, 900))
        firm.away(make.wang(), at("09:00"), at("18:00"), deputy=make.tang())
        with pytest.raises(CannotDecide, match="above what you may decide"):
            authorising.approve(request, by=make.tang(), now=NOON)

    def test_has_the_authority_of_the_absent_for_their_own_wishes(self, case):
        firm.away(make.he(), at("09:00"), at("18:00"), deputy=make.wang())
        assert request_of(promise(case, 900)).to_person == make.sun()

    def test_grants_more_than_they_may(self, case):
        request = request_of(promise(case, 6_000))
        with pytest.raises(CannotDecide, match="above what you may decide"):
            authorising.approve(request, by=make.he(), now=NOON)

    def test_decides_twice(self, case):
        request = request_of(promise(case, 900))
        authorising.approve(request, by=make.he(), now=NOON)
        with pytest.raises(CannotDecide, match="already been decided"):
            authorising.refuse(request, by=make.sun(), now=NOON, note="不")


class TestARequest:
    def test_travels_on_when_its_authority_does_not_suffice_any_more(self, case):
        first, second = promise(case, 900), promise(case, 800)
        authorising.approve(request_of(first), by=make.he(), now=NOON)

        passed = authorising.approve(request_of(second), by=make.he(), now=NOON)

        assert (passed.state, passed.to_person) == ("asked", make.sun())
        assert Clock.objects.get(about_kind="authority_request", about_id=passed.pk).holder == make.sun()
        assert authorising.approve(passed, by=make.sun(), now=NOON).state == "granted"

    def test_is_talked_over_and_withdrawn(self, case):
        request = request_of(promise(case, 900))
        authorising.say(request, "客户要求的是多少?", by=make.he(), now=NOON)
        authorising.say(request, "一千二", by=make.wang(), now=NOON)
        with pytest.raises(CannotDecide):
            authorising.say(request, "我也看看", by=make.li(), now=NOON)
        with pytest.raises(CannotDecide, match="Only who asked"):
            authorising.withdraw(request, by=make.he(), now=NOON)
        authorising.withdraw(request, by=make.wang(), now=NOON)
        assert Goodwill.objects.get(request=request).state == Goodwill.State.WITHDRAWN

    def test_is_seen_by_those_it_concerns(self, case):
        request = request_of(promise(case, 900))
        seen = {login for login in ("wang", "he", "sun", "tang", "li", "zhao", "chen")
                if AuthorityRequest.objects.visible_to(make.person(login)).filter(pk=request.pk).exists()}  # fmt: skip
        assert seen == {"wang", "he", "sun"}


class TestLending:
    SPAN = {"from_at": at("09:00"), "to_at": at("18:00", day=6)}

    def lend(self, lender, borrower, yuan, **more):
        return granting.lend(
            lender, borrower, "goodwill", yuan * YUAN, currency="CNY", reason="出差", now=at("09:00"),
            **(self.SPAN | more),
        )  # fmt: skip

    def test_gives_a_part_for_a_span_and_not_more_altogether(self, case):
        self.lend(make.he(), make.wang(), 500)
        assert promise(case, 450).state == Goodwill.State.PROMISED
        assert promise(make.case(), 60, by=make.wang()).state == Goodwill.State.PROMISED  # her own
        assert promise(make.case(), 300).state == Goodwill.State.ASKED  # only 50 of what was lent are left
        assert promise(make.case(), 300, now=at("09:00", day=9)).state == Goodwill.State.ASKED  # over

    def test_counts_against_the_lender(self, case):
        firm.authority_table(line("goodwill", 1, 0), line("goodwill", 2, 100_000, limit_period=100_000))
        self.lend(make.he(), make.wang(), 800)
        promise(case, 700)
        assert (
            authority.would_fit(
                make.he().pk, "goodwill", 40_000, subject=Subject(about=("case", 0)), now=NOON, currency="CNY"
            )
            is False
        )

    def test_is_never_more_than_one_has_nor_lent_on(self, case):
        with pytest.raises(granting.CannotLend, match="at most"):
            self.lend(make.wang(), make.tang(), 201)
        firm.authority_table(line("goodwill", 2, 100_000))
        self.lend(make.he(), make.wang(), 500)
        with pytest.raises(granting.CannotLend, match="cannot be lent on"):
            self.lend(make.wang(), make.tang(), 100)

    def test_never_closes_a_ring(self, case):
        self.lend(make.he(), make.wu(), 500)
        self.lend(make.wu(), make.chen(), 500)
        with pytest.raises(granting.CannotLend, match="a ring"):
            self.lend(make.chen(), make.he(), 500)

    def test_is_taken_back(self, case):
        lending = self.lend(make.he(), make.wang(), 500)
        with pytest.raises(granting.CannotLend):
            granting.take_back(lending, by=make.wang(), now=at("10:00"))
        granting.take_back(lending, by=make.he(), now=at("10:00"))
        assert promise(case, 450).state == Goodwill.State.ASKED


class TestMoreTime:
    def test_is_asked_of_the_first_whose_limit_suffices_and_travels_on(self):
        from guixin.promise import extending

        firm.authority_table(line("extension", 2, 120), line("extension", 3, 480), line("extension", 5, None))
        task = make.task(accepted_by=make.li())
        clock = make.clock(task, "result")
        late = extending.ask(clock, by=make.li(), until=at("17:00", day=5), reason="等样品", now=NOON)
        minutes = extending.minutes_asked(clock, late.old_due_at, late.wanted_until)
        assert (minutes, late.authority) == (240, make.wu())

        passed = extending.decide(late, by=make.wu(), granted=True, until=at("17:00", day=20), now=NOON)
        assert (passed.state, passed.authority) == ("asked", make.sun())
        assert extending.decide(passed, by=make.sun(), granted=True, now=NOON).state == "granted"
        assert Use.objects.get().amount == minutes


class TestTheTable:
    def test_shows_before_it_is_published_who_could_do_what_differs(self, case):
        draft = granting.begin_draft()
        grant = draft.grants.get(rank=2)
        granting.put_grant(draft, granting.terms_of(grant) | {"limit_each": 80_000}, pk=grant.pk)

        changed = granting.differences(draft, NOON)
        assert {each.person.login for each in changed} == {"he", "qian"}

        granting.publish(draft, by=make.he(), now=NOON)
        assert request_of(promise(case, 900)).to_person == make.sun()

    def test_refuses_lines_that_mean_nothing(self, case):
        draft = granting.begin_draft()
        for wrong, words in (
            ({"rank": None}, "whose"), ({"limit_each": -1}, "less than nothing"), ({"currency": "QQQ"}, "currency"),
            ({}, "already"), ({"limit_case": 1, "for_kinds": ["praise"]}, "less than that of one"),
        ):  # fmt: skip
            with pytest.raises((granting.CannotGrant, BadAmount), match=words):
                granting.put_grant(draft, line("goodwill", 1, 20_000) | wrong)

    def test_is_not_published_empty_or_unchanged(self, case):
        draft = granting.begin_draft()
        with pytest.raises(granting.CannotPublishMatrix, match="Nothing differs"):
            granting.publish(draft, by=make.he(), now=NOON)
        draft.grants.all().delete()
        with pytest.raises(granting.CannotPublishMatrix, match="nobody"):
            granting.publish(draft, by=make.he(), now=NOON)


class TestADeputy:
    def test_in_a_ring_is_refused(self):
        going_away.plan_absence(
            make.he(),
            from_at=at("09:00", day=9),
            to_at=at("18:00", day=13),
            deputy=make.wang(),
            by=None,
            now=NOON,
        )
        with pytest.raises(CannotGoAway, match="a ring"):
            going_away.plan_absence(
                make.wang(), from_at=at("09:00", day=12), to_at=at("18:00", day=16), deputy=make.he(), by=None,
                now=NOON,
            )  # fmt: skip
