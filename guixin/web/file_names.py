"""Names of files from outside, as they may be shown and given back: data, never a path and never an address."""

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST = 120
# Controls, format characters (zero width, right-to-left override), private use, surrogates, line separators.
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_NOT_IN_NAMES = re.compile(r'[<>:"|?*`]')


def shown_name(raw: str, otherwise: str = "file") -> str:
    """The last part of the name, without what cannot be seen or turns the reading direction, cut to a length.

    >>> shown_name("../../etc/pass\\u200bwd")
    'passwd'
    >>> shown_name("invoice\\u202efdp.exe")
    'invoicefdp.exe'
    >>> shown_name("C:\\\\photos\\\\门.jpg")
    '门.jpg'
    """
    # A name of 65 kB is not normalised whole; its end holds what people call the file.
    tail = unicodedata.normalize("NFC", raw[-4 * LONGEST :]).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(" " if c.isspace() else c for c in tail if unicodedata.category(c) not in _UNSEEN)
    name = " ".join(_NOT_IN_NAMES.sub("_", seen).split()).strip(". ")
    if len(name) > LONGEST:
        ending = PurePosixPath(name).suffix[:12]
        name = name[: LONGEST - len(ending) - 1] + "…" + ending
    return name or otherwise
