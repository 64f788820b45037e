"""A program hands over the work of an absent colleague, as the page does."""

import pytest
from django.utils import timezone

from guixin.channels.api.tests import make
from guixin.serve.models import Task

pytestmark = pytest.mark.django_db


def test_work_is_handed_over_and_taken_back():
    make.standards()
    case = make.case(departments=[make.quality().pk], now=timezone.now())
    task = Task.objects.get(case=case)
    Task.objects.update(handler=make.li())
    program = make.program(make.wu())

    plan = program.get("/handovers/li?to=qian").said
    assert plan["whole"]["task"] == 1
    assert plan["shares"][0]["person"]["name"] == make.qian().name

    done = program.post("/handovers/li", {"to": ["qian"]}).said
    assert (done["state"], done["states"], done["may_undo"]) == ("done", {"done": 1}, True)
    task.refresh_from_db()
    assert task.handler == make.qian()

    assert program.post(f"/bulk/{done['id']}/undoing").said["states"] == {"undone": 1}
    task.refresh_from_db()
    assert task.handler == make.li()


def test_work_of_another_department_is_not_there():
    make.standards()
    answer = make.program(make.zhao()).post("/handovers/li", {"to": ["zhao"]})

    assert answer.status_code == 404
