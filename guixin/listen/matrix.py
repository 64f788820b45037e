"""The answers of a wave as one narrow matrix, and the groups whoever answered belongs to: read once, by a worker.

A million responses to 24 scales are 24 MB. Nothing here is on the way of a request, and nothing is read row by row: PostgreSQL
packs whole columns into bytes (`string_agg` of `int8send`), which numpy takes as they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from guixin.ledger.bulk import fetch_rows
from guixin.listen.models import Wave
from guixin.listen.questions import CHOICE, SCALE, Asked, Sheet

NOTHING = -1  # no answer
AT_ONCE = 1 << 16  # ids of responses whose answers come in one statement


@dataclass
class Membership:
    """Which responses belong to a group: `rows` and the place of its name in `names`, (memberships,) twice; a response may
    belong to several. The names are in their order, and each has a member."""

    rows: Any
    group: Any
    names: list[str]


@dataclass
class Answers:
    """`values`: (responses given to the end, scales) int8, in the order of their ids, NOTHING where there is no answer; `ids`:
    (responses,). `place`: the column of a question, by its code. `chosen`: of each list of words the place of the word in it,
    (responses,) int8. `written`: how many answered each other question. `groups`: by what they are told apart ("segment",
    "grade", "department", "place", "answer:CODE"). `stratum`: place of each in the strata asked for, NOTHING elsewhere."""

    values: Any
    ids: Any
    place: dict[str, int]
    chosen: dict[str, Any] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)
    groups: dict[str, Membership] = field(default_factory=dict)
    stratum: Any = None

    def of(self, codes: Sequence[str]) -> Any:
        """(responses that answered all of these, questions) int8."""
        return complete(self.values, [self.place[code] for code in codes])


def complete(values: Any, places: Sequence[int]) -> Any:
    some = values[:, list(places)]
    return some[(some != NOTHING).all(axis=1)]


def splitting(sheet: Sheet) -> list[Asked]:
    """The lists of words everybody is asked: by these answers responses are told apart, of an anonymous wave too."""
    return [each for each in sheet.questions if each.kind == CHOICE and not each.shown_if]


@transaction.atomic
def read(wave: Wave, sheet: Sheet, strata: Sequence[str] = ()) -> Answers:
    """One pass over the responses, one over their answers, and one over the departments of the cases they are about."""
    import numpy

    ids, segments, grades, places, stratum = _responses(wave, strata)
    scales = [each for each in sheet.questions if each.kind == SCALE]
    lists = [each for each in sheet.questions if each.kind == CHOICE]
    known = dict(wave.version.questionnaire.questions.values_list("code", "pk"))
    values = numpy.full((len(ids), len(scales)), NOTHING, dtype=numpy.int8, order="F")
    words = numpy.full((len(ids), len(lists)), NOTHING, dtype=numpy.int8, order="F")
    # By the id of a question: its column among scales and lists; behind the last column stands what is only counted.
    column = numpy.full(max(known.values(), default=0) + 1, len(scales) + len(lists))
    column[[known[each.code] for each in (*scales, *lists)]] = range(len(scales) + len(lists))
    seen, number = numpy.zeros(len(ids), dtype=bool), numpy.zeros(len(column), dtype=numpy.int64)
    for first, last, packed in _answers(ids, lists, known):
        here = ids[first:last]
        response, question, value = packed >> 32, packed >> 8 & 0xFFFFFF, (packed & 0xFF) - 1
        rows = numpy.searchsorted(here, response + here[0])
        ours = (here[numpy.minimum(rows, len(here) - 1)] == response + here[0]) & (question < len(column))
        rows, question, value = rows[ours] + first, question[ours], value[ours]
        seen[rows] = True
        number += numpy.bincount(question, minlength=len(column))
        at = column[question]
        is_scale = at < len(scales)
        values[rows[is_scale], at[is_scale]] = value[is_scale]
        is_word = ~is_scale & (at < len(scales) + len(lists))
        words[rows[is_word], at[is_word] - len(scales)] = value[is_word]
    if not seen.all():  # a response without any answer counts nowhere
        ids, values, words = ids[seen], values[seen], words[seen]
        segments, grades = segments[seen], grades[seen]
        places, stratum = places[seen], stratum[seen]
    found = Answers(
        values=values,
        ids=ids,
        place={each.code: at for at, each in enumerate(scales)},
        chosen={each.code: words[:, at] for at, each in enumerate(lists)},
        written={each.code: int(number[known[each.code]]) for each in sheet.questions},
        stratum=stratum,
    )
    for each in splitting(sheet):
        chosen = found.chosen[each.code]
        found.groups[f"answer:{each.code}"] = _members(chosen, dict(enumerate(each.choices)))
    found.groups["place"] = _members(places)
    if not wave.is_anonymous:
        found.groups["segment"] = _members(segments)
        found.groups["grade"] = _members(
            grades, {int(one): chr(one) for one in numpy.unique(grades) if one > 0}
        )
        found.groups["department"] = _departments(wave, ids)
    return found


# What the firm knew of whoever answered: of the case as it was opened, otherwise of the customer as they are now.
_RESPONSES = """
    SELECT string_agg(int8send(r.id), ''), string_agg(int8send(coalesce(c.segment_id, u.segment_id, -1)), ''),
           string_agg(int8send(ascii(coalesce(nullif(c.grade, ''), u.grade, ''))), ''),
           string_agg(int8send(coalesce(r.place_id, -1)), ''),
           string_agg(int8send(coalesce(array_position(%(strata)s::text[], r.stratum), 0) - 1), '')
    FROM listen_response r LEFT JOIN serve_case c ON c.id = r.case_id LEFT JOIN understand_customer u ON u.id = r.customer_id
    WHERE r.wave_id = %(wave)s AND r.completed_at IS NOT NULL AND r.struck_at IS NULL AND (NOT %(joined)s OR r.joined_figures)
"""


def _responses(wave: Wave, strata: Sequence[str]) -> list[Any]:
    """Ids in their order; segment, letter of the grade, place and stratum of each, -1 or 0 where there is none."""
    known = {"wave": wave.pk, "joined": wave.is_anonymous, "strata": list(strata)}
    columns = [_unpacked(each) for each in fetch_rows(_RESPONSES, known)[0]]
    order = columns[0].argsort()
    return [each[order] for each in columns]


# `said`: a point, or the place of the word in its list; nothing for what is only counted.
_ANSWERS = """
    SELECT string_agg(int8send((a.response_id - %(first)s) * (1::bigint << 32) + a.question_id * 256
                               + coalesce(a.value, {words} -1) + 1), '')
    FROM listen_answer a WHERE a.response_id >= %(first)s AND a.response_id < %(first)s + {at_once}
"""


def _answers(ids: Any, lists: Sequence[Asked], known: dict[str, int]) -> Iterator[tuple[int, int, Any]]:
    """Of so many responses at once, from the first to before the last: their answers, packed as _ANSWERS does; those of other
    waves may be among them."""
    import numpy

    words, values = "", dict[str, Any]()
    for at, each in enumerate(lists):
        words += f" WHEN {known[each.code]:d} THEN array_position(%(words{at})s::text[], a.words) - 1"
        values[f"words{at}"] = list(each.choices)
    statement = _ANSWERS.format(words=f"CASE a.question_id{words} END, " if words else "", at_once=AT_ONCE)
    first = 0
    while first < len(ids):
        last = int(numpy.searchsorted(ids, ids[first] + AT_ONCE))
        ((packed,),) = fetch_rows(statement, values | {"first": int(ids[first])})
        yield first, last, _unpacked(packed)
        first = last


def _unpacked(packed: bytes | None) -> Any:
    import numpy

    return numpy.frombuffer(packed or b"", dtype=">i8").astype(numpy.int64)


def _members(keys: Any, named: dict[int, str] | None = None) -> Membership:
    """
    keys    (responses,) the number of the group of each, below one where it is in none, or what stands in `named`
    """
    import numpy

    there = numpy.unique(keys).tolist()
    names = {one: named[one] for one in there if one in named} if named else {
        one: str(one) for one in there if one > 0
    }  # fmt: skip
    order = sorted(names, key=lambda one: names[one])
    place = numpy.full(max(there, default=0) + 2, -1)  # the last one is for keys of -1
    place[order] = range(len(order))
    group = place[keys]
    rows = numpy.flatnonzero(group >= 0)
    return Membership(rows, group[rows], [names[one] for one in order])


# The departments that worked on the case, or have it where no task was given; that of whoever made the visit; that of the place.
_DEPARTMENTS = """
    SELECT string_agg(int8send(response), ''), string_agg(int8send(coalesce(department, -1)), '') FROM (
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
        UNION
        SELECT r.id, o.department_id FROM listen_response r
        JOIN listen_waveplace l ON l.id = r.place_id JOIN serve_opinionpoint o ON o.id = l.point_id
        WHERE r.wave_id = %(wave)s AND r.completed_at IS NOT NULL AND r.struck_at IS NULL AND o.department_id IS NOT NULL
    ) worked (response, department)
"""


def _departments(wave: Wave, ids: Any) -> Membership:
    import numpy

    ((one, department),) = fetch_rows(_DEPARTMENTS, {"wave": wave.pk})
    responses, departments = _unpacked(one), _unpacked(department)
    rows = numpy.searchsorted(ids, responses)
    # A response without any answer to a question is in no row.
    at_home = (
        ids[numpy.minimum(rows, len(ids) - 1)] == responses if len(ids) else numpy.zeros(len(rows), bool)
    )
    found = _members(departments[at_home])
    return Membership(rows[at_home][found.rows], found.group, found.names)
