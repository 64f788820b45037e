import pytest
from django.db import OperationalError

from guixin.desks.pages import complaint
from guixin.desks.tests.desk import nobody, signed_in
from guixin.ledger.models import Entry
from guixin.serve.models import Case, Message
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")

COMPLAINT = {"kind": "complaint", "subject": "冰箱不制冷", "story": "", "product": "", "name": "李四",
             "phone": "13900001111", "email": "", "once": "abc123", "website": ""}  # fmt: skip


def link(case: Case) -> str:
    return f"/track/{case.number}/{case.tracking_token()}"


class TestComplaining:
    def send(self, **said):
        make.standards(), make.rules(), make.terms()
        return nobody().post("/complain", COMPLAINT | said)

    def test_answers_with_number_and_private_link(self):
        answer = self.send()

        case = Case.objects.get()
        shown = answer.content.decode()
        assert answer.status_code == 201
        assert case.number in shown
        assert case.tracking_token() in shown
        assert case.owner_id

    def test_twice_with_one_form_makes_one_case(self):
        self.send()
        again = self.send()

        assert again.status_code == 201
        assert Case.objects.count() == 1

    def test_something_else_on_the_same_form_is_another_case(self):
        self.send()
        self.send(subject="洗衣机漏水")

        assert Case.objects.count() == 2

    def test_without_a_way_to_answer_is_refused_and_kept(self):
        answer = self.send(phone="", email="")

        shown = answer.content.decode()
        assert answer.status_code == 422
        assert "Give a phone or an e-mail" in shown
        assert "冰箱不制冷" in shown
        assert not Case.objects.exists()

    def test_by_a_program_that_fills_in_everything_is_refused(self):
        assert self.send(website="https://example.com").status_code == 422
        assert not Case.objects.exists()

    def test_is_not_slowed_down_by_faults_of_ours(self, monkeypatch):
        def away(*args, **kwargs):
            raise OperationalError("the database is away")

        with monkeypatch.context() as patch:
            patch.setattr(complaint.intake, "open_case", away)
            for attempt in range(12):
                with pytest.raises(OperationalError):
                    self.send(once=f"n{attempt}")

        assert self.send(once="now").status_code == 201

    def test_too_often_is_slowed_down(self):
        answers = [self.send(once=f"n{at}").status_code for at in range(12)]

        assert answers[:10] == [201] * 10
        assert answers[10:] == [429, 429]


class TestTracking:
    def test_needs_the_secret_part_of_the_link(self):
        case, other = make.case(), make.case(subject="另一件")

        assert nobody().get(link(case)).status_code == 200
        assert nobody().get(f"/track/{case.number}/wrong").status_code == 404
        assert nobody().get(f"/track/{case.number}/{other.tracking_token()}").status_code == 404
        assert nobody().post(f"/track/{case.number}/wrong/urging").status_code == 404

    def test_says_departments_and_promised_times_but_no_names(self):
        case = make.case()

        shown = nobody().get(link(case)).content.decode()

        assert "质量部" in shown
        assert "承诺：acknowledge" in shown
        for name in ("王芳", "李娜", "张三", "13800138000"):
            assert name not in shown

    def test_never_shows_notes(self):
        case = make.case()
        signed_in(make.wang()).post(f"/cases/{case.number}/notes", {"body": "这个客户很难缠"})

        assert "这个客户很难缠" not in nobody().get(link(case)).content.decode()

    def test_stores_nothing_when_looked_at(self):
        case = make.case()
        before = Entry.objects.count()

        for end in ("", "/urging", "/confirmation", "/objection", "/additions"):
            nobody().get(link(case) + end)

        assert Entry.objects.count() == before

    def test_takes_more_information(self):
        case = make.case()

        nobody().post(f"{link(case)}/additions", {"body": "照片已发"})

        assert Message.objects.get(case=case, kind="customer").body == "照片已发"

    def test_urges_once_a_day_and_says_so(self):
        case = make.case()

        first = nobody().post(f"{link(case)}/urging")
        second = nobody().post(f"{link(case)}/urging")

        assert (first.status_code, second.status_code) == (302, 422)
        assert "You have already urged us today" in second.content.decode()

    def test_opens_a_closed_case_again_when_it_is_not_solved(self):
        case = make.closed_case()

        nobody().post(f"{link(case)}/objection", {"body": "还是不制冷"})

        case.refresh_from_db()
        assert (case.state, case.generation, case.level) == (Case.State.OPEN, 2, 1)

    def test_keeps_the_words_when_it_is_refused(self):
        case = make.closed_case()

        answer = nobody().post(f"{link(case)}/additions", {"body": "还有一件事"})

        assert answer.status_code == 409
        assert "is closed" in answer.content.decode()

    def test_records_that_it_is_solved(self):
        case = make.closed_case()

        nobody().post(f"{link(case)}/confirmation")

        assert case.follow_ups.get().outcome == "satisfied"


class TestThePublishedStandards:
    def test_are_there_for_everybody(self):
        make.standards()

        shown = nobody().get("/standards").content.decode()

        assert "承诺：reply" in shown
        assert "24 h, round the clock" in shown
