"""A brake on public forms: so many a span for one address. Kept in the cache of each server process, which
makes it a brake and not a wall; the wall belongs to the proxy in front."""

from contextlib import suppress
from datetime import timedelta
from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest


def is_too_fast(request: HttpRequest, what: str, *, at_most: int, within: timedelta, also: str = "") -> bool:
    """Count this attempt, and say whether there were more than `at_most` within the span."""
    key = _key(request, what, also)
    cache.add(key, 0, timeout=int(within.total_seconds()))
    try:
        return cache.incr(key) > at_most
    except ValueError:  # it ran out between the two calls
        return False


def give_back(request: HttpRequest, what: str, *, also: str = "") -> None:
    """This attempt failed through a fault of ours, and is not counted against whoever made it."""
    with suppress(ValueError):
        cache.decr(_key(request, what, also))


def _key(request: HttpRequest, what: str, also: str) -> str:
    who = f"{what}:{request.META.get('REMOTE_ADDR', '')}:{also}"
    return f"rate:{sha256(who.encode()).hexdigest()[:32]}"
