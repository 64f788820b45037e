"""Which customer a case is for: an identity alone proves nothing."""

import pytest

from guixin.understand.arriving import Arrival
from guixin.understand.duplicates import likely_duplicates
from guixin.understand.models import Customer, Identity
from guixin.understand.tests import make
from guixin.understand.tests.make import NOON

pytestmark = pytest.mark.django_db
PHONE = ("phone", "138 0013 8000")


def take_in(name, *identities, kind="person"):
    return Customer.objects.for_intake(kind, name, identities, NOON)


class TestTakingInACustomer:
    def test_recognises_phone_and_name_together(self):
        zhang = make.customer("张三")
        assert take_in(" 张 三", ("phone", "+86 13800138000")) == (zhang, False)

    def test_makes_a_new_one_for_another_name_on_the_same_phone(self):
        zhang = make.customer("张三")
        wife, is_new = take_in("李梅", PHONE)
        assert is_new
        assert wife != zhang
        [alike] = wife.likely_duplicates
        assert (alike.customer, alike.reasons) == (zhang, ("same_phone",))

    def test_makes_a_new_one_for_the_same_name_on_another_phone(self):
        make.customer("张三")
        assert take_in("张三", ("phone", "139 0000 0001"))[1]

    def test_recognises_a_phone_without_a_name_when_one_customer_holds_it(self):
        zhang = make.customer("张三")
        assert take_in("", PHONE) == (zhang, False)

    def test_does_not_guess_between_two_who_share_a_phone(self):
        make.customer("张三")
        make.customer("李梅")
        unknown, is_new = take_in("", PHONE)
        assert is_new
        assert len(unknown.likely_duplicates) == 2

    def test_does_not_guess_when_phone_and_address_belong_to_different_people(self):
        make.customer("张三", PHONE)
        make.customer("李梅", ("email", "li@example.com"))
        assert take_in("", PHONE, ("email", "li@example.com"))[1]

    def test_never_takes_two_nameless_for_one_without_an_identity(self):
        first, second = take_in("")[0], take_in("")[0]
        assert first != second

    def test_learns_a_new_address_of_a_known_customer(self):
        zhang = make.customer("张三")
        take_in("张三", PHONE, ("email", "Zhang@example.com"))
        assert Customer.find("zhang@example.com") == [zhang]
        assert zhang.identities.count() == 2

    def test_keeps_a_phone_nobody_can_read(self):
        customer, _is_new = take_in("张三", ("phone", "晚上打办公室"))
        assert customer.identities.get().raw == "晚上打办公室"
        assert Customer.find("晚上打办公室") == [customer]


class TestTakingInThousands:
    def test_gives_one_customer_for_the_same_person_twice_in_a_file(self):
        answers = Customer.objects.for_intake_many(
            [
                Arrival(name="张三", identities=[PHONE]),
                Arrival(name="李四", identities=[PHONE]),
                Arrival(name="张三", identities=[("phone", "+8613800138000"), ("email", "z@example.com")]),
                Arrival(name="张三", identities=[("email", "Z@EXAMPLE.com")]),
            ],
            NOON,
        )
        assert [is_new for _customer, is_new in answers] == [True, True, False, False]
        zhang, li, again, by_mail = (customer for customer, _is_new in answers)
        assert zhang == again == by_mail != li
        assert Customer.objects.count() == 2
        assert Identity.objects.count() == 3

    def test_adds_nothing_the_second_time(self):
        arrivals = [
            Arrival(name=f"客户{number}", identities=[("phone", f"138{number:08d}")]) for number in range(300)
        ]
        first = Customer.objects.for_intake_many(arrivals, NOON)
        second = Customer.objects.for_intake_many(arrivals, NOON)
        assert [c.pk for c, _new in first] == [c.pk for c, _new in second]
        assert not any(is_new for _customer, is_new in second)
        assert (Customer.objects.count(), Identity.objects.count()) == (300, 300)

    def test_costs_the_same_few_statements(self, django_assert_max_num_queries):
        arrivals = [Arrival(name="", identities=[("order", str(number))]) for number in range(1000)]
        with django_assert_max_num_queries(6):  # look-up, two inserts, and a savepoint around them
            Customer.objects.for_intake_many(arrivals, NOON)

    def test_takes_an_empty_list(self):
        assert Customer.objects.for_intake_many([], NOON) == []


class TestLikelyDuplicates:
    def test_come_with_their_reasons_the_likeliest_first(self):
        same_name = make.customer("张三", ("phone", "139 9999 0001"))
        sounding = make.customer("章三", ("phone", "137 0000 8000"))
        same_phone = make.customer("李梅", PHONE)
        both = make.customer("张三", PHONE)
        found = likely_duplicates("张三", [PHONE])
        assert [(each.customer, set(each.reasons)) for each in found] == [
            (both, {"same_phone", "same_name"}),
            (same_phone, {"same_phone"}),
            (sounding, {"same_sound_and_last_digits"}),
            (same_name, {"same_name"}),
        ]
        assert "phone" in str(found[1].in_words()) or "电话" in str(found[1].in_words())

    def test_are_none_for_a_stranger(self):
        make.customer("张三")
        assert likely_duplicates("王五", [("phone", "139 9999 0001")]) == []
        assert likely_duplicates("", []) == []
