"""What the open answers of waves are about, for programs: themes, their answers, and correcting them."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import BaseModel

from guixin.channels.api.answers import Id, Input, Word
from guixin.channels.api.door import by, now_of
from guixin.channels.api.finding import NotThere
from guixin.channels.api.waves import called, changing, router, to_edit
from guixin.listen import correcting_themes, theming
from guixin.listen.groups import FEWEST
from guixin.listen.models import Theme, ThemedAnswer, Wave
from guixin.understand.masking import mask_within

PAGE = 100


class ThemeShown(BaseModel):
    """`answers`: that speak of it, some of them of others too; `share`: of all answers, with its 95 % interval; `mean`: of the satisfaction of whoever gave them, null where nothing can be
    told and always of an anonymous wave. `name` is blank where nobody named it: it is called by its words."""

    id: int
    name: str
    words: list[str]
    answers: int
    share: list[float] | None
    mean: list[float] | None
    typical: str


class ThemesOfQuestion(BaseModel):
    """The largest first, none below twenty answers. `agreement`: the share of answers that two halves put into the same theme;
    `others`: how many fit none."""

    question: str
    label: str
    answers: int
    agreement: float | None
    themes: list[ThemeShown]
    others: int


class WaveThemes(BaseModel):
    questions: list[ThemesOfQuestion]


class OpenAnswer(BaseModel):
    """`words` with addresses and long numbers masked; `response` null in an anonymous wave."""

    id: int
    words: str
    theme: int | None
    by_hand: bool
    response: int | None


class OpenAnswers(BaseModel):
    """What says most of the theme first. `after`: send it as `begin` to go on, null at the end."""

    answers: list[OpenAnswer]
    after: int | None


class ThemeName(Input):
    """Blank: it is called by its words again."""

    name: Word = ""


class ThemeMerge(Input):
    into: Id


class AnswerPlace(Input):
    """`theme` null: it fits none of them."""

    theme: Id | None


def _language() -> str:
    return get_language() or "zh-hans"


def _shown(theme: Theme) -> dict[str, Any]:
    return {
        "id": theme.pk, "name": theme.name, "words": theme.words, "answers": theme.figures.get("n", 0),
        "share": theme.figures.get("share"), "mean": theme.figures.get("mean"),
        "typical": mask_within(theme.typical.words) if theme.typical else "",
    }  # fmt: skip


def _theme(wave: Wave, pk: int) -> Theme:
    found = Theme.objects.filter(of__wave=wave, pk=pk).select_related("typical", "of").first()
    if found is None:
        raise NotThere(_("There is no such theme."))
    return found


def _answer(placed: ThemedAnswer, wave: Wave) -> dict[str, Any]:
    return {
        "id": placed.answer_id, "words": mask_within(placed.answer.words), "theme": placed.theme_id,
        "by_hand": placed.by_hand, "response": None if wave.is_anonymous else placed.answer.response_id,
    }  # fmt: skip


@router.get("/waves/{code}/themes", response=WaveThemes, summary="What the open answers of a wave are about")
def themes(request: HttpRequest, code: str):
    wave = called(request, code)
    return {
        "questions": [
            {
                "question": each.asked.code, "label": each.asked.shown_label(_language()),
                "answers": 0 if wave.is_anonymous and each.of.answers < FEWEST else each.of.answers,
                "agreement": each.agreement, "themes": [_shown(one) for one in each.themes], "others": each.others,
            }
            for each in theming.themes_of(wave)
        ]
    }  # fmt: skip


@router.get(
    "/waves/{code}/themes/{int:theme_id}/answers", response=OpenAnswers, summary="The answers of a theme"
)
def answers(request: HttpRequest, code: str, theme_id: Id, begin: Id | None = None):
    wave = called(request, code)
    theme = _theme(wave, theme_id)
    rows = list(theming.answers_in(theme.of, theme)[begin or 0 : (begin or 0) + PAGE + 1])
    return {
        "answers": [_answer(each, wave) for each in rows[:PAGE]],
        "after": (begin or 0) + PAGE if len(rows) > PAGE else None,
    }


@router.get(
    "/waves/{code}/questions/{question}/others", response=OpenAnswers, summary="The answers that fit no theme"
)
def others(request: HttpRequest, code: str, question: str, begin: Id | None = None):
    wave = called(request, code)
    of = wave.theme_sets.filter(question__code=question).first()
    if of is None:
        raise NotThere(_("This wave does not ask “%s” in their own words.") % question)
    rows = list(theming.answers_in(of, None)[begin or 0 : (begin or 0) + PAGE + 1])
    return {
        "answers": [_answer(each, wave) for each in rows[:PAGE]],
        "after": (begin or 0) + PAGE if len(rows) > PAGE else None,
    }


@router.put("/waves/{code}/themes/{int:theme_id}", auth=changing, response=ThemeShown, summary="Name a theme")
def name(request: HttpRequest, code: str, theme_id: Id, given: ThemeName):
    theme = _theme(to_edit(request, code), theme_id)
    return _shown(correcting_themes.name(theme, given.name, by=by(request), now=now_of(request)))


@router.post(
    "/waves/{code}/themes/{int:theme_id}/merging", auth=changing, response=ThemeShown, summary="Merge a theme into another"
)  # fmt: skip
def merge(request: HttpRequest, code: str, theme_id: Id, given: ThemeMerge):
    wave = to_edit(request, code)
    theme, into = _theme(wave, theme_id), _theme(wave, given.into)
    into = correcting_themes.merge(theme, into, by=by(request), now=now_of(request))
    return _shown(_theme(wave, into.pk))


@router.put(
    "/waves/{code}/open-answers/{int:answer_id}", auth=changing, response=OpenAnswer, summary="Say which theme an answer belongs to"
)  # fmt: skip
def move(request: HttpRequest, code: str, answer_id: Id, given: AnswerPlace):
    wave = to_edit(request, code)
    placed = ThemedAnswer.objects.filter(of__wave=wave, answer=answer_id).order_by("-fit", "pk").first()
    if placed is None:
        raise NotThere(_("There is no such answer."))
    theme = None if given.theme is None else _theme(wave, given.theme)
    return _answer(correcting_themes.move(placed, theme, by=by(request), now=now_of(request)), wave)
