"""Skills and their experts: to whom hard problems are sent."""

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guixin.desks.admin.access import administrators
from guixin.desks.admin.acting import done, history
from guixin.desks.admin.forms.skill import SkillForm
from guixin.desks.lists import Lists
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Skill
from guixin.organisation.skilling import keep_skill
from guixin.serve.models import HardProblem
from guixin.web.toasts import say


@administrators
@require_safe
def index(request: SignedIn) -> HttpResponse:
    """Each with its experts: who is there, and how many problems each has."""
    now = database_now()
    ladder, load = Ladder.at(now), Counter(HardProblem.objects.open().values_list("expert_id", flat=True))
    rows = [
        (skill, [(each, ladder.is_present(each.pk), load[each.pk]) for each in skill.people.all()])
        for skill in Skill.objects.prefetch_related("people")
    ]
    context = {
        "rows": [row for row in rows if not row[0].retired_at],
        "retired": [skill for skill, _people in rows if skill.retired_at],
    }
    return page(request, "desks/admin/skills.html", context)


@administrators
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, code: str = "") -> HttpResponse:
    """A new skill, or another name or other experts of one."""
    skill = get_object_or_404(Skill, code=code) if code else None
    form = SkillForm(request.POST or None, noun=skill, lists=Lists(), label_suffix="")

    def save(said: dict[str, Any]) -> None:
        keep_skill(code, by=request.user, now=database_now(), **said)

    if request.method == "POST" and done(form, save):
        say(request, _("“%s” is kept.") % form.cleaned_data["name"])
        return redirect("skills")
    context = {"form": form, "skill": skill, "history": history(("skill", skill.pk)) if skill else []}
    return page(request, "desks/admin/skill.html", context, status=422 if form.errors else 200)
