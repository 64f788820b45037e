"""What a wave says, read off the figures a worker counted: in words where there is not enough to say it."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from guixin.listen.counting import FEWEST_OF_NOBODY, LEAST, LEAST_FOR_MODEL
from guixin.listen.models import Wave
from guixin.listen.questions import Asked, Sheet
from guixin.web.intervals import wilson

ENOUGH = 0.7  # an alpha below it is no reliable measure (Nunnally)


@dataclass
class Results:
    """`figures`: see counting.figures. `is_due`: a worker is about to count them anew."""

    wave: Wave
    sheet: Sheet
    figures: dict[str, Any] = field(default_factory=dict)
    is_due: bool = False

    @property
    def responses(self) -> int:
        return self.figures.get("responses", 0)

    @property
    def model(self) -> dict[str, Any]:
        return self.figures.get("model") or {}

    def dimension_words(self, name: str, language: str) -> str:
        """The name of a dimension as the reader of the language reads it."""
        items: list[Asked] = self.sheet.dimensions.get(name, [])
        return items[0].said("dimension", language) if items else name

    def missing(self) -> list[str]:
        """What cannot be told, and why."""
        words = []
        if not self.responses:
            return [_("No response yet.")]
        if self.wave.is_anonymous and self.responses < FEWEST_OF_NOBODY:
            return [
                _("%(n)s anonymous responses: nothing is told before there are %(least)s.")
                % {"n": self.responses, "least": FEWEST_OF_NOBODY}
            ]
        if self.responses < LEAST:
            words.append(
                _(
                    "%(n)s responses: too few to say anything about all customers. From %(least)s on there are means."
                )
                % {"n": self.responses, "least": LEAST}
            )
        if self.sheet.paths and "index" not in self.model:
            if self.model.get("why") == "same":
                words.append(_("No index: the answers do not differ enough to be weighed."))
            else:
                words.append(
                    _("No index and no drivers: %(n)s complete responses, and it takes %(least)s.")
                    % {"n": self.model.get("n", 0), "least": LEAST_FOR_MODEL}
                )
        return words

    def alpha_words(self, name: str) -> str:
        """Whether the items of a dimension measure one thing."""
        found = self.figures.get("dimensions", {}).get(name, {})
        if found.get("items", 0) < 2:
            return _("one question: reliability cannot be told")
        if found.get("n", 0) < LEAST:
            return _("not enough data")
        if not found.get("alpha"):
            return _("everybody answered the same")
        return _("reliable") if found["alpha"][0] >= ENOUGH else _("weak: read its questions one by one")


def results(wave: Wave) -> Results:
    return Results(wave, wave.version.sheet, wave.figures or {}, is_due=wave.answers_seen != wave.figures_of)


def shares(split: list[int]) -> list[tuple[float, float, float]]:
    """(share, low, high) of dissatisfied, satisfied and delighted."""
    number = sum(split)
    return [(each / number, *wilson(each, number)) for each in split]
