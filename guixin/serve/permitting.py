"""Who may do what with a case they may see. Pages and API ask here, so neither allows what the other refuses."""

from guixin.ledger.clock import database_now
from guixin.organisation.access import scope_of
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Person
from guixin.organisation.models.position import Duty
from guixin.promise.models import Clock, Escalation
from guixin.serve.models import Case, Goodwill


def may_serve(case: Case, person: Person) -> bool:
    """Speak to the customer, decide departments, close: the owner, the front desk, and those above everything."""
    scope = scope_of(person)
    return scope.sees_everything or scope.is_front_desk or case.owner_id == person.pk


def may_hand_over(goodwill: Goodwill, person: Person) -> bool:
    """Write down that the customer has what was promised: who serves the case, and finance."""
    return scope_of(person).has_duty(Duty.FINANCE) or may_serve(goodwill.case, person)


def may_act(escalation: Escalation, person: Person) -> bool:
    """Answer an escalation: whoever was told, or an authority above them that looks after the department."""
    if escalation.to_person_id == person.pk:
        return True
    scope = scope_of(person)
    if scope.sees_everything:
        return True
    told = Ladder.at(database_now()).seats_of(escalation.to_person_id) if escalation.to_person_id else []
    above = scope.rank > max((seat.rank for seat in told), default=0)
    return above and escalation.department_id in scope.department_ids


def may_ask_for_time(clock: Clock, person: Person) -> bool:
    """Ask for an extension: who holds the promise, and the colleagues of the department that must keep it."""
    scope = scope_of(person)
    return (
        scope.sees_everything
        or clock.holder_id == person.pk
        or clock.department_id in scope.own_department_ids | scope.department_ids
    )
