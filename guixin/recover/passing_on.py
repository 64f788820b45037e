"""What somebody holds of recoveries, when their work is handed over: the steps they have to do. Whoever owns the case answers
for the plan, and that moves with the case."""

from collections.abc import Sequence

from django.utils.translation import ngettext

from guixin.ledger import record
from guixin.organisation.passing_on import Moving, Wanted, rows
from guixin.recover.events import RecoveryStepGiven
from guixin.recover.models import Recovery, RecoveryStep


def _steps(n: int) -> str:
    return ngettext("%(n)s step of a recovery", "%(n)s steps of recoveries", n) % {"n": n}


def _steps_moved(found: Sequence[RecoveryStep], wanted: Wanted, how: Moving) -> None:
    of = Recovery.objects.in_bulk({each.recovery_id for each in found})
    record(
        *(
            RecoveryStepGiven(
                happened_at=how.now, actor_id=how.by.pk, about=of[each.recovery_id].about,
                case_id=of[each.recovery_id].case_id, recovery_id=each.recovery_id, step_id=each.pk,
                step_kind=str(each.kind), owner_id=wanted[each.pk],
            )
            for each in found
        )
    )  # fmt: skip


def offer() -> None:
    rows(
        "recovery_step",
        lambda: RecoveryStep.objects.filter(
            state=RecoveryStep.State.PLANNED, recovery__state=Recovery.State.RUNNING
        ),
        "owner_id",
        _steps_moved,
        _steps,
    )
