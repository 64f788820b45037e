"""An administrator arranges departments, positions, people and posts by pages, and the ledger says who did it."""

from datetime import timedelta

import pytest
from django.test import Client

from guixin.desks.tests.desk import noon, signed_in
from guixin.ledger.models import Entry
from guixin.organisation.models import Department, Person, Position, Post, SignInLink
from guixin.serve.tests import make

__all__ = ["noon"]
pytestmark = pytest.mark.usefixtures("noon")


def administrator() -> Client:
    return signed_in(make.sun())


def posted_to(address: str, **said) -> str:
    answer = administrator().post(address, said, follow=True)
    return answer.content.decode()


def kinds_about(kind: str, pk: int) -> list[str]:
    return [entry.kind for entry in Entry.objects.history_of((kind, pk))]


class TestADepartment:
    def test_is_added_with_a_code_of_its_own(self):
        above = make.quality()

        posted_to("/admin/departments", name="检测室", parent=above.pk)

        made = Department.objects.get(name="检测室")
        assert made.code == "jianceshi"
        assert made.parent == above
        entry = Entry.objects.history_of(("department", made.pk)).get()
        assert entry.actor_id == make.sun().pk

    def test_is_renamed_and_moved_and_its_page_says_by_whom(self):
        box = make.logistics()

        shown = posted_to(f"/admin/departments/{box.pk}", name="物流中心", parent=make.quality().pk)

        box.refresh_from_db()
        assert (box.name, box.parent) == ("物流中心", make.quality())
        assert "孙国强" in shown

    def test_cannot_stand_under_itself(self):
        centre = make.department("quality-centre")

        answer = administrator().post(
            f"/admin/departments/{centre.pk}", {"name": "质量中心", "parent": make.quality().pk}
        )

        assert answer.status_code == 422
        assert "cannot stand under itself" in answer.content.decode()

    def test_is_not_closed_while_tasks_are_open(self):
        make.case(departments=[make.quality().pk])

        shown = posted_to(f"/admin/departments/{make.quality().pk}/closing")

        assert "Pass it on to another department first" in shown
        assert make.quality().is_active

    def test_is_closed_and_opened_again_with_undo(self):
        box = make.logistics()

        shown = posted_to(f"/admin/departments/{box.pk}/closing")

        assert not make.logistics().is_active
        assert f"/admin/departments/{box.pk}/opening" in shown
        posted_to(f"/admin/departments/{box.pk}/opening")
        assert make.logistics().is_active
        assert kinds_about("department", box.pk) == [
            "organisation.department_reopened",
            "organisation.department_closed",
        ]


class TestAPosition:
    def test_is_added_and_changed(self):
        box = make.quality()

        posted_to(f"/admin/departments/{box.pk}/positions", title="检验员", rank=1, sees="own")
        chair = Position.objects.get(title="检验员")
        posted_to(
            f"/admin/positions/{chair.pk}", title="检验员", rank=2, sees="department", duties=["auditor"]
        )

        chair.refresh_from_db()
        assert (chair.rank, chair.sees, chair.duties) == (2, "department", ["auditor"])

    def test_of_the_last_administrator_keeps_the_administration_open(self):
        make.he()
        Position.objects.exclude(code="firm-5").update(sees="department", duties=[])
        chair = Position.objects.get(code="firm-5")

        answer = administrator().post(
            f"/admin/positions/{chair.pk}", {"title": "总经理", "rank": 5, "sees": "own"}
        )

        assert answer.status_code == 422
        assert "Nobody would be left" in answer.content.decode()


class TestSomebodyNew:
    def test_gets_a_link_that_is_shown_once(self):
        make.li()
        chair = Position.objects.get(code="quality-1")

        shown = posted_to(
            "/admin/people/new", name="郑小小", login="Zheng", language="zh-hans", position=chair.pk
        )

        made = Person.objects.get(login="zheng")
        link = made.sign_in_links.get()
        token = shown.split("/invitation/")[1].split('"')[0]
        assert len(token) >= 22  # 128 bits in base64
        assert token not in link.token_hash
        assert link.expires_at - link.made_at == timedelta(hours=72)
        assert made.posts.get().is_main
        assert token not in administrator().get(f"/admin/people/{made.pk}").content.decode()

    def test_needs_a_login_nobody_has(self):
        make.li()

        chair = Position.objects.get(code="quality-1")
        said = {"name": "李", "login": "LI", "language": "en", "position": chair.pk}
        answer = administrator().post("/admin/people/new", said)

        assert answer.status_code == 422
        assert "already has the login" in answer.content.decode()


class TestPeople:
    @pytest.mark.parametrize("typed", ["ln", "lina", "李娜", "li"])
    def test_are_found_by_initials_pinyin_name_and_login(self, typed):
        make.li()

        shown = administrator().get("/admin/people", {"find": typed}).content.decode()

        assert "李娜" in shown
        assert "周伟" not in shown

    def test_who_are_away_are_found(self, noon):
        make.away(make.li(), noon - timedelta(hours=1), noon + timedelta(hours=1))

        shown = administrator().get("/admin/people", {"only": "away"}).content.decode()

        assert "李娜" in shown
        assert "周伟" not in shown

    def test_hold_several_posts(self):
        li, chair = make.li(), Position.objects.get(code="after-sales-1")

        posted_to(f"/admin/people/{li.pk}/posts", position=chair.pk, since="2026-01-01", is_main="on")

        assert li.posts.count() == 2
        assert li.posts.get(is_main=True).position == chair
        posted_to(f"/admin/posts/{li.posts.get(is_main=True).pk}/end")
        assert Post.objects.get(person=li, is_main=True).position.code == "quality-1"

    def test_who_are_locked_cannot_go_on(self):
        li = make.li()
        client = signed_in(li)
        assert client.get("/").status_code == 200

        posted_to(f"/admin/people/{li.pk}/locking")
        assert client.get("/").status_code == 302

        posted_to(f"/admin/people/{li.pk}/unlocking")
        li.refresh_from_db()
        assert li.may_sign_in

    def test_are_signed_out_everywhere(self):
        li = make.li()
        client = signed_in(li)

        posted_to(f"/admin/people/{li.pk}/signing-out")

        assert client.get("/").status_code == 302

    def test_do_not_leave_while_they_own_cases(self):
        wang = make.wang()
        make.case(by=wang)

        shown = posted_to(f"/admin/people/{wang.pk}/leaving")

        assert "Hand those over first" in shown
        assert "/handovers/wang" in shown
        assert Person.objects.get(pk=wang.pk).is_active

    def test_leave_and_come_back(self):
        zhao = make.zhao()

        posted_to(f"/admin/people/{zhao.pk}/leaving")
        assert not Person.objects.get(pk=zhao.pk).is_active
        posted_to(f"/admin/people/{zhao.pk}/return")
        assert Person.objects.get(pk=zhao.pk).is_active

    def test_keep_what_they_are_called_out_of_the_ledger(self):
        li = make.li()

        posted_to(
            f"/admin/people/{li.pk}",
            name="李小娜",
            email="xiaona@example.com",
            phone="13800000000",
            language="en",
        )

        entry = Entry.objects.history_of(("person", li.pk)).first()
        assert entry.facts == {"changed": "name, email, phone, language"}


class TestALink:
    def test_does_nothing_when_looked_at_and_works_once(self):
        li = make.li()
        shown = posted_to(f"/admin/people/{li.pk}/link")
        address = "/invitation/" + shown.split("/invitation/")[1].split('"')[0]
        client = Client()
        for _look in range(3):
            assert client.get(address).status_code == 200

        said = {"password": "correct horse 7", "again": "correct horse 7"}
        assert client.post(address, said)["Location"] == "/"
        assert client.get("/").status_code == 200
        assert Client().get(address).status_code == 404
        assert Client().post(address, said).status_code == 404
        li.refresh_from_db()
        assert li.check_password("correct horse 7")

    def test_to_a_new_password_is_good_for_half_an_hour(self, noon):
        li = make.li()
        li.set_password("x")
        li.save(update_fields=["password"])

        posted_to(f"/admin/people/{li.pk}/link")

        link = SignInLink.objects.get(person=li)
        assert (link.purpose, link.expires_at - link.made_at) == ("reset", timedelta(minutes=30))

    def test_is_void_once_there_is_a_newer_one_or_they_are_locked(self):
        li = make.li()
        first, second = (
            "/invitation/" + posted_to(f"/admin/people/{li.pk}/link").split("/invitation/")[1].split('"')[0]
            for _time in range(2)
        )

        assert Client().get(first).status_code == 404
        assert Client().get(second).status_code == 200
        posted_to(f"/admin/people/{li.pk}/locking")
        assert Client().get(second).status_code == 404

    def test_refuses_a_weak_password(self):
        li = make.li()
        shown = posted_to(f"/admin/people/{li.pk}/link")
        address = "/invitation/" + shown.split("/invitation/")[1].split('"')[0]

        assert Client().post(address, {"password": "123", "again": "123"}).status_code == 422
        assert Client().get(address).status_code == 200
