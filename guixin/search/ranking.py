"""How well a text answers a question: BM25 over words and pairs of characters, the title counting more.

Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), equations 3.15 and 3.18: BM25F
with two fields. What is counted are the words of the question, and its pairs of characters that no dictionary knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log

from guixin.search.folding import is_chinese
from guixin.search.terms import Asked

K1, B = 1.2, 0.75  # as usual
OF_TITLE = 3.0  # how much more often a word of the title counts
OF_PAIR = 0.5  # a pair that is no word may be an accident


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that may answer; `title` and `body` folded as `folding.plain` does."""

    title: str
    body: str
    length: int


@dataclass(frozen=True)
class Score:
    """`share`: how much of what is known of the question is in the text, 0 to 1. `terms`: how many of its words
    and pairs are. `why`: its words that are, or pairs where no dictionary knows the words, weightiest first."""

    points: float
    share: float
    terms: int
    why: tuple[str, ...]


@dataclass(frozen=True)
class Ranking:
    """One question over a set of documents.

    documents   how many there are
    average     their average length
    having      of each term, how many documents have it; a term that is left out is in none
    """

    asked: Asked
    documents: int
    average: float
    having: Mapping[str, int]

    def weight(self, term: str) -> float:
        """The inverse document frequency; never negative."""
        having = min(self.having.get(term, 0), self.documents)
        return log(1 + (self.documents - having + 0.5) / (having + 0.5))

    @cached_property
    def _words(self) -> list[tuple[str, str, float]]:
        return [(term, _as_it_stands(term), self.weight(term)) for term in self.asked.words]

    @cached_property
    def _pairs(self) -> list[tuple[str, float]]:
        return [(pair, OF_PAIR * self.weight(pair)) for pair in self.asked.pairs]

    def score(self, text: Candidate) -> Score:
        norm = 1 - B + B * text.length / max(self.average, 1.0)
        points = in_it = in_all = 0.0
        shared = []
        for term, wanted, weight in self._words:
            found = _often(wanted, text, norm)
            if found:
                points += weight * found
                in_it += weight
                shared.append((weight, term))
            if found or self.having.get(term):
                in_all += weight
        pairs = []
        for pair, weight in self._pairs:
            if found := _often(pair, text, norm):
                points += weight * found
                in_it += weight
                pairs.append((weight, pair))
            if found or self.having.get(pair):
                in_all += weight
        why = sorted(
            shared or pairs, key=lambda each: -each[0]
        )  # those that say as much stay as they were said
        return Score(
            points,
            in_it / in_all if in_all else 0.0,
            len(shared) + len(pairs),
            tuple(term for _, term in why),
        )


def _often(wanted: str, text: Candidate, norm: float) -> float:
    """How often, so that the tenth time says little: 0 to K1 + 1."""
    often = OF_TITLE * text.title.count(wanted) + text.body.count(wanted) / norm
    return often * (K1 + 1) / (often + K1) if often else 0.0


def _as_it_stands(term: str) -> str:
    """In `folding.plain`: a word that is not Chinese stands between blanks."""
    return term if is_chinese(term) else f" {term} "
