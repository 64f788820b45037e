"""Standards and routing rules as sentences an administrator reads aloud."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from guixin.organisation.models import Calendar, Department
from guixin.promise.models import StandardVersion
from guixin.serve.models import Case, Term

DAY = 1440


class Words:
    """The firm's names, each list loaded once for a page."""

    def __init__(self) -> None:
        self.language = get_language() or "zh-hans"
        self._departments: dict[int, str] | None = None
        self._categories: dict[str, str] | None = None
        self._calendars: dict[int, Calendar] | None = None

    def department(self, pk: int | None) -> str:
        if self._departments is None:
            self._departments = {each.pk: each.shown_name(self.language) for each in Department.objects.all()}
        return self._departments.get(pk or 0, "–")

    def departments(self, pks: Iterable[int]) -> str:
        return _(", ").join(self.department(pk) for pk in pks)

    def category(self, code: str) -> str:
        if self._categories is None:
            terms = Term.objects.filter(list=Term.List.CATEGORY)
            self._categories = {each.code: each.shown_name(self.language) for each in terms}
        return self._categories.get(code, code)

    def calendar(self, pk: int | None) -> Calendar | None:
        if self._calendars is None:
            self._calendars = Calendar.objects.in_bulk()
        return self._calendars.get(pk or 0)


def span(minutes: int, *, always: bool) -> str:
    """4 working hours; round the clock 48 hours, 3 days."""
    if always and minutes % DAY == 0 and minutes > 2 * DAY:
        return _("%(n)s days") % {"n": minutes // DAY}
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours and always:
        parts.append(ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours})
    elif hours:
        parts.append(ngettext("%(n)s working hour", "%(n)s working hours", hours) % {"n": hours})
    if rest:
        parts.append(ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": rest})
    return " ".join(parts)


def whom(version: Any, words: Words) -> str:
    """For which cases: any, or complaints · serious or worse · from phone."""
    parts = []
    if version.for_kind:
        parts.append(str(Case.Kind(version.for_kind).label))
    if version.for_category:
        parts.append(words.category(version.for_category))
    if getattr(version, "for_product", ""):
        parts.append(_("products beginning with “%s”") % version.for_product)
    if version.for_severity:
        label = Case.Severity(version.for_severity).label
        parts.append(
            str(label) if version.for_severity == Case.Severity.CRITICAL else _("%s or worse") % label
        )
    if version.for_grade:
        parts.append(_("customers of grade %s") % _(", ").join(version.for_grade))
    if version.for_channel:
        parts.append(_("by %s") % Case.Channel(version.for_channel).label)
    if getattr(version, "for_words", None):
        parts.append(_("with the words %s") % _(", ").join(f"“{word}”" for word in version.for_words))
    if getattr(version, "for_department_id", None):
        parts.append(_("at %s") % words.department(version.for_department_id))
    if getattr(version, "only_in_packages", False):
        parts.append(_("only where the service package says so"))
    return " · ".join(parts) or _("All cases")


def promise(version: StandardVersion, measure: Any, words: Words) -> str:
    """The whole of the terms in one sentence."""
    calendar = words.calendar(version.calendar_id)
    always = bool(calendar and calendar.always)
    parts = [
        _("%(whom)s: %(measure)s within %(span)s")
        % {
            "whom": whom(version, words),
            "measure": measure,
            "span": span(version.budget_minutes, always=always),
        }
    ]
    if not always:
        parts.append(
            _("counted in “%s”") % calendar.name
            if calendar
            else _("counted in the working time of the department that keeps it")
        )
    if version.pauses_for_customer:
        parts.append(_("standing still while we wait for the customer"))
    if version.warn_percent:
        parts.append(_("a reminder when %s%% of the time is used") % version.warn_percent)
    levels = [_("if missed, level 1 is told at once")]
    levels += [
        _("level %(level)s after %(span)s") % {"level": level, "span": span(minutes, always=always)}
        for level, minutes in enumerate(version.ladder_minutes, start=2)
    ]
    parts.append(_(", ").join(levels))
    if version.repeat_minutes:
        parts.append(_("then one authority higher every %s") % span(version.repeat_minutes, always=always))
    return _("; ").join(parts) + _(".")


def term(name: str, version: StandardVersion, words: Words) -> str:
    """One term in words, for versions side by side; blank where it says nothing."""
    value = getattr(version, name)
    calendar = words.calendar(version.calendar_id)
    always = bool(calendar and calendar.always)
    if value in (None, "", []):
        return ""
    shown: dict[str, Any] = {
        "for_kind": lambda: Case.Kind(value).label,
        "for_category": lambda: words.category(value),
        "for_severity": lambda: Case.Severity(value).label,
        "for_channel": lambda: Case.Channel(value).label,
        "for_department": lambda: words.department(version.for_department_id),
        "budget_minutes": lambda: span(value, always=always),
        "repeat_minutes": lambda: span(value, always=always),
        "ladder_minutes": lambda: _(", ").join(span(each, always=always) for each in value),
        "calendar": lambda: value.name,
        "pauses_for_customer": lambda: _("Yes") if value else _("No"),
        "only_in_packages": lambda: _("Yes") if value else "",
        "warn_percent": lambda: f"{value}%",
    }
    return str(shown.get(name, lambda: value)())


def rule(conditions: Any, steps: Sequence[dict], words: Words) -> str:
    """If …: to Quality and Production, then After-sales."""
    stages: dict[int, list[str]] = {}
    for step in sorted(steps, key=lambda each: each["stage"]):
        stages.setdefault(step["stage"], []).append(words.department(step["department"]))
    at_once = [_(" and ").join(names) for names in stages.values()]
    return _("%(whom)s: to %(departments)s.") % {
        "whom": whom(conditions, words),
        "departments": _(", then ").join(at_once),
    }
