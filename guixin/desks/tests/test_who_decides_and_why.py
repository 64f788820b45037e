import pytest

from guixin.channels.api.tests.make import program
from guixin.desks.tests.desk import signed_in
from guixin.organisation.tests import make as firm
from guixin.serve.tests.make import NOON
from guixin.understand import motives
from guixin.understand.models import ContactPerson, Customer, Membership
from guixin.understand.tests.make_segments import segment

pytestmark = pytest.mark.usefixtures("noon")


def person_at(company, name, roles, why, **more) -> ContactPerson:
    person = Customer.objects.create(name=name, kind="person", created_at=NOON)
    return ContactPerson.objects.create(
        company=company, person=person, roles=roles, motives=why, since=NOON, **more
    )


@pytest.fixture
def deciders():
    """Two at a reseller, one at a producer, one who left."""
    reseller, producer = (
        Customer.objects.create(name=name, kind="company", market=market, created_at=NOON)
        for name, market in (("海风电器", "reseller"), ("北山机械", "producer"))
    )
    person_at(reseller, "周厂长", ["decider", "user"], "价格；交期")
    person_at(reseller, "吴采购", ["buyer"], "交期, Price")
    person_at(producer, "郑工", [], "")
    person_at(producer, "冯工", ["user"], "价格", left_at=NOON)
    key = segment("key", name="重点客户")
    Membership.objects.create(customer=reseller, segment=key, since=NOON, why={})
    return key


class TestWhoDecides:
    def test_is_counted_with_how_many_that_rests_on(self, deciders):
        found = motives.deciding()

        assert (found.people, found.companies, found.without_role, found.without_motive) == (3, 2, 1, 1)
        assert {each.value: each.people for each in found.roles if each.people} == {
            "decider": 1, "user": 1, "buyer": 1,
        }  # fmt: skip
        first = found.motives[0]
        assert (first.value, first.people, first.companies) == ("交期", 2, 1)

    def test_is_narrowed_to_a_segment_or_a_market(self, deciders):
        assert motives.deciding(deciders).people == 2
        assert motives.deciding(market="producer").people == 1
        assert motives.deciding(deciders, "producer").people == 0

    def test_leads_to_exactly_the_people_of_a_number(self, deciders):
        assert len(motives.people_behind(motive="交期", size=9)) == 2
        assert [each.person.name for each in motives.people_behind(role="buyer", size=9)] == ["吴采购"]
        assert len(motives.people_behind(market="reseller", size=9)) == 2


class TestThePageOfWhoDecides:
    def test_shows_both_and_leads_to_the_people_masked(self, deciders):
        html = signed_in(firm.wang()).get("/motives?segment=key").content.decode()
        assert "2 contact people" in html
        assert "/motives/people?segment=key&amp;role=buyer" in html

        listed = signed_in(firm.wang()).get("/motives/people?segment=key&role=buyer").content.decode()
        assert "海风电器" in listed
        assert "吴采购" not in listed

    def test_is_for_those_who_see_every_customer(self, deciders):
        assert signed_in(firm.zhao()).get("/motives").status_code == 403
        assert signed_in(firm.zhao()).get("/motives/people").status_code == 403

    def test_answers_a_program_the_same(self, deciders):
        said = program(firm.wang()).get("/motives?segment=key").said

        assert said["people"] == 2
        assert said["motives"][0] == {"value": "交期", "words": "交期", "people": 2, "companies": 1}
