"""The questionnaires Guixin brings along, in library.toml: our own wording, since the published ones are copyright."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from guixin.listen.questions import CannotAsk, Sheet
from guixin.web.languages import Named, for_reader

FILE = Path(__file__).with_name("library.toml")
_SHEET = ("questions", "paths", "gaps", "usual")


@dataclass(frozen=True)
class Ready(Named):
    """One of the library. `about`: for what it is good, in a sentence."""

    code: str
    name: str
    name_en: str
    intro: str
    intro_en: str
    about: str
    about_en: str
    sheet: Sheet

    def shown_about(self, language: str) -> str:
        return for_reader(self.about, language, self.about_en)


@cache
def library() -> dict[str, Ready]:
    """By code, in the order in which they are offered."""
    written = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {code: _ready(code, entry) for code, entry in written.items()}


def ready(code: str) -> Ready:
    found = library().get(code)
    if found is None:
        raise CannotAsk(_("The library has no questionnaire “%s”.") % code)
    return found


def _ready(code: str, entry: dict[str, Any]) -> Ready:
    words = {name: value for name, value in entry.items() if name not in _SHEET}
    return Ready(code=code, sheet=Sheet.read(paired(entry)), **words)


def paired(entry: dict[str, Any]) -> dict[str, Any]:
    """What a file says to be asked: `usual` stands in every scale that does not say otherwise, and `expected = true` asks
    for the expectation beside it, under the code with “-expected” behind."""
    usual = entry.get("usual", {})
    questions = []
    for each in entry.get("questions", ()):
        one = dict(each)
        wants_expected = one.pop("expected", False)
        if one.get("kind", "scale") == "scale":
            one = usual | one
        if wants_expected:
            same = {
                name: one[name] for name in ("label", "label_en", "low", "high", "required") if name in one
            }
            questions.append(same | {"code": f"{one['code']}-expected", "expectation_of": one["code"]})
        questions.append(one)
    return {"questions": questions, "paths": entry.get("paths", ()), "gaps": entry.get("gaps", ())}
