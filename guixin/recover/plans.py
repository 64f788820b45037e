"""The plan of a recovery: begun from a proposal, its steps done one by one, finished when nothing was forgotten.

A recovery is a matter with clocks of its own (decision 13): it goes on after the case is closed, because what was promised
is still owed. A verb locks the case, then the recovery, then, through `stop` and the like, the clocks.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Person
from guixin.promise.indispensable import always_promised
from guixin.promise.keeping import Promise, Stop, start, stop, void
from guixin.promise.matters import Matter
from guixin.promise.models import Clock, Measure
from guixin.promise.moving import hand_over
from guixin.recover import events
from guixin.recover.models import Fault, Justice, Recovery, RecoveryStep, SkippedJustice, StepKind
from guixin.recover.models.recovery import ANSWERS_TO
from guixin.recover.proposing import ProposedStep, propose
from guixin.serve.deciding import promise_goodwill
from guixin.serve.events import CasesMerged, GoodwillHandedOver, OwnerChanged
from guixin.serve.intake import department_of
from guixin.serve.models import Case, Goodwill
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
def begin(case: Case, fault: str, *, by: Person, now: datetime) -> Recovery:
    """Begin to make the customer whole, with the steps the firm's rules propose; the promises run from now."""
    case = locked_open(case)
    if fault not in Fault.values:
        raise CannotPlan(_("Say whose fault it was; “not yet known” is an answer too."))
    if case.customer_id is None:
        raise CannotRecover(_("Nobody is known as the customer of this case; take them in first."))
    if Recovery.objects.running().filter(case=case).exists():
        raise CannotRecover(_("A recovery of this case is running already."))
    proposal = propose(case, fault, now, get_language() or "zh-hans")
    recovery = Recovery.objects.create(
        case=case, fault=fault, severity=case.severity, grade=case.grade, rule=proposal.rule,
        rule_number=proposal.rule.number if proposal.rule else None, holder_id=case.owner_id, by=by, begun_at=now,
    )  # fmt: skip
    steps = _planned(recovery, proposal.steps)
    department_id = department_of(Ladder.at(now), case.owner_id)
    facts = circumstances(case).at(department_id)
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
            **_facts(recovery, by, now), fault=fault, severity=recovery.severity, grade=recovery.grade,
            rule=proposal.rule.code if proposal.rule else "", rule_number=recovery.rule_number,
            promises=spelled_out(clocks), **_given(steps),
        )
    )  # fmt: skip
    return recovery


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
def judge_fault(recovery: Recovery, fault: str, *, by: Person, now: datetime) -> Recovery:
    """Whose fault it was is known better. What the rules propose for that and the plan has not got is added."""
    recovery = _running(recovery)
    if fault not in Fault.values or fault == recovery.fault:
        raise CannotPlan(_("Choose another answer than the one that stands there."))
    proposal = propose(recovery.case, fault, now, get_language() or "zh-hans")
    there = set(recovery.steps.values_list("kind", flat=True))
    steps = _planned(recovery, [each for each in proposal.steps if each.kind not in there])
    recovery.fault, recovery.rule = fault, proposal.rule
    recovery.rule_number = proposal.rule.number if proposal.rule else None
    recovery.save(update_fields=["fault", "rule", "rule_number"])
    record(events.RecoveryFaultJudged(**_facts(recovery, by, now), fault=fault, **_given(steps)))
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
    _done(step, said.strip(), by.pk, now)
    return step


def _done(step: RecoveryStep, said: str, by_id: int | None, now: datetime) -> None:
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


# -- what follows from elsewhere -----------------------------------------------------------------------------------


def step_is_given(told: Sequence[GoodwillHandedOver]) -> None:
    """Reaction: what was promised for a step is paid or handed over, so the step is done."""
    by_goodwill = {event.goodwill_id: event for event in told}
    steps = RecoveryStep.objects.filter(goodwill__in=by_goodwill, state=RecoveryStep.State.PLANNED)
    for step in steps.select_related("recovery").select_for_update(of=("self",)).order_by("pk"):
        event = by_goodwill[step.goodwill_id or 0]
        _done(step, "", event.actor_id, event.happened_at)


def follow_the_case(told: Sequence[CasesMerged]) -> None:
    """Reaction: the recovery of a case that was merged goes along, unless the other has one of its own."""
    for event in told:
        if not Recovery.objects.running().filter(case=event.case_id).exists():
            Recovery.objects.running().filter(case=event.merged_case_id).update(case=event.case_id)


def follow_the_owner(told: Sequence[OwnerChanged]) -> None:
    """Reaction: whoever owns the case answers for its recovery, and for the steps nobody else was to do."""
    for event in told:
        recovery = Recovery.objects.running().select_for_update().filter(case=event.case_id).first()
        if recovery is None or recovery.holder_id == event.new_owner_id:
            continue
        mine = recovery.steps.filter(owner=recovery.holder_id, state=RecoveryStep.State.PLANNED)
        mine.update(owner=event.new_owner_id)
        Recovery.objects.filter(pk=recovery.pk).update(holder=event.new_owner_id)
        hand_over(
            Clock.objects.of(*recovery.about).open(), holder_id=event.new_owner_id, now=event.happened_at,
            department_id=department_of(Ladder.at(event.happened_at), event.new_owner_id), actor_id=event.actor_id,
        )  # fmt: skip


def as_matters(ids, person) -> dict[int, Matter]:
    rows = Recovery.objects.visible_to(person).filter(pk__in=list(ids)).select_related("case")
    return {
        row.pk: Matter(
            subject=str(_("Recovery: %(subject)s") % {"subject": row.case.subject}),
            address=f"/recoveries/{row.pk}",
            number=row.case.number,
        )
        for row in rows
    }
