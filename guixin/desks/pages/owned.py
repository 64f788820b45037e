"""Pages of a thing with a code and an owner, such as a segment or a price study: who opens them and who changes it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Generic, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpResponse

from guixin.desks.pages.access import SignedIn, signed_in
from guixin.organisation.access import get_visible_or_404, scope_of
from guixin.organisation.models import Person
from guixin.serve.overview import sees_all

Thing = TypeVar("Thing", bound=Model)


@dataclass(frozen=True)
class Owned(Generic[Thing]):
    """The rules stand with the noun; these are its pages.

    rows          a fresh queryset, joined with what the page of one shows
    may_begin     who makes new ones, and so opens the list before there are any
    may_edit      its owner, and those who decide about all of them
    only_editors  what everybody else is told
    """

    rows: Callable[[], QuerySet[Thing]]
    may_begin: Callable[[Person], bool]
    may_edit: Callable[[Thing, Person], bool]
    only_editors: Any

    def may_open(self, person: Person) -> bool:
        """Those who see every customer, those who may begin one, and whoever answers for one."""
        rows: Any = self.rows()
        return sees_all(scope_of(person)) or self.may_begin(person) or rows.visible_to(person).exists()

    def fetch(self, request: SignedIn, code: str) -> Thing:
        return get_visible_or_404(self.rows(), request.user, code=code)

    def editors(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Acts on one of them, which the page function gets in place of its code."""

        @signed_in
        @wraps(view)
        def only_editors(request: SignedIn, code: str, **kwargs: Any) -> HttpResponse:
            thing = self.fetch(request, code)
            if not self.may_edit(thing, request.user):
                raise PermissionDenied(self.only_editors)
            return view(request, thing, **kwargs)

        return only_editors
