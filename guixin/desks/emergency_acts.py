"""The emergency path as people take it: from the case in one click, in hand, reviewed."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.desks.acts import Done, act
from guixin.desks.forms import emergency as forms
from guixin.ledger.clock import database_now
from guixin.serve import emergencies
from guixin.serve.models import Emergency


def _may_take(case, person) -> bool:
    return emergencies.may_take_it(person, database_now())


@act(noun="case", name="emergency", rare=True, form=forms.EmergencyForm, title=gettext_lazy("Emergency path"),
     button=gettext_lazy("Take the emergency path"), may=_may_take,
     offered=lambda case: case.is_open and case.emergency_since is None)  # fmt: skip
def take_the_path(case, said, *, by, now):
    named = [said["also_tell"]] if said["also_tell"] else []
    emergency = emergencies.take_the_path(case, reason=said["reason"], by=by, now=now, also_tell=named)
    if emergency.request is not None:
        return _("This needs %(name)s, who was asked at once.") % {"name": emergency.request.to_person.name}
    return _("The emergency path is open; everybody concerned was told. %(name)s reviews it.") % {
        "name": emergency.reviewer
    }


def _may_end(emergency, person) -> bool:
    from guixin.serve.permitting import may_serve

    return emergency.by_id == person.pk or may_serve(emergency.case, person)


@act(noun="emergency", name="in-hand", form=forms.InHandForm, title=gettext_lazy("In hand"),
     button=gettext_lazy("The emergency is in hand"), may=_may_end,
     offered=lambda emergency: emergency.state == Emergency.State.RUNNING, look="main")  # fmt: skip
def in_hand(emergency, said, *, by, now):
    emergencies.in_hand(emergency, said["note"], by=by, now=now)
    return _("In hand. The review is still to come.")


@act(noun="emergency", name="review", form=forms.ReviewForm, title=gettext_lazy("Review"),
     button=gettext_lazy("Write the review"),
     may=lambda emergency, person: emergencies.may_review(emergency, person, database_now()),
     offered=lambda emergency: emergency.begun_at is not None and emergency.reviewed_at is None,
     look="main")  # fmt: skip
def review(emergency, said, *, by, now):
    emergencies.review(emergency, said["verdict"], said["learnt"], by=by, now=now)
    return Done(_("Reviewed; who took the path was told."))
