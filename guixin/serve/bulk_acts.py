"""What each act that can be done with many cases means for one: who refuses, what it does, how it is taken back.

An act works on the rows of a change (`BulkItem`). It writes `before` and `after` for what it did and marks what it
could not do, with the reason; `bulk_changes` keeps the pieces, the access and the end.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger.clock import database_now
from guixin.ledger.recording import canonical
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Department, Person
from guixin.promise.models import Clock, Measure
from guixin.serve import changing, closing, handing_over, handling, replying, routing
from guixin.serve.models import BulkChange, BulkItem, Case, Task, Term
from guixin.serve.promises import refresh_queues
from guixin.web.refusals import Refused

log = logging.getLogger(__name__)
Asked = Mapping[str, Any]


class CannotAsk(Refused):
    """The act was not told what it needs to know."""

    about_input = True


@dataclass(frozen=True)
class Together:
    """A piece of a change at work; `cases` are locked."""

    change: BulkChange
    by: Person
    now: datetime
    cases: Mapping[int | None, Case]

    def each(self, items: Sequence[BulkItem], verb: Callable[[BulkItem, Case], None], failed: str) -> None:
        """Case by case, each in a savepoint: one that refuses is marked, and does not stop the others."""
        for item in items:
            try:
                with transaction.atomic():
                    verb(item, self.cases[item.case_id])
            except Refused as why:
                item.state, item.reason = failed, str(why)
            except DatabaseError:
                raise  # the piece is done again, by whoever comes next
            except Exception:
                log.exception("case %s in bulk change %s", item.case_id, item.change_id)
                item.state, item.reason = failed, str(_("It failed; the reason is in the log."))

    def as_one(
        self, items: Sequence[BulkItem], verb: Callable[[Sequence[BulkItem]], None], failed: str
    ) -> None:
        """All in one set; where one refuses or fails, case by case, so that it does not stop the others."""
        if not items:
            return
        try:
            with transaction.atomic():
                verb(items)
        except DatabaseError:
            raise
        except Exception:
            self.each(items, lambda item, case: verb([item]), failed)


class BulkAct:
    """The smallest act: override what it needs."""

    at_once = 100  # done while somebody waits for the page
    piece = 50  # cases in one transaction of a worker
    anybody = False  # whoever sees a case may do it, not only its owner and the front desk
    owners_only = False
    also_closed = False
    can_be_undone = True

    def check(self, asked: Asked) -> None:
        """Refuse what is asked as a whole."""

    def why_not(self, cases: Sequence[Case], asked: Asked, now: datetime) -> dict[int, str]:
        return {}

    def was(self, case: Case) -> str:
        """What stands there now, for the preview."""
        return ""

    def sample(self, case: Case, asked: Asked, by: Person, now: datetime) -> str:
        """What would be said in this case, for the preview."""
        return ""

    def effects(self, asked: Asked) -> list:
        """What happens besides, in sentences."""
        return []

    def seen(self, items: Sequence[BulkItem], together: Together) -> dict[int, dict]:
        """What stands there now, by row, to compare with what the change left; a closed case is missing."""
        raise NotImplementedError

    def do(self, items: Sequence[BulkItem], together: Together) -> None:
        raise NotImplementedError

    def undo(self, items: Sequence[BulkItem], together: Together) -> None:
        raise NotImplementedError


class HandingOver(BulkAct):
    """Things pass from one holder to another, whole sets at a time."""

    at_once = 500
    piece = 500

    def seen(self, items: Sequence[BulkItem], together: Together) -> dict[int, dict]:
        found: dict[int, dict] = {}
        for kind, some in _by_kind(items).items():
            holders = handing_over.holders(kind, [item.about_id for item in some])
            found |= {
                item.pk: {"holder": holders[item.about_id]} for item in some if item.about_id in holders
            }
        return found

    def do(self, items: Sequence[BulkItem], together: Together) -> None:
        self._move(items, together, lambda item: item.after["holder"], BulkItem.State.REFUSED)

    def undo(self, items: Sequence[BulkItem], together: Together) -> None:
        self._move(items, together, lambda item: item.before["holder"], BulkItem.State.KEPT)

    def _move(
        self, items: Sequence[BulkItem], together: Together, to: Callable[[BulkItem], int], failed: str
    ) -> None:
        how = handing_over.Moving(together.by, together.now, together.change.pk)
        for kind, some in _by_kind(items).items():
            try:
                handing_over.move(kind, {item.about_id: to(item) for item in some}, how)
            except Refused as why:  # such as a receiver who holds no post any more: none of these moved
                for item in some:
                    item.state, item.reason = failed, str(why)


def _by_kind(items: Sequence[BulkItem]) -> dict[str, list[BulkItem]]:
    kinds: dict[str, list[BulkItem]] = {}
    for item in items:
        kinds.setdefault(item.about_kind, []).append(item)
    return kinds


class ChangingOwner(HandingOver):
    """asked: {"owner": person id}"""

    def check(self, asked: Asked) -> None:
        owner = Person.objects.filter(pk=asked.get("owner") or 0, is_active=True).first()
        if owner is None:
            raise CannotAsk(_("Choose who answers for the cases."))
        if not Ladder.at(database_now()).seats_of(owner.pk):
            raise CannotAsk(_("%s holds no post and cannot own a case.") % owner.name)

    def why_not(self, cases: Sequence[Case], asked: Asked, now: datetime) -> dict[int, str]:
        already = str(_("It is with this owner already."))
        return {case.pk: already for case in cases if case.owner_id == asked.get("owner")}

    def was(self, case: Case) -> str:
        return case.owner.name

    def effects(self, asked: Asked) -> list:
        return [
            _("The promises to these customers go with the cases; no deadline moves."),
            _("The new owner is told once."),
        ]

    def do(self, items: Sequence[BulkItem], together: Together) -> None:
        for item in items:
            item.before = {"holder": together.cases[item.case_id].owner_id}
            item.after = {"holder": together.change.asked["owner"]}
        super().do(items, together)


class ChangingDetails(BulkAct):
    """asked: {"severity": 3, "category": "quality/colour"}, one of them or both"""

    at_once = 200
    piece = 200
    FIELDS = ("severity", "category", "kind", "product", "language")

    def check(self, asked: Asked) -> None:
        if not set(asked) & {"severity", "category"}:
            raise CannotAsk(_("Choose a severity or a category."))
        category = asked.get("category")
        if category and not Term.objects.filter(list=Term.List.CATEGORY, code=category).exists():
            raise CannotAsk(_("There is no category called “%s”.") % category)

    def why_not(self, cases: Sequence[Case], asked: Asked, now: datetime) -> dict[int, str]:
        already = str(_("It is like that already."))
        return {
            case.pk: already
            for case in cases
            if asked and all(getattr(case, name) == value for name, value in asked.items())
        }

    def was(self, case: Case) -> str:
        return f"{case.get_severity_display()} · {case.category}"

    def effects(self, asked: Asked) -> list:
        return [
            _("Promises become stricter where the standards say so, never later."),
            _("Taking it back changes what is written; a deadline that became stricter stays."),
        ]

    def seen(self, items: Sequence[BulkItem], together: Together) -> dict[int, dict]:
        return {
            item.pk: {name: getattr(together.cases[item.case_id], name) for name in self.FIELDS}
            for item in items
            if together.cases[item.case_id].is_open
        }

    def do(self, items: Sequence[BulkItem], together: Together) -> None:
        asked = together.change.asked
        for item in items:
            item.before = {name: getattr(together.cases[item.case_id], name) for name in asked}
            item.after = dict(asked)
        self._edit(items, together, lambda item: asked, BulkItem.State.REFUSED)

    def undo(self, items: Sequence[BulkItem], together: Together) -> None:
        self._edit(items, together, lambda item: item.before, BulkItem.State.KEPT)

    def _edit(
        self, items: Sequence[BulkItem], together: Together, to: Callable[[BulkItem], dict], failed: str
    ) -> None:
        """Those that become the same together: a set costs about what one case does."""
        alike: dict[str, list[BulkItem]] = {}
        for item in items:
            alike.setdefault(canonical(to(item)), []).append(item)
        for some in alike.values():
            try:
                with transaction.atomic():
                    cases = [together.cases[item.case_id] for item in some]
                    changing.edit_many(cases, to(some[0]), by=together.by, now=together.now)
            except Refused as why:  # such as a category that is no longer in the list
                for item in some:
                    item.state, item.reason = failed, str(why)


class GivingToDepartment(BulkAct):
    """asked: {"department": id, "reason": "…", "instruction": "…", "withdraw_others": true}"""

    at_once = 200
    piece = 200

    def check(self, asked: Asked) -> None:
        if not Department.objects.filter(pk=asked.get("department") or 0).exists():
            raise CannotAsk(_("Choose the department."))
        if not str(asked.get("reason", "")).strip():
            raise CannotAsk(_("Say why you decide over the rule."))

    def why_not(self, cases: Sequence[Case], asked: Asked, now: datetime) -> dict[int, str]:
        theirs = Task.objects.filter(case__in=cases, department_id=asked.get("department") or 0).unfinished()
        has = set(theirs.values_list("case_id", flat=True))
        already = str(_("This department has a share of it already."))
        return {case.pk: already for case in cases if case.pk in has}

    def was(self, case: Case) -> str:
        return str(case.department)

    def effects(self, asked: Asked) -> list:
        said = [_("Each case gives the department a task of its own, with clocks that start now.")]
        if asked.get("withdraw_others"):
            said.append(_("The tasks of the departments that have them now are withdrawn."))
        return [*said, _("It can be taken back as long as nobody has accepted the task.")]

    def seen(self, items: Sequence[BulkItem], together: Together) -> dict[int, dict]:
        ours = {pk for item in items for pk in item.after["tasks"]}
        given = set(Task.objects.filter(pk__in=ours, state=Task.State.GIVEN).values_list("pk", flat=True))
        return {
            item.pk: {"tasks": [pk for pk in item.after["tasks"] if pk in given], "given": True}
            for item in items
            if together.cases[item.case_id].is_open
        }

    def do(self, items: Sequence[BulkItem], together: Together) -> None:
        asked = together.change.asked

        def decide(some: Sequence[BulkItem]) -> None:
            cases = [together.cases[item.case_id] for item in some]
            before = shares_of_all(cases)
            made = routing.decide_for_all(
                cases, [(asked["department"], 1, asked.get("instruction", ""))], by=together.by,
                reason=asked["reason"], now=together.now, withdraw_others=bool(asked.get("withdraw_others")),
            )  # fmt: skip
            for item in some:
                case = together.cases[item.case_id]
                item.before = before[case.pk]
                item.after = {"tasks": [task.pk for task in made[case.pk]]}

        together.as_one(items, decide, BulkItem.State.REFUSED)

    def undo(self, items: Sequence[BulkItem], together: Together) -> None:
        together.as_one(items, lambda some: self._give_back(some, together), BulkItem.State.KEPT)

    def _give_back(self, items: Sequence[BulkItem], together: Together) -> None:
        """Who had a share before and has none now gets one again; then ours are withdrawn."""
        reason, by, now = str(_("Taken back.")), together.by, together.now
        ours = {pk for item in items for pk in item.after["tasks"]}
        cases = [together.cases[item.case_id] for item in items]
        unfinished = Task.objects.filter(case__in=cases).unfinished()
        kept = set(unfinished.exclude(pk__in=ours).values_list("case_id", "department_id"))
        again: dict[tuple, list[Case]] = {}
        for item in items:
            lost = tuple(
                tuple(share) for share in item.before["shares"] if (item.case_id, share[0]) not in kept
            )
            if lost:
                again.setdefault(lost, []).append(together.cases[item.case_id])
        for shares, theirs in again.items():
            routing.decide_for_all(theirs, shares, by=by, reason=reason, now=now)
        handling.withdraw_all(unfinished.filter(pk__in=ours), by=by, reason=reason, now=now)
        handling.go_on_all(cases, now=now, by=by)
        if unrouted := [together.cases[item.case_id] for item in items if item.before["unrouted"]]:
            routing.hand_to_coordinator(unrouted, now=now)
            refresh_queues({case.pk for case in unrouted}, set())


def shares_of(case: Case) -> dict[str, Any]:
    """Who has the case now, so that it can be given back."""
    return shares_of_all([case])[case.pk]


def shares_of_all(cases: Sequence[Case]) -> dict[int, dict[str, Any]]:
    """The same for many: (department, stage, instruction) of what is unfinished, and whether a department is sought."""
    pks = [case.pk for case in cases]
    seeking = Clock.objects.of("case", *pks).filter(measure=Measure.ROUTE).open()
    sought = set(seeking.values_list("about_id", flat=True))
    shares: dict[int, list[list]] = {pk: [] for pk in pks}
    rows = Task.objects.filter(case__in=pks).unfinished().order_by("stage", "pk")
    for case_id, *share in rows.values_list("case_id", "department_id", "stage", "instruction"):
        shares[case_id].append(share)
    # `tasks`: of the change itself, what is compared with `after` before it is taken back.
    return {pk: {"shares": shares[pk], "unrouted": pk in sought, "tasks": []} for pk in pks}


class WritingNotes(BulkAct):
    """asked: {"body": "…"}"""

    anybody = True
    also_closed = True
    can_be_undone = False

    def check(self, asked: Asked) -> None:
        if not str(asked.get("body", "")).strip():
            raise CannotAsk(_("There is nothing written yet."))

    def effects(self, asked: Asked) -> list:
        return [_("Only colleagues see it. A note stays in the history and cannot be taken back.")]

    def do(self, items: Sequence[BulkItem], together: Together) -> None:
        body = together.change.asked["body"]
        together.each(
            items,
            lambda item, case: _drop(replying.note(case, body, by=together.by, now=together.now)),
            BulkItem.State.REFUSED,
        )


class Closing(BulkAct):
    """asked: the classification, {"department": id, "quality_point", "cause", "severity", "summary"}"""

    def why_not(self, cases: Sequence[Case], asked: Asked, now: datetime) -> dict[int, str]:
        at_work = set(Task.objects.filter(case__in=cases).unfinished().values_list("case_id", flat=True))
        reasons = {}
        for case in cases:
            if case.answered_at is None:
                reasons[case.pk] = str(_("The customer has not been told the result yet."))
            elif case.pk in at_work:
                reasons[case.pk] = str(_("A department is still at work on it."))
        return reasons

    def was(self, case: Case) -> str:
        return case.get_state_display()

    def effects(self, asked: Asked) -> list:
        return [
            _("Every customer will be asked in a follow-up."),
            _("Taking it back opens the cases again under the same number, with new promises from then."),
        ]

    def seen(self, items: Sequence[BulkItem], together: Together) -> dict[int, dict]:
        return {
            item.pk: {"state": case.state, "generation": case.generation}
            for item in items
            if (case := together.cases[item.case_id])
        }

    def do(self, items: Sequence[BulkItem], together: Together) -> None:
        asked = dict(together.change.asked)
        asked["department"] = Department.objects.filter(pk=asked.get("department") or 0).first()

        def close(item: BulkItem, case: Case) -> None:
            before = {"state": case.state, "generation": case.generation}
            closing.close(case, by=together.by, now=together.now, **asked)
            item.before = before
            item.after = {"state": Case.State.CLOSED, "generation": before["generation"]}

        together.each(items, close, BulkItem.State.REFUSED)

    def undo(self, items: Sequence[BulkItem], together: Together) -> None:
        alone = together.change.items.count() == 1
        reason = str(_("Closed by mistake.") if alone else _("Closed by mistake together with others."))
        together.each(
            items,
            lambda item, case: _drop(closing.reopen(case, reason, now=together.now, by=together.by)),
            BulkItem.State.KEPT,
        )


def _drop(result: Any) -> None:
    """A verb's answer that is not needed."""


ACTS: dict[str, BulkAct] = {
    BulkChange.Act.OWNER: ChangingOwner(),
    BulkChange.Act.DEPARTMENT: GivingToDepartment(),
    BulkChange.Act.DETAILS: ChangingDetails(),
    BulkChange.Act.NOTE: WritingNotes(),
    BulkChange.Act.CLOSE: Closing(),
    BulkChange.Act.HAND_OVER: HandingOver(),
}
