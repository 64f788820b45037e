"""A wave asked by phone, for programs: the next call with its script, its answers, what came of it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from guixin.channels.api.answers import CustomerShown, Input, Moment, Text, Word
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import NotThere, case_to_serve
from guixin.channels.api.waves import called, router
from guixin.listen import answering, calling
from guixin.listen.models import Invitation, Wave
from guixin.listen.questions import condition_in_words
from guixin.organisation.models import Scopes
from guixin.serve.following_up import CannotFollowUp

asking = Needs(Scopes.CASES_WRITE)


class ScriptLine(BaseModel):
    """`choices`: the points or words that are answers; none: their own words. `page`: they are sent page by page, from 1."""

    code: str
    words: str
    choices: list[str]
    required: bool
    asked_if: str
    page: int


class SurveyCallShown(BaseModel):
    """A call that is yours until `held_until`. The customer is masked; `/customers/ID/reveal` shows the number."""

    id: int
    wave: str
    customer: CustomerShown | None
    language: str
    case: str | None
    tries: int
    held_until: datetime
    said: dict[str, str]
    script: list[ScriptLine]


class SurveyCallsShown(BaseModel):
    left: int
    later: int
    called: int
    answered: int


class SurveyCallTaken(BaseModel):
    """`call` is null when nobody is to be called now."""

    call: SurveyCallShown | None


class SurveyCallAnswers(Input):
    """`answers`: by the code of the question, of one page."""

    page: int = Field(1, ge=1)
    answers: dict[Word, Text | int]
    language: Word = ""


class SurveyCallAnswered(BaseModel):
    is_done: bool


class SurveyCallEnded(Input):
    """no_answer, again (with `at`), refused, or wrong_number."""

    outcome: Word
    at: Moment | None = None
    note: Text = ""


def _wave(request: HttpRequest, code: str) -> Wave:
    wave = called(request, code)
    must(calling.may_call(wave, by(request)))
    return wave


def _mine(request: HttpRequest, code: str, call: int) -> Invitation:
    rows = Invitation.objects.select_related("wave__version__questionnaire", "customer", "case")
    found = rows.filter(pk=call, wave=_wave(request, code)).first()
    if found is None:
        raise NotThere(_("There is no such call."))
    if found.held_by_id != by(request).pk:
        raise calling.CannotCall(_("This call is not yours any more. Take the next one."))
    return found


def _shown(request: HttpRequest, one: Invitation) -> dict[str, Any]:
    sheet, customer = one.wave.version.sheet, one.customer
    language = (customer.language if customer else "") or "zh-hans"
    return {
        "id": one.pk,
        "wave": one.wave.code,
        "customer": customer.shown_to(by(request)) if customer else None,
        "language": language,
        "case": one.case.number if one.case else None,
        "tries": one.tries,
        "held_until": one.held_until,
        "said": calling.said_so_far(one),
        "script": [
            {
                "code": each.code, "words": each.shown_label(language),
                "choices": [value for value, _words in each.shown_choices(language)], "required": each.required,
                "asked_if": condition_in_words(each, sheet.by_code, language) if each.shown_if else "", "page": number,
            }
            for number, here in enumerate(answering.pages_of(sheet), start=1)
            for each in here
        ],
    }  # fmt: skip


@router.get("/waves/{code}/calls", response=SurveyCallsShown, summary="How far the calls of a wave are")
def listed(request: HttpRequest, code: str):
    return calling.how_far(_wave(request, code), now_of(request))


@router.post("/waves/{code}/calls", auth=asking, response=SurveyCallTaken, summary="Take the next call")
def take(request: HttpRequest, code: str):
    """The first in the order of the sample; nobody chooses. For half an hour nobody else's."""
    taken = calling.take_next(_wave(request, code), by=by(request), now=now_of(request))
    return {"call": _shown(request, _mine(request, code, taken.pk)) if taken else None}


@router.delete(
    "/waves/{code}/calls/{call}", auth=asking, response=SurveyCallsShown, summary="Leave a call to somebody else"
)  # fmt: skip
def give_back(request: HttpRequest, code: str, call: int):
    calling.give_back(_mine(request, code, call), by=by(request), now=now_of(request))
    return calling.how_far(_wave(request, code), now_of(request))


@router.post(
    "/waves/{code}/calls/{call}/answers", auth=asking, response=SurveyCallAnswered, summary="What was said by phone"
)  # fmt: skip
def answer(request: HttpRequest, code: str, call: int, given: SurveyCallAnswers):
    """One page; with the last one the call is made, and the response counts once."""
    one = _mine(request, code, call)
    pages = answering.pages_of(one.wave.version.sheet)
    if given.page > len(pages):
        raise NotThere(_("The script has %s pages.") % len(pages))
    language = given.language or (one.customer.language if one.customer else "") or "zh-hans"
    said = {code: str(value) for code, value in given.answers.items()}
    is_done = calling.answer(
        one, given.page - 1, said, language=language, by=by(request), now=now_of(request)
    )
    return {"is_done": is_done}


@router.post(
    "/waves/{code}/calls/{call}/outcome", auth=asking, response=SurveyCallsShown, summary="A call without answers"
)  # fmt: skip
def end(request: HttpRequest, code: str, call: int, given: SurveyCallEnded):
    calling.end(
        _mine(request, code, call), given.outcome, by=by(request), now=now_of(request), at=given.at, note=given.note
    )  # fmt: skip
    return calling.how_far(_wave(request, code), now_of(request))


@router.post(
    "/cases/{number}/follow-up/call", auth=asking, response=SurveyCallTaken,
    summary="Ask the follow-up of a case by phone",
)  # fmt: skip
def of_follow_up(request: HttpRequest, number: str):
    """The script of the questionnaire that is the firm's follow-up; its answers go to `/waves/{wave}/calls/{id}/answers`."""
    planned = case_to_serve(request, number).follow_ups.filter(state="planned").select_related("case").first()
    if planned is None:
        raise CannotFollowUp(_("No follow-up is planned for this case."))
    taken = calling.for_follow_up(planned, by=by(request), now=now_of(request))
    return {"call": _shown(request, taken)}
