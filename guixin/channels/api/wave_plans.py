"""Waves that begin by themselves, for programs: begun, changed, stopped and let run; whom a plan would ask now."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Input, PersonShown, Said, Word
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import NotThere
from guixin.channels.api.samples import FrameGiven
from guixin.listen import building, standing
from guixin.listen.models import Questionnaire, WavePlan
from guixin.listen.sampling import LARGEST
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Person, Scopes

router = Router(tags=["surveys"], auth=Needs(Scopes.CUSTOMERS_READ))
changing = Needs(Scopes.STANDARDS_WRITE)


class PlanNarrowed(Input):
    """Only some of what happens. What is left out does not narrow it."""

    kinds: list[Word] = Field(
        default=[], max_length=20, description="Of cases that are closed, or of contacts: only these kinds."
    )
    department: Word = Field(
        default="", description="Code of a department: only cases it or one below it had."
    )
    category: Word = Field(default="", description="Code: only cases of this category, or one below it.")
    segment: Word = Field(default="", description="Code of a segment in force: only its customers.")


class WavePlanDescribed(Input):
    """`next_on`, `frame`, `size` and `by` belong to `months`; `only`, `one_in` to what happens."""

    name: Said
    name_en: Word = ""
    questionnaire: Word = Field(description="Code; each wave asks the version in force when it begins.")
    owner: Word = Field(description="Login of whoever answers for it.")
    begins: Literal["months", "case_closed", "contact_made", "purchased"]
    every_months: int = Field(3, ge=1, le=24)
    next_on: date | None = None
    frame: FrameGiven | None = Field(
        None, description="Of purchases, `days` without `since` looks back from each wave."
    )
    size: int | None = Field(None, ge=1, le=LARGEST)
    by: Literal["", "grade", "segment", "market", "department"] = ""
    only: PlanNarrowed = Field(default_factory=PlanNarrowed)
    one_in: int = Field(1, ge=1, le=1000)
    is_follow_up: bool = False
    remind_after_days: int | None = Field(None, ge=1, le=60)
    places: list[Word] = Field(
        default=[], max_length=50, description="Codes of opinion points its waves are asked at."
    )


class WavePlanToBegin(WavePlanDescribed):
    code: Word = ""


class WavePlanShown(BaseModel):
    """`trouble`: why it could not, the last time; `seen_until`: what happened up to here was looked at."""

    code: str
    number: int
    name: str
    name_en: str
    questionnaire: str
    owner: PersonShown
    begins: str
    every_months: int
    next_on: date | None
    frame: dict[str, Any]
    size: int | None
    by: str
    only: dict[str, Any]
    one_in: int
    is_follow_up: bool
    remind_after_days: int | None
    places: list[str]
    seen_until: datetime
    trouble: str
    stopped_at: datetime | None


class WavePlanForeseen(BaseModel):
    """Whom it would ask: of its people today, or about what happened in the last 30 days (of a follow-up, what falls due in the
    next 30). `problem`: why it could not."""

    people: int
    asked: int
    left_out: dict[str, int]
    problem: str


def _called(request: HttpRequest, code: str) -> WavePlan:
    rows = WavePlan.objects.select_related("owner", "questionnaire")
    return get_visible_or_404(rows, by(request), code=code)


def _to_edit(request: HttpRequest, code: str) -> WavePlan:
    found = _called(request, code)
    must(building.may_edit(found, by(request)))
    return found


def _shown(plan: WavePlan) -> dict[str, Any]:
    own = {name: getattr(plan, name) for name in WavePlanShown.model_fields if hasattr(plan, name)}
    return own | {
        "questionnaire": plan.questionnaire.code,
        "owner": {"id": plan.owner_id, "name": plan.owner.name},
        "stopped_at": plan.withdrawn_at,
    }


def _said(request: HttpRequest, given: WavePlanDescribed) -> dict[str, Any]:
    said = given.model_dump()
    seen = Questionnaire.objects.visible_to(by(request))
    said["questionnaire"] = seen.filter(code=given.questionnaire).first()
    if said["questionnaire"] is None:
        raise NotThere(_("There is no questionnaire “%s”.") % given.questionnaire)
    said["owner"] = Person.objects.active().filter(login=given.owner).first()
    if said["owner"] is None:
        raise NotThere(_("There is nobody with the login “%s”.") % given.owner)
    frame = said["frame"] or {}
    return said | {"frame": frame | {"from": frame.get("source", "")}}


@router.get("/wave-plans", response=list[WavePlanShown], summary="Waves that begin by themselves")
def plans(request: HttpRequest):
    rows = WavePlan.objects.visible_to(by(request)).select_related("owner", "questionnaire")
    return [_shown(each) for each in rows.order_by("pk")]


@router.post("/wave-plans", auth=changing, response={201: WavePlanShown}, summary="Begin a standing plan")
def begin(request: HttpRequest, given: WavePlanToBegin):
    must(building.may_begin(by(request)))
    if WavePlan.objects.filter(code=given.code).exists():
        raise standing.CannotListen(_("There is a plan “%s” already.") % given.code)
    plan, _new = standing.keep(given.code, _said(request, given), by=by(request), now=now_of(request))
    return Status(201, _shown(plan))


@router.get("/wave-plans/{code}", response=WavePlanShown, summary="A standing plan")
def one(request: HttpRequest, code: str):
    return _shown(_called(request, code))


@router.put("/wave-plans/{code}", auth=changing, response=WavePlanShown, summary="Change a standing plan")
def change(request: HttpRequest, code: str, given: WavePlanDescribed):
    plan = _to_edit(request, code)
    standing.keep(plan.code, _said(request, given), by=by(request), now=now_of(request), moves_the_day=True)
    return _shown(_called(request, code))


@router.put("/wave-plans/{code}/stop", auth=changing, response=WavePlanShown, summary="Stop a standing plan")
def stop(request: HttpRequest, code: str):
    standing.withdraw(_to_edit(request, code), by=by(request), now=now_of(request))
    return _shown(_called(request, code))


@router.delete(
    "/wave-plans/{code}/stop", auth=changing, response=WavePlanShown, summary="Let a standing plan run again"
)
def go_on(request: HttpRequest, code: str):
    standing.restore(_to_edit(request, code), by=by(request), now=now_of(request))
    return _shown(_called(request, code))


@router.get(
    "/wave-plans/{code}/preview", response=WavePlanForeseen, summary="Whom a standing plan would ask now"
)
def preview(request: HttpRequest, code: str):
    return vars(standing.foreseen(_called(request, code), now_of(request)))
