"""A short run of the life of a case; the long one is tests/reliability/r18_life_cycle.py."""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from guixin.serve.tests import make


@pytest.mark.django_db
class TestTheLifeOfACase:
    def test_never_leaves_what_the_model_allows(self):
        from tests.reliability.case_life import CaseLife

        make.standards(), make.rules(), make.terms()
        run_state_machine_as_test(
            CaseLife,
            settings=settings(
                max_examples=int(os.environ.get("GUIXIN_LIVES", "4")), stateful_step_count=15, deadline=None,
                derandomize=True, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
