"""What a text is found by: pairs of characters and words for Chinese, stems for the rest.

Pairs find every word, whatever a dictionary knows; words say what is meant: of 瓷砖有色差 the words 瓷砖 and 色差 count
more than 砖有. A character alone is found as the beginning of a pair, so the last of each run stands alone as well.
Terms of the title stand a second time behind "=", so that a list can ask for its subjects only; those of names stand
behind "@" alone.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cache

from guixin.search.folding import parts, runs

TITLE, NAME = "=", "@"
ASKED_AT_MOST = 300  # distinct words of one question, and as many pairs


def terms_of(text: str) -> set[str]:
    """Every term of a text.

    >>> sorted(terms_of("ZLP涨价"))
    ['zlp', '价', '涨价']
    """
    found: set[str] = set()
    for run, is_chinese in runs(text):
        if is_chinese:
            found.add(run[-1])
            found.update(pairs(run))
            if len(run) > 2:
                found.update(word for word in words(run) if len(word) > 2)
        else:
            found.add(run)
            found.update(each for each in _parts_of_code(run) if each)
    return found


def document_terms(title: str, body: str, names: Iterable[str] = ()) -> list[str]:
    """The terms a document stands under; `names` are spellings that lead to it as they are, such as initials."""
    of_title = terms_of(title) | {name for name in names if name}
    return sorted(of_title | {TITLE + term for term in of_title} | terms_of(body))


def name_terms(name: str, beside: str = "") -> list[str]:
    """The terms a name stands under, and what is known beside it."""
    return sorted(NAME + term for term in terms_of(name) | terms_of(beside))


def pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def words(run: str) -> list[str]:
    """A run of Chinese in words, the long ones also in their parts: 中国人民银行 is also 中国, 人民 and 银行."""
    return _segmenter().cut_for_search(run)


def tagged(run: str) -> list[tuple[str, str]]:
    """A run of Chinese in words with their part of speech, as jieba names it: "n" for nouns, "v" for verbs and so on."""
    return _segmenter().tag(run)


@cache
def _segmenter():
    import rjieba  # its dictionary takes a third of a second to load; most processes never need it

    return rjieba


def _parts_of_code(word: str) -> list[str]:
    return parts(word) if "-" in word or "." in word else []


@dataclass
class Asked:
    """A question, understood.

    words       what is meant, in the order it was said: words of two characters and more, stems, single characters
    pairs       every pair of neighbouring characters that is no word itself: they find what no dictionary knows
    needed      what must all stand in a text that answers it whole; one that begins with "^" begins a term
    runs        Chinese runs of three and more, which stand in it as they are
    """

    words: list[str] = field(default_factory=list)
    pairs: list[str] = field(default_factory=list)
    needed: list[str] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.needed)

    @property
    def terms(self) -> list[str]:
        return [*self.words, *self.pairs]

    def only(self, terms: Collection[str]) -> "Asked":
        """The same question, less what is not among these terms."""
        return replace(
            self,
            words=[word for word in self.words if word in terms],
            pairs=[pair for pair in self.pairs if pair in terms],
        )


def asked(text: str, *, is_being_typed: bool = False) -> Asked:
    """`is_being_typed`: the last word may go on, so that "refu" asks for refund."""
    said = [*runs(text)]
    meant: dict[str, None] = {}
    pair: dict[str, None] = {}
    found = Asked()
    for at, (run, is_chinese) in enumerate(said):
        if not is_chinese:
            meant[run] = None
            found.needed.append(("^" if is_being_typed and at == len(said) - 1 else "") + run)
            continue
        if len(run) == 1:
            meant[run] = None
            found.needed.append("^" + run)
            continue
        meant.update(dict.fromkeys(word for word in words(run) if len(word) > 1))
        pair.update(dict.fromkeys(pairs(run)))
        found.needed += pairs(run)
        if len(run) > 2:
            found.runs.append(run)
    found.words = [*meant][:ASKED_AT_MOST]
    found.pairs = [each for each in pair if each not in meant][:ASKED_AT_MOST]
    found.needed = [*dict.fromkeys(found.needed)][:ASKED_AT_MOST]
    return found


def matching(needed: Collection[str], *, marked: str = "") -> str:
    """A tsquery that finds what has all of them; `marked` is TITLE for those of the title only,
    NAME for names."""
    return " & ".join(quoted(term, marked=marked) for term in needed)


def quoted(term: str, *, marked: str = "") -> str:
    """One term as a tsquery writes it; "^refu" is whatever begins so."""
    begins = term.startswith("^")
    word = (marked + term.removeprefix("^")).replace("\\", "\\\\").replace("'", "''")
    return f"'{word}'{':*' if begins else ''}"
