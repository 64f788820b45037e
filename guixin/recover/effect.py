"""Did it work: satisfaction after recovery and buying again, against comparable customers. Counted by a worker, never cause.

Satisfaction: complaints first closed in the last year, with a finished recovery against those without any, alike in
severity; the first word after the recovery (after the closing where there was none), by follow-up and by survey.

Buying again: within so many days after the first closing, against customers who never complained and those who complained
without recovery, alike in grade, recency, frequency and spending of the year before. Customers without a complaint are
counted from the middle of a month in which somebody with one was closed; each customer counts once.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from guixin.listen.models import Question, QuestionnaireVersion
from guixin.recover.comparing import Cell, compare
from guixin.recover.models import EffectCount
from guixin.recover.models.effect import WITHIN_DAYS
from guixin.serve.models import Case
from guixin.web import money
from guixin.web.intervals import wilson

YEAR, AGAIN_AFTER = timedelta(days=365), timedelta(days=1)
SATISFIED_FROM = 0.75  # of the way from the lowest point of the scales to the highest: 4 of 1 to 5


def ask(now: datetime, within_days: int = WITHIN_DAYS) -> EffectCount:
    """Have it counted; who asks while a count waits gets that one."""
    waiting = EffectCount.objects.filter(counted_at=None, within_days=within_days).first()
    return waiting or EffectCount.objects.create(asked_at=now, within_days=within_days)


def latest() -> EffectCount | None:
    return EffectCount.objects.exclude(counted_at=None).order_by("-counted_at", "-pk").first()


def count_next(now: datetime) -> bool:
    """The count that was asked for, or that of today. False if there is nothing to do."""
    wanted = EffectCount.objects.filter(counted_at=None).order_by("pk").first()
    if wanted is None:
        last = latest()
        if last is not None and last.asked_at > now - AGAIN_AFTER:
            return False
        wanted = ask(now, last.within_days if last else WITHIN_DAYS)
    EffectCount.objects.filter(pk=wanted.pk, counted_at=None).update(
        figures=figures(now, wanted.within_days), counted_at=now
    )
    EffectCount.objects.exclude(counted_at=None).filter(asked_at__lt=now - YEAR).delete()
    return True


def figures(now: datetime, within_days: int) -> dict[str, Any]:
    """Everything the page shows, as JSON."""
    since, late = now - YEAR, now - timedelta(days=within_days)
    return {
        "satisfaction": {
            "from": since.isoformat(),
            "to": now.isoformat(),
            "follow_up": _by_severity(_FOLLOW_UPS, [since, now]),
            "survey": _by_severity(_SURVEYS, [since, now, SATISFIED_FROM, _asked_of_us()]),
        },
        "again": {
            "from": (late - YEAR).isoformat(),
            "to": late.isoformat(),
            **_bought_again(late - YEAR, late, within_days),
        },
        "follow_ups": _on_time(since, now),
    }


# -- satisfaction ------------------------------------------------------------------------------------------------------

# A recovery that was given up or is still at work belongs to neither group.
_COMPLAINTS = """
    WITH complaint AS (
        SELECT c.id, c.severity, r.ended_at IS NOT NULL AS recovered, coalesce(r.ended_at, cl.at) AS since
        FROM serve_closing cl JOIN serve_case c ON c.id = cl.case_id
        LEFT JOIN (SELECT case_id, min(ended_at) FILTER (WHERE state = 'finished') AS ended_at
                   FROM recover_recovery GROUP BY case_id) r ON r.case_id = c.id
        WHERE cl.generation = 1 AND cl.at >= %s AND cl.at < %s AND c.kind = 'complaint'
          AND c.customer_id IS NOT NULL AND (r.case_id IS NULL OR r.ended_at IS NOT NULL))
"""
_FOLLOW_UPS = f"""{_COMPLAINTS}
    SELECT complaint.severity, complaint.recovered, count(*), count(*) FILTER (WHERE said.outcome = 'satisfied')
    FROM complaint, LATERAL (
        SELECT f.outcome FROM serve_followup f
        WHERE f.case_id = complaint.id AND f.state = 'done' AND f.outcome IN ('satisfied', 'dissatisfied')
          AND f.done_at >= complaint.since ORDER BY f.done_at LIMIT 1) said
    GROUP BY 1, 2
"""  # noqa: S608  our own words
_SURVEYS = f"""{_COMPLAINTS}
    SELECT complaint.severity, complaint.recovered, count(*), count(*) FILTER (WHERE said.score >= %s)
    FROM complaint, LATERAL (
        SELECT avg((a.value - q.low)::float / (q.high - q.low)) AS score
        FROM listen_response r JOIN listen_answer a ON a.response_id = r.id JOIN listen_question q ON q.id = a.question_id
        WHERE r.id = (SELECT first.id FROM listen_response first
                      WHERE first.case_id = complaint.id AND first.struck_at IS NULL
                        AND first.completed_at >= complaint.since ORDER BY first.completed_at LIMIT 1)
          AND q.id = ANY(%s::bigint[]) AND a.value IS NOT NULL AND q.high > q.low) said
    WHERE said.score IS NOT NULL GROUP BY 1, 2
"""  # noqa: S608  our own words


def _asked_of_us() -> list[int]:
    """Scales that say how we did: neither what was expected nor how much effort it took."""
    wanted = {
        (version.questionnaire_id, one.code)
        for version in QuestionnaireVersion.objects.all()
        for one in version.sheet.questions
        if one.kind == "scale" and not one.expectation_of and one.reads_as != "effort"
    }
    rows = Question.objects.filter(kind="scale").values_list("pk", "questionnaire_id", "code")
    return [pk for pk, questionnaire, code in rows if (questionnaire, code) in wanted]


def _by_severity(sql: str, values: list[Any]) -> dict[str, Any]:
    cells: dict[bool, dict[int, Cell]] = {True: {}, False: {}}
    for severity, recovered, number, did in _rows(sql, values):
        cells[recovered][severity] = Cell(number, did)
    return {
        "all": compare(cells[True], cells[False]).as_json(),
        "severities": [
            {
                "severity": severity.value,
                "recovered": _share(cells[True].get(severity)),
                "without": _share(cells[False].get(severity)),
            }
            for severity in Case.Severity
        ],
    }


def _share(cell: Cell | None) -> list[float] | None:
    """Number, share, low, high."""
    return [cell.number, cell.did / cell.number, *wilson(cell.did, cell.number)] if cell else None


# -- buying again ------------------------------------------------------------------------------------------------------

_AGAIN = """
    WITH complained AS MATERIALIZED (
        SELECT DISTINCT ON (c.customer_id) c.customer_id, cl.at AS since, r.ended_at IS NOT NULL AS recovered, c.grade
        FROM serve_closing cl JOIN serve_case c ON c.id = cl.case_id
        LEFT JOIN (SELECT case_id, min(ended_at) FILTER (WHERE state = 'finished') AS ended_at
                   FROM recover_recovery GROUP BY case_id) r ON r.case_id = c.id
        WHERE cl.generation = 1 AND cl.at >= %(from)s AND cl.at < %(to)s AND c.kind = 'complaint'
          AND c.customer_id IS NOT NULL AND (r.case_id IS NULL OR r.ended_at IS NOT NULL)
        ORDER BY c.customer_id, r.ended_at IS NOT NULL DESC, cl.at),
    months AS (SELECT array_agg(DISTINCT date_trunc('month', since)) AS all FROM complained WHERE recovered),
    subject AS MATERIALIZED (
        SELECT CASE WHEN recovered THEN 'recovered' ELSE 'without' END AS side, customer_id, since, grade FROM complained
        UNION ALL
        SELECT 'never', u.id, m.all[1 + u.id %% cardinality(m.all)] + interval '14 days', coalesce(u.grade, '')
        FROM understand_customer u, months m
        WHERE u.merged_into_id IS NULL AND cardinality(m.all) > 0
          AND NOT EXISTS (SELECT FROM serve_case c WHERE c.customer_id = u.id AND c.kind = 'complaint')),
    before AS MATERIALIZED (
        SELECT s.side, s.customer_id, s.since, s.grade, date_trunc('month', s.since) AS month,
               max(p.bought_at) FILTER (WHERE p.bought_at < s.since) AS last,
               count(DISTINCT p.order_key) FILTER (WHERE p.bought_at < s.since) AS orders,
               coalesce(sum(p.amount) FILTER (WHERE p.bought_at < s.since AND p.currency = %(currency)s), 0) AS spent,
               coalesce(bool_or(p.bought_at > s.since), false) AS again
        FROM subject s LEFT JOIN understand_purchase p ON p.customer_id = s.customer_id AND p.kind = 'sale'
            AND p.bought_at >= s.since - interval '365 days' AND p.bought_at <= s.since + %(within)s
        GROUP BY 1, 2, 3, 4)
    SELECT side, month, grade,
           CASE WHEN last IS NULL THEN 0 WHEN last >= since - interval '30 days' THEN 3
                WHEN last >= since - interval '90 days' THEN 2 ELSE 1 END,
           CASE WHEN orders > 3 THEN 3 WHEN orders > 1 THEN 2 ELSE orders END,
           least(floor(4 * percent_rank() OVER (ORDER BY spent)), 3)::int, again
    FROM before
"""
_CELLS = f"SELECT side, month, grade, recency, often, quarter, count(*), count(*) FILTER (WHERE again) FROM ({_AGAIN}) AS each (side, month, grade, recency, often, quarter, again) GROUP BY 1, 2, 3, 4, 5, 6"  # noqa: S608


def _bought_again(first: datetime, last: datetime, within_days: int) -> dict[str, Any]:
    """Against those without recovery in any month, for they are few; against those who never complained in the same."""
    groups: dict[str, dict[tuple, Cell]] = {"recovered": {}, "without": {}, "never": {}}
    values = {
        "from": first, "to": last, "within": timedelta(days=within_days), "currency": money.firm_currency(),
    }  # fmt: skip
    for side, month, grade, recency, often, quarter, number, did in _rows(_CELLS, values):
        groups[side][month, grade, recency, often, quarter] = Cell(number, did)
    return {
        "never": compare(groups["recovered"], groups["never"]).as_json(),
        "without": compare(_of_any_month(groups["recovered"]), _of_any_month(groups["without"])).as_json(),
    }


def _of_any_month(cells: dict[tuple, Cell]) -> dict[tuple, Cell]:
    found: dict[tuple, list[int]] = defaultdict(lambda: [0, 0])
    for (_month, *alike), cell in cells.items():
        found[tuple(alike)][0] += cell.number
        found[tuple(alike)][1] += cell.did
    return {key: Cell(*cell) for key, cell in found.items()}


# -- follow-ups on time ------------------------------------------------------------------------------------------------

_ON_TIME = """
    SELECT count(*), count(*) FILTER (WHERE state = 'met') FROM promise_clock
    WHERE version_id IN (SELECT v.id FROM promise_standardversion v JOIN promise_standard s ON s.id = v.standard_id
                         WHERE s.measure = 'follow_up') AND state IN ('met', 'missed') AND stopped_at >= %s AND stopped_at < %s
"""


def _on_time(first: datetime, last: datetime) -> list[float] | None:
    """Number, share, low, high: follow-ups whose promise was judged, and those done in time."""
    [(number, met)] = _rows(_ON_TIME, [first, last])
    return _share(Cell(number, met)) if number else None


def _rows(sql: str, values: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
