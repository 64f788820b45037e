"""Who takes over when a promise is broken, and who when they are away."""

from datetime import UTC, date, datetime, timedelta

import pytest

from guixin.organisation.ladder import Ladder, NoAuthority, Why
from guixin.organisation.models import Department, Person, Position, Post
from guixin.organisation.tests import make

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
DAY = timedelta(days=1)


def away(who, deputy=None):
    return make.away(who, NOON - DAY, NOON + DAY, deputy)


def next_above(level, holder=None, department=None, now=NOON):
    department = department or make.quality()
    holder = holder or make.li()
    return Ladder.at(now).next_authority(department.pk, holder.pk, level, now)


def who(authority):
    return Person.objects.get(pk=authority.person_id).login


class TestTheLadder:
    def test_climbs_from_the_handler_to_the_general_manager(self):
        climbed = [who(next_above(level)) for level in (1, 2, 3, 4)]
        assert climbed == ["qian", "wu", "chen", "sun"]

    def test_says_position_and_rank(self):
        head = next_above(2)
        assert (head.position_title, head.rank, head.is_top, head.skipped) == ("质量部长", 3, False, ())

    def test_stays_at_the_top_beyond_its_last_rung(self):
        assert next_above(4).is_top
        beyond = next_above(9)
        assert who(beyond) == "sun"
        assert beyond.is_top

    def test_begins_above_the_rank_of_the_holder(self):
        assert who(next_above(1, holder=make.wu())) == "chen"

    def test_treats_a_guest_from_another_department_as_a_handler(self):
        assert who(next_above(1, holder=make.zhou())) == "qian"

    def test_begins_at_the_first_rung_when_nobody_holds_the_task(self):
        department = make.quality().pk
        authority = Ladder.at(NOON).next_authority(department, None, 1, NOON)
        assert who(authority) == "qian"

    def test_leaves_out_ranks_a_department_does_not_have(self):
        assert who(next_above(1, holder=make.zhao(), department=make.logistics())) == "zhou"
        assert who(next_above(2, holder=make.zhao(), department=make.logistics())) == "sun"

    def test_reaches_a_general_manager_whose_office_hangs_beside(self):
        office = Department.objects.create(code="office", name="总经办", parent=make.firm())
        Position.objects.filter(rank=5).update(department=office)
        top = next_above(4)
        assert who(top) == "sun"
        assert top.is_top

    def test_tells_the_top_again_when_the_top_is_late_itself(self):
        top = next_above(1, holder=make.sun())
        assert who(top) == "sun"
        assert top.is_top

    def test_follows_a_new_post_at_once(self):
        assert who(next_above(1)) == "qian"
        Post.objects.filter(person=make.qian()).delete()
        assert who(next_above(1)) == "wu"

    def test_honours_the_days_of_a_post(self):
        Post.objects.filter(person=make.qian()).update(until=date(2026, 3, 4))
        assert who(next_above(1, now=NOON)) == "wu"
        assert who(next_above(1, now=NOON - DAY)) == "qian"

    def test_asks_the_database_once_for_a_whole_batch(self, django_assert_num_queries):
        department, holder = make.quality().pk, make.li().pk
        Ladder.at(NOON).next_authority(department, holder, 1, NOON)
        with django_assert_num_queries(1):
            ladder = Ladder.at(NOON)
            for level in range(1, 500):
                ladder.next_authority(department, holder, level, NOON)

    def test_refuses_only_a_firm_without_any_post(self):
        make.firm()
        Post.objects.all().delete()
        with pytest.raises(NoAuthority, match="Nobody in the firm"):
            next_above(1)


class TestSomebodyAway:
    def test_is_replaced_by_the_deputy(self):
        away(make.qian(), deputy=make.zhao())
        authority = next_above(1)
        assert who(authority) == "zhao"
        assert authority.position_title == "质量主管"
        [skipped] = authority.skipped
        assert (skipped.person_id, skipped.reason, skipped.deputy_id) == (
            make.qian().pk,
            Why.ABSENT,
            make.zhao().pk,
        )

    def test_is_replaced_by_the_deputys_deputy(self):
        away(make.qian(), deputy=make.zhao())
        away(make.zhao(), deputy=make.jiang())
        assert who(next_above(1)) == "jiang"

    def test_is_passed_over_upward_when_deputies_go_in_a_circle(self):
        away(make.qian(), deputy=make.zhao())
        away(make.zhao(), deputy=make.qian())
        authority = next_above(1)
        assert who(authority) == "wu"
        assert [skip.person_id for skip in authority.skipped] == [make.qian().pk, make.zhao().pk]

    def test_is_passed_over_upward_without_a_deputy(self):
        away(make.qian())
        assert who(next_above(1)) == "wu"

    def test_is_replaced_by_another_person_of_the_same_rung_before_going_up(self):
        Post.objects.create(
            person=make.zhao(), position=make.qian().posts.get().position, since=make.SINCE, is_main=False
        )
        away(make.qian())
        assert who(next_above(1)) == "zhao"

    def test_is_not_replaced_by_the_very_person_who_is_late(self):
        away(make.qian(), deputy=make.li())
        authority = next_above(1)
        assert who(authority) == "wu"
        assert authority.skipped[-1].reason == Why.HOLDER

    def test_is_there_again_when_the_absence_ends(self):
        absence = away(make.qian())
        assert who(next_above(1, now=absence.to_at)) == "qian"
        assert who(next_above(1, now=absence.to_at - timedelta(seconds=1))) == "wu"

    def test_counts_as_away_for_good_when_inactive(self):
        make.firm()
        Person.objects.filter(login="qian").update(is_active=False)
        authority = next_above(1)
        assert who(authority) == "wu"
        assert authority.skipped[0].reason == Why.INACTIVE

    def test_at_the_top_is_told_anyway_when_nobody_is_left(self):
        for person in (make.qian(), make.wu(), make.chen(), make.sun()):
            away(person)
        authority = next_above(1)
        assert who(authority) == "sun"
        assert authority.is_top
        assert len(authority.skipped) == 4


class TestTheFrontDesk:
    def test_has_everybody_with_the_duty_who_is_there(self):
        make.firm()
        assert Ladder.at(NOON).front_desk(NOON) == sorted([make.wang().pk, make.tang().pk])
        away(make.wang())
        assert Ladder.at(NOON).front_desk(NOON) == [make.tang().pk]

    def test_gives_the_preferred_agent_when_there(self):
        tang, wang = make.tang(), make.wang()
        assert Ladder.at(NOON).front_desk_owner(NOON, preferred=tang.pk) == tang.pk
        away(tang)
        assert Ladder.at(NOON).front_desk_owner(NOON, preferred=tang.pk) == wang.pk

    def test_falls_to_a_deputy_then_to_the_coordinator(self):
        away(make.wang())
        away(make.tang(), deputy=make.zhao())
        assert Ladder.at(NOON).front_desk_owner(NOON) == make.zhao().pk
        away(make.zhao())
        assert Ladder.at(NOON).front_desk_owner(NOON) == make.he().pk

    def test_falls_to_the_top_when_the_coordinator_is_away_too(self):
        for person in (make.wang(), make.tang(), make.he()):
            away(person)
        assert Ladder.at(NOON).coordinator(NOON) == make.sun().pk
        assert Ladder.at(NOON).front_desk_owner(NOON) == make.sun().pk


class TestADepartment:
    def test_names_its_head_even_when_away(self):
        away(make.wu())
        assert Ladder.at(NOON).head_of(make.quality().pk) == make.wu().pk

    def test_without_posts_is_headed_from_above(self):
        lab = Department.objects.create(code="lab", name="化验室", parent=make.quality())
        assert Ladder.at(NOON).head_of(lab.pk) == make.wu().pk

    def test_lists_the_handlers_who_are_there(self):
        make.firm()
        assert Ladder.at(NOON).handlers(make.quality().pk, NOON) == [make.li().pk]
        away(make.li())
        assert Ladder.at(NOON).handlers(make.quality().pk, NOON) == [make.qian().pk]
