"""A few customers with their worth, and segments over them."""

from guixin.organisation.tests import make as firm
from guixin.understand import segmenting, sorting
from guixin.understand.models import Customer, CustomerWorth, Grading, Segment
from guixin.understand.tests.make import NOON


def worth(
    customer: Customer, *, net: int, grade: str = "C", orders: int = 3, returned: int = 0, **more
) -> Customer:
    """Give the customer these figures; `net` and `returned` in whole yuan."""
    grading = Grading.objects.first() or Grading.objects.create(began_at=NOON, as_of=NOON)
    figures = {
        "first_bought_at": NOON, "last_bought_at": NOON, "orders": orders, "returns": 0,
        "gross": (net + returned) * 100, "returned": returned * 100, "net": net * 100, "recency_days": 10,
        "r": 3, "f": 3, "m": 3, "value_percentile": 0.5, "grade": grade, "grade_since": NOON, "graded_at": NOON,
        "grading": grading,
    }  # fmt: skip
    CustomerWorth.objects.update_or_create(customer=customer, defaults=figures | more)
    Customer.objects.filter(pk=customer.pk).update(grade=grade)
    customer.refresh_from_db()
    return customer


def customer(name: str, *, net: int = 0, grade: str = "C", market: str = "", **more) -> Customer:
    made = Customer.objects.create(name=name, created_at=NOON, market=market)
    return worth(made, net=net, grade=grade, **more) if net or more else made


def all_of(*parts: dict) -> dict:
    return {"match": "all", "parts": list(parts)}


def any_of(*parts: dict) -> dict:
    return {"match": "any", "parts": list(parts)}


def asks(fact: str, how: str, value=None, second=None) -> dict:
    said = {"fact": fact, "asks": how}
    if value is not None:
        said["value"] = value
    return said | ({"second": second} if second is not None else {})


BIG = asks("net", "at_least", 50_000)


def segment(code: str = "key-accounts", *parts: dict, name: str = "", **fields) -> Segment:
    """Published, and everybody sorted by it; without parts, whoever bought for 50,000 and more."""
    made = segmenting.define(
        code, name=name or code, owner=fields.pop("owner", None) or firm.chen(), by=None, now=NOON, **fields
    )
    segmenting.publish(made, all_of(*(parts or (BIG,))), by=None, now=NOON)
    sort()
    made.refresh_from_db()
    return made


def sort(now=NOON) -> None:
    """What the worker does, until nothing is left."""
    while sorting.run_next(now):
        pass


def members(segment: Segment) -> set[str]:
    return set(
        Customer.objects.filter(memberships__segment=segment, memberships__until=None).values_list(
            "name", flat=True
        )
    )
