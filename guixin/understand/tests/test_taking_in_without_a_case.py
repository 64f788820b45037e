import pytest

from guixin.ledger.models import Entry
from guixin.organisation.tests.make import wang
from guixin.understand import contact_people, describing, merging, pairing, taking_in
from guixin.understand.changing import CannotChange
from guixin.understand.contact_people import NoSuchContactPerson
from guixin.understand.describing import CannotDescribe
from guixin.understand.models import ContactPerson, Customer, Pair
from guixin.understand.tests import make

pytestmark = pytest.mark.django_db
PHONE = [("phone", "138 0013 8000")]


def taken_in(name="张三", identities=PHONE, kind="person", **about):
    return taking_in.take_in(kind, name, identities, by=wang(), now=make.NOON, **about)


class TestTakingInACustomerWithoutACase:
    def test_puts_the_whole_record_down(self):
        describing.define("门店数", "number", code="shops", by=None, now=make.NOON)

        customer, is_new = taken_in(
            fields={"market": "reseller", "topics": "面料"}, attributes={"shops": 3}, complete=True
        )

        assert is_new
        assert (customer.market, customer.topics) == ("reseller", "面料")
        assert Entry.objects.filter(kind="understand.customer_taken_in", about_id=customer.pk).exists()

    def test_makes_nobody_twice_and_fills_blanks_only(self):
        known = make.customer("张三", *PHONE, organisation="布行")

        again, is_new = taken_in(fields={"organisation": "服装厂", "market": "producer"})

        assert (again, is_new) == (known, False)
        assert (again.organisation, again.market) == ("布行", "producer")

    def test_is_refused_without_what_must_be_known(self):
        describing.define("门店数", "number", code="shops", required=True, by=None, now=make.NOON)

        with pytest.raises(CannotDescribe, match="门店数"):
            taken_in(complete=True)

    def test_is_refused_without_a_name(self):
        with pytest.raises(CannotChange, match="name"):
            taken_in(" ")


class TestAContactPerson:
    def test_has_a_say_at_the_company(self):
        company, zhang = make.company(), make.customer()

        contact_people.note(
            company, zhang, position="采购主管", roles=["buyer", "decider"], by=wang(), now=make.NOON
        )

        ((person, known),) = contact_people.people_of(company)
        assert (person, known.roles, known.position) == (zhang, ["buyer", "decider"], "采购主管")
        zhang.refresh_from_db()
        assert zhang.works_at == company

    def test_is_a_person_at_a_company(self):
        with pytest.raises(NoSuchContactPerson, match="person"):
            contact_people.note(make.company(), make.company("乙公司", "0532-1"), by=wang(), now=make.NOON)

    def test_leaves_and_is_not_forgotten(self):
        company, zhang = make.company(), make.customer()
        contact_people.note(company, zhang, roles=["user"], by=wang(), now=make.NOON)

        contact_people.leave(company, zhang, by=wang(), now=make.NOON)

        assert contact_people.people_of(company) == []
        assert ContactPerson.objects.get().left_at == make.NOON

    def test_follows_when_two_companies_become_one(self):
        kept, double = make.company(), make.company("青岛海风电器", "0532-8877 6655")
        zhang = make.customer()
        contact_people.note(double, zhang, roles=["user"], by=wang(), now=make.NOON)

        made = merging.merge(double, kept, by=wang(), now=make.NOON)

        assert [person for person, _known in contact_people.people_of(kept)] == [zhang]
        merging.undo(made, by=wang(), now=make.NOON)
        assert [person for person, _known in contact_people.people_of(double)] == [zhang]


class TestTheWorklistOfPairs:
    def test_finds_those_who_share_a_phone_and_a_name_first(self):
        make.customer("李四", ("phone", "13900139000"))
        wife, zhang = make.customer("王芳", *PHONE), make.customer("张三", *PHONE)
        same = make.customer("張三", ("wechat", "zhang3"), ("phone", "13700137000"))
        Customer.objects.filter(pk=same.pk).update(works_at=make.company())
        Customer.objects.filter(pk=zhang.pk).update(works_at=make.company())

        pairing.look_for_pairs(make.NOON)

        assert [(p.first, p.second, p.reasons) for p in pairing.worklist().pairs] == [
            (zhang, same, ["same_company", "same_name"]),
            (wife, zhang, ["same_phone"]),
        ]

    def test_asks_nobody_twice(self):
        wife, zhang = make.customer("王芳", *PHONE), make.customer("张三", *PHONE)
        pairing.look_for_pairs(make.NOON)

        pairing.differ(zhang, wife, by=wang(), now=make.NOON)
        pairing.look_for_pairs(make.NOON)

        assert pairing.worklist().pairs == []
        assert [{each.first, each.second} for each in Pair.objects.filter(state="different")] == [
            {zhang, wife}
        ]

    def test_forgets_what_no_longer_looks_alike(self):
        wife, _zhang = make.customer("王芳", *PHONE), make.customer("张三", *PHONE)
        pairing.look_for_pairs(make.NOON)
        wife.identities.all().delete()

        pairing.look_for_pairs(make.NOON)

        assert not Pair.objects.exists()

    def test_leaves_a_switchboard_alone(self):
        for name in ("甲", "乙", "丙", "丁", "戊", "己"):
            make.customer(name, *PHONE)

        assert pairing.look_for_pairs(make.NOON) == 0

    def test_remembers_a_merge_that_was_undone(self):
        double, zhang = make.customer("张叁", *PHONE), make.customer("张三", *PHONE)
        pairing.look_for_pairs(make.NOON)

        made = merging.merge(double, zhang, by=wang(), now=make.NOON)
        assert pairing.worklist().pairs == []
        merging.undo(made, by=wang(), now=make.NOON)
        pairing.look_for_pairs(make.NOON)

        assert pairing.worklist().pairs == []
