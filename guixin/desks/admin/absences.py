"""Who is away when, and who decides meanwhile. Everybody enters their own; those above, and administrators, others'."""

from calendar import Calendar as Weeks
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guixin.desks.admin.access import may_administrate
from guixin.desks.admin.acting import did, done
from guixin.desks.admin.forms.firm import AbsenceForm
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation import going_away
from guixin.organisation.models import Absence
from guixin.web.toasts import say


@signed_in
@require_http_methods(["GET", "POST"])
def absences(request: SignedIn) -> HttpResponse:
    now = database_now()
    is_administrator = may_administrate(request.user)
    theirs = None if is_administrator else going_away.led_by(request.user, now) | {request.user.pk}
    form = AbsenceForm(
        request.POST or None,
        noun=theirs,
        auto_id="absence-%s",
        label_suffix="",
        initial={"person": request.GET.get("person") or request.user.pk},
    )
    made: list[Absence] = []
    if request.method == "POST" and done(
        form, lambda said: made.append(going_away.plan_absence(by=request.user, now=now, **said))
    ):
        say(
            request,
            _("%(name)s is entered as away.") % {"name": made[0].person.name},
            undo=reverse("absence_end", args=[made[0].pk]),
        )
        return redirect("absences")
    seen = Absence.objects.select_related("person", "deputy").order_by("from_at", "pk")
    if theirs is not None:
        seen = seen.filter(person__in=theirs)
    month = _month(request.GET.get("month", ""), timezone.localdate(now))
    context = {
        "now": now,
        "form": form,
        "is_administrator": is_administrator,
        "listed": seen.filter(to_at__gt=now)[:200],
        "weeks": _grid(month, seen),
        "month": month,
        "before": (month - timedelta(days=1)).replace(day=1),
        "after": (month + timedelta(days=32)).replace(day=1),
    }
    return page(request, "desks/admin/absences.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def end(request: SignedIn, pk: int) -> HttpResponse:
    now = database_now()
    absence = Absence.objects.select_related("person").filter(pk=pk).first()
    if absence is None or not going_away.may_plan_for(request.user, absence.person, now):
        raise Http404
    return did(
        request,
        lambda: going_away.end_absence(absence, by=request.user, now=now),
        _("%(name)s is entered as back.") % {"name": absence.person.name},
        where=reverse("absences"),
    )


def _month(text: str, today: date) -> date:
    try:
        return date.fromisoformat(f"{text}-01") if text else today.replace(day=1)
    except ValueError:
        return today.replace(day=1)


def _grid(month: date, seen: Any) -> list[list[dict]]:
    """The month's weeks; each day with those away on any part of it."""
    weeks = Weeks().monthdatescalendar(month.year, month.month)
    first, last = weeks[0][0], weeks[-1][-1]
    away: dict[date, list[str]] = defaultdict(list)
    spans = seen.filter(from_at__date__lte=last, to_at__date__gte=first)[:500]
    for each in spans:
        begins = max(timezone.localdate(each.from_at), first)
        ends = min(timezone.localdate(each.to_at - timedelta(microseconds=1)), last)
        for step in range((ends - begins).days + 1):
            away[begins + timedelta(days=step)].append(each.person.name)
    return [
        [{"day": day, "inside": day.month == month.month, "names": away[day]} for day in week]
        for week in weeks
    ]
