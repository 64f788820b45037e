"""Places where a wave is asked of whoever scans the card there."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import BaseModel

from guixin.channels.api.door import by, now_of
from guixin.channels.api.finding import NotThere
from guixin.channels.api.waves import called, changing, router, to_edit
from guixin.listen import hanging_up
from guixin.listen.models import Wave
from guixin.serve.models import OpinionPoint


class WavePlaceShown(BaseModel):
    """`place`: the code on the card. `refused`: answers that were refused because more came within an hour than people can give."""

    place: str
    name: str
    name_en: str
    department: str | None
    address: str
    hung_up_at: datetime
    taken_down_at: datetime | None
    refused: int


class WavePlacesShown(BaseModel):
    places: list[WavePlaceShown]


def _shown(wave: Wave) -> dict[str, Any]:
    rows = wave.places.select_related("point__department").order_by("point__code")
    return {
        "places": [
            {
                "place": each.point.code, "name": each.point.name, "name_en": each.point.name_en,
                "department": each.point.department.code if each.point.department else None,
                "address": hanging_up.address_of(each.point), "hung_up_at": each.hung_up_at,
                "taken_down_at": each.taken_down_at, "refused": each.refused,
            }
            for each in rows
        ]
    }  # fmt: skip


@router.get("/waves/{code}/places", response=WavePlacesShown, summary="Where a wave is asked")
def listed(request: HttpRequest, code: str):
    return _shown(called(request, code))


@router.put(
    "/waves/{code}/places/{place}", auth=changing, response=WavePlacesShown, summary="Ask a wave at a place"
)
def hang_up(request: HttpRequest, code: str, place: str):
    """From now on the card of this opinion point leads to this wave."""
    wave, point = to_edit(request, code), OpinionPoint.objects.filter(code=place).first()
    if point is None:
        raise NotThere(_("There is no place with the code “%s”.") % place)
    hanging_up.hang_up(wave, point, by=by(request), now=now_of(request))
    return _shown(wave)


@router.delete(
    "/waves/{code}/places/{place}", auth=changing, response=WavePlacesShown,
    summary="Ask a wave at a place no more",
)  # fmt: skip
def take_down(request: HttpRequest, code: str, place: str):
    wave = to_edit(request, code)
    found = wave.places.select_related("point", "wave").filter(point__code=place).first()
    if found is None:
        raise NotThere(_("There is no place with the code “%s”.") % place)
    hanging_up.take_down(found, by=by(request), now=now_of(request))
    return _shown(wave)
