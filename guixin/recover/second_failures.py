"""The second failure (二次失误): the customer was let down, and let down again when it was to be put right. The recovery begins one
level higher by itself, and the apology is the next authority's."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from guixin.ledger import record
from guixin.organisation.ladder import Ladder, NoAuthority
from guixin.recover.events import RecoveryRaised, RecoveryStepGiven
from guixin.recover.models import Again, Justice, Recovery, RecoveryStep, StepKind
from guixin.recover.proposing import ProposedStep
from guixin.serve.events import CaseReopened
from guixin.serve.models import Case, CaseLink


def why_again(case: Case) -> str:
    """One of Again; blank: it is the first failure."""
    if case.generation > 1:
        return Again.REOPENED
    return Again.REPEAT if CaseLink.objects.filter(case=case, kind=CaseLink.Kind.REPEAT).exists() else ""


def one_higher(severity: int) -> int:
    return min(severity + 1, max(Case.Severity.values))


def authority_above(person_id: int, now: datetime) -> int:
    """Who apologises in their stead; themselves at the top."""
    ladder = Ladder.at(now)
    try:
        return ladder.next_authority(ladder.department_of(person_id), person_id, 1, now).person_id
    except NoAuthority:
        return person_id


def apologised_higher(steps: Sequence[ProposedStep], now: datetime) -> list[ProposedStep]:
    """The same plan, with the apology of the next authority, in their own words."""
    return [
        replace(each, owner_id=authority_above(each.owner_id, now), words="")
        if each.kind == StepKind.APOLOGY
        else each
        for each in steps
    ]


@transaction.atomic
def raise_running(told: Sequence[CaseReopened]) -> None:
    """Reaction: the case is open again while its recovery runs. Its promises stay those it was given; who speaks is higher up."""
    for event in told:
        found = Recovery.objects.running().select_for_update().filter(case=event.case_id, again="").first()
        if found is not None:
            _raise(found, event.actor_id, event.happened_at)


def _raise(recovery: Recovery, by_id: int | None, now: datetime) -> None:
    recovery.again, recovery.severity = Again.REOPENED, one_higher(recovery.severity)
    recovery.save(update_fields=["again", "severity"])
    waiting = recovery.steps.filter(kind=StepKind.APOLOGY, state=RecoveryStep.State.PLANNED).first()
    owner_id = authority_above(waiting.owner_id if waiting else recovery.holder_id, now)
    if waiting is None:
        waiting = RecoveryStep.objects.create(
            recovery=recovery, kind=StepKind.APOLOGY, justice=Justice.MANNER, owner_id=owner_id
        )
    else:
        waiting.owner_id, waiting.words = owner_id, ""
        waiting.save(update_fields=["owner", "words"])
    facts: dict[str, Any] = {
        "happened_at": now, "actor_id": by_id, "about": recovery.about, "case_id": recovery.case_id,
        "recovery_id": recovery.pk,
    }  # fmt: skip
    record(
        RecoveryRaised(**facts, again=recovery.again, severity=recovery.severity),
        RecoveryStepGiven(**facts, step_id=waiting.pk, step_kind=str(waiting.kind), owner_id=owner_id),
    )
