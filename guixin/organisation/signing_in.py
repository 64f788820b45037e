"""How somebody gets a password without anybody else knowing it: one link, one use, and a backend that knows locks."""

from datetime import datetime, timedelta

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.ledger.reading import Reading
from guixin.organisation.events import PasswordChosen, SignInLinkMade
from guixin.organisation.models import Person, SignInLink
from guixin.organisation.models.sign_in_link import hash_of
from guixin.organisation.revisions import LOOKED_AT
from guixin.web.refusals import Refused

VALID_FOR = {
    SignInLink.Purpose.INVITATION: timedelta(hours=72),
    SignInLink.Purpose.RESET: timedelta(minutes=30),
}


class CannotInvite(Refused):
    """Nobody gets a link to somewhere they may not go."""


class CannotChoose(Refused):
    """The password, or the link, will not do."""

    about_input = True


class WorkersBackend(ModelBackend):
    """Those who work here and are not locked; a session of somebody else ends with its next request."""

    def user_can_authenticate(self, user) -> bool:
        return bool(user.may_sign_in)

    def get_user(self, user_id) -> Person | None:
        """Asked for by every request of a session; `looked_at` is what its page would ask for next, for `one_look`."""
        found = PERSON.first_with_besides(user_id)
        if found is None:
            return None
        person, looked_at = found
        person.looked_at = looked_at
        return person if self.user_can_authenticate(person) else None


PERSON = Reading(lambda person_id: Person.objects.filter(pk=person_id), besides=LOOKED_AT)


@transaction.atomic
def make_link(
    person: Person, purpose: SignInLink.Purpose, *, by: Person | None, now: datetime
) -> tuple[SignInLink, str]:
    """A new link and its token, which is known this once. Earlier links of the person are void."""
    if not person.may_sign_in:
        raise CannotInvite(_("They are locked or no longer work here, so no link can let them in."))
    person.sign_in_links.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=now)
    token = SignInLink.fresh_token()
    link = SignInLink.objects.create(
        person=person,
        purpose=purpose,
        token_hash=hash_of(token),
        made_by=by,
        made_at=now,
        expires_at=now + VALID_FOR[purpose],
    )
    record(
        SignInLinkMade(
            happened_at=now,
            actor_id=by.pk if by else None,
            about=("person", person.pk),
            purpose=purpose.value,
            expires_at=link.expires_at,
        )
    )
    return link, token


@transaction.atomic
def choose_password(token: str, password: str, *, now: datetime) -> Person:
    """Use the link up. Of two tries at the same instant one wins; every older session of the person ends."""
    link = SignInLink.with_token(token, now)
    if link is None:
        raise CannotChoose(_("This link has been used or is too old. Ask for a new one."))
    person = link.person
    try:
        validate_password(password, person)
    except ValidationError as wrong:
        raise CannotChoose(" ".join(wrong.messages)) from wrong
    if not SignInLink.objects.filter(pk=link.pk, used_at=None, withdrawn_at=None).update(used_at=now):
        raise CannotChoose(_("This link has been used or is too old. Ask for a new one."))
    person.set_password(password)
    person.save(update_fields=["password"])
    record(
        PasswordChosen(happened_at=now, actor_id=person.pk, about=("person", person.pk), purpose=link.purpose)
    )
    return person
