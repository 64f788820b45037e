"""Answers of more than one part, as one text: a line for each place of a ranking, for each price of a price question.

What was sent is kept in the same form while it is still wrong, so that whoever answers sees it again.
"""

from collections.abc import Mapping, Sequence

from guixin.web import money

FOUR_PRICES, TWO_LIKELIHOODS = 4, 2
_AFTER_PLACE = ". "


def ranking(places: Mapping[str, str]) -> str:
    """By word, the place it was given; blank if none was. "1. price", a line each, the first place first."""
    given = [(place.strip(), word) for word, place in places.items() if place.strip()]
    return "\n".join(f"{place}{_AFTER_PLACE}{word}" for place, word in sorted(given, key=_in_order))


def _in_order(each: tuple[str, str]) -> tuple[int, str]:
    place = each[0]
    return (int(place) if place.isascii() and place.isdecimal() else 0, place)


def places(said: str) -> dict[str, str]:
    """By word, its place, as it was sent."""
    lines = (line.partition(_AFTER_PLACE) for line in said.splitlines())
    return {word: place for place, _dot, word in lines}


def is_ranking(said: str, choices: Sequence[str]) -> bool:
    """Whether each word has a place of its own, from 1 to as many as there are."""
    wanted = [str(each) for each in range(1, len(choices) + 1)]
    found = places(said)
    return set(found) == set(choices) and sorted(found.values()) == sorted(wanted)


def prices(said: str, currency: str) -> tuple[list[int], list[int]]:
    """Four prices in minor units, and how likely a purchase is at two of them (1 to 5; none, if not said).

    Raises money.NotMoney in words.
    """
    lines = [each.strip() for each in said.split("\n")] + [""] * (FOUR_PRICES + TWO_LIKELIHOODS)
    units = [money.minor_units(money.number(each), currency) for each in lines[:FOUR_PRICES]]
    return units, [int(each) for each in lines[FOUR_PRICES : FOUR_PRICES + TWO_LIKELIHOODS] if each]


def are_prices(said: str, currency: str) -> bool:
    try:
        units, likely = prices(said, currency)
    except (money.NotMoney, ValueError):
        return False
    return (
        all(each >= 0 for each in units)
        and len(likely) in (0, TWO_LIKELIHOODS)
        and all(1 <= each <= 5 for each in likely)
    )
