import pytest

from guixin.desks.tests.desk import signed_in
from guixin.organisation.models import Grant, Lending, Matrix
from guixin.organisation.tests import make as firm
from guixin.promise.models import AuthorityRequest
from guixin.serve.models import Goodwill
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def case(noon):
    firm.spending_table()
    return make.case()


def asked(case, yuan="900", who=None):
    said = {"amount": yuan, "currency": "CNY", "reason": "运费我们出"}
    return signed_in(who or make.wang()).post(f"/cases/{case.number}/goodwill", said)


class TestGoodwillOnACase:
    def test_is_promised_within_ones_limit(self, case):
        assert asked(case, "￥199.50").status_code == 302
        assert Goodwill.objects.get().amount == 19_950

    def test_goes_up_above_it_and_is_answered_there(self, case):
        assert asked(case).status_code == 302
        request = AuthorityRequest.objects.get()
        today = signed_in(make.he()).get("/").content.decode()
        assert f'href="/requests/{request.pk}"' in today

        page = signed_in(make.he()).get(f"/requests/{request.pk}").content.decode()
        assert "运费我们出" in page
        assert "/approval" in page
        assert (
            signed_in(make.he()).post(f"/requests/{request.pk}/approval", {"note": "可以"}).status_code == 302
        )
        assert Goodwill.objects.get().state == "promised"
        assert "CN¥900.00" in signed_in(make.he()).get("/authority/used").content.decode()
        assert "agrees to the cent" in signed_in(make.he()).get("/authority/used").content.decode()

    def test_is_refused_in_words_with_everything_typed_kept(self, case):
        answer = signed_in(make.wang()).post(
            f"/cases/{case.number}/goodwill", {"amount": "1,5", "currency": "CNY", "reason": "运费我们出"}
        )
        assert answer.status_code == 422
        assert "is not a number" in answer.content.decode()
        assert "运费我们出" in answer.content.decode()

    def test_is_refused_on_the_page_of_the_request(self, case):
        asked(case)
        request = AuthorityRequest.objects.get()
        answer = signed_in(make.he()).post(f"/requests/{request.pk}/refusal", {"note": " "})
        assert (answer.status_code, "Say why not" in answer.content.decode()) == (422, True)
        assert signed_in(make.wang()).post(f"/requests/{request.pk}/approval", {}).status_code == 403
        assert signed_in(make.li()).get(f"/requests/{request.pk}").status_code == 404


class TestThePageOfAuthority:
    def test_shows_the_table_and_ones_own(self, case):
        page = signed_in(make.wang()).get("/authority").content.decode()
        assert "CN¥200.00" in page
        assert "Supervisor and above" in page
        assert "Change the table" not in page

    def test_lends_and_takes_back(self, case):
        said = {
            "decision": "goodwill", "amount": "150", "currency": "CNY", "borrower": make.li().pk, "reason": "出差",
            "from_at": "2026-03-04T12:00", "to_at": "2026-03-06T12:00",
        }  # fmt: skip
        refused = signed_in(make.wang()).post("/authority/lendings", said | {"amount": "500"})
        assert (refused.status_code, "cannot be lent" in refused.content.decode()) == (422, True)
        assert signed_in(make.wang()).post("/authority/lendings", said).status_code == 302
        lending = Lending.objects.get()
        assert lending.limit == 15_000
        assert signed_in(make.li()).post(f"/authority/lendings/{lending.pk}/end").status_code == 404
        signed_in(make.wang()).post(f"/authority/lendings/{lending.pk}/end")
        assert not Lending.objects.filter(to_at__gt=make.at("12:01")).exists()


class TestChangingTheTable:
    LINE = {
        "decision": "refund", "rank": "2", "currency": "CNY", "limit_each": "300", "period_days": "30",
        "position": "", "department": "", "limit_case": "", "limit_customer": "", "limit_period": "",
        "up_to_severity": "",
    }  # fmt: skip

    def test_goes_by_a_draft_a_preview_and_publishing(self, case):
        he = signed_in(make.he())
        he.post("/admin/authority/begin")
        assert he.post("/admin/authority/lines/new", self.LINE).status_code == 302
        page = he.get("/admin/authority").content.decode()
        assert "Who could do what differs" in page
        assert make.qian().name in page
        assert "CN¥300.00" in page

        assert he.post("/admin/authority/publication", {"note": "退款"}).status_code == 302
        table = Matrix.objects.get(withdrawn_at=None, number=2)
        assert table.grants.filter(decision="refund", limit_each=30_000).exists()

    def test_keeps_what_was_typed_when_it_is_refused(self, case):
        answer = signed_in(make.he()).post("/admin/authority/lines/new", self.LINE | {"rank": ""})
        assert answer.status_code == 422
        assert "a position, or a rank" in answer.content.decode()
        assert 'value="300"' in answer.content.decode()

    def test_edits_and_removes_lines_of_the_draft_only(self, case):
        he = signed_in(make.he())
        published = Grant.objects.first()
        assert he.post(f"/admin/authority/lines/{published.pk}/removal").status_code == 404
        he.post("/admin/authority/begin")
        line = Grant.objects.filter(matrix__published_at=None).first()
        he.post(f"/admin/authority/lines/{line.pk}/removal")
        assert not Grant.objects.filter(pk=line.pk).exists()
        he.post("/admin/authority/discard")
        assert not Matrix.objects.filter(published_at=None).exists()
