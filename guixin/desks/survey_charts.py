"""The charts of a wave: what was measured, perceived less expected, the index, and what it goes along with."""

from django.utils.translation import gettext as _

from guixin.listen.results import Results, shares
from guixin.web.charts import Chart, Series, bars


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


def _series(words: str, told: list[list[float]]) -> Series:
    return Series(
        words, [each[0] for each in told], low=[each[1] for each in told], high=[each[2] for each in told]
    )
