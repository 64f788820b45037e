"""What the department does about a call it owes: take it, say what came of it, give it back. Each act calls one verb."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.desks.acts import Done, act
from guixin.desks.forms import call_back as forms
from guixin.serve import call_backs
from guixin.serve.models import CallBack


def sees(_noun: Any, _person: Any) -> bool:
    """Whoever sees it may ring; who sees it is decided where it is fetched."""
    return True


def is_taken(call_back: CallBack) -> bool:
    return call_back.state == CallBack.State.TAKEN


@act(noun="call_back", name="taking", form=forms.TakeForm, title=gettext_lazy("Take the call"),
     button=gettext_lazy("I make this call"), look="main", may=sees, offered=lambda one: one.is_waiting)  # fmt: skip
def take(call_back, said, *, by, now):
    call_backs.take(call_back, by=by, now=now)
    return _("The call is yours. Show the number and ring.")


@act(noun="call_back", name="outcome", form=forms.ReachedForm, title=gettext_lazy("We talked"),
     button=gettext_lazy("Write it down"), look="main", may=sees, offered=is_taken)  # fmt: skip
def reached(call_back, said, *, by, now):
    done = call_backs.reached(
        call_back, said["outcome"], said["note"], kind=said["kind"] or "enquiry", number=said["number"],
        by=by, now=now,
    )  # fmt: skip
    if done.outcome == CallBack.Outcome.ANSWERED or done.case is None:
        return Done(_("Written down; the promise is kept."), where="/call-backs")
    return Done(_("Written down; it goes on in the case."), where=f"/cases/{done.case.number}")


@act(noun="call_back", name="no-answer", form=forms.NotReachedForm, title=gettext_lazy("Not reached"),
     button=gettext_lazy("Nobody answered"), may=sees, offered=is_taken)  # fmt: skip
def not_reached(call_back, said, *, by, now):
    tried = call_backs.not_reached(call_back, note=said["note"], by=by, now=now)
    if tried.is_open:
        return Done(_("We try again; it stands in the list at its time."), where="/call-backs")
    return Done(_("That was the last try; the customer is told."), where="/call-backs")


@act(noun="call_back", name="giving-back", form=forms.TakeForm, title=gettext_lazy("Give it back"),
     button=gettext_lazy("Somebody else rings"), may=sees, offered=is_taken, rare=True)  # fmt: skip
def give_back(call_back, said, *, by, now):
    call_backs.give_back(call_back, by=by, now=now)
    return Done(_("Given back; the clock runs on."), where="/call-backs")
