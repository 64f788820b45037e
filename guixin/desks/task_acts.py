"""What a department does with its task, and asking for and deciding over more time."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guixin.desks.acts import Done, act
from guixin.desks.forms import escalation as escalation_forms
from guixin.desks.forms import task as forms
from guixin.desks.forms.attach import kept_files
from guixin.desks.forms.case import ActingForm
from guixin.desks.nouns import address
from guixin.ledger.clock import database_now
from guixin.promise import escalating, extending
from guixin.promise.models import Clock, Escalation, Extension
from guixin.serve import escalating as deciding
from guixin.serve import handling, permitting
from guixin.serve.models import Task

MY_TASKS = "/queues/tasks"


def is_open(task: Task) -> bool:
    return task.is_open


HANDLING: dict[str, Any] = {"noun": "task", "may": handling.may_handle, "offered": is_open}


@act(noun="task", name="acceptance", form=forms.AcceptForm, title=pgettext_lazy("task", "Accept"),
     button=gettext_lazy("Accept: I take care of it"), may=handling.may_handle,
     offered=lambda task: task.state == Task.State.GIVEN, look="main")  # fmt: skip
def accept(task, said, *, by, now):
    handling.accept(task, by=by, now=now)
    return Done(_("Accepted. You answer for this task now."), f"{address('task', task)}?act=results")


@act(name="results", form=forms.ResultForm, title=gettext_lazy("Return the result"),
     button=gettext_lazy("Return the result to the owner"), **HANDLING)  # fmt: skip
def return_result(task, said, *, by, now):
    handling.return_result(task, said["result"], files=kept_files(said), by=by, now=now)
    return _("The result is with the owner.")


@act(name="questions", form=forms.AskForm, title=gettext_lazy("Ask the owner"),
     button=gettext_lazy("Ask"), **HANDLING)  # fmt: skip
def ask(task, said, *, by, now):
    handling.ask(task, said["body"], files=kept_files(said), by=by, now=now)
    return _("The owner was asked.")


@act(name="transfer", form=forms.PassOnForm, title=gettext_lazy("Pass on to another department"),
     button=gettext_lazy("Pass on"), **HANDLING)  # fmt: skip
def pass_on(task, said, *, by, now):
    handling.pass_on(task, said["department"], said["reason"], by=by, now=now)
    return Done(_("Passed on to %(department)s.") % {"department": said["department"].name}, MY_TASKS)


@act(noun="task", name="sending-back", form=forms.SendBackForm, title=gettext_lazy("Send back: not ours"),
     button=gettext_lazy("Send back"), may=handling.may_handle, offered=is_open)  # fmt: skip
def send_back(task, said, *, by, now):
    handling.send_back(task, said["reason"], by=by, now=now)
    return Done(_("Sent back; the coordinator finds another department."), MY_TASKS)


@act(noun="task", name="withdrawal", form=forms.ReasonForm, title=gettext_lazy("Withdraw the task"),
     button=gettext_lazy("Withdraw"), may=lambda task, person: permitting.may_serve(task.case, person),
     offered=lambda task: task.is_open or task.state == Task.State.PLANNED)  # fmt: skip
def withdraw(task, said, *, by, now):
    handling.withdraw(task, reason=said["reason"], by=by, now=now)
    return _("The task is withdrawn.")


@act(noun="question", name="answers", form=forms.AnswerForm, title=gettext_lazy("Answer the department"),
     button=gettext_lazy("Answer"), may=lambda question, person: permitting.may_serve(question.case, person),
     offered=lambda question: True)  # fmt: skip
def answer(question, said, *, by, now):
    handling.answer(question, said["body"], files=kept_files(said), by=by, now=now)
    return _("The department has its answer.")


@act(noun="clock", name="extensions", form=forms.ExtensionForm, title=gettext_lazy("Ask for more time"),
     button=gettext_lazy("Ask the next authority"), may=permitting.may_ask_for_time,
     offered=lambda clock: clock.state == Clock.State.RUNNING and not clock.is_breached)  # fmt: skip
def ask_for_time(clock, said, *, by, now):
    asked = extending.ask(clock, until=said["until"], reason=said["reason"], by=by, now=now)
    return _("%(name)s was asked; the clock goes on meanwhile.") % {"name": asked.authority.name}


@act(noun="extension", name="decision", form=forms.DecisionForm, title=gettext_lazy("Decide over more time"),
     button=gettext_lazy("Decide"),
     may=lambda extension, person: extending.may_decide(extension, person, database_now()),
     offered=lambda extension: extension.state == Extension.State.ASKED)  # fmt: skip
def decide(extension, said, *, by, now):
    decided = extending.decide(extension, by=by, now=now, **said)
    if decided.state == Extension.State.ASKED:
        return _("This is above your limit; %(name)s was asked.") % {"name": decided.authority.name}
    return _("Granted.") if decided.state == Extension.State.GRANTED else _("Refused.")


def _waits(escalation: Escalation) -> bool:
    return escalation.over_at is None


def _waits_on_a_case(escalation: Escalation) -> bool:
    """Another matter is taken over, or given to somebody, on its own page."""
    return _waits(escalation) and escalation.case_id is not None


RAISED: dict[str, Any] = {"noun": "escalation", "may": permitting.may_act, "offered": _waits}
ON_A_CASE: dict[str, Any] = {**RAISED, "offered": _waits_on_a_case}


@act(name="taking-over", form=escalation_forms.TakeOverForm, title=gettext_lazy("Take over"),
     button=gettext_lazy("I take it over"), **ON_A_CASE)  # fmt: skip
def take_over(escalation, said, *, by, now):
    deciding.take_over(escalation, note=said["note"], look_again_at=said["look_again_at"], by=by, now=now)
    return _("It is yours from now on.")


@act(name="instruction", form=escalation_forms.InstructForm, title=gettext_lazy("Instruct"),
     button=gettext_lazy("Give the instruction"), **ON_A_CASE)  # fmt: skip
def instruct(escalation, said, *, by, now):
    deciding.instruct(escalation, said["note"], look_again_at=said["look_again_at"], by=by, now=now)
    return _("Everybody at work on the case was told.")


@act(name="reassignment", form=escalation_forms.ReassignForm, title=gettext_lazy("Reassign"),
     button=gettext_lazy("Give it to them"), **ON_A_CASE)  # fmt: skip
def reassign(escalation, said, *, by, now):
    deciding.reassign(
        escalation, person=said["person"], department=said["department"], reason=said["note"],
        look_again_at=said["look_again_at"], by=by, now=now,
    )  # fmt: skip
    return _("%(name)s takes it from here.") % {"name": said["person"] or said["department"].name}


@act(name="silence", form=escalation_forms.SilenceForm, title=gettext_lazy("Silence"),
     button=gettext_lazy("No reminders until then"), **RAISED)  # fmt: skip
def silence(escalation, said, *, by, now):
    deciding.silence(escalation, reason=said["note"], look_again_at=said["look_again_at"], by=by, now=now)
    return _("No reminders until then.")


@act(name="acting", form=ActingForm, title=gettext_lazy("Decide otherwise"),
     button=gettext_lazy("I take charge"), **RAISED)  # fmt: skip
def act_on_escalation(escalation, said, *, by, now):
    escalating.act(escalation, note=said["note"], look_again_at=said["look_again_at"], by=by, now=now)
    return _("Noted. The reminders rest until then.")
