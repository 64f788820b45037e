"""A service blueprint (服务蓝图): the service drawn from the customer's side and ours, in versions, with one draft."""

from django.db import models
from django.db.models import Q

from guixin.organisation.models import Department, Drafted, Person, Published
from guixin.organisation.naming import shown_by_name
from guixin.promise.drawing import Drawing
from guixin.web.languages import Named


class Blueprint(Named, Drafted):
    """The steward and administrators draw it; everybody in the firm reads it.

    `draft` is a drawing somebody works on; `draft_before` the ones it was, the latest last, to go back; `draft_version`
    moves with every edit, so that two people do not overwrite each other.
    """

    code = models.SlugField(unique=True)
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    steward = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    draft_before = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def drawn(self) -> Drawing | None:
        """The draft, if there is one."""
        return None if self.draft is None else Drawing.read(self.draft)

    def in_force(self) -> "BlueprintVersion | None":
        return self.versions.filter(withdrawn_at__isnull=True).first()


class BlueprintVersion(Published):
    """The drawing from one publication to the next; `note` says why it changed. Never edited once published."""

    blueprint = models.ForeignKey(Blueprint, models.PROTECT, related_name="versions")
    drawing = models.JSONField()
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blueprint", "number"], name="one_blueprint_version_a_number"),
            models.UniqueConstraint(
                fields=["blueprint"], condition=Q(withdrawn_at__isnull=True), name="one_blueprint_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.blueprint} v{self.number}"

    @property
    def drawn(self) -> Drawing:
        return Drawing.read(self.drawing)


shown_by_name("blueprint", lambda: Blueprint, "names")
