"""Trials (试行) that run by themselves: what is tried holds from its day to its end, is measured, and drops back.

Each kind of proposal says how it is tried (`Way`): a standard and what `promise` can reach in trial_ways.py, routing
rules in serve/trying_rules.py. What is put back is only what still stands as the trial left it: if somebody published
something else meanwhile, that stays. Nothing here decides; whoever answers the proposal does, before the end or after it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.promise import proposal_events as events
from guixin.promise.effect import Effect, KeptShare, difference_of
from guixin.promise.models import Proposal
from guixin.web.refusals import Refused


@dataclass(frozen=True)
class Way:
    """How proposals of one kind are tried by themselves.

    understood  what was chosen, checked, as it is kept with the proposal; None: nothing that could hold by itself
    apply       it holds from now on; returns what is needed to put it back
    drop        what held before holds again, unless somebody changed it meanwhile
    words       what is tried
    share       of what began in [since, until): how much ended, how much of it well; the same measure before and after
    measure     what that share is of
    for_the_firm    changes a setting of the whole firm, which only administrators may
    """

    understood: Callable[[Proposal, Mapping[str, Any]], dict[str, Any] | None]
    apply: Callable[[Proposal, dict[str, Any], Person | None, datetime], dict[str, Any]]
    drop: Callable[[Proposal, dict[str, Any], Person | None, datetime], None]
    words: Callable[[dict[str, Any]], str]
    share: Callable[[Proposal, dict[str, Any], datetime, datetime, bool], KeptShare]
    measure: Callable[[], str]
    for_the_firm: bool = True


_ways: dict[str, Way] = {}


def tried_by(kind: str, way: Way) -> None:
    """Say how proposals of this kind are tried; in the AppConfig.ready of the package."""
    _ways[kind] = way


def way_of(proposal: Proposal) -> Way | None:
    return _ways.get(proposal.kind)


def understood(proposal: Proposal, chosen: Mapping[str, Any]) -> dict[str, Any] | None:
    way = way_of(proposal)
    return way.understood(proposal, chosen) if way else None


def runs_by_itself(proposal: Proposal) -> bool:
    return bool(proposal.trial_change)


def words_of(proposal: Proposal) -> str:
    """What holds by itself, in the reader's words."""
    return _ways[proposal.kind].words(proposal.trial_change) if runs_by_itself(proposal) else ""


def facts_of(proposal: Proposal) -> dict:
    return {
        "about": proposal.about,
        "proposal_id": proposal.pk,
        "what": proposal.kind,
        "by_id": proposal.by_id,
        "reviewer_id": proposal.reviewer_id,
    }


def apply(proposal: Proposal, *, by: Person | None, now: datetime) -> None:
    """It holds from now on."""
    way = _ways[proposal.kind]
    proposal.trial_change["was"] = way.apply(proposal, proposal.trial_change, by, now)
    proposal.trial_applied_at = now
    proposal.save(update_fields=["trial_change", "trial_applied_at", "trial_version"])
    record(events.TrialApplied(happened_at=now, actor_id=by.pk if by else None, **facts_of(proposal)))


def hold_for_good(proposal: Proposal, *, by: Person, now: datetime) -> None:
    """It was accepted: what was tried holds, also if the trial has not begun or is over. The trial's own span stays as it was."""
    if not is_holding(proposal):
        _ways[proposal.kind].apply(proposal, proposal.trial_change, by, now)


def is_holding(proposal: Proposal) -> bool:
    return proposal.trial_applied_at is not None and proposal.trial_ended_at is None


def end(
    proposal: Proposal, *, by: Person | None, now: datetime, drop: bool = True, trouble: str = ""
) -> None:
    """The trial is over. Without `drop` what was tried stays: it was accepted."""
    if not runs_by_itself(proposal) or proposal.trial_ended_at is not None:
        return
    if drop and proposal.trial_applied_at is not None:
        _ways[proposal.kind].drop(proposal, proposal.trial_change, by, now)
    proposal.trial_ended_at = now
    if trouble:
        proposal.trial_change["trouble"] = trouble
    proposal.save(update_fields=["trial_ended_at", "trial_change"])
    found = effect_of_trial(proposal, now)
    record(
        events.TrialEnded(
            happened_at=now, actor_id=by.pk if by else None, **facts_of(proposal), dropped=drop, trouble=trouble,
            ended_before=found.before.ended if found else 0, kept_before=found.before.kept if found else 0,
            ended_after=found.after.ended if found else 0, kept_after=found.after.kept if found else 0,
        )
    )  # fmt: skip


def effect_of_trial(proposal: Proposal, now: datetime) -> Effect | None:
    """The span of the trial against as long a span before it, on the same measure; None if it never applied."""
    if not runs_by_itself(proposal) or proposal.trial_applied_at is None or proposal.trial_until is None:
        return None
    way, begun = _ways[proposal.kind], proposal.trial_applied_at
    until = proposal.trial_ended_at or min(now, proposal.trial_until)
    long = max(proposal.trial_until - begun, timedelta(days=1))
    before = way.share(proposal, proposal.trial_change, begun - long, begun, False)
    after = way.share(proposal, proposal.trial_change, begun, until, True)
    return Effect(before, after, difference_of(before, after))


@transaction.atomic
def keep_up(now: datetime) -> bool:
    """A worker's turn: one trial whose day has come, or that is over and nobody has decided. False if there is none."""
    begins = Q(trial_applied_at=None, trial_from__lte=now)
    is_over = Q(trial_until__lte=now)
    due = (
        Proposal.objects.filter(begins | is_over, state=Proposal.State.TRIAL, trial_ended_at=None)
        .exclude(trial_change={})
        .select_related("standard", "trial_version__standard")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("pk")
        .first()
    )
    if due is None:
        return False
    if due.trial_applied_at is not None or (due.trial_until and due.trial_until <= now):
        end(due, by=None, now=now)
        return True
    decided_by = Person.objects.filter(pk=due.trial_change.get("by")).first()
    try:
        with transaction.atomic():
            apply(due, by=decided_by, now=now)
    except (
        Refused
    ) as why:  # such as a standard withdrawn meanwhile: nothing holds, and whoever answers is told why
        due.trial_version = due.trial_applied_at = None
        end(due, by=None, now=now, trouble=str(why))
    return True
