import pytest

from guixin.channels.models import Notice
from guixin.ledger.models import Entry
from guixin.organisation.models import Absence
from guixin.promise.models import Clock
from guixin.serve import bulk_changes, changing, handling
from guixin.serve.bulk_changes import CannotChangeMany
from guixin.serve.models import BulkChange, BulkItem, Case, FollowUp, Task
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db
LATER = make.at("14:00")


def many(number: int = 3, **more) -> list[Case]:
    return [make.case(subject=f"第 {at} 件", **more) for at in range(number)]


def drafted(act: str, cases: list[Case], by=None) -> BulkChange:
    return bulk_changes.draft(act, [case.pk for case in cases], by=by or make.wang(), now=LATER)


def done(act: str, cases: list[Case], asked: dict, by=None) -> BulkChange:
    return bulk_changes.start(drafted(act, cases, by), asked, by=by or make.wang(), now=LATER)


def states(change: BulkChange) -> list[str]:
    return list(change.items.order_by("about_id").values_list("state", flat=True))


class TestAnotherOwnerForMany:
    def test_moves_the_cases_and_their_promises_and_no_deadline(self):
        cases = many()
        before = {clock.pk: clock.due_at for clock in Clock.objects.all()}

        change = done("owner", cases, {"owner": make.tang().pk})

        assert change.state == "done"
        assert {case.owner for case in Case.objects.all()} == {make.tang()}
        replies = Clock.objects.filter(measure="reply")
        assert {clock.holder_id for clock in replies} == {make.tang().pk}
        assert before == {clock.pk: clock.due_at for clock in Clock.objects.all()}

    def test_tells_the_new_owner_once(self):
        done("owner", many(5), {"owner": make.tang().pk})

        told = Notice.objects.filter(person=make.tang())
        assert [notice.kind for notice in told] == ["serve.work_received"]
        assert told[0].facts["number"] == 5
        assert Entry.objects.filter(kind="serve.owner_changed").count() == 5

    def test_is_the_single_act_in_a_set(self):
        alone, together = many(2)
        changing.change_owner(alone, make.li(), by=make.wang(), now=LATER)
        done("owner", [together], {"owner": make.li().pk})

        for case in (alone, together):
            case.refresh_from_db()
        assert alone.department_id == together.department_id
        assert alone.version == together.version

    def test_previews_who_refuses_and_why(self):
        open_case, hers = many(2)
        changing.change_owner(hers, make.tang(), by=make.wang(), now=LATER)
        closed = make.closed_case(customer=None)

        shown = bulk_changes.preview(
            drafted("owner", [open_case, hers, closed]), {"owner": make.tang().pk}, now=LATER
        )

        assert shown.changed == 1
        assert {reason: [case.pk for case in cases] for reason, cases in shown.refused.items()} == {
            "It is with this owner already.": [hers.pk],
            "It is closed.": [closed.pk],
        }
        assert Case.objects.get(pk=open_case.pk).owner == make.wang()

    def test_is_taken_back_where_nobody_changed_it_since(self):
        first, second, third = many()
        change = done("owner", [first, second, third], {"owner": make.tang().pk})
        changing.change_owner(second, make.he(), by=make.he(), now=LATER)

        bulk_changes.undo(change, by=make.wang(), now=LATER)

        assert [case.owner for case in Case.objects.order_by("pk")] == [make.wang(), make.he(), make.wang()]
        assert states(change) == ["undone", "kept", "undone"]
        assert change.items.get(state="kept").reason  # in the language of whoever took it back

    def test_takes_only_what_the_chooser_may_see(self):
        cases = many(2, departments=[make.logistics().pk])

        with pytest.raises(CannotChangeMany, match="at least one"):
            drafted("owner", cases, by=make.li())

    def test_refuses_colleagues_who_only_see_the_case(self):
        cases = many(2)

        change = done("owner", cases, {"owner": make.li().pk}, by=make.li())

        assert states(change) == ["refused", "refused"]

    def test_needs_no_more_statements_for_more_cases(self, django_assert_max_num_queries):
        cases = many(12)
        change = drafted("owner", cases)

        with django_assert_max_num_queries(70):
            bulk_changes.start(change, {"owner": make.tang().pk}, by=make.wang(), now=LATER)


class TestSeverityAndCategoryOfMany:
    def test_are_changed_and_taken_back(self):
        cases = many(2)

        change = done("details", cases, {"severity": 3, "category": "delivery"})
        assert {(case.severity, case.category) for case in Case.objects.all()} == {(3, "delivery")}

        bulk_changes.undo(change, by=make.wang(), now=LATER)
        assert {(case.severity, case.category) for case in Case.objects.all()} == {(2, "quality")}

    def test_keeps_a_deadline_that_became_stricter(self):
        (case,) = many(1)
        change = done("details", [case], {"severity": 3})
        stricter = make.clock(case, "reply").due_at

        bulk_changes.undo(change, by=make.wang(), now=LATER)

        assert make.clock(case, "reply").due_at == stricter

    def test_are_the_single_edit_in_a_set(self):
        alone, together = many(2)
        changing.edit(alone, {"severity": 3}, read_at_version=alone.version, by=make.wang(), now=LATER)
        done("details", [together], {"severity": 3})

        def promised(case) -> list:
            return list(
                Clock.objects.filter(case_id=case.pk)
                .order_by("pk")
                .values_list("measure", "due_at", "version")
            )

        assert promised(alone) == promised(together)
        assert Entry.objects.filter(kind="serve.case_changed").count() == 2


class TestGivingManyToADepartment:
    def test_gives_tasks_and_takes_them_back(self):
        cases = many(2)
        before = list(Task.objects.unfinished().values_list("case_id", "department_id").order_by("pk"))
        asked = {"department": make.after_sales().pk, "reason": "召回", "withdraw_others": True}

        change = done("department", cases, asked)
        assert {task.department for task in Task.objects.unfinished()} == {make.after_sales()}

        bulk_changes.undo(change, by=make.wang(), now=LATER)
        after = Task.objects.unfinished().values_list("case_id", "department_id")
        assert sorted(after) == sorted(before)

    def test_needs_no_more_statements_for_more_cases(self, django_assert_max_num_queries):
        change = drafted("department", many(12))
        asked = {"department": make.after_sales().pk, "reason": "召回", "withdraw_others": True}

        with django_assert_max_num_queries(80):
            bulk_changes.start(change, asked, by=make.wang(), now=LATER)
        with django_assert_max_num_queries(110):
            bulk_changes.undo(change, by=make.wang(), now=LATER)

        assert states(change) == ["undone"] * 12

    def test_one_that_fails_does_not_stop_the_others(self, monkeypatch):
        from guixin.serve import routing

        first, second = many(2)
        decide = routing.decide_for_all

        def fail_with_the_first(cases, *args, **kwargs):
            if first in cases:
                raise RuntimeError("broken")
            return decide(cases, *args, **kwargs)

        monkeypatch.setattr(routing, "decide_for_all", fail_with_the_first)
        asked = {"department": make.after_sales().pk, "reason": "召回"}

        assert states(done("department", [first, second], asked)) == ["refused", "done"]

    def test_is_not_taken_back_once_somebody_accepted(self):
        (case,) = many(1)
        change = done("department", [case], {"department": make.after_sales().pk, "reason": "召回"})
        task = Task.objects.get(case=case, department=make.after_sales())
        handling.accept(task, by=make.jiang(), now=LATER)

        bulk_changes.undo(change, by=make.wang(), now=LATER)

        assert states(change) == ["kept"]


class TestOtherActsOnMany:
    def test_one_that_fails_does_not_stop_the_others(self, monkeypatch):
        from guixin.serve import replying

        first, second = many(2)
        note = replying.note

        def fail_on_the_first(case, *args, **kwargs):
            if case.pk == first.pk:
                raise RuntimeError("broken")
            return note(case, *args, **kwargs)

        monkeypatch.setattr(replying, "note", fail_on_the_first)

        assert states(done("note", [first, second], {"body": "同一批货"})) == ["refused", "done"]

    def test_a_note_stays(self):
        change = done("note", many(2), {"body": "同一批货"})

        assert states(change) == ["done", "done"]
        with pytest.raises(CannotChangeMany):
            bulk_changes.undo(change, by=make.wang(), now=LATER)

    def test_closing_refuses_what_was_not_answered(self):
        answered, not_yet = make.answered_case(), make.case(subject="没答复")
        asked = {
            "department": make.quality().pk,
            "quality_point": "colour",
            "cause": "material",
            "severity": 2,
        }

        change = done("close", [answered, not_yet], asked)

        assert states(change) == ["done", "refused"]
        bulk_changes.undo(change, by=make.wang(), now=LATER)
        assert Case.objects.get(pk=answered.pk).state == "open"


class TestALargeChange:
    @pytest.fixture(autouse=True)
    def _large(self, monkeypatch):
        from guixin.serve.bulk_acts import ACTS

        monkeypatch.setattr(type(ACTS["details"]), "at_once", 1)
        monkeypatch.setattr(type(ACTS["details"]), "piece", 2)

    def test_is_done_by_a_worker_piece_by_piece(self):
        change = done("details", many(5), {"severity": 3})
        assert change.state == "waiting"

        turns = 0
        while bulk_changes.run_next(LATER):
            turns += 1

        change.refresh_from_db()
        assert (change.state, turns) == ("done", 3)
        assert states(change) == ["done"] * 5

    def test_is_marked_with_its_pieces(self):
        change = done("details", many(5), {"severity": 3})

        bulk_changes.run_next(LATER)

        assert change.items.filter(state=BulkItem.State.DONE).count() == 2
        assert Case.objects.filter(severity=3).count() == 2


class TestHandingOver:
    def test_moves_cases_tasks_and_follow_ups_in_one_act(self):
        make.task(accepted_by=make.li())
        mine = make.case(subject="李娜的")
        changing.change_owner(mine, make.li(), by=make.wang(), now=make.NOON)

        change = bulk_changes.hand_over_all(make.li(), [make.qian()], by=make.wu(), now=LATER)

        assert change.state == "done"
        assert Task.objects.get(handler__isnull=False).handler == make.qian()
        assert Case.objects.get(pk=mine.pk).owner == make.qian()
        assert Clock.objects.open().filter(holder=make.li()).count() == 0
        told = Notice.objects.filter(
            person=make.qian(), kind__in=["serve.work_received", "serve.owner_changed"]
        )
        assert [notice.kind for notice in told] == ["serve.work_received"]

    def test_hands_over_follow_ups_with_their_promise(self):
        case = make.closed_case()
        one = FollowUp.objects.get(case=case)
        holder = one.holder

        bulk_changes.hand_over_all(holder, [make.tang()], by=make.he(), now=LATER)

        one.refresh_from_db()
        assert one.holder == make.tang()
        assert set(Clock.objects.open().of("follow_up", one.pk).values_list("holder_id", flat=True)) <= {
            make.tang().pk
        }

    def test_shares_out_evenly(self):
        many(4)

        bulk_changes.hand_over_all(make.wang(), [make.tang(), make.he()], by=make.sun(), now=LATER)

        assert Case.objects.filter(owner=make.tang()).count() == 2
        assert Case.objects.filter(owner=make.he()).count() == 2

    def test_is_taken_back_as_a_whole(self):
        many(3)
        change = bulk_changes.hand_over_all(make.wang(), [make.tang()], by=make.he(), now=LATER)

        bulk_changes.undo(change, by=make.he(), now=LATER)

        assert set(Case.objects.values_list("owner", flat=True)) == {make.wang().pk}

    def test_refuses_tasks_whose_department_none_of_them_works_in(self):
        make.task(accepted_by=make.li())

        with pytest.raises(CannotChangeMany, match="nothing these could take"):
            bulk_changes.hand_over_all(make.li(), [make.tang()], by=make.sun(), now=LATER)

    def test_is_for_those_above(self):
        many(1)

        with pytest.raises(CannotChangeMany, match="stand above"):
            bulk_changes.hand_over_all(make.wang(), [make.tang()], by=make.tang(), now=LATER)

    def test_proposes_the_deputy_first(self):
        from guixin.serve.handing_over import receivers_for, whose_work

        many(2)
        Absence.objects.create(
            person=make.wang(), from_at=make.at("08:00"), to_at=make.at("18:00", day=6), deputy=make.he()
        )

        assert receivers_for(make.wang(), LATER)[0].person == make.he()
        first = whose_work(make.he(), LATER)[0]
        assert (first.person, first.load.cases) == (make.wang(), 2)

    def test_is_offered_of_those_present_who_have_no_cases_too(self):
        from guixin.serve.handing_over import whose_work

        without_cases = make.qian()

        offered = whose_work(make.sun(), LATER)

        assert [each.load.all for each in offered if each.person == without_cases] == [0]
