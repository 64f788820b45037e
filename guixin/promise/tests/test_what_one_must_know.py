"""A department must know something: each of its people says that they have seen it; what nobody reads climbs."""

from datetime import timedelta

import pytest

from guixin.channels.models import Notice
from guixin.ledger.models import Entry
from guixin.organisation.employing import leave
from guixin.organisation.tests import make as firm
from guixin.promise.keeping import fire_due
from guixin.promise.matters import matter_for
from guixin.promise.models import Clock, Escalation
from guixin.promise.tests.make import NOON, at
from guixin.understand import knowing, sharing
from guixin.understand.models import Knowledge, KnowledgeReading, KnowledgeShare
from guixin.understand.sharing import CannotShare

pytestmark = pytest.mark.django_db


@pytest.fixture
def item():
    return knowing.capture(
        "competitor", "恒泰在温州设仓", subject="恒泰拉链", source="fair", by=firm.wang(), now=NOON
    )


def shared(item, *departments, by=None, **more) -> KnowledgeShare:
    departments = departments or (firm.quality(),)
    return sharing.share(item, departments, by=by or firm.he(), now=NOON, **more)[0]


def unread(share) -> set[str]:
    return {each.person.login for each in share.readings.filter(read_at=None).select_related("person")}


class TestWhatADepartmentMustKnow:
    def test_waits_for_everybody_in_it_and_below_it(self, item):
        assert unread(shared(item)) == {"wu", "qian", "li"}
        assert unread(shared(item, firm.department("quality-centre"))) == {
            "chen", "wu", "qian", "li", "feng", "jiang",
        }  # fmt: skip

    def test_can_be_read_by_them_and_by_nobody_else(self, item):
        shared(item)

        assert Knowledge.objects.visible_to(firm.li()).exists()
        assert Knowledge.objects.visible_to(firm.chen()).exists()
        assert not Knowledge.objects.visible_to(firm.zhao()).exists()

    def test_tells_each_of_them_once(self, item):
        shared(item)
        assert set(Notice.objects.values_list("person__login", flat=True)) == {"wu", "qian", "li"}

        sharing.read(item, by=firm.li(), now=NOON)
        assert not Notice.objects.unread_by(firm.li().pk).exists()

    def test_is_given_to_each_department_once_a_version(self, item):
        shared(item)
        assert sharing.share(item, [firm.quality()], by=firm.he(), now=NOON) == []

    def test_does_not_wait_for_whoever_wrote_it_down(self, item):
        assert unread(shared(item, firm.front())) == {"tang"}  # He gave it to them, Wang wrote it

    @pytest.mark.parametrize("departments", [[], None])
    def test_names_a_department_with_people(self, item, departments):
        empty = firm.Department.objects.create(code="new", name="新部门", parent=firm.firm())
        with pytest.raises(CannotShare):
            sharing.share(item, [empty] if departments is None else [], by=firm.he(), now=NOON)


class TestReadingIt:
    def test_is_proven_by_the_ledger(self, item):
        share = shared(item)
        assert sharing.read(item, by=firm.li(), now=NOON) == 1
        assert sharing.read(item, by=firm.li(), now=NOON) == 0

        entry = Entry.objects.get(kind="understand.knowledge_read")
        assert (entry.actor_id, entry.facts["share_id"], entry.facts["version"]) == (
            firm.li().pk,
            share.pk,
            1,
        )
        assert unread(share) == {"wu", "qian"}

    def test_by_all_who_are_there_keeps_the_promise(self, item):
        firm.away(firm.qian(), NOON - timedelta(days=1), NOON + timedelta(days=9))
        share = shared(item)
        for reader in (firm.wu(), firm.li()):
            sharing.read(item, by=reader, now=at("14:00"))

        share.refresh_from_db()
        clock = Clock.objects.get(about_kind="knowledge_share")
        assert (share.all_saw_it, clock.state, clock.stopped_at) == (True, Clock.State.MET, at("14:00"))
        assert KnowledgeReading.objects.waiting_for(firm.qian().pk).exists()  # on her return

    def test_waits_for_nobody_who_left(self, item):
        share = shared(item, firm.logistics())
        sharing.read(item, by=firm.zhou(), now=NOON)
        leave(firm.zhao(), by=firm.he(), now=at("15:00"))

        share.refresh_from_db()
        assert share.all_saw_it

    def test_begins_again_with_a_new_version(self, item):
        first = shared(item)
        sharing.read(item, by=firm.li(), now=NOON)
        changed = knowing.revise(
            item,
            title="恒泰在温州设仓，四月启用",
            words="",
            read_at_version=1,
            by=firm.wang(),
            now=at("14:00"),
        )
        assert not KnowledgeReading.objects.waiting_for(firm.wu().pk).exists()
        assert Clock.objects.get().state == Clock.State.VOID

        knowing.judge(
            changed, reliability="B", credibility=2, worth=3, topic="竞品", by=firm.he(), now=at("15:00")
        )
        again = KnowledgeShare.objects.exclude(pk=first.pk).get()
        assert (again.version, unread(again)) == (2, {"wu", "qian", "li"})


class TestWhatNobodyReads:
    def test_warns_the_head_and_then_climbs(self, item):
        share = shared(item)
        clock = Clock.objects.get()
        assert (clock.holder, clock.due_at) == (firm.wu(), at("12:00", day=5))

        fire_due(clock.due_at)
        raised = Escalation.objects.raised().get()
        assert raised.to_person == firm.chen()
        assert "恒泰在温州设仓" in matter_for(firm.chen(), (KnowledgeShare.ABOUT, share.pk)).subject
        assert matter_for(firm.zhao(), (KnowledgeShare.ABOUT, share.pk)) is None

    def test_has_its_own_moment_if_one_is_named(self, item):
        shared(item, read_until=at("16:00"))
        assert Clock.objects.get().due_at == at("16:00")

    def test_is_over_when_it_no_longer_holds(self, item):
        shared(item)
        knowing.end(item, "传言", by=firm.he(), now=at("14:00"))

        assert Clock.objects.get().state == Clock.State.VOID
        assert not KnowledgeReading.objects.waiting_for(firm.li().pk).exists()
