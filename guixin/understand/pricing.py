"""Price studies: opened for one product and one group, changed until the first answer, closed; what was sold beside."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.organisation.models.position import Duty
from guixin.understand import price_events as events
from guixin.understand.models import Customer, PriceObservation, PriceStudy
from guixin.understand.price_questions import QUESTIONS
from guixin.web import money
from guixin.web.refusals import Refused

LONGEST_NAME = 60
LONGEST_QUESTION = 300
HIGHEST = 10**13  # minor units; a price above it is a slip of the pen, and the sums stay exact
MOST_OBSERVATIONS = 2_000
# What an answer rests on: after the first one these stay, or the answers would be to another question.
FIXED = ("currency", "wording", "product")
FIELDS = ("name", "name_en", "product", "line", "currency", "segment", "market", "owner", "begins_on", "ends_on",
          "wording")  # fmt: skip


class CannotStudy(Refused):
    """The study, the answer or the sale cannot be like this, and why."""

    about_input = True


class NotPossibleNow(Refused):
    """The study is closed, or has answers already."""


def may_begin(person: Person) -> bool:
    """Administrators, and those who see everything, decide what is asked of customers."""
    scope = scope_of(person)
    return scope.sees_everything or scope.has_duty(Duty.ADMINISTRATOR)


def may_edit(study: PriceStudy, person: Person) -> bool:
    return study.owner_id == person.pk or may_begin(person)


@transaction.atomic
def begin(code: str, *, by: Person | None, now: datetime, **said: Any) -> PriceStudy:
    """A new study, open for answers at once. `said`: FIELDS; name and owner are needed."""
    said = _checked({"currency": money.firm_currency(), **said})
    if "name" not in said or "owner" not in said:
        raise CannotStudy(_("A study needs a name and somebody who answers for it."))
    if PriceStudy.objects.filter(code=code).exists():
        raise CannotStudy(_("There is a study called “%s” already.") % code)
    study = PriceStudy(code=code, opened_at=now, **said)
    _dates_in_order(study)
    study.save(force_insert=True)
    _tell(study, "opened", by, now)
    return study


@transaction.atomic
def change(study: PriceStudy, changes: Mapping[str, Any], *, by: Person | None, now: datetime) -> PriceStudy:
    """Some of FIELDS. What the answers rest on stays once there are any."""
    study = locked(study)
    wanted = {name: value for name, value in _checked(changes).items() if getattr(study, name) != value}
    if not wanted:
        return study
    if study.answers.exists() and any(name in wanted for name in FIXED):
        raise NotPossibleNow(
            _(
                "There are answers already: what was asked and in which currency stays. Begin another study for it."
            )
        )
    if "currency" in wanted and study.observations.exists():
        raise NotPossibleNow(_("Sales are noted in this currency already."))
    for name, value in wanted.items():
        setattr(study, name, value)
    _dates_in_order(study)
    study.save(update_fields=list(wanted))
    _tell(study, ", ".join(sorted(wanted)), by, now)
    return study


def _checked(said: Mapping[str, Any]) -> dict[str, Any]:
    checked: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in said.items()
    }
    if strange := [name for name in checked if name not in FIELDS]:
        raise TypeError(f"a study has no {strange[0]}")
    if "name" in checked and not 0 < len(checked["name"]) <= LONGEST_NAME:
        raise CannotStudy(_("Give the study a name of at most %s characters.") % LONGEST_NAME)
    if "currency" in checked:
        try:
            checked["currency"] = money.currency_code(checked["currency"])
        except money.NotMoney as why:
            raise CannotStudy(str(why)) from why
    if checked.get("market") and checked["market"] not in Customer.Market.values:
        raise CannotStudy(_("There is no such market."))
    owner = checked.get("owner")
    if owner is not None and not owner.is_active:
        raise CannotStudy(_("%s no longer works here and cannot be responsible.") % owner.name)
    if "wording" in checked:
        checked["wording"] = _questions(checked["wording"])
    return checked


def _questions(wording: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Only what is said otherwise than usual; blank is the usual wording."""
    kept: dict[str, dict[str, str]] = {}
    for name, languages in wording.items():
        if name not in QUESTIONS or any(language not in ("zh", "en") for language in languages):
            raise CannotStudy(_("There is no such question."))
        said = {language: " ".join(words.split()) for language, words in languages.items() if words.strip()}
        if any(len(words) > LONGEST_QUESTION for words in said.values()):
            raise CannotStudy(_("A question has at most %s characters.") % LONGEST_QUESTION)
        if said:
            kept[name] = said
    return kept


def _dates_in_order(study: PriceStudy) -> None:
    if study.begins_on and study.ends_on and study.ends_on < study.begins_on:
        raise CannotStudy(_("The study ends before it begins."))


@transaction.atomic
def close(study: PriceStudy, *, by: Person | None, now: datetime) -> None:
    """No more answers; what was found stays. Twice does no harm."""
    if PriceStudy.objects.filter(pk=study.pk, closed_at=None).update(closed_at=now):
        _tell(study, "closed", by, now)


@transaction.atomic
def reopen(study: PriceStudy, *, by: Person | None, now: datetime) -> None:
    if PriceStudy.objects.filter(pk=study.pk).exclude(closed_at=None).update(closed_at=None):
        _tell(study, "reopened", by, now)


@transaction.atomic
def observe(
    study: PriceStudy, price: int, quantity: Decimal, seen_on: date, *, place: str = "", by: Person | None, now: datetime
) -> PriceObservation:  # fmt: skip
    """So much was sold at this price (minor units). One row a day and place."""
    study = locked(study)
    if not 0 < price < HIGHEST:
        raise CannotStudy(_("A price is a sum above zero."))
    if not 0 <= quantity < 10**12:
        raise CannotStudy(_("A quantity is a number from zero on."))
    if seen_on.year < 1970 or seen_on > timezone.localdate(now):
        raise CannotStudy(_("Say on which day this was sold; it cannot lie in the future."))
    place = " ".join(place.split())[:80]
    if study.observations.filter(seen_on=seen_on, place=place).exists():
        raise CannotStudy(_("For this day and place a sale is noted already; take that one away first."))
    if study.observations.count() >= MOST_OBSERVATIONS:
        raise CannotStudy(_("A study holds at most %s rows of what was sold.") % MOST_OBSERVATIONS)
    made = PriceObservation.objects.create(
        study=study, price=price, quantity=quantity, seen_on=seen_on, place=place, noted_at=now, noted_by=by
    )
    _tell_observations(study, 1, 0, by, now)
    return made


@transaction.atomic
def forget_observation(observation: PriceObservation, *, by: Person | None, now: datetime) -> None:
    """It was a slip of the pen."""
    gone, _rows = PriceObservation.objects.filter(pk=observation.pk).delete()
    if gone:
        _tell_observations(observation.study, 0, 1, by, now)


def locked(study: PriceStudy) -> PriceStudy:
    return PriceStudy.objects.select_for_update().get(pk=study.pk)


def counts_anew(study: PriceStudy) -> None:
    """Its answers are others now: a worker counts the intervals again."""
    PriceStudy.objects.filter(pk=study.pk).update(version=F("version") + 1)


def _tell(study: PriceStudy, changed: str, by: Person | None, now: datetime) -> None:
    record(
        events.PriceStudyChanged(
            happened_at=now, actor_id=by.pk if by else None, about=("price_study", study.pk), study=study.code,
            changed=changed,
        )
    )  # fmt: skip


def _tell_observations(study: PriceStudy, noted: int, removed: int, by: Person | None, now: datetime) -> None:
    record(
        events.PriceObservationsChanged(
            happened_at=now, actor_id=by.pk if by else None, about=("price_study", study.pk), study=study.code,
            noted=noted, removed=removed,
        )
    )  # fmt: skip
