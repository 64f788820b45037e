"""Files added to a case: kept first, understood as far as that goes, and never run.

In two steps. `keep` reads the uploads and lays them in the store, outside any transaction, since decoding a photo
takes its time. `attach` then gives them their rows, in the transaction of the words they come with. What was kept
and never attached (a refusal, a crash in between) is swept away a day later, unless it waits in a composer or with a
reply on its way (`draft_files`).
"""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.serve import events
from guixin.serve.models import Attachment, Case, DraftFile, Message, Task
from guixin.serve.models.attachment import FOLDER, place
from guixin.web import media_types
from guixin.web.file_names import shown_name
from guixin.web.pictures import Picture, TooManyPixels, written_anew
from guixin.web.refusals import Refused

MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE
AT_ONCE = 10
IN_A_CASE, LARGEST_CASE = 200, 500 * MEGABYTE
BY_THE_CUSTOMER, LARGEST_BY_THE_CUSTOMER = 50, 200 * MEGABYTE  # of those; the link is all they need
LONGEST_NAME = 1000
UNCLAIMED_FOR = timedelta(days=1)
VERSIONS = ("thumbnail", "preview")

State, Doubt = Attachment.State, Attachment.Doubt


class CannotAttach(Refused):
    """These files are too many or too large."""

    about_input = True


@dataclass(frozen=True)
class Kept:
    """A file that lies in the store and belongs to nothing yet."""

    id: uuid.UUID
    original_name: str
    size: int
    sha256: str
    media_type: str
    state: str
    doubt: str = ""
    width: int | None = None
    height: int | None = None


def keep(uploads: Iterable[Any]) -> list[Kept]:
    """Lay uploaded files (name, size, read()) in the store. Raises CannotAttach before anything is kept."""
    uploads = [each for each in uploads if each]
    if len(uploads) > AT_ONCE:
        raise CannotAttach(_("Send at most %(count)s files at once.") % {"count": AT_ONCE})
    for each in uploads:
        if (each.size or 0) > LARGEST:
            raise CannotAttach(
                _("“%(name)s” is larger than %(size)s MB. Send a smaller file.")
                % {"name": shown_name(each.name or ""), "size": LARGEST // MEGABYTE}
            )
    return [_keep_one(each.read(LARGEST + 1), each.name or "") for each in uploads]


def _keep_one(content: bytes, name: str) -> Kept:
    media_type = media_types.media_type(content, name)
    picture, state, doubt = None, State.FILE, Doubt.NONE
    if media_type in media_types.PICTURES:
        try:
            picture = written_anew(content)
        except TooManyPixels as refusal:
            raise CannotAttach(
                _("“%(name)s”: %(why)s") % {"name": shown_name(name), "why": refusal}
            ) from refusal
        if picture is None:
            # It begins like a photo; whatever else it is, it is only bytes from here on.
            media_type, state, doubt = media_types.UNKNOWN, State.DOUBTFUL, Doubt.BROKEN_PICTURE
    elif not content:
        state, doubt = State.DOUBTFUL, Doubt.EMPTY
    elif media_type.startswith("image/"):
        state, doubt = State.DOUBTFUL, Doubt.OTHER_PICTURE
    elif media_type == media_types.UNKNOWN:
        state, doubt = State.DOUBTFUL, Doubt.UNKNOWN
    pk = uuid.uuid4()
    kept = _store(pk, content, picture)
    name = name.replace("\x00", "").encode("utf-8", "replace").decode()[-LONGEST_NAME:]
    if picture:
        return Kept(
            pk, name, len(kept), hashlib.sha256(kept).hexdigest(), picture.media_type, State.PICTURE,
            width=picture.width, height=picture.height,
        )  # fmt: skip
    return Kept(pk, name, len(kept), hashlib.sha256(kept).hexdigest(), media_type, state, doubt)


def _store(pk: uuid.UUID, content: bytes, picture: Picture | None) -> bytes:
    """Returns the bytes that were kept: of a photo, those we wrote."""
    kept = picture.content if picture else content
    default_storage.save(place(pk), ContentFile(kept))
    if picture:
        default_storage.save(place(pk, "thumbnail"), ContentFile(picture.thumbnail))
        default_storage.save(place(pk, "preview"), ContentFile(picture.preview))
    return kept


@transaction.atomic
def attach(
    kept: Sequence[Kept], *, case: Case, now: datetime, by: Person | None = None, task: Task | None = None,
    message: Message | None = None, from_customer: bool = False,
) -> list[Attachment]:  # fmt: skip
    """Give files that were kept their place on a case; also on a closed one, like a note."""
    if not kept:
        return []
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)  # so that two at once cannot pass the limit
    _refuse_too_much(kept, case, from_customer)
    made = Attachment.objects.bulk_create(
        Attachment(
            id=one.id, case=case, task=task, message=message, by=by, from_customer=from_customer,
            at=now + timedelta(microseconds=order),  # listed as they were chosen
            original_name=one.original_name, size=one.size, sha256=one.sha256, media_type=one.media_type,
            state=one.state, doubt=one.doubt, width=one.width, height=one.height,
        )
        for order, one in enumerate(kept)
    )  # fmt: skip
    record(
        events.AttachmentsAdded(
            happened_at=now,
            actor_id=by.pk if by else None,
            about=task.about if task else case.about,
            case_id=case.pk,
            count=len(made),
            attachments=[str(one.pk) for one in made],
            message_id=message.pk if message else None,
            from_customer=from_customer,
        )
    )
    return made


def _refuse_too_much(kept: Sequence[Kept], case: Case, from_customer: bool) -> None:
    if len(kept) > AT_ONCE:
        raise CannotAttach(_("Send at most %(count)s files at once.") % {"count": AT_ONCE})
    before = Attachment.objects.filter(case=case)
    most, largest = IN_A_CASE, LARGEST_CASE
    if from_customer:
        before, most, largest = before.filter(from_customer=True), BY_THE_CUSTOMER, LARGEST_BY_THE_CUSTOMER
    held = before.aggregate(count=Count("id"), size=Sum("size"))
    if held["count"] + len(kept) > most:
        raise CannotAttach(_("A case holds at most %(count)s files.") % {"count": most})
    if (held["size"] or 0) + sum(one.size for one in kept) > largest:
        raise CannotAttach(
            _("The files of a case may have %(size)s MB together.") % {"size": largest // MEGABYTE}
        )


@transaction.atomic
def customer_attaches(case: Case, kept: Sequence[Kept], *, now: datetime, body: str = "") -> list[Attachment]:
    """The customer sends files, perhaps with words. If we were waiting for them, the clocks run again."""
    from guixin.serve.replying import customer_adds

    if not kept:
        raise CannotAttach(_("Choose a file first."))
    with override(case.language):
        words = body.strip() or _t("(%(count)s files)") % {"count": len(kept)}
    message = customer_adds(case, words, now=now)
    return attach(kept, case=case, message=message, from_customer=True, now=now)


def sweep(now: datetime, at_most: int = 10_000) -> int:
    """Remove what was kept and never attached, a day after it came. Returns how many files went."""
    removed = 0
    try:
        folders = default_storage.listdir(FOLDER)[0]
    except FileNotFoundError:
        return 0  # nothing was ever attached
    for folder in folders:
        names = default_storage.listdir(f"{FOLDER}/{folder}")[1]
        ids = {name: found for name in names if (found := _id_in(name))}
        # In one statement: a file on its way from a draft to a message is always in one of the two.
        attached, waiting = (
            each.objects.filter(pk__in=set(ids.values())) for each in (Attachment, DraftFile)
        )
        known = set(attached.values_list("pk", flat=True).union(waiting.values_list("pk", flat=True)))
        for name, pk in ids.items():
            path = f"{FOLDER}/{folder}/{name}"
            if pk not in known and default_storage.get_modified_time(path) < now - UNCLAIMED_FOR:
                default_storage.delete(path)
                removed += 1
                if removed >= at_most:
                    return removed
    return removed


def _id_in(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(name[:36])
    except ValueError:
        return None  # not a file of ours
