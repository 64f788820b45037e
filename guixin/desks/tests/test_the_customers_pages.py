import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from PIL import Image

from guixin.channels import private_link
from guixin.desks.pages import complaint
from guixin.desks.tests.desk import nobody, signed_in
from guixin.ledger.models import Entry, Outgoing
from guixin.serve.models import Case, Message, OpinionPoint
from guixin.serve.tests import make
from guixin.understand.models import Customer

pytestmark = pytest.mark.usefixtures("noon")

COMPLAINT = {"kind": "complaint", "story": "冰箱不制冷", "product": "", "name": "李四",
             "phone": "13900001111", "email": "", "once": "abc123", "website": ""}  # fmt: skip


def photo():
    bytes_ = BytesIO()
    Image.new("RGB", (40, 30), "red").save(bytes_, "JPEG")
    return SimpleUploadedFile("photo.jpg", bytes_.getvalue(), "image/jpeg")


def customer_with(email: str) -> Customer:
    return Customer.objects.for_intake("person", "李四", [("email", email)], make.NOON)[0]


def said(answer) -> str:
    """What a reader sees; the token against forged requests differs in every answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


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
        self.send(story="洗衣机漏水")

        assert Case.objects.count() == 2

    def test_makes_a_subject_of_the_first_words(self):
        self.send(story="冰箱不制冷。已经三天了，里面的菜都坏了！")

        case = Case.objects.get()
        assert (case.subject, case.story) == ("冰箱不制冷", "冰箱不制冷。已经三天了，里面的菜都坏了！")

    def test_takes_a_photo(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path

        self.send(attachments=[photo()])

        held = Case.objects.get().attachments.get()
        assert (held.from_customer, held.is_picture) == (True, True)

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


class TestTheBoxOnTheWall:
    """A printed QR card: anybody who passes may say something."""

    def point(self, **facts):
        make.standards(), make.rules(), make.terms()
        return OpinionPoint.objects.create(code="lobby-2", name="二楼大堂", made_at=make.NOON, **facts)

    def test_says_where_one_stands(self):
        self.point()

        assert "二楼大堂" in nobody().get("/complain/lobby-2").content.decode()

    def test_takes_an_opinion_without_a_name(self):
        point = self.point()

        answer = nobody().post("/complain/lobby-2", COMPLAINT | {"name": "", "phone": ""})

        case = Case.objects.get()
        assert answer.status_code == 201
        assert (case.channel, case.opinion_point, case.customer) == (Case.Channel.QR, point, None)

    def test_gives_it_to_the_department_of_the_place(self):
        self.point(department=make.zhao().posts.get().position.department)

        nobody().post("/complain/lobby-2", COMPLAINT)

        assert Case.objects.get().department == make.zhao().posts.get().position.department

    @pytest.mark.parametrize("code", ["nowhere", "lobby-2"])
    def test_that_was_taken_down_still_leads_to_the_form(self, code):
        self.point(is_active=False)

        shown = nobody().get(f"/complain/{code}")

        assert shown.status_code == 200
        assert "二楼大堂" not in shown.content.decode()


class TestTracking:
    def test_needs_the_secret_part_of_the_link(self):
        case, other = make.case(), make.case(subject="另一件")

        assert nobody().get(link(case)).status_code == 200
        assert nobody().get(f"/track/{case.number}/wrong").status_code == 404
        assert nobody().get(f"/track/{case.number}/{other.tracking_token()}").status_code == 404
        assert nobody().post(f"/track/{case.number}/wrong/urging").status_code == 404

    def test_says_departments_and_promised_times_but_no_names(self):
        case = make.case()

        shown = nobody().get(link(case), headers={"Accept-Language": "zh-CN"}).content.decode()

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

    def test_takes_a_photo_with_words_and_shows_it(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        case = make.case()

        nobody().post(f"{link(case)}/additions", {"body": "见照片", "addition-attachments": [photo()]})

        held = case.attachments.get()
        assert f"{link(case)}/attachments/{held.pk}" in nobody().get(link(case)).content.decode()

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


class TestALostLink:
    """The way back to a case: by mail to the address the customer gave, and by nothing else."""

    def ask(self, number: str, address: str):
        return nobody().post("/track", {"number": number, "address": address})

    def written(self) -> list[Outgoing]:
        return list(Outgoing.objects.filter(channel="private_link"))

    def test_is_sent_to_the_address_the_customer_gave(self, settings):
        settings.BASE_URL = "https://service.example"
        case = make.case(customer=customer_with("li@example.com"))

        self.ask(case.number, "Li@Example.com")

        (row,) = self.written()
        message = private_link.composed(case, "li@example.com", row)
        assert case.tracking_link() in message.get_content()
        assert case.subject not in message.as_string()

    def test_goes_at_most_once_a_day(self):
        case = make.case(customer=customer_with("li@example.com"))

        for _again in range(3):
            self.ask(case.number, "li@example.com")

        assert len(self.written()) == 1

    def test_is_not_sent_to_anybody_else_and_the_answer_is_the_same(self):
        case = make.case(customer=customer_with("li@example.com"))

        right, wrong = self.ask(case.number, "li@example.com"), self.ask(case.number, "me@example.org")
        nothing = self.ask("1999-000001", "li@example.com")

        assert len(self.written()) == 1
        assert said(right) == said(wrong) == said(nothing)

    def test_opens_nothing_by_number_alone(self):
        case = make.case()

        assert nobody().get(f"/track/{case.number}").status_code == 404


class TestThePublishedStandards:
    def test_are_there_for_everybody(self):
        make.standards()

        shown = nobody().get("/standards").content.decode()

        assert "承诺：reply" in shown
        assert "24 h, round the clock" in shown
