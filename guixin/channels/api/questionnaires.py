"""Questionnaires for programs: what is asked, drafted and published."""

from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Id, Input, PersonShown, Said, Text, Word
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import NotThere
from guixin.listen import building
from guixin.listen.models import Questionnaire
from guixin.listen.questions import MOST_QUESTIONS, MOST_WORDS, Sheet
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Person, Scopes

router = Router(tags=["surveys"], auth=Needs(Scopes.CUSTOMERS_READ))
building_them = Needs(Scopes.STANDARDS_WRITE)


class SurveyQuestion(Input):
    """One question, by its `code`, which never changes. `reads_as` tells the usual scale and what is told beside the mean;
    `dimension` is what several questions measure together; `expectation_of` the code of the question this one asks the
    expectation of, `importance_of` that whose importance it asks; `moment` the moment of truth it is about
    ("blueprint:element") and `department` the code of the one that answers for it; `shown_if` an earlier question, with the answers (`shown_values`) after which this one is asked; at `opens_at` or lower the
    answer opens a case."""

    code: Word
    label: Word
    label_en: Word = ""
    kind: Literal["scale", "choice", "ranking", "prices", "text"] = "scale"
    low: int | None = Field(None, ge=0, le=10)
    high: int | None = Field(None, ge=0, le=10)
    low_words: Word = ""
    low_words_en: Word = ""
    high_words: Word = ""
    high_words_en: Word = ""
    reads_as: Literal["mean", "csat", "recommend", "effort"] = "mean"
    dimension: Word = ""
    dimension_en: Word = ""
    expectation_of: Word = ""
    importance_of: Word = ""
    moment: Word = ""
    department: Word = ""
    heading: Word = ""
    heading_en: Word = ""
    choices: list[Word] = Field(default=[], max_length=MOST_WORDS)
    choices_en: list[Word] = Field(default=[], max_length=MOST_WORDS)
    required: bool = False
    shown_if: Word = ""
    shown_values: list[Word] = Field(default=[], max_length=MOST_WORDS)
    opens_at: int | None = Field(None, ge=0, le=9)
    standard: Word = Field(
        "", description="Of a choice: the service standard whose time it asks the expectation of."
    )
    choice_hours: list[int] = Field(
        default=[], max_length=MOST_WORDS, description="Of such a choice: the hours each word means."
    )
    study: Word = Field("", description="The price study four prices go to.")
    currency: Word = Field("", description="Of four prices; the study decides it, whatever is sent.")


class SurveySheet(Input):
    """`paths`: pairs of dimensions, the one leading to the other; `gaps`: pairs of a dimension of expectations and one of
    what was found."""

    questions: list[SurveyQuestion] = Field(max_length=MOST_QUESTIONS)
    paths: list[tuple[Word, Word]] = Field(default=[], max_length=100)
    gaps: list[tuple[Word, Word]] = Field(default=[], max_length=100)


class QuestionnaireDraft(SurveySheet):
    draft_version: Id | None = Field(
        None, description="The one that was read; another one in between is refused."
    )


class QuestionnaireDescribed(Input):
    name: Said
    name_en: Word = ""
    intro: Text = ""
    intro_en: Text = ""
    owner: Word = Field(description="Login of whoever answers for it.")


class QuestionnaireToAdd(QuestionnaireDescribed):
    """`begin_from`: one of the library, such as `servqual`; its questions become the draft."""

    code: Word = ""
    begin_from: Word = ""


class QuestionnaireNote(Input):
    note: Word = ""
    draft_version: Id | None = None


class QuestionnaireShown(BaseModel):
    """`version` and `asks` are in force, empty before the first publication; `draft` is what somebody works on."""

    code: str
    name: str
    name_en: str
    intro: str
    intro_en: str
    owner: PersonShown
    version: int | None
    asks: SurveySheet | None
    draft: SurveySheet | None
    draft_version: int
    withdrawn: bool


class QuestionnairesShown(BaseModel):
    questionnaires: list[QuestionnaireShown]


def _called(request: HttpRequest, code: str) -> Questionnaire:
    rows = Questionnaire.objects.select_related("owner")
    return get_visible_or_404(rows, by(request), code=code)


def _to_edit(request: HttpRequest, code: str) -> Questionnaire:
    found = _called(request, code)
    must(building.may_edit(found, by(request)))
    return found


def _shown(found: Questionnaire) -> dict[str, Any]:
    version = found.in_force()
    names = ("code", "name", "name_en", "intro", "intro_en", "draft_version")
    return {name: getattr(found, name) for name in names} | {
        "owner": {"id": found.owner_id, "name": found.owner.name},
        "version": version.number if version else None,
        "asks": version.sheet.as_json() if version else None,
        "draft": found.drafted.as_json() if found.draft is not None else None,
        "withdrawn": found.withdrawn_at is not None,
    }


def _described(given: QuestionnaireDescribed) -> dict[str, Any]:
    owner = Person.objects.filter(login=given.owner, is_active=True).first()
    if owner is None:
        raise NotThere(_("There is nobody with the login “%s”.") % given.owner)
    return given.model_dump() | {"owner": owner}


@router.get("/questionnaires", response=QuestionnairesShown, summary="Questionnaires")
def listed(request: HttpRequest):
    rows = Questionnaire.objects.visible_to(by(request)).select_related("owner").order_by("pk")
    return {"questionnaires": [_shown(each) for each in rows]}


@router.post(
    "/questionnaires", auth=building_them, response={201: QuestionnaireShown}, summary="Add a questionnaire"
)
def add(request: HttpRequest, given: QuestionnaireToAdd):
    must(building.may_begin(by(request)))
    return Status(201, _shown(building.add(**_described(given), by=by(request), now=now_of(request))))


@router.get("/questionnaires/{code}", response=QuestionnaireShown, summary="A questionnaire")
def one(request: HttpRequest, code: str):
    return _shown(_called(request, code))


@router.put(
    "/questionnaires/{code}", auth=building_them, response=QuestionnaireShown, summary="Describe it anew"
)
def describe(request: HttpRequest, code: str, given: QuestionnaireDescribed):
    found = _to_edit(request, code)
    return _shown(building.describe(found, _described(given), by=by(request), now=now_of(request)))


@router.put(
    "/questionnaires/{code}/draft",
    auth=building_them,
    response=QuestionnaireShown,
    summary="Draft what it asks",
)
def draft(request: HttpRequest, code: str, given: QuestionnaireDraft):
    said = given.model_dump(exclude={"draft_version"})
    found = _to_edit(request, code)
    return _shown(
        building.keep_draft(
            found, Sheet.read(said), by=by(request), now=now_of(request), read_at=given.draft_version
        )
    )


@router.delete(
    "/questionnaires/{code}/draft",
    auth=building_them,
    response=QuestionnaireShown,
    summary="Throw the draft away",
)
def discard(request: HttpRequest, code: str):
    building.discard_draft(_to_edit(request, code))
    return _shown(_called(request, code))


@router.post(
    "/questionnaires/{code}/publication", auth=building_them, response=QuestionnaireShown,
    summary="Publish the draft of a questionnaire",
)  # fmt: skip
def publish(request: HttpRequest, code: str, given: QuestionnaireNote):
    building.publish(
        _to_edit(request, code), by=by(request), now=now_of(request), note=given.note, read_at=given.draft_version
    )  # fmt: skip
    return _shown(_called(request, code))


@router.put(
    "/questionnaires/{code}/withdrawal",
    auth=building_them,
    response=QuestionnaireShown,
    summary="Ask it no more",
)
def withdraw(request: HttpRequest, code: str):
    building.withdraw(_to_edit(request, code), by=by(request), now=now_of(request))
    return _shown(_called(request, code))


@router.delete(
    "/questionnaires/{code}/withdrawal", auth=building_them, response=QuestionnaireShown,
    summary="Take a questionnaire into use again",
)  # fmt: skip
def restore(request: HttpRequest, code: str):
    building.restore(_to_edit(request, code), by=by(request), now=now_of(request))
    return _shown(_called(request, code))
