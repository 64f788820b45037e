"""Whoever changes clocks holds their cases first, so that people and workers wait for each other in one order.

A person's act locks the case, then its clocks. Recording a breach ends with the case too (its level, its next
deadline); a worker that came from the clocks alone would deadlock with that person. Promise does not know what a case
is, so the package that does lends it a function. A clock without a case has nothing to hold, see `matters`.
"""

from collections.abc import Callable, Collection

Hold = Callable[[Collection[int], bool], set[int]]
_holds: list[Hold] = []


def hold_by(hold: Hold) -> None:
    """`hold(case ids, wait)` locks these cases until the transaction ends and returns those somebody else holds."""
    _holds[:] = [hold]


def hold(case_ids: Collection[int | None]) -> None:
    """Lock these cases, waiting for whoever has them."""
    if wanted := {case_id for case_id in case_ids if case_id is not None}:
        for take in _holds:
            take(wanted, True)


def held_by_others(case_ids: Collection[int | None]) -> set[int]:
    """Lock what is free of these cases; the rest is somebody else's at this moment, to be tried again."""
    if wanted := {case_id for case_id in case_ids if case_id is not None}:
        for take in _holds:
            return take(wanted, False)
    return set()
