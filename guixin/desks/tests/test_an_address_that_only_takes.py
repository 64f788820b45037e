"""An address opened in a way it does not answer."""

import pytest

from guixin.desks.tests.desk import signed_in
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


class TestAnAddressThatOnlyTakes:
    def test_says_so_when_it_is_opened(self):
        answer = signed_in(make.wang()).get("/today/seen")

        assert (answer.status_code, answer["Allow"]) == (405, "POST")
        assert "only takes what a form sends" in answer.content.decode()

    def test_says_so_to_whoever_has_no_account(self, client):
        answer = client.get("/sign-out")

        assert answer.status_code == 405
        assert "only takes what a form sends" in answer.content.decode()

    def test_and_one_that_only_shows(self):
        answer = signed_in(make.wang()).post("/problems", headers={"HX-Request": "true"})

        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
        assert "only shows something" in answer.content.decode()


def test_a_program_is_told_as_a_problem(client):
    answer = client.put("/api/cases")

    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
    assert "GET" in answer["Allow"]
