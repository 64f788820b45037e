from urllib.parse import urlencode

import pytest

from guixin.desks.tests.desk import signed_in
from guixin.serve import queues
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


def shown(person, address: str) -> list[str]:
    answer = signed_in(person).get(address)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return [getattr(row, "case", row).subject for row in answer.context["rows"]]


class TestFilteringAList:
    @pytest.mark.parametrize(
        "query",
        [
            "kind=complaint", "kind=enquiry&kind=complaint", "severity=3", "state=open", "department=quality",
            "department=mine&department=quality", "owner=me", "owner=wang", "category=quality", "channel=phone",
            "due=7d", "from=2026-03-04", "to=2026-03-04", "q=色差", "sort=newest",
        ],
    )  # fmt: skip
    def test_lets_through_what_is_asked_for(self, query):
        make.case(subject="色差太大", severity=3, category="quality/colour")

        assert shown(make.wang(), f"/queues/all?{query}") == ["色差太大"]

    @pytest.mark.parametrize(
        "query",
        [
            "kind=praise", "severity=1", "state=waiting", "department=after-sales", "owner=tang",
            "category=delivery", "category=qual", "channel=email", "grade=A", "due=late", "level=1",
            "from=2026-03-05", "to=2026-03-03", "q=发票", "sort=level",
        ],
    )  # fmt: skip
    def test_leaves_out_what_is_not(self, query):
        make.case(subject="色差太大", severity=3)

        assert shown(make.wang(), f"/queues/all?{query}") == []

    @pytest.mark.parametrize("words", ["色差", "差严", "重", "led", "LED 灯", "100%", "色差严重 LED 灯 100%"])
    def test_finds_words_anywhere_in_the_subject_in_either_case(self, words):
        make.case(subject="瓷砖色差严重 LED 灯 100%")
        make.case(subject="差色 LE D", story="色差")

        assert shown(make.wang(), f"/queues/all?{urlencode({'q': words})}")[-1:] == [
            "瓷砖色差严重 LED 灯 100%"
        ]

    @pytest.mark.parametrize(
        "query",
        [
            "owner__password=x", "password=1", "kind__in=complaint", "kind=nonsense", "severity=9", "sort=password",
            "department=nowhere", "owner=nobody-here", "due=never", "from=yesterday", "level=0", "from=9999-12-31",
            "grade=" + "A" * 101, "q=%00", "pk=1",
        ],
    )  # fmt: skip
    def test_refuses_other_names_and_values_with_a_sentence(self, query):
        make.case()

        answer = signed_in(make.wang()).get(f"/queues/all?{query}")

        assert answer.status_code == (200 if query == "from=9999-12-31" else 400)
        # A NUL never reaches the page: the whole address is refused.
        assert query == "q=%00" or answer.context["refusal"] or answer.status_code == 200

    def test_of_tasks_asks_the_task_and_its_case(self):
        make.task(subject="色差", accepted_by=make.li())

        assert shown(make.li(), "/queues/tasks?handler=me&state=accepted&kind=complaint") == ["色差"]
        assert shown(make.li(), "/queues/tasks?handler=nobody") == []

    def test_never_shows_more_than_the_list(self):
        make.case(departments=[make.logistics().pk])

        assert shown(make.li(), "/queues/department?department=logistics") == []
        assert shown(make.tang(), "/queues/mine?owner=wang") == []

    @pytest.mark.parametrize("sort", ["deadline", "newest", "level"])
    def test_goes_on_after_a_page_in_every_order(self, sort, monkeypatch):
        from guixin.serve.models import Case

        for at in range(5):
            make.case(subject=f"第 {at} 件", now=make.at(f"1{at}:30", day=3))
        Case.objects.filter(subject__in=["第 1 件", "第 3 件"]).update(level=2)
        Case.objects.exclude(level=2).update(level=1)
        whole = shown(make.wang(), f"/queues/all?sort={sort}")
        monkeypatch.setattr(queues.page_of, "__defaults__", (None, 2))

        found, after = [], ""
        for _page in range(3):
            answer = signed_in(make.wang()).get(
                "/queues/all", {"sort": sort, **({"after": after} if after else {})}
            )
            found += [row.subject for row in answer.context["rows"]]
            after = answer.context["after"]

        assert found == whole
        assert len(whole) == 5
        assert after is None

    def test_chips_take_filters_away_and_keep_the_rest(self):
        make.case()

        bar = signed_in(make.wang()).get("/queues/all?kind=complaint&severity=2").context["bar"]

        assert [chip.words for chip in bar.chips] == ["Kind: Complaint", "Severity: Normal"]
        assert [chip.address for chip in bar.chips] == [
            "/queues/all?severity=2",
            "/queues/all?kind=complaint",
        ]

    def test_offers_every_filter_on_a_page_and_as_a_fragment(self):
        make.case()
        client = signed_in(make.wang())

        whole = client.get("/queues/all/filters?severity=3").content.decode()
        part = client.get("/queues/all/filters?severity=3", headers={"hx-request": "true"}).content.decode()

        assert "<html" in whole
        assert "<html" not in part
        assert 'name="from"' in part

    def test_shows_closed_cases_to_those_who_may_see_them(self):
        case = make.closed_case()

        assert shown(make.wang(), "/queues/closed") == [case.subject]
        assert shown(make.zhao(), "/queues/closed") == []

    def test_counts_what_matches_for_the_button_that_selects_it(self):
        make.case(), make.case(subject="另一件", severity=4)

        assert "1" in signed_in(make.wang()).get("/queues/all/matches?severity=4").content.decode()
        assert signed_in(make.li()).get("/queues/all/matches").status_code == 404
