"""Acts: what a person can do with a noun, each one form, one address and one verb.

An act is registered where it is written (`case_acts.py`, `task_acts.py`); the page that shows the noun
asks `offers` for the acts, and `perform` answers a post. No rule stands here or in a page: `may` asks `serve`,
and what the verb refuses is shown in its own words at the form, with everything typed kept.

A page shows the forms of what waits for the reader. Every other act is a closed entry, a link to the same page with
`?act=<name>`, which comes back with that form open; htmx fetches that one form and puts it in the entry's place.
A form is built when it is drawn: the forms of all acts of a case cost more than the rest of its page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from guixin.desks.forms.base import ActForm
from guixin.desks.lists import Lists
from guixin.desks.nouns import address
from guixin.desks.pages.access import SignedIn, must
from guixin.desks.rendering import fragment
from guixin.ledger.clock import database_now
from guixin.web.refusals import Refused
from guixin.web.toasts import say

Verb = Callable[..., Any]


@dataclass(frozen=True)
class Done:
    """What an act answers: the confirmation; where the matter goes on, if elsewhere; what takes it back, if anything.
    An act that has nothing but words returns these alone."""

    words: str
    where: str = ""
    undo: str = ""


@dataclass(frozen=True)
class Act:
    """`noun` is "case", "task", "clock" …; `name` ends the address and begins the ids of the form's fields.

    `key` opens it from the keyboard; a page keeps those that are `rare` out of the first row.
    """

    noun: str
    name: str
    form: type[ActForm]
    title: Any
    button: Any
    verb: Verb
    may: Callable[[Any, Any], bool]
    offered: Callable[[Any], bool]
    look: str = ""
    key: str = ""
    rare: bool = False


@dataclass
class Offer:
    """An act on one noun, as a closed entry or with its form; `refusal` and `conflict` after it was refused."""

    act: Act
    noun: Any
    lists: Lists
    said: Any = None  # what was posted, when it comes back refused
    is_open: bool = False
    refusal: str = ""
    conflict: Sequence[dict] = ()
    said_meanwhile: Sequence[Any] = ()  # messages and replies on their way, by others
    files: Any = None  # what was uploaded with it

    @cached_property
    def form(self) -> ActForm:
        ids = f"{self.act.noun}-{self.act.name}-{self.noun.pk}-%s"
        return self.act.form(
            self.said, self.files, noun=self.noun, lists=self.lists, auto_id=ids, label_suffix=""
        )

    @property
    def name(self) -> str:
        """How a page calls it, in `?act=` and in its id: closing, or extensions-17 when there may be several."""
        return self.act.name if self.act.noun in PAGES else f"{self.act.name}-{self.noun.pk}"

    @property
    def address(self) -> str:
        return f"{address(self.act.noun, self.noun)}/{self.act.name}"


PAGES = (
    "case",
    "task",
    "customer",
    "contact",
    "call_back",
    "authority_request",
    "emergency",
    "goodwill",
    "hard_problem",
    "recovery",
    "proposal",
    "statement",
    "knowledge",
    "article",
    "surge",
    "visit",
)  # a page shows one of these, and acts on all that belongs to it


_acts: dict[tuple[str, str], Act] = {}


def act(noun: str, name: str, **about: Any) -> Callable[[Verb], Act]:
    """Register a function as an act. It calls one verb and returns the words that confirm it."""

    def register(verb: Verb) -> Act:
        _acts[noun, name] = Act(noun, name, verb=verb, **about)
        return _acts[noun, name]

    return register


def act_called(noun: str, name: str) -> Act | None:
    return _acts.get((noun, name))


@dataclass(frozen=True)
class Reader:
    """Who looks at a page, the act they asked to see open, and the one that has just been refused to them."""

    person: Any
    lists: Lists
    wanted: str = ""
    refused: Offer | None = None

    @classmethod
    def of(cls, request: SignedIn, refused: Offer | None = None) -> "Reader":
        return cls(request.user, Lists(), request.GET.get("act", ""), refused)


def offers(noun_name: str, noun: Any, reader: Reader, *, waiting: bool = False) -> list[Offer]:
    """The acts the reader may do with this noun now; a refused one comes back as it was sent.

    Open are those that are `waiting` for the reader, the main one of the noun, and the one asked for.
    """
    allowed: dict[Any, bool] = {}  # most acts of a noun ask the same question; it is answered once

    def may(each: Act) -> bool:
        if each.may not in allowed:
            allowed[each.may] = each.may(noun, reader.person)
        return allowed[each.may]

    possible = [each for (name, _name), each in _acts.items() if name == noun_name and each.offered(noun)]
    found = []
    for each in possible:
        if may(each):
            offer = Offer(each, noun, reader.lists)
            if reader.refused and reader.refused.address == offer.address:
                offer = reader.refused
            offer.is_open |= waiting or each.look == "main" or offer.name == reader.wanted
            found.append(offer)
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
    must(act.may(noun, request.user))
    offer = Offer(act, noun, Lists(), request.POST, is_open=True, files=request.FILES)
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
        return form_alone(request, offer, {"task_page": request.POST.get("task_page", "")}, status)
    return show(offer, status)


def form_alone(request: SignedIn, offer: Offer | None, context: dict, status: int = 200) -> HttpResponse:
    """One form for htmx. An act that is no longer offered is nothing to open: the whole page is read again."""
    if offer is None:
        return HttpResponseClientRefresh()
    return fragment(request, "desks/_offer.html", {**context, "offer": offer}, status=status)


def asked_for_alone(request: SignedIn) -> bool:
    """Whether htmx wants the form of one act, to put it in the place of its closed entry."""
    return bool(request.htmx and not request.htmx.history_restore_request and request.GET.get("act"))


def _done(request: SignedIn, said: Any, where: str) -> HttpResponse:
    """`said` is what the act returned: a `Done`, or only its words."""
    done = said if isinstance(said, Done) else Done(said)
    say(request, done.words, undo=done.undo)
    where = done.where or where
    return HttpResponseClientRedirect(where) if request.htmx else redirect(where)
