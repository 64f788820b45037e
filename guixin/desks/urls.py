"""Every address of the plain pages. `/api/` belongs to guixin.channels."""

from django.urls import include, path, re_path

from guixin.desks import case_acts, task_acts  # noqa: F401  registers the acts
from guixin.desks.nouns import BY_PATH
from guixin.desks.pages import (
    attachments,
    case,
    complaint,
    composer,
    customer,
    health,
    intake,
    presence,
    queue,
    settings,
    sign_in,
    standards,
    task,
    tracking,
)
from guixin.web.preferences import choose, choose_language

PRIVATE = "track/<slug:number>/<str:token>"  # the customer's own link; the token is the secret part

urlpatterns = [
    path("", queue.today, name="today"),
    path("queues/<slug:name>", queue.queue, name="queue"),
    path("go", queue.go_to, name="go_to"),
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-in/as/<str:who>", sign_in.sign_in_as, name="sign_in_as"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("cases/new", intake.new_case, name="new_case"),
    path("cases/<slug:number>", case.show, name="case"),
    path("panes/list", case.list_beside, name="list_pane"),
    path("cases/<slug:number>/live", case.live, name="case_live"),
    path("cases/<slug:number>/customer", customer.of_case, name="customer_of_case"),
    path("cases/<slug:number>/composer/<slug:tab>", composer.speak, name="speak"),
    path("cases/<slug:number>/composer/<slug:tab>/draft", composer.keep_draft, name="draft"),
    path("cases/<slug:number>/templates", composer.templates, name="templates_of_case"),
    path("cases/<slug:number>/held-reply", composer.on_its_way, name="held_reply_of_case"),
    path("cases/<slug:number>/presence", presence.here, name="presence_on_case"),
    path("cases/<slug:number>/watching", presence.watch, name="watch_case"),
    path("held-replies/<int:pk>/taking-back", composer.take_back, name="take_back"),
    path("tasks/<int:pk>", task.show, name="task"),
    re_path(rf"^(?P<path>{'|'.join(BY_PATH)})/(?P<key>[\w-]+)/(?P<name>[a-z-]+)$", case.act, name="act"),
    path("attachments/<uuid:pk>", attachments.show, name="attachment"),
    path("attachments/<uuid:pk>/thumbnail", attachments.show, {"version": "thumbnail"}),
    path("attachments/<uuid:pk>/preview", attachments.show, {"version": "preview"}),
    path("complain", complaint.complain, name="complain"),
    path("complain/<slug:code>", complaint.complain, name="complain_at"),
    path("track", tracking.find_my_case, name="find_my_case"),
    path(PRIVATE, tracking.show, name="case_tracking"),
    path(f"{PRIVATE}/additions", tracking.add),
    path(f"{PRIVATE}/urging", tracking.urge),
    path(f"{PRIVATE}/confirmation", tracking.confirm),
    path(f"{PRIVATE}/objection", tracking.dispute),
    path(f"{PRIVATE}/attachments", attachments.add_by_customer),
    path(f"{PRIVATE}/attachments/<uuid:pk>", attachments.show_to_customer),
    path(f"{PRIVATE}/attachments/<uuid:pk>/thumbnail", attachments.show_to_customer, {"version": "thumbnail"}),
    path(f"{PRIVATE}/attachments/<uuid:pk>/preview", attachments.show_to_customer, {"version": "preview"}),
    path("standards", standards.published, name="standards"),
    path("healthz", health.for_programs, name="healthz"),
    path("health", health.for_administrators, name="health"),
    path("admin/", include("guixin.desks.admin.urls")),
    path("settings", settings.mine, name="settings"),
    path("settings/keys", settings.keep_keys, name="settings_keys"),
    path("settings/password", settings.change_password, name="settings_password"),
    path("settings/sessions", settings.sign_out_everywhere, name="settings_sign_out"),
    path("preferences/language", choose_language, name="set_language"),
    path("preferences/<slug:what>", choose, name="choose"),
]
