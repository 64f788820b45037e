"""Taking the emergency path: who may, what begins at once, when it is in hand, and the review nobody can skip."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.authority import NoAuthorityFor
from guixin.organisation.in_force import standings
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Calendar, Duty, Person, Use
from guixin.promise import authorising
from guixin.promise.authority_events import AuthorityDecided, AuthorityWithdrawn
from guixin.promise.indispensable import always_promised
from guixin.promise.keeping import Promise, Stop, start, stop
from guixin.promise.matters import Matter
from guixin.promise.models import AuthorityRequest, Measure
from guixin.serve import emergency_events, events
from guixin.serve.deciding import subject_of_case
from guixin.serve.models import Case, Emergency, Task
from guixin.serve.promises import circumstances, refresh_queues
from guixin.serve.routing import locked_open
from guixin.web.refusals import Refused


class CannotTakeThePath(Refused):
    """The emergency path is not open here, and why."""


class CannotReview(Refused):
    """The review cannot be written like this, and why."""

    about_input = True


@transaction.atomic
def take_the_path(
    case: Case, *, reason: str, by: Person, now: datetime, also_tell: Sequence[Person] = ()
) -> Emergency:
    """Break the normal procedure, openly. Begins at once where the authority suffices; else it is asked for.

    also_tell   who hears of it besides those it concerns by their posts

    Raises NoAuthorityFor if the matrix gives no say over it.
    """
    case = locked_open(case)
    if not reason.strip():
        raise CannotTakeThePath(_("Say what makes it an emergency; the review reads it first."))
    there = Emergency.objects.filter(case=case, state__in=["asked", "running"]).first()
    if there is not None:
        raise CannotTakeThePath(
            _("This case is on the emergency path already.")
            if there.state == Emergency.State.RUNNING
            else _("The emergency path was asked for and is not decided yet.")
        )
    emergency = Emergency.objects.create(
        case=case, reason=reason.strip(), by=by, at=now, also_tell=[each.pk for each in also_tell]
    )
    answer = authorising.decide(
        by, "emergency", 1, subject=subject_of_case(case, emergency.about), now=now, reason=reason
    )
    if isinstance(answer, AuthorityRequest):
        emergency.request = answer
        emergency.save(update_fields=["request"])
    else:
        _begin(emergency, case, answer, now)
    return emergency


def _begin(emergency: Emergency, case: Case, use: Use, now: datetime) -> None:
    ladder = Ladder.at(now)
    reviewer_id = reviewer_for(emergency, use, now)
    emergency.state, emergency.use, emergency.begun_at = Emergency.State.RUNNING, use, now
    emergency.reviewer_id = reviewer_id
    emergency.save(update_fields=["state", "use", "begun_at", "reviewer"])
    facts = circumstances(case).at(case.department_id)
    seats = ladder.seats_of(reviewer_id)
    in_hand_by = always_promised(Measure.EMERGENCY, facts, now)
    start(
        [
            Promise(
                about=emergency.about, case_id=case.pk, version=in_hand_by, department_id=case.department_id,
                holder_id=case.owner_id, started_at=now,
                calendar_id=in_hand_by.calendar_id or _round_the_clock(),
            ),
            Promise(
                about=emergency.review, case_id=None, version=always_promised(Measure.REVIEW, facts, now),
                department_id=seats[0].department_id if seats else case.department_id, holder_id=reviewer_id,
                started_at=now,
            ),
        ]
    )  # fmt: skip
    refresh_queues({case.pk}, set())
    Case.objects.filter(pk=case.pk).update(emergency_since=now)
    record(
        emergency_events.EmergencyBegun(
            happened_at=now,
            actor_id=emergency.by_id,
            about=emergency.about,
            case_id=case.pk,
            emergency_id=emergency.pk,
            reviewer_id=reviewer_id,
            told=_told(case, emergency, now),
            personal={"reason": emergency.reason},
        )
    )


def _round_the_clock() -> int | None:
    """An emergency does not wait for the office to open, unless the firm's own standard says by which hours."""
    return Calendar.objects.filter(always=True).order_by("pk").values_list("pk", flat=True).first()


def _told(case: Case, emergency: Emergency, now: datetime) -> list[int]:
    """Who hears at once: owner, everybody at work or the department's people, their heads, the coordinator, who was named."""
    ladder = Ladder.at(now)
    people = {case.owner_id, emergency.by_id}
    departments = {case.department_id}
    for department_id, handler_id in (
        Task.objects.open().filter(case=case).values_list("department_id", "handler_id")
    ):
        departments.add(department_id)
        people |= {handler_id} if handler_id else set(ladder.handlers(department_id))
    for department_id in departments:
        head = ladder.head_of(department_id)
        people.add(ladder.stand_in(head) or head)
    people.add(ladder.coordinator())
    people |= set(emergency.also_tell)
    if emergency.reviewer_id:
        people.add(emergency.reviewer_id)
    return sorted(person_id for person_id in people if person_id)


def reviewer_for(emergency: Emergency, use: Use, now: datetime) -> int:
    """Who judges it: neither who took the path nor who allowed it, nor anybody in whose name they did."""
    ladder = Ladder.at(now)
    concerned = {emergency.by_id, use.decided_by_id, use.principal_id}
    own = ladder.seats_of(emergency.by_id)
    department_id = own[0].department_id if own else emergency.case.department_id
    for level in range(1, 9):
        told = ladder.next_authority(department_id, emergency.by_id, level, now)
        if told.person_id not in concerned:
            return told.person_id
        if told.is_top:
            break
    seated = sorted(
        ladder.everybody(), key=lambda each: (Duty.AUDITOR not in each[1].duties, -each[1].rank, each[0])
    )
    for person_id, _seat in seated:
        if person_id not in concerned and ladder.is_present(person_id):
            return person_id
    raise NoAuthorityFor(_("There is nobody else in the firm who could review it."))


def settle_emergencies(told: Sequence[AuthorityDecided | AuthorityWithdrawn]) -> None:
    """Reaction: the path was asked for, and answered."""
    rows = Emergency.objects.filter(
        request__in=[each.request_id for each in told], state=Emergency.State.ASKED
    )
    by_request = {row.request_id: row for row in rows.select_related("case").select_for_update(of=("self",))}
    for event in told:
        emergency = by_request.get(event.request_id)
        if emergency is None:
            continue
        use_id = event.use_id if isinstance(event, AuthorityDecided) else None
        if use_id and emergency.case.is_open:
            _begin(emergency, emergency.case, Use.objects.get(pk=use_id), event.happened_at)
        else:  # refused, withdrawn, or the case was closed meanwhile
            emergency.state = Emergency.State.REFUSED
            emergency.save(update_fields=["state"])


@transaction.atomic
def in_hand(emergency: Emergency, note: str, *, by: Person, now: datetime) -> Emergency:
    """What was urgent is done; the case goes on as any other. The review is still to come."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=emergency.case_id)
    emergency = Emergency.objects.select_for_update(of=("self",)).get(pk=emergency.pk)
    if emergency.state != Emergency.State.RUNNING:
        raise CannotTakeThePath(_("This emergency is not running."))
    if not note.strip():
        raise CannotTakeThePath(_("Say what was done."))
    _ended(emergency, note.strip(), by, now)
    stop([Stop(emergency.about, Measure.EMERGENCY, now)], now, by.pk)
    Case.objects.filter(pk=case.pk).update(emergency_since=None)
    return emergency


def _ended(emergency: Emergency, note: str, by: Person | None, now: datetime) -> None:
    emergency.state, emergency.in_hand_at, emergency.in_hand_by = Emergency.State.IN_HAND, now, by
    emergency.in_hand_note = note
    emergency.save(update_fields=["state", "in_hand_at", "in_hand_by", "in_hand_note"])
    record(
        emergency_events.EmergencyInHand(
            happened_at=now, actor_id=by.pk if by else None, about=emergency.about, case_id=emergency.case_id,
            emergency_id=emergency.pk, personal={"note": note} if note else {},
        )
    )  # fmt: skip


def end_with_the_case(closed: Sequence[events.CaseClosed]) -> None:
    """Reaction: a closed case is no emergency any more; its review stays to be written."""
    at = closed[0].happened_at
    ids = [event.case_id for event in closed if event.case_id]
    for emergency in Emergency.objects.running().filter(case__in=ids).select_for_update():
        _ended(emergency, "", None, at)
    Case.objects.filter(pk__in=ids, emergency_since__isnull=False).update(emergency_since=None)


def may_review(emergency: Emergency, person: Person, now: datetime) -> bool:
    """The reviewer or whoever stands in; those above who see everything. Never who took the path or allowed it."""
    from guixin.organisation.access import scope_of

    if emergency.use and person.pk in (
        emergency.by_id,
        emergency.use.decided_by_id,
        emergency.use.principal_id,
    ):
        return False
    if emergency.reviewer_id is None:
        return False
    if person.pk == emergency.reviewer_id or Ladder.at(now).stand_in(emergency.reviewer_id) == person.pk:
        return True
    return scope_of(person, now).sees_everything


@transaction.atomic
def review(emergency: Emergency, verdict: str, learnt: str, *, by: Person, now: datetime) -> Emergency:
    """Whether it was justified, and what was learnt: both, once, by somebody who had no part in it."""
    emergency = Emergency.objects.select_for_update(of=("self",)).select_related("use").get(pk=emergency.pk)
    if emergency.begun_at is None:
        raise CannotReview(_("This emergency never began; there is nothing to review."))
    if emergency.reviewed_at is not None:
        raise CannotReview(_("This emergency has been reviewed already."))
    if not may_review(emergency, by, now):
        raise CannotReview(
            _("Nobody reviews an emergency they took part in; this review waits for %s.") % emergency.reviewer
        )
    if verdict not in Emergency.Verdict.values:
        raise CannotReview(_("Say whether it was justified."))
    if not learnt.strip():
        raise CannotReview(_("Say what was learnt; without that there is no review."))
    emergency.verdict, emergency.learnt = verdict, learnt.strip()
    emergency.reviewed_by, emergency.reviewed_at = by, now
    emergency.save(update_fields=["verdict", "learnt", "reviewed_by", "reviewed_at"])
    stop([Stop(emergency.review, Measure.REVIEW, now)], now, by.pk)
    record(
        emergency_events.EmergencyReviewed(
            happened_at=now, actor_id=by.pk, about=emergency.about, case_id=emergency.case_id,
            emergency_id=emergency.pk, verdict=verdict, user_id=emergency.by_id,
            personal={"learnt": emergency.learnt},
        )
    )  # fmt: skip
    return emergency


@dataclass(frozen=True)
class UsesOfOne:
    """How often one person took the path, and what the reviews said."""

    person: Person
    uses: int
    justified: int
    not_justified: int
    to_review: int


def uses_by_person(emergencies) -> list[UsesOfOne]:
    """The most frequent first, over these emergencies."""
    rows = list(
        emergencies.filter(begun_at__isnull=False)
        .order_by()
        .values("by")
        .annotate(
            uses=Count("pk"),
            justified=Count("pk", filter=Q(verdict="justified")),
            not_justified=Count("pk", filter=Q(verdict="not_justified")),
            to_review=Count("pk", filter=Q(reviewed_at__isnull=True)),
        )
        .order_by("-uses", "by")
    )
    people = Person.objects.in_bulk([row["by"] for row in rows])
    return [UsesOfOne(people[row.pop("by")], **row) for row in rows]


def may_take_it(person: Person, now: datetime) -> bool:
    """Whether the button is there at all: the matrix gives this person a say, if only to ask."""
    return bool(standings(person.pk, "emergency", "", now))


def reviews_seen_by(ids: Collection[int], person: Any) -> QuerySet:
    return Emergency.objects.visible_to(person).filter(pk__in=ids).select_related("case")


def reviews_as_matters(rows: Sequence[Any]) -> dict[int, Matter]:
    return {
        row.pk: Matter(
            subject=str(_("Review of an emergency: %(subject)s") % {"subject": row.case.subject}),
            address=f"/emergencies/{row.pk}",
            number=row.case.number,
        )
        for row in rows
    }
