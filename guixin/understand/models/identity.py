from django.db import models
from django.db.models import Q

from guixin.understand.identities import IdentityKind, last_four


class Identity(models.Model):
    """Something a customer can be found by. A search key, never proof: families and offices share a phone."""

    Kind = IdentityKind

    customer = models.ForeignKey(
        "understand.Customer", models.CASCADE, related_name="identities", db_index=False
    )
    kind = models.TextField(choices=IdentityKind)
    raw = models.TextField()
    normal = models.TextField()
    last4 = models.TextField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "normal"], name="identity_once"),
            models.CheckConstraint(
                condition=Q(kind__in=IdentityKind.values),
                name="identity_kind_known",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "normal"], name="identity_normal"),
            models.Index(fields=["last4"], name="identity_last4", condition=Q(last4__isnull=False)),
        ]

    def __str__(self):
        return f"{self.kind} of {self.customer_id}"  # never the value: this lands in logs

    @classmethod
    def of(cls, customer, known):
        """An unsaved identity from its searchable form (see understand/identities.py)."""
        return cls(
            customer=customer,
            kind=known.kind,
            raw=known.raw,
            normal=known.normal,
            last4=last_four(known.kind, known.normal),
        )
