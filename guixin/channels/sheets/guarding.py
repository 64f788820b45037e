"""What a file of ours carries besides theirs: two columns, and an apostrophe before what a program might run."""

from collections.abc import Iterable, Sequence

HEADINGS = ("结果", "错误原因")
OURS = frozenset({*HEADINGS, "錯誤原因", "結果", "Result", "Reason"})  # in every language we write them in
EXPORTED = "归心导出"  # the last heading of a CSV that we exported: its cells are guarded
_FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")


def inert(text: str) -> str:
    """Text that no spreadsheet program runs when it opens the CSV: an apostrophe stands before what it might.

    >>> inert("=1+1"), inert("1+1")
    ("'=1+1", '1+1')
    """
    return "'" + text if text[:1] in _FORMULA_STARTS and text else text


def unguarded(text: str) -> str:
    """The text before `inert` put an apostrophe in front of it."""
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA_STARTS and text[1:] else text


def is_ours(columns: Iterable[str]) -> bool:
    """Whether this is a result file of ours that somebody sends back repaired."""
    return len(OURS & set(columns)) >= 2


def is_guarded(columns: Iterable[str]) -> bool:
    """Whether `inert` wrote this file, so that what comes back is what was there."""
    there = set(columns)
    return EXPORTED in there or is_ours(there)


def theirs(columns: Sequence[str]) -> list[int]:
    """Places of the columns that are not ours."""
    ours = (OURS if is_ours(columns) else frozenset()) | {EXPORTED}
    return [place for place, name in enumerate(columns) if name not in ours]
