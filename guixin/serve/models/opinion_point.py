"""An opinion point (意见点): a place with a QR card (二维码意见箱) where people tell us what they think of it."""

import secrets

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.models import Department
from guixin.web.languages import Named

CODE = r"^[a-z0-9][a-z0-9-]{1,39}$"


class OpinionPoint(Named, models.Model):
    """What a card hangs on. `code` ends its public address and is printed, so it never changes."""

    class Kind(models.TextChoices):
        PLACE = "place", _("Place")
        PRODUCT = "product", _("Product")
        VEHICLE = "vehicle", _("Vehicle")
        PERSON = "person", _("Person")

    code = models.TextField(
        unique=True,
        validators=[
            RegexValidator(CODE, _("Use 2 to 40 small letters, digits and hyphens, such as lobby-2."))
        ],
    )
    kind = models.TextField(choices=Kind, default=Kind.PLACE)
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="opinion_point_kind", condition=Q(kind__in=["place", "product", "vehicle", "person"])
            )
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def new_code() -> str:
        """Short enough to be typed from a card whose QR code was scratched."""
        return secrets.token_hex(3)
