"""Customers who want to come: applied for, graded, approved by authority, declined with reason and alternatives, moved,
called off.

A verb locks the case, then the visit. What the reception may cost is decided through `promise/authorising.py`: above a
limit it goes up by itself, and `settle_visits` goes on when the answer is there. The customer is told in the words of a
reply, so that number, promise and tracking page work as for every case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation import authority
from guixin.organisation.models import Person, Use
from guixin.promise import authorising
from guixin.promise.authority_events import AuthorityDecided, AuthorityWithdrawn
from guixin.promise.models import AuthorityRequest
from guixin.serve import intake, replying
from guixin.serve import visit_events as events
from guixin.serve.deciding import subject_of_case
from guixin.serve.models import Case, Visit
from guixin.serve.routing import locked_open
from guixin.serve.visit_rules import Rules, rules_in_force, rules_of
from guixin.understand.models import Customer
from guixin.web.refusals import Refused

State = Visit.State
SOURCE = "visit"  # of the cases customers open by the form
LONGEST_AHEAD = 365  # days
LONGEST_STAY = timedelta(days=14)
SHORT, LONG = 120, 4000
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


class CannotVisit(Refused):
    """The visit cannot be like this, and why."""

    about_input = True


class VisitSettled(Refused):
    """It was decided, cancelled or held meanwhile."""


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


# -- applying ----------------------------------------------------------------------------------------------------------


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


# -- deciding ----------------------------------------------------------------------------------------------------------


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


# -- what they share ---------------------------------------------------------------------------------------------------


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


def overlapping(visit: Visit, arrives_at: datetime | None = None, leaves_at: datetime | None = None,
                place: str | None = None) -> list[Visit]:  # fmt: skip
    """Others at the same place at the same time: a warning, no refusal. Without a place nothing is said."""
    begins, ends = arrives_at or visit.arrives_at, leaves_at or visit.leaves_at
    where = visit.place if place is None else place
    if not (begins and ends and where):
        return []
    there = Visit.objects.filter(
        state__in=[State.ASKED, State.APPROVED],
        place__iexact=where,
        arrives_at__lt=ends,
        leaves_at__gt=begins,
    )
    return list(there.exclude(pk=visit.pk).select_related("case").order_by("arrives_at")[:10])


def hours(visit: Visit) -> str:
    """When they come, in the reader's language and the firm's zone."""
    if not visit.arrives_at or not visit.leaves_at:
        return ""
    begins, ends = timezone.localtime(visit.arrives_at), timezone.localtime(visit.leaves_at)
    day = f"{date_format(begins, 'DATE_FORMAT')} {begins:%H:%M}"
    return (
        f"{day}–{ends:%H:%M}"
        if begins.date() == ends.date()
        else f"{day} – {date_format(ends, 'DATE_FORMAT')} {ends:%H:%M}"
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


def locked(visit: Visit) -> Visit:
    """Its case, open and locked, then the visit. A case that was merged or closed refuses in its own words."""
    case = locked_open(visit.case)
    rows = Visit.objects.select_related("request__to_person", "use", "host")
    fresh = rows.select_for_update(of=("self",)).get(pk=visit.pk)
    fresh.case = case
    return fresh


def save(visit: Visit, *fields: str) -> None:
    """The version moves with every change."""
    visit.save(update_fields=fields)
    Visit.objects.filter(pk=visit.pk).update(version=F("version") + 1)
    visit.version += 1


def _applied(visit: Visit, by: Person | None, now: datetime) -> None:
    record(
        events.VisitApplied(
            **facts(visit, by, now), purpose=visit.purpose, people=visit.people, grade=visit.grade,
            wished_on=visit.wished_on.isoformat(), by_customer=by is None,
        )
    )  # fmt: skip


def facts(visit: Visit, by: Person | None, now: datetime) -> dict[str, Any]:
    return {
        "happened_at": now, "actor_id": by.pk if by else None, "about": visit.case.about, "case_id": visit.case_id,
        "visit_id": visit.pk,
    }  # fmt: skip
