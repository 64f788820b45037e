"""What somebody holds of our service besides cases and tasks, when their work is handed over: visitors they receive,
hard problems they were asked, calls they have taken, reviews of emergencies. No deadline moves."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import ngettext

from guixin.ledger import record
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Person
from guixin.organisation.passing_on import Held, Moving, Wanted, rows
from guixin.promise.models import Clock
from guixin.promise.moving import hand_over
from guixin.promise.passing_on import MatterPassedOn, rank_of
from guixin.serve.models import AgendaItem, CallBack, Emergency, HardProblem, Visit


def _visits(n: int) -> str:
    return ngettext("%(n)s visit to receive", "%(n)s visits to receive", n) % {"n": n}


def _agenda(n: int) -> str:
    return ngettext("%(n)s part in a reception", "%(n)s parts in receptions", n) % {"n": n}


def _problems(n: int) -> str:
    return ngettext("%(n)s hard problem to answer", "%(n)s hard problems to answer", n) % {"n": n}


def _calls(n: int) -> str:
    return ngettext("%(n)s call taken", "%(n)s calls taken", n) % {"n": n}


def _reviews(n: int) -> str:
    return ngettext("%(n)s emergency to review", "%(n)s emergencies to review", n) % {"n": n}


def _said(about: Mapping[int, tuple[str, int]], was: Mapping[int, int], wanted: Wanted, how: Moving) -> None:
    record(
        *(
            MatterPassedOn(
                happened_at=how.now, actor_id=how.by.pk, about=about[pk], from_id=was[pk], to_id=wanted[pk],
                part_of=how.part_of,
            )
            for pk in about
        )
    )  # fmt: skip


def _clocks_follow(kind: str, wanted: Wanted, how: Moving, *, into_department: bool) -> None:
    ladder = Ladder.at(how.now)
    for clock in Clock.objects.of(kind, *wanted).open():
        taker = wanted[clock.about_id]
        hand_over(
            [clock], department_id=ladder.department_of(taker) if into_department else clock.department_id,
            holder_id=taker, now=how.now, actor_id=how.by.pk,
        )  # fmt: skip


def _visits_moved(found: Sequence[Visit], wanted: Wanted, how: Moving) -> None:
    _said(
        {each.pk: each.about for each in found}, {each.pk: each.host_id or 0 for each in found}, wanted, how
    )


def _agenda_moved(found: Sequence[AgendaItem], wanted: Wanted, how: Moving) -> None:
    """Said of the visit, whose reception plan it is."""
    _said(
        {each.pk: ("visit", each.visit_id) for each in found}, {each.pk: each.person_id or 0 for each in found},
        wanted, how,
    )  # fmt: skip


def _problems_moved(found: Sequence[HardProblem], wanted: Wanted, how: Moving) -> None:
    HardProblem.objects.filter(pk__in=[each.pk for each in found]).update(instead_of=None)
    _clocks_follow(HardProblem.ABOUT, wanted, how, into_department=True)
    _said({each.pk: each.about for each in found}, {each.pk: each.expert_id for each in found}, wanted, how)


def _calls_moved(found: Sequence[CallBack], wanted: Wanted, how: Moving) -> None:
    _clocks_follow(CallBack.ABOUT, wanted, how, into_department=False)
    _said(
        {each.pk: each.about for each in found},
        {each.pk: each.taken_by_id or 0 for each in found},
        wanted,
        how,
    )


def _reviews_moved(found: Sequence[Emergency], wanted: Wanted, how: Moving) -> None:
    _clocks_follow(Emergency.REVIEW, wanted, how, into_department=True)
    _said(
        {each.pk: each.review for each in found},
        {each.pk: each.reviewer_id or 0 for each in found},
        wanted,
        how,
    )


def _visit(row: Visit, of: Person, now: datetime) -> Held:
    return Held("visit", row.pk, row.case_id)


def _problem(row: HardProblem, of: Person, now: datetime) -> Held:
    """To somebody who knows the field, and not back to who asked."""
    experts = frozenset(row.skill.people.values_list("pk", flat=True))
    return Held(HardProblem.ABOUT, row.pk, row.case_id, only=experts, never=frozenset({row.asked_by_id}))


def _review(row: Emergency, of: Person, now: datetime) -> Held:
    """Nobody judges what they took part in, and nobody below whoever was to."""
    took_part = {row.by_id} | ({row.use.decided_by_id, row.use.principal_id} if row.use else set())
    return Held(Emergency.REVIEW, row.pk, least_rank=rank_of(of, now), never=frozenset(took_part))


def offer() -> None:
    rows(
        "visit", lambda: Visit.objects.filter(state__in=Visit.OPEN), "host_id", _visits_moved, _visits, versioned=True,
        held=_visit,
    )  # fmt: skip
    rows(
        "visit_agenda", lambda: AgendaItem.objects.filter(visit__state__in=Visit.OPEN), "person_id", _agenda_moved,
        _agenda,
    )  # fmt: skip
    rows(
        HardProblem.ABOUT, lambda: HardProblem.objects.open().select_related("skill"), "expert_id", _problems_moved,
        _problems, held=_problem,
    )  # fmt: skip
    rows(
        CallBack.ABOUT, lambda: CallBack.objects.filter(state=CallBack.State.TAKEN).select_related("line"),
        "taken_by_id", _calls_moved, _calls,
        held=lambda row, of, now: Held(CallBack.ABOUT, row.pk, department_id=row.line.department_id),
    )  # fmt: skip
    rows(
        Emergency.REVIEW,
        lambda: Emergency.objects.filter(reviewed_at=None, begun_at__isnull=False).select_related("use"),
        "reviewer_id", _reviews_moved, _reviews, held=_review,
    )  # fmt: skip
