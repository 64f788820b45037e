"""A form and its fields, as an administrator builds them."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from guixin.desks.forms.base import ActForm, TermField, line, text
from guixin.serve.form_fields import DECIDES, KINDS, FormField
from guixin.serve.models import Case, Term
from guixin.web.typed_values import ValueKind

BETWEEN = "|"  # the Chinese word and the English one of a list, on one line


class CaseFormForm(ActForm):
    """`noun` is the form, or none for a new one."""

    name = line(pgettext_lazy("of a thing", "Name"), required=True)
    name_en = line(gettext_lazy("English name"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind of case"), choices=Case.Kind.choices)
    category = TermField(
        Term.List.CATEGORY, label=gettext_lazy("Only of this category"), required=False,
        help_text=gettext_lazy("What lies below belongs to it. Standards and routing rules go by kind and category."),
    )  # fmt: skip
    product = line(
        gettext_lazy("Only for products whose name begins with"), help_text=gettext_lazy("Blank: for any.")
    )
    intro = text(gettext_lazy("What whoever fills it in reads first"), rows=2)
    intro_en = text(gettext_lazy("The same in English"), rows=2)
    is_public = forms.BooleanField(
        label=gettext_lazy("Customers can fill it in themselves, on our public pages"), required=False
    )
    place = forms.IntegerField(
        label=gettext_lazy("Place in the list"), required=False, min_value=0, max_value=32_000
    )

    def prepare(self) -> None:
        if self.noun is not None:
            self.initial = {name: getattr(self.noun, name) for name in self.fields}
        else:
            self.initial = {"kind": Case.Kind.SERVICE_REQUEST}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("place") is None:
            said.pop("place", None)
        return said


class FieldForm(forms.Form):
    """One field of a draft. `there` are those before it, one of which it may depend on."""

    draft_version = forms.IntegerField(widget=forms.HiddenInput)
    label = line(gettext_lazy("What is asked"), required=True)
    label_en = line(gettext_lazy("The same in English"))
    kind = forms.ChoiceField(label=gettext_lazy("What stands there"), choices=KINDS)
    choices = text(
        gettext_lazy("Words to choose from"), rows=4,
        help_text=gettext_lazy("For a list: one on each line; after a “|” the English one."),
    )  # fmt: skip
    unit = line(gettext_lazy("Unit"), help_text=gettext_lazy("For a number: pieces, mm, °C."))
    help = line(gettext_lazy("A word of help"))
    help_en = line(gettext_lazy("The same in English"))
    required = forms.BooleanField(label=gettext_lazy("Must be filled in"), required=False)
    personal = forms.BooleanField(
        label=gettext_lazy("Personal: masked until somebody says why"), required=False
    )
    shown_if = forms.ChoiceField(label=gettext_lazy("Asked only if"), required=False)
    shown_values = forms.MultipleChoiceField(
        label=gettext_lazy("is answered with"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, there: list[FormField], one: FormField | None = None, draft_version: int, **kwargs: Any
    ):  # fmt: skip
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        language = get_language() or "zh-hans"
        deciding = [each for each in there if each.kind in DECIDES]
        self.fields["shown_if"].choices = [  # type: ignore[attr-defined]
            ("", _("Always")), *((each.key, each.shown_label(language)) for each in deciding)
        ]  # fmt: skip
        self.fields["shown_values"].choices = [  # type: ignore[attr-defined]
            (f"{each.key}={value}", f"{each.shown_label(language)}：{words}")
            for each in deciding
            for value, words in _answers(each, language)
        ]
        self.initial = {"draft_version": draft_version}
        if one:
            self.initial |= {name: getattr(one, name) for name in self.fields if hasattr(one, name)}
            english = one.choices_en or ("",) * len(one.choices)
            self.initial["choices"] = "\n".join(
                f"{word} {BETWEEN} {en}" if en else word
                for word, en in zip(one.choices, english, strict=True)
            )
            self.initial["shown_values"] = [f"{one.shown_if}={each}" for each in one.shown_values]
        if not deciding:
            del self.fields["shown_if"], self.fields["shown_values"]

    def field(self) -> dict[str, Any]:
        """As `FormField.read` takes it."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "draft_version"}
        lines = [line.partition(BETWEEN) for line in said.pop("choices", "").splitlines() if line.strip()]
        if said["kind"] in (ValueKind.CHOICE, ValueKind.SEVERAL):
            said["choices"] = [word for word, _between, _en in lines]
            said["choices_en"] = [en for _word, between, en in lines if between]
        wanted = said.get("shown_if", "")
        said["shown_values"] = [
            value
            for key, _is, value in (each.partition("=") for each in said.get("shown_values", ()))
            if key == wanted
        ]
        if said["kind"] != ValueKind.NUMBER:
            said["unit"] = ""
        return said


def _answers(one: FormField, language: str) -> list[tuple[str, str]]:
    if one.kind == ValueKind.YES_NO:
        return [("yes", _("yes")), ("no", _("no"))]
    return one.shown_choices(language)
