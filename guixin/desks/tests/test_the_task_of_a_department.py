import pytest

from guixin.desks.tests.desk import signed_in
from guixin.serve.models import Message, Task
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


class TestTheTaskPage:
    def test_offers_to_accept_then_to_answer(self):
        task = make.task()
        li = signed_in(make.li())

        assert "Accept: I take care of it" in li.get(f"/tasks/{task.pk}").content.decode()
        assert li.post(f"/tasks/{task.pk}/acceptance").status_code == 302
        li.post(f"/tasks/{task.pk}/questions", {"body": "是哪一批？"})
        li.post(f"/tasks/{task.pk}/results", {"result": "换货"})

        task.refresh_from_db()
        assert (task.state, task.handler, task.result) == (Task.State.DONE, make.li(), "换货")

    def test_shows_the_question_to_the_owner_who_answers(self):
        task = make.task(accepted_by=make.li())
        signed_in(make.li()).post(f"/tasks/{task.pk}/questions", {"body": "是哪一批？"})
        question = Message.objects.get(kind="question")
        wang = signed_in(make.wang())

        assert "是哪一批？" in wang.get(f"/cases/{task.case.number}").content.decode()
        wang.post(f"/questions/{question.pk}/answers", {"body": "三月的"})
        assert "三月的" in signed_in(make.li()).get(f"/tasks/{task.pk}").content.decode()

    def test_passes_on_and_sends_back(self):
        passed, back = make.task(), make.task(subject="另一件")
        li = signed_in(make.li())

        li.post(f"/tasks/{passed.pk}/transfer", {"department": make.logistics().pk, "reason": "运输问题"})
        li.post(f"/tasks/{back.pk}/sending-back", {"reason": "不是质量问题"})

        passed.refresh_from_db()
        back.refresh_from_db()
        assert passed.department == make.logistics()
        assert back.state == Task.State.SENT_BACK

    def test_is_never_offered_to_be_passed_on_to_its_own_department(self):
        task = make.task()

        shown = signed_in(make.li()).get(f"/tasks/{task.pk}?act=transfer").content.decode()

        choice = shown[shown.index('name="department"') :]
        choice = choice[: choice.index("</select>")]
        assert f'value="{make.logistics().pk}"' in choice
        assert f'value="{task.department_id}"' not in choice

    def test_is_accepted_once(self):
        task = make.task(accepted_by=make.li())

        answer = signed_in(make.qian()).post(f"/tasks/{task.pk}/acceptance")

        assert answer.status_code == 409
        assert "Somebody else has already accepted this task." in answer.content.decode()

    def test_keeps_what_was_typed_when_refused(self):
        task = make.task(accepted_by=make.li())

        answer = signed_in(make.li()).post(f"/tasks/{task.pk}/transfer",
                                           {"department": "", "reason": "不归我们"})  # fmt: skip

        assert answer.status_code == 422
        assert "不归我们" in answer.content.decode()

    def test_is_not_there_for_another_department(self):
        task = make.task()

        zhao = signed_in(make.zhao())

        assert zhao.get(f"/tasks/{task.pk}").status_code == 404
        assert zhao.post(f"/tasks/{task.pk}/acceptance").status_code == 404
