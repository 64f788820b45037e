"""Themes out of words: non-negative matrix factorisation of TF-IDF, in numpy and scipy, the same each time.

X ≈ W H: X (answers, words) how much each answer says a word, H (themes, words) what a theme is made of, W (answers, themes) how
much each answer is about it. Lee and Seung 1999; updated a column at a time (HALS, Cichocki and Phan 2009), which takes a second
for ten thousand answers; begun from the singular vectors (NNDSVD, Boutsidis and Gallopoulos 2008), so that chance has no part.

Nor has the machine: what is nearly equal is equal (`heaviest`, CERTAIN), because the last bits of a sum differ from one processor
to the next.
"""

from collections.abc import Sequence
from typing import Any

SEED = 20_260_301
ROUNDS = 60
TINY = 1e-12
ALIKE = 0.5  # cosine from which a new theme is no new one
CERTAIN = 6  # decimals of a weight that are the same on every machine
HAIR = 1e-3  # how much answers may differ in weight, so that no two directions weigh the same


def vocabulary(answers: Sequence[set[str]], *, least: int, most: float, always: frozenset[str]) -> list[str]:
    """The words at least `least` answers say and at most the share `most` of them, and those of `always`, in order."""
    from collections import Counter

    counts = Counter(word for words in answers for word in words)
    often = most * len(answers)
    return sorted({word for word, number in counts.items() if least <= number <= often} | always)


def tf_idf(answers: Sequence[set[str]], words: Sequence[str], weights: Any) -> Any:
    """(answers, words) sparse, each row of length 1, or empty; `weights` (words,) as of `idf`."""
    import numpy
    from scipy import sparse

    place = {word: at for at, word in enumerate(words)}
    rows, columns = [], []
    for row, said in enumerate(answers):
        here = sorted(place[word] for word in said if word in place)
        rows += [row] * len(here)
        columns += here
    values = weights[columns] if columns else numpy.empty(0)
    found = sparse.csr_matrix((values, (rows, columns)), shape=(len(answers), len(words)))
    lengths = numpy.sqrt(numpy.asarray(found.multiply(found).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1
    return sparse.diags(1 / lengths) @ found


def idf(answers: Sequence[set[str]], words: Sequence[str]) -> Any:
    """(words,): the rarer, the more a word says."""
    import numpy

    place = {word: at for at, word in enumerate(words)}
    counts = numpy.ones(len(words))
    for said in answers:
        for word in said:
            if word in place:
                counts[place[word]] += 1
    return numpy.log((len(answers) + 2) / counts)


def heaviest(row: Any, number: int) -> Any:
    """Where the `number` largest of a row stand, the largest first; of those that weigh the same, the first."""
    return (-row.round(CERTAIN)).argsort(kind="stable")[:number]


def learn(answers: Any, number: int, fixed: Any) -> Any:
    """H: (themes, words), rows of length 1, those of `fixed` first and unchanged, and `number` new ones; fewer where one would only
    say again what is known."""
    import numpy

    begun = _begin(answers, number + len(fixed))
    for row in fixed:  # what is known already need not be found again
        if len(begun):
            begun = numpy.delete(begun, int((begun @ row).argmax()), axis=0)
    found = numpy.vstack([fixed, begun[:number]])
    turned, weights = answers.T.tocsr(), numpy.maximum(answers @ found.T, 0)
    for _round in range(ROUNDS):
        weights = _weighed(answers, found, weights)
        towards, between = turned @ weights, weights.T @ weights
        for at in range(len(fixed), len(found)):
            moved = found[at] + (towards[:, at] - between[at] @ found) / max(between[at, at], TINY)
            found[at] = numpy.maximum(moved, 0)
        lengths = numpy.linalg.norm(found, axis=1)
        lengths[lengths < TINY] = 1
        found, weights = found / lengths[:, None], weights * lengths
    is_new = numpy.linalg.norm(found, axis=1) > TINY
    if len(fixed):
        is_new &= (found @ fixed.T).max(axis=1) < ALIKE
    return numpy.vstack([fixed, found[len(fixed) :][is_new[len(fixed) :]]])


def weigh(answers: Any, themes: Any) -> Any:
    """W: (answers, themes), how much each answer is about each theme."""
    import numpy

    weights = numpy.maximum(answers @ themes.T, 0)
    for _round in range(ROUNDS // 2):
        weights = _weighed(answers, themes, weights)
    return weights


def _weighed(answers: Any, themes: Any, weights: Any) -> Any:
    import numpy

    towards, between = answers @ themes.T, themes @ themes.T
    for at in range(len(themes)):
        moved = weights[:, at] + (towards[:, at] - weights @ between[:, at]) / max(between[at, at], TINY)
        weights[:, at] = numpy.maximum(moved, 0)
    return weights


def _begin(answers: Any, number: int) -> Any:
    """(themes, words) from the larger half of each singular vector.

    Themes of equal size would have equal singular values, and any mixture of their vectors is as good as another: which one comes
    out is for rounding to say. So each answer weighs a hair more or less than the next.
    """
    import numpy
    from scipy import sparse
    from scipy.sparse.linalg import svds

    number = min(number, min(answers.shape) - 1)
    if number < 1:
        return numpy.empty((0, answers.shape[1]))
    random = numpy.random.default_rng(SEED)
    start = random.standard_normal(min(answers.shape))
    uneven = sparse.diags(1 + HAIR * random.random(answers.shape[0])) @ answers
    left, size, right = svds(uneven, k=number, v0=start)
    begun: list[Any] = []
    for at in size.argsort()[::-1]:
        if size[at] < size.max() / 1e6:
            break  # there is nothing more in them
        halves = [
            (numpy.maximum(sign * left[:, at], 0), numpy.maximum(sign * right[at], 0)) for sign in (1, -1)
        ]
        half = max(halves, key=lambda one: float(numpy.linalg.norm(one[0]) * numpy.linalg.norm(one[1])))[1]
        begun.append(half / max(float(numpy.linalg.norm(half)), TINY))
    return numpy.array(begun).reshape(-1, answers.shape[1])
