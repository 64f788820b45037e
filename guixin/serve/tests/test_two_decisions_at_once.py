"""Two who decide at the same moment cannot both use what is left under a limit."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from guixin.organisation.tests import make as firm
from guixin.serve import deciding
from guixin.serve.models import Goodwill
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON

pytestmark = pytest.mark.two_connections


class TestTwoDecisionsAtOnce:
    @pytest.mark.parametrize("same_case", [True, False])
    def test_do_not_both_fit_under_what_is_left(self, committed_db, same_case):
        firm.authority_table(
            firm.line("goodwill", 1, 20_000, limit_customer=20_000), firm.line("goodwill", 5, None)
        )
        customer = make.customer()
        first = make.case(customer=customer)
        cases = [first, first if same_case else make.case(customer=customer)]
        together = Barrier(2)

        def promise(case, who):
            together.wait()
            try:
                deciding.promise_goodwill(case, 15_000, "CNY", reason="赔礼", by=who, now=NOON)
            finally:
                connection.close()

        threads = [
            Thread(target=promise, args=pair) for pair in zip(cases, [make.wang(), make.tang()], strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(Goodwill.objects.values_list("state", flat=True)) == ["asked", "promised"]
