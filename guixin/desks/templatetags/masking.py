"""Names as a page may carry them: customers masked, departments in the reader's language."""

from django import template
from django.utils.translation import get_language

from guixin.organisation.pinyin import spell
from guixin.understand.identities import IdentityKind
from guixin.understand.masking import mask_name
from guixin.understand.models import Customer

register = template.Library()


@register.filter
def masked_name(customer: Customer | None) -> str:
    """The customer's name for a list; a company's is public, a person's is masked."""
    if customer is None:
        return "–"
    return customer.name if customer.kind == Customer.Kind.COMPANY else mask_name(customer.name) or "–"


@register.filter
def shown_name(department) -> str:
    return department.shown_name(get_language() or "zh-hans") if department else ""


@register.filter
def shown_intro(form) -> str:
    return form.shown_intro(get_language() or "zh-hans")


@register.filter
def identity_kind(kind: str) -> str:
    return str(IdentityKind(kind).label) if kind in IdentityKind.values else kind


@register.filter
def found_by(template) -> str:
    """What somebody may type to find a template: its shortcut, its names, their pinyin and its initials."""
    letters = spell(template.name)
    words = (template.shortcut, template.name, template.name_en, letters.initials, letters.full)
    return " ".join(filter(None, words)).casefold()
