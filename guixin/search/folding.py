"""Text as it is compared: without width, case, or the difference between 简 and 繁; English words by their stems.

`plain` turns a text into the form that is stored, and counted in: its runs of Chinese characters and its other words,
in order, each between blanks. What is asked goes through the same function, so that both sides always agree.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

CHINESE = "[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_RUN = re.compile(rf"{CHINESE}+|(?:(?!{CHINESE})[^\W_])+(?:[.\-](?:(?!{CHINESE})[^\W_])+)*")
_IS_CHINESE = re.compile(CHINESE)
LONGEST = (
    20_000  # characters of a text that are looked at; who looks for words further down has other problems
)
LONGEST_WORD = 60


@cache
def _simpler() -> dict[int, str]:
    """Each traditional character and the first simplified one that OpenCC gives for it.

    Character by character, which is what a comparison needs, and by a table of Python's own: converting with phrases
    takes a thousand times as long, and every case that is opened is folded.
    """
    spec = find_spec("opencc")
    if spec is None or spec.origin is None:
        raise ImportError("opencc-python-reimplemented is not installed; run bin/setup")
    table = Path(spec.origin).parent / "dictionary" / "TSCharacters.txt"
    pairs = (line.split() for line in table.read_text(encoding="utf-8").splitlines())
    return {ord(pair[0]): pair[1] for pair in pairs if len(pair) > 1 and len(pair[0]) == 1}


def folded(text: str) -> str:
    """ "ＺＬＰ漲價" is "zlp涨价"."""
    text = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    return text if text.isascii() else text.translate(_simpler())[:LONGEST]


def is_chinese(run: str) -> bool:
    """Of a run or a term: whether it is made of Chinese characters; it is of one sort."""
    return bool(_IS_CHINESE.match(run))


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """(run, whether it is Chinese) of a text, folded; other words by their stems."""
    for run in _RUN.findall(folded(text)):
        if is_chinese(run):
            yield run, True
        else:
            yield stem(run), False


def words_as_said(text: str) -> Iterator[tuple[str, bool]]:
    """As `runs`, but other words keep their endings: to be shown, not compared."""
    for run in _RUN.findall(folded(text)):
        yield run, is_chinese(run)


def plain(text: str) -> str:
    """The text as it is stored and counted in.

    >>> plain("Refunds：退款ZLP-630")
    ' refund  退款  zlp-630  zlp  630 '
    """
    found = []
    for run, is_chinese in runs(text):
        found.append(run)
        if not is_chinese and ("-" in run or "." in run):
            found += parts(run)
    return "".join(f" {each} " for each in found)


def parts(word: str) -> list[str]:
    """Of ZLP-630: zlp and 630."""
    return [stem(each) for each in re.split(r"[.\-]", word)]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """An English word without its endings, by Porter's second algorithm (Snowball); a number or a code stays."""
    word = word[:LONGEST_WORD]
    return _stemmer().stemWord(word) if word.isascii() and word.isalpha() else word


@cache
def _stemmer():
    from snowballstemmer import stemmer  # not before a text is folded

    return stemmer("english")
