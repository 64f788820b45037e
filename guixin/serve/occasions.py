"""What cases give a communication plan to speak of (promise/occasions.py)."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from guixin.promise import occasions
from guixin.serve.models import Case


def _closed(events: Sequence[str]) -> dict[str, dict[str, str]]:
    """A case that was opened again in the meantime is no longer closed: there is nothing to say."""
    ids = {int(event.partition(":")[2]): event for event in events}
    cases = Case.objects.filter(pk__in=list(ids), state=Case.State.CLOSED).select_related("owner")
    return {
        ids[case.pk]: {
            "number": case.number, "subject": case.subject, "product": case.product, "owner": case.owner.name,
            "link": case.tracking_link(),
        }
        for case in cases
    }  # fmt: skip


def offer() -> None:
    """Offer these to every plan; `guixin/reactions.py` calls it once."""
    occasions.offer(
        occasions.Occasion(
            "case_closed",
            _("A case was closed"),
            """SELECT k.customer_id, 'case_closed:' || k.id, k.closed_at, NULL::bigint, NULL::text
               FROM serve_case k WHERE k.state = 'closed' AND k.closed_at > %(since)s AND k.closed_at <= %(until)s
                 AND k.customer_id IS NOT NULL AND k.channel <> 'file'""",
            gaps={
                "number": _("number of the case"),
                "subject": _("what it is about"),
                "product": _("product"),
                "owner": _("name of the owner"),
                "link": _("the customer's own page"),
            },
            values=_closed,
        )
    )
