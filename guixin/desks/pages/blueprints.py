"""Service blueprints as everybody reads them: drawn, with how each moment of truth is kept, and compared by version."""

from collections.abc import Collection
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guixin.desks.blueprint_picture import picture
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.now import promises_shown
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.listen.results import said_at
from guixin.organisation.models import Person
from guixin.promise.blueprints import may_draw
from guixin.promise.drawing import LINES, Differences, Drawing, Element, Lane, differences
from guixin.promise.models import Blueprint, BlueprintVersion, Standard
from guixin.promise.performance import DAYS, WHICH, Performance, performance, promises_behind
from guixin.serve import queues
from guixin.serve.overview import at_most_of, may_oversee, whose_promises
from guixin.web.languages import Named

KEPT_FOR = 60  # seconds: how promises are kept moves slowly, and a drawing is looked at by many

FIELDS = {  # of an element, for people
    "name": gettext_noop("name"),
    "name_en": gettext_noop("English name"),
    "lane": gettext_noop("lane"),
    "step": gettext_noop("step"),
    "is_moment": gettext_noop("moment of truth"),
    "standards": gettext_noop("standards"),
    "leads_to": gettext_noop("arrows"),
}


@signed_in
@require_safe
def index(request: SignedIn) -> HttpResponse:
    versions = {
        each.blueprint_id: each for each in BlueprintVersion.objects.filter(withdrawn_at__isnull=True)
    }
    rows = []
    for each in Blueprint.objects.select_related("department", "steward").order_by("name", "pk"):
        version, draws = versions.get(each.pk), may_draw(request.user, each)
        if version or draws:
            moments = len(version.drawn.moments) if version else 0
            rows.append({"blueprint": each, "version": version, "moments": moments, "draws": draws})
    return page(request, "desks/blueprints/index.html", {"rows": rows, "may_draw": may_draw(request.user)})


def blueprint_for(person: Person, code: str) -> Blueprint:
    """One that was published, or that this person may draw; others are not there."""
    found = get_object_or_404(Blueprint.objects.select_related("department", "steward"), code=code)
    if not may_draw(person, found) and not found.versions.exists():
        raise Http404(code)
    return found


@signed_in
@require_safe
def show(request: SignedIn, code: str) -> HttpResponse:
    """The drawing in force, or the version asked for."""
    blueprint = blueprint_for(request.user, code)
    versions = list(blueprint.versions.select_related("published_by").order_by("-number"))
    version = _chosen(request.GET.get("version", ""), versions)
    now, language = database_now(), get_language() or "zh-hans"
    shown: dict[str, Any] = {"drawing": None}
    if version:
        drawing = version.drawn
        kept = {} if version.withdrawn_at else kept_at(drawing, request.user, now)
        shown = {
            "drawing": drawing,
            "picture": picture(drawing, language, kept),
            "outline": outline(drawing, language, kept),
            "moments": _moments(drawing, language, kept),
            "oversees": bool(kept),
        }
    return page(
        request,
        "desks/blueprints/show.html",
        shown
        | {
            "blueprint": blueprint,
            "title": blueprint.shown_name(language),
            "version": version,
            "versions": versions,
            "draws": may_draw(request.user, blueprint),
            "days": DAYS,
            "links": reverse("blueprint_element", args=[code, "x"]).removesuffix("/x"),
            "now": now,
        },
    )


def _chosen(number: str, versions: list[BlueprintVersion]) -> BlueprintVersion | None:
    """The version asked for; otherwise the one in force, or the last there was."""
    if number:
        found = next((each for each in versions if str(each.number) == number), None)
        if found is None:
            raise Http404(number)
        return found
    in_force = next((each for each in versions if each.withdrawn_at is None), None)
    return in_force or (versions[0] if versions else None)


def kept_at(drawing: Drawing, person: Person, now: Any) -> dict[str, Performance]:
    """How the promises at each element are kept, by its key: for whoever looks after others, of their departments."""
    if not may_oversee(person):
        return {}
    asked = {each.key: each.standards for each in drawing.elements if each.standards}
    whose = whose_promises(person)
    key = f"blueprint:{hash((tuple(asked.items()), whose if whose is None else tuple(whose)))}"
    found = cache.get(key)
    if found is None:
        found = performance(asked, now=now, department_ids=whose)
        cache.set(key, found, KEPT_FOR)
    return found


def outline(drawing: Drawing, language: str, kept: dict[str, Performance]) -> list[dict[str, Any]]:
    """The same drawing as words, step by step and lane by lane, for whoever does not see pictures."""
    names = {each.key: each.shown_name(language) for each in drawing.elements}
    return [
        {
            "name": step.shown_name(language),
            "step": step,
            "lanes": [
                {
                    "lane": lane.value,
                    "words": lane.label,
                    "line": LINES.get(lane, ""),
                    "elements": [
                        {
                            "element": each,
                            "name": names[each.key],
                            "leads_to": [names[key] for key in each.leads_to],
                            "performance": kept.get(each.key) if each.standards else None,
                        }
                        for each in drawing.in_cell(lane, step.key)
                    ],
                }
                for lane in Lane
            ],
        }
        for step in drawing.steps
    ]


def _moments(drawing: Drawing, language: str, kept: dict[str, Performance]) -> list[dict[str, Any]]:
    names = names_of_standards(drawing.standards(), language)
    return [
        {
            "element": each,
            "name": each.shown_name(language),
            "standards": [names[code] for code in each.standards if code in names],
            "performance": kept.get(each.key) if each.standards else None,
        }
        for each in drawing.moments
    ]


def names_of_standards(codes: Collection[str], language: str) -> dict[str, str]:
    return {each.code: each.shown_name(language) for each in Standard.objects.filter(code__in=codes)}


@signed_in
@require_safe
def element(request: SignedIn, code: str, key: str) -> HttpResponse:
    """What stands behind one box: its promises, with their cases."""
    blueprint = blueprint_for(request.user, code)
    version = blueprint.in_force()
    found = next((each for each in version.drawn.elements if each.key == key), None) if version else None
    which = request.GET.get("which", "ended")
    if found is None or version is None or which not in WHICH:
        raise Http404(key)
    language, now = get_language() or "zh-hans", database_now()
    context = {
        "blueprint": blueprint,
        "title": blueprint.shown_name(language),
        "element": found,
        "name": found.shown_name(language),
        "lane": Lane(found.lane).label,
        "step": version.drawn.step(found.step).shown_name(language),
        "standards": list(names_of_standards(found.standards, language).values()),
        "said": said_at(f"{code}:{key}", request.user),
        "which": which,
        "days": DAYS,
        "now": now,
    }
    if found.standards and may_oversee(request.user):
        context |= _behind(request, version.drawn, found, which, now)
    return page(request, "desks/blueprints/element.html", context)


def _behind(request: SignedIn, drawing: Drawing, found: Element, which: str, now: Any) -> dict[str, Any]:
    whose = whose_promises(request.user)
    rows = promises_behind(found.standards, which, now=now, department_ids=whose)
    order = ("due_at",) if which == "running" else ("breached_at",) if which == "broken" else ("-stopped_at",)
    try:
        listed = queues.page_of(
            queues.Listed(rows.select_related("department", "holder"), order=order), request.GET.get("after")
        )
    except queues.NoSuchQueue as unknown:
        raise Http404(str(unknown)) from unknown
    return {
        "performance": performance({found.key: found.standards}, now=now, department_ids=whose)[found.key],
        "promises": promises_shown(listed.rows, request.user, now),
        "number": at_most_of(rows.order_by()),
        "after": listed.after,
        "is_first": "after" not in request.GET,
        "oversees": True,
    }


@signed_in
@require_safe
def comparison(request: SignedIn, code: str) -> HttpResponse:
    """Two versions side by side, and what changed between them in words."""
    blueprint = blueprint_for(request.user, code)
    versions = list(blueprint.versions.order_by("-number"))
    if not versions:
        raise Http404(code)
    new = _chosen(request.GET.get("to", ""), versions) or versions[0]
    older = [each for each in versions if each.number < new.number]
    old = _chosen(request.GET.get("from", ""), versions) if request.GET.get("from") else None
    old = old or (older[0] if older else new)
    language = get_language() or "zh-hans"
    changes = differences(old.drawn, new.drawn)
    return page(
        request,
        "desks/blueprints/comparison.html",
        {
            "blueprint": blueprint,
            "title": blueprint.shown_name(language),
            "versions": versions,
            "old": old,
            "new": new,
            "old_picture": picture(
                old.drawn,
                language,
                marks={each.key: "removed" for each in changes.removed}
                | {before.key: "changed" for before, _after, _names in changes.changed},
            ),
            "new_picture": picture(
                new.drawn,
                language,
                marks={each.key: "added" for each in changes.added}
                | {after.key: "changed" for _before, after, _names in changes.changed},
            ),
            "changes": in_words(changes, language),
        },
    )


def in_words(changes: Differences, language: str) -> list[tuple[str, str, str]]:
    """(what, which, the fields that changed)"""

    def name(each: Named) -> str:
        return each.shown_name(language)

    return [
        *((_("new"), name(each), "") for each in changes.added),
        *((_("taken out"), name(each), "") for each in changes.removed),
        *(
            (_("changed"), name(after), _(", ").join(str(_(FIELDS[each])) for each in names))
            for _before, after, names in changes.changed
        ),
    ]
