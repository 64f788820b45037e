"""Every address under /blueprints/."""

from django.urls import path

from guixin.desks.pages import blueprints, drawing

urlpatterns = [
    path("new", drawing.new, name="blueprint_new"),
    path("<slug:code>", blueprints.show, name="blueprint"),
    path("<slug:code>/elements/<slug:key>", blueprints.element, name="blueprint_element"),
    path("<slug:code>/comparison", blueprints.comparison, name="blueprint_comparison"),
    path("<slug:code>/withdrawal", drawing.withdraw, name="blueprint_withdraw"),
    path("<slug:code>/draft", drawing.draft, name="blueprint_draft"),
    path("<slug:code>/draft/back", drawing.back, name="draft_back"),
    path("<slug:code>/draft/discard", drawing.discard, name="draft_discard"),
    path("<slug:code>/draft/publication", drawing.publish, name="draft_publish"),
    path("<slug:code>/draft/steps", drawing.add_step, name="draft_add_step"),
    path("<slug:code>/draft/steps/<slug:key>", drawing.step, name="draft_step"),
    path("<slug:code>/draft/steps/<slug:key>/<slug:name>", drawing.change_step, name="draft_change_step"),
    path("<slug:code>/draft/new-element", drawing.element, name="draft_new_element"),
    path("<slug:code>/draft/elements/<slug:key>", drawing.element, name="draft_element"),
    path(
        "<slug:code>/draft/elements/<slug:key>/<slug:name>",
        drawing.change_element,
        name="draft_change_element",
    ),
]
