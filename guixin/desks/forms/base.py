"""What every form of an act shares."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from guixin.desks.lists import Lists
from guixin.organisation.models import Department, Person
from guixin.serve.models import Term
from guixin.web.widgets import attributes, escaped

LONGEST_TEXT = 20_000


class ActForm(forms.Form):
    """A form that knows the noun it acts on and the firm's lists."""

    def __init__(self, *args: Any, noun: Any = None, lists: Lists | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.noun, self.lists = noun, lists or Lists()
        for each in self.fields.values():
            if isinstance(each, ListField):
                each.choices = each.choose_from(self.lists)
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the noun."""

    def refused(self, offer: Any, refusal: Exception) -> None:
        """The verb refused; a form may show more than the sentence."""


class ListSelect(forms.Select):
    """Writes its options in one go. Django renders templates for each of them, and a firm has hundreds of people."""

    def render(self, name: str, value: Any, attrs: dict | None = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        options = "".join(
            _group(key, words, chosen) if isinstance(words, list | tuple) else _option(key, words, chosen)
            for key, words in self.choices
        )
        said = attributes(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return SafeString(f"<select{said}>{options}</select>")  # nosec B703  of escaped parts


def _option(key: Any, words: Any, chosen: str) -> str:
    marked = " selected" if str(key) == chosen else ""
    return f'<option value="{escaped(key)}"{marked}>{escaped(words)}</option>'


def _group(label: Any, options: Any, chosen: str) -> str:
    inside = "".join(_option(key, words, chosen) for key, words in options)
    return f'<optgroup label="{escaped(label)}">{inside}</optgroup>'


class _LanguageSelect(forms.Select):
    """Each language is called in its own words, and says so to whoever reads aloud."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        return option | {"attrs": option["attrs"] | {"lang": str(option["value"])}}


class LanguageField(forms.ChoiceField):
    widget = _LanguageSelect

    def __init__(self) -> None:
        super().__init__(label=_("Language"), choices=settings.LANGUAGES)


class ListField(forms.ChoiceField):
    """A choice from one of the firm's lists, which are loaded once for all forms of a page."""

    widget = ListSelect

    def choose_from(self, lists: Lists) -> list[tuple[str, str]]:
        raise NotImplementedError


class DepartmentField(ListField):
    """Cleans to a Department, or None."""

    def __init__(self, *, nothing: Any = "", **kwargs: Any):
        super().__init__(**kwargs)
        self.nothing = nothing

    def choose_from(self, lists: Lists) -> list[tuple[str, str]]:
        return lists.departments(self.nothing)

    def clean(self, value: Any) -> Department | None:
        pk = super().clean(value)
        return Department.objects.get(pk=pk) if pk else None


class PersonField(ListField):
    def choose_from(self, lists: Lists) -> list[tuple[str, str]]:
        return lists.people

    def clean(self, value: Any) -> Person | None:
        pk = super().clean(value)
        return Person.objects.get(pk=pk) if pk else None


class TermField(ListField):
    """Cleans to the code of a term of the list."""

    def __init__(self, which: Term.List, **kwargs: Any):
        super().__init__(**kwargs)
        self.which = which

    def choose_from(self, lists: Lists) -> list[tuple[str, str]]:
        return lists.terms(self.which)


def text(label: Any, *, rows: int = 4, **kwargs: Any) -> forms.CharField:
    """Several lines. Blank is allowed here: whether words are needed is for the verb to say."""
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": rows}),
        max_length=LONGEST_TEXT,
        **{"required": False, **kwargs},
    )


def line(label: Any, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, **{"max_length": 200, "required": False, **kwargs})


def instant(label: Any, **kwargs: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": _("Say until when."), "invalid": _("Give a day and a time.")},
        **kwargs,
    )
