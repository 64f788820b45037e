"""A link that lets somebody choose a password: an invitation, or a reset. Only a hash is kept."""

import hashlib
import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def hash_of(token: str) -> str:
    # As with API keys: 256 random bits need no slow hash.
    return hashlib.sha256(token.encode()).hexdigest()


class SignInLink(models.Model):
    """Looking at it changes nothing; choosing a password with it uses it up."""

    class Purpose(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        RESET = "reset", _("New password")

    person = models.ForeignKey("organisation.Person", models.CASCADE, related_name="sign_in_links")
    purpose = models.TextField(choices=Purpose)
    token_hash = models.TextField(unique=True, editable=False)
    made_by = models.ForeignKey("organisation.Person", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=["invitation", "reset"]), name="sign_in_link_purpose_known"
            ),
        ]

    def __str__(self):
        return f"{self.purpose} of {self.person_id}"

    @staticmethod
    def fresh_token() -> str:
        return secrets.token_urlsafe(32)

    @classmethod
    def with_token(cls, token: str, now) -> "SignInLink | None":
        """The link with this token, if it may still be used."""
        return (
            cls.objects.select_related("person")
            .filter(
                token_hash=hash_of(token),
                used_at=None,
                withdrawn_at=None,
                expires_at__gt=now,
                person__is_active=True,
                person__locked_at=None,
            )
            .first()
        )
