"""The charts of a price study: two pictures of the four answers, and what they would mean for sales."""

from django.utils.translation import gettext as _

from guixin.understand.price_curves import round_prices
from guixin.understand.price_results import Results
from guixin.web import money
from guixin.web.charts import Chart, Series
from guixin.web.curves import curves

AT_MOST = 40  # prices in a chart and its table


def in_words(currency: str):
    """A price on an axis: without the smaller unit where there is none to say."""
    whole = 10 ** money.decimals(currency)
    return lambda units: money.shown(round(units), currency, rounded=round(units) % whole == 0)


def of_prices(found: Results) -> list[Chart]:
    """The range (too cheap, not cheap, not expensive, too expensive) and the four answers as they were given."""
    seen = found.curves
    if seen is None:
        return []
    prices = seen.prices
    if len(prices) > AT_MOST:
        prices = round_prices(prices[0], prices[-1], AT_MOST)
    words = in_words(found.study.currency)
    point, at = found.points, money.shown

    def marks(*names: str) -> list[tuple[float, str]]:
        if point is None:
            return []
        return [
            (getattr(point, name), f"{name.upper()} {at(round(getattr(point, name)), found.study.currency)}")
            for name in names
        ]

    def series(name: str, title: str, look: int) -> Series:
        return Series(title, seen.shares(name, prices), look=look)

    too_cheap = series("too_cheap", _("Too cheap"), 1)
    too_expensive = series("too_expensive", _("Too expensive"), 2)
    between = [
        series("not_cheap", _("Not cheap"), 3), series("not_expensive", _("Not expensive"), 4),
    ]  # fmt: skip
    answers = [series("cheap", _("Cheap"), 3), series("expensive", _("Expensive"), 4)]
    n = _("%s answers.") % seen.number
    return [
        curves(
            _("The range of acceptable prices"), prices, [too_cheap, *between, too_expensive], in_words=words,
            marks=marks("pmc", "opp", "pme"), percent=True, first=_("Price"), note=n,
        ),
        curves(
            _("What customers call cheap and expensive"), prices, [too_cheap, *answers, too_expensive],
            in_words=words, marks=marks("ipp", "opp"), percent=True, first=_("Price"), note=n,
        ),
    ]  # fmt: skip


def of_demand(found: Results) -> list[Chart]:
    """How many of a hundred would buy at each price, and what they would bring."""
    expected = found.demand
    if expected is None:
        return []
    places = list(range(len(expected.prices)))
    if len(places) > AT_MOST:
        step = len(places) / AT_MOST
        best = {expected.prices.index(expected.most_buyers), expected.prices.index(expected.most_revenue)}
        places = sorted({int(n * step) for n in range(AT_MOST)} | best | {places[-1]})
    prices = [expected.prices[place] for place in places]
    currency = found.study.currency
    words, n = in_words(currency), _("%s answers.") % expected.number
    scale = 10 ** money.decimals(currency)
    most, richest = expected.most_buyers, expected.most_revenue
    return [
        curves(
            _("Who would buy"), prices,
            [Series(_("Expected share of buyers"), [expected.buyers[place] for place in places])],
            in_words=words, percent=True, first=_("Price"), note=n,
            marks=[(most, _("Most buyers at %s") % money.shown(most, currency))],
        ),
        curves(
            _("Revenue from a hundred asked, in %s") % currency, prices,
            [Series(_("Expected revenue"), [100 * expected.revenue[place] / scale for place in places], look=3)],
            in_words=words, first=_("Price"), note=n,
            marks=[(richest, _("Most revenue at %s") % money.shown(richest, currency))],
        ),
    ]  # fmt: skip
