"""Opinion points (意见点): hung up, renamed, taken down. The code is printed on the card and never changes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guixin.ledger import Event, record
from guixin.organisation.models import Department, Person
from guixin.serve.models import OpinionPoint
from guixin.web.refusals import Refused


class CannotHangUp(Refused):
    """The card cannot be made like this."""

    about_input = True


@dataclass(frozen=True, kw_only=True)
class OpinionPointChanged(Event):
    """A card where customers tell us what they think was hung up, changed, taken down or hung up again."""

    kind: ClassVar[str] = "serve.opinion_point_changed"
    sentence: ClassVar[str] = gettext_noop("Opinion point %(code)s: %(what)s")
    code: str
    what: str  # added, changed, closed, opened


def address_of(point: OpinionPoint) -> str:
    """What the QR code holds: where a phone goes."""
    return f"{settings.BASE_URL}/complain/{point.code}"


@transaction.atomic
def add_point(
    *, name: str, kind: str, name_en: str = "", code: str = "", department: Department | None = None,
    by: Person | None, now: datetime,
) -> OpinionPoint:  # fmt: skip
    """A new card, open at once."""
    code = code.strip().lower() or OpinionPoint.new_code()
    if OpinionPoint.objects.filter(code=code).exists():
        raise CannotHangUp(_("The code “%s” is taken.") % code)
    point = OpinionPoint(
        code=code, kind=kind, name=name.strip(), name_en=name_en.strip(), department=department, made_at=now
    )
    _check(point)
    point.save(force_insert=True)
    _tell(point, "added", by, now)
    return point


@transaction.atomic
def change_point(point: OpinionPoint, *, by: Person | None, now: datetime, **values: Any) -> OpinionPoint:
    """Name, kind, department, `is_active`. Complaints that came by it keep it."""
    differing = [name for name, value in values.items() if getattr(point, name) != value]
    if not differing:
        return point
    for name in differing:
        setattr(point, name, values[name])
    _check(point)
    point.save(update_fields=differing)
    what = "changed" if differing != ["is_active"] else "opened" if point.is_active else "closed"
    _tell(point, what, by, now)
    return point


def _check(point: OpinionPoint) -> None:
    try:
        point.clean_fields()
    except ValidationError as wrong:
        raise CannotHangUp(next(iter(wrong.message_dict.values()))[0]) from wrong


def _tell(point: OpinionPoint, what: str, by: Person | None, now: datetime) -> None:
    record(
        OpinionPointChanged(
            happened_at=now, actor_id=by.pk if by else None, about=("opinion_point", point.pk),
            code=point.code, what=what,
        )
    )  # fmt: skip
