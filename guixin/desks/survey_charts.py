"""The charts of a wave: what was measured, perceived less expected, the index, its drivers, the short plank, groups."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guixin.listen.questions import Asked
from guixin.listen.results import Group, Results, shares
from guixin.web.charts import NOTHING, Cell, Chart, Series, bars, figure
from guixin.web.quadrants import Point, Quadrants, quadrants


def of_dimensions(found: Results, language: str) -> list[Chart]:
    told = {name: each for name, each in found.figures.get("dimensions", {}).items() if each["mean"]}
    if not told:
        return []
    means = [each["mean"] for each in told.values()]
    return [
        bars(
            _("What was measured"),
            [found.dimension_words(name, language) for name in told],
            [_series(_("Mean"), means)],
            first=_("Dimension"),
            note=_("The lines show the 95 %% interval. %s responses.") % found.responses,
        )
    ]


def of_gaps(found: Results, language: str) -> list[Chart]:
    """Of each dimension, the shares of those it disappointed, met and delighted."""
    told = {name: each for name, each in found.figures.get("gaps", {}).items() if each["split"]}
    if not told:
        return []
    split = [shares(each["split"]) for each in told.values()]
    names = [found.dimension_words(name, language) if name else _("All together") for name in told]
    looks = ((_("Dissatisfied"), 2), (_("Satisfied"), 3), (_("Delighted"), 1))
    return [
        bars(
            _("Perceived less expected"),
            names,
            [
                Series(words, [each[at][0] for each in split], look=look)
                for at, (words, look) in enumerate(looks)
            ],
            stacked=True,
            percent=True,
            first=_("Dimension"),
            note=_("Dissatisfied: less was found than expected; delighted: more."),
        )
    ]


def of_index(found: Results, language: str) -> list[Chart]:
    told = found.model.get("index")
    if not told:
        return []
    note = _("%s complete responses. The lines show the 95 %% interval.") % found.model["n"]
    names = [found.dimension_words(name, language) for name in told]
    charts = [
        bars(
            _("Index, 0 to 100"),
            names,
            [_series(_("Index"), list(told.values()))],
            first=_("Dimension"),
            note=note,
        )
    ]
    for target, drivers in found.model["drivers"].items():
        charts.append(
            bars(
                _("What goes along with: %s") % found.dimension_words(target, language),
                [found.dimension_words(name, language) for name in drivers],
                [_series(_("Share of what is explained"), list(drivers.values()))],
                percent=True,
                first=_("Dimension"),
                note=_("Shares of R² (%.2f). They go along with it; whether they are its cause is not told.")
                % found.model["explained"][target],
            )
        )
    return charts


def of_plank(found: Results, language: str, link: Callable[[str], str], told: dict[str, Any]) -> Quadrants:
    """What matters to customers against how we do it, each point with its answers behind it."""
    points = []
    for each in told["points"]:
        share = each["dissatisfied"]
        cells = [
            _with_limits(each["importance"], percent=True), _with_limits(each["performance"]),
            _with_limits(each["weighted"]), Cell(figure(each["worst"], percent=True)),
            Cell(figure(share[0], percent=True) if share else NOTHING), Cell(figure(each["n"])),
        ]  # fmt: skip
        points.append(
            Point(
                found.question_words(each["code"], language), each["performance"][0], each["importance"][0], cells,
                link=link(each["code"]), is_named=each["code"] == told.get("worst"),
            )
        )  # fmt: skip
    head = (
        pgettext("of a survey", "Question"), _("What it matters"), _("How we do it, 0 to 100"), _("Weighted gap"), _("Came out worst"),
        _("Dissatisfied"), pgettext("to a question", "Answers"),
    )  # fmt: skip
    corners = (_("Improve first"), _("Keep it up"), _("Later"), _("Perhaps too much"))
    return quadrants(
        _("What matters, and how we do it"), points, head=head, across=_("how we do it"), upwards=_("what it matters"),
        corners=corners, percent=True, note=_("%s complete responses.") % told["n"],
    )  # fmt: skip


def _with_limits(told: list[float], percent: bool = False) -> Cell:
    middle, low, high = (figure(each, percent) for each in told)
    return Cell(f"{middle} ({low} – {high})")


def of_groups(rows: list[Group], one: Asked, found: Results, language: str) -> list[Chart]:
    """The mean of one question in each group that is told, at most twelve."""
    told = [(each, mean) for each in rows if (mean := each.question(one.code).get("mean"))][:12]
    if not told:
        return []
    return [
        bars(
            found.question_words(one.code, language),
            [each.name for each, _mean in told],
            [_series(_("Mean"), [mean for _each, mean in told])],
            first=_("Group"),
            note=_("The lines show the 95 %% interval. %s responses.") % found.responses,
        )
    ]


def of_moments(rows: list[Group]) -> list[Chart]:
    """Of each moment of truth, the shares of those it disappointed, met and delighted."""
    told = [(each, shares(gap["split"])) for each in rows if (gap := each.figures.get("gap"))]
    if not told:
        return []
    looks = ((_("Dissatisfied"), 2), (_("Satisfied"), 3), (_("Delighted"), 1))
    return [
        bars(
            _("Perceived less expected, by moment of truth"),
            [each.name for each, _split in told],
            [
                Series(words, [split[at][0] for _each, split in told], look=look)
                for at, (words, look) in enumerate(looks)
            ],
            stacked=True,
            percent=True,
            first=_("Moment of truth"),
            note=_("Dissatisfied: less was found than expected; delighted: more."),
        )
    ]


def _series(words: str, told: list[list[float]]) -> Series:
    return Series(
        words, [each[0] for each in told], low=[each[1] for each in told], high=[each[2] for each in told]
    )
