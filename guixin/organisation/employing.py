"""People come, change, hold posts, and leave."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.events import (
    PersonAdded,
    PersonChanged,
    PersonLeft,
    PersonLocked,
    PersonReturned,
    PersonUnlocked,
    PostEnded,
    PostGiven,
    SignedOutEverywhere,
)
from guixin.organisation.models import Duty, Person, Position, Post, Sees, SignInLink
from guixin.web.refusals import Refused

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,99}", re.ASCII)


class CannotEmploy(Refused):
    """What was typed does not make a person or a post."""

    about_input = True


class CannotLeave(Refused):
    """Somebody still has work in hand, or nobody else could run the system."""


Check = Callable[[Person], None]
_before_leaving: list[Check] = []


def ask_before_leaving(check: Check) -> None:
    """Packages above know what somebody has in hand; `check` raises CannotLeave with what to do about it."""
    if check not in _before_leaving:
        _before_leaving.append(check)


@transaction.atomic
def add_person(
    *, login: str, name: str, by: Person | None, now: datetime, email: str = "", phone: str = "",
    language: str = "zh-hans", position: Position | None = None,
) -> Person:  # fmt: skip
    """Somebody new, who can sign in once they have chosen a password (signing_in.invite)."""
    login, name = login.strip().casefold(), name.strip()
    if not _LOGIN.fullmatch(login):
        raise CannotEmploy(_("A login has letters a to z, digits, and . _ - @ + only."))
    if not name:
        raise CannotEmploy(_("A person needs a name."))
    if Person.objects.filter(login__iexact=login).exists():
        raise CannotEmploy(_("Somebody already has the login “%(login)s”.") % {"login": login})
    made = Person.objects.create_user(
        login, None, name=name, email=email.strip(), phone=phone.strip(), language=language
    )
    record(PersonAdded(**_who(made, by, now)))
    if position is not None:
        give_post(made, position, since=timezone.localdate(now), by=by, now=now)
    return made


@transaction.atomic
def change_person(person: Person, *, by: Person | None, now: datetime, **values: Any) -> bool:
    """Name, e-mail, telephone, language. Says whether anything differed."""
    values = {name: value.strip() for name, value in values.items()}
    if "name" in values and not values["name"]:
        raise CannotEmploy(_("A person needs a name."))
    changed = [name for name, value in values.items() if getattr(person, name) != value]
    if not changed:
        return False
    for name in changed:
        setattr(person, name, values[name])
    person.save(update_fields=changed)
    record(PersonChanged(changed=", ".join(changed), **_who(person, by, now)))
    return True


@transaction.atomic
def give_post(
    person: Person, position: Position, *, since: date, by: Person | None, now: datetime,
    until: date | None = None, is_main: bool = False,
) -> Post:  # fmt: skip
    """A position from a day on. The first post is the main one; a new main one leaves the old as a second."""
    Person.objects.select_for_update().get(pk=person.pk)
    if until is not None and until <= since:
        raise CannotEmploy(_("A post ends after it begins."))
    if not position.department.is_active:
        raise CannotEmploy(_("“%(name)s” is closed.") % {"name": position.department.name})
    overlapping = person.posts.filter(position=position).filter(Q(until=None) | Q(until__gt=since))
    if until is not None:
        overlapping = overlapping.filter(since__lt=until)
    if overlapping.exists():
        raise CannotEmploy(_("They hold this position already on those days."))
    standing = person.posts.filter(until=None, is_main=True)
    if until is None and (is_main or not standing.exists()):
        standing.update(is_main=False)
        is_main = True
    post = Post.objects.create(
        person=person, position=position, since=since, until=until, is_main=is_main and until is None
    )
    record(PostGiven(position=position.code, since=since.isoformat(), **_who(person, by, now)))
    if until is not None:
        record(PostEnded(position=position.code, until=until.isoformat(), **_who(person, by, now)))
    return post


@transaction.atomic
def end_post(post: Post, *, until: date, by: Person | None, now: datetime) -> None:
    """The post no longer counts from that day on; one that has not begun is taken back whole."""
    Person.objects.select_for_update().get(pk=post.person_id)
    was_main = post.is_main
    if until <= post.since:
        post.delete()
    else:
        Post.objects.filter(pk=post.pk).update(until=until, is_main=False)
    if was_main and (
        heir := Post.objects.filter(person_id=post.person_id, until=None).order_by("-position__rank").first()
    ):
        Post.objects.filter(pk=heir.pk).update(is_main=True)
    keep_an_administrator(now)
    code = post.position.code
    record(PostEnded(position=code, until=until.isoformat(), **_who(post.person, by, now)))


@transaction.atomic
def leave(person: Person, *, by: Person | None, now: datetime) -> bool:
    """They no longer work here. Refused while cases or tasks wait for them; the posts stay as history."""
    Person.objects.select_for_update().get(pk=person.pk)
    for check in _before_leaving:
        check(person)
    if not Person.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
        return False
    person.is_active = False
    person.sign_in_links.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=now)
    keep_an_administrator(now)
    record(PersonLeft(**_who(person, by, now)))
    return True


@transaction.atomic
def come_back(person: Person, *, by: Person | None, now: datetime) -> bool:
    if not Person.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
        return False
    person.is_active = True
    record(PersonReturned(**_who(person, by, now)))
    return True


@transaction.atomic
def lock(person: Person, *, by: Person | None, now: datetime) -> bool:
    """No signing in, no API key, from this moment. Their work and their place on the ladder stay."""
    if by is not None and by.pk == person.pk:
        raise CannotLeave(_("You cannot lock yourself out. Ask another administrator."))
    if not Person.objects.filter(pk=person.pk, locked_at=None).update(locked_at=now):
        return False
    person.locked_at = now
    keep_an_administrator(now)
    record(PersonLocked(**_who(person, by, now)))
    return True


@transaction.atomic
def unlock(person: Person, *, by: Person | None, now: datetime) -> bool:
    if not Person.objects.filter(pk=person.pk, locked_at__isnull=False).update(locked_at=None):
        return False
    person.locked_at = None
    record(PersonUnlocked(**_who(person, by, now)))
    return True


@transaction.atomic
def sign_out_everywhere(person: Person, *, by: Person | None, now: datetime) -> None:
    """Every session of theirs ends with its next request; keys of programs are not sessions and stay."""
    row = Person.objects.select_for_update().get(pk=person.pk)
    person.sign_in_round = row.sign_in_round + 1
    Person.objects.filter(pk=person.pk).update(sign_in_round=person.sign_in_round)
    record(SignedOutEverywhere(**_who(person, by, now)))


def keep_an_administrator(now: datetime) -> None:
    """Somebody must be able to open these pages tomorrow. Asked after every act that could lose the last one.

    A firm loaded from a file that has no administrator yet is not refused here: nothing of it is lost.
    """
    today = timezone.localdate(now)
    chairs = Position.objects.filter(Q(duties__contains=[Duty.ADMINISTRATOR]) | Q(sees=Sees.EVERYTHING))
    posts = Post.objects.filter(
        Q(until=None) | Q(until__gt=today),
        position__in=chairs,
        since__lte=today,
        person__is_active=True,
        person__locked_at=None,
    )
    if not posts.exists():
        raise CannotLeave(
            _("Nobody would be left who may open the administration. Make somebody else administrator first.")
        )


def waiting_invitations(people: list[int], now: datetime) -> set[int]:
    """Who of these has an invitation that still waits."""
    open_links = SignInLink.objects.filter(
        person__in=people,
        purpose=SignInLink.Purpose.INVITATION,
        used_at=None,
        withdrawn_at=None,
        expires_at__gt=now,
    )
    return set(open_links.values_list("person_id", flat=True))


def _who(person: Person, by: Person | None, now: datetime) -> dict:
    return {"happened_at": now, "actor_id": by.pk if by else None, "about": ("person", person.pk)}
