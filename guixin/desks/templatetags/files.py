"""Kinds of files as people call them."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

register = template.Library()

_EXACT = {
    "application/pdf": "PDF",
    "application/rtf": gettext_lazy("document"),
    "application/vnd.ms-office": gettext_lazy("document"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": gettext_lazy("document"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": gettext_lazy("spreadsheet"),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": gettext_lazy("slides"),
    "text/csv": gettext_lazy("table"),
    "text/plain": gettext_lazy("text"),
    "application/zip": gettext_lazy("archive"),
    "application/x-7z-compressed": gettext_lazy("archive"),
    "application/vnd.rar": gettext_lazy("archive"),
    "application/gzip": gettext_lazy("archive"),
}
_FAMILIES = {
    "image": gettext_lazy("photo"),
    "audio": gettext_lazy("recording"),
    "video": gettext_lazy("video"),
}


@register.filter
def kind_of_file(media_type: str) -> str:
    words = _EXACT.get(media_type) or _FAMILIES.get(media_type.split("/")[0])
    return str(words) if words else _("file")
