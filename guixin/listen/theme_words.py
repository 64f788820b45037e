"""The words an open answer is about: what it names and does and how that was, without what stands in every answer.

Chinese is cut into words with their part of speech; other languages by blanks, compared by their stems and shown as most people
wrote them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from guixin.search.folding import stem, words_as_said
from guixin.search.terms import tagged

NAMING = frozenset("nvaibjlz")  # nouns, verbs, adjectives, set phrases; not who, when, how many, where to
# One character that says how something was; other single characters are too many things.
HOW_IT_WAS = frozenset("吵脏贵慢旧臭冷热湿乱破坏暗挤")
EMPTY_WORDS = Path(__file__).with_name("empty_words.txt")  # said in answers about anything
SHOWN = 5  # words a theme is named by


@dataclass
class Bag:
    """The words of some answers. `answers[i]`: the words of the i-th, each once; `shown`: a word as it is written in a name."""

    answers: list[set[str]] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)


def bag_of(texts: Sequence[str]) -> Bag:
    written: dict[str, Counter[str]] = {}
    found = Bag()
    for text in texts:
        here: set[str] = set()
        for run, is_chinese in words_as_said(text):
            if is_chinese:
                here.update(word for word, part in tagged(run) if _says_something(word, part))
            elif len(run) > 2 and not run.isdigit() and run not in _empty():
                word = stem(run)
                here.add(word)
                written.setdefault(word, Counter())[run] += 1
        found.answers.append(here)
    found.shown = {word: counts.most_common(1)[0][0] for word, counts in written.items()}
    return found


@cache
def _empty() -> frozenset[str]:
    lines = EMPTY_WORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _says_something(word: str, part: str) -> bool:
    if len(word) == 1:
        return word in HOW_IT_WAS
    return part[:1] in NAMING and word not in _empty()
