"""Waves: opened with the version in force, described, closed; and the links by which people come in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.listen.building import LONGEST_NAME
from guixin.listen.events import CustomersInvited, WaveChanged
from guixin.listen.models import Invitation, Questionnaire, Wave
from guixin.organisation.models import Person
from guixin.organisation.pinyin import new_code
from guixin.serve.models import Case
from guixin.understand.models import Customer
from guixin.web.refusals import Refused

DESCRIBED = ("name", "name_en", "owner", "ends_on", "missing_codes")
AT_ONCE = 5_000
LONGEST_CODE = 20


class CannotListen(Refused):
    """The wave, the link or the answer cannot be like this, and why."""

    about_input = True


class NotPossibleNow(Refused):
    """The wave is closed, or its questionnaire asks nothing yet."""


@dataclass(frozen=True)
class Invited:
    """Whom a link is for, and what it is about. All blank: whoever is given it."""

    customer: Customer | None = None
    case: Case | None = None


@transaction.atomic
def open_wave(
    questionnaire: Questionnaire, *, name: str, owner: Person, by: Person | None, now: datetime, code: str = "",
    is_anonymous: bool = False, is_of_our_people: bool = False, **more: Any,
) -> Wave:  # fmt: skip
    """It asks what is in force now, from now on. Whether it is anonymous, and whether our own people answer it, stays."""
    version = questionnaire.in_force()
    if version is None or questionnaire.withdrawn_at:
        raise NotPossibleNow(_("Publish the questionnaire first: a wave asks the version in force."))
    values = _described({"name": name, "owner": owner, **more}, now)

    def is_taken(made: str) -> bool:
        return Wave.objects.filter(code=made).exists()

    code = new_code(code, name, values.get("name_en", ""), is_taken, otherwise="wave")
    if is_taken(code):
        raise CannotListen(_("There is a wave “%s” already.") % code)
    wave = Wave.objects.create(
        code=code,
        version=version,
        is_anonymous=is_anonymous,
        is_of_our_people=is_of_our_people,
        opened_at=now,
        **values,
    )
    _changed(wave, "opened", by, now)
    return wave


@transaction.atomic
def describe(wave: Wave, changes: Mapping[str, Any], *, by: Person | None, now: datetime) -> Wave:
    """Another name, owner, last day, or other values that mean "no answer" in files to come."""
    wave = Wave.objects.select_for_update().get(pk=wave.pk)
    values = _described({name: getattr(wave, name) for name in DESCRIBED} | dict(changes), now)
    differing = [name for name, value in values.items() if getattr(wave, name) != value]
    if differing:
        for name in differing:
            setattr(wave, name, values[name])
        wave.save(update_fields=differing)
        _changed(wave, "described", by, now)
    return wave


def _described(values: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    known: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in values.items()
        if name in DESCRIBED
    }
    if not 0 < len(known["name"]) <= LONGEST_NAME:
        raise CannotListen(_("Give the wave a name of at most %s characters.") % LONGEST_NAME)
    if not known["owner"].is_active:
        raise CannotListen(_("%s no longer works here and cannot be responsible.") % known["owner"].name)
    if "missing_codes" in known:
        known["missing_codes"] = list(
            dict.fromkeys(code for each in known["missing_codes"] if (code := str(each).strip()))
        )
        if len(known["missing_codes"]) > 20 or any(
            len(each) > LONGEST_CODE for each in known["missing_codes"]
        ):
            raise CannotListen(_("At most 20 values, each of at most 20 characters, can mean “no answer”."))
    ends_on = known.get("ends_on")
    if isinstance(ends_on, date) and not 2000 <= ends_on.year <= 2200:
        raise CannotListen(_("Give a day between 2000 and 2200."))
    return known


@transaction.atomic
def close(wave: Wave, *, by: Person | None, now: datetime) -> None:
    """No more answers; what was found stays. Twice does no harm."""
    if Wave.objects.filter(pk=wave.pk, closed_at=None).update(closed_at=now):
        counts_anew(wave)  # groups of an anonymous wave are told now
        _changed(wave, "closed", by, now)


@transaction.atomic
def reopen(wave: Wave, *, by: Person | None, now: datetime) -> None:
    if Wave.objects.filter(pk=wave.pk).exclude(closed_at=None).update(closed_at=None):
        _changed(wave, "reopened", by, now)


def takes_answers(wave: Wave, now: datetime) -> bool:
    return wave.closed_at is None and (wave.ends_on is None or timezone.localdate(now) <= wave.ends_on)


def counts_anew(wave: Wave) -> None:
    """Its answers are others now: a worker counts its figures again."""
    Wave.objects.filter(pk=wave.pk).update(answers_seen=F("answers_seen") + 1)


# -- the links -------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite(
    wave: Wave, invited: Sequence[Invited], *, by: Person | None, now: datetime, expires_at: datetime | None = None
) -> list[str]:  # fmt: skip
    """A link for each, in their order. We keep the hash of its token alone, so they are shown this once."""
    if not takes_answers(wave, now):
        raise NotPossibleNow(_("The wave is closed; it takes no more answers."))
    if not 0 < len(invited) <= AT_ONCE:
        raise CannotListen(_("Make between 1 and %s links at once.") % AT_ONCE)
    if expires_at is not None and expires_at <= now:
        raise CannotListen(_("The links would have ended already."))
    tokens = [token_urlsafe(32) for _each in invited]
    Invitation.objects.bulk_create(
        [
            Invitation(
                wave=wave, token_hash=hashed(token), customer=each.customer or (each.case.customer if each.case else None),
                case=each.case, made_at=now, expires_at=expires_at,
            )
            for token, each in zip(tokens, invited, strict=True)
        ],
        batch_size=1_000,
    )  # fmt: skip
    _links(wave, len(tokens), 0, by, now)
    return [link(token) for token in tokens]


@transaction.atomic
def withdraw_links(wave: Wave, *, by: Person | None, now: datetime) -> int:
    """Links nobody has answered by yet let nobody in any more. Returns how many."""
    waiting = wave.invitations.filter(withdrawn_at=None, is_answered=False)
    withdrawn = waiting.update(withdrawn_at=now, next_at=None)
    if withdrawn:
        _links(wave, 0, withdrawn, by, now)
    return withdrawn


def link(token: str) -> str:
    return f"{settings.BASE_URL}/a/{token}"


def hashed(token: str, purpose: str = "invitation") -> str:
    """Two hashes of one token cannot be joined without it: the invitation's, and the response's of an anonymous wave."""
    return sha256(f"{purpose}:{token}".encode()).hexdigest()


def _links(wave: Wave, made: int, withdrawn: int, by: Person | None, now: datetime) -> None:
    record(
        CustomersInvited(
            happened_at=now, actor_id=by.pk if by else None, about=wave.about, wave=wave.code, made=made,
            withdrawn=withdrawn,
        )
    )  # fmt: skip


def _changed(wave: Wave, change: str, by: Person | None, now: datetime) -> None:
    record(
        WaveChanged(
            happened_at=now, actor_id=by.pk if by else None, about=wave.about, wave=wave.code, wave_change=change
        )
    )  # fmt: skip
