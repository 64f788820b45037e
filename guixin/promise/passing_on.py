"""What somebody holds that we promised each other, when their work is handed over: steps and tasks of strategies,
proposals to answer, monthly statements, what a department must read. Their clocks go along; no deadline moves.

Passing work on passes no authority on: a proposal is answered and a statement made by somebody of the same rank at least.
Decisions above a limit are not passed on at all: the deputy has them already, and the ladder finds everybody else.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from guixin.ledger import Event, record
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Person
from guixin.organisation.models.position import Rank
from guixin.organisation.passing_on import Held, Moving, Sort, Wanted, passed_on, rows
from guixin.promise.models import (
    AuthorityRequest,
    Blueprint,
    Clock,
    PackageVersion,
    Proposal,
    Statement,
    StrategyStep,
    StrategyTask,
)
from guixin.promise.moving import hand_over
from guixin.understand.models import KnowledgeShare


@dataclass(frozen=True, kw_only=True)
class MatterPassedOn(Event):
    """Something promised that is no part of a case is somebody else's now: the work of `from_id` was handed over. `about`
    is the step or task of a strategy, the proposal, the statement, the blueprint."""

    kind: ClassVar[str] = "promise.matter_passed_on"
    sentence: ClassVar[str] = gettext_noop("Passed on to a colleague")

    from_id: int
    to_id: int
    part_of: int | None = None  # the handing over this belongs to


def _moved(found: Sequence[Any], holders: Wanted, field: str, how: Moving) -> None:
    record(
        *(
            MatterPassedOn(
                happened_at=how.now, actor_id=how.by.pk, about=(each.ABOUT, each.pk), from_id=getattr(each, field),
                to_id=holders[each.pk], part_of=how.part_of,
            )
            for each in found
        )
    )  # fmt: skip


def _clocks_follow(about_kind: str, wanted: Wanted, how: Moving, *, into_department: bool) -> None:
    """into_department: of whoever has it now; otherwise it stays with the department that promised it."""
    sets: dict[tuple[int, int], list[Clock]] = {}
    for clock in Clock.objects.of(about_kind, *wanted).open():
        taker = wanted[clock.about_id]
        department = Ladder.at(how.now).department_of(taker) if into_department else clock.department_id
        sets.setdefault((department, taker), []).append(clock)
    for (department, taker), clocks in sets.items():
        hand_over(clocks, department_id=department, holder_id=taker, now=how.now, actor_id=how.by.pk)


def rank_of(person: Person, now: datetime) -> int:
    """The highest of their posts; whoever has none any more had at least a supervisor's, to hold such a thing."""
    return max((seat.rank for seat in Ladder.at(now).seats_of(person.pk)), default=int(Rank.SUPERVISOR))


def _steps(n: int) -> str:
    return ngettext("%(n)s step of a strategy", "%(n)s steps of strategies", n) % {"n": n}


def _tasks(n: int) -> str:
    return ngettext("%(n)s task of a strategy", "%(n)s tasks of strategies", n) % {"n": n}


def _proposals(n: int) -> str:
    return ngettext("%(n)s proposal to answer", "%(n)s proposals to answer", n) % {"n": n}


def _statements(n: int) -> str:
    return ngettext("%(n)s monthly statement", "%(n)s monthly statements", n) % {"n": n}


def _shares(n: int) -> str:
    return ngettext("%(n)s thing the department must read", "%(n)s things the department must read", n) % {
        "n": n
    }


def _requests(n: int) -> str:
    return ngettext("%(n)s request to decide", "%(n)s requests to decide", n) % {"n": n}


def _packages(n: int) -> str:
    return ngettext("%(n)s service package", "%(n)s service packages", n) % {"n": n}


def _steps_moved(found: Sequence[StrategyStep], wanted: Wanted, how: Moving) -> None:
    _moved(found, wanted, "owner_id", how)
    _clocks_follow(StrategyStep.ABOUT, wanted, how, into_department=True)


def _tasks_moved(found: Sequence[StrategyTask], wanted: Wanted, how: Moving) -> None:
    _moved(found, wanted, "owner_id", how)
    _clocks_follow(StrategyTask.ABOUT, wanted, how, into_department=True)


def _proposals_moved(found: Sequence[Proposal], wanted: Wanted, how: Moving) -> None:
    _moved(found, wanted, "reviewer_id", how)
    _clocks_follow(Proposal.ABOUT, wanted, how, into_department=False)


def _statements_moved(found: Sequence[Statement], wanted: Wanted, how: Moving) -> None:
    _moved(found, wanted, "holder_id", how)
    _clocks_follow(Statement.ABOUT, wanted, how, into_department=False)


def _blueprints(n: int) -> str:
    return ngettext("%(n)s service blueprint to keep", "%(n)s service blueprints to keep", n) % {"n": n}


def _blueprints_moved(found: Sequence[Blueprint], wanted: Wanted, how: Moving) -> None:
    record(
        *(
            MatterPassedOn(
                happened_at=how.now, actor_id=how.by.pk, about=("blueprint", each.pk), from_id=each.steward_id or 0,
                to_id=wanted[each.pk], part_of=how.part_of,
            )
            for each in found
        )
    )  # fmt: skip


class _Shares:
    """Nothing but the clock names who sees to it that a department reads something."""

    @staticmethod
    def held(person: Person, now: datetime) -> list[Held]:
        clocks = Clock.objects.open().filter(about_kind=KnowledgeShare.ABOUT, holder=person).order_by("pk")
        return [
            Held(KnowledgeShare.ABOUT, each.about_id, department_id=each.department_id) for each in clocks
        ]

    @staticmethod
    def holders(ids: Collection[int]) -> Mapping[int, int | None]:
        return dict(Clock.objects.of(KnowledgeShare.ABOUT, *ids).open().values_list("about_id", "holder_id"))

    @staticmethod
    def pass_on(wanted: Wanted, how: Moving) -> None:
        _clocks_follow(KnowledgeShare.ABOUT, wanted, how, into_department=False)


def _requests_of(person: Person, now: datetime) -> Iterable[Held]:
    stays = _("Decisions above a limit go to the deputy or the next authority by themselves.")
    waiting = AuthorityRequest.objects.filter(to_person=person, state=AuthorityRequest.State.ASKED)
    return [Held(AuthorityRequest.ABOUT, pk, stays=stays) for pk in waiting.values_list("pk", flat=True)]


def _packages_of(person: Person, now: datetime) -> Iterable[Held]:
    named = PackageVersion.objects.filter(owner=person, withdrawn_at=None).select_related("package")
    words = _("The service package “%s” names this person to customers: publish it with somebody else.")
    return [Held("package", each.pk, stays=words % each.package) for each in named.order_by("pk")]


def offer() -> None:
    rows(
        StrategyStep.ABOUT,
        lambda: StrategyStep.objects.filter(
            state__in=(StrategyStep.State.OPEN, StrategyStep.State.AT_WORK), cycle__reviewed_at=None
        ),
        "owner_id", _steps_moved, _steps, versioned=True,
    )  # fmt: skip
    rows(
        StrategyTask.ABOUT, lambda: StrategyTask.objects.filter(done_at=None, carried=False), "owner_id",
        _tasks_moved, _tasks,
    )  # fmt: skip
    rows(
        Proposal.ABOUT, lambda: Proposal.objects.filter(state__in=Proposal.OPEN), "reviewer_id", _proposals_moved,
        _proposals, held=lambda row, of, now: Held(Proposal.ABOUT, row.pk, least_rank=rank_of(of, now), never=frozenset({row.by_id})),
    )  # fmt: skip
    rows(
        Statement.ABOUT, lambda: Statement.objects.filter(said_at=None), "holder_id", _statements_moved,
        _statements, held=lambda row, of, now: Held(Statement.ABOUT, row.pk, least_rank=rank_of(of, now)),
    )  # fmt: skip
    passed_on(KnowledgeShare.ABOUT, Sort(_shares, _Shares.held, _Shares.holders, _Shares.pass_on))
    rows("blueprint", Blueprint.objects.all, "steward_id", _blueprints_moved, _blueprints, for_good=True)
    passed_on(
        AuthorityRequest.ABOUT,
        Sort(_requests, _requests_of, columns=("promise.AuthorityRequest.to_person",)),
    )
    passed_on(
        "package",
        Sort(_packages, _packages_of, for_good=True, columns=("promise.PackageVersion.owner",)),
    )
