"""The questions of a form as the firm built it, on every page where one is filled in."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guixin.desks.forms.attach import FilesField, kept_files
from guixin.desks.forms.typed import AsTyped, input_for
from guixin.serve.attaching import Kept
from guixin.serve.filling_in import CannotFillIn, FilledInMeanwhile, answer_in_words, shown_form, value_of
from guixin.serve.form_fields import FILE, PRODUCT, FormField, condition_in_words
from guixin.serve.models import CaseFormVersion, FilledForm
from guixin.understand.models import Product
from guixin.web.typed_values import ValueKind, in_words

PREFIX = "form-"
TAKEN_AWAY = "-"
PRODUCTS_OFFERED = 300


def ask(
    form: forms.Form, version: CaseFormVersion, filled: FilledForm | None = None, *, kept_by_browser: bool = False
) -> None:  # fmt: skip
    """Add a field for each question. What is personal is not written into the page: left empty it stays as it is.

    kept_by_browser    what is typed is kept in the browser until it is sent (public pages)
    """
    language, asked = get_language() or "zh-hans", version.asked
    answers: Mapping[str, Any] = filled.answers if filled else {}
    for key, one in asked.items():
        made = _field(one, language)
        made.asked, made.needed = one, one.required  # type: ignore[attr-defined]
        made.condition = condition_in_words(one, asked, language)  # type: ignore[attr-defined]
        made.shown_values = json.dumps(one.shown_values, ensure_ascii=False)  # type: ignore[attr-defined]
        if kept_by_browser and one.kind not in (FILE, ValueKind.SEVERAL) and not one.personal:
            made.widget.attrs["data-keep"] = ""
        if key in answers and one.personal:
            masked = answer_in_words(one, answers[key], language, masked=True)
            keep = _("Leave it empty to keep %(value)s; write “-” to take it away.") % {"value": masked}
            made.help_text = f"{made.help_text} {keep}".strip()
            made.widget = forms.TextInput(attrs={"autocomplete": "off"})
        elif key in answers and one.kind != FILE:
            made.initial = _as_input(one, answers[key])
        form.fields[f"{PREFIX}{key}"] = made


def _field(one: FormField, language: str) -> forms.Field:
    words = {"label": one.shown_label(language), "help_text": one.shown_help(language)}
    if one.kind == FILE:
        return FilesField(**words)
    if one.unit:
        words["label"] = f"{words['label']} ({one.unit})"
    widget = input_for(one.kind, one.shown_choices(language), nothing=_("Please choose"))
    if one.kind == PRODUCT:
        widget.attrs["list"] = "products"
    return AsTyped(widget=widget, **words)


def _as_input(one: FormField, kept: Any) -> Any:
    if one.kind == ValueKind.YES_NO:
        return "yes" if kept else "no"
    if one.kind == ValueKind.MOMENT:
        return timezone.localtime(value_of(one, kept))
    return kept


def questions(form: forms.Form) -> list[forms.BoundField]:
    return [form[name] for name in form.fields if name.startswith(PREFIX)]


def answers_said(form: forms.Form) -> dict[str, Any]:
    """By key, for the verbs: a personal one that was left empty is not mentioned, nor are files."""
    said: dict[str, Any] = {}
    for key, one, name in _asked_by(form):
        value = form.cleaned_data.get(name)
        if one.kind == FILE or (one.personal and not value):
            continue
        said[key] = None if one.personal and value == TAKEN_AWAY else value
    return said


def uploads_of(form: forms.Form) -> dict[str, list[Kept]]:
    """The files that answer a question, laid in the store, by key. Before the transaction they are attached in."""
    found = {}
    for key, one, name in _asked_by(form):
        if one.kind == FILE and (kept := kept_files({"attachments": form.cleaned_data.get(name) or ()})):
            found[key] = kept
    return found


def files_chosen(form: forms.Form) -> dict[str, int]:
    """How many files were chosen for each question that asks for some."""
    return {
        key: len(form.cleaned_data.get(name) or ()) for key, one, name in _asked_by(form) if one.kind == FILE
    }


def _asked_by(form: forms.Form) -> Iterator[tuple[str, FormField, str]]:
    for name, field in form.fields.items():
        if name.startswith(PREFIX):
            yield name.removeprefix(PREFIX), field.asked, name  # type: ignore[attr-defined]


def show_errors(form: forms.Form, refusal: Exception) -> None:
    """The verb's sentences, each at its field; what has none stands above."""
    errors = refusal.errors if isinstance(refusal, CannotFillIn) else {}
    for key, sentence in errors.items():
        form.add_error(f"{PREFIX}{key}", sentence)
    if not errors:
        form.add_error(None, str(refusal))


def products_offered(version: CaseFormVersion | None) -> list[Product]:
    """What the firm sells, for whoever types a product at the desk."""
    if version is None or all(one.kind != PRODUCT for one in version.asked.values()):
        return []
    return list(Product.objects.order_by("code")[:PRODUCTS_OFFERED])


class FillInForm(forms.Form):
    """The form of one case, with the number of what was read."""

    read_at = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)

    def __init__(self, *args: Any, version: CaseFormVersion, filled: FilledForm | None = None, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["read_at"].initial = filled.number if filled else 0
        ask(self, version, filled)

    data: QueryDict

    def theirs(self, refusal: FilledInMeanwhile) -> list[dict[str, str]]:
        """What somebody else wrote meanwhile beside what was typed here. Sent again, the form decides knowing both."""
        shown, typed = shown_form(refusal.current), answers_said(self)
        changed = self.data.copy()
        changed["read_at"] = str(refusal.current.number)
        self.data = changed
        return [
            {"label": each.label, "yours": in_words(typed[each.key]), "theirs": each.shown}
            for each in shown.answers
            if each.key in typed and not each.is_masked
        ]
