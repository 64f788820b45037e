"""The firm's own lists of words: categories, quality points, causes. Words are added, renamed and retired, never removed:
what a case was called it stays."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guixin.ledger import Event, record
from guixin.organisation.models import Person
from guixin.organisation.pinyin import free_code
from guixin.serve.models import Failure, Term
from guixin.web.refusals import Refused

LONGEST_NAME = 60


class CannotName(Refused):
    """The word cannot stand in the list like this."""

    about_input = True


@dataclass(frozen=True, kw_only=True)
class TermChanged(Event):
    """A word of the firm's lists was added, renamed, retired or brought back."""

    kind: ClassVar[str] = "serve.term_changed"
    sentence: ClassVar[str] = gettext_noop("The word “%(name)s” of the list %(list)s: %(what)s")
    list: str
    code: str
    name: str
    what: str  # added, renamed, of_a_sort, retired, brought_back


@transaction.atomic
def add_term(
    which: str, name: str, *, name_en: str = "", under: str = "", failure: str = "", by: Person | None, now: datetime
) -> Term:  # fmt: skip
    """A new word, below another one if it says which. Its code is spelt from its name and never changes."""
    name, name_en = _checked(name, name_en)
    if which not in Term.List.values:
        raise CannotName(_("There is no such list."))
    _check_failure(failure)
    if under and not Term.objects.filter(list=which, code=under).exists():
        raise CannotName(_("The word it stands under does not exist."))
    twin = Term.objects.filter(list=which, name=name).filter(code__startswith=f"{under}/" if under else "")
    if any(each.code.rpartition("/")[0] == under for each in twin):
        raise CannotName(_("“%s” stands there already.") % name)
    in_list = Term.objects.filter(list=which)
    code = free_code(
        name, name_en, lambda code: in_list.filter(code=code).exists(), otherwise="word", under=under
    )
    term = Term(list=which, code=code, name=name, name_en=name_en, failure=failure)
    term.save(force_insert=True)
    _tell(term, "added", by, now)
    return term


@transaction.atomic
def rename_term(term: Term, *, name: str, name_en: str, by: Person | None, now: datetime) -> Term:
    """Everywhere at once, old cases too: it is the same word, better said."""
    name, name_en = _checked(name, name_en)
    if (name, name_en) != (term.name, term.name_en):
        Term.objects.filter(pk=term.pk).update(name=name, name_en=name_en)
        term.name, term.name_en = name, name_en
        _tell(term, "renamed", by, now)
    return term


@transaction.atomic
def say_failure(term: Term, failure: str, *, by: Person | None, now: datetime) -> Term:
    """What sort of failure the cases so called are about from now on; recoveries that run keep what they were begun with."""
    _check_failure(failure)
    if failure != term.failure:
        Term.objects.filter(pk=term.pk).update(failure=failure)
        term.failure = failure
        _tell(term, "of_a_sort", by, now)
    return term


@transaction.atomic
def retire_term(term: Term, *, by: Person | None, now: datetime) -> int:
    """Offer it no more, nor what stands below it. Returns how many words that were."""
    below = Term.objects.filter(list=term.list, code__startswith=f"{term.code}/", retired_at=None)
    gone = Term.objects.filter(pk=term.pk, retired_at=None).update(retired_at=now) + below.update(
        retired_at=now
    )
    if gone:
        _tell(term, "retired", by, now)
    return gone


@transaction.atomic
def bring_back_term(term: Term, *, by: Person | None, now: datetime) -> None:
    """Offer it again, with what was retired together with it."""
    if term.retired_at is None:
        return
    Term.objects.filter(list=term.list, retired_at=term.retired_at).filter(
        code__startswith=f"{term.code}/"
    ).update(retired_at=None)
    Term.objects.filter(pk=term.pk).update(retired_at=None)
    _tell(term, "brought_back", by, now)


def is_category(code: str) -> bool:
    """Whether the firm has this category; a retired one still stands on what was filed under it."""
    return Term.objects.filter(list=Term.List.CATEGORY, code=code).exists()


def _check_failure(failure: str) -> None:
    if failure not in ("", *Failure.values):
        raise CannotName(_("There is no sort of failure called “%s”.") % failure)


def _checked(name: str, name_en: str) -> tuple[str, str]:
    name, name_en = " ".join(name.split()), " ".join(name_en.split())
    if not name:
        raise CannotName(_("Write the word."))
    if max(len(name), len(name_en)) > LONGEST_NAME:
        raise CannotName(_("Use %s characters at most.") % LONGEST_NAME)
    return name, name_en


def _tell(term: Term, what: str, by: Person | None, now: datetime) -> None:
    record(
        TermChanged(
            happened_at=now, actor_id=by.pk if by else None, about=("term", term.pk), list=term.list,
            code=term.code, name=term.name, what=what,
        )
    )  # fmt: skip
