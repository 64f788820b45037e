"""What people do with a case. Each act calls one verb of `serve` and says what was done."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.desks.acts import Done, act
from guixin.desks.forms import case as forms
from guixin.desks.forms.base import ActForm
from guixin.desks.nouns import address
from guixin.listen import calling
from guixin.organisation.access import get_visible_or_404
from guixin.serve import (
    bulk_acts,
    bulk_changes,
    changing,
    classifying,
    closing,
    escalating,
    following_up,
    merging,
    permitting,
    replying,
    routing,
    snoozing,
    waiting,
)
from guixin.serve.models import BulkChange, Case, FollowUp, Task
from guixin.web.moments import due_instant

BulkAct = BulkChange.Act


def is_open(case: Case) -> bool:
    return case.is_open


def sleeps(case: Case) -> bool:
    return hasattr(case, "snooze")


def anybody(noun: Any, person: Any) -> bool:
    """Whoever may see the case may do it; the noun was already fetched for this person."""
    return True


SERVING: dict[str, Any] = {"noun": "case", "may": permitting.may_serve, "offered": is_open}


@act(name="replies", form=forms.ReplyForm, title=gettext_lazy("Tell the customer"),
     button=gettext_lazy("Record that the customer was told"), **SERVING)  # fmt: skip
def reply(case, said, *, by, now):
    replying.reply(case, by=by, now=now, **said)
    return _("Recorded: the customer was told.")


@act(noun="case", name="notes", form=forms.NoteForm, title=gettext_lazy("Internal note"),
     button=gettext_lazy("Keep the note"), may=anybody, offered=lambda case: True, look="note")  # fmt: skip
def note(case, said, *, by, now):
    replying.note(case, said["body"], by=by, now=now)
    return _("The note is kept.")


@act(noun="case", name="waiting", key="s", form=forms.QuestionForm, title=gettext_lazy("Ask the customer and wait"),
     button=gettext_lazy("Ask and stop the clocks"), may=permitting.may_serve,
     offered=lambda case: case.state in (Case.State.OPEN, Case.State.ANSWERED))  # fmt: skip
def wait(case, said, *, by, now):
    waiting.wait_for_customer(case, said["body"], by=by, now=now)
    return _("The customer was asked; the clocks stand still until the answer.")


@act(noun="case", name="customer-words", form=forms.CustomerSaidForm, may=permitting.may_serve,
     title=gettext_lazy("The customer said something"), button=gettext_lazy("Write it down"),
     offered=is_open)  # fmt: skip
def customer_said(case, said, *, by, now):
    replying.customer_adds(case, said["body"], by=by, now=now)
    return _("Written down.")


@act(name="routings", key="d", form=forms.RoutingForm, title=gettext_lazy("Decide the departments"),
     button=gettext_lazy("Give it to them"), **SERVING)  # fmt: skip
def decide_departments(case, said, *, by, now):
    before = bulk_acts.shares_of(case)
    made = routing.decide_departments(
        case,
        forms.steps(said),
        by=by,
        reason=said["reason"],
        now=now,
        withdraw_others=said["withdraw_others"],
    )
    after = {"tasks": [task.pk for task in made]}
    change = bulk_changes.remember(BulkAct.DEPARTMENT, case, before, after, by=by, now=now)
    return Done(_("The departments have their tasks."), undo=_undoing(change))


@act(name="owner", key="a", form=forms.OwnerForm, title=gettext_lazy("Another owner"),
     button=gettext_lazy("Hand over"), **SERVING)  # fmt: skip
def change_owner(case, said, *, by, now):
    before, after = {"holder": case.owner_id}, {"holder": said["owner"].pk}
    changing.change_owner(case, said["owner"], by=by, now=now)
    change = bulk_changes.remember(BulkAct.OWNER, case, before, after, by=by, now=now)
    words = _("%(name)s answers for this case from now on.") % {"name": said["owner"].name}
    return Done(words, undo=_undoing(change))


@act(noun="case", name="snooze", key="z", form=forms.SnoozeForm, title=gettext_lazy("Put it to sleep"),
     button=gettext_lazy("Sleep"), may=snoozing.may_snooze,
     offered=lambda case: case.is_open and not sleeps(case))  # fmt: skip
def put_to_sleep(case, said, *, by, now):
    made = snoozing.snooze(case, said["until"], by=by, now=now)
    undo = f"{address('case', case)}/waking"
    if made.until is None:
        return Done(_("Asleep until something happens on it; the promises run on."), undo=undo)
    words = _("Asleep until %(moment)s; the promises run on.") % {"moment": due_instant(made.until, now)}
    return Done(words, undo=undo)


@act(noun="case", name="waking", key="z", form=ActForm, title=gettext_lazy("Wake it"),
     button=gettext_lazy("Back into my lists"), may=lambda case, person: case.owner_id == person.pk,
     offered=lambda case: sleeps(case))  # fmt: skip
def wake(case, said, *, by, now):
    snoozing.wake(case, by=by, now=now)
    return _("It is back in your lists.")


@act(noun="case", name="escalations", form=forms.EscalationForm, title=gettext_lazy("Escalate"),
     button=gettext_lazy("Raise to the next authority"), may=anybody, offered=is_open)  # fmt: skip
def escalate(case, said, *, by, now):
    raised = escalating.by_hand(case, reason=said["reason"], department=said["department"], by=by, now=now)
    return _("Raised to %(name)s.") % {"name": raised.to_person}


@act(name="closing", key="e", form=forms.ClosingForm, title=gettext_lazy("Close the case"),
     button=gettext_lazy("Close"), **SERVING)  # fmt: skip
def close(case, said, *, by, now):
    before = {"state": case.state, "generation": case.generation}
    closing.close(case, by=by, now=now, **said)
    after = {"state": Case.State.CLOSED.value, "generation": case.generation}
    change = bulk_changes.remember(BulkAct.CLOSE, case, before, after, by=by, now=now)
    return Done(_("Closed. The follow-up is planned."), undo=_undoing(change))


@act(noun="case", name="reopening", form=forms.ReopeningForm, title=gettext_lazy("Reopen"),
     button=gettext_lazy("Open it again"), may=permitting.may_serve,
     offered=lambda case: case.state == Case.State.CLOSED)  # fmt: skip
def reopen(case, said, *, by, now):
    closing.reopen(case, said["reason"], by=by, now=now)
    return _("Open again under the same number; new promises run from now.")


@act(noun="case", name="classification", rare=True, form=forms.ClassificationForm,
     title=gettext_lazy("Correct the classification"), button=gettext_lazy("Save"), may=permitting.may_serve,
     offered=lambda case: case.state == Case.State.CLOSED)  # fmt: skip
def reclassify(case, said, *, by, now):
    version, reason = said.pop("version"), said.pop("reason")
    classifying.reclassify(
        case, classifying.Classification(**said), reason=reason, version=version, by=by, now=now
    )
    return _("The classification is corrected; what it said before stays in the history.")


@act(name="details", key="p", rare=True, form=forms.EditForm, title=gettext_lazy("Correct what is written"),
     button=gettext_lazy("Save"), **SERVING)  # fmt: skip
def edit(case, said, *, by, now):
    changes = {name: value for name, value in said.items() if name != "version"}
    was = {name: getattr(case, name) for name in changes}
    changing.edit(case, changes, read_at_version=said["version"], by=by, now=now)
    after = {name: value for name, value in changes.items() if value != was[name]}
    if not after or set(after) - set(changing.OPENLY):
        return _("Saved.")  # texts stand in the history of the case; what was there is not kept a second time
    before = {name: was[name] for name in after}
    change = bulk_changes.remember(BulkAct.DETAILS, case, before, after, by=by, now=now)
    return Done(_("Saved."), undo=_undoing(change))


@act(name="merging", rare=True, form=forms.NumberForm, title=gettext_lazy("Merge into another case"),
     button=gettext_lazy("Merge"), **SERVING)  # fmt: skip
def merge(case, said, *, by, now):
    into = _other(said["number"], by)
    merging.merge(case, into, by=by, now=now)
    return Done(_("Merged; everything is with this case now."), address("case", into))


@act(name="links", rare=True, form=forms.NumberForm, title=gettext_lazy("Link with another case"),
     button=gettext_lazy("Link"), **SERVING)  # fmt: skip
def link(case, said, *, by, now):
    other = _other(said["number"], by)
    merging.link(case, other, by=by, now=now)
    return _("Linked with %(number)s.") % {"number": other.number}


@act(name="splits", rare=True, form=forms.SplitForm, title=gettext_lazy("Take one matter out into its own case"),
     button=gettext_lazy("Split"), **SERVING)  # fmt: skip
def split(case, said, *, by, now):
    task = Task.objects.filter(case=case, pk=said["task"]).first() if said["task"] else None
    fresh = merging.split(case, said["subject"], story=said["story"], task=task, by=by, now=now)
    return Done(_("Case %(number)s was split off.") % {"number": fresh.number}, address("case", fresh))


@act(noun="follow_up", name="outcome", form=forms.FollowUpForm, title=gettext_lazy("Follow-up"),
     button=gettext_lazy("Record the outcome"), may=lambda one, person: permitting.may_serve(one.case, person),
     offered=lambda one: one.state == FollowUp.State.PLANNED)  # fmt: skip
def follow_up(one, said, *, by, now):
    following_up.record_outcome(one, said.pop("outcome"), by=by, now=now, **said)
    return _("The outcome is recorded.")


@act(noun="follow_up", name="questionnaire", form=ActForm, title=gettext_lazy("Ask by phone, with the questionnaire"),
     button=gettext_lazy("Open the script"), may=lambda one, person: permitting.may_serve(one.case, person),
     offered=lambda one: one.state == FollowUp.State.PLANNED and calling.follow_up_plan() is not None)  # fmt: skip
def ask_by_phone(one, said, *, by, now):
    call = calling.for_follow_up(one, by=by, now=now)
    return Done(_("The call is yours for half an hour."), f"/surveys/{call.wave.code}/calls/{call.pk}")


def _undoing(change: BulkChange) -> str:
    return f"/bulk/{change.pk}/undoing"


def _other(number: str, person: Any) -> Case:
    """The other case, if this person may see it."""
    from django.http import Http404

    try:
        return get_visible_or_404(Case.objects, person, number=number.strip())
    except Http404 as missing:
        raise merging.CannotMerge(_("There is no case with the number “%s” for you.") % number) from missing
