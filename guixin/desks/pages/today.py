"""今日: what must I do now. For everybody; what is on it depends on what waits for them."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guixin.channels import notices
from guixin.channels.models import Notice
from guixin.desks.day import day_of, part_of, take_next
from guixin.desks.day_of_cases import NEWS
from guixin.desks.first_steps import first_steps
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.desks.team import team_of
from guixin.ledger.clock import database_now
from guixin.organisation.access import scope_of
from guixin.serve.overview import sees_all
from guixin.web.toasts import say


@signed_in
def today(request: SignedIn) -> HttpResponse:
    now, person = database_now(), request.user
    if wanted := request.GET.get("show"):
        part = part_of(wanted, person, now)
        if part is None:
            raise Http404
        return page(request, "desks/today_part.html", {"part": part, "now": now, "rail_here": "/"})
    return page(
        request,
        "desks/today.html",
        {
            "day": day_of(person, now),
            "team": team_of(person, now),
            "steps": first_steps(person),
            "serves": sees_all(scope_of(person)),
            "now": now,
        },
        listed=(),
    )


@signed_in
def take(request: SignedIn) -> HttpResponse:
    """Open the most urgent thing. Nothing is changed by looking for it."""
    where = take_next(request.user, database_now())
    if not where:
        say(request, _("Nothing waits for you at the moment."))
    return redirect(where or "/")


@signed_in
@require_POST
def seen(request: SignedIn) -> HttpResponse:
    """The new words were read; questions stay until they are answered."""
    unread = Notice.objects.unread_by(request.user.pk).filter(kind__in=NEWS)
    notices.mark_read(request.user, database_now(), unread.values_list("pk", flat=True))
    return redirect("/")
