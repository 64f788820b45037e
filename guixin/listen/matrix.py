"""The answers of a wave as one narrow matrix, and the groups whoever answered belongs to: read once, by a worker.

A million responses to 24 scales are 24 MB. Nothing here is on the way of a request.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from guixin.ledger.bulk import fetch_rows
from guixin.listen.models import Wave
from guixin.listen.questions import CHOICE, SCALE, Asked, Sheet

NOTHING = -1  # no answer
AT_ONCE = 20_000


@dataclass
class Answers:
    """`values`: (responses given to the end, scales) int8, in the order of their ids, NOTHING where there is no answer; `ids`:
    (responses,). `place`: the column of a question, by its code. `groups`: by what they are told apart ("segment", "grade",
    "department", "answer:CODE"), the rows and the key of each membership, (memberships,) twice; a response may belong to
    several departments."""

    values: Any
    ids: Any
    place: dict[str, int]
    groups: dict[str, tuple[Any, list[str]]] = field(default_factory=dict)

    def of(self, codes: Sequence[str]) -> Any:
        """(responses that answered all of these, questions) float."""
        some = self.values[:, [self.place[code] for code in codes]]
        return some[(some != NOTHING).all(axis=1)].astype(float)


def splitting(sheet: Sheet) -> list[Asked]:
    """The lists of words everybody is asked: by these answers responses are told apart, of an anonymous wave too."""
    return [each for each in sheet.questions if each.kind == CHOICE and not each.shown_if]


def read(wave: Wave, sheet: Sheet) -> Answers:
    """One pass over the answers, and one over the departments of the cases they are about."""
    import numpy

    scales = [each for each in sheet.questions if each.kind == SCALE]
    words = splitting(sheet)
    known = dict(wave.version.questionnaire.questions.values_list("code", "pk"))
    columns = [f"max(a.value) FILTER (WHERE a.question_id = {known[each.code]:d})" for each in scales]
    columns += [f"max(a.words) FILTER (WHERE a.question_id = {known[each.code]:d})" for each in words]
    # What the firm knew of whoever answered: of the case as it was opened, otherwise of the customer as they are now.
    statement = (
        "SELECT m.*, coalesce(c.segment_id, u.segment_id), coalesce(nullif(c.grade, ''), u.grade) FROM ("  # noqa: S608
        f"SELECT {', '.join(['r.id', *columns])}, r.case_id, r.customer_id"
        " FROM listen_response r JOIN listen_answer a ON a.response_id = r.id"
        " WHERE r.wave_id = %s AND r.completed_at IS NOT NULL AND r.struck_at IS NULL"
        f"{' AND r.joined_figures' if wave.is_anonymous else ''} GROUP BY r.id) m"
        " LEFT JOIN serve_case c ON c.id = m.case_id LEFT JOIN understand_customer u ON u.id = m.customer_id"
        " ORDER BY m.id"
    )
    values, ids = [], []
    said: list[list[Any]] = [[] for _each in words]
    segments: list[int | None] = []
    grades: list[str | None] = []
    number = len(scales)
    connection.ensure_connection()
    with transaction.atomic(), connection.connection.cursor(name="wave_answers") as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(statement, [wave.pk])
        while rows := cursor.fetchmany(AT_ONCE):
            turned = list(zip(*rows, strict=True))
            ids.append(numpy.array(turned[0], dtype=numpy.int64))
            points = [
                [NOTHING if one is None else one for one in column] for column in turned[1 : 1 + number]
            ]
            values.append(numpy.array(points, dtype=numpy.int8).reshape(number, len(rows)).T)
            for at in range(len(words)):
                said[at] += turned[1 + number + at]
            segments += turned[-2]
            grades += turned[-1]
    found = Answers(
        values=numpy.concatenate(values) if values else numpy.empty((0, number), dtype=numpy.int8),
        ids=numpy.concatenate(ids) if ids else numpy.empty(0, dtype=numpy.int64),
        place={each.code: at for at, each in enumerate(scales)},
    )
    for each, column in zip(words, said, strict=True):
        found.groups[f"answer:{each.code}"] = _memberships(column)
    if not wave.is_anonymous:
        found.groups["segment"] = _memberships([each and str(each) for each in segments])
        found.groups["grade"] = _memberships(grades)
        found.groups["department"] = _departments(wave, found.ids)
    return found


def _memberships(keys: Sequence[Any]) -> tuple[Any, list[str]]:
    import numpy

    rows = [row for row, key in enumerate(keys) if key]
    return numpy.array(rows, dtype=numpy.int64), [keys[row] for row in rows]


# The departments that worked on the case, or have it where no task was given; or that of whoever made the visit.
_DEPARTMENTS = """
    SELECT DISTINCT r.id, coalesce(t.department_id, c.department_id) FROM listen_response r
    JOIN serve_case c ON c.id = r.case_id
    LEFT JOIN serve_task t ON t.case_id = c.id AND t.state IN ('given', 'accepted', 'done')
    WHERE r.wave_id = %(wave)s AND r.completed_at IS NOT NULL AND r.struck_at IS NULL
    UNION
    SELECT r.id, s.department_id FROM listen_response r
    JOIN understand_contact k ON k.id = r.contact_id
    JOIN organisation_post p ON p.person_id = k.owner_id AND p.is_main AND p.since <= k.made_at::date
        AND (p.until IS NULL OR p.until > k.made_at::date)
    JOIN organisation_position s ON s.id = p.position_id
    WHERE r.wave_id = %(wave)s AND r.completed_at IS NOT NULL AND r.struck_at IS NULL
    ORDER BY 1
"""


def _departments(wave: Wave, ids: Any) -> tuple[Any, list[str]]:
    import numpy

    pairs = list(fetch_rows(_DEPARTMENTS, {"wave": wave.pk}))
    rows = numpy.searchsorted(ids, numpy.array([one for one, _department in pairs], dtype=numpy.int64))
    # A response without any answer to a question is in no row.
    at_home = [
        row < len(ids) and ids[row] == one for row, (one, _department) in zip(rows, pairs, strict=True)
    ]
    return rows[at_home] if len(pairs) else rows, [
        str(department) for is_in, (_one, department) in zip(at_home, pairs, strict=True) if is_in
    ]
