"""Needs and expectations: noted with their source, ended when they no longer hold, rolled up by what is wanted."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import Avg, Count, Max, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.understand import events
from guixin.understand.changing import locked
from guixin.understand.identities import fold
from guixin.understand.models import Customer, Need
from guixin.web.refusals import Refused

LONGEST_THEME = 80
THEMES_SHOWN = 50


class CannotNote(Refused):
    """The need cannot be written down like this."""

    about_input = True


@transaction.atomic
def note(
    customer: Customer, theme: str, *, source: str, by: Person | None, now: datetime, weight: int = 3,
    kind: str = Need.Kind.NEED, words: str = "", expected: str = "", evidence: tuple[str, int] | None = None,
    said_by: Customer | None = None,
) -> Need:  # fmt: skip
    """Write down what the customer wants. `evidence` is the record it came from."""
    customer = locked(customer)
    theme = " ".join(theme.split())
    if not theme:
        raise CannotNote(_("Say in a few words what is needed."))
    if len(theme) > LONGEST_THEME:
        raise CannotNote(_("In a few words, please: at most 80 characters; the rest belongs below."))
    if source not in Need.Source.values:
        raise CannotNote(_("Say where it comes from."))
    if kind not in Need.Kind.values or weight not in Need.Weight.values:
        raise CannotNote(_("Say how much it weighs, from one to five."))
    if said_by is not None and said_by.pk == customer.pk:
        said_by = None
    made = Need.objects.create(
        customer=customer, kind=kind, theme=theme, words=words.strip(), expected=expected.strip(), weight=weight,
        source=source, evidence_kind=evidence[0] if evidence else "", evidence_id=evidence[1] if evidence else None,
        said_by=said_by, noted_at=now, noted_by=by,
    )  # fmt: skip
    record(
        events.NeedNoted(
            happened_at=now, actor_id=by.pk if by else None, about=("customer", customer.pk), need_id=made.pk,
            theme=theme, weight=weight, source=source, evidence_kind=made.evidence_kind, evidence_id=made.evidence_id,
        )
    )  # fmt: skip
    return made


@transaction.atomic
def end(need: Need, why: str, *, by: Person, now: datetime) -> None:
    """It is met, or was never one; why must be said. Ended twice does no harm."""
    if not why.strip():
        raise CannotNote(_("Say why it no longer holds."))
    if Need.objects.filter(pk=need.pk, ended_at=None).update(ended_at=now, ended_why=why.strip()):
        record(
            events.NeedEnded(
                happened_at=now, actor_id=by.pk, about=("customer", need.customer_id), need_id=need.pk,
                theme=need.theme,
            )
        )  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """One thing wanted, over all who want it. `weight` is the sum; `folded` names it in addresses."""

    theme: str
    folded: str
    weight: int
    strongest: int
    average: float
    customers: int
    records: int
    expected: list[str]


def by_weight(
    customers: QuerySet | None = None, *, market: str = "", at_most: int = THEMES_SHOWN
) -> list[Wanted]:
    """What these customers (None: all) want, the heaviest first: one statement. A segment gives its members as a
    QuerySet; each line leads to its records with `records_of`."""
    rows = (
        _of(customers, market)
        .values("theme_folded")
        .annotate(
            theme=Max("theme"), weight_sum=Sum("weight"), strongest=Max("weight"), average=Avg("weight"),
            customers=Count("customer", distinct=True), records=Count("pk"),
            levels=ArrayAgg("expected", distinct=True),
        )
        .order_by("-weight_sum", "-customers", "theme_folded")[:at_most]
    )  # fmt: skip
    return [
        Wanted(
            row["theme"], row["theme_folded"], row["weight_sum"], row["strongest"], float(row["average"]),
            row["customers"], row["records"], [each for each in row["levels"] if each],
        )
        for row in rows
    ]  # fmt: skip


def records_of(
    theme: str, customers: QuerySet | None = None, *, market: str = "", at_most: int = 100
) -> list[Need]:
    """The needs behind one line, the heaviest first."""
    folded = fold(theme).replace(" ", "")
    rows = _of(customers, market).filter(theme_folded=folded)
    return list(rows.select_related("customer", "said_by", "noted_by").order_by("-weight", "-pk")[:at_most])


def themes(at_most: int = 200) -> list[str]:
    """Words that are used already, to be offered while typing: what is called the same is rolled up together."""
    rows = Need.objects.current().values("theme_folded").annotate(theme=Max("theme"), used=Count("pk"))
    return list(rows.order_by("-used").values_list("theme", flat=True)[:at_most])


def _of(customers: QuerySet | None, market: str) -> QuerySet:
    rows = Need.objects.current()
    if customers is not None:
        rows = rows.filter(customer__in=customers)
    return rows.filter(customer__market=market) if market else rows
