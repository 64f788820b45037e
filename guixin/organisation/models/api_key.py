"""Keys for programs. Only a hash is kept: whoever reads the database cannot use what they find."""

import hashlib
import hmac
import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.events import ApiKeyMade, ApiKeyRevoked
from guixin.web.refusals import Refused


class CannotIssue(Refused):
    """The key was refused."""

    about_input = True


class Scopes(models.TextChoices):
    """What a key may be used for; its person's own rights still apply."""

    CASES_READ = "cases:read", _("Read cases")
    CASES_WRITE = "cases:write", _("Open and work on cases")
    CUSTOMERS_READ = "customers:read", _("Read customers, masked")
    CUSTOMERS_REVEAL = "customers:reveal", _("Reveal customers")
    ORGANISATION_READ = "organisation:read", _("Read the organisation")
    ORGANISATION_WRITE = "organisation:write", _("Change the organisation")
    STANDARDS_READ = "standards:read", _("Read service standards")
    STANDARDS_WRITE = "standards:write", _("Change service standards")
    WEBHOOKS = "webhooks", _("Manage webhooks")
    IMPORTS = "imports", _("Import files")
    LEDGER_READ = "ledger:read", _("Read the ledger")


def _hash(secret: str) -> str:
    # A plain SHA-256 is enough: 192 random bits cannot be guessed, so there is nothing for a slow hash to slow.
    return hashlib.sha256(secret.encode()).hexdigest()


_NOBODY = _hash("")


class ApiKey(models.Model):
    """A program's way in, acting as `person`: it can never do what that person may not."""

    name = models.TextField()
    person = models.ForeignKey("organisation.Person", models.CASCADE, related_name="api_keys")
    prefix = models.TextField(unique=True, editable=False)
    secret_hash = models.TextField(editable=False)
    scopes = ArrayField(models.TextField(choices=Scopes), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scopes__contained_by=Scopes.values), name="api_key_scopes_known"
            )
        ]

    def __str__(self):
        return f"{self.name} (gx_{self.prefix}_…)"

    @classmethod
    @transaction.atomic
    def issue(cls, person, name, scopes, now, expires_at=None, by=None) -> "tuple[ApiKey, str]":
        """A new key and its text "gx_<prefix>_<secret>", which is shown this once and kept nowhere."""
        if unknown := sorted(set(scopes) - set(Scopes.values)):
            raise CannotIssue(_("There is no scope called “%(scope)s”.") % {"scope": unknown[0]})
        if not scopes:
            raise CannotIssue(_("A key needs at least one scope."))
        if expires_at is not None and expires_at <= now:
            raise CannotIssue(_("The key would have expired already."))
        if not name.strip():
            raise CannotIssue(_("A key needs a name that says what it is for."))
        if not person.may_sign_in:
            raise CannotIssue(_("A key acts as somebody who may sign in."))
        prefix, secret = secrets.token_hex(6), secrets.token_hex(24)
        key = cls.objects.create(
            person=person,
            name=name,
            prefix=prefix,
            secret_hash=_hash(secret),
            scopes=sorted(set(scopes)),
            created_at=now,
            expires_at=expires_at,
        )
        record(
            ApiKeyMade(
                person_id=person.pk,
                scopes=" ".join(key.scopes),
                expires_at=expires_at,
                happened_at=now,
                actor_id=by.pk if by else None,
                about=("apikey", key.pk),
            )
        )
        return key, f"gx_{prefix}_{secret}"

    @classmethod
    def authenticate(cls, plaintext, now) -> "ApiKey | None":
        """The key with this text, if it may be used now; takes the same time for a wrong secret as for a right one."""
        mark, _gap, rest = (plaintext or "").partition("_")
        prefix, _gap, secret = rest.partition("_")
        key = None
        if mark == "gx" and prefix and secret and "\x00" not in prefix:
            key = cls.objects.select_related("person").filter(prefix=prefix).first()
        right = hmac.compare_digest(key.secret_hash if key else _NOBODY, _hash(secret))
        if key is None or not right or not key.is_usable(now):
            return None
        today = now.date()
        if key.last_used_on is None or key.last_used_on < today:
            # Once a day, so that reading the API does not mean writing to the database.
            cls.objects.filter(Q(last_used_on__lt=today) | Q(last_used_on=None), pk=key.pk).update(
                last_used_on=today
            )
            key.last_used_on = today
        return key

    def is_usable(self, now) -> bool:
        return (
            (self.revoked_at is None or self.revoked_at > now)
            and (self.expires_at is None or self.expires_at > now)
            and self.person.may_sign_in
        )

    @transaction.atomic
    def revoke(self, *, now, by=None) -> None:
        """From now on the key opens nothing. Revoking twice keeps the first moment."""
        if ApiKey.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=now):
            self.revoked_at = now
            record(ApiKeyRevoked(happened_at=now, actor_id=by.pk if by else None, about=("apikey", self.pk)))

    def allows(self, scope) -> bool:
        return scope in self.scopes
