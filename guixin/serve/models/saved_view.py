"""A saved view: a list with its filters and its order under a name, kept for oneself or shared."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.access import scope_of
from guixin.organisation.models import Department, Person


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> "SavedViewQuerySet":
        """One's own, those of one's departments, and those for everybody. What they list is decided for each reader."""
        scope = scope_of(person)
        ours = Q(shared=SavedView.Shared.DEPARTMENT, department_id__in=scope.own_department_ids)
        return self.filter(Q(owner=person) | ours | Q(shared=SavedView.Shared.EVERYBODY))


class SavedView(models.Model):
    """`list` is the name of a list ("all", "tasks"), `query` what its filters are asked, as in an address."""

    class Shared(models.TextChoices):
        MINE = "mine", _("Only I")
        DEPARTMENT = "department", _("My department")
        EVERYBODY = "everybody", _("Everybody")

    name = models.TextField()
    list = models.TextField()
    query = models.TextField(blank=True, default="")
    owner = models.ForeignKey(Person, models.CASCADE, related_name="+")
    shared = models.TextField(choices=Shared, default=Shared.MINE)
    department = models.ForeignKey(  # those of this department see it too
        Department, models.CASCADE, null=True, related_name="+", db_index=False
    )
    position = models.PositiveSmallIntegerField(default=0)  # in the rail, smallest first
    made_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="view_shared_with_a_department", condition=~Q(shared="department") | Q(department__isnull=False)
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        return str(self.pk)


class ViewCount(models.Model):
    """How many rows a view had for one person when a worker last counted, and when they last looked."""

    view = models.TextField()  # the key of a saved view, or the name of one that comes with Guixin
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    looked_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True)
    number = models.PositiveIntegerField(null=True)  # none: not counted yet, or counting took too long

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "view"], name="one_count_a_view_and_person")]
        indexes = [models.Index(fields=["counted_at"], name="view_count_next")]

    def __str__(self) -> str:
        return f"{self.view} {self.person_id}: {self.number}"
