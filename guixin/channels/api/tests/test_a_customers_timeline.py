"""The story of a customer, read by a program."""

import pytest

from guixin.channels.api.tests import make
from guixin.channels.customer_timeline import SHOWN
from guixin.ledger.models import Entry
from guixin.understand import changing, merging, needing

pytestmark = pytest.mark.django_db


class TestAProgram:
    def test_reads_what_happened_page_by_page_also_of_a_merged_record(self):
        case = make.case()
        other = make.customer("张三丙", "13700137000")
        needing.note(other, "保质期更长", source="contact", by=make.wang(), now=make.NOON)
        merging.merge(other, case.customer, by=make.wang(), now=make.NOON)
        api, path = make.program(make.wang()), f"/customers/{case.customer_id}/timeline"
        for number in range(SHOWN):
            phone = f"139001{number:05}"
            changing.add_identity(case.customer, "phone", phone, by=make.wang(), now=make.NOON)

        first = api.get(path).said
        second = api.get(f"{path}?before={first['next']}").said

        assert len(first["rows"]) == SHOWN
        assert second["next"] is None
        assert any(each["case"] == case.number for each in second["rows"])
        needs = api.get(f"{path}?kind=needs").said["rows"]
        assert [each["who"] for each in needs] == [make.wang().name]
        assert api.get(f"{path}?kind=nothing").status_code == 422

    def test_of_another_department_hears_nothing_of_the_record(self):
        case = make.case(departments=[make.quality().pk])
        case.customer.reveal(by=make.wang(), reason="回电确认地址", now=make.NOON)

        seen = make.program(make.li()).get(f"/customers/{case.customer_id}/timeline?kind=record").said

        assert seen["rows"] == []
        assert Entry.objects.filter(kind="understand.customer_revealed").exists()
