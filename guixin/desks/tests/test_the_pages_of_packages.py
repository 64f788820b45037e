"""Service packages at the desk: different promises with the reason in words, to colleagues and to the customer."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guixin.channels.api.tests.make import program
from guixin.desks.tests.desk import nobody, noon, signed_in
from guixin.ledger.clock import set_virtual_clock
from guixin.promise import packages, publishing
from guixin.promise.models import Measure, Package
from guixin.serve.models import Case
from guixin.serve.replying import reply
from guixin.serve.tests import make
from guixin.serve.tests.test_what_a_package_promises import member, package, segment, standard
from guixin.understand.models import Segment

__all__ = ["noon"]
pytestmark = pytest.mark.usefixtures("noon")


def two_segments():
    """Key accounts are promised a reply within two hours; Zhang San is one of them, Li Si is not."""
    make.standards(), make.terms()
    fast = standard("fast-reply", Measure.REPLY, 120, promise="两小时内答复")
    package(
        fast, owner=make.chen(), channels=["phone"], contact="400-8000", promise="专人负责，两小时内答复",
        remedy="每超一天减免货款百分之一",
    )  # fmt: skip
    return member(segment()), member(None, "李四", "13900139000")


class TestTheSameComplaint:
    def test_typed_in_for_two_customers_shows_two_promises_and_why(self):
        key, other = two_segments()
        client = signed_in(make.wang())
        typed = {
            "kind": "complaint",
            "channel": "phone",
            "severity": "2",
            "subject": "颜色不对",
            "category": "quality",
        }

        for customer in (key, other):
            client.post("/cases/new", typed | {"customer_id": customer.pk})

        first, second = Case.objects.order_by("pk")
        shown = client.get(f"/cases/{first.number}").content.decode()
        assert (
            "because the customer is in the segment 大客户 since 2 Mar; Reply within 2 hours instead of 24 hours."
            in shown
        )
        assert "占销售额六成" in shown
        assert first.owner == make.chen()
        assert "because the customer" not in client.get(f"/cases/{second.number}").content.decode()

    def test_sent_by_a_program_carries_two_promises_and_why(self):
        key, other = two_segments()
        api = program(make.he())
        body = {"kind": "complaint", "subject": "颜色不对", "category": "quality"}

        numbers = [
            api.post("/cases", body | {"customer": {"id": each.pk}}).said["number"] for each in (key, other)
        ]

        first, second = (api.get(f"/cases/{number}").said for number in numbers)
        due = [
            next(each["due_at"] for each in case["promises"] if each["measure"] == "reply")
            for case in (first, second)
        ]
        assert due[0] < due[1]
        assert first["package"]["segment"] == "key"
        assert first["package"]["better"] == [
            {"measure": "reply", "standard": "fast-reply", "budget_minutes": 120, "instead_of_minutes": 1440}
        ]
        assert second["package"] is None

    def test_is_foreseen_before_it_is_saved(self):
        key, _other = two_segments()

        beside = signed_in(make.wang()).post(
            "/cases/new/beside", {"customer_id": key.pk, "kind": "complaint"}
        )

        words = beside.content.decode()
        assert "Reply within 2 hours instead of 24 hours" in words
        assert f"The case will be {make.chen().name}" in words
        assert not Case.objects.exists()

    def test_costs_a_page_few_questions(self):
        key, _other = two_segments()
        number = make.case(customer=key).number
        client = signed_in(make.wang())
        client.get(f"/cases/{number}")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/cases/{number}")
        assert len(asked) <= 30


class TestTheCustomer:
    def test_reads_their_own_package_on_the_private_link_and_no_name(self):
        key, other = two_segments()
        mine, theirs = make.case(customer=key), make.case(customer=other)

        page = nobody().get(f"/track/{mine.number}/{mine.tracking_token()}").content.decode()
        said = program().get(f"/track/{mine.number}/{mine.tracking_token()}").said

        for words in ("大客户方案", "专人负责，两小时内答复", "400-8000"):
            assert words in page
        assert make.chen().name not in page
        assert said["package"]["contact"] == "400-8000"
        other_page = nobody().get(f"/track/{theirs.number}/{theirs.tracking_token()}").content.decode()
        assert "大客户方案" not in other_page

    def test_is_told_the_remedy_of_the_package_when_it_is_broken(self):
        key, _other = two_segments()
        case = make.case(customer=key)
        set_virtual_clock(make.at("18:00"))
        reply(case, "换一台", by=make.wang(), now=make.at("18:00"))

        page = nobody().get(f"/track/{case.number}/{case.tracking_token()}").content.decode()

        assert "每超一天减免货款百分之一" in page

    def test_who_is_anybody_reads_only_packages_made_public(self):
        two_segments()
        assert "两小时内答复" not in nobody().get("/standards").content.decode()

        kept = packages.in_force(Package.objects.get())
        content = {name: getattr(kept, name) for name in packages.CONTENT} | {"is_public": True}
        packages.publish(kept.package, content, list(kept.standards.all()), by=None, now=make.NOON)

        page = nobody().get("/standards").content.decode()
        assert "大客户方案" in page
        assert "两小时内答复" in page


class TestDecidingOnAPackage:
    def form(self, **more) -> dict:
        return {"reason": "停线损失大", "name": "经销商方案", "name_en": "Resellers", **more}

    def test_is_done_by_the_page_with_the_reason(self):
        make.standards()
        fast = standard("fast-reply", Measure.REPLY, 120)
        client = signed_in(make.sun())

        answer = client.post(
            "/packages/new", self.form(segment=segment().pk, standards=[fast.pk]), follow=True
        )

        assert "Version 1 of “经销商方案” is in force." in answer.content.decode()
        assert Package.objects.get().code == "resellers"

    def test_refuses_in_the_same_words_as_the_program(self):
        make.standards()
        of = segment()
        two_segments()
        Segment.objects.filter(pk=of.pk).update(withdrawn_at=make.NOON)

        page = signed_in(make.sun()).post("/packages/key-accounts/edit", self.form()).content.decode()
        said = program(make.he()).post("/packages/key-accounts/versions", {"reason": "停线损失大"}).said

        assert (
            said["detail"] == "The segment “大客户” is not in force, so nobody could be given this package."
        )
        assert said["detail"] in page

    def test_belongs_to_administrators_and_whoever_answers_for_the_segment(self):
        two_segments()
        assert signed_in(make.wang()).get("/packages/key-accounts").status_code == 200
        assert signed_in(make.wang()).get("/packages/key-accounts/edit").status_code == 403
        assert signed_in(make.chen()).get("/packages/key-accounts/edit").status_code == 200
        assert signed_in(make.zhao()).get("/packages/key-accounts").status_code == 404

    def test_says_who_keeps_what_when_it_is_withdrawn(self):
        key, _other = two_segments()
        make.case(customer=key)

        said = signed_in(make.sun()).post("/packages/key-accounts/withdrawal", follow=True).content.decode()

        assert "1 open case that was promised it keeps it." in said
        assert "1 open case was promised it, and keeps it." in said

    def test_is_done_by_a_program(self):
        make.standards()
        segment()
        standard("fast-reply", Measure.REPLY, 120)
        api = program(make.he())
        body = {
            "code": "key-accounts",
            "name": "大客户方案",
            "segment": "key",
            "reason": "占六成",
            "standards": ["fast-reply"],
        }

        made = api.post("/packages", body)
        more = api.post("/packages/key-accounts/versions", {"reason": "占七成", "standards": ["fast-reply"]})
        gone = api.delete("/packages/key-accounts")

        assert (made.status_code, more.said["in_force"]["number"], gone.said["in_force"]) == (201, 2, None)
        assert [each["reason"] for each in api.get("/packages/key-accounts").said["versions"]] == [
            "占六成",
            "占七成",
        ]


class TestPromisedAndKept:
    def test_compares_segments_and_opens_the_cases_of_each_number(self):
        key, other = two_segments()
        for number in range(6):
            case = make.case(customer=key, subject=f"{number}", now=make.at("09:00"))
            reply(case, "换一台", by=make.wang(), now=make.at("10:00" if number else "11:30"))
        make.case(customer=other, now=make.at("09:00"))
        client = signed_in(make.wang())

        page = client.get("/packages/kept").content.decode()
        broken = client.get(f"/packages/kept/cases?by=segment&key={segment().pk}&measure=reply&which=broken")
        rows = program(make.he()).get("/kept?by=segment").said

        assert "83 %" in page
        assert "not enough data" in page
        assert Case.objects.get(subject="0").number in broken.content.decode()
        found = next(each for each in rows if each["key"] == segment().pk and each["measure"] == "reply")
        assert (found["ended"], found["kept"], found["percent"], found["median"]) == (6, 5, 83, 3600.0)
        assert (found["low"], found["high"]) == (44, 97)

    def test_is_for_those_who_see_every_case(self):
        assert signed_in(make.li()).get("/packages/kept").status_code == 403

    def test_of_a_standard_that_is_withdrawn_is_kept_to_the_end(self):
        key, _other = two_segments()
        case = make.case(customer=key)
        publishing.withdraw(make.standards()["fast-reply"].standard, by=None, now=make.NOON)

        page = signed_in(make.wang()).get(f"/cases/{case.number}").content.decode()

        assert "Reply within 2 hours" in page


class TestEveryPage:
    def test_asks_few_questions_and_changes_nothing(self):
        key, _other = two_segments()
        make.case(customer=key)
        client = signed_in(make.sun())
        for address in (
            "/packages",
            "/packages/key-accounts",
            "/packages/key-accounts/edit",
            "/packages/kept",
        ):
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            assert len(asked) <= 30, (address, len(asked))
