"""Every address of questionnaires and waves at the desk."""

from django.urls import path

from guixin.desks.pages import (
    questionnaires,
    survey_departments,
    survey_results,
    survey_themes,
    wave_calls,
    wave_people,
    wave_places,
    wave_plans,
    waves,
)

urlpatterns = [
    path("surveys", waves.listed, name="waves"),
    path("surveys/new", waves.new, name="wave_new"),
    path("surveys/<slug:code>", waves.show, name="wave"),
    path("surveys/<slug:code>/description", waves.describe, name="wave_describe"),
    path("surveys/<slug:code>/links", waves.links, name="wave_links"),
    path("surveys/<slug:code>/export", waves.export, name="wave_export"),
    path("surveys/<slug:code>/file", waves.leave_file, name="wave_file"),
    path("surveys/<slug:code>/people", wave_people.show, name="wave_people"),
    path("surveys/<slug:code>/people/plan", wave_people.plan, name="wave_plan"),
    path("surveys/<slug:code>/people/<slug:what>", wave_people.act, name="wave_people_act"),
    path("surveys/<slug:code>/places", wave_places.hang_up, name="wave_places"),
    path("surveys/<slug:code>/places/<slug:point>/removal", wave_places.take_down, name="wave_place_removal"),
    path("surveys/<slug:code>/cards.pdf", wave_places.cards, name="wave_cards"),
    path("surveys/<slug:code>/calls", wave_calls.listed, name="wave_calls"),
    path("surveys/<slug:code>/calls/<int:pk>", wave_calls.one, name="wave_call"),
    path("surveys/<slug:code>/calls/<int:pk>/outcome", wave_calls.end, name="wave_call_end"),
    path("surveys/<slug:code>/calls/<int:pk>/giving-back", wave_calls.give_back, name="wave_call_give_back"),
    path("surveys/<slug:code>/plank", survey_results.plank, name="wave_plank"),
    path("surveys/<slug:code>/gaps", survey_results.five_gaps, name="wave_gaps"),
    path("surveys/<slug:code>/groups", survey_results.by_group, name="wave_groups"),
    path("surveys/<slug:code>/responses", survey_results.responses, name="wave_responses"),
    path("surveys/<slug:code>/themes", survey_themes.show, name="wave_themes"),
    path("surveys/<slug:code>/themes/<int:theme>/name", survey_themes.name, name="wave_theme_name"),
    path("surveys/<slug:code>/themes/<int:theme>/merging", survey_themes.merge, name="wave_theme_merge"),
    path("surveys/<slug:code>/open-answers/<int:answer>", survey_themes.move, name="wave_theme_move"),
    path(
        "surveys/<slug:code>/departments/<slug:department>", survey_departments.show, name="wave_department"
    ),
    path("surveys/<slug:code>/<slug:what>", waves.act, name="wave_act"),
    path("wave-plans/new", wave_plans.new, name="wave_plan_new"),
    path("wave-plans/<slug:code>", wave_plans.show, name="wave_plan_standing"),
    path("wave-plans/<slug:code>/<slug:what>", wave_plans.act, name="wave_plan_act"),
    path("asking-rules", wave_people.rules, name="asking_rules"),
    path("questionnaires", questionnaires.listed, name="questionnaires"),
    path("questionnaires/new", questionnaires.new, name="questionnaire_new"),
    path("questionnaires/<slug:code>", questionnaires.show, name="questionnaire"),
    path("questionnaires/<slug:code>/description", questionnaires.describe, name="questionnaire_describe"),
    path("questionnaires/<slug:code>/questions/new", questionnaires.edit_question, name="question_new"),
    path(
        "questionnaires/<slug:code>/questions/<slug:question>", questionnaires.edit_question, name="question"
    ),
    path(
        "questionnaires/<slug:code>/questions/<slug:question>/<slug:what>",
        questionnaires.change_question,
        name="question_change",
    ),
    path("questionnaires/<slug:code>/<slug:what>", questionnaires.act, name="questionnaire_act"),
]
