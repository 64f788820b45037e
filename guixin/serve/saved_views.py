"""Views: lists with their filters under a name, those that come with Guixin and those people save. Their numbers
stand in the rail and cost the page nothing: a worker counts, for whoever looked lately, up to a bound."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from guixin.ledger.bulk import fetch_rows
from guixin.organisation.access import Scope, scope_of
from guixin.organisation.models import Person
from guixin.organisation.models.position import Duty
from guixin.serve import queues
from guixin.serve.filtering import BadFilter, asked
from guixin.serve.models import SavedView, ViewCount
from guixin.web.refusals import Refused

COUNTED_TO = 1_000  # beyond it a page says 999+
LOOKED_WITHIN = timedelta(hours=1)
COUNTED_EVERY = timedelta(minutes=2)
LOOK_NOTED_EVERY = timedelta(minutes=15)
PATIENCE = "400ms"  # for one count
IN_RAIL = 12
LONGEST_NAME = 40
Shared = SavedView.Shared


class CannotSaveView(Refused):
    """The view cannot be kept like this, and why."""

    about_input = True


@dataclass(frozen=True)
class View:
    """A view as a page shows it; `saved` is the row behind one that somebody saved."""

    key: str
    name: Any
    list: str
    query: str = ""
    saved: SavedView | None = None
    number: int | None = None  # as last counted

    @property
    def address(self) -> str:
        return f"/views/{self.key}"

    @property
    def shown_number(self) -> str | None:
        if self.number is None:
            return None
        return f"{COUNTED_TO - 1}+" if self.number >= COUNTED_TO else str(self.number)


def built_in(scope: Scope) -> list[View]:
    """The views everybody finds."""
    widest = "all" if scope.sees_everything or scope.is_front_desk else "department"
    return [
        View("due-soon", _("Ours, due soon"), "department", "due=2h"),
        View("not-accepted", _("Not accepted yet"), "tasks", "state=given"),
        View("waiting", _("Waiting for the customer"), widest, "state=waiting"),
        View("escalated", _("Escalated"), widest, "level=1"),
        View("follow-ups", _("Follow-ups due today"), "follow-ups"),
    ]


def find(key: str, person: Person) -> View | None:
    """A view by its key, if this person may see it."""
    if view := next((view for view in built_in(scope_of(person)) if view.key == key), None):
        return view
    if not key.isdecimal() or len(key) > 18:
        return None
    saved = SavedView.objects.visible_to(person).select_related("owner").filter(pk=key).first()
    return saved and _as_view(saved)


def _as_view(saved: SavedView, number: int | None = None) -> View:
    return View(saved.key, saved.name, saved.list, saved.query, saved, number)


def views_of(person: Person) -> list[SavedView]:
    """The saved views this person may see: their own first."""
    return _own_first(SavedView.objects.visible_to(person).select_related("owner", "department"), person)


def _own_first(seen: Iterable[SavedView], person: Person) -> list[SavedView]:
    return sorted(seen, key=lambda view: (view.owner_id != person.pk, view.position, view.pk))


def beside_lists(person: Person) -> list[View]:
    """The views of the rail, without their numbers."""
    saved = _own_first(SavedView.objects.visible_to(person), person)[:IN_RAIL]
    return [*built_in(scope_of(person)), *map(_as_view, saved)]


def in_rail(person: Person, now: datetime) -> list[View]:
    """The views of the rail with their numbers as last counted; that somebody looks is noted, for the worker."""
    views = beside_lists(person)
    known = {row[0]: row[1:] for row in fetch_rows(_NUMBERS, [person.pk])}
    noted = now - LOOK_NOTED_EVERY
    if late := [view.key for view in views if view.key not in known or known[view.key][1] < noted]:
        _note_look(person, late, now)
    return [
        View(view.key, view.name, view.list, view.query, view.saved, known.get(view.key, (None,))[0])
        for view in views
    ]


_NUMBERS = "SELECT view, number, looked_at FROM serve_viewcount WHERE person_id = %s"
_LOOKED = """
    INSERT INTO serve_viewcount (view, person_id, looked_at) SELECT unnest(%s::text[]), %s, %s
    ON CONFLICT (person_id, view) DO UPDATE SET looked_at = EXCLUDED.looked_at
"""


def _note_look(person: Person, keys: Iterable[str], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOOKED, [sorted(keys), person.pk, now])


# -- counting, by a worker -----------------------------------------------------------------------------------------


def recount_next(now: datetime, limit: int = 20) -> int:
    """Count again the views somebody looked at within the hour, the longest uncounted first. Returns how many."""
    wanted = (
        ViewCount.objects.filter(looked_at__gt=now - LOOKED_WITHIN)
        .filter(Q(counted_at=None) | Q(counted_at__lt=now - COUNTED_EVERY))
        .select_related("person")
    )
    rows = list(wanted.order_by(F("counted_at").asc(nulls_first=True))[:limit])
    for row in rows:
        view = find(row.view, row.person)
        if view is None:
            row.delete()
            continue
        number = count(view, row.person, now)
        ViewCount.objects.filter(pk=row.pk).update(
            counted_at=now, number=F("number") if number is None else number
        )
    return len(rows)


def count(view: View, person: Person, now: datetime) -> int | None:
    """How many rows the view has for this person, at most COUNTED_TO; None if that takes too long."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
            rows = queues.listed(view.list, person, QueryDict(view.query), now=now).all_rows
            return rows.order_by()[:COUNTED_TO].count()
    except (DatabaseError, BadFilter, queues.NoSuchQueue):
        return None


# -- saving --------------------------------------------------------------------------------------------------------


def may_share_with_everybody(person: Person) -> bool:
    scope = scope_of(person)
    return scope.may_administrate or scope.has_duty(Duty.COORDINATOR)


@transaction.atomic
def save(
    name: str, list_name: str, query: str, *, by: Person, now: datetime, shared: str = Shared.MINE,
    view: SavedView | None = None,
) -> SavedView:  # fmt: skip
    """Keep a list under a name; with `view`, change that one. Only its owner changes a view."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise CannotSaveView(_("Give it a name of at most %s characters.") % LONGEST_NAME)
    if shared not in Shared.values:
        raise CannotSaveView(_("A view is shared with nobody, with a department or with everybody."))
    if shared == Shared.EVERYBODY and not may_share_with_everybody(by):
        raise CannotSaveView(_("Only a supervisor shares a view with everybody."))
    if view is not None and view.owner_id != by.pk:
        raise CannotSaveView(
            _("This view belongs to %s; save it under a name of your own.") % view.owner.name
        )
    filters = asked(QueryDict(query), of_tasks=list_name in queues.OF_TASKS)
    queues.listed(
        list_name, by, QueryDict(query), now=now
    )  # refuses lists that are not there for this person
    home = sorted(scope_of(by, now).own_department_ids)
    if shared == Shared.DEPARTMENT and not home:
        raise CannotSaveView(_("You hold no post in a department to share it with."))
    saved = view or SavedView(owner=by, made_at=now)
    saved.name, saved.list, saved.query, saved.shared = name, list_name, filters.query(), shared
    saved.department_id = home[0] if shared == Shared.DEPARTMENT else None
    saved.save()
    ViewCount.objects.filter(view=saved.key).update(counted_at=None, number=None)
    return saved


@transaction.atomic
def remove(view: SavedView, *, by: Person) -> None:
    if view.owner_id != by.pk and not scope_of(by).sees_everything:
        raise CannotSaveView(_("This view belongs to %s.") % view.owner.name)
    ViewCount.objects.filter(view=view.key).delete()
    view.delete()
