"""The rows of lists, drawn by Python: a template would look up some forty things for each of fifty rows, which was
most of what a list cost. The heads of these columns stand in queue.html and _list_pane.html."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.desks.templatetags.lists import at_work, channel
from guixin.desks.templatetags.masking import masked_name, shown_name
from guixin.serve.filtering import USUAL_COLUMNS
from guixin.serve.models import Case, Task
from guixin.web.templatetags.web import age, deadline, icon, moment

register = template.Library()

NO_DEADLINE_FROM = 9000  # a year; "waiting" and beyond it: paused
NOTHING = SafeString("")


Cell = Callable[[Case, datetime], Any]

# The columns a list of cases may have besides its deadline, number and subject: heading, what stands in it.
CELLS: dict[str, tuple[Any, Cell]] = {
    "level": (gettext_lazy("Escalation"), lambda case, now: _level(case.level)),
    "customer": (gettext_lazy("Customer"), lambda case, now: masked_name(case.customer)),
    "grade": (gettext_lazy("Grade"), lambda case, now: case.grade),
    "kind": (gettext_lazy("Kind"), lambda case, now: case.get_kind_display()),
    "severity": (gettext_lazy("Severity"), lambda case, now: case.get_severity_display()),
    "category": (gettext_lazy("Category"), lambda case, now: case.category),
    "product": (gettext_lazy("Product"), lambda case, now: case.product),
    "state": (gettext_lazy("State"), lambda case, now: case.get_state_display()),
    "department": (gettext_lazy("Department now"), lambda case, now: shown_name(case.department)),
    "owner": (gettext_lazy("Owner"), lambda case, now: case.owner.name),
    "opened": (gettext_lazy("Opened"), lambda case, now: moment(case.opened_at, now)),
    "age": (gettext_lazy("Age"), lambda case, now: age(case.opened_at, now)),
    "channel": (gettext_lazy("Channel"), lambda case, now: channel(case.channel)),
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
    paused = _pill_of_a_pause(_("Paused: waiting for the customer"))
    new = format_html(
        '<span class="new-mark" title="{0}"><span class="visually-hidden">{0}</span></span>',
        _("News for you"),
    )
    cells = [("nowrap wide-only" if name in WIDE_ONLY else "nowrap", CELLS[name][1]) for name in columns]
    return format_html_join(
        "\n",
        '<tr data-row{}>{}<td>{}</td><td class="number" id="c{}">{}</td>'
        '<td class="grow"><span class="row-what">{}<a class="cut row-link" href="/cases/{}?{}">{}</a>{}</span>{}</td>'
        "{}</tr>",
        (
            (
                SafeString(' class="is-new"') if case.pk in unread else "",
                _tick(case) if can_be_chosen else "",
                moment(case.closed_at, now) if case.closed_at else _due(case, case.queue_at, now, paused),
                case.pk, case.number,
                _emergency(case.emergency_since) + (new if case.pk in unread else NOTHING),
                case.number, beside, case.subject,
                at_work(watched, case.pk) if watched else "",
                _second_line(case, columns),
                format_html_join("", '<td class="{}">{}</td>', ((look, cell(case, now)) for look, cell in cells)),
            )
            for case in cases
        ),
    )  # fmt: skip


def _second_line(case: Case, columns: Sequence[str]) -> SafeString:
    """In comfortable rows, what no column says; dense rows hide it."""
    words = [
        case.get_kind_display() if "kind" not in columns else "",
        case.get_severity_display()
        if case.severity > Case.Severity.NORMAL and "severity" not in columns
        else "",
        case.product if "product" not in columns else "",
        case.get_state_display() if case.state == Case.State.ANSWERED and "state" not in columns else "",
    ]
    return format_html('<span class="row-second">{}</span>', " · ".join(str(each) for each in words if each))


@register.simple_tag
def task_rows(tasks: Iterable[Task], now: datetime) -> SafeString:
    """On a phone a row is a card (task.css)."""
    paused = _pill_of_a_pause(_("Paused: waiting for the customer"))
    return format_html_join(
        "\n",
        '<tr class="task-row{}"><td class="task-row-clock">{}</td><td>{}</td>'
        '<td class="number"><a href="/tasks/{}">{}</a></td>'
        '<td class="grow"><a class="cut row-link" href="/tasks/{}">{}{}</a></td>'
        '<td class="nowrap">{}</td><td class="nowrap">{} <span class="tag">{}</span></td><td class="nowrap">{}</td>'
        '<td class="nowrap">{}</td><td class="nowrap wide-only">{}</td></tr>',
        (
            (
                " task-row-late" if task.level else "",
                _due(task.case, task.queue_at, now, paused),
                _emergency(task.case.emergency_since) + _level(task.level),
                task.pk, task.case.number,
                task.pk, task.case.subject,
                format_html(' <span class="quiet">· {}</span>', task.instruction) if task.instruction else "",
                masked_name(task.case.customer), shown_name(task.department), task.get_state_display(),
                task.handler.name if task.handler else "",
                age(task.given_at, now), task.case.get_channel_display(),
            )
            for task in tasks
        ),
    )  # fmt: skip


@register.simple_tag
def rows_beside(cases: Iterable[Case], now: datetime, query: str, here: str = "") -> SafeString:
    """The list beside a case; `here` is the number of the case that is open."""
    paused = _pill_of_a_pause(_("Paused"))
    return format_html_join(
        "",
        '<li><a class="list-row" href="{0}" data-row data-number="{1}" hx-get="{0}" hx-target="#case"'
        ' hx-swap="outerHTML show:none" hx-push-url="true"{2}><span class="list-row-first">{3}'
        '<span class="list-row-title">{4}</span></span><span class="list-row-second"><span class="number">{1}</span>'
        "<span>{5}</span><span>{6}</span><span>{7}</span></span></a></li>",
        (
            (
                f"/cases/{case.number}?{query}", case.number,
                SafeString(' aria-current="true"') if case.number == here else "",
                _due(case, case.queue_at, now, paused), case.subject,
                masked_name(case.customer), shown_name(case.department), case.owner.name,
            )
            for case in cases
        ),
    )  # fmt: skip


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


def _due(case: Case, queue_at: datetime, now: datetime, paused: SafeString) -> SafeString:
    is_paused = case.state == Case.State.WAITING and queue_at.year > NO_DEADLINE_FROM
    return paused if is_paused else deadline(queue_at, now)


def _pill_of_a_pause(words: str) -> SafeString:
    return format_html('<span class="pill pill-paused">{}<span>{}</span></span>', icon("pause"), words)


def _tick(case: Any) -> SafeString:
    return format_html(
        '<td class="tick"><input type="checkbox" name="case" value="{0}" form="bulk-form" aria-labelledby="c{0}"></td>',
        case.pk,
    )
