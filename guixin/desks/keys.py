"""The keys of the console: what each does, and which of them a person may move to another key.

Pages mark a control with `data-key="e"`; `keyboard-shortcuts.js` presses it. A key of its own that a person chose
stands beside it in `own_keys`. WCAG 2.1.4: single keys can be switched off or moved; with Ctrl they cannot be hit by accident.
"""

from django.utils.translation import gettext_lazy as _

MOVABLE = {
    "j": _("Next row"),
    "k": _("Previous row"),
    "]": _("Next case of the list"),
    "[": _("Previous case of the list"),
    "x": _("Select"),
    "r": _("Reply"),
    "n": _("Internal note"),
    "t": _("Task"),
    "m": _("Canned replies"),
    "a": _("Owner"),
    "s": _("State"),
    "p": _("Priority"),
    "b": _("The order it is about"),
    "d": _("Department"),
    "e": _("Close the case"),
    "z": _("Snooze"),
    "w": _("Watch"),
    "c": _("New case"),
    "\\": _("Hide the list and the side panel"),
    "/": _("Find"),
    "?": _("Help with the keys"),
}
"""By the key they have unless a person moved them."""
