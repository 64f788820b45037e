"""What the front desk does with the record of a customer. Each act calls one verb of `understand`."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.desks.acts import Done, act
from guixin.desks.forms import customer as forms
from guixin.organisation.access import scope_of
from guixin.understand import changing, contact_people, merging, taking_in
from guixin.understand.models import Customer


def may_keep(_customer: Customer, person: Any) -> bool:
    """The record is kept by those who may see every customer; others read it through their cases."""
    scope = scope_of(person)
    return scope.sees_everything or scope.is_front_desk


def is_standing(customer: Customer) -> bool:
    return customer.merged_into_id is None


KEEPING: dict[str, Any] = {"noun": "customer", "may": may_keep, "offered": is_standing}


@act(name="record", form=forms.EditCustomerForm, title=gettext_lazy("Edit"),
     button=gettext_lazy("Save"), **KEEPING)  # fmt: skip
def edit(customer, said, *, by, now):
    plain = ("kind", "organisation", "market", "prefers", "language", "topics", "reach_from", "reach_to")
    changes = {name: said[name] for name in plain}
    changes |= {"works_at_id": said["company"], "owner_id": said["owner"].pk if said["owner"] else None}
    if name := " ".join(said["name"].split()):
        changes["name"] = name
    changing.change(
        customer, changes, read_at_version=said["version"], by=by, now=now, attributes=said["attributes"],
        complete=True,
    )  # fmt: skip
    return _("The customer is saved.")


@act(name="identities", form=forms.IdentityForm, title=gettext_lazy("Add a phone or address"),
     button=gettext_lazy("Add"), **KEEPING)  # fmt: skip
def add_identity(customer, said, *, by, now):
    changing.add_identity(customer, said["kind"], said["raw"], by=by, now=now)
    return _("Added; the customer is found by it now.")


@act(name="merging", form=forms.MergeForm, title=gettext_lazy("Merge with another customer"),
     button=gettext_lazy("Merge into this one"), **KEEPING)  # fmt: skip
def merge(customer, said, *, by, now):
    made = merging.merge(said["other"], customer, by=by, now=now)
    return Done(
        _("The two are one customer now; nothing was lost."),
        undo=f"/customers/{customer.pk}/merges/{made.pk}/undone",
    )


@act(name="splitting", form=forms.SplitForm, title=gettext_lazy("Split off what belongs to somebody else"),
     button=gettext_lazy("Make a customer of its own"), noun="customer", may=may_keep,
     offered=lambda customer: is_standing(customer) and len(customer.identities.all()) > 1)  # fmt: skip
def split(customer, said, *, by, now):
    fresh = merging.split_off(
        customer, said["identity"], said["name"], by=by, now=now, parts=said.get("parts", ())
    )
    return Done(
        _("It belongs to a customer of its own now. If you did not mean it, merge the two again."),
        where=f"/customers/{fresh.pk}",
    )


@act(name="contact-people", form=forms.ContactPersonForm, title=gettext_lazy("Add a contact person"),
     button=gettext_lazy("Keep"), noun="customer", may=may_keep,
     offered=lambda customer: is_standing(customer) and customer.kind == Customer.Kind.COMPANY)  # fmt: skip
def contact_person(company, said, *, by, now):
    person = said["known"]
    if person is None:
        identities = [("phone", said["phone"])] if said["phone"] else []
        person, _is_new = taking_in.take_in("person", said["person"], identities, by=by, now=now)
    contact_people.note(
        company,
        person,
        position=said["position"],
        roles=said["roles"],
        motives=said["motives"],
        by=by,
        now=now,
    )
    return _("Noted as a contact person.")
