"""A third party's file of responses: columns told from codes and words, missing values, what is wrong named by line."""

from io import BytesIO

import pytest

from guixin.channels.importing import jobs, run_next_import
from guixin.channels.importing.columns import preview
from guixin.channels.models import Import, ImportedLine
from guixin.channels.sheets import open_sheet
from guixin.listen import waves
from guixin.listen.models import Answer, Response
from guixin.listen.tests.make import NOON, chen, he, published
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db
HEAD = "编号,OVERALL,为什么？,words,个案编号,电话\n"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def wave():
    asked = published().questionnaire
    return waves.open_wave(
        asked, name="三月", code="march", owner=chen(), missing_codes=["-99"], by=he(), now=NOON
    )


def taken(text: str, *, again: bool = False) -> Import:
    run = jobs.leave(
        BytesIO((HEAD + text).encode()), "答卷.csv", "answers", by=he(), now=NOON, source="march"
    )
    jobs.start(run, dry_run=False)
    assert run_next_import(NOON)
    run.refresh_from_db()
    assert run.problem == ""
    return run


class TestAFileOfResponses:
    def test_lands_once_with_what_each_is_about(self, wave):
        case = make.case()
        text = f"1,2,太慢,等了三天,{case.number},\n2,-99,,好,,\n3,9,,,,\n4,5,,,2026-999999,13900000000\n"

        first, second = taken(text), taken(text)

        assert (first.landed, first.rejected, first.faults) == (3, 1, 1)
        assert (second.landed, second.already) == (0, 3)
        said = ImportedLine.objects.filter(run=first).order_by("line").values_list("line", "reason")
        assert list(said) == [(4, "no_such_answer"), (5, "customer_unknown")]
        tied = Response.objects.order_by("pk").values_list("case", "customer")
        assert list(tied) == [(case.pk, case.customer_id), (None, None), (None, None)]
        found = Answer.objects.order_by("response", "question__code").values_list(
            "question__code", "value", "words"
        )
        assert list(found)[:4] == [
            ("overall", 2, ""), ("why", None, "太慢"), ("words", None, "等了三天"), ("words", None, "好"),
        ]  # fmt: skip

    def test_is_judged_before_anything_is_kept(self, wave):
        run = jobs.leave(
            BytesIO((HEAD + "1,9,,,,\n2,4,,,,\n").encode()),
            "答卷.csv",
            "answers",
            by=he(),
            now=NOON,
            source="march",
        )
        rows = preview(open_sheet(jobs.stored_file(run)), "answers", jobs.chosen_columns(run), source="march")

        assert [bool(row.problem) for row in rows] == [True, False]
        assert not Response.objects.exists()
