"""Who answered, beside who was asked: the rate of each stratum, what its answers weigh, and whether the two differ by more than
chance. An anonymous wave tells rates alone, and none of a stratum so small that it would name somebody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from guixin.listen.margins import Difference, counts_as, difference, weights
from guixin.listen.matrix import NOTHING, Answers
from guixin.listen.models import Invitation, Sample, Wave

FEWEST_OF_NOBODY = 5  # people of a stratum of an anonymous wave


@dataclass(frozen=True)
class Answered:
    """One stratum. `weight`: what one of its answers counts for; None where nobody answered, and in an anonymous wave."""

    code: str
    people: int
    invited: int
    answered: int
    weight: float | None

    @property
    def rate(self) -> float | None:
        return self.answered / self.invited if self.invited else None


@dataclass(frozen=True)
class WhoAnswered:
    strata: list[Answered]
    differs: Difference | None
    counts_as: float | None  # so many unweighted answers would say as much (Kish)

    def in_words(self, names: Mapping[str, str]) -> str:
        """One sentence: whether those who answered are like those who were asked."""
        if self.differs is None:
            return _("Not enough to tell whether those who answered differ from those who were asked.")
        if not self.differs.is_told:
            return (
                _(
                    "Those who answered are like those who were asked: the rates differ by no more than chance (p = %.2f)."
                )
                % self.differs.chance
            )
        told = [each for each in self.strata if each.rate is not None]
        most, least = max(told, key=lambda one: one.rate or 0), min(told, key=lambda one: one.rate or 0)
        return _(
            "Who answered differs from who was asked: of “%(most)s” %(high).0f %% answered, of “%(least)s” only %(low).0f %%. "
            "Look at the weighted figures."
        ) % {
            "most": names.get(most.code) or most.code or _("none of these"), "high": 100 * (most.rate or 0),
            "least": names.get(least.code) or least.code or _("none of these"), "low": 100 * (least.rate or 0),
        }  # fmt: skip


def who_answered(sample: Sample) -> WhoAnswered | None:
    """None where nothing was drawn, or no strata were told apart."""
    if not sample.drawn_at or not sample.by:
        return None
    wave, people = sample.wave, _people(sample)
    State = Invitation.State
    asked = wave.invitations.filter(key__isnull=False, state__in=[State.SENT, State.TO_CALL, State.CALLED])
    rows = {
        stratum: (invited, answered)
        for stratum, invited, answered in asked.values_list("stratum")
        .annotate(invited=Count("pk"), answered=Count("pk", filter=Q(is_answered=True)))
        .order_by()
    }
    if wave.is_anonymous:
        rows = {code: found for code, found in rows.items() if found[0] >= FEWEST_OF_NOBODY}
    weighed = {} if wave.is_anonymous else weights(people, {code: found[1] for code, found in rows.items()})
    strata = [Answered(code, people.get(code, 0), *rows[code], weighed.get(code)) for code in sorted(rows)]
    return WhoAnswered(
        strata,
        difference([(each.invited, each.answered) for each in strata]),
        counts_as([(each.weight, each.answered) for each in strata if each.weight]) if weighed else None,
    )


def _people(sample: Sample) -> dict[str, int]:
    return {code: each["people"] for code, each in (sample.drawn or {}).get("strata", {}).items()}


def people_of(wave: Wave) -> dict[str, int]:
    """How many people each stratum has. Empty where no strata were drawn, and in an anonymous wave."""
    sample = Sample.objects.filter(wave=wave).exclude(by="").first()
    if sample is None or not sample.drawn_at or wave.is_anonymous:
        return {}
    return {code: number for code, number in _people(sample).items() if number}


def weighted_means(people: Mapping[str, int], answers: Answers) -> dict[str, Any]:
    """By the code of a question, its mean if strata count as they are among the people: sum of share times mean of the stratum,
    over the strata that answered it.

    people   by stratum, in the order of `answers.stratum`
    """
    import numpy

    if not people:
        return {}
    found, sizes = dict[str, Any](), numpy.array(list(people.values()), dtype=float)
    for code, column in answers.place.items():
        points = answers.values[:, column]
        known = (points != NOTHING) & (answers.stratum >= 0)
        strata = answers.stratum[known]
        given = numpy.bincount(strata, minlength=len(sizes))
        sums = numpy.bincount(strata, weights=points[known], minlength=len(sizes))
        some = given > 0
        if some.any():
            found[code] = float(sizes[some] @ (sums[some] / given[some]) / sizes[some].sum())
    return found
