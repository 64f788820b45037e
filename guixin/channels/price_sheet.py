"""A price study as an Excel file: points, curves, demand, and every answer without saying whose it is."""

from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guixin.understand.price_questions import QUESTIONS, WORDS
from guixin.understand.price_results import POINTS, Results
from guixin.web import money

CURVES = ("too_cheap", "cheap", "not_cheap", "not_expensive", "expensive", "too_expensive")


def write(found: Results, file: IO[bytes]) -> None:
    """Text stays text and numbers numbers: nothing in it runs as a formula."""
    book = xlsxwriter.Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False},
    )  # fmt: skip
    currency = found.study.currency

    def major(units: float) -> float:
        return round(units / 10 ** money.decimals(currency), 6)

    def sheet(name: str, head: list[Any], rows: Any) -> None:
        page = book.add_worksheet(name[:31])
        for at, row in enumerate([[str(words) for words in head], *rows]):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(at, column, value)
                elif value is not None:
                    page.write_number(at, column, value)

    sheet(
        pgettext("of a study", "Result"),
        [_("What"), _("Figure"), _("Lower bound"), _("Upper bound")],
        _result(found, major),
    )
    if found.curves:
        seen = found.curves
        shares = [seen.shares(name, seen.prices) for name in CURVES]
        head = [_("Price"), _("Too cheap"), _("Cheap"), _("Not cheap"), _("Not expensive"), _("Expensive"),
                _("Too expensive")]  # fmt: skip
        sheet(
            _("Curves"),
            head,
            ([major(price), *each] for price, *each in zip(seen.prices, *shares, strict=True)),
        )
    if found.demand:
        demand = zip(found.demand.prices, found.demand.buyers, found.demand.revenue, strict=True)
        head = [_("Price"), _("Expected share of buyers"), _("Expected revenue for each asked")]
        sheet(_("Demand"), head, ([major(price), share, major(each)] for price, share, each in demand))
    if found.sold:
        rows = (
            [str(each.seen_on), each.place, major(each.price), float(each.quantity)] for each in found.sold
        )
        sheet(_("Sales"), [_("Sold on"), _("Where"), _("Price"), _("Quantity sold")], rows)
    answers = found.study.answers.order_by("pk")
    head = [_("Number of the answer"), _("Answered on"), *(WORDS[name] for name in QUESTIONS), _("Counted")]
    title = pgettext("to a survey", "Answers")
    sheet(title, head, ([each.pk, str(each.answered_on), *map(major, each.prices), each.buys_cheap,
                                each.buys_expensive, _answer_state(each)] for each in answers.iterator(2_000)))  # fmt: skip
    book.close()


def _result(found: Results, major) -> list[list[Any]]:
    rows: list[list[Any]] = [
        [_("Currency"), found.study.currency],
        [_("Answers given"), found.given],
        [_("Counted"), found.used],
        [_("Left out: inconsistent"), found.inconsistent],
        [_("Left out: struck out"), found.struck],
    ]
    if found.points:
        for name, words in POINTS.items():
            interval = found.intervals[name] if found.intervals else ()
            rows.append(
                [f"{words} ({name.upper()})", major(getattr(found.points, name)), *map(major, interval)]
            )
    if found.demand:
        rows.append([_("Price of most revenue"), major(found.demand.most_revenue)])
        rows.append([_("Price of most buyers"), major(found.demand.most_buyers)])
    if found.elasticity:
        rows.append(
            [_("Price elasticity"), found.elasticity.value, found.elasticity.low, found.elasticity.high]
        )
    return rows + [[words] for words in found.missing()]


def _answer_state(answer) -> str:
    if answer.struck_at:
        return _("struck out")
    return _("counted") if answer.is_consistent else _("inconsistent")
