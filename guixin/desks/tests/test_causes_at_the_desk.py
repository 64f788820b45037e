import pytest

from guixin.desks.tests.desk import signed_in
from guixin.serve.models import Closing
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


def shown(who, address: str) -> str:
    answer = signed_in(who).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


class TestTheCauses:
    def test_lead_from_a_number_to_exactly_its_cases(self):
        case = make.closed_case(subject="洗后褪色")
        make.case(subject="包装破了", customer=None)

        page = shown(make.sun(), "/causes")

        assert "颜色" in page
        assert "Not classified yet" in page
        behind = shown(make.sun(), "/causes/cases?by=quality_point&value=colour")
        assert case.number in behind
        assert "包装破了" not in behind

    def test_refuse_days_that_are_none_and_show_the_usual(self):
        answer = signed_in(make.sun()).get("/causes?from=2026-03-05&to=2026-03-04")

        assert answer.status_code == 422
        assert "The first day is not after the last one." in answer.content.decode()

    def test_are_not_there_for_who_looks_after_nobody(self):
        assert signed_in(make.li()).get("/causes").status_code == 404


class TestASurge:
    def test_stands_on_today_the_board_and_its_own_page_until_it_is_acknowledged(self):
        case = make.case(subject="又一件褪色")
        surge = make.surge([case], told=[make.sun()])
        sun = signed_in(make.sun())

        assert f"/surges/{surge.pk}" in sun.get("/").content.decode()
        assert 'href="/surges"' in sun.get("/now").content.decode()
        assert "又一件褪色" in sun.get(f"/surges/{surge.pk}").content.decode()
        empty = sun.post(f"/surges/{surge.pk}/acknowledgement", {"done": ""})
        assert (empty.status_code, "Say what was done" in empty.content.decode()) == (409, True)
        assert sun.post(f"/surges/{surge.pk}/acknowledgement", {"done": "已停发"}).status_code == 302
        assert f"/surges/{surge.pk}" not in sun.get("/").content.decode()
        assert "已停发" in sun.get("/surges?which=all").content.decode()

    def test_says_how_many_days_are_missing(self):
        make.case()

        assert "Not enough data yet" in shown(make.sun(), "/surges")


class TestAClassification:
    def test_is_corrected_on_the_page_of_a_closed_case(self):
        case = make.closed_case()
        wang = signed_in(make.wang())
        said = {
            "department": make.quality().pk,
            "quality_point": "packing",
            "cause": "transport",
            "severity": 2,
        }

        assert (
            "Correct the classification"
            in wang.get(f"/cases/{case.number}?act=classification").content.decode()
        )
        done = wang.post(f"/cases/{case.number}/classification", said | {"version": 1, "reason": "复测"})
        late = wang.post(
            f"/cases/{case.number}/classification",
            said | {"version": 1, "reason": "再改", "cause": "material"},
        )

        assert done.status_code == 302
        assert Closing.objects.get().cause == "transport"
        assert (late.status_code, "meanwhile" in late.content.decode()) == (409, True)


class TestSuggestions:
    def test_say_how_many_closed_cases_are_missing(self):
        case = make.answered_case()

        assert "No suggestion yet: 0 of 100" in shown(make.wang(), f"/cases/{case.number}?act=closing")
        assert "Not enough closed cases yet: 0 of 100" in shown(make.sun(), "/classification")
