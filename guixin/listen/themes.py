"""What open answers are about: grouped by their words, each answer under the theme it says most of, and under others it clearly
speaks of too. No database here.

A theme a person corrected is fixed; the others are learnt beside it. An answer that says none of the leading words of its theme
belongs to none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from guixin.listen import factoring
from guixin.listen.theme_words import SHOWN, Bag, bag_of

LEAST = 20  # answers; fewer are read one by one
LEAST_TO_SPLIT = 100  # before two halves are compared
SPLITS, SPLIT_AT_MOST = 3, 5_000
LEARNT_FROM = 20_000  # answers at most; the others are placed by what these say
MOST_THEMES = 16
IN_EVERY_ANSWER = 0.4  # a word that so many say tells nobody apart
LIGHTEST = 0.01  # weight of a word, below which a theme does without it
LEADING = 25  # words of a theme an answer must say one of
ALSO = 3  # a theme counts beside the first where the answer says a third as much of it, and one of the words it is named by
OTHER = -1
Facet = dict[str, float]  # {word: weight}; a theme made of two has two


@dataclass
class Found:
    """One theme. `known`: its place among those that were given, none of a new one; `typical`: an answer, none if it has none."""

    words: list[str]
    weights: list[Facet]
    known: int | None = None
    typical: int | None = None


@dataclass
class Grouped:
    """`place`: of each answer the index of its theme, or OTHER; `fit`: how much it says of it, 0 to 1; `also`: the other themes it
    speaks of, each with how much."""

    themes: list[Found] = field(default_factory=list)
    place: list[int] = field(default_factory=list)
    fit: list[float] = field(default_factory=list)
    also: list[list[tuple[int, float]]] = field(default_factory=list)
    agreement: float | None = None


def group(texts: Sequence[str], known: Sequence[Sequence[Facet]] = ()) -> Grouped:
    """Themes of these answers; as many as their number carries.

    known   the themes that are fixed already
    """
    import numpy

    bag = bag_of(texts)
    some = numpy.arange(len(texts))
    if len(some) > LEARNT_FROM:
        some = numpy.sort(numpy.random.default_rng(factoring.SEED).permutation(len(some))[:LEARNT_FROM])
    facets = [(at, facet) for at, theme in enumerate(known) for facet in theme]
    said = [bag.answers[at] for at in some]
    words = factoring.vocabulary(
        said, least=max(2, len(said) // 500), most=IN_EVERY_ANSWER,
        always=frozenset(word for _at, facet in facets for word in facet),
    )  # fmt: skip
    if not words:
        return Grouped(place=[OTHER] * len(texts), fit=[0.0] * len(texts), also=[[] for _each in texts])
    weights = factoring.idf(said, words)
    fixed = _rows([facet for _at, facet in facets], words)
    every = factoring.tf_idf(bag.answers, words, weights)
    learnt = every[some]
    new = max(0, min(MOST_THEMES, round(4 + len(texts) ** 0.5 / 7.5)) - len(facets))
    rows = factoring.learn(learnt, new, fixed)
    owner = numpy.array(
        [at for at, _facet in facets] + [len(known) + at for at in range(len(rows) - len(facets))]
    )
    place, fit, said_of = _placed(every, rows, owner, least=max(3, len(texts) // 200), fixed=len(known))
    found = Grouped(fit=[round(float(each), 4) for each in fit])
    seat: dict[int, int] = {}
    for theme in range(int(owner.max()) + 1 if len(owner) else 0):
        mine = numpy.flatnonzero(place == theme)
        if theme >= len(known) and not len(mine):
            continue
        seat[theme] = len(found.themes)
        found.themes.append(
            Found(
                words=_named(rows[owner == theme], words, bag),
                weights=[_facet(row, words) for row in rows[owner == theme]],
                known=theme if theme < len(known) else None,
                typical=_typical(bag, mine, fit, rows[owner == theme], words),
            )
        )  # fmt: skip
    found.place = [seat.get(int(each), OTHER) for each in place]
    found.also = _also(every, rows, owner, place, fit, said_of, seat)
    if len(texts) >= LEAST_TO_SPLIT and new:
        found.agreement = _agreement(learnt, learnt, new, fixed, owner[: len(facets)], len(known))
    return found


def _rows(facets: Sequence[Facet], words: Sequence[str]) -> Any:
    import numpy

    place = {word: at for at, word in enumerate(words)}
    found = numpy.zeros((len(facets), len(words)))
    for row, facet in zip(found, facets, strict=True):
        for word, weight in facet.items():
            row[place[word]] = weight
        row /= max(float(numpy.linalg.norm(row)), factoring.TINY)
    return found


def _facet(row: Any, words: Sequence[str]) -> Facet:
    best = factoring.heaviest(row, 2 * LEADING)
    return {words[at]: round(float(row[at]), 4) for at in best if row[at] > LIGHTEST}


def _named(rows: Any, words: Sequence[str], bag: Bag) -> list[str]:
    weights = rows.max(axis=0)
    order = [at for at in factoring.heaviest(weights, SHOWN) if weights[at] > LIGHTEST]
    return [bag.shown.get(words[at], words[at]) for at in order]


def _typical(bag: Bag, mine: Any, fit: Any, rows: Any, words: Sequence[str]) -> int | None:
    """The answer that says most of the words the theme is named by, and little else."""
    if not len(mine):
        return None
    leading = {words[at] for at in factoring.heaviest(rows.max(axis=0), SHOWN)}
    return int(
        max(mine, key=lambda at: (len(bag.answers[at] & leading), round(fit[at], factoring.CERTAIN), -at))
    )


def _placed(answers: Any, rows: Any, owner: Any, *, least: int, fixed: int) -> tuple[Any, Any, Any]:
    """(answers,) the theme of each, or OTHER, and how much it says of it; (answers, rows) how much it says of each. A new theme with
    fewer than `least` is none."""
    import numpy

    number = answers.shape[0]
    if not len(rows):
        return numpy.full(number, OTHER), numpy.zeros(number), numpy.zeros((number, 0))
    leading = numpy.zeros_like(rows)
    for at, row in enumerate(rows):
        best = factoring.heaviest(row, LEADING)
        leading[at, best] = row[best] > 10**-factoring.CERTAIN
    says = answers @ leading.T > 0
    alive = list(range(len(rows)))
    while True:
        weights = numpy.zeros(says.shape)
        if alive:  # what a theme that is none would have had falls to the others
            weights[:, alive] = factoring.weigh(answers, rows[alive])
        weights = numpy.where(says, weights, 0).round(factoring.CERTAIN)
        best = weights.argmax(axis=1)
        fit = weights[numpy.arange(number), best]
        place = numpy.where(fit > 0, owner[best], OTHER)
        sizes = numpy.bincount(place[place != OTHER], minlength=int(owner.max()) + 1)
        small = [at for at in alive if owner[at] >= fixed and 0 < sizes[owner[at]] < least]
        if not small:
            return place, fit, weights
        alive.remove(min(small, key=lambda at: sizes[owner[at]]))


def _also(
    every: Any, rows: Any, owner: Any, place: Any, fit: Any, said_of: Any, seat: dict[int, int]
) -> list[list[tuple[int, float]]]:
    """Of each answer the other themes it speaks of: at least a third as much as of its own, and by a word that theme is named by and
    its own is not."""
    import numpy

    named = {at: set(factoring.heaviest(rows[owner == at].max(axis=0), SHOWN)) for at in seat}
    used = sorted(set().union(*named.values())) if named else []
    says = numpy.asarray((every[:, used] > 0).todense()) if used else numpy.zeros((every.shape[0], 0), bool)
    column = {word: at for at, word in enumerate(used)}
    found: list[list[tuple[int, float]]] = [[] for _each in range(every.shape[0])]
    for theme in seat:
        much = said_of[:, owner == theme].max(axis=1)
        for own in seat:
            words = sorted(column[word] for word in named[theme] - named[own])
            if theme == own or not words:
                continue
            here = (place == own) & (much > 0) & (ALSO * much >= fit) & says[:, words].any(axis=1)
            for at in numpy.flatnonzero(here):
                found[int(at)].append((seat[theme], round(float(much[at]), 4)))
    return found


def _agreement(every: Any, learnt: Any, new: int, fixed: Any, owner: Any, known: int) -> float:
    """The share of all answers that themes learnt from one half and from the other put into the same place, the new ones paired as
    they agree best (Hungarian method); the mean of some ways to halve."""
    import numpy
    from scipy.optimize import linear_sum_assignment

    random = numpy.random.default_rng(factoring.SEED)
    agreed = []
    for _split in range(SPLITS):
        order = random.permutation(learnt.shape[0])[:SPLIT_AT_MOST]
        half = len(order) // 2
        places = []
        for some in (order[:half], order[half:]):
            rows = factoring.learn(learnt[numpy.sort(some)], new, fixed)
            owners = numpy.concatenate([owner, known + numpy.arange(len(rows) - len(owner))]).astype(int)
            places.append(_placed(every, rows, owners, least=1, fixed=known)[0])
        size = max(int(each.max()) for each in places) + 2
        table = numpy.zeros((size, size))
        numpy.add.at(table, (places[0] + 1, places[1] + 1), 1)
        free = table[known + 1 :, known + 1 :]
        one, other = linear_sum_assignment(-free)
        same = numpy.trace(table[: known + 1, : known + 1]) + free[one, other].sum()
        agreed.append(float(same) / every.shape[0])
    return sum(agreed) / SPLITS
