"""Words, an escalation or sleep for many cases at once, previewed, and taken back as far as that goes."""

from datetime import timedelta

import pytest

from guixin.promise.models import Escalation
from guixin.serve import bulk_changes, sending, templates
from guixin.serve.models import BulkChange, Case, Draft, HeldReply, Message, Snooze
from guixin.serve.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LATER = make.at("14:00")
SOON_AFTER = LATER + timedelta(seconds=20)


def many(number: int = 3, **more) -> list[Case]:
    return [make.case(subject=f"第 {at} 件", **more) for at in range(number)]


def drafted(act: str, cases: list[Case]) -> BulkChange:
    return bulk_changes.draft(act, [case.pk for case in cases], by=make.wang(), now=LATER)


def done(act: str, cases: list[Case], asked: dict) -> BulkChange:
    return bulk_changes.start(drafted(act, cases), asked, by=make.wang(), now=LATER)


def states(change: BulkChange) -> list[str]:
    return list(change.items.order_by("about_id").values_list("state", flat=True))


def words(code="sorry", **more):
    values = {"name": "致歉", "body": "{customer}，您好，已收到。", "kind": "reply"} | more
    return templates.publish(code, values, now=make.NOON)


class TestACannedReplyForMany:
    def test_speaks_of_each_case_and_can_be_taken_back_for_a_minute(self):
        cases = many(3)

        change = done("template", cases, {"template": words(body="您好，{number} 已收到。").pk})

        assert states(change) == ["done"] * 3
        said = list(HeldReply.objects.order_by("pk").values_list("body", "state"))
        assert [body for body, _state in said] == [f"您好，{case.number} 已收到。" for case in cases]
        assert not sending.send_next(LATER + timedelta(seconds=59))

        bulk_changes.undo(change, by=make.wang(), now=SOON_AFTER)

        assert states(change) == ["undone"] * 3
        assert not HeldReply.objects.held().exists()
        assert not Draft.objects.exists()  # nobody had written it in a composer

    def test_is_kept_where_it_has_left(self):
        change = done("template", many(1), {"template": words().pk})
        assert sending.send_next(LATER + timedelta(minutes=1))

        bulk_changes.undo(change, by=make.wang(), now=LATER + timedelta(minutes=2))

        [item] = change.items.all()
        assert item.state == "kept"
        assert item.reason  # in the language of whoever took it back

    def test_leaves_out_a_case_with_a_gap_and_says_which(self):
        [nobody] = many(1)
        Case.objects.filter(pk=nobody.pk).update(customer=None)
        change = drafted("template", [nobody, *many(1)])
        shown = bulk_changes.preview(change, {"template": words().pk}, now=LATER)
        assert shown.changed == 1
        assert list(shown.refused) == ["It has no value for {customer}."]
        assert "张" in shown.sample

    def test_that_is_a_note_stays(self):
        change = done("template", many(1), {"template": words(kind="note", body="批次问题").pk})
        assert Message.objects.filter(kind="note", body="批次问题").count() == 1
        bulk_changes.undo(change, by=make.wang(), now=LATER)
        assert states(change) == ["kept"]

    def test_without_words_is_refused(self):
        with pytest.raises(bulk_changes.bulk_acts.CannotAsk):
            done("template", many(1), {"template": 0})


class TestRaisingMany:
    def test_takes_each_one_level_higher(self):
        change = done("escalate", many(3), {"reason": "同一批次，客户停产"})
        assert states(change) == ["done"] * 3
        assert list(Escalation.objects.values_list("level", "cause", "reason").distinct()) == [
            (1, "by_hand", "同一批次，客户停产")
        ]
        assert not bulk_changes.may_undo(change, make.wang())

    def test_needs_a_reason(self):
        with pytest.raises(bulk_changes.bulk_acts.CannotAsk, match="Say why"):
            done("escalate", many(1), {"reason": " "})


class TestSnoozingMany:
    def test_takes_ones_own_and_wakes_them_again(self):
        cases = [*many(2), make.case(by=make.tang())]
        Case.objects.update(queue_at=LATER + timedelta(days=3))

        change = done("snooze", cases, {"until": (LATER + timedelta(days=1)).isoformat()})

        assert states(change) == ["done", "done", "refused"]
        assert Snooze.objects.count() == 2
        bulk_changes.undo(change, by=make.wang(), now=SOON_AFTER)
        assert states(change) == ["undone", "undone", "refused"]
        assert not Snooze.objects.exists()
