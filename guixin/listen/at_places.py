"""A wave at a place: the card of a place leads to the wave that hangs there, and whoever scans it answers without a name.

Nobody knows who it was, so nothing keeps them from answering twice but the browser's own memory, and nothing a program but
numbers: so many new answers a place takes within an hour. What is above is refused in words and counted. Where as many were
refused again, nobody can tell the real ones of that hour: they are struck out, and the wave says so.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.listen import price_studies
from guixin.listen.answering import (
    AnsweredAlready,
    PageRead,
    answers_of,
    errors_in,
    keep,
    moment_kept,
    pages_of,
    read_page,
)
from guixin.listen.events import CustomerAnswered, PlaceFlooded
from guixin.listen.models import Response, WavePlace
from guixin.listen.questions import SCALE, Asked, Sheet
from guixin.listen.waves import counts_anew, hashed
from guixin.web.refusals import Refused

AN_HOUR = 300  # new answers a place takes; more than whoever stands there can give
FLOOD = 300  # refused within the hour: from then on what was taken in it is not believed
MAY_ADD = timedelta(hours=1)  # after the end was reached: a word more, or another point


class AskedTooOften(Refused):
    """More answers at this place within the hour than people can give."""


# -- answering -----------------------------------------------------------------------------------------------------


def one_tap(sheet: Sheet) -> Asked | None:
    """The first question, where it stands on a page of its own whose points are sent with one tap."""
    first = sheet.questions[0]
    is_in_a_pair = first.expectation_of or any(each.expectation_of == first.code for each in sheet.questions)
    return first if first.kind == SCALE and not is_in_a_pair else None


def pages_at_place(sheet: Sheet) -> list[list[Asked]]:
    first = one_tap(sheet)
    if first is None or len(sheet.questions) == 1:
        return pages_of(sheet)
    return [[first], *pages_of(Sheet(questions=sheet.questions[1:]))]


def begun_at_place(place: WavePlace, kept: str) -> Response | None:
    """kept: what this browser keeps."""
    return Response.objects.filter(wave=place.wave_id, key=_key(place, kept)).first()


def answer_at(
    place: WavePlace, kept: str, page: int, given: Mapping[str, str], *, language: str, now: datetime,
    is_braked: bool = False,
) -> bool:  # fmt: skip
    """Keep one page. Returns whether it was the last one. It counts from when nothing that must be answered is missing, which may be
    the first tap; of an anonymous wave with its last page, since what one more word changed would be that one's.

    kept       what this browser keeps, so that sending twice counts once
    is_braked  too many came from where this one comes from
    Raises CannotAnswer, AskedTooOften, AnsweredAlready.
    """
    wave, sheet = place.wave, place.wave.version.sheet
    response = begun_at_place(place, kept)
    if response is not None and response.completed_at and not may_add(response, now):
        raise AnsweredAlready(_("You have answered already. Thank you."))
    read = read_page(sheet, pages_at_place(sheet), page, answers_of(response), given)
    if response is None and not _is_let_in(place, is_braked=is_braked, now=now):
        raise AskedTooOften(
            _(
                "Too many answers were sent here within an hour, so this one is not taken. Please try again later."
            )
        )
    with transaction.atomic():
        _keep(place, kept, read, language, now)
        is_whole = read.is_last or not (wave.is_anonymous or errors_in(sheet, sheet.questions, read.answers))
        if is_whole:
            _complete(place, kept, now)
        if read.is_last:
            price_studies.land(_fresh(place, kept), sheet, read.answers, now=now)
    return read.is_last


def may_add(response: Response, now: datetime) -> bool:
    at = response.completed_at
    return at is not None and not response.wave.is_anonymous and now < at + MAY_ADD


def _keep(place: WavePlace, kept: str, read: PageRead, language: str, now: datetime) -> None:
    begun_at = moment_kept(place.wave, now)
    response, _made = Response.objects.get_or_create(
        wave=place.wave, key=_key(place, kept),
        defaults={"place": place, "source": Response.Source.PLACE, "language": language, "begun_at": begun_at},
    )  # fmt: skip
    keep(response, place.wave, place.wave.version.sheet.by_code, read)
    if response.completed_at:
        counts_anew(place.wave)


def _complete(place: WavePlace, kept: str, now: datetime) -> None:
    wave, response = place.wave, _fresh(place, kept)
    waiting = Response.objects.filter(pk=response.pk, completed_at=None)
    if not waiting.update(completed_at=moment_kept(wave, now)):
        return
    counts_anew(wave)
    record(
        CustomerAnswered(
            happened_at=now, about=wave.about, wave=wave.code, response_id=None if wave.is_anonymous else response.pk
        )
    )  # fmt: skip


def _fresh(place: WavePlace, kept: str) -> Response:
    return Response.objects.get(wave=place.wave_id, key=_key(place, kept))


def _key(place: WavePlace, kept: str) -> str:
    """Of one browser another one for each wave, or two anonymous waves could be joined by it."""
    return f"place:{hashed(f'{place.wave_id}:{kept}', 'place')}"


# -- the limit -----------------------------------------------------------------------------------------------------

_LET_IN = """
    WITH here AS (
        SELECT id, CASE WHEN hour = %(hour)s THEN taken ELSE 0 END AS taken, CASE WHEN hour = %(hour)s THEN over ELSE 0 END AS over
        FROM listen_waveplace WHERE id = %(place)s FOR NO KEY UPDATE),
    told AS (SELECT *, taken < %(limit)s AND NOT %(is_braked)s AS may FROM here)
    UPDATE listen_waveplace p SET hour = %(hour)s, taken = t.taken + t.may::int, over = t.over + (NOT t.may)::int,
        refused = p.refused + (NOT t.may)::int
    FROM told t WHERE p.id = t.id RETURNING t.may, p.over
"""


def _is_let_in(place: WavePlace, *, is_braked: bool, now: datetime) -> bool:
    """Counted in one statement, whatever becomes of the answer; all processes count together."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_LET_IN, {"place": place.pk, "hour": hour, "limit": AN_HOUR, "is_braked": is_braked})
        may, over = cursor.fetchone()
    if not may and over == FLOOD:
        _strike_out(place, hour, now)
    return may


@transaction.atomic
def _strike_out(place: WavePlace, hour: datetime, now: datetime) -> None:
    """What was begun here in this hour; of an anonymous wave, which keeps no hour, on this day."""
    taken = Response.objects.filter(place=place, struck_at=None, begun_at__gte=moment_kept(place.wave, hour))
    left_out = taken.update(struck_at=now, struck_why="flooded")
    counts_anew(place.wave)
    record(
        PlaceFlooded(
            happened_at=now, about=place.wave.about, wave=place.wave.code, place=place.point.code, left_out=left_out
        )
    )  # fmt: skip
