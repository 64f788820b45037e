"""The promises in force, and which of them apply to a case."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from guixin.organisation.revisions import cached_until_changed
from guixin.promise.models import StandardVersion
from guixin.web.refusals import Refused


class NoSuchPromise(Refused, LookupError):
    """No published standard covers this measure."""


@dataclass(frozen=True)
class Circumstances:
    """What about a case decides which promises apply."""

    kind: str = ""
    category: str = ""  # code path, "quality/colour"
    severity: int = 1
    grade: str = ""
    channel: str = ""
    department_id: int | None = None

    def at(self, department_id: int) -> "Circumstances":
        return replace(self, department_id=department_id)


class Book:
    """Every version in force, by measure."""

    def __init__(self, versions: Iterable[StandardVersion]):
        self.by_measure: dict[str, list[StandardVersion]] = {}
        for version in versions:
            self.by_measure.setdefault(version.standard.measure, []).append(version)
        self._chosen: dict[tuple[str, Circumstances], StandardVersion | None] = {}

    def promise(self, measure: str, case: Circumstances) -> StandardVersion | None:
        """The version promised: the one that says most about the case; between equals, the strictest."""
        if (measure, case) not in self._chosen:
            fitting = [v for v in self.by_measure.get(measure, ()) if _covers(v, case)]
            best = max(fitting, key=lambda v: (*_precision(v), -v.budget_minutes, v.pk), default=None)
            if len(self._chosen) > 10_000:
                self._chosen.clear()
            self._chosen[measure, case] = best
        return self._chosen[measure, case]

    def must_promise(self, measure: str, case: Circumstances) -> StandardVersion:
        if version := self.promise(measure, case):
            return version
        raise NoSuchPromise(_("No published standard covers “%s”.") % measure)


def _covers(version: StandardVersion, case: Circumstances) -> bool:
    return (
        version.for_kind in ("", case.kind)
        and (not version.for_category or f"{case.category}/".startswith(f"{version.for_category}/"))
        and (version.for_severity is None or case.severity >= version.for_severity)
        and (not version.for_grade or (case.grade != "" and case.grade in version.for_grade))
        and version.for_channel in ("", case.channel)
        and version.for_department_id in (None, case.department_id)
    )


def _precision(version: StandardVersion) -> tuple:
    """How much a version says about its cases: how many conditions, then how deep its category stands."""
    conditions = (
        bool(version.for_kind),
        bool(version.for_category),
        version.for_severity is not None,
        bool(version.for_grade),
        bool(version.for_channel),
        version.for_department_id is not None,
    )
    return sum(conditions), len(version.for_category)


@cached_until_changed("standards")
def book() -> Book:
    """The promises in force now."""
    return Book(StandardVersion.objects.filter(withdrawn_at__isnull=True).select_related("standard"))
