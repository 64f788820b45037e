"""What a form asks: an ordered list of fields as plain data, read, checked and compared without a database.

A version of a form keeps them as JSON, and answers keep the version: what was asked on a day is never asked differently
afterwards. A field is known by its `key`, which is never shown and never changes.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.organisation.pinyin import free_code
from guixin.web.languages import for_reader
from guixin.web.refusals import Refused
from guixin.web.typed_values import Asked, ValueKind

MOST_FIELDS, MOST_WORDS, LONGEST = 60, 100, 200
PRODUCT, FILE = "product", "file"
KINDS: list[tuple[str, Any]] = [
    *ValueKind.choices,
    (PRODUCT, gettext_lazy("Product")),
    (FILE, gettext_lazy("Photos and files")),
]
LISTED = (ValueKind.CHOICE, ValueKind.SEVERAL)
DECIDES = (*LISTED, ValueKind.YES_NO)  # what another field may depend on
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class CannotAsk(Refused):
    """The form cannot ask this like this."""

    about_input = True


@dataclass(frozen=True, kw_only=True)
class FormField:
    """One thing a form asks.

    choices       the firm's words in Chinese, which are also what an answer keeps; `choices_en` beside them, or empty
    shown_if      the key of an earlier field; this one is only asked when that one's answer is among `shown_values`
    personal      masked until somebody says why they must see it
    """

    key: str
    label: str
    label_en: str = ""
    kind: str = ValueKind.TEXT
    help: str = ""
    help_en: str = ""
    choices: tuple[str, ...] = ()
    choices_en: tuple[str, ...] = ()
    unit: str = ""
    required: bool = False
    personal: bool = False
    shown_if: str = ""
    shown_values: tuple[str, ...] = ()

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> "FormField":
        """From JSON, a firm file or the API. Raises CannotAsk for what is no field at all."""
        known = {each.name for each in fields(cls)}
        if unknown := sorted(set(written) - known):
            raise CannotAsk(_("A field of a form has no “%s”.") % unknown[0])
        lists = ("choices", "choices_en", "shown_values")
        said = {name: value for name, value in written.items() if name not in lists and value is not None}
        words = {name: _words(written.get(name) or ()) for name in lists}
        texts = ("key", "label", "label_en", "kind", "help", "help_en", "unit", "shown_if")
        said |= {name: str(said[name]).strip() for name in texts if name in said}
        said |= {name: bool(said[name]) for name in ("required", "personal") if name in said}
        if not said.get("label"):
            raise CannotAsk(_("Give the field a name."))
        if not said.get("key"):
            raise CannotAsk(_("The field “%s” has no key.") % said["label"])
        return cls(**{**said, **words})

    def as_json(self) -> dict[str, Any]:
        """Only what was said, so that versions stay readable."""
        blank = FormField(key="", label="")
        return {
            each.name: list(value) if isinstance(value, tuple) else value
            for each in fields(self)
            if (value := getattr(self, each.name)) != getattr(blank, each.name) or each.name == "kind"
        }

    def shown_label(self, language: str) -> str:
        return for_reader(self.label, language, self.label_en)

    def shown_help(self, language: str) -> str:
        return for_reader(self.help, language, self.help_en)

    def shown_choices(self, language: str) -> list[tuple[str, str]]:
        """What is kept, and what is read."""
        english = self.choices_en if len(self.choices_en) == len(self.choices) else ("",) * len(self.choices)
        return [
            (each, for_reader(each, language, en)) for each, en in zip(self.choices, english, strict=True)
        ]

    def asked(self, language: str) -> Asked:
        return Asked(name=self.shown_label(language), kind=self.kind, choices=self.choices)

    @property
    def kind_in_words(self) -> str:
        return str(dict(KINDS).get(self.kind, self.kind))


def _words(written: Iterable[Any]) -> tuple[str, ...]:
    if isinstance(written, str):
        written = written.splitlines()
    return tuple(dict.fromkeys(word for each in written if (word := " ".join(str(each).split()))))


def read_fields(written: Any) -> list[FormField]:
    """A whole form. Raises CannotAsk in words for the first thing that is wrong."""
    if isinstance(written, str) or not isinstance(written, Iterable):
        raise CannotAsk(_("A form is a list of fields."))
    return checked([each if isinstance(each, FormField) else FormField.read(each) for each in written])


def checked(asked: Sequence[FormField]) -> list[FormField]:
    """The fields, if a form can ask them in this order."""
    if len(asked) > MOST_FIELDS:
        raise CannotAsk(_("A form asks %s things at most; nobody fills in more.") % MOST_FIELDS)
    before: dict[str, FormField] = {}
    for one in asked:
        _check(one, before)
        before[one.key] = one
    return list(asked)


def _check(one: FormField, before: Mapping[str, FormField]) -> None:
    def no(sentence: str, **more: Any) -> CannotAsk:
        return CannotAsk(sentence % {"name": one.label, **more})

    if not _KEY.fullmatch(one.key):
        raise CannotAsk(gettext_lazy("A code is made of small letters, digits and hyphens."))
    if one.key in before:
        raise no(_("Two fields of this form have the key “%(key)s”."), key=one.key)
    if one.kind not in dict(KINDS):
        raise no(_("%(name)s: a form cannot ask for “%(kind)s”."), kind=one.kind)
    if any(len(word) > LONGEST for word in (one.label, one.label_en, one.unit, *one.choices)):
        raise no(_("%(name)s: names and words have 200 characters at most."))
    if one.kind in LISTED and len(one.choices) < 2:
        raise no(_("%(name)s: a list needs at least two words to choose from."))
    if len(one.choices) > MOST_WORDS:
        raise no(_("%(name)s: a list has %(most)s words at most."), most=MOST_WORDS)
    if one.choices_en and len(one.choices_en) != len(one.choices):
        raise no(_("%(name)s: give an English word for each word of the list, or for none."))
    if one.personal and one.kind == FILE:
        raise no(_("%(name)s: files are kept with the case and cannot be masked."))
    if one.shown_if:
        _check_condition(one, before)


def _check_condition(one: FormField, before: Mapping[str, FormField]) -> None:
    other = before.get(one.shown_if)
    if other is None or other.kind not in DECIDES:
        raise CannotAsk(
            _("%(name)s may depend only on a list or a yes and no that stands before it.")
            % {"name": one.label}
        )
    allowed = ("yes", "no") if other.kind == ValueKind.YES_NO else other.choices
    unknown = [each for each in one.shown_values if each not in allowed]
    if unknown or not one.shown_values:
        raise CannotAsk(
            _("%(name)s: say for which answers to “%(other)s” it is asked: %(words)s.")
            % {"name": one.label, "other": other.label, "words": _(", ").join(allowed)}
        )


def is_asked(one: FormField, asked: Mapping[str, FormField], answers: Mapping[str, Any]) -> bool:
    """Whether the answers so far make this a question: what it depends on was asked, and answered so.

    answers   by key, as they are kept: True and False for yes and no
    """
    if not one.shown_if:
        return True
    other = asked.get(one.shown_if)
    if other is None or not is_asked(other, asked, answers):
        return False
    value = answers.get(other.key)
    if isinstance(value, bool):
        value = "yes" if value else "no"
    said = value if isinstance(value, list) else [value]
    return any(each in one.shown_values for each in said)


def condition_in_words(one: FormField, asked: Mapping[str, FormField], language: str) -> str:
    """ "Only if “Where” is “At your works”", for those whose browser cannot hide it; blank if it is always asked."""
    other = asked.get(one.shown_if)
    if other is None:
        return ""
    known = dict(other.shown_choices(language)) | {"yes": _("yes"), "no": _("no")}
    words = _(" or ").join(f"“{known.get(each, each)}”" for each in one.shown_values)
    return _("Only if “%(name)s” is %(words)s.") % {"name": other.shown_label(language), "words": words}


def field_key(label: str, label_en: str, taken: Iterable[str]) -> str:
    """A key for a new field, from its English name or its pinyin."""
    return free_code(label, label_en, {"new", *taken}.__contains__, otherwise="field")[:40]
