"""Acts on many cases that say or raise something: a canned reply, an escalation; and putting many to sleep."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from guixin.organisation.models import Department, Person
from guixin.serve import escalating, replying, sending, snoozing, templates
from guixin.serve.bulk_acts import Asked, BulkAct, CannotAsk, Together
from guixin.serve.models import BulkChange, BulkItem, Case, HeldReply, Snooze, Template
from guixin.serve.snoozing import SOON

HELD_FOR = sending.LONGEST_HOLD  # seconds to take back what went to many
CHECKED = 200  # cases whose gaps are looked for in the preview; of the others it is said when it is done


class SendingTemplate(BulkAct):
    """asked: {"template": id}, one that is in force and that whoever asks may use"""

    def check(self, asked: Asked) -> None:
        if _template(asked) is None:
            raise CannotAsk(_("Choose what is said."))

    def why_not(self, cases: Sequence[Case], asked: Asked, now: datetime) -> dict[int, str]:
        template = _template(asked)
        if template is None:
            return {}
        some, reasons = list(cases[:CHECKED]), {}
        prefetch_related_objects(some, "customer", "owner", "department")
        for case in some:
            missing = templates.fill(template.words_for(case), case, by=case.owner, now=now).missing
            if missing:
                reasons[case.pk] = str(_("It has no value for {%s}.") % missing[0])
        return reasons

    def was(self, case: Case) -> str:
        return case.get_state_display()

    def sample(self, case: Case, asked: Asked, by: Person, now: datetime) -> str:
        template = _template(asked)
        return templates.fill(template.words_for(case), case, by=by, now=now).body if template else ""

    def effects(self, asked: Asked) -> list:
        template = _template(asked)
        if template is None:
            return []
        if template.is_note:
            return [_("Only colleagues see it. A note stays in the history and cannot be taken back.")]
        said: list[Any] = [_("Each customer gets it in their language; it can be taken back for a minute.")]
        if template.settles:
            said.append(_("The cases are closed with it, and every customer will be asked in a follow-up."))
        if template.task_for:
            said.append(_("The department %s is given a task in each case.") % template.task_for)
        return said

    def seen(self, items: Sequence[BulkItem], together: Together) -> dict[int, dict]:
        replies = HeldReply.objects.in_bulk([item.after["held"] for item in items if item.after.get("held")])
        return {item.pk: {} for item in items if not item.after.get("held") or item.after["held"] in replies}

    def do(self, items: Sequence[BulkItem], together: Together) -> None:
        template = _template(together.change.asked)

        def say(item: BulkItem, case: Case) -> None:
            if template is None:
                raise CannotAsk(_("These words are no longer in force."))
            item.after = {"held": _said(template, case, together)}

        together.each(items, say, BulkItem.State.REFUSED)

    def undo(self, items: Sequence[BulkItem], together: Together) -> None:
        def take_back(item: BulkItem, case: Case) -> None:
            held = HeldReply.objects.filter(pk=item.after.get("held") or 0).first()
            if held is None:
                raise CannotAsk(_("A note stays in the history."))
            sending.take_back(held, by=together.by, now=together.now, gives_back=False)

        together.each(items, take_back, BulkItem.State.KEPT)


def _template(asked: Asked) -> Template | None:
    found = Template.objects.in_force().select_related("task_for", "at_fault")
    return found.filter(pk=asked.get("template") or 0).first()


def _said(template: Template, case: Case, together: Together) -> int | None:
    """The words of the template, with what it does besides, as the composer would send them."""
    words, by, now = template.words_for(case), together.by, together.now
    if template.is_note:
        replying.note(case, templates.filled(words, case, by=by, now=now), by=by, now=now)
        return None
    closing: dict[str, Any] | None = None
    if template.settles:
        closing = {
            "department_id": template.at_fault_id, "quality_point": template.quality_point, "cause": template.cause,
            "severity": case.severity, "summary": "",
        }  # fmt: skip
    task = (
        {"department_id": template.task_for_id, "instruction": template.instruction}
        if template.task_for_id
        else None
    )
    held = sending.send(
        case, words, by=by, now=now, kind=template.kind, closing_with=closing, task=task, template=template,
        hold_seconds=HELD_FOR,
    )  # fmt: skip
    return held.pk


class Raising(BulkAct):
    """asked: {"reason": "…", "department": id or nothing}"""

    anybody = True
    can_be_undone = False

    def check(self, asked: Asked) -> None:
        if not str(asked.get("reason", "")).strip():
            raise CannotAsk(_("Say why this goes up; the authority reads it first."))

    def was(self, case: Case) -> str:
        return str(_("level %s") % case.level) if case.level else ""

    def effects(self, asked: Asked) -> list:
        return [
            _("Each goes to the next authority, one level higher than ever before, with a clock to act."),
            _("What was raised cannot be taken back; the authority can answer or silence it."),
        ]

    def do(self, items: Sequence[BulkItem], together: Together) -> None:
        asked = together.change.asked
        department = Department.objects.filter(pk=asked.get("department") or 0).first()

        def go_up(item: BulkItem, case: Case) -> None:
            raised = escalating.by_hand(
                case, reason=asked["reason"], department=department, by=together.by, now=together.now
            )
            item.after = {"escalation": raised.pk}

        together.each(items, go_up, BulkItem.State.REFUSED)


class PuttingToSleep(BulkAct):
    """asked: {"until": an instant as ISO 8601, or "something": until something happens}"""

    anybody = True
    owners_only = True

    def check(self, asked: Asked) -> None:
        if not asked.get("until"):
            raise CannotAsk(_("Say until when."))

    def why_not(self, cases: Sequence[Case], asked: Asked, now: datetime) -> dict[int, str]:
        near = now + SOON
        late = str(_("It is late, or due within 30 minutes: it stays awake. Ask for more time instead."))
        return {case.pk: late for case in cases if case.queue_at <= near}

    def effects(self, asked: Asked) -> list:
        return [
            _("They leave their owner's lists and come back by themselves; the promises run on."),
        ]

    def seen(self, items: Sequence[BulkItem], together: Together) -> dict[int, dict]:
        asleep = set(Snooze.objects.filter(case__in=together.cases).values_list("case_id", flat=True))
        return {item.pk: {"asleep": item.case_id in asleep} for item in items}

    def do(self, items: Sequence[BulkItem], together: Together) -> None:
        until = parse_datetime(together.change.asked["until"])  # none for "something"

        def sleep(item: BulkItem, case: Case) -> None:
            snoozing.snooze(case, until, by=together.by, now=together.now)
            item.before, item.after = {"asleep": False}, {"asleep": True}

        together.each(items, sleep, BulkItem.State.REFUSED)

    def undo(self, items: Sequence[BulkItem], together: Together) -> None:
        def up(item: BulkItem, case: Case) -> None:
            snoozing.wake(case, by=together.by, now=together.now)

        together.each(items, up, BulkItem.State.KEPT)


ACTS: dict[str, BulkAct] = {
    BulkChange.Act.TEMPLATE: SendingTemplate(),
    BulkChange.Act.ESCALATE: Raising(),
    BulkChange.Act.SNOOZE: PuttingToSleep(),
}
