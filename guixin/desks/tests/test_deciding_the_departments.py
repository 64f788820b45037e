"""The form that gives a case to one or two departments."""

import pytest

from guixin.desks.forms.case import RoutingForm


class TestTheSecondDepartment:
    @pytest.mark.parametrize(("chosen", "stage"), [("1", 1), ("2", 2), ("", None)])
    def test_begins_at_a_stage_that_is_a_number(self, chosen, stage):
        assert RoutingForm.base_fields["second_stage"].clean(chosen) == stage
