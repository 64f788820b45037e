from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guixin.desks.rendering import fragment
from guixin.promise.models import PackageVersion, StandardVersion
from guixin.promise.models.standard import TO_CUSTOMER
from guixin.promise.packages import bound_standards
from guixin.serve.models import Case


@require_GET
def published(request: HttpRequest) -> HttpResponse:
    """What we promise customers, in force now, with what we do when we break it; packages only where they are public."""
    language = get_language() or "zh-hans"
    versions = StandardVersion.objects.filter(
        withdrawn_at__isnull=True,
        standard__measure__in=TO_CUSTOMER,
        for_grade="",  # how we grade customers is our own affair
    ).select_related("standard", "calendar")
    ordered = versions.order_by("budget_minutes", "pk")
    rows = [_row(version, language) for version in ordered if not version.only_in_packages]
    by_standard = {version.standard_id: version for version in ordered}
    public = PackageVersion.objects.filter(withdrawn_at__isnull=True, is_public=True)
    packages = [
        {
            "name": package.package.shown_name(language),
            "promise": package.promise_in(language),
            "remedy": package.remedy_in(language),
            "standards": [
                _row(by_standard[pk], language)
                for pk in sorted(bound_standards().get(package.pk, ()))
                if pk in by_standard
            ],
        }
        for package in public.select_related("package").order_by("package__code")
    ]
    return fragment(request, "desks/public/standards.html", {"standards": rows, "packages": packages})


def _row(version: StandardVersion, language: str) -> dict:
    return {
        "name": version.standard.shown_name(language),
        "promise": version.promise_in(language),
        "within": _budget(version),
        "for_whom": _for_whom(version),
        "remedy": version.remedy_in(language),
        "version": version.number,
        "since": version.published_at,
    }


def _budget(version: StandardVersion) -> str:
    """The span in hours and minutes: a working day is not 24 hours, so days would say too much."""
    hours, minutes = divmod(version.budget_minutes, 60)
    span = _("%(n)s h") % {"n": hours} if hours else ""
    if minutes:
        span = (span + " " + _("%(n)s min") % {"n": minutes}).strip()
    if version.calendar and version.calendar.always:
        return _("%(span)s, round the clock") % {"span": span}
    return _("%(span)s of working time") % {"span": span}


def _for_whom(version: StandardVersion) -> str:
    kinds = dict(Case.Kind.choices)
    parts = [
        str(kinds.get(version.for_kind, "")),
        str(Case.Severity(version.for_severity).label) if version.for_severity else "",
    ]
    return " · ".join(filter(None, parts))
