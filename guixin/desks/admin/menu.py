"""What the administrator's pages are, in the order an administrator sets up a firm."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """`name` is the name of the page's address; `words` its title; `what` one line on what is done there."""

    name: str
    words: Any
    what: Any


@dataclass(frozen=True)
class Group:
    words: Any
    entries: list[Entry]


MENU = [
    Group(_("The firm"), []),
    Group(_("Promises and rules"), []),
    Group(_("Channels and data"), []),
    Group(
        _("The system"),
        [Entry("health", _("System"), _("Whether everything runs, and what to do when not."))],
    ),
]
