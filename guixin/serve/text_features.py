"""Chinese and English words as pieces a computer can count: pairs and triples of characters, and whole words.

No dictionary, so nothing is loaded on the path of a request and the firm's own words need no list; as good as words cut
by a dictionary for telling kinds of complaints apart, see decision 21.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from math import exp, log, sqrt

_PIECES = re.compile(r"[㐀-䶿一-鿿]+|[a-z]{2,}")  # numbers say who and which, not what
LONGEST = 4000  # characters that are looked at


def pieces(text: str) -> Counter[str]:
    """How often each piece stands in it. Width and case do not matter."""
    found: Counter[str] = Counter()
    for run in _PIECES.findall(unicodedata.normalize("NFKC", text[:LONGEST]).lower()):
        if run.isascii():
            found[run] += 1
        else:
            found.update(run[n : n + long] for long in (1, 2, 3) for n in range(len(run) - long + 1))
    return found


def features(
    subject: str, story: str, *, kind: str = "", category: str = "", product: str = ""
) -> Counter[str]:
    """The pieces of what the customer said, and what is known besides; `=` marks what is not a piece of text."""
    found = pieces(f"{subject}\n{story}")
    known = {"kind": kind, "category": category, "product": " ".join(product.upper().split())}
    found.update(f"{name}={value}" for name, value in known.items() if value)
    return found


def weighed(found: Mapping[str, int], idf: Mapping[str, float]) -> dict[str, float]:
    """TF-IDF of length 1: (1 + ln count) · idf, over the pieces that are known."""
    raw = {piece: (1 + log(count)) * idf[piece] for piece, count in found.items() if piece in idf}
    length = sqrt(sum(value * value for value in raw.values()))
    return {piece: value / length for piece, value in raw.items()} if length else {}


def probabilities(
    found: Mapping[str, int], words: Mapping[str, tuple[float, Sequence[float]]], classes: Sequence[str],
    intercepts: Sequence[float],
) -> list[tuple[str, float]]:  # fmt: skip
    """Each class with its probability, the likeliest first. `words`: piece -> (idf, weight for each class)."""
    scores = list(intercepts)
    for piece, value in weighed(found, {piece: idf for piece, (idf, _weights) in words.items()}).items():
        for place, weight in enumerate(words[piece][1]):
            scores[place] += value * weight
    highest = max(scores)
    powers = [exp(score - highest) for score in scores]
    total = sum(powers)
    # Of two that are alike the commoner one: the order of the classes, not the last bit of a weight.
    return sorted(
        ((code, power / total) for code, power in zip(classes, powers, strict=True)),
        key=lambda one: -round(one[1], 9),
    )


def likeness(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    """0 to 1: the cosine of the pairs and words of two texts. Single characters are in every sentence and say little."""
    first, second = ({p: n for p, n in each.items() if len(p) == 2 or p.isascii()} for each in (one, other))
    if not first or not second:
        return 0.0
    together = sum(count * second.get(piece, 0) for piece, count in first.items())
    lengths = [sqrt(sum(count * count for count in each.values())) for each in (first, second)]
    return together / (lengths[0] * lengths[1])
