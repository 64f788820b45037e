"""What people do with segments: define one, work on its rule, publish, go back, withdraw, put them in order."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.organisation.models.position import Duty
from guixin.organisation.models.versions import publish_next
from guixin.understand import segment_events as events
from guixin.understand.models import Segment, SegmentVersion
from guixin.understand.rules import askers_of, checked
from guixin.understand.sorting import ask_for_round, choose_first_for_all
from guixin.web.refusals import Refused

LONGEST_NAME = 60


class CannotSegment(Refused):
    """The segment cannot be like this, and why."""

    about_input = True


class NotPossibleNow(Refused):
    """The state of the segment does not allow it."""


class DraftChangedMeanwhile(Refused):
    """Somebody else changed the draft since it was read."""


Keeper = Callable[[Segment], list[str]]
_keepers: list[Keeper] = []


def ask_before_withdrawing(keeper: Keeper) -> None:
    """Packages above say what still needs a segment, each in a few words: “the service package Gold”."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def may_define(person: Person) -> bool:
    """Administrators, and those who see everything, decide which segments there are and in which order."""
    scope = scope_of(person)
    return scope.sees_everything or scope.has_duty(Duty.ADMINISTRATOR)


def may_edit(segment: Segment, person: Person) -> bool:
    """Its owner answers for the rule."""
    return segment.owner_id == person.pk or may_define(person)


@transaction.atomic
def define(
    code: str, *, name: str, owner: Person, name_en: str = "", purpose: str = "", by: Person | None, now: datetime
) -> Segment:  # fmt: skip
    """A new segment behind the others. It has nobody in it until a rule is published."""
    name = _name(name)
    if Segment.objects.filter(code=code).exists():
        raise CannotSegment(_("There is a segment called “%s” already.") % code)
    if not owner.is_active:
        raise CannotSegment(_("%s no longer works here and cannot be responsible.") % owner.name)
    last = Segment.objects.aggregate(last=Max("priority"))["last"] or 0
    segment = Segment.objects.create(
        code=code, name=name, name_en=name_en.strip(), purpose=purpose.strip(), owner=owner, priority=last + 1
    )
    _tell_change(segment, ["created"], by, now)
    return segment


@transaction.atomic
def describe(segment: Segment, changes: Mapping[str, Any], *, by: Person | None, now: datetime) -> Segment:
    """Change name, name_en, purpose or owner."""
    segment = _locked(segment)
    changes = dict(changes)
    if "name" in changes:
        changes["name"] = _name(changes["name"])
    if (owner := changes.get("owner")) and owner.pk != segment.owner_id and not owner.is_active:
        raise CannotSegment(_("%s no longer works here and cannot be responsible.") % owner.name)
    changes = {name: value for name, value in changes.items() if getattr(segment, name) != value}
    if not changes:
        return segment
    for name, value in changes.items():
        setattr(segment, name, value)
    segment.save(update_fields=list(changes))
    _tell_change(segment, sorted(changes), by, now)
    return segment


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise CannotSegment(_("Give the segment a name of at most %s characters.") % LONGEST_NAME)
    return name


@transaction.atomic
def keep_draft(
    segment: Segment, rule: Mapping[str, Any], *, read_at_version: int | None = None, by: Person | None, now: datetime
) -> Segment:  # fmt: skip
    """Keep this as the rule somebody is working on. Refused in words if it could not be followed."""
    segment = _locked(segment)
    if read_at_version is not None and segment.draft_version != read_at_version:
        raise DraftChangedMeanwhile(_("Somebody else has just changed this draft. Look at it again."))
    segment.draft = checked(rule, code=segment.code)
    segment.draft_version += 1
    segment.draft_by, segment.draft_at = by, now
    segment.save(update_fields=["draft", "draft_version", "draft_by", "draft_at"])
    return segment


@transaction.atomic
def discard_draft(segment: Segment) -> None:
    Segment.objects.filter(pk=segment.pk).update(
        draft=None, draft_by=None, draft_at=None, draft_version=F("draft_version") + 1
    )


@transaction.atomic
def publish(
    segment: Segment, rule: Mapping[str, Any] | None = None, *, read_at_version: int | None = None,
    by: Person | None, now: datetime,
) -> SegmentVersion:  # fmt: skip
    """The draft (or this rule) becomes the next version; a worker sorts the customers by it at once.

    `read_at_version` of the draft that was looked at; another one is not published in its place.
    """
    segment = _locked(segment)
    if rule is None:
        if read_at_version is not None and segment.draft_version != read_at_version:
            raise DraftChangedMeanwhile(_("Somebody else has just changed this draft. Look at it again."))
        rule = segment.draft
    if rule is None:
        raise NotPossibleNow(_("There is no draft to publish."))
    rule = checked(rule, code=segment.code)
    last = segment.versions.order_by("-number").first()
    if segment.is_published and last and last.rule == rule:
        raise NotPossibleNow(_("This rule is in force already; there is nothing to publish."))
    version = publish_next(segment.versions, by=by, now=now, rule=rule)
    segment.published_at = segment.published_at or now
    segment.withdrawn_at, segment.draft, segment.draft_by, segment.draft_at = None, None, None, None
    segment.trouble = ""
    segment.save(update_fields=["published_at", "withdrawn_at", "draft", "draft_by", "draft_at", "trouble"])
    record(
        events.SegmentPublished(
            happened_at=now, actor_id=by.pk if by else None, about=("segment", segment.pk), segment=segment.code,
            number=version.number,
        )
    )  # fmt: skip
    ask_for_round(now)
    return version


def publish_again(version: SegmentVersion, *, by: Person | None, now: datetime) -> SegmentVersion:
    """Go back: a new version that says what an old one said. Nothing that was published is ever changed."""
    return publish(version.segment, version.rule, by=by, now=now)


@transaction.atomic
def withdraw(segment: Segment, *, by: Person | None, now: datetime) -> Segment:
    """No longer in force: whoever is in it leaves it. Refused while another segment or a package needs it."""
    segment = _locked(segment)
    if not segment.is_published:
        raise NotPossibleNow(_("“%s” is not in force.") % segment.name)
    if askers := askers_of(segment.code):
        raise NotPossibleNow(
            _("These segments ask for it: %s. Change their rules first.") % ", ".join(askers)
        )
    if needed := [words for keeper in _keepers for words in keeper(segment)]:
        raise NotPossibleNow(
            _("It is still used by %s. Give that up or move it first.") % _(", ").join(needed)
        )
    version = segment.versions.filter(withdrawn_at=None).order_by("-number").first()
    segment.versions.filter(withdrawn_at=None).update(withdrawn_at=now)
    segment.withdrawn_at = now
    segment.save(update_fields=["withdrawn_at"])
    record(
        events.SegmentWithdrawn(
            happened_at=now, actor_id=by.pk if by else None, about=("segment", segment.pk), segment=segment.code,
            number=version.number if version else 0,
        )
    )  # fmt: skip
    ask_for_round(now)
    return segment


@transaction.atomic
def move(segment: Segment, place: int, *, by: Person | None, now: datetime) -> None:
    """Put it in this place of the order, counted from 1; whoever is in several is treated by the first."""
    order = list(Segment.objects.select_for_update().order_by("priority"))
    rest = [each for each in order if each.pk != segment.pk]
    place = min(max(place, 1), len(order))
    moved = [*rest[: place - 1], *(each for each in order if each.pk == segment.pk), *rest[place - 1 :]]
    changed = []
    for number, each in enumerate(moved, start=1):
        if each.priority != number:
            each.priority = number
            changed.append(each)
    if not changed:
        return
    Segment.objects.bulk_update(changed, ["priority"])
    choose_first_for_all()
    _tell_change(segment, ["priority"], by, now)


def _locked(segment: Segment) -> Segment:
    return Segment.objects.select_for_update(of=("self",)).get(pk=segment.pk)


def _tell_change(segment: Segment, changed: list[str], by: Person | None, now: datetime) -> None:
    record(
        events.SegmentChanged(
            happened_at=now, actor_id=by.pk if by else None, about=("segment", segment.pk), segment=segment.code,
            changed=", ".join(changed),
        )
    )  # fmt: skip
