from django.db import models
from django.db.models import Q


class Identity(models.Model):
    """Something a customer can be found by. A search key, never proof: families and offices share a phone."""

    class Kind(models.TextChoices):
        PHONE = "phone"
        EMAIL = "email"
        WECHAT = "wechat"
        WECOM = "wecom"
        ORDER = "order"
        OTHER = "other"

    customer = models.ForeignKey("understand.Customer", models.CASCADE, related_name="identities")
    kind = models.TextField(choices=Kind)
    raw = models.TextField()
    normal = models.TextField()
    last4 = models.TextField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "normal"], name="identity_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["phone", "email", "wechat", "wecom", "order", "other"]),
                name="identity_kind_known",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "normal"], name="identity_normal"),
            models.Index(fields=["last4"], name="identity_last4", condition=Q(last4__isnull=False)),
        ]

    def __str__(self):
        return f"{self.kind} of {self.customer_id}"  # never the value: this lands in logs
