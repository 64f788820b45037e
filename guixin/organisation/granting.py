"""The authority matrix as administrators change it: a draft, who could do what differs, published. And lending."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation import authority_events as events
from guixin.organisation.decisions import DECISIONS, Decision, Unit, checked
from guixin.organisation.in_force import Standing, grants_in_force, matrix_in_force, standings
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Grant, Lending, Matrix, Person
from guixin.web.refusals import Refused

TERMS = (
    "decision", "position_id", "rank", "department_id", "currency", "unlimited", "limit_each", "limit_case",
    "limit_customer", "limit_period", "period_days", "for_kinds", "up_to_severity", "not_on_repeat",
)  # fmt: skip
WHOSE = (
    "decision",
    "position_id",
    "rank",
    "department_id",
    "currency",
    "for_kinds",
    "up_to_severity",
    "not_on_repeat",
)


class CannotGrant(Refused):
    """The line cannot stand in the table, and why."""

    about_input = True


class CannotPublishMatrix(Refused):
    """The draft cannot be the table, and why."""


class CannotLend(Refused):
    """This authority cannot be lent like this, and why."""

    about_input = True


# -- the draft ---------------------------------------------------------------------------------------------------------


def draft() -> Matrix | None:
    return Matrix.objects.filter(published_at__isnull=True).first()


@transaction.atomic
def begin_draft() -> Matrix:
    """The draft; a new one begins as a copy of what is in force."""
    Matrix.objects.select_for_update().filter(withdrawn_at__isnull=True).first()  # two at once make one
    if found := draft():
        return found
    fresh = Matrix.objects.create()
    table = matrix_in_force()
    for grant in Grant.objects.filter(matrix=table).order_by("pk") if table else ():
        Grant.objects.create(matrix=fresh, **terms_of(grant))
    return fresh


def terms_of(grant: Grant) -> dict[str, Any]:
    return {name: getattr(grant, name) for name in TERMS}


def check_line(matrix: Matrix, terms: Mapping[str, Any]) -> Grant:
    """The line as it would stand in this version. Refuses what would mean nothing."""
    grant = Grant(matrix=matrix, **terms)
    known = DECISIONS.get(grant.decision)
    if known is None:
        raise CannotGrant(_("There is no decision called “%s”.") % grant.decision)
    if (grant.position_id is None) == (grant.rank is None):
        raise CannotGrant(_("Say whose it is: a position, or a rank and above; one of them."))
    if grant.position_id is not None and grant.department_id is not None:
        raise CannotGrant(_("A position stands in its department already; leave the department out."))
    if grant.rank is not None and grant.rank < 1:
        raise CannotGrant(_("Ranks begin at 1."))
    limits = [grant.limit_each, grant.limit_case, grant.limit_customer, grant.limit_period]
    if any(limit is not None and limit < 0 for limit in limits):
        raise CannotGrant(_("A limit is never less than nothing; zero means that it must be asked for."))
    if grant.limit_case is not None and grant.limit_case < grant.limit_each:
        raise CannotGrant(_("The limit of one case is less than that of one decision in it."))
    if grant.period_days < 1:
        raise CannotGrant(_("The period has at least one day."))
    if known.unit == Unit.MONEY:
        checked(grant.decision, 1, grant.currency)
    elif grant.currency:
        raise CannotGrant(_("Only money has a currency."))
    return grant


def put_grant(matrix: Matrix, terms: Mapping[str, Any], *, pk: int = 0) -> Grant:
    """A line of the draft, new or changed. Refuses what would mean nothing, or two things."""
    if matrix.published_at is not None:
        raise CannotGrant(_("A published table is never changed; begin a draft."))
    grant = check_line(matrix, terms)
    same = Grant.objects.filter(matrix=matrix, **{name: getattr(grant, name) for name in WHOSE})
    if same.exclude(pk=pk).exists():
        raise CannotGrant(_("There is such a line already; change that one."))
    if not pk:
        grant.save(force_insert=True)
    else:
        Grant.objects.filter(pk=pk, matrix=matrix).update(**terms)
        grant.pk = pk
    return grant


def discard_draft() -> None:
    Matrix.objects.filter(published_at__isnull=True).delete()


@dataclass(frozen=True)
class Difference:
    """What one person may decide before and after; None: nothing at all, `limit` None: without limit."""

    person: Person
    decision: Decision
    currency: str
    before: Standing | None
    after: Standing | None


def differences(matrix: Matrix, now: datetime) -> list[Difference]:
    """Who could do what differs, if this table were in force: everybody with a post, by name."""
    fresh: dict[str, list[Grant]] = {}
    for grant in Grant.objects.filter(matrix=matrix).select_related("matrix"):
        fresh.setdefault(grant.decision, []).append(grant)
    there = grants_in_force()
    people = Person.objects.in_bulk({person_id for person_id, _seat in Ladder.at(now).everybody()})
    kinds = {
        (code, grant.currency) for table in (fresh, there) for code, lines in table.items() for grant in lines
    }
    found = []
    for person in sorted(people.values(), key=lambda each: (each.name_pinyin, each.pk)):
        for code, currency in sorted(kinds):
            before, after = (_widest(person.pk, code, currency, now, table) for table in (there, fresh))
            if code in DECISIONS and _means(before) != _means(after):
                found.append(Difference(person, DECISIONS[code], currency, before, after))
    return found


def _widest(
    person_id: int, code: str, currency: str, now: datetime, table: Mapping[str, list[Grant]]
) -> Standing | None:
    own = [each for each in standings(person_id, code, currency, now, grants=table) if each.how == "own"]
    return own[0] if own else None


def _means(standing: Standing | None) -> tuple | None:
    if standing is None:
        return None
    left_out = {"decision", "position_id", "rank", "department_id", "currency"}
    return tuple(
        tuple(value) if isinstance(value := getattr(standing.grant, name), list) else value
        for name in TERMS
        if name not in left_out
    )


@transaction.atomic
def publish(matrix: Matrix, *, by: Person | None, now: datetime, note: str = "") -> Matrix:
    """The draft becomes the table. What was decided under the one before stays; open requests are judged by this."""
    last = Matrix.objects.select_for_update().filter(published_at__isnull=False).order_by("-number").first()
    matrix = Matrix.objects.select_for_update().get(pk=matrix.pk)
    if matrix.published_at is not None:
        raise CannotPublishMatrix(_("This version is published already."))
    if not matrix.grants.exists():
        raise CannotPublishMatrix(_("An empty table would leave nobody any authority."))
    changed = differences(matrix, now)
    if last is not None and last.withdrawn_at is None and not _differ(last, matrix):
        raise CannotPublishMatrix(_("Nothing differs from the table in force."))
    if last is not None and last.withdrawn_at is None:
        Matrix.objects.filter(pk=last.pk).update(withdrawn_at=now)
    matrix.number = last.number + 1 if last and last.number else 1
    matrix.published_at, matrix.published_by, matrix.note = now, by, note.strip()
    matrix.save(update_fields=["number", "published_at", "published_by", "note"])
    record(
        events.MatrixPublished(
            happened_at=now,
            actor_id=by.pk if by else None,
            about=("matrix", matrix.pk),
            number=matrix.number,
            grants=matrix.grants.count(),
            people=len({each.person.pk for each in changed}),
        )
    )
    return matrix


def _differ(one: Matrix, other: Matrix) -> bool:
    return _lines(one.grants.all()) != _lines(other.grants.all())


def _lines(grants: Iterable[Grant]) -> list[str]:
    return sorted(repr(terms_of(grant)) for grant in grants)


@transaction.atomic
def publish_lines(lines: Sequence[Mapping[str, Any]], *, by: Person | None, now: datetime) -> Matrix | None:
    """These lines as the next version, from a firm file; None if they are in force already. A draft is left alone."""
    fresh = Matrix(number=(Matrix.objects.aggregate(last=Max("number"))["last"] or 0) + 1, published_at=now)
    table = matrix_in_force()
    wanted = sorted(repr({name: line[name] for name in TERMS}) for line in lines)
    if table is not None:
        if _lines(table.grants.all()) == wanted:
            return None
        Matrix.objects.filter(pk=table.pk).update(withdrawn_at=now)
    fresh.published_by = by
    fresh.save()
    Grant.objects.bulk_create(Grant(matrix=fresh, **line) for line in lines)
    record(
        events.MatrixPublished(
            happened_at=now,
            actor_id=by.pk if by else None,
            about=("matrix", fresh.pk),
            number=fresh.number or 0,
            grants=len(lines),
            people=0,
        )
    )
    return fresh


# -- lending -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def lend(
    lender: Person, borrower: Person, decision: str, limit: int, *, from_at: datetime, to_at: datetime, now: datetime,
    currency: str = "", reason: str = "",
) -> Lending:  # fmt: skip
    """Part of one's own authority, for a span. Never more than one has, never what was lent to oneself, never in a ring."""
    known = checked(decision, limit, currency)
    if borrower.pk == lender.pk:
        raise CannotLend(_("You have it already."))
    if not borrower.is_active:
        raise CannotLend(_("%(name)s no longer works here.") % {"name": borrower.name})
    if to_at <= from_at or to_at <= now:
        raise CannotLend(_("The span ends before it begins, or is over already."))
    if not reason.strip():
        raise CannotLend(_("Say why; whoever looks at the table later will ask."))
    own = [each for each in standings(lender.pk, decision, currency, now) if each.how == "own"]
    if not own:
        raise CannotLend(
            _("You have no authority for “%(decision)s” to lend; what was lent to you cannot be lent on.")
            % {"decision": known.name}
        )
    most = own[0].limit
    if most is not None and limit > most:
        raise CannotLend(
            _("You may decide %(most)s at most; more cannot be lent.")
            % {"most": known.written(most, currency)}
        )
    list(Person.objects.select_for_update().filter(pk__in=[lender.pk, borrower.pk]).order_by("pk"))
    meanwhile = Lending.objects.filter(
        decision=decision, currency=currency, from_at__lt=to_at, to_at__gt=from_at
    ).exclude(to_at__lte=now)
    if _reaches(borrower.pk, lender.pk, meanwhile):
        raise CannotLend(
            _(
                "%(name)s lends the same to you, directly or through others, in that time: a ring, where nobody answers."
            )
            % {"name": borrower.name}
        )
    if meanwhile.filter(lender=lender, borrower=borrower).exists():
        raise CannotLend(_("You lent them this for that time already; take it back first."))
    made = Lending.objects.create(
        lender=lender, borrower=borrower, decision=decision, currency=currency, limit=limit, from_at=from_at,
        to_at=to_at, reason=reason.strip(), made_at=now,
    )  # fmt: skip
    record(
        events.AuthorityLent(
            happened_at=now, actor_id=lender.pk, about=("person", lender.pk), lending_id=made.pk,
            borrower_id=borrower.pk, decision=decision, currency=currency, limit=limit, from_at=from_at, to_at=to_at,
            personal={"reason": made.reason},
        )
    )  # fmt: skip
    return made


def _reaches(start: int, goal: int, lendings: Any) -> bool:
    """Whether one can walk from one person to the other along what is lent."""
    steps: dict[int, set[int]] = {}
    for lender_id, borrower_id in lendings.values_list("lender_id", "borrower_id"):
        steps.setdefault(lender_id, set()).add(borrower_id)
    seen, todo = set(), [start]
    while todo:
        at = todo.pop()
        if at == goal:
            return True
        if at not in seen:
            seen.add(at)
            todo += steps.get(at, ())
    return False


@transaction.atomic
def take_back(lending: Lending, *, by: Person, now: datetime) -> bool:
    """The lender takes it back; what was decided by it stays. False if it was over already."""
    if by.pk != lending.lender_id:
        raise CannotLend(_("Only whoever lent it takes it back."))
    if lending.from_at >= now:
        done = Lending.objects.filter(pk=lending.pk, uses=None).delete()[0]
    else:
        done = Lending.objects.filter(pk=lending.pk, to_at__gt=now).update(to_at=now)
    if done:
        record(
            events.LendingEnded(
                happened_at=now,
                actor_id=by.pk,
                about=("person", lending.lender_id),
                lending_id=lending.pk,
                decision=lending.decision,
            )
        )
    return bool(done)
