"""What an absent colleague holds besides cases goes along when their work is handed over."""

from datetime import date, timedelta

import pytest

from guixin.ledger.models import Entry
from guixin.organisation.employing import CannotLeave
from guixin.organisation.skilling import keep_skill
from guixin.organisation.tests.make import line, spending_table
from guixin.promise import packages, proposing, strategies
from guixin.promise.models import Clock
from guixin.serve import bulk_changes
from guixin.serve.asking_experts import ask_expert
from guixin.serve.emergencies import take_the_path
from guixin.serve.models import BulkItem, Visit
from guixin.serve.open_work import keeps_here
from guixin.serve.tests import make
from guixin.understand import contact_series, contacting
from guixin.understand.models import Contact, Segment

pytestmark = pytest.mark.django_db
LATER = make.at("14:00")
FRIDAY = date(2026, 3, 6)


@pytest.fixture(autouse=True)
def _promises():
    make.standards()


def contact(owner=None):
    return contacting.plan(
        make.customer(),
        "visit",
        FRIDAY,
        owner=owner or make.li(),
        subject="看样",
        by=make.wang(),
        now=make.NOON,
    )


def segment(owner=None):
    return Segment.objects.create(
        code="key", name="大客户", owner=owner or make.chen(), priority=1, published_at=make.NOON
    )


def strategy_task(owner=None):
    cycle = strategies.begin(segment(), by=make.chen(), now=make.NOON)
    return strategies.give_task(
        cycle.steps.get(kind="implementation"), "备一名替补工程师", owner=owner or make.li(),
        due_at=LATER + timedelta(days=2), by=make.chen(), now=make.NOON,
    )  # fmt: skip


def handed_over(absent, *to, by=None, for_good=False):
    by = by or make.wu()
    by.language = "en"  # whoever hands over is told in their own language why something stays
    by.save(update_fields=["language"])
    return bulk_changes.hand_over_all(absent, list(to), by=by, now=LATER, for_good=for_good)


class TestHandingOverMatters:
    def test_moves_planned_contacts_and_no_day(self):
        planned = contact()

        handed_over(make.li(), make.qian())

        now = Contact.objects.get()
        assert (now.owner, now.planned_on, now.due_at) == (make.qian(), FRIDAY, planned.due_at)
        assert Entry.objects.get(kind="understand.contact_passed_on").facts["from_id"] == make.li().pk

    def test_moves_a_task_of_a_strategy_with_its_clock(self):
        task = strategy_task()
        due = Clock.objects.of(task.ABOUT, task.pk).get().due_at

        handed_over(make.li(), make.qian())

        task.refresh_from_db()
        clock = Clock.objects.of(task.ABOUT, task.pk).get()
        assert task.owner == make.qian()
        assert (clock.holder, clock.due_at) == (make.qian(), due)

    def test_is_taken_back_as_a_whole(self):
        task, _planned = strategy_task(), contact()
        change = handed_over(make.li(), make.qian())

        bulk_changes.undo(change, by=make.wu(), now=LATER)

        task.refresh_from_db()
        assert (task.owner, Contact.objects.get().owner) == (make.li(), make.li())
        assert set(change.items.values_list("state", flat=True)) == {BulkItem.State.UNDONE}

    def test_tells_each_receiver_once_how_much_it_is(self):
        strategy_task()
        contact()

        change = handed_over(make.li(), make.qian())

        [told] = Entry.objects.filter(kind="serve.work_received")
        assert (told.about_id, told.facts["number"]) == (change.pk, 2)

    def test_leaves_what_somebody_answers_for_unless_it_is_for_good(self):
        customer = make.customer()
        customer.owner = make.li()
        customer.save(update_fields=["owner"])
        series = contact_series.begin(
            customer, "call", "月度回访", owner=make.li(), every=1, unit="months", first_on=FRIDAY, by=make.wang(),
            now=make.NOON,
        )  # fmt: skip
        handed_over(make.li(), make.qian())
        customer.refresh_from_db()
        series.refresh_from_db()
        assert (customer.owner, series.owner) == (make.li(), make.li())

        handed_over(make.li(), make.qian(), for_good=True)

        customer.refresh_from_db()
        series.refresh_from_db()
        assert (customer.owner, series.owner) == (make.qian(), make.qian())

    def test_passes_no_authority_on(self):
        proposal = proposing.propose(
            "other", "验收单改为电子", "纸单常丢", by=make.wang(), now=make.NOON, department=make.quality(),
        )  # fmt: skip
        assert proposal.reviewer == make.wu()
        contact(owner=make.wu())

        change = handed_over(make.wu(), make.li(), by=make.sun())

        proposal.refresh_from_db()
        assert proposal.reviewer == make.wu()
        kept = change.items.get(about_kind="proposal")
        assert kept.state == BulkItem.State.REFUSED
        assert "same rank" in kept.reason

    def test_says_which_package_names_the_colleague_to_customers(self):
        package = packages.define("key", name="大客户方案", segment=segment())
        said = {"reason": "大客户", "owner": make.li(), "channels": ["phone"]}
        packages.publish(package, said, [], by=make.chen(), now=make.NOON)
        contact()

        change = handed_over(make.li(), make.qian(), for_good=True)

        assert "names this person" in change.items.get(about_kind="package").reason

    def test_moves_visitors_to_receive(self):
        case = make.case(kind="visit")
        visit = Visit.objects.create(
            case=case,
            purpose="tour",
            people=3,
            wished_on=FRIDAY,
            grade="C",
            budget=1,
            currency="CNY",
            host=make.li(),
        )

        handed_over(make.li(), make.qian())

        visit.refresh_from_db()
        assert (visit.host, visit.version) == (make.qian(), 2)

    def test_moves_a_hard_problem_only_to_whoever_knows_the_field(self):
        skill, _new = keep_skill("sewing", name="缝制", people=[make.li()], by=None, now=make.NOON)
        problem = ask_expert(make.case(), skill, "为什么跳针?", by=make.wang(), now=make.NOON)
        contact()

        change = handed_over(make.li(), make.qian())
        assert "knows the field" in change.items.get(about_kind="hard_problem").reason

        keep_skill("sewing", name="缝制", people=[make.li(), make.qian()], by=None, now=make.NOON)
        handed_over(make.li(), make.qian())
        problem.refresh_from_db()
        assert problem.expert == make.qian()
        assert Clock.objects.of(*problem.about).get().holder == make.qian()

    def test_moves_the_review_of_an_emergency_past_those_who_took_part(self):
        spending_table(line("emergency", 2, 1), line("emergency", 5, None))
        emergency = take_the_path(make.case(), reason="产线停了", by=make.he(), now=make.NOON)
        was = emergency.reviewer
        contact(owner=was)

        change = handed_over(was, make.he(), by=was)
        assert change.items.get(about_kind="emergency_review").state == BulkItem.State.REFUSED


class TestLeaving:
    def test_is_refused_while_a_contact_is_planned(self):
        contact()

        with pytest.raises(CannotLeave, match="planned contact"):
            keeps_here(make.li())
