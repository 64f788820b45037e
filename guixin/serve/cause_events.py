"""What is announced about causes: surges of cases, classifications that were corrected, suggestions that were learnt."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class SurgeRaised(Event):
    """More cases of one kind came in on a day than chance and the day of the week explain.

    `observed` independent reports where about `expected` are usual and `limit` is enough for the alarm; `chance` is how
    likely so many are without a cause; `cases` how many there are with those entered together. `told`: people.
    """

    kind: ClassVar[str] = "serve.surge_raised"
    sentence: ClassVar[str] = _(
        "Surge (%(dimension)s %(value)s): %(observed)s reports where about %(expected)s are usual"
    )
    dimension: str
    value: str
    day: str
    observed: int
    expected: int
    limit: int
    chance: float
    cases: int
    told: list[int]


@dataclass(frozen=True, kw_only=True)
class SurgeAcknowledged(Event):
    """Somebody looked at a surge and said what they did about it."""

    kind: ClassVar[str] = "serve.surge_acknowledged"
    sentence: ClassVar[str] = _("The surge (%(dimension)s %(value)s) was acknowledged")
    dimension: str
    value: str


@dataclass(frozen=True, kw_only=True)
class CaseReclassified(Event):
    """The classification of a closing was corrected: what it said, what it says, and why."""

    kind: ClassVar[str] = "serve.case_reclassified"
    sentence: ClassVar[str] = _("The classification was corrected")
    generation: int
    fields: list[str]
    old: dict[str, Any]
    new: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class SuggestionsLearnt(Event):
    """Suggestions for one field of the classification were learnt anew from closed cases.

    `accuracy` is the share of `held_out` later cases, not learnt from, in which the first suggestion was right.
    """

    kind: ClassVar[str] = "serve.suggestions_learnt"
    sentence: ClassVar[str] = _("Suggestions were learnt from %(cases)s closed cases (%(field)s)")
    field: str
    cases: int
    held_out: int
    accuracy: float
    is_offered: bool
