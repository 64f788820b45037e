"""What the firm decides about telling the customers of a segment (沟通计划): the draft line by line, publish, withdraw.

A published version is never edited. What waits under an old version goes out in the words of the new one, found by the
code of its line; a line that is gone takes with it what waits for it.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.organisation.models import Calendar, Department, Person
from guixin.organisation.models.versions import publish_next
from guixin.organisation.working_hours import calendar_numbered, calendar_of
from guixin.promise import occasions
from guixin.promise.communication_events import CommunicationPlanPublished, CommunicationPlanWithdrawn
from guixin.promise.filling import gaps_of
from guixin.promise.models import Channel, CommunicationEntry, CommunicationPlan, CommunicationVersion
from guixin.promise.models.communication import BY_PEOPLE
from guixin.promise.plan_words import GAPS
from guixin.understand.models import Purpose, Segment
from guixin.web.refusals import Refused
from guixin.worktime import WorkCalendar
from guixin.worktime.quiet import Quiet, leaves_an_hour

AT_MOST_ENTRIES = 40
LONGEST_SUBJECT, LONGEST_BODY = 200, 5_000
LONGEST_DELAY = 24 * 366  # hours
AT_MOST, WITHIN_DAYS = 4, 30  # of a new plan

ENTRY = (
    "code", "occasion", "direction", "on_day", "months", "delay_hours", "at", "channel", "purpose", "subject", "subject_en",
    "body", "body_en",
)  # fmt: skip
TERMS = ("calendar", "quiet_from", "quiet_to", "at_most", "within_days")


class CannotPlanMessages(Refused):
    """The plan cannot be like this, and why."""

    about_input = True


class NotPossibleNow(Refused):
    """The plan does not stand so that this is possible."""


class DraftChangedMeanwhile(Refused):
    """Somebody else changed the draft since it was read."""


# -- the draft -----------------------------------------------------------------------------------------------------


def blank() -> dict[str, Any]:
    """A plan nobody has worked on: nothing after eight in the evening, four messages a month."""
    return {
        "calendar": None, "quiet_from": "20:00", "quiet_to": "09:00", "at_most": AT_MOST, "within_days": WITHIN_DAYS,
        "entries": [],
    }  # fmt: skip


def content_of(version: CommunicationVersion) -> dict[str, Any]:
    """A version as a draft would say it: plain values."""
    return {
        "calendar": version.calendar.code if version.calendar else None,
        "quiet_from": _clock(version.quiet_from),
        "quiet_to": _clock(version.quiet_to),
        "at_most": version.at_most,
        "within_days": version.within_days,
        "entries": [_plain(each) for each in version.entries.order_by("pk")],
    }


def _plain(entry: CommunicationEntry) -> dict[str, Any]:
    said = {name: getattr(entry, name) for name in ENTRY}
    return said | {"on_day": entry.on_day.isoformat() if entry.on_day else None, "at": _clock(entry.at)}


def _clock(at: time | None) -> str | None:
    return f"{at:%H:%M}" if at else None


@transaction.atomic
def plan_of(segment: Segment) -> CommunicationPlan:
    """The plan of this segment, made if there is none yet."""
    plan, _made = CommunicationPlan.objects.get_or_create(segment=segment)
    return plan


def draft_of(plan: CommunicationPlan) -> dict[str, Any]:
    """What somebody is working on, or a copy of what is in force, or a blank plan."""
    if plan.draft is not None:
        return plan.draft
    version = in_force(plan) or plan.versions.order_by("-number").first()
    return content_of(version) if version else blank()


def in_force(plan: CommunicationPlan) -> CommunicationVersion | None:
    return plan.versions.select_related("calendar").filter(withdrawn_at__isnull=True).first()


def keep_terms(
    plan: CommunicationPlan, terms: Mapping[str, Any], *, read_at_version: int | None = None, by: Person | None,
    now: datetime,
) -> CommunicationPlan:  # fmt: skip
    """Hours, quiet hours and the cap of the draft. `calendar` is a code, or None for the firm's."""
    return _keep(plan, lambda draft: draft | checked_terms(terms, now), read_at_version, by, now)


def keep_entry(
    plan: CommunicationPlan, entry: Mapping[str, Any], *, read_at_version: int | None = None, by: Person | None,
    now: datetime,
) -> CommunicationPlan:  # fmt: skip
    """A new line of the draft, or another wording of the one with this code."""
    fresh = checked_entry(entry)

    def put(draft: dict[str, Any]) -> dict[str, Any]:
        lines = list(draft["entries"])
        place = next((n for n, each in enumerate(lines) if each["code"] == fresh["code"]), len(lines))
        lines[place : place + 1] = [fresh]
        _check_together(lines)
        return draft | {"entries": lines}

    return _keep(plan, put, read_at_version, by, now)


def remove_entry(
    plan: CommunicationPlan, code: str, *, by: Person | None, now: datetime
) -> CommunicationPlan:
    """Take a line out of the draft."""

    def drop(draft: dict[str, Any]) -> dict[str, Any]:
        left = [each for each in draft["entries"] if each["code"] != code]
        if len(left) == len(draft["entries"]):
            raise NotPossibleNow(_("This line is no longer there."))
        return draft | {"entries": left}

    return _keep(plan, drop, None, by, now)


@transaction.atomic
def discard(plan: CommunicationPlan, *, by: Person | None, now: datetime) -> None:
    """Forget the draft; what is in force stays."""
    plan = _locked(plan)
    plan.draft, plan.draft_by, plan.draft_at = None, None, None
    plan.draft_version += 1
    plan.save(update_fields=["draft", "draft_by", "draft_at", "draft_version"])


@transaction.atomic
def _keep(
    plan: CommunicationPlan, change: Any, read_at_version: int | None, by: Person | None, now: datetime
):
    plan = _locked(plan)
    _same(plan, read_at_version)
    plan.draft = change(draft_of(plan))
    plan.draft_version += 1
    plan.draft_by, plan.draft_at = by, now
    plan.save(update_fields=["draft", "draft_version", "draft_by", "draft_at"])
    return plan


def _locked(plan: CommunicationPlan) -> CommunicationPlan:
    return CommunicationPlan.objects.select_for_update(of=("self",)).select_related("segment").get(pk=plan.pk)


def _same(plan: CommunicationPlan, read_at_version: int | None) -> None:
    if read_at_version is not None and plan.draft_version != read_at_version:
        raise DraftChangedMeanwhile(_("Somebody else has just changed this draft. Look at it again."))


# -- checking ------------------------------------------------------------------------------------------------------


def checked_terms(terms: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The terms as plain values, or a refusal."""
    said = {name: terms.get(name) for name in TERMS}
    code = said["calendar"] or None
    if code and not Calendar.objects.filter(code=code).exists():
        raise CannotPlanMessages(_("There is no calendar called “%s”.") % code)
    begins, ends = _time(said["quiet_from"]), _time(said["quiet_to"])
    if (begins is None) != (ends is None):
        raise CannotPlanMessages(_("Quiet hours have a beginning and an end."))
    if begins is not None and begins == ends:
        raise CannotPlanMessages(_("Quiet hours that begin when they end leave it open which half is meant."))
    at_most, within = said["at_most"], said["within_days"]
    if (
        not isinstance(at_most, int)
        or not 1 <= at_most <= 99
        or not isinstance(within, int)
        or not 1 <= within <= 366
    ):
        raise CannotPlanMessages(_("At most 1 to 99 messages in 1 to 366 days."))
    quiet = [(begins, ends)] if begins is not None and ends is not None else []
    if not leaves_an_hour(now, hours_of(code), quiet, timezone.get_default_timezone()):
        raise CannotPlanMessages(
            _("Working hours and quiet hours together leave no hour in which a message could leave.")
        )
    return {
        "calendar": code, "quiet_from": _clock(begins), "quiet_to": _clock(ends), "at_most": at_most,
        "within_days": within,
    }  # fmt: skip


def hours_of(code: str | None) -> WorkCalendar:
    """The calendar of this code; without one that of the firm."""
    if code:
        return calendar_numbered(Calendar.objects.values_list("pk", flat=True).get(code=code))
    top = Department.objects.filter(parent=None).order_by("pk").values_list("pk", flat=True).first()
    return calendar_of(top)


def quiet_of(begins: time | None, ends: time | None) -> list[Quiet]:
    return [(begins, ends)] if begins is not None and ends is not None else []


def _time(said: Any) -> time | None:
    if not said:
        return None
    if isinstance(said, time):
        return said
    try:
        return time.fromisoformat(str(said))
    except ValueError as wrong:
        raise CannotPlanMessages(_("“%s” is not a time of the day; write 20:00.") % said) from wrong


def checked_entry(said: Mapping[str, Any]) -> dict[str, Any]:
    """One line as plain values, or a refusal in words. Without a code it is given one."""
    occasion = occasions.known().get(str(said.get("occasion") or ""))
    if occasion is None:
        raise CannotPlanMessages(_("Say on which occasion the customer is told."))
    channel = said.get("channel") or ""
    if channel not in Channel.values:
        raise CannotPlanMessages(_("Say by which channel the customer is told."))
    purpose = said.get("purpose") or ""
    if purpose not in Purpose.values:
        raise CannotPlanMessages(_("Say what the message is for; consent is asked by it."))
    delay = said.get("delay_hours") or 0
    if not isinstance(delay, int) or not 0 <= delay <= LONGEST_DELAY:
        raise CannotPlanMessages(_("A message goes out at once or up to a year after its occasion."))
    words = {name: str(said.get(name) or "").strip() for name in ("subject", "subject_en", "body", "body_en")}
    if not words["subject"] or (not words["body"] and channel not in BY_PEOPLE):
        raise CannotPlanMessages(_("A message has a subject and words."))
    if any(len(text) > (LONGEST_BODY if "body" in name else LONGEST_SUBJECT) for name, text in words.items()):
        raise CannotPlanMessages(_("A subject has at most %(subject)s characters, a message %(body)s.") % {"subject": LONGEST_SUBJECT, "body": LONGEST_BODY})  # fmt: skip
    _check_gaps(occasion, list(words.values()))
    return {
        "code": str(said.get("code") or "") or secrets.token_hex(4),
        "occasion": occasion.code,
        "direction": _direction(said) if "direction" in occasion.asks else "",
        "on_day": _day(said) if "on_day" in occasion.asks else None,
        "months": _months(said) if "months" in occasion.asks else None,
        "delay_hours": delay,
        "at": _clock(_time(said.get("at"))),
        "channel": channel,
        "purpose": purpose,
        **words,
    }


def _check_gaps(occasion: occasions.Occasion, words: list[str]) -> None:
    known = {**GAPS, **occasion.gaps}
    if unknown := next((name for name in gaps_of(*words) if name not in known), None):
        raise CannotPlanMessages(
            _("“%(name)s” cannot be filled in. These can: %(known)s.")
            % {"name": f"{{{unknown}}}", "known": ", ".join(f"{{{each}}}" for each in known)}
        )


def _direction(said: Mapping[str, Any]) -> str:
    direction = said.get("direction") or ""
    if direction not in ("", "up", "down"):
        raise CannotPlanMessages(_("A grade goes up or down."))
    return direction


def _day(said: Mapping[str, Any]) -> str:
    day = said.get("on_day")
    try:
        return (day if isinstance(day, date) else date.fromisoformat(str(day))).isoformat()
    except ValueError as wrong:
        raise CannotPlanMessages(_("Say on which day.")) from wrong


def _months(said: Mapping[str, Any]) -> int:
    months = said.get("months")
    if not isinstance(months, int) or not 1 <= months <= 60:
        raise CannotPlanMessages(_("Every one to sixty months."))
    return months


def _check_together(entries: Sequence[Mapping[str, Any]]) -> None:
    """No two lines may speak of the same event: the second would never be sent, and nobody would know why."""
    if len(entries) > AT_MOST_ENTRIES:
        raise CannotPlanMessages(_("A plan has at most %s lines.") % AT_MOST_ENTRIES)
    seen: set[tuple] = set()
    for each in entries:
        by_people = each["channel"] in BY_PEOPLE
        directions = [each["direction"]] if each["direction"] else ["up", "down"]
        for direction in directions if each["occasion"] == "graded" else [""]:
            what = (each["occasion"], direction, each["on_day"], each["months"], by_people)
            if what in seen:
                raise CannotPlanMessages(
                    _(
                        "Two lines speak of the same event (%s). A customer is told of it once; change one of them."
                    )
                    % occasions.known()[each["occasion"]].words
                )
            seen.add(what)


# -- in force ------------------------------------------------------------------------------------------------------


@transaction.atomic
def publish(
    plan: CommunicationPlan, content: Mapping[str, Any] | None = None, *, read_at_version: int | None = None,
    by: Person | None, now: datetime,
) -> CommunicationVersion:  # fmt: skip
    """The draft (or this content) is what customers are told from now on; what happened before is not spoken of."""
    segment = Segment.objects.select_for_update().get(pk=plan.segment_id)  # it and its withdrawal take turns
    plan = _locked(plan)
    if not segment.is_published:
        raise CannotPlanMessages(
            _("The segment “%s” is not in force, so nobody would be told anything.") % segment
        )
    if content is None:
        _same(plan, read_at_version)
        if plan.draft is None and in_force(plan):
            raise NotPossibleNow(_("There is no draft to publish."))
        content = draft_of(plan)
    terms = checked_terms(content, now)
    entries = [checked_entry(each) for each in content.get("entries") or ()]
    if not entries:
        raise CannotPlanMessages(_("The plan has no line yet: nobody would be told anything."))
    _check_together(entries)
    current = in_force(plan)
    if current and content_of(current) == {**terms, "entries": entries}:
        raise NotPossibleNow(_("The plan says this already; there is nothing to publish."))
    version = _put_into_force(plan, terms, entries, by=by, now=now)
    plan.begun_at = plan.begun_at if current else now
    plan.draft, plan.draft_by, plan.draft_at = None, None, None
    plan.draft_version += 1
    plan.save(update_fields=["begun_at", "draft", "draft_by", "draft_at", "draft_version"])
    record(
        CommunicationPlanPublished(
            happened_at=now, actor_id=by.pk if by else None, about=("communicationplan", plan.pk), segment=segment.code,
            number=version.number, entries=len(entries),
        )
    )  # fmt: skip
    return version


def _put_into_force(
    plan: CommunicationPlan, terms: dict, entries: list[dict], *, by: Person | None, now: datetime
) -> CommunicationVersion:
    calendar = Calendar.objects.get(code=terms["calendar"]) if terms["calendar"] else None
    version = publish_next(
        plan.versions, by=by, now=now, calendar=calendar, quiet_from=_time(terms["quiet_from"]),
        quiet_to=_time(terms["quiet_to"]), at_most=terms["at_most"], within_days=terms["within_days"],
    )  # fmt: skip
    CommunicationEntry.objects.bulk_create(
        CommunicationEntry(
            version=version,
            **{
                **each,
                "at": _time(each["at"]),
                "on_day": date.fromisoformat(each["on_day"]) if each["on_day"] else None,
            },
        )
        for each in entries
    )
    return version


@transaction.atomic
def withdraw(plan: CommunicationPlan, *, by: Person | None, now: datetime) -> CommunicationVersion:
    """Say nothing more. What waits is not sent, and says so when its time comes."""
    plan = _locked(plan)
    version = in_force(plan)
    if version is None:
        raise NotPossibleNow(_("The plan is not in force."))
    CommunicationVersion.objects.filter(pk=version.pk).update(withdrawn_at=now)
    CommunicationPlan.objects.filter(pk=plan.pk).update(begun_at=None)
    record(
        CommunicationPlanWithdrawn(
            happened_at=now, actor_id=by.pk if by else None, about=("communicationplan", plan.pk),
            segment=plan.segment.code, number=version.number,
        )
    )  # fmt: skip
    return version


def keep_their_segment(segment: Segment) -> list[str]:
    """Asked before a segment is withdrawn: the plan by which its customers are told."""
    versions = CommunicationVersion.objects.filter(plan__segment=segment, withdrawn_at__isnull=True)
    return [_("its communication plan")] if versions.exists() else []
