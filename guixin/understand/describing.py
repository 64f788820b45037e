"""Attributes: defined by the administrator, filled in for a customer, shown masked where they are personal."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.organisation.pinyin import spell
from guixin.understand import events
from guixin.understand.masking import mask_id
from guixin.understand.models import Attribute, AttributeValue, Customer
from guixin.web import typed_values
from guixin.web.refusals import Refused
from guixin.web.typed_values import fold

_COLUMN = {
    Attribute.Kind.TEXT: "text",
    Attribute.Kind.CHOICE: "text",
    Attribute.Kind.NUMBER: "number",
    Attribute.Kind.DATE: "day",
    Attribute.Kind.YES_NO: "yes",
}
_EMPTY = {"text": None, "folded": None, "number": None, "day": None, "yes": None}


class CannotDefine(Refused):
    """The attribute cannot be asked for like this."""

    about_input = True


class CannotDescribe(Refused):
    """What was written does not fit the attribute. Carries the code of it, for the field of a form."""

    about_input = True

    def __init__(self, sentence: str, code: str = ""):
        super().__init__(sentence)
        self.code = code


# -- what is asked for -------------------------------------------------------------------------------------------


@transaction.atomic
def define(
    name: str, kind: str, *, by: Person | None, now: datetime, code: str = "", name_en: str = "",
    choices: Iterable[str] = (), required: bool = False, personal: bool = False, asked_of: str = "",
    place: int | None = None,
) -> Attribute:  # fmt: skip
    """Ask for one thing more. Without a code, one is made of the English name or the pinyin."""
    name, kept = _worded(name, kind, choices)
    code = code or _code_of(name_en or name)
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", code):
        raise CannotDefine(gettext_lazy("A code is made of small letters, digits and hyphens."))
    if Attribute.objects.filter(code=code).exists():
        raise CannotDefine(_("There is an attribute “%s” already.") % code)
    if place is None:
        place = (Attribute.objects.order_by("-place").values_list("place", flat=True).first() or 0) + 10
    made = Attribute.objects.create(
        code=code, name=name, name_en=name_en.strip(), kind=kind, choices=kept, required=required,
        personal=personal, asked_of=asked_of, place=place,
    )  # fmt: skip
    _defined(made, "defined", by, now)
    return made


@transaction.atomic
def redefine(
    attribute: Attribute, changes: Mapping[str, Any], *, by: Person | None, now: datetime
) -> Attribute:
    """Another name, list or rule; the kind and the code stay. A choice somebody has said may not go."""
    attribute = Attribute.objects.select_for_update().get(pk=attribute.pk)
    fields = ("name", "name_en", "choices", "required", "personal", "asked_of", "place")
    wanted = {name: changes[name] for name in fields if name in changes}
    name, kept = _worded(
        wanted.get("name", attribute.name), attribute.kind, wanted.get("choices", attribute.choices)
    )
    wanted |= {"name": name, "choices": kept}
    if lost := set(attribute.choices) - set(kept):
        used = attribute.values.filter(text__in=lost).values_list("text", flat=True).first()
        if used:
            raise CannotDefine(_("“%s” is on record for customers and cannot be taken off the list.") % used)
    changed = {name: value for name, value in wanted.items() if getattr(attribute, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(attribute, name, value)
        attribute.save(update_fields=list(changed))
        _defined(attribute, "changed", by, now)
    return attribute


@transaction.atomic
def withdraw(attribute: Attribute, *, by: Person | None, now: datetime) -> None:
    """No longer asked for; what is on record stays."""
    if Attribute.objects.filter(pk=attribute.pk, withdrawn_at=None).update(withdrawn_at=now):
        _defined(attribute, "withdrawn", by, now)


@transaction.atomic
def restore(attribute: Attribute, *, by: Person | None, now: datetime) -> None:
    if Attribute.objects.filter(pk=attribute.pk).exclude(withdrawn_at=None).update(withdrawn_at=None):
        _defined(attribute, "restored", by, now)


def _worded(name: str, kind: str, choices: Iterable[str]) -> tuple[str, list[str]]:
    name = " ".join(name.split())
    kept = list(dict.fromkeys(word for each in choices if (word := " ".join(each.split()))))
    if not name:
        raise CannotDefine(gettext_lazy("Give the attribute a name."))
    if kind not in Attribute.Kind.values:
        raise CannotDefine(
            gettext_lazy("Say what may stand there: text, number, date, a list, or yes and no.")
        )
    if kind == Attribute.Kind.CHOICE and len(kept) < 2:
        raise CannotDefine(gettext_lazy("A list needs at least two words to choose from, one a line."))
    return name, kept if kind == Attribute.Kind.CHOICE else []


def _code_of(name: str) -> str:
    spelt = name if name.isascii() else spell(name).full
    return re.sub(r"[^a-z0-9]+", "-", spelt.casefold()).strip("-")[:40].rstrip("-")


def _defined(attribute: Attribute, change: str, by: Person | None, now: datetime) -> None:
    record(
        events.AttributeDefined(
            happened_at=now, actor_id=by.pk if by else None, about=("attribute", attribute.pk),
            code=attribute.code, attribute_change=change,
        )
    )  # fmt: skip


# -- what is known -----------------------------------------------------------------------------------------------


def understood(attribute: Attribute, written: Any) -> Any:
    """What was written as a value of this kind (see `web/typed_values.py`); None for nothing. Raises CannotDescribe."""
    asked = typed_values.Asked(
        name=attribute.shown_name(get_language() or ""), kind=attribute.kind, choices=attribute.choices
    )
    try:
        return typed_values.understood(asked, written)
    except typed_values.NotUnderstood as why:
        raise CannotDescribe(str(why), attribute.code) from why


def _must_be_known(attribute: Attribute) -> CannotDescribe:
    name = attribute.shown_name(get_language() or "")
    return CannotDescribe(_("%(name)s must be known.") % {"name": name}, attribute.code)


def describe(
    customer: Customer, said: Mapping[str, Any], *, by: Person | None, now: datetime, complete: bool = False
) -> list[str]:
    """Write these down, by code; an empty one is taken away. Returns the codes that changed.

    `complete`: the whole form was shown, so what is required must be known now. The caller holds the customer.
    """
    asked = {each.code: each for each in Attribute.objects.of(customer.kind)}
    if unknown := sorted(set(said) - set(asked)):
        raise CannotDescribe(_("There is no such attribute: %s.") % ", ".join(unknown), unknown[0])
    known = {row.attribute_id: row for row in customer.attribute_values.filter(attribute__in=asked.values())}
    wanted = {code: understood(asked[code], written) for code, written in said.items()}
    for code, attribute in asked.items():
        value = wanted.get(code, getattr(known.get(attribute.pk), "value", None))
        if attribute.required and value is None and (complete or code in wanted):
            raise _must_be_known(attribute)
    changed, old = [], {}
    for code, value in wanted.items():
        attribute, row = asked[code], known.get(asked[code].pk)
        if (row.value if row else None) == value:
            continue
        changed.append(code)
        old[code] = None if row is None else str(row.value)
        if value is None:
            AttributeValue.objects.filter(customer=customer, attribute=attribute).delete()
        else:
            AttributeValue.objects.update_or_create(
                customer=customer, attribute=attribute, defaults=columns_of(attribute, value)
            )
    if changed:
        record(
            events.CustomerDescribed(
                happened_at=now, actor_id=by.pk if by else None, about=("customer", customer.pk),
                attributes=", ".join(sorted(changed)), personal={"old": old},
            )
        )  # fmt: skip
    return changed


def columns_of(attribute: Attribute, value: Any) -> dict[str, Any]:
    """The columns of a row for this value; text is found by its exact, folded spelling."""
    folded = fold(value) if attribute.kind == Attribute.Kind.TEXT else None
    return _EMPTY | {_COLUMN[Attribute.Kind(attribute.kind)]: value, "folded": folded}


@dataclass(frozen=True)
class Described:
    """One attribute of a customer as a page or an answer may carry it."""

    code: str
    name: str
    shown: str
    is_masked: bool


def shown_of(customer: Customer, *, revealed: bool = False) -> list[Described]:
    """What is known, in the order of the firm; personal ones masked unless they are revealed. One query."""
    language = get_language() or ""
    rows = customer.attribute_values.select_related("attribute").order_by("attribute__place", "attribute_id")
    return [
        Described(
            row.attribute.code,
            row.attribute.shown_name(language),
            in_words(row, masked=row.attribute.personal and not revealed),
            row.attribute.personal and not revealed,
        )
        for row in rows
    ]


def in_words(row: AttributeValue, *, masked: bool = False) -> str:
    if masked:
        return mask_id(row.text) if row.text is not None else "****"
    return typed_values.in_words(row.value)
