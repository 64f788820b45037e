"""Drawing the service together: one draft of a blueprint, edited by whoever may, published in versions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guixin.ledger import Event, record
from guixin.organisation.access import scope_of
from guixin.organisation.models import Department, Duty, Person
from guixin.organisation.models.versions import publish_next
from guixin.promise.drawing import CannotDraw, Drawing
from guixin.promise.models import Blueprint, BlueprintVersion, Standard

STEPS_BACK = 20  # edits of a draft that can be taken back


@dataclass(frozen=True, kw_only=True)
class BlueprintPublished(Event):
    """A blueprint has a new version; the one before can still be read and compared."""

    kind: ClassVar[str] = "promise.blueprint_published"
    sentence: ClassVar[str] = gettext_noop("Blueprint %(blueprint)s version %(number)s was published")
    blueprint: str
    number: int


@dataclass(frozen=True, kw_only=True)
class BlueprintWithdrawn(Event):
    """The service is not drawn like this any more, and no other drawing took its place."""

    kind: ClassVar[str] = "promise.blueprint_withdrawn"
    sentence: ClassVar[str] = gettext_noop("Blueprint %(blueprint)s version %(number)s was withdrawn")
    blueprint: str
    number: int


def may_draw(person: Person, blueprint: Blueprint | None = None) -> bool:
    """Administrators, and the steward of this one."""
    scope = scope_of(person)
    if scope.has_duty(Duty.ADMINISTRATOR) or scope.sees_everything:
        return True
    return blueprint is not None and blueprint.steward_id == person.pk


@transaction.atomic
def define(
    code: str,
    *,
    name: str,
    name_en: str = "",
    department: Department | None = None,
    steward: Person | None = None,
) -> Blueprint:
    """A blueprint nothing of which is drawn yet; its first draft or version goes into the same transaction."""
    if not name.strip():
        raise CannotDraw(_("Give it a name."))
    if Blueprint.objects.filter(code=code).exists():
        raise CannotDraw(_("There is a blueprint called “%s” already.") % code)
    return Blueprint.objects.create(
        code=code, name=name.strip(), name_en=name_en.strip(), department=department, steward=steward
    )


@transaction.atomic
def begin_draft(
    blueprint: Blueprint, *, by: Person, now: datetime, version: BlueprintVersion | None = None
) -> Blueprint:
    """A draft of the drawing in force, or of an earlier one; a draft that is there already is gone on with."""
    held = blueprint.held()
    if held.draft is None:
        source = version or held.in_force() or held.versions.order_by("-number").first()
        _keep(held, source.drawn if source else Drawing(), [], by, now)
    return held


@transaction.atomic
def edit(
    blueprint: Blueprint, change: Callable[[Drawing], Drawing], *, seen: int, by: Person, now: datetime
) -> Blueprint:
    """One edit of the draft as it was read at version `seen`. Raises CannotDraw, and DraftChanged."""
    held = _drafted(blueprint, seen)
    before = held.drawn or Drawing()
    after = change(before)
    _check_standards(after.standards() - before.standards())
    if after != before:
        _keep(held, after, [*held.draft_before, before.written()][-STEPS_BACK:], by, now)
    return held


@transaction.atomic
def step_back(blueprint: Blueprint, *, by: Person, now: datetime) -> Blueprint:
    """Take the latest edit back."""
    held = _drafted(blueprint)
    if not held.draft_before:
        raise CannotDraw(_("There is no edit to take back."))
    *before, last = held.draft_before
    _keep(held, Drawing.read(last), before, by, now)
    return held


@transaction.atomic
def discard(blueprint: Blueprint) -> None:
    """Throw the draft away. A blueprint that was never published goes with it: there is nothing of it to keep."""
    held = _drafted(blueprint)
    if not held.versions.exists():
        held.delete()
        return
    held.drop_draft(draft_before=[])


@transaction.atomic
def publish(
    blueprint: Blueprint, *, seen: int, note: str = "", by: Person, now: datetime
) -> BlueprintVersion:
    """The draft that was read at version `seen` becomes the next version."""
    held = _drafted(blueprint, seen)
    version = publish_drawing(held, held.drawn or Drawing(), note=note, by=by, now=now)
    held.drop_draft(draft_before=[])
    return version


@transaction.atomic
def publish_drawing(
    blueprint: Blueprint, drawing: Drawing, *, note: str = "", by: Person | None, now: datetime
) -> BlueprintVersion:
    """The next version. Refuses an empty drawing, one that is in force already, and unknown standards."""
    in_force = blueprint.held().in_force()
    if not drawing.elements:
        raise CannotDraw(_("An empty blueprint tells nobody anything; draw at least one element."))
    if in_force and in_force.drawn == drawing:
        raise CannotDraw(_("This drawing is in force already; there is nothing to publish."))
    _check_standards(drawing.standards())
    version = publish_next(blueprint.versions, by=by, now=now, drawing=drawing.written(), note=note.strip())
    record(_said(BlueprintPublished, version, by, now))
    return version


@transaction.atomic
def withdraw(blueprint: Blueprint, *, by: Person, now: datetime) -> None:
    version = blueprint.versions.select_for_update().filter(withdrawn_at=None).first()
    if version is None:
        raise CannotDraw(_("“%s” is not in force.") % blueprint)
    BlueprintVersion.objects.filter(pk=version.pk).update(withdrawn_at=now)
    record(_said(BlueprintWithdrawn, version, by, now))


def _said(
    event: type[BlueprintPublished] | type[BlueprintWithdrawn],
    version: BlueprintVersion,
    by: Person | None,
    now: datetime,
) -> Event:
    return event(
        happened_at=now,
        actor_id=by.pk if by else None,
        about=("blueprint", version.blueprint_id),
        blueprint=version.blueprint.code,
        number=version.number,
    )


def _drafted(blueprint: Blueprint, seen: int | None = None) -> Blueprint:
    held = blueprint.held(seen)
    if held.draft is None:
        raise CannotDraw(_("There is no draft of this blueprint any more."))
    return held


def _keep(held: Blueprint, drawing: Drawing, before: list, by: Person, now: datetime) -> None:
    held.put_draft(drawing.written(), by=by, now=now, draft_before=before)


def _check_standards(codes: Iterable[str]) -> None:
    codes = set(codes)
    if codes and (
        missing := codes - set(Standard.objects.filter(code__in=codes).values_list("code", flat=True))
    ):
        raise CannotDraw(_("There is no standard called “%s”.") % min(missing))
