from datetime import timedelta

import pytest

from guixin.organisation.tests.make import wang
from guixin.understand import consenting, merging
from guixin.understand.consenting import CannotConsent, may_contact, may_contact_all
from guixin.understand.tests import make

pytestmark = pytest.mark.django_db
LATER = make.NOON + timedelta(days=1)


def gave(customer, purpose="news", channel="", now=make.NOON):
    return consenting.give(customer, purpose, channel, evidence="展会登记表", by=wang(), now=now)


def took_back(customer, purpose="news", channel="", now=LATER):
    return consenting.withdraw(customer, purpose, channel, by=wang(), now=now)


class TestReachingACustomer:
    def test_for_news_needs_consent_and_for_service_none(self):
        customer = make.customer()

        assert not may_contact(customer, "news", "sms")
        assert may_contact(customer, "service", "sms")
        assert may_contact(customer, "survey", "sms")

    def test_is_allowed_by_the_channel_agreed_to(self):
        customer = make.customer()
        gave(customer, channel="email")

        assert may_contact(customer, "news", "email")
        assert not may_contact(customer, "news", "phone")
        assert not may_contact(customer, "research", "email")

    def test_ends_with_the_withdrawal(self):
        customer = make.customer()
        gave(customer)
        took_back(customer)

        assert not may_contact(customer, "news", "email")

    def test_by_one_channel_ends_alone(self):
        customer = make.customer()
        gave(customer)
        took_back(customer, channel="sms")

        assert not may_contact(customer, "news", "sms")
        assert may_contact(customer, "news", "email")

    def test_may_be_objected_to_without_ever_having_agreed(self):
        customer = make.customer()
        took_back(customer, "survey")

        assert not may_contact(customer, "survey", "sms")
        assert may_contact(customer, "service", "sms")

    def test_by_any_channel_takes_back_what_was_given_for_each(self):
        customer = make.customer()
        gave(customer, channel="email")
        took_back(customer)

        assert not may_contact(customer, "news", "email")

    def test_begins_again_when_they_agree_again(self):
        customer = make.customer()
        gave(customer)
        took_back(customer)
        gave(customer, now=LATER + timedelta(days=1))

        assert may_contact(customer, "news")

    def test_is_asked_for_many_in_one_statement(self, django_assert_num_queries):
        one, other = make.customer(), make.customer("李四", ("phone", "13900139000"))
        gave(one)

        with django_assert_num_queries(0):  # one, past Django's own counting
            assert may_contact_all([one.pk, other.pk], "news") == {one.pk}

    def test_never_forgets_a_no_over_a_merge(self):
        kept = make.customer("张三", ("phone", "138 0013 8000"))
        double = make.customer("张叁", ("phone", "138 0013 8000"))
        gave(kept)
        took_back(double)

        made = merging.merge(double, kept, by=wang(), now=LATER)

        assert not may_contact(kept, "news")
        assert not may_contact(double, "service")  # reached as the one that remains
        merging.undo(made, by=wang(), now=LATER)
        assert may_contact(kept, "news")


class TestAConsent:
    def test_needs_its_evidence(self):
        with pytest.raises(CannotConsent, match="where the consent is seen"):
            consenting.give(make.customer(), "news", evidence=" ", by=wang(), now=make.NOON)

    def test_keeps_the_wording_the_customer_was_shown(self):
        first = consenting.publish_wording("news", "同意接收新品资讯。", by=wang(), now=make.NOON)
        made = gave(make.customer())
        second = consenting.publish_wording("news", "同意接收新品与活动资讯。", by=wang(), now=LATER)

        assert (made.wording, second.number) == (first, 2)

    def test_is_given_once(self):
        customer = make.customer()
        gave(customer)

        with pytest.raises(CannotConsent, match="already"):
            gave(customer)

    def test_taken_back_twice_does_no_harm(self):
        customer = make.customer()
        gave(customer)

        assert took_back(customer) == took_back(customer)

    def test_stands_beside_its_purpose_with_what_was_said(self):
        customer = make.customer()
        gave(customer, channel="email")

        standing = {each.purpose: each for each in consenting.standing_of(customer)}

        assert standing["news"].wants
        assert standing["news"].is_allowed
        assert (standing["service"].is_allowed, standing["service"].wants) == (True, False)
        assert not standing["research"].is_allowed
