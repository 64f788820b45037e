"""Who is calling: a program with a key, or a signed-in person; and what a key may be used for."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from guixin.ledger.clock import database_now
from guixin.organisation.access import Scope, scope_of
from guixin.organisation.models import ApiKey, Duty, Person, Scopes

SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Caller:
    """A person, perhaps through a key; the key never allows what the person may not."""

    person: Person
    key: ApiKey | None = None

    @property
    def name(self) -> str:
        """Who remembers idempotency keys: two keys of one person are two programs."""
        return f"key:{self.key.pk}" if self.key else f"person:{self.person.pk}"


class Asked(HttpRequest):
    """A request with what was found out about it once and is kept on it; never made, only cast to."""

    auth: Caller  # ninja's name for whoever was admitted
    _guixin_now: datetime
    _guixin_caller: Caller | None
    _guixin_scope: Scope


def now_of(request: HttpRequest) -> datetime:
    """The moment of this request, by the database's clock; asked once."""
    asked = cast(Asked, request)
    if not hasattr(asked, "_guixin_now"):
        asked._guixin_now = database_now()
    return asked._guixin_now


def caller_of(request: HttpRequest) -> Caller | None:
    """A request with an Authorization header stands or falls by it, whoever is signed in beside it."""
    asked = cast(Asked, request)
    if not hasattr(asked, "_guixin_caller"):
        asked._guixin_caller = _identify(request)
    return asked._guixin_caller


def _identify(request: HttpRequest) -> Caller | None:
    if header := request.headers.get("Authorization"):
        scheme, _gap, text = header.partition(" ")
        key = ApiKey.authenticate(text.strip(), now_of(request)) if scheme.lower() == "bearer" else None
        return Caller(key.person, key) if key else None
    return Caller(request.user) if request.user.is_authenticated else None


def by(request: HttpRequest) -> Person:
    """The person behind an admitted request."""
    return cast(Asked, request).auth.person


def scope(request: HttpRequest) -> Scope:
    """What the caller's posts let them see; asked once a request."""
    asked = cast(Asked, request)
    if not hasattr(asked, "_guixin_scope"):
        asked._guixin_scope = scope_of(by(request), now_of(request))
    return asked._guixin_scope


class Needs(AuthBase):
    """What an endpoint asks of its caller: this scope of a key, and perhaps that its person may set the firm up.

    A signed-in person needs no scope, but a CSRF token wherever something changes.
    """

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_name = "ApiKey"

    def __init__(self, key_scope: Scopes, *, administrators: bool = False):
        self.key_scope, self.administrators = key_scope, administrators
        super().__init__()
        self.openapi_security_schema["description"] = "gx_…, made with `guixin apikey create`"

    def __call__(self, request: HttpRequest) -> Caller | None:
        caller = caller_of(request)
        if caller is None:
            return None
        if caller.key and not caller.key.allows(self.key_scope):
            raise HttpError(403, _("This key was not given the scope “%s”.") % self.key_scope)
        if caller.key is None and request.method not in SAFE and check_csrf(request):
            raise HttpError(403, _("The CSRF token is missing or not the right one."))
        cast(Asked, request).auth = caller
        if self.administrators and not scope(request).may_administrate:
            raise HttpError(403, _("This needs a post with the duty “%s”.") % Duty.ADMINISTRATOR.label)
        return caller


def found(thing, what: str = ""):
    """The thing, or 404 for None."""
    if thing is None:
        raise Http404(what)
    return thing


def must(allowed: bool) -> None:
    """403 in words for something the caller may see but not do."""
    if not allowed:
        raise HttpError(
            403, _("Your post does not allow this. Whoever is responsible for the matter can do it.")
        )
