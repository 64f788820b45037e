import pytest

from guixin.desks.tests.desk import signed_in
from guixin.promise.models import Clock
from guixin.serve.models import Case, IntakeTemplate, Task
from guixin.serve.tests import make
from guixin.understand.models import Customer
from guixin.web.moments import exact

pytestmark = pytest.mark.usefixtures("noon")

MATTER = {
    "customer_kind": "person", "customer_name": "", "phone": "", "email": "", "kind": "complaint",
    "channel": "phone", "severity": "2", "category": "quality", "product": "", "subject": "颜色不对", "story": "",
    "department": "",
}  # fmt: skip


class TestTakingInAtTheDesk:
    def save(self, person=None, **said):
        make.standards(), make.rules(), make.terms()
        return signed_in(person or make.wang()).post("/cases/new", MATTER | said)

    def test_makes_the_customer_and_the_case(self):
        answer = self.save(customer_name="李四", phone="139 0000 1111")

        case = Case.objects.get()
        assert answer["Location"].startswith(f"/cases/{case.number}")
        assert (case.customer.name, case.owner) == ("李四", make.wang())

    def test_shows_who_it_may_be_before_saving(self):
        earlier = make.case()

        answer = self.save(customer_name="张叁", phone="13800138000", look="1")

        shown = answer.content.decode()
        assert "the same phone" in shown
        assert earlier.number in shown
        assert "138****8000" in shown
        assert Case.objects.count() == 1

    def test_takes_a_customer_who_was_chosen(self):
        customer = make.customer()

        of_who_it_is = {
            "customer_name",
            "customer_kind",
            "phone",
            "email",
        }  # not asked once somebody is chosen
        make.standards(), make.rules(), make.terms()
        said = {name: value for name, value in MATTER.items() if name not in of_who_it_is}
        signed_in(make.wang()).post("/cases/new", said | {"customer_id": customer.pk})

        assert Case.objects.get().customer == customer
        assert Customer.objects.count() == 1

    def test_finds_a_customer_by_the_last_four_digits(self):
        make.customer()

        shown = signed_in(make.wang()).get("/cases/new?find=8000").content.decode()

        assert "138****8000" in shown
        assert "13800138000" not in shown

    def test_keeps_everything_typed_when_the_subject_is_missing(self):
        answer = self.save(subject="", story="冰箱不制冷")

        assert answer.status_code == 422
        assert "Say in a few words what it is about." in answer.content.decode()
        assert "冰箱不制冷" in answer.content.decode()

    def test_is_for_the_front_desk(self):
        assert self.save(person=make.li()).status_code == 403
        assert signed_in(make.li()).get("/cases/new").status_code == 403


class TestAPhoneThatRings:
    def page(self, query, person=None):
        return signed_in(person or make.wang()).get(f"/cases/new?{query}").content.decode()

    def test_shows_the_customer_and_their_open_cases_at_once(self):
        earlier = make.case()

        shown = self.page("phone=138-0013-8000")

        assert "138****8000" in shown
        assert "13800138000" not in shown
        assert earlier.number in shown
        assert "1 similar, last 7 days" in shown

    def test_keeps_a_number_that_nobody_has(self):
        make.standards()

        assert 'value="13900001111"' in self.page("phone=13900001111")

    def test_leaves_the_choice_between_those_who_share_a_phone(self):
        make.customer("张三"), make.customer("李梅")

        shown = self.page("phone=13800138000")

        assert shown.count('name="choose"') == 2

    def test_asks_little(self, django_assert_max_num_queries):
        make.case()
        client = signed_in(make.wang())
        with django_assert_max_num_queries(30):
            client.get("/cases/new?phone=13800138000")


class TestWhatStandsBesideTheForm:
    def beside(self, person=None, **said):
        make.standards(), make.rules(), make.terms()
        client = signed_in(person or make.wang())
        return client.post("/cases/new/beside", MATTER | said, headers={"hx-request": "true"})

    def test_promises_before_saving_what_is_promised_after(self):
        foreseen = self.beside(severity="3").content.decode()
        signed_in(make.wang()).post("/cases/new", MATTER | {"severity": "3"})

        promised = Clock.objects.filter(case_id=Case.objects.get().pk)
        assert promised.count() > 4
        for clock in promised:
            assert exact(clock.due_at) in foreseen

    def test_names_the_departments_and_the_rule(self):
        shown = self.beside().content.decode()

        assert "质量投诉" in shown
        assert "查明原因" in shown

    def test_says_when_no_rule_fits(self):
        assert "the coordinator finds a department" in self.beside(category="").content.decode()

    def test_promises_more_to_a_customer_of_grade_a(self):
        plain = self.beside(phone="13800138000").content.decode()
        make.customer(grade="A")

        assert self.beside(phone="13800138000").content.decode() != plain

    def test_finds_by_initials_while_they_are_typed(self):
        make.customer()

        assert 'name="choose"' in self.beside(customer_name="zs").content.decode()

    def test_writes_nothing(self):
        self.beside(phone="13900001111", customer_name="新人")

        assert not Case.objects.exists()
        assert not Customer.objects.exists()

    def test_asks_little(self, django_assert_max_num_queries):
        make.case()
        client = signed_in(make.wang())
        client.post("/cases/new/beside", MATTER | {"phone": "13800138000"})
        with django_assert_max_num_queries(22):
            client.post("/cases/new/beside", MATTER | {"phone": "13800138000"})

    def test_is_for_the_front_desk(self):
        assert self.beside(person=make.li()).status_code == 403


class TestTwoDepartments:
    def test_are_asked_different_things(self):
        make.standards(), make.rules(), make.terms()
        signed_in(make.wang()).post(
            "/cases/new",
            MATTER
            | {"department": make.quality().pk, "instruction": "查批次", "department_2": make.logistics().pk,
               "instruction_2": "查运输"},
        )  # fmt: skip

        tasks = Task.objects.order_by("pk")
        assert [(task.department, task.instruction) for task in tasks] == [
            (make.quality(), "查批次"),
            (make.logistics(), "查运输"),
        ]


class TestATemplate:
    @pytest.fixture(autouse=True)
    def template(self, noon):
        make.standards(), make.rules(), make.terms()
        made = IntakeTemplate.objects.create(
            code="colour",
            name="色差",
            category="quality/colour",
            severity=3,
            subject="色差：订单",
            story="批号：",
        )
        made.steps.create(department=make.quality(), instruction="对色样")

    def test_fills_what_is_known_beforehand_and_keeps_what_was_typed(self):
        answer = signed_in(make.wang()).post(
            "/cases/new", MATTER | {"subject": "", "phone": "13900001111", "template": "colour"}
        )

        shown = answer.content.decode()
        for words in ("色差：订单", "批号：", "对色样", "13900001111"):
            assert words in shown
        assert not Case.objects.exists()

    def test_swaps_the_form_alone(self):
        headers = {"hx-request": "true", "hx-target": "intake"}
        answer = signed_in(make.wang()).post("/cases/new", MATTER | {"template": "colour"}, headers=headers)

        assert b"<html" not in answer.content
        assert b'id="intake"' in answer.content


class TestAnsweredOnTheSpot:
    answered = {"answer_now": "1", "answer": "换货地址已告知"}

    def save(self, **said):
        make.standards(), make.rules(), make.terms()
        return signed_in(make.wang()).post("/cases/new", MATTER | self.answered | said)

    def test_is_opened_told_and_closed(self):
        self.save(kind="enquiry")

        case = Case.objects.get()
        assert case.state == "closed"
        assert case.messages.get(kind="reply").body == "换货地址已告知"
        assert not Task.objects.exists()

    def test_is_refused_without_an_answer_and_nothing_happened(self):
        answer = self.save(kind="enquiry", answer="", subject="问地址")

        assert answer.status_code == 422
        assert "问地址" in answer.content.decode()
        assert not Case.objects.exists()

    def test_asks_a_complaint_for_its_classification(self):
        assert "missing" in self.save().content.decode()
        self.save(at_fault=make.quality().pk, quality_point="colour", cause="material")

        assert Case.objects.get().closings.get().cause == "material"
