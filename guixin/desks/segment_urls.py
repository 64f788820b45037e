"""Every address of segments, what they are told, and price studies."""

from django.urls import path

from guixin.desks.pages import (
    communication,
    communication_draft,
    price_answers,
    prices,
    segment_members,
    segment_rule,
    segments,
)

urlpatterns = [
    path("prices", prices.listed, name="prices"),
    path("prices/new", prices.new, name="price_study_new"),
    path("prices/<slug:code>", prices.show, name="price_study"),
    path("prices/<slug:code>/description", prices.edit, name="price_study_edit"),
    path("prices/<slug:code>/closing", prices.close, name="price_study_close"),
    path("prices/<slug:code>/reopening", prices.reopen, name="price_study_reopen"),
    path("prices/<slug:code>/results.xlsx", prices.workbook, name="price_workbook"),
    path("prices/<slug:code>/answers", price_answers.listed, name="price_answers"),
    path("prices/<slug:code>/answers/note", price_answers.note, name="price_answer_note"),
    path("prices/<slug:code>/answers/file", price_answers.leave_file, name="price_file"),
    path(
        "prices/<slug:code>/answers/<int:pk>/striking", price_answers.strike_out, name="price_answer_strike"
    ),
    path("prices/<slug:code>/sales", price_answers.sold, name="price_sold"),
    path("prices/<slug:code>/sales/<int:pk>/removal", price_answers.not_sold, name="price_not_sold"),
    path("segments", segments.listed, name="segments"),
    path("segments/new", segments.new, name="segment_new"),
    path("segments/<slug:code>", segments.show, name="segment"),
    path("segments/<slug:code>/rule", segment_rule.edit, name="segment_rule"),
    path("segments/<slug:code>/description", segments.describe, name="segment_describe"),
    path("segments/<slug:code>/publication", segments.publish, name="segment_publish"),
    path("segments/<slug:code>/discarding", segments.discard, name="segment_discard"),
    path("segments/<slug:code>/withdrawal", segments.withdraw, name="segment_withdraw"),
    path("segments/<slug:code>/place", segments.place, name="segment_place"),
    path("segments/<slug:code>/versions/<int:number>/again", segments.again, name="segment_again"),
    path("segments/<slug:code>/customers", segment_members.listed, name="segment_members"),
    path("segments/<slug:code>/customers.xlsx", segment_members.export, name="segment_export"),
    path("communication", communication.index, name="communication_plans"),
    path("communication/messages/<int:pk>", communication.one, name="plan_message"),
    path("communication/messages/<int:pk>/replies", communication.reply, name="plan_message_reply"),
    path("communication/messages/<int:pk>/bounce", communication.bounce, name="plan_message_bounce"),
    path("communication/<slug:code>", communication.show, name="communication_plan"),
    path("communication/<slug:code>/messages", communication.sent, name="plan_messages"),
    path("communication/<slug:code>/withdrawal", communication.withdraw, name="communication_withdraw"),
    path("communication/<slug:code>/draft", communication_draft.edit, name="communication_draft"),
    path("communication/<slug:code>/draft/lines", communication_draft.entry, name="communication_line_new"),
    path(
        "communication/<slug:code>/draft/lines/<slug:line>",
        communication_draft.entry,
        name="communication_line",
    ),
    path(
        "communication/<slug:code>/draft/lines/<slug:line>/removal",
        communication_draft.remove,
        name="communication_line_remove",
    ),
    path(
        "communication/<slug:code>/draft/preview", communication_draft.preview, name="communication_preview"
    ),
    path(
        "communication/<slug:code>/draft/publication",
        communication_draft.publish,
        name="communication_publish",
    ),
    path(
        "communication/<slug:code>/draft/discarding",
        communication_draft.discard,
        name="communication_discard",
    ),
]
