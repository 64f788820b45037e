"""What a question says of an earlier answer: “You said {why}. …” Names in braces are codes of questions, or what the link is about."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from guixin.listen.questions import Asked

ABOUT = ("case", "product")  # what a link may be about: the number of the case, the product bought
LONGEST = 60
_NAME = re.compile(r"\{([a-z0-9_-]+)\}")


def names(*words: str) -> set[str]:
    """The names these words ask for."""
    return {name for each in words for name in _NAME.findall(each)}


def filled(
    words: str,
    asked: Mapping[str, "Asked"],
    answers: Mapping[str, str],
    about: Mapping[str, str],
    language: str,
) -> str:
    """With the answers in the place of their names; what nobody said is told in passing."""

    def said(found: re.Match[str]) -> str:
        name = found[1]
        if name in ABOUT:
            return about.get(name) or _USUAL[name]()
        answer = answers.get(name, "")
        shown = dict(asked[name].shown_choices(language)).get(answer, answer) if name in asked else answer
        shown = shown.replace("\n", ", ")
        return f"{shown[:LONGEST]}…" if len(shown) > LONGEST else shown or "…"

    return _NAME.sub(said, words)


_USUAL: dict[str, Callable[[], str]] = {"case": lambda: _("your matter"), "product": lambda: _("our product")}
