"""Words with gaps: “{customer}, your order {order} …”, filled with what is known; a gap that stays open is told."""

import re
from collections.abc import Callable
from dataclasses import dataclass

GAP = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Filled:
    """`missing` are the placeholders that still stand in the body, because there is no value for them."""

    body: str
    missing: tuple[str, ...]


def fill_in(body: str, value: Callable[[str], str]) -> Filled:
    """The words with each gap given its value; an empty value leaves the gap standing and names it."""
    missing: list[str] = []

    def put(found: re.Match) -> str:
        known = value(found[1])
        if not known:
            missing.append(found[1])
        return known or found[0]

    words = GAP.sub(put, body)
    return Filled(words, tuple(dict.fromkeys(missing)))


def gaps_of(*bodies: str) -> list[str]:
    """The placeholders these words ask for, each once."""
    return list(dict.fromkeys(name for body in bodies for name in GAP.findall(body)))
