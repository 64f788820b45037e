"""What people do with hard problems: put one to an expert, conclude, pass on, take back, keep it in the handbook."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.desks.acts import Done, act
from guixin.desks.forms import problem as forms
from guixin.desks.forms.base import ActForm
from guixin.ledger.clock import database_now
from guixin.serve import asking_experts
from guixin.serve.filling_in import may_fill_in
from guixin.serve.models import HardProblem


def _is_open(problem: HardProblem) -> bool:
    return problem.is_open


def _may_answer(problem: HardProblem, person: Any) -> bool:
    return asking_experts.may_answer(problem, person, database_now())


@act(noun="case", name="experts", rare=True, form=forms.AskExpertForm, title=gettext_lazy("Ask an expert"),
     button=gettext_lazy("Send it to the expert"), may=may_fill_in, offered=lambda case: case.is_open)  # fmt: skip
def ask_expert(case, said, *, by, now):
    problem = asking_experts.ask_expert(case, said["skill"], said["question"], by=by, now=now)
    if problem.instead_of:
        words = _("%(name)s stands in for %(away)s and has it now.")
        return words % {"name": problem.expert.name, "away": problem.instead_of.name}
    return _("%(name)s has it now.") % {"name": problem.expert.name}


@act(noun="hard_problem", name="conclusion", form=forms.ConcludeForm, title=gettext_lazy("Your conclusion"),
     button=gettext_lazy("Return it to the case"), may=_may_answer, offered=_is_open, look="main")  # fmt: skip
def conclude(problem, said, *, by, now):
    asking_experts.conclude(problem, by=by, now=now, **said)
    return _("It is with the case now. Keep it in the handbook, so that nobody has to ask again.")


@act(noun="hard_problem", name="passing-on", form=forms.PassOnForm, title=gettext_lazy("Somebody else knows better"),
     button=gettext_lazy("Pass it on"), may=_may_answer, offered=_is_open)  # fmt: skip
def pass_on(problem, said, *, by, now):
    passed = asking_experts.pass_on(
        problem, skill=said["skill"], expert=said["expert"] or None, by=by, now=now
    )
    return Done(_("%(name)s has it now.") % {"name": passed.expert.name}, "/problems")


@act(noun="hard_problem", name="withdrawal", form=ActForm, title=gettext_lazy("No expert is needed any more"),
     button=gettext_lazy("Take it back"), may=asking_experts.may_withdraw, offered=_is_open)  # fmt: skip
def withdraw(problem, said, *, by, now):
    asking_experts.withdraw_problem(problem, by=by, now=now)
    return _("Taken back; the expert is told.")


@act(noun="hard_problem", name="handbook", form=forms.KeepForm, title=gettext_lazy("Keep it in the handbook"),
     button=gettext_lazy("Publish it"), may=lambda problem, person: True, look="main",
     offered=lambda problem: problem.state == HardProblem.State.ANSWERED and not problem.article_id)  # fmt: skip
def keep(problem, said, *, by, now):
    article = asking_experts.keep_in_handbook(
        problem, title=said["title"], as_lesson=said["became"] == "lesson", by=by, now=now
    )
    return Done(_("Published; the next similar case is offered it."), f"/handbook/{article.pk}")
