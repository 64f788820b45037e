"""The hard-problem channel: problems of cases put to experts by skill, their conclusions; skills and their experts."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api import answers
from guixin.channels.api.answers import Id, Input, PersonShown, Said, Text, Word
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import NotThere, case_called, person_named
from guixin.handbook.models import Article
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Scopes, Skill
from guixin.organisation.skilling import keep_skill
from guixin.serve import asking_experts
from guixin.serve.filling_in import may_fill_in
from guixin.serve.models import HardProblem

router = Router(tags=["hard problems"], auth=Needs(Scopes.CASES_WRITE))
reading = Needs(Scopes.CASES_READ)


class HardProblemGiven(Input):
    skill: Word = Field(description="Code of the field; it goes to its expert who has least.")
    question: Said


class ConclusionGiven(Input):
    cause: Text = ""
    remedy: Said
    tell_customer: Text = ""


class PassedOnGiven(Input):
    """To another field, to somebody in particular, or, without either, to another expert of the same field."""

    skill: Word | None = None
    login: Word | None = None


class NoExpertGiven(Input):
    article: Id | None = Field(None, description="What of the handbook answered it instead.")


class SparedGiven(Input):
    article: Id


class SparedShown(BaseModel):
    article: int
    how: str


class KeptGiven(Input):
    title: Word
    became: Literal["lesson", "article"] = "lesson"


class HardProblemShown(BaseModel):
    id: int
    case: str
    skill: str
    state: str
    question: str
    asked_by: PersonShown
    asked_at: datetime
    expert: PersonShown
    instead_of: PersonShown | None
    cause: str
    remedy: str
    tell_customer: str
    ended_at: datetime | None
    article: int | None


class SkillGiven(Input):
    name: Said
    name_en: Word = ""
    people: list[Word] = Field(default=[], max_length=200, description="Logins of its experts: all of them.")
    retired: bool = False


class SkillShown(BaseModel):
    code: str
    name: str
    name_en: str
    people: list[PersonShown]
    retired: bool


def _shown(row: HardProblem) -> dict[str, Any]:
    names = ("state", "question", "asked_at", "cause", "remedy", "tell_customer", "ended_at")
    return {name: getattr(row, name) for name in names} | {
        "id": row.pk,
        "case": row.case.number,
        "skill": row.skill.code,
        "asked_by": answers.person(row.asked_by),
        "expert": answers.person(row.expert),
        "instead_of": answers.person(row.instead_of),
        "article": row.article_id,
    }


_WITH = ("case", "skill", "asked_by", "expert", "instead_of")


def _called(request: HttpRequest, pk: int) -> HardProblem:
    return get_visible_or_404(HardProblem.objects.select_related(*_WITH), by(request), pk=pk)


def _skill(code: str) -> Skill:
    if found := Skill.objects.filter(code=code).first():
        return found
    raise NotThere(asking_experts.no_skill(code))


@router.get("/problems", response=list[HardProblemShown], auth=reading, summary="Hard problems")
def listed(request: HttpRequest, which: Literal["mine", "asked", "open", "answered"] = "mine"):
    """The latest 200: those that wait for the caller, those they asked, or all they may see."""
    rows = HardProblem.objects.listed(which, by(request), now_of(request))
    return [_shown(row) for row in rows.select_related(*_WITH).order_by("-pk")[:200]]


@router.post(
    "/cases/{number}/problems", response={201: HardProblemShown}, summary="Put a hard problem to an expert"
)
def ask(request: HttpRequest, number: str, given: HardProblemGiven):
    case = case_called(request, number)
    must(may_fill_in(case, by(request)))
    made = asking_experts.ask_expert(
        case, _skill(given.skill), given.question, by=by(request), now=now_of(request)
    )
    return Status(201, _shown(made))


@router.post(
    "/cases/{number}/spared-experts", response={201: SparedShown}, summary="The handbook answered it"
)
def spare(request: HttpRequest, number: str, given: SparedGiven):
    """About to ask an expert, somebody found the answer: it counts for the lesson or article."""
    case = case_called(request, number)
    must(may_fill_in(case, by(request)))
    article = get_visible_or_404(Article.objects, by(request), pk=given.article)
    met = asking_experts.spare_the_expert(case, article, by=by(request), now=now_of(request))
    return Status(201, {"article": met.article_id, "how": met.how})


@router.get("/problems/{int:problem_id}", response=HardProblemShown, auth=reading, summary="A hard problem")
def one(request: HttpRequest, problem_id: int):
    return _shown(_called(request, problem_id))


@router.post(
    "/problems/{int:problem_id}/conclusion", response=HardProblemShown, summary="Conclude a hard problem"
)
def conclude(request: HttpRequest, problem_id: int, given: ConclusionGiven):
    """It returns to the case at once."""
    row = _called(request, problem_id)
    must(asking_experts.may_answer(row, by(request), now_of(request)))
    return _shown(asking_experts.conclude(row, by=by(request), now=now_of(request), **given.model_dump()))


@router.post(
    "/problems/{int:problem_id}/passing-on", response=HardProblemShown, summary="Pass a hard problem on"
)
def pass_on(request: HttpRequest, problem_id: int, given: PassedOnGiven):
    row = _called(request, problem_id)
    must(asking_experts.may_answer(row, by(request), now_of(request)))
    skill = _skill(given.skill) if given.skill else None
    expert = person_named(given.login) if given.login else None
    return _shown(
        asking_experts.pass_on(row, by=by(request), now=now_of(request), skill=skill, expert=expert)
    )


@router.post(
    "/problems/{int:problem_id}/withdrawal", response=HardProblemShown, summary="No expert is needed any more"
)
def withdraw(request: HttpRequest, problem_id: int, given: NoExpertGiven):
    """`article` is what answered it instead; that counts for it."""
    row = _called(request, problem_id)
    must(asking_experts.may_withdraw(row, by(request)))
    article = None
    if given.article is not None:
        article = get_visible_or_404(Article.objects, by(request), pk=given.article)
    return _shown(asking_experts.withdraw_problem(row, by=by(request), now=now_of(request), article=article))


@router.post(
    "/problems/{int:problem_id}/handbook",
    response=HardProblemShown,
    summary="Keep a conclusion in the handbook",
)
def keep(request: HttpRequest, problem_id: int, given: KeptGiven):
    row = _called(request, problem_id)
    asking_experts.keep_in_handbook(
        row, title=given.title, as_lesson=given.became == "lesson", by=by(request), now=now_of(request)
    )
    return _shown(_called(request, problem_id))


@router.get(
    "/skills",
    response=list[SkillShown],
    auth=Needs(Scopes.ORGANISATION_READ),
    summary="Skills and their experts",
)
def skills(request: HttpRequest):
    return [_skill_shown(each) for each in Skill.objects.prefetch_related("people")]


@router.put(
    "/skills/{code}", response=SkillShown, auth=Needs(Scopes.ORGANISATION_WRITE, administrators=True),
    summary="Say who is an expert",
)  # fmt: skip
def put_skill(request: HttpRequest, code: str, given: SkillGiven):
    """Made if it is not there. The list of people is complete."""
    people = [person_named(login) for login in given.people]
    skill, _changed = keep_skill(
        code, name=given.name, name_en=given.name_en, people=people, retired=given.retired, by=by(request),
        now=now_of(request),
    )  # fmt: skip
    return _skill_shown(skill)


def _skill_shown(skill: Skill) -> dict[str, Any]:
    return {
        "code": skill.code,
        "name": skill.name,
        "name_en": skill.name_en,
        "people": [answers.person(each) for each in skill.people.all()],
        "retired": skill.retired_at is not None,
    }
