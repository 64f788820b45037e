"""Service blueprints: read with how their promises are kept, and published as whole drawings."""

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Input, Said, Word
from guixin.channels.api.door import Needs, by, now_of
from guixin.organisation.models import Scopes
from guixin.promise.blueprints import publish_drawing
from guixin.promise.drawing import Drawing
from guixin.promise.models import Blueprint, BlueprintVersion
from guixin.promise.performance import DAYS, performance
from guixin.serve.overview import may_oversee, whose_promises

router = Router(tags=["blueprints"], auth=Needs(Scopes.STANDARDS_READ))


class BlueprintStepShown(BaseModel):
    key: str
    name: str
    name_en: str


class ElementKept(BaseModel):
    """Of the promises at an element, in the departments this key's person looks after."""

    ended: int = Field(description=f"Promises that ended in the last {DAYS} days.")
    missed: int = Field(description="Of these, the broken ones.")
    median_seconds: float | None = Field(description="Wall-clock time half of those that ended took.")
    running: int
    broken: int = Field(description="Of those running, past their deadline.")


class ElementShown(BaseModel):
    key: str
    lane: str
    step: str
    name: str
    name_en: str
    is_moment: bool
    standards: list[str]
    leads_to: list[str]
    kept: ElementKept | None


class BlueprintNamed(BaseModel):
    code: str
    name: str
    name_en: str
    number: int
    published_at: datetime


class BlueprintShown(BlueprintNamed):
    steps: list[BlueprintStepShown]
    elements: list[ElementShown]


class BlueprintStepGiven(Input):
    key: Word
    name: Said
    name_en: Word = ""


class ElementGiven(Input):
    key: Word
    lane: Word = Field(description="evidence, customer, onstage, backstage or support.")
    step: Word = Field(description="Key of a step.")
    name: Said
    name_en: Word = ""
    is_moment: bool = False
    standards: list[Word] = Field(default=[], max_length=20, description="Codes of standards.")
    leads_to: list[Word] = Field(default=[], max_length=20, description="Keys of elements.")


class DrawingGiven(Input):
    """The whole of the new drawing."""

    steps: list[BlueprintStepGiven] = Field(max_length=100)
    elements: list[ElementGiven] = Field(max_length=500)
    note: Word = ""


def _named(version: BlueprintVersion) -> dict:
    return {
        "code": version.blueprint.code,
        "name": version.blueprint.name,
        "name_en": version.blueprint.name_en,
        "number": version.number,
        "published_at": version.published_at,
    }


def _shown(version: BlueprintVersion, request: HttpRequest) -> dict:
    drawing, kept = version.drawn, {}
    if may_oversee(by(request)):
        asked = {each.key: each.standards for each in drawing.elements if each.standards}
        kept = performance(asked, now=now_of(request), department_ids=whose_promises(by(request)))
    written = drawing.written()
    return _named(version) | {
        "steps": written["steps"],
        "elements": [
            each
            | {
                "kept": {
                    "ended": found.share.ended,
                    "missed": found.share.missed,
                    "median_seconds": found.median.total_seconds() if found.median is not None else None,
                    "running": found.running,
                    "broken": found.broken,
                }
                if (found := kept.get(each["key"]))
                else None
            }
            for each in written["elements"]
        ],
    }


@router.get("", response=list[BlueprintNamed], summary="Blueprints in force")
def blueprints(request: HttpRequest):
    """Those that are published."""
    versions = BlueprintVersion.objects.filter(withdrawn_at__isnull=True).select_related("blueprint")
    return [_named(each) for each in versions.order_by("blueprint__code")]


@router.get("/{slug:code}", response=BlueprintShown, summary="One blueprint")
def blueprint(request: HttpRequest, code: str):
    """The drawing in force, with how the promises at each element are kept for those who look after others."""
    versions = BlueprintVersion.objects.filter(withdrawn_at__isnull=True).select_related("blueprint")
    return _shown(get_object_or_404(versions, blueprint__code=code), request)


@router.post(
    "/{slug:code}/versions",
    auth=Needs(Scopes.STANDARDS_WRITE, administrators=True),
    response={201: BlueprintShown},
    summary="Publish a drawing",
)
def versions(request: HttpRequest, code: str, given: DrawingGiven):
    """The next version of a blueprint that is there. A draft somebody works on is left alone."""
    there = get_object_or_404(Blueprint, code=code)
    drawing = Drawing.read(given.model_dump(exclude={"note"}))
    version = publish_drawing(there, drawing, note=given.note, by=by(request), now=now_of(request))
    return Status(201, _shown(version, request))
