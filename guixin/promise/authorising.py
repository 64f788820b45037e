"""Deciding by the authority matrix: at once, or by a request that travels up by itself.

`decide` is the one door. It answers with the use of an authority that was enough, or with a request to the next
authority whose limit suffices, which has a clock of its own and climbs like every promise. Nothing else grants:
pages, API and later packages come through here, so no route is wider than another.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation import authority, decisions, in_force, verdicts
from guixin.organisation.authority import NoAuthorityFor
from guixin.organisation.decisions import DECISIONS
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Person, Use
from guixin.organisation.verdicts import Subject
from guixin.promise import authority_events as events
from guixin.promise.book import Circumstances
from guixin.promise.holding import hold
from guixin.promise.indispensable import always_promised
from guixin.promise.keeping import Promise, Stop, start, stop, void
from guixin.promise.matters import Matter
from guixin.promise.models import AuthorityRequest, AuthorityWord, Clock, Escalation, Measure
from guixin.promise.models.authority_request import AuthorityRequestQuerySet
from guixin.promise.moving import hand_over
from guixin.web.refusals import Refused

LEVELS = 9  # rungs of a ladder that are asked before the rest of the firm


class CannotDecide(Refused):
    """This request is not this person's to decide, or not any more."""


class SayWhy(Refused):
    """A request, a refusal and a question say why."""

    about_input = True


@transaction.atomic
def decide(
    person: Person, decision: str, amount: int, *, subject: Subject, now: datetime, currency: str = "",
    reason: str = "",
) -> Use | AuthorityRequest:  # fmt: skip
    """Decide this by one's own authority, or ask the next one up whose limit suffices.

    amount   minor units of `currency`, minutes of working time, or 1
    Raises NoAuthorityFor if the table gives this person no say, or nobody enough; SayWhy if it must be asked for
    and no reason is given; BadAmount.
    """
    known = decisions.checked(decision, amount, currency)
    if not in_force.governs(decision):
        raise NoAuthorityFor(
            _("The authority matrix says nothing about “%(decision)s”. An administrator adds it first.")
            % {"decision": known.name}
        )
    use, said = authority.try_to_use(person, decision, amount, subject=subject, now=now, currency=currency)
    if use is not None:
        return use
    if said is None:
        raise NoAuthorityFor(_no_say(decision, currency, now))
    to = _next_up(person, decision, amount, subject, now, currency)
    if to is None:
        raise NoAuthorityFor(
            _("Nobody in the firm may decide “%(decision)s” of %(amount)s here: %(why)s.")
            % {
                "decision": known.name,
                "amount": known.written(amount, currency),
                "why": said.why.sentence if said.why else "",
            }
        )
    if not reason.strip():
        raise SayWhy(
            _("%(why)s: it goes up to %(name)s. Say why.")
            % {"why": _capital(str(said.why.sentence if said.why else "")), "name": to.name}
        )
    return _ask(person, decision, amount, subject, now, currency, reason.strip(), to, said)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _no_say(decision: str, currency: str, now: datetime) -> str:
    names = dict(Person.objects.values_list("pk", "name"))
    able = [names[pk] for pk in in_force.who_may(decision, currency, now) if pk in names][:3]
    known = DECISIONS[decision]
    if able:
        return _("“%(decision)s” is not yours to decide or to ask for. Speak to %(names)s.") % {
            "decision": known.name,
            "names": ", ".join(able),
        }
    return _("Nobody in the firm has authority for “%(decision)s” in %(currency)s.") % {
        "decision": known.name,
        "currency": currency or "–",
    }


def _department_of(person_id: int, now: datetime) -> int:
    if seats := Ladder.at(now).seats_of(person_id):
        return seats[0].department_id
    raise NoAuthorityFor(_("You hold no post, so there is nobody above you to ask."))


def _candidates(person_id: int, decision: str, currency: str, now: datetime) -> Iterator[int]:
    """Those who could be asked, the nearest first: up the ladder past the absent, then whoever else has authority."""
    ladder, seen = Ladder.at(now), {person_id}
    department_id = _department_of(person_id, now)
    for level in range(1, LEVELS):
        told = ladder.next_authority(department_id, person_id, level, now)
        if told.person_id not in seen:
            seen.add(told.person_id)
            yield told.person_id
        if told.is_top:
            break
    for able in in_force.who_may(decision, currency, now):
        there = ladder.stand_in(able, now)
        if there is not None and there not in seen:
            seen.add(there)
            yield there
    # Nobody who may decide is there: the one of highest rank is asked anyway, and their clock climbs meanwhile.
    yield from (pk for pk in reversed(in_force.who_may(decision, currency, now)) if pk not in seen)


def _next_up(
    person: Person, decision: str, amount: int, subject: Subject, now: datetime, currency: str,
    *, asked_by: int | None = None, not_again: frozenset[int] = frozenset(),
) -> Person | None:  # fmt: skip
    """The nearest person whose authority suffices for this, as the answer to a request."""
    asker = asked_by or person.pk
    for pk in _candidates(asker, decision, currency, now):
        if pk not in not_again and authority.would_fit(
            pk, decision, amount, subject=subject, now=now, currency=currency, asked_by=asker
        ):
            return Person.objects.get(pk=pk)
    return None


def _ask(
    person: Person, decision: str, amount: int, subject: Subject, now: datetime, currency: str, reason: str,
    to: Person, said: verdicts.Verdict,
) -> AuthorityRequest:  # fmt: skip
    request = AuthorityRequest.objects.create(
        decision=decision, amount=amount, currency=currency, about_kind=subject.about[0], about_id=subject.about[1],
        case_id=subject.case_id, case_ids=sorted(subject.cases), customer_id=subject.customer_id,
        customer_ids=sorted(subject.customers), kind=subject.kind, severity=subject.severity,
        is_repeat=subject.is_repeat, department_id=_department_of(person.pk, now), asked_by=person, asked_at=now,
        reason=reason, to_person=to,
    )  # fmt: skip
    department_id = _department_of(to.pk, now)
    start(
        [
            Promise(
                about=request.about,
                case_id=None,  # it waits for its authority whatever happens to the case
                version=always_promised(
                    Measure.DECIDE,
                    Circumstances(kind=subject.kind, severity=subject.severity, department_id=department_id),
                    now,
                ),
                department_id=department_id,
                holder_id=to.pk,
                started_at=now,
            )
        ]
    )
    record(
        events.AuthorityAsked(
            happened_at=now, actor_id=person.pk, **_facts(request), amount=amount, currency=currency,
            why=said.why or "", personal={"reason": reason},
        )
    )  # fmt: skip
    return request


def _facts(request: AuthorityRequest) -> dict:
    return {
        "about": request.about,
        "case_id": request.case_id,
        "request_id": request.pk,
        "decision": request.decision,
        "asked_by_id": request.asked_by_id,
        "to_person_id": request.to_person_id,
    }


def subject_of(request: AuthorityRequest) -> Subject:
    return Subject(
        about=(request.about_kind, request.about_id),
        case_id=request.case_id,
        case_ids=tuple(request.case_ids),
        customer_id=request.customer_id,
        customer_ids=tuple(request.customer_ids),
        kind=request.kind,
        severity=request.severity,
        is_repeat=request.is_repeat,
    )


# -- the answer --------------------------------------------------------------------------------------------------------


def may_answer(request: AuthorityRequest, person: Person, now: datetime) -> bool:
    """Whoever was asked or stands in for them, and anybody else whose authority suffices; never who asked."""
    if person.pk == request.asked_by_id:
        return False
    if person.pk == request.to_person_id or Ladder.at(now).stand_in(request.to_person_id) == person.pk:
        return True
    return authority.would_fit(
        person.pk, request.decision, request.amount, subject=subject_of(request), now=now,
        currency=request.currency, asked_by=request.asked_by_id,
    )  # fmt: skip


def _open(request: AuthorityRequest) -> AuthorityRequest:
    """As it is now, locked; its case before it, because what is granted may change the case."""
    hold([request.case_id])
    fresh = AuthorityRequest.objects.select_for_update().get(pk=request.pk)
    if not fresh.is_open:
        raise CannotDecide(_("This request has already been decided."))
    return fresh


def _must_answer(request: AuthorityRequest, by: Person, now: datetime) -> None:
    if by.pk == request.asked_by_id:
        raise CannotDecide(_("Nobody grants their own request."))
    if not may_answer(request, by, now):
        raise CannotDecide(_("This is above what you may decide; it waits for %s.") % request.to_person.name)


@transaction.atomic
def approve(request: AuthorityRequest, *, by: Person, now: datetime, note: str = "") -> AuthorityRequest:
    """Grant it. If it has come to exceed what was asked's limit meanwhile, it travels further up instead."""
    request = _open(request)
    _must_answer(request, by, now)
    use, said = authority.try_to_use(
        by, request.decision, request.amount, subject=subject_of(request), now=now, currency=request.currency,
        asked_by=request.asked_by_id,
    )  # fmt: skip
    if use and said and said.is_far_above_price and not note.strip():
        raise SayWhy(
            _(
                "This is more than one and a half times the price of what went wrong. Say why it is right here."
            )
        )
    if use is None:
        return _pass_up(request, by, now)
    return _settle(request, AuthorityRequest.State.GRANTED, by, now, note, use)


@transaction.atomic
def refuse(request: AuthorityRequest, *, by: Person, now: datetime, note: str) -> AuthorityRequest:
    request = _open(request)
    _must_answer(request, by, now)
    if not note.strip():
        raise SayWhy(_("Say why not; who asked has to explain it to the customer."))
    return _settle(request, AuthorityRequest.State.REFUSED, by, now, note, None)


def _settle(
    request: AuthorityRequest,
    state: AuthorityRequest.State,
    by: Person,
    now: datetime,
    note: str,
    use: Use | None,
) -> AuthorityRequest:
    request.state, request.decided_by, request.decided_at = state, by, now
    request.note, request.use = note.strip(), use
    request.save(update_fields=["state", "decided_by", "decided_at", "note", "use"])
    stop([Stop(request.about, Measure.DECIDE, now)], now, by.pk)
    record(
        events.AuthorityDecided(
            happened_at=now, actor_id=by.pk, **_facts(request), granted=use is not None,
            use_id=use.pk if use else None, personal={"note": request.note} if request.note else {},
        )
    )  # fmt: skip
    return request


def _pass_up(request: AuthorityRequest, by: Person, now: datetime) -> AuthorityRequest:
    """By itself to the next whose limit suffices; the clock goes on."""
    passed = [*request.passed_by, by.pk]
    to = _next_up(
        by, request.decision, request.amount, subject_of(request), now, request.currency,
        asked_by=request.asked_by_id, not_again=frozenset(passed),
    )  # fmt: skip
    if to is None:
        raise CannotDecide(
            _("Nobody's authority suffices for this any more; refuse it, and say what is possible.")
        )
    before = request.to_person_id
    request.to_person, request.passed_by = to, passed
    request.save(update_fields=["to_person", "passed_by"])
    hand_over(
        Clock.objects.of(*request.about).open(), department_id=_department_of(to.pk, now), holder_id=to.pk, now=now,
        actor_id=by.pk,
    )  # fmt: skip
    record(
        events.AuthorityPassedUp(
            happened_at=now, actor_id=by.pk, **_facts(request), from_person_id=before
        )
    )  # fmt: skip
    return request


@transaction.atomic
def withdraw(request: AuthorityRequest, *, by: Person, now: datetime) -> AuthorityRequest:
    request = _open(request)
    if by.pk != request.asked_by_id:
        raise CannotDecide(_("Only who asked withdraws it."))
    return _withdrawn(request, by, now)


@transaction.atomic
def lapse(request: AuthorityRequest, *, by: Person | None, now: datetime) -> None:
    """What it was asked for does not happen any more, whoever decided that; by nobody: the customer."""
    hold([request.case_id])
    fresh = AuthorityRequest.objects.select_for_update().get(pk=request.pk)
    if fresh.is_open:
        _withdrawn(fresh, by, now)


def _withdrawn(request: AuthorityRequest, by: Person | None, now: datetime) -> AuthorityRequest:
    request.state, request.decided_by, request.decided_at = AuthorityRequest.State.WITHDRAWN, by, now
    request.save(update_fields=["state", "decided_by", "decided_at"])
    actor_id = by.pk if by else None
    void(Clock.objects.of(*request.about).open(), "request withdrawn", now, actor_id)
    record(events.AuthorityWithdrawn(happened_at=now, actor_id=actor_id, **_facts(request)))
    return request


@transaction.atomic
def say(request: AuthorityRequest, body: str, *, by: Person, now: datetime) -> AuthorityWord:
    """A question before the decision, or its answer. The clock goes on: asking is no way to gain time."""
    request = _open(request)
    if by.pk != request.asked_by_id:
        _must_answer(request, by, now)
    if not body.strip():
        raise SayWhy(_("Write what you want to know."))
    word = AuthorityWord.objects.create(request=request, by=by, at=now, body=body.strip())
    tell = request.to_person_id if by.pk == request.asked_by_id else request.asked_by_id
    record(
        events.AuthorityAskedBack(
            happened_at=now, actor_id=by.pk, **_facts(request), tell_id=tell, personal={"body": word.body}
        )
    )
    return word


def waiting_requests(person: Person, now: datetime) -> AuthorityRequestQuerySet:
    """Open requests addressed to this person, to somebody they stand in for, or raised to them."""
    told = Escalation.objects.waiting_for(person.pk).filter(clock__about_kind=AuthorityRequest.ABOUT)
    people = [person.pk, *Ladder.at(now).stands_in_for(person.pk)]
    return (
        AuthorityRequest.objects.open()
        .filter(Q(to_person__in=people) | Q(pk__in=told.values("clock__about_id")))
        .exclude(asked_by=person)
    )


def seen_by(ids: Collection[int], person: Any) -> QuerySet:
    return AuthorityRequest.objects.visible_to(person).filter(pk__in=ids).select_related("asked_by")


def as_matters(rows: Sequence[Any]) -> dict[int, Matter]:
    return {
        row.pk: Matter(
            subject=f"{_named(row.decision)} {_amount(row)} · {row.asked_by.name}".replace("  ", " "),
            address=f"/requests/{row.pk}",
        )
        for row in rows
    }


def _named(decision: str) -> str:
    return str(DECISIONS[decision].name) if decision in DECISIONS else decision


def _amount(row: AuthorityRequest) -> str:
    known = DECISIONS.get(row.decision)
    if known is None or known.unit == decisions.Unit.TIMES:
        return ""
    return known.written(row.amount, row.currency)
