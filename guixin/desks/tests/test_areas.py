import pytest

from guixin.desks import areas
from guixin.desks.areas import Area, AreaPage, area_row, everybody
from guixin.desks.tests.desk import signed_in
from guixin.organisation.access import scope_of
from guixin.serve.overview import sees_all
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")

PAGES = (
    AreaPage("/customers", "Customers", sees_all),
    AreaPage("/contacts", "Contacts", everybody),
    AreaPage("/contacts/plans", "Plans", everybody),
)


@pytest.fixture
def three_pages(monkeypatch):
    monkeypatch.setattr(areas, "AREAS", (Area("Customers", "team", PAGES),))


class TestAnArea:
    def test_shows_its_pages_in_a_row_and_marks_where_one_is(self, three_pages):
        page = signed_in(make.wang()).get("/customers").content.decode()

        row = page.partition('<nav class="area"')[2].partition("</nav>")[0]
        assert [f'href="{each.address}"' in row for each in PAGES] == [True, True, True]
        assert 'href="/customers" aria-current="page"' in row

    def test_belongs_to_whatever_stands_under_its_addresses(self, three_pages):
        scope = scope_of(make.wang())

        assert area_row("/customers/17", scope).here == PAGES[0]
        assert area_row("/contacts/plans/3", scope).here == PAGES[2]
        assert area_row("/customers-of-old", scope) is None

    def test_hides_what_the_reader_would_be_refused(self, three_pages):
        row = area_row("/contacts", scope_of(make.zhao()))

        assert row.links == [PAGES[1], PAGES[2]]
        assert row.entry == "/contacts"

    def test_with_one_page_has_no_row(self, monkeypatch):
        monkeypatch.setattr(areas, "AREAS", (Area("Customers", "team", PAGES[:1]),))

        assert '<nav class="area"' not in signed_in(make.wang()).get("/customers").content.decode()
