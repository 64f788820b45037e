import pytest

from guixin.desks.tests.desk import noon, signed_in
from guixin.serve import templates
from guixin.serve.models import Template
from guixin.serve.tests import make

__all__ = ["noon"]
pytestmark = pytest.mark.usefixtures("noon")

WORDS = {"name": "换货", "shortcut": "hh", "kind": "reply", "body": "{customer}您好，{product}换货。"}


def administrator():
    make.firm()
    return make.sun()


class TestTheTemplatesOfTheFirm:
    def test_are_written_on_a_page(self):
        answer = signed_in(administrator()).post("/admin/templates/new", WORDS)

        assert answer.status_code == 302
        assert Template.objects.get().shortcut == "hh"
        assert "换货" in signed_in(administrator()).get("/admin/templates").content.decode()

    def test_are_shown_with_the_values_of_the_newest_case(self):
        client = signed_in(administrator())
        make.case(product="5号拉链")

        answer = client.post("/admin/templates/new", WORDS | {"preview": "1"})

        assert "5号拉链换货。" in answer.content.decode()
        assert not Template.objects.exists()

    def test_refused_keep_what_was_typed(self):
        answer = signed_in(administrator()).post("/admin/templates/new", WORDS | {"body": "{nobody}您好"})

        shown = answer.content.decode()
        assert answer.status_code == 422
        assert "cannot be filled in" in shown
        assert "{nobody}您好" in shown

    def test_changed_are_a_new_version_with_their_history(self):
        client = signed_in(administrator())
        made = templates.publish("hh", WORDS, now=make.NOON)

        client.post(f"/admin/templates/{made.code}", WORDS | {"body": "新的话"})

        shown = client.get(f"/admin/templates/{made.code}").content.decode()
        assert Template.objects.in_force().get().number == 2
        assert "version 2" in shown
        assert administrator().name in shown

    def test_are_withdrawn_and_put_back(self):
        client = signed_in(administrator())
        made = templates.publish("hh", WORDS, now=make.NOON)

        client.post(f"/admin/templates/{made.code}/withdrawal")
        assert not Template.objects.in_force().exists()
        client.post(f"/admin/templates/{made.code}/again")

        assert Template.objects.in_force().get().body == WORDS["body"]

    def test_are_not_for_others(self):
        assert signed_in(make.wang()).get("/admin/templates").status_code == 403
        assert signed_in(make.wang()).post("/admin/templates/new", WORDS).status_code == 403
