"""What is published in versions: the draft several people may edit, and the versions that came of it."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext as _

from guixin.organisation.models.person import Person
from guixin.web.refusals import Refused


class DraftChanged(Refused):
    """Somebody else edited the draft since it was read."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else has just changed this draft. Look at it again."))


class Drafted(models.Model):
    """What is published in versions and has one draft.

    `draft` is what somebody works on, or None; `draft_version` moves with every edit, so that two people do not
    overwrite each other. Its versions are `Published`, under the name `versions`.
    """

    draft = models.JSONField(null=True, blank=True)
    draft_version = models.PositiveIntegerField(default=1)
    draft_changed_at = models.DateTimeField(null=True, blank=True)
    draft_changed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    def held(self, read_at: int | None = None) -> Self:
        """Its row, locked. Raises DraftChanged unless the draft still is the one that was read at version `read_at`."""
        row = type(self)._default_manager.select_for_update(of=("self",)).get(pk=self.pk)
        if read_at is not None and row.draft_version != read_at:
            raise DraftChanged
        return row

    def put_draft(self, draft: Any, *, by: Person | None, now: datetime, **beside: Any) -> None:
        """This is the draft now; `beside`: fields that change with it. Call it on a row that is held."""
        written = {"draft_changed_at": now, "draft_changed_by": by, **beside}
        self._write(draft, written)

    def drop_draft(self, **beside: Any) -> None:
        """There is no draft any more: it was published, or thrown away."""
        self._write(None, beside)

    def _write(self, draft: Any, beside: dict[str, Any]) -> None:
        written = {"draft": draft, "draft_version": self.draft_version + 1, **beside}
        for name, value in written.items():
            setattr(self, name, value)
        self.save(update_fields=list(written))


class Published(models.Model):
    """What something said from one publication to the next; at most one is in force. Never edited once published."""

    number = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        abstract = True


def publish_next(versions: Any, *, by: Person | None, now: datetime, **content: Any) -> Any:
    """The next of these versions, in force from now on instead of the one before. `versions`: those of one thing, which
    is locked, or two would take the same number."""
    last = versions.order_by("-number").values_list("number", flat=True).first()
    versions.filter(withdrawn_at=None).update(withdrawn_at=now)
    return versions.create(number=(last or 0) + 1, published_at=now, published_by=by, **content)
