"""Working hours, and how many running promises a change would move."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guixin.desks.admin.access import administrators
from guixin.desks.admin.acting import done, history
from guixin.desks.admin.forms.hours import CalendarForm
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation import keeping_hours
from guixin.organisation.keeping_hours import as_text, hours_of
from guixin.organisation.models import Calendar
from guixin.promise.recalculating import promises_that_would_move
from guixin.web.moments import WEEKDAYS
from guixin.web.toasts import say


@administrators
@require_http_methods(["GET", "POST"])
def calendars(request: SignedIn) -> HttpResponse:
    form = CalendarForm(request.POST or None, auto_id="calendar-%s", label_suffix="")
    if request.method == "POST":
        now = database_now()
        if done(form, lambda said: keeping_hours.add_calendar(by=request.user, now=now, **said)):
            say(request, _("%(name)s was added.") % {"name": form.cleaned_data["name"]})
            return redirect("calendars")
    rows = Calendar.objects.select_related("holidays").prefetch_related("shifts", "department_set")
    context = {
        "form": form,
        "listed": [{"calendar": each, "week": _week(each)} for each in rows.order_by("code")],
    }
    return page(request, "desks/admin/calendars.html", context, status=422 if form.errors else 200)


@administrators
@require_http_methods(["GET", "POST"])
def calendar(request: SignedIn, pk: int) -> HttpResponse:
    """The button `look` counts what would move and keeps nothing."""
    one = get_object_or_404(Calendar, pk=pk)
    form = CalendarForm(request.POST or None, noun=one, auto_id="calendar-%s", label_suffix="")
    now, moves = database_now(), None
    if request.method == "POST":

        def change(said: dict) -> None:
            nonlocal moves

            def act() -> bool:
                return keeping_hours.change_calendar(one, by=request.user, now=now, **said)

            if "look" in request.POST:
                moves = promises_that_would_move(act, now=now)
            else:
                act()

        if done(form, change) and "look" not in request.POST:
            say(request, _("Saved. Running promises follow the new hours."))
            return redirect("calendars")
        one.refresh_from_db()
    context = {
        "now": now,
        "calendar": one,
        "form": form,
        "moves": moves,
        "departments": one.department_set.order_by("path"),
        "history": history(("calendar", pk)),
    }
    return page(request, "desks/admin/calendar.html", context, status=422 if form.errors else 200)


def _week(calendar: Calendar) -> list[tuple[str, str]]:
    """The week in words, days with the same hours together; days without any are shut and left out."""
    days: list[list] = [[] for _day in range(7)]
    for weekday, opens, closes in hours_of(calendar):
        days[weekday].append((opens, closes))
    week = []
    for hours, together in groupby(range(7), lambda number: as_text(days[number])):
        numbers = list(together)
        first, last = (_(WEEKDAYS[number]) for number in (numbers[0], numbers[-1]))
        if hours:
            week.append((first if len(numbers) == 1 else f"{first}–{last}", hours))
    return week
