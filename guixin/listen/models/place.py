"""A wave at a place: whoever scans the card there answers without a name."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.ledger.wording import coded
from guixin.listen.models.wave import Wave
from guixin.organisation.naming import shown_by_name
from guixin.serve.models import OpinionPoint

coded("wave_place_change", [("hung up", _("is asked there")), ("taken down", _("is asked there no more"))])


class WavePlace(models.Model):
    """The card is the place's and stays on its wall: it leads to the wave that hangs there now, at most one.

    `hour`     the hour `taken` and `over` are counted in: answers begun, and those refused because there were too many
    `refused`  all that were ever refused so
    """

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="places")
    point = models.ForeignKey(OpinionPoint, models.PROTECT, related_name="+", db_index=False)
    hung_up_at = models.DateTimeField()
    taken_down_at = models.DateTimeField(null=True)
    hour = models.DateTimeField(null=True)
    taken = models.PositiveIntegerField(default=0)
    over = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "point"], name="wave_at_a_place_once"),
            models.UniqueConstraint(
                fields=["point"], name="one_wave_at_a_place", condition=Q(taken_down_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"wave {self.wave_id} at {self.point_id}"


shown_by_name("place", lambda: OpinionPoint, "names", of="listen.")
