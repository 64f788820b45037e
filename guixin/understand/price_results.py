"""What a price study found: the curves, the points with their intervals, the demand, and how many it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.understand.models import PriceObservation, PriceStudy
from guixin.understand.price_curves import Curves, Points, curves, is_consistent, points
from guixin.understand.price_demand import (
    LEAST_OBSERVATIONS,
    LEAST_PRICES,
    Demand,
    Elasticity,
    arc_elasticity,
    demand,
    elasticity,
)

LEAST_FOR_POINTS = 10
LEAST_FOR_INTERVALS = 30
POINTS: dict[str, Any] = {
    "pmc": gettext_lazy("Lowest acceptable price"),
    "opp": gettext_lazy("Optimal price point"),
    "ipp": gettext_lazy("Indifference price"),
    "pme": gettext_lazy("Highest acceptable price"),
}
MEANS: dict[str, Any] = {
    "pmc": gettext_lazy("Below it more find it too cheap than find it not cheap."),
    "opp": gettext_lazy("As many leave it as too cheap as leave it as too expensive."),
    "ipp": gettext_lazy("As many find it cheap as find it expensive: what most are used to."),
    "pme": gettext_lazy("Above it more find it too expensive than find it not expensive."),
}


@dataclass(frozen=True)
class Results:
    """Prices in minor units of the study's currency.

    used            answers the curves rest on; inconsistent and struck out are the others
    with_likelihood those of the used ones that also said how likely they would buy
    points          None with fewer than LEAST_FOR_POINTS
    intervals       95 %, {point: (low, high)}; None with fewer than LEAST_FOR_INTERVALS, or not counted yet
    """

    study: PriceStudy
    given: int
    used: int
    inconsistent: int
    struck: int
    curves: Curves | None
    points: Points | None
    intervals: dict[str, tuple[float, float]] | None
    with_likelihood: int
    demand: Demand | None
    sold: list[PriceObservation]
    elasticity: Elasticity | None
    nothing_sold: int
    arc: float | None

    @property
    def are_intervals_due(self) -> bool:
        """Enough answers, and a worker has still to count them."""
        return self.used >= LEAST_FOR_INTERVALS and self.intervals is None

    def missing(self) -> list[str]:
        """What cannot be told, and from how many answers it could."""
        said = []
        if self.used < LEAST_FOR_POINTS:
            said.append(
                _("Not enough answers for the points: %(used)s of at least %(least)s consistent ones.")
                % {"used": self.used, "least": LEAST_FOR_POINTS}
            )
        elif self.used < LEAST_FOR_INTERVALS:
            said.append(
                _("Not enough answers for intervals: %(used)s of at least %(least)s consistent ones.")
                % {"used": self.used, "least": LEAST_FOR_INTERVALS}
            )
        if self.used >= LEAST_FOR_POINTS and self.with_likelihood < LEAST_FOR_POINTS:
            said.append(
                _("Not enough answers for a demand curve: %(used)s of at least %(least)s that say how likely they"
                  " would buy.")
                % {"used": self.with_likelihood, "least": LEAST_FOR_POINTS}
            )  # fmt: skip
        if self.sold and self.elasticity is None:
            said.append(
                _("Not enough sales for an elasticity: it needs %(rows)s with something sold, at %(prices)s prices.")
                % {"rows": LEAST_OBSERVATIONS, "prices": LEAST_PRICES}
            )  # fmt: skip
        return said


def results(study: PriceStudy) -> Results:
    """Three queries; the rest is arithmetic over at most 20,000 answers."""
    rows = study.answers.standing().values_list(
        "too_cheap", "cheap", "expensive", "too_expensive", "buys_cheap", "buys_expensive"
    )
    standing = list(rows)
    used = [row for row in standing if is_consistent(row[:4])]
    likely = [
        (*row[:4], at_cheap, at_expensive)
        for row in used
        if (at_cheap := row[4]) is not None and (at_expensive := row[5]) is not None
    ]
    found = curves([row[:4] for row in used]) if used else None
    enough = found is not None and len(used) >= LEAST_FOR_POINTS
    sold = list(study.observations.order_by("seen_on", "place"))
    pairs = [(float(each.price), float(each.quantity)) for each in sold]
    struck = study.answers.struck().count()
    return Results(
        study=study, given=len(standing) + struck, used=len(used), inconsistent=len(standing) - len(used),
        struck=struck, curves=found, points=points(found) if found and enough else None,
        intervals=_intervals(study, len(used)), with_likelihood=len(likely),
        demand=demand(likely) if len(likely) >= LEAST_FOR_POINTS else None,
        sold=sold, elasticity=elasticity(pairs), nothing_sold=sum(quantity == 0 for _price, quantity in pairs),
        arc=_arc(pairs),
    )  # fmt: skip


def _intervals(study: PriceStudy, used: int) -> dict[str, tuple[float, float]] | None:
    if used < LEAST_FOR_INTERVALS or study.intervals is None or study.intervals_of != study.version:
        return None
    return {name: (low, high) for name, (low, high) in study.intervals.items()}


def _arc(sold: Sequence[tuple[float, float]]) -> float | None:
    """Between the lowest and the highest price, where there are only two."""
    prices = {price for price, _quantity in sold}
    if len(prices) != 2 or len(sold) != 2:
        return None
    return arc_elasticity(min(sold), max(sold))
