"""Names as people type them: 王小明 is found by "wxm" and by "wangxiaoming"."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from guixin.web.refusals import Refused

# Surnames whose family reading differs from the everyday one that a dictionary gives.
SURNAME_READINGS = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "任": "ren", "盖": "ge", "区": "ou",
    "朴": "piao", "翟": "zhai", "尉": "yu", "乐": "yue", "缪": "miao", "折": "she", "黑": "he", "员": "yun",
    "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun", "单于": "chan yu", "澹台": "tan tai",
}  # fmt: skip

_COMPOUND = """
欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙
慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 令狐 百里 呼延 东郭 南门 单于 西门 拓跋 歐陽 司馬 東方 諸葛 尉遲 赫連 長孫 單于
"""
COMPOUND_SURNAMES = frozenset(_COMPOUND.split())


class NotACode(Refused):
    """What somebody wished for cannot stand in an address."""

    about_input = True


class Spelling(NamedTuple):
    full: str
    initials: str


def is_han(text: str) -> bool:
    """Whether every character is a Chinese one (and there is at least one)."""
    return bool(text) and all("\u3400" <= c <= "\u9fff" or c == "〇" or ord(c) >= 0x20000 for c in text)


def surname_of(name: str) -> str:
    """The family name of a Chinese name: 欧阳锋 -> 欧阳, 张伟 -> 张."""
    return name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[:1]


@lru_cache(maxsize=8192)
def spell(name: str) -> Spelling:
    """How a name is typed on a Latin keyboard: `Spelling("wangxiaoming", "wxm")`; lower case, no tones."""
    from pypinyin import lazy_pinyin  # its dictionary takes a while to load; most processes never spell

    name = unicodedata.normalize("NFKC", name).strip()
    head = surname_of(name) if len(name) <= 4 else ""
    if head in SURNAME_READINGS:
        family = SURNAME_READINGS[head].split()
        given = spell(name[len(head) :])
        return Spelling("".join(family) + given.full, "".join(s[0] for s in family) + given.initials)
    syllables: list[str] = []
    for piece in name.replace("·", " ").split():
        for spelt in lazy_pinyin(piece):
            letters = "".join(c for c in spelt.casefold() if c.isalnum())
            if letters:
                syllables.append(letters)
    return Spelling("".join(syllables), "".join(s[0] for s in syllables))


def new_code(
    code: str, name: str, name_en: str, taken: Callable[[str], bool], *, otherwise: str, longest: int = 40
) -> str:
    """The code that was wished for, or a free one of the names. Never "new", which is where a new one is written.
    Raises NotACode."""
    code = (
        code
        or free_code(
            name, name_en, lambda made: made == "new" or taken(made), otherwise=otherwise, longest=longest
        )[:40]
    )
    if code == "new" or not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", code):
        raise NotACode(_("A code is made of small letters, digits and hyphens."))
    return code


def free_code(
    name: str,
    name_en: str,
    taken: Callable[[str], bool],
    *,
    otherwise: str,
    under: str = "",
    longest: int = 40,
) -> str:
    """A code for something new: its English name, else how its name is spelt, numbered where it is `taken`.

    otherwise   where the names give no letter
    longest     letters taken of them; a number may follow
    under       the code it stands below: "quality" and "色差" give "quality/secha"
    """
    words = name_en if any(c.isascii() and c.isalnum() for c in name_en) else spell(name).full
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in words.lower())
    plain = "-".join(filter(None, plain.split("-")))[:longest].rstrip("-") or otherwise
    code = stem = f"{under}/{plain}" if under else plain
    number = 2
    while taken(code):
        code, number = f"{stem}-{number}", number + 1
    return code
