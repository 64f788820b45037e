"""The plan of a recovery: begun from a proposal, its steps done one by one, finished when nothing was forgotten.

A recovery is a matter with clocks of its own (decision 13): it goes on after the case is closed, because what was promised
is still owed. A verb locks the case, then the recovery, then, through `stop` and the like, the clocks.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Person
from guixin.promise.indispensable import always_promised
from guixin.promise.keeping import Promise, Stop, start, stop, void
from guixin.promise.matters import Matter
from guixin.promise.models import Clock, Measure
from guixin.recover import events
from guixin.recover.models import Fault, Justice, Recovery, RecoveryStep, SkippedJustice, StepKind
from guixin.recover.models.recovery import ANSWERS_TO
from guixin.recover.proposing import Circumstance, ProposedStep, propose
from guixin.recover.second_failures import apologised_higher, one_higher, why_again
from guixin.serve.deciding import promise_goodwill
from guixin.serve.failures import failure_of
from guixin.serve.models import Case, Failure, Goodwill
from guixin.serve.permitting import may_serve
from guixin.serve.promises import circumstances, spelled_out
from guixin.serve.routing import locked_open
from guixin.web.refusals import Refused


class CannotRecover(Refused):
    """The plan is not in a state for this, and why."""


class CannotPlan(Refused):
    """The plan cannot be written like this, and why."""

    about_input = True


def may_do(step: RecoveryStep, person: Person, now: datetime) -> bool:
    """Whose step it is, who stands in for them, and whoever serves the case."""
    return (
        step.owner_id == person.pk
        or Ladder.at(now).stand_in(step.owner_id) == person.pk
        or may_serve(step.recovery.case, person)
    )


@transaction.atomic
def begin(case: Case, fault: str, *, by: Person, now: datetime, failure: str = "") -> Recovery:
    """Begin to make the customer whole, with the steps the firm's rules propose; the promises run from now.

    failure   what it did to the customer; blank: what the words of the case say
    """
    case = locked_open(case)
    if fault not in Fault.values:
        raise CannotPlan(_("Say whose fault it was; “not yet known” is an answer too."))
    if case.customer_id is None:
        raise CannotRecover(_("Nobody is known as the customer of this case; take them in first."))
    if Recovery.objects.running().filter(case=case).exists():
        raise CannotRecover(_("A recovery of this case is running already."))
    failure, said_by = _failure(case, failure)
    again = why_again(case)
    severity = one_higher(case.severity) if again else case.severity
    found_by = Circumstance(fault=fault, failure=failure, severity=severity, grade=case.grade)
    proposal = propose(case, found_by, now, get_language() or "zh-hans")
    recovery = Recovery.objects.create(
        case=case, fault=fault, failure=failure, failure_from=said_by, severity=severity, again=again, grade=case.grade,
        rule=proposal.rule, rule_number=proposal.rule.number if proposal.rule else None, holder_id=case.owner_id, by=by, begun_at=now,
    )  # fmt: skip
    steps = _planned(recovery, apologised_higher(proposal.steps, now) if again else proposal.steps)
    department_id = Ladder.at(now).department_of(case.owner_id)
    facts = replace(circumstances(case), severity=severity).at(department_id)
    clocks = start(
        [
            Promise(
                about=recovery.about, case_id=None, version=always_promised(measure, facts, now),
                department_id=department_id, holder_id=case.owner_id, started_at=now,
            )
            for measure in (Measure.RECOVERY_CONTACT, Measure.RECOVERY)
        ]
    )  # fmt: skip
    record(
        events.RecoveryBegun(
            **_facts(recovery, by, now), fault=fault, failure=failure, severity=severity, grade=recovery.grade,
            rule=proposal.rule.code if proposal.rule else "", rule_number=recovery.rule_number,
            promises=spelled_out(clocks), **_given(steps),
        )
    )  # fmt: skip
    if again:
        record(events.RecoveryRaised(**_facts(recovery, by, now), again=again, severity=severity))
    return recovery


def _failure(case: Case, said: str) -> tuple[str, str]:
    """What it did, and the word of the case that says so (blank: a person)."""
    if said not in ("", *Failure.values):
        raise CannotPlan(_("There is no sort of failure called “%s”.") % said)
    if said or (found := failure_of(case)) is None:
        return said, ""
    return found.failure, f"{found.word.list}:{found.word.code}"


def _planned(recovery: Recovery, proposed: Sequence[ProposedStep]) -> list[RecoveryStep]:
    return RecoveryStep.objects.bulk_create(
        RecoveryStep(
            recovery=recovery, kind=each.kind, justice=ANSWERS_TO[StepKind(each.kind)], words=each.words,
            owner_id=each.owner_id, amount=each.amount, currency=each.currency,
        )
        for each in proposed
    )  # fmt: skip


def _given(steps: Sequence[RecoveryStep]) -> dict:
    return {"steps": [str(each.kind) for each in steps], "owners": sorted({each.owner_id for each in steps})}


def _facts(recovery: Recovery, by: Person | None, now: datetime) -> dict:
    return {
        "happened_at": now, "actor_id": by.pk if by else None, "about": recovery.about,
        "case_id": recovery.case_id, "recovery_id": recovery.pk,
    }  # fmt: skip


def _of_step(step: RecoveryStep) -> dict:
    return {"step_id": step.pk, "step_kind": str(step.kind), "owner_id": step.owner_id}


def _running(recovery: Recovery) -> Recovery:
    Case.objects.select_for_update(of=("self",)).get(pk=recovery.case_id)
    fresh = Recovery.objects.select_for_update(of=("self",)).select_related("case").get(pk=recovery.pk)
    if not fresh.is_running:
        raise CannotRecover(_("This recovery has ended."))
    return fresh


def _to_do(step: RecoveryStep) -> RecoveryStep:
    recovery = _running(step.recovery)
    fresh = RecoveryStep.objects.select_related("owner", "goodwill").get(pk=step.pk)
    fresh.recovery = recovery
    if not fresh.is_planned:
        raise CannotRecover(_("This step has been done or left out already."))
    return fresh


@transaction.atomic
def judge_fault(recovery: Recovery, fault: str, *, by: Person, now: datetime, failure: str = "") -> Recovery:
    """Whose fault it was, or what it did, is known better. What the rules propose for that and the plan has not got is added.

    failure   blank: what the words of the case say by now, else what was said before
    """
    recovery = _running(recovery)
    failure, said_by = _failure(recovery.case, failure)
    if not failure:
        failure, said_by = recovery.failure, recovery.failure_from
    if fault not in Fault.values or (fault, failure) == (recovery.fault, recovery.failure):
        raise CannotPlan(_("Choose another answer than the one that stands there."))
    found_by = Circumstance(fault=fault, failure=failure, severity=recovery.severity, grade=recovery.grade)
    proposal = propose(recovery.case, found_by, now, get_language() or "zh-hans")
    there = set(recovery.steps.values_list("kind", flat=True))
    steps = _planned(recovery, [each for each in proposal.steps if each.kind not in there])
    recovery.fault, recovery.failure, recovery.failure_from = fault, failure, said_by
    recovery.rule = proposal.rule
    recovery.rule_number = proposal.rule.number if proposal.rule else None
    recovery.save(update_fields=["fault", "failure", "failure_from", "rule", "rule_number"])
    record(
        events.RecoveryFaultJudged(**_facts(recovery, by, now), fault=fault, failure=failure, **_given(steps))
    )
    return recovery


@transaction.atomic
def add_step(
    recovery: Recovery, kind: str, *, owner: Person, by: Person, now: datetime, words: str = "", justice: str = "",
    amount: int | None = None, currency: str = "",
) -> RecoveryStep:  # fmt: skip
    """One more step.

    justice   which of the three it answers to; blank: the usual one of its kind
    amount    what it may be worth, in minor units of `currency`; promised by an act of its own
    """
    recovery = _running(recovery)
    if kind not in StepKind.values:
        raise CannotPlan(_("Choose what is done: an apology, listening, a refund …"))
    if justice and justice not in Justice.values:
        raise CannotPlan(_("Choose one of the three: outcome, procedure, manner."))
    step = RecoveryStep.objects.create(
        recovery=recovery, kind=kind, justice=justice or ANSWERS_TO[StepKind(kind)], words=words.strip(), owner=owner,
        amount=amount, currency=currency if amount else "",
    )  # fmt: skip
    record(events.RecoveryStepGiven(**_facts(recovery, by, now), **_of_step(step)))
    return step


@transaction.atomic
def give_step(step: RecoveryStep, owner: Person, *, by: Person, now: datetime) -> RecoveryStep:
    """Somebody else does it: the director apologises, not the desk."""
    step = _to_do(step)
    if step.owner_id == owner.pk:
        raise CannotPlan(_("%s has it already.") % owner.name)
    step.owner = owner
    step.save(update_fields=["owner"])
    record(events.RecoveryStepGiven(**_facts(step.recovery, by, now), **_of_step(step)))
    return step


@transaction.atomic
def do_step(step: RecoveryStep, said: str, *, by: Person, now: datetime) -> RecoveryStep:
    """An apology was made, the customer heard, the cause explained. What was said stands in the plan."""
    step = _to_do(step)
    if step.is_tangible:
        raise CannotRecover(_("This is done when what was promised for it is paid or handed over."))
    if not said.strip():
        raise CannotPlan(_("Write what was said; who comes next reads it."))
    recovery = step.recovery
    if recovery.contacted_at is None:
        Recovery.objects.filter(pk=recovery.pk).update(contacted_at=now)
        stop([Stop(recovery.about, Measure.RECOVERY_CONTACT, now)], now, by.pk)
    step_done(step, said.strip(), by.pk, now)
    return step


def step_done(step: RecoveryStep, said: str, by_id: int | None, now: datetime) -> None:
    step.state, step.said, step.done_at, step.done_by_id = RecoveryStep.State.DONE, said, now, by_id
    step.save(update_fields=["state", "said", "done_at", "done_by"])
    facts = _facts(step.recovery, None, now) | {"actor_id": by_id}
    record(events.RecoveryStepDone(**facts, **_of_step(step), personal={"said": said} if said else {}))


@transaction.atomic
def promise_step(
    step: RecoveryStep, amount: int, currency: str, *, reason: str, by: Person, now: datetime
) -> Goodwill:  # fmt: skip
    """Promise what the step gives, within one's authority; above it, it goes up by itself.

    amount   minor units of `currency`
    """
    step = _to_do(step)
    if not step.is_tangible:
        raise CannotRecover(_("Nothing is given in this step; do it, and write what was said."))
    if not step.may_be_promised:
        raise CannotRecover(_("Something is promised for this step already."))
    goodwill = promise_goodwill(
        step.recovery.case, amount, currency, reason=reason, by=by, now=now, kind=step.kind
    )
    step.goodwill = goodwill
    step.save(update_fields=["goodwill"])
    return goodwill


@transaction.atomic
def leave_out(step: RecoveryStep, reason: str, *, by: Person, now: datetime) -> RecoveryStep:
    """It is not done after all, and why. What was promised for it has to be taken back first."""
    step = _to_do(step)
    if not reason.strip():
        raise CannotPlan(_("Say why it is left out."))
    if step.goodwill is not None and not step.may_be_promised:
        raise CannotRecover(_("Something is promised for this step; take it back first."))
    step.state, step.said, step.done_at, step.done_by = RecoveryStep.State.DROPPED, reason.strip(), now, by
    step.save(update_fields=["state", "said", "done_at", "done_by"])
    facts = _facts(step.recovery, by, now)
    record(events.RecoveryStepDropped(**facts, **_of_step(step), personal={"reason": step.said}))
    return step


@transaction.atomic
def skip_justice(recovery: Recovery, justice: str, reason: str, *, by: Person, now: datetime) -> Recovery:
    """Leave one of the three out, knowing it."""
    recovery = _running(recovery)
    if justice not in Justice.values:
        raise CannotPlan(_("Choose one of the three: outcome, procedure, manner."))
    if not reason.strip():
        raise CannotPlan(_("Say why this is not addressed."))
    if recovery.steps.filter(justice=justice, state=RecoveryStep.State.DONE).exists():
        raise CannotRecover(_("A step that is done addresses it; there is nothing to skip."))
    made, fresh = SkippedJustice.objects.get_or_create(
        recovery=recovery, justice=justice, defaults={"reason": reason.strip(), "by": by, "at": now}
    )
    if not fresh:
        raise CannotRecover(_("It is skipped already."))
    record(
        events.RecoveryJusticeSkipped(
            **_facts(recovery, by, now), justice=justice, personal={"reason": made.reason}
        )
    )
    return recovery


def justices_not_addressed(recovery: Recovery) -> list[Justice]:
    """Of the three, those no step that is done answers to and nobody consciously skipped."""
    done = recovery.steps.filter(state=RecoveryStep.State.DONE).values_list("justice", flat=True)
    seen = {*done, *recovery.skipped.values_list("justice", flat=True)}
    return [each for each in Justice if each not in seen]


@transaction.atomic
def finish(recovery: Recovery, *, by: Person, now: datetime, note: str = "") -> Recovery:
    """The customer was made whole as planned. Refused while a step is to be done or a justice is forgotten."""
    recovery = _running(recovery)
    open_ones = recovery.steps.filter(state=RecoveryStep.State.PLANNED).order_by("pk")
    if to_do := [StepKind(kind).label for kind in open_ones.values_list("kind", flat=True)]:
        raise CannotRecover(_("Still to be done or left out: %s.") % ", ".join(map(str, to_do)))
    if missing := justices_not_addressed(recovery):
        words = ", ".join(str(each.label) for each in missing)
        raise CannotRecover(_("Nothing addresses: %s. Add a step, or say why it is skipped.") % words)
    done = recovery.steps.filter(state=RecoveryStep.State.DONE).count()
    _ended(recovery, Recovery.State.FINISHED, note.strip(), by, now)
    stop([Stop(recovery.about, Measure.RECOVERY, now)], now, by.pk)
    void(Clock.objects.of(*recovery.about).open(), "nobody was to be spoken to", now, by.pk)
    skipped = sorted(recovery.skipped.values_list("justice", flat=True))
    record(events.RecoveryFinished(**_facts(recovery, by, now), steps_done=done, skipped=skipped))
    return recovery


@transaction.atomic
def give_up(recovery: Recovery, reason: str, *, by: Person, now: datetime) -> Recovery:
    """The plan is not followed any more. What was promised in it stays promised."""
    recovery = _running(recovery)
    if not reason.strip():
        raise CannotPlan(_("Say why it is given up."))
    _ended(recovery, Recovery.State.DROPPED, reason.strip(), by, now)
    void(Clock.objects.of(*recovery.about).open(), "recovery given up", now, by.pk)
    record(events.RecoveryGivenUp(**_facts(recovery, by, now), personal={"reason": recovery.end_note}))
    return recovery


def _ended(recovery: Recovery, state: Recovery.State, note: str, by: Person, now: datetime) -> None:
    recovery.state, recovery.end_note, recovery.ended_by, recovery.ended_at = state, note, by, now
    recovery.save(update_fields=["state", "end_note", "ended_by", "ended_at"])


def seen_by(ids: Collection[int], person: Any) -> QuerySet:
    return Recovery.objects.visible_to(person).filter(pk__in=ids).select_related("case")


def as_matters(rows: Sequence[Any]) -> dict[int, Matter]:
    return {
        row.pk: Matter(
            subject=str(_("Recovery: %(subject)s") % {"subject": row.case.subject}),
            address=f"/recoveries/{row.pk}",
            number=row.case.number,
        )
        for row in rows
    }
