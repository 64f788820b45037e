"""What leaving the short plank costs, from the firm's own records: who is dissatisfied with it and what they buy, what complaints
there cost, and whether they come back less than those who are satisfied. What goes along with it; none of it is called its effect.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from guixin.listen.models import Wave
from guixin.listen.noticing import SAID, terms_of
from guixin.listen.questions import Sheet
from guixin.listen.standards_behind import Behind
from guixin.web.intervals import newcombe, wilson

YEAR = timedelta(days=365)
WITHIN = timedelta(days=90)  # bought again so soon after the answer
LEAST = 30  # customers on each side before their shares are compared

# Each customer once, by the last thing they said.
_CUSTOMERS = f"""
    SELECT DISTINCT ON (customer_id) customer_id, completed_at, is_low FROM ({SAID}) AS said
    WHERE customer_id IS NOT NULL ORDER BY customer_id, completed_at DESC, id DESC
"""  # noqa: S608  our own words
_NUMBERS = (
    f"SELECT count(*) FILTER (WHERE is_low), count(*) FILTER (WHERE NOT is_low) FROM ({_CUSTOMERS}) AS u"  # noqa: S608
)
_BOUGHT = f"""
    SELECT p.currency, sum(p.amount)::bigint, count(DISTINCT p.customer_id)
    FROM ({_CUSTOMERS}) AS u JOIN understand_purchase p ON p.customer_id = u.customer_id
    WHERE u.is_low AND p.kind IN ('sale', 'return', 'cancellation')
        AND p.bought_at > u.completed_at - %(year)s AND p.bought_at <= u.completed_at
    GROUP BY p.currency ORDER BY p.currency
"""  # noqa: S608  our own words
_AGAIN = f"""
    SELECT u.is_low, count(*), count(*) FILTER (WHERE EXISTS (
        SELECT FROM understand_purchase p WHERE p.customer_id = u.customer_id AND p.kind = 'sale'
            AND p.bought_at > u.completed_at AND p.bought_at <= u.completed_at + %(within)s))
    FROM ({_CUSTOMERS}) AS u WHERE u.completed_at <= %(now)s - %(within)s GROUP BY u.is_low
"""  # noqa: S608  our own words
_AT_MOMENT = """
    SELECT DISTINCT c.id FROM promise_standard s JOIN promise_standardversion v ON v.standard_id = s.id
    JOIN promise_clock k ON k.version_id = v.id JOIN serve_case c ON c.id = k.case_id
    WHERE s.code = ANY(%(codes)s) AND k.state <> 'void' AND k.breached_at IS NOT NULL AND c.kind = 'complaint'
        AND c.opened_at >= %(since)s AND c.opened_at < %(until)s
        AND (%(department)s::bigint IS NULL OR k.department_id = %(department)s::bigint)
"""
_OF_DEPARTMENT = """
    SELECT c.id FROM serve_case c
    LEFT JOIN LATERAL (SELECT department_id FROM serve_closing WHERE case_id = c.id ORDER BY generation DESC LIMIT 1) e ON true
    WHERE c.kind = 'complaint' AND c.opened_at >= %(since)s AND c.opened_at < %(until)s
        AND coalesce(e.department_id, c.department_id) = %(department)s
"""


def leaving(
    wave: Wave, sheet: Sheet, code: str, behind: Behind, since: datetime, until: datetime, now: datetime
) -> dict[str, Any]:
    """As JSON; sums in minor units by currency, never added to each other.

    since, until    the time whose complaints are counted
    """
    found: dict[str, Any] = {"code": code, "why": "", "complaints": _complaints(behind, since, until)}
    if wave.is_anonymous:
        return found | {"why": "anonymous"}
    terms = terms_of(wave, sheet, code) | {"year": YEAR, "within": WITHIN, "now": now}
    ((low, others),) = _rows(_NUMBERS, terms)
    if not low + others:
        return found | {"why": "untied"}
    return found | {
        "customers": low,
        "others": others,
        "share": [low / (low + others), *wilson(low, low + others)],
        "bought": [list(row) for row in _rows(_BOUGHT, terms)],
        "again": _again({is_low: (number, did) for is_low, number, did in _rows(_AGAIN, terms)}),
    }


def _again(sides: dict[bool, tuple[int, int]]) -> dict[str, Any]:
    """Of the dissatisfied and of the others, how many bought within the days after they answered; and the difference."""
    (number, did), (other, other_did) = sides.get(True, (0, 0)), sides.get(False, (0, 0))
    found: dict[str, Any] = {"days": WITHIN.days, "n": number, "others": other}
    if min(number, other) < LEAST:
        return found | {"why": "few", "least": LEAST}
    ours, theirs = (did / number, *wilson(did, number)), (other_did / other, *wilson(other_did, other))
    return found | {
        "share": list(ours),
        "other_share": list(theirs),
        "difference": list(newcombe(ours, theirs)),
    }


def _complaints(behind: Behind, since: datetime, until: datetime) -> dict[str, Any]:
    """Where a moment has standards, those in which a promise of it was broken; otherwise those the department answers for."""
    by = "moment" if behind.standards else "department" if behind.department else ""
    if not by:
        return {"by": "", "n": 0, "paid": []}
    which = _AT_MOMENT if by == "moment" else _OF_DEPARTMENT
    terms = {
        "codes": list(behind.standards), "department": behind.department, "since": since, "until": until,
    }  # fmt: skip
    ((number,),) = _rows(f"SELECT count(*) FROM ({which}) AS each", terms)  # noqa: S608
    paid = _rows(
        f"SELECT currency, sum(amount)::bigint, count(DISTINCT case_id) FROM serve_goodwill WHERE case_id IN ({which})"  # noqa: S608
        " AND state IN ('promised', 'given') GROUP BY currency ORDER BY currency",
        terms,
    )
    return {"by": by, "n": number, "paid": [list(row) for row in paid]}


def _rows(sql: str, terms: dict[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, terms)
        return cursor.fetchall()
