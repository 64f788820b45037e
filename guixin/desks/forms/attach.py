"""Files in a form: `class NoteForm(WithFiles, ActForm)`. The act gives `kept_files(said)` to its verb."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guixin.serve.attaching import AT_ONCE, LARGEST, MEGABYTE, Kept, keep

# Photos first, so that a phone offers its camera. An iPhone turns its HEIC into JPEG when it is not asked for.
ACCEPTED = (
    "image/jpeg,image/png,image/webp,application/pdf,"
    ".doc,.docx,.xls,.xlsx,.ppt,.pptx,.txt,.csv,audio/*,video/*,.zip"
)


class SeveralFiles(forms.FileInput):
    """`data-shrink-photo`: a large photo is made smaller before it is sent (js/shrink-photo.js)."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict | None = None):
        super().__init__({"accept": ACCEPTED, "data-shrink-photo": "", **(attrs or {})})


class FilesField(forms.FileField):
    """Cleans to a list of uploads. How many and how large they may be is for the verb to say."""

    widget = SeveralFiles

    def __init__(self, **kwargs: Any):
        super().__init__(**{"label": _("Photos and files"), "required": False, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> list:
        return [each for each in (data if isinstance(data, list | tuple) else [data]) if each]


class WithFiles(forms.Form):
    """Adds the input for files below what the form asks for."""

    attachments = FilesField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "attachments"] + ["attachments"])
        self.fields["attachments"].help_text = gettext("At most %(count)s files, %(size)s MB each.") % {
            "count": AT_ONCE,
            "size": LARGEST // MEGABYTE,
        }


def kept_files(said: dict) -> list[Kept]:
    """The uploads of a form, laid in the store before the transaction they will be attached in."""
    return keep(said.pop("attachments", ()))
