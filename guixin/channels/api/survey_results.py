"""What waves found, for programs: their groups, and the responses behind a figure."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import BaseModel

from guixin.channels.api.answers import Id, Word
from guixin.channels.api.door import by
from guixin.channels.api.finding import NotThere
from guixin.channels.api.waves import called, router  # two routers cannot share a path
from guixin.listen import behind, price_studies
from guixin.listen.answering import answers_of_all
from guixin.listen.behind import Which
from guixin.listen.evidence_words import gap_words, leaving_words
from guixin.listen.five_gaps import asks_both
from guixin.listen.models import Response
from guixin.listen.results import groups, results, ways_to_tell_apart
from guixin.serve.customers import ids_visible_to
from guixin.serve.models import Case

PAGE = 100


class ShortPlank(BaseModel):
    """`sentence`: what the page says; `figures`: each question with its importance, performance (0 to 100), weighted gap and how
    often it came out worst, see docs/surveys.md; `is_due`: a worker is about to count anew. `leaving`: what leaving it costs, in
    `leaving_sentences` too; `noticed`: of each question with a standard, whether value is low or not noticed. Sums are in minor
    units of their currency. Null before a worker has counted them."""

    sentence: str
    figures: dict[str, Any]
    is_due: bool
    leaving: dict[str, Any] | None
    leaving_sentences: list[str]
    noticed: list[dict[str, Any]] | None


class FiveGaps(BaseModel):
    """`gaps`: "1" to "5" and `questions`, see docs/surveys.md; `sentences`: what the page says of each; `since` and `until`: the time
    whose promises count. Null before a worker has counted them."""

    gaps: dict[str, Any] | None
    sentences: list[str]
    since: datetime | None
    until: datetime | None


class WaveGroup(BaseModel):
    """`responses` is null where an anonymous wave may not say it, `figures` where there are too few."""

    by: str
    key: str
    name: str
    responses: int | None
    figures: dict[str, Any] | None


class WaveGroups(BaseModel):
    groups: list[WaveGroup]


class ResponseShown(BaseModel):
    """`customer` and `case` only where the caller may see them; `answers` by the code of the question, `not_taken` why a
    price study did not take one."""

    id: int
    completed_at: datetime
    source: str
    customer: int | None
    case: str | None
    answers: dict[str, str]
    not_taken: dict[str, str]


class ResponsesShown(BaseModel):
    """Newest first. `number`: of all of them; `after`: send it to go on, null at the end."""

    responses: list[ResponseShown]
    number: int
    after: int | None


def _language() -> str:
    return get_language() or "zh-hans"


@router.get("/waves/{code}/short-plank", response=ShortPlank, summary="The short plank of a wave")
def plank(request: HttpRequest, code: str):
    found = results(called(request, code))
    told = found.wave.evidence or {}
    return {
        "sentence": found.plank_words(_language()),
        "figures": found.plank,
        "is_due": found.is_due,
        "leaving": told.get("leaving"),
        "leaving_sentences": leaving_words(told["leaving"]) if told.get("leaving") else [],
        "noticed": told.get("noticed"),
    }


@router.get("/waves/{code}/five-gaps", response=FiveGaps, summary="The five gaps of a wave")
def gaps(request: HttpRequest, code: str):
    """Of a wave that asks what was expected beside what was found; another has none and says so."""
    wave = called(request, code)
    told = wave.evidence or {}
    found = told.get("gaps")
    sentences = [gap_words(which, found[which]) for which in "12345"] if found else []
    if not asks_both(wave.version.sheet) or wave.is_of_our_people:
        sentences = [_("This wave does not ask customers what they expected, so it has no gaps.")]
    return {
        "gaps": found,
        "sentences": sentences,
        "since": told.get("from"),
        "until": told.get("to"),
    }


@router.get("/waves/{code}/groups", response=WaveGroups, summary="What the groups of a wave answered")
def told_apart(request: HttpRequest, code: str, told_apart_by: Word = ""):
    """`told_apart_by`: "segment", "department", "grade", "answer:" and the code of a list of words, or "moment", what everybody found
    at each moment of truth; blank for all of them."""
    wave = called(request, code)
    ways = ways_to_tell_apart(wave)
    if told_apart_by and told_apart_by not in ways:
        raise NotThere(_("This wave is not told apart by “%s”.") % told_apart_by)
    return {
        "groups": [
            {
                "by": way, "key": each.key, "name": each.name, "responses": each.responses,
                "figures": each.figures or None,
            }
            for way in ([told_apart_by] if told_apart_by else ways)
            for each in groups(wave, way, _language())
        ]
    }  # fmt: skip


@router.get("/waves/{code}/responses", response=ResponsesShown, summary="The responses behind a figure")
def responses(
    request: HttpRequest, code: str, question: Word = "", value: Word = "", told_apart_by: Word = "",
    key: Word = "", after: Id | None = None,
):  # fmt: skip
    """`value`: a point, a word, "dissatisfied", or "refused" of four prices; `told_apart_by` and `key` name a group. An anonymous wave has no such list."""
    wave = called(request, code)
    which = Which(question, value, told_apart_by, key)
    rows = behind.responses_behind(wave, which)
    some = behind.newest_first(rows.filter(pk__lt=after) if after else rows)
    here: list[Response] = list(some[: PAGE + 1])
    more, here = len(here) > PAGE, here[:PAGE]
    cases = dict(
        Case.objects.visible_to(by(request))
        .filter(pk__in=[each.case_id for each in here if each.case_id])
        .values_list("pk", "number")
    )
    customers = ids_visible_to(by(request), [each.customer_id for each in here if each.customer_id])
    answers = answers_of_all([each.pk for each in here])
    refusals = price_studies.refusals_of(here)
    return {
        "responses": [
            {
                "id": each.pk, "completed_at": each.completed_at, "source": each.source,
                "customer": each.customer_id if each.customer_id in customers else None,
                "case": cases.get(each.case_id), "answers": answers.get(each.pk, {}),
                "not_taken": refusals.get(each.pk, {}),
            }
            for each in here
        ],
        "number": behind.how_many(wave, which, rows),
        "after": here[-1].pk if more else None,
    }  # fmt: skip
