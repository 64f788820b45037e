"""The firm's own names in the reader's language."""

from django import template
from django.utils.translation import get_language

from guixin.organisation.models import Department, Duty, Position
from guixin.web.languages import for_reader

register = template.Library()


@register.simple_tag
def own_name(department: Department) -> str:
    return department.shown_name(get_language() or "zh-hans")


@register.simple_tag
def own_title(position: Position) -> str:
    return for_reader(position.title, get_language() or "zh-hans", position.title_en)


@register.simple_tag
def duty_words(duty: str) -> str:
    return str(Duty(duty).label)
