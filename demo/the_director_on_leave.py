"""The director on leave: the ladder passes over whoever is away, to the deputy; and what she held goes to others."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from demo.ninety_days import Planned, matters, some_words
from demo.telling import Cast, Place, Telling, Thread, hours
from demo.the_life_of_a_case import departments_begin, the_desk
from guixin.organisation.going_away import plan_absence
from guixin.promise.models import Escalation
from guixin.serve import bulk_changes, escalating
from guixin.serve.models import Case
from guixin.understand.models import Customer

DIRECTOR, DEPUTY = "he", "wu"
LEFT_AGO, BACK_AGO = 26, 19  # days


def cases(cast: Cast, present: datetime) -> list[Planned]:
    """Three she takes over before she leaves; three that climb while she is away."""
    chance, known = Random("休假"), matters()
    names = ("late", "wrong-goods", "overcharged", "plating", "strength", "teeth")
    planned = []
    for order, name in enumerate(names):
        ago = LEFT_AGO + 2 if order < 3 else LEFT_AGO - 2
        at = cast.later(_morning(cast, present, ago), hours(0.4 + order % 3 * 0.2, "quality"))
        planned.append(
            Planned(
                place=Place(at), matter=known[name], customer=20 + order * 7, by="meng", channel="phone",
                turns=frozenset({"stuck"}), words=some_words(chance), severity=3,
            )
        )  # fmt: skip
    return planned


def _morning(cast: Cast, present: datetime, ago: int) -> datetime:
    day = (present - timedelta(days=ago)).astimezone(cast.calendars["desk"].zone)
    return day.replace(hour=0, minute=0, second=0)


def the_leave(told: Telling, planned: Sequence[Planned], customers: Sequence[Customer], cast: Cast) -> Thread:
    present = told.present
    held, climbing = planned[:3], planned[3:]
    for plan in held:
        told.begin(plan.place.at, the_desk(told, plan, customers))
    yield hours(1.1, "office")
    for plan in held:
        if plan.case:
            _she_takes_it_over(told, plan.case)
    plan_absence(
        told.person(DIRECTOR), from_at=_morning(cast, present, LEFT_AGO), to_at=_morning(cast, present, BACK_AGO),
        by=told.person(DIRECTOR), deputy=told.person(DEPUTY), reason="年休假", now=told.now,
    )  # fmt: skip
    yield _morning(cast, present, LEFT_AGO) + timedelta(hours=9)
    _her_cases_go_to_others(told, [plan.case for plan in held if plan.case])
    _work_begins(told, held)
    for plan in climbing:
        told.begin(plan.place.at, the_desk(told, plan, customers))
    yield climbing[-1].place.at
    yield hours(15, "quality")
    for plan in climbing:
        if plan.case:
            _the_deputy_speaks(told, plan.case)
    _work_begins(told, climbing)


def _she_takes_it_over(told: Telling, case: Case) -> None:
    """Raised by hand from desk to desk until it is hers."""
    for login in ("meng", "xu", "luo"):
        escalating.by_hand(
            case, reason="老客户，三天没人给准话，请直接定", by=told.person(login), now=told.now
        )
    by_hand = Escalation.objects.waiting().filter(case_id=case.pk, cause=Escalation.Cause.BY_HAND)
    raised = by_hand.filter(to_person=told.person(DIRECTOR)).first()
    if raised:
        escalating.take_over(
            raised, by=told.person(DIRECTOR), look_again_at=told.now + timedelta(days=1), now=told.now,
            note="我来跟，今天给客户回话。",
        )  # fmt: skip


def _her_cases_go_to_others(told: Telling, cases: Sequence[Case]) -> None:
    head = told.person("luo")
    mine = Case.objects.open().filter(pk__in=[case.pk for case in cases], owner=told.person(DIRECTOR))
    if ids := list(mine.values_list("pk", flat=True)):
        change = bulk_changes.draft("owner", ids, by=head, now=told.now)
        bulk_changes.start(change, {"owner": told.person("shen").pk}, by=head, now=told.now)


def _the_deputy_speaks(told: Telling, case: Case) -> None:
    raised = Escalation.objects.waiting().filter(case_id=case.pk, to_person=told.person(DEPUTY)).first()
    if raised:
        escalating.instruct(
            raised, "何总休假，由我代。今天必须接单，明天给结论。", by=told.person(DEPUTY),
            look_again_at=told.now + timedelta(days=1), now=told.now,
        )  # fmt: skip


def _work_begins(told: Telling, planned: Sequence[Planned]) -> None:
    for plan in planned:
        plan.turns = frozenset()
        plan.seen.clear()
        if plan.case:
            departments_begin(told, plan, plan.case)
