"""Every address of the plain pages. `/api/` belongs to guixin.channels."""

from django.urls import include, path, re_path

from guixin.desks import case_acts, task_acts  # noqa: F401  registers the acts
from guixin.desks.nouns import BY_PATH
from guixin.desks.pages import (
    case,
    complaint,
    customer,
    health,
    intake,
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
    path("cases/<slug:number>/live", case.live, name="case_live"),
    path("cases/<slug:number>/customer", customer.of_case, name="customer_of_case"),
    path("tasks/<int:pk>", task.show, name="task"),
    re_path(rf"^(?P<path>{'|'.join(BY_PATH)})/(?P<key>[\w-]+)/(?P<name>[a-z-]+)$", case.act, name="act"),
    path("complain", complaint.complain, name="complain"),
    path(PRIVATE, tracking.show, name="case_tracking"),
    path(f"{PRIVATE}/additions", tracking.add),
    path(f"{PRIVATE}/urging", tracking.urge),
    path(f"{PRIVATE}/confirmation", tracking.confirm),
    path(f"{PRIVATE}/objection", tracking.dispute),
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
