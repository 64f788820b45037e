"""What promise reads from a firm file: the service standards, the service packages, the blueprints."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from guixin.organisation.firm import Loading, section
from guixin.organisation.models import Calendar, Department, Person
from guixin.promise import packages
from guixin.promise.blueprints import publish_drawing
from guixin.promise.drawing import CannotDraw, Drawing
from guixin.promise.models import Blueprint, Measure, Package, Standard
from guixin.promise.publishing import differing, in_force, publish_terms, withdraw
from guixin.understand.models import Segment

_DURATION = re.compile(r"^(\d+)\s*(m|h|d)$")
_MINUTES = {"m": 1, "h": 60, "d": 24 * 60}
_PERCENT = re.compile(r"^(\d{1,2})\s*%$")


@section("standards")
def load_standards(entries, loading: Loading) -> None:
    """[standards.reply] measure, name, name_en, owner, budget = "24h", calendar, warn = "80%", ladder = ["24h", "72h"],
    repeat = "24h", pauses, promise, promise_en, remedy, remedy_en, for = { kind, category, severity, grade, channel, department }.
    `only_in_packages = true` promises it to nobody but those whose service package names it.

    Changed terms are published as the next version; running clocks keep theirs. `warn` and `repeat` may be "never".
    `withdrawn = true` takes the standard out of force. Durations are counted in the calendar of the promise; days
    ("2d", 48 hours) are only understood in one that is always open, because elsewhere a day is not 24 hours.
    """
    for code, entry in loading.each(entries):
        loading.known_keys(
            entry, "measure", "name", "name_en", "owner", "budget", "calendar", "warn", "ladder", "repeat",
            "pauses", "promise", "promise_en", "remedy", "remedy_en", "for", "only_in_packages", "withdrawn",
        )  # fmt: skip
        measure, owner = loading.needed(entry, "measure"), entry.get("owner")
        if measure not in Measure.values:
            raise loading.refuse(
                _("There is no measure called “%(measure)s”. There are: %(known)s.")
                % {"measure": measure, "known": ", ".join(Measure.values)}
            )
        standard = loading.put(
            Standard,
            {"code": code},
            {
                "measure": measure,
                "name": loading.needed(entry, "name"),
                "name_en": entry.get("name_en", ""),
                "owner": loading.find(Department, _("department"), code=owner) if owner else None,
            },
        )
        _publish(standard, entry, loading)


def _publish(standard: Standard, entry: Mapping, loading: Loading) -> None:
    """The terms as the next version, if they are not those in force already."""
    there = in_force(standard)
    if entry.get("withdrawn"):
        if there:
            withdraw(standard, by=None, now=loading.now)
            loading.changed["StandardVersion"] += 1
        return
    terms = _terms(entry, loading)
    if not differing(there, terms):
        return
    publish_terms(standard, terms, by=None, now=loading.now)
    (loading.changed if there else loading.created)["StandardVersion"] += 1


def _terms(entry: Mapping, loading: Loading) -> dict[str, Any]:
    whom = entry.get("for", {})
    if not isinstance(whom, Mapping):
        raise loading.refuse(_('“for” is a table, such as { kind = "complaint" }.'))
    loading.known_keys(whom, "kind", "category", "severity", "grade", "channel", "department")
    severity, department = whom.get("severity"), whom.get("department")
    hours = entry.get("calendar")
    calendar = loading.find(Calendar, _("calendar"), code=hours) if hours else None
    has_days = bool(calendar and calendar.always)
    return {
        "for_kind": whom.get("kind", ""),
        "for_category": whom.get("category", ""),
        "for_severity": severity,
        "for_grade": whom.get("grade", ""),
        "for_channel": whom.get("channel", ""),
        "for_department": loading.find(Department, _("department"), code=department) if department else None,
        "only_in_packages": bool(entry.get("only_in_packages", False)),
        "budget_minutes": read_duration(loading.needed(entry, "budget"), loading, has_days=has_days),
        "calendar": calendar,
        "pauses_for_customer": entry.get("pauses", True),
        "warn_percent": _read_percent(entry.get("warn", "80%"), loading),
        "ladder_minutes": _read_ladder(entry.get("ladder", []), loading, has_days),
        "repeat_minutes": _read_repeat(entry.get("repeat", "24h"), loading, has_days),
        "promise": entry.get("promise", ""),
        "promise_en": entry.get("promise_en", ""),
        "remedy": entry.get("remedy", ""),
        "remedy_en": entry.get("remedy_en", ""),
    }


@section("packages")
def load_packages(entries, loading: Loading) -> None:
    """[packages.key-accounts] segment = "key-accounts", name, name_en, reason, reason_en, standards = ["reply-12h"],
    owner = "ren", calendar, channels = ["phone"], contact, visit_every_days = 30, promise, promise_en, remedy, remedy_en,
    public = true.

    `segment`, `standards`, `owner` and `calendar` name what exists. Changed content is published as the next version;
    cases keep the version they were promised. `withdrawn = true` takes the package out of force.
    """
    for code, entry in loading.each(entries):
        loading.known_keys(
            entry, "segment", "name", "name_en", "reason", "reason_en", "standards", "owner", "calendar", "channels",
            "contact", "visit_every_days", "promise", "promise_en", "remedy", "remedy_en", "public", "withdrawn",
        )  # fmt: skip
        there = Package.objects.filter(code=code).first()
        if entry.get("withdrawn"):
            if there and packages.in_force(there):
                packages.withdraw(there, by=None, now=loading.now)
                loading.changed["PackageVersion"] += 1
            continue
        segment = loading.find(Segment, _("segment"), code=loading.needed(entry, "segment"))
        values = {
            "name": loading.needed(entry, "name"),
            "name_en": entry.get("name_en", ""),
            "segment": segment,
        }
        if there and there.segment_id != segment.pk:
            raise loading.refuse(
                _("A service package stays with its segment; give the other one a new package.")
            )
        package = loading.put(Package, {"code": code}, values)
        standards = [loading.find(Standard, _("standard"), code=name) for name in entry.get("standards", [])]
        had = packages.in_force(package)
        content = _content(entry, loading)
        if had and not packages.differs(had, content, standards):
            continue
        try:
            packages.publish(package, content, standards, by=None, now=loading.now)
        except packages.CannotPublishPackage as why:
            raise loading.refuse(str(why)) from why
        (loading.changed if had else loading.created)["PackageVersion"] += 1


def _content(entry: Mapping, loading: Loading) -> dict[str, Any]:
    owner, hours, days = entry.get("owner"), entry.get("calendar"), entry.get("visit_every_days")
    if days is not None and not (isinstance(days, int) and 0 < days < 1000):
        raise loading.refuse(_("“visit_every_days” is a number of days."))
    blank = {
        name: entry.get(name, "")
        for name in ("reason_en", "contact", "promise", "promise_en", "remedy", "remedy_en")
    }
    return blank | {
        "reason": loading.needed(entry, "reason"),
        "owner": loading.find(Person, _("person"), login=owner) if owner else None,
        "calendar": loading.find(Calendar, _("calendar"), code=hours) if hours else None,
        "channels": list(entry.get("channels", [])),
        "visit_every_days": days,
        "is_public": bool(entry.get("public", False)),
    }


def read_duration(written: object, loading: Loading, *, has_days: bool = True) -> int:
    """Minutes: "30m", "24h" or "2d"."""
    found = _DURATION.match(str(written).strip())
    if not found or not int(found[1]):
        raise loading.refuse(
            _("“%(written)s” is not a duration. Write for example 30m, 24h or 2d.") % {"written": written}
        )
    if found[2] == "d" and not has_days:
        raise loading.refuse(
            _(
                "“%(written)s” can be read in two ways where work does not go on round the clock. "
                "Write the working hours, such as 8h."
            )
            % {"written": written}
        )
    return int(found[1]) * _MINUTES[found[2]]


def _read_percent(written: object, loading: Loading) -> int | None:
    if written == "never":
        return None
    found = _PERCENT.match(str(written).strip())
    if not found or not int(found[1]):
        raise loading.refuse(
            _("“%(written)s” is not a share of the time. Write for example 80%%, or “never”.")
            % {"written": written}
        )
    return int(found[1])


def _read_ladder(written: object, loading: Loading, has_days: bool) -> list[int]:
    """How long after the breach level 2, 3 … follow; each later than the one before."""
    if not isinstance(written, list):
        raise loading.refuse(_('“ladder” is a list, such as ["24h", "72h"].'))
    minutes = [read_duration(each, loading, has_days=has_days) for each in written]
    if minutes != sorted(set(minutes)):
        raise loading.refuse(_("Each level of the ladder must follow later than the one before."))
    return minutes


def _read_repeat(written: object, loading: Loading, has_days: bool) -> int | None:
    return None if written == "never" else read_duration(written, loading, has_days=has_days)


@section("blueprints")
def load_blueprints(entries, loading: Loading) -> None:
    """[blueprints.complaint] name, name_en, department, note, steps = [{ name, name_en }], elements = [{ lane, step = 1,
    name, name_en, moment = true, standards = ["reply"], to = ["name of another element"] }].

    `lane` is evidence, customer, onstage, backstage or support; `step` counts from 1. A changed drawing is published as
    the next version.
    """
    for code, entry in loading.each(entries):
        loading.known_keys(entry, "name", "name_en", "department", "note", "steps", "elements")
        owner = entry.get("department")
        blueprint = loading.put(
            Blueprint,
            {"code": code},
            {
                "name": loading.needed(entry, "name"),
                "name_en": entry.get("name_en", ""),
                "department": loading.find(Department, _("department"), code=owner) if owner else None,
            },
        )
        try:
            drawing = _drawing(entry)
            there = blueprint.in_force()
            if there is None or there.drawn != drawing:
                publish_drawing(blueprint, drawing, note=entry.get("note", ""), by=None, now=loading.now)
                (loading.changed if there else loading.created)["BlueprintVersion"] += 1
        except (CannotDraw, KeyError, TypeError) as wrong:
            raise loading.refuse(str(wrong)) from wrong


def _drawing(entry: Mapping) -> Drawing:
    keys = {each["name"]: f"e{number}" for number, each in enumerate(entry.get("elements", ()), 1)}
    return Drawing.read(
        {
            "steps": [
                {"key": f"s{number}", "name": each["name"], "name_en": each.get("name_en", "")}
                for number, each in enumerate(entry.get("steps", ()), 1)
            ],
            "elements": [
                {
                    "key": keys[each["name"]],
                    "lane": each["lane"],
                    "step": f"s{each['step']}",
                    "name": each["name"],
                    "name_en": each.get("name_en", ""),
                    "is_moment": bool(each.get("moment")),
                    "standards": each.get("standards", ()),
                    "leads_to": [keys.get(name, name) for name in each.get("to", ())],
                }
                for each in entry.get("elements", ())
            ],
        }
    )
