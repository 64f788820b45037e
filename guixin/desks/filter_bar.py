"""What stands above a list: the filters in force as chips that take themselves away, quick ones, the order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from guixin.desks.forms.base import ListSelect
from guixin.desks.lists import Lists
from guixin.desks.templatetags.rows import CELLS
from guixin.organisation.models import Department, Person
from guixin.serve.building_forms import forms_in_force
from guixin.serve.filtering import COLUMNS, DUE, GROUPS, SORTS, Filters
from guixin.serve.models import Case, CaseForm, Task, Term
from guixin.serve.queues import Group

LABELS = {
    "kind": gettext_lazy("Kind"),
    "state": gettext_lazy("State"),
    "severity": gettext_lazy("Severity"),
    "level": gettext_lazy("Level"),
    "department": gettext_lazy("Department"),
    "owner": gettext_lazy("Owner"),
    "handler": gettext_lazy("Handler"),
    "category": gettext_lazy("Category"),
    "channel": gettext_lazy("Channel"),
    "grade": gettext_lazy("Grade"),
    "due": gettext_lazy("Deadline"),
    "from": gettext_lazy("Opened from"),
    "to": gettext_lazy("Opened until"),
    "form": gettext_lazy("Form"),
    "q": gettext_lazy("Subject contains"),
}
DUE_WORDS = {
    "late": gettext_lazy("Late"),
    "soon": gettext_lazy("Due soon, not late yet"),
    "30m": gettext_lazy("Within 30 minutes"),
    "2h": gettext_lazy("Within 2 hours"),
    "today": gettext_lazy("Today"),
    "24h": gettext_lazy("Within 24 hours"),
    "7d": gettext_lazy("Within 7 days"),
}
SORT_WORDS = {
    "deadline": gettext_lazy("Next deadline"),
    "newest": gettext_lazy("Newest first"),
    "level": gettext_lazy("Highest level (only escalated)"),
}
QUICK = ("late", "2h", "today")
_CHOICES: dict[str, dict[str, Any]] = {
    "kind": dict(Case.Kind.choices),
    "severity": {str(value): words for value, words in Case.Severity.choices},
    "channel": dict(Case.Channel.choices),
    "due": DUE_WORDS,
}


@dataclass(frozen=True)
class Link:
    words: Any
    address: str
    is_on: bool = False


@dataclass(frozen=True)
class FilterBar:
    """`here` is the path of the list; every address says the whole of what it shows."""

    here: str
    filters: Filters
    chips: Sequence[Link]
    quick: Sequence[Link]
    sorts: Sequence[Link]
    groups: Sequence[Link]

    @property
    def order(self) -> str:
        """What the menu of orders and groups says it is at."""
        chosen = [str(each.words) for each in (*self.sorts, *self.groups) if each.is_on]
        return " · ".join(chosen)

    @property
    def query(self) -> str:
        return self.filters.query()

    @property
    def all_filters(self) -> str:
        """The page with every filter to choose from."""
        return f"{self.here}/filters?{self.query}"


def filter_bar(here: str, filters: Filters, *, can_be_sorted: bool = True) -> FilterBar:
    def at(changed: Filters) -> str:
        # The order is always said, so that on a saved view an address without filters means no filters.
        query = changed.query() or "sort=deadline"
        return f"{here}?{query}"

    def with_due(value: str) -> Filters:
        values = {name: had for name, had in filters.values.items() if name != "due"}
        return replace(filters, values={**values, "due": (value,)})

    due = filters.values.get("due", ("",))[0]
    quick = [
        Link(
            DUE_WORDS[value],
            at(filters.without("due", value) if due == value else with_due(value)),
            due == value,
        )
        for value in QUICK
    ]
    chips = [
        Link(_in_words(name, value, filters.of_tasks), at(filters.without(name, value)))
        for name, values in filters.values.items()
        for value in values
        if not (name == "due" and value in QUICK)
    ]
    sorts = [
        Link(SORT_WORDS[sort], at(replace(filters, sort=sort)), filters.sort == sort)
        for sort in SORTS
        if can_be_sorted
    ]
    groups = [
        Link(
            _("By %s") % LABELS[name],
            at(replace(filters, group="" if filters.group == name else name)),
            filters.group == name,
        )
        for name in GROUPS
        if not filters.of_tasks
    ]
    return FilterBar(here, filters, chips, quick, sorts, groups)


@dataclass(frozen=True)
class Section:
    """A group of a list: its heading, the list it is a part of narrowed to it, and its rows."""

    words: str
    address: str
    group: Group

    @property
    def key(self) -> str:
        return self.group.value


def sections(here: str, filters: Filters, groups: Sequence[Group]) -> list[Section]:
    """The groups in words: names of departments and people in one query."""
    if not groups:
        return []
    name, values = filters.group, [group.value for group in groups]
    language = get_language() or "zh-hans"
    if name == "department":
        known = {each.code: each.shown_name(language) for each in Department.objects.filter(code__in=values)}
    elif name == "owner":
        known = dict(Person.objects.filter(login__in=values).values_list("login", "name"))
    else:
        known = {**_CHOICES, "state": dict(Case.State.choices)}[name]
    made = []
    for group in groups:
        alone = replace(filters, group="", values={**filters.values, name: (group.value,)})
        words = str(known.get(group.value, group.value))
        made.append(Section(words, f"{here}?{alone.query()}", group))
    return made


def _in_words(name: str, value: str, of_tasks: bool) -> str:
    states = dict(Task.State.choices if of_tasks else Case.State.choices)
    shown: Any = {**_CHOICES, "state": states}.get(name, {}).get(value)
    if shown is None and name == "department":
        found = Department.objects.filter(code=value).first()
        shown = _("ours") if value == "mine" else found and found.shown_name(get_language() or "zh-hans")
    elif shown is None and name in ("owner", "handler"):
        known = {"me": _("I"), "nobody": _("nobody")}
        shown = known.get(value) or Person.objects.filter(login=value).values_list("name", flat=True).first()
    elif name == "category":
        term = Term.objects.filter(list=Term.List.CATEGORY, code=value).first()
        shown = term and term.shown_name(get_language() or "zh-hans")
    elif name == "form":
        form = CaseForm.objects.filter(code=value).first()
        shown = form and form.shown_name(get_language() or "zh-hans")
    elif name == "level":
        shown = _("%s and above") % value
    return _("%(filter)s: %(value)s") % {"filter": LABELS[name], "value": shown or value}


def forms_offered() -> list[tuple[str, str]]:
    language = get_language() or "zh-hans"
    return [(each.form.code, each.form.shown_name(language)) for each in forms_in_force()]


def _any(choices: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [("", _("Any")), *choices]


class FilterForm(forms.Form):
    """Every filter of a list. Sent by GET: what is chosen becomes the address."""

    q = forms.CharField(label=LABELS["q"], max_length=100, required=False)
    due = forms.ChoiceField(label=LABELS["due"], required=False, widget=ListSelect)
    kind = forms.MultipleChoiceField(
        label=LABELS["kind"],
        required=False,
        choices=Case.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    state = forms.MultipleChoiceField(
        label=LABELS["state"], required=False, widget=forms.CheckboxSelectMultiple
    )
    severity = forms.MultipleChoiceField(
        label=LABELS["severity"],
        required=False,
        choices=list(_CHOICES["severity"].items()),
        widget=forms.CheckboxSelectMultiple,
    )
    level = forms.ChoiceField(label=LABELS["level"], required=False, widget=ListSelect)
    department = forms.ChoiceField(label=LABELS["department"], required=False, widget=ListSelect)
    owner = forms.ChoiceField(label=LABELS["owner"], required=False, widget=ListSelect)
    handler = forms.ChoiceField(label=LABELS["handler"], required=False, widget=ListSelect)
    category = forms.ChoiceField(label=LABELS["category"], required=False, widget=ListSelect)
    channel = forms.ChoiceField(label=LABELS["channel"], required=False, widget=ListSelect)
    form = forms.ChoiceField(label=LABELS["form"], required=False, widget=ListSelect)
    grade = forms.CharField(label=LABELS["grade"], max_length=20, required=False)
    opened_from = forms.CharField(
        label=LABELS["from"], required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    opened_to = forms.CharField(
        label=LABELS["to"], required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"), required=False, choices=SORT_WORDS.items(), widget=ListSelect
    )
    group = forms.ChoiceField(label=gettext_lazy("Groups"), required=False, widget=ListSelect)
    column = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, filters: Filters, lists: Lists):
        said = {
            name: list(values) if name in ("kind", "state", "severity") else values[0]
            for name, values in filters.values.items()
        }
        said |= {
            "opened_from": said.pop("from", ""),
            "opened_to": said.pop("to", ""),
            "sort": filters.sort,
            "group": filters.group,
            "column": list(filters.columns),
        }
        super().__init__(initial=said, auto_id="filter-%s", label_suffix="")
        people = [(login, words) for login, words in lists.logins]
        own = [("me", _("I")), *people]
        choices: dict[str, list[tuple[str, Any]]] = {
            "due": _any([(value, DUE_WORDS[value]) for value in DUE]),
            "level": _any([(str(level), _("%s and above") % level) for level in (1, 2, 3, 4)]),
            "department": _any([("mine", _("ours")), *lists.department_codes]),
            "owner": _any(own),
            "handler": _any([("nobody", _("nobody")), *own]),
            "category": _any(lists.terms(Term.List.CATEGORY)[1:]),
            "channel": _any(Case.Channel.choices),
            "form": _any(forms_offered()),
        }
        for name, shown in choices.items():
            self.fields[name].choices = shown  # type: ignore[attr-defined]
        states = Task.OPEN if filters.of_tasks else Case.OPEN
        labels = Task.State if filters.of_tasks else Case.State
        self.fields["state"].choices = [(state.value, labels(state).label) for state in states]  # type: ignore[attr-defined]
        if not filters.of_tasks:
            del self.fields["handler"]
            self.fields["group"].choices = [("", _("None")), *((name, LABELS[name]) for name in GROUPS)]  # type: ignore[attr-defined]
            self.fields["column"].choices = [(name, CELLS[name][0]) for name in COLUMNS]  # type: ignore[attr-defined]
        else:
            del self.fields["group"], self.fields["column"]

    def add_prefix(self, field_name: str) -> str:
        """`from` is a word of Python, but the word of the address."""
        return {"opened_from": "from", "opened_to": "to"}.get(field_name, field_name)


def without_blanks(said: QueryDict) -> str:
    """What a filter form sent, without what was left open: the address somebody would keep."""
    kept = QueryDict(mutable=True)
    for name, values in said.lists():
        if filled := [value for value in values if value.strip()]:
            kept.setlist(name, filled)
    return kept.urlencode()
