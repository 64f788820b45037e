"""A case arrives: an owner from its first second, its promises running, its departments at work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.ledger.bulk import fetch_rows, insert_models
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Person
from guixin.organisation.revisions import cached_until_changed
from guixin.promise.book import book
from guixin.promise.keeping import Promise, drawn
from guixin.promise.models import Clock, PackageVersion
from guixin.promise.packages import packages_in_force
from guixin.serve import events
from guixin.serve.models import Case, CaseLink, RoutingRule, Task, Term
from guixin.serve.models.counter import counted
from guixin.serve.promises import begin, promises_to_customer, refresh_queues, spelled_out
from guixin.serve.routing import (
    given_to,
    hand_to_coordinator,
    promises_of,
    share_out,
    shares_of,
    take_deadlines,
)
from guixin.understand.models import Customer
from guixin.web.refusals import Refused


class CannotOpen(Refused):
    """The case cannot be taken in as it stands, and what is missing."""

    about_input = True


@dataclass(kw_only=True)
class Arrival:
    """What somebody brought us, before it is a case."""

    kind: str
    subject: str
    channel: str
    story: str = ""
    category: str = ""
    product: str = ""
    severity: int = Case.Severity.NORMAL
    language: str = "zh-hans"
    customer: Customer | None = None
    requested_by_id: int | None = None
    owner_id: int | None = None
    opened_at: datetime | None = None  # now, unless it reached us earlier
    source: str = ""
    external_id: str | None = None
    opinion_point_id: int | None = None  # the QR card it came by
    # Decided by whoever takes it in, over the rules; None: its tasks come from elsewhere.
    departments: Sequence[int] | None = ()
    instructions: Mapping[int, str] = field(default_factory=dict)  # what each of these is asked to do


def open_case(arrival: Arrival, *, now: datetime, by: Person | None = None) -> Case:
    """Take in one case. Its number and tracking link can be told to the customer at once."""
    return open_cases([arrival], now=now, by=by)[0]


@transaction.atomic
def open_cases(arrivals: Sequence[Arrival], *, now: datetime, by: Person | None = None) -> list[Case]:
    """Take in many in about as many statements as one."""
    for arrival in arrivals:
        _check(arrival, now)
    ladder = Ladder.at(now)
    owners = Owners(ladder, now)
    cases = [_case(arrival, owners, ladder, now, by) for arrival in arrivals]
    _give_numbers(cases)
    shares = share_out(cases, decided=_decided(cases, arrivals), now=now, by=by)
    clocks = _promise_everything(cases, owners, promises_of(shares.given, now=now))
    take_deadlines(shares.given, clocks)
    insert_models(cases)
    insert_models(shares.routings)
    insert_models(shares.tasks)
    opened = [
        events.CaseOpened(
            happened_at=case.opened_at,
            actor_id=by.pk if by else None,
            about=case.about,
            case_id=case.pk,
            number=case.number,
            case_kind=case.kind,
            category=case.category,
            severity=case.severity,
            channel=case.channel,
            customer_id=case.customer_id,
            owner_id=case.owner_id,
            department_id=owners.department_of(case.owner_id),
            promises=spelled_out(clocks.get(case.about, ())),
            segment_id=case.segment_id,
            package_version_id=case.package_id,
        )
        for case in cases
    ]
    record(*opened, *shares.said, *given_to(shares.given, clocks, now=now, by=by))
    if shares.lost:
        hand_to_coordinator(shares.lost, now=now)
        deadlines = refresh_queues({case.pk for case in shares.lost}, set())
        for case in shares.lost:
            case.queue_at = deadlines[case.pk]
    return cases


def _decided(
    cases: Sequence[Case], arrivals: Sequence[Arrival]
) -> dict[int, Sequence[tuple[int, str]] | None]:
    """The departments that were named for each case, with their instructions; None: no tasks from here."""
    return {
        case.pk: None
        if arrival.departments is None
        else [(pk, arrival.instructions.get(pk, "")) for pk in arrival.departments]
        for case, arrival in zip(cases, arrivals, strict=True)
    }


def _promise_everything(
    cases: Sequence[Case], owners: "Owners", by_departments: Sequence[Promise]
) -> dict[tuple[str, int], list[Clock]]:
    """Start every promise of these cases in one statement; each case takes over its nearest deadline."""
    pages, promises = book(), []
    for case in cases:
        promises += promises_to_customer(
            case, department_id=owners.department_of(case.owner_id), at=case.opened_at, pages=pages
        )
    clocks = begin([*promises, *by_departments])
    nearest: dict[int, datetime] = {}
    for clock in chain.from_iterable(clocks.values()):
        case_id = clock.case_id or 0
        nearest[case_id] = min(clock.deadline, nearest.get(case_id, clock.deadline))
    for case in cases:
        case.queue_at = nearest.get(case.pk, case.queue_at)
    return clocks


@dataclass(frozen=True)
class Foreseen:
    """What would happen to a case that is not taken in yet. `clocks` and `tasks` are nobody's and never saved."""

    case: Case
    rule: RoutingRule | None
    tasks: Sequence[Task]
    clocks: Sequence[Clock]  # to the customer, then of the departments that would begin at once

    def of(self, noun: Case | Task) -> list[Clock]:
        return [clock for clock in self.clocks if (clock.about_kind, clock.about_id) == noun.about]


def foresee(arrival: Arrival, *, now: datetime, by: Person | None = None) -> Foreseen:
    """A dry run: the departments the rules would choose and every deadline we would promise. Writes nothing."""
    ladder = Ladder.at(now)
    owners = Owners(ladder, now)
    case = _case(arrival, owners, ladder, now, by)
    case.pk = 0
    shared = shares_of(case, _decided([case], [arrival])[0])
    for number, task in enumerate(shared.tasks):
        task.pk = number
    first = [task for task in shared.tasks if task.stage == shared.tasks[0].stage]
    promises = promises_to_customer(case, department_id=owners.department_of(case.owner_id), at=now)
    return Foreseen(case, shared.rule, shared.tasks, drawn([*promises, *promises_of(first, now=now)]))


class Owners:
    """Deals cases out to the front desk: to whoever took it in, else to the one with the fewest open."""

    def __init__(self, ladder: Ladder, now: datetime):
        self.ladder = ladder
        self.there = ladder.front_desk(now)
        self.fallback = ladder.front_desk_owner(now) if not self.there else None
        self._load: dict[int, int] | None = None

    def named(self, package: PackageVersion) -> int | None:
        """Who answers by name for the customers of this package, if they are at work."""
        owner_id = package.owner_id
        if owner_id and self.ladder.is_present(owner_id) and self.ladder.seats_of(owner_id):
            return owner_id
        return None

    def next(self, preferred: int | None = None) -> int:
        if self.fallback is not None:
            return self.fallback
        if preferred in self.there:
            return preferred
        load = self._load = self._load or self._counted()
        chosen = min(load, key=lambda pk: (load[pk], pk))
        load[chosen] += 1
        return chosen

    def _counted(self) -> dict[int, int]:
        load = counted("open_cases", [f"owner:{pk}" for pk in self.there])
        return {pk: load[f"owner:{pk}"] for pk in self.there}

    def department_of(self, person_id: int) -> int:
        """The department whose ladder stands behind this owner."""
        return self.ladder.department_of(person_id)


def _check(arrival: Arrival, now: datetime) -> None:
    if not arrival.subject.strip():
        raise CannotOpen(_("Say in a few words what it is about."))
    if arrival.kind not in Case.Kind.values:
        raise CannotOpen(_("There is no kind of case called “%s”.") % arrival.kind)
    if arrival.channel not in Case.Channel.values:
        raise CannotOpen(_("There is no channel called “%s”.") % arrival.channel)
    if arrival.severity not in Case.Severity.values:
        raise CannotOpen(_("Severity is a number from 1 (minor) to 4 (critical)."))
    if arrival.opened_at and arrival.opened_at > now:
        raise CannotOpen(_("A case cannot have arrived in the future."))
    if arrival.category and arrival.category not in _categories():
        raise CannotOpen(_("There is no category called “%s”.") % arrival.category)


@cached_until_changed("serving")
def _categories() -> frozenset[str]:
    return frozenset(Term.objects.filter(list=Term.List.CATEGORY).values_list("code", flat=True))


def _case(arrival: Arrival, owners: Owners, ladder: Ladder, now: datetime, by: Person | None) -> Case:
    segment_id = arrival.customer.segment_id if arrival.customer else None
    package = packages_in_force().get(segment_id or 0)
    owner_id = (owners.named(package) if package and not arrival.owner_id else None) or owners.next(
        arrival.owner_id or (by.pk if by else None)
    )
    return Case(
        kind=arrival.kind,
        subject=arrival.subject.strip(),
        story=arrival.story,
        category=arrival.category,
        product=arrival.product,
        severity=arrival.severity,
        channel=arrival.channel,
        language=arrival.language,
        customer=arrival.customer,
        grade=(arrival.customer.grade if arrival.customer else "") or "",
        segment_id=segment_id,
        package=package,
        requested_by_id=arrival.requested_by_id,
        owner_id=owner_id,
        department_id=owners.department_of(owner_id),
        opened_at=arrival.opened_at or now,
        tracking_salt=Case.new_tracking_salt(),
        source=arrival.source,
        external_id=arrival.external_id,
        opinion_point_id=arrival.opinion_point_id,
    )


def _give_numbers(cases: Sequence[Case]) -> None:
    """And ids, from sequences, so that nobody waits for anybody; the year is that of arrival."""
    for case, (pk, number) in zip(cases, fetch_rows(_NUMBERS, [len(cases)]), strict=True):
        case.pk, case.number = pk, f"{localtime(case.opened_at).year}-{number:06d}"


_NUMBERS = """
    SELECT nextval(pg_get_serial_sequence('serve_case', 'id')), nextval('serve_case_number')
    FROM generate_series(1, %s::int)
"""


def link_repeats(opened: Sequence[events.CaseOpened]) -> None:
    """Reaction: the same complaint again within the firm's days is linked to the earlier one and escalates.

    The same is of the same category or, where one has none yet, within a week in nearly the same words.
    """
    from guixin.serve.alike import the_same_before
    from guixin.serve.escalating import escalate_repeats
    from guixin.serve.models.policy import policy

    candidates = [event for event in opened if event.case_kind == Case.Kind.COMPLAINT and event.customer_id]
    if not candidates:
        return
    within = policy().repeat_within_days
    asked = [within, [event.case_id for event in candidates]]
    pairs = [pair for pair in fetch_rows(_EARLIER, asked) if pair[1]]
    paired = {case_id for case_id, _earlier in pairs}
    pairs += the_same_before([event.about[1] for event in candidates if event.case_id not in paired])
    if not pairs:
        return
    at = {event.case_id: event for event in candidates}
    CaseLink.objects.bulk_create(
        CaseLink(
            case_id=case_id, other_id=earlier, kind=CaseLink.Kind.REPEAT, made_at=at[case_id].happened_at
        )
        for case_id, earlier in pairs
    )
    escalate_repeats([at[case_id] for case_id, _earlier in pairs])


_EARLIER = """
    SELECT c.id, (SELECT e.id FROM serve_case e
                  WHERE e.customer_id = c.customer_id AND e.kind = 'complaint' AND e.category = c.category
                    AND e.opened_at < c.opened_at AND e.opened_at >= c.opened_at - make_interval(days => %s::int)
                    AND e.state <> 'merged' AND e.id <> c.id
                  ORDER BY e.opened_at DESC LIMIT 1) AS earlier
    FROM serve_case c WHERE c.id = ANY(%s::bigint[])
"""


def likely_repeats(customer: Customer, *, category: str = "", now: datetime, limit: int = 5) -> list[Case]:
    """Open or recent cases of this customer, offered at intake before another is made."""
    cases = Case.objects.filter(customer=customer).exclude(state=Case.State.MERGED)
    if category:
        cases = cases.filter(category=category)
    return list(cases.order_by("-opened_at")[:limit])
