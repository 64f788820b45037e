"""The rows of lists, drawn by Python: a template would look up some forty things for each of fifty rows, which was
most of what a list cost. The heads of these columns stand in queue.html and _list_pane.html."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.db.models import Choices
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from guixin.desks.templatetags.lists import at_work, channel
from guixin.desks.templatetags.masking import masked_name
from guixin.serve.filtering import USUAL_COLUMNS
from guixin.serve.models import Case, Task
from guixin.web.templatetags.web import age, deadline, icon, moment
from guixin.web.widgets import escaped

register = template.Library()

NO_DEADLINE_FROM = 9000  # a year; "waiting" and beyond it: paused
NOTHING = SafeString("")


@dataclass(frozen=True)
class _Drawn:
    """What all rows of a list have in common: the moment they are shown at, the language, the pill of a pause."""

    now: datetime
    language: str
    paused: SafeString

    def due(self, case: Case, queue_at: datetime) -> SafeString:
        is_paused = case.state == Case.State.WAITING and queue_at.year > NO_DEADLINE_FROM
        return self.paused if is_paused else deadline(queue_at, self.now)

    def label(self, choices: type[Choices], value: Any) -> SafeString:
        return _label(choices, value, self.language)

    def name(self, department: Any) -> str:
        return escaped(department.shown_name(self.language)) if department else ""


Cell = Callable[[Case, _Drawn], str]

# The columns a list of cases may have besides its deadline, number and subject: heading, what stands in it as HTML.
CELLS: dict[str, tuple[Any, Cell]] = {
    "level": (gettext_lazy("Escalation"), lambda case, drawn: _level(case.level)),
    "customer": (gettext_lazy("Customer"), lambda case, drawn: escaped(masked_name(case.customer))),
    "grade": (gettext_lazy("Grade"), lambda case, drawn: escaped(case.grade)),
    "kind": (gettext_lazy("Kind"), lambda case, drawn: drawn.label(Case.Kind, case.kind)),
    "severity": (gettext_lazy("Severity"), lambda case, drawn: drawn.label(Case.Severity, case.severity)),
    "category": (gettext_lazy("Category"), lambda case, drawn: escaped(case.category)),
    "product": (gettext_lazy("Product"), lambda case, drawn: escaped(case.product)),
    "state": (gettext_lazy("State"), lambda case, drawn: drawn.label(Case.State, case.state)),
    "department": (gettext_lazy("Department now"), lambda case, drawn: drawn.name(case.department)),
    "owner": (gettext_lazy("Owner"), lambda case, drawn: escaped(case.owner.name)),
    "opened": (gettext_lazy("Opened"), lambda case, drawn: moment(case.opened_at, drawn.now)),
    "age": (gettext_lazy("Age"), lambda case, drawn: age(case.opened_at, drawn.now)),
    "channel": (gettext_lazy("Channel"), lambda case, drawn: channel(case.channel)),
}
WIDE_ONLY = {"channel"}  # a narrow screen goes without


@register.simple_tag
def case_heads(columns: Sequence[str]) -> SafeString:
    return format_html_join(
        "",
        '<th scope="col"{}>{}</th>',
        ((SafeString(' class="wide-only"') if name in WIDE_ONLY else "", CELLS[name][0]) for name in columns),
    )


@register.simple_tag
def case_rows(
    cases: Iterable[Case],
    now: datetime,
    *,
    beside: str,
    columns: Sequence[str] = USUAL_COLUMNS,
    unread: Collection[int] = (),
    watched: dict[int, str] | None = None,
    can_be_chosen: Any = False,
) -> SafeString:
    """beside     what a case's address carries to be shown beside this list
    columns    names of `CELLS`
    unread     the cases of which the reader has news
    watched    who else has a case before them
    """
    drawn = _drawn(now, _("Paused: waiting for the customer"))
    new = format_html(
        '<span class="new-mark" title="{0}"><span class="visually-hidden">{0}</span></span>',
        _("News for you"),
    )
    cells = [
        (f'<td class="nowrap{" wide-only" if name in WIDE_ONLY else ""}">', CELLS[name][1])
        for name in columns
    ]
    tick, beside = _tick if can_be_chosen else _no_tick, escaped(beside)

    def row(case: Case) -> str:
        number = escaped(case.number)
        is_new = case.pk in unread
        look = ' class="is-new"' if is_new else ""
        at = moment(case.closed_at, now) if case.closed_at else drawn.due(case, case.queue_at)
        return (
            f"<tr data-row{look}>{tick(case)}<td>{at}</td>"
            f'<td class="number" id="c{case.pk}">{number}</td><td class="grow"><span class="row-what">'
            f"{_emergency(case.emergency_since)}{new if is_new else ''}"
            f'<a class="cut row-link" href="/cases/{number}?{beside}">{escaped(case.subject)}</a>'
            f"{at_work(watched, case.pk) if watched else ''}</span>{_second_line(case, columns, drawn)}</td>"
            f"{''.join(f'{head}{cell(case, drawn)}</td>' for head, cell in cells)}</tr>"
        )

    return _joined("\n", map(row, cases))


def _second_line(case: Case, columns: Sequence[str], drawn: _Drawn) -> str:
    """In comfortable rows, what no column says; dense rows hide it."""
    words = [
        drawn.label(Case.Kind, case.kind) if "kind" not in columns else "",
        drawn.label(Case.Severity, case.severity)
        if case.severity > Case.Severity.NORMAL and "severity" not in columns
        else "",
        escaped(case.product) if "product" not in columns else "",
        drawn.label(Case.State, case.state)
        if case.state == Case.State.ANSWERED and "state" not in columns
        else "",
    ]
    return f'<span class="row-second">{" · ".join(filter(None, words))}</span>'


@register.simple_tag
def task_rows(tasks: Iterable[Task], now: datetime) -> SafeString:
    """On a phone a row is a card (task.css)."""
    drawn = _drawn(now, _("Paused: waiting for the customer"))

    def row(task: Task) -> str:
        case = task.case
        asked = f' <span class="quiet">· {escaped(task.instruction)}</span>' if task.instruction else ""
        return (
            f'<tr class="task-row{" task-row-late" if task.level else ""}">'
            f'<td class="task-row-clock">{drawn.due(case, task.queue_at)}</td>'
            f"<td>{_emergency(case.emergency_since)}{_level(task.level)}</td>"
            f'<td class="number"><a href="/tasks/{task.pk}">{escaped(case.number)}</a></td>'
            f'<td class="grow"><a class="cut row-link" href="/tasks/{task.pk}">{escaped(case.subject)}{asked}</a></td>'
            f'<td class="nowrap">{escaped(masked_name(case.customer))}</td><td class="nowrap">{drawn.name(task.department)}'
            f' <span class="tag">{drawn.label(Task.State, task.state)}</span></td>'
            f'<td class="nowrap">{escaped(task.handler.name) if task.handler else ""}</td>'
            f'<td class="nowrap">{age(task.given_at, now)}</td>'
            f'<td class="nowrap wide-only">{drawn.label(Case.Channel, case.channel)}</td></tr>'
        )

    return _joined("\n", map(row, tasks))


@register.simple_tag
def rows_beside(cases: Iterable[Case], now: datetime, query: str, here: str = "") -> SafeString:
    """The list beside a case; `here` is the number of the case that is open."""
    drawn, query = _drawn(now, _("Paused")), escaped(query)

    def row(case: Case) -> str:
        number = escaped(case.number)
        address = f"/cases/{number}?{query}"
        current = ' aria-current="true"' if case.number == here else ""
        return (
            f'<li><a class="list-row" href="{address}" data-row data-number="{number}" hx-get="{address}"'
            f' hx-target="#case" hx-swap="outerHTML show:none" hx-push-url="true"{current}>'
            f'<span class="list-row-first">{drawn.due(case, case.queue_at)}'
            f'<span class="list-row-title">{escaped(case.subject)}</span></span>'
            f'<span class="list-row-second"><span class="number">{number}</span>'
            f"<span>{escaped(masked_name(case.customer))}</span><span>{drawn.name(case.department)}</span>"
            f"<span>{escaped(case.owner.name)}</span></span></a></li>"
        )

    return _joined("", map(row, cases))


def _drawn(now: datetime, pause: str) -> _Drawn:
    paused = format_html('<span class="pill pill-paused">{}<span>{}</span></span>', icon("pause"), pause)
    return _Drawn(now, get_language() or "zh-hans", paused)


def _joined(between: str, rows: Iterable[str]) -> SafeString:
    """Every word of a row was escaped or made HTML by a tag: Django's way of putting them together looks at each three
    times."""
    return SafeString(between.join(rows))  # nosec B703  escaped as said above


@lru_cache(maxsize=1_000)
def _label(choices: type[Choices], value: Any, language: str) -> SafeString:
    """The word for one choice; Django builds the list of all of them each time."""
    words = choices(value).label if value in choices.values else value
    return SafeString(escaped(words))  # nosec B703  escaped


def _emergency(since: datetime | None) -> SafeString:
    """In words and an icon; the colour says it a third time."""
    if since is None:
        return NOTHING
    return format_html('<span class="tag tag-level">{}{}</span> ', icon("late"), _("Emergency"))


def _level(number: int) -> SafeString:
    """How high it was escalated; nothing when it was not."""
    if not number:
        return NOTHING
    words = _("Level %(level)s") % {"level": number}
    return format_html('<span class="tag tag-level">{}{}</span>', icon("up"), words)


def _no_tick(case: Any) -> str:
    return ""


def _tick(case: Any) -> str:
    return (
        f'<td class="tick"><input type="checkbox" name="case" value="{case.pk}" form="bulk-form"'
        f' aria-labelledby="c{case.pk}"></td>'
    )
