"""How good the suggestions for the classification are: on later cases they had not seen, and in what people chose."""

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.serve import causes, suggesting
from guixin.serve.models import Classifier
from guixin.serve.overview import may_oversee
from guixin.web.intervals import wilson


@signed_in
@require_safe
def show(request: SignedIn) -> HttpResponse:
    if not may_oversee(request.user):
        raise Http404
    context = {"fields": fields(), "least": suggesting.LEAST_CASES, "sure": f"{suggesting.SURE:.0%}"}
    return page(request, "desks/classifiers.html", context)


def fields() -> list[dict[str, Any]]:
    taken, newest = suggesting.taken(), suggesting.newest()
    return [_field(field, newest.get(field), taken[field]) for field in suggesting.FIELDS]


def _field(field: str, model: Classifier | None, taken: suggesting.Taken) -> dict[str, Any]:
    about: dict[str, Any] = {
        "field": field,
        "words": Classifier.Field(field).label,
        "model": model,
        "taken": taken,
    }
    about |= {"share_taken": _share(taken.accepted, taken.suggested)}
    measured = model.measured if model else {}
    if not measured.get("held_out"):
        return about
    later = measured["held_out"]
    of_class = measured["of_class"] or {}
    words = causes.words_for(field, list(of_class))
    return about | {
        "measured": measured,
        "accuracy": _share(measured["right"], later),
        "said": _share(measured["said"], later),
        "said_right": _share(measured["said_right"], measured["said"]),
        "among_three": _share(measured["among_three"], later),
        "commonest": _share(measured["commonest_right"], later),
        "silent": f"{1 - measured['said'] / later:.0%}",
        "classes": [
            {"words": words[code], "there": there, "found": found, "share": _share(found, there)}
            for code, (there, found) in sorted(of_class.items(), key=lambda one: -one[1][0])
        ],
    }


def _share(part: int, whole: int) -> dict[str, str] | None:
    """In words, with its 95 % interval; None of nothing."""
    if not whole:
        return None
    low, high = wilson(part, whole)
    return {
        "share": f"{part / whole:.0%}",
        "low": f"{low:.0%}",
        "high": f"{high:.0%}",
        "of": f"{part} / {whole}",
    }
