"""The tasks with a number, in a real browser: how many actions they take, never how many seconds."""

from collections.abc import Iterator

import pytest
from django.db import connection

from tests.bare_database import server_of
from tests.browser.house import House, house
from tests.browser.tasks import FIRST_CASE, TASKS, Task
from tests.browser.visiting import Visitor


class TestATask:
    @pytest.mark.parametrize("task", TASKS, ids=str)
    def test_takes_no_more_than_it_may(self, task: Task, visit, the_house):
        counter = task.do(visit, the_house)

        assert counter.count <= task.most, counter.done


@pytest.fixture
def empty_house(tmp_path) -> Iterator[House]:
    name = f"{connection.settings_dict['NAME']}_empty".replace("test_", "")[-60:]
    with house(server_of(connection.settings_dict), name, tmp_path, firm="") as made:
        yield made


class TestANewAdministrator:
    def test_comes_from_nothing_to_the_first_routed_case_by_pages_alone(self, browser, empty_house):
        visit = Visitor(browser, empty_house.address)

        counter = FIRST_CASE.do(visit, empty_house)

        assert counter.count <= FIRST_CASE.most, counter.done
        visit.leave()
