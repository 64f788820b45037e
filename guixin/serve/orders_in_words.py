"""An order number in the words of a case names its purchase by itself, where it is certain: the whole number of an order of that very
customer. Nothing is named by guessing, and nobody learns that a number is somebody else's order."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from guixin.serve.events import CaseOpened, CustomerAdded
from guixin.serve.models import Case, CasePurchase, Message
from guixin.serve.orders import lines_meant, name_purchases
from guixin.understand.models import Purchase

CERTAIN = 5  # letters and digits; a shorter number may be a size, a price, a year
LOOKED_AT = 40  # numbers in one text; nobody writes more orders than that

_NUMBER = re.compile(r"[0-9A-Za-z]+(?:[-_./#][0-9A-Za-z]+)*")


def order_numbers(*texts: str) -> list[str]:
    """What may be an order number, as it was written, in the order of the text; of A-1/A-2 also the parts."""
    found: dict[str, None] = {}
    for text in texts:
        for match in _NUMBER.finditer(unicodedata.normalize("NFKC", text)):
            whole = match.group()
            for each in (whole, *re.split(r"[./#]", whole)):
                if sum(letter.isalnum() for letter in each) >= CERTAIN and any(map(str.isdigit, each)):
                    found.setdefault(each)
    return list(found)[:LOOKED_AT]


def written(numbers: Iterable[str]) -> list[str]:
    """With the capitals an order key is likely to have."""
    return list(dict.fromkeys(way for each in numbers for way in (each, each.upper(), each.lower())))


def purchases_named(customer_id: int, numbers: Sequence[str], product: str = "") -> list[Purchase]:
    """The purchases of this customer that these numbers name for certain."""
    return _found({0: (customer_id, numbers, product)}).get(0, [])


def _found(asked: Mapping[int, tuple[int, Sequence[str], str]]) -> dict[int, list[Purchase]]:
    """By case: (customer, numbers, product). One query for all."""
    numbers = {way for _customer, said, _product in asked.values() for way in written(said)}
    if not numbers:
        return {}
    customers = {customer_id for customer_id, _said, _product in asked.values()}
    rows = Purchase.objects.filter(
        customer__in=customers, order_key__in=numbers, kind=Purchase.Kind.SALE
    ).with_what_came_back()
    theirs: dict[tuple[int, str], list[Purchase]] = defaultdict(list)
    for line in rows.select_related("product").order_by("pk"):
        theirs[line.customer_id or 0, line.order_key].append(line)
    found = {}
    for key, (customer_id, said, product) in asked.items():
        orders = [theirs[customer_id, way] for way in written(said) if (customer_id, way) in theirs]
        if lines := [line for order in orders for line in lines_meant(order, product)]:
            found[key] = lines
    return found


def name_what_is_told(opened: Sequence[CaseOpened]) -> None:
    """Reaction: cases came in; what their words name is attached."""
    ids = [event.about[1] for event in opened if event.customer_id]
    cases = Case.objects.filter(pk__in=ids, state__in=Case.OPEN) if ids else []
    asked = {case: order_numbers(case.subject, case.story) for case in cases}
    _name(asked, {event.about[1]: event for event in opened})


def name_what_is_added(said: Sequence[CustomerAdded]) -> None:
    """Reaction: the customer said more, perhaps which order it is."""
    messages = Message.objects.filter(pk__in=[event.message_id for event in said]).select_related("case")
    asked = {
        message.case: order_numbers(message.body)
        for message in messages
        if message.case.customer_id and message.case.is_open
    }
    _name(asked, {event.case_id or 0: event for event in said})


def _name(asked: Mapping[Case, Sequence[str]], events: Mapping[int, CaseOpened | CustomerAdded]) -> None:
    by_pk = {case.pk: case for case in asked}
    found = _found({case.pk: (case.customer_id or 0, said, case.product) for case, said in asked.items()})
    for pk, lines in sorted(found.items()):
        wanted = dict.fromkeys(_not_named_before(pk, [line.pk for line in lines]))
        name_purchases(by_pk[pk], wanted, by=None, now=events[pk].happened_at, how=CasePurchase.How.FOUND)


def _not_named_before(case_id: int, ids: Collection[int]) -> list[int]:
    """What somebody named or took off stays as they decided."""
    decided = set(
        CasePurchase.objects.filter(case=case_id, purchase__in=ids).values_list("purchase_id", flat=True)
    )
    return [pk for pk in ids if pk not in decided]
