"""What a wave says to each department, for programs, and who has confirmed having read it (by `POST /api/knowledge/…/reading`)."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from ninja.responses import Status
from pydantic import BaseModel

from guixin.channels.api.door import by, now_of
from guixin.channels.api.finding import department_named
from guixin.channels.api.waves import called, changing, router, to_edit
from guixin.listen import sharing_results
from guixin.listen.department_results import of_department, said_to
from guixin.listen.models import Wave


class DepartmentConfirmation(BaseModel):
    """`knowledge`: the item by which it is read and confirmed; `confirmed_at` null until its head has, `due_at` until when."""

    department: str
    head: str
    confirmed_by: str | None
    confirmed_at: datetime | None
    words: str
    due_at: datetime | None
    read: int
    readers: int


class WaveSharing(BaseModel):
    shared_at: datetime | None
    knowledge: int | None
    departments: list[DepartmentConfirmation]


class DepartmentFigure(BaseModel):
    """`whole`, `here`: [mean, low, high] of everybody and of the department's own responses; `change`: [change, low, high] since the
    wave before, in `change_words`; `is_ours`: asked about this department."""

    question: str
    name: str
    is_ours: bool
    whole: list[float] | None
    here: list[float] | None
    change: list[float] | None
    change_words: str


class DepartmentSaid(BaseModel):
    response: int
    point: int | None
    is_low: bool
    words: list[str]
    case: str | None


class WaveOfDepartment(BaseModel):
    """`responses` null where fewer than five came from customers it worked for; `said`: low scores and open answers the caller may
    see, masked, none of an anonymous wave."""

    department: str
    responses: int | None
    short_plank: str
    figures: list[DepartmentFigure]
    said: list[DepartmentSaid]


def _sharing(wave: Wave, now: datetime) -> dict[str, Any]:
    item = sharing_results.item_of(wave)
    return {
        "shared_at": wave.shared_at,
        "knowledge": item.pk if item else None,
        "departments": [
            {
                "department": each.department.code, "head": each.head,
                "confirmed_by": each.said.person.name if each.said else None,
                "confirmed_at": each.said.read_at if each.said else None, "words": each.said.words if each.said else "",
                "due_at": each.due_at, "read": each.read, "readers": each.readers,
            }
            for each in sharing_results.confirmations(wave, now)
        ],
    }  # fmt: skip


@router.get("/waves/{code}/sharing", response=WaveSharing, summary="Who has confirmed the results of a wave")
def shared(request: HttpRequest, code: str):
    return _sharing(called(request, code), now_of(request))


@router.post(
    "/waves/{code}/sharing", auth=changing, response={201: WaveSharing}, summary="Share the results with the departments"
)  # fmt: skip
def share(request: HttpRequest, code: str):
    """It happens by itself once the wave takes no more answers."""
    wave, now = to_edit(request, code), now_of(request)
    sharing_results.share(wave, by=by(request), now=now)
    return Status(201, _sharing(called(request, code), now))


@router.get(
    "/waves/{code}/departments/{department}", response=WaveOfDepartment, summary="What a wave says to a department"
)  # fmt: skip
def of_one(request: HttpRequest, code: str, department: str):
    """For whoever sees the wave, and for the department once it was shared."""
    wave, whose = (
        get_object_or_404(Wave.objects.select_related("version"), code=code),
        department_named(department),
    )
    if not sharing_results.may_see(wave, whose, by(request)):
        raise Http404
    found = of_department(wave, whose, get_language() or "zh-hans")
    return {
        "department": whose.code, "responses": found.responses, "short_plank": found.plank_words,
        "figures": [
            {
                "question": each.code, "name": each.name, "is_ours": each.is_ours, "whole": each.whole, "here": each.here,
                "change": each.change.change if each.change else None,
                "change_words": each.change.words if each.change else "",
            }
            for each in found.figures
        ],
        "said": [
            {
                "response": each.response.pk, "point": each.point, "is_low": each.is_low, "words": each.words,
                "case": each.case,
            }
            for each in said_to(wave, whose, by(request))
        ],
    }  # fmt: skip
