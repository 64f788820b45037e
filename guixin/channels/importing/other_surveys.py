"""A survey somebody else made: what its file asks, written down in TOML as in a firm file, and its rows by question.

    missing = ["-99"]
    usual = { low = 1, high = 7 }
    questions = [ { code = "q1", column = "Q1 总体", label = "总体", dimension = "满意", values = { "很满意" = 7 } } ]

`column` is the heading of a question where it is neither its code nor its words; `values` says which words of the file mean
which answer. Nothing here touches a database but to look up a questionnaire of the house.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from guixin.channels.sheets import BadRow, Sheet
from guixin.channels.sheets.mapping import _plain
from guixin.listen.library import library, paired
from guixin.listen.models import Questionnaire
from guixin.listen.questions import CHOICE, HIGHEST, LONGEST, MOST_WORDS, TEXT, CannotAsk
from guixin.listen.questions import Sheet as Asks
from guixin.listen.taking_in import Given
from guixin.web.refusals import Refused

_SAYS = {"questions", "usual", "paths", "gaps", "missing", "respondent", "name", "name_en", "owner"}
_USUAL_ENDS = (5, 7, 10)
_NO_ANSWER = re.compile(r"-\d+|7{2,}|8{2,}|9{2,}|9[789]")
_NUMBER = re.compile(r"-?\d+(\.0+)?")
_EXPECTED = (
    ("期望", "感知"), ("期望", "感受"), ("期望", "实际"), ("预期", "实际"), ("expected", "perceived"),
    ("expectation", "perception"), ("exp", "perc"),
)  # fmt: skip


class NotTheSurvey(Refused):
    """The file of a survey and what it is said to ask do not fit."""

    about_input = True


@dataclass(frozen=True)
class Survey:
    """`columns`: the heading of a question, by its code, where it is said; `values`: what words of the file mean, by code;
    `missing`: what means no answer; `respondent`: the heading of their number."""

    asks: Asks
    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    respondent: str = ""


def survey_of(said: str) -> Survey:
    """said   the path of a TOML file, or the code of a questionnaire of the library or in force in the house"""
    if said.endswith(".toml"):
        return _read(tomllib.loads(Path(said).read_text(encoding="utf-8-sig")))
    if ready := library().get(said):
        return Survey(ready.sheet)
    asked = Questionnaire.objects.filter(code=said).first()
    version = asked.in_force() if asked else None
    if version is None:
        known = ", ".join(library())
        raise NotTheSurvey(
            _("“%(said)s” is no questionnaire in force here and none of the library: %(known)s.")
            % {"said": said, "known": known}
        )
    return Survey(version.sheet)


def _read(table: dict[str, Any]) -> Survey:
    named = table.get("questionnaires")
    if isinstance(named, dict) and len(named) == 1:
        table = next(iter(named.values()))
    if unknown := sorted(set(table) - _SAYS):
        raise CannotAsk(_("A question has no “%s”.") % unknown[0])
    questions, columns, values = [], dict[str, str](), dict[str, dict[str, str]]()
    for each in table.get("questions", ()):
        one = dict(each)
        code = str(one.get("code", ""))
        if "column" in one:
            columns[code] = str(one.pop("column"))
        if "values" in one:
            values[code] = {_plain(word): str(answer) for word, answer in one.pop("values").items()}
        questions.append(one)
    missing = tuple(str(each) for each in table.get("missing", ()))
    asks = Asks.read(paired(table | {"questions": questions}))
    return Survey(asks, columns, values, missing, str(table.get("respondent", "")))


# -- its rows --------------------------------------------------------------------------------------------------------


@dataclass
class Bound:
    """Which column answers which question. `unasked`: headings no question has; `unanswered`: questions without a column."""

    places: dict[str, int]
    unasked: list[str]
    unanswered: list[str]
    respondent: int | None = None


def bind(survey: Survey, headings: Sequence[str]) -> Bound:
    """By the heading that is said, else by code, else by words; one column answers one question."""
    free = {_plain(heading): at for at, heading in reversed(list(enumerate(headings)))}
    places = dict[str, int]()
    for code, heading in survey.columns.items():
        if _plain(heading) not in free:
            raise NotTheSurvey(
                _("The file has no column %(missing)s. It has: %(there)s.")
                % {"missing": f"“{heading}”", "there": ", ".join(f"“{name}”" for name in headings)}
            )
        places[code] = free.pop(_plain(heading))
    respondent = free.pop(_plain(survey.respondent), None) if survey.respondent else None
    found_of = {each.code: survey.asks.by_code.get(each.is_beside) for each in survey.asks.questions}
    for words in ("code", "label", "label_en"):
        for each in survey.asks.questions:
            beside, said = found_of[each.code], _plain(getattr(each, words))
            if (
                each.code not in places
                and said in free
                and (beside is None or _plain(getattr(beside, words)) != said)
            ):
                places[each.code] = free.pop(said)
    taken = {*places.values(), respondent}
    if not places:
        raise NotTheSurvey(
            _("No column answers a question. The file has: %s.") % ", ".join(f"“{name}”" for name in headings)
        )
    return Bound(
        places,
        [heading for at, heading in enumerate(headings) if at not in taken],
        [each.code for each in survey.asks.questions if each.code not in places],
        respondent,
    )


def rows_of(survey: Survey, bound: Bound, sheet: Sheet) -> Iterator[Given | BadRow]:
    for row in sheet.rows():
        if isinstance(row, BadRow):
            yield row
            continue
        said = {code: row.values[at].strip() for code, at in bound.places.items()}
        for code, words in survey.values.items():
            if code in said:
                said[code] = words.get(_plain(said[code]), said[code])
        who = "" if bound.respondent is None else row.values[bound.respondent].strip()
        yield Given(row.line, said, respondent=who or f"line {row.line}")


# -- what a file could ask -------------------------------------------------------------------------------------------


def sketch(sheet: Sheet) -> str:
    """The questions of a file, guessed from its headings and values, to be looked through: as TOML."""
    columns: list[list[str]] = [[] for _heading in sheet.columns]
    for row in sheet.rows():
        if not isinstance(row, BadRow):
            for said, value in zip(columns, row.values, strict=True):
                if value := value.strip():
                    said.append(_whole(value))
    points = [[int(each) for each in said if _is_point(each)] for said in columns]
    is_scale = [
        bool(some) and all(_is_point(each) or _NO_ANSWER.fullmatch(each) for each in said)
        for some, said in zip(points, columns, strict=True)
    ]
    low, high = _ends(
        [each for some, is_one in zip(points, is_scale, strict=True) if is_one for each in some]
    )
    missing = sorted({
        each for said, is_one in zip(columns, is_scale, strict=True) if is_one for each in said if not _is_point(each)
    })  # fmt: skip
    lines, left_out = [], []
    codes, expects = _codes(sheet.columns), _expectations(sheet.columns)
    for heading, code, said, is_one in zip(sheet.columns, codes, columns, is_scale, strict=True):
        words = sorted(set(said))
        if is_one:
            beside = f", expectation_of = {_toml(codes[expects[heading]])}" if heading in expects else ""
            lines.append(f"  {{ code = {_toml(code)}, label = {_toml(heading)}{beside} }},")
        elif len(words) < 2 or (len(words) == len(said) and max(map(len, words)) < 20):
            left_out.append(heading)  # the same everywhere, or a number of their own
        elif len(words) <= MOST_WORDS and len(words) < len(said) / 2 and max(map(len, words)) <= LONGEST:
            choices = f"[{', '.join(map(_toml, words))}]"
            lines.append(
                f"  {{ code = {_toml(code)}, label = {_toml(heading)}, kind = {_toml(CHOICE)}, choices = {choices} }},"
            )
        else:
            lines.append(f"  {{ code = {_toml(code)}, label = {_toml(heading)}, kind = {_toml(TEXT)} }},")
    return "\n".join([
        "# Guessed from the file: look whether the ends of the scale and what means no answer are right.",
        "# What several questions measure together: dimension = \"…\" behind each of them. Then say what leads to what:",
        "# paths = [[\"…\", \"…\"]], and which dimension was expected and which found: gaps = [[\"…\", \"…\"]].",
        *([f"# Left out: {', '.join(left_out)}"] if left_out else []),
        f"missing = [{', '.join(map(_toml, missing))}]",
        f"usual = {{ low = {low}, high = {high} }}",
        "questions = [", *lines, "]",
    ])  # fmt: skip


def _whole(value: str) -> str:
    return value.split(".")[0] if _NUMBER.fullmatch(value) else value


def _is_point(value: str) -> bool:
    return value.isascii() and value.isdecimal() and int(value) <= HIGHEST


def _ends(points: Sequence[int]) -> tuple[int, int]:
    """Of the scale all of them were answered on; one in a hundred may be a slip of the finger.

    >>> _ends([2, 5]), _ends([6, 1]), _ends([0, 3]), _ends([*range(1, 8)] * 30 + [9])
    ((1, 5), (1, 7), (0, 10), (1, 7))
    """
    if not points or points.count(0) * 100 > len(points):
        return 0, HIGHEST
    most = sorted(points)[max(0, (len(points) * 99 - 1) // 100)]
    return 1, next(each for each in _USUAL_ENDS if each >= most)


def _codes(headings: Sequence[str]) -> list[str]:
    found: list[str] = []
    for at, heading in enumerate(headings, 1):
        plain = re.sub(r"[^a-z0-9_-]+", "-", heading.lower()).strip("-_")[:36]
        code = plain if plain and heading.isascii() else f"q{at}"
        found.append(code if code not in found else f"{code[:30]}-{at}")
    return found


def _expectations(headings: Sequence[str]) -> dict[str, int]:
    """Heading of an expectation -> place of what was found.

    >>> _expectations(["E1", "P1", "送货_E", "送货_P", "准时（期望）", "准时（感受）"])
    {'E1': 1, '送货_E': 3, '准时（期望）': 5}
    """
    places = {heading.lower(): at for at, heading in enumerate(headings)}
    found = dict[str, int]()
    for heading in headings:
        plain = heading.lower()
        wanted = [plain.replace(hoped, got) for hoped, got in _EXPECTED if hoped in plain]
        if match := re.fullmatch(r"e(\d+)|(.+)[_ -]e", plain):
            wanted.append(f"p{match[1]}" if match[1] else f"{plain[:-1]}p")
        there = [places[each] for each in wanted if each in places]
        if there:
            found[heading] = there[0]
    return found


def _toml(text: str) -> str:
    """
    >>> print(_toml('Say "yes"'))
    "Say \\"yes\\""
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
