"""What is announced about forms: how they change, and that somebody filled one in."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class FormChanged(Event):
    """A form was added, described anew (its name, for which cases it is, whether customers find it), withdrawn, or is in
    use again. What it asks changes by a publication."""

    kind: ClassVar[str] = "serve.form_changed"
    sentence: ClassVar[str] = _("Form %(form)s: %(form_change)s")
    form: str
    form_change: str


@dataclass(frozen=True, kw_only=True)
class FormPublished(Event):
    """What a form asks from now on. Whoever answered an earlier version answered that one."""

    kind: ClassVar[str] = "serve.form_published"
    sentence: ClassVar[str] = _("Form %(form)s: version %(number)s is in force")
    form: str
    number: int
    fields: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class FormFilledIn(Event):
    """A form was filled in on a case, or what stands there was changed; `changed` are the keys of the fields. What stood
    there before is kept as a row of its own."""

    kind: ClassVar[str] = "serve.form_filled_in"
    sentence: ClassVar[str] = _("Form filled in: %(form)s")
    form: str
    version: int
    number: int  # 1: for the first time
    changed: list[str]

    @classmethod
    def sentence_for(cls, facts: dict) -> str:
        return cls.sentence if facts.get("number") == 1 else _("Form changed: %(form)s")


@dataclass(frozen=True, kw_only=True)
class FormRevealed(Event):
    """Somebody looked at the personal answers of a form, and why."""

    kind: ClassVar[str] = "serve.form_revealed"
    sentence: ClassVar[str] = _("Personal answers of a form were shown: %(reason)s")
    form: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FormExported(Event):
    """What was answered in a form left the house as a file, personal answers masked."""

    kind: ClassVar[str] = "serve.form_exported"
    sentence: ClassVar[str] = _("The answers of form %(form)s were exported: %(rows)s cases")
    form: str
    rows: int
