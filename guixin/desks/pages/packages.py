"""Service packages: what each segment is promised and why, their versions, and whether it was kept."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.desks.admin.access import may_administrate
from guixin.desks.admin.sentences import Words
from guixin.desks.admin.standards import free_code
from guixin.desks.forms.package import NewPackageForm, PackageForm
from guixin.desks.packages import lines_of
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.access import get_visible_or_404, scope_of
from guixin.promise import packages
from guixin.promise.models import Clock, Measure, Package, PackageVersion
from guixin.promise.verdicts import lateness
from guixin.serve.models import Case
from guixin.serve.overview import sees_all
from guixin.serve.packages import DIMENSIONS, WHICH, kept_by, promises_behind
from guixin.understand.models import Segment
from guixin.understand.segmenting import may_edit
from guixin.web.moments import span
from guixin.web.refusals import Refused
from guixin.web.toasts import say

DAYS = (30, 92, 183, 365)
LISTED = 50
TAKEN = ("new", "kept")  # addresses, so no codes


@signed_in
@require_safe
def index(request: SignedIn) -> HttpResponse:
    """By segment, in the order of their priority; and the segments nobody has thought of yet."""
    words = Words()
    visible = Package.objects.visible_to(request.user).select_related("segment")
    in_force = {
        version.package_id: version
        for version in PackageVersion.objects.filter(package__in=visible, withdrawn_at__isnull=True)
        .select_related("owner")
        .prefetch_related("standards")
    }
    counted = dict(
        Case.objects.open()
        .filter(package__package__in=visible)
        .values_list("package__package_id")
        .annotate(n=Count("pk"))
    )
    rows = [
        {
            "package": each,
            "name": each.shown_name(words.language),
            "segment": each.segment.shown_name(words.language),
            "version": in_force.get(each.pk),
            "reason": in_force[each.pk].reason_in(words.language) if each.pk in in_force else "",
            "standards": [one.shown_name(words.language) for one in in_force[each.pk].standards.all()]
            if each.pk in in_force
            else [],
            "open_cases": counted.get(each.pk, 0),
        }
        for each in visible.order_by("segment__priority", "code")
    ]
    served = {row["package"].segment_id for row in rows if row["version"]}
    segments = Segment.objects.visible_to(request.user).published()
    return page(
        request,
        "desks/packages.html",
        {
            "rows": [row for row in rows if row["version"]],
            "retired": [row for row in rows if not row["version"]],
            "without": [each for each in segments if each.pk not in served],
            "may_begin": _deciding(request) != [],
            "today": timezone.localdate(database_now()),
        },
    )


def _deciding(request: SignedIn) -> list[Segment]:
    """Segments in force, without a package in force, that this person may decide on."""
    taken = PackageVersion.objects.filter(withdrawn_at__isnull=True).values("package__segment_id")
    segments = Segment.objects.visible_to(request.user).published().exclude(pk__in=taken)
    return [each for each in segments if may_edit(each, request.user)]


@signed_in
@require_safe
def show(request: SignedIn, code: str) -> HttpResponse:
    """What it promises beside what everybody gets, why, whether it was kept, and every version."""
    package = _package(request, code)
    words, now = Words(), database_now()
    versions = list(
        package.versions.select_related("published_by", "owner", "calendar")
        .prefetch_related("standards")
        .order_by("-number")
    )
    current = next((each for each in versions if each.withdrawn_at is None), None)
    kept = kept_by("package", since=now - timedelta(days=DAYS[1]), until=now) if current else []
    of_it = {each.pk for each in versions}
    return page(
        request,
        "desks/package.html",
        {
            "package": package,
            "name": package.shown_name(words.language),
            "segment": package.segment.shown_name(words.language),
            "version": current,
            "reason": current.reason_in(words.language) if current else "",
            "channels": [str(dict(Case.Channel.choices).get(each, each)) for each in current.channels]
            if current
            else [],
            "lines": lines_of(current, words) if current else [],
            "history": [_past(each, words) for each in versions],
            "holding": Case.objects.open().filter(package__in=of_it).count(),
            "kept": [_kept_row(each, "package", DAYS[1]) for each in kept if each.key in of_it],
            "may_change": may_edit(package.segment, request.user),
            "segment_in_force": package.segment.is_published,
            "today": timezone.localdate(now),
            "now": now,
        },
    )


def _past(version: PackageVersion, words: Words) -> dict[str, Any]:
    return {
        "version": version,
        "reason": version.reason_in(words.language),
        "standards": [each.shown_name(words.language) for each in version.standards.all()],
    }


def _package(request: SignedIn, code: str) -> Package:
    return get_visible_or_404(Package.objects.select_related("segment"), request.user, code=code)


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    segments = _deciding(request)
    if not segments and not may_administrate(request.user):
        raise PermissionDenied(
            _("Packages are decided by administrators and by whoever answers for the segment.")
        )
    wanted = request.GET.get("segment", "")
    chosen = next((each.pk for each in segments if each.code == wanted), "")
    form = NewPackageForm(request.POST or None, segments=segments, initial={"segment": chosen})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            with transaction.atomic():
                package = packages.define(
                    free_code(Package, said["name_en"] or said["name"], TAKEN), name=said["name"],
                    name_en=said["name_en"], segment=said["segment"],
                )  # fmt: skip
                return _publish(request, package, form)
        except Refused as why:
            form.add_error(None, str(why))
    return _form(request, form, None)


@signed_in
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, code: str) -> HttpResponse:
    """The next version; cases keep the one they were promised."""
    package = _package(request, code)
    if not may_edit(package.segment, request.user):
        raise PermissionDenied(
            _("Packages are decided by administrators and by whoever answers for the segment.")
        )
    latest = packages.in_force(package) or package.versions.order_by("-number").first()
    form = PackageForm(request.POST or None, initial=PackageForm.initial_of(latest))
    if request.method == "POST" and form.is_valid():
        try:
            return _publish(request, package, form)
        except Refused as why:
            form.add_error(None, str(why))
    return _form(request, form, package)


def _publish(request: SignedIn, package: Package, form: PackageForm) -> HttpResponse:
    version = packages.publish(
        package, form.content(), form.chosen_standards(), by=request.user, now=database_now(),
        review_on=form.cleaned_data["review_on"],
    )  # fmt: skip
    words = _("Version %(number)s of “%(name)s” is in force.")
    say(request, words % {"number": version.number, "name": package})
    return redirect("package", package.code)


def _form(request: SignedIn, form: PackageForm, package: Package | None) -> HttpResponse:
    name = package.shown_name(Words().language) if package else ""
    holding = Case.objects.open().filter(package__package=package).count() if package else 0
    status = 422 if form.errors else 200
    about = {"form": form, "package": package, "name": name, "holding": holding}
    return page(request, "desks/package_edit.html", about, status=status)


@signed_in
@require_POST
def withdraw(request: SignedIn, code: str) -> HttpResponse:
    package = _package(request, code)
    if not may_edit(package.segment, request.user):
        raise PermissionDenied(
            _("Packages are decided by administrators and by whoever answers for the segment.")
        )
    try:
        packages.withdraw(package, by=request.user, now=database_now())
    except Refused as why:
        messages.error(request, str(why))
    else:
        holding = Case.objects.open().filter(package__package=package).count()
        words = ngettext(
            "“%(name)s” is given to no new case; %(n)s open case that was promised it keeps it.",
            "“%(name)s” is given to no new case; the %(n)s open cases that were promised it keep it.",
            holding,
        )
        say(request, words % {"name": package, "n": holding})
    return redirect("package", package.code)


# -- promised and kept -----------------------------------------------------------------------------------------------


def _may_compare(request: SignedIn) -> None:
    if not (sees_all(scope_of(request.user)) or may_administrate(request.user)):
        raise PermissionDenied(_("This page is for those who see every case."))


def _asked(request: SignedIn, now: datetime) -> tuple[str, int, datetime]:
    by, days = request.GET.get("by", "segment"), request.GET.get("days", "")
    if by not in DIMENSIONS:
        raise Http404(by)
    chosen = int(days) if days in map(str, DAYS) else DAYS[1]
    return by, chosen, now - timedelta(days=chosen)


@signed_in
@require_safe
def kept(request: SignedIn) -> HttpResponse:
    """Promise against fact, by segment, grade or package; every number opens its cases."""
    _may_compare(request)
    now = database_now()
    by, days, since = _asked(request, now)
    rows = kept_by(by, since=since, until=now)
    names = _names(by, {each.key for each in rows})
    groups: dict[Any, list] = {}
    for each in rows:
        groups.setdefault(each.key, []).append(_kept_row(each, by, days))
    ordered = sorted(groups.items(), key=lambda group: (group[0] in (None, ""), names[group[0]]))
    tabs = {"segment": _("By segment"), "grade": _("By grade"), "package": _("By service package")}
    return page(
        request,
        "desks/kept.html",
        {
            "groups": [{"name": names[key], "rows": some} for key, some in ordered],
            "tabs": tabs.items(),
            "by": by,
            "days": days,
            "all_days": DAYS,
        },
    )


def _kept_row(found: Any, by: str, days: int) -> dict[str, Any]:
    key = "" if found.key is None else found.key
    address = f"{reverse('kept_cases')}?by={by}&key={key}&measure={found.measure}&days={days}&which="
    return {
        "words": Measure(found.measure).label,
        "found": found,
        "broken": found.ended - found.kept,
        "width": max(found.high - found.low, 1),
        "median": span(found.median) if found.median is not None else "–",
        "address": address,
    }


def _names(by: str, keys: set) -> dict[Any, str]:
    language = Words().language
    if by == "grade":
        return {key: _("Grade %s") % key if key else _("Without a grade") for key in keys}
    if by == "segment":
        found = {each.pk: each.shown_name(language) for each in Segment.objects.filter(pk__in=keys - {None})}
        return {None: _("In no segment")} | found
    versions = PackageVersion.objects.filter(pk__in=keys - {None}).select_related("package")
    words = _("%(name)s, version %(number)s")
    return {None: _("Without a package")} | {
        each.pk: words % {"name": each.package.shown_name(language), "number": each.number}
        for each in versions
    }


@signed_in
@require_safe
def kept_cases(request: SignedIn) -> HttpResponse:
    """The promises behind one number, with their cases; only of cases this person may see."""
    _may_compare(request)
    now = database_now()
    by, days, since = _asked(request, now)
    which, measure = request.GET.get("which", "ended"), request.GET.get("measure", "")
    if which not in WHICH or measure not in Measure.values:
        raise Http404(which)
    key: Any = request.GET.get("key", "")[:50].replace("\x00", "")
    if by != "grade":
        key = int(key) if key.isdecimal() and len(key) < 19 else None
    every = promises_behind(which, by, key, measure, since=since, until=now)
    visible = every.filter(case_id__in=Case.objects.visible_to(request.user).values("pk"))
    some = Paginator(visible.select_related("department", "holder"), LISTED).get_page(request.GET.get("page"))
    clocks: list[Clock] = list(some)
    cases = Case.objects.in_bulk([clock.case_id for clock in clocks])
    titles = {
        "ended": _("Promises that ended"),
        "kept": _("Kept in time"),
        "broken": _("Broken"),
        "open": _("Open now"),
        "late": _("Open and late"),
    }
    return page(
        request,
        "desks/kept_cases.html",
        {
            "title": titles[which],
            "group": _names(by, {key}).get(key, ""),
            "measure": Measure(measure).label,
            "rows": [
                {
                    "case": cases[clock.case_id],
                    "clock": clock,
                    "late_by": span(late) if (late := lateness(clock, now)) else "",
                }
                for clock in clocks
            ],
            "some": some,
            "hidden": every.count() - some.paginator.count,
            "back": f"{reverse('kept')}?by={by}&days={days}",
            "now": now,
        },
    )
