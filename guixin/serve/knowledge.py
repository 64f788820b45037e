"""Knowledge where it meets cases: who sees it through one, and which case it came from or was used for."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from guixin.organisation.models import Person
from guixin.promise.reading import raised_to
from guixin.serve.customers import visible_customer
from guixin.serve.models import Case
from guixin.understand.knowing import CannotKnow
from guixin.understand.models import Customer, Knowledge


def visible_knowledge(person: Person, pk: Any) -> Knowledge:
    """The item, as its `visible_to` says, for whoever sees a case of its customer, and for whom it climbed to because
    nobody read it; for others there is none."""
    if not str(pk).isdecimal() or len(str(pk)) > 18:
        raise Http404
    wanted = Knowledge.objects.select_related(
        "customer", "segment", "captured_by", "judged_by", "reviewed_by"
    )
    found = get_object_or_404(wanted, pk=pk)
    if Knowledge.objects.visible_to(person).filter(pk=found.pk).exists():
        return found
    if found.shares.filter(pk__in=raised_to(person)).exists():
        return found
    if found.customer_id is None:
        raise Http404
    visible_customer(Customer.objects.all(), person, found.customer_id)
    return found


def case_called(number: str | None, person: Person, customer: Customer | None = None) -> Case | None:
    """The case somebody names by its number, as far as they may see it; nothing for no number."""
    if not number or not number.strip():
        return None
    cases = Case.objects.visible_to(person)
    if customer is not None:
        cases = cases.filter(customer=customer)
    found = cases.filter(number=number.strip()).first()
    if found is not None:
        return found
    if customer is None:
        raise CannotKnow(_("There is no case with this number that you may see."))
    raise CannotKnow(_("This customer has no case with this number that you may see."))
