"""What people do to make a customer whole: the plan, its steps, what is skipped, the end."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.desks.acts import Done, act
from guixin.desks.case_acts import SERVING
from guixin.desks.forms import recovery as forms
from guixin.ledger.clock import database_now
from guixin.recover import plans
from guixin.recover.models import Recovery, RecoveryStep
from guixin.serve.permitting import may_serve


def _may_plan(recovery: Recovery, person: Any) -> bool:
    return may_serve(recovery.case, person)


def _may_plan_step(step: RecoveryStep, person: Any) -> bool:
    return may_serve(step.recovery.case, person)


def _may_do(step: RecoveryStep, person: Any) -> bool:
    return plans.may_do(step, person, database_now())


def _is_running(recovery: Recovery) -> bool:
    return recovery.is_running


def _is_planned(step: RecoveryStep) -> bool:
    return step.is_planned and step.recovery.is_running


PLANNING: dict[str, Any] = {"noun": "recovery", "may": _may_plan, "offered": _is_running}
STEP: dict[str, Any] = {"noun": "recovery_step", "may": _may_plan_step}


def _back(step: RecoveryStep, words: str) -> Done:
    return Done(words, where=f"/recoveries/{step.recovery_id}")


@act(name="recovery", rare=True, form=forms.FaultForm, title=gettext_lazy("Make the customer whole"),
     button=gettext_lazy("Propose a plan"), **SERVING)  # fmt: skip
def begin(case, said, *, by, now):
    recovery = plans.begin(case, said["fault"], failure=said["failure"], by=by, now=now)
    return Done(_("The plan is proposed; change what does not fit."), where=f"/recoveries/{recovery.pk}")


@act(name="steps", form=forms.StepForm, title=gettext_lazy("Add a step"), button=gettext_lazy("Add the step"),
     **PLANNING)  # fmt: skip
def add_step(recovery, said, *, by, now):
    plans.add_step(recovery, said["kind"], owner=said["owner"], by=by, now=now, words=said["words"],
                   justice=said["justice"])  # fmt: skip
    return _("Added; whoever does it was told.")


@act(name="fault", form=forms.FaultForm, title=gettext_lazy("Whose fault it was"), button=gettext_lazy("Keep it"),
     **PLANNING)  # fmt: skip
def judge_fault(recovery, said, *, by, now):
    plans.judge_fault(recovery, said["fault"], failure=said["failure"], by=by, now=now)
    return _("Kept; what the rules propose for it was added.")


@act(name="skipped", form=forms.SkipForm, title=gettext_lazy("Skip one of the three"), button=gettext_lazy("Skip it"),
     noun="recovery", may=_may_plan,
     offered=lambda recovery: recovery.is_running and bool(plans.justices_not_addressed(recovery)))  # fmt: skip
def skip(recovery, said, *, by, now):
    plans.skip_justice(recovery, said["justice"], said["reason"], by=by, now=now)
    return _("Skipped, with your reason.")


@act(name="finish", form=forms.EndNoteForm, title=gettext_lazy("Finish the recovery"),
     button=gettext_lazy("The customer is made whole"), **PLANNING)  # fmt: skip
def finish(recovery, said, *, by, now):
    plans.finish(recovery, by=by, now=now, note=said["note"])
    return _("Finished.")


@act(name="giving-up", form=forms.WhyForm, title=gettext_lazy("Give up the recovery"), button=gettext_lazy("Give it up"),
     **PLANNING)  # fmt: skip
def give_up(recovery, said, *, by, now):
    plans.give_up(recovery, said["reason"], by=by, now=now)
    return _("Given up; what was promised stays promised.")


@act(noun="recovery_step", name="done", form=forms.StepDoneForm, title=gettext_lazy("It was done"),
     button=gettext_lazy("Write down what was said"), may=_may_do,
     offered=lambda step: _is_planned(step) and not step.is_tangible)  # fmt: skip
def do_step(step, said, *, by, now):
    plans.do_step(step, said["said"], by=by, now=now)
    return _back(step, _("Written down."))


@act(name="promise", form=forms.StepPromiseForm, title=gettext_lazy("Promise it"),
     button=gettext_lazy("Promise, or ask for it"), **STEP,
     offered=lambda step: _is_planned(step) and step.may_be_promised and step.recovery.case.is_open)  # fmt: skip
def promise_step(step, said, *, by, now):
    goodwill = plans.promise_step(
        step, said["amount"], said["currency"], reason=said["reason"], by=by, now=now
    )
    if goodwill.request is not None:
        words = _("This is above your limit; %(name)s was asked.") % {"name": goodwill.request.to_person.name}
        return _back(step, words)
    return _back(step, _("Promised, within your authority."))


@act(name="owner", form=forms.StepOwnerForm, title=gettext_lazy("Somebody else does it"),
     button=gettext_lazy("Hand over"), **STEP, offered=_is_planned)  # fmt: skip
def give_step(step, said, *, by, now):
    plans.give_step(step, said["owner"], by=by, now=now)
    return _back(step, _("%(name)s does it, and was told.") % {"name": said["owner"].name})


@act(name="leaving-out", form=forms.WhyForm, title=gettext_lazy("Leave it out"),
     button=gettext_lazy("Leave it out"), **STEP, offered=_is_planned)  # fmt: skip
def leave_out(step, said, *, by, now):
    plans.leave_out(step, said["reason"], by=by, now=now)
    return _back(step, _("Left out, with your reason."))
