"""A questionnaire as whoever answers sees it: blocks of questions with their points, for the public page and the preview."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guixin.listen import piping, price_studies
from guixin.listen.models import Wave
from guixin.listen.questions import (
    COUNTED,
    PRICES,
    RANKING,
    SCALE,
    TEXT,
    Asked,
    Sheet,
    condition_in_words,
    is_asked,
)
from guixin.listen.several import places, ranking
from guixin.understand.price_questions import LIKELIHOODS, LIKELY, QUESTIONS

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
class Part:
    """A place of a ranking, a price, or how likely one would buy at it. `options`: to choose from; none: a number is typed."""

    name: str
    words: str
    said: str
    options: list[tuple[str, Any]] = field(default_factory=list)


@dataclass
class Shown:
    one: Asked
    label: str
    rows: list[Row]
    parts: list[Part]
    condition: str
    shown_values: str
    error: str
    depends: str = ""  # the question on the same page that decides whether this one is asked

    @property
    def look(self) -> str:
        return "survey-points" if self.one.kind == SCALE else "survey-words"

    @property
    def is_text(self) -> bool:
        return self.one.kind == TEXT


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
    about: Mapping[str, str] | None = None,
) -> list[Block]:
    """In their order; questions in a row under the same heading together, an expectation beside what was found.

    only    the codes of the questions of one page; the others are left out
    about   what the link is about, for questions that speak of it: see answering.about
    """
    answers, errors, by_code = answers or {}, errors or {}, sheet.by_code
    asked = sheet.questions if only is None else [each for each in sheet.questions if each.code in only]
    wording = price_studies.wording(asked, language)
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
            label=piping.filled(one.shown_label(language), by_code, answers, about or {}, language),
            rows=rows,
            parts=_parts(one, language, answers.get(one.code, ""), wording.get(one.code, [])),
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


def shown_page(
    request: HttpRequest,
    wave: Wave,
    pages: Sequence[Sequence[Asked]],
    page: int,
    said: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    about: Mapping[str, str] | None = None,
    language: str = "",
) -> dict[str, Any]:
    """One page of a questionnaire as whoever answers sees it.

    language    in which it is read out; blank: that of whoever looks at it
    """
    language = language or get_language() or "zh-hans"
    questionnaire, sheet, asked = wave.version.questionnaire, wave.version.sheet, wave.version.sheet.by_code
    here = {each.code for each in pages[page]}
    # What an earlier page decided is decided; what this page decides, the browser hides or the condition says.
    left_out = {
        each.code
        for each in pages[page]
        if each.shown_if and each.shown_if not in here and not is_asked(each, asked, said)
    }
    return {
        "title": questionnaire.shown_name(language),
        "intro": questionnaire.shown_intro(language) if page == 0 else "",
        "blocks": blocks(sheet, language, said, errors, only=here - left_out, about=about),
        "number": page + 1,
        "of": len(pages),
        "is_last": page == len(pages) - 1,
        "is_anonymous": wave.is_anonymous,
        "action": f"{request.path}?page={page + 1}",
        "before": f"{request.path}?page={page}" if page else "",
    }


def _row(one: Asked, language: str, answers: Mapping[str, str], words: Any, like: Asked | None = None) -> Row:
    said, like = answers.get(one.code, ""), like or one
    points = one.shown_choices(language) if one.kind in COUNTED else []
    return Row(
        f"{PREFIX}{one.code}", one.code, words, [(value, shown, value == said) for value, shown in points], said,
        like.said("low_words", language), like.said("high_words", language),
    )  # fmt: skip


def _parts(one: Asked, language: str, said: str, wording: list[tuple[str, str]]) -> list[Part]:
    if one.kind == RANKING:
        given, words = places(said), one.shown_choices(language)
        options = [(str(each), str(each)) for each in range(1, len(words) + 1)]
        return [
            Part(f"{PREFIX}{one.code}.{n}", shown, given.get(word, ""), options)
            for n, (word, shown) in enumerate(words)
        ]
    lines = said.split("\n") + [""] * len(QUESTIONS)
    likely = [(str(point), f"{point} {words}") for point, words in LIKELY.items()]
    return [
        Part(f"{PREFIX}{one.code}.{name}", words, line, likely if name in LIKELIHOODS else [])
        for (name, words), line in zip(wording, lines, strict=False)
    ]


def answers_in(sheet: Sheet, posted: Mapping[str, str]) -> dict[str, str]:
    """What was sent, by code; blank where a question was left empty."""
    return {each.code: _answer_to(each, posted) for each in sheet.questions}


def _answer_to(one: Asked, posted: Mapping[str, str]) -> str:
    if one.kind == RANKING:
        return ranking({word: _sent(posted, f"{one.code}.{n}") for n, word in enumerate(one.choices)})
    if one.kind == PRICES:
        return "\n".join(_sent(posted, f"{one.code}.{name}") for name in QUESTIONS).rstrip("\n")
    return _sent(posted, one.code)


def _sent(posted: Mapping[str, str], name: str) -> str:
    return posted.get(f"{PREFIX}{name}", "").replace("\r\n", "\n").strip()  # as the browser counted it
