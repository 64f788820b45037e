"""Files from outside: kept first, understood as far as that goes, and never run.

In two steps, for whatever a file belongs to: a case (`serve.attaching`), an article (`handbook.filing`). `keep` reads
the uploads and lays them in the store, outside any transaction, since decoding a photo takes its time. The package then
gives them rows, of a model that is a `KeptFile`, in the transaction of what they come with. What was kept and never
got a row is swept away a day later.
"""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.web import media_types
from guixin.web.file_names import shown_name
from guixin.web.pictures import Picture, TooManyPixels, written_anew
from guixin.web.refusals import Refused

MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE
AT_ONCE = 10
LONGEST_NAME = 1000
UNCLAIMED_FOR = timedelta(days=1)
FOLDER = "attachments"


class CannotAttach(Refused):
    """These files are too many or too large."""

    about_input = True


class State(models.TextChoices):
    PICTURE = "picture", _("Photo")  # written anew by us, so its small versions may be shown in a page
    FILE = "file", _("File")  # as it came, only ever downloaded
    DOUBTFUL = "doubtful", _("Not understood")  # as it came, with the reason


class Doubt(models.TextChoices):
    NONE = "", ""
    UNKNOWN = "unknown", _("We do not know this kind of file; it is kept as it came.")
    BROKEN_PICTURE = "broken_picture", _("This is no photo we can read; it is kept as it came.")
    OTHER_PICTURE = (
        "other_picture",
        _(
            "This kind of photo is kept as it came, perhaps with the place where it was taken; "
            "send it as JPEG to have that removed."
        ),
    )
    EMPTY = "empty", _("The file is empty.")


class KeptFile(models.Model):
    """A file of something. It lies in the store under its id; the name somebody gave it is data and nothing else."""

    State = State
    Doubt = Doubt

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    original_name = models.TextField(blank=True, default="")
    size = models.PositiveBigIntegerField()  # bytes, as kept
    sha256 = models.TextField()  # of what is kept
    media_type = models.TextField()  # decided by us from the bytes
    state = models.TextField(choices=State)
    doubt = models.TextField(choices=Doubt, blank=True, default="")
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_state",
                condition=Q(state="picture", doubt="", width__isnull=False, height__isnull=False)
                | Q(state="file", doubt="")
                | (Q(state="doubtful") & ~Q(doubt="")),
            ),
        ]

    @property
    def name(self) -> str:
        """The name as it may be shown and given to a browser."""
        return shown_name(self.original_name, str(_("file")))

    @property
    def is_picture(self) -> bool:
        return self.state == State.PICTURE

    def open(self, version: str = ""):
        """The kept bytes; `version` is "thumbnail" or "preview" of a picture. FileNotFoundError if they are gone."""
        return default_storage.open(place(self.pk, version))


_holders: list[type[models.Model]] = []


def holds_files(model: type[models.Model]) -> type[models.Model]:
    """Say that the rows of this model are files that stay, under their ids."""
    _holders.append(model)
    return model


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


def place(pk: uuid.UUID, version: str = "") -> str:
    """Where the bytes lie in the store: attachments/3f/3f2a…, with -thumbnail and -preview beside a picture."""
    return f"{FOLDER}/{pk.hex[:2]}/{pk}{f'-{version}' if version else ''}"


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
    return [keep_bytes(each.read(LARGEST + 1), each.name or "") for each in uploads]


def keep_bytes(content: bytes, name: str) -> Kept:
    """Lay these bytes in the store, whoever gave them the name. Raises CannotAttach for a photo with too many pixels."""
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


def sweep(now: datetime, at_most: int = 10_000) -> int:
    """Remove what was kept and never got a row, a day after it came. Returns how many files went."""
    removed = 0
    try:
        folders = default_storage.listdir(FOLDER)[0]
    except FileNotFoundError:
        return 0  # nothing was ever attached
    for folder in folders:
        names = default_storage.listdir(f"{FOLDER}/{folder}")[1]
        ids = {name: found for name in names if (found := _id_in(name))}
        known = _that_stay(set(ids.values()))
        for name, pk in ids.items():
            path = f"{FOLDER}/{folder}/{name}"
            if pk not in known and default_storage.get_modified_time(path) < now - UNCLAIMED_FOR:
                default_storage.delete(path)
                removed += 1
                if removed >= at_most:
                    return removed
    return removed


def _that_stay(ids: set[uuid.UUID]) -> set[uuid.UUID]:
    """In one statement: a file on its way from a draft to a message is always in one of the two."""
    first, *others = (
        each._default_manager.filter(pk__in=ids).order_by().values_list("pk", flat=True) for each in _holders
    )
    return set(first.union(*others))


def _id_in(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(name[:36])
    except ValueError:
        return None  # not a file of ours
