"""The firm's own choices about serving, as one record."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guixin.organisation.revisions import cached_until_changed


class Policy(models.Model):
    """One row. Until it is saved, the defaults hold."""

    class Classify(models.IntegerChoices):
        """Which cases are closed only with their classification."""

        NONE = 0, _("None")
        COMPLAINTS = 1, _("Complaints")
        ALL = 2, _("Every case")

    only_one = models.BooleanField(primary_key=True, default=True)
    repeat_within_days = models.PositiveSmallIntegerField(default=30)  # the same complaint again escalates
    send_back_within_minutes = models.PositiveIntegerField(default=120)  # "not ours", after being given
    follow_up_after_days = models.PositiveSmallIntegerField(default=3)
    urge_every_hours = models.PositiveSmallIntegerField(default=24)  # 催办, at most this often
    classify = models.PositiveSmallIntegerField(choices=Classify, default=Classify.COMPLAINTS)

    class Meta:
        constraints = [models.CheckConstraint(name="one_policy", condition=models.Q(only_one=True))]

    def __str__(self) -> str:
        return "policy"


@cached_until_changed("serving")
def policy() -> Policy:
    return Policy.objects.first() or Policy()
