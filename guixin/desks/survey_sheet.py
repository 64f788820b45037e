"""A questionnaire as whoever answers sees it: blocks of questions with their points, for the public page and the preview."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from guixin.listen.questions import CHOICE, SCALE, Asked, Sheet, condition_in_words

PREFIX = "form-"  # as asked-only-if.js reads it


@dataclass
class Row:
    """One line of points, or one box for words. `words`: which of a pair it is; blank where there is one."""

    name: str
    code: str
    words: Any
    points: list[tuple[str, str, bool]]  # value, words, chosen
    said: str
    low: str
    high: str


@dataclass
class Shown:
    one: Asked
    label: str
    rows: list[Row]
    condition: str
    shown_values: str
    error: str
    depends: str = ""  # the question on the same page that decides whether this one is asked

    @property
    def look(self) -> str:
        return "survey-points" if self.one.kind == SCALE else "survey-words"

    @property
    def is_text(self) -> bool:
        return self.one.kind not in (SCALE, CHOICE)


@dataclass
class Block:
    heading: str
    questions: list[Shown] = field(default_factory=list)


def blocks(
    sheet: Sheet,
    language: str,
    answers: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    only: Collection[str] | None = None,
) -> list[Block]:
    """In their order; questions in a row under the same heading together, an expectation beside what was found.

    only   the codes of the questions of one page; the others are left out
    """
    answers, errors, by_code = answers or {}, errors or {}, sheet.by_code
    expected = {each.expectation_of: each for each in sheet.questions if each.expectation_of}
    found: list[Block] = []
    for one in sheet.questions:
        if one.expectation_of or (only is not None and one.code not in only):
            continue
        rows = [_row(one, language, answers, _("How we do it") if one.code in expected else "")]
        before = expected.get(one.code)
        if before:
            rows.insert(0, _row(before, language, answers, _("How a good firm should do it"), like=one))
        depends = one.shown_if if only is None or one.shown_if in only else ""
        shown = Shown(
            one=one,
            label=one.shown_label(language),
            rows=rows,
            condition=condition_in_words(one, by_code, language) if depends else "",
            shown_values=json.dumps(one.shown_values, ensure_ascii=False),
            error=errors.get(one.code, "") or (errors.get(before.code, "") if before else ""),
            depends=depends,
        )
        heading = one.said("heading", language)
        if not found or found[-1].heading != heading:
            found.append(Block(heading))
        found[-1].questions.append(shown)
    return found


def _row(one: Asked, language: str, answers: Mapping[str, str], words: Any, like: Asked | None = None) -> Row:
    said, like = answers.get(one.code, ""), like or one
    points = [] if one.kind not in (SCALE, CHOICE) else one.shown_choices(language)
    return Row(
        f"{PREFIX}{one.code}", one.code, words, [(value, shown, value == said) for value, shown in points], said,
        like.said("low_words", language), like.said("high_words", language),
    )  # fmt: skip


def answers_in(sheet: Sheet, posted: Mapping[str, str]) -> dict[str, str]:
    """What was sent, by code; blank where a question was left empty."""
    return {each.code: _sent(posted, each.code) for each in sheet.questions}


def _sent(posted: Mapping[str, str], code: str) -> str:
    return posted.get(f"{PREFIX}{code}", "").replace("\r\n", "\n").strip()  # as the browser counted it
