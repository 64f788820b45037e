"""What the administrator's pages share: a form that calls one verb, and the history of what was changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from guixin.ledger.models import Entry
from guixin.organisation.models import Person
from guixin.web.refusals import Refused
from guixin.web.toasts import say

_SHOWN = 30


def done(form: forms.Form, verb: Callable[[dict], Any]) -> bool:
    """Whether the form was in order and the verb did it; a refusal then stands at the form, with all that was typed."""
    if not form.is_valid():
        return False
    try:
        verb(form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def did(
    request: HttpRequest, verb: Callable[[], Any], words: Any, *, where: str, undo: str = ""
) -> HttpResponse:
    """One button: do it and go on, or go back with the reason it was refused."""
    try:
        verb()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        say(request, words, undo=undo)
    return redirect(where)


def did_one_of(
    request: HttpRequest, acts: Mapping[str, tuple[Callable[[], Any], str]], what: str, *, where: str
) -> HttpResponse:
    """Of several buttons the one of this name: what it does, and what is said then."""
    if what not in acts:
        raise Http404(what)
    verb, words = acts[what]
    return did(request, verb, words, where=where)


def draft_as_read(request: HttpRequest) -> int | None:
    """The version of the draft that stood on the page whose button was pressed."""
    said = request.POST.get("draft_version", "")
    return int(said[:9]) if said.isdecimal() else None


@dataclass(frozen=True)
class Line:
    """One line of a history: when, who, what."""

    at: datetime
    who: str
    words: str


def history(*abouts: tuple[str, int]) -> list[Line]:
    """Who changed what when, newest first."""
    entries = list(Entry.objects.history_of(*abouts)[:_SHOWN])
    names = dict(
        Person.objects.filter(pk__in={e.actor_id for e in entries if e.actor_id}).values_list("pk", "name")
    )
    for each in entries:
        each.facts = {name: _readable(name, fact) for name, fact in each.facts.items()}
    return [Line(each.happened_at, names.get(each.actor_id or 0, ""), each.in_words()) for each in entries]


def _readable(name: str, fact: Any) -> Any:
    """Moments in the firm's time."""
    if name.endswith("_at") and fact:
        return f"{timezone.localtime(datetime.fromisoformat(fact)):%Y-%m-%d %H:%M}"
    return fact
