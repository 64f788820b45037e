"""Those who do the work propose: review, trial, a new version, or a refusal with its reason. Everyone hears back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.access import scope_of
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Department, Person
from guixin.promise import proposal_events as events
from guixin.promise import publishing, trying
from guixin.promise.book import Circumstances
from guixin.promise.indispensable import always_promised
from guixin.promise.keeping import Promise, Stop, start, stop, void
from guixin.promise.matters import Matter
from guixin.promise.models import Clock, Measure, Proposal, Standard
from guixin.promise.trying import facts_of
from guixin.web.refusals import Refused


class CannotPropose(Refused):
    """The proposal cannot be made like this, and why."""

    about_input = True


class CannotAnswer(Refused):
    """The proposal is not this person's to answer, or not like this."""


@transaction.atomic
def propose(
    kind: str, subject: str, why: str, *, by: Person, now: datetime, standard: Standard | None = None,
    budget_minutes: int | None = None, department: Department | None = None,
) -> Proposal:  # fmt: skip
    """Propose a change. `department` owns what is to change; a standard's own owner goes before it."""
    if kind not in Proposal.Kind.values:
        raise CannotPropose(_("There is no kind of proposal called “%s”.") % kind)
    if not subject.strip() or not why.strip():
        raise CannotPropose(_("Say what should change, and why."))
    owner = department
    if kind == Proposal.Kind.STANDARD:
        if standard is None:
            raise CannotPropose(_("Say which standard should change."))
        there = publishing.in_force(standard)
        if there is None:
            raise CannotPropose(_("“%s” is not in force; there is nothing to change.") % standard)
        if budget_minutes is not None and budget_minutes == there.budget_minutes:
            raise CannotPropose(_("That is the time promised already."))
        owner = standard.owner or department
    elif standard is not None or budget_minutes is not None:
        raise CannotPropose(_("Only a standard has a time to change."))
    if budget_minutes is not None and not 1 <= budget_minutes <= 525_600:
        raise CannotPropose(_("The time promised is between a minute and a year."))
    if owner is None:
        raise CannotPropose(_("Say which department answers for it."))
    proposal = Proposal(
        kind=kind, standard=standard, budget_minutes=budget_minutes, subject=subject.strip(), why=why.strip(),
        department=owner, by=by, at=now,
    )  # fmt: skip
    proposal.reviewer_id = _reviewer(owner, by, now)
    proposal.save(force_insert=True)
    _begin_clock(proposal, now, generation=1)
    record(
        events.ChangeProposed(
            happened_at=now, actor_id=by.pk, **facts_of(proposal),
            personal={"subject": proposal.subject, "why": proposal.why},
        )
    )  # fmt: skip
    return proposal


def _reviewer(owner: Department, by: Person, now: datetime) -> int:
    """The head of the owning department or who stands in; for the head's own proposals the next one above."""
    ladder = Ladder.at(now)
    head = ladder.head_of(owner.pk)
    there = ladder.stand_in(head) or head
    if there != by.pk:
        return there
    above = ladder.next_authority(owner.pk, by.pk, 1, now).person_id
    return above if above != by.pk else ladder.coordinator()


def _begin_clock(proposal: Proposal, now: datetime, generation: int, until: datetime | None = None) -> None:
    start(
        [
            Promise(
                about=proposal.about,
                case_id=None,
                version=always_promised(
                    Measure.PROPOSAL, Circumstances(department_id=proposal.department_id), now
                ),
                department_id=proposal.department_id,
                holder_id=proposal.reviewer_id,
                started_at=now,
                generation=generation,
                until=until,
            )
        ]
    )


def may_answer(proposal: Proposal, person: Person, now: datetime) -> bool:
    """The reviewer or who stands in, and those who see everything; never who proposed it."""
    if person.pk == proposal.by_id:
        return False
    if person.pk == proposal.reviewer_id or Ladder.at(now).stand_in(proposal.reviewer_id) == person.pk:
        return True
    return scope_of(person, now).sees_everything


def _to_answer(proposal: Proposal, by: Person, now: datetime) -> Proposal:
    fresh = Proposal.objects.select_for_update(of=("self",)).select_related("standard").get(pk=proposal.pk)
    if not fresh.is_open:
        raise CannotAnswer(_("This proposal has been answered already."))
    if by.pk == fresh.by_id:
        raise CannotAnswer(_("Nobody answers their own proposal."))
    if not may_answer(fresh, by, now):
        raise CannotAnswer(_("This proposal waits for the answer of %s.") % fresh.reviewer.name)
    return fresh


@transaction.atomic
def try_out(
    proposal: Proposal, *, until: datetime, by: Person, now: datetime, note: str = "",
    department: Department | None = None, from_at: datetime | None = None, chosen: Mapping[str, Any] | None = None,
) -> Proposal:  # fmt: skip
    """Try it. What was chosen (a department, a line and its limit, a calendar, a rule: see `trying`) holds by itself from its
    day to its end; with nothing chosen it is tried by hand, as `note` says."""
    proposal = _to_answer(proposal, by, now)
    if proposal.state == Proposal.State.TRIAL:
        raise CannotAnswer(_("It is on trial already."))
    begins = max(from_at or now, now)
    if until <= begins:
        raise CannotAnswer(_("The trial must end later than it begins."))
    change = trying.understood(proposal, {"department": department, **(chosen or {})})
    if change is None and not note.strip():
        raise CannotAnswer(_("Say how it is tried; nothing was chosen that could hold by itself."))
    if change is not None:
        _may_change(proposal, change, by, now)
        proposal.trial_change = change | {"by": by.pk}
    proposal.state, proposal.trial_until, proposal.trial_department = Proposal.State.TRIAL, until, department
    proposal.trial_from, proposal.trial_note = begins, note.strip()
    proposal.save(
        update_fields=[
            "state", "trial_from", "trial_until", "trial_department", "trial_note", "trial_change",
        ]
    )  # fmt: skip
    stop([Stop(proposal.about, Measure.PROPOSAL, now)], now, by.pk)
    _begin_clock(proposal, now, generation=2, until=until)
    if change is not None and begins <= now:
        trying.apply(proposal, by=by, now=now)
    version = proposal.trial_version_id
    record(events.TrialBegun(happened_at=now, actor_id=by.pk, **facts_of(proposal), version_id=version))
    return proposal


def _may_change_the_firm(proposal: Proposal, by: Person, now: datetime) -> None:
    way = trying.way_of(proposal)
    if way and way.for_the_firm and not scope_of(by, now).may_administrate:
        raise CannotAnswer(
            _(
                "Only an administrator lets this hold by itself; ask one, or leave the choice open and try it by hand."
            )
        )


def _may_change(proposal: Proposal, change: Mapping[str, Any], by: Person, now: datetime) -> None:
    """A limit, hours and rules are settings of the firm. Two trials of one thing could not be told apart."""
    _may_change_the_firm(proposal, by, now)
    same = {name: change[name] for name in ("line", "rule", "department") if name in change}
    others = Proposal.objects.filter(
        kind=proposal.kind, state=Proposal.State.TRIAL, trial_ended_at=None, trial_change__contains=same
    )
    if proposal.kind == Proposal.Kind.STANDARD:
        others = others.filter(standard=proposal.standard)
    if others.exclude(pk=proposal.pk).exclude(trial_change={}).exists():
        raise CannotAnswer(_("Another trial of this is under way; it has to end first."))


@transaction.atomic
def accept(proposal: Proposal, *, answer: str, by: Person, now: datetime, result: str = "") -> Proposal:
    """A proposed time becomes the standard's next version; of anything else `result` says which version came of it."""
    proposal = _to_answer(proposal, by, now)
    if not answer.strip():
        raise CannotAnswer(_("Say what comes of it; who proposed it hears these words."))
    if proposal.budget_minutes is not None and proposal.standard is not None:
        there = publishing.in_force(proposal.standard)
        if there is None:
            raise CannotAnswer(_("“%s” is not in force any more.") % proposal.standard)
        terms = publishing.terms_of(there) | {"budget_minutes": proposal.budget_minutes}
        proposal.version = publishing.publish_terms(
            proposal.standard, terms, by=by, now=now, reason=proposal.subject, proposed_by=proposal.by
        )
    elif trying.runs_by_itself(proposal):
        _may_change_the_firm(proposal, by, now)
        trying.hold_for_good(proposal, by=by, now=now)
        result = result.strip() or trying.words_of(proposal)
    elif not result.strip():
        raise CannotAnswer(_("Say which new version came of it, so that its history leads here."))
    proposal.result = result.strip()
    return _decide(proposal, Proposal.State.ACCEPTED, answer, by, now)


@transaction.atomic
def refuse(proposal: Proposal, *, answer: str, by: Person, now: datetime) -> Proposal:
    proposal = _to_answer(proposal, by, now)
    if not answer.strip():
        raise CannotAnswer(_("Say why not; who proposed it hears these words."))
    return _decide(proposal, Proposal.State.REFUSED, answer, by, now)


def _decide(proposal: Proposal, state: Proposal.State, answer: str, by: Person, now: datetime) -> Proposal:
    _end_trial(proposal, by, now, drop=state != Proposal.State.ACCEPTED)
    proposal.state, proposal.answer = state, answer.strip()
    proposal.decided_by, proposal.decided_at = by, now
    proposal.save(update_fields=["state", "answer", "decided_by", "decided_at", "version", "result"])
    stop([Stop(proposal.about, Measure.PROPOSAL, now)], now, by.pk)
    record(
        events.ProposalDecided(
            happened_at=now, actor_id=by.pk, **facts_of(proposal), accepted=state == Proposal.State.ACCEPTED,
            version_id=proposal.version_id, personal={"answer": proposal.answer},
        )
    )  # fmt: skip
    return proposal


def _end_trial(proposal: Proposal, by: Person, now: datetime, *, drop: bool = True) -> None:
    trying.end(proposal, by=by, now=now, drop=drop)
    if proposal.trial_version is not None:
        proposal.trial_version.refresh_from_db(fields=["withdrawn_at"])
        if proposal.trial_version.withdrawn_at is None:
            publishing.withdraw(proposal.trial_version.standard, by=by, now=now)


@transaction.atomic
def withdraw(proposal: Proposal, *, by: Person, now: datetime) -> Proposal:
    fresh = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if not fresh.is_open:
        raise CannotAnswer(_("This proposal has been answered already."))
    if by.pk != fresh.by_id:
        raise CannotAnswer(_("Only who proposed it withdraws it."))
    _end_trial(fresh, by, now)
    fresh.state = Proposal.State.WITHDRAWN
    fresh.save(update_fields=["state"])
    void(Clock.objects.of(*fresh.about).open(), "proposal withdrawn", now, by.pk)
    record(events.ProposalWithdrawn(happened_at=now, actor_id=by.pk, **facts_of(fresh)))
    return fresh


def seen_by(ids: Collection[int], person: Any) -> QuerySet:
    return Proposal.objects.visible_to(person).filter(pk__in=ids)


def as_matters(rows: Sequence[Any]) -> dict[int, Matter]:
    return {
        row.pk: Matter(subject=str(_("Proposal: %s") % row.subject), address=f"/proposals/{row.pk}")
        for row in rows
    }
