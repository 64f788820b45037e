"""What is done with a proposal and a monthly statement."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.desks.acts import act
from guixin.desks.forms import proposal as forms
from guixin.ledger.clock import database_now
from guixin.promise import proposing, stating, trying
from guixin.promise.models import Proposal, Statement


def _may_answer(proposal: Proposal, person) -> bool:
    return proposing.may_answer(proposal, person, database_now())


def _is_open(proposal: Proposal) -> bool:
    return proposal.is_open


@act(noun="proposal", name="acceptance", form=forms.AcceptanceForm, title=gettext_lazy("Accept the proposal"),
     button=gettext_lazy("Accept and publish"), may=_may_answer, offered=_is_open)  # fmt: skip
def accept(proposal, said, *, by, now):
    accepted = proposing.accept(proposal, answer=said["answer"], result=said["result"], by=by, now=now)
    if accepted.version is not None:
        return _("Version %(number)s is in force; who proposed it was told.") % {
            "number": accepted.version.number
        }
    return _("Accepted; who proposed it was told.")


@act(noun="proposal", name="trial", form=forms.TrialForm, title=gettext_lazy("Try it out"),
     button=gettext_lazy("Begin the trial"), may=_may_answer,
     offered=lambda proposal: proposal.state == Proposal.State.PROPOSED)  # fmt: skip
def try_out(proposal, said, *, by, now):
    tried = proposing.try_out(
        proposal, until=said["until"], from_at=said["from_at"], department=said["department"], chosen=said["chosen"],
        note=said["note"], by=by, now=now,
    )  # fmt: skip
    if trying.runs_by_itself(tried):
        return _("On trial: it holds by itself, and drops back at the end if nobody has decided.")
    return _("On trial; you are reminded when it ends.")


@act(noun="proposal", name="refusal", form=forms.AnswerForm, title=gettext_lazy("Decline the proposal"),
     button=gettext_lazy("Answer no"), may=_may_answer, offered=_is_open)  # fmt: skip
def refuse(proposal, said, *, by, now):
    proposing.refuse(proposal, answer=said["answer"], by=by, now=now)
    return _("Answered; who proposed it was told.")


@act(noun="proposal", name="withdrawal", form=forms.NoWordsForm, title=gettext_lazy("Withdraw"),
     button=gettext_lazy("Withdraw the proposal"), may=lambda proposal, person: proposal.by_id == person.pk,
     offered=_is_open)  # fmt: skip
def withdraw(proposal, said, *, by, now):
    proposing.withdraw(proposal, by=by, now=now)
    return _("Withdrawn.")


@act(noun="statement", name="saying", form=forms.StatementForm, title=gettext_lazy("Make the statement"),
     button=gettext_lazy("Make the statement"),
     may=lambda statement, person: stating.may_state(statement, person, database_now()),
     offered=lambda statement: statement.said_at is None, look="main")  # fmt: skip
def make_statement(statement: Statement, said, *, by, now):
    stating.state(
        statement, nothing_to_change=said["nothing_to_change"], proposals=said["proposals"], words=said["words"],
        by=by, now=now,
    )  # fmt: skip
    return _("Stated. Thank you.")
