import pytest

from guixin.desks.tests.desk import signed_in
from guixin.promise import stating
from guixin.promise.models import Proposal, Statement
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


def proposed(**more) -> Proposal:
    make.standards()
    said = {
        "kind": "standard", "standard": "reply", "minutes": "20h", "department": make.quality().pk,
        "subject": "回复改为二十小时", "why": "多数当天就回了",
    }  # fmt: skip
    assert signed_in(make.li()).post("/proposals/new", said | more).status_code == 302
    return Proposal.objects.get()


class TestProposing:
    def test_is_done_by_anybody_and_answered_by_the_owner(self, noon):
        proposal = proposed()
        assert (proposal.budget_minutes, proposal.reviewer) == (1200, make.sun())
        assert f"/proposals/{proposal.pk}" in signed_in(make.sun()).get("/").content.decode()
        answered = signed_in(make.sun()).post(f"/proposals/{proposal.pk}/acceptance", {"answer": "好主意"})
        assert answered.status_code == 302
        page = signed_in(make.li()).get(f"/proposals/{proposal.pk}").content.decode()
        assert "好主意" in page
        assert "What it did" in page

    def test_is_refused_in_words_with_everything_typed_kept(self, noon):
        make.standards()
        answer = signed_in(make.li()).post(
            "/proposals/new", {"kind": "standard", "subject": "快一点", "why": ""}
        )
        assert answer.status_code == 422
        assert "Say what should change, and why" in answer.content.decode()
        assert "快一点" in answer.content.decode()

    def test_is_answered_on_its_page_by_those_who_may(self, noon):
        proposal = proposed()
        empty = signed_in(make.sun()).post(f"/proposals/{proposal.pk}/refusal", {"answer": ""})
        assert (empty.status_code, "Say why not" in empty.content.decode()) == (409, True)
        assert (
            signed_in(make.zhao()).post(f"/proposals/{proposal.pk}/refusal", {"answer": "不"}).status_code
            == 403
        )
        assert proposal.subject in signed_in(make.zhao()).get("/proposals?which=open").content.decode()

    def test_begins_from_a_standard(self, noon):
        make.standards()
        page = signed_in(make.li()).get("/proposals/new?standard=reply").content.decode()
        assert '<option value="reply" selected>' in page


class TestATrial:
    def test_of_a_time_asks_in_which_department_it_holds(self, noon):
        proposal = proposed()
        page = signed_in(make.sun()).get(f"/proposals/{proposal.pk}?act=trial").content.decode()
        assert "A new time of a standard holds there until the trial ends." in page

    def test_of_anything_else_says_that_nothing_changes_by_itself(self, noon):
        proposal = proposed(kind="text", standard="", minutes="")
        client = signed_in(proposal.reviewer)
        page = client.get(f"/proposals/{proposal.pk}?act=trial").content.decode()
        assert "No setting changes by itself" in page
        assert "A new time of a standard holds there" not in page
        client.post(f"/proposals/{proposal.pk}/trial", {"until": "2026-03-09T12:00", "note": "早班先试"})
        assert (
            "tried by hand; no setting changes by itself"
            in client.get(f"/proposals/{proposal.pk}").content.decode()
        )

    def test_of_a_rule_lets_another_way_hold_for_a_while(self, noon):
        make.rules()
        proposal = proposed(kind="rule", standard="", minutes="", department=make.front().pk)
        client = signed_in(make.he())
        page = client.get(f"/proposals/{proposal.pk}?act=trial").content.decode()
        assert '<option value="quality">' in page
        assert "drops back then if nobody has decided" in page

        said = {"until": "2026-03-09T12:00", "rule": "quality", "departments": [make.quality().pk]}
        client.post(f"/proposals/{proposal.pk}/trial", said)

        page = client.get(f"/proposals/{proposal.pk}").content.decode()
        assert "holds now" in page
        assert "What the trial did" in page


class TestAStatement:
    def test_is_made_on_its_page(self, noon):
        make.standards()
        stating.open_due(make.NOON)
        mine = Statement.objects.get(department=make.quality())
        wu = signed_in(make.wu())
        assert f"/statements/{mine.pk}" in wu.get("/").content.decode()
        assert wu.post(f"/statements/{mine.pk}/saying", {}).status_code == 422
        assert wu.post(f"/statements/{mine.pk}/saying", {"nothing_to_change": "yes"}).status_code == 302
        assert "Nothing needs to change" in wu.get("/statements").content.decode()
        assert signed_in(make.zhao()).post(f"/statements/{mine.pk}/saying", {}).status_code == 403
        assert wu.get("/statements?month=x").status_code == 404


class TestTheHistoryOfAStandard:
    def test_leads_to_the_proposal_and_what_it_did(self, noon):
        proposal = proposed()
        signed_in(make.sun()).post(f"/proposals/{proposal.pk}/acceptance", {"answer": "好主意"})
        page = signed_in(make.he()).get("/admin/standards/reply").content.decode()
        assert f'href="/proposals/{proposal.pk}"' in page
        assert f"Proposed by {make.li().name}" in page
