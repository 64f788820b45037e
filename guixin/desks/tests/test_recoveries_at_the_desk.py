import pytest

from guixin.desks.tests.desk import signed_in
from guixin.organisation.tests import make as firm
from guixin.recover.models import Recovery, RecoveryRule
from guixin.recover.tests import make as recover
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def recovery(noon) -> Recovery:
    firm.spending_table()
    recover.rule()
    case = make.case(severity=3)
    begun = signed_in(make.wang()).post(f"/cases/{case.number}/recovery", {"fault": "ours"})
    assert begun["Location"] == f"/recoveries/{Recovery.objects.get().pk}"
    return Recovery.objects.get()


class TestMakingACustomerWhole:
    def test_is_done_from_the_plan_to_its_end(self, recovery):
        wang, here = signed_in(make.wang()), f"/recoveries/{recovery.pk}"

        def step(kind: str, act: str, **said):
            pk = recover.step(recovery, kind).pk
            return wang.post(f"/recovery-steps/{pk}/{act}", said)

        refused = wang.post(f"{here}/finish", {"note": ""})
        assert (refused.status_code, "Still to be done" in refused.content.decode()) == (409, True)
        assert step("listening", "done", said="").status_code == 422
        assert step("listening", "done", said="客户说了半小时")["Location"] == here
        assert step("apology", "done", said="已当面道歉").status_code == 302
        assert step("refund", "promise", amount="100", currency="CNY", reason="赔礼").status_code == 302
        assert step("refund", "leaving-out", reason="不要").status_code == 409
        shown = wang.get(here).content.decode()
        assert "客户说了半小时" in shown
        assert "¥100" in shown
        assert "nothing yet" not in shown

    def test_is_on_the_case_and_in_its_story_and_the_customers(self, recovery):
        wang, case = signed_in(make.wang()), recovery.case
        shown = wang.get(f"/cases/{case.number}").content.decode()
        assert f"/recoveries/{recovery.pk}" in shown
        assert "A recovery plan was begun; fault: Ours" in shown
        stream = wang.get(f"/customers/{case.customer_id}?only=recoveries").content.decode()
        assert "A recovery plan was begun" in stream

    def test_says_what_repays_in_kind_and_how_much_of_the_price_is_promised(self, recovery):
        wang, here = signed_in(make.wang()), f"/recoveries/{recovery.pk}"
        assert "repaid best" not in wang.get(here).content.decode()
        assert wang.post(f"{here}/fault", {"fault": "ours", "failure": "goods"}).status_code == 302
        assert (
            wang.post(f"/cases/{recovery.case.number}/price", {"amount": "x", "currency": "CNY"}).status_code
            == 422
        )
        assert (
            wang.post(
                f"/cases/{recovery.case.number}/price", {"amount": "400", "currency": "CNY"}
            ).status_code
            == 302
        )
        refund = recover.step(recovery, "refund").pk
        wang.post(f"/recovery-steps/{refund}/promise", {"amount": "100", "currency": "CNY", "reason": "赔礼"})

        shown = wang.get(here).content.decode()

        assert "Flawed goods are repaid best with goods" in shown
        assert "The plan has nothing of it yet." in shown
        assert "25 % of it" in shown

    def test_waits_on_the_list_and_today_of_whoever_has_a_step(self, recovery):
        wu = signed_in(make.wu())
        assert f"/recoveries/{recovery.pk}" in wu.get("/recoveries").content.decode()
        assert f"/recoveries/{recovery.pk}" in wu.get("/").content.decode()
        assert signed_in(make.jiang()).get(f"/recoveries/{recovery.pk}").status_code == 404


class TestTheRulesOfRecovery:
    def test_are_kept_by_administrators(self, noon):
        recover.rule()
        he = signed_in(make.he())
        shown = he.get("/admin/recovery-rules/serious-ours").content.decode()
        assert "当面道歉" in shown
        said = {
            "name": "严重",
            "from_severity": "3",
            "fault": "",
            "gift-proposed": "on",
            "gift-amount": "abc",
        }
        assert he.post("/admin/recovery-rules/serious-ours", said).status_code == 422
        said["gift-amount"] = "66"
        assert he.post("/admin/recovery-rules/serious-ours", said).status_code == 302
        rule = RecoveryRule.objects.get()
        assert (rule.number, rule.steps) == (2, [{"kind": "gift", "amount": "66.00", "currency": "CNY"}])
        assert signed_in(make.wang()).get("/admin/recovery-rules").status_code == 403


class TestTheLedgerOfCompensation:
    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_leaves_as_a_file_for_finance(self, form):
        answer = signed_in(make.he()).post("/compensations/file?state=promised", {"as": form})

        assert answer.status_code == 200
        assert answer["Content-Disposition"].endswith(f'.{form}"')
        assert b"".join(answer.streaming_content)
