"""The tasks with a number, in a real browser: how many actions they take, never how many seconds."""

import pytest

from tests.browser.tasks import TASKS, Task


class TestATask:
    @pytest.mark.parametrize("task", TASKS, ids=str)
    def test_takes_no_more_than_it_may(self, task: Task, visit, the_house):
        counter = task.do(visit, the_house)

        assert counter.count <= task.most, counter.done
