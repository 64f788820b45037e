"""Suggestions beside a new case and beside a case, and everything in the one box by its words."""

import pytest

from guixin.channels.api.tests.make import Program
from guixin.desks.tests.desk import signed_in
from guixin.serve.tests import make
from guixin.understand import knowing

pytestmark = pytest.mark.usefixtures("noon")
HTMX = {"hx-request": "true"}


@pytest.fixture
def known():
    return knowing.capture(
        "observation", "瓷砖色差先核对批号", source="observation", subject="瓷砖", words="批号不同就会有色差", by=make.wang(),
        now=make.NOON,
    )  # fmt: skip


@pytest.fixture
def closed():
    return make.closed_case(subject="瓷砖有色差")


def suggested(person=None, **said):
    return signed_in(person or make.wang()).post("/suggestions", said, headers=HTMX)


class TestWhatMayHelp:
    def test_follows_what_is_written_and_says_why(self, known, closed):
        shown = suggested(subject="客户说瓷砖色差严重").content.decode()

        assert f"/knowledge/{known.pk}" in shown
        assert f"/cases/{closed.number}" in shown
        assert "because of: " in shown
        assert "色差" in shown.partition("because of: ")[2]
        assert closed.messages.get(kind="reply").body in shown
        assert suggested(subject="", story="").content.decode().strip() == ""

    def test_stands_on_the_page_of_a_new_case_that_is_filled_already(self, known):
        page = (
            signed_in(make.wang()).post("/cases/new", {"subject": "瓷砖色差", "look": "1"}).content.decode()
        )

        assert f"/knowledge/{known.pk}" in page

    def test_stands_beside_a_case_and_finds_what_is_typed_there(self, known, closed):
        case = make.case(subject="瓷砖色差，要求更换")
        client = signed_in(make.wang())

        side = client.get(f"/cases/{case.number}?side=handbook").content.decode()
        assert f"/knowledge/{known.pk}" in side
        typed = suggested(case=case.number, q="批号").content.decode()
        assert (f"/knowledge/{known.pk}" in typed, closed.number in typed) == (True, False)
        assert "Nothing found for “石板”" in suggested(case=case.number, q="石板").content.decode()

    def test_follows_what_is_written_in_the_composer_as_soon_as_that_finds_something(self, known, closed):
        case = make.case(subject="货晚到三天")
        nothing = suggested(case=case.number, body="您好").content.decode()
        assert "<li" not in nothing

        typed = suggested(case=case.number, body="瓷砖色差先看批号").content.decode()
        assert (f"/knowledge/{known.pk}" in typed, closed.number in typed) == (True, True)
        program = Program(make.wang(), ["cases:read"])
        found = program.post("/suggestions", {"text": "瓷砖色差先看批号", "case": case.number}).json()
        assert {each["kind"] for each in found} == {"knowledge", "case"}

    def test_shows_nobody_what_they_may_not_see(self, known, closed):
        assert "<li" not in suggested(make.zhao(), subject="瓷砖色差").content.decode()
        case = make.case(subject="瓷砖色差", departments=[make.quality().pk])
        assert suggested(make.zhao(), case=case.number).status_code == 404

    def test_leads_to_the_page_of_the_search_without_javascript(self):
        answer = signed_in(make.wang()).post("/suggestions", {"q": "色差"})

        assert answer.headers["Location"] == "/find?q=%E8%89%B2%E5%B7%AE"

    def test_asks_little(self, known, closed, django_assert_max_num_queries):
        client = signed_in(make.wang())
        client.post("/suggestions", {"subject": "瓷砖"}, headers=HTMX)
        with django_assert_max_num_queries(12):
            client.post("/suggestions", {"subject": "客户说瓷砖色差严重"}, headers=HTMX)


class TestTheOneBox:
    def test_finds_knowledge_and_cases_by_their_words(self, known, closed):
        page = signed_in(make.wang()).get("/find?q=色差", headers=HTMX).content.decode()

        assert f"/knowledge/{known.pk}" in page
        assert f"/cases/{closed.number}" in page
        assert "Knowledge" in page
