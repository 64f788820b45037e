"""What people do by the authority matrix: money on a case, and requests that are answered."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.desks.acts import Done, act
from guixin.desks.case_acts import SERVING
from guixin.desks.forms import authority as forms
from guixin.desks.forms.recovery import HandOverForm
from guixin.desks.nouns import address
from guixin.ledger.clock import database_now
from guixin.promise import authorising
from guixin.promise.models import AuthorityRequest
from guixin.serve import deciding, permitting, stakes
from guixin.serve.models import Goodwill


@act(name="goodwill", rare=True, form=forms.GoodwillForm, title=gettext_lazy("Promise goodwill"),
     button=gettext_lazy("Promise, or ask for it"), **SERVING)  # fmt: skip
def promise_goodwill(case, said, *, by, now):
    goodwill = deciding.promise_goodwill(
        case, said["amount"], said["currency"], reason=said["reason"], by=by, now=now, kind=said["kind"]
    )
    if goodwill.request is not None:
        return _("This is above your limit; %(name)s was asked.") % {"name": goodwill.request.to_person.name}
    return _("Promised, within your authority.")


@act(name="price", rare=True, form=forms.PriceForm, title=gettext_lazy("Price of what went wrong"),
     button=gettext_lazy("Keep the price"), **SERVING)  # fmt: skip
def state_price(case, said, *, by, now):
    stakes.state_price(case, said["amount"], said["currency"], order=said["order"], by=by, now=now)
    return _("Kept; what is given for the case is held against it.")


@act(noun="goodwill", name="handing-over", form=HandOverForm, title=gettext_lazy("Paid or handed over"),
     button=gettext_lazy("The customer has it"), may=permitting.may_hand_over,
     offered=lambda goodwill: goodwill.state == Goodwill.State.PROMISED, look="main")  # fmt: skip
def hand_over(goodwill, said, *, by, now):
    deciding.hand_goodwill_over(goodwill, said["given_on"], said["reference"], by=by, now=now)
    return _("Written down: the customer has it.")


@act(noun="goodwill", name="taking-back", form=forms.WithdrawForm, title=gettext_lazy("Take back"),
     button=gettext_lazy("Take the goodwill back"),
     may=lambda goodwill, person: permitting.may_serve(goodwill.case, person),
     offered=lambda goodwill: goodwill.state == Goodwill.State.PROMISED)  # fmt: skip
def take_goodwill_back(goodwill, said, *, by, now):
    deciding.take_goodwill_back(goodwill, by=by, now=now)
    words = _("Taken back; it counts against no limit any more.")
    return Done(words, where=address("case", goodwill.case))


def _may_answer(request: AuthorityRequest, person) -> bool:
    return authorising.may_answer(request, person, database_now())


def _asked(request: AuthorityRequest, person) -> bool:
    return request.asked_by_id == person.pk


def _is_open(request: AuthorityRequest) -> bool:
    return request.is_open


@act(noun="authority_request", name="approval", form=forms.NoteForm, title=gettext_lazy("Approve"),
     button=gettext_lazy("Approve"), may=_may_answer, offered=_is_open, look="main")  # fmt: skip
def approve(request, said, *, by, now):
    answered = authorising.approve(request, by=by, now=now, note=said["note"])
    if answered.is_open:
        return _("Your limit does not suffice any more; it went up to %(name)s.") % {
            "name": answered.to_person.name
        }
    return _("Approved.")


@act(noun="authority_request", name="refusal", form=forms.RefusalForm, title=gettext_lazy("Refuse"),
     button=gettext_lazy("Refuse"), may=_may_answer, offered=_is_open)  # fmt: skip
def refuse(request, said, *, by, now):
    authorising.refuse(request, by=by, now=now, note=said["note"])
    return _("Refused; who asked was told.")


@act(noun="authority_request", name="words", form=forms.WordForm, title=gettext_lazy("Ask or answer"),
     button=gettext_lazy("Send"), may=lambda request, person: _asked(request, person) or _may_answer(request, person),
     offered=_is_open)  # fmt: skip
def talk(request, said, *, by, now):
    authorising.say(request, said["body"], by=by, now=now)
    return _("They were told; the clock goes on.")


@act(noun="authority_request", name="withdrawal", form=forms.WithdrawForm, title=gettext_lazy("Withdraw"),
     button=gettext_lazy("Withdraw the request"), may=_asked, offered=_is_open)  # fmt: skip
def withdraw(request, said, *, by, now):
    authorising.withdraw(request, by=by, now=now)
    return _("Withdrawn.")
