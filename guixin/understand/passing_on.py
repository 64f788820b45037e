"""What somebody holds of our customers, when their work is handed over: planned contacts, and what they answer for."""

from collections.abc import Sequence

from django.utils.translation import ngettext

from guixin.ledger import record
from guixin.organisation.passing_on import Moving, Wanted, rows
from guixin.understand import contact_events, events, segment_events
from guixin.understand.models import Contact, ContactPlan, Customer, PriceStudy, Segment
from guixin.understand.price_events import PriceStudyChanged


def _contacts(n: int) -> str:
    return ngettext("%(n)s planned contact", "%(n)s planned contacts", n) % {"n": n}


def _series(n: int) -> str:
    return ngettext("%(n)s series of contacts", "%(n)s series of contacts", n) % {"n": n}


def _customers(n: int) -> str:
    return ngettext("%(n)s customer to look after", "%(n)s customers to look after", n) % {"n": n}


def _segments(n: int) -> str:
    return ngettext("%(n)s segment", "%(n)s segments", n) % {"n": n}


def _studies(n: int) -> str:
    return ngettext("%(n)s price study", "%(n)s price studies", n) % {"n": n}


def _contacts_moved(found: Sequence[Contact], wanted: Wanted, how: Moving) -> None:
    """The day stays; what was missed stays missed, and goes up the ladder of whoever has it now."""
    record(
        *(
            contact_events.ContactPassedOn(
                happened_at=how.now, actor_id=how.by.pk, about=("customer", each.customer_id), contact_id=each.pk,
                contact_kind=each.kind, owner_id=wanted[each.pk], from_id=each.owner_id, part_of=how.part_of,
            )
            for each in found
        )
    )  # fmt: skip


def _series_moved(found: Sequence[ContactPlan], wanted: Wanted, how: Moving) -> None:
    record(
        *(
            contact_events.ContactSeriesChanged(
                happened_at=how.now, actor_id=how.by.pk, about=("customer", each.customer_id), plan_id=each.pk,
                series_change="changed",
            )
            for each in found
        )
    )  # fmt: skip


def _customers_moved(found: Sequence[Customer], wanted: Wanted, how: Moving) -> None:
    record(
        *(
            events.CustomerChanged(
                happened_at=how.now, actor_id=how.by.pk, about=("customer", each.pk), fields=["owner_id"],
                personal={"old": {"owner_id": each.owner_id}},
            )
            for each in found
        )
    )  # fmt: skip


def _segments_moved(found: Sequence[Segment], wanted: Wanted, how: Moving) -> None:
    record(
        *(
            segment_events.SegmentChanged(
                happened_at=how.now, actor_id=how.by.pk, about=("segment", each.pk), segment=each.code, changed="owner"
            )
            for each in found
        )
    )  # fmt: skip


def _studies_moved(found: Sequence[PriceStudy], wanted: Wanted, how: Moving) -> None:
    record(
        *(
            PriceStudyChanged(
                happened_at=how.now, actor_id=how.by.pk, about=("price_study", each.pk), study=each.code, changed="owner"
            )
            for each in found
        )
    )  # fmt: skip


def offer() -> None:
    rows("contact", Contact.objects.planned, "owner_id", _contacts_moved, _contacts)
    rows(
        "contact_plan", lambda: ContactPlan.objects.filter(ended_at=None), "owner_id", _series_moved, _series,
        for_good=True, versioned=True,
    )  # fmt: skip
    rows(
        "customer", Customer.objects.standing, "owner_id", _customers_moved, _customers,
        for_good=True, versioned=True,
    )  # fmt: skip
    rows("segment", Segment.objects.all, "owner_id", _segments_moved, _segments, for_good=True)
    rows("price_study", PriceStudy.objects.all, "owner_id", _studies_moved, _studies, for_good=True)
