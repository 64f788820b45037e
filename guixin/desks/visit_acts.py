"""What is done about a visit: each act calls one verb."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guixin.desks.acts import act
from guixin.desks.forms import visit as forms
from guixin.serve import receiving, visit_applying, visit_deciding
from guixin.serve.models import Visit
from guixin.serve.permitting import may_serve
from guixin.serve.visit_log import took_place

State = Visit.State


def may(visit, person) -> bool:
    """Whoever serves the case. What a reception may cost is another question: the authority matrix answers it."""
    return may_serve(visit.case, person)


def may_write(visit, person) -> bool:
    """The host writes the plan and the log too."""
    return visit.host_id == person.pk or may(visit, person)


def _in(*states: str):
    return lambda visit: visit.state in states and visit.case.is_open


@act(noun="visit", name="approval", form=forms.ApproveForm, title=gettext_lazy("Approve the visit"),
     button=gettext_lazy("Approve, and tell the customer"), may=may, offered=_in(State.APPLIED), look="main")  # fmt: skip
def approve(visit, said, *, by, now):
    done = visit_deciding.approve(
        visit, said["arrives_at"], said["leaves_at"], place=said["place"], host=said["host"], reason=said["reason"],
        by=by, now=now,
    )  # fmt: skip
    if done.request and done.state == State.ASKED:
        return _("This is above your authority: %(name)s was asked at once.") % {
            "name": done.request.to_person.name
        }
    return _("Approved; the customer was told.")


@act(noun="visit", name="log", form=forms.TookPlaceForm, title=gettext_lazy("They were here"),
     button=gettext_lazy("Write it down"), may=may_write, offered=_in(State.APPROVED), look="main")  # fmt: skip
def log(visit, said, *, by, now):
    took_place(
        visit, said["log"], attended=said["attended"], held_at=said["held_at"], who_was_there=said["who_was_there"],
        promises=forms.promised(said), by=by, now=now,
    )  # fmt: skip
    return _("Written down; the follow-ups after one, three and six months are planned.")


@act(noun="visit", name="agenda", form=forms.AgendaForm, title=gettext_lazy("Add a line to the plan"),
     button=gettext_lazy("Put it down"), may=may_write, offered=_in(State.APPLIED, State.ASKED, State.APPROVED))  # fmt: skip
def agenda(visit, said, *, by, now):
    item = receiving.plan_item(
        visit, said["what"], said["begins_at"], said["ends_at"], place=said["place"], person=said["person"],
        department=said["department"], prepare=said["prepare_"], by=by, now=now,
    )  # fmt: skip
    return _("In the plan; the department has the task.") if item.task_id else _("In the plan.")


@act(noun="visit", name="grade", form=forms.GradeForm, title=gettext_lazy("Receive them differently"),
     button=gettext_lazy("Change the grade"), may=may, offered=_in(State.APPLIED))  # fmt: skip
def grade(visit, said, *, by, now):
    visit_deciding.regrade(visit, said["grade"], said["reason"], by=by, now=now)
    return _("The grade is changed.")


@act(noun="visit", name="decline", form=forms.DeclineForm, title=pgettext_lazy("visit", "Decline"),
     button=gettext_lazy("Decline, and tell the customer"), may=may, offered=_in(State.APPLIED))  # fmt: skip
def decline(visit, said, *, by, now):
    visit_deciding.decline(visit, said["reason"], alternatives=said["alternatives"], by=by, now=now)
    return _("Declined; the customer was told.")


@act(noun="visit", name="change", form=forms.ChangeVisitForm, title=gettext_lazy("Correct the application"),
     button=gettext_lazy("Save"), may=may, offered=_in(State.APPLIED))  # fmt: skip
def change(visit, said, *, by, now):
    changes = {name: said[name] for name in forms.ChangeVisitForm.NAMES}
    visit_applying.change(visit, changes, read_at_version=said["read_at_version"], by=by, now=now)
    return _("Saved.")


@act(noun="visit", name="date", form=forms.WhenForm, title=gettext_lazy("Move it"),
     button=gettext_lazy("Move, and tell the customer"), may=may, offered=_in(State.APPROVED))  # fmt: skip
def move(visit, said, *, by, now):
    visit_deciding.move(
        visit, said["arrives_at"], said["leaves_at"], place=said["place"], host=said["host"], by=by, now=now
    )
    return _("Moved; the customer was told.")


@act(noun="visit", name="cancelling", form=forms.CancelVisitForm, title=gettext_lazy("Call it off"),
     button=gettext_lazy("Call it off, and tell the customer"), may=may,
     offered=_in(State.APPLIED, State.ASKED, State.APPROVED))  # fmt: skip
def cancel(visit, said, *, by, now):
    visit_deciding.cancel(visit, said["reason"], by=by, now=now)
    return _("Called off; the customer was told.")


@act(noun="visit", name="again", form=forms.AgainForm, title=gettext_lazy("They apply again"),
     button=gettext_lazy("Take it in again"), may=may, offered=_in(State.DECLINED, State.CANCELLED))  # fmt: skip
def again(visit, said, *, by, now):
    visit_applying.apply_again(visit, said["wished_on"], wished_or=said["wished_or"], by=by, now=now)
    return _("Taken in again; it waits for a decision.")
