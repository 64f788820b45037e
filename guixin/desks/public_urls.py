"""Every address customers reach without an account."""

from django.urls import path

from guixin.desks.pages import (
    answers,
    attachments,
    call_me,
    complaint,
    opt_out,
    standards,
    survey_answer,
    survey_at_place,
    tracking,
    visit_us,
)

PRIVATE = "track/<slug:number>/<str:token>"  # the customer's own link; the token is the secret part

urlpatterns = [
    path("call-me", call_me.call_me, name="call_me"),
    path("call-me/<str:token>", call_me.called, name="called"),
    path("call-me/<str:token>/window", call_me.move, name="called_move"),
    path("call-me/<str:token>/cancelling", call_me.cancel, name="called_cancel"),
    path("complain", complaint.complain, name="complain"),
    path("complain/<slug:code>", complaint.complain, name="complain_at"),
    path("request-service", complaint.requests_offered, name="requests_offered"),
    path("request-service/<slug:code>", complaint.request_service, name="request_service"),
    path("visit-us", visit_us.apply_for, name="visit_us"),
    path("opt-out/<str:token>", opt_out.opt_out, name="opt_out"),
    path("track", tracking.find_my_case, name="find_my_case"),
    path(PRIVATE, tracking.show, name="case_tracking"),
    path(f"{PRIVATE}/additions", tracking.add),
    path(f"{PRIVATE}/urging", tracking.urge),
    path(f"{PRIVATE}/confirmation", tracking.confirm),
    path(f"{PRIVATE}/objection", tracking.dispute),
    path(f"{PRIVATE}/visit/cancelling", visit_us.cancel),
    path(f"{PRIVATE}/visit/again", visit_us.again),
    path(f"{PRIVATE}/visit/feedback", visit_us.feedback),
    path(f"{PRIVATE}/attachments", attachments.add_by_customer),
    path(f"{PRIVATE}/attachments/<uuid:pk>", attachments.show_to_customer),
    path(
        f"{PRIVATE}/attachments/<uuid:pk>/thumbnail", attachments.show_to_customer, {"version": "thumbnail"}
    ),
    path(f"{PRIVATE}/attachments/<uuid:pk>/preview", attachments.show_to_customer, {"version": "preview"}),
    path("standards", standards.published, name="standards"),
    path("answers", answers.listed, name="answers"),
    path("at/<slug:code>", survey_at_place.answer, name="survey_at"),
    path("a/<str:token>", survey_answer.answer, name="survey_answer"),
    path("a/<str:token>/no-more", survey_answer.no_more, name="survey_no_more"),
    path("answers/<int:pk>", answers.one, name="answer"),
    path("answers/<int:pk>/votes", answers.rate, name="answer_votes"),
    path("answers/files/<uuid:pk>", answers.file),
    path("answers/files/<uuid:pk>/thumbnail", answers.file, {"version": "thumbnail"}),
    path("answers/files/<uuid:pk>/preview", answers.file, {"version": "preview"}),
]
