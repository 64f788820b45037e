"""Intake: an owner, promises, a number and a private link from the first second."""

import pytest

from guixin.promise.models import Clock
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db


class TestACaseThatArrives:
    def test_has_its_owner_number_and_promises_at_once(self):
        case = make.case()

        assert case.owner == make.wang()
        assert case.number.startswith("2026-")
        assert set(Clock.objects.of("case", case.pk).values_list("measure", flat=True)) == {
            "acknowledge", "preliminary", "reply", "resolve",
        }  # fmt: skip
        assert make.clock(case, "reply").due_at == make.at("12:00", day=5)
        assert make.clock(case, "acknowledge").due_at == make.at("13:30")
