"""The rule of a segment as a form: rows of conditions, some of them in groups. Any step of filling it in can be posted,
so that it works without JavaScript; what a half-filled form cannot say yet is said beside the row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from guixin.understand.measuring import Fact, Kind, facts
from guixin.understand.models import Segment
from guixin.understand.rules import MOST_CHOSEN, MOST_PARTS, QUESTIONS, CannotFollow, Question

FIRST_FACT = "net"
MOST_GROUPS = 5


@dataclass
class Row:
    """One condition as it is being typed. `group` 0: on its own."""

    place: int
    fact: Fact
    group: int = 0
    asks: str = ""
    value: list[str] = field(default_factory=list)
    second: str = ""
    segments: tuple[tuple[str, str], ...] = ()
    error: str = ""

    def __post_init__(self) -> None:
        if self.asks not in QUESTIONS[self.fact.kind]:
            self.asks = next(iter(QUESTIONS[self.fact.kind]))

    @property
    def questions(self) -> Iterable[tuple[str, Any]]:
        return [(name, each.words) for name, each in QUESTIONS[self.fact.kind].items()]

    @property
    def question(self) -> Question:
        return QUESTIONS[self.fact.kind][self.asks]

    @property
    def choices(self) -> list[tuple[str, Any, bool]]:
        known = self.segments if self.fact.kind == Kind.SEGMENT else self.fact.choices()
        return [(value, words, value in self.value) for value, words in known]

    @property
    def typed(self) -> str:
        return self.value[0] if self.value else ""

    def said(self) -> dict[str, Any]:
        """The condition as a rule has it, as far as it is filled in."""
        part: dict[str, Any] = {"fact": self.fact.name, "asks": self.asks}
        takes = self.question.takes
        if takes == "values":
            part["value"] = self.value
        elif takes != "nothing":
            part["value"] = self.typed.strip()
        if takes == "two":
            part["second"] = self.second.strip()
        return part


@dataclass
class RuleForm:
    match: str
    groups: list[str]  # how the rows of group 1, 2 … are joined
    rows: list[Row]
    facts: list[Fact]

    @classmethod
    def of_rule(cls, rule: Mapping[str, Any] | None, segment: Segment) -> "RuleForm":
        """An empty one begins with one condition."""
        form = cls("all", [], [], list(facts().values()))
        known, segments = facts(), _other_segments(segment)
        for part in (rule or {}).get("parts", ()):
            if "parts" in part:
                form.groups.append(part["match"])
            for each in part.get("parts", (part,)):
                if each["fact"] in known:  # one that is gone cannot be shown; keeping the form leaves it out
                    form._add(each, known[each["fact"]], len(form.groups) if "parts" in part else 0, segments)
        form.match = (rule or {}).get("match", "all")
        if not form.rows:
            form.rows.append(Row(0, known[FIRST_FACT], segments=segments))
        return form

    def _add(self, part: Mapping[str, Any], fact: Fact, group: int, segments: tuple) -> None:
        value = part.get("value", [])
        written = [str(each) for each in value] if isinstance(value, list) else [str(value)]
        self.rows.append(
            Row(len(self.rows), fact, group, part["asks"], written, str(part.get("second", "")), segments)
        )

    @classmethod
    def of_post(cls, posted: QueryDict, segment: Segment) -> "RuleForm":
        """What was posted, and what its button asked for: a row or a group more, or one row less."""
        known, segments, do = facts(), _other_segments(segment), posted.get("do", "")
        groups = [
            "any" if posted.get(f"g{number}-match") == "any" else "all"
            for number in range(1, min(_count(posted.get("groups")), MOST_GROUPS) + 1)
        ]
        form = cls("any" if posted.get("match") == "any" else "all", groups, [], list(known.values()))
        for place in range(min(_count(posted.get("rows")), MOST_PARTS)):
            if do != f"remove-{place}":
                form._read(posted, f"r{place}-", known, segments)
        if do == "group" and len(groups) < MOST_GROUPS:
            form.groups.append("any" if form.match == "all" else "all")
            form._blank(known, segments, len(form.groups))
        elif do.startswith("add-"):
            form._blank(known, segments, min(_count(do.removeprefix("add-")), len(groups)))
        return form

    def _read(self, posted: QueryDict, prefix: str, known: Mapping[str, Fact], segments: tuple) -> None:
        name = posted.get(f"{prefix}fact", "")
        fact = known.get(name, known[FIRST_FACT])
        row = Row(
            len(self.rows), fact, min(_count(posted.get(f"{prefix}group")), len(self.groups)),
            posted.get(f"{prefix}asks", ""), segments=segments,
        )  # fmt: skip
        if posted.get(f"{prefix}was", name) == name:  # another fact begins with empty values
            row.value = posted.getlist(f"{prefix}value")[:MOST_CHOSEN]
            row.second = posted.get(f"{prefix}second", "")
        self.rows.append(row)

    def _blank(self, known: Mapping[str, Fact], segments: tuple, group: int) -> None:
        if len(self.rows) < MOST_PARTS:
            self.rows.append(Row(len(self.rows), known[FIRST_FACT], group, segments=segments))

    def rule(self) -> dict[str, Any]:
        """As `rules.checked` takes it: first the rows on their own, then the groups that have any."""
        parts: list[dict[str, Any]] = [row.said() for row in self.rows_of(0)]
        for number, match in enumerate(self.groups, start=1):
            if rows := self.rows_of(number):
                parts.append({"match": match, "parts": [row.said() for row in rows]})
        return {"match": self.match, "parts": parts}

    def blame(self, refusal: CannotFollow) -> bool:
        """Put the refusal beside its row; False if it is about none."""
        order = [row for number in range(len(self.groups) + 1) for row in self.rows_of(number)]
        if refusal.part is None or refusal.part >= len(order):
            return False
        order[refusal.part].error = str(refusal)
        return True

    def rows_of(self, group: int) -> list[Row]:
        return [row for row in self.rows if row.group == group]

    @property
    def own_rows(self) -> list[Row]:
        return self.rows_of(0)

    @property
    def grouped(self) -> list[tuple[int, str, list[Row]]]:
        return [(number, match, self.rows_of(number)) for number, match in enumerate(self.groups, start=1)]

    @property
    def may_have_more(self) -> bool:
        return len(self.rows) < MOST_PARTS


def _count(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 4 else 0


def _other_segments(segment: Segment) -> tuple[tuple[str, str], ...]:
    others = Segment.objects.published().exclude(pk=segment.pk)
    return tuple(others.values_list("code", "name"))
