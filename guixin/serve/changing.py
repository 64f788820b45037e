"""Editing a case, with the version it was read at; and what a change does to its promises."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.ledger.models import Entry
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Person
from guixin.promise.book import book
from guixin.promise.keeping import Promise
from guixin.promise.models import Clock
from guixin.promise.models.standard import TO_CUSTOMER
from guixin.promise.moving import hand_over, tighten
from guixin.serve import events
from guixin.serve.intake import CannotOpen
from guixin.serve.models import Case, Task, Term
from guixin.serve.promises import begin, circumstances, promises_to_customer, refresh_queues
from guixin.serve.replying import change_columns
from guixin.serve.routing import locked_open
from guixin.web.refusals import Refused

EDITABLE = ("subject", "story", "kind", "category", "product", "severity", "language")
OPENLY = ("kind", "category", "severity", "product", "language")  # values that may stand in the ledger
DECIDES_PROMISES = {"kind", "category", "severity"}


class EditedMeanwhile(Refused):
    """Somebody else changed the case since it was read. Carries both sides; nothing is lost.

    `theirs` and `yours` map each field in conflict to its value; `by` and `at` say who and when.
    """

    def __init__(self, case: Case, yours: Mapping[str, Any], since: int):
        super().__init__(_("Somebody changed this case while you were editing it."))
        self.case = case
        self.yours = {name: value for name, value in yours.items() if getattr(case, name) != value}
        self.theirs = {name: getattr(case, name) for name in self.yours}
        last = Entry.objects.filter(case_id=case.pk, kind=events.CaseChanged.kind).order_by("-id").first()
        self.by_id: int | None = last.actor_id if last else None
        self.at: datetime | None = last.happened_at if last else None
        self.read_at_version = since


@transaction.atomic
def edit(case: Case, changes: Mapping[str, Any], *, read_at_version: int, by: Person, now: datetime) -> Case:
    """Change what is written about the case. Refused if it moved since `read_at_version`."""
    case = locked_open(case)
    if unknown := set(changes) - set(EDITABLE):
        raise CannotOpen(_("These cannot be edited: %s.") % ", ".join(sorted(unknown)))
    if case.version != read_at_version:
        raise EditedMeanwhile(case, changes, read_at_version)
    changes = {name: value for name, value in changes.items() if getattr(case, name) != value}
    _check(changes)
    if not changes:
        return case
    old = {name: getattr(case, name) for name in changes}
    change_columns(case, **changes)
    record(
        events.CaseChanged(
            happened_at=now,
            actor_id=by.pk,
            about=case.about,
            case_id=case.pk,
            fields=sorted(changes),
            old={name: old[name] for name in changes if name in OPENLY},
            new={name: changes[name] for name in changes if name in OPENLY},
            personal={"old": {n: v for n, v in old.items() if n not in OPENLY}}
            if set(changes) - set(OPENLY)
            else {},
        )
    )
    if DECIDES_PROMISES & set(changes):
        promise_anew([case], ", ".join(sorted(DECIDES_PROMISES & set(changes))), now=now, by=by)
    return case


def _check(changes: Mapping[str, Any]) -> None:
    if "subject" in changes and not str(changes["subject"]).strip():
        raise CannotOpen(_("Say in a few words what it is about."))
    if changes.get("kind", Case.Kind.COMPLAINT) not in Case.Kind.values:
        raise CannotOpen(_("There is no kind of case called “%s”.") % changes["kind"])
    if changes.get("severity", 1) not in Case.Severity.values:
        raise CannotOpen(_("Severity is a number from 1 (minor) to 4 (critical)."))
    category = changes.get("category")
    if category and not Term.objects.filter(list=Term.List.CATEGORY, code=category).exists():
        raise CannotOpen(_("There is no category called “%s”.") % category)


@transaction.atomic
def edit_many(cases: Sequence[Case], changes: Mapping[str, Any], *, by: Person, now: datetime) -> None:
    """The same change of open values (`OPENLY`) on many cases, which the caller holds locked and open."""
    _check(changes)
    changed = [case for case in cases if any(getattr(case, name) != changes[name] for name in changes)]
    Case.objects.filter(pk__in=[case.pk for case in changed]).update(**changes, version=F("version") + 1)
    said = []
    for case in changed:
        fields = sorted(name for name in changes if getattr(case, name) != changes[name])
        said.append(
            events.CaseChanged(
                happened_at=now,
                actor_id=by.pk,
                about=case.about,
                case_id=case.pk,
                fields=fields,
                old={name: getattr(case, name) for name in fields},
                new={name: changes[name] for name in fields},
            )
        )
        for name in fields:
            setattr(case, name, changes[name])
        case.version += 1
    record(*said)
    if DECIDES_PROMISES & set(changes):
        promise_anew(changed, ", ".join(sorted(DECIDES_PROMISES & set(changes))), now=now, by=by)


def promise_anew(cases: Sequence[Case], reason: str, *, now: datetime, by: Person | None = None) -> None:
    """The cases are others now: stricter promises apply from here, looser ones do not; new ones begin."""
    pages, ladder = book(), Ladder.at(now)
    facts = {case.pk: circumstances(case) for case in cases}
    clocks = Clock.objects.filter(case_id__in=facts, about_kind__in=["case", "task"]).open()
    promised = [
        (clock, version)
        for clock in clocks
        if (version := pages.promise(clock.measure, facts[clock.case_id].at(clock.department_id)))
        and version.pk != clock.version_id
    ]
    tighten(promised, reason, now, by.pk if by else None)
    generations = {case.pk: case.generation for case in cases}
    rows = Clock.objects.of("case", *facts).values_list("about_id", "generation", "measure")
    had = {(pk, measure) for pk, generation, measure in rows if generation == generations[pk]}
    fresh: list[Promise] = [
        promise
        for case in cases
        for promise in promises_to_customer(
            case, department_id=ladder.department_of(case.owner_id), at=now, pages=pages
        )
        if (case.pk, promise.version.standard.measure) not in had
    ]
    begin(fresh)
    refresh_queues(set(facts), set())


@transaction.atomic
def regrade(case: Case, grade: str, *, now: datetime) -> Case:
    """The customer's grade changed while the case is open: better promises apply at once, worse ones do not."""
    case = locked_open(case)
    if grade != case.grade:
        old = case.grade
        change_columns(case, grade=grade)
        record(
            events.CaseChanged(
                happened_at=now,
                about=case.about,
                case_id=case.pk,
                fields=["grade"],
                old={"grade": old},
                new={"grade": grade},
            )
        )
        promise_anew([case], "grade", now=now)
    return case


@transaction.atomic
def change_owner(case: Case, owner: Person, *, by: Person, now: datetime) -> Case:
    """Another person answers for the case; its promises to the customer go with it, unmoved."""
    case = locked_open(case)
    if owner.pk != case.owner_id:
        change_owners({case.pk: owner.pk}, by=by, now=now)
        case.refresh_from_db()
    return case


@transaction.atomic
def change_owners(
    wanted: Mapping[int, int], *, by: Person, now: datetime, part_of: int | None = None
) -> set[int]:
    """Other people answer for these cases: case id -> person id. Returns the cases that have a new owner now.

    Closed ones, and those that are with that person already, are left alone. A dozen statements for each new owner,
    however many cases. `part_of`: the bulk change this belongs to; whoever receives many is told once.
    """
    found = Case.objects.open().filter(pk__in=wanted).select_for_update(of=("self",)).order_by("pk")
    cases = [case for case in found if case.owner_id != wanted[case.pk]]
    ladder = Ladder.at(now)
    for owner_id in {wanted[case.pk] for case in cases}:
        if not ladder.seats_of(owner_id):
            name = Person.objects.get(pk=owner_id).name
            raise CannotOpen(_("%s holds no post and cannot own a case.") % name)
        theirs = [case.pk for case in cases if wanted[case.pk] == owner_id]
        Case.objects.filter(pk__in=theirs).update(owner_id=owner_id, version=F("version") + 1)
        hand_over(
            Clock.objects.of("case", *theirs).filter(measure__in=TO_CUSTOMER).open(),
            department_id=ladder.department_of(owner_id),
            holder_id=owner_id,
            now=now,
            actor_id=by.pk,
        )
    balls_return({case.pk: wanted[case.pk] for case in cases}, ladder)
    record(
        *(
            events.OwnerChanged(
                happened_at=now,
                actor_id=by.pk,
                about=case.about,
                case_id=case.pk,
                old_owner_id=case.owner_id,
                new_owner_id=wanted[case.pk],
                part_of=part_of,
            )
            for case in cases
        )
    )
    return {case.pk for case in cases}


def balls_return(owners: Mapping[int, int], ladder: Ladder) -> None:
    """As `ball_returns`, for many cases (case id -> owner): the first department still working, else the owner's."""
    at_work = Task.objects.filter(case_id__in=owners).open().order_by("case_id", "queue_at", "pk")
    with_whom = dict(at_work.distinct("case_id").values_list("case_id", "department_id"))
    cases_of: dict[int, list[int]] = {}
    for case_id, owner_id in owners.items():
        department_id = with_whom.get(case_id) or ladder.department_of(owner_id)
        cases_of.setdefault(department_id, []).append(case_id)
    for department_id, case_ids in cases_of.items():
        Case.objects.filter(pk__in=case_ids).exclude(department_id=department_id).update(
            department_id=department_id
        )
