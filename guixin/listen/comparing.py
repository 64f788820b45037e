"""What changed from one wave to the next, and whether that is more than chance: each question asked in both, told honestly together.

Means by Welch's t, shares and recommendation by z with the variances of the two. Where many are tested some come out by chance,
so the p-values are corrected by Holm's steps: among all questions told as changed, a false one stands in 5 of 100 waves at most.
"""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

from guixin.listen.models import Wave
from guixin.listen.questions import SCALE, Asked, Sheet
from guixin.web.intervals import student

LEAST = 10  # answers in each of the two
CHANCE = 0.05
Z = 1.959963984540054
Counts = Mapping[int, int]


def wave_before(wave: Wave) -> Wave | None:
    """The last one of the same questionnaire, answered by the same kind of people, that was opened before and has figures."""
    earlier = Wave.objects.filter(
        version__questionnaire=wave.version.questionnaire_id, opened_at__lt=wave.opened_at, figures__isnull=False,
        is_of_our_people=wave.is_of_our_people,
    )  # fmt: skip
    return earlier.exclude(pk=wave.pk).order_by("-opened_at", "-pk").first()


def changes(sheet: Sheet, now: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """By question {"measure", "before", "now", "change": [change, low, high], "p", "adjusted"}, of those with ten answers in both.

    now, before   `questions` of the figures of the two waves
    `measure` is "mean", or how the scale is read: a share (0 to 1), or promoters less detractors (-100 to 100)
    """
    found: dict[str, dict[str, Any]] = {}
    for one in sheet.questions:
        counts = [_counts(figures.get(one.code)) for figures in (now, before)]
        if (
            one.kind == SCALE
            and all(sum(each.values()) >= LEAST for each in counts)
            and (told := _change(one, *counts))
        ):
            found[one.code] = told
    for told, adjusted in zip(found.values(), holm([each["p"] for each in found.values()]), strict=True):
        told["adjusted"] = adjusted
    return found


def is_noise(told: Mapping[str, Any]) -> bool:
    return bool(told["adjusted"] >= CHANCE)


def holm(chances: Sequence[float]) -> list[float]:
    """
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(chances)), key=lambda at: chances[at])
    adjusted, highest = [0.0] * len(chances), 0.0
    for rank, at in enumerate(order):
        highest = max(highest, min(1.0, (len(chances) - rank) * chances[at]))
        adjusted[at] = highest
    return adjusted


def _counts(figures: Mapping[str, Any] | None) -> dict[int, int]:
    counts = (figures or {}).get("counts", {})
    return {int(point): number for point, number in counts.items() if str(point).isdecimal()}


def _change(one: Asked, now: Counts, before: Counts) -> dict[str, Any] | None:
    from scipy.special import ndtr, stdtr

    (middle, spread), (middle_before, spread_before) = (_measured(one, each) for each in (now, before))
    sizes = sum(now.values()), sum(before.values())
    change, reach_of = middle - middle_before, Z
    if one.reads_as in ("csat", "effort"):
        # Under the hypothesis of no change there is one share: that of both together.
        share = (middle * sizes[0] + middle_before * sizes[1]) / sum(sizes)
        error = sqrt(share * (1 - share) * (1 / sizes[0] + 1 / sizes[1]))
    else:
        error = sqrt(spread + spread_before)
    if not error:
        return None  # everybody said the same both times
    if one.reads_as == "mean":
        freedom = (spread + spread_before) ** 2 / (
            spread**2 / (sizes[0] - 1) + spread_before**2 / (sizes[1] - 1)
        )
        chance, reach_of = 2 * float(stdtr(freedom, -abs(change) / error)), student(max(1, int(freedom)))
    else:
        chance = 2 * float(ndtr(-abs(change) / error))
    reach = reach_of * sqrt(spread + spread_before)
    return {
        "measure": one.reads_as, "before": middle_before, "now": middle, "change": [change, change - reach, change + reach],
        "p": chance,
    }  # fmt: skip


def _measured(one: Asked, counts: Counts) -> tuple[float, float]:
    """The figure, and the variance of it."""
    number = sum(counts.values())
    if one.reads_as in ("csat", "effort"):
        share = (
            sum(n for point, n in counts.items() if point >= one.high - (1 if one.reads_as == "csat" else 2))
            / number
        )
        return share, share * (1 - share) / number
    if one.reads_as == "recommend":
        more, less = (
            sum(n for point, n in counts.items() if is_it(point)) / number for is_it in (_promotes, _detracts)
        )
        return 100 * (more - less), 10_000 * (more + less - (more - less) ** 2) / number
    middle = sum(point * n for point, n in counts.items()) / number
    return middle, sum(n * (point - middle) ** 2 for point, n in counts.items()) / (number - 1) / number


def _promotes(point: int) -> bool:
    return point >= 9


def _detracts(point: int) -> bool:
    return point <= 6
