"""Editing the record of a customer, with the version it was read at."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.understand import describing, events
from guixin.understand.identities import known
from guixin.understand.models import Customer, Identity
from guixin.web.refusals import Refused

EDITABLE = (
    "name",
    "kind",
    "organisation",
    "works_at_id",
    "market",
    "prefers",
    "reach_from",
    "reach_to",
    "topics",
    "language",
    "owner_id",
)


class CannotChange(Refused):
    """The record cannot be changed like this, and why."""

    about_input = True


class ChangedMeanwhile(Refused):
    """Somebody else changed the customer since it was read. Carries both sides; nothing is lost."""

    def __init__(self, customer: Customer, yours: Mapping[str, Any]):
        super().__init__(_("Somebody changed this customer while you were editing."))
        self.customer = customer
        self.yours = {name: value for name, value in yours.items() if getattr(customer, name) != value}
        self.theirs = {name: getattr(customer, name) for name in self.yours}


def locked(customer: Customer) -> Customer:
    """The customer as it is now, locked. One who was merged is not changed any more."""
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    if customer.merged_into_id:
        raise CannotChange(
            _("This customer was merged into another one; change that one, or undo the merge.")
        )
    return customer


@transaction.atomic
def change(
    customer: Customer, changes: Mapping[str, Any], *, read_at_version: int, by: Person, now: datetime,
    attributes: Mapping[str, Any] | None = None, complete: bool = False,
) -> Customer:  # fmt: skip
    """Change the record, and what is known by attribute. Refused if it moved since `read_at_version`."""
    customer = locked(customer)
    if unknown := set(changes) - set(EDITABLE):
        raise CannotChange(_("These cannot be edited: %s.") % ", ".join(sorted(unknown)))
    if customer.version != read_at_version:
        raise ChangedMeanwhile(customer, changes)
    before = {name: getattr(customer, name) for name in changes}
    changes = {name: value for name, value in changes.items() if before[name] != value}
    check(customer, changes)
    kind = changes.get("kind", customer.kind)
    if kind != customer.kind:
        customer.kind = kind  # what is asked of a company is not what is asked of a person
    described = (
        describing.describe(customer, attributes or {}, by=by, now=now, complete=complete)
        if attributes or complete
        else []
    )
    if not changes:
        if described:
            moved(customer)
        return customer
    old = {name: _plain(before[name]) for name in changes}
    for name, value in changes.items():
        setattr(customer, name, value)
    customer.version += 1
    customer.save(update_fields=[*changes, "version"])
    record(
        events.CustomerChanged(
            happened_at=now,
            actor_id=by.pk,
            about=("customer", customer.pk),
            fields=sorted(changes),
            personal={"old": old},
        )
    )
    return customer


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, time) else value


def check(customer: Customer, changes: Mapping[str, Any]) -> None:
    if "name" in changes and not str(changes["name"]).strip():
        raise CannotChange(_("A customer needs a name."))
    works_at = changes.get("works_at_id")
    if works_at and not Customer.objects.standing().filter(pk=works_at, kind=Customer.Kind.COMPANY).exists():
        raise CannotChange(_("There is no such company."))
    if works_at and works_at == customer.pk:
        raise CannotChange(_("A company does not work at itself."))
    begins, ends = (changes.get(n, getattr(customer, n)) for n in ("reach_from", "reach_to"))
    if (begins is None) != (ends is None):
        raise CannotChange(_("Give both hours, from and to, or neither."))
    if begins is not None and begins >= ends:
        raise CannotChange(_("The hours to be reached end after they begin."))


@transaction.atomic
def add_identity(customer: Customer, kind: str, raw: str, *, by: Person, now: datetime) -> Identity:
    """One more phone, address or number the customer is found by. What they have already is not added twice."""
    customer = locked(customer)
    written = known([(kind, raw)])
    if not written or kind not in Identity.Kind.values:
        raise CannotChange(_("Write the number or address."))
    identity, is_new = Identity.objects.get_or_create(
        customer=customer,
        kind=kind,
        normal=written[0].normal,
        defaults={"raw": raw.strip(), "last4": Identity.of(customer, written[0]).last4},
    )
    if not is_new:
        raise CannotChange(_("The customer has this already."))
    moved(customer)
    record(
        events.IdentityAdded(
            happened_at=now, actor_id=by.pk, about=("customer", customer.pk), identity_kind=kind
        )
    )
    return identity


def moved(*customers: Customer) -> None:
    """Whoever edits an older copy notices."""
    Customer.objects.filter(pk__in=[each.pk for each in customers]).update(version=F("version") + 1)
