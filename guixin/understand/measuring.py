"""Everything a rule may ask about a customer, each thing with its name, kind, unit and SQL.

A `Fact` is registered once, by the package that knows it, and is then offered by the rule builder, the API and whatever
else tells customers apart. Only what stands here reaches SQL; values always travel as parameters.

    register(Fact("open_cases", _("Open cases"), Kind.NUMBER, "coalesce(cases.open, 0)", OPEN_CASES))

Packages above register theirs from `guixin/reactions.py`. What an administrator defines (attributes) comes from a
provider, asked anew each time.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guixin.understand.models import Customer


class Kind(StrEnum):
    """What stands there, and so which questions make sense. See understand/rules.py."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    MONEY = "money"  # SQL: minor units of the firm's currency; in rules: as people write it
    PERCENT = "percent"  # SQL: 0 to 100
    MOMENT = "moment"  # SQL: timestamptz
    YES_NO = "yes_no"
    SEGMENT = "segment"  # membership of another segment


@dataclass(frozen=True)
class Source:
    """A table or query beside `understand_customer c`, joined only if a rule asks for something of it.

    `join`   LEFT JOIN … AS name ON name.customer_id = c.id; may use %(now)s. Where it adds up a table, it says
             {among} in the WHERE of that: “customer_id = ANY(…)” when a few customers are looked at, else “true”
    """

    name: str
    join: str


@dataclass(frozen=True)
class Fact:
    """`name` is permanent: it stands in rules. `choices`: (value, words) pairs, asked when they are shown."""

    name: str
    words: Any
    kind: Kind
    sql: str
    source: Source | None = None
    unit: Any = ""
    choices: Callable[[], Iterable[tuple[str, Any]]] = tuple
    explains: Any = ""

    def choice_words(self, value: str) -> str:
        return str(next((words for known, words in self.choices() if known == value), value))


Provider = Callable[[], Iterable[Fact]]
_facts: dict[str, Fact] = {}
_providers: list[Provider] = []


def register(*facts: Fact) -> None:
    """Offer these to every rule. A name belongs to one fact for good."""
    for fact in facts:
        known = _facts.setdefault(fact.name, fact)
        if known is not fact:
            raise ValueError(f"Two facts are called {fact.name}.")


def provide(provider: Provider) -> None:
    """Facts that are rows and not code: asked whenever rules are read."""
    if provider not in _providers:
        _providers.append(provider)


def facts(named: Collection[str] = ()) -> dict[str, Fact]:
    """Every fact by its name, those of the code first. No row is asked for where the code knows all that are `named`."""
    if named and _facts.keys() >= set(named):
        return _facts
    return _facts | {fact.name: fact for provider in _providers for fact in provider()}


# -- what this package knows itself --------------------------------------------------------------------------------

WORTH = Source("worth", "LEFT JOIN understand_customerworth worth ON worth.customer_id = c.id")


def _grades() -> Sequence[tuple[str, str]]:
    return [(letter, letter) for letter in "ABCD"]


def _languages() -> Sequence[tuple[str, Any]]:
    return list(settings.LANGUAGES)


def _scores(name: str, words: Any, explains: Any) -> Fact:
    return Fact(name, words, Kind.NUMBER, f"worth.{name}", WORTH, unit=_("of 5"), explains=explains)


register(
    Fact("kind", _("Person or company"), Kind.CHOICE, "c.kind", choices=lambda: Customer.Kind.choices),
    Fact("market", _("Market"), Kind.CHOICE, "nullif(c.market, '')", choices=lambda: Customer.Market.choices),
    Fact("grade", _("Grade"), Kind.CHOICE, "c.grade", choices=_grades),
    Fact("language", _("Language"), Kind.CHOICE, "c.language", choices=_languages),
    Fact(
        "prefers", _("Likes to be reached by"), Kind.CHOICE, "nullif(c.prefers, '')",
        choices=lambda: Customer.Prefers.choices,
    ),
    Fact("organisation", _("Works where"), Kind.TEXT, "nullif(c.organisation, '')"),
    Fact("has_owner", _("Somebody looks after them"), Kind.YES_NO, "c.owner_id IS NOT NULL"),
    Fact("is_contact", _("Contact of a company on record"), Kind.YES_NO, "c.works_at_id IS NOT NULL"),
    Fact("created_at", _("Known to us"), Kind.MOMENT, "c.created_at"),
    Fact(
        "orders", _("Orders"), Kind.NUMBER, "coalesce(worth.orders, 0)", WORTH,
        explains=_("Orders in all; who never bought counts as 0."),
    ),
    Fact("returns", _("Orders that took something back"), Kind.NUMBER, "coalesce(worth.returns, 0)", WORTH),
    Fact("gross", _("Purchases, gross"), Kind.MONEY, "coalesce(worth.gross, 0)", WORTH),
    Fact("returned", _("Taken back"), Kind.MONEY, "coalesce(worth.returned, 0)", WORTH),
    Fact(
        "net", _("Purchases, net"), Kind.MONEY, "coalesce(worth.net, 0)", WORTH,
        explains=_("Gross less what was taken back."),
    ),
    Fact(
        "return_share", _("Share taken back"), Kind.PERCENT,
        "100.0 * worth.returned / nullif(worth.gross, 0)", WORTH,
    ),
    Fact(
        "recency_days", _("Days since the last purchase"), Kind.NUMBER, "worth.recency_days", WORTH,
        unit=_("days"), explains=_("As of the last grading."),
    ),
    Fact("first_bought_at", _("First purchase"), Kind.MOMENT, "worth.first_bought_at", WORTH),
    Fact("last_bought_at", _("Last purchase"), Kind.MOMENT, "worth.last_bought_at", WORTH),
    _scores("r", _("Recency score"), _("5: bought most recently.")),
    _scores("f", _("Frequency score"), _("5: buys most often.")),
    _scores("m", _("Money score"), _("5: spends most.")),
    Fact(
        "alive", _("Probably still a customer"), Kind.PERCENT, "100 * worth.alive", WORTH,
        explains=_("Estimated from how often and how lately they bought."),
    ),
    Fact(
        "expected_orders", pgettext_lazy("fact", "Expected purchases"), Kind.NUMBER, "worth.expected_orders", WORTH,
        explains=_("Within the horizon of the grade rules."),
    ),
    Fact(
        "lifetime_value", _("Expected lifetime value"), Kind.MONEY, "worth.lifetime_value", WORTH,
        explains=_("Within the horizon of the grade rules, times margin, discounted."),
    ),
    Fact(
        "value_percentile", _("Worth more than this share of customers"), Kind.PERCENT,
        "100 * worth.value_percentile", WORTH,
    ),
    Fact("grade_since", _("Has this grade"), Kind.MOMENT, "worth.grade_since", WORTH),
    Fact("segment", _("Segment"), Kind.SEGMENT, ""),
)  # fmt: skip
