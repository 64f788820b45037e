"""Handing over the work of a colleague, as on the pages: whose, what would happen, doing it, taking it back."""

from datetime import datetime
from typing import Annotated

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Input, PersonShown, Word, person
from guixin.channels.api.door import Needs, by, now_of
from guixin.channels.api.finding import person_named
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Person, Scopes
from guixin.serve import bulk_changes, handing_over
from guixin.serve.handing_over import Colleague
from guixin.serve.models import BulkChange, BulkItem

router = Router(tags=["handing over"], auth=Needs(Scopes.CASES_WRITE))
reading = Needs(Scopes.CASES_READ)


class ColleagueShown(BaseModel):
    person: PersonShown
    login: str
    title: str
    cases: int
    tasks: int
    away_until: datetime | None


class StaysShown(BaseModel):
    kind: str
    id: int
    case_id: int | None
    reason: str


class HandoverShareShown(BaseModel):
    person: PersonShown
    things: dict[str, int] = Field(description="Of each kind, how many: case, task, contact, wave …")


class HandoverShown(BaseModel):
    """What handing over would do. `receivers`: who could take it, the deputy first."""

    whole: dict[str, int]
    receivers: list[ColleagueShown]
    shares: list[HandoverShareShown]
    stays: list[StaysShown]


class ThingsHandedOver(Input):
    to: list[Word] = Field(min_length=1, max_length=100, description="Logins; several share it out.")
    for_good: bool = Field(
        False, description="Also what nothing waits for: customers, segments, series, studies, surveys …"
    )


class BulkShown(BaseModel):
    """One act on many things. `states`: how many are waiting, done, refused, undone, kept."""

    id: int
    act: str
    state: str
    by: PersonShown | None
    made_at: datetime
    done_at: datetime | None
    undone_at: datetime | None
    may_undo: bool
    states: dict[str, int]
    refused: list[StaysShown]


MOST = 200  # refusals that are listed


def _colleague(each: Colleague) -> dict:
    return {
        "person": person(each.person), "login": each.person.login, "title": each.title, "cases": each.load.cases,
        "tasks": each.load.tasks, "away_until": each.absence.to_at if each.absence else None,
    }  # fmt: skip


def _absent(request: HttpRequest, login: str) -> Person:
    absent = get_object_or_404(Person, login=login)
    if not handing_over.may_hand_over(absent, by(request), now_of(request)):
        raise Http404(login)
    return absent


def _change(request: HttpRequest, pk: int) -> BulkChange:
    return get_visible_or_404(BulkChange.objects.select_related("by"), by(request), pk=pk)


def _shown(change: BulkChange, request: HttpRequest) -> dict:
    said = {name: getattr(change, name) for name in ("act", "state", "made_at", "done_at", "undone_at")}
    problems = change.items.filter(state__in=[BulkItem.State.REFUSED, BulkItem.State.KEPT]).order_by("pk")
    return said | {
        "id": change.pk,
        "by": person(change.by),
        "may_undo": bulk_changes.may_undo(change, by(request)),
        "states": bulk_changes.tally(change),
        "refused": [
            {"kind": each.about_kind, "id": each.about_id, "case_id": each.case_id, "reason": each.reason}
            for each in problems[:MOST]
        ],
    }


@router.get("/handovers", response=list[ColleagueShown], auth=reading, summary="Whose work I may hand over")
def whose_work(request: HttpRequest):
    """Those who have any or are away: the absent first, the fullest desk first."""
    return [_colleague(each) for each in handing_over.whose_work(by(request), now_of(request))]


@router.get("/handovers/{login}", response=HandoverShown, auth=reading, summary="What handing over would do")
def plan(
    request: HttpRequest,
    login: str,
    to: Annotated[list[Word] | None, Query(max_length=100)] = None,
    for_good: bool = False,
):
    """Nothing happens yet. Without `to`: for the first who could take it, who is the deputy where there is one."""
    absent, now = _absent(request, login), now_of(request)
    near = handing_over.receivers_for(absent, now)
    takers = [person_named(each) for each in to] if to else [each.person for each in near[:1]]
    what = bulk_changes.plan_handing_over(absent, takers, now=now, for_good=for_good)
    shares = what.shares()
    return {
        "whole": what.whole,
        "receivers": [_colleague(each) for each in near],
        "shares": [
            {"person": person(each), "things": shares[each.pk]} for each in takers if each.pk in shares
        ],
        "stays": [
            {"kind": held.kind, "id": held.pk, "case_id": held.case_id, "reason": reason}
            for held, reason in what.refused.items()
        ],
    }


@router.post("/handovers/{login}", response={201: BulkShown}, summary="Hand the work over")
def hand_over(request: HttpRequest, login: str, given: ThingsHandedOver):
    """In one act; each receiver is told once and no deadline moves. More than 500 things are a worker's: ask again."""
    change = bulk_changes.hand_over_all(
        _absent(request, login), [person_named(each) for each in given.to], by=by(request), now=now_of(request),
        for_good=given.for_good,
    )  # fmt: skip
    return Status(201, _shown(change, request))


@router.get("/bulk/{pk}", response=BulkShown, auth=reading, summary="How far a change of many things is")
def bulk_change(request: HttpRequest, pk: int):
    return _shown(_change(request, pk), request)


@router.post("/bulk/{pk}/undoing", response=BulkShown, summary="Take a change of many things back")
def undo(request: HttpRequest, pk: int):
    """What nobody changed since goes back; the rest is listed with its reason."""
    change = bulk_changes.undo(_change(request, pk), by=by(request), now=now_of(request))
    return _shown(change, request)
