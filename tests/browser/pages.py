"""Every page of the product with an address to look at it, and what must be in the house to see something there.

An address of the resolver that is missing here fails tests/browser/test_accessibility.py: nobody adds a page that
no one looks at. A page is what a person reads; acts (posts), fragments and files are only named, in no_page.py.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

from tests.browser.furnishing import WORLD
from tests.browser.house import House

NOBODY = ""  # a customer, or somebody before the sign-in
ADMINISTRATOR, SUPERVISOR, OFFICER, HANDLER = "高振邦", "许文静", "顾盼", "戴立群"
STEWARD = "任志强"


@dataclass(frozen=True)
class Page:
    """`path` is filled in with what WORLD made. `as_` who looks; nobody is a customer."""

    path: str
    as_: str = NOBODY
    status: int = 200


# The pages, by the pattern of the address.
PAGES: dict[str, tuple[Page, ...]] = {
    # Before signing in, and for customers.
    "sign-in": (Page("/sign-in"),),
    "invitation/<str:token>": (Page("/invitation/{invitation}"), Page("/invitation/none", status=404)),
    "complain": (Page("/complain"),),
    "complain/<slug:code>": (Page("/complain/lobby"),),
    "request-service": (Page("/request-service"),),
    "request-service/<slug:code>": (Page("/request-service/samples"),),
    "call-me": (Page("/call-me"), Page("/call-me?line=sales")),
    "call-me/<str:token>": (
        Page("/call-me/{called}"),
        Page("/call-me/{talked}"),
        Page("/call-me/none", status=404),
    ),
    "visit-us": (Page("/visit-us"),),
    "track": (Page("/track"),),
    "track/<slug:number>/<str:token>": (
        Page("/track/{case}/{token}"),
        Page("/track/{closed}/{closed_token}"),
        Page("/track/{visited}/{visited_token}"),
        Page("/track/{case}/none", status=404),
    ),
    "standards": (Page("/standards"),),
    "answers": (Page("/answers"), Page("/answers?q=拉头"), Page("/answers?q=没有这回事")),
    "answers/<int:pk>": (Page("/answers/{article}"), Page("/answers/{article}?thanks")),
    "api/docs": (Page("/api/docs"),),
    # Promises.
    "strategies": (Page("/strategies", SUPERVISOR),),
    "strategies/<slug:code>": (
        Page("/strategies/key-accounts", ADMINISTRATOR),
        Page("/strategies/key-accounts", OFFICER),
    ),
    "strategies/<slug:code>/broken": (Page("/strategies/key-accounts/broken", SUPERVISOR),),
    "communication": (Page("/communication", SUPERVISOR),),
    "communication/<slug:code>": (Page("/communication/key-accounts", SUPERVISOR),),
    "communication/<slug:code>/messages": (Page("/communication/key-accounts/messages", SUPERVISOR),),
    "communication/<slug:code>/draft": (Page("/communication/key-accounts/draft", ADMINISTRATOR),),
    "communication/<slug:code>/draft/lines": (
        Page("/communication/key-accounts/draft/lines", ADMINISTRATOR),
    ),
    "communication/<slug:code>/draft/lines/<slug:line>": (
        Page("/communication/key-accounts/draft/lines/hello", ADMINISTRATOR),
    ),
    "communication/<slug:code>/draft/preview": (
        Page("/communication/key-accounts/draft/preview", ADMINISTRATOR),
    ),
    "communication/messages/<int:pk>": (Page("/communication/messages/{told}", SUPERVISOR),),
    "opt-out/<str:token>": (Page("/opt-out/{opt_out}", NOBODY),),
    "packages": (Page("/packages", SUPERVISOR), Page("/packages", OFFICER)),
    "packages/new": (Page("/packages/new", ADMINISTRATOR),),
    "packages/kept": (Page("/packages/kept", SUPERVISOR), Page("/packages/kept?by=grade", SUPERVISOR)),
    "packages/kept/cases": (Page("/packages/kept/cases?measure=reply&which=open", SUPERVISOR),),
    "packages/<slug:code>": (Page("/packages/{package}", SUPERVISOR),),
    "packages/<slug:code>/edit": (Page("/packages/{package}/edit", ADMINISTRATOR),),
    # A day at the desk.
    "": (Page("/", OFFICER), Page("/", HANDLER), Page("/", SUPERVISOR), Page("/", ADMINISTRATOR)),
    "queues/<slug:name>": (
        Page("/queues/all", SUPERVISOR),
        Page("/queues/mine", OFFICER),
        Page("/queues/tasks", HANDLER),
        Page("/queues/all?q=nothing-is-called-this", OFFICER),
    ),
    "queues/<slug:name>/filters": (Page("/queues/all/filters", OFFICER),),
    "views": (Page("/views", OFFICER),),
    "views/new": (Page("/views/new?list=all", OFFICER),),
    "views/<slug:key>": (Page("/views/{view}", OFFICER),),
    "views/<slug:key>/filters": (Page("/views/{view}/filters", OFFICER),),
    "views/<int:pk>/edit": (Page("/views/{mine}/edit", OFFICER),),
    "find": (Page("/find?q=拉链", OFFICER),),
    "cases/new": (Page("/cases/new", OFFICER), Page("/cases/new?form=on-site", OFFICER)),
    "cases/<slug:number>": (
        Page("/cases/{case}?in=/queues/mine", OFFICER),
        Page("/cases/{case}?side=tasks", SUPERVISOR),
        Page("/cases/{case}?side=handbook", OFFICER),
        Page("/cases/{case}?say=note", OFFICER),
        Page("/cases/{case}?say=task", OFFICER),
        Page("/cases/{case}?say=reply&templates", OFFICER),
        Page("/cases/{asking}", OFFICER),
        Page("/cases/{on_site}", OFFICER),
        Page("/cases/{closed}", SUPERVISOR),
        Page("/cases/{case}", HANDLER),
        Page("/cases/{mailed}", OFFICER),
        Page("/cases/2026-999999", OFFICER, 404),
    ),
    "cases/<slug:number>/customer": (Page("/cases/{case}/customer", OFFICER),),
    "cases/<slug:number>/form": (Page("/cases/{on_site}/form", OFFICER),),
    "forms/<slug:code>": (Page("/forms/on-site", OFFICER),),
    "cases/<slug:number>/record": (Page("/cases/{case}/record", OFFICER),),
    "tasks/<int:pk>": (Page("/tasks/{task}", HANDLER),),
    "customers": (Page("/customers", OFFICER), Page("/customers?q=海蓝", OFFICER)),
    "customers/<int:pk>": (Page("/customers/{customer}", OFFICER),),
    "customers/<int:pk>/purchases": (Page("/customers/{customer}/purchases", OFFICER),),
    "products": (Page("/products", OFFICER),),
    "products/<int:pk>": (Page("/products/{product}", SUPERVISOR),),
    "purchases": (Page("/purchases", OFFICER),),
    "admin/grading": (Page("/admin/grading", ADMINISTRATOR),),
    "admin/rates": (Page("/admin/rates", ADMINISTRATOR),),
    "customers/new": (Page("/customers/new?kind=company", OFFICER),),
    "customers/duplicates": (Page("/customers/duplicates", OFFICER),),
    "customers/<int:pk>/consents": (Page("/customers/{customer}/consents", OFFICER),),
    "customers/<int:pk>/needs": (Page("/customers/{customer}/needs", OFFICER),),
    "customers/<int:pk>/knowledge": (Page("/customers/{customer}/knowledge", OFFICER),),
    "handbook": (
        Page("/handbook", OFFICER),
        Page("/handbook?q=拉头", HANDLER),
        Page("/handbook?which=drafts", SUPERVISOR),
    ),
    "handbook/new": (Page("/handbook/new?kind=lesson", OFFICER),),
    "handbook/import": (Page("/handbook/import", OFFICER),),
    "handbook/worklist": (Page("/handbook/worklist", STEWARD),),
    "handbook/first-contacts": (
        Page("/handbook/first-contacts", SUPERVISOR),
        Page("/handbook/first-contacts?which=others", OFFICER),
    ),
    "handbook/<int:pk>": (
        Page("/handbook/{article}", STEWARD),
        Page("/handbook/{lesson}", OFFICER),
        Page("/handbook/{article}?act=withdrawal", STEWARD),
    ),
    "handbook/<int:pk>/edit": (Page("/handbook/{article}/edit", STEWARD),),
    "handbook/<int:pk>/versions": (Page("/handbook/{article}/versions", OFFICER),),
    "knowledge": (Page("/knowledge", OFFICER), Page("/knowledge?q=恒泰", HANDLER)),
    "knowledge/new": (Page("/knowledge/new", HANDLER),),
    "knowledge/worklist": (Page("/knowledge/worklist", SUPERVISOR),),
    "knowledge/<int:pk>": (
        Page("/knowledge/{known}", SUPERVISOR),
        Page("/knowledge/{known}?act=sharing", OFFICER),
        Page("/knowledge/{holds}?act=uses", OFFICER),
    ),
    "visits": (
        Page("/visits", OFFICER),
        Page("/visits?which=waiting", OFFICER),
        Page("/visits?which=held", OFFICER),
    ),
    "visits/new": (Page("/visits/new", OFFICER),),
    "visits/follow-ups": (Page("/visits/follow-ups?which=coming", OFFICER),),
    "visits/<int:pk>": (Page("/visits/{visit}", OFFICER), Page("/visits/{visit_asked}", OFFICER)),
    "call-backs": (Page("/call-backs", OFFICER), Page("/call-backs?which=ended", OFFICER)),
    "call-backs/<int:pk>": (Page("/call-backs/{call}", OFFICER),),
    "exports": (Page("/exports", SUPERVISOR),),
    "contacts": (Page("/contacts", OFFICER), Page("/contacts?whose=ours", SUPERVISOR)),
    "contacts/<int:pk>": (Page("/contacts/{contact}", OFFICER), Page("/contacts/{made}?act=needs", OFFICER)),
    "contacts/plans": (Page("/contacts/plans", OFFICER),),
    "contacts/plans/<int:pk>": (Page("/contacts/plans/{series}", OFFICER),),
    "needs": (Page("/needs", OFFICER), Page("/needs?theme=小批量快返", OFFICER)),
    "customers/<int:pk>/reveal": (Page("/customers/{customer}/reveal", OFFICER),),
    "customers/<int:pk>/data": (Page("/customers/{customer}/data", SUPERVISOR),),
    "lifecycle": (Page("/lifecycle", SUPERVISOR),),
    "lifecycle/customers": (Page("/lifecycle/customers?which=new&begins=2026-01-01", SUPERVISOR),),
    "mail": (Page("/mail", SUPERVISOR), Page("/mail?show=taken", OFFICER)),
    "mail/<int:pk>": (Page("/mail/{mail}", SUPERVISOR), Page("/mail/{kept_mail}", OFFICER)),
    "motives": (Page("/motives", SUPERVISOR),),
    "motives/people": (Page("/motives/people", OFFICER),),
    "a/<str:token>": (
        Page("/a/{closed_survey}", NOBODY),
        Page("/a/{wide_survey}?page=2", NOBODY),
        Page("/a/cut-off", NOBODY, status=404),
    ),
    "a/<str:token>/no-more": (Page("/a/browser-no-more/no-more", NOBODY),),
    "at/<slug:code>": (Page("/at/lobby", NOBODY),),
    "asking-rules": (Page("/asking-rules", SUPERVISOR),),
    "wave-plans/new": (Page("/wave-plans/new", SUPERVISOR),),
    "wave-plans/<slug:code>": (
        Page("/wave-plans/browser-after", SUPERVISOR),
        Page("/wave-plans/browser-quarter", OFFICER),
    ),
    "surveys": (Page("/surveys", SUPERVISOR),),
    "surveys/new": (Page("/surveys/new", SUPERVISOR),),
    "surveys/<slug:code>": (
        Page("/surveys/browser-wave", SUPERVISOR),
        Page("/surveys/browser-few", SUPERVISOR),
        Page("/surveys/browser-wave", OFFICER),
    ),
    "surveys/<slug:code>/people": (
        Page("/surveys/browser-few/people", SUPERVISOR),
        Page("/surveys/browser-planned/people", SUPERVISOR),
        Page("/surveys/browser-sent/people", SUPERVISOR),
        Page("/surveys/browser-sent/people", OFFICER),
    ),
    "surveys/<slug:code>/calls": (Page("/surveys/browser-rung/calls", SUPERVISOR),),
    "surveys/<slug:code>/calls/<int:pk>": (Page("/surveys/browser-rung/calls/{rung}", SUPERVISOR),),
    "surveys/<slug:code>/plank": (
        Page("/surveys/browser-wave/plank", SUPERVISOR),
        Page("/surveys/browser-few/plank", OFFICER),
    ),
    "surveys/<slug:code>/gaps": (Page("/surveys/browser-wide/gaps", SUPERVISOR),),
    "surveys/<slug:code>/groups": (Page("/surveys/browser-wave/groups", SUPERVISOR),),
    "surveys/<slug:code>/departments/<slug:department>": (
        Page("/surveys/browser-words/departments/quality", SUPERVISOR),
    ),
    "surveys/<slug:code>/themes": (
        Page("/surveys/browser-words/themes", SUPERVISOR),
        Page("/surveys/browser-few/themes", OFFICER),
        Page("/surveys/browser-words/themes?theme={theme}", SUPERVISOR),
    ),
    "surveys/<slug:code>/responses": (
        Page("/surveys/browser-wave/responses", SUPERVISOR),
        Page("/surveys/browser-wide/responses", SUPERVISOR, status=403),
    ),
    "questionnaires": (Page("/questionnaires", SUPERVISOR), Page("/questionnaires", OFFICER)),
    "questionnaires/new": (Page("/questionnaires/new?from=quarterly", SUPERVISOR),),
    "questionnaires/<slug:code>": (
        Page("/questionnaires/browser-service", SUPERVISOR),
        Page("/questionnaires/browser-closed", SUPERVISOR),
        Page("/questionnaires/browser-closed", OFFICER),
    ),
    "questionnaires/<slug:code>/questions/new": (
        Page("/questionnaires/browser-closed/questions/new", SUPERVISOR),
    ),
    "questionnaires/<slug:code>/questions/<slug:question>": (
        Page("/questionnaires/browser-closed/questions/why", SUPERVISOR),
    ),
    "prices": (Page("/prices", SUPERVISOR),),
    "prices/new": (Page("/prices/new", SUPERVISOR),),
    "prices/<slug:code>": (
        Page("/prices/browser-prices", SUPERVISOR),
        Page("/prices/browser-prices", OFFICER),
    ),
    "prices/<slug:code>/description": (Page("/prices/browser-prices/description", SUPERVISOR),),
    "prices/<slug:code>/answers": (
        Page("/prices/browser-prices/answers", SUPERVISOR),
        Page("/prices/browser-prices/answers?which=inconsistent", OFFICER),
    ),
    "segments": (Page("/segments", SUPERVISOR), Page("/segments", OFFICER)),
    "segments/new": (Page("/segments/new", SUPERVISOR),),
    "segments/<slug:code>": (
        Page("/segments/browser-key", SUPERVISOR),
        Page("/segments/browser-key", OFFICER),
    ),
    "segments/<slug:code>/rule": (Page("/segments/browser-key/rule", SUPERVISOR),),
    "segments/<slug:code>/customers": (
        Page("/segments/browser-key/customers", SUPERVISOR),
        Page("/segments/browser-key/customers?which=left", OFFICER),
    ),
    "absences": (Page("/absences", OFFICER), Page("/absences", ADMINISTRATOR)),
    "settings": (Page("/settings", OFFICER),),
    # The supervisor's.
    "now": (Page("/now", SUPERVISOR), Page("/now", HANDLER, 404)),
    "promises": (Page("/promises", SUPERVISOR),),
    "escalations": (Page("/escalations", SUPERVISOR),),
    "authority": (Page("/authority", OFFICER), Page("/authority", ADMINISTRATOR)),
    "authority/used": (Page("/authority/used", ADMINISTRATOR),),
    "requests": (Page("/requests?whose=all", SUPERVISOR),),
    "requests/<int:pk>": (Page("/requests/{request}", SUPERVISOR),),
    "problems": (Page("/problems?which=open", SUPERVISOR),),
    "problems/<int:pk>": (Page("/problems/{problem}", "郝博文"),),
    "proposals": (Page("/proposals", OFFICER),),
    "proposals/new": (Page("/proposals/new", HANDLER),),
    "proposals/<int:pk>": (Page("/proposals/{proposal}", SUPERVISOR),),
    "statements": (Page("/statements", SUPERVISOR),),
    "statements/<int:pk>": (Page("/statements/{statement}", SUPERVISOR),),
    "causes": (Page("/causes?by=cause", SUPERVISOR), Page("/causes", HANDLER, 404)),
    "causes/cases": (Page("/causes/cases?value=", SUPERVISOR),),
    "surges": (Page("/surges", SUPERVISOR),),
    "surges/<int:pk>": (Page("/surges/{surge}", SUPERVISOR),),
    "classification": (Page("/classification", SUPERVISOR),),
    "compensations": (Page("/compensations", SUPERVISOR),),
    "goodwill/<int:pk>": (Page("/goodwill/{goodwill}", SUPERVISOR),),
    "recoveries": (Page("/recoveries?which=all", SUPERVISOR),),
    "recoveries/effect": (Page("/recoveries/effect", SUPERVISOR),),
    "recoveries/<int:pk>": (Page("/recoveries/{recovery}", SUPERVISOR),),
    "emergencies": (Page("/emergencies", SUPERVISOR),),
    "emergencies/<int:pk>": (Page("/emergencies/{emergency}", SUPERVISOR),),
    "bulk/<int:pk>": (Page("/bulk/{bulk}", SUPERVISOR),),
    "handovers": (Page("/handovers", SUPERVISOR),),
    "handovers/<str:login>": (Page("/handovers/gu", SUPERVISOR),),
    # The administrator's.
    "health": (Page("/health", ADMINISTRATOR),),
    "admin/": (Page("/admin/", ADMINISTRATOR), Page("/admin/", OFFICER, 403)),
    "admin/departments": (Page("/admin/departments", ADMINISTRATOR),),
    "admin/departments/<int:pk>": (Page("/admin/departments/{department}", ADMINISTRATOR),),
    "admin/positions/<int:pk>": (Page("/admin/positions/{position}", ADMINISTRATOR),),
    "admin/ladder": (Page("/admin/ladder", ADMINISTRATOR),),
    "admin/people": (Page("/admin/people", ADMINISTRATOR),),
    "admin/people/new": (Page("/admin/people/new", ADMINISTRATOR),),
    "admin/people/<int:pk>": (Page("/admin/people/{person}", ADMINISTRATOR),),
    "admin/calendars": (Page("/admin/calendars", ADMINISTRATOR),),
    "admin/calendars/<int:pk>": (Page("/admin/calendars/{calendar}", ADMINISTRATOR),),
    "admin/holidays": (Page("/admin/holidays", ADMINISTRATOR),),
    "admin/holidays/<slug:code>/<int:year>": (Page("/admin/holidays/CN/2026", ADMINISTRATOR),),
    "admin/holidays/<slug:code>/<int:year>/<int:month>": (Page("/admin/holidays/CN/2026/5", ADMINISTRATOR),),
    "admin/api-keys": (Page("/admin/api-keys", ADMINISTRATOR),),
    "admin/robots": (Page("/admin/robots", ADMINISTRATOR),),
    "admin/robots/new": (Page("/admin/robots/new", ADMINISTRATOR),),
    "admin/robots/<int:pk>": (Page("/admin/robots/{robot}", ADMINISTRATOR),),
    "admin/webhooks": (Page("/admin/webhooks", ADMINISTRATOR),),
    "admin/webhooks/<int:pk>": (Page("/admin/webhooks/{webhook}", ADMINISTRATOR),),
    "admin/standards": (Page("/admin/standards", ADMINISTRATOR),),
    "admin/standards/new": (Page("/admin/standards/new", ADMINISTRATOR),),
    "admin/standards/<slug:code>": (Page("/admin/standards/reply", ADMINISTRATOR),),
    "admin/standards/<slug:code>/edit": (Page("/admin/standards/reply/edit", ADMINISTRATOR),),
    "admin/simulations/<int:pk>": (Page("/admin/simulations/{trial}", ADMINISTRATOR),),
    "admin/simulations/<int:pk>/cases": (Page("/admin/simulations/{trial}/cases", ADMINISTRATOR),),
    "admin/authority": (Page("/admin/authority", ADMINISTRATOR),),
    "admin/authority/lines/new": (Page("/admin/authority/lines/new", ADMINISTRATOR),),
    "admin/authority/lines/<int:pk>": (Page("/admin/authority/lines/{grant}", ADMINISTRATOR),),
    "admin/rules": (Page("/admin/rules", ADMINISTRATOR),),
    "admin/rules/draft": (Page("/admin/rules/draft", ADMINISTRATOR),),
    "admin/rules/draft/new": (Page("/admin/rules/draft/new", ADMINISTRATOR),),
    "admin/rules/draft/trial": (Page("/admin/rules/draft/trial", ADMINISTRATOR),),
    "admin/rules/draft/rule/<slug:code>": (Page("/admin/rules/draft/rule/colour", ADMINISTRATOR),),
    "admin/terms": (Page("/admin/terms", ADMINISTRATOR),),
    "admin/terms/<int:pk>": (Page("/admin/terms/1", ADMINISTRATOR),),
    "admin/visit-rules": (Page("/admin/visit-rules", ADMINISTRATOR),),
    "admin/recovery-rules": (Page("/admin/recovery-rules", ADMINISTRATOR),),
    "admin/recovery-rules/new": (Page("/admin/recovery-rules/new", ADMINISTRATOR),),
    "admin/recovery-rules/<slug:code>": (Page("/admin/recovery-rules/serious-ours", ADMINISTRATOR),),
    "admin/skills": (Page("/admin/skills", ADMINISTRATOR),),
    "admin/skills/new": (Page("/admin/skills/new", ADMINISTRATOR),),
    "admin/skills/<slug:code>": (Page("/admin/skills/sewing", ADMINISTRATOR),),
    "admin/forms": (Page("/admin/forms", ADMINISTRATOR),),
    "admin/forms/new": (Page("/admin/forms/new", ADMINISTRATOR),),
    "admin/forms/<slug:code>": (Page("/admin/forms/samples", ADMINISTRATOR),),
    "admin/forms/<slug:code>/fields/new": (Page("/admin/forms/samples/fields/new", ADMINISTRATOR),),
    "admin/forms/<slug:code>/fields/<slug:key>": (
        Page("/admin/forms/samples/fields/address", ADMINISTRATOR),
    ),
    "admin/attributes": (Page("/admin/attributes", ADMINISTRATOR),),
    "admin/attributes/new": (Page("/admin/attributes/new", ADMINISTRATOR),),
    "admin/attributes/<slug:code>": (Page("/admin/attributes/machines", ADMINISTRATOR),),
    "admin/consents": (Page("/admin/consents", ADMINISTRATOR),),
    "admin/templates": (Page("/admin/templates", ADMINISTRATOR),),
    "admin/templates/new": (Page("/admin/templates/new", ADMINISTRATOR),),
    "admin/templates/<slug:code>": (Page("/admin/templates/received", ADMINISTRATOR),),
    "admin/policy": (Page("/admin/policy", ADMINISTRATOR),),
    "admin/call-backs": (Page("/admin/call-backs", ADMINISTRATOR),),
    "admin/call-backs/new": (Page("/admin/call-backs/new", ADMINISTRATOR),),
    "admin/call-backs/<slug:code>": (Page("/admin/call-backs/service", ADMINISTRATOR),),
    "admin/places": (Page("/admin/places", ADMINISTRATOR),),
    "admin/places/new": (Page("/admin/places/new", ADMINISTRATOR),),
    "admin/places/cards": (Page("/admin/places/cards", ADMINISTRATOR),),
    "admin/places/<slug:code>/answers": (Page("/admin/places/lobby/answers", ADMINISTRATOR),),
    "admin/places/<slug:code>": (Page("/admin/places/lobby", ADMINISTRATOR),),
    "admin/imports": (Page("/admin/imports", ADMINISTRATOR),),
    "admin/imports/<int:pk>": (Page("/admin/imports/{tried}", ADMINISTRATOR),),
    "admin/imports/<int:pk>/columns": (Page("/admin/imports/{import}/columns", ADMINISTRATOR),),
    "admin/mailboxes": (Page("/admin/mailboxes", ADMINISTRATOR),),
    "admin/mailboxes/new": (Page("/admin/mailboxes/new", ADMINISTRATOR),),
    "admin/mailboxes/<int:pk>": (Page("/admin/mailboxes/{mailbox}", ADMINISTRATOR),),
    "admin/ledger": (Page("/admin/ledger", ADMINISTRATOR),),
    "blueprints": (Page("/blueprints", SUPERVISOR),),
    "blueprints/new": (Page("/blueprints/new", ADMINISTRATOR),),
    "blueprints/<slug:code>": (Page("/blueprints/complaint", SUPERVISOR),),
    "blueprints/<slug:code>/elements/<slug:key>": (Page("/blueprints/complaint/elements/e14", SUPERVISOR),),
    "blueprints/<slug:code>/comparison": (Page("/blueprints/complaint/comparison", SUPERVISOR),),
    "blueprints/<slug:code>/draft": (Page("/blueprints/complaint/draft", ADMINISTRATOR),),
    "blueprints/<slug:code>/draft/steps/<slug:key>": (
        Page("/blueprints/complaint/draft/steps/s1", ADMINISTRATOR),
    ),
    "blueprints/<slug:code>/draft/new-element": (
        Page("/blueprints/complaint/draft/new-element", ADMINISTRATOR),
    ),
    "blueprints/<slug:code>/draft/elements/<slug:key>": (
        Page("/blueprints/complaint/draft/elements/e12", ADMINISTRATOR),
    ),
}


def every_page() -> list[Page]:
    return [page for pages in PAGES.values() for page in pages]


def furnish(house: House) -> dict:
    """Play WORLD in this house. Returns the numbers and secrets the addresses need."""
    return json.loads(house.run(WORLD).splitlines()[-1])


@cache
def every_pattern() -> frozenset[str]:
    """Those of the pages; what programs ask for below /api/ answers no browser."""
    found = set(_walk(get_resolver(), ""))
    return frozenset(each for each in found if not each.startswith("api/") or each == "api/docs")


def _walk(resolver: URLResolver, before: str) -> Iterator[str]:
    for each in resolver.url_patterns:
        here = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield here
        else:
            yield from _walk(each, here)
