"""Ninety days of the firm, up to this moment: what `bin/demo` shows, and whoever needs a firm with a past.

    guixin firm load demo/firm.toml && guixin demo --only-load

Sixty days come from the firm's old register in one go, since nobody knows more of them (the_old_register); the last
thirty are told by the verbs of the pages, every case in a transaction of its own (telling). The newest cases come
first, so that today's lists are alive within seconds while the rest is told; numbers follow time all the same. The
same day always gives the same history.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from demo import (
    a_reseller_grows,
    ninety_days,
    the_books,
    the_colour_recall,
    the_director_on_leave,
    the_factory_visit,
    the_life_of_a_case,
    the_market,
    the_old_register,
    the_quarterly_survey,
    the_repeat_question,
    the_rounds,
    two_out_of_ten,
    what_it_may_cost,
    what_they_are_told,
)
from demo.telling import (
    Cast,
    Place,
    Telling,
    count_numbers_as_usual,
    count_numbers_here,
    keep_numbers_free,
    notices_were_read,
)
from guixin.ledger.numbering import number_entries
from guixin.organisation.going_away import plan_absence
from guixin.organisation.models import Department
from guixin.serve.models import Case, OpinionPoint
from guixin.serve.opinion_points import add_point
from guixin.understand.models import Customer
from guixin.web.refusals import Refused

log = logging.getLogger(__name__)
NUMBERS_KEPT = 2_500  # today's cases are numbered from here on
WHOLE = the_old_register.REACHES_BACK
REGISTER_AFTER = timedelta(days=3)  # once these are told it takes its turn, being quick
Say = Callable[[int, int], None]  # cases told, of how many


class AlreadyThere(Exception):
    """This database has a past; a history is told to an empty one."""


@dataclass(frozen=True)
class Chapter:
    """One or more cases that are told together, in one transaction."""

    at: datetime
    places: list[Place]
    tell: Callable[[], None]
    besides: int = 0  # cases that number themselves


def furnish(now: datetime) -> None:
    """What a firm has besides firm.toml on its first day here: cards on its walls, and numbers kept for its past."""
    keep_numbers_free(NUMBERS_KEPT)
    for code, point in ninety_days.customers_file()["points"].items():
        if not OpinionPoint.objects.filter(code=code).exists():
            department = Department.objects.get(code=point["department"])
            add_point(**{**point, "department": department}, code=code, by=None, now=now)


def load(*, now: datetime, days: int = WHOLE, said: Say = lambda done, of: None, strict: bool = False) -> int:
    """Tell the last `days` up to `now`. Returns how many cases there are of them.

    strict   a story in which a verb refuses ends it all; otherwise the story is left out, and the log says why
    """
    if Case.objects.filter(opened_at__lt=now - timedelta(days=1)).exists():
        raise AlreadyThere("There are older cases already.")
    furnish(now - timedelta(days=days + 1))
    with _its_own_numbers():
        cast = Cast()
        customers, reseller = _customers_with_their_books(cast, now)
        register = the_old_register.lines(cast, now, customers) if days > ninety_days.TOLD_IN_FULL else []
        chapters = _chapters(cast, now, customers, reseller, days)
        _give_numbers(chapters, behind=len(register))
        in_sets = Chapter(
            now - REGISTER_AFTER, [], lambda: the_old_register.tell(cast, now, register), len(register)
        )
        chapters.append(in_sets)
        whole, done = sum(len(chapter.places) + chapter.besides for chapter in chapters), 0
        for chapter in sorted(chapters, key=lambda each: each.at, reverse=True):
            try:
                chapter.tell()
            except Refused as why:
                if strict:
                    raise
                log.warning("The story of %s is not told: %s", chapter.at, why)
            done += len(chapter.places) + chapter.besides
            said(done, whole)
    if days > the_colour_recall.BEGAN_AGO:
        the_colour_recall.it_was_noticed(cast, now)
    what_they_are_told.let_it_run(now)
    the_quarterly_survey.let_it_be_counted(now)
    if days > the_quarterly_survey.OPENED_AGO:
        the_quarterly_survey.the_departments_hear(cast, now)
    notices_were_read(now)
    while number_entries():
        pass
    said(whole, whole)
    return whole


@transaction.atomic
def _customers_with_their_books(cast: Cast, now: datetime) -> tuple[list[Customer], Customer]:
    """Everybody on record, graded and in their segments, before the first case of theirs is told."""
    known = ninety_days.known_customers(now - timedelta(days=WHOLE + 1))
    reseller = a_reseller_grows.the_reseller(cast, now)
    the_books.tell(known, list(a_reseller_grows.its_orders(reseller, now)), now)
    a_reseller_grows.the_strategy(cast, now)
    what_they_are_told.begin(cast, now)
    what_it_may_cost.tell(cast, known, now)
    as_they_are = Customer.objects.in_bulk([each.pk for each in known])
    return [as_they_are[each.pk] for each in known], reseller


def _chapters(
    cast: Cast, now: datetime, customers: list[Customer], reseller: Customer, days: int
) -> list[Chapter]:
    """Every story of these days, each with a chance of its own, so that none changes because of another."""

    def telling(at: datetime) -> Telling:
        return Telling(cast, now, Random(at.isoformat()))

    def ordinary(plan: ninety_days.Planned) -> Chapter:
        def tell() -> None:
            told = telling(plan.place.at)
            told.begin(plan.place.at, the_life_of_a_case.the_desk(told, plan, customers))
            told.run()

        return Chapter(plan.place.at, [plan.place, *([plan.second] if plan.second else [])], tell)

    chapters = [
        ordinary(plan) for plan in ninety_days.ordinary_days(cast, now, min(days, ninety_days.TOLD_IN_FULL))
    ]
    if days > the_colour_recall.BEGAN_AGO:
        chapters += _recall(cast, now, customers, telling)
    if days > the_factory_visit.ASKED_AGO:
        visit = the_factory_visit.asked(cast, now)

        def tell_visit() -> None:
            told = telling(visit.place.at)
            told.begin(visit.place.at, the_factory_visit.the_visit(told, visit, customers))
            told.run()

        chapters.append(Chapter(visit.place.at, [visit.place], tell_visit))
    if days > the_director_on_leave.LEFT_AGO + 3:
        leave = the_director_on_leave.cases(cast, now)

        def tell_leave() -> None:
            told = telling(leave[0].place.at)
            told.begin(leave[2].place.at, the_director_on_leave.the_leave(told, leave, customers, cast))
            told.run()

        chapters.append(Chapter(leave[0].place.at, [plan.place for plan in leave], tell_leave))
    if days >= a_reseller_grows.EARLIEST:
        complaint = a_reseller_grows.complained(cast, now)

        def tell_complaint() -> None:
            told = telling(complaint.at)
            told.begin(complaint.at, a_reseller_grows.the_complaint(told, complaint, reseller))
            told.run()

        chapters.append(Chapter(complaint.at, [complaint], tell_complaint))
    if days > the_quarterly_survey.OPENED_AGO:
        chapters += _survey(cast, now, customers, telling)
    chapters += _repeat_questions(cast, now, customers, days, telling)
    chapters.append(Chapter(now, [], lambda: _somebody_is_away_today(cast, now)))
    chapters.append(Chapter(now, [], lambda: the_rounds.tell(cast, customers, now)))
    chapters.append(Chapter(now, [], lambda: the_market.tell(cast, customers, now)))
    return chapters


def _survey(cast: Cast, now: datetime, customers: list[Customer], telling: Callable) -> list[Chapter]:
    place = two_out_of_ten.answered(cast, now)

    def tell() -> None:
        told = telling(place.at)
        told.begin(place.at, two_out_of_ten.the_story(told, place, customers))
        told.run()

    # The wave is told first: the story answers it.
    waves = Chapter(now, [], lambda: the_quarterly_survey.tell(cast, customers, now))
    return [waves, Chapter(place.at, [place], tell)]


def _repeat_questions(
    cast: Cast, now: datetime, customers: list[Customer], days: int, telling: Callable
) -> list[Chapter]:
    def one(contact: the_repeat_question.Asked, place: Place) -> Chapter:
        def tell() -> None:
            told = telling(place.at)
            told.begin(place.at, the_repeat_question.answered(told, contact, place, customers))
            told.run()

        return Chapter(place.at, [place], tell)

    asked = zip(the_repeat_question.CONTACTS, the_repeat_question.places(cast, now), strict=True)
    chapters = [one(contact, place) for contact, place in asked if days > contact.days_ago]
    # Told last, when the cases that taught and heeded the lessons are there.
    first = now - timedelta(days=WHOLE)
    return [*chapters, Chapter(first, [], lambda: the_repeat_question.tell_of_the_handbook(cast, now))]


def _recall(cast: Cast, now: datetime, customers: list, telling: Callable) -> list[Chapter]:
    planned = the_colour_recall.complaints(cast, now, len(ninety_days.customers_file()["companies"]))
    single, left = the_colour_recall.divided(planned)

    def one(plan: ninety_days.Planned) -> Chapter:
        def tell() -> None:
            told = telling(plan.place.at)
            told.begin(plan.place.at, the_colour_recall.a_complaint(told, plan, customers, single[0].case))
            told.run()

        # The first one is told before the others, which are linked with it.
        return Chapter(now if plan is single[0] else plan.place.at, [plan.place], tell)

    def the_overload() -> None:
        told = telling(left[0].place.at)
        told.begin(left[0].place.at, the_colour_recall.the_overload(told, left, customers))
        told.run()

    return [*map(one, single), Chapter(left[0].place.at, [plan.place for plan in left], the_overload)]


def _somebody_is_away_today(cast: Cast, now: datetime) -> None:
    """Bai has been away since yesterday noon, and her tasks wait to be handed over."""
    with transaction.atomic():
        plan_absence(
            cast.people["bai"], from_at=now - timedelta(hours=20), to_at=now + timedelta(days=3),
            by=cast.people["fang"], deputy=cast.people["dai"], reason="病假", now=now - timedelta(hours=20),
        )  # fmt: skip


def _give_numbers(chapters: list[Chapter], behind: int) -> None:
    places = sorted((place for chapter in chapters for place in chapter.places), key=lambda place: place.at)
    for number, place in enumerate(places, start=behind + 1):
        place.number = number


@contextmanager
def _its_own_numbers() -> Iterator[None]:
    count_numbers_here()
    try:
        yield
    finally:
        count_numbers_as_usual()
