"""繁體 from 简体: the third language is written by OpenCC and a short list of what it does not know of our trade.

One catalogue is kept by people, so the two can never say different things. The same function turns the firm's own
words (names of departments, of standards) for a reader of 繁體; names of people are never touched.
"""

from functools import cache, lru_cache

from opencc import OpenCC

# What people in Taiwan and Hong Kong write where OpenCC's Taiwanese phrases choose otherwise.
CORRECTIONS = (
    ("臺賬", "台帳"),
    ("後臺", "後台"),
    ("檯", "台"),
    ("質量", "品質"),
    ("“", "「"),
    ("”", "」"),
    ("‘", "『"),
    ("’", "』"),
)
TRADITIONAL = "zh-hant"


@cache
def _converter() -> OpenCC:
    return OpenCC("s2twp")  # its tables take a moment to load: not before somebody needs them


@lru_cache(maxsize=20_000)
def in_traditional(words: str) -> str:
    """`words` in traditional characters and Taiwanese phrases; anything that is not Chinese stays as it is."""
    turned = _converter().convert(words)
    for ours, theirs in CORRECTIONS:
        turned = turned.replace(ours, theirs)
    return turned


def for_reader(words: str, language: str, english: str = "") -> str:
    """The firm's own words as a reader of `language` reads them: its English ones if it gave any, else its Chinese."""
    if language.startswith("en") and english:
        return english
    return in_traditional(words) if language == TRADITIONAL else words


class Named:
    """A noun the firm named itself: `name` in Chinese, `name_en` in English if it likes."""

    name: str
    name_en: str

    def shown_name(self, language: str) -> str:
        return for_reader(self.name, language, self.name_en)
