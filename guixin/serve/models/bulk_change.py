"""One act on many things at once: what was asked, of which, how each fared, and what it was before."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.serve.models.case import Case


class BulkChangeQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> "BulkChangeQuerySet":
        """Whoever asked for it; and those who see everything."""
        return self if scope_of(person).sees_everything else self.filter(by=person)


class BulkChange(models.Model):
    """A draft is a preview nobody has confirmed. From there a worker takes it, and may take it back later."""

    class Act(models.TextChoices):
        OWNER = "owner", _("Another owner")
        DEPARTMENT = "department", _("Give it to a department")
        DETAILS = "details", _("Severity or category")
        NOTE = "note", _("Internal note")
        TEMPLATE = "template", _("Canned reply")
        ESCALATE = "escalate", _("Escalate")
        SNOOZE = "snooze", _("Put to sleep")
        CLOSE = "close", _("Close")
        HAND_OVER = "hand_over", _("Handing over")

    class State(models.TextChoices):
        DRAFT = "draft", _("Not done yet")
        WAITING = "waiting", _("Being done")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being taken back")
        UNDONE = "undone", _("Taken back")

    act = models.TextField(choices=Act)
    asked = models.JSONField(default=dict)  # {"owner": 5}, {"severity": 3}; what the act needs to know
    state = models.TextField(choices=State, default=State.DRAFT)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    undone_at = models.DateTimeField(null=True)
    listed = models.TextField(blank=True, default="")  # the address of the list it was chosen from

    objects = BulkChangeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], name="bulk_change_to_do", condition=Q(state__in=["waiting", "undoing"])
            ),
            models.Index(fields=["made_at"], name="bulk_change_drafts", condition=Q(state="draft")),
        ]
        constraints = [
            models.CheckConstraint(
                name="bulk_change_state",
                condition=Q(state__in=["draft", "waiting", "done", "undoing", "undone"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.pk} {self.state}"


class BulkItem(models.Model):
    """One thing the change is about: a case, or with a handing over also a task, a follow-up, a promise, and what is no
    part of a case: a planned contact, a step of a strategy."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        REFUSED = "refused"  # `reason` says why
        UNDONE = "undone"
        KEPT = "kept"  # could not be taken back; `reason` says why

    change = models.ForeignKey(BulkChange, models.CASCADE, related_name="items", db_index=False)
    about_kind = models.TextField(default="case")
    about_id = models.BigIntegerField()
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="+", db_index=False)
    state = models.TextField(choices=State, default=State.WAITING)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "about_kind", "about_id"], name="one_item_a_thing")
        ]
        indexes = [models.Index(fields=["change", "state", "id"], name="bulk_item_to_do")]

    def __str__(self) -> str:
        return f"{self.change_id}: {self.about_kind} {self.about_id} {self.state}"
