import pytest

from guixin.desks.tests.desk import signed_in
from guixin.serve.models import Case
from guixin.serve.tests import make
from guixin.understand.models import Customer

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

        answer = self.save(customer_name="张三", phone="13800138000", look="1")

        shown = answer.content.decode()
        assert "the same phone" in shown
        assert earlier.number in shown
        assert "138****8000" in shown
        assert Case.objects.count() == 1

    def test_takes_a_customer_who_was_chosen(self):
        customer = make.customer()

        self.save(customer_id=customer.pk)

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
