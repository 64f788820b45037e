"""Classification, causes and surges: the firm's lists of words, suggestions, Pareto and trend, alarms."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, ConfigDict, Field

from guixin.channels.api.answers import Id, Input, Said, Small, Word
from guixin.channels.api.cases import Severity
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import case_called, case_to_serve, department_named
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Scopes
from guixin.serve import causes, classifying, queues, suggesting, surges
from guixin.serve import terms as words
from guixin.serve.models import Case, Closing, Surge, Term
from guixin.serve.overview import may_oversee

router = Router(tags=["causes"], auth=Needs(Scopes.CASES_READ))
serving = Needs(Scopes.CASES_WRITE)
setting_up = Needs(Scopes.ORGANISATION_WRITE, administrators=True)


# -- lists of words ------------------------------------------------------------------------------------------------


class TermShown(BaseModel):
    """`code` is a path: "quality/colour" stands under "quality" and never changes."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    list: str
    code: str
    name: str
    name_en: str
    retired_at: datetime | None


class TermGiven(Input):
    list: Literal["category", "quality_point", "cause"]
    name: Said
    name_en: Word = ""
    under: Word = Field("", description="Code of the word it stands under.")


class TermEdited(Input):
    """What is left out stays. A retired word is offered no more; old cases keep it."""

    name: Said | None = None
    name_en: Word | None = None
    retired: bool | None = None


@router.get("/terms", response=list[TermShown], summary="The firm's lists of words")
def listed_terms(request: HttpRequest, list: Word = ""):
    """Categories, quality points and causes; `list` for one of them. Retired words are among them."""
    rows = Term.objects.order_by("list", "code")
    return rows.filter(list=list) if list else rows


@router.post("/terms", response={201: TermShown}, auth=setting_up, summary="Add a word")
def add_term(request: HttpRequest, given: TermGiven):
    made = words.add_term(
        given.list, given.name, name_en=given.name_en, under=given.under, by=by(request), now=now_of(request)
    )
    return Status(201, made)


@router.patch(
    "/terms/{term_id}", response=TermShown, auth=setting_up, summary="Rename, retire or bring back a word"
)
def edit_term(request: HttpRequest, term_id: Id, given: TermEdited):
    term, who, now = get_object_or_404(Term, pk=term_id), by(request), now_of(request)
    if given.name is not None or given.name_en is not None:
        name = term.name if given.name is None else given.name
        name_en = term.name_en if given.name_en is None else given.name_en
        words.rename_term(term, name=name, name_en=name_en, by=who, now=now)
    if given.retired is True:
        words.retire_term(term, by=who, now=now)
    elif given.retired is False:
        words.bring_back_term(term, by=who, now=now)
    return Term.objects.get(pk=term.pk)


# -- one case ------------------------------------------------------------------------------------------------------


class OptionShown(BaseModel):
    code: str
    probability: float


class SuggestionShown(BaseModel):
    """`options`: up to three, the likeliest first; none with `why_not` few, no_better or unsure. `right` of `held_out` later
    cases: where it was sure enough to say something."""

    field: str
    options: list[OptionShown]
    why_not: str
    cases: int
    right: int
    held_out: int


class ClassificationShown(BaseModel):
    """Of the last closing. `suggested`: what was suggested then, by field."""

    case: str
    generation: int
    version: int
    department: str | None
    quality_point: str
    cause: str
    severity: int | None
    suggested: dict[str, OptionShown]


class ClassificationGiven(Input):
    """The whole of it. `version` as it was read."""

    version: Small
    reason: Said
    department: Word | None = Field(None, description="Code of the responsible department.")
    quality_point: Word = ""
    cause: Word = ""
    severity: Severity | None = None


@router.get(
    "/cases/{number}/suggestions",
    response=list[SuggestionShown],
    summary="Suggestions for its classification",
)
def suggestions_for(request: HttpRequest, number: str):
    """From its words, as closed cases teach. A person decides."""
    case = case_called(request, number)
    return [_suggestion(each) for each in suggesting.suggest(case).values()]


def _suggestion(each: suggesting.Suggestion) -> dict[str, Any]:
    options = [{"code": code, "probability": chance} for code, chance in each.options]
    return {name: getattr(each, name) for name in ("field", "why_not", "cases", "right", "held_out")} | {
        "options": options
    }  # fmt: skip


@router.get("/cases/{number}/classification", response=ClassificationShown, summary="What it was closed with")
def classification(request: HttpRequest, number: str):
    """Of a case that was never closed `generation` and `version` are 0."""
    case = case_called(request, number)
    return _classification(case, classifying.latest_closing(case))


@router.put(
    "/cases/{number}/classification",
    response=ClassificationShown,
    auth=serving,
    summary="Correct its classification",
)
def correct(request: HttpRequest, number: str, given: ClassificationGiven):
    """What it said before stays in the ledger. 409 if somebody has corrected it since it was read."""
    case = case_to_serve(request, number)
    said = classifying.Classification(
        department_named(given.department) if given.department else None,
        given.quality_point, given.cause, given.severity,
    )  # fmt: skip
    closing = classifying.reclassify(
        case, said, reason=given.reason, version=given.version, by=by(request), now=now_of(request)
    )
    return _classification(case, closing)


def _classification(case: Case, closing: Closing | None) -> dict[str, Any]:
    if closing is None:
        nothing = classifying.Classification().plain() | {"department": None, "suggested": {}}
        return nothing | {"case": case.number, "generation": 0, "version": 0}
    suggested = {
        field: {"code": code, "probability": chance}
        for field, (code, chance) in (closing.suggested or {}).items()
    }
    return classifying.Classification.of(closing).plain() | {
        "case": case.number, "generation": closing.generation, "version": closing.version, "suggested": suggested,
        "department": closing.department.code if closing.department else None,
    }  # fmt: skip


# -- how good the suggestions are ----------------------------------------------------------------------------------


class FoundShown(BaseModel):
    code: str
    there: int
    found: int


class AccuracyShown(BaseModel):
    """On `held_out` later cases that were not learnt from: `right` if it always spoke, `said` sure enough, `said_right` of
    these; `commonest_right` by always saying the commonest. In use: `accepted` of `suggested` closings."""

    field: str
    learnt_at: datetime | None
    cases: int
    needed: int
    is_offered: bool
    learnt_from: int
    held_out: int
    right: int
    among_three: int
    said: int
    said_right: int
    commonest_right: int
    brier: float
    classes: list[FoundShown]
    suggested: int
    accepted: int


@router.get("/classification", response=list[AccuracyShown], summary="How good the suggestions are")
def accuracy(request: HttpRequest):
    """For supervisors and above, and the front desk."""
    must(may_oversee(by(request)))
    newest, taken = suggesting.newest(), suggesting.taken()
    shown = []
    for field in suggesting.FIELDS:
        model = newest.get(field)
        measured = (model.measured if model else {}) or {}
        numbers = (
            "learnt_from",
            "held_out",
            "right",
            "among_three",
            "said",
            "said_right",
            "commonest_right",
            "brier",
        )
        of_class = measured.get("of_class") or {}
        shown.append(
            {name: measured.get(name, 0) for name in numbers}
            | {
                "field": field, "learnt_at": model.learnt_at if model else None, "cases": model.cases if model else 0,
                "needed": suggesting.LEAST_CASES, "is_offered": bool(model and model.is_offered),
                "classes": [{"code": code, "there": n, "found": hits} for code, (n, hits) in of_class.items()],
                "suggested": taken[field].suggested, "accepted": taken[field].accepted,
            }
        )  # fmt: skip
    return shown


# -- Pareto and trend ----------------------------------------------------------------------------------------------


class CausesAsked(Input):
    """Days as 2026-03-04, both included; without them the last twelve weeks. `kind` blank: every kind."""

    by: Literal["quality_point", "cause", "department", "product", "category"] = "quality_point"
    weight: Literal["cases", "customers", "severity"] = "cases"
    kind: Word = Case.Kind.COMPLAINT.value
    first: Word = ""
    last: Word = ""

    def read(self, now: datetime) -> causes.Asked:
        return causes.Asked.read(
            now, by=self.by, weight=self.weight, kind=self.kind, first=self.first, last=self.last
        )


class BehindAsked(CausesAsked):
    value: Word = Field("", description="A code, a product; blank: what is not classified.")
    after: Word = ""


class BarShown(BaseModel):
    """`weeks`: cases in each of the answer's weeks; only of the five heaviest."""

    value: str
    name: str
    cases: int
    customers: int
    severity: int
    share: float
    together: float
    weeks: list[int] | None


class CausesShown(BaseModel):
    """`weeks`: their Mondays; the first and the last may be cut by the days asked for."""

    by: str
    weight: str
    first: date
    last: date
    total: int
    unclassified: int
    weeks: list[date]
    bars: list[BarShown]


class CauseCase(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    number: str
    subject: str
    state: str
    opened_at: datetime


class CauseCases(BaseModel):
    cases: list[CauseCase]
    after: str | None


@router.get("/causes", response=CausesShown, summary="Pareto and trend of the causes")
def pareto(request: HttpRequest, asked: Query[CausesAsked]):
    """The heaviest first, over the cases the caller may see. For supervisors and above, and the front desk."""
    must(may_oversee(by(request)))
    wanted = asked.read(now_of(request))
    seen = causes.pareto(wanted, by(request))
    bars = [
        {
            name: getattr(bar, name)
            for name in ("value", "cases", "customers", "severity", "share", "together")
        }
        | {"name": bar.words, "weeks": seen.trend.get(bar.value)}
        for bar in seen.bars
    ]
    return {
        "by": wanted.by, "weight": wanted.weight, "first": wanted.first, "last": wanted.last, "total": seen.total,
        "unclassified": seen.unclassified.cases if seen.unclassified else 0, "weeks": list(seen.weeks), "bars": bars,
    }  # fmt: skip


@router.get("/causes/cases", response=CauseCases, summary="The cases behind one number of the causes")
def behind(request: HttpRequest, asked: Query[BehindAsked]):
    """Exactly those counted, fifty a page, the newest first."""
    must(may_oversee(by(request)))
    rows = causes.cases_behind(asked.read(now_of(request)), asked.value, by(request))
    page = queues.page_of(queues.Listed(rows, order=("-opened_at",)), asked.after or None)
    return {"cases": page.rows, "after": page.after}


# -- surges --------------------------------------------------------------------------------------------------------


class SurgeShown(BaseModel):
    """`observed` independent reports on the worst day, `expected` usual, alarm from `limit` on, `chance` without a cause."""

    id: int
    dimension: str
    value: str
    name: str
    day: date
    last_day: date
    observed: int
    expected: float
    limit: int
    chance: float
    baseline_days: int
    baseline_seen: int
    scatter: float
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by_id: int | None
    done: str
    case_count: int


class SurgeWithCases(SurgeShown):
    """`cases`: numbers of those the caller may see, the newest 500."""

    cases: list[str]


class AcknowledgementGiven(Input):
    done: Said


def _surge(row: Surge) -> dict[str, Any]:
    cell = (row.dimension, row.value)
    left_out = ("name", "case_count", "cases")
    said = {name: getattr(row, name) for name in SurgeShown.model_fields if name not in left_out}
    return said | {"name": surges.called([cell])[cell], "case_count": len(row.cases)}


@router.get("/surges", response=list[SurgeShown], summary="Alarms over more cases than usual")
def listed_surges(request: HttpRequest, waiting: bool = False):
    """The latest 200 the caller was told of or may see; `waiting`: those nobody has acknowledged."""
    rows = Surge.objects.visible_to(by(request))
    return [_surge(row) for row in (rows.waiting() if waiting else rows).order_by("-pk")[:200]]


@router.get("/surges/{surge_id}", response=SurgeWithCases, summary="One alarm, with its cases")
def shown_surge(request: HttpRequest, surge_id: Id):
    row = get_visible_or_404(Surge.objects, by(request), pk=surge_id)
    cases = Case.objects.visible_to(by(request)).filter(pk__in=row.cases).order_by("-opened_at", "-pk")
    return _surge(row) | {"cases": list(cases.values_list("number", flat=True)[:500])}


@router.post(
    "/surges/{surge_id}/acknowledgement",
    response=SurgeShown,
    auth=serving,
    summary="Say what was done about it",
)
def acknowledge_surge(request: HttpRequest, surge_id: Id, given: AcknowledgementGiven):
    """Once; a worse day raises it again."""
    row = get_visible_or_404(Surge.objects, by(request), pk=surge_id)
    must(may_oversee(by(request)))
    return _surge(surges.acknowledge(row, given.done, by=by(request), now=now_of(request)))
