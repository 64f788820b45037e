"""The API as a whole, and every address below /api/."""

from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, re_path
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from guixin import __version__
from guixin.channels.api import (
    answering,
    attachments,
    authority,
    blueprints,
    call_backs,
    case_acts,
    cases,
    causes,
    clocks,
    communication,
    compensations,
    contacts,
    customer_identities,
    customer_records,
    customer_timeline,
    customers,
    emergencies,
    exports,
    forms,
    grading,
    handbook,
    handbook_use,
    handovers,
    hard_problems,
    imports,
    knowledge,
    ledger,
    lifecycle,
    mail,
    motives,
    orders,
    organisation,
    packages,
    price_answers,
    prices,
    problems,
    products,
    proposals,
    purchases,
    questionnaires,
    recoveries,
    robots,
    samples,
    segments,
    simulations,
    standards,
    strategies,
    survey_departments,
    survey_results,
    survey_themes,
    tasks,
    tracking,
    visit_decisions,
    visit_receptions,
    visit_rules,
    visits,
    wave_plans,
    webhooks,
)
from guixin.channels.api import wave_calls as _wave_calls  # noqa: F401  adds to the router of waves
from guixin.channels.api import wave_places as _wave_places  # noqa: F401
from guixin.channels.api.answers import Problem

DESCRIPTION = """Everything a case needs, from the first word to the follow-up. See docs/api.md.

Unsafe requests take an `Idempotency-Key`: the same key does a thing once and is answered the same for two days.
What goes wrong is answered as RFC 9457 problem details (`application/problem+json`).
"""
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Any text, new for each thing done; at most 255 printable characters.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of the case as it was read.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
}


class Api(NinjaAPI):
    """Adds to the description what holds for every operation, in one place."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Made once and kept, because it takes seconds and anybody may ask for it; nobody changes what they are given."""
        return _described(self, get_language(), path_prefix, tuple(sorted((path_params or {}).items())))

    def describe(self, path_prefix: str | None, path_params: dict[str, Any]) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params or None)
        schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
        refusal = {
            "description": "A problem, in the words the pages show too.",
            "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for operations in schema["paths"].values():
            for method, operation in operations.items():
                operation["responses"]["default"] = refusal
                if method != "get":
                    operation.setdefault("parameters", []).append(_KEY)
                if operation["operationId"].endswith("cases_edited"):
                    operation["parameters"].append(_IF_MATCH)
        return schema


@lru_cache(maxsize=8)  # languages, and the prefixes under which a proxy may show it
def _described(
    api: Api, language: str, path_prefix: str | None, path_params: tuple[tuple[str, Any], ...]
) -> OpenAPISchema:
    return api.describe(path_prefix, dict(path_params))


api = Api(
    title="Guixin",
    version=__version__,
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url=None,  # the usual viewers come from elsewhere, which our Content-Security-Policy rightly refuses
    openapi_url="/openapi.json",
)
api.add_router("/cases", answering.router)  # before the numbers of cases
api.add_router("/cases", cases.router)
api.add_router("/cases", case_acts.router)
api.add_router("/cases", orders.router)
api.add_router("/tasks", tasks.router)
api.add_router("", attachments.router)
api.add_router("", clocks.router)
api.add_router("", authority.router)
api.add_router("", emergencies.router)
api.add_router("", handovers.router)
api.add_router("", recoveries.router)
api.add_router("", compensations.router)
api.add_router("", forms.router)
api.add_router("", hard_problems.router)
api.add_router("", proposals.router)
api.add_router("/customers", customers.router)
api.add_router("/customers", customer_records.router)
api.add_router("/customers", customer_identities.router)
api.add_router("", contacts.router)
api.add_router("", call_backs.router)
api.add_router("", visits.router)
api.add_router("", visit_decisions.router)
api.add_router("", visit_receptions.router)
api.add_router("", visit_rules.router)
api.add_router("", knowledge.router)
api.add_router("", handbook.router)
api.add_router("", handbook_use.router)
api.add_router("", customers.finding)
api.add_router("/track", tracking.router)
api.add_router("", organisation.router)
api.add_router("", standards.router)
api.add_router("", grading.router)
api.add_router("", simulations.router)
api.add_router("", packages.router)
api.add_router("", communication.router)
api.add_router("", segments.router)
api.add_router("/blueprints", blueprints.router)
api.add_router("", lifecycle.router)
api.add_router("", causes.router)
api.add_router("", prices.router)
api.add_router("", price_answers.router)
api.add_router("", products.router)
api.add_router("", motives.router)
api.add_router("", questionnaires.router)
for each in (survey_results, survey_departments, survey_themes):
    assert each.router is survey_results.router  # two routers cannot share a path
api.add_router("", survey_results.router)
api.add_router("", samples.router)
api.add_router("", wave_plans.router)
api.add_router("", strategies.router)
api.add_router("", mail.router)
api.add_router("/entries", ledger.router)
api.add_router("/imports", imports.router)
api.add_router("/purchases", purchases.router)
api.add_router("/customers", purchases.of_customers)
api.add_router("/customers", customer_timeline.router)
api.add_router("", exports.router)
api.add_router("", robots.router)
api.add_router("/webhooks", webhooks.router)

for _each in (Exception, HttpError, Http404, ValidationError):
    # ninja declares that a handler may be given the class of an exception; it only ever gives what was raised.
    api.add_exception_handler(_each, problems.of_exception)  # type: ignore[arg-type]


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    return problems.of_exception(request, Http404())


def docs(request: HttpRequest) -> HttpResponse:
    """Every operation with its summary, as a page that needs no scripts."""
    paths = api.get_openapi_schema()["paths"]
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "summary": about["summary"],
            "description": about.get("description", ""),
        }
        for path, methods in paths.items()
        for method, about in methods.items()
    ]
    return render(request, "channels/api.html", {"operations": operations, "version": __version__})


urlpatterns = [
    path("docs", docs, name="api-docs"),
    path("", api.urls),
    re_path(r"", nothing_here),
]
