"""The two questions: what was typed into a box (`search`), and what is being written (`suggest`).

Both find candidates in the index, leave out what the person may not see, read what is left of them, and rank it. Rare
words are read whole; a common one only together with others, or from its newest documents, so that neither costs more
for a word that half of a million documents have. docs/developers/decisions/0018-one-search.md has the reasons.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from django.core.exceptions import EmptyResultSet
from django.db.models import Q, QuerySet

from guixin.ledger.rounds import Asking, answer, ask, together
from guixin.organisation.models import Person
from guixin.organisation.pinyin import spell
from guixin.search.counting import COMMON
from guixin.search.folding import is_chinese
from guixin.search.kinds import Kind, all_kinds
from guixin.search.models import Document
from guixin.search.ranking import Candidate, Ranking, Score
from guixin.search.terms import NAME, TITLE, Asked, asked, matching, quoted

READ_AT_MOST = 150  # candidates whose text is read and ranked
SEEN_AT_MOST = 2_000  # candidates of which it is asked who sees them
KEY_TERMS = 48  # of a long text
TOGETHER = 4  # common words that are looked for two by two
SHARED_ENOUGH = 0.2  # of the weight of a written text, before something is suggested
WHY_AT_MOST = 5
SOUNDS_THE_SAME = 0.85  # likeness of trigrams from which it comes before what has some of the words
SHORTEST_SOUND, LONGEST_SOUND = 4, 30  # letters of a question that may be misspelt


@dataclass(frozen=True)
class Found:
    """A document that answers, and the words of the question it has; `score` compares within one answer."""

    kind: Kind
    key: int
    ref: str
    title: str
    language: str
    changed_at: datetime
    score: float
    why: tuple[str, ...]
    is_close: bool = False  # found by how it sounds, because nothing is spelt so


def search(
    text: str, person: Person | None, *, kinds: Collection[str] = (), at_most: int = 10, is_being_typed: bool = False
) -> list[Found]:  # fmt: skip
    """What answers the words in a box, the best first: what has all of them, or, where nothing has, some.

    person          None for a customer, who finds what is public
    kinds           names of some; otherwise of every kind
    is_being_typed  the last word may go on
    """
    return answer(searching(text, person, kinds=kinds, at_most=at_most, is_being_typed=is_being_typed))


def searching(
    text: str, person: Person | None, *, kinds: Collection[str] = (), at_most: int = 10, is_being_typed: bool = False
) -> Asking[list[Found]]:  # fmt: skip
    """The same, for whoever asks more at once."""
    question = asked(text, is_being_typed=is_being_typed)
    wanted = _wanted(kinds)
    if not question or not wanted:
        return []
    looking = yield from _looking(question, person, wanted, offered_only=False)
    if whole := (yield from looking.whole()):
        return looking.rank(whole, at_most, at_least=-1)  # by the initials of a title, too
    close, parts = yield from together(looking.sounding_like(text, at_most), looking.some())
    some = looking.rank(parts, at_most)
    same = [each for each in close if each.score >= SOUNDS_THE_SAME]
    found: dict[tuple[str, int], Found] = {}
    for each in [*same, *some, *close]:
        found.setdefault((each.kind.name, each.key), each)
    return [*found.values()][:at_most]


def suggest(
    text: str, person: Person | None, *, kinds: Collection[str] = (), at_most: int = 6, apart_from: Iterable[tuple[str, int]] = ()
) -> list[Found]:  # fmt: skip
    """What may help with a text somebody writes, however long: what shares the words that say most.

    apart_from  (kind, key) of what need not be suggested: the case it is written on
    """
    question = asked(text)
    wanted = _wanted(kinds)
    if not question or not wanted:
        return []
    looking = answer(_looking(question, person, wanted, offered_only=True))
    terms = 1 if len(question.terms) < 3 else 2  # one alone may be an accident
    found = looking.rank(answer(looking.some()), at_most + 1, shared=SHARED_ENOUGH, terms=terms)
    left_out = set(apart_from)
    return [each for each in found if (each.kind.name, each.key) not in left_out][:at_most]


def containing(kind: str, text: str, *, in_title: bool = False) -> QuerySet[Document]:
    """Every document of a kind that has all these words, unranked: for a list that filters, orders and counts itself.

    Nothing is left out but what a person may not see; that is for the list, which shows rows of its own.
    """
    question = asked(text)
    if not question:
        return Document.objects.none()
    marked = TITLE if in_title else ""
    found = Document.objects.filter(kind=kind, terms__matches=matching(question.needed, marked=marked))
    for run in question.runs:  # its pairs stand there; whether beside each other is seen
        inside = Q(title_plain__contains=run)
        found = found.filter(inside if in_title else inside | Q(body_plain__contains=run))
    return found


def named(kind: str, text: str) -> tuple[str, list] | None:
    """(the SELECT of the keys, its values) of what is called so, for a statement that asks more: every word stands in the
    name, the last one perhaps only begun. None for a single character, which is in every tenth name."""
    question = asked(text, is_being_typed=True)
    if len("".join(question.needed).removeprefix("^")) < 2:
        return None
    return _NAMED, [kind, matching(question.needed, marked=NAME), question.runs]


def _wanted(kinds: Collection[str]) -> dict[str, Kind]:
    return {
        kind.name: kind for kind in all_kinds() if not kind.is_names and (not kinds or kind.name in kinds)
    }


@dataclass
class _Looking:
    """One question on its way: by whom, among what, and what is known of its terms; the reading of rare ones shows more.

    having  of each common term, how many documents have it
    """

    question: Asked
    person: Person | None
    kinds: dict[str, Kind]
    offered_only: bool
    documents: int
    average: float
    having: dict[str, int]

    def whole(self) -> Asking[list[tuple]]:
        """What has everything that was asked, read."""
        needed = self.question.needed
        rarest = min(self.having.get(term.removeprefix("^"), 0) for term in needed)
        if rarest > COMMON and len(needed) < 3:
            values = [*self._values(), matching(needed), SEEN_AT_MOST, SEEN_AT_MOST]
            rows = yield from ask(_NEWEST % self._only("= wanted.kind"), values)
        else:
            rows = yield from ask(_WHOLE % self._only(), [matching(needed), *self._values(), SEEN_AT_MOST])
        return (yield from self._read(rows))

    def some(self) -> Asking[list[tuple]]:
        """What has some of it, most weight first, read; from here on the question is what was looked for."""
        rare = [term for term in self.question.terms if term not in self.having][:KEY_TERMS]
        common = sorted(
            (word for word in self.question.words if word in self.having), key=self.having.__getitem__
        )
        several = [*combinations(common[:TOGETHER], 3), *combinations(common[:TOGETHER], 2)]
        if not several and not rare:
            several = [(word,) for word in common]
        questions = [quoted(_beginning(term)) for term in rare] + [matching(terms) for terms in several]
        weights = [0.0] * len(rare) + [sum(map(self._weight, terms)) for terms in several]
        if not questions:
            return []
        rows = yield from ask(
            _SOME % {"only": self._only()},
            [questions, weights, *self._values(), COMMON, self.documents, SEEN_AT_MOST],
        )
        candidates = []
        for is_term, number, kind, key in rows:
            if not is_term:
                candidates.append((number, kind, key))
            elif number <= len(rare):
                self.having[rare[number - 1]] = key
        self.question = self.question.only({*rare, *self.having})
        return (yield from self._read(candidates))

    def sounding_like(self, text: str, at_most: int) -> Asking[list[Found]]:
        """By how the title sounds: 帐号 for 账号, "reimbursment" for reimbursement."""
        sound = spell(text[:60]).full
        if not SHORTEST_SOUND <= len(sound) <= LONGEST_SOUND:
            return []
        rows = yield from ask(_SOUNDS % self._only(), [sound, sound, *self._values(), 10 * at_most])
        likeness = {pk: like for pk, _kind, _key, like in rows}
        read = yield from self._read([row[:3] for row in rows], at_most)
        return [_found(self.kinds, row, likeness[row[0]], (), is_close=True) for row in read]

    def rank(
        self,
        read: Sequence[tuple],
        at_most: int,
        *,
        at_least: float = 0.0,
        shared: float = 0.0,
        terms: int = 0,
    ) -> list[Found]:
        ranking = Ranking(self.question, self.documents, self.average, self.having)
        scored: list[tuple[float, Score, tuple]] = []
        for row in read:
            score = ranking.score(Candidate(row[6], row[7], row[8]))
            if score.points > at_least and score.share >= shared and score.terms >= terms:
                scored.append((score.points * (1 + row[9]), score, row))
        scored.sort(key=lambda each: (-each[0], -each[2][5].timestamp(), each[2][1]))
        return [_found(self.kinds, row, points, score.why) for points, score, row in scored[:at_most]]

    def _weight(self, term: str) -> float:
        return Ranking(self.question, self.documents, self.average, self.having).weight(term)

    def _only(self, of: str = "= ANY(%s::text[])") -> str:
        return (
            f"d.kind {of}"
            + (" AND d.is_offered" if self.offered_only else "")
            + (" AND d.is_public" if self.person is None else "")
        )

    def _values(self) -> list:
        return [list(self.kinds)]

    def _read(self, rows: Sequence[tuple[int, str, int]], at_most: int = READ_AT_MOST) -> Asking[list[tuple]]:
        """What those say that this person may see, in the same order: one statement, whatever kinds there are."""
        if not rows:
            return []
        ids, names, keys = (list(column) for column in zip(*rows, strict=True))
        seen, values = ["true"], []
        for name in {*names}:
            allowed = self.kinds[name].visible_to(self.person)
            if allowed is not None:
                its = [key for _pk, kind, key in rows if kind == name]
                sql, more = _ids_of(allowed.filter(pk__in=its))
                seen.append(f"(d.kind <> %s OR d.key IN ({sql}))")
                values += [name, *more]
        return (yield from ask(_READ % " AND ".join(seen), [ids, names, keys, *values, at_most]))


def _ids_of(rows: QuerySet) -> tuple[str, Sequence]:
    """The statement that gives their ids."""
    try:
        return rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL::bigint WHERE false", ()


def _looking(
    question: Asked, person: Person | None, kinds: dict[str, Kind], *, offered_only: bool
) -> Asking[_Looking]:
    ((documents, average, common, having),) = yield from ask(_COMMON, [question.terms])
    counted = dict(zip(common, having, strict=True))
    return _Looking(question, person, kinds, offered_only, documents, average, counted)


def _beginning(term: str) -> str:
    """A single character is found as the beginning of a pair."""
    return f"^{term}" if len(term) == 1 and is_chinese(term) else term


def _found(
    kinds: dict[str, Kind], row: tuple, score: float, why: tuple[str, ...], *, is_close: bool = False
) -> Found:
    return Found(
        kind=kinds[row[1]], key=row[2], ref=row[3], title=row[4], changed_at=row[5], language=row[10], score=score,
        why=why[:WHY_AT_MOST], is_close=is_close,
    )  # fmt: skip


# Before anybody has counted there are few, or they have just come.
_COMMON = """
    SELECT coalesce((SELECT documents FROM search_counted),
                    (SELECT count(*) FROM (SELECT 1 FROM search_document LIMIT 20000) AS few)),
           coalesce((SELECT average_length FROM search_counted),
                    (SELECT avg(length)::float FROM (SELECT length FROM search_document LIMIT 1000) AS few), 0),
           coalesce(array_agg(term), '{}'), coalesce(array_agg(documents), '{}')
    FROM search_commonterm WHERE term = ANY(%s::text[])
"""
# Who may see it is asked before anything is fetched; the blank is for what each kind says of that.
_READ = """
    SELECT d.id, d.kind, d.key, d.ref, d.title, d.changed_at, d.title_plain, d.body_plain, d.length, d.worth, d.language
    FROM (SELECT d.id, d.place
          FROM unnest(%%s::bigint[], %%s::text[], %%s::bigint[]) WITH ORDINALITY AS d (id, kind, key, place)
          WHERE %s ORDER BY d.place LIMIT %%s) AS seen JOIN search_document d USING (id) ORDER BY seen.place
"""
_WHOLE = """
    SELECT d.id, d.kind, d.key FROM search_document d WHERE d.terms @@ %%s::tsquery AND %s LIMIT %%s
"""
# Where even the rarest word is common the newest that have it are soon found, and the index would name too many. Of each
# kind by itself: a million customers that came last stand in nobody's way.
_NEWEST = """
    SELECT newest.* FROM unnest(%%s::text[]) AS wanted (kind) CROSS JOIN LATERAL (
        SELECT id, kind, key FROM (SELECT d.id, d.kind, d.key, d.terms FROM search_document d WHERE %s
                                   ORDER BY d.key DESC LIMIT 20000) AS few
        WHERE terms @@ %%s::tsquery LIMIT %%s) AS newest
    ORDER BY newest.id DESC LIMIT %%s
"""
# As a table of its own, or the planner would rather read everything until it has met a few.
_NAMED = """
    WITH hit AS MATERIALIZED (
        SELECT d.key, d.title_plain || d.body_plain AS said FROM search_document d
        WHERE d.kind = %s AND d.terms @@ %s::tsquery)
    SELECT key FROM hit WHERE NOT EXISTS (SELECT FROM unnest(%s::text[]) run WHERE position(run IN said) = 0)
"""
# Each term walks the index once; how many have it is counted on the way, and weighs it. Rows come in two sorts:
# (true, number of a term, '', how many have it) and (false, id, kind, key). What they are is looked up one by one: joined,
# the planner would rather read every document.
_SOME = """
    WITH asked AS (
        SELECT number, term, weight
        FROM unnest(%%s::text[], %%s::float[]) WITH ORDINALITY AS t (term, weight, number)
    ), hits AS MATERIALIZED (
        SELECT asked.number, asked.weight, hit.id
        FROM asked CROSS JOIN LATERAL (
            SELECT d.id FROM search_document d WHERE d.terms @@ asked.term::tsquery AND %(only)s LIMIT %%s) AS hit
    ), counted AS (
        SELECT number, count(*) AS often FROM hits GROUP BY number
    ), weighed AS (
        SELECT h.id, sum(CASE WHEN h.weight > 0 THEN h.weight
                              ELSE ln(1 + greatest(%%s::float - c.often, 0) / (c.often + 0.5)) END) AS heavy
        FROM hits h JOIN counted c USING (number) GROUP BY h.id ORDER BY heavy DESC, h.id DESC LIMIT %%s
    )
    SELECT true, number, '', often FROM counted
    UNION ALL
    (SELECT false, d.id, d.kind, d.key FROM weighed w CROSS JOIN LATERAL (
         SELECT d.id, d.kind, d.key FROM search_document d WHERE d.id = w.id LIMIT 1) AS d
     ORDER BY w.heavy DESC, d.id DESC)
"""
_SOUNDS = """
    SELECT d.id, d.kind, d.key, word_similarity(%%s, d.spelling) AS likeness FROM search_document d
    WHERE %%s <%%%% d.spelling AND %s ORDER BY likeness DESC, d.id DESC LIMIT %%s
"""
