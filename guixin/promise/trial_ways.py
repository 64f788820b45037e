"""How a new time of a standard, a limit of the authority table and the hours of a department are tried by themselves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guixin.organisation import arranging, granting
from guixin.organisation.decisions import DECISIONS, Unit
from guixin.organisation.in_force import matrix_in_force
from guixin.organisation.models import Calendar, Department, Grant, Person, Use
from guixin.promise import publishing
from guixin.promise.effect import KeptShare
from guixin.promise.models import AuthorityRequest, Clock, Proposal
from guixin.promise.trying import Way, tried_by
from guixin.promise.verdicts import JUDGED
from guixin.web.refusals import Refused

Change = dict[str, Any]


class CannotTry(Refused):
    """This cannot hold for a while, and why."""

    about_input = True


def _language() -> str:
    return get_language() or "zh-hans"


def kept_of(clocks) -> KeptShare:
    met = Count("pk", filter=Q(state=Clock.State.MET))
    return KeptShare(**clocks.filter(state__in=JUDGED).aggregate(ended=Count("pk"), kept=met))


def _promises_kept() -> str:
    return _("Promises kept")


# -- a new time of a standard, in one department -------------------------------------------------------------------


def _standard(proposal: Proposal, chosen: Mapping[str, Any]) -> Change | None:
    department = chosen.get("department")
    if proposal.budget_minutes is None or proposal.standard is None or department is None:
        return None
    _terms(proposal, department)
    return {"department": department.pk, "minutes": proposal.budget_minutes}


def _terms(proposal: Proposal, department: Department) -> dict[str, Any]:
    assert proposal.standard is not None
    there = publishing.in_force(proposal.standard)
    if there is None:
        raise CannotTry(_("“%s” is not in force any more.") % proposal.standard)
    if there.for_department_id == department.pk:
        raise CannotTry(
            _("This standard is that department's own; accept the proposal instead of trying it.")
        )
    if there.for_department_id is not None:
        raise CannotTry(_("This standard holds for another department only."))
    return publishing.terms_of(there) | {
        "for_department": department, "budget_minutes": proposal.budget_minutes,
    }  # fmt: skip


def _apply_standard(proposal: Proposal, change: Change, by: Person | None, now: datetime) -> Change:
    """A standard of its own that says more about this department than the one it may replace, so it goes before it."""
    assert proposal.standard is not None
    terms = _terms(proposal, Department.objects.get(pk=change["department"]))
    trial = publishing.define(
        f"{proposal.standard.code}-trial-{proposal.pk}", measure=proposal.standard.measure,
        name=f"{proposal.standard.name}（试行）", name_en=f"{proposal.standard.name_en or proposal.standard.name} (trial)",
        owner=proposal.standard.owner,
    )  # fmt: skip
    proposal.trial_version = publishing.publish_terms(trial, terms, by=by, now=now)
    return {}


def _drop_standard(proposal: Proposal, change: Change, by: Person | None, now: datetime) -> None:
    if proposal.trial_version is not None and proposal.trial_version.withdrawn_at is None:
        publishing.withdraw(proposal.trial_version.standard, by=by, now=now)


def _standard_words(change: Change) -> str:
    department = Department.objects.get(pk=change["department"])
    return _("%(n)s minutes in %(department)s") % {
        "n": change["minutes"],
        "department": department.shown_name(_language()),
    }


def _standard_share(
    proposal: Proposal, change: Change, since: datetime, until: datetime, under_trial: bool
) -> KeptShare:
    trial = proposal.trial_version
    of = trial.standard_id if under_trial and trial else proposal.standard_id
    assert of is not None
    return kept_of(
        Clock.objects.filter(
            version__standard_id=of,
            department_id=change["department"],
            started_at__gte=since,
            started_at__lt=until,
        )
    )


# -- a limit of the authority table ----------------------------------------------------------------------------------


def _limit(proposal: Proposal, chosen: Mapping[str, Any]) -> Change | None:
    grant, limit = chosen.get("grant"), chosen.get("limit")
    if grant is None or limit is None:
        return None
    if grant.matrix_id != getattr(matrix_in_force(), "pk", None):
        raise CannotTry(_("This line is not in the table that is in force."))
    if grant.unlimited or DECISIONS[grant.decision].unit == Unit.TIMES:
        raise CannotTry(_("This line has no limit that could be another."))
    if limit == grant.limit_each:
        raise CannotTry(_("That is the limit already."))
    change = {"line": {name: getattr(grant, name) for name in granting.WHOSE}, "limit": limit}
    lines = _lines_with(change["line"], limit, None)
    granting.check_line(grant.matrix, lines[0])
    return change | {"now": {"limit_each": grant.limit_each, "limit_case": grant.limit_case}}


def _lines_with(line: Mapping[str, Any], each: int, case: int | None) -> list[dict[str, Any]]:
    """The table in force with another limit in one line, which stands first; none if the line is not in it."""
    whole = [granting.terms_of(row) for row in Grant.objects.filter(matrix=matrix_in_force()).order_by("pk")]
    found = next((row for row in whole if all(row[name] == line[name] for name in granting.WHOSE)), None)
    if found is None:
        raise CannotTry(_("The line is not in the table any more."))
    if case is None and found["limit_case"] is not None:
        case = max(found["limit_case"], each)
    return [found | {"limit_each": each, "limit_case": case}, *(row for row in whole if row is not found)]


def _apply_limit(proposal: Proposal, change: Change, by: Person | None, now: datetime) -> Change:
    lines = _lines_with(change["line"], change["limit"], None)
    granting.publish_lines(lines, by=by, now=now)
    return change["now"] | {"trial_case": lines[0]["limit_case"]}


def _drop_limit(proposal: Proposal, change: Change, by: Person | None, now: datetime) -> None:
    was = change["was"]
    try:
        lines = _lines_with(change["line"], was["limit_each"], was["limit_case"])
    except CannotTry:
        return  # somebody took the line out meanwhile
    standing = Grant.objects.filter(matrix=matrix_in_force(), **change["line"]).first()
    left = (change["limit"], was["trial_case"])
    if standing and (standing.limit_each, standing.limit_case) == left:
        lines[0]["limit_case"] = was["limit_case"]
        granting.publish_lines(lines, by=by, now=now)


def _limit_words(change: Change) -> str:
    decision, currency = DECISIONS[change["line"]["decision"]], change["line"]["currency"]
    return _("%(decision)s: up to %(limit)s instead of %(was)s") % {
        "decision": decision.name,
        "limit": decision.written(change["limit"], currency),
        "was": decision.written(change["now"]["limit_each"], currency),
    }


def _limit_share(
    proposal: Proposal, change: Change, since: datetime, until: datetime, under_trial: bool
) -> KeptShare:
    """How many of these decisions were taken at once: neither asked for, nor taken upon somebody's request."""
    which = {"decision": change["line"]["decision"], "currency": change["line"]["currency"]}
    at_once = Use.objects.filter(**which, asked_by=None, at__gte=since, at__lt=until).count()
    asked = AuthorityRequest.objects.filter(**which, asked_at__gte=since, asked_at__lt=until).count()
    return KeptShare(ended=at_once + asked, kept=at_once)


def _at_once() -> str:
    return _("Decided at once, without asking")


# -- the hours of a department ------------------------------------------------------------------------------------------


def _hours(proposal: Proposal, chosen: Mapping[str, Any]) -> Change | None:
    department, calendar = chosen.get("department"), chosen.get("calendar")
    if department is None or calendar is None:
        return None
    if department.calendar_id == calendar.pk:
        raise CannotTry(_("It works by this calendar already."))
    return {"department": department.pk, "calendar": calendar.pk}


def _apply_hours(proposal: Proposal, change: Change, by: Person | None, now: datetime) -> Change:
    """Promises that run already keep the calendar they were made in."""
    department = Department.objects.select_for_update().get(pk=change["department"])
    was = {"calendar": department.calendar_id}
    calendar = Calendar.objects.get(pk=change["calendar"])
    arranging.change_department(department, by=by, now=now, calendar=calendar)
    return was


def _drop_hours(proposal: Proposal, change: Change, by: Person | None, now: datetime) -> None:
    department = Department.objects.select_for_update().get(pk=change["department"])
    if department.calendar_id == change["calendar"]:
        before = Calendar.objects.filter(pk=change["was"]["calendar"]).first()
        arranging.change_department(department, by=by, now=now, calendar=before)


def _hours_words(change: Change) -> str:
    return _("%(department)s works by the calendar %(calendar)s") % {
        "department": Department.objects.get(pk=change["department"]).shown_name(_language()),
        "calendar": Calendar.objects.get(pk=change["calendar"]),
    }


def _hours_share(
    proposal: Proposal, change: Change, since: datetime, until: datetime, under_trial: bool
) -> KeptShare:
    return kept_of(
        Clock.objects.filter(department_id=change["department"], started_at__gte=since, started_at__lt=until)
    )


def offer() -> None:
    tried_by(
        Proposal.Kind.STANDARD,
        Way(
            _standard, _apply_standard, _drop_standard, _standard_words, _standard_share, _promises_kept,
            for_the_firm=False,
        ),
    )  # fmt: skip
    tried_by(
        Proposal.Kind.AUTHORITY,
        Way(_limit, _apply_limit, _drop_limit, _limit_words, _limit_share, _at_once),
    )
    tried_by(
        Proposal.Kind.CALENDAR,
        Way(_hours, _apply_hours, _drop_hours, _hours_words, _hours_share, _promises_kept),
    )
