"""Who at a company has which say: noted, changed, and gone. The company on a person's record follows."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.understand import events
from guixin.understand.changing import locked, moved
from guixin.understand.models import ContactPerson, Customer, Role
from guixin.web.refusals import Refused


class NoSuchContactPerson(Refused):
    """The company and the person do not go together like this."""

    about_input = True


@transaction.atomic
def note(
    company: Customer, person: Customer, *, by: Person | None, now: datetime, position: str = "",
    roles: Iterable[str] = (), motives: str = "",
) -> ContactPerson:  # fmt: skip
    """This person works at this company, with this say; said again, what was known is replaced."""
    company, person = locked(company), locked(person)
    roles = list(dict.fromkeys(roles))
    if company.kind != Customer.Kind.COMPANY:
        raise NoSuchContactPerson(_("Only a company has contact people."))
    if person.kind != Customer.Kind.PERSON:
        raise NoSuchContactPerson(_("A contact is a person, not a company."))
    if set(roles) - set(Role.values):
        raise NoSuchContactPerson(_("There is no such role in a decision."))
    known, _is_new = ContactPerson.objects.update_or_create(
        company=company,
        person=person,
        defaults={
            "position": " ".join(position.split()), "roles": roles, "motives": motives.strip(), "left_at": None,
        },
        create_defaults={
            "position": " ".join(position.split()), "roles": roles, "motives": motives.strip(), "since": now,
        },
    )  # fmt: skip
    if person.works_at_id is None:
        Customer.objects.filter(pk=person.pk).update(works_at=company)
    moved(person)
    record(
        events.ContactPersonNoted(
            happened_at=now, actor_id=by.pk if by else None, about=("customer", company.pk),
            person_id=person.pk, roles=roles,
        )
    )  # fmt: skip
    return known


@transaction.atomic
def leave(company: Customer, person: Customer, *, by: Person | None, now: datetime) -> None:
    """They no longer work there; what they were stays readable."""
    person = locked(person)
    gone = ContactPerson.objects.filter(company=company, person=person, left_at=None).update(left_at=now)
    gone += Customer.objects.filter(pk=person.pk, works_at=company).update(works_at=None)
    if not gone:
        raise NoSuchContactPerson(_("This person does not work there."))
    moved(person)
    record(
        events.ContactPersonLeft(
            happened_at=now,
            actor_id=by.pk if by else None,
            about=("customer", company.pk),
            person_id=person.pk,
        )
    )


def people_of(company: Customer, at_most: int = 50) -> list[tuple[Customer, ContactPerson | None]]:
    """Who works there, those with a say first; two queries and one for what they are found by."""
    known = {
        each.person_id: each
        for each in ContactPerson.objects.filter(company=company, left_at=None)[: at_most * 2]
    }
    people = (
        Customer.objects.standing()
        .filter(pk__in=[*known, *company.contacts.order_by("pk").values_list("pk", flat=True)[:at_most]])
        .prefetch_related("identities")
    )
    rows = [(each, known.get(each.pk)) for each in people]
    rows.sort(key=lambda row: (-len(row[1].roles) if row[1] else 1, row[0].pk))
    return rows[:at_most]
