"""A draft of a standard tried on past cases, before anybody is promised anything by it."""

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Moment
from guixin.channels.api.door import Needs, by, found, now_of
from guixin.channels.api.standards import TermsGiven, standard_called, terms_given
from guixin.organisation.models import Scopes
from guixin.serve import simulating
from guixin.serve.models import Case, Simulation

router = Router(tags=["standards"], auth=Needs(Scopes.STANDARDS_READ, administrators=True))
AT_ONCE = 200


class SimulationGiven(BaseModel):
    """`terms` as they would be published; without them: what a withdrawal would do. The last quarter unless said."""

    model_config = {"extra": "forbid"}
    terms: TermsGiven | None = None
    opened_from: Moment | None = None
    opened_until: Moment | None = None


class FiguresShown(BaseModel):
    """Numbers of promises. `levels`: level, escalations then, under the draft. Shifts in seconds, negative is earlier."""

    key: str | int | None = Field(
        None, description="Department, segment, grade or category; none for the whole."
    )
    changed: int
    late_then: int
    late_now: int
    newly_late: int
    spared: int
    earlier: int
    later: int
    gained: int
    lost: int
    unknown: int
    reminders_then: int
    reminders_now: int
    again_then: int
    again_now: int
    median_shift: float | None
    largest_shift: float | None
    levels: list[tuple[int, int, int]]


class TrialShown(BaseModel):
    id: int
    standard: str | None
    measure: str
    state: str
    problem: str
    opened_from: datetime
    opened_until: datetime
    cases: int
    looked_at: int
    promises: int
    whole: FiguresShown
    by: dict[str, list[FiguresShown]]


class PromiseTried(BaseModel):
    case: str
    department_id: int
    segment_id: int | None
    grade: str
    category: str
    old_due_at: datetime | None
    new_due_at: datetime | None
    old_level: int | None
    new_level: int | None


class PromisesTried(BaseModel):
    promises: list[PromiseTried]
    number: int


def _figures(figures: simulating.Figures, key: Any = None) -> dict:
    said = {name: getattr(figures, name) for name in FiguresShown.model_fields if name != "key"}
    for name in ("median_shift", "largest_shift"):
        said[name] = said[name].total_seconds() if said[name] else None
    return said | {"key": key}


def _shown(run: Simulation) -> dict:
    whole, by_ = simulating.figures(run)
    same = ("measure", "state", "problem", "opened_from", "opened_until", "cases", "looked_at", "promises")
    return {
        "id": run.pk,
        "standard": run.standard.code if run.standard else None,
        **{name: getattr(run, name) for name in same},
        "whole": _figures(whole),
        "by": {
            name.removesuffix("_id"): [_figures(each, key) for key, each in rows]
            for name, rows in by_.items()
        },
    }


def _run(pk: int) -> Simulation:
    return found(Simulation.objects.select_related("standard").filter(pk=pk).first())


@router.post("/standards/{code}/trials", response={201: TrialShown}, summary="Try terms on past cases")
def try_terms(request: HttpRequest, code: str, given: SimulationGiven):
    """Nothing is promised by it. Up to 5,000 cases are done at once; of more a worker takes care: ask again."""
    standard = standard_called(code)
    run = simulating.begin(
        standard.measure, terms_given(given.terms) if given.terms else None, standard=standard,
        opened_from=given.opened_from, opened_until=given.opened_until, by=by(request), now=now_of(request),
    )  # fmt: skip
    return Status(201, _shown(run))


@router.get("/trials/{pk}", response=TrialShown, summary="What a trial found, or how far it is")
def trial(request: HttpRequest, pk: int):
    return _shown(_run(pk))


@router.get(
    "/trials/{pk}/promises", response=PromisesTried, summary="The promises behind one number of a trial"
)
def promises(
    request: HttpRequest,
    pk: int,
    which: str = "changed",
    department: int | None = None,
    segment: int | None = None,
    grade: str | None = None,
    category: str | None = None,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
):
    """The worst first, 200 at a time, of cases you may see. `which` is a name of the figures, or `level_2_now`."""
    run = _run(pk)
    if which not in simulating.LISTS:
        raise Http404(which)
    asked = {"department_id": department, "segment_id": segment, "grade": grade, "category": category}
    within = {name: value for name, value in asked.items() if value is not None}
    rows = simulating.rows_of(run, which, **within).filter(case__in=Case.objects.visible_to(by(request)))
    same = [name for name in PromiseTried.model_fields if name != "case"]
    return {
        "promises": [
            {"case": row.case.number, **{name: getattr(row, name) for name in same}}
            for row in rows[skip : skip + AT_ONCE]
        ],
        "number": rows.count(),
    }
