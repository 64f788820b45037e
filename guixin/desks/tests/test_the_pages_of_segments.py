import io
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from guixin.desks.tests.desk import signed_in
from guixin.ledger.models import Entry
from guixin.organisation.tests import make as firm
from guixin.understand import needing, segmenting
from guixin.understand.models import Segment
from guixin.understand.previewing import Preview
from guixin.understand.tests.make import NOON
from guixin.understand.tests.make_segments import BIG, all_of, asks, customer, members, segment, sort

pytestmark = pytest.mark.usefixtures("noon")


def one_row(fact="net", how="at_least", value="50000", **more) -> dict:
    return {
        "match": "all", "rows": "1", "groups": "0", "r0-group": "0", "r0-fact": fact, "r0-was": fact,
        "r0-asks": how, "r0-value": value, **more,
    }  # fmt: skip


class TestTheListOfSegments:
    def test_shows_size_value_and_owner_in_their_order(self):
        customer("大户", net=80_000)
        segment("key", name="重点客户")
        segment("all", asks("net", "more", 0), name="买过的")

        html = signed_in(firm.he()).get("/segments").content.decode()

        assert html.index("重点客户") < html.index("买过的")
        assert "¥80,000" in html
        assert "陈建华" in html

    def test_is_not_for_a_department(self):
        assert signed_in(firm.zhao()).get("/segments").status_code == 403

    def test_is_for_whoever_answers_for_one(self):
        segment("key", owner=firm.li(), name="重点客户")
        segment("other", name="别的")

        html = signed_in(firm.li()).get("/segments").content.decode()
        assert "重点客户" in html
        assert "别的" not in html

    def test_puts_a_segment_before_another(self):
        segment("first"), segment("second")

        signed_in(firm.he()).post("/segments/second/place", {"to": "earlier"})

        assert list(Segment.objects.order_by("priority").values_list("code", flat=True)) == [
            "second",
            "first",
        ]

    def test_is_short_in_queries(self, django_assert_max_num_queries):
        for code in ("one", "two", "three", "four"):
            segment(code)
        desk = signed_in(firm.he())
        desk.get("/segments")

        with django_assert_max_num_queries(20):
            desk.get("/segments")


class TestANewSegment:
    def test_leads_on_to_its_rule(self):
        answer = signed_in(firm.he()).post("/segments/new", {"name": "重点客户", "owner": firm.chen().pk})

        made = Segment.objects.get()
        assert answer.headers["Location"] == f"/segments/{made.code}/rule"
        assert made.owner == firm.chen()

    def test_without_a_name_says_so_at_the_field(self):
        answer = signed_in(firm.he()).post("/segments/new", {"name": "", "owner": firm.chen().pk})

        assert answer.status_code == 422

    def test_is_for_administrators(self):
        assert signed_in(firm.wang()).get("/segments/new").status_code == 403


class TestTheRuleBuilder:
    @pytest.fixture
    def made(self):
        return segmenting.define("key", name="重点客户", owner=firm.chen(), by=None, now=NOON)

    def test_begins_with_one_condition(self, made):
        html = signed_in(firm.chen()).get("/segments/key/rule").content.decode()

        assert 'name="r0-fact"' in html
        assert 'name="r1-fact"' not in html

    def test_adds_a_condition_without_javascript(self, made):
        html = signed_in(firm.chen()).post("/segments/key/rule", one_row(do="add-0")).content.decode()

        assert 'name="r1-fact"' in html

    def test_adds_a_group(self, made):
        html = signed_in(firm.chen()).post("/segments/key/rule", one_row(do="group")).content.decode()

        assert 'name="g1-match"' in html
        assert 'name="r1-group" value="1"' in html

    def test_takes_one_out(self, made):
        posted = one_row(do="remove-0") | {
            "rows": "2", "r1-fact": "grade", "r1-was": "grade", "r1-asks": "in", "r1-value": "A", "r1-group": "0",
        }  # fmt: skip
        html = signed_in(firm.chen()).post("/segments/key/rule", posted).content.decode()

        assert 'name="r1-fact"' not in html
        assert 'value="A" checked' in html

    def test_asks_differently_of_another_fact(self, made):
        posted = one_row("grade", "at_least", "50000", do="look") | {"r0-was": "net"}
        html = signed_in(firm.chen()).post("/segments/key/rule", posted).content.decode()

        assert 'type="checkbox" name="r0-value"' in html

    def test_counts_while_it_is_filled_in(self, made):
        customer("大户", net=80_000)
        customer("小户", net=20_000)

        html = (
            signed_in(firm.he())
            .post("/segments/key/rule", one_row(do="look"), headers={"HX-Request": "true"})
            .content.decode()
        )

        assert "¥80,000" in html
        assert "80.0 %" in html
        assert "大*" in html
        assert "<html" not in html

    def test_shows_no_customers_to_who_may_not_see_them(self, made):
        customer("大户", net=80_000)

        html = signed_in(firm.chen()).post("/segments/key/rule", one_row(do="look")).content.decode()

        assert "大*" not in html

    def test_says_that_it_estimated(self, made, monkeypatch):
        seen = Preview(300, 1_000, 5_000, 9_000, 20, 0, drawn=100, between=(219, 396))
        monkeypatch.setattr("guixin.desks.pages.segment_rule.preview", lambda *_rule, **_terms: seen)

        html = signed_in(firm.he()).post("/segments/key/rule", one_row()).content.decode()

        assert "100 were drawn by lot" in html
        assert "219 to 396" in html

    def test_warns_of_nobody_and_everybody(self, made):
        customer("小户", net=20_000)
        desk = signed_in(firm.chen())

        assert "Nobody matches" in desk.post("/segments/key/rule", one_row(do="look")).content.decode()
        everybody = one_row(value="1", do="look")
        assert "Everybody matches" in desk.post("/segments/key/rule", everybody).content.decode()

    def test_says_beside_the_condition_what_is_wrong_and_loses_nothing(self, made):
        answer = signed_in(firm.chen()).post(
            "/segments/key/rule", one_row(value="viel", do="keep", version="1")
        )
        html = answer.content.decode()

        assert answer.status_code == 422
        assert "compared with a number" in html
        assert 'value="viel"' in html

    def test_keeps_a_draft(self, made):
        signed_in(firm.chen()).post("/segments/key/rule", one_row(do="keep", version="1"))

        made.refresh_from_db()
        assert made.draft == all_of(asks("net", "at_least", 50000))

    def test_does_not_overwrite_a_colleague(self, made):
        segmenting.keep_draft(made, all_of(BIG), by=firm.sun(), now=NOON)

        answer = signed_in(firm.chen()).post("/segments/key/rule", one_row(do="keep", version="1"))

        assert answer.status_code == 409
        assert "just changed" in answer.content.decode()

    def test_is_for_its_owner_and_not_for_the_front_desk(self, made):
        assert signed_in(firm.wang()).get("/segments/key/rule").status_code == 403
        assert signed_in(firm.zhao()).get("/segments/key/rule").status_code == 404

    @pytest.mark.parametrize("rows", ["x", "-1", "99999999", "٣"])
    def test_understands_any_nonsense(self, made, rows):
        posted = one_row("; DROP TABLE", "?", do="remove-x") | {"rows": rows, "groups": rows, "r0-group": "9"}
        assert signed_in(firm.chen()).post("/segments/key/rule", posted).status_code == 200


class TestThePageOfASegment:
    def test_publishes_the_draft_that_was_seen(self):
        customer("大户", net=80_000)
        made = segmenting.define("key", name="重点客户", owner=firm.chen(), by=None, now=NOON)
        made = segmenting.keep_draft(made, all_of(BIG), by=firm.chen(), now=NOON)

        signed_in(firm.chen()).post("/segments/key/publication", {"version": made.draft_version})
        sort(NOON + timedelta(hours=2))

        assert members(made) == {"大户"}

    def test_shows_rule_size_and_versions(self):
        customer("大户", net=80_000)
        segment("key", name="重点客户")

        html = signed_in(firm.he()).get("/segments/key").content.decode()

        assert "Customers: Purchases, net at least ¥50,000." in html or "CN¥50,000" in html
        assert "Version 1" in html
        assert 'role="img"' in html

    def test_goes_back_to_an_earlier_version(self):
        made = segment("key")
        segmenting.publish(made, all_of(asks("net", "less", 5)), by=None, now=NOON)

        signed_in(firm.chen()).post("/segments/key/versions/1/again")

        assert made.versions.get(withdrawn_at=None).rule == all_of(BIG)

    def test_says_why_it_cannot_be_withdrawn(self):
        segment("key")
        segment("both", asks("segment", "in", ["key"]))

        html = signed_in(firm.chen()).post("/segments/key/withdrawal", follow=True).content.decode()

        assert "both" in html
        assert Segment.objects.get(code="key").is_published


class TestTheCustomersOfASegment:
    def test_are_masked_with_the_reason(self):
        customer("张三丰", net=80_000)
        segment("key")

        html = signed_in(firm.wang()).get("/segments/key/customers").content.decode()

        assert "张**" in html
        assert "张三丰" not in html
        assert "80,000" in html

    def test_who_came_and_went_in_some_days(self):
        customer("张三丰", net=80_000)
        made = segment("key")
        segmenting.publish(made, all_of(asks("net", "less", 5)), by=None, now=NOON)
        sort(NOON)
        desk = signed_in(firm.wang())

        assert (
            "张**"
            in desk.get("/segments/key/customers?which=left&from=2026-03-04&to=2026-03-04").content.decode()
        )
        assert "张**" not in desk.get("/segments/key/customers?which=left&from=2026-03-05").content.decode()
        assert desk.get("/segments/key/customers?which=left&from=x&to=9999-12-31&after=-1").status_code == 200

    def test_are_not_for_who_may_not_see_customers(self):
        segment("key", owner=firm.li())

        assert signed_in(firm.li()).get("/segments/key/customers").status_code == 403

    def test_leave_as_excel_masked_and_written_down(self):
        customer("张三丰", net=80_000)
        segment("key")

        answer = signed_in(firm.he()).post("/segments/key/customers.xlsx")

        rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer))).get_sheet_by_index(0).to_python()
        assert rows[1][1] == "张**"
        assert rows[1][7] == 80_000
        assert Entry.objects.get(kind="understand.segment_exported").facts["customers"] == 1

    def test_leave_only_with_who_may_hand_out(self):
        segment("key")

        assert signed_in(firm.wang()).post("/segments/key/customers.xlsx").status_code == 403


class TestTheCustomersPage:
    def test_says_in_which_segments_they_are_and_why(self):
        big = customer("张三丰", net=80_000)
        segment("key", name="重点客户")

        html = signed_in(firm.wang()).get(f"/customers/{big.pk}").content.decode()

        assert "重点客户" in html
        assert "Entered the segment" in html
        assert "80,000" in html

    def test_narrows_the_stream_to_segments(self):
        big = customer("张三丰", net=80_000)
        segment("key")

        html = signed_in(firm.wang()).get(f"/customers/{big.pk}?kind=segments").content.decode()

        assert "Entered the segment" in html


class TestTheNeedsOfASegment:
    @pytest.fixture
    def wanted(self):
        big, small = customer("大户", net=80_000), customer("小户", net=100)
        for who in (big, small):
            needing.note(who, "两小时到场", source="observation", weight=4, by=firm.wang(), now=NOON)
        segment("key", owner=firm.li(), name="重点客户")
        sort()

    def test_stand_by_weight_and_lead_to_their_records(self, wanted):
        html = signed_in(firm.he()).get("/segments/key").content.decode()
        assert "?segment=key&amp;theme=" in html
        assert html.count("两小时到场") == 1

        records = signed_in(firm.he()).get("/needs?segment=key&theme=两小时到场").content.decode()
        assert records.count('class="need"') == 1
        assert "大户" not in records  # masked

    def test_lead_nowhere_for_an_owner_who_may_not_see_every_customer(self, wanted):
        html = signed_in(firm.li()).get("/segments/key").content.decode()

        assert "两小时到场" in html
        assert "/needs?" not in html
        assert signed_in(firm.li()).get("/needs?segment=key").status_code == 403

    def test_of_a_segment_one_may_not_see_are_not_there(self, wanted):
        assert signed_in(firm.he()).get("/needs?segment=none").status_code == 404
