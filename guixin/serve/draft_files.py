"""Files chosen in the composer. They lie in the store from the moment they arrive, so neither a refusal nor taking a
reply back loses one; they become attachments in the transaction of the words they go out with."""

import dataclasses
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from guixin.organisation.models import Person
from guixin.serve.attaching import Kept, attach
from guixin.serve.drafts import KEPT_FOR
from guixin.serve.models import Case, DraftFile, HeldReply, Message, Task

_FIELDS = [field.name for field in dataclasses.fields(Kept)]


def add(case: Case, person: Person, tab: str, kept: Sequence[Kept], *, now: datetime) -> list[DraftFile]:
    """Put files that were kept beside the draft of this tab, in the order they were chosen."""
    return DraftFile.objects.bulk_create(
        DraftFile(
            case=case, person=person, tab=tab, at=now + timedelta(microseconds=order), **dataclasses.asdict(one)
        )
        for order, one in enumerate(kept)
    )  # fmt: skip


def of(case: Case, person: Person) -> QuerySet[DraftFile]:
    """What this person has chosen on this case and neither sent nor on its way."""
    return DraftFile.objects.filter(case=case, person=person, held=None).order_by("at", "pk")


def leave_out(case: Case, person: Person, which: Collection[UUID]) -> None:
    """Not to be sent after all; the sweep removes the bytes."""
    of(case, person).filter(pk__in=which).delete()


def send_with(held: HeldReply, which: Collection[UUID]) -> None:
    """These go out with this reply. What was chosen on another screen, and not seen on this one, stays."""
    if which:
        of(held.case, held.by).filter(tab="reply", pk__in=which).update(held=held)


def give_back(held: HeldReply) -> None:
    """The reply did not leave: its files are in the composer again."""
    held.files.update(held=None)


def attach_all(
    chosen: QuerySet[DraftFile], *, case: Case, by: Person, now: datetime, message: Message | None = None,
    task: Task | None = None,
) -> None:  # fmt: skip
    """Make attachments of them. Call it in the transaction of the words."""
    found = list(chosen.order_by("at", "pk"))
    if not found:
        return
    kept = [Kept(**{name: getattr(each, name) for name in _FIELDS}) for each in found]
    attach(kept, case=case, by=by, now=now, message=message, task=task)
    DraftFile.objects.filter(pk__in=[each.pk for each in found]).delete()


def prune(now: datetime) -> None:
    """Forget what nobody came back to, like the words of a draft."""
    DraftFile.objects.filter(held=None, at__lt=now - KEPT_FOR).delete()
