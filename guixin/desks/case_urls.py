"""Every address of a case, its tasks and its files."""

from django.urls import path, re_path

from guixin.desks.nouns import BY_PATH
from guixin.desks.pages import (
    attachments,
    case,
    case_form,
    case_forms,
    composer,
    customer,
    emergencies,
    intake,
    presence,
    problems,
    record,
    task,
)

urlpatterns = [
    path("cases/<slug:number>/emergency-path", emergencies.of_case, name="emergency_of_case"),
    path("cases/<slug:number>/spared-expert", problems.spare, name="spare_expert"),
    path("cases/new", intake.new_case, name="new_case"),
    path("cases/new/beside", intake.beside, name="new_case_beside"),
    path("cases/<slug:number>", case.show, name="case"),
    path("panes/list", case.list_beside, name="list_pane"),
    path("cases/<slug:number>/live", case.live, name="case_live"),
    path("cases/<slug:number>/customer", customer.of_case, name="customer_of_case"),
    path("cases/<slug:number>/composer/<slug:tab>", composer.speak, name="speak"),
    path("cases/<slug:number>/composer/<slug:tab>/draft", composer.keep_draft, name="draft"),
    path("cases/<slug:number>/composer/<slug:tab>/files", composer.keep_files, name="draft_files"),
    path("cases/<slug:number>/templates", composer.templates, name="templates_of_case"),
    path("cases/<slug:number>/held-reply", composer.on_its_way, name="held_reply_of_case"),
    path("cases/<slug:number>/presence", presence.here, name="presence_on_case"),
    path("cases/<slug:number>/watching", presence.watch, name="watch_case"),
    path("held-replies/<int:pk>/taking-back", composer.take_back, name="take_back"),
    path("cases/<slug:number>/form", case_form.fill_in, name="case_form"),
    path("cases/<slug:number>/form/reveal", case_form.reveal, name="reveal_case_form"),
    path("forms/<slug:code>", case_forms.answers, name="form_answers"),
    path("forms/<slug:code>/answers.xlsx", case_forms.export, name="form_export"),
    path("cases/<slug:number>/record", record.show, name="record"),
    path("cases/<slug:number>/record.pdf", record.as_pdf, name="record_pdf"),
    path("tasks/<int:pk>", task.show, name="task"),
    re_path(rf"^(?P<path>{'|'.join(BY_PATH)})/(?P<key>[\w-]+)/(?P<name>[a-z-]+)$", case.act, name="act"),
    path("attachments/<uuid:pk>", attachments.show, name="attachment"),
    path("attachments/<uuid:pk>/thumbnail", attachments.show, {"version": "thumbnail"}),
    path("attachments/<uuid:pk>/preview", attachments.show, {"version": "preview"}),
]
