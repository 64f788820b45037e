"""Service packages in words: what a package gives, beside what everybody gets, and why this case has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guixin.desks.admin.sentences import Words, span, whom
from guixin.promise.models import Clock, Measure, PackageVersion, StandardVersion
from guixin.serve.models import Case
from guixin.serve.packages import Better, offered, why
from guixin.web.moments import day


@dataclass(frozen=True)
class Line:
    """One promise: what, within which span, for which cases, and the span everybody gets instead."""

    what: str
    within: str
    whom: str
    instead_of: str  # blank: everybody is promised nothing
    is_better: bool


@dataclass(frozen=True)
class ShownPackage:
    """`because` is the sentence of the case page."""

    name: str
    address: str
    because: str
    reason: str
    lines: Sequence[Line]
    is_withdrawn: bool


def within(version: StandardVersion, words: Words, hours: int | None = None) -> str:
    calendar = words.calendar(version.calendar_id or hours)
    return span(version.budget_minutes, always=bool(calendar and calendar.always))


def _line(better: Better, words: Words, package: PackageVersion) -> Line:
    other = better.instead_of
    return Line(
        what=str(Measure(better.measure).label),
        within=within(better.version, words, package.calendar_id),
        whom=whom(_without_the_package(better.version), words),
        instead_of=within(other, words) if other else "",
        is_better=other is None or other.pk != better.version.pk,
    )


def _without_the_package(version: StandardVersion) -> StandardVersion:
    """Its other conditions: that the package says so is said by the page around it."""
    return StandardVersion(
        for_kind=version.for_kind, for_category=version.for_category, for_severity=version.for_severity,
        for_grade=version.for_grade, for_channel=version.for_channel, for_department_id=version.for_department_id,
    )  # fmt: skip


def lines_of(version: PackageVersion, words: Words) -> list[Line]:
    """What the package promises, each beside what everybody is promised."""
    return [_line(each, words, version) for each in offered(version)]


def package_of_case(case: Case, clocks: Sequence[Clock], now: datetime) -> ShownPackage | None:
    """Nothing is asked for a case without a package."""
    if case.package_id is None:
        return None
    language = get_language() or "zh-hans"
    found = why(case, language, clocks)
    assert found is not None
    words = Words()
    lines = [_line(each, words, found.version) for each in found.better]
    return ShownPackage(
        name=found.version.package.shown_name(language),
        address=f"/packages/{found.version.package.code}",
        because=_because(found.segment, found.since, found.version, lines, now),
        reason=found.version.reason_in(language),
        lines=lines,
        is_withdrawn=found.is_withdrawn,
    )


def _because(
    segment: str, since: datetime | None, version: PackageVersion, lines: Sequence[Line], now: datetime
) -> str:
    """Key accounts package, version 2: the customer is in the segment Key accounts since 1 Mar. Reply within 2 hours
    instead of 24 hours."""
    said = [
        _("%(package)s, version %(number)s, because the customer is in the segment %(segment)s since %(day)s")
        % {
            "package": version.package.shown_name(get_language() or "zh-hans"),
            "number": version.number,
            "segment": segment,
            "day": day(since, now),
        }
        if since
        else _("%(package)s, version %(number)s, because the customer was in the segment %(segment)s")
        % {
            "package": version.package.shown_name(get_language() or "zh-hans"),
            "number": version.number,
            "segment": segment,
        }
    ]
    for line in lines:
        if line.instead_of and line.is_better:
            told = _("%(what)s within %(within)s instead of %(other)s")
        else:
            told = _("%(what)s within %(within)s")
        said.append(told % {"what": line.what, "within": line.within, "other": line.instead_of})
    return _("; ").join(said) + _(".")
