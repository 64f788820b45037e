"""Which departments ring customers back, in which windows, and how often they try."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guixin.desks.admin.access import administrators
from guixin.desks.admin.acting import done, history
from guixin.desks.admin.forms.call_backs import CallBackLineForm
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.serve import call_back_lines
from guixin.serve.call_back_windows import windows
from guixin.serve.models import CallBackLine
from guixin.web.toasts import say


@administrators
@require_safe
def index(request: SignedIn) -> HttpResponse:
    now = database_now()
    lines = [
        (line, next((each for each in windows(line, now) if each.left), None))
        for line in CallBackLine.objects.select_related("department").order_by("-is_open", "pk")
    ]
    return page(request, "desks/admin/call_back_lines.html", {"lines": lines, "now": now})


@administrators
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, code: str = "") -> HttpResponse:
    line, now = get_object_or_404(CallBackLine, code=code) if code else None, database_now()
    names = ("name", "name_en", "is_open", *call_back_lines.TERMS)
    initial = (
        {name: getattr(line, name) for name in names} | {"department": line.department_id} if line else {}
    )
    form = CallBackLineForm(
        request.POST or None, initial=initial, may_choose_code=line is None, auto_id="line-%s"
    )

    def keep(said: dict) -> None:
        if line:
            call_back_lines.change_line(line, by=request.user, now=now, **said)
        else:
            call_back_lines.add_line(by=request.user, now=now, **said)

    if request.method == "POST" and done(form, keep):
        say(request, _("Saved. Customers are offered these times."))
        return redirect("call_back_lines")
    if line:
        line.refresh_from_db()
    return page(
        request,
        "desks/admin/call_back_line.html",
        {
            "form": form,
            "line": line,
            "offered": windows(line, now)[:12] if line else [],
            "history": history(("call_back_line", line.pk)) if line else [],
            "now": now,
        },
        status=422 if form.errors else 200,
    )
