from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.naming import shown_by_name
from guixin.web.languages import Named
from guixin.web.refusals import Refused


class CannotMove(Refused):
    """The department cannot stand there in the tree."""


class DepartmentQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def under(self, department):
        """The department and everything below it."""
        return self.filter(path__startswith=department.path)

    def above(self, department):
        """The department and everything above it, nearest last."""
        return self.filter(pk__in=department.line()).order_by("path")


class Department(Named, models.Model):
    """A box in the firm's tree. `path` is "/1/4/9/": the ids from the top down to this one, kept by `save`."""

    code = models.TextField(unique=True)
    name = models.TextField()
    name_en = models.TextField(blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.TextField(db_index=True, editable=False, default="")
    calendar = models.ForeignKey(
        "organisation.Calendar",
        models.PROTECT,
        null=True,
        blank=True,
        help_text=_("Empty: as the department above."),
    )
    is_front_desk = models.BooleanField(default=False)
    region = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)  # a closed one takes no new work; what it did stays

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(parent=models.F("pk")), name="department_not_its_own_parent")
        ]
        ordering = ["path"]

    def __str__(self):
        return self.name

    def line(self) -> list[int]:
        """Ids from the top of the tree down to this department."""
        return [int(step) for step in self.path.split("/") if step]

    @transaction.atomic
    def save(self, *args, **kwargs):
        """Writes the row, then its place in the tree (and its subtree's, if the parent changed)."""
        super().save(*args, **kwargs)
        fields = kwargs.get("update_fields")
        if fields is None or "parent" in fields or "parent_id" in fields:
            self._take_place()

    def move(self, *, under):
        """Hang this department and all below it under another one (None: at the top)."""
        self.parent = under
        self.save(update_fields=["parent"])

    def _take_place(self):
        # Locked and read afresh: two moves at once cannot build a circle between them, and an instance
        # read long ago cannot leave its subtree behind.
        rows = Department.objects.select_for_update().filter(pk__in=[self.parent_id, self.pk]).order_by("pk")
        paths = dict(rows.values_list("pk", "path"))
        above = paths[self.parent_id] if self.parent_id else "/"
        before, after = paths[self.pk], f"{above}{self.pk}/"
        self.path = before
        if before == after:
            return
        if before and above.startswith(before):
            raise CannotMove(_("A department cannot stand under itself."))
        if not before:
            Department.objects.filter(pk=self.pk).update(path=after)
        else:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE organisation_department SET path = %s || substr(path, %s) WHERE path LIKE %s",
                    [after, len(before) + 1, before + "%"],
                )
        self.path = after


shown_by_name("code", lambda: Department, "organisation", of="organisation.department_")
