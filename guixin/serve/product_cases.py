"""The cases about one product: those that name it by its code or its name, as the index reads them."""

from typing import Any

from django.db.models import Q

from guixin.organisation.models import Person
from guixin.serve.models import Case
from guixin.understand.models import Product

COUNTED = 1_000  # beyond it "more than" is said; nobody reads further


def cases_about(product: Product, person: Person) -> Any:
    """Those of them the person may see, the newest first."""
    named = Q()
    for words in product.called():
        named |= Q(product__iexact=words)
    return Case.objects.visible_to(person).filter(named).exclude(product="").order_by("-pk")
