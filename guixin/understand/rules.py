"""The rule of a segment: what it may say, whether it can be followed, and the same in a sentence.

    {"match": "all", "parts": [
        {"fact": "grade", "asks": "in", "value": ["A", "B"]},
        {"match": "any", "parts": [
            {"fact": "net", "asks": "at_least", "value": 50000},
            {"fact": "segment", "asks": "in", "value": ["key-accounts"]}]}]}

Groups stand one level deep. A customer of whom something is not known never matches a question about it, except
“is none of”, “is not known” and “is not in”: nobody is an A as long as nobody graded them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from guixin.understand.measuring import Fact, Kind, facts
from guixin.understand.models import Segment
from guixin.web import money
from guixin.web.refusals import Refused

MOST_PARTS = 30
MOST_CHOSEN = 50
LONGEST_TEXT = 200
LARGEST = 10**12
MOST_DAYS = 36_500


class CannotFollow(Refused):
    """The rule cannot be followed like this, and why. `part`: which condition, counted from 0 over all of them."""

    about_input = True

    def __init__(self, words: str, part: int | None = None):
        super().__init__(words)
        self.part = part


@dataclass(frozen=True)
class Question:
    """One way to ask. `takes`: values, number, two, days, day, text or nothing."""

    words: Any
    sentence: Any
    takes: str


_NUMBERS = {
    "at_least": Question(gettext_lazy("at least"), gettext_lazy("%(fact)s at least %(value)s"), "number"),
    "at_most": Question(gettext_lazy("at most"), gettext_lazy("%(fact)s at most %(value)s"), "number"),
    "more": Question(gettext_lazy("more than"), gettext_lazy("%(fact)s more than %(value)s"), "number"),
    "less": Question(gettext_lazy("less than"), gettext_lazy("%(fact)s less than %(value)s"), "number"),
    "is": Question(pgettext_lazy("rule", "is exactly"), gettext_lazy("%(fact)s exactly %(value)s"), "number"),
    "between": Question(
        gettext_lazy("from … to"), gettext_lazy("%(fact)s from %(value)s to %(second)s"), "two"
    ),
}
_KNOWN = {
    "known": Question(gettext_lazy("is known"), gettext_lazy("%(fact)s is known"), "nothing"),
    "unknown": Question(gettext_lazy("is not known"), gettext_lazy("%(fact)s is not known"), "nothing"),
}
QUESTIONS: dict[Kind, dict[str, Question]] = {
    Kind.CHOICE: {
        "in": Question(gettext_lazy("is one of"), gettext_lazy("%(fact)s is %(value)s"), "values"),
        "not_in": Question(gettext_lazy("is none of"), gettext_lazy("%(fact)s is not %(value)s"), "values"),
        **_KNOWN,
    },
    Kind.TEXT: {
        "contains": Question(
            gettext_lazy("contains"), gettext_lazy("%(fact)s contains “%(value)s”"), "text"
        ),
        "begins": Question(
            gettext_lazy("begins with"), gettext_lazy("%(fact)s begins with “%(value)s”"), "text"
        ),
        "is": Question(pgettext_lazy("rule", "is exactly"), gettext_lazy("%(fact)s is “%(value)s”"), "text"),
        "is_not": Question(gettext_lazy("is not"), gettext_lazy("%(fact)s is not “%(value)s”"), "text"),
        **_KNOWN,
    },
    Kind.NUMBER: {**_NUMBERS, **_KNOWN},
    Kind.MONEY: {**_NUMBERS, **_KNOWN},
    Kind.PERCENT: {**_NUMBERS, **_KNOWN},
    Kind.MOMENT: {
        "within": Question(
            gettext_lazy("within the last … days"), gettext_lazy("%(fact)s within the last %(value)s days"), "days"
        ),
        "longer_ago": Question(
            gettext_lazy("more than … days ago"), gettext_lazy("%(fact)s more than %(value)s days ago"), "days"
        ),
        "since": Question(gettext_lazy("on or after"), gettext_lazy("%(fact)s on or after %(value)s"), "day"),
        "before": Question(gettext_lazy("before"), gettext_lazy("%(fact)s before %(value)s"), "day"),
        **_KNOWN,
    },
    Kind.YES_NO: {
        "yes": Question(gettext_lazy("is so"), gettext_lazy("%(fact)s: yes"), "nothing"),
        "no": Question(gettext_lazy("is not so"), gettext_lazy("%(fact)s: no"), "nothing"),
    },
    Kind.SEGMENT: {
        "in": Question(gettext_lazy("is in"), gettext_lazy("is in the segment %(value)s"), "values"),
        "not_in": Question(
            gettext_lazy("is not in"), gettext_lazy("is not in the segment %(value)s"), "values"
        ),
    },
}  # fmt: skip


def parts_of(rule: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """Every condition of the rule, groups opened, in order."""
    for part in rule.get("parts", ()):
        if "parts" in part:
            yield from part["parts"]
        else:
            yield part


def segments_named(rule: Mapping[str, Any]) -> set[str]:
    """Codes of the segments the rule asks for."""
    return {
        code for part in parts_of(rule) if part.get("fact") == "segment" for code in part.get("value", ())
    }


def facts_named(rule: Mapping[str, Any]) -> list[str]:
    """Names of the facts the rule looks at, each once, without segments."""
    return list(dict.fromkeys(part["fact"] for part in parts_of(rule) if part.get("fact") != "segment"))


# -- checking ------------------------------------------------------------------------------------------------------


def checked(rule: Any, *, code: str = "") -> dict[str, Any]:
    """The rule as it is kept. Raises CannotFollow, in words, with the place of the condition that is wrong.

    `code`   of the segment the rule is for, so that it cannot ask for itself, straight or by way of others
    """
    known = facts()
    said = _group(rule, known, Counter(), nested=True)
    if not any(True for _part in parts_of(said)):
        raise CannotFollow(_("Say at least one condition; a rule without any would be everybody."))
    _check_segments(said, code)
    return said


class Counter:
    def __init__(self) -> None:
        self.place = -1

    def next(self) -> int:
        self.place += 1
        if self.place >= MOST_PARTS:
            raise CannotFollow(_("A rule has at most %s conditions.") % MOST_PARTS, self.place)
        return self.place


def _group(rule: Any, known: Mapping[str, Fact], counter: Counter, *, nested: bool) -> dict[str, Any]:
    if not isinstance(rule, Mapping) or set(rule) != {"match", "parts"}:
        raise CannotFollow(_("A rule says “match” (“all” or “any”) and “parts”."))
    if rule["match"] not in ("all", "any") or not isinstance(rule["parts"], list):
        raise CannotFollow(_("A rule says “match” (“all” or “any”) and “parts”."))
    said: list[dict[str, Any]] = []
    for part in rule["parts"]:
        if isinstance(part, Mapping) and "parts" in part:
            if not nested:
                raise CannotFollow(
                    _("A group within a group is too deep; make a segment of it and ask for that.")
                )
            inner = _group(part, known, counter, nested=False)
            if inner["parts"]:
                said.append(inner)
        else:
            said.append(_part(part, known, counter.next()))
    return {"match": rule["match"], "parts": said}


def _part(part: Any, known: Mapping[str, Fact], place: int) -> dict[str, Any]:
    if not isinstance(part, Mapping) or not {"fact", "asks"} <= set(part) <= {
        "fact",
        "asks",
        "value",
        "second",
    }:
        raise CannotFollow(_("A condition says “fact”, “asks” and “value”."), place)
    fact = known.get(part["fact"]) if isinstance(part["fact"], str) else None
    if fact is None:
        raise CannotFollow(
            _("Nothing is known of customers by the name “%s”.") % str(part["fact"])[:60], place
        )
    question = QUESTIONS[fact.kind].get(part["asks"]) if isinstance(part["asks"], str) else None
    if question is None:
        raise CannotFollow(
            _("“%(fact)s” cannot be asked like this (%(asks)s).")
            % {"fact": fact.words, "asks": str(part["asks"])[:30]},
            place,
        )
    said: dict[str, Any] = {"fact": fact.name, "asks": part["asks"]}
    if question.takes != "nothing":
        said["value"] = _value(part.get("value"), fact, question.takes, place)
    if question.takes == "two":
        said["second"] = _value(part.get("second"), fact, question.takes, place)
        if said["second"] < said["value"]:
            raise CannotFollow(
                _("“%s”: the second figure must not be smaller than the first.") % fact.words, place
            )
    return said


def _value(value: Any, fact: Fact, takes: str, place: int) -> Any:
    if value is None or value == "" or value == []:
        raise CannotFollow(_("“%s”: the value is missing.") % fact.words, place)
    if takes == "values":
        return _chosen(value, fact, place)
    if takes == "text":
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT or "\0" in value:
            raise CannotFollow(_("“%s” is compared with words.") % fact.words, place)
        return value.strip()
    if takes == "day":
        try:
            return date.fromisoformat(value).isoformat()
        except (ValueError, TypeError):
            raise CannotFollow(
                _("“%s” is compared with a day, such as 2026-03-01.") % fact.words, place
            ) from None
    number = _number(value)
    if number is None:
        raise CannotFollow(_("“%s” is compared with a number.") % fact.words, place)
    if takes == "days" and (number != int(number) or not 0 <= number <= MOST_DAYS):
        raise CannotFollow(_("“%s”: write a whole number of days.") % fact.words, place)
    return int(number) if number == int(number) else float(number)


def _number(value: Any) -> Decimal | None:
    """A number, or a text as people write one. True and NaN are none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = money.number(str(value))
    except money.NotMoney:
        return None
    return number if abs(number) <= LARGEST else None


def _chosen(value: Any, fact: Fact, place: int) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise CannotFollow(_("“%s” is compared with a list of values.") % fact.words, place)
    chosen = list(dict.fromkeys(value))[:MOST_CHOSEN]
    if fact.kind == Kind.CHOICE and (
        unknown := [each for each in chosen if each not in {known for known, _words in fact.choices()}]
    ):
        raise CannotFollow(
            _("“%(fact)s” cannot be “%(value)s”.") % {"fact": fact.words, "value": unknown[0][:60]}, place
        )
    return chosen


def _check_segments(rule: Mapping[str, Any], code: str) -> None:
    named = segments_named(rule)
    if not named:
        return
    standing = rules_in_force()
    for place, part in enumerate(parts_of(rule)):
        for each in part["value"] if part["fact"] == "segment" else ():
            if each != code and each not in standing:
                raise CannotFollow(_("There is no segment “%s” in force.") % each[:60], place)
            if way := _way_back(each, code, standing):
                raise CannotFollow(
                    _("The segments would ask for each other in a circle: %s.") % " → ".join([code, *way]),
                    place,
                )


def rules_in_force() -> dict[str, dict[str, Any]]:
    """The rule of every published segment by its code."""
    rows = (
        Segment.objects.published().filter(versions__withdrawn_at=None).values_list("code", "versions__rule")
    )
    return dict(rows)


def _way_back(start: str, goal: str, standing: Mapping[str, Mapping]) -> list[str]:
    """How one gets from `start` to `goal` by what rules ask for; empty: one does not."""
    if not goal:
        return []
    ways = [[start]]
    seen = {start}
    while ways:
        way = ways.pop()
        if way[-1] == goal:
            return way
        for each in segments_named(standing.get(way[-1], {})):
            if each not in seen:
                seen.add(each)
                ways.append([*way, each])
    return []


def askers_of(code: str) -> list[str]:
    """Codes of the published segments whose rule asks for this one."""
    return [each for each, rule in rules_in_force().items() if code in segments_named(rule)]


# -- in words ------------------------------------------------------------------------------------------------------


def in_words(rule: Mapping[str, Any] | None, segment_names: Mapping[str, str] | None = None) -> str:
    """The rule as a sentence in the reader's language. `segment_names`: code to name, else they are looked up."""
    if not rule or not any(True for _part in parts_of(rule)):
        return _("No condition yet.")
    named = segments_named(rule)
    if segment_names is None:
        segment_names = (
            dict(Segment.objects.filter(code__in=named).values_list("code", "name")) if named else {}
        )
    return _("Customers: %s.") % _joined(rule, facts(), segment_names)


def _joined(rule: Mapping[str, Any], known: Mapping[str, Fact], names: Mapping[str, str]) -> str:
    said = []
    for part in rule["parts"]:
        if "parts" in part:
            inner = _joined(part, known, names)
            said.append(
                pgettext("rule", "(%s)") % inner
                if len(part["parts"]) > 1 and len(rule["parts"]) > 1
                else inner
            )
        else:
            said.append(part_in_words(part, known, names))
    return (pgettext("rule", " and ") if rule["match"] == "all" else pgettext("rule", " or ")).join(said)


def part_in_words(part: Mapping[str, Any], known: Mapping[str, Fact], names: Mapping[str, str]) -> str:
    fact = known.get(part["fact"])
    if fact is None:
        return _("“%s”, which is not known any more") % part["fact"]
    question = QUESTIONS[fact.kind][part["asks"]]
    return str(question.sentence) % {
        "fact": fact.words,
        "value": _shown_value(part.get("value"), fact, question.takes, names),
        "second": _shown_value(part.get("second"), fact, question.takes, names),
    }


def _shown_value(value: Any, fact: Fact, takes: str, names: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if takes == "values":
        words = [
            names.get(each, each) if fact.kind == Kind.SEGMENT else fact.choice_words(each) for each in value
        ]
        return pgettext("values", " or ").join(words)
    return shown_value(value, fact) if takes in ("number", "two") else str(value)


def shown_value(value: Any, fact: Fact) -> str:
    """A figure with its unit: ¥50,000 · 35 % · 12 days."""
    if fact.kind == Kind.MONEY:
        currency = money.firm_currency()
        units = money.minor_units(Decimal(str(value)), currency)
        return money.shown(units, currency, rounded=value == int(value))
    if fact.kind == Kind.PERCENT:
        return f"{value:,.10g} %"
    return f"{value:,.10g} {fact.unit}".strip()


def why_in_words(why: Mapping[str, Any], known: Mapping[str, Fact] | None = None) -> str:
    """What a membership was given for: “Grade A · Purchases, net ¥80,000”. Facts that are gone are left out."""
    known = known if known is not None else facts()
    said = []
    for name, value in why.items():
        fact = known.get(name)
        if fact is None or value is None:
            continue
        if fact.kind == Kind.MONEY:
            words = money.shown(int(value), money.firm_currency())
        elif fact.kind in (Kind.NUMBER, Kind.PERCENT):
            words = shown_value(round(float(value), 1), fact)
        elif fact.kind == Kind.YES_NO:
            words = _("yes") if value else _("no")
        elif fact.kind == Kind.MOMENT:
            words = str(value)[:10]
        else:
            words = fact.choice_words(str(value))
        said.append(f"{fact.words} {words}")
    return " · ".join(said)
