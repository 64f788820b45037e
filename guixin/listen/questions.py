"""What a questionnaire asks: an ordered list of questions as plain data, read, checked and compared without a database.

A version keeps them as JSON. A question is known by its `code`, which never changes: the same code in a later version is the
same question, so that waves compare.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guixin.listen import piping
from guixin.listen.several import are_prices, is_ranking
from guixin.web.languages import for_reader
from guixin.web.refusals import Refused

MOST_QUESTIONS, MOST_WORDS, LONGEST, LONGEST_TEXT = 80, 30, 200, 2_000
SCALE, CHOICE, RANKING, PRICES, TEXT = "scale", "choice", "ranking", "prices", "text"
COUNTED = (SCALE, CHOICE)  # few answers, each counted; the other kinds are read in their own way
KINDS: list[tuple[str, Any]] = [
    (SCALE, gettext_lazy("A scale of points")),
    (CHOICE, gettext_lazy("One of several words")),
    (RANKING, gettext_lazy("Words put in order")),
    (PRICES, gettext_lazy("Four prices (Van Westendorp), for a price study")),
    (TEXT, gettext_lazy("In their own words")),
]
# How the points of a scale are read beside their mean; each has its usual scale.
READINGS: dict[str, tuple[Any, int, int]] = {
    "mean": (pgettext_lazy("reading of a scale", "Mean"), 1, 7),
    "csat": (gettext_lazy("Satisfaction: share of the two highest points"), 1, 5),
    "recommend": (gettext_lazy("Recommendation, 0 to 10: promoters less detractors"), 0, 10),
    "effort": (gettext_lazy("Effort, 1 to 7: share who found it easy"), 1, 7),
}
LOWEST, HIGHEST = 0, 10
MOST_HOURS = 9_000  # a year
_MOMENT = re.compile(r"[-\w]{1,50}:[a-zA-Z0-9]{1,10}")
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class CannotAsk(Refused):
    """A questionnaire cannot ask this like this."""

    about_input = True


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question.

    low, high       the ends of a scale, whole points; low_words and high_words say what they mean
    reads_as        one of READINGS
    dimension       what several questions measure together (“reliability”, “value”); they are averaged and their
                    reliability told. Blank: the question stands alone
    expectation_of  the code of the question this one asks the expectation of; the two are answered side by side
    heading         several scales in a row under the same heading are drawn as one table
    shown_if        the code of an earlier question; this one is asked only when its answer is among `shown_values`
    choices         the firm's words in Chinese, which are also what an answer keeps
    standard        code of the service standard whose time a list of words asks the expectation of (“within how long?”), and
    choice_hours    how many hours each of its words means
    study           the price study that four prices go to, in its `currency`
    label           may speak of an earlier answer: see piping.py
    importance_of   the code of the question this one asks the importance of
    moment          the moment of truth it is about, “blueprint:element”; its standards tell what we did
    department      code of the department that answers for what is asked; blank: those that own the moment's standards
    """

    code: str
    label: str
    label_en: str = ""
    kind: str = SCALE
    low: int = 1
    high: int = 7
    low_words: str = ""
    low_words_en: str = ""
    high_words: str = ""
    high_words_en: str = ""
    reads_as: str = "mean"
    dimension: str = ""
    dimension_en: str = ""
    expectation_of: str = ""
    importance_of: str = ""
    moment: str = ""
    department: str = ""
    heading: str = ""
    heading_en: str = ""
    choices: tuple[str, ...] = ()
    choices_en: tuple[str, ...] = ()
    required: bool = False
    shown_if: str = ""
    shown_values: tuple[str, ...] = ()
    opens_at: int | None = None
    standard: str = ""
    choice_hours: tuple[int, ...] = ()
    study: str = ""
    currency: str = ""

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> "Asked":
        """From JSON, a firm file or the API. Raises CannotAsk for what is no question at all."""
        if unknown := sorted(set(written) - {each.name for each in fields(cls)}):
            raise CannotAsk(_("A question has no “%s”.") % unknown[0])
        lists = ("choices", "choices_en", "shown_values")
        said = {name: value for name, value in written.items() if name not in lists and value is not None}
        said |= {name: " ".join(value.split()) for name, value in said.items() if isinstance(value, str)}
        usual = READINGS.get(str(said.get("reads_as", "mean")))
        if usual and said.get("kind", SCALE) == SCALE:
            said = {"low": usual[1], "high": usual[2]} | said
        if not said.get("label"):
            raise CannotAsk(_("Say what is asked."))
        if not said.get("code"):
            raise CannotAsk(_("The question “%s” has no code.") % said["label"])
        for name in ("low", "high", "opens_at"):
            if not isinstance(said.get(name, 1), int) or isinstance(said.get(name), bool):
                raise CannotAsk(_("%(name)s: a scale has whole points.") % {"name": said["label"]})
        hours = _hours(said.pop("choice_hours", ()), said["label"])
        return cls(
            **{**said, "choice_hours": hours, **{name: _words(written.get(name) or ()) for name in lists}}
        )

    def as_json(self) -> dict[str, Any]:
        """Only what was said, so that versions stay readable."""
        blank = Asked(code="", label="")
        return {
            each.name: list(value) if isinstance(value, tuple) else value
            for each in fields(self)
            if (value := getattr(self, each.name)) != getattr(blank, each.name)
            or each.name in ("kind", *(("low", "high") if self.kind == SCALE else ()))
        }

    def said(self, what: str, language: str) -> str:
        """`label`, `heading`, `dimension`, `low_words` or `high_words` as a reader of the language reads it."""
        return for_reader(getattr(self, what), language, getattr(self, f"{what}_en"))

    def shown_label(self, language: str) -> str:
        return self.said("label", language)

    def called(self, language: str) -> str:
        """Its words beside a figure: what stands beside another question has the same words, and says what it asks of it."""
        words = self.shown_label(language)
        if self.expectation_of:
            return _("%(question)s (expected)") % {"question": words}
        return _("%(question)s (importance)") % {"question": words} if self.importance_of else words

    def shown_choices(self, language: str) -> list[tuple[str, str]]:
        """What is kept, and what is read: the points of a scale, or the words."""
        if self.kind == SCALE:
            return [(str(point), str(point)) for point in self.points]
        english = self.choices_en if len(self.choices_en) == len(self.choices) else ("",) * len(self.choices)
        return [
            (each, for_reader(each, language, en)) for each, en in zip(self.choices, english, strict=True)
        ]

    @property
    def is_beside(self) -> str:
        """The code of the question it says something about: it is an expectation or an importance."""
        return self.expectation_of or self.importance_of

    @property
    def points(self) -> range:
        return range(self.low, self.high + 1)

    @property
    def kind_in_words(self) -> str:
        if self.kind == SCALE:
            return f"{self.low}–{self.high} · {READINGS[self.reads_as][0]}"
        return str(dict(KINDS)[self.kind])

    def holds(self, value: str) -> bool:
        """Whether this may be an answer: a point of the scale, a word of the list, or words that are not too long."""
        if self.kind == SCALE:
            return value.isascii() and value.isdecimal() and len(value) < 4 and int(value) in self.points
        if self.kind == CHOICE:
            return value in self.choices
        if not 0 < len(value) <= LONGEST_TEXT:
            return False
        if self.kind == RANKING:
            return is_ranking(value, self.choices)
        return are_prices(value, self.currency) if self.kind == PRICES else True


def _hours(written: Any, label: str) -> tuple[int, ...]:
    whole = isinstance(written, list | tuple) and all(
        isinstance(each, int) and not isinstance(each, bool) and 0 < each <= MOST_HOURS for each in written
    )
    if not whole:
        raise CannotAsk(
            _("%(name)s: hours are whole numbers from 1 to %(most)s.") % {"name": label, "most": MOST_HOURS}
        )
    return tuple(written)


def _words(written: Iterable[Any]) -> tuple[str, ...]:
    if isinstance(written, str):
        written = written.splitlines()
    return tuple(dict.fromkeys(word for each in written if (word := " ".join(str(each).split()))))


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """All a version asks. `paths`: (dimension, dimension it leads to), for the index and the drivers; `gaps`: (dimension of
    expectations, dimension of what was found) where the two are asked in different questions."""

    questions: tuple[Asked, ...] = ()
    paths: tuple[tuple[str, str], ...] = ()
    gaps: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, written: Any) -> "Sheet":
        """Raises CannotAsk in words for the first thing that is wrong."""
        if not isinstance(written, Mapping) or set(written) - {"questions", "paths", "gaps"}:
            raise CannotAsk(
                _("A questionnaire is a list of questions, with paths and gaps between dimensions.")
            )
        questions = written.get("questions") or ()
        if isinstance(questions, str | Mapping) or not isinstance(questions, Iterable):
            raise CannotAsk(
                _("A questionnaire is a list of questions, with paths and gaps between dimensions.")
            )
        asked = checked([each if isinstance(each, Asked) else Asked.read(each) for each in questions])
        return cls(
            questions=tuple(asked),
            paths=_links(written.get("paths") or (), asked),
            gaps=_links(written.get("gaps") or (), asked),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "questions": [each.as_json() for each in self.questions],
            "paths": [list(each) for each in self.paths],
            "gaps": [list(each) for each in self.gaps],
        }

    @property
    def by_code(self) -> dict[str, Asked]:
        return {each.code: each for each in self.questions}

    @property
    def dimensions(self) -> dict[str, list[Asked]]:
        """What several scales measure together, without expectations and importances, in their order."""
        found: dict[str, list[Asked]] = {}
        for each in self.questions:
            if each.dimension and each.kind == SCALE and not each.is_beside:
                found.setdefault(each.dimension, []).append(each)
        return found

    @property
    def moments(self) -> dict[str, list[Asked]]:
        """By moment of truth (“blueprint:element”), the scales that ask how it was found."""
        found: dict[str, list[Asked]] = {}
        for each in self.questions:
            if each.moment and each.kind == SCALE and not each.is_beside:
                found.setdefault(each.moment, []).append(each)
        return found

    @property
    def expectations(self) -> dict[str, list[Asked]]:
        """By dimension, the expectations of its pairs."""
        by_code, found = self.by_code, dict[str, list[Asked]]()
        for each in self.questions:
            if each.expectation_of and (dimension := by_code[each.expectation_of].dimension):
                found.setdefault(dimension, []).append(each)
        return found


def _links(written: Any, asked: Sequence[Asked]) -> tuple[tuple[str, str], ...]:
    known = {each.dimension for each in asked if each.dimension}
    links = []
    for each in written:
        pair = tuple(" ".join(str(part).split()) for part in each) if isinstance(each, list | tuple) else ()
        if len(pair) != 2 or pair[0] == pair[1] or not known.issuperset(pair):
            raise CannotAsk(
                _("“%s” joins no two dimensions of this questionnaire.") % " > ".join(pair or (str(each),))
            )
        links.append((pair[0], pair[1]))
    return tuple(dict.fromkeys(links))


def checked(asked: Sequence[Asked]) -> list[Asked]:
    """The questions, if a questionnaire can ask them in this order."""
    if len(asked) > MOST_QUESTIONS:
        raise CannotAsk(_("A questionnaire asks %s questions at most; nobody answers more.") % MOST_QUESTIONS)
    before: dict[str, Asked] = {}
    everything = {each.code: each for each in asked}
    for one in asked:
        _check(one, before)
        if one.expectation_of:
            _check_pair(one, everything.get(one.expectation_of))
        if one.importance_of:
            _check_importance(one, everything.get(one.importance_of))
        before[one.code] = one
    return list(asked)


def _check(one: Asked, before: Mapping[str, Asked]) -> None:
    def no(sentence: Any, **more: Any) -> CannotAsk:
        return CannotAsk(sentence % {"name": one.label, **more})

    if not _CODE.fullmatch(one.code):
        raise CannotAsk(gettext_lazy("A code is made of small letters, digits and hyphens."))
    if one.code in before:
        raise no(_("Two questions have the code “%(code)s”."), code=one.code)
    if one.kind not in dict(KINDS) or one.reads_as not in READINGS:
        raise no(
            _("%(name)s: a questionnaire cannot ask for “%(kind)s”."), kind=f"{one.kind}, {one.reads_as}"
        )
    words = (one.label, one.label_en, one.heading, one.dimension, one.low_words, one.high_words, *one.choices)
    if any(len(each) > LONGEST for each in words):
        raise no(_("%(name)s: names and words have 200 characters at most."))
    if one.kind == SCALE and not LOWEST <= one.low < one.high <= HIGHEST:
        raise no(_("%(name)s: a scale runs between %(low)s and %(high)s."), low=LOWEST, high=HIGHEST)
    if one.kind == SCALE and one.reads_as == "recommend" and (one.low, one.high) != (0, 10):
        raise no(_("%(name)s: a recommendation is asked from 0 to 10."))
    if one.moment and not _MOMENT.fullmatch(one.moment):
        raise no(_("%(name)s: a moment of truth is written as “blueprint:element”."))
    if one.opens_at is not None and (
        one.kind != SCALE or one.is_beside or not one.low <= one.opens_at < one.high
    ):
        raise no(_("%(name)s: only a scale opens a case, at a point below its highest."))
    if one.kind in (CHOICE, RANKING) and not 2 <= len(one.choices) <= MOST_WORDS:
        raise no(_("%(name)s: give between two and %(most)s words to choose from."), most=MOST_WORDS)
    if one.choices_en and len(one.choices_en) != len(one.choices):
        raise no(_("%(name)s: give an English word for each word of the list, or for none."))
    if (one.standard or one.choice_hours) and (
        one.kind != CHOICE or not one.standard or len(one.choice_hours) != len(one.choices)
    ):
        raise no(
            _(
                "%(name)s: to be held against a standard, each word of the list needs its hours, and the list its standard."
            )
        )
    if one.kind == PRICES and not one.study:
        raise no(_("%(name)s: say for which price study the four prices are."))
    if unknown := sorted(piping.names(one.label, one.label_en) - {*before, *piping.ABOUT}):
        sentence = _("%(name)s: “{%(code)s}” is no question before it, nor one of {case} and {product}.")
        raise no(sentence, code=unknown[0])
    if one.shown_if:
        other = before.get(one.shown_if)
        if other is None or other.kind not in COUNTED:
            raise no(_("%(name)s may depend only on a scale or a list that stands before it."))
        allowed = [value for value, _words in other.shown_choices("zh-hans")]
        if not one.shown_values or set(one.shown_values) - set(allowed):
            words_of = {"name": one.label, "other": other.label, "words": ", ".join(allowed)}
            raise CannotAsk(
                _("%(name)s: say for which answers to “%(other)s” it is asked: %(words)s.") % words_of
            )


def _check_pair(one: Asked, other: Asked | None) -> None:
    if other is None or other is one or other.is_beside or SCALE not in (one.kind, other.kind):
        raise CannotAsk(
            _("%(name)s: an expectation belongs to another scale of the same questionnaire.")
            % {"name": one.label}
        )
    if (one.kind, one.low, one.high) != (other.kind, other.low, other.high):
        raise CannotAsk(
            _("%(name)s: what is expected and what was found are asked on the same scale.")
            % {"name": one.label}
        )


def _check_importance(one: Asked, other: Asked | None) -> None:
    if other is None or other.is_beside or one.expectation_of or {one.kind, other.kind} != {SCALE}:
        raise CannotAsk(
            _("%(name)s: an importance belongs to another scale of the same questionnaire.")
            % {"name": one.label}
        )


def is_asked(one: Asked, asked: Mapping[str, Asked], answers: Mapping[str, str]) -> bool:
    """Whether the answers so far make this a question: what it depends on was asked, and answered so."""
    if not one.shown_if:
        return True
    other = asked.get(one.shown_if)
    return (
        other is not None and is_asked(other, asked, answers) and answers.get(other.code) in one.shown_values
    )


def condition_in_words(one: Asked, asked: Mapping[str, Asked], language: str) -> str:
    """ "Only if “Are you satisfied” is 1 or 2"; blank if it is always asked."""
    other = asked.get(one.shown_if)
    if other is None:
        return ""
    known = dict(other.shown_choices(language))
    words = _(" or ").join(f"“{known.get(each, each)}”" for each in one.shown_values)
    return _("Only if “%(name)s” is %(words)s.") % {"name": other.shown_label(language), "words": words}
