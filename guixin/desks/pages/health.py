from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from guixin.channels.health import report
from guixin.desks.pages.access import signed_in
from guixin.desks.rendering import page, rail


@require_safe
def for_programs(request: HttpRequest) -> HttpResponse:
    try:
        found = report()
    except DatabaseError:
        found = {"ok": False, "problem": "The database does not answer."}
    return JsonResponse(found, status=200 if found["ok"] else 503)


@signed_in
def for_administrators(request: HttpRequest) -> HttpResponse:
    if not rail(request.user).may_administrate:
        raise PermissionDenied
    return page(request, "desks/health.html", {"report": report()})
