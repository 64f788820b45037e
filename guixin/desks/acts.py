"""Acts: what a person can do with a noun, each one form, one address and one verb.

An act is registered where it is written (`case_acts.py`, `task_acts.py`); the page that shows the noun
asks `offers` for the forms, and `perform` answers a post. No rule stands here or in a page: `may` asks `serve`,
and what the verb refuses is shown in its own words at the form, with everything typed kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from guixin.desks.forms.base import ActForm
from guixin.desks.lists import Lists
from guixin.desks.nouns import address
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import fragment
from guixin.ledger.clock import database_now
from guixin.web.refusals import Refused

Verb = Callable[..., Any]


@dataclass(frozen=True)
class Act:
    """`noun` is "case", "task", "clock" …; `name` ends the address and begins the ids of the form's fields."""

    noun: str
    name: str
    form: type[ActForm]
    title: Any
    button: Any
    verb: Verb
    may: Callable[[Any, Any], bool]
    offered: Callable[[Any], bool]
    look: str = ""

    def shown(self, noun: Any, lists: Lists, data: Any = None) -> "Offer":
        form = self.form(
            data, noun=noun, lists=lists, auto_id=f"{self.noun}-{self.name}-{noun.pk}-%s", label_suffix=""
        )
        return Offer(self, noun, form)


@dataclass
class Offer:
    """An act with its form, ready to be shown; `refusal` and `conflict` after it was refused."""

    act: Act
    noun: Any
    form: ActForm
    refusal: str = ""
    conflict: Sequence[dict] = field(default_factory=tuple)

    @property
    def key(self) -> str:
        return f"{self.act.noun}-{self.act.name}-{self.noun.pk}"

    @property
    def address(self) -> str:
        return f"{address(self.act.noun, self.noun)}/{self.act.name}"

    @property
    def is_open(self) -> bool:
        return bool(self.refusal or self.form.errors)


_acts: dict[tuple[str, str], Act] = {}


def act(noun: str, name: str, **about: Any) -> Callable[[Verb], Act]:
    """Register a function as an act. It calls one verb and returns the words that confirm it."""

    def register(verb: Verb) -> Act:
        _acts[noun, name] = Act(noun, name, verb=verb, **about)
        return _acts[noun, name]

    return register


def act_called(noun: str, name: str) -> Act | None:
    return _acts.get((noun, name))


def offers(noun_name: str, noun: Any, person: Any, lists: Lists, refused: Offer | None = None) -> list[Offer]:
    """The acts this person may do with this noun now; a refused one comes back as it was sent."""
    allowed: dict[Any, bool] = {}  # most acts of a noun ask the same question; it is answered once

    def may(each: Act) -> bool:
        if each.may not in allowed:
            allowed[each.may] = each.may(noun, person)
        return allowed[each.may]

    possible = [each for (name, _name), each in _acts.items() if name == noun_name and each.offered(noun)]
    found = [each.shown(noun, lists) for each in possible if may(each)]
    if refused and (refused.act.noun, refused.noun.pk) == (noun_name, noun.pk):
        keys = [each.key for each in found]
        if refused.key in keys:
            found[keys.index(refused.key)] = refused
    return found


def with_refused(groups: dict[str, list[Offer]], first: str, refused: Offer | None) -> dict[str, list[Offer]]:
    """An act that is no longer offered but was refused is shown all the same: the reason is read, nothing lost."""
    if refused and all(refused is not each for group in groups.values() for each in group):
        groups[first].insert(0, refused)
    return groups


def perform(
    request: SignedIn, act: Act, noun: Any, *, where: str, show: Callable[[Offer, int], HttpResponse]
) -> HttpResponse:
    """Do it, or show at the form why not: 422 when something is missing, 409 when the state refuses."""
    if not act.may(noun, request.user):
        raise PermissionDenied(
            _("Your post does not allow this. Whoever is responsible for the matter can do it.")
        )
    offer = act.shown(noun, Lists(), request.POST)
    status = 422
    if offer.form.is_valid():
        try:
            said = act.verb(noun, offer.form.cleaned_data, by=request.user, now=database_now())
        except Refused as refusal:
            offer.refusal, status = str(refusal), 422 if refusal.about_input else 409
            offer.form.refused(offer, refusal)
        else:
            return _done(request, said, where)
    if request.htmx:
        return fragment(request, "desks/_offer.html", {"offer": offer}, status=status)
    return show(offer, status)


def _done(request: SignedIn, said: Any, where: str) -> HttpResponse:
    """`said` is the confirmation, or (confirmation, address) when the matter goes on elsewhere."""
    words, where = said if isinstance(said, tuple) else (said, where)
    messages.success(request, words)
    return HttpResponseClientRedirect(where) if request.htmx else redirect(where)
