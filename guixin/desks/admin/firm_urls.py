"""Addresses of the firm, and of the programs that talk to it."""

from django.urls import path, re_path

from guixin.desks.admin import (
    api_keys,
    calendars,
    departments,
    holidays,
    ladders,
    people,
    positions,
    robots,
    webhooks,
)

YEAR = "holidays/<slug:code>/<int:year>"

urlpatterns = [
    path("departments", departments.departments, name="departments"),
    path("departments/<int:pk>", departments.department, name="department"),
    path("departments/<int:pk>/positions", departments.new_position, name="new_position"),
    path("departments/<int:pk>/closing", departments.close, name="department_closing"),
    path("departments/<int:pk>/opening", departments.reopen, name="department_opening"),
    path("positions/<int:pk>", positions.position, name="position"),
    path("ladder", ladders.ladder, name="ladder"),
    path("people", people.people, name="people"),
    path("people/new", people.new_person, name="new_person"),
    path("people/<int:pk>", people.person, name="person"),
    path("people/<int:pk>/posts", people.new_post, name="new_post"),
    path("people/<int:pk>/link", people.new_link, name="new_link"),
    re_path(
        r"^people/(?P<pk>\d{1,18})/(?P<name>locking|unlocking|leaving|return|signing-out)$",
        people.act,
        name="person_act",
    ),
    path("posts/<int:pk>/end", people.end_post, name="end_post"),
    path("calendars", calendars.calendars, name="calendars"),
    path("calendars/<int:pk>", calendars.calendar, name="calendar"),
    path("holidays", holidays.holidays, name="holidays"),
    path(YEAR, holidays.year, name="holiday_year"),
    path(f"{YEAR}/<int:month>", holidays.month, name="holiday_month"),
    path(f"{YEAR}/proposal", holidays.propose, name="holiday_proposal"),
    path(f"{YEAR}/days", holidays.save, name="holidays_save"),
    path(f"{YEAR}/undo", holidays.undo, name="holidays_undo"),
    path("api-keys", api_keys.api_keys, name="api_keys"),
    path("api-keys/<int:pk>/revoking", api_keys.revoke, name="api_key_revoking"),
    path("robots", robots.index, name="robots"),
    path("robots/new", robots.edit, name="robot_new"),
    path("robots/<int:pk>", robots.edit, name="robot"),
    path("robots/<int:pk>/test", robots.test, name="robot_test"),
    path("robots/<int:pk>/ending", robots.end, name="robot_end"),
    path("webhooks", webhooks.webhooks, name="webhooks"),
    path("webhooks/<int:pk>", webhooks.webhook, name="webhook"),
    path("webhooks/<int:pk>/secret", webhooks.rotate, name="webhook_secret"),
    path("webhooks/<int:pk>/switch", webhooks.switch, name="webhook_switch"),
    path("webhooks/<int:pk>/ending", webhooks.end, name="webhook_end"),
    path("webhooks/<int:pk>/test", webhooks.test, name="webhook_test"),
    path("webhooks/<int:pk>/deliveries/<int:delivery_id>/replay", webhooks.replay, name="webhook_replay"),
]
