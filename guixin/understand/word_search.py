"""Text found by words: Chinese by its characters and their pairs, the rest by whole words; 简 and 繁, wide and narrow alike.

Kept as an array with a GIN index, because PostgreSQL's own parsers take a Chinese sentence for one word and trigrams miss
words of two characters, which most are. What was asked is found where all its terms stand: 涨价通知 asks for 涨价,
价通 and 通知.
"""

import re
import unicodedata

from guixin.understand.folding import simplified

_CHINESE = "[\u3400-\u9fff\uf900-\ufaff]"
_RUN = re.compile(rf"{_CHINESE}+|(?:(?!{_CHINESE})[^\W_])+(?:[.\-](?:(?!{_CHINESE})[^\W_])+)*")
_IS_CHINESE = re.compile(_CHINESE)
LONGEST = 20_000
ASKED_AT_MOST = 60


def terms_of(text: str) -> list[str]:
    """What the text is found by, each once, in order.

    >>> terms_of("ZLP涨价")
    ['zlp', '价', '涨', '涨价']
    """
    found: set[str] = set()
    for run in _runs(text):
        if _IS_CHINESE.match(run):
            found.update(run)
            found.update(_pairs(run))
        else:
            found.update([run, *re.split(r"[.\-]", run)])
    return sorted(found)


def asked_terms(text: str) -> list[str]:
    """What must all stand in a text that answers the question."""
    asked: set[str] = set()
    for run in _runs(text):
        asked.update(_pairs(run) if _IS_CHINESE.match(run) and len(run) > 1 else [run])
    return sorted(asked)[:ASKED_AT_MOST]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _runs(text: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", simplified((text or "")[:LONGEST])).casefold())
