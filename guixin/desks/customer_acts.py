"""What the front desk does with the record of a customer. Each act calls one verb of `understand`."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.desks.acts import Done, act
from guixin.desks.forms import customer as forms
from guixin.organisation.access import scope_of
from guixin.understand import changing, merging
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
    changes = {name: said[name] for name in ("kind", "organisation", "market", "prefers", "language")}
    changes |= {"works_at_id": said["company"], "owner_id": said["owner"].pk if said["owner"] else None}
    if name := " ".join(said["name"].split()):
        changes["name"] = name
    changing.change(customer, changes, read_at_version=said["version"], by=by, now=now)
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
    fresh = merging.split_off(customer, said["identity"], said["name"], by=by, now=now)
    return Done(
        _("It belongs to a customer of its own now. If you did not mean it, merge the two again."),
        where=f"/customers/{fresh.pk}",
    )
