"""What cases say about a customer, offered to the rules of segments (understand/measuring.py)."""

from django.utils.translation import gettext_lazy as _

from guixin.understand.measuring import Fact, Kind, Source, register

CASES = Source(
    "cases",
    """LEFT JOIN (
        SELECT customer_id, count(*) FILTER (WHERE state IN ('open', 'waiting', 'answered')) AS open,
               count(*) FILTER (WHERE kind = 'complaint' AND opened_at > %(now)s - interval '90 days') AS complaints,
               count(*) FILTER (WHERE opened_at > %(now)s - interval '365 days') AS in_a_year,
               max(opened_at) AS last_at, coalesce(max(level) FILTER (WHERE state IN ('open', 'waiting', 'answered')), 0) AS level
        FROM serve_case WHERE customer_id IS NOT NULL AND state <> 'merged' AND {among} GROUP BY customer_id
    ) AS cases ON cases.customer_id = c.id""",
)
BREACHES = Source(
    "breaches",
    """LEFT JOIN (
        SELECT b.customer_id, count(*) AS broken
        FROM (SELECT id, customer_id FROM serve_case WHERE customer_id IS NOT NULL AND {among}) b
        JOIN promise_clock k ON k.case_id = b.id AND k.breached_at > %(now)s - interval '90 days'
        GROUP BY b.customer_id
    ) AS breaches ON breaches.customer_id = c.id""",
)


def offer() -> None:
    """Offer these to every rule; `guixin/reactions.py` calls it once."""
    register(
        Fact("open_cases", _("Open cases"), Kind.NUMBER, "coalesce(cases.open, 0)", CASES),
        Fact("complaints_90_days", _("Complaints in 90 days"), Kind.NUMBER, "coalesce(cases.complaints, 0)", CASES),
        Fact("cases_in_a_year", _("Cases in a year"), Kind.NUMBER, "coalesce(cases.in_a_year, 0)", CASES),
        Fact("last_case_at", _("Last case"), Kind.MOMENT, "cases.last_at", CASES),
        Fact("escalation_level", _("Highest level of an open case"), Kind.NUMBER, "coalesce(cases.level, 0)", CASES),
        Fact(
            "broken_promises_90_days", _("Promises broken in 90 days"), Kind.NUMBER, "coalesce(breaches.broken, 0)",
            BREACHES, explains=_("Between departments too."),
        ),
    )  # fmt: skip
