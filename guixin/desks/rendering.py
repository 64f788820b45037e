"""One way to answer with a page: the rail with its numbers, the database's time, and nothing kept by caches."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from guixin.ledger.clock import database_now
from guixin.organisation.access import Scope, scope_of
from guixin.organisation.models.position import Duty
from guixin.serve import queues


@dataclass(frozen=True)
class RailLink:
    queue: str
    words: object
    icon: str
    number: int | None = None


@dataclass(frozen=True)
class Rail:
    links: list[RailLink]
    may_take_in: bool
    may_administrate: bool


def rail(person) -> Rail:
    """Where this person can go. The numbers come from counters, never from counting."""
    scope, numbers = scope_of(person), queues.numbers(person)
    links = [
        RailLink("mine", _("My cases"), "today", numbers["mine"]),
        RailLink("my-tasks", _("My tasks"), "check", numbers["my_tasks"]),
        RailLink("tasks", _("Department tasks"), "team", numbers["department_tasks"]),
        RailLink("department", _("Cases with us"), "list", numbers["department"]),
        RailLink("escalated", _("Escalated to me"), "up"),
    ]
    if sees_all(scope):
        links += [
            RailLink("unrouted", _("No department yet"), "route"),
            RailLink("all", _("All open cases"), "list", numbers["all"]),
        ]
    return Rail(links, sees_all(scope), scope.has_duty(Duty.ADMINISTRATOR) or scope.sees_everything)


def sees_all(scope: Scope) -> bool:
    return scope.sees_everything or scope.is_front_desk


def page(
    request: HttpRequest, template: str, context: dict | None = None, *, status: int = 200
) -> HttpResponse:
    """A page of the console. `now` is the database's clock: what is shown was true at that instant."""
    context = dict(context or {})
    if "now" not in context:
        context["now"] = database_now()
    if request.user.is_authenticated:
        context["rail"] = rail(request.user)
    return _private(render(request, template, context, status=status))


def fragment(request: HttpRequest, template: str, context: dict, *, status: int = 200) -> HttpResponse:
    """A part of a page, for htmx."""
    return _private(render(request, template, context, status=status))


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store, private"
    return answer
