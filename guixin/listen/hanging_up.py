"""Where a wave hangs: the card of a place (现场扫码) leads to the wave that hangs there now, at most one."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.listen.events import WavePlaceChanged
from guixin.listen.models import Wave, WavePlace, WavePlan
from guixin.listen.waves import CannotListen, NotPossibleNow, takes_answers
from guixin.organisation.models import Person
from guixin.serve.models import OpinionPoint
from guixin.web.refusals import Refused


def address_of(point: OpinionPoint) -> str:
    """What the QR code holds; it stays the same from wave to wave."""
    return f"{settings.BASE_URL}/at/{point.code}"


@transaction.atomic
def hang_up(wave: Wave, point: OpinionPoint, *, by: Person | None, now: datetime) -> WavePlace:
    """From now on the card of this place leads to this wave. Twice does no harm."""
    OpinionPoint.objects.select_for_update().get(pk=point.pk)
    if not takes_answers(wave, now):
        raise NotPossibleNow(_("The wave is closed; it takes no more answers."))
    if not point.is_active:
        raise NotPossibleNow(_("The card of “%s” was taken down; hang it up again first.") % point.name)
    there = WavePlace.objects.filter(point=point, taken_down_at=None).select_related("wave").first()
    if there is not None and there.wave_id == wave.pk:
        return there
    if there is not None and takes_answers(there.wave, now):
        raise NotPossibleNow(
            _("At “%(place)s” the wave “%(wave)s” is asked. Take it down there first.")
            % {"place": point.name, "wave": there.wave.name}
        )
    WavePlace.objects.filter(point=point, taken_down_at=None).update(taken_down_at=now)
    place, _made = WavePlace.objects.update_or_create(
        wave=wave, point=point, defaults={"taken_down_at": None}, create_defaults={"hung_up_at": now}
    )
    _changed(place, point, "hung up", by, now)
    return place


def known(codes: Any) -> list[str]:
    """Places a plan may name, each once, or a refusal in words."""
    wanted = list(dict.fromkeys(str(each) for each in ([codes] if isinstance(codes, str) else codes)))
    there = set(OpinionPoint.objects.filter(code__in=wanted, is_active=True).values_list("code", flat=True))
    if gone := [each for each in wanted if each not in there]:
        raise CannotListen(_("No card hangs at “%s”.") % gone[0])
    return wanted


def of_plan(plan: WavePlan) -> list[OpinionPoint]:
    return list(OpinionPoint.objects.filter(code__in=plan.places).order_by("name", "pk"))


def hang_up_by_plan(wave: Wave, now: datetime) -> str:
    """A wave that began by itself is asked where its plan says; there it takes over from the wave of the plan before. A place where it
    cannot be is left out. Returns why, or nothing."""
    plan, troubles = wave.plan, list[str]()
    if plan is None or not plan.places:
        return ""
    points = {each.code: each for each in OpinionPoint.objects.filter(code__in=plan.places)}
    for code in plan.places:
        before = WavePlace.objects.filter(point__code=code, wave__plan=plan, taken_down_at=None)
        for each in before.exclude(wave=wave).select_related("wave", "point"):
            take_down(each, by=None, now=now)
        try:
            if code not in points:
                raise NotPossibleNow(_("No card hangs at “%s”.") % code)
            hang_up(wave, points[code], by=None, now=now)
        except Refused as why:
            troubles.append(str(why))
    return " ".join(troubles)


@transaction.atomic
def take_down(place: WavePlace, *, by: Person | None, now: datetime) -> None:
    """The card leads to this wave no more; what was answered stays. Twice does no harm."""
    if WavePlace.objects.filter(pk=place.pk, taken_down_at=None).update(taken_down_at=now):
        _changed(place, place.point, "taken down", by, now)


def _changed(place: WavePlace, point: OpinionPoint, change: str, by: Person | None, now: datetime) -> None:
    record(
        WavePlaceChanged(
            happened_at=now, actor_id=by.pk if by else None, about=place.wave.about, wave=place.wave.code,
            place=point.code, wave_place_change=change,
        )
    )  # fmt: skip


def asked_at(code: str, now: datetime) -> WavePlace | None:
    """What the card with this code asks now."""
    places = WavePlace.objects.select_related("wave__version__questionnaire", "point")
    place = places.filter(point__code=code, point__is_active=True, taken_down_at=None).first()
    return place if place and takes_answers(place.wave, now) else None
