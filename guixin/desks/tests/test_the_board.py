import pytest
from django.http import QueryDict

from guixin.desks.pages.now import _tiles
from guixin.desks.tests.desk import signed_in
from guixin.ledger.clock import set_virtual_clock
from guixin.promise.keeping import fire_due
from guixin.serve import queues
from guixin.serve.handling import accept, return_result
from guixin.serve.models import Task
from guixin.serve.overview import overview, people_of
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON, at
from guixin.serve.waiting import wait_for_customer

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def busy(noon):
    """Cases of every sort on Thursday noon: some late, one due soon, one waiting, one with nobody."""
    for day in (2, 3):
        make.case(now=at("10:00", day=day))
        make.case(now=at("15:00", day=day), category="installation")
    wait_for_customer(make.case(), "哪一批货？", by=make.wang(), now=NOON)
    make.case(category="", subject="说不清", now=at("11:40", day=5))
    accept(Task.objects.filter(department=make.quality()).first(), by=make.li(), now=at("11:00", day=3))
    now = at("11:50", day=5)
    fire_due(now)
    set_virtual_clock(now)
    return now


def behind(address, person, now):
    name, _mark, query = address.removeprefix("/queues/").partition("?")
    return queues.listed(name, person, QueryDict(query), now=now).all_rows.count()


class TestTheListsBehindTheBoard:
    def test_are_there_for_whoever_sees_everything(self, busy):
        client = signed_in(make.he())
        for tile in _tiles(overview(make.he(), busy), "all", make.he()):
            assert client.get(tile.address).status_code == 200, tile.address


class TestTheBoard:
    @pytest.mark.parametrize(("who", "lists"), [("he", "all"), ("chen", "department"), ("sun", "all")])
    def test_leads_from_each_tile_to_exactly_the_cases_counted(self, busy, who, lists):
        person = make.person(who)
        tiles = _tiles(overview(person, busy), lists, person)

        assert any(tile.number for tile in tiles)
        for tile in tiles:
            assert tile.number.value == behind(tile.address, person, busy), tile.address

    def test_leads_from_each_number_of_a_department_to_exactly_these(self, busy):
        he = make.he()
        rows = overview(he, busy).departments
        assert rows[0].deadlines.late  # the latest department first
        for row in rows:
            of = f"department={row.department.code}"
            assert row.open == behind(f"all?{of}", he, busy)
            assert row.waiting == behind(f"all?{of}&state=waiting", he, busy)
            assert row.deadlines.late.value == behind(f"all?{of}&due=late", he, busy)
            assert row.deadlines.soon.value == behind(f"all?{of}&due=soon", he, busy)
            assert row.unaccepted == behind(f"all-tasks?{of}&state=given", he, busy)

    def test_leads_from_a_person_to_exactly_their_work(self, busy):
        he = make.he()
        for department in (make.front(), make.quality()):
            for row in people_of(department, busy):
                login = row.person.login
                assert row.cases == behind(f"all?owner={login}", he, busy)
                assert row.of_cases.late.value == behind(f"all?owner={login}&due=late", he, busy)
                assert row.waiting == behind(f"all?owner={login}&state=waiting", he, busy)
                assert row.tasks == behind(f"all-tasks?handler={login}", he, busy)
                assert row.of_tasks.late.value == behind(f"all-tasks?handler={login}&due=late", he, busy)

    def test_says_who_is_away_and_who_is_free(self, busy):
        make.away(make.wu(), at("09:00", day=5), at("18:00", day=6), deputy=make.qian())

        shown = signed_in(make.he()).get("/now?department=quality").content.decode()
        assert f"deputy {make.qian().name}" in shown
        assert "free" in shown

    def test_names_the_department_that_makes_us_late_and_its_worst_cases(self, busy):
        for task in Task.objects.open().filter(department=make.quality()).order_by("pk")[:2]:
            return_result(task, "换货", by=make.li(), now=busy)

        context = signed_in(make.he()).get("/now").context
        first = context["weekly"][0]
        assert first.department == make.quality() == context["blamed"]
        assert first.share.missed
        late = [each.by for each in context["worst"]]
        assert 1 <= len(late) <= 3
        assert late == sorted(late, reverse=True)
        listed = signed_in(make.he()).get("/promises?department=quality&which=missed")
        assert listed.context["number"].value == first.share.missed == len(listed.context["promises"])

    def test_is_for_those_who_look_after_others(self, busy):
        assert signed_in(make.li()).get("/now").status_code == 404
        assert signed_in(make.zhou()).get("/now").status_code == 200
        assert signed_in(make.zhou()).get("/now?department=quality").status_code == 404
        assert signed_in(make.zhou()).get("/promises?department=quality").status_code == 404
        assert signed_in(make.li()).get("/promises?department=quality").status_code == 404

    def test_shows_a_head_only_their_own_department(self, busy):
        rows = overview(make.zhou(), busy).departments
        assert [row.department for row in rows] == [make.logistics()]
        assert overview(make.zhou(), busy).unrouted is None

    def test_fills_a_wall(self, busy):
        assert "is-wall" in signed_in(make.he()).get("/now?wall=1").content.decode()

    def test_asks_the_database_no_more_than_thirty_times(self, busy, django_assert_max_num_queries):
        client = signed_in(make.he())
        client.get("/now?department=quality")

        with django_assert_max_num_queries(30):
            client.get("/now?department=quality")
