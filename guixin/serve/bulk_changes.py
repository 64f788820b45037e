"""One act on many cases: previewed, done in pieces, each refusal with its reason, and taken back as long as it can be.

A change is a row with one row for each case (`BulkChange`, `BulkItem`). Somebody chooses cases (`draft`), sees what
would happen (`preview`), confirms (`start`); a small one is done at once, a large one by a worker, piece by piece:
each piece is one transaction with the marks on its rows, so a worker that dies has done nothing that is not marked.
What an act means for a case is said in `bulk_acts`.
"""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.ledger.bulk import update_rows
from guixin.ledger.recording import canonical
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.organisation.passing_on import Held, sorts
from guixin.serve import bulk_acts, bulk_words, events
from guixin.serve.bulk_acts import Together
from guixin.serve.handing_over import held_by, may_hand_over, shared_out
from guixin.serve.models import BulkChange, BulkItem, Case
from guixin.serve.permitting import may_serve
from guixin.web.refusals import Refused

ACTS = bulk_acts.ACTS | bulk_words.ACTS
Act, State, ItemState = BulkChange.Act, BulkChange.State, BulkItem.State
MOST = 5_000  # cases in one change
AT_ONCE = 100  # cases changed while somebody waits for the page; more are a worker's
DRAFTS_KEPT = timedelta(days=1)


class CannotChangeMany(Refused):
    """These cases cannot be changed together like this, and why."""


# -- choosing ----------------------------------------------------------------------------------------------------


@transaction.atomic
def draft(act: str, case_ids: Iterable[int], *, by: Person, now: datetime, listed: str = "") -> BulkChange:
    """Choose these cases for an act; nothing happens yet. Only what `by` may see is taken."""
    if act not in ACTS or act == Act.HAND_OVER:
        raise CannotChangeMany(_("There is nothing called “%s” that can be done with many cases.") % act[:50])
    wanted = set(list(case_ids)[: MOST + 1])
    if len(wanted) > MOST:
        raise CannotChangeMany(_("At most %s cases can be changed together; narrow the list.") % MOST)
    ids = list(
        Case.objects.visible_to(by)
        .filter(pk__in=wanted)
        .order_by("queue_at", "pk")
        .values_list("pk", flat=True)
    )
    if not ids:
        raise CannotChangeMany(_("Choose at least one case."))
    change = BulkChange.objects.create(act=act, by=by, made_at=now, listed=listed[:2000])
    BulkItem.objects.bulk_create([BulkItem(change=change, about_id=pk, case_id=pk) for pk in ids], 1000)
    return change


@dataclass
class Preview:
    """What would happen. `refused`: each reason with its number and the first cases it concerns."""

    changed: int = 0
    refused: dict[str, list[Case]] = field(default_factory=dict)
    effects: list[str] = field(default_factory=list)
    examples: list[tuple[Case, str]] = field(default_factory=list)
    sample: str = ""  # what would be said in the first of them

    @property
    def refused_number(self) -> int:
        return sum(len(cases) for cases in self.refused.values())


EXAMPLES = 5


def preview(change: BulkChange, asked: Mapping[str, Any], *, now: datetime) -> Preview:
    """Say what the act would do with each case, by the same questions that are asked again when it is done."""
    act, shown = ACTS[change.act], Preview()
    cases = list(
        Case.objects.filter(pk__in=change.items.values("case_id"))
        .select_related("owner", "department", "customer")
        .order_by("queue_at", "pk")
    )
    why_not = _why_not(change.act, cases, asked, change.by, now)
    for case in cases:
        if reason := why_not.get(case.pk):
            shown.refused.setdefault(reason, []).append(case)
            continue
        shown.changed += 1
        if len(shown.examples) < EXAMPLES:
            shown.examples.append((case, act.was(case)))
    if shown.examples:
        shown.sample = act.sample(shown.examples[0][0], asked, change.by, now)
    shown.effects = [str(words) for words in act.effects(asked)]
    return shown


def _why_not(
    act: str, cases: Sequence[Case], asked: Mapping[str, Any], by: Person, now: datetime
) -> dict[int, str]:
    """The cases of these that would refuse, and their sentence."""
    scope = scope_of(by, now)
    anybody = ACTS[act].anybody or scope.sees_everything or scope.is_front_desk
    reasons = {}
    for case in cases:
        if not anybody and not may_serve(case, by):
            reasons[case.pk] = str(_("Only its owner and the front desk may do this."))
        elif ACTS[act].owners_only and case.owner_id != by.pk:
            reasons[case.pk] = str(_("It is not yours."))
        elif case.state == Case.State.MERGED:
            reasons[case.pk] = str(_("It was merged into another case."))
        elif not case.is_open and not ACTS[act].also_closed:
            reasons[case.pk] = str(_("It is closed."))
    left = [case for case in cases if case.pk not in reasons]
    return reasons | ACTS[act].why_not(left, asked, now)


# -- doing -------------------------------------------------------------------------------------------------------


@transaction.atomic
def start(change: BulkChange, asked: Mapping[str, Any], *, by: Person, now: datetime) -> BulkChange:
    """Do it: at once if there are few, else a worker does. Only whoever chose the cases may confirm."""
    change = BulkChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if change.by_id != by.pk:
        raise CannotChangeMany(_("Only whoever chose the cases can confirm the change."))
    if change.state != State.DRAFT:
        return change  # a double click
    ACTS[change.act].check(asked)
    change.state, change.asked, change.made_at = State.WAITING, dict(asked), now
    change.save(update_fields=["state", "asked", "made_at"])
    return _at_once(change, now)


def _at_once(change: BulkChange, now: datetime) -> BulkChange:
    waiting = State.WAITING if change.state == State.WAITING else State.UNDOING
    if change.items.count() <= ACTS[change.act].at_once:
        while change.state == waiting:
            _go_on(change, now)
    return change


def run_next(now: datetime) -> bool:
    """A worker's turn: one piece of the oldest change that waits. False if there is none."""
    with transaction.atomic():
        change = (
            BulkChange.objects.filter(state__in=[State.WAITING, State.UNDOING])
            .select_for_update(of=("self",), skip_locked=True)
            .order_by("pk")
            .first()
        )
        if change is None:
            return False
        _go_on(change, now)
    return True


def _go_on(change: BulkChange, now: datetime) -> None:
    """One piece: the next rows, or the end. In the language of whoever asked, who will read the reasons."""
    undoing = change.state == State.UNDOING
    act = ACTS[change.act]
    todo = change.items.filter(state=ItemState.DONE if undoing else ItemState.WAITING)
    items = list(todo.order_by("pk")[: act.piece])
    by = change.undone_by if undoing and change.undone_by else change.by
    with translation.override(by.language):
        if not items:
            _end(change, by, now)
            return
        # All its cases first and in one order, as everybody locks them.
        cases: dict[int | None, Case] = {
            case.pk: case
            for case in Case.objects.filter(pk__in={item.case_id for item in items if item.case_id})
            .select_for_update(of=("self",))
            .order_by("pk")
        }
        together = Together(change, by, now, cases)
        if undoing:
            _refuse_the_changed(items, together)
            act.undo([item for item in items if item.state == ItemState.DONE], together)
            for item in items:
                if item.state == ItemState.DONE:
                    item.state = ItemState.UNDONE
        else:
            reasons = (
                {}
                if change.act == Act.HAND_OVER
                else _why_not(change.act, list(cases.values()), change.asked, by, now)
            )
            for item in items:
                if reason := reasons.get(item.case_id or 0):
                    item.state, item.reason = ItemState.REFUSED, reason
            act.do([item for item in items if item.state == ItemState.WAITING], together)
            for item in items:
                if item.state == ItemState.WAITING:
                    item.state = ItemState.DONE
    _mark(items)
    if len(items) < act.piece:
        with translation.override(by.language):
            _end(change, by, now)


def _mark(items: Sequence[BulkItem]) -> None:
    columns = {"state": "text", "reason": "text", "before": "jsonb", "after": "jsonb"}
    rows = [(i.pk, str(i.state), i.reason, canonical(i.before), canonical(i.after)) for i in items]
    update_rows("serve_bulkitem", "id", columns, rows)


def _refuse_the_changed(items: Sequence[BulkItem], together: Together) -> None:
    """Taken back is only what is still as the change left it."""
    now_is = ACTS[together.change.act].seen(items, together)
    for item in items:
        left = {name: item.after[name] for name in item.after if name in item.before}
        if now_is.get(item.pk) is None:
            item.state, item.reason = ItemState.KEPT, str(_("It is closed meanwhile."))
        elif any(now_is[item.pk].get(name) != value for name, value in left.items()):
            item.state, item.reason = ItemState.KEPT, str(_("Somebody changed it meanwhile."))


def _end(change: BulkChange, by: Person, now: datetime) -> None:
    numbers = Tally(tally(change))
    about: dict[str, Any] = {"happened_at": now, "actor_id": by.pk, "about": ("bulk_change", change.pk)}
    if change.state == State.UNDOING:
        change.state, change.undone_at = State.UNDONE, now
        change.save(update_fields=["state", "undone_at"])
        said: events.Event = events.ManyUndone(
            **about, act=change.act, undone=numbers[ItemState.UNDONE], kept=numbers[ItemState.KEPT]
        )
    else:
        change.state, change.done_at = State.DONE, now
        change.save(update_fields=["state", "done_at"])
        said = events.ManyChanged(
            **about, act=change.act, done=numbers[ItemState.DONE], refused=numbers[ItemState.REFUSED]
        )
    received = (events.WorkReceived(**about, to_person_id=pk, number=n) for pk, n in _received(change))
    record(said, *received)


def tally(change: BulkChange) -> dict[str, int]:
    """How many of its things are in which state."""
    return dict(change.items.order_by().values_list("state").annotate(Count("id")))


def _received(change: BulkChange) -> list[tuple[int, int]]:
    """Who has how many more now, by a change of owner or a handing over, or by taking it back."""
    if change.act not in (Act.OWNER, Act.HAND_OVER):
        return []
    back = change.state == State.UNDONE
    moved = change.items.filter(state=ItemState.UNDONE if back else ItemState.DONE)
    received = Tally(
        (before if back else after)["holder"] for before, after in moved.values_list("before", "after")
    )
    return sorted((pk, number) for pk, number in received.items() if pk)


# -- taking back -------------------------------------------------------------------------------------------------


def may_undo(change: BulkChange, person: Person) -> bool:
    return (
        change.state == State.DONE
        and ACTS[change.act].can_be_undone
        and (change.by_id == person.pk or scope_of(person).sees_everything)
    )


@transaction.atomic
def undo(change: BulkChange, *, by: Person, now: datetime) -> BulkChange:
    """Take it back, case by case where nobody changed it since. What cannot be taken back is listed with its reason."""
    change = BulkChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if change.state in (State.UNDOING, State.UNDONE):
        return change  # a double click
    if not may_undo(change, by):
        raise CannotChangeMany(_("This cannot be taken back."))
    change.state, change.undone_by = State.UNDOING, by
    change.save(update_fields=["state", "undone_by"])
    return _at_once(change, now)


@transaction.atomic
def remember(
    act: str, case: Case, before: Mapping[str, Any], after: Mapping[str, Any], *, by: Person, now: datetime
) -> BulkChange:
    """A single act that a verb has done already, kept as a change of one so that it can be taken back."""
    change = BulkChange.objects.create(
        act=act, asked=dict(after), state=State.DONE, by=by, made_at=now, done_at=now
    )
    BulkItem.objects.create(
        change=change, about_id=case.pk, case=case, state=ItemState.DONE, before=dict(before), after=dict(after)
    )  # fmt: skip
    return change


# -- handing over ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """What handing over would do: who gets how many of what, and what nobody chosen can take."""

    given: Mapping[Held, int]
    refused: Mapping[Held, str]

    def shares(self) -> dict[int, Tally]:
        shares: dict[int, Tally] = {}
        for held, person_id in self.given.items():
            shares.setdefault(person_id, Tally())[held.kind] += 1
        return shares

    @property
    def whole(self) -> Tally:
        return Tally(held.kind for held in (*self.given, *self.refused))

    def besides(self, person_id: int) -> list[str]:
        """What is no part of a case and goes to this person, in words: "2 planned contacts"."""
        share = self.shares().get(person_id, Tally())
        return [sort.counted(share[kind]) for kind, sort in sorts().items() if share[kind]]


def plan_handing_over(
    absent: Person, receivers: Sequence[Person], *, now: datetime, for_good: bool = False
) -> Plan:
    if absent.pk in {each.pk for each in receivers}:
        raise CannotChangeMany(_("The work is with this person already."))
    return Plan(*shared_out(held_by(absent, now, for_good=for_good), [each.pk for each in receivers], now))


@transaction.atomic
def hand_over_all(
    absent: Person, receivers: Sequence[Person], *, by: Person, now: datetime, for_good: bool = False
) -> BulkChange:
    """Everything this person holds goes to others; each receiver is told once, and it can be taken back as a whole.

    for_good   also what they answer for without anything waiting, such as customers; see passing_on.py
    """
    if not may_hand_over(absent, by, now):
        raise CannotChangeMany(_("You do not stand above this colleague; ask whoever does."))
    with translation.override(by.language):
        plan = plan_handing_over(absent, receivers, now=now, for_good=for_good)
    if not plan.given:
        raise CannotChangeMany(_("There is nothing these could take over."))
    change = BulkChange.objects.create(
        act=Act.HAND_OVER, by=by, made_at=now, state=State.WAITING,
        asked={"from": absent.pk, "to": [each.pk for each in receivers], "for_good": for_good},
    )  # fmt: skip

    def item(held: Held, **more: Any) -> BulkItem:
        return BulkItem(
            change=change, about_kind=held.kind, about_id=held.pk, case_id=held.case_id,
            before={"holder": absent.pk}, **more,
        )  # fmt: skip

    BulkItem.objects.bulk_create(
        [item(held, after={"holder": to}) for held, to in plan.given.items()]
        + [item(held, state=ItemState.REFUSED, reason=reason) for held, reason in plan.refused.items()],
        1000,
    )
    return _at_once(change, now)


def prune_drafts(now: datetime) -> int:
    """Drop previews nobody confirmed within a day."""
    old = BulkChange.objects.filter(state=State.DRAFT, made_at__lt=now - DRAFTS_KEPT)
    return old.delete()[0]
