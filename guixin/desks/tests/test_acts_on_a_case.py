import pytest

from guixin.desks.tests.desk import signed_in
from guixin.ledger.models import Entry
from guixin.promise.models import Escalation, Extension
from guixin.serve.models import Case, FollowUp, Message, Task
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


def post(person, address, **said):
    return signed_in(person).post(address, said)


class TestThePageOfACase:
    def test_shows_owner_departments_ladder_and_rule(self):
        case = make.case()

        shown = signed_in(make.wang()).get(f"/cases/{case.number}?side=tasks").content.decode()

        for words in (
            "王芳",
            "Quality",
            "Logistics",
            "质量投诉",
            "Reminder",
            "Level 1",
            "How it was counted",
        ):
            assert words in shown

    def test_never_holds_the_phone_or_the_whole_name(self):
        case = make.case(story="客户很生气")

        for person in (make.wang(), make.li(), make.sun()):
            shown = signed_in(person).get(f"/cases/{case.number}").content.decode()
            assert "13800138000" not in shown.replace(" ", "")
            assert "138****8000" in shown
            assert "张三" not in shown

    def test_is_not_there_for_another_department(self):
        case = make.case(departments=[make.quality().pk])

        assert signed_in(make.li()).get(f"/cases/{case.number}").status_code == 200
        assert signed_in(make.zhao()).get(f"/cases/{case.number}").status_code == 404

    def test_sends_strangers_to_the_sign_in_page(self, client):
        case = make.case()

        answer = client.get(f"/cases/{case.number}")

        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in?next=%2Fcases%2F")

    def test_changes_nothing_when_looked_at(self):
        case = make.case()
        entries, version = Entry.objects.count(), case.version

        for address in ("", "/live", "/closing", "/replies"):
            signed_in(make.wang()).get(f"/cases/{case.number}{address}")

        case.refresh_from_db()
        assert (Entry.objects.count(), case.version) == (entries, version)

    def test_polls_a_part_that_is_not_sent_again_while_nothing_changed(self):
        case = make.case()
        client = signed_in(make.wang())
        first = client.get(f"/cases/{case.number}/live")
        seen = first.context["seen"]

        assert client.get(f"/cases/{case.number}/live?seen={seen}").status_code == 204
        client.post(f"/cases/{case.number}/notes", {"body": "已联系客户"})
        changed = client.get(f"/cases/{case.number}/live?seen={seen}")
        assert changed.status_code == 200
        assert "已联系客户" in changed.content.decode()

    @pytest.mark.parametrize("acts", [
        [("waiting", {"body": "请拍照"})],
        [("merging", {"number": "other"})],
        [("escalations", {"reason": "客户要起诉"}), ("escalations", {"reason": "还没有人管"})],
        [("replies", {"kind": "preliminary", "channel": "phone", "body": "正在查"})],
        [("splits", {"subject": "包装破损"}), ("links", {"number": "other"})],
    ])  # fmt: skip
    def test_is_readable_whatever_was_done(self, acts):
        case, other = make.case(), make.case(subject="另一件", category="delivery")
        client = signed_in(make.sun())
        for act, said in acts:
            said = {name: other.number if value == "other" else value for name, value in said.items()}
            assert client.post(f"/cases/{case.number}/{act}", said).status_code == 302

        assert client.get(f"/cases/{case.number}").status_code == 200
        assert client.get(f"/cases/{other.number}").status_code == 200
        assert client.get("/queues/all").status_code == 200

    def test_is_readable_after_a_closing_and_a_reopening(self):
        closed = make.closed_case()
        client = signed_in(make.wang())

        assert "Follow-up" in client.get(f"/cases/{closed.number}").content.decode()
        client.post(f"/cases/{closed.number}/reopening", {"reason": "又坏了"})
        assert "Reopened" in client.get(f"/cases/{closed.number}").content.decode()

    def test_offers_the_told_authority_to_act(self):
        case = make.case()
        client = signed_in(make.qian())
        signed_in(make.li()).post(f"/cases/{case.number}/escalations", {"reason": "客户要起诉"})
        raised = Escalation.objects.get(case_id=case.pk)

        assert "客户要起诉" in client.get(f"/cases/{case.number}").content.decode()
        late = client.post(
            f"/escalations/{raised.pk}/acting", {"note": "我来谈", "look_again_at": "2026-03-01T09:00"}
        )
        done = client.post(
            f"/escalations/{raised.pk}/acting", {"note": "我来谈", "look_again_at": "2026-03-05T09:00"}
        )

        assert (late.status_code, done.status_code) == (422, 302)
        raised.refresh_from_db()
        assert raised.acted_by == make.qian()

    def test_needs_no_more_than_twenty_four_questions(self, django_assert_max_num_queries):
        case = make.case()
        client = signed_in(make.wang())
        client.get(f"/cases/{case.number}")

        with django_assert_max_num_queries(24):
            client.get(f"/cases/{case.number}")


class TestActsOnACase:
    def test_tell_the_customer(self):
        case = make.case()

        answer = post(
            make.wang(), f"/cases/{case.number}/replies", kind="reply", channel="phone", body="给您换一台"
        )

        assert answer.status_code == 302
        assert Message.objects.get(case=case, kind="reply").body == "给您换一台"

    def test_answer_htmx_with_a_redirect_it_understands(self):
        case = make.case()

        answer = signed_in(make.wang()).post(
            f"/cases/{case.number}/notes", {"body": "x"}, headers={"hx-request": "true"}
        )

        assert answer["HX-Redirect"] == f"/cases/{case.number}"

    def test_refuse_in_words_and_keep_what_was_typed(self):
        case = make.case()

        answer = post(make.wang(), f"/cases/{case.number}/closing", summary="已换货，客户满意")

        shown = answer.content.decode()
        assert answer.status_code == 409
        assert "The customer has not been told the result yet." in shown
        assert "已换货，客户满意" in shown

    def test_refuse_htmx_with_the_form_alone(self):
        case = make.case()

        answer = signed_in(make.wang()).post(
            f"/cases/{case.number}/closing", {"summary": "x"}, headers={"hx-request": "true"}
        )

        assert answer.status_code == 409
        assert answer.content.decode().startswith("<details")

    def test_close_an_answered_complaint_with_its_classification(self):
        case = make.answered_case()

        answer = post(
            make.wang(), f"/cases/{case.number}/closing",
            department=make.quality().pk, quality_point="colour", cause="material", severity="2",
        )  # fmt: skip

        case.refresh_from_db()
        assert answer.status_code == 302
        assert case.state == Case.State.CLOSED

    def test_reopen_a_closed_case(self):
        case = make.closed_case()

        post(make.wang(), f"/cases/{case.number}/reopening", reason="又坏了")

        case.refresh_from_db()
        assert (case.state, case.generation) == (Case.State.OPEN, 2)

    def test_escalate_by_hand(self):
        case = make.case()

        post(make.li(), f"/cases/{case.number}/escalations", reason="客户要起诉")

        case.refresh_from_db()
        assert case.level == 1

    def test_wait_for_the_customer_and_write_down_the_answer(self):
        case = make.case()

        post(make.wang(), f"/cases/{case.number}/waiting", body="请拍一张照片")
        case.refresh_from_db()
        assert case.state == Case.State.WAITING
        post(make.wang(), f"/cases/{case.number}/customer-words", body="照片已发")
        case.refresh_from_db()
        assert case.state == Case.State.OPEN

    def test_decide_departments_over_the_rule(self):
        case = make.case()

        post(make.he(), f"/cases/{case.number}/routings", department=make.after_sales().pk, reason="先上门")

        assert Task.objects.filter(case=case, department=make.after_sales()).exists()

    def test_hand_the_case_to_another_owner(self):
        case = make.case()

        post(make.he(), f"/cases/{case.number}/owner", owner=make.tang().pk)

        case.refresh_from_db()
        assert case.owner == make.tang()

    def test_link_merge_and_split(self):
        case, other = make.case(), make.case(subject="另一件", category="delivery")

        post(make.wang(), f"/cases/{case.number}/links", number=other.number)
        post(make.wang(), f"/cases/{case.number}/splits", subject="包装破损")
        post(make.wang(), f"/cases/{case.number}/merging", number=other.number)

        case.refresh_from_db()
        assert case.merged_into == other
        assert case.links_back.filter(kind="split").exists()

    def test_say_that_an_unknown_number_is_unknown(self):
        case = make.case()

        answer = post(make.wang(), f"/cases/{case.number}/merging", number="2026-999999")

        assert answer.status_code == 409
        assert "There is no case with the number" in answer.content.decode()

    def test_record_the_follow_up(self):
        case = make.closed_case()
        planned = FollowUp.objects.get(case=case)

        post(make.wang(), f"/follow-ups/{planned.pk}/outcome", outcome="dissatisfied", comment="还是不制冷")

        case.refresh_from_db()
        assert case.state == Case.State.OPEN

    def test_are_not_for_a_handler_of_a_department(self):
        case = make.case()

        answer = post(make.li(), f"/cases/{case.number}/closing", summary="x")

        assert answer.status_code == 403

    def test_are_not_there_for_another_department(self):
        case = make.case(departments=[make.quality().pk])

        for act in ("notes", "escalations", "closing"):
            assert post(make.zhao(), f"/cases/{case.number}/{act}", body="x", reason="x").status_code == 404

    def test_that_do_not_exist_are_not_found(self):
        case = make.case()

        assert post(make.wang(), f"/cases/{case.number}/explosion").status_code == 404


class TestEditingACase:
    def edit(self, case, **changes):
        said = {
            name: getattr(case, name)
            for name in ("version", "subject", "story", "kind", "category", "product", "severity")
        }
        return post(make.wang(), f"/cases/{case.number}/details", **(said | changes))

    def test_saves_what_changed(self):
        case = make.case()

        assert self.edit(case, subject="色差严重").status_code == 302
        case.refresh_from_db()
        assert case.subject == "色差严重"

    def test_shows_both_sides_to_the_one_who_came_second(self):
        case = make.case()
        self.edit(case, subject="唐丽改的题目")

        answer = self.edit(case, subject="王芳改的题目")

        shown = answer.content.decode()
        assert answer.status_code == 409
        assert "唐丽改的题目" in shown
        assert 'value="王芳改的题目"' in shown
        case.refresh_from_db()
        assert f'name="version" value="{case.version}"' in shown


class TestMoreTime:
    def test_is_asked_for_and_granted(self):
        task = make.task(accepted_by=make.li())
        clock = make.clock(task, "result")

        asked = post(make.li(), f"/clocks/{clock.pk}/extensions", until="2026-03-06T10:00", reason="等零件")
        extension = Extension.objects.get(clock=clock)
        decided = post(make.qian(), f"/extensions/{extension.pk}/decision", granted="yes", note="同意")

        extension.refresh_from_db()
        assert (asked.status_code, decided.status_code) == (302, 302)
        assert extension.state == Extension.State.GRANTED

    def test_keeps_the_reason_when_the_date_is_missing(self):
        task = make.task(accepted_by=make.li())
        clock = make.clock(task, "result")

        answer = post(make.li(), f"/clocks/{clock.pk}/extensions", until="", reason="等零件")

        assert answer.status_code == 422
        assert "等零件" in answer.content.decode()

    def test_is_not_for_another_department_to_ask(self):
        task = make.task(accepted_by=make.li())
        clock = make.clock(task, "result")

        answer = post(make.zhao(), f"/clocks/{clock.pk}/extensions", until="2026-03-06T10:00", reason="x")

        assert answer.status_code == 404
