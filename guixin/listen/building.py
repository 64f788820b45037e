"""Questionnaires as somebody builds them: begun from nothing or from the library, drafted, published, withdrawn."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.ledger import record
from guixin.listen.events import QuestionnaireChanged, QuestionnairePublished
from guixin.listen.library import ready
from guixin.listen.models import Question, Questionnaire, QuestionnaireVersion, Wave, WavePlan
from guixin.listen.price_studies import with_currencies
from guixin.listen.questions import SCALE, Asked, CannotAsk, Sheet
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.organisation.models.position import Duty
from guixin.organisation.models.versions import publish_next
from guixin.organisation.pinyin import free_code, new_code

DESCRIBED = ("name", "name_en", "intro", "intro_en", "owner")
LONGEST_NAME = 60
_ARROW = re.compile(r"\s*(?:→|->|>|＞)\s*")


def may_begin(person: Person) -> bool:
    """Administrators, and those who see everything, decide what customers are asked."""
    scope = scope_of(person)
    return scope.sees_everything or scope.has_duty(Duty.ADMINISTRATOR)


def may_edit(owned: Questionnaire | Wave | WavePlan, person: Person) -> bool:
    return owned.owner_id == person.pk or may_begin(person)


@transaction.atomic
def add(
    *, name: str, owner: Person, by: Person | None, now: datetime, code: str = "", begin_from: str = "", **more: Any
) -> Questionnaire:  # fmt: skip
    """A new questionnaire, not asked before its first version is published. `begin_from`: one of the library, whose questions
    become its draft. Without a code one is made of its name."""
    first = ready(begin_from) if begin_from else None
    if first:
        more = {"name_en": first.name_en, "intro": first.intro, "intro_en": first.intro_en} | {
            key: value for key, value in more.items() if value
        }
    values = _described({"name": name, "owner": owner, **more})

    def is_taken(made: str) -> bool:
        return Questionnaire.objects.filter(code=made).exists()

    code = new_code(code, name, values.get("name_en", ""), is_taken, otherwise="questionnaire")
    if is_taken(code):
        raise CannotAsk(_("There is a questionnaire “%s” already.") % code)
    made = Questionnaire.objects.create(code=code, draft=first.sheet.as_json() if first else None, **values)
    _changed(made, "added", by, now)
    return made


@transaction.atomic
def describe(
    questionnaire: Questionnaire, changes: Mapping[str, Any], *, by: Person | None, now: datetime
) -> Questionnaire:
    """Another name, other opening words, another owner. What it asks is drafted and published."""
    questionnaire = questionnaire.held()
    values = _described({name: getattr(questionnaire, name) for name in DESCRIBED} | dict(changes))
    differing = [name for name, value in values.items() if getattr(questionnaire, name) != value]
    if differing:
        for name in differing:
            setattr(questionnaire, name, values[name])
        questionnaire.save(update_fields=differing)
        _changed(questionnaire, "described", by, now)
    return questionnaire


def _described(values: Mapping[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in values.items()
        if name in DESCRIBED
    }
    if not 0 < len(known["name"]) <= LONGEST_NAME:
        raise CannotAsk(_("Give the questionnaire a name of at most %s characters.") % LONGEST_NAME)
    if not known["owner"].is_active:
        raise CannotAsk(_("%s no longer works here and cannot be responsible.") % known["owner"].name)
    return known


# -- the draft -------------------------------------------------------------------------------------------------------


def sheet_to_edit(questionnaire: Questionnaire) -> Sheet:
    """The draft, or what is asked today, which the first edit makes a draft of."""
    if questionnaire.draft is not None:
        return questionnaire.drafted
    version = questionnaire.in_force()
    return version.sheet if version else Sheet()


@transaction.atomic
def keep_draft(
    questionnaire: Questionnaire, sheet: Sheet | Mapping[str, Any], *, by: Person | None, now: datetime,
    read_at: int | None = None,
) -> Questionnaire:  # fmt: skip
    """This is the draft now. `read_at`: the version of the draft it was made from."""
    questionnaire = questionnaire.held(read_at)
    sheet = with_currencies(Sheet.read(sheet.as_json() if isinstance(sheet, Sheet) else sheet))
    _same_scales(questionnaire, sheet)
    questionnaire.put_draft(sheet.as_json(), by=by, now=now)
    return questionnaire


def put_question(
    questionnaire: Questionnaire, said: Mapping[str, Any], *, by: Person | None, now: datetime, read_at: int,
    code: str = "", with_expectation: bool = False,
) -> Questionnaire:  # fmt: skip
    """A question of the draft as it is now, or a new one at the end. The code of one that is there never changes.

    with_expectation   the expectation is asked beside it, on the same scale; without, no longer
    """
    sheet = sheet_to_edit(questionnaire)
    codes = {each.code for each in sheet.questions}
    new = code or _code_for(said, codes)
    one = Asked.read({**said, "code": new})
    questions = [one if each.code == code else each for each in sheet.questions]
    if code not in codes:
        questions.append(one)
    before = next((each for each in questions if each.expectation_of == new), None)
    if before is not None:
        questions.remove(before)
    if with_expectation and one.kind == SCALE:
        own = before.code if before else _code_for({"label_en": f"{new}-expected"}, codes | {new})
        expected = Asked(
            code=own, label=one.label, label_en=one.label_en, low=one.low, high=one.high, required=one.required,
            expectation_of=new,
        )  # fmt: skip
        questions.insert(questions.index(one), expected)
    kept = {each.dimension for each in questions}
    links = {
        name: tuple(each for each in getattr(sheet, name) if kept.issuperset(each))
        for name in ("paths", "gaps")
    }
    return keep_draft(
        questionnaire, replace(sheet, questions=tuple(questions), **links), by=by, now=now, read_at=read_at
    )


def put_links(
    questionnaire: Questionnaire, paths: str, gaps: str, *, by: Person | None, now: datetime, read_at: int | None
) -> Questionnaire:  # fmt: skip
    """What leads to what in the draft, and which dimension was expected and which found: “A > B” on each line."""
    sheet = sheet_to_edit(questionnaire).as_json() | {"paths": _lines(paths), "gaps": _lines(gaps)}
    return keep_draft(questionnaire, sheet, by=by, now=now, read_at=read_at)


def _lines(written: str) -> list[list[str]]:
    return [_ARROW.split(each.strip()) for each in written.splitlines() if each.strip()]


def _code_for(said: Mapping[str, Any], taken: set[str]) -> str:
    return free_code(
        str(said.get("label", "")), str(said.get("label_en", "")), {"new", *taken}.__contains__, otherwise="question"
    )[:40]  # fmt: skip


def move_question(
    questionnaire: Questionnaire, code: str, step: int, *, by: Person | None, now: datetime, read_at: int
) -> Questionnaire:
    """One place up or down; an expectation moves with what it belongs to."""
    sheet = sheet_to_edit(questionnaire)
    blocks: list[list[Asked]] = []
    for each in sheet.questions:
        pair = {each.code, each.is_beside} - {""}
        if blocks and any(pair & {other.code, other.is_beside} for other in blocks[-1]):
            blocks[-1].append(each)
        else:
            blocks.append([each])
    at = next((n for n, block in enumerate(blocks) if any(each.code == code for each in block)), None)
    if at is None or not 0 <= at + step < len(blocks):
        return questionnaire
    blocks[at], blocks[at + step] = blocks[at + step], blocks[at]
    moved = replace(sheet, questions=tuple(each for block in blocks for each in block))
    return keep_draft(questionnaire, moved, by=by, now=now, read_at=read_at)


def drop_question(
    questionnaire: Questionnaire, code: str, *, by: Person | None, now: datetime, read_at: int
) -> Questionnaire:
    """No longer ask it, nor its expectation and importance. What was answered stays."""
    sheet = sheet_to_edit(questionnaire)
    questions = tuple(each for each in sheet.questions if code not in (each.code, each.is_beside))
    kept = {each.dimension for each in questions}
    links = {
        name: tuple(each for each in getattr(sheet, name) if kept.issuperset(each))
        for name in ("paths", "gaps")
    }
    return keep_draft(
        questionnaire, replace(sheet, questions=questions, **links), by=by, now=now, read_at=read_at
    )


@transaction.atomic
def discard_draft(questionnaire: Questionnaire) -> None:
    questionnaire.held().drop_draft()


# -- in force --------------------------------------------------------------------------------------------------------


@transaction.atomic
def publish(
    questionnaire: Questionnaire,
    *,
    by: Person | None,
    now: datetime,
    note: str = "",
    read_at: int | None = None,
) -> QuestionnaireVersion:
    """New waves ask the draft from now on, as the next version. Waves that run go on with theirs."""
    questionnaire = questionnaire.held(read_at)
    if questionnaire.draft is None:
        raise CannotAsk(gettext_lazy("There is no draft to publish."))
    sheet = questionnaire.drafted
    if not sheet.questions:
        raise CannotAsk(gettext_lazy("A questionnaire asks at least one thing."))
    sheet = with_currencies(sheet)
    _same_scales(questionnaire, sheet)
    version = publish_next(questionnaire.versions, by=by, now=now, asks=sheet.as_json(), note=note.strip())
    Question.objects.bulk_create(
        [
            Question(
                questionnaire=questionnaire, code=each.code, kind=each.kind,
                low=each.low if each.kind == SCALE else None, high=each.high if each.kind == SCALE else None,
            )
            for each in sheet.questions
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    questionnaire.drop_draft()
    record(
        QuestionnairePublished(
            happened_at=now, actor_id=by.pk if by else None, about=questionnaire.about,
            questionnaire=questionnaire.code, number=version.number, questions=len(sheet.questions), note=version.note,
        )
    )  # fmt: skip
    return version


def _same_scales(questionnaire: Questionnaire, sheet: Sheet) -> None:
    """A question that was asked before keeps its kind and scale, or its waves could not be compared."""
    known = {each.code: each for each in questionnaire.questions.all()}
    for one in sheet.questions:
        there = known.get(one.code)
        if there is None:
            continue
        ends = (one.low, one.high) if one.kind == SCALE else (None, None)
        if (there.kind, there.low, there.high) != (one.kind, *ends):
            raise CannotAsk(
                _(
                    "“%s” was asked on another scale before. Ask it as a new question, and leave the old one out."
                )
                % one.label
            )


@transaction.atomic
def withdraw(questionnaire: Questionnaire, *, by: Person | None, now: datetime) -> None:
    """No new wave asks it; what was answered stays."""
    if Questionnaire.objects.filter(pk=questionnaire.pk, withdrawn_at=None).update(withdrawn_at=now):
        _changed(questionnaire, "withdrawn", by, now)


@transaction.atomic
def restore(questionnaire: Questionnaire, *, by: Person | None, now: datetime) -> None:
    if Questionnaire.objects.filter(pk=questionnaire.pk).exclude(withdrawn_at=None).update(withdrawn_at=None):
        _changed(questionnaire, "restored", by, now)


def _changed(questionnaire: Questionnaire, change: str, by: Person | None, now: datetime) -> None:
    record(
        QuestionnaireChanged(
            happened_at=now, actor_id=by.pk if by else None, about=questionnaire.about,
            questionnaire=questionnaire.code, questionnaire_change=change,
        )
    )  # fmt: skip
