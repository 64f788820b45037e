"""Names as they are compared: without width, case, blanks, or the difference between 简 and 繁.

張三, 张三 and “张 三” are one spelling. What is stored and shown stays as it was written; only the search columns
and the question are folded, both by this one function.
"""

import unicodedata
from functools import cache, lru_cache

from opencc import OpenCC


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")  # character for character: a name has no regional phrases


@lru_cache(maxsize=8192)
def simplified(text: str) -> str:
    """The same words in 简体; what is not Chinese stays as it is."""
    return text if text.isascii() else _converter().convert(text)


def folded_name(name: str) -> str:
    """ "Ｊohn  Smith" is "johnsmith", 歐陽 鋒 is 欧阳锋."""
    return "".join(unicodedata.normalize("NFKC", simplified(name or "")).split()).casefold()
