"""Whether and how visitors are received: regraded, approved by authority, declined with reason and alternatives, moved, called off.

What the reception may cost is decided through `promise/authorising.py`: above a limit it goes up by itself, and `settle_visits` goes on when
the answer is there. The customer is told in the words of a reply, so that number, promise and tracking page work as for every case.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation import authority
from guixin.organisation.models import Person, Use
from guixin.promise import authorising
from guixin.promise.authority_events import AuthorityDecided, AuthorityWithdrawn
from guixin.promise.models import AuthorityRequest
from guixin.serve import replying
from guixin.serve import visit_events as events
from guixin.serve.deciding import subject_of_case
from guixin.serve.models import Case, Visit
from guixin.serve.visit_rules import rules_in_force, rules_of
from guixin.serve.visiting import (
    LONG,
    LONGEST_AHEAD,
    SHORT,
    CannotVisit,
    State,
    VisitSettled,
    facts,
    hours,
    locked,
    save,
)

LONGEST_STAY = timedelta(days=14)


@transaction.atomic
def regrade(visit: Visit, grade: str, reason: str, *, by: Person, now: datetime) -> Visit:
    """Decide over the proposed grade. A higher one costs more, so who approves it needs authority for that."""
    visit = locked(visit)
    if visit.state != State.APPLIED:
        raise VisitSettled(
            _("The grade is decided together with the visit; this one is decided or on its way.")
        )
    rules = rules_in_force()
    wanted = rules.grade(grade)
    if wanted is None:
        raise CannotVisit(_("There is no grade of reception called “%s”.") % grade)
    if not reason.strip():
        raise CannotVisit(_("Say why it is received differently from what the rules propose."))
    was, visit.grade = visit.grade, wanted.code
    visit.budget, visit.currency, visit.rules_id = wanted.budget, rules.currency, rules.pk
    visit.graded_by, visit.grade_reason = by, reason.strip()
    save(visit, "grade", "budget", "currency", "rules", "graded_by", "grade_reason")
    record(
        events.VisitGraded(
            **facts(visit, by, now), grade=visit.grade, was=was, budget=visit.budget, currency=visit.currency,
            personal={"reason": visit.grade_reason},
        )
    )  # fmt: skip
    return visit


@transaction.atomic
def approve(
    visit: Visit, arrives_at: datetime, leaves_at: datetime, *, by: Person, now: datetime, place: str = "",
    host: Person | None = None, reason: str = "",
) -> Visit:  # fmt: skip
    """Receive them then, there, by this host. Above one's authority it is asked for, and goes up by itself.

    Raises NoAuthorityFor if the matrix gives no say over it; SayWhy if it must be asked for and no reason is given.
    """
    visit = locked(visit)
    if visit.state == State.ASKED:
        raise VisitSettled(_("This visit waits for %s.") % visit.request.to_person if visit.request else "")
    if visit.state != State.APPLIED:
        raise VisitSettled(_("This visit is decided already: %s.") % visit.get_state_display())
    _when(visit, arrives_at, leaves_at, place, host, now)
    answer = authorising.decide(
        by, "reception", visit.budget, subject=subject_of_case(visit.case, visit.about), now=now,
        currency=visit.currency, reason=reason,
    )  # fmt: skip
    if isinstance(answer, AuthorityRequest):
        visit.state, visit.request = State.ASKED, answer
        save(visit, "state", "request", "arrives_at", "leaves_at", "place", "host")
    else:
        _approved(visit, answer, by, now)
    return visit


def settle_visits(told: Sequence[AuthorityDecided | AuthorityWithdrawn]) -> None:
    """Reaction: a reception was asked for, and answered. Refused, it is with the desk again: with reason and
    alternatives it tells the customer itself."""
    rows = Visit.objects.filter(request__in=[each.request_id for each in told], state=State.ASKED)
    by_request = {row.request_id: row for row in rows.select_related("case").select_for_update(of=("self",))}
    for event in told:
        visit = by_request.get(event.request_id)
        if visit is None:
            continue
        if isinstance(event, AuthorityDecided) and event.use_id:
            by = Person.objects.get(pk=event.actor_id)
            _approved(visit, Use.objects.get(pk=event.use_id), by, event.happened_at)
        else:
            visit.state = State.APPLIED
            save(visit, "state")


def _approved(visit: Visit, use: Use, by: Person, now: datetime) -> None:
    visit.state, visit.use, visit.decided_by, visit.decided_at = State.APPROVED, use, by, now
    visit.reason = visit.alternatives = ""
    save(
        visit, "state", "use", "decided_by", "decided_at", "arrives_at", "leaves_at", "place", "host", "reason",
        "alternatives",
    )  # fmt: skip
    if not visit.arrives_at or not visit.leaves_at:
        raise CannotVisit(_("Say when they come and when they leave."))
    record(
        events.VisitApproved(
            **facts(visit, by, now), arrives_at=visit.arrives_at, leaves_at=visit.leaves_at, host_id=visit.host_id,
            use_id=use.pk, budget=visit.budget, currency=visit.currency,
        )
    )  # fmt: skip
    replying.reply(visit.case, welcome(visit), by=by, now=now)


@transaction.atomic
def decline(visit: Visit, reason: str, *, by: Person, now: datetime, alternatives: str = "") -> Visit:
    """They cannot come. The customer is told why, and what else is possible."""
    visit = locked(visit)
    if visit.state == State.ASKED and visit.request:
        raise VisitSettled(_("This visit waits for %s.") % visit.request.to_person)
    if visit.state != State.APPLIED:
        raise VisitSettled(_("This visit is decided already: %s.") % visit.get_state_display())
    if not reason.strip():
        raise CannotVisit(_("Say why; the customer reads it."))
    visit.state, visit.decided_by, visit.decided_at = State.DECLINED, by, now
    visit.reason, visit.alternatives = reason.strip()[:LONG], alternatives.strip()[:LONG]
    save(visit, "state", "decided_by", "decided_at", "reason", "alternatives")
    record(events.VisitDeclined(**facts(visit, by, now), personal={"reason": visit.reason}))
    with translation.override(visit.case.language):
        words = gettext_now("We cannot receive you this time: %s") % visit.reason
        if visit.alternatives:
            words += "\n" + gettext_now("What we can offer instead: %s") % visit.alternatives
    replying.reply(visit.case, words, by=by, now=now)
    return visit


@transaction.atomic
def move(
    visit: Visit, arrives_at: datetime, leaves_at: datetime, *, by: Person, now: datetime, place: str = "",
    host: Person | None = None,
) -> Visit:  # fmt: skip
    """Other hours, another place, another host. The grade stays, so nobody decides over it again."""
    visit = locked(visit)
    if visit.state != State.APPROVED:
        raise VisitSettled(_("Only an approved visit can be moved."))
    _when(visit, arrives_at, leaves_at, place, host, now)
    save(visit, "arrives_at", "leaves_at", "place", "host")
    record(
        events.VisitMoved(
            **facts(visit, by, now), arrives_at=arrives_at, leaves_at=leaves_at, host_id=visit.host_id
        )
    )
    replying.reply(visit.case, welcome(visit), by=by, now=now)
    return visit


@transaction.atomic
def cancel(visit: Visit, reason: str, *, now: datetime, by: Person | None = None) -> Visit:
    """They do not come; `by` none: the customer said so. What was granted for it counts against no limit any more."""
    visit = locked(visit)
    if not visit.is_open:
        raise VisitSettled(_("This visit is over already: %s.") % visit.get_state_display())
    if by is not None and not reason.strip():
        raise CannotVisit(_("Say why; the customer reads it."))
    end(visit, reason.strip() or gettext_now("The visitors called it off."), by=by, now=now)
    if by is None:
        replying.customer_adds(visit.case, visit.reason, now=now)
    else:
        with translation.override(visit.case.language):
            words = gettext_now("The visit is cancelled: %s") % visit.reason
        replying.reply(visit.case, words, by=by, now=now)
    return visit


def end(visit: Visit, reason: str, *, by: Person | None, now: datetime) -> None:
    """The visit is called off; its case is locked. Authority that was used or asked for is free again."""
    was = visit.state
    visit.state, visit.reason, visit.alternatives = State.CANCELLED, reason[:LONG], ""
    visit.decided_by, visit.decided_at = by, now
    save(visit, "state", "reason", "alternatives", "decided_by", "decided_at")
    if visit.use:
        authority.give_back(visit.use, by=by, now=now)
    if was == State.ASKED and visit.request:
        authorising.lapse(visit.request, by=by, now=now)
    record(
        events.VisitCancelled(
            **facts(visit, by, now), by_customer=by is None, personal={"reason": visit.reason}
        )
    )


def take_visit_along(case: Case, into: Case, *, by: Person, now: datetime) -> None:
    """`case` is merged into another, both locked: its visit goes along. Where the other has one, that stays, and what
    was still to come is called off, so that nobody prepares two receptions."""
    visit = Visit.objects.select_related("request", "use").filter(case=case).first()
    if visit is None:
        return
    if not Visit.objects.filter(case=into).exists():
        Visit.objects.filter(pk=visit.pk).update(case=into)
    elif visit.is_open:
        visit.case = case
        end(visit, gettext_now("Merged into %s, which has a visit of its own.") % into.number, by=by, now=now)


def _when(
    visit: Visit, arrives_at: datetime, leaves_at: datetime, place: str, host: Person | None, now: datetime
) -> None:
    if arrives_at <= now:
        raise CannotVisit(_("They can only come at a time that lies ahead."))
    if leaves_at <= arrives_at:
        raise CannotVisit(_("They leave after they arrive."))
    if leaves_at - arrives_at > LONGEST_STAY:
        raise CannotVisit(_("A visit takes at most two weeks."))
    if (arrives_at - now).days > LONGEST_AHEAD:
        raise CannotVisit(_("Choose a day within a year."))
    if host is not None and not host.is_active:
        raise CannotVisit(_("%s no longer works here.") % host.name)
    visit.arrives_at, visit.leaves_at, visit.place, visit.host = (
        arrives_at,
        leaves_at,
        place.strip()[:SHORT],
        host,
    )


def welcome(visit: Visit) -> str:
    """What the customer is told, in their language: when, where, and what to know. Names are on their page."""
    language = visit.case.language
    with translation.override(language):
        lines = [gettext_now("You are welcome: %s") % hours(visit)]
        if visit.place:
            lines.append(gettext_now("Place: %s") % visit.place)
        if visit.host:
            lines.append(gettext_now("You are received by %s.") % visit.host.name)
        if safety := rules_of(visit.rules_id).safety_in(language):
            lines.append(safety)
    return "\n".join(lines)
