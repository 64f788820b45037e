"""Customers who want to come: applied for at the desk or by the form, graded by the rules, changed, applied for again.

A verb locks the case, then the visit. What the reception may cost is decided in `visit_deciding.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.serve import intake, replying
from guixin.serve import visit_events as events
from guixin.serve.models import Case, Visit
from guixin.serve.routing import locked_open
from guixin.serve.visit_rules import Rules, rules_in_force
from guixin.serve.visiting import (
    LONG,
    LONGEST_AHEAD,
    SHORT,
    CannotVisit,
    State,
    VisitSettled,
    facts,
    locked,
    save,
)
from guixin.understand.models import Customer

SOURCE = "visit"  # of the cases customers open by the form
CHANGED = (
    "purpose",
    "company",
    "people",
    "contact_name",
    "visitors",
    "languages",
    "wishes",
    "wished_on",
    "wished_or",
)


@dataclass(frozen=True, kw_only=True)
class Application:
    """Who wants to come, why and when."""

    purpose: str
    people: int
    wished_on: date
    wished_or: date | None = None
    company: str = ""
    contact_name: str = ""
    visitors: str = ""
    languages: str = ""
    wishes: str = ""


@transaction.atomic
def apply_for(case: Case, wanted: Application, *, now: datetime, by: Person | None = None) -> Visit:
    """The visit of a case that has none yet. The rules propose how it is received."""
    case = locked_open(case)
    if case.kind != Case.Kind.VISIT:
        raise CannotVisit(_("This case is no visit; change its kind first."))
    if Visit.objects.filter(case=case).exists():
        raise VisitSettled(_("Who comes is written down already for this case."))
    rules = rules_in_force()
    wanted = _checked(wanted, rules, now, by)
    visit = Visit(case=case, **{name: getattr(wanted, name) for name in CHANGED})
    _propose(visit, rules)
    visit.save()
    _applied(visit, by, now)
    return visit


@transaction.atomic
def open_visit(
    wanted: Application, *, customer: Customer | None, now: datetime, channel: str, language: str = "zh-hans",
    by: Person | None = None, external_id: str | None = None, departments: Sequence[int] | None = (),
) -> Visit:  # fmt: skip
    """A case of this kind, and its visit."""
    rules = rules_in_force()
    wanted = _checked(wanted, rules, now, by)
    with translation.override(language):
        subject = gettext_now("%(purpose)s: %(who)s, %(n)s people") % {
            "purpose": rules.purpose(wanted.purpose).shown(language),
            "who": wanted.company or wanted.contact_name or gettext_now("visitors"),
            "n": wanted.people,
        }
    case = intake.open_case(
        intake.Arrival(
            kind=Case.Kind.VISIT, subject=subject, story=wanted.wishes, channel=channel, language=language,
            customer=customer, source=SOURCE if external_id else "", external_id=external_id, departments=departments,
        ),
        now=now, by=by,
    )  # fmt: skip
    return apply_for(case, wanted, now=now, by=by)


@transaction.atomic
def take_in(
    wanted: Application, *, customer: Customer | None, channel: str, by: Person, now: datetime, phone: str = "",
    email: str = "", language: str = "zh-hans",
) -> Visit:  # fmt: skip
    """What our own people write down: for somebody we know, or somebody with a phone or an e-mail."""
    customer = customer or visitor(wanted, phone=phone, email=email, now=now)
    return open_visit(wanted, customer=customer, channel=channel, language=language, by=by, now=now)


def apply_once(
    wanted: Application, *, phone: str, email: str, now: datetime, once: str, language: str
) -> Visit:
    """What a customer sends by the public form; the same sent twice (`once`) is one visit."""
    try:
        with transaction.atomic():
            customer = visitor(wanted, phone=phone, email=email, now=now)
            return open_visit(
                wanted,
                customer=customer,
                now=now,
                channel=Case.Channel.WEB,
                language=language,
                external_id=once,
            )
    except IntegrityError:
        first = Visit.objects.filter(case__source=SOURCE, case__external_id=once).first()
        if first is None:
            raise
        return first


def visitor(wanted: Application, *, phone: str, email: str, now: datetime) -> Customer:
    """Who applies: the company, or the person where none is named, found by what they can be reached under."""
    identities = [(kind, said) for kind, said in (("phone", phone), ("email", email)) if said.strip()]
    if not identities:
        raise CannotVisit(_("Leave a phone number or an e-mail address, so that we can answer you."))
    kind, name = ("company", wanted.company) if wanted.company.strip() else ("person", wanted.contact_name)
    return Customer.objects.for_intake(kind, name.strip(), identities, now)[0]


@transaction.atomic
def change(
    visit: Visit, changes: Mapping[str, Any], *, read_at_version: int, by: Person, now: datetime
) -> Visit:
    """Before it is decided. Another purpose or number of people is graded anew, unless somebody decided the grade."""
    visit = locked(visit)
    if visit.state != State.APPLIED:
        raise VisitSettled(_("This visit was decided meanwhile; move or cancel it instead."))
    if visit.version != read_at_version:
        raise VisitSettled(_("Somebody changed this visit while you were editing."))
    rules = rules_in_force()
    stood = Application(**{name: getattr(visit, name) for name in CHANGED})
    wanted = _checked(replace(stood, **changes), rules, now, by)
    differing = [name for name in CHANGED if getattr(visit, name) != getattr(wanted, name)]
    if not differing:
        return visit
    for name in differing:
        setattr(visit, name, getattr(wanted, name))
    if visit.graded_by_id is None:
        _propose(visit, rules)
    save(visit, *differing, "grade", "grade_rule", "budget", "currency", "rules")
    record(events.VisitChanged(**facts(visit, by, now), fields=differing))
    return visit


@transaction.atomic
def apply_again(
    visit: Visit, wished_on: date, *, now: datetime, wished_or: date | None = None, by: Person | None = None
) -> Visit:
    """Declined or called off, and now on another day. The case goes on under its number."""
    visit = locked(visit)
    if visit.state not in (State.DECLINED, State.CANCELLED):
        raise VisitSettled(
            _("This visit is neither declined nor cancelled; there is nothing to apply for again.")
        )
    rules = rules_in_force()
    stood = Application(**{name: getattr(visit, name) for name in CHANGED})
    wanted = _checked(replace(stood, wished_on=wished_on, wished_or=wished_or), rules, now, by)
    visit.wished_on, visit.wished_or, visit.state = wanted.wished_on, wanted.wished_or, State.APPLIED
    visit.request = visit.use = visit.decided_by = visit.decided_at = visit.arrives_at = visit.leaves_at = (
        None
    )
    visit.graded_by, visit.grade_reason = None, ""
    _propose(visit, rules)
    save(
        visit, "wished_on", "wished_or", "state", "request", "use", "decided_by", "decided_at", "arrives_at",
        "leaves_at", "graded_by", "grade_reason", "grade", "grade_rule", "budget", "currency", "rules",
    )  # fmt: skip
    if visit.case.state == Case.State.ANSWERED:  # there is something again that nobody has answered
        replying.change_columns(visit.case, state=Case.State.OPEN)
    _applied(visit, by, now)
    return visit


def _checked(wanted: Application, rules: Rules, now: datetime, by: Person | None) -> Application:
    """Raises CannotVisit. Our own people may take in a visit for tomorrow; customers keep the firm's notice."""
    today = timezone.localdate(now)
    if wanted.purpose not in {each.code for each in rules.purposes}:
        raise CannotVisit(_("Say what the visit is for."))
    if wanted.people < 1:
        raise CannotVisit(_("Say how many people come."))
    if wanted.people > rules.most_people:
        raise CannotVisit(
            _("We receive at most %s people at a time. Please come in several groups, or call us.")
            % rules.most_people
        )
    days = [each for each in (wanted.wished_on, wanted.wished_or) if each]
    if any(each < today for each in days):
        raise CannotVisit(_("This day is over; choose one that lies ahead."))
    if any((each - today).days > LONGEST_AHEAD for each in days):
        raise CannotVisit(_("Choose a day within a year."))
    if by is None and any((each - today).days < rules.days_ahead for each in days):
        raise CannotVisit(
            _("Please apply at least %s days ahead, so that we can prepare; or call us.") % rules.days_ahead
        )
    if not (wanted.company.strip() or wanted.contact_name.strip()):
        raise CannotVisit(_("Say who comes: the company, or a name."))
    cut = {"company": SHORT, "contact_name": SHORT, "languages": SHORT, "visitors": LONG, "wishes": LONG}
    return replace(wanted, **{name: getattr(wanted, name).strip()[:longest] for name, longest in cut.items()})


def _propose(visit: Visit, rules: Rules) -> None:
    customer = visit.case.customer
    grade, rule = rules.propose(visit.purpose, (customer.grade if customer else "") or "", visit.people)
    visit.grade, visit.grade_rule, visit.budget, visit.currency = (
        grade.code,
        rule,
        grade.budget,
        rules.currency,
    )
    visit.rules_id = rules.pk


def _applied(visit: Visit, by: Person | None, now: datetime) -> None:
    record(
        events.VisitApplied(
            **facts(visit, by, now), purpose=visit.purpose, people=visit.people, grade=visit.grade,
            wished_on=visit.wished_on.isoformat(), by_customer=by is None,
        )
    )  # fmt: skip
