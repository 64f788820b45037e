import pytest

from guixin.desks.tests.desk import signed_in
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")


class TestTheNumbersOfTheRail:
    def test_are_fetched_alone_and_put_where_they_stand(self):
        make.case()
        client = signed_in(make.wang())

        page = client.get("/queues/mine").content.decode()
        numbers = client.get("/rail/numbers").content.decode()

        assert '<span class="rail-count" id="count-queues-mine">1</span>' in page
        assert '<span class="rail-count" id="count-queues-mine" hx-swap-oob="true">1</span>' in numbers
        assert "<nav" not in numbers
