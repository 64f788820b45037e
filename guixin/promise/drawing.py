"""A service blueprint (服务蓝图) as a drawing: steps from left to right, five lanes from top to bottom, arrows between.

Nothing here knows the database. A drawing is never changed: every edit answers a new one, so that a draft can go back
and two versions can be compared. Source: catalogue P5; lanes and lines after Shostack 1984 and Bitner et al. 2008.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from guixin.web.languages import Named
from guixin.web.refusals import Refused

MOST_STEPS = 20
MOST_ELEMENTS = 150
LONGEST_NAME = 60


class CannotDraw(Refused):
    """The drawing cannot be like this, and why."""

    about_input = True


class Lane(TextChoices):
    """From what the customer touches down to what nobody sees."""

    EVIDENCE = "evidence", _("Physical evidence")
    CUSTOMER = "customer", _("Customer actions")
    ONSTAGE = "onstage", _("Onstage")
    BACKSTAGE = "backstage", _("Backstage")
    SUPPORT = "support", _("Support processes")


LINES = {  # the line below this lane
    Lane.CUSTOMER: _("Line of interaction"),
    Lane.ONSTAGE: _("Line of visibility"),
    Lane.BACKSTAGE: _("Line of internal interaction"),
}


@dataclass(frozen=True)
class Step(Named):
    key: str
    name: str
    name_en: str = ""


@dataclass(frozen=True)
class Element(Named):
    """One box. `standards` are the codes of the promises kept here; a moment of truth (关键时刻) decides what the
    customer thinks of us. `leads_to`: keys of the elements its arrows point at."""

    key: str
    lane: str
    step: str
    name: str
    name_en: str = ""
    is_moment: bool = False
    standards: tuple[str, ...] = ()
    leads_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drawing:
    steps: tuple[Step, ...] = ()
    elements: tuple[Element, ...] = ()

    @classmethod
    def read(cls, written: Any) -> "Drawing":
        """From JSON, ours or a program's. Raises CannotDraw when it is not a drawing."""
        try:
            steps = tuple(Step(**each) for each in written["steps"])
            elements = tuple(
                Element(**{**each, **{name: tuple(each.get(name, ())) for name in ("standards", "leads_to")}})
                for each in written["elements"]
            )
        except (KeyError, TypeError, AttributeError) as wrong:
            raise CannotDraw(_("This is not a blueprint: it needs steps and elements.")) from wrong
        drawing = cls(steps, elements)
        drawing._check()
        return drawing

    def written(self) -> dict[str, Any]:
        return asdict(self)

    def step(self, key: str) -> Step:
        return _found(self.steps, key)

    def element(self, key: str) -> Element:
        return _found(self.elements, key)

    def parts(self) -> list["Step | Element"]:
        return [*self.steps, *self.elements]

    def in_cell(self, lane: str, step: str) -> list[Element]:
        """From top to bottom."""
        return [each for each in self.elements if each.lane == lane and each.step == step]

    @property
    def moments(self) -> list[Element]:
        return [each for each in self.elements if each.is_moment]

    def standards(self) -> set[str]:
        return {code for each in self.elements for code in each.standards}

    # -- edits ---------------------------------------------------------------------------------------------------------

    def with_step(self, name: str, name_en: str = "") -> "Drawing":
        step = Step(_free("s", self.steps), *_names(name, name_en))
        return self._checked(steps=(*self.steps, step))

    def renamed_step(self, key: str, name: str, name_en: str = "") -> "Drawing":
        name, name_en = _names(name, name_en)
        return self._checked(steps=_replaced(self.steps, replace(self.step(key), name=name, name_en=name_en)))

    def moved_step(self, key: str, by: int) -> "Drawing":
        return self._checked(steps=_moved(self.steps, self.steps.index(self.step(key)), by))

    def without_step(self, key: str) -> "Drawing":
        step = self.step(key)
        if any(each.step == key for each in self.elements):
            raise CannotDraw(_("“%s” still holds elements; move them or take them out first.") % step.name)
        return self._checked(steps=tuple(each for each in self.steps if each != step))

    def with_element(self, **about: Any) -> "Drawing":
        element = self._element(_free("e", self.elements), about)
        return self._checked(elements=(*self.elements, element))

    def changed_element(self, key: str, **about: Any) -> "Drawing":
        there = self.element(key)
        return self._checked(elements=_replaced(self.elements, self._element(there.key, about)))

    def moved_element(self, key: str, by: int) -> "Drawing":
        """Up or down within its cell."""
        element = self.element(key)
        cell = [self.elements.index(each) for each in self.in_cell(element.lane, element.step)]
        place = cell.index(self.elements.index(element))
        if not 0 <= place + by < len(cell):
            return self
        elements = list(self.elements)
        here, there = cell[place], cell[place + by]
        elements[here], elements[there] = elements[there], elements[here]
        return self._checked(elements=tuple(elements))

    def without_element(self, key: str) -> "Drawing":
        """Arrows that pointed at it go with it."""
        gone = self.element(key)
        left = [each for each in self.elements if each != gone]
        return self._checked(
            elements=tuple(
                replace(each, leads_to=tuple(one for one in each.leads_to if one != key)) for each in left
            )
        )

    def _element(self, key: str, about: Mapping[str, Any]) -> Element:
        name, name_en = _names(about.get("name", ""), about.get("name_en", ""))
        return Element(
            key,
            about["lane"],
            about["step"],
            name,
            name_en,
            bool(about.get("is_moment")),
            tuple(dict.fromkeys(about.get("standards", ()))),
            tuple(dict.fromkeys(about.get("leads_to", ()))),
        )

    def _checked(self, **changed: Any) -> "Drawing":
        drawing = replace(self, **changed)
        drawing._check()
        return drawing

    def _check(self) -> None:
        if len(self.steps) > MOST_STEPS:
            raise CannotDraw(
                _("More than %s steps cannot be read any more; draw two blueprints.") % MOST_STEPS
            )
        if len(self.elements) > MOST_ELEMENTS:
            raise CannotDraw(
                _("More than %s elements cannot be read any more; draw two blueprints.") % MOST_ELEMENTS
            )
        for each in self.parts():
            _check_words(each)
        steps = {each.key for each in self.steps}
        keys = {each.key for each in self.elements}
        if len(steps) < len(self.steps) or len(keys) < len(self.elements):
            raise CannotDraw(_("Two of them have the same key."))
        for element in self.elements:
            if element.lane not in Lane.values:
                raise CannotDraw(_("There is no lane called “%s”.") % element.lane)
            if element.step not in steps:
                raise CannotDraw(_("“%s” stands in a step that is not there.") % element.name)
            if element.key in element.leads_to:
                raise CannotDraw(_("An arrow from “%s” to itself says nothing.") % element.name)
            if unknown := set(element.leads_to) - keys:
                raise CannotDraw(_("An arrow points at “%s”, which is not there.") % min(unknown))


def _check_words(noun: Step | Element) -> None:
    words = [noun.key, noun.name, noun.name_en]
    if isinstance(noun, Element):
        words += [noun.lane, noun.step, *noun.standards, *noun.leads_to]
    if not all(isinstance(each, str) and "\x00" not in each for each in words):
        raise CannotDraw(_("Names and keys are words."))
    if not noun.key.isascii() or not noun.key.isalnum() or len(noun.key) > 10:
        raise CannotDraw(_("“%s” cannot be a key: letters and digits, ten at most.") % noun.key[:20])
    _names(noun.name, noun.name_en)


def _names(name: str, name_en: str) -> tuple[str, str]:
    name, name_en = " ".join(name.split()), " ".join(name_en.split())
    if not name:
        raise CannotDraw(_("Give it a name."))
    if max(len(name), len(name_en)) > LONGEST_NAME:
        raise CannotDraw(_("A name of more than %s characters does not fit its box.") % LONGEST_NAME)
    return name, name_en


def _found(among: Sequence[Any], key: str) -> Any:
    for each in among:
        if each.key == key:
            return each
    raise CannotDraw(_("It is not in the drawing any more."))


def _free(letter: str, among: Sequence[Any]) -> str:
    """A key nobody has. Those of elements that were taken out may come again: an arrow never outlives its end."""
    taken = {each.key for each in among}
    return next(key for number in range(1, len(taken) + 2) if (key := f"{letter}{number}") not in taken)


def _replaced(among: Sequence[Any], changed: Any) -> tuple:
    return tuple(changed if each.key == changed.key else each for each in among)


def _moved(among: Sequence[Any], place: int, by: int) -> tuple:
    to = min(max(place + by, 0), len(among) - 1)
    moved = list(among)
    moved.insert(to, moved.pop(place))
    return tuple(moved)


@dataclass(frozen=True)
class Differences:
    """What a later drawing has that an earlier one had not, by key; a changed one is named with what changed."""

    added: tuple[Step | Element, ...]
    removed: tuple[Step | Element, ...]
    changed: tuple[
        tuple[Step | Element, Step | Element, tuple[str, ...]], ...
    ]  # before, after, names of fields

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def differences(before: Drawing, after: Drawing) -> Differences:
    old = {each.key: each for each in before.parts()}
    new = {each.key: each for each in after.parts()}
    changed = [
        (
            old[key],
            each,
            tuple(name for name in asdict(each) if getattr(each, name) != getattr(old[key], name)),
        )
        for key, each in new.items()
        if key in old and old[key] != each
    ]
    return Differences(
        added=tuple(each for key, each in new.items() if key not in old),
        removed=tuple(each for key, each in old.items() if key not in new),
        changed=tuple(changed),
    )
