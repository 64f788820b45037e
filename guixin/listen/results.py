"""What a wave says, read off the figures a worker counted: in words where there is not enough to say it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.listen.comparing import is_noise
from guixin.listen.counting import LEAST, LEAST_FOR_MODEL
from guixin.listen.groups import FEWEST, MOMENT
from guixin.listen.models import GroupFigures, Wave
from guixin.listen.questions import Sheet
from guixin.organisation.models import Department, Person
from guixin.promise.moments import elements_in_force
from guixin.understand.models import Segment
from guixin.web.intervals import wilson

ENOUGH = 0.7  # an alpha below it is no reliable measure (Nunnally)

BY = {
    "segment": gettext_lazy("Segment"),
    "department": gettext_lazy("Department"),
    "grade": gettext_lazy("Grade"),
    "place": gettext_lazy("Place"),
    MOMENT: gettext_lazy("Moment of truth"),
}


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
        """The name of a dimension as the reader of the language reads it; of a question that stands alone its words."""
        if items := self.sheet.dimensions.get(name):
            return items[0].said("dimension", language)
        alone = self.sheet.by_code.get(name)
        return alone.shown_label(language) if alone else name

    @property
    def plank(self) -> dict[str, Any]:
        return self.figures.get("plank") or {}

    def question_words(self, code: str, language: str) -> str:
        """The words of a question, behind those of its dimension."""
        one = self.sheet.by_code.get(code)
        if one is None:
            return code
        dimension = one.said("dimension", language)
        words = one.called(language)
        return (
            _("%(dimension)s: %(question)s") % {"dimension": dimension, "question": words}
            if dimension
            else words
        )

    def plank_words(self, language: str) -> str:
        """Which question is the short plank and how sure that is; or why it cannot be told."""
        return plank_in_words(self.plank, lambda code: self.question_words(code, language))

    def missing(self) -> list[str]:
        """What cannot be told, and why."""
        words = []
        waiting = self.figures.get("waiting", 0)
        if waiting and not self.responses:
            return [
                _("%(n)s anonymous responses: nothing is told before there are %(least)s.")
                % {"n": waiting, "least": FEWEST}
            ]
        if not self.responses:
            return [_("No response yet.")]
        if waiting:
            words.append(
                _(
                    "%(n)s more are counted once there are %(least)s of them, or each could be found out by what it changes."
                )
                % {"n": waiting, "least": FEWEST}
            )
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


def plank_in_words(plank: dict[str, Any], named: Callable[[str], str]) -> str:
    """One sentence about figures of weakest.importance_and_performance."""
    why = plank.get("why")
    if not plank or why == "few":
        return _("No short plank: %(n)s complete responses, and it takes %(least)s.") % {
            "n": plank.get("n", 0),
            "least": LEAST_FOR_MODEL,
        }
    if why == "one":
        return _("No short plank: it takes two questions to compare.")
    worst = plank.get("worst")
    if worst is None:
        return _("No short plank: nothing is missing anywhere.")
    point = next(each for each in plank["points"] if each["code"] == worst)
    said = {"name": named(worst), "share": round(100 * point["worst"])}
    if plank["is_sure"]:
        return _("The short plank is “%(name)s”: it came out worst in %(share)s of 100 draws.") % said
    beside = _(", ").join(f"“{named(code)}”" for code in plank["beside"])
    return _(
        "“%(name)s” comes out worst most often, in %(share)s of 100 draws; it cannot be told apart from %(beside)s."
    ) % (said | {"beside": beside})


@dataclass(frozen=True)
class Change:
    """One question in this wave and the one before, in `words`. Shares are percent here."""

    code: str
    name: str
    before: float
    now: float
    change: list[float]
    adjusted: float
    sign: str
    words: str


def changes_told(found: Results, language: str) -> list[Change]:
    """Clear ones first."""
    rows = []
    for code, told in found.figures.get("change", {}).get("questions", {}).items():
        is_share = told["measure"] in ("csat", "effort")
        scale = 100 if is_share else 1
        way = _("rose") if told["change"][0] > 0 else _("fell")
        words = _("inside the noise") if is_noise(told) else way
        rows.append(
            Change(
                code, found.question_words(code, language), scale * told["before"], scale * told["now"],
                [scale * each for each in told["change"]], told["adjusted"], " %" if is_share else "", words,
            )
        )  # fmt: skip
    return sorted(rows, key=lambda each: each.adjusted)


@dataclass(frozen=True)
class Group:
    """One group of a wave by name. `responses`: none where an anonymous wave may not say it; `figures`: empty with too few."""

    key: str
    name: str
    responses: int | None
    figures: dict[str, Any]

    def question(self, code: str) -> dict[str, Any]:
        return (self.figures.get("questions") or {}).get(code) or {}


def ways_to_tell_apart(wave: Wave) -> list[str]:
    """What groups there are of this wave: "segment", "department" and so on, in this order."""
    there = set(wave.groups.values_list("by", flat=True))
    known = [by for by in BY if by in there]
    return known + sorted(there - set(known))


def by_words(wave: Wave, by: str, language: str) -> str:
    if by in BY:
        return str(BY[by])
    one = wave.version.sheet.by_code.get(by.removeprefix("answer:"))
    return one.shown_label(language) if one else by


def groups(wave: Wave, by: str, language: str) -> list[Group]:
    """The largest first."""
    rows = list(wave.groups.filter(by=by))
    names = _names(wave, by, [each.key for each in rows], language)
    found = [
        Group(each.key, names.get(each.key, each.key), each.responses, each.figures or {}) for each in rows
    ]
    return sorted(found, key=lambda each: (-(each.responses or 0), each.name))


def _names(wave: Wave, by: str, keys: list[str], language: str) -> dict[str, str]:
    if by == MOMENT:
        return {key: each.shown_name(language) for key, each in elements_in_force(keys).items()}
    nouns: dict[str, type[Department] | type[Segment]] = {"segment": Segment, "department": Department}
    if by in nouns:
        rows = nouns[by]._default_manager.in_bulk([int(key) for key in keys])
        return {str(pk): row.shown_name(language) for pk, row in rows.items()}
    if by == "place":
        places = wave.places.select_related("point")
        return {str(each.pk): each.point.shown_name(language) for each in places}
    one = wave.version.sheet.by_code.get(by.removeprefix("answer:"))
    return dict(one.shown_choices(language)) if one else {}


def said_at(moment: str, person: Person) -> GroupFigures | None:
    """What customers found at a moment of truth (“blueprint:element”), by the last wave this person may open that tells it."""
    told = GroupFigures.objects.filter(by=MOMENT, key=moment, figures__isnull=False)
    seen = told.filter(wave__in=Wave.objects.visible_to(person)).select_related("wave")
    return seen.order_by("-wave__opened_at", "-pk").first()


def results(wave: Wave) -> Results:
    return Results(wave, wave.version.sheet, wave.figures or {}, is_due=wave.answers_seen != wave.figures_of)


def shares(split: list[int]) -> list[tuple[float, float, float]]:
    """(share, low, high) of dissatisfied, satisfied and delighted."""
    number = sum(split)
    return [(each / number, *wilson(each, number)) for each in split]
