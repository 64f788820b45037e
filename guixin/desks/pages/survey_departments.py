"""What a wave says to one department, and its head's word that it was read."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.desks.survey_tabs import behind_address
from guixin.ledger.clock import database_now
from guixin.listen import sharing_results
from guixin.listen.department_results import Figure, of_department, said_to
from guixin.listen.models import Wave
from guixin.listen.results import results
from guixin.listen.theming import satisfaction
from guixin.organisation.models import Department
from guixin.understand import sharing


@signed_in
@require_safe
def show(request: SignedIn, code: str, department: str) -> HttpResponse:
    wave = Wave.objects.select_related("version__questionnaire", "owner").filter(code=code).first()
    whose = Department.objects.filter(code=department).first()
    if wave is None or whose is None or not sharing_results.may_see(wave, whose, request.user):
        raise Http404
    now, language = database_now(), get_language() or "zh-hans"
    found, item = of_department(wave, whose, language), sharing_results.item_of(wave)
    sees_the_wave = Wave.objects.visible_to(request.user).filter(pk=wave.pk).exists()
    scale = satisfaction(wave.version.sheet)
    context = {
        "wave": wave,
        "name": wave.shown_name(language),
        "department": whose,
        "found": found,
        "rows": [_row(each) for each in found.figures],
        "since": found.since.shown_name(language) if found.since else "",
        "said": said_to(wave, whose, request.user),
        "satisfaction": results(wave).question_words(scale.code, language) if scale else "",
        "high": scale.high if scale else 0,
        "sees_the_wave": sees_the_wave,
        "behind": behind_address(wave, by="department", key=str(whose.pk)) if sees_the_wave else "",
        "item": item,
        "must_confirm": item is not None and sharing.must_read(item, request.user, now),
        "confirmation": next(
            (each for each in sharing_results.confirmations(wave, now) if each.department == whose), None
        ),
        "now": now,
    }
    return page(request, "desks/waves/department.html", context)


def _row(each: Figure) -> dict[str, Any]:
    change = each.change
    return {
        "figure": each,
        "change": f"{change.change[0]:+.2f}{change.sign}" if change else "",
        "change_words": change.words if change else "",
        "is_clear": bool(change and change.words != _("inside the noise")),
    }
