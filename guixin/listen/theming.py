"""The themes of a wave's open answers, found by a worker with its figures and kept as rows; and what each has, counted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from guixin.ledger.bulk import fetch_rows, insert_rows
from guixin.listen import scores, themes
from guixin.listen.models import Answer, Theme, ThemedAnswer, ThemeSet, Wave
from guixin.listen.questions import SCALE, TEXT, Asked, Sheet
from guixin.listen.weakest import judged
from guixin.web.intervals import wilson

ALIKE = 0.5  # cosine of two lists of words from which a theme is the one of the count before


@dataclass
class Counted:
    """What was found for one question, and the version of the corrections it was found under."""

    of: ThemeSet
    version: int
    answers: list[int]
    known: list[Theme]
    placed: Mapping[int, int | None]
    grouped: themes.Grouped


def open_questions(sheet: Sheet) -> list[Asked]:
    return [each for each in sheet.questions if each.kind == TEXT]


def satisfaction(sheet: Sheet) -> Asked | None:
    """The scale whose mean stands beside a theme: what the wave judges everything by, otherwise its first."""
    scales = [each for each in sheet.questions if each.kind == SCALE and not each.is_beside]
    outcome = {each.code for each in judged(sheet).outcome}
    return next((each for each in scales if each.code in outcome), scales[0] if scales else None)


def find(wave: Wave) -> list[Counted]:
    """For each open question of the wave; nothing is written but a set for each. Seconds for ten thousand answers."""
    asked = {each.code for each in open_questions(wave.version.sheet)}
    found = []
    for question in wave.version.questionnaire.questions.filter(code__in=asked).order_by("pk"):
        of, is_new = ThemeSet.objects.get_or_create(wave=wave, question=question)
        if is_new:
            _begin_as_before(of)
        known = list(of.themes.filter(is_kept=True).order_by("pk"))
        placed = dict(of.placed.filter(by_hand=True).values_list("answer_id", "theme_id"))
        rows = Answer.objects.filter(question=question, response__in=wave.responses.in_figures(wave))
        said = list(rows.exclude(words="").order_by("pk").values_list("pk", "words"))
        grouped = themes.Grouped()
        if len(said) >= themes.LEAST:
            grouped = themes.group([words for _pk, words in said], [each.weights for each in known])
        found.append(Counted(of, of.version, [pk for pk, _words in said], known, placed, grouped))
    return found


def _begin_as_before(of: ThemeSet) -> None:
    """What people corrected in the last wave that asked this is where the next one begins."""
    earlier = ThemeSet.objects.filter(question=of.question_id, wave__opened_at__lt=of.wave.opened_at)
    before = earlier.order_by("-wave__opened_at", "-pk").first()
    if before:
        Theme.objects.bulk_create(
            Theme(of=of, name=each.name, words=each.words, weights=each.weights, is_kept=True)
            for each in before.themes.filter(is_kept=True).order_by("pk")
        )


def keep(found: Counted) -> bool:
    """In a transaction. False if somebody corrected the themes meanwhile: they are found again."""
    of = ThemeSet.objects.select_for_update().get(pk=found.of.pk)
    if of.version != found.version:
        return False
    of.placed.all().delete()
    rows = _themes(of, found)
    of.themes.filter(is_kept=False).exclude(pk__in=[each.pk for each in rows]).delete()
    ids = {each.pk for each in rows} | {each.pk for each in found.known}
    placed = []
    grouped = found.grouped
    for pk, place, fit, also in zip(found.answers, grouped.place, grouped.fit, grouped.also, strict=False):
        if pk in found.placed and (found.placed[pk] is None or found.placed[pk] in ids):
            placed.append((pk, of.pk, found.placed[pk], fit, True))
            continue
        placed.append((pk, of.pk, None if place == themes.OTHER else rows[place].pk, fit, False))
        placed += [(pk, of.pk, rows[other].pk, much, False) for other, much in also]
    insert_rows(
        "listen_themedanswer",
        {"answer_id": "bigint", "of_id": "bigint", "theme_id": "bigint", "fit": "float8", "by_hand": "bool"},
        placed,
    )
    of.answers, of.agreement = len(found.answers), found.grouped.agreement
    of.save(update_fields=["answers", "agreement"])
    count(of)
    return True


def _themes(of: ThemeSet, found: Counted) -> list[Theme]:
    """The rows of what was found, in its order: a theme much like one of the count before is that one still."""
    before = list(of.themes.filter(is_kept=False).order_by("pk"))
    rows = []
    for each in found.grouped.themes:
        typical = None if each.typical is None else found.answers[each.typical]
        if each.known is not None:
            row = found.known[each.known]
            row.typical_id = typical
            row.save(update_fields=["typical"])
        else:
            row = max(before, key=lambda old: _alike(old.weights[0], each.weights[0]), default=Theme(of=of))
            if row in before and _alike(row.weights[0], each.weights[0]) >= ALIKE:
                before.remove(row)
            else:
                row = Theme(of=of)
            row.words, row.weights, row.typical_id = each.words, each.weights, typical
            row.save()
        rows.append(row)
    return rows


def _alike(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    def length(of: Mapping[str, float]) -> float:
        return sum(weight * weight for weight in of.values()) ** 0.5

    both = sum(weight * other.get(word, 0) for word, weight in one.items())
    return both / (length(one) * length(other) or 1)


# How often each point of a scale was given beside the answers of a theme; without a point, by whoever did not answer it.
_POINTS = """
    SELECT p.theme_id, s.value, count(*) FROM listen_themedanswer p
    JOIN listen_answer a ON a.id = p.answer_id
    LEFT JOIN listen_answer s ON s.response_id = a.response_id AND s.question_id = %(scale)s::bigint
    WHERE p.of_id = %(of)s::bigint GROUP BY 1, 2
"""


def count(of: ThemeSet) -> None:
    """What each theme has, from the rows. The satisfaction of a theme in an anonymous wave is told to nobody: an answer that is moved
    would show its own by what it changes."""
    asked = satisfaction(of.wave.version.sheet)
    known = of.wave.version.questionnaire.questions
    scale = known.filter(code=asked.code).values_list("pk", flat=True).first() if asked else None
    points: dict[int, dict[Any, int]] = {}
    for theme, value, number in fetch_rows(_POINTS, {"of": of.pk, "scale": scale or 0}):
        points.setdefault(theme, {})[value] = number
    rows = list(of.themes.all())
    for each in rows:
        here = points.get(each.pk, {})
        number = sum(here.values())
        given = {point: n for point, n in here.items() if point is not None}
        each.figures = {
            "n": number,
            "share": [number / of.answers, *wilson(number, of.answers)] if of.answers else None,
            "mean": None if of.wave.is_anonymous else scores.mean(given),
        }
    Theme.objects.bulk_update(rows, ["figures"])


@dataclass(frozen=True)
class Told:
    """The themes of one question, the largest first. `others`: how many answers fit none."""

    of: ThemeSet
    asked: Asked
    themes: list[Theme]
    others: int

    @property
    def agreement(self) -> float | None:
        return self.of.agreement


def themes_of(wave: Wave) -> list[Told]:
    """Of every open question that was counted, in the order they are asked."""
    sets = {each.question.code: each for each in wave.theme_sets.select_related("question", "wave")}
    found = []
    for asked in open_questions(wave.version.sheet):
        if of := sets.get(asked.code):
            rows = sorted(
                of.themes.select_related("typical"), key=lambda each: (-each.figures.get("n", 0), each.pk)
            )
            found.append(Told(of, asked, rows, of.placed.filter(theme=None).count()))
    return found


def also_about(of: ThemeSet, answers: Collection[int], theme: Theme | None) -> dict[int, list[str]]:
    """By answer, what else it speaks of than this."""
    found: dict[int, list[str]] = {}
    rows = of.placed.filter(answer__in=answers).exclude(theme=None).select_related("theme")
    for each in rows.order_by("-fit", "pk"):
        if each.theme and each.theme != theme:
            found.setdefault(each.answer_id, []).append(each.theme.called)
    return found


def answers_in(of: ThemeSet, theme: Theme | None) -> Any:
    """The answers of a theme, or the others; what says most of it first, which of an anonymous wave tells no order."""
    rows = ThemedAnswer.objects.filter(of=of, theme=theme).select_related("answer__response")
    return rows.order_by("-fit", "answer_id")


def answers_plainly(of: ThemeSet) -> Any:
    """All of them, where there are too few for themes: of an anonymous wave in the order of their words."""
    wave = of.wave
    rows = Answer.objects.filter(question=of.question_id, response__in=wave.responses.in_figures(wave))
    rows = rows.exclude(words="").select_related("response")
    return rows.order_by("words", "pk") if wave.is_anonymous else rows.order_by("-pk")
