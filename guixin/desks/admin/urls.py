"""Every address under /admin."""

from django.urls import include, path

from guixin.desks.admin import imports, index, places, policy, rules, standards, terms

urlpatterns = [
    path("", index.index, name="admin"),
    path("", include("guixin.desks.admin.firm_urls")),
    path("standards", standards.index, name="admin_standards"),
    path("standards/new", standards.new, name="standard_new"),
    path("standards/<slug:code>", standards.show, name="standard"),
    path("standards/<slug:code>/edit", standards.edit, name="standard_edit"),
    path("standards/<slug:code>/withdrawal", standards.withdraw, name="standard_withdraw"),
    path("standards/<slug:code>/versions/<int:number>/again", standards.again, name="standard_again"),
    path("rules", rules.index, name="rules"),
    path("rules/draft", rules.draft, name="rules_draft"),
    path("rules/draft/begin", rules.begin, name="rules_begin"),
    path("rules/draft/new", rules.edit, name="rules_new"),
    path("rules/draft/back", rules.back, name="rules_back"),
    path("rules/draft/discard", rules.discard, name="rules_discard"),
    path("rules/draft/trial", rules.trial, name="rules_trial"),
    path("rules/draft/publication", rules.publish, name="rules_publish"),
    path("rules/draft/rule/<slug:code>", rules.edit, name="rules_edit"),
    path("rules/draft/rule/<slug:code>/<slug:what>", rules.change, name="rules_change"),
    path("terms", terms.index, name="admin_terms"),
    path("terms/<int:pk>", terms.rename, name="term"),
    path("terms/<int:pk>/<slug:name>", terms.act, name="term_act"),
    path("policy", policy.policy_page, name="policy"),
    path("policy/back/<slug:before>", policy.policy_back, name="policy_back"),
    path("places", places.index, name="places"),
    path("places/new", places.edit, name="place_new"),
    path("places/cards", places.sheet, name="place_cards"),
    path("places/<slug:code>", places.edit, name="place"),
    path("places/<slug:code>/qr.svg", places.qr_code, name="place_qr"),
    path("places/<slug:code>/<slug:name>", places.act, name="place_act"),
    path("imports", imports.index, name="imports"),
    path("imports/template/<slug:what>.xlsx", imports.template_file, name="import_template"),
    path("imports/<int:pk>", imports.show, name="import"),
    path("imports/<int:pk>/columns", imports.columns, name="import_columns"),
    path("imports/<int:pk>/result", imports.result, name="import_result"),
    path("imports/<int:pk>/again", imports.again, name="import_again"),
    path("imports/<int:pk>/repair", imports.repair, name="import_repair"),
]
