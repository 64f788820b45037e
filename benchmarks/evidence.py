"""What stands beside the answers of a wave from the firm's own records, as a worker counts it once a day: the five gaps, what leaving
the short plank costs, low or not noticed. On the responses of benchmarks/survey.py, asked once more with two pairs of expected and
found, the one at a moment of truth; two of three customers bought before and after they answered, one response in ten is about a case."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg

from benchmarks.holding import Held
from benchmarks.measuring import Figure, cost, statements
from guixin.ledger.clock import database_now
from guixin.listen import building, counting, evidence, waves
from guixin.listen.models import Wave
from guixin.promise.blueprints import define, publish_drawing
from guixin.promise.drawing import Drawing
from guixin.serve.tests import make

LIMIT = 60  # seconds of CPU for a million
LATER = timedelta(days=100)  # when it is known who bought again
_SCALE: dict[str, Any] = {"low": 1, "high": 5}
_ASKS = [
    {"code": "reply", "label": "按时答复", "moment": "bench-call:e1", **_SCALE},
    {"code": "reply-hoped", "label": "按时答复", "expectation_of": "reply", **_SCALE},
    {"code": "polite", "label": "有礼貌", **_SCALE},
    {"code": "polite-hoped", "label": "有礼貌", "expectation_of": "polite", **_SCALE},
    {"code": "overall", "label": "总体满意", "reads_as": "csat", "dimension": "总体满意"},
]
# Each question here is answered as one there was.
_AS = {
    "reply": "on-the-day", "reply-hoped": "as-ordered", "polite": "driver-polite", "polite-hoped": "quality",
    "overall": "overall",
}  # fmt: skip
_RESPONSES = """
    INSERT INTO listen_response (id, wave_id, key, customer_id, case_id, source, stratum, language, begun_at, completed_at,
        joined_figures, struck_why)
    SELECT id + %(rows)s, %(wave)s, key, customer_id, case_id, source, stratum, language, begun_at, completed_at, false, ''
    FROM listen_response WHERE wave_id = %(like)s
"""
_ANSWERS = """
    INSERT INTO listen_answer (id, response_id, question_id, value, words)
    SELECT (a.response_id + %(rows)s) * 32 + e.at, a.response_id + %(rows)s, e.here, a.value, ''
    FROM listen_answer a JOIN unnest(%(there)s::bigint[], %(here)s::bigint[]) WITH ORDINALITY AS e (there, here, at)
        ON e.there = a.question_id
    WHERE a.response_id <= %(rows)s
"""
_PURCHASES = """
    INSERT INTO understand_purchase (customer_id, kind, bought_at, quantity, amount, currency, order_key, line_key, source,
        landed_at)
    SELECT customer_id, 'sale', completed_at + step * (customer_id %% 60 + 1) * interval '1 day', 1, 100 + customer_id %% 9973,
        'CNY', 'E' || customer_id, 'E' || customer_id || step, 'bench_evidence', now()
    FROM listen_response CROSS JOIN (VALUES (-1), (1)) s (step) WHERE wave_id = %(like)s AND customer_id %% 3 <> step + 1
"""
_PROMISES = """
    INSERT INTO promise_clock (id, about_kind, about_id, case_id, measure, generation, version_id, calendar_id, department_id,
        started_at, budget, was_paused, state, due_at, provisional, rested, next_level, next_round, breached_at, stopped_at)
    SELECT nextval(pg_get_serial_sequence('promise_clock', 'id')), about_kind, about_id, case_id, measure, generation + 1,
        version_id, calendar_id, department_id, now() - interval '9 days', budget, false,
        CASE WHEN case_id %% 4 = 0 THEN 'missed' ELSE 'met' END, now() - interval '8 days', false, '0', 1, 0,
        CASE WHEN case_id %% 4 = 0 THEN now() - interval '8 days' END, now() - interval '7 days'
    FROM promise_clock WHERE measure = 'reply' AND state = 'running'
"""


def figures(held: Held, like: Wave, copied: float) -> Iterator[Figure]:
    """`like`: the wave whose responses these are; `copied`: ms of CPU of the raw COPY of its answers."""
    wave = _answered(held, like)
    later = database_now() + LATER
    parts = dict[str, float]()
    for name in ("five_gaps", "leaving", "noticed"):
        _watch(name, parts)
    with statements() as sent:
        spent = cost(lambda: evidence.count(wave, later), times=1, runs=1, warm=0)
    limit = max(5, LIMIT * held.rows / 1e6)
    yield Figure(
        "the evidence beside a wave with two pairs, CPU", f"{spent.cpu / 1000:.1f} s", f"≤ {limit:.0f} s",
        spent.cpu / 1000 <= limit,
    )  # fmt: skip
    yield Figure("to raw COPY of its answers", f"× {spent.cpu / copied:.1f}")
    yield Figure("its wall time; its SQL statements", f"{spent.wall / 1000:.1f} s; {len(sent)}")
    yield Figure(
        "of its CPU: five gaps; leaving; low or not noticed",
        f"{parts['five_gaps']:.1f}; {parts['leaving']:.1f}; {parts['noticed']:.1f} s",
    )


def _watch(name: str, parts: dict[str, float]) -> None:
    work = getattr(evidence, name)

    def watched(*given):
        found = []
        parts[name] = cost(lambda: found.append(work(*given)), times=1, runs=1, warm=0).cpu / 1000
        return found[0]

    setattr(evidence, name, watched)


def _answered(held: Held, like: Wave) -> Wave:
    if found := Wave.objects.filter(code="bench-pairs").first():
        return found  # a database that was kept
    from benchmarks.survey import without_checks

    now = database_now()
    drawing = Drawing().with_step("答复").with_element(
        lane="onstage", step="s1", name="正式答复", is_moment=True, standards=["reply"]
    )  # fmt: skip
    publish_drawing(define("bench-call", name="来电"), drawing, by=None, now=now)
    asked = building.add(code="bench-pairs", name="bench-pairs", owner=make.he(), by=None, now=now)
    building.keep_draft(asked, {"questions": _ASKS}, by=None, now=now)
    building.publish(asked, by=None, now=now)
    wave = waves.open_wave(asked, name="期望与感受", code="bench-pairs", owner=make.he(), by=None, now=now)
    here = dict(asked.questions.values_list("code", "pk"))
    there = dict(like.version.questionnaire.questions.values_list("code", "pk"))
    terms = {
        "rows": held.rows, "wave": wave.pk, "like": like.pk, "here": [here[code] for code in _AS],
        "there": [there[code] for code in _AS.values()],
    }  # fmt: skip
    with held.raw() as raw, without_checks(raw, "listen_response", "listen_answer", "understand_purchase"):
        for statement in (_RESPONSES, _ANSWERS, _PURCHASES, _PROMISES):
            raw.execute(statement, terms)
    with held.raw() as raw:
        _tidy(raw)
    wave.refresh_from_db()
    while counting.count_next(now):
        pass
    wave.refresh_from_db()
    if not (wave.figures or {}).get("plank", {}).get("worst"):
        wave.figures = (wave.figures or {}) | {"plank": {"worst": "reply"}}
    return wave


def _tidy(raw: psycopg.Connection) -> None:
    for table in ("listen_response", "listen_answer"):
        raw.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608
    raw.execute("VACUUM ANALYZE listen_response, listen_answer, understand_purchase, promise_clock")
