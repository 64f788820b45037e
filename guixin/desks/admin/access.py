"""Who is let into the administrator's pages."""

from functools import wraps
from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from guixin.desks.pages.access import SignedIn, View, signed_in
from guixin.organisation.access import scope_of


def may_administrate(person) -> bool:
    return scope_of(person).may_administrate


def administrators(view: View) -> View:
    """Others are told that the page exists but is not theirs; its address is no secret."""

    @signed_in
    @wraps(view)
    def only_administrators(request: SignedIn, *args, **kwargs) -> HttpResponseBase:
        if not may_administrate(request.user):
            raise PermissionDenied(_("This page is for administrators."))
        return view(request, *args, **kwargs)

    return cast(View, only_administrators)
