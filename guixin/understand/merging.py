"""Two records that are one customer, and one record that was two. Nothing is lost, and a merge can be undone.

What moves is written on the `Merge` row; packages above move what is theirs when they hear of it, and write it there
too. So undoing gives back exactly what came, and what arrived after the merge stays with the one that remains.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.understand import events, following, pairing
from guixin.understand.changing import locked, moved
from guixin.understand.models import Customer, Identity, Merge, Pair
from guixin.web.refusals import Refused

TAKEN_OVER = (
    "organisation",
    "works_at_id",
    "market",
    "prefers",
    "reach_from",
    "reach_to",
    "topics",
    "owner_id",
    "grade",
)  # where ours says nothing


class CannotMergeCustomers(Refused):
    """These two cannot be put together, or taken apart again, and why."""


@transaction.atomic
def merge(customer: Customer, into: Customer, *, by: Person, now: datetime) -> Merge:
    """`customer` goes into `into`: identities, people, all that follows (following.py) and, by reaction, cases move; the
    old number still answers."""
    if customer.pk == into.pk:
        raise CannotMergeCustomers(_("A customer cannot be merged with itself."))
    # Locked in the order of their ids, so that two merges crossing each other wait instead of deadlocking.
    both = {one.pk: locked(one) for one in sorted((customer, into), key=lambda one: one.pk)}
    customer, into = both[customer.pk], both[into.pk]
    if customer.kind != into.kind:
        raise CannotMergeCustomers(_("A person and a company are not the same customer."))
    held = set(into.identities.values_list("kind", "normal"))
    gone = {
        # What both hold stays where it is: the remaining one is found by it anyway.
        "identity": [each.pk for each in customer.identities.all() if (each.kind, each.normal) not in held],
        "contact": list(customer.contacts.values_list("pk", flat=True)),
        "customer": list(customer.merged_customers.values_list("pk", flat=True)),
    }
    Identity.objects.filter(pk__in=gone["identity"]).update(customer=into)
    Customer.objects.filter(pk__in=gone["contact"]).update(works_at=into)
    Customer.objects.filter(pk__in=gone["customer"]).update(merged_into=into)
    gone |= following.carry(customer, into)
    filled = [
        name
        for name in TAKEN_OVER
        if getattr(customer, name) and not getattr(into, name) and getattr(customer, name) != into.pk
    ]
    if filled:
        Customer.objects.filter(pk=into.pk).update(**{name: getattr(customer, name) for name in filled})
    Customer.objects.filter(pk=customer.pk).update(merged_into=into)
    moved(customer, into)
    made = Merge.objects.create(kept=into, merged=customer, at=now, by=by, moved=gone, filled=filled)
    pairing.settle(made, Pair.State.MERGED, by=by, now=now)
    record(
        events.CustomersMerged(
            happened_at=now,
            actor_id=by.pk,
            about=("customer", into.pk),
            merge_id=made.pk,
            merged_customer_id=customer.pk,
        )
    )
    made.refresh_from_db()
    return made


@transaction.atomic
def undo(made: Merge, *, by: Person, now: datetime) -> Customer:
    """The two are two again. Returns the one that had been merged."""
    made = Merge.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if made.undone_at:
        raise CannotMergeCustomers(_("This merge was undone already."))
    both = list(
        Customer.objects.select_for_update(of=("self",))
        .filter(pk__in=[made.kept_id, made.merged_id])
        .order_by("pk")
    )
    kept = next(each for each in both if each.pk == made.kept_id)
    merged = next(each for each in both if each.pk == made.merged_id)
    if kept.merged_into_id or merged.merged_into_id != kept.pk:
        raise CannotMergeCustomers(_("The customer was merged again since; undo the later merge first."))
    Customer.objects.filter(pk=merged.pk).update(merged_into=None)
    Identity.objects.filter(pk__in=made.moved.get("identity", ()), customer=kept).update(customer=merged)
    Customer.objects.filter(pk__in=made.moved.get("contact", ()), works_at=kept).update(works_at=merged)
    Customer.objects.filter(pk__in=made.moved.get("customer", ()), merged_into=kept).update(
        merged_into=merged
    )
    following.give_back(made.moved, kept, merged)
    empty = {
        name: None if Customer._meta.get_field(name.removesuffix("_id")).null else ""
        for name in made.filled
        if getattr(kept, name) == getattr(merged, name)
    }
    if empty:
        Customer.objects.filter(pk=kept.pk).update(**empty)
    moved(kept, merged)
    made.undone_at, made.undone_by = now, by
    made.save(update_fields=["undone_at", "undone_by"])
    pairing.settle(made, Pair.State.DIFFERENT, by=by, now=now)
    record(
        events.CustomersMergeUndone(
            happened_at=now,
            actor_id=by.pk,
            about=("customer", kept.pk),
            merge_id=made.pk,
            merged_customer_id=merged.pk,
        )
    )
    merged.refresh_from_db()
    return merged


@transaction.atomic
def split_off(
    customer: Customer, identity: Identity, name: str, *, by: Person, now: datetime, parts: Iterable[str] = ()
) -> Customer:
    """The phone is somebody else's: a new customer with this name and identity, and these `parts` of what is known
    (following.parts_of). Cases stay where they are."""
    customer = locked(customer)
    if identity.customer_id != customer.pk:
        raise CannotMergeCustomers(_("This belongs to another customer."))
    if not name.strip():
        raise CannotMergeCustomers(_("Say whose it is."))
    fresh = Customer(
        kind=customer.kind, name=" ".join(name.split()), language=customer.language, created_at=now
    )
    fresh.save()
    Identity.objects.filter(pk=identity.pk).update(customer=fresh)
    following.move_parts(parts, customer, fresh)
    moved(customer)
    record(
        events.IdentitySplitOff(
            happened_at=now,
            actor_id=by.pk,
            about=("customer", customer.pk),
            identity_kind=identity.kind,
            new_customer_id=fresh.pk,
        )
    )
    return fresh
