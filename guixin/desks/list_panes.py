"""The list beside a case: which list an address names, and its rows, narrow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import Resolver404, resolve

from guixin.desks.pages import queue
from guixin.organisation.models import Person
from guixin.serve.models import Case


@dataclass(frozen=True)
class ListPane:
    """`address` is where the whole list is; `query` is what a case's address carries to be shown beside it."""

    address: str
    title: Any
    rows: Sequence[Case]
    after: str | None

    @property
    def query(self) -> str:
        return urlencode({"in": self.address})

    @property
    def path(self) -> str:
        return self.address.partition("?")[0]

    @property
    def next_address(self) -> str:
        path, _mark, query = self.address.partition("?")
        said = QueryDict(query, mutable=True)
        said["after"] = self.after or ""
        return f"{path}?{said.urlencode()}"


def list_pane(person: Person, address: str) -> ListPane | None:
    """The list of cases at one of our own addresses as this person sees it; None for any other address."""
    path, _mark, query = address.partition("?")
    if not path.startswith("/") or len(address) > 2000:
        return None
    try:
        listed = queue.listed_at(resolve(path), QueryDict(query), person)
    except (Resolver404, Http404):
        return None
    return listed and ListPane(address, *listed)
