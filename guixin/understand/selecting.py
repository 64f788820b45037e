"""A rule as SQL over `understand_customer c`: the one place where what people chose becomes a query.

Names come from the facts that code registered, values are parameters. A segment asked for is written out as its own
rule, so that all segments of a moment agree with each other, whichever is counted first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guixin.understand.measuring import Fact, Kind, Source, facts
from guixin.understand.rules import CannotFollow, facts_named, parts_of, rules_in_force
from guixin.web import money

STANDING = "c.merged_into_id IS NULL"
DEEPEST = 12  # segments that ask for segments


@dataclass
class Selection:
    """Pieces for one statement: rules compiled into it share its parameters and its joins.

    `among`: only these customers are looked at.
    """

    now: datetime
    among: Sequence[int] | None = None
    known: Mapping[str, Fact] = field(default_factory=facts)
    standing: Mapping[str, Mapping[str, Any]] = field(default_factory=rules_in_force)

    def __post_init__(self) -> None:
        self.parameters: dict[str, Any] = {"now": self.now}
        if self.among is not None:
            self.parameters["among"] = list(self.among)
        self._sources: dict[str, Source] = {}

    def condition(self, rule: Mapping[str, Any], depth: int = 0) -> str:
        """A boolean expression, never NULL. Raises CannotFollow for what is not known (any more)."""
        if depth > DEEPEST:
            raise CannotFollow(_("The segments ask for each other too deeply."))
        said = [
            self.condition(part, depth) if "parts" in part else self._part(part, depth)
            for part in rule["parts"]
        ]
        if not said:
            return "false"
        return f"({(' AND ' if rule['match'] == 'all' else ' OR ').join(said)})"

    def fact(self, name: str) -> str:
        """The SQL of a fact, its table joined."""
        fact = self._fact(name)
        return fact.sql

    def tables(self) -> str:
        """FROM: the customers and what was asked of them so far."""
        among = "customer_id = ANY(%(among)s)" if self.among is not None else "true"
        joins = [each.join.replace("{among}", among) for each in self._sources.values()]
        return " ".join(["understand_customer c", *joins])

    def where(self) -> str:
        return STANDING if self.among is None else f"{STANDING} AND c.id = ANY(%(among)s)"

    def _fact(self, name: str) -> Fact:
        fact = self.known.get(name)
        if fact is None:
            raise CannotFollow(_("Nothing is known of customers by the name “%s”.") % name)
        if fact.source:
            self._sources.setdefault(fact.source.name, fact.source)
        return fact

    def _parameter(self, value: Any) -> str:
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"%({name})s"

    def _part(self, part: Mapping[str, Any], depth: int) -> str:
        fact = self._fact(part["fact"])
        asks = part["asks"]
        if fact.kind == Kind.SEGMENT:
            return self._segments(part, depth)
        if asks == "known":
            return f"({fact.sql}) IS NOT NULL"
        if asks == "unknown":
            return f"({fact.sql}) IS NULL"
        if fact.kind == Kind.YES_NO:
            return f"coalesce(({fact.sql}), false)" if asks == "yes" else f"coalesce(NOT ({fact.sql}), false)"
        write = _WRITERS[fact.kind]
        return (
            f"coalesce({write(self, f'({fact.sql})', asks, part)}, {'true' if asks in _NONE_OF else 'false'})"
        )

    def _segments(self, part: Mapping[str, Any], depth: int) -> str:
        inside = []
        for code in part["value"]:
            if code not in self.standing:
                raise CannotFollow(_("There is no segment “%s” in force.") % code)
            inside.append(self.condition(self.standing[code], depth + 1))
        either = f"({' OR '.join(inside)})"
        return either if part["asks"] == "in" else f"NOT {either}"

    def _choice(self, sql: str, asks: str, part: Mapping[str, Any]) -> str:
        compared = f"{sql} = ANY({self._parameter(part['value'])}::text[])"
        return compared if asks == "in" else f"NOT {compared}"

    def _text(self, sql: str, asks: str, part: Mapping[str, Any]) -> str:
        value = self._parameter(part["value"])
        return {
            "contains": f"strpos(lower({sql}), lower({value}::text)) > 0",
            "begins": f"starts_with(lower({sql}), lower({value}::text))",
            "is": f"lower({sql}) = lower({value}::text)",
            "is_not": f"lower({sql}) <> lower({value}::text)",
        }[asks]

    def _number(self, sql: str, asks: str, part: Mapping[str, Any], scale: int = 0) -> str:
        first = self._figure(part["value"], scale)
        if asks == "between":
            return f"{sql} BETWEEN {first} AND {self._figure(part['second'], scale)}"
        sign = {"at_least": ">=", "at_most": "<=", "more": ">", "less": "<", "is": "="}[asks]
        return f"{sql} {sign} {first}"

    def _figure(self, value: Any, scale: int) -> str:
        """As a whole number where it is one, which most facts are: numeric would turn each of a million into one."""
        figure = Decimal(str(value)).scaleb(scale)
        if figure == figure.to_integral_value():
            return f"{self._parameter(int(figure))}::bigint"
        return f"{self._parameter(figure)}::numeric"

    def _money(self, sql: str, asks: str, part: Mapping[str, Any]) -> str:
        return self._number(sql, asks, part, scale=money.decimals(money.firm_currency()))

    def _moment(self, sql: str, asks: str, part: Mapping[str, Any]) -> str:
        if asks in ("within", "longer_ago"):
            ago = f"%(now)s::timestamptz - make_interval(days => {self._parameter(int(part['value']))}::int)"
            return f"{sql} {'>' if asks == 'within' else '<'} {ago}"
        begins = timezone.make_aware(datetime.combine(date.fromisoformat(part["value"]), time.min))
        return f"{sql} {'>=' if asks == 'since' else '<'} {self._parameter(begins)}::timestamptz"


_NONE_OF = ("not_in", "is_not")
_WRITERS = {
    Kind.CHOICE: Selection._choice,
    Kind.TEXT: Selection._text,
    Kind.NUMBER: Selection._number,
    Kind.PERCENT: Selection._number,
    Kind.MONEY: Selection._money,
    Kind.MOMENT: Selection._moment,
}


def why(selection: Selection, rule: Mapping[str, Any], version: int) -> str:
    """jsonb of what this rule looks at, for one customer: the reason kept with the membership."""
    known = selection.known
    asked = [name for name in _looked_at(rule, selection.standing) if name in known]
    # Words somebody wrote about a customer stay where they are, to be erased there.
    told = [name for name in asked if known[name].kind != Kind.TEXT][:20]
    pairs = ["'version'", str(int(version)), *(f"'{name}', {selection.fact(name)}" for name in told)]
    return f"jsonb_strip_nulls(jsonb_build_object({', '.join(pairs)}))"


def _looked_at(rule: Mapping[str, Any], standing: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    """Names of facts, those of segments asked for included. They are registered names, so they are safe in SQL."""
    seen: dict[str, None] = dict.fromkeys(facts_named(rule))
    ahead, been = [rule], set[str]()
    while ahead:
        for part in _segment_parts(ahead.pop()):
            for code in part["value"]:
                if code in standing and code not in been:
                    been.add(code)
                    ahead.append(standing[code])
                    seen |= dict.fromkeys(facts_named(standing[code]))
    return seen


def _segment_parts(rule: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [part for part in parts_of(rule) if part["fact"] == "segment"]
