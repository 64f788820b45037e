"""The customer is told at each milestone, before asking."""

from datetime import timedelta

import pytest
from django.utils import translation

from guixin.ledger.models import Entry
from guixin.promise.extending import ask, decide
from guixin.promise.models import Clock
from guixin.serve import closing
from guixin.serve.models import Message
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db
NOON = make.NOON


@pytest.fixture(autouse=True)
def _english():
    """What is told depends on the case's language only, never on the language of whoever acts."""
    with translation.override("de"):
        yield


def news(case) -> list[str]:
    return list(case.messages.filter(kind=Message.Kind.NEWS).order_by("pk").values_list("body", flat=True))


class TestProgress:
    def test_is_told_from_the_number_to_the_closing_and_again(self):
        case = make.closed_case(language="en")
        closing.reopen(case, "again", now=NOON, by=make.wang())

        assert news(case) == [
            f"We have received it. Your number is {case.number}.",
            "Quality has finished its part. We will tell you the result.",
            "Closed. If you are not satisfied, tell us and we open it again.",
            "Opened again under the same number.",
        ]

    def test_names_the_department_and_never_a_person(self):
        task = make.task(accepted_by=make.li(), language="en")

        assert news(task.case)[-1] == "Quality is working on it."
        assert not [text for text in news(task.case) if make.li().name in text]

    def test_of_a_granted_extension_gives_the_new_date_and_the_reason(self):
        case = make.case(language="en")
        clock = Clock.objects.get(case_id=case.pk, measure="reply")
        until = clock.due_at + timedelta(days=1)
        extension = ask(clock, by=make.wang(), until=until, reason="Waiting for a part", now=NOON)
        decide(extension, by=make.he(), granted=True, now=NOON)

        assert news(case)[-1].startswith("We need more time; the new date is ")
        assert news(case)[-1].endswith("The reason: Waiting for a part")

    def test_of_a_refused_extension_is_not_told(self):
        case = make.case(language="en")
        clock = Clock.objects.get(case_id=case.pk, measure="reply")
        extension = ask(clock, by=make.wang(), until=clock.due_at + timedelta(days=1), reason="x", now=NOON)
        before = news(case)
        decide(extension, by=make.he(), granted=False, now=NOON)

        assert news(case) == before

    def test_stands_in_the_ledger_and_fulfils_no_promise(self):
        case = make.case()

        assert Entry.objects.filter(case_id=case.pk, kind="serve.customer_told").count() == 1
        assert Clock.objects.get(case_id=case.pk, measure="acknowledge").state == Clock.State.RUNNING

    def test_is_not_told_about_cases_of_the_past_from_a_file(self):
        assert news(make.case(channel="file")) == []
