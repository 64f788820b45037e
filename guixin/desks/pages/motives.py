"""Who decides about a purchase and what moves them: by segment or market, each number leading to its people."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.organisation.access import get_visible_or_404, scope_of
from guixin.serve.overview import sees_all
from guixin.understand import motives
from guixin.understand.models import Customer, Role, Segment

PAGE = 50


def _asked(request: SignedIn) -> tuple[Segment | None, str]:
    if not sees_all(scope_of(request.user)):
        raise PermissionDenied(_("The list of customers is kept by the front desk."))
    code, market = request.GET.get("segment", ""), request.GET.get("market", "")
    if market and market not in Customer.Market.values:
        raise Http404
    return get_visible_or_404(Segment.objects, request.user, code=code) if code else None, market


@signed_in
@require_safe
def show(request: SignedIn) -> HttpResponse:
    """?segment= and ?market= narrow it."""
    segment, market = _asked(request)
    context = {
        "found": motives.deciding(segment, market),
        "segment": segment,
        "market": market,
        "markets": Customer.Market.choices,
        "segments": Segment.objects.visible_to(request.user).published(),
    }
    return page(request, "desks/motives.html", context)


@signed_in
@require_safe
def people(request: SignedIn) -> HttpResponse:
    """?role= or ?motive=: exactly the people counted in one number, masked."""
    segment, market = _asked(request)
    role, motive, after = (request.GET.get(name, "")[:200] for name in ("role", "motive", "after"))
    if role and role not in Role.values:
        raise Http404
    rows = motives.people_behind(
        role=role, motive=motive, segment=segment, market=market, size=PAGE + 1,
        after=int(after) if after.isdecimal() and len(after) < 19 else 0,
    )  # fmt: skip
    context = {
        "title": Role(role).label if role else motive or _("Contact people"),
        "segment": segment,
        "rows": [
            {
                "row": each,
                "person": each.person.shown_to(request.user),
                "company": each.company.shown_to(request.user),
            }
            for each in rows[:PAGE]
        ],
        "after": rows[PAGE - 1].pk if len(rows) > PAGE else None,
    }
    return page(request, "desks/motives_people.html", context)
