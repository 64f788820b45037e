"""Grading every customer by what they bought: one transaction, a handful of statements, however many they are.

The lines are added up, the lifetime value is fitted on the sums (numpy and scipy, so only in workers and commands),
scores and letters are told over the whole set, and what changed is announced. A letter that the figures no longer
support is kept until they have said so for as many periods as the rules ask, so that nobody wavers on a border; new
rules, a first grade and a customer who gave everything back do not wait.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from guixin.ledger import record
from guixin.ledger.bulk import fetch_rows
from guixin.ledger.recording import record_rows
from guixin.organisation.models import Person
from guixin.understand import lifetime
from guixin.understand.grade_events import CustomerGraded, CustomersGraded
from guixin.understand.grade_rules import letter_terms, lettered, rules_in_force
from guixin.understand.models import GradeRules, Grading, Purchase
from guixin.understand.rates import RATE_SPANS, left_out, rate_terms

FEWEST_REPEATERS = 50  # customers who came back; fewer tell nothing about the others
HIGHEST_CORRELATION = 0.3  # between how often and how much: Gamma-Gamma takes them for independent
FITTED_AT_MOST = 20_000  # groups of equal customers; more are rounded to whole weeks for fitting
SPENDERS = 50_000  # customers the value of a purchase is fitted on
DAYS_A_MONTH = 365.25 / 12


@transaction.atomic
def grade_everybody(*, now: datetime, as_of: datetime | None = None, by: Person | None = None) -> Grading:
    """Grade every customer with purchases.

    as_of   the end of what was observed; the time of the last purchase known unless given, because a firm that brings
            its purchases monthly has not lost its customers since
    """
    rules = rules_in_force(now)
    as_of = (
        as_of or Purchase.objects.filter(bought_at__lte=now).aggregate(last=Max("bought_at"))["last"] or now
    )
    grading = Grading.objects.create(rules=rules, began_at=now, as_of=as_of)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('understand.grading'))")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute(_BOUGHT, {**rate_terms(), "as_of": as_of})
        cursor.execute("ANALYZE worth_bought")
        grading.model = _estimate(cursor, rules)
        grading.cut_points = _cut_points(cursor)
        cursor.execute(_FIGURES, _score_terms(grading, rules))
        grading.customers = cursor.rowcount
        if grading.model["used"]:
            cursor.execute(f"SELECT {_FIFTHS.format('lifetime_value')} FROM worth_figures")  # noqa: S608
            grading.cut_points["lifetime_value"] = cursor.fetchone()[0]
        cursor.execute(_TOLD.replace("{lettered}", lettered(rules)), _terms(grading, rules))
        cursor.execute(_WRITE, {"grading": grading.pk, "now": now})
        cursor.execute(_FORGET)
        cursor.execute(_MARK_CUSTOMERS)
        grading.changed = _announce(rules, now)
        cursor.execute("SELECT grade, count(*) FROM understand_customerworth GROUP BY 1 ORDER BY 1")
        grading.letters = dict(cursor.fetchall())
        cursor.execute("DROP TABLE worth_bought, worth_alive, worth_figures, worth_told")
    grading.left_out = left_out()
    grading.ended_at = now
    grading.save()
    record(
        CustomersGraded(
            happened_at=now, actor_id=by.pk if by else None, about=("grading", grading.pk),
            customers=grading.customers, changed=grading.changed,
        )
    )  # fmt: skip
    return grading


def grade_when_due(now: datetime) -> bool:
    """For a worker: grade at the first look in a new period, and when new rules were published. False: nothing due."""
    last = Grading.objects.select_related("rules").exclude(ended_at=None).order_by("-pk").first()
    if last is None:
        if not Purchase.objects.exists():
            return False
    elif last.rules == (rules := rules_in_force(now)) and _period(last.began_at, rules) == _period(
        now, rules
    ):
        return False
    grade_everybody(now=now)
    return True


def _period(at: datetime, rules: GradeRules) -> tuple[int, int]:
    day = timezone.localtime(at, ZoneInfo(settings.TIME_ZONE)).date()
    if rules.period == GradeRules.Period.WEEK:
        return day.isocalendar()[:2]
    return day.year, day.month if rules.period == GradeRules.Period.MONTH else (day.month - 1) // 3


# -- what was bought ---------------------------------------------------------------------------------------------

_BOUGHT = f"""
    CREATE TEMP TABLE worth_bought ON COMMIT DROP AS
    WITH {RATE_SPANS},
    bought AS (
        SELECT customer_id, source, order_key, kind = 'sale' AS is_sale, bought_at, amount, currency,
               (bought_at AT TIME ZONE %(zone)s)::date AS day
        FROM understand_purchase
        WHERE customer_id IS NOT NULL AND kind <> 'correction' AND bought_at <= %(as_of)s),
    by_order AS (
        SELECT customer_id, source, order_key, day, is_sale, min(bought_at) AS first_at, max(bought_at) AS last_at,
               sum(CASE WHEN s.factor = 1 THEN amount ELSE round(amount * s.factor)::bigint END) AS value
        FROM bought b JOIN rate_span s ON s.currency = b.currency AND b.day >= s.since AND b.day < s.until
        GROUP BY customer_id, source, order_key, day, is_sale),
    by_day AS (
        SELECT customer_id, day, count(*) FILTER (WHERE is_sale) AS orders,
               count(*) FILTER (WHERE NOT is_sale) AS returns,
               min(first_at) AS first_at, max(last_at) FILTER (WHERE is_sale) AS last_at, max(last_at) AS any_at,
               sum(value) FILTER (WHERE is_sale) AS gross, -sum(value) FILTER (WHERE NOT is_sale) AS returned
        FROM by_order GROUP BY customer_id, day),
    by_customer AS (
        SELECT customer_id, min(first_at) AS first_bought_at, coalesce(max(last_at), max(any_at)) AS last_bought_at,
               sum(orders) AS orders, sum(returns) AS returns, coalesce(sum(gross), 0) AS gross,
               coalesce(sum(returned), 0) AS returned,
               min(day) FILTER (WHERE orders > 0) AS first_day,
               coalesce(max(day) FILTER (WHERE orders > 0), max(day)) AS last_day,
               count(*) FILTER (WHERE orders > 0) AS days
        FROM by_day GROUP BY customer_id)
    SELECT c.customer_id, c.first_bought_at, c.last_bought_at, c.orders::int, c.returns::int, c.gross::bigint,
           c.returned::bigint, (c.gross - c.returned)::bigint AS net, greatest(c.days - 1, 0)::int AS x,
           coalesce(c.last_day - c.first_day, 0) AS t_x,
           coalesce((%(as_of)s AT TIME ZONE %(zone)s)::date - c.first_day, 0) AS t,
           (%(as_of)s AT TIME ZONE %(zone)s)::date - c.last_day AS recency,
           -- what a purchase after the first was worth on average, after what came back
           CASE WHEN c.days > 1 AND c.gross > 0
                THEN ((c.gross - d.gross) / (c.days - 1) * greatest(c.gross - c.returned, 0) / c.gross)::float8 END
               AS spent
    FROM by_customer c LEFT JOIN by_day d ON d.customer_id = c.customer_id AND d.day = c.first_day
"""  # noqa: S608


# -- what they may still buy -------------------------------------------------------------------------------------


def _estimate(cursor: Any, rules: GradeRules) -> dict[str, Any]:
    """Fill worth_alive for each way of having bought, and tell how far the estimates can be trusted."""
    cursor.execute(
        "CREATE TEMP TABLE worth_alive (x int, t_x int, t int, alive float8, orders float8, discounted float8)"
        " ON COMMIT DROP"
    )
    groups = fetch_rows("SELECT x, t_x, t, count(*) FROM worth_bought WHERE orders > 0 GROUP BY 1, 2, 3", [])
    repeaters = sum(number for x, _t_x, _t, number in groups if x > 0)
    told: dict[str, Any] = {
        "used": False,
        "alive": False,
        "customers": sum(g[3] for g in groups),
        "repeaters": repeaters,
    }
    if repeaters < FEWEST_REPEATERS:
        return told | {"reason": "few_repeaters"}
    try:
        buying = _fit_buying(groups)
    except lifetime.CannotFit as why:
        return told | {"reason": why.reason}
    told |= {"alive": True, "bg_nbd": buying.as_facts()}
    _tell_each(groups, buying, rules)
    cursor.execute("SELECT corr(x, spent), count(*) FROM worth_bought WHERE x > 0 AND spent > 0")
    correlation, spenders = cursor.fetchone()
    told["correlation"] = correlation
    if correlation is not None and abs(correlation) > HIGHEST_CORRELATION:
        return told | {"reason": "frequency_tells_value"}
    try:
        spending = _fit_spending(spenders)
    except lifetime.CannotFit as why:
        return told | {"reason": why.reason}
    return told | {"used": True, "gamma_gamma": spending.as_facts()}


def _fit_buying(groups: list[tuple]) -> lifetime.BgNbd:
    import numpy as np

    table = np.array(groups, dtype=float)
    x, t_x, t, weight = table[:, 0], table[:, 1] / 7, table[:, 2] / 7, table[:, 3]
    if len(groups) > FITTED_AT_MOST:
        whole, weight = _together(np.stack([x, np.rint(t_x), np.maximum(np.rint(t), np.rint(t_x))]), weight)
        x, t_x, t = whole
    return lifetime.fit_bg_nbd(x, t_x, t, weight)


def _together(columns: Any, weight: Any) -> tuple[Any, Any]:
    """Equal columns once, with their weights added."""
    import numpy as np

    distinct, place = np.unique(columns, axis=1, return_inverse=True)
    return distinct, np.bincount(place.ravel(), weights=weight)


def _tell_each(groups: list[tuple], buying: lifetime.BgNbd, rules: GradeRules) -> None:
    """Alive, purchases expected within the horizon, and the same discounted by quarters."""
    import numpy as np

    table = np.array([group[:3] for group in groups], dtype=float)
    seen = table[:, 0], table[:, 1] / 7, table[:, 2] / 7
    months, orders = float(rules.horizon_months), np.zeros(len(table))
    discounted, begun = np.zeros(len(table)), 0.0
    while begun < months:
        until = min(begun + 3, months)
        total = buying.expected(until * DAYS_A_MONTH / 7, *seen)
        discounted += (total - orders) / (1 + float(rules.discount_percent) / 100) ** ((begun + until) / 24)
        orders, begun = total, until
    alive = buying.alive(*seen)
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        with cursor.copy("COPY worth_alive FROM STDIN") as copy:
            for group, *values in zip(
                groups, alive.tolist(), orders.tolist(), discounted.tolist(), strict=True
            ):
                copy.write_row((*group[:3], *values))
        cursor.execute("ANALYZE worth_alive")


def _fit_spending(spenders: int) -> lifetime.GammaGamma:
    import numpy as np

    every = spenders // SPENDERS + 1
    rows = fetch_rows(
        "SELECT x, spent FROM worth_bought WHERE x > 0 AND spent > 0 AND customer_id %% %s::int = 0", [every]
    )
    table = np.array(rows, dtype=float).reshape(-1, 2)
    return lifetime.fit_gamma_gamma(table[:, 0], table[:, 1])


# -- scores and letters ------------------------------------------------------------------------------------------

_FIFTHS = "percentile_disc(ARRAY[.2, .4, .6, .8]) WITHIN GROUP (ORDER BY {})"


def _cut_points(cursor: Any) -> dict[str, list | None]:
    """Where the scores 2 to 5 begin. Equal figures get equal scores, which ntile does not promise."""
    fifths = ", ".join(_FIFTHS.format(name) for name in ("recency", "orders", "net"))
    cursor.execute(f"SELECT {fifths} FROM worth_bought")  # noqa: S608
    return dict(zip(("recency_days", "orders", "net"), cursor.fetchone(), strict=True))


_LIFETIME = """CASE WHEN %(told)s THEN CASE WHEN b.net <= 0 THEN 0 ELSE round(
    a.discounted * %(p)s * (%(gamma)s + b.x * coalesce(b.spent, 0)) / (%(p)s * b.x + %(q)s - 1) * %(margin)s)::bigint
    END END"""


_FIGURES = f"""
    CREATE TEMP TABLE worth_figures ON COMMIT DROP AS
    SELECT b.customer_id, b.first_bought_at, b.last_bought_at, b.orders, b.returns, b.gross, b.returned, b.net,
           greatest(b.recency, 0) AS recency,
           5 - ((%(r1)s < b.recency)::int + (%(r2)s < b.recency)::int + (%(r3)s < b.recency)::int
                + (%(r4)s < b.recency)::int) AS r,
           1 + (%(f1)s < b.orders)::int + (%(f2)s < b.orders)::int + (%(f3)s < b.orders)::int
             + (%(f4)s < b.orders)::int AS f,
           1 + (%(m1)s < b.net)::int + (%(m2)s < b.net)::int + (%(m3)s < b.net)::int + (%(m4)s < b.net)::int AS m,
           a.alive, a.orders AS expected_orders, {_LIFETIME} AS lifetime_value
    FROM worth_bought b LEFT JOIN worth_alive a USING (x, t_x, t)
"""  # noqa: S608


def _score_terms(grading: Grading, rules: GradeRules) -> dict[str, Any]:
    spending = grading.model.get("gamma_gamma") or {"p": 0.0, "q": 0.0, "gamma": 0.0}
    terms: dict[str, Any] = {"told": grading.model["used"], "margin": float(rules.margin_percent) / 100}
    terms |= {name: spending[name] for name in ("p", "q", "gamma")}
    for letter, name in (("r", "recency_days"), ("f", "orders"), ("m", "net")):
        cuts = grading.cut_points[name] or [None] * 4
        terms |= {f"{letter}{n}": cut for n, cut in enumerate(cuts, 1)}
    return terms


def _terms(grading: Grading, rules: GradeRules) -> dict[str, Any]:
    last = Grading.objects.exclude(ended_at=None).order_by("-pk").first()
    is_new_period = last is None or _period(last.as_of, rules) != _period(grading.as_of, rules)
    told_alike = last is not None and (last.rules_id, last.as_of, last.model.get("reason")) == (
        rules.pk, grading.as_of, grading.model.get("reason"),
    )  # fmt: skip
    return {
        **letter_terms(rules, grading.cut_points.get("lifetime_value")),
        "rules": rules.pk,
        "one_more": int(is_new_period),
        "steady": rules.steady_periods,
        "as_of": grading.as_of,
        "anew": not told_alike,
    }


# What the figures point to, and what that makes of the letter of before. Whoever stands as before, seen up to the same
# moment by the same rules, is `told` already and not written again.
_TOLD = """
    CREATE TEMP TABLE worth_told ON COMMIT DROP AS
    WITH figures AS (SELECT * FROM worth_figures), {lettered},
    before AS (
        SELECT w.*, g.rules_id, g.as_of FROM understand_customerworth w JOIN understand_grading g ON g.id = w.grading_id),
    pointed AS (
        SELECT f.*, l.percentile, l.share, l.letter, l.capped, b.grade AS was, b.grade_before AS was_before,
               b.grade_since AS was_since,
               b.customer_id IS NULL OR b.grade = l.letter OR b.rules_id <> %(rules)s
                   OR coalesce(l.capped, '') = 'net_not_positive' AS at_once,
               CASE WHEN b.candidate = l.letter THEN b.candidate_periods + %(one_more)s ELSE 1 END AS periods,
               CASE WHEN b.as_of < %(as_of)s THEN jsonb_build_object(
                        'as_of', b.as_of, 'grade', b.grade, 'orders', b.orders, 'net', b.net, 'returned', b.returned,
                        'recency_days', b.recency_days, 'r', b.r, 'f', b.f, 'm', b.m, 'alive', b.alive,
                        'lifetime_value', b.lifetime_value, 'share', b.reasons -> 'share')
                    ELSE b.reasons -> 'before' END AS before,
               NOT %(anew)s AND b.customer_id IS NOT NULL
                   AND (b.first_bought_at, b.last_bought_at, b.orders, b.returns, b.gross, b.returned, b.net,
                        b.recency_days, b.r, b.f, b.m, b.value_percentile)
                     = (f.first_bought_at, f.last_bought_at, f.orders, f.returns, f.gross, f.returned, f.net,
                        f.recency, f.r, f.f, f.m, l.percentile)
                   AND (b.alive, b.expected_orders, b.lifetime_value, b.reasons ->> 'share', b.reasons ->> 'capped')
                     IS NOT DISTINCT FROM
                       (f.alive, f.expected_orders, f.lifetime_value, round(l.share::numeric, 4)::text, l.capped)
                   AS stands, b.candidate AS was_candidate, b.candidate_periods AS was_periods
        FROM worth_figures f JOIN lettered l USING (customer_id) LEFT JOIN before b USING (customer_id))
    SELECT *, stands AND (grade, candidate_periods) = (was, was_periods)
              AND candidate IS NOT DISTINCT FROM was_candidate AS told
    FROM (SELECT *, CASE WHEN at_once OR periods >= %(steady)s THEN letter ELSE was END AS grade,
                 CASE WHEN at_once OR periods >= %(steady)s THEN NULL ELSE letter END AS candidate,
                 CASE WHEN at_once OR periods >= %(steady)s THEN 0 ELSE periods END AS candidate_periods
          FROM pointed) p
"""

_WRITE = """
    INSERT INTO understand_customerworth AS w (
        customer_id, grading_id, first_bought_at, last_bought_at, orders, returns, gross, returned, net, recency_days,
        r, f, m, alive, expected_orders, lifetime_value, value_percentile, grade, grade_before, grade_since, graded_at,
        candidate, candidate_periods, reasons)
    SELECT customer_id, %(grading)s, first_bought_at, last_bought_at, orders, returns, gross, returned, net, recency,
           r, f, m, alive, expected_orders, lifetime_value, percentile, grade,
           CASE WHEN grade = was THEN was_before ELSE was END, CASE WHEN grade = was THEN was_since ELSE %(now)s END,
           %(now)s, candidate, candidate_periods,
           jsonb_strip_nulls(jsonb_build_object('share', round(share::numeric, 4), 'capped', capped, 'before', before))
    FROM worth_told WHERE NOT told
    ON CONFLICT (customer_id) DO UPDATE SET
        (grading_id, first_bought_at, last_bought_at, orders, returns, gross, returned, net, recency_days, r, f, m,
         alive, expected_orders, lifetime_value, value_percentile, grade, grade_before, grade_since, graded_at,
         candidate, candidate_periods, reasons)
      = (EXCLUDED.grading_id, EXCLUDED.first_bought_at, EXCLUDED.last_bought_at, EXCLUDED.orders, EXCLUDED.returns,
         EXCLUDED.gross, EXCLUDED.returned, EXCLUDED.net, EXCLUDED.recency_days, EXCLUDED.r, EXCLUDED.f, EXCLUDED.m,
         EXCLUDED.alive, EXCLUDED.expected_orders, EXCLUDED.lifetime_value, EXCLUDED.value_percentile, EXCLUDED.grade,
         EXCLUDED.grade_before, EXCLUDED.grade_since, EXCLUDED.graded_at, EXCLUDED.candidate,
         EXCLUDED.candidate_periods, EXCLUDED.reasons)
"""

_FORGET = """
    DELETE FROM understand_customerworth w WHERE NOT EXISTS (SELECT FROM worth_told t WHERE t.customer_id = w.customer_id)
"""

_MARK_CUSTOMERS = """
    UPDATE understand_customer c SET grade = t.grade FROM worth_told t
    WHERE c.id = t.customer_id AND c.grade IS DISTINCT FROM t.grade
"""


def _announce(rules: GradeRules, now: datetime) -> int:
    """One entry for each letter that came or changed, all by one statement."""
    return record_rows(CustomerGraded, _CHANGED, [rules.number], happened_at=now)


_CHANGED = """
    SELECT 'customer', customer_id, jsonb_build_object(
        'grade_before', was, 'grade', grade, 'why', jsonb_build_object(
            'orders', orders, 'net', net, 'recency_days', recency, 'r', r, 'f', f, 'm', m,
            'alive', round(alive::numeric, 3)::float8, 'lifetime_value', lifetime_value,
            'share', round(share::numeric, 4)::float8, 'rules', %s::int))
    FROM worth_told WHERE was IS DISTINCT FROM grade ORDER BY customer_id
"""
