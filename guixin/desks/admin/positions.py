"""A chair in a department: its rank, what it sees, its duties, and who sits there."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guixin.desks.admin.access import administrators
from guixin.desks.admin.acting import done, history
from guixin.desks.admin.forms.firm import PositionForm
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation import arranging
from guixin.organisation.models import Position
from guixin.web.toasts import say


@administrators
@require_http_methods(["GET", "POST"])
def position(request: SignedIn, pk: int) -> HttpResponse:
    chair = get_object_or_404(Position.objects.select_related("department"), pk=pk)
    form = PositionForm(request.POST or None, noun=chair, auto_id="position-%s", label_suffix="")
    if request.method == "POST":
        now = database_now()
        if done(form, lambda said: arranging.change_position(chair, by=request.user, now=now, **said)):
            say(request, _("Saved. It counts for everybody in this position at once."))
            return redirect("department", chair.department_id)
        chair.refresh_from_db()
    posts = chair.posts.select_related("person").order_by("-until", "-since")
    context = {
        "position": chair,
        "form": form,
        "posts": posts[:50],
        "history": history(("position", pk)),
    }
    return page(request, "desks/admin/position.html", context, status=422 if form.errors else 200)
