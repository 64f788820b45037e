"""@name in a note tells that colleague."""

import re

from django.utils.translation import gettext_lazy as _

from guixin.organisation.models import Person
from guixin.organisation.revisions import cached_until_changed
from guixin.serve.models import Case
from guixin.web.refusals import Refused

_AT = re.compile(r"(?<![\w.@])[@＠]")  # not the one in the middle of an e-mail address


class CannotMention(Refused):
    """A colleague named with @ would not be able to read it."""

    about_input = True


@cached_until_changed("organisation")
def _callable_names() -> tuple[tuple[str, int], ...]:
    """(name or login in small letters, person), the longest first: @王芳芳 is not 王芳."""
    rows = Person.objects.active().values_list("pk", "name", "login")
    names = {(word.casefold(), pk) for pk, name, login in rows for word in (name, login) if word}
    return tuple(sorted(names, key=lambda each: (-len(each[0]), each)))


def mentioned_in(body: str) -> list[int]:
    """The people a note calls by @name or @login, in the order of the text. Two of one name are both called."""
    found: dict[int, None] = {}
    for at in _AT.finditer(body):
        rest = body[at.end() : at.end() + 60].casefold()
        called = ""
        for name, pk in _callable_names():
            if called and name != called:
                break
            if rest.startswith(name) and not _goes_on(rest, name):
                called, found[pk] = name, None
    return list(found)


def _goes_on(rest: str, name: str) -> bool:
    """@li is not the beginning of @lisa; Chinese runs on without a space, so there a name ends where it ends."""
    following = rest[len(name) : len(name) + 1]
    return name[-1:].isascii() and following.isascii() and (following.isalnum() or following in "-_")


def readers(case: Case, ids: list[int]) -> list[Person]:
    """Those people, if all of them may see the case; being called opens no door."""
    people = sorted(Person.objects.active().filter(pk__in=ids), key=lambda each: ids.index(each.pk))
    for person in people:
        if not Case.objects.visible_to(person).filter(pk=case.pk).exists():
            raise CannotMention(
                _("%(name)s may not see this case, so calling them with @ would not reach them.")
                % {"name": person.name}
            )
    return people
