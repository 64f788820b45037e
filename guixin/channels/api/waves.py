"""Survey waves for programs: opened and closed, links made, responses by the thousand, and what they say."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Id, Input, Moment, PersonShown, Said, Text, Word
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import NotThere
from guixin.listen import building, taking_in, waves
from guixin.listen.models import Questionnaire, Response, Wave
from guixin.listen.results import results
from guixin.listen.taking_in import Given
from guixin.listen.waves import Invited
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Person, Scopes
from guixin.serve.models import Case
from guixin.understand.models import Customer

router = Router(tags=["surveys"], auth=Needs(Scopes.CUSTOMERS_READ))
changing = Needs(Scopes.STANDARDS_WRITE)


class WaveDescribed(Input):
    """`missing_codes`: values that mean "no answer", as they are written in what is sent."""

    name: Said
    name_en: Word = ""
    owner: Word = Field(description="Login of whoever answers for it.")
    ends_on: date | None = None
    missing_codes: list[Word] = Field(default=[], max_length=20)


class WaveToOpen(WaveDescribed):
    questionnaire: Word = Field(description="Code of a questionnaire; the version in force is asked.")
    code: Word = ""
    is_anonymous: bool = False
    is_of_our_people: bool = Field(
        False, description="Our own people answer it, as they think customers would."
    )


class WaveShown(BaseModel):
    code: str
    name: str
    name_en: str
    questionnaire: str
    version: int
    owner: PersonShown
    is_anonymous: bool
    is_of_our_people: bool
    missing_codes: list[str]
    ends_on: date | None
    opened_at: datetime
    closed_at: datetime | None


class WavesShown(BaseModel):
    waves: list[WaveShown]


class PersonInvited(Input):
    """What the answer is about. Both blank: a link for whoever is given it."""

    case: Word = Field("", description="Number of a case.")
    customer: Id | None = None


class InvitationsGiven(Input):
    invited: list[PersonInvited] = Field(min_length=1, max_length=waves.AT_ONCE)
    expires_at: Moment | None = None


class LinksShown(BaseModel):
    """In the order they were asked for. They are not kept and not told again."""

    links: list[str]


class LinksTakenBack(BaseModel):
    withdrawn: int


class ResponseGiven(Input):
    """`answers`: by the code of the question. `respondent`: your own number of whoever answered; with it the same response
    lands once however often it is sent."""

    answers: dict[Word, Text | int]
    respondent: Word = ""
    customer: Id | None = None
    case: Word = ""
    answered_at: Moment | None = None


class ResponsesGiven(Input):
    responses: list[ResponseGiven] = Field(min_length=1, max_length=5_000)


class ResponseDoubt(BaseModel):
    """`line`: the place in the list that was sent, the first is 1."""

    line: int
    reason: str
    sentence: str
    landed: bool


class ResponsesTakenIn(BaseModel):
    landed: int
    already: int
    rejected: int
    doubts: list[ResponseDoubt]


class WaveResults(BaseModel):
    """`figures`: as a worker counted them, see docs/surveys.md; `is_due`: it is about to count them anew; `missing`: what cannot
    be told, and why."""

    figures: dict[str, Any]
    is_due: bool
    missing: list[str]


def called(request: HttpRequest, code: str) -> Wave:
    rows = Wave.objects.select_related("owner", "version__questionnaire")
    return get_visible_or_404(rows, by(request), code=code)


def to_edit(request: HttpRequest, code: str) -> Wave:
    found = called(request, code)
    must(building.may_edit(found, by(request)))
    return found


def _shown(wave: Wave) -> dict[str, Any]:
    names = (
        "code",
        "name",
        "name_en",
        "is_anonymous",
        "is_of_our_people",
        "missing_codes",
        "ends_on",
        "opened_at",
        "closed_at",
    )
    return {name: getattr(wave, name) for name in names} | {
        "questionnaire": wave.version.questionnaire.code,
        "version": wave.version.number,
        "owner": {"id": wave.owner_id, "name": wave.owner.name},
    }


def _described(said: dict[str, Any]) -> dict[str, Any]:
    owner = Person.objects.filter(login=said["owner"], is_active=True).first()
    if owner is None:
        raise NotThere(_("There is nobody with the login “%s”.") % said["owner"])
    return said | {"owner": owner}


def _cases(request: HttpRequest, numbers: set[str]) -> dict[str, Case]:
    """By number, those the caller sees. Raises NotThere for the first that is not among them."""
    seen = Case.objects.visible_to(by(request)).filter(number__in=numbers - {""})
    cases = {each.number: each for each in seen.select_related("customer", "merged_into")}
    if unknown := numbers - {""} - set(cases):
        raise NotThere(_("There is no case or customer “%s”.") % min(unknown))
    return cases


def _customers(request: HttpRequest, ids: set[int]) -> dict[int, Customer]:
    seen = Customer.objects.visible_to(by(request)).filter(merged_into=None).in_bulk(ids)
    if unknown := ids - set(seen):
        raise NotThere(_("There is no case or customer “%s”.") % f"#{min(unknown)}")
    return seen


@router.get("/waves", response=WavesShown, summary="Survey waves")
def listed(request: HttpRequest):
    rows = Wave.objects.visible_to(by(request)).select_related("owner", "version__questionnaire")
    return {"waves": [_shown(each) for each in rows.order_by("-pk")]}


@router.post("/waves", auth=changing, response={201: WaveShown}, summary="Open a survey wave")
def open_wave(request: HttpRequest, given: WaveToOpen):
    must(building.may_begin(by(request)))
    said = _described(given.model_dump())
    seen = Questionnaire.objects.visible_to(by(request))
    asked = seen.filter(code=said.pop("questionnaire")).first()
    if asked is None:
        raise NotThere(_("There is no questionnaire “%s”.") % given.questionnaire)
    return Status(201, _shown(waves.open_wave(asked, **said, by=by(request), now=now_of(request))))


@router.get("/waves/{code}", response=WaveShown, summary="A survey wave")
def one(request: HttpRequest, code: str):
    return _shown(called(request, code))


@router.put("/waves/{code}", auth=changing, response=WaveShown, summary="Describe a wave anew")
def describe(request: HttpRequest, code: str, given: WaveDescribed):
    wave = to_edit(request, code)
    waves.describe(wave, _described(given.model_dump()), by=by(request), now=now_of(request))
    return _shown(called(request, code))


@router.put("/waves/{code}/closing", auth=changing, response=WaveShown, summary="Close a wave")
def close(request: HttpRequest, code: str):
    waves.close(to_edit(request, code), by=by(request), now=now_of(request))
    return _shown(called(request, code))


@router.delete(
    "/waves/{code}/closing", auth=changing, response=WaveShown, summary="Let a wave take answers again"
)
def reopen(request: HttpRequest, code: str):
    waves.reopen(to_edit(request, code), by=by(request), now=now_of(request))
    return _shown(called(request, code))


@router.post(
    "/waves/{code}/invitations", auth=changing, response={201: LinksShown}, summary="Make links to a wave"
)
def invite(request: HttpRequest, code: str, given: InvitationsGiven):
    wave = to_edit(request, code)
    cases = _cases(request, {each.case for each in given.invited})
    customers = _customers(request, {each.customer for each in given.invited if each.customer})
    invited = [Invited(customers.get(each.customer or 0), cases.get(each.case)) for each in given.invited]
    links = waves.invite(wave, invited, by=by(request), now=now_of(request), expires_at=given.expires_at)
    return Status(201, {"links": links})


@router.delete(
    "/waves/{code}/invitations", auth=changing, response=LinksTakenBack,
    summary="Take back the links nobody answered by",
)  # fmt: skip
def take_back(request: HttpRequest, code: str):
    return {"withdrawn": waves.withdraw_links(to_edit(request, code), by=by(request), now=now_of(request))}


@router.post("/waves/{code}/responses", auth=changing, response=ResponsesTakenIn, summary="Bring responses")
def respond(request: HttpRequest, code: str, given: ResponsesGiven):
    wave = to_edit(request, code)
    cases = _cases(request, {each.case for each in given.responses})
    customers = _customers(request, {each.customer for each in given.responses if each.customer})
    arrived = [
        Given(
            line, {name: str(said) for name, said in each.answers.items()}, each.respondent,
            each.customer if each.customer in customers else _customer_of(cases.get(each.case)),
            _standing(cases.get(each.case)), each.answered_at,
        )
        for line, each in enumerate(given.responses, start=1)
    ]  # fmt: skip
    done = taking_in.take_in(wave, arrived, source=Response.Source.API, by=by(request), now=now_of(request))
    return {
        "landed": done.landed,
        "already": done.already,
        "rejected": sum(not each.landed for each in done.doubts),
        "doubts": [vars(each) for each in done.doubts],
    }


def _customer_of(case: Case | None) -> int | None:
    return case.customer_id if case else None


def _standing(case: Case | None) -> int | None:
    """A case that was merged is the one it became."""
    return (case.merged_into_id or case.pk) if case else None


@router.get("/waves/{code}/results", response=WaveResults, summary="What a wave found")
def found(request: HttpRequest, code: str):
    told = results(called(request, code))
    return {"figures": told.figures, "is_due": told.is_due, "missing": told.missing()}
