"""What a wave says to one department: the questions about it, what those answered whose case it worked on, what changed, its own short
plank, and the answers it may read."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, Value

from guixin.listen import behind, comparing
from guixin.listen.answering import answers_of_all
from guixin.listen.behind import Which
from guixin.listen.models import Answer, GroupFigures, Response, Wave
from guixin.listen.questions import SCALE, TEXT
from guixin.listen.results import Change, Results, changes_told, plank_in_words, results
from guixin.listen.theming import satisfaction
from guixin.listen.weakest import LOW
from guixin.organisation.models import Department, Person
from guixin.serve.customers import ids_visible_to
from guixin.serve.models import Case
from guixin.understand.masking import mask_within

MOST = 40


@dataclass(frozen=True)
class Figure:
    """One question. `whole`, `here`: [mean, low, high] of the wave and of the department's own responses; `is_ours`: it is asked about
    this department; `change`: of what is told first, against the wave before, in words."""

    code: str
    name: str
    high: int
    is_ours: bool
    whole: list[float] | None
    here: list[float] | None
    change: Change | None


@dataclass(frozen=True)
class Said:
    """One response it may read: the point of satisfaction, whether that is low, and what was written, masked."""

    response: Response
    point: int | None
    is_low: bool
    words: list[str]
    case: str | None


@dataclass
class DepartmentResults:
    """`responses`: none where it worked for too few to tell; `plank_words`: what its own responses name as the short plank and how
    sure that is, otherwise (`plank_is_own` false) what all of them name, and whether that is asked about it."""

    wave: Wave
    department: Department
    responses: int | None
    figures: list[Figure] = field(default_factory=list)
    since: Wave | None = None
    plank_words: str = ""
    plank_is_own: bool = False
    plank_is_ours: bool = False


def of_department(wave: Wave, department: Department, language: str) -> DepartmentResults:
    found = results(wave)
    group = _group(wave, department)
    before = comparing.wave_before(wave)
    earlier = _group(before, department) if before else None
    here = (group.figures or {}) if group else {}
    whole_changes = {each.code: each for each in changes_told(found, language)}
    changes = _changes_here(found, here, earlier, language)
    figures = []
    for one in found.sheet.questions:
        whole = found.figures.get("questions", {}).get(one.code, {}).get("mean")
        mine = (here.get("questions") or {}).get(one.code, {}).get("mean")
        is_ours = one.department == department.code
        if one.kind == SCALE and not one.is_beside and (mine or (is_ours and whole)):
            change = changes.get(one.code) if mine else whole_changes.get(one.code)
            name = found.question_words(one.code, language)
            figures.append(Figure(one.code, name, one.high, is_ours, whole, mine, change))
    own = here.get("plank") or {}
    is_own = own.get("worst") is not None
    plank = own if is_own else found.plank
    worst = found.sheet.by_code.get(plank.get("worst") or "")
    return DepartmentResults(
        wave, department, group.responses if group else None,
        sorted(figures, key=lambda each: not each.is_ours),
        before if any(each.change for each in figures) else None,
        plank_in_words(plank, lambda code: found.question_words(code, language)) if worst else "",
        is_own,
        worst is not None and worst.department == department.code,
    )  # fmt: skip


def _group(wave: Wave, department: Department) -> GroupFigures | None:
    return wave.groups.filter(by="department", key=str(department.pk)).first()


def _changes_here(
    found: Results, here: dict[str, Any], earlier: GroupFigures | None, language: str
) -> dict[str, Change]:
    before = ((earlier.figures or {}) if earlier else {}).get("questions", {})
    if not before or not here:
        return {}
    told = comparing.changes(found.sheet, here.get("questions", {}), before)
    only = Results(found.wave, found.sheet, {"change": {"questions": told}})
    return {each.code: each for each in changes_told(only, language)}


def said_to(wave: Wave, department: Department, person: Person, *, at_most: int = MOST) -> list[Said]:
    """Low scores and what was written, the low ones first, of the department's own cases and visits, as far as this person may see
    them. Nothing of an anonymous wave: no answer leads to a department."""
    if wave.is_anonymous:
        return []
    scale, sheet = satisfaction(wave.version.sheet), wave.version.sheet
    texts = [each.code for each in sheet.questions if each.kind == TEXT]
    line = scale.low + LOW * (scale.high - scale.low) if scale else 0
    given = Answer.objects.filter(response=OuterRef("pk"))
    low: Any = Value(False)
    if scale:
        low = Exists(given.filter(question__code=scale.code, value__lt=line))
    written = Exists(given.filter(question__code__in=texts).exclude(words=""))
    rows = behind.responses_behind(wave, Which(by="department", key=str(department.pk)))
    rows = rows.annotate(is_low=low).filter(Q(is_low=True) | Q(written))
    seen = Q(case__in=Case.objects.visible_to(person)) | Q(case=None)
    lowest_first = rows.filter(seen).select_related("customer", "case").order_by("-is_low", "-pk")
    here = list(lowest_first[: 2 * at_most])
    customers = ids_visible_to(person, [each.customer_id for each in here if each.customer_id])
    here = [each for each in here if each.case_id or each.customer_id in customers][:at_most]
    answers = answers_of_all([each.pk for each in here])
    found = []
    for each in here:
        said = answers.get(each.pk, {})
        point = said.get(scale.code) if scale else None
        found.append(
            Said(
                each, int(point) if point else None, bool(scale and point and int(point) < line),
                [mask_within(said[code]) for code in texts if said.get(code)], each.case.number if each.case else None,
            )
        )  # fmt: skip
    return found
