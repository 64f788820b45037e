"""The ladder of a department on a day: who is told at which level, and where it has holes."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from guixin.desks.admin.access import administrators
from guixin.desks.forms.base import ActForm, DepartmentField
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.ladder_picture import picture
from guixin.organisation.models import Department


class LadderForm(ActForm):
    department = DepartmentField(label=_("Department"))
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


@administrators
@require_GET
def ladder(request: SignedIn) -> HttpResponse:
    now = database_now()
    first = Department.objects.active().order_by("path").values_list("pk", flat=True).first()
    said = {
        "department": request.GET.get("department") or first,
        "day": request.GET.get("day") or timezone.localdate(now).isoformat(),
    }
    form = LadderForm(said, auto_id="ladder-%s", label_suffix="")
    context: dict[str, Any] = {"form": form, "now": now}
    if form.is_valid() and (department := form.cleaned_data["department"]):
        day = form.cleaned_data["day"]
        at = now
        if day and day != timezone.localdate(now):
            at = timezone.make_aware(datetime.combine(day, time(12)))
        context |= {"department": department, "picture": picture(department, at), "at": at}
    return page(request, "desks/admin/ladder.html", context)
