"""One way to answer with a page: the rail with its numbers, the database's time, and nothing kept by caches."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from guixin.desks.areas import AREAS, AreaPage, area_row
from guixin.desks.live import live_address
from guixin.desks.pages.access import SignedIn
from guixin.ledger.clock import database_now
from guixin.organisation.access import Scope, scope_of
from guixin.serve import queues, saved_views
from guixin.serve.models import Case
from guixin.serve.overview import may_oversee, sees_all


@dataclass(frozen=True)
class RailLink:
    """`key` is what presses it, a chord of two like "g h"; `number` how many wait there, from a counter."""

    address: str
    words: object
    icon: str
    number: int | str | None = None
    key: str = ""

    @property
    def count_id(self) -> str:
        """Where its number stands on the page, to be replaced when it moves."""
        return f"count{re.sub('[^a-z0-9]+', '-', self.address)}"


@dataclass(frozen=True)
class RailGroup:
    """`needs_words`: its icons say nothing alone, so the narrow rail beside a case leaves it out."""

    words: object
    links: list[RailLink]
    needs_words: bool = False


@dataclass(frozen=True)
class Rail:
    groups: list[RailGroup]
    may_take_in: bool
    may_administrate: bool
    area_pages: list[AreaPage]  # what areas hold besides the page their entry leads to; for the palette


def rail(person, now: datetime | None = None, *, numbered: bool = True) -> Rail:
    """Where this person can go. The numbers come from counters, never from counting; the palette shows none."""
    scope = scope_of(person)
    first = [RailLink("/", _("Today"), "today", key="g h"), *_board(person)]
    area_pages: list[AreaPage] = []
    for area in AREAS:
        if pages := area.pages_of(scope):
            first.append(RailLink(pages[0].address, area.words, area.icon, key=area.key))
            area_pages += pages[1:]
    groups = [
        RailGroup("", first),
        RailGroup(_("Lists"), _lists(scope, queues.numbers(person) if numbered else {})),
        RailGroup(
            _("Views"),
            _views(
                saved_views.in_rail(person, now or database_now())
                if numbered
                else saved_views.beside_lists(person)
            ),
            needs_words=True,
        ),
    ]
    may_administrate = scope.may_administrate
    if may_administrate:
        groups.append(RailGroup(_("Set-up"), [RailLink("/admin/", _("Administration"), "pulse")]))
    return Rail(groups, sees_all(scope), may_administrate, area_pages)


def _board(person) -> list[RailLink]:
    if not may_oversee(person):
        return []
    return [
        RailLink("/now", _("Now board"), "pulse", key="g n"),
        RailLink("/handovers", _("Hand over"), "swap"),
    ]


def _lists(scope: Scope, numbers: dict[str, int]) -> list[RailLink]:
    links = [
        RailLink("/queues/mine", _("My cases"), "mine", numbers.get("mine"), key="g q"),
        *_asleep(numbers.get("snoozed")),
        RailLink("/queues/my-tasks", _("My tasks"), "check", numbers.get("my_tasks")),
        RailLink("/queues/tasks", _("Department tasks"), "team", numbers.get("department_tasks"), key="g t"),
        RailLink("/queues/department", _("Cases with us"), "inbox", numbers.get("department")),
        RailLink("/escalations", _("Escalated to me"), "up", numbers.get("escalated"), key="g e"),
    ]
    if sees_all(scope):
        links += [
            RailLink("/queues/unrouted", _("No department yet"), "route", numbers.get("unrouted")),
            RailLink("/queues/all", _("All open cases"), "list", numbers.get("all"), key="g a"),
            RailLink("/mail", _("Mail to look at"), "message"),
        ]
    return links


def _asleep(number: int | None) -> list[RailLink]:
    """Only for who has put something to sleep, as far as that is known."""
    return [RailLink("/queues/snoozed", _("Asleep"), "pause", number)] if number != 0 else []


def _views(seen: Iterable[saved_views.View]) -> list[RailLink]:
    """Saved views, and those that come with Guixin, with the numbers a worker counted."""
    return [
        *(RailLink(view.address, view.name, "bookmark", view.shown_number) for view in seen),
        RailLink("/queues/closed", _("Closed cases"), "ended"),
        RailLink("/views", _("All views"), "gear"),
    ]


def page(
    request: HttpRequest,
    template: str,
    context: dict | None = None,
    *,
    status: int = 200,
    case: Case | None = None,
    listed: Iterable[int] | None = None,
) -> HttpResponse:
    """A page of the console. `now` is the database's clock: what is shown was true at that instant.

    case      the one it shows, and follows while it is open
    listed    the ids of the cases in its list, which it follows; empty for a list that moves with the numbers alone
    """
    context = dict(context or {})
    if "now" not in context:
        context["now"] = database_now()
    if request.user.is_authenticated:
        context["rail"] = rail(request.user, context["now"])
        context["live"] = live_address(cast(SignedIn, request), case, listed)
        area = context["area"] = area_row(request.path, scope_of(request.user))
        context.setdefault("rail_here", (area and area.entry) or request.path)
    return _private(render(request, template, context, status=status))


def fragment(request: HttpRequest, template: str, context: dict, *, status: int = 200) -> HttpResponse:
    """A part of a page, for htmx."""
    return _private(render(request, template, context, status=status))


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store, private"
    return answer
