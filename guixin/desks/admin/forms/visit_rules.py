"""How visitors are received, as an administrator writes it: purposes, grades and rules line by line, and what holds for all."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guixin.desks.admin.forms.standards import choice
from guixin.desks.forms.base import line, text
from guixin.listen.models import Wave
from guixin.serve.visit_rules import CODE, MOST, NAME
from guixin.web.languages import for_reader

MORE = 2  # blank lines below what stands there
MOST_LINES = 60


def place() -> forms.IntegerField:
    return forms.IntegerField(
        label=pgettext_lazy("in an order", "Place"), min_value=0, max_value=999, required=False
    )


class _Row(forms.Form):
    """A line; whoever blanks it takes it out."""

    needs: tuple[str, ...] = ("code", "name")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    @property
    def in_short(self) -> str:
        """What the line says, before it is opened; blank: it is free."""
        return _called(self)

    @property
    def is_said(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.needs)

    def said(self) -> dict[str, Any]:
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "place" and value not in ("", None, [])
        }


class PurposeRow(_Row):
    code = line(_("Code"), max_length=CODE)
    name = line(pgettext_lazy("of a thing", "Name"), max_length=NAME)
    name_en = line(_("English name"), max_length=NAME)


class GradeRow(_Row):
    place = place()
    code = line(_("Code"), max_length=CODE)
    name = line(pgettext_lazy("of a thing", "Name"), max_length=NAME)
    name_en = line(_("English name"), max_length=NAME)
    budget = line(
        _("May cost"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    host = line(_("Host"), max_length=NAME)
    meal = line(_("Meal"), max_length=NAME)
    gift = line(_("Gift"), max_length=NAME)

    @property
    def in_short(self) -> str:
        budget = self["budget"].value()
        return super().in_short + (f" · {budget}" if budget else "")


class RuleRow(_Row):
    needs = ("grade",)
    place = place()
    purposes = forms.MultipleChoiceField(
        label=_("Only for"), widget=forms.CheckboxSelectMultiple, required=False
    )
    customer_grades = line(_("Grades of customers"), max_length=20)
    people = forms.IntegerField(label=_("From so many people"), min_value=0, max_value=MOST, required=False)
    grade = forms.ChoiceField(label=_("Received by grade"), required=False)

    def __init__(
        self, *args: Any, purposes: list[tuple[str, str]], grades: list[tuple[str, str]], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        choice(self, "purposes").choices = purposes
        choice(self, "grade").choices = [("", gettext("no rule")), *grades]
        self.words = {"purposes": dict(purposes), "grades": dict(grades)}

    @property
    def in_short(self) -> str:
        said, grade = {name: self[name].value() for name in self.fields}, self["grade"].value()
        if not grade:
            return ""
        parts = [self.words["purposes"].get(code, code) for code in said["purposes"] or ()]
        if letters := said["customer_grades"]:
            parts.append(gettext("customers of grade %s") % letters)
        if str(said["people"] or "0") != "0":
            parts.append(gettext("from %s people") % said["people"])
        who = " · ".join(parts) or gettext("every visit")
        return f"{who} → {self.words['grades'].get(grade, grade)}"

    def said(self) -> dict[str, Any]:
        said = super().said()
        if letters := said.pop("customer_grades", ""):
            said["customer_grades"] = sorted(set(re.findall(r"\w", letters.upper())))
        return said


class VisitRulesForm(forms.Form):
    """`said`: the record in force, as a firm file says it."""

    read_at = forms.IntegerField(widget=forms.HiddenInput, required=False)
    most_people = forms.IntegerField(label=_("At most so many people at once"), min_value=1, max_value=MOST)
    days_ahead = forms.IntegerField(label=_("Customers apply so many days ahead"), min_value=0, max_value=90)
    currency = line(_("Currency"), max_length=3)
    follow_ups = line(
        _("Followed up after so many months"), max_length=40,
        help_text=_("Each is a planned contact of whoever owns the case, such as 1 3 6. Blank: never."),
    )  # fmt: skip
    survey = forms.ChoiceField(label=_("Survey visitors are asked in afterwards"), required=False)
    places = text(_("Where visitors are received"), rows=3, help_text=_("One on each line."))
    safety = text(_("Safety and confidentiality"), rows=3)
    safety_en = text(_("The same in English"), rows=3)

    def __init__(self, data: Any, *, said: Mapping[str, Any], number: int | None):
        lists = {
            "places": "\n".join(said.get("places", ())),
            "follow_ups": " ".join(str(each) for each in said.get("follow_ups", ())),
        }
        super().__init__(data, label_suffix="", initial={**said, **lists, "read_at": number})
        language = get_language() or "zh-hans"
        waves = [
            (each.code, each.shown_name(language))
            for each in Wave.objects.filter(closed_at=None).order_by("-pk")
        ]
        if (there := said.get("survey", "")) and there not in dict(waves):
            waves.append((there, there))
        choice(self, "survey").choices = [("", gettext("None")), *waves]
        self.purposes = [
            PurposeRow(data, prefix=prefix, initial=each)
            for prefix, each in _lines("purpose", "code", data, said["purposes"])
        ]
        self.grades = [
            GradeRow(data, prefix=prefix, initial=each)
            for prefix, each in _lines("grade", "code", data, said["grades"])
        ]
        offered = {
            "purposes": _offered(self.purposes),
            "grades": _offered(self.grades),
        }
        self.rules = [
            RuleRow(
                data, prefix=prefix, **offered,
                initial={**each, "customer_grades": "".join(each.get("customer_grades", ()))},
            )
            for prefix, each in _lines("rule", "people", data, said["rules"])
        ]  # fmt: skip

    def is_valid(self) -> bool:
        return all(
            [super().is_valid(), *(each.is_valid() for each in (*self.purposes, *self.grades, *self.rules))]
        )

    def clean_follow_ups(self) -> list[int]:
        return [int(each) for each in re.findall(r"\d{1,3}", self.cleaned_data["follow_ups"])]

    def clean_places(self) -> list[str]:
        return [each.strip() for each in self.cleaned_data["places"].splitlines() if each.strip()]

    def said(self) -> dict[str, Any]:
        """As `visit_rules.publish` takes it."""
        all_of_it = {name: value for name, value in self.cleaned_data.items() if name != "read_at"}
        rows: dict[str, list] = {"purposes": self.purposes, "grades": self.grades, "rules": self.rules}
        kept = {
            name: value for name, value in all_of_it.items() if name == "follow_ups" or value not in ("", [])
        }
        return kept | {name: [each.said() for each in _in_order(lines)] for name, lines in rows.items()}


def _lines(kind: str, field: str, data: Any, there: list) -> list[tuple[str, Mapping[str, Any]]]:
    """(prefix, what stands there): the lines that were sent, or those in force with some more."""
    number = len(there) + MORE
    if data is not None:
        number = next((n for n in range(MOST_LINES) if f"{kind}-{n}-{field}" not in data), MOST_LINES)
    return [(f"{kind}-{n}", {**(there[n] if n < len(there) else {}), "place": n + 1}) for n in range(number)]


def _called(row: forms.Form) -> str:
    """A purpose or a grade as its reader calls it; by its code where it has no name."""
    code, name, english = (row[each].value() or "" for each in ("code", "name", "name_en"))
    return for_reader(name, get_language() or "zh-hans", english) or code


def _offered(rows: Sequence[forms.Form]) -> list[tuple[str, str]]:
    """What rules may name: the codes as they are written on the page."""
    return [(code, _called(row)) for row in rows if (code := row["code"].value())]


def _in_order(rows: list) -> list:
    said = [(n, each) for n, each in enumerate(rows) if each.is_said]
    return [
        each
        for _n, each in sorted(said, key=lambda one: (one[1].cleaned_data.get("place") or one[0] + 1, one[0]))
    ]
