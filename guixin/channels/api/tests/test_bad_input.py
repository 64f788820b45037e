"""What a program gets for what cannot be, in the words the pages show: the list of docs/bad-input.md."""

import pytest

from guixin.channels.api.tests import make
from guixin.organisation.tests import make as firm
from guixin.organisation.tests.make import line
from guixin.serve.models import Goodwill
from guixin.understand.models import Purchase
from guixin.understand.tests.make_segments import all_of, asks, customer, segment

pytestmark = pytest.mark.django_db
LENDING = {
    "decision": "goodwill", "limit": 10_000, "currency": "CNY", "reason": "出差",
    "from_at": "2099-03-04T10:00:00+08:00", "to_at": "2099-03-06T10:00:00+08:00",
}  # fmt: skip


class TestAProgram:
    def test_is_warned_of_a_rule_that_matches_nobody_or_everybody(self):
        segment("key", owner=firm.he())
        customer("小户", net=20_000)
        api = make.program(firm.he())

        nobody = api.post("/segments/key/preview", {"rule": all_of(asks("net", "at_least", 50_000))}).said
        everybody = api.post("/segments/key/preview", {"rule": all_of(asks("net", "at_least", 1))}).said

        assert nobody["customers"] == 0
        assert "Nobody matches" in " ".join(nobody["warnings"])
        assert "Everybody matches" in " ".join(everybody["warnings"])

    def test_is_refused_segments_that_ask_for_each_other(self):
        segment("key", owner=firm.he())
        segment("other", asks("segment", "in", ["key"]), owner=firm.he())

        answer = make.program(firm.he()).post(
            "/segments/key/draft", {"rule": all_of(asks("segment", "in", ["other"]))}
        )

        assert answer.status_code == 422
        assert "in a circle" in answer.said["detail"]

    def test_hears_how_many_purchases_name_no_customer(self):
        lines = [{"order": "1", "bought_at": "2026-03-02T10:00:00+08:00", "amount": 100}]
        said = make.program(make.administrator()).post("/purchases", {"source": "shop", "lines": lines}).said

        assert (said["landed"], said["without_customer"]) == (1, 1)
        assert Purchase.objects.get().customer is None

    @pytest.mark.parametrize(
        "wrong", [{"bought_at": "0001-01-01T00:00:00"}, {"order": "a\u0000b"}, {"product": "\ud800"}]
    )
    def test_is_refused_a_purchase_that_cannot_be_written_down(self, wrong):
        lines = [{"order": "1", "bought_at": "2026-03-02T10:00:00+08:00", "amount": 100} | wrong]

        answer = make.program(make.administrator()).post("/purchases", {"source": "shop", "lines": lines})

        assert answer.status_code == 422 or answer.said["rejected"] == 1

    def test_is_told_where_a_sum_of_zero_goes(self):
        firm.authority_table(line("goodwill", 1, 0), line("goodwill", 2, 100_000))
        case = make.case()
        given = {"amount": 100, "currency": "CNY", "reason": "赔礼"}

        answer = make.program(make.wang()).post(f"/cases/{case.number}/goodwill", given)

        assert answer.status_code == 201
        assert answer.said["state"] == "asked"

    def test_passes_no_limit_in_parts_by_another_kind_or_by_a_recovery(self):
        """Wang may spend 200 yuan on a case: everything after that is asked for, whatever way it is promised."""
        firm.spending_table()
        case, api = make.case(), make.program(make.wang())
        given = {"currency": "CNY", "reason": "赔礼"}
        begun = api.post(f"/cases/{case.number}/recovery", {"fault": "ours"}).said
        gift = api.post(f"/recoveries/{begun['id']}/steps", {"kind": "gift", "owner": "wang"}).said["id"]

        states = [
            api.post(f"/cases/{case.number}/goodwill", given | {"amount": amount, "kind": kind}).said["state"]
            for amount, kind in ((15_000, "goodwill"), (5_001, "goodwill"), (5_001, "refund"))
        ]
        by_step = api.post(f"/recovery-steps/{gift}/promise", given | {"amount": 5_001})

        assert states == ["promised", "asked", "asked"]
        assert by_step.status_code == 201
        assert Goodwill.objects.filter(state="promised").count() == 1

    def test_is_refused_a_ring_of_lendings(self):
        firm.spending_table()
        for lender, borrower in (("he", "wu"), ("wu", "chen")):
            lent = make.program(firm.person(lender)).post(
                "/authority/lendings", LENDING | {"borrower": borrower}
            )
            assert lent.status_code == 201

        answer = make.program(firm.chen()).post("/authority/lendings", LENDING | {"borrower": "he"})

        assert answer.status_code == 422
        assert "a ring" in answer.said["detail"]

    def test_is_refused_a_time_of_the_day_with_a_zone(self):
        wishes = {"mail": [], "robot": [], "quiet_from": "22:00Z", "quiet_to": "07:00"}

        answer = make.program(make.wang()).put("/notice-wishes", wishes)

        assert answer.status_code == 422
        assert "without a time zone" in str(answer.said)
