"""Every act that does not wait for the reader is a closed entry; its form comes when it is opened."""

import pytest

from guixin.desks.tests.desk import signed_in
from guixin.promise.models import Clock, Extension
from guixin.serve.models import Message
from guixin.serve.tests import make

pytestmark = pytest.mark.usefixtures("noon")
HTMX = {"hx-request": "true"}


def read(client, address, **headers) -> str:
    return client.get(address, headers=headers).content.decode()


class TestAClosedAct:
    def test_is_a_link_and_not_a_form(self):
        case = make.case()

        shown = read(signed_in(make.wang()), f"/cases/{case.number}")

        assert f'href="/cases/{case.number}?act=closing#act-closing"' in shown
        assert f'hx-get="/cases/{case.number}?act=closing"' in shown
        assert 'aria-expanded="false"' in shown
        assert f'action="/cases/{case.number}/closing"' not in shown

    def test_is_not_an_entry_for_who_may_not_do_it(self):
        case = make.case()

        assert "act=closing" not in read(signed_in(make.li()), f"/cases/{case.number}")


class TestOpeningAnAct:
    def test_brings_the_page_back_with_that_form_alone(self):
        case = make.case()

        shown = read(signed_in(make.wang()), f"/cases/{case.number}?act=closing")

        assert '<details class="act" id="act-closing" open>' in shown
        assert f'action="/cases/{case.number}/closing"' in shown
        assert f'action="/cases/{case.number}/replies"' not in shown
        assert case.subject in shown

    @pytest.mark.parametrize(
        "name", ["replies", "notes", "waiting", "customer-words", "routings", "owner", "escalations",
                 "closing", "details", "merging", "links", "splits"],
    )  # fmt: skip
    def test_gives_htmx_the_form_and_nothing_else(self, name):
        case = make.case()

        shown = signed_in(make.wang()).get(f"/cases/{case.number}?act={name}", headers=HTMX)

        assert shown.status_code == 200
        assert shown.content.decode().startswith("<details")
        assert f'id="act-{name}" open' in shown.content.decode()
        assert f'action="/cases/{case.number}/{name}"' in shown.content.decode()
        assert case.subject not in shown.content.decode() or name == "details"

    def test_asks_little_of_the_database(self, django_assert_max_num_queries):
        case = make.case()
        client = signed_in(make.wang())
        client.get(f"/cases/{case.number}")

        with django_assert_max_num_queries(6):
            client.get(f"/cases/{case.number}?act=notes", headers=HTMX)

    def test_for_more_time_names_the_promise(self):
        case = make.case()
        clock = Clock.objects.filter(case_id=case.pk, about_kind="case", state="running").first()
        sun = signed_in(make.sun())

        assert f"?act=extensions-{clock.pk}#act-extensions-{clock.pk}" in read(sun, f"/cases/{case.number}")
        shown = sun.get(f"/cases/{case.number}?act=extensions-{clock.pk}", headers=HTMX).content.decode()
        assert f'action="/clocks/{clock.pk}/extensions"' in shown

    def test_that_is_no_longer_offered_reads_the_page_again(self):
        case = make.closed_case()
        client = signed_in(make.wang())

        answer = client.get(f"/cases/{case.number}?act=closing", headers=HTMX)

        assert answer["HX-Refresh"] == "true"
        assert client.get(f"/cases/{case.number}?act=closing").status_code == 200

    def test_does_not_open_what_one_may_not_do(self):
        case = make.case()

        answer = signed_in(make.li()).get(f"/cases/{case.number}?act=closing", headers=HTMX)

        assert answer["HX-Refresh"] == "true"
        assert not answer.content

    def test_is_not_there_for_another_department(self):
        case = make.case(departments=[make.quality().pk])

        answer = signed_in(make.zhao()).get(f"/cases/{case.number}?act=notes", headers=HTMX)

        assert answer.status_code == 404


class TestWhatWaitsForTheReader:
    def test_is_open_at_once(self):
        task = make.task(accepted_by=make.li())
        signed_in(make.li()).post(f"/tasks/{task.pk}/questions", {"body": "是哪一批？"})
        question = Message.objects.get(kind="question")

        shown = read(signed_in(make.wang()), f"/cases/{task.case.number}")

        assert f'id="act-answers-{question.pk}" open' in shown

    def test_is_gone_when_it_was_done(self):
        task = make.task(accepted_by=make.li())
        signed_in(make.li()).post(f"/tasks/{task.pk}/questions", {"body": "是哪一批？"})
        question = Message.objects.get(kind="question")
        wang = signed_in(make.wang())
        wang.post(f"/questions/{question.pk}/answers", {"body": "三月的"})

        assert "act-answers" not in read(wang, f"/cases/{task.case.number}")


class TestARefusedAct:
    def test_comes_back_open_among_the_closed_ones(self):
        case = make.case()

        shown = signed_in(make.wang()).post(f"/cases/{case.number}/closing", {"summary": "已换货"})

        text = shown.content.decode()
        assert 'id="act-closing" open' in text
        assert "已换货" in text
        assert f'href="/cases/{case.number}?act=owner#act-owner"' in text


class TestTheTaskPage:
    def test_accepts_with_one_button_and_opens_the_rest_from_the_bar(self):
        task = make.task()

        shown = read(signed_in(make.li()), f"/tasks/{task.pk}")

        assert f'action="/tasks/{task.pk}/acceptance"' in shown
        assert f'href="/tasks/{task.pk}?act=results#task-form"' in shown
        assert f'action="/tasks/{task.pk}/results"' not in shown

    def test_opens_a_form_with_and_without_htmx(self):
        task = make.task(accepted_by=make.li())
        li = signed_in(make.li())

        alone = read(li, f"/tasks/{task.pk}?act=results", **HTMX)
        page = read(li, f"/tasks/{task.pk}?act=results")

        assert alone.startswith("<details")
        assert f'action="/tasks/{task.pk}/results"' in alone
        assert f'action="/tasks/{task.pk}/results"' in page

    def test_keeps_the_way_back_when_more_time_is_refused_and_then_asked_for(self):
        task = make.task(accepted_by=make.li())
        clock = make.clock(task, "result")
        li = signed_in(make.li())
        form = read(li, f"/tasks/{task.pk}?act=extensions-{clock.pk}", **HTMX)
        assert f'name="task_page" value="{task.pk}"' in form

        said = {"until": "", "reason": "等零件", "task_page": task.pk}
        refused = li.post(f"/clocks/{clock.pk}/extensions", said, headers=HTMX)
        assert f'name="task_page" value="{task.pk}"' in refused.content.decode()

        done = li.post(f"/clocks/{clock.pk}/extensions", said | {"until": "2026-03-06T10:00"}, headers=HTMX)
        assert done["HX-Redirect"] == f"/tasks/{task.pk}"
        assert Extension.objects.filter(clock=clock).exists()
