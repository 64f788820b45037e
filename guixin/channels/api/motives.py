"""Who decides about purchases and what moves them, counted, for programs."""

from typing import Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel

from guixin.channels.api.answers import Word
from guixin.channels.api.door import Needs, by, found, must, scope
from guixin.organisation.models import Scopes
from guixin.serve.overview import sees_all
from guixin.understand import motives
from guixin.understand.models import Segment

router = Router(tags=["customers"], auth=Needs(Scopes.CUSTOMERS_READ))


class PartShown(BaseModel):
    value: str
    words: str
    people: int
    companies: int


class DecidingShown(BaseModel):
    """Of contact people who are still there. Somebody may have several roles and motives."""

    people: int
    companies: int
    without_role: int
    without_motive: int
    roles: list[PartShown]
    motives: list[PartShown]


@router.get("/motives", response=DecidingShown, summary="Decision roles and motives of a segment or market")
def shown(
    request: HttpRequest,
    market: Literal["", "consumer", "producer", "reseller", "enterprise"] = "",
    segment: Word = "",
):
    must(sees_all(scope(request)))
    asked = found(Segment.objects.visible_to(by(request)).filter(code=segment).first()) if segment else None
    seen = motives.deciding(asked, market)
    parts = {
        name: [{**vars(each), "words": str(each.words)} for each in getattr(seen, name)]
        for name in ("roles", "motives")
    }
    return vars(seen) | parts
