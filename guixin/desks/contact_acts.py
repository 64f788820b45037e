"""What people do about contacts with a customer, and with the notes they bring. Each act calls one verb of `understand`."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.desks.acts import Done, act
from guixin.desks.customer_acts import is_standing
from guixin.desks.forms import contact as forms
from guixin.serve.models import Case
from guixin.understand import contact_series, contacting, knowing, needing
from guixin.understand.models import Contact, Customer, Knowledge, KnowledgeKind, Need


def sees(_noun: Any, _person: Any) -> bool:
    """Whoever sees the customer may say what they talked about; who sees them is decided where they are fetched."""
    return True


OF_CUSTOMER: dict[str, Any] = {"noun": "customer", "may": sees, "offered": is_standing}
OF_CONTACT: dict[str, Any] = {"noun": "contact", "may": sees, "offered": lambda contact: contact.is_planned}


@act(name="contacts", form=forms.MadeForm, title=gettext_lazy("Log a contact"),
     button=gettext_lazy("Log it"), key="l", **OF_CUSTOMER)  # fmt: skip
def log(customer, said, *, by, now):
    made = contacting.log(
        customer, said["kind"], outcome=said["outcome"], notes=said["notes"], next_step=said["next_step"],
        next_on=said["next_on"], person=said.get("person"), owner=by, by=by, now=now,
    )  # fmt: skip
    _need_of(made, said["theme"], by, now)
    _knowledge_of(made, said["known"], by, now)
    return _("Logged.") if not said["next_on"] else _("Logged, and the next one is planned.")


@act(name="planned-contacts", form=forms.PlannedForm, title=gettext_lazy("Plan a contact"),
     button=gettext_lazy("Plan it"), **OF_CUSTOMER)  # fmt: skip
def plan(customer, said, *, by, now):
    made = contacting.plan(
        customer, said["kind"], said["on"], at=said["at"], subject=said["subject"], person=said.get("person"),
        owner=said["owner"] or by, by=by, now=now,
    )  # fmt: skip
    return _("Planned for %s.") % made.planned_on


@act(name="contact-series", form=forms.SeriesForm, title=gettext_lazy("Contact them regularly"),
     button=gettext_lazy("Begin the series"), rare=True, **OF_CUSTOMER)  # fmt: skip
def series(customer, said, *, by, now):
    names = ("kind", "subject", "every", "unit", "first_on", "until_on", "at")
    about = {name: said[name] for name in names}
    made = contact_series.begin(customer, **about, owner=said["owner"] or by, by=by, now=now)
    return Done(
        _("The series stands; its contacts of the next quarter are planned."),
        where=f"/contacts/plans/{made.pk}",
    )


@act(name="needs", form=forms.NeedForm, title=gettext_lazy("Note a need"),
     button=gettext_lazy("Note it"), **OF_CUSTOMER)  # fmt: skip
def need(customer, said, *, by, now):
    evidence, source = None, said["source"]
    if said["case"].strip():
        case = Case.objects.visible_to(by).filter(customer=customer, number=said["case"].strip()).first()
        if case is None:
            raise needing.CannotNote(_("This customer has no case with this number that you may see."))
        evidence, source = ("case", case.pk), Need.Source.CASE
    _note(customer, said, source, evidence, by, now)
    return _("The need is noted.")


@act(name="making", form=forms.MakingForm, title=gettext_lazy("It took place"), button=gettext_lazy("Log it"),
     look="main", **OF_CONTACT)  # fmt: skip
def make(contact, said, *, by, now):
    made = contacting.make(
        contact, outcome=said["outcome"], notes=said["notes"], next_step=said["next_step"],
        next_on=said["next_on"], by=by, now=now,
    )  # fmt: skip
    _need_of(made, said["theme"], by, now)
    _knowledge_of(made, said["known"], by, now)
    return _("Logged.") if not said["next_on"] else _("Logged, and the next one is planned.")


@act(name="moving", form=forms.MovingForm, title=gettext_lazy("Another day, or somebody else"),
     button=gettext_lazy("Move it"), **OF_CONTACT)  # fmt: skip
def move(contact, said, *, by, now):
    moved = contacting.move(contact, said["on"], at=said["at"], owner=said["owner"], by=by, now=now)
    return _("Planned for %s.") % moved.planned_on


@act(name="cancelling", form=forms.CancellingForm, title=gettext_lazy("It will not take place"),
     button=gettext_lazy("Cancel the contact"), **OF_CONTACT)  # fmt: skip
def cancel(contact, said, *, by, now):
    contacting.cancel(contact, said["reason"], by=by, now=now)
    return _("Cancelled.")


@act(name="needs", form=forms.NeedForm, title=gettext_lazy("Make a need of the notes"), button=gettext_lazy("Note it"),
     noun="contact", may=sees, offered=lambda contact: contact.state == Contact.State.MADE)  # fmt: skip
def need_of_contact(contact, said, *, by, now):
    _note(contact.customer, said, Need.Source.CONTACT, ("contact", contact.pk), by, now, contact.person)
    return _("The need is noted.")


def _need_of(contact: Contact, theme: str, by: Any, now: Any) -> None:
    """The one line about a need on the form of a contact: in one step, with the contact as its evidence."""
    if theme.strip():
        needing.note(
            contact.customer, theme, source=Need.Source.CONTACT, evidence=("contact", contact.pk),
            words=contact.notes, said_by=contact.person, by=by, now=now,
        )  # fmt: skip


def _knowledge_of(contact: Contact, known: str, by: Any, now: Any) -> None:
    """The one line about something worth knowing: what they told us, with the contact as its evidence."""
    if known.strip():
        knowing.capture(
            KnowledgeKind.INTERACTION, known, words=contact.notes, customer=contact.customer,
            source=Knowledge.Source.CONTACT, evidence=("contact", contact.pk), by=by, now=now,
        )  # fmt: skip


def _note(
    customer: Customer, said: dict, source: str, evidence: tuple[str, int] | None, by: Any, now: Any,
    said_by: Customer | None = None,
) -> None:  # fmt: skip
    needing.note(
        customer, said["theme"], kind=said["kind"], weight=said["weight"], expected=said["expected"],
        words=said["words"], source=source, evidence=evidence, said_by=said_by, by=by, now=now,
    )  # fmt: skip
