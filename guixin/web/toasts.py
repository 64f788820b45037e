"""Saying on the next page what was done, with a button that takes it back while it can be taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest

UNDO = "undo="  # carried in the message's tags: the address that takes the act back, by POST


def say(request: HttpRequest, words: Any, *, undo: str = "") -> None:
    """Confirm an act. `undo` is our own address that takes it back when posted to; Ctrl+Z presses it too."""
    messages.success(request, words, extra_tags=f"{UNDO}{undo}" if undo else "")


def undo_address(message: Any) -> str:
    """The address a message carries, or nothing."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""
